"""Whether pixels are colour, grey or black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.model import PageMode

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Difference between channels that is colour, not a scanner's cast, and the share that counts.
_CHROMA, _COLOURED = 28, 0.0004
_SAMPLES = 1_500_000
#: Print, not a watermark or the tint of a form.
_PRINT = 140
_DARK, _LIGHT, _EXTREME = 12, 243, 0.985


def print_share(pixels: npt.NDArray[np.uint8]) -> float:
    """Return the share of pixels as dark as print, from a sample of a picture."""
    import numpy as np

    step = max(1, int((pixels.shape[0] * pixels.shape[1] / _SAMPLES) ** 0.5))
    few = pixels[::step, ::step]
    grey = few if few.ndim == 2 else few[:, :, :3].mean(axis=2)  # noqa: PLR2004 - one plane
    return float(np.mean(grey < _PRINT))


def medium(pixels: npt.NDArray[np.uint8]) -> PageMode:
    """Return the medium of a picture, looking at no more than some 1.5 million of its pixels."""
    import numpy as np

    step = max(1, int((pixels.shape[0] * pixels.shape[1] / _SAMPLES) ** 0.5))
    few = pixels[::step, ::step]
    if few.ndim == 3:  # noqa: PLR2004 - channels
        channels = few.astype(np.int16)
        chroma = channels.max(axis=2) - channels.min(axis=2)
        cast = int(np.median(chroma))
        if float((chroma > _CHROMA + cast).mean()) > _COLOURED:
            return PageMode.COLOUR
        few = few[:, :, 1]
    extreme = float(((few < _DARK) | (few > _LIGHT)).mean())
    return PageMode.BILEVEL if extreme >= _EXTREME else PageMode.GREY

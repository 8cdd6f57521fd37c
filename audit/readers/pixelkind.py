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
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / _SAMPLES) ** 0.5))
    few = pixels[::step, ::step]
    if few.ndim == 3:  # noqa: PLR2004 - channels
        if _coloured(few):
            return PageMode.COLOUR
        few = few[:, :, 1]
    extreme = float(((few < _DARK) | (few > _LIGHT)).mean())
    return PageMode.BILEVEL if extreme >= _EXTREME else PageMode.GREY


def _coloured(few: npt.NDArray[np.uint8]) -> bool:
    """Tell whether enough pixels have more colour than the middle one, which tells the cast."""
    import cv2
    import numpy as np

    planes = [np.asarray(plane, np.uint8) for plane in cv2.split(few)]
    highest, lowest = planes[0], planes[0]
    for plane in planes[1:]:
        highest, lowest = np.maximum(highest, plane), np.minimum(lowest, plane)
    counts = cv2.calcHist([highest - lowest], [0], None, [256], [0, 256])
    up_to = np.cumsum(counts.astype(np.int64).ravel())
    whole = int(up_to[-1])
    middle = np.searchsorted(up_to, [(whole - 1) // 2, whole // 2], "right")
    limit = _CHROMA + int(middle.sum()) // 2
    plain = int(up_to[min(limit, 255)])
    return (whole - plain) / whole > _COLOURED

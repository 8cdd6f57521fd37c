"""Which channel of a page is read: red hides red seals, others show red print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from audit.recognise.ocr.boxes import Grey

if TYPE_CHECKING:
    from audit.pixels.raster import Raster


def reading_channel(raster: Raster) -> Grey:
    """Return the channel text is read in: red of a colour page, where red seals all but vanish."""
    pixels = raster.pixels
    if pixels.ndim == 2:  # noqa: PLR2004 - a grey page has one channel
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.extractChannel(pixels, 0), np.uint8)


def red_print_channel(raster: Raster) -> Grey:
    """Return the channel in which red print is darkest: the darker of green and blue."""
    pixels = raster.pixels
    if pixels.ndim == 2:  # noqa: PLR2004 - a grey page has one channel
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.min(pixels[:, :, 1], pixels[:, :, 2]), np.uint8)


def without_red(raster: Raster) -> Grey:
    """Return the page with seal ink taken out and dark print under it kept.

    A pixel of red ink has red well above green and blue; black print over it has not. The red
    channel is lifted by what redness adds, so that weak traces of the seal turn to paper too.
    """
    pixels = raster.pixels
    if pixels.ndim == 2:  # noqa: PLR2004 - a grey page has one channel
        return np.ascontiguousarray(pixels)
    red = pixels[:, :, 0].astype(np.int16)
    others = cv2.max(pixels[:, :, 1], pixels[:, :, 2]).astype(np.int16)
    redness = np.clip(red - others, 0, None)
    lifted = red + np.where(redness > _RED_ENOUGH, redness // 2, 0)
    return np.asarray(np.clip(lifted, 0, 255), np.uint8)


#: Red this much above green and blue is ink of a seal, not a colour cast.
_RED_ENOUGH = 40

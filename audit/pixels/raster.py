"""The picture of a page in memory, and what every room does with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.model import Box

Pixels = npt.NDArray[np.uint8]

_GREY_AXES = 2
QUALITY = 85


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Pixels of a page: ``uint8``, H×W grey or H×W×3 RGB.

    ``jpeg``: the file's own JPEG of exactly these pixels, so that it need not be encoded again.
    """

    pixels: Pixels
    dpi: int | None = None
    jpeg: bytes | None = None

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def colour(self) -> bool:
        """Tell whether there are three channels."""
        return self.pixels.ndim > _GREY_AXES


def crop(raster: Raster, box: Box) -> Raster:
    """Return the part of the picture at ``box`` (fractions), at least one pixel of it."""
    left = min(max(0, int(box.left * raster.width)), raster.width - 1)
    top = min(max(0, int(box.top * raster.height)), raster.height - 1)
    right = min(max(left + 1, int(np.ceil(box.right * raster.width))), raster.width)
    bottom = min(max(top + 1, int(np.ceil(box.bottom * raster.height))), raster.height)
    return Raster(np.ascontiguousarray(raster.pixels[top:bottom, left:right]), raster.dpi)


def shrink(raster: Raster, longest: int) -> Raster:
    """Return the picture with its longer side at most ``longest`` pixels; smaller ones as given."""
    share = longest / max(raster.width, raster.height)
    if share >= 1:
        return raster
    size = (max(1, round(raster.width * share)), max(1, round(raster.height * share)))
    smaller = cv2.resize(raster.pixels, size, interpolation=cv2.INTER_AREA)
    dpi = None if raster.dpi is None else max(1, round(raster.dpi * share))
    return Raster(np.asarray(smaller, np.uint8), dpi)


def turned(raster: Raster, degrees: int) -> Raster:
    """Return the picture turned clockwise by a multiple of 90 degrees."""
    quarters = degrees // 90 % 4
    if quarters == 0:
        return raster
    return replace(
        raster, pixels=np.ascontiguousarray(np.rot90(raster.pixels, -quarters)), jpeg=None
    )


def to_jpeg(raster: Raster, quality: int = QUALITY) -> bytes:
    """Return the picture as JPEG; raises ``ValueError`` if it is too large for the format."""
    pixels = cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2BGR) if raster.colour else raster.pixels
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        message = f"no JPEG of {raster.width} × {raster.height} pixels"
        raise ValueError(message)
    return bytes(data)


def from_jpeg(data: bytes) -> Raster | None:
    """Return the picture of a JPEG (or PNG) file as RGB or grey, ``None`` if it cannot be decoded.

    The orientation that a camera noted is not applied: what is stored here is upright.
    """
    if not data:
        return None
    flags = cv2.IMREAD_UNCHANGED
    found = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if found is None or found.dtype != np.uint8:
        return None
    if found.ndim == _GREY_AXES:
        return Raster(np.asarray(found, np.uint8))
    three = found[:, :, :3]
    return Raster(
        np.asarray(cv2.cvtColor(np.ascontiguousarray(three), cv2.COLOR_BGR2RGB), np.uint8)
    )

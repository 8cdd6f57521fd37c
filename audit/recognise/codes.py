"""QR codes of a page, searched on the channel in which red seals vanish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import zxingcpp

from audit.model import Box, CodePayload
from audit.recognise.channels import reading_channel
from audit.recognise.ocr.boxes import Grey

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

#: Nothing on these papers needs bar codes, and searching for them costs ten times a QR code.
FORMATS: Any = [zxingcpp.BarcodeFormat.QRCode]
#: Pictures with a longer side above this are not enlarged for a second search.
_ENLARGE_UP_TO = 4000
_LONGEST_TEXT = 4096


def read_codes(raster: Raster) -> tuple[CodePayload, ...]:
    """Return the QR codes of a page, each once; boxes are fractions of the picture.

    Where none is read the page is searched again: with one threshold for the whole page, then
    at twice the size. Smoothing first was tried and found nothing more.
    """
    grey = reading_channel(raster)
    for picture, binarizer in _attempts(grey):
        # Print is dark on light: looking for the reverse costs half as much again.
        found = zxingcpp.read_barcodes(
            picture, formats=FORMATS, binarizer=binarizer, try_invert=False
        )
        codes = _payloads(found, picture)
        if codes:
            return codes
    return ()


def _attempts(grey: Grey) -> Iterator[tuple[Grey, Any]]:
    """Yield the pictures to search, cheapest first, each with its way of thresholding."""
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield grey, local
    yield grey, whole
    if max(grey.shape) <= _ENLARGE_UP_TO:
        larger = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        yield np.asarray(larger, np.uint8), local


def _payloads(found: list[Any], picture: Grey) -> tuple[CodePayload, ...]:
    codes = {}
    height, width = picture.shape
    for code in found:
        if not code.text or len(code.text) > _LONGEST_TEXT:
            continue
        where = code.position
        corners = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
        xs, ys = [c.x / width for c in corners], [c.y / height for c in corners]
        box = Box(max(0.0, min(xs)), max(0.0, min(ys)), min(1.0, max(xs)), min(1.0, max(ys)))
        codes[code.text, box.rounded()[0], box.rounded()[1]] = CodePayload(code.text, box)
    return tuple(codes.values())

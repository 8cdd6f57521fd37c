"""Second looks: one place on a page read again, in another way than the first time."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from audit.model import Box, Look
from audit.recognise.channels import reading_channel, red_print_channel, without_red
from audit.recognise.ocr.boxes import Grey, TextBox, upright_box
from audit.recognise.ocr.recognise import CAREFUL, FAST, NOTHING, Words, read_strip
from audit.recognise.ocr.strips import strip_of

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

LANGUAGE = "chi_sim"
_SECONDS = 5
_TESSERACT_HEIGHT = 64
#: Around the box this share of its height is kept in view, and no more than this of the page.
_AROUND = 8
#: A crop this many times higher than its text lines is read band by band.
_LEAST_BAND = 0.28
#: On a drawn page, print that the fast network reads this surely needs no careful look.
_PLAIN = 0.995
#: One sign, or one and a blank, before a whole amount; none that may be a minus or one more digit.
_NO_SIGN = "0-9.,_~(（一－～OoDQlISBZ|" + re.escape("-\u2212\u2013\u2014")
_FIGURE = re.compile("[^" + _NO_SIGN + r"]?\s?((?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2})")


def read_again(upright: Raster, box: Box, look: Look) -> tuple[str, float]:
    """Return text and confidence (0-1) of the place ``box`` (fractions), read as ``look`` says."""
    height, width = upright.pixels.shape[:2]
    corners = (box.left * width, box.top * height, box.right * width, box.bottom * height)
    if corners[2] - corners[0] < 2 or corners[3] - corners[1] < 2:  # noqa: PLR2004 - pixels
        return "", 0.0
    if look is Look.SECOND_ENGINE and not has_tesseract():
        look = Look.LARGER
    window, place = _window(upright, upright_box(*corners))
    grey = _as(window, look)
    scale = 2 if look is Look.LARGER else 1
    words = [_words(grey, band, look) for band in _bands(grey, _scaled(place, scale))]
    found = [w for w in words if w.text]
    if not found:
        return "", 0.0
    return "".join(w.text for w in found), min(w.confidence for w in found)


def _window(upright: Raster, box: TextBox) -> tuple[Raster, TextBox]:
    """Return the page cut to the neighbourhood of the box, and the box in it (pixels)."""
    from dataclasses import replace

    left, top, right, bottom = box.bounds
    around = _AROUND * (bottom - top)
    rows, columns = upright.pixels.shape[:2]
    x, y = max(0, int(left - around)), max(0, int(top - (bottom - top)))
    x_end, y_end = min(columns, int(right + around) + 1), min(rows, int(2 * bottom - top) + 1)
    cut = np.ascontiguousarray(upright.pixels[y:y_end, x:x_end])
    moved = upright_box(left - x, top - y, right - x, bottom - y)
    return replace(upright, pixels=cut, jpeg=None), moved


def _as(window: Raster, look: Look) -> Grey:
    if look is Look.NO_RED:
        return without_red(window)
    if look is Look.OTHER_CHANNEL:
        return red_print_channel(window)
    if look is Look.LARGER:
        return _enlarged(window)
    return reading_channel(window)


def _enlarged(window: Raster) -> Grey:
    """Return the window at twice the size, sharpened: other pixels than those read first."""
    pixels = window.pixels
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)  # noqa: PLR2004
    larger = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4)
    soft = cv2.GaussianBlur(larger, (0, 0), 1.6)
    return np.asarray(cv2.addWeighted(larger, 1.5, soft, -0.5, 0), np.uint8)


def _scaled(box: TextBox, scale: int) -> TextBox:
    return TextBox((box.corners * scale).astype(np.float32), box.score)


def _bands(grey: Grey, box: TextBox) -> Iterator[TextBox]:
    """Yield the lines inside a box: the box itself unless clean rows part it into several."""
    left, top, right, bottom = (round(v) for v in box.bounds)
    inner = grey[max(0, top) : bottom, max(0, left) : right]
    dark, bright = (float(v) for v in np.percentile(inner, (3, 90)))
    inked = np.concatenate(([0], (inner < (dark + bright) / 2).any(axis=1), [0])).astype(np.int8)
    turns = np.flatnonzero(np.diff(inked))
    runs = list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))
    least = _LEAST_BAND * (bottom - top)
    high = [(a, b) for a, b in runs if b - a >= least]
    if len(high) < 2:  # noqa: PLR2004 - one line
        yield box
        return
    for a, b in high:
        margin = 0.2 * (b - a)
        yield upright_box(left, top + a - margin, right, top + b + margin)


def _words(grey: Grey, box: TextBox, look: Look) -> Words:
    strip = strip_of(grey, box)
    if strip is None:
        return NOTHING
    if look is Look.SECOND_ENGINE:
        return _by_tesseract(strip.grey)
    if look is Look.CROP:
        plain = _plain(read_strip(strip.grey, FAST))
        if plain is not None:
            return plain
    return read_strip(strip.grey, CAREFUL)


def _plain(words: Words) -> Words | None:
    """Return what the fast network read for sure, ``None`` if anything that counts is unsure.

    Of an amount the digits count, not what was made of the currency sign before them.
    """
    if words.confidence >= _PLAIN:
        return words
    figure = _FIGURE.fullmatch(words.text)
    if figure is None or len(words.sures) != len(words.text):
        return None
    start = figure.start(1)
    lowest = min(words.sures[start:])
    return Words(figure.group(1), lowest, words.places[start:]) if lowest >= _PLAIN else None


@cache
def has_tesseract() -> bool:
    """Tell whether Tesseract is installed with simplified Chinese."""
    if shutil.which("tesseract") is None:
        return False
    import pytesseract

    try:
        return LANGUAGE in pytesseract.get_languages()
    except (pytesseract.TesseractError, OSError):
        return False


def _by_tesseract(grey: Grey) -> Words:
    import pytesseract
    from PIL import Image

    height = grey.shape[0]
    scale = _TESSERACT_HEIGHT / height
    larger = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(larger, 12, 12, 12, 12, cv2.BORDER_REPLICATE)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # one thread a process, as everywhere
    try:
        table = pytesseract.image_to_data(
            Image.fromarray(np.asarray(framed, np.uint8)),
            lang=LANGUAGE,
            config="--psm 7",
            timeout=_SECONDS,
            output_type=pytesseract.Output.DICT,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return NOTHING
    pairs = zip(table["text"], table["conf"], strict=True)
    words = [(word, float(sure)) for word, sure in pairs if word.strip() and float(sure) >= 0]
    if not words:
        return NOTHING
    return Words("".join(w for w, _ in words), round(min(s for _, s in words) / 100, 4))

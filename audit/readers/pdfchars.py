"""The characters of a PDF page with their places, and who can see them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from ctypes import addressof, c_double, c_uint
from dataclasses import dataclass
from typing import Any

from audit.readers.pdfspace import Space

# ruff: noqa: ANN401 - pypdfium2 has no type information

INVISIBLE = 3
_CLIP_ONLY = 7
_SURROGATES = range(0xD800, 0xDC00)
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
_REPLACEMENT = 0xFFFD
_TURN, _QUARTER = 360, 90
#: Print smaller than this (points) is not meant to be read.
_LEAST_SIZE = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """What all characters of one text object share. ``order``: when it is painted, -1 unknown.

    ``size``: of the print in points. ``angle``: as PDFium gives it (radians, clockwise).
    ``shown``: painted with ink.
    """

    key: int
    order: int
    size: float
    shown: bool
    white: bool
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Char:
    """One character: edges of its advance and baseline, as fractions of the upright page.

    ``tight``: upper and lower edge of its ink. ``blank``: a space stands before it.
    ``turn``: degrees clockwise by which it is turned away from upright on the page.
    ``bad``: the font does not tell which character it is.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    tight: tuple[float, float]
    turn: float
    blank: bool
    bad: bool
    run: Run


@dataclass(frozen=True, slots=True)
class Placed:
    """A character in user space, before the page's own direction is known."""

    text: str
    loose: tuple[float, float, float, float]
    tight: tuple[float, float, float, float]
    origin: tuple[float, float]
    angle: float
    blank: bool
    bad: bool
    run: Run


def placed_chars(raw: Any, textpage: Any, orders: Mapping[int, int], most: int) -> Iterator[Placed]:
    """Yield at most ``most`` characters of a page in content order, blanks folded into the next.

    ``orders``: painting order of top-level text objects by address.
    """
    count = min(raw.FPDFText_CountChars(textpage), most)
    runs: dict[int, Run] = {}
    rect = raw.FS_RECTF()
    numbers = [c_double() for _ in range(6)]
    blank, high = False, 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code in _SURROGATES:
            high = code
            continue
        if high and 0xDC00 <= code <= 0xDFFF:  # noqa: PLR2004 - low surrogates
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if (code <= 0x20 and code) or code in {0xA0, 0x3000, 0x2003, 0x2002}:  # noqa: PLR2004
            blank = True
            continue
        if code in {0xAD, 0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060, 0xFFFE}:
            continue
        run = _run_of(raw, textpage, index, orders, runs)
        if run is None or not raw.FPDFText_GetLooseCharBox(textpage, index, rect):
            continue
        loose = (rect.left, rect.bottom, rect.right, rect.top)
        left, right, bottom, top, x, y = numbers
        raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        tight = (left.value, bottom.value, right.value, top.value)
        unknown = _undecodable(code)
        bad = unknown or raw.FPDFText_HasUnicodeMapError(textpage, index) == 1
        text = chr(_REPLACEMENT) if unknown else chr(code)
        yield Placed(text, loose, tight, (x.value, y.value), run.angle, blank, bad, run)
        blank = False


def _undecodable(code: int) -> bool:
    if code < _PRIVATE[0][0]:
        return code == 0
    return code == _REPLACEMENT or any(low <= code <= high for low, high in _PRIVATE)


def _run_of(
    raw: Any, textpage: Any, index: int, orders: Mapping[int, int], runs: dict[int, Run]
) -> Run | None:
    handle = raw.FPDFText_GetTextObject(textpage, index)
    if not handle:
        return None
    key = addressof(handle.contents)
    run = runs.get(key)
    if run is None:
        run = runs[key] = _new_run(raw, textpage, index, handle, orders.get(key, -1))
    return run


def _new_run(raw: Any, textpage: Any, index: int, handle: Any, order: int) -> Run:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    size = abs(raw.FPDFText_GetFontSize(textpage, index)) * math.hypot(matrix.c, matrix.d)
    mode = raw.FPDFTextObj_GetTextRenderMode(handle)
    red, green, blue, alpha = (c_uint(0) for _ in range(4))
    known = raw.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha)
    clear = bool(known) and alpha.value == 0 and mode in {0, 4}
    white = bool(known) and mode in {0, 4} and min(red.value, green.value, blue.value) >= 250  # noqa: PLR2004
    shown = mode not in {INVISIBLE, _CLIP_ONLY} and not clear and size >= _LEAST_SIZE
    angle = raw.FPDFText_GetCharAngle(textpage, index)
    return Run(addressof(handle.contents), order, size, shown, white, angle)


def main_turn(chars: list[Placed], rotate: int) -> int:
    """Return by how many degrees clockwise most of the text is turned away, as a viewer shows it."""
    counts: dict[int, int] = {}
    for char in chars:
        turn = round(_shown_turn(char.angle, rotate) / _QUARTER) * _QUARTER % _TURN
        counts[turn] = counts.get(turn, 0) + 1
    best = max(counts, key=lambda turn: counts[turn], default=0)
    return best if counts and counts[best] > 0.6 * len(chars) else 0


def _shown_turn(angle: float, rotate: int) -> float:
    """Return degrees clockwise on the shown page from PDFium's angle (radians, clockwise)."""
    return (rotate + math.degrees(angle)) % _TURN


def on_page(char: Placed, space: Space) -> Char:
    """Return a character in fractions of the upright page (its own direction still its own)."""
    box = space.box(*char.loose)
    ink = space.box(*char.tight)
    turn = _shown_turn(char.angle, space.turn)
    base = space.point(*char.origin)[1]
    ends = (ink.top, ink.bottom)
    return Char(
        char.text, box.left, box.right, box.top, box.bottom, base, ends, turn,
        char.blank, char.bad, char.run,
    )  # fmt: skip

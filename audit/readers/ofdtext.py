"""Text lines of an OFD page, and where each text object stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from audit.model import Box, Origin, TextLine
from audit.readers.ofdobjects import Glyphs, Thing, advance
from audit.readers.pdfchars import Char, Run
from audit.readers.pdfspace import clipped
from audit.readers.pdftext import lines_of

_TURN = 360
_ASCENT, _DESCENT = 0.86, 0.14
_BLANKS = " \u3000\xa0\t"
_FAINT = 8


def lines_on(things: Iterable[Thing], width: float, height: float) -> tuple[TextLine, ...]:
    """Return the lines of a page of this size in mm."""
    chars: list[Char] = []
    for number, thing in enumerate(things):
        if isinstance(thing, Glyphs) and thing.alpha > _FAINT:
            chars += _chars(thing, number, width, height)
    shown = [c for c in chars if 0 <= (c.left + c.right) / 2 <= 1 and 0 <= c.base <= 1.02]  # noqa: PLR2004
    return lines_of(shown, width, height, Origin.TEXT_LAYER)


def hidden_text(things: Iterable[Thing], width: float, height: float) -> str:
    """Return the text that nobody can see: without ink, or beside the page."""
    found = []
    for thing in things:
        if not isinstance(thing, Glyphs):
            continue
        box = box_of(thing, width, height)
        x, y = box.centre
        if thing.alpha <= _FAINT or not (0 <= x <= 1 and 0 <= y <= 1):
            found.append(thing.text.strip())
    return "".join(found)


def _chars(glyphs: Glyphs, number: int, width: float, height: float) -> Iterator[Char]:
    a, b, c, d, e, f = glyphs.matrix
    scale = math.hypot(c, d) or 1.0
    run = Run(number, number, glyphs.size * scale, shown=True, white=False)
    turn = math.degrees(math.atan2(b, a)) % _TURN
    blank = False
    for place, (x, y) in enumerate(glyphs.points):
        text = glyphs.text[place]
        if text in _BLANKS or text in "\r\n":
            blank = True
            continue
        across = _width(glyphs, place)
        corners = [(x, y - _ASCENT * glyphs.size), (x + across, y + _DESCENT * glyphs.size)]
        mapped = [(a * u + c * v + e, b * u + d * v + f) for u, v in corners]
        xs, ys = sorted(m[0] for m in mapped), sorted(m[1] for m in mapped)
        base = b * x + d * y + f
        yield Char(
            text, xs[0] / width, xs[1] / width, ys[0] / height, ys[1] / height, base / height,
            (ys[0] / height, ys[1] / height), turn, blank, bad=False, run=run,
        )  # fmt: skip
        blank = False


def _width(glyphs: Glyphs, place: int) -> float:
    """Return a character's width in the object's space: its step, if that is a usual one."""
    usual = advance(glyphs.text[place]) * glyphs.size
    if place + 1 < len(glyphs.points):
        step = glyphs.points[place + 1][0] - glyphs.points[place][0]
        level = abs(glyphs.points[place + 1][1] - glyphs.points[place][1]) < 0.1 * glyphs.size
        if level and 0.6 * usual <= step <= 1.35 * usual:
            return step
    return usual


def box_of(glyphs: Glyphs, width: float, height: float) -> Box:
    """Return where a text object's print stands (not clipped to the page)."""
    boxes = [Box(c.left, c.top, c.right, c.bottom) for c in _chars(glyphs, 0, width, height)] or [
        Box(-1, -1, -1, -1)
    ]
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return whole


def texts_by_id(things: Iterable[Thing], width: float, height: float) -> dict[str, tuple[str, Box]]:
    """Return text and place of every text object by its id; TextCodes of one object joined."""
    found: dict[str, tuple[str, Box]] = {}
    for thing in things:
        if not isinstance(thing, Glyphs) or not thing.id:
            continue
        text, box = thing.text.strip(), clipped(box_of(thing, width, height))
        before = found.get(thing.id)
        found[thing.id] = (
            (text, box) if before is None else (before[0] + text, before[1].union(box))
        )
    return found

"""Where characters stand: rows, columns and cuts of text lines. Pure geometry, no vocabulary.

Boxes are fractions of the page, so x and y have different units; ``Sheet.aspect``
(page height / page width) turns a height into a width. Distances are given in *em*, the
width of one Chinese character of the line in question.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from audit.model import WHOLE_PAGE, Box, Origin, PageContent, TextLine

A4_ASPECT = 297 / 210
#: A line whose height (in em) exceeds its width this much is written downwards.
_DOWNWARDS = 1.6
#: So many rows may be under way at one height (a screen beside a form has its own baselines).
_OPEN_ROWS = 16
#: A line read worse than the first that lies over one read better than the second is a smear.
_UNSURE, _WELL_READ = 0.5, 0.8
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
#: Level bands of a page: only lines that share one can lie on each other.
_BANDS = 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a page (or of a region of it) with the page's height / width."""

    lines: tuple[TextLine, ...]
    aspect: float = A4_ASPECT

    def inside(self, area: Box) -> Sheet:
        """Return the sheet with only the lines whose centre lies in ``area``."""
        if area == WHOLE_PAGE:
            return self
        kept = tuple(line for line in self.lines if area.contains_point(*line.box.centre))
        return Sheet(kept, self.aspect)


def sheet_of(content: PageContent) -> Sheet:
    """Return a page's lines, blank ones left out, with the aspect its size tells (A4 if none).

    Where a place was read twice (OCR over a scanner's own text), only the first reading is
    taken; ``second_sheet`` has the other.
    """
    return Sheet(_layers(content)[0], _aspect(content))


def second_sheet(content: PageContent) -> Sheet:
    """Return the lines that read again what other lines of the page read before."""
    return Sheet(_layers(content)[1], _aspect(content))


def _aspect(content: PageContent) -> float:
    width, height = content.page.size
    if not (width and height):
        width_mm, height_mm = content.page.size_mm or (0.0, 0.0)
        return height_mm / width_mm if width_mm and height_mm else A4_ASPECT
    return height / width


_Layers = tuple[tuple[TextLine, ...], tuple[TextLine, ...]]
_last: list[tuple[PageContent, _Layers]] = []


def _layers(content: PageContent) -> _Layers:
    """Return first and second readings; the last page's are kept, since every kind asks."""
    if not _last or _last[0][0] is not content:
        _last[:] = [(content, _sorted_layers(content))]
    return _last[0][1]


def _sorted_layers(content: PageContent) -> _Layers:
    first: list[TextLine] = []
    second: list[TextLine] = []
    pixels = [line for line in content.lines if line.origin in _PIXELS]
    twice = len(pixels) > 1
    before = _Bands()
    for line in content.lines:
        if not line.text.strip():
            continue
        again = (
            twice
            and line.origin in _PIXELS
            and any(_covers(other, line) for other in before.near(line))
        )
        if again or _smeared(line, pixels):
            second.append(line)
        else:
            first.append(line)
            before.add(line)
    return tuple(first), tuple(second)


class _Bands:
    """Lines by the level bands of the page that they touch."""

    def __init__(self) -> None:
        self._bands: dict[int, list[TextLine]] = {}

    def add(self, line: TextLine) -> None:
        for band in self._of(line):
            self._bands.setdefault(band, []).append(line)

    def near(self, line: TextLine) -> Iterator[TextLine]:
        """Yield the lines that share a band with ``line``; those of several bands again."""
        for band in self._of(line):
            yield from self._bands.get(band, ())

    @staticmethod
    def _of(line: TextLine) -> range:
        first, last = (int(min(1.0, max(0.0, y)) * _BANDS) for y in (line.box.top, line.box.bottom))
        return range(first, last + 1)


def _smeared(line: TextLine, pixels: Sequence[TextLine]) -> bool:
    """Tell whether a line is an unsure one laid over others that were read well."""
    if line.confidence >= _UNSURE or line.origin not in _PIXELS:
        return False
    return any(
        other.confidence >= _WELL_READ
        and line.box.intersection_area(other.box) > 0.5 * other.box.area > 0.0
        for other in pixels
    )


def _covers(one: TextLine, other: TextLine) -> bool:
    shared = one.box.intersection_area(other.box)
    return shared > 0.5 * min(one.box.area, other.box.area) > 0.0


def units(text: str) -> float:
    """Return the width of ``text`` in em: 1 for a wide character, about half for a narrow one."""
    return sum(_unit(char) for char in text)


def _unit(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.52


def runs_down(line: TextLine, aspect: float) -> bool:
    """Tell whether the line is written downwards (购买方 beside a block, one character a row)."""
    count = len(line.text.strip())
    return count > 1 and line.box.height * aspect > _DOWNWARDS * max(line.box.width, 1e-9)


def em(line: TextLine, aspect: float) -> float:
    """Return the width of one wide character of the line, as a fraction of the page width."""
    if runs_down(line, aspect):
        return max(line.box.width, 1e-6)
    by_width = line.box.width / max(units(line.text), 0.5)
    by_height = line.box.height * aspect
    return max(min(by_width, by_height) if by_height > 0 else by_width, 1e-6)


def edges(line: TextLine) -> tuple[float, ...]:
    """Return ``len(text) + 1`` x positions of character edges, measured or in proportion."""
    if len(line.char_edges) == len(line.text) + 1:
        return line.char_edges
    total = units(line.text) or 1.0
    scale = line.box.width / total
    found, x = [line.box.left], line.box.left
    for char in line.text:
        x += _unit(char) * scale
        found.append(x)
    return tuple(found)


def cut(line: TextLine, start: int, end: int) -> TextLine:
    """Return characters ``start`` to ``end`` of a line as a line of its own, outer blanks off."""
    while start < end and line.text[start].isspace():
        start += 1
    while end > start and line.text[end - 1].isspace():
        end -= 1
    if (start, end) == (0, len(line.text)):
        return line
    xs = edges(line)
    box = replace(line.box, left=xs[start], right=xs[end])
    own = xs[start : end + 1] if line.char_edges else ()
    return replace(line, text=line.text[start:end], box=box, char_edges=own)


def cut_between(line: TextLine, left: float, right: float) -> TextLine | None:
    """Return the part of a line whose characters' centres lie between two x, or ``None``.

    An issuer's line whose characters were not measured is taken whole or not at all, by where
    it begins: the boxes that formats declare are often wider than the print.
    """
    if line.origin is Origin.TEXT_LAYER and len(line.char_edges) != len(line.text) + 1:
        begins = left - 1e-6 <= line.box.left < right
        return line if begins and line.text.strip() else None
    xs = edges(line)
    centres = [(a + b) / 2 for a, b in itertools.pairwise(xs)]
    within = [i for i, x in enumerate(centres) if left <= x <= right]
    if not within:
        return None
    part = cut(line, within[0], within[-1] + 1)
    return part if part.text.strip() else None


def same_row(one: Box, other: Box) -> bool:
    """Tell whether two boxes stand on one baseline (centres within half the lower height)."""
    low = min(one.height, other.height)
    return abs(one.centre[1] - other.centre[1]) <= max(low * 0.55, 1e-4)


def rows(lines: Iterable[TextLine]) -> tuple[tuple[TextLine, ...], ...]:
    """Return the lines grouped by baseline, top to bottom, each row left to right."""
    grouped: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda one: (one.box.centre[1], one.box.left)):
        near = (
            row
            for row in reversed(grouped[-_OPEN_ROWS:])
            if line.box.centre[1] - row[-1].box.centre[1] <= line.box.height
        )
        row = next((row for row in near if _joins(row, line)), None)
        if row is None:
            grouped.append([line])
        else:
            row.append(line)
    ordered = [tuple(sorted(row, key=lambda one: (one.box.left, one.box.top))) for row in grouped]
    return tuple(ordered)


def _joins(row: Sequence[TextLine], line: TextLine) -> bool:
    nearest = min(row, key=lambda one: _gap(one.box, line.box))
    return same_row(nearest.box, line.box)


def _gap(one: Box, other: Box) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def columns(
    lines: Iterable[TextLine],
    bounds: Sequence[float],
) -> tuple[tuple[TextLine, ...], ...]:
    """Return the lines cut at the x ``bounds`` and sorted into ``len(bounds) - 1`` columns."""
    found: list[list[TextLine]] = [[] for _ in bounds[1:]]
    for line in lines:
        for slot, (left, right) in enumerate(itertools.pairwise(bounds)):
            part = cut_between(line, left, right)
            if part is not None:
                found[slot].append(part)
    return tuple(tuple(sorted(column, key=lambda one: one.box.top)) for column in found)


def join(pieces: Sequence[TextLine], glue: str = "") -> TextLine | None:
    """Return the pieces as one line (union box, lowest confidence); ``None`` for none."""
    if not pieces:
        return None
    if len(pieces) == 1:
        return pieces[0]
    box = pieces[0].box
    for piece in pieces[1:]:
        box = box.union(piece.box)
    text = glue.join(piece.text.strip() for piece in pieces)
    confidence = min(piece.confidence for piece in pieces)
    return TextLine(text, box, worst_origin(pieces), confidence)


def worst_origin(pieces: Iterable[TextLine]) -> Origin:
    """Return the least trusted origin among the pieces (OCR before text layer)."""
    origins = [piece.origin for piece in pieces]
    for origin in (Origin.OCR2, Origin.OCR):
        if origin in origins:
            return origin
    return origins[0]


def clusters(values: Iterable[float], apart: float) -> tuple[tuple[float, ...], ...]:
    """Return sorted values in groups; a step wider than ``apart`` begins a new group."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= apart:
            found[-1].append(value)
        else:
            found.append([value])
    return tuple(tuple(group) for group in found)

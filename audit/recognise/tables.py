"""Ruled tables of a page: ruling lines, the cells between them, and the text in each cell.

Rulings are found at half resolution by opening the ink with long thin strips; a cell is a white
region that rulings enclose, so merged cells come out as they are printed. (Boxes of text that run
over an upright ruling are split there before they are read: ``ocr.strips``.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.model import Box, Cell, Origin, Table, TextLine
from audit.recognise.ocr.boxes import Grey
from audit.recognise.regions import Region, Sets, neighbours, rulings

Mask = npt.NDArray[np.uint8]

#: Rulings are looked for on pages scaled down to about so many pixels in width.
_WORKING = 1100
#: A ruling is at least this share of the page's width or height long.
_LEAST_ACROSS, _LEAST_DOWN = 0.03, 0.012
#: Ink darker than its surroundings by this much may be ruling.
_CONTRAST = 12
#: Gaps of a broken ruling up to this many working pixels are closed.
_GAP = 9
#: A cell is at least so many working pixels high and wide, and fills its bounding box so far.
_LEAST_HIGH, _LEAST_WIDE, _FULL = 6, 6, 0.6
#: Texts of neighbours nearer than this share of their height run over the ruling between them.
_TORN = 0.2
#: A piece that lies over another with this share of its width may repeat its characters.
_TWICE = 0.5
#: A table has at least so many cells and columns.
_LEAST_CELLS, _LEAST_COLUMNS = 6, 2


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Where rulings are: masks at the working size."""

    across: Mask
    down: Mask

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing that could bound a cell."""
        return not self.across.any() or not self.down.any()


def find_rules(grey: Grey) -> Rules:
    """Return the rulings of an upright page."""
    factor = max(1, round(grey.shape[1] / _WORKING))
    small = _shrunk(grey, factor)
    ink = _ink(small)
    rows, columns = small.shape
    across = _strips(ink, (max(12, int(_LEAST_ACROSS * columns)), 1))
    down = _strips(ink, (1, max(12, int(_LEAST_DOWN * rows))))
    return Rules(across, down)


def _shrunk(grey: Grey, factor: int) -> Grey:
    """Return the page smaller, the darkest pixel of each square kept: thin rulings stay whole."""
    if factor == 1:
        return grey
    dark = cv2.erode(grey, np.ones((factor, factor), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(dark[::factor, ::factor], dtype=np.uint8)


def _ink(grey: Grey) -> Mask:
    paper = cv2.blur(grey, (31, 31)).astype(np.int16)
    return np.asarray((grey.astype(np.int16) < paper - _CONTRAST) * 255, np.uint8)


def _strips(ink: Mask, size: tuple[int, int]) -> Mask:
    kernel = np.ones((size[1], size[0]), np.uint8)
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
    closing = np.ones((1, _GAP) if size[1] == 1 else (_GAP, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, closing), np.uint8)


def find_tables(rules: Rules, lines: Sequence[TextLine]) -> tuple[Table, ...]:
    """Return the ruled tables of a page with the text of their cells; boxes are fractions.

    A cell's box is the space between its rulings. Lines that run over several cells are cut
    between characters. ``confidence`` of a cell is that of its lowest character; 0 where its text
    runs over a ruling.
    """
    if rules.empty:
        return ()
    height, width = rules.across.shape
    tables = []
    for regions in _grouped(_regions(rules)):
        cells = _cells(regions, (width, height))
        columns = max((c.column + c.column_span for c in cells), default=0)
        if len(cells) >= _LEAST_CELLS and columns >= _LEAST_COLUMNS:
            tables.append(_filled(cells, lines, height / width))
    return tuple(t for t in tables if any(c.text for c in t.cells))


def _regions(rules: Rules) -> list[Region]:
    """Return the white regions that rulings enclose."""
    ruled = cv2.bitwise_or(rules.across, rules.down)
    ruled = cv2.dilate(ruled, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(255 - ruled, np.uint8), connectivity=4
    )
    height, width = ruled.shape
    found = []
    for left, top, wide, high, area in stats[1:count].tolist():
        outside = left == 0 or top == 0 or left + wide >= width or top + high >= height
        big = wide >= _LEAST_WIDE and high >= _LEAST_HIGH and area >= _FULL * wide * high
        if big and not outside:
            found.append(Region(left - 1, top - 1, left + wide + 1, top + high + 1))
    return found


def _grouped(regions: Sequence[Region]) -> list[list[Region]]:
    """Return the regions by table: those whose sides touch belong together."""
    sets = Sets(len(regions))
    for i, j in neighbours(regions):
        sets.join(i, j)
    groups: dict[int, list[Region]] = {}
    for i, region in enumerate(regions):
        groups.setdefault(sets.root(i), []).append(region)
    return sorted(groups.values(), key=lambda g: (min(r.top for r in g), min(r.left for r in g)))


def _cells(regions: Sequence[Region], size: tuple[int, int]) -> list[Cell]:
    """Return the regions as empty cells in rows and columns, spans counted in rulings."""
    pairs = neighbours(regions)
    ys = rulings([(r.top, r.bottom) for r in regions], [(r.left, r.right) for r in regions], pairs)
    xs = rulings([(r.left, r.right) for r in regions], [(r.top, r.bottom) for r in regions], pairs)
    width, height = size
    cells = []
    for region, (top, bottom), (left, right) in zip(regions, ys, xs, strict=True):
        box = Box(
            round(region.left / width, 5),
            round(region.top / height, 5),
            round(region.right / width, 5),
            round(region.bottom / height, 5),
        )
        spans = max(1, bottom - top), max(1, right - left)
        cells.append(Cell(top, left, "", row_span=spans[0], column_span=spans[1], box=box))
    return sorted(cells, key=lambda c: (c.row, c.column))


def _filled(cells: Sequence[Cell], lines: Sequence[TextLine], aspect: float) -> Table:
    """Return the table with each line in the cell that holds it."""
    texts: dict[int, list[TextLine]] = {}
    hull = _hull(cells)
    for line in lines:
        if not line.text.strip() or line.box.intersection_area(hull) <= 0:
            continue
        for at, part in _placed(line, cells):
            texts.setdefault(at, []).append(part)
    torn = set(_torn(texts, cells, aspect))
    filled = [_with_text(c, texts.get(i, ()), torn=i in torn) for i, c in enumerate(cells)]
    origins = [line.origin for found in texts.values() for line in found]
    read = next((o for o in (Origin.OCR2, Origin.OCR) if o in origins), Origin.TEXT_LAYER)
    return Table("", tuple(filled), origin=read)


def _torn(
    texts: Mapping[int, Sequence[TextLine]], cells: Sequence[Cell], aspect: float
) -> Iterable[int]:
    """Yield the cells whose text runs over the ruling into the next cell's, or seems to.

    ``aspect``: page height / width. A digit on the ruling may belong to either side, and no
    second look at one side can tell.
    """
    by_place = {(c.row, c.column): i for i, c in enumerate(cells)}
    for i, cell in enumerate(cells):
        j = by_place.get((cell.row, cell.column + cell.column_span))
        if j is None:
            continue
        for one, other in itertools.product(texts.get(i, ()), texts.get(j, ())):
            height = min(one.box.height, other.box.height)
            level = abs(one.box.centre[1] - other.box.centre[1]) < height / 2
            gap = other.box.left - one.box.right
            near = gap < _TORN * height * aspect and one.origin is not Origin.TEXT_LAYER
            if level and near and _figures_meet(one.text, other.text, cut=gap <= 0):
                yield from (i, j)


def _figures_meet(one: str, other: str, *, cut: bool) -> bool:
    """Tell whether figures or letters stand on both sides of a ruling (of a ``cut``: on either).

    A Chinese character that reaches a ruling is still itself; a digit's half is another digit.
    """
    ends = [part.isascii() and part.isalnum() for part in (one[-1:], other[:1])]
    return any(ends) if cut else all(ends)


def _hull(cells: Sequence[Cell]) -> Box:
    boxes = [cell.box for cell in cells if cell.box is not None]
    hull = boxes[0]
    for box in boxes[1:]:
        hull = hull.union(box)
    return hull


def _placed(line: TextLine, cells: Sequence[Cell]) -> Iterable[tuple[int, TextLine]]:
    """Yield (cell, part of the line in it): whole by its centre, or cut where it crosses cells."""
    x, y = line.box.centre
    crossed = [
        i
        for i, cell in enumerate(cells)
        if cell.box is not None
        and cell.box.top <= y <= cell.box.bottom
        and _shared(line.box, cell.box) > 0
    ]
    inked = [i for i in crossed if _shared(line.box, _box(cells[i])) > 0.5 * line.box.height]
    if len(inked) < 2 or len(line.char_edges) != len(line.text) + 1:  # noqa: PLR2004 - one cell
        home = next((i for i in crossed if _box(cells[i]).left <= x <= _box(cells[i]).right), None)
        if home is not None:
            yield home, line
        return
    for i in inked:
        part = _between(line, _box(cells[i]).left, _box(cells[i]).right)
        if part is not None:
            yield i, part


def _box(cell: Cell) -> Box:
    assert cell.box is not None
    return cell.box


def _shared(one: Box, other: Box) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _between(line: TextLine, left: float, right: float) -> TextLine | None:
    edges = line.char_edges
    inside = [
        i for i, (a, b) in enumerate(itertools.pairwise(edges)) if left <= (a + b) / 2 < right
    ]
    if not inside:
        return None
    start, end = inside[0], inside[-1] + 1
    box = Box(edges[start], line.box.top, edges[end], line.box.bottom)
    return TextLine(line.text[start:end], box, line.origin, line.confidence, edges[start : end + 1])


def _with_text(cell: Cell, lines: Sequence[TextLine], *, torn: bool) -> Cell:
    if not lines:
        return cell
    ordered = _in_reading_order(lines)
    text = "\n".join(_glued(row) for row in ordered)
    lowest = 0.0 if torn else min(line.confidence for line in lines)
    return Cell(
        cell.row, cell.column, text, row_span=cell.row_span, column_span=cell.column_span,
        box=cell.box, confidence=lowest,
    )  # fmt: skip


def _glued(row: Sequence[TextLine]) -> str:
    """Return the text of pieces on one baseline; what two boxes show of one place counts once."""
    text = ""
    for place, piece in enumerate(row):
        own = piece.text.strip()
        if place and _shared(row[place - 1].box, piece.box) > _TWICE * piece.box.width:
            own = own[_repeated(text, own) :]
        text += own
    return text


def _repeated(text: str, more: str) -> int:
    """Return how many characters at the beginning of ``more`` are those at the end of ``text``."""
    counts = range(len(more), 1, -1)
    return next((count for count in counts if text.endswith(more[:count])), 0)


def _in_reading_order(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda x: x.box.centre[1]):
        last = rows[-1][-1].box if rows else None
        if last is not None and line.box.centre[1] - last.centre[1] < 0.5 * min(
            last.height, line.box.height
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda x: x.box.left) for row in rows]

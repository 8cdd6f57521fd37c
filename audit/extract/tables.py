"""Tables of any origin as one grid: sheets, Word tables, ruled tables of a page, loose columns.

A grid knows which cell covers which row and column, so a merged area answers for every row and
column it spans. Pure geometry and structure; what a column means is a kind's own business.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from audit.extract.layout import Sheet, cut_between, join, rows, runs_down
from audit.model import Box, Cell, Origin, PageContent, Table, TextLine

#: A baseline row that holds this share of the columns begins a row of a loose table.
_ANCHOR_SHARE = 0.5
#: Columns of a table without header or rulings are told by rows with at least so many pieces.
_LEAST_PIECES = 4


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell. ``text``: its lines joined by a line break; ``area``: the ruled cell, if known.

    ``box``: where the text stands, which a second look reads. ``number`` and ``day``: typed
    values of a spreadsheet. ``confidence``: of the lowest character, 1.0 for issuer's text, 0 for
    text that runs over a ruling.
    """

    row: int
    column: int
    text: str
    origin: Origin = Origin.TEXT_LAYER
    row_span: int = 1
    column_span: int = 1
    confidence: float = 1.0
    box: Box | None = None
    area: Box | None = None
    number: Decimal | None = None
    day: date | None = None
    hidden: bool = False

    @property
    def torn(self) -> bool:
        """Tell whether the text runs over a ruling, so that its ends may be a neighbour's."""
        return self.confidence <= 0.0

    @property
    def joined(self) -> str:
        """The text with its line breaks taken out."""
        return "".join(part.strip() for part in self.text.splitlines())


@dataclass(frozen=True)
class Grid:
    """Cells by row and column, both from 0. ``edges``: x of the column bounds, empty if unknown."""

    cells: tuple[GridCell, ...]
    name: str = ""
    hidden: bool = False
    edges: tuple[float, ...] = ()
    box: Box | None = None

    @cached_property
    def _cover(self) -> dict[tuple[int, int], GridCell]:
        cover: dict[tuple[int, int], GridCell] = {}
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    cover.setdefault((r, c), cell)
        return cover

    @cached_property
    def row_count(self) -> int:
        """How many rows the cells reach."""
        return max((c.row + c.row_span for c in self.cells), default=0)

    @cached_property
    def column_count(self) -> int:
        """How many columns the cells reach; a merged area at the edge does not add any."""
        return max((c.column + 1 for c in self.cells), default=0)

    def at(self, row: int, column: int) -> GridCell | None:
        """Return the cell that covers a place, ``None`` for an empty one."""
        return self._cover.get((row, column))

    def row(self, row: int) -> tuple[GridCell, ...]:
        """Return the cells that cover a row, left to right, each once."""
        found = (self._cover.get((row, column)) for column in range(self.column_count))
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))

    def texts(self, row: int) -> tuple[str, ...]:
        """Return the printed texts of a row."""
        return tuple(cell.joined for cell in self.row(row) if cell.text.strip())


def grids_of(content: PageContent, *, hidden: bool = False) -> tuple[Grid, ...]:
    """Return the page's tables as grids; hidden sheets only if asked for."""
    return tuple(grid_of(t, content.lines) for t in content.tables if hidden or not t.hidden)


def grid_of(table: Table, lines: Sequence[TextLine] = ()) -> Grid:
    """Return a table as a grid; ``lines`` of the page tell where in a ruled cell the text stands."""
    cells = tuple(_grid_cell(cell, table.origin) for cell in table.cells)
    if lines and any(cell.area for cell in cells):
        cells = _with_text_boxes(cells, lines)
    return Grid(cells, table.name, table.hidden, _edges(table.cells), _hull(table.cells))


def _with_text_boxes(cells: Sequence[GridCell], lines: Sequence[TextLine]) -> tuple[GridCell, ...]:
    """Return the cells with the box of their text: a second look needs it tight."""
    boxes: dict[int, Box] = {}
    areas = [(i, cell.area) for i, cell in enumerate(cells) if cell.area and cell.text]
    for line in lines:
        x, y = line.box.centre
        for i, area in areas:
            if area.top <= y <= area.bottom and area.contains_point(x, y):
                known = boxes.get(i)
                boxes[i] = line.box if known is None else known.union(line.box)
                break
    return tuple(
        replace(cell, box=_within(boxes[i], cell.area)) if i in boxes and cell.area else cell
        for i, cell in enumerate(cells)
    )


def _within(box: Box, area: Box) -> Box:
    return Box(
        max(box.left, area.left),
        max(box.top, area.top),
        min(box.right, area.right),
        min(box.bottom, area.bottom),
    )


def _grid_cell(cell: Cell, origin: Origin) -> GridCell:
    return GridCell(
        row=cell.row,
        column=cell.column,
        text=cell.text.strip(),
        origin=origin,
        row_span=max(1, cell.row_span),
        column_span=max(1, cell.column_span),
        confidence=cell.confidence,
        box=cell.box,
        area=cell.box,
        number=cell.number,
        day=cell.day,
        hidden=cell.hidden,
    )


def _edges(cells: Sequence[Cell]) -> tuple[float, ...]:
    """Return the column bounds that the cells' boxes tell, empty where any column lacks one."""
    count = max((c.column + c.column_span for c in cells), default=0)
    lefts: list[list[float]] = [[] for _ in range(count + 1)]
    for cell in cells:
        if cell.box is not None:
            lefts[cell.column].append(cell.box.left)
            lefts[cell.column + cell.column_span].append(cell.box.right)
    if not count or any(not found for found in lefts):
        return ()
    return tuple(round(sorted(found)[len(found) // 2], 4) for found in lefts)


def _hull(cells: Sequence[Cell]) -> Box | None:
    boxes = [cell.box for cell in cells if cell.box is not None]
    if not boxes:
        return None
    hull = boxes[0]
    for box in boxes[1:]:
        hull = hull.union(box)
    return hull


def loose_grid(sheet: Sheet, header: Sequence[TextLine]) -> Grid:
    """Return what stands under a printed header without rulings as a grid; row 0 is the header.

    Columns follow the header's pieces; a text that runs over two of them is cut between. Rows
    begin at baselines that hold many columns; other baselines (wrapped names) join the nearest.
    """
    heads = _stacks(header)
    bounds = _bounds(heads)
    bottom = max(line.box.bottom for line in header)
    body = [line for line in sheet.lines if line.box.centre[1] > bottom and line not in header]
    return _assemble(sheet, heads, bounds, body)


def headless_grid(sheet: Sheet) -> Grid | None:
    """Return a table that has neither header nor rulings, by where its texts line up."""
    full = [row for row in rows(sheet.lines) if len(row) >= _LEAST_PIECES]
    if len(full) < 2:  # noqa: PLR2004 - one row is no table
        return None
    spans = _merge_spans([(line.box.left, line.box.right) for row in full for line in row])
    if len(spans) < _LEAST_PIECES:
        return None
    bounds = (0.0, *((a[1] + b[0]) / 2 for a, b in itertools.pairwise(spans)), 1.0)
    top = min(line.box.top for line in full[0])
    body = [line for line in sheet.lines if line.box.bottom > top]
    return _assemble(sheet, (), bounds, body)


def _merge_spans(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _stacks(header: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Return the header's pieces, those that stand over each other joined, left to right."""
    stacks: list[list[TextLine]] = []
    for line in sorted(header, key=lambda one: one.box.centre[0]):
        home = next((s for s in stacks if _overlap(s[0].box, line.box)), None)
        if home is None:
            stacks.append([line])
        else:
            home.append(line)
    joined = (join(sorted(s, key=lambda one: one.box.top)) for s in stacks)
    return tuple(line for line in joined if line is not None)


def _overlap(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.5 * min(one.width, other.width)


def _bounds(heads: Sequence[TextLine]) -> tuple[float, ...]:
    gaps = ((a.box.right + b.box.left) / 2 for a, b in itertools.pairwise(heads))
    return (0.0, *gaps, 1.0)


def _assemble(
    sheet: Sheet,
    heads: Sequence[TextLine],
    bounds: Sequence[float],
    body: Sequence[TextLine],
) -> Grid:
    level = [line for line in body if not runs_down(line, sheet.aspect)]
    printed = rows(level)
    width = len(bounds) - 1
    placed = [_columns_of(row, bounds, heads) for row in printed]
    anchors = [i for i, cells in enumerate(placed) if len(cells) >= _ANCHOR_SHARE * width]
    cells = [
        GridCell(0, c, head.text, head.origin, confidence=head.confidence, box=head.box)
        for c, head in enumerate(heads)
    ]
    homes = _homes(placed, anchors)
    for number, members in enumerate(homes, 1 if heads else 0):
        cells += _row_cells(number, [placed[i] for i in members])
    hull = Box(bounds[0], 0.0, bounds[-1], 1.0)
    return Grid(tuple(cells), edges=tuple(bounds), box=hull)


def _columns_of(
    row: Sequence[TextLine], bounds: Sequence[float], heads: Sequence[TextLine]
) -> dict[int, list[TextLine]]:
    """Return the pieces of a baseline by column, each cut where it truly runs over a bound."""
    found: dict[int, list[TextLine]] = {}
    for line in row:
        spans = [c for c in range(len(bounds) - 1) if _reaches(line, c, bounds, heads)]
        if len(spans) > 1 and line.char_edges:
            for c in spans:
                part = cut_between(line, bounds[c], bounds[c + 1])
                if part is not None:
                    found.setdefault(c, []).append(part)
            continue
        found.setdefault(_home_column(line, bounds, heads), []).append(line)
    return found


def _reaches(
    line: TextLine, column: int, bounds: Sequence[float], heads: Sequence[TextLine]
) -> bool:
    if heads:
        head = heads[column].box
        return line.box.left < head.centre[0] < line.box.right
    middle = (bounds[column] + bounds[column + 1]) / 2
    return line.box.left < middle < line.box.right


def _home_column(line: TextLine, bounds: Sequence[float], heads: Sequence[TextLine]) -> int:
    def shared(column: int) -> tuple[float, float]:
        box = heads[column].box if heads else None
        left, right = (box.left, box.right) if box else (bounds[column], bounds[column + 1])
        overlap = min(line.box.right, right) - max(line.box.left, left)
        inside = min(line.box.right, bounds[column + 1]) - max(line.box.left, bounds[column])
        return max(overlap, 0.0) + max(inside, 0.0), overlap

    return max(range(len(bounds) - 1), key=shared)


def _homes(placed: Sequence[dict[int, list[TextLine]]], anchors: Sequence[int]) -> list[list[int]]:
    """Return the baselines of every row: an anchor and the lesser baselines nearest to it."""
    if not anchors:
        return [[i] for i in range(len(placed))]
    middle = [_middle(cells) for cells in placed]
    homes: dict[int, list[int]] = {i: [] for i in anchors}
    alone: list[list[int]] = []
    pitch = min((middle[b] - middle[a] for a, b in itertools.pairwise(anchors)), default=0.03)
    for i in range(len(placed)):
        near = min(anchors, key=lambda a, i=i: abs(middle[a] - middle[i]))  # type: ignore[misc]
        if i in homes or abs(middle[near] - middle[i]) <= 0.6 * pitch:
            homes[near if i not in homes else i].append(i)
        else:
            alone.append([i])
    return sorted([*homes.values(), *alone], key=lambda members: middle[members[0]])


def _middle(cells: dict[int, list[TextLine]]) -> float:
    middles = [line.box.centre[1] for pieces in cells.values() for line in pieces]
    return sum(middles) / len(middles)


def _row_cells(number: int, baselines: Sequence[dict[int, list[TextLine]]]) -> list[GridCell]:
    columns: dict[int, list[TextLine]] = {}
    for cells in baselines:
        for column, pieces in cells.items():
            columns.setdefault(column, []).extend(pieces)
    return [lines_cell(number, column, pieces) for column, pieces in sorted(columns.items())]


def lines_cell(row: int, column: int, pieces: Sequence[TextLine]) -> GridCell:
    """Return the cell that these text lines make, top to bottom."""
    ordered = [line for group in rows(pieces) for line in group]
    whole = join(ordered)
    assert whole is not None
    text = "\n".join(line.text.strip() for line in ordered)
    return GridCell(
        row, column, text, whole.origin, confidence=whole.confidence, box=whole.box
    )  # fmt: skip

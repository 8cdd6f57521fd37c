"""Where a page's ledger stands: tables, ruled or loose, their headers, and the text around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.extract.kinds.investment_ledger.columns import Columns, field_of, find_columns
from audit.extract.kinds.investment_ledger.guess import guess_columns
from audit.extract.kinds.investment_ledger.labels import FOREIGN_HEADING, FOREIGN_TITLE, TITLE
from audit.extract.labels import fold
from audit.extract.layout import Sheet, rows, same_row, sheet_of
from audit.extract.tables import Grid, GridCell, grids_of, headless_grid, loose_grid
from audit.model import Origin, PageContent, TextLine

#: Pieces of a baseline that must name columns before it is taken for a header without rulings.
_LEAST_HEADINGS = 4
#: Words without which no page is looked at.
_MENTION = re.compile(r"发\s*票|金\s*额|投资|票据|\d{20}|(?<!\d)\d{8}(?!\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """One table with its columns; ``around``: cells above the header and lines off the table."""

    grid: Grid
    columns: Columns
    around: tuple[GridCell, ...]
    below: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The ledger tables of a page, its title words and headings of other tables."""

    sources: tuple[Source, ...]
    title: str
    foreign: bool


_last: list[tuple[PageContent, Found]] = []


def find_sources(content: PageContent) -> Found:
    """Return the tables of a page that have a ledger's columns; the last page's are kept."""
    if not _last or _last[0][0] is not content:
        _last[:] = [(content, _find(content))]
    return _last[0][1]


def _find(content: PageContent) -> Found:
    if not _mentions(content):
        return Found((), "", foreign=False)
    sheet = sheet_of(content)
    sources = [s for grid in grids_of(content) if (s := _of_grid(grid, sheet)) is not None]
    if not sources and not any(
        t for t in content.tables if t.origin is Origin.TEXT_LAYER and not content.lines
    ):
        loose = _loose(sheet)
        sources = [loose] if loose is not None else []
    title = _title(content, sheet, sources)
    return Found(tuple(sources), title, _foreign(content, sheet, sources))


def _mentions(content: PageContent) -> bool:
    return any(_MENTION.search(line.text) for line in content.lines) or any(
        _MENTION.search(cell.text) for table in content.tables for cell in table.cells
    )


def _of_grid(grid: Grid, sheet: Sheet) -> Source | None:
    columns = find_columns(grid) or guess_columns(grid)
    if columns is None:
        return None
    above = tuple(c for r in range(columns.top) for c in grid.row(r) if c.text)
    return Source(grid, columns, (*_outside(grid, sheet), *dict.fromkeys(above)), _tail(grid))


def _tail(grid: Grid) -> tuple[GridCell, ...]:
    rows_ = range(max(0, grid.row_count - 6), grid.row_count)
    return tuple(dict.fromkeys(c for r in rows_ for c in grid.row(r) if c.text))


def _outside(grid: Grid, sheet: Sheet) -> tuple[GridCell, ...]:
    """Return the page's lines that stand outside a ruled table, as cells."""
    hull = grid.box
    lines = [
        line for line in sheet.lines if hull is None or not hull.contains_point(*line.box.centre)
    ]
    if grid.box is None and not lines:
        return ()
    return tuple(_line_cell(line) for line in lines)


def _line_cell(line: TextLine) -> GridCell:
    return GridCell(
        -1, 0, line.text.strip(), line.origin, confidence=line.confidence, box=line.box
    )  # fmt: skip


def _loose(sheet: Sheet) -> Source | None:
    """Return the table that stands under a printed header without rulings."""
    header = _header_lines(sheet)
    if header:
        grid = loose_grid(sheet, header)
        columns = find_columns(grid)
        if columns is not None:
            top = min(line.box.top for line in header)
            bottom = max(line.box.bottom for line in header)
            above = tuple(_line_cell(x) for x in sheet.lines if x.box.bottom <= top + 1e-6)
            below = tuple(_line_cell(x) for x in sheet.lines if x.box.top >= bottom)
            return Source(grid, columns, above, below)
    bare = headless_grid(sheet)
    columns = guess_columns(bare) if bare is not None else None
    return Source(bare, columns, (), ()) if bare is not None and columns is not None else None


def _header_lines(sheet: Sheet) -> list[TextLine]:
    """Return the lines of the best header: a baseline of headings and what is printed with it."""
    printed = rows(sheet.lines)
    scored = [(len(_named(row)), i) for i, row in enumerate(printed)]
    best, at = max(scored, key=lambda pair: (pair[0], -pair[1]), default=(0, 0))
    if best < _LEAST_HEADINGS:
        return []
    lines = list(printed[at])
    for near in (at - 1, at + 1):
        if 0 <= near < len(printed) and _belongs(printed[near], lines):
            lines += printed[near]
    return lines


def _named(row: Sequence[TextLine]) -> set[str]:
    texts = (fold(line.text)[0] for line in row)
    return {f for t in texts if len(t) <= 14 and (f := field_of((t,))) and f != "?"}  # noqa: PLR2004


def _belongs(row: Sequence[TextLine], header: Sequence[TextLine]) -> bool:
    """Tell whether a baseline is the other half of a two-line header: close, and no data."""
    height = max(line.box.height for line in header)
    gap = (
        min(
            abs(a.box.centre[1] - b.box.centre[1])
            for a in row
            for b in header
            if not same_row(a.box, b.box)
        )
        if any(not same_row(a.box, b.box) for a in row for b in header)
        else 1.0
    )
    short = all(len(fold(line.text)[0]) <= 10 for line in row)  # noqa: PLR2004 - headings are short
    plain = not any(re.search(r"\d{3,}", line.text) for line in row)
    return gap <= 1.8 * height and short and plain


def _title(content: PageContent, sheet: Sheet, sources: Sequence[Source]) -> str:
    """Return the title that names a ledger: above the table, or the name of its sheet."""
    texts = [fold(c.joined)[0] for s in sources for c in s.around]
    texts += [fold(line.text)[0] for line in sorted(sheet.lines, key=lambda x: x.box.top)[:6]]
    texts += [fold(t.name)[0] for t in content.tables if not t.hidden]
    return next((t for t in texts if len(t) <= 60 and TITLE.search(t)), "")  # noqa: PLR2004


def _foreign(content: PageContent, sheet: Sheet, sources: Sequence[Source]) -> bool:
    """Tell whether title or headings are those of another table."""
    top = sorted(sheet.lines, key=lambda line: line.box.top)[:5]
    texts = [fold(line.text)[0] for line in top]
    texts += [fold(c.joined)[0] for s in sources for c in s.around[:6]]
    texts += [fold(t.name)[0] for t in content.tables]
    if any(FOREIGN_TITLE.search(t) and not TITLE.search(t) for t in texts if len(t) <= 40):  # noqa: PLR2004
        return True
    headings = [
        fold(c.joined)[0]
        for s in sources
        if not s.columns.guessed
        for r in range(s.columns.top, s.columns.bottom)
        for c in s.grid.row(r)
    ]
    return sum(1 for h in headings if FOREIGN_HEADING.search(h)) >= 2  # noqa: PLR2004

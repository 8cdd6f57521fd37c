"""A page at a glance: its rows of text, what looks like a heading, and "page x of y".

Made once per page and shared by all kinds that classify it. Sheets without lines (a
spreadsheet, a table of Word) are laid out as lines on a grid, so that geometry works there too.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.extract.labels import fold
from audit.extract.layout import A4_ASPECT, Sheet, rows, runs_down, sheet_of, units
from audit.model import Box, PageContent, Table, TextLine

#: A heading has at most this many characters and no sentence mark inside.
_LONGEST_HEADING = 46
_SENTENCE = re.compile(r"[。;；!！?？]|[,，].*[,，]")
#: Rows from the top that may be a heading whatever their size.
_FIRST_ROWS = 6
#: Print this much larger than the page's usual line is a heading.
_LARGE = 1.22
_LOWEST_HEADING = 0.62
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
_PAGE_OF = re.compile(
    r"第(?P<a>\d{1,3}|[一二三四五六七八九十])页[/,，、(]*共(?P<b>\d{1,3}|[一二三四五六七八九十])页"
    r"|共(?P<d>\d{1,3})页[/,，、]*第(?P<c>\d{1,3})页"
    r"|[Pp]age(?P<e>\d{1,3})of(?P<f>\d{1,3})"
)
_PAGE_ALONE = re.compile(
    r"^(?:第(\d{1,3})页|[-—–－·]{1,2}(\d{1,3})[-—–－·]{1,2}|(\d{1,3})/(\d{1,3}))$"
)
#: Cells wider than this wrap when a table is laid out as lines.
_WIDEST_CELL = 40.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be a title. ``size``: height against the page's usual line."""

    text: str
    line: TextLine
    size: float
    order: int
    """Row from the top, counted from 0."""

    @property
    def strong(self) -> bool:
        """Tell whether size or place make it a title rather than a line of text."""
        return self.size >= _LARGE or self.order < 4  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Glance:
    """What every kind looks at first. ``text``: folded rows, one per line."""

    content: PageContent
    sheet: Sheet
    rows: tuple[str, ...]
    text: str
    headings: tuple[Heading, ...]
    page_of: tuple[int, int]
    """Printed page number and page count, 0 where not printed."""

    @property
    def characters(self) -> int:
        """Number of characters on the page, blanks not counted."""
        return len(self.text) - len(self.rows)


_last: list[Glance] = []


def glance(content: PageContent) -> Glance:
    """Return the page at a glance; the last page's is kept, since every kind asks for it."""
    if _last and _last[0].content is content:
        return _last[0]
    made = _make(content)
    _last[:] = [made]
    return made


def _make(content: PageContent) -> Glance:
    sheet = text_sheet(content)
    grouped = rows(line for line in sheet.lines if not runs_down(line, sheet.aspect))
    texts = tuple("".join(fold(line.text)[0] for line in row) for row in grouped)
    heads = tuple(_headings(grouped))
    text = "".join(row + "\n" for row in texts)
    down = "".join(
        fold(line.text)[0] + "\n" for line in sheet.lines if runs_down(line, sheet.aspect)
    )
    return Glance(content, sheet, texts, text + down, heads, _page_of(texts))


def _headings(grouped: Sequence[tuple[TextLine, ...]]) -> list[Heading]:
    heights = [line.box.height for row in grouped for line in row if line.box.height > 0]
    usual = statistics.median(heights) if heights else 0.0
    found: list[Heading] = []
    for order, row in enumerate(grouped):
        pieces = list(row)
        if 1 < len(row) <= _LONGEST_HEADING // 2:
            whole = TextLine("".join(p.text for p in row), _union(row), row[0].origin)
            pieces.append(whole)
        for line in pieces:
            text = fold(line.text)[0]
            if not 1 < len(text) <= _LONGEST_HEADING or _SENTENCE.search(text):
                continue
            size = line.box.height / usual if usual else 1.0
            if order >= _FIRST_ROWS and (line.box.top > _LOWEST_HEADING or size < _LARGE):
                continue
            found.append(Heading(text, line, size, order))
    return found


def _union(row: Sequence[TextLine]) -> Box:
    box = row[0].box
    for line in row[1:]:
        box = box.union(line.box)
    return box


def _page_of(texts: Sequence[str]) -> tuple[int, int]:
    for text in (*texts[-4:], *texts[:4]):
        found = _PAGE_OF.search(text)
        if found is not None:
            groups = found.groupdict()
            number = groups["a"] or groups["c"] or groups["e"]
            count = groups["b"] or groups["d"] or groups["f"]
            return _figure(number), _figure(count)
    for text in (*texts[-2:], *texts[:1]):
        alone = _PAGE_ALONE.match(text)
        if alone is not None:
            number = next(g for g in alone.groups() if g)
            return int(number), int(alone.group(4) or 0)
    return 0, 0


def printed_page(lines: Sequence[TextLine]) -> tuple[int, int]:
    """Return page number and page count as printed on a page with these lines, 0 where not."""
    grouped = rows(line for line in lines if line.text.strip())
    return _page_of(["".join(fold(line.text)[0] for line in row) for row in grouped])


def _figure(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS.get(text, 0)


def text_sheet(content: PageContent) -> Sheet:
    """Return the page's lines; those of its tables as well where no line shows their text."""
    sheet = sheet_of(content)
    known = "".join(fold(line.text)[0] for line in sheet.lines)
    extra = [t for t in content.tables if not t.hidden and not _shown(t, known)]
    if not extra:
        return sheet
    laid: list[TextLine] = []
    for table in extra:
        laid += _lay_out(table)
    if not sheet.lines:
        return replace(sheet, lines=_fit(laid, 0.0))
    lowest = max(line.box.bottom for line in sheet.lines)
    return Sheet((*sheet.lines, *_fit(laid, min(lowest, 0.5))), sheet.aspect)


def _shown(table: Table, known: str) -> bool:
    texts = [fold(cell.text)[0] for cell in table.cells if cell.text.strip()]
    return not texts or sum(text in known for text in texts) > len(texts) / 2


def _lay_out(table: Table) -> list[TextLine]:
    """Return the cells as lines on a grid measured in em: 1 wide a character, 1.6 high a row."""
    cells = [c for c in table.cells if c.text.strip() and not c.hidden]
    widths: dict[int, float] = {}
    heights: dict[int, int] = {}
    for cell in cells:
        parts = cell.text.splitlines() or [cell.text]
        widest = min(max(units(part) for part in parts) + 1.0, _WIDEST_CELL)
        if cell.column_span <= 1:
            widths[cell.column] = max(widths.get(cell.column, 3.0), widest)
        heights[cell.row] = max(heights.get(cell.row, 1), len(parts))
    lefts = _starts({c: widths.get(c, 3.0) for c in range(max(widths, default=0) + 1)})
    tops = _starts({r: heights[r] * 1.6 for r in sorted(heights)})
    lines = []
    for cell in cells:
        for place, part in enumerate(cell.text.splitlines()):
            if not part.strip():
                continue
            x = lefts.get(cell.column, 0.0)
            y = tops[cell.row] + place * 1.6
            box = Box(x, y, x + units(part), y + 1.0)
            lines.append(TextLine(part, box, table.origin, cell.confidence))
    return lines


def _starts(sizes: dict[int, float]) -> dict[int, float]:
    found, at = {}, 0.0
    for key, size in sizes.items():
        found[key] = at
        at += size
    return found


def _fit(lines: Sequence[TextLine], top: float) -> tuple[TextLine, ...]:
    """Return lines measured in em scaled into the page below ``top``."""
    if not lines:
        return ()
    width = max(line.box.right for line in lines) or 1.0
    height = max(line.box.bottom for line in lines) or 1.0
    size = min(1.0 / width, (1.0 - top) * A4_ASPECT / height)
    return tuple(
        replace(
            line,
            box=Box(
                line.box.left * size,
                top + line.box.top * size / A4_ASPECT,
                line.box.right * size,
                top + line.box.bottom * size / A4_ASPECT,
            ),
        )
        for line in lines
    )

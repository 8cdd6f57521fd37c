"""Tables that call themselves .xls: web pages, and the XML spreadsheets of 2003."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audit.model import Cell, Problem
from audit.readers import numberformat
from audit.readers.sheets import Sheet, SheetBuilder
from audit.readers.textual import decoded
from audit.readers.xlsx import dated_cell
from audit.readers.xmlsafe import attribute, child, children, parse_xml, text_of
from audit.settings import Limits

if TYPE_CHECKING:
    from lxml import etree

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_MOST_SPAN = 1000
#: Places one cell may cover; a cell that claims more covers its own.
_MOST_COVERED = 20_000
_HEAD = 4096


def html_sheets(data: bytes, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Problem, ...]]:
    """Return the tables of a web page (the innermost of nested ones) and encoding problems."""
    from lxml import etree, html

    declared = _CHARSET.search(data[:_HEAD])
    text, problems = decoded(data, declared.group(1).decode("ascii") if declared else "")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    clean = re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\x00", ""))
    try:
        root = html.document_fromstring(clean or "<html/>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ValueError(str(error)[:60]) from error
    tables = [t for t in root.iter("table") if next(t.iterdescendants("table"), None) is None]
    sheets = [_html_sheet(t, f"HTML {n}", limits) for n, t in enumerate(tables, 1)]
    return tuple(sheets), problems


def _html_sheet(table: Any, name: str, limits: Limits) -> Sheet:  # noqa: ANN401 - lxml.html
    builder = SheetBuilder(name, limits)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(table.iter("tr")):
        if not builder.row_fits(row):
            break
        hidden = "display:none" in (element.get("style") or "").replace(" ", "").lower()
        column = 0
        for one in element:
            if one.tag not in {"td", "th"}:
                continue
            while (row, column) in taken:
                column += 1
            rows, columns = _span(one.get("rowspan")), _span(one.get("colspan"))
            if rows * columns > _MOST_COVERED:
                rows, columns = 1, 1
            taken.update((row + i, column + j) for i in range(rows) for j in range(columns))
            if (rows, columns) != (1, 1):
                spans[row, column] = (rows, columns)
            builder.add(_html_cell(one, row, column, hidden=hidden))
            column += columns
    return builder.sheet(spans)


def _html_cell(element: Any, row: int, column: int, *, hidden: bool) -> Cell:  # noqa: ANN401
    text = _BLANKS.sub(" ", "".join(element.itertext())).strip().strip("\xa0")
    stored = element.get("x:num") or element.get("num")
    number = numberformat.exact(stored) if stored else None
    return Cell(row, column, text, number=number, hidden=hidden)


def _span(value: str | None) -> int:
    if value is None or not value.strip().isdigit():
        return 1
    return max(1, min(int(value.strip()[:6]), _MOST_SPAN))


def xml2003_sheets(data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Return the worksheets of an XML spreadsheet of 2003."""
    root = parse_xml(data, limits)
    return tuple(_xml_sheet(sheet, limits) for sheet in children(root, "Worksheet"))


def _xml_sheet(sheet: etree._Element, limits: Limits) -> Sheet:
    options = child(sheet, "WorksheetOptions", "Visible")
    hidden = options is not None and "Hidden" in text_of(options)
    builder = SheetBuilder(attribute(sheet, "Name"), limits, hidden)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    table = child(sheet, "Table")
    row = -1
    concealed = _hidden_columns(table, limits)
    for element in children(table, "Row") if table is not None else ():
        row = _index(element, row)
        if not builder.row_fits(row):
            break
        covered = attribute(element, "Hidden") == "1"
        column = -1
        for one in children(element, "Cell"):
            column = _index(one, column)
            across, down = _extra(one, "MergeAcross"), _extra(one, "MergeDown")
            if across or down:
                spans[row, column] = (down + 1, across + 1)
            cell = _xml_cell(one, row, column)
            if cell is not None:
                hide = covered or column in concealed
                builder.add(cell if not hide else _hidden(cell))
            column += across
        row += _extra(element, "Span")
    return builder.sheet(spans)


def _hidden(cell: Cell) -> Cell:
    from dataclasses import replace

    return replace(cell, hidden=True)


def _hidden_columns(table: etree._Element | None, limits: Limits) -> set[int]:
    found: set[int] = set()
    column = -1
    for element in children(table, "Column") if table is not None else ():
        column = _index(element, column)
        span = min(_extra(element, "Span"), limits.table_columns)
        if attribute(element, "Hidden") == "1":
            found.update(range(column, column + span + 1))
        column += span
    return found


def _xml_cell(element: etree._Element, row: int, column: int) -> Cell | None:
    data = child(element, "Data")
    if data is None:
        return None
    text = text_of(data)
    kind = attribute(data, "Type", "String")
    if kind == "Number":
        number = numberformat.exact(text)
        return Cell(row, column, text if number is None else numberformat.plain(number), number)
    return dated_cell(row, column, text) if kind == "DateTime" else Cell(row, column, text)


def _index(element: etree._Element, before: int) -> int:
    given = attribute(element, "Index")
    return int(given) - 1 if given.isdigit() and len(given) < 9 else before + 1  # noqa: PLR2004


def _extra(element: etree._Element, name: str) -> int:
    given = attribute(element, name)
    return min(int(given), 1_000_000) if given.isdigit() and len(given) < 8 else 0  # noqa: PLR2004

"""XLSX, streamed part by part: values with their types, merged and hidden cells, formulas.

Read from the XML itself: nothing is trusted that the file says about its own size, and the
digits of a number reach us as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.model import Cell, Problem, problem
from audit.readers import numberformat
from audit.readers.base import UnreadableError
from audit.readers.container import Container, damaged, resolve
from audit.readers.sheets import Sheet, SheetBuilder, column_number, reference, row_number
from audit.readers.xmlsafe import attribute, child, children, local, refuse_doctype, walk

if TYPE_CHECKING:
    from lxml import etree

_MOST_STRINGS = 2_000_000
_MOST_MERGES = 100_000
_MOST_SHEETS = 200
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Where a sheet lies in the container."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Workbook:
    """An opened workbook: its sheets in order, strings and formats read once."""

    container: Container
    sheets: list[SheetPart]
    problems: list[Problem]
    since_1904: bool = False
    strings_part: str = ""
    styles_part: str = ""
    _strings: list[str] | None = None
    _formats: list[str] | None = field(default=None)

    def strings(self) -> list[str]:
        """Return the shared strings."""
        if self._strings is None:
            self._strings = _shared_strings(self.container, self.strings_part)
        return self._strings

    def format(self, style: str) -> str:
        """Return the number format of a cell style, empty for General."""
        if self._formats is None:
            self._formats = _cell_formats(self.container, self.styles_part)
        number = int(style) if style.isascii() and style.isdigit() and len(style) < 7 else -1  # noqa: PLR2004
        return self._formats[number] if 0 <= number < len(self._formats) else ""


def open_workbook(container: Container) -> Workbook:
    """Return the workbook of a checked container; E302 if it has none."""
    main = _main_part(container)
    root = container.xml(main)
    targets = relations(container, main)
    since_1904 = attribute(_first(root, "workbookPr"), "date1904") in {"1", "true"}
    sheets: list[SheetPart] = []
    problems: list[Problem] = list(container.ambiguities())
    for sheet in children(_first(root, "sheets")):
        if local(sheet) != "sheet":
            continue
        kind, part = targets.get(attribute(sheet, "id"), ("", ""))
        if kind in {"chartsheet", "dialogsheet", "xlMacrosheet"}:
            continue
        name = attribute(sheet, "name")
        if part not in container:
            problems.append(problem("E302", reason=f"{name}: {part or '?'}"))
            continue
        state = attribute(sheet, "state", "visible")
        sheets.append(SheetPart(name, part, state != "visible"))
    by_kind = dict(targets.values())
    problems += _odd_parts(container)
    return Workbook(
        container,
        sheets[:_MOST_SHEETS],
        problems,
        since_1904,
        by_kind.get("sharedStrings", ""),
        by_kind.get("styles", ""),
    )


def _main_part(container: Container) -> str:
    if "_rels/.rels" in container:
        for kind, part in relations(container, "").values():
            if kind == "officeDocument" and part in container:
                return part
    found = [n for n in container.names if n.casefold().endswith("workbook.xml")]
    if not found:
        raise UnreadableError(problem("E302", reason="workbook.xml"))
    return found[0]


def relations(container: Container, part: str) -> dict[str, tuple[str, str]]:
    """Return relation id → (kind, target part) of a part; external targets are left out."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if rels not in container:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for one in children(container.xml(rels)):
        if attribute(one, "TargetMode") == "External":
            continue
        kind = attribute(one, "Type").rpartition("/")[2]
        found[attribute(one, "Id")] = (kind, resolve(part, attribute(one, "Target")))
    return found


def _odd_parts(container: Container) -> Iterator[Problem]:
    folded = [name.casefold() for name in container.names]
    if any(name.endswith(("vbaproject.bin", "activex1.bin")) for name in folded):
        yield problem("W605")
    if any("/externallinks/externallink" in name for name in folded):
        yield problem("E604")


def _first(root: etree._Element, name: str) -> etree._Element:
    found = child(root, name)
    return root if found is None else found


def _events(container: Container, part: str, *names: str) -> Iterator[etree._Element]:
    """Stream a part's elements of these names as they end; E603 for a DOCTYPE, E302 for broken XML."""
    from lxml import etree

    with container.open(part) as head:
        refuse_doctype(head.read(_HEAD))
    with container.open(part) as source:
        try:
            for _, element in etree.iterparse(
                source, events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False, no_network=True,
                load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
            ):  # fmt: skip
                yield element
        except etree.XMLSyntaxError as error:
            raise UnreadableError(damaged(error)) from error


def _shared_strings(container: Container, part: str) -> list[str]:
    if not part or part not in container:
        return []
    found: list[str] = []
    for element in _events(container, part, "si"):
        found.append(_rich_text(element))
        _free(element)
        if len(found) >= _MOST_STRINGS:
            break
    return found


def _rich_text(element: etree._Element) -> str:
    """Return the text of a string item: its runs, without reading aids for pronunciation."""
    pieces = []
    for one in children(element):
        if local(one) == "t":
            pieces.append(one.text or "")
        elif local(one) == "r":
            pieces += [t.text or "" for t in children(one, "t")]
    return "".join(pieces)


def _free(element: Any) -> None:  # noqa: ANN401 - lxml's stubs lack these
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _cell_formats(container: Container, part: str) -> list[str]:
    if not part or part not in container:
        return []
    root = container.xml(part)
    own = {
        attribute(one, "numFmtId"): attribute(one, "formatCode")
        for one in walk(root)
        if local(one) == "numFmt"
    }
    formats = []
    for style in children(_first(root, "cellXfs"), "xf"):
        number = attribute(style, "numFmtId", "0")
        code = own.get(number)
        if code is None and number.isdigit():
            code = numberformat.built_in(int(number[:4]))
        formats.append("" if code is None or code == "General" else code)
    return formats


def has_content(book: Workbook, part: str) -> bool:
    """Tell whether a sheet has any cell with a value."""
    for element in _events(book.container, part, "c", "row"):
        if local(element) == "c":
            if any(local(one) in {"v", "is", "f"} for one in element):
                return True
            element.clear()
        elif local(element) == "row":
            _free(element)
    return False


def read_sheet(book: Workbook, part: SheetPart, limits: Any) -> Sheet:  # noqa: ANN401 - Limits
    """Return one sheet of the workbook."""
    builder = SheetBuilder(part.name, limits, part.hidden)
    hidden_columns: set[int] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    expected = 0
    for element in _events(book.container, part.part, "col", "row", "mergeCell"):
        name = local(element)
        if name == "col":
            if attribute(element, "hidden") in {"1", "true"}:
                hidden_columns |= _column_range(element, limits.table_columns)
        elif name == "row":
            expected = _take_row(book, builder, element, expected, hidden_columns)
            _free(element)
        elif name == "mergeCell" and len(spans) < _MOST_MERGES:
            _take_merge(attribute(element, "ref"), spans)
    return builder.sheet(spans)


def _column_range(element: etree._Element, most: int) -> set[int]:
    first, last = attribute(element, "min"), attribute(element, "max")
    if not (first.isdigit() and last.isdigit()):
        return set()
    return set(range(int(first) - 1, min(int(last), most)))


def _take_row(
    book: Workbook, builder: SheetBuilder, element: etree._Element, expected: int, hidden: set[int]
) -> int:
    given = element.get("r", "")
    row = int(given) - 1 if given.isascii() and given.isdigit() and len(given) < 9 else expected  # noqa: PLR2004
    concealed = element.get("hidden") in {"1", "true"}
    column = -1
    cells = [one for one in element if local(one) == "c"]
    if not any(len(one) for one in cells) or not builder.row_fits(row):
        return row + 1
    for one in cells:
        place = one.get("r", "")
        column = column_number(place) if place else column + 1
        own_row = row_number(place) if place else row
        if own_row != row or column < 0:
            continue
        cell = _cell(book, builder, one, row, column)
        if cell is not None:
            covered = concealed or column in hidden
            builder.add(cell if not covered else _concealed(cell))
    return row + 1


def _concealed(cell: Cell) -> Cell:
    from dataclasses import replace

    return replace(cell, hidden=True)


def _cell(
    book: Workbook, builder: SheetBuilder, element: etree._Element, row: int, column: int
) -> Cell | None:
    kind = element.get("t", "n")
    inner = {local(one): one for one in element}
    value = inner.get("v")
    stored = "" if value is None or value.text is None else value.text
    if kind == "inlineStr":
        inline = inner.get("is")
        stored = "" if inline is None else _rich_text(inline)
    elif not stored and "f" in inner:
        builder.unsaved.append(reference(row, column))
        return None
    if kind == "s":
        number = int(stored) if stored.strip().isdigit() and len(stored) < 9 else -1  # noqa: PLR2004
        strings = book.strings()
        stored = strings[number] if 0 <= number < len(strings) else ""
    elif kind == "b":
        stored = "TRUE" if stored == "1" else "FALSE"
    elif kind == "d":
        return dated_cell(row, column, stored)
    elif kind == "n":
        return _number_cell(book, row, column, stored, element.get("s", ""))
    return Cell(row, column, stored.strip())


def dated_cell(row: int, column: int, stored: str) -> Cell:
    """Return the cell of an ISO date or moment; only text where it is none."""
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(stored.strip().replace("Z", ""))
    except ValueError:
        return Cell(row, column, stored.strip())
    return Cell(row, column, numberformat.iso(moment), day=moment.date())


def _number_cell(book: Workbook, row: int, column: int, stored: str, style: str) -> Cell:
    value = numberformat.exact(stored)
    if value is None:
        return Cell(row, column, stored.strip())
    code = book.format(style)
    if code and numberformat.is_date(code):
        moment = numberformat.from_serial(value, since_1904=book.since_1904)
        if moment is not None:
            shown = numberformat.shown_date(moment, code)
            day = moment.date() if numberformat.shows_day(code) else None
            return Cell(row, column, shown, day=day)
    shown = numberformat.shown_number(value, code) if code else numberformat.plain(value)
    return Cell(row, column, shown, number=value)


def _take_merge(area: str, spans: dict[tuple[int, int], tuple[int, int]]) -> None:
    first, _, last = area.replace("$", "").partition(":")
    row, column = row_number(first), column_number(first)
    if not last or row < 0 or column < 0:
        return
    rows, columns = row_number(last) - row + 1, column_number(last) - column + 1
    if rows > 0 and columns > 0:
        spans[row, column] = (rows, columns)

"""The text of a Word document's XML: paragraphs, tables, boxes ticked, what is hidden or struck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.readers.xmlsafe import attribute, child, children, local

if TYPE_CHECKING:
    from lxml import etree

#: Tick boxes that documents write as characters of symbol fonts.
_SYMBOLS = {
    ("wingdings", 0x6F): "□", ("wingdings", 0xA8): "□", ("wingdings", 0x71): "□",
    ("wingdings", 0x72): "□", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒",
    ("wingdings", 0x78): "☒", ("wingdings", 0xFC): "✓", ("wingdings", 0xFB): "✗",
    ("wingdings", 0x6C): "●", ("wingdings", 0xA1): "○", ("wingdings", 0x6E): "■",
    ("wingdings 2", 0x52): "☑", ("wingdings 2", 0x53): "☒", ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x50): "✓", ("wingdings 2", 0x4F): "✗", ("wingdings 2", 0x30): "☑",
    ("wingdings 2", 0x2A): "□", ("symbol", 0xB4): "×", ("symbol", 0xD6): "√",
}  # fmt: skip
TICKED, EMPTY = "☑", "□"
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "tblPr", "sectPr",
     "footnoteReference", "endnoteReference", "commentReference", "rt"}
)  # fmt: skip
_DEEPEST = 40
#: Elements that stand for one character; a form feed begins a page.
_PLAIN = {
    "tab": " ",
    "ptab": " ",
    "br": " ",
    "cr": " ",
    "noBreakHyphen": "-",
    "lastRenderedPageBreak": "\f",
}


@dataclass(frozen=True, slots=True)
class WordCell:
    """One cell: paragraphs, place in the grid of its table, columns spanned, rows spanned."""

    row: int
    column: int
    lines: tuple[str, ...]
    column_span: int = 1
    row_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``cells`` empty) or a table; ``widths``: relative widths of its columns."""

    text: str = ""
    cells: tuple[WordCell, ...] = ()
    widths: tuple[float, ...] = ()
    new_page: bool = False
    """A page begins before it."""


@dataclass(slots=True)
class Oddities:
    """What else was met: tracked changes, hidden text, active fields."""

    tracked: bool = False
    hidden: bool = False
    active: bool = False
    deep: bool = False


@dataclass(slots=True)
class WordReader:
    """Turns the XML of one part into blocks."""

    odd: Oddities = field(default_factory=Oddities)
    _page: bool = False

    def blocks(self, body: etree._Element, depth: int = 0) -> Iterator[Block]:
        """Yield paragraphs and tables in order; text boxes follow their paragraph."""
        if depth > _DEEPEST:
            self.odd.deep = True
            return
        for element in children(body):
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, depth)
            elif name == "tbl":
                yield self._table(element, depth)
            elif name in {"del", "moveFrom"}:
                self.odd.tracked = True
            elif name in {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml",
                          "AlternateContent", "Choice"}:  # fmt: skip
                self.odd.tracked |= name in {"ins", "moveTo"}
                yield from self.blocks(element, depth + 1)

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        before = child(element, "pPr", "pageBreakBefore") is not None
        text, boxes = self._text(element)
        new_page, self._page = self._page or before, self._ends_page(element)
        for place, line in enumerate(text.split("\f")):
            if line.strip() or new_page or place:
                yield Block(line.strip(), new_page=(new_page and not place) or place > 0)
        for box in boxes:
            yield from self.blocks(box, depth + 1)

    @staticmethod
    def _ends_page(element: etree._Element) -> bool:
        section = child(element, "pPr", "sectPr")
        if section is None:
            return False
        kind = child(section, "type")
        return kind is None or attribute(kind, "val") not in {"continuous", "nextColumn"}

    def _text(self, element: etree._Element) -> tuple[str, list[etree._Element]]:
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        pending: list[Iterator[etree._Element]] = [iter(children(element))]
        while pending:
            one = next(pending[-1], None)
            if one is None:
                pending.pop()
                continue
            name = local(one)
            if name == "r" and self._vanished(one):
                continue
            piece = self._piece(one, name)
            if piece is not None:
                pieces.append(piece)
            elif name == "txbxContent":
                boxes.append(one)
            elif name == "instrText":
                self._instruction(one)
            elif name in _SKIPPED:
                self.odd.tracked |= name in {"del", "moveFrom"}
            else:
                self.odd.tracked |= name in {"ins", "moveTo"}
                pending.append(iter(children(one)))
        return "".join(pieces), boxes

    def _vanished(self, run: etree._Element) -> bool:
        mark = child(run, "rPr", "vanish")
        if mark is None or attribute(mark, "val", "1") in {"0", "false"}:
            return False
        if any(local(one) == "t" and (one.text or "").strip() for one in run):
            self.odd.hidden = True
        return True

    def _instruction(self, element: etree._Element) -> None:
        words = (element.text or "").upper().split()
        self.odd.active |= bool(words) and words[0] in {"DDE", "DDEAUTO", "MACROBUTTON"}

    def _piece(self, one: etree._Element, name: str) -> str | None:
        if name == "t":
            return one.text or ""
        if name in _PLAIN:
            return "\f" if attribute(one, "type") == "page" else _PLAIN[name]
        if name == "sym":
            return _symbol(attribute(one, "font"), attribute(one, "char"))
        if name == "checkBox":
            return _ticked(one)
        return None

    def _table(self, element: etree._Element, depth: int) -> Block:
        grid = child(element, "tblGrid")
        widths = [_figure(attribute(c, "w")) for c in (children(grid) if grid is not None else ())]
        cells: list[WordCell] = []
        open_at: dict[int, int] = {}
        rows = [r for r in _rows(element) if child(r, "trPr", "del") is None]
        for row, one in enumerate(rows):
            column = _count(child(one, "trPr", "gridBefore"), 0)
            for cell in _cells(one):
                span = max(1, _count(child(cell, "tcPr", "gridSpan"), 1))
                merge = child(cell, "tcPr", "vMerge")
                goes_on = merge is not None and attribute(merge, "val") != "restart"
                if goes_on and column in open_at:
                    _grow(cells, open_at.get(column))
                else:
                    open_at[column] = len(cells)
                    lines = tuple(self._lines(cell, depth))
                    cells.append(WordCell(row, column, lines, span))
                column += span
        new_page, self._page = self._page, False
        return Block(cells=tuple(cells), widths=tuple(widths), new_page=new_page)

    def _lines(self, cell: etree._Element, depth: int) -> Iterator[str]:
        for block in self.blocks(cell, depth + 1):
            if block.text:
                yield block.text
            for inner in block.cells:
                yield from inner.lines


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for one in children(table):
        if local(one) == "tr":
            yield one
        elif local(one) in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _rows(one)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for one in children(row):
        if local(one) == "tc":
            yield one
        elif local(one) in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _cells(one)


def _grow(cells: list[WordCell], place: int | None) -> None:
    from dataclasses import replace

    if place is not None:
        cells[place] = replace(cells[place], row_span=cells[place].row_span + 1)


def _symbol(font: str, code: str) -> str:
    try:
        number = int(code, 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get((font.lower(), number), "")


def _ticked(box: etree._Element) -> str:
    """Return the mark of an old form field; a new one has its mark as text of its own."""
    if child(box, "checkedState") is not None:
        return ""
    state = child(box, "checked")
    if state is None:
        state = child(box, "default")
    on = state is not None and attribute(state, "val", "1") not in {"0", "false"}
    return TICKED if on else EMPTY


def _count(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else attribute(element, "val")
    return min(int(value), 200) if value.isdigit() and len(value) < 6 else default  # noqa: PLR2004


def _figure(value: str) -> float:
    try:
        return max(0.0, min(float(value), 1e6))
    except ValueError:
        return 0.0

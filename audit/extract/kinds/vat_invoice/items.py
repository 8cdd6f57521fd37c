"""The item table of an invoice: rows to lines, wrapped names joined, sums left out.

Columns are told by their heads, rows by baseline. Figures are right-aligned under centred
heads and may share a text line with their neighbour, so they are sorted by order around the
tax rate rather than by distance alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import Face, tokens
from audit.extract.kinds.vat_invoice.totals import read_money, sum_spot
from audit.extract.kinds.vat_invoice.values import NO_FIGURE, parse_item_field
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.ladder import reconcile
from audit.extract.layout import join, rows, runs_down
from audit.model import InvoiceItem, TextLine, Value

_FIGURE = re.compile(r"^[-–—\u2212(]?[¥￥]?[-–—\u2212]?\d[\d,，]*(\.\d+)?\)?$")
_RATE = re.compile(r"^(\d{1,2}(\.\d+)?%|免税|不征税|出口零税|普通零税率|[*＊]{2,3})$")
_NAME_START = re.compile(r"^[*＊][^*＊]{1,30}[*＊]")
_LIST = re.compile(r"详见.{0,6}清单")
_SUM_ROW = re.compile(r"^(合计|小计|合计:|小计:|价税合计.*)")
_TEXT_COLUMNS = ("name", "specification", "unit")
_NUMBER_COLUMNS = ("quantity", "unit_price", "amount", "tax_rate", "tax")


@dataclass
class _Line:
    """One line of the table while its rows are gathered."""

    cells: dict[str, list[TextLine]] = field(default_factory=dict)

    def add(self, column: str, piece: TextLine) -> None:
        self.cells.setdefault(column, []).append(piece)

    @property
    def has_amount(self) -> bool:
        return "amount" in self.cells


def read_items(face: Face) -> tuple[InvoiceItem, ...]:
    """Return the lines of the invoice as printed; empty without a table."""
    if not face.heads:
        return ()
    lines: list[_Line] = []
    for row in rows(_table_lines(face)):
        cells = _cells(face, row)
        if not cells or _is_sum(row):
            continue
        _place(lines, cells)
    return tuple(_item(face, line) for line in lines if _real(line))


def _table_lines(face: Face) -> list[TextLine]:
    top, bottom = face.heads_bottom, _table_bottom(face)
    edge = face.heads[0].box.left - 12 * face.heads[0].em
    return [
        line
        for line in face.sheet.lines
        if top < line.box.centre[1] < bottom
        and line.box.centre[0] > edge
        and not runs_down(line, face.sheet.aspect)
    ]


def _table_bottom(face: Face) -> float:
    spot = sum_spot(face)
    if spot is not None:
        return spot.box.top + 0.2 * spot.box.height
    ends = [
        s.box.top
        for s in face.of(labels.TOTAL_WORDS, labels.TOTAL_LINE, labels.SUBTOTAL)
        if s.box.top > face.heads_bottom
    ]
    return min(ends, default=face.area.bottom)


def _is_sum(row: Sequence[TextLine]) -> bool:
    text = "".join(fold(line.text)[0] for line in row)
    return bool(_SUM_ROW.match(text))


def _real(line: _Line) -> bool:
    name = "".join(piece.text for piece in line.cells.get("name", ()))
    return line.has_amount or bool(_NAME_START.match(fold(name)[0])) or bool(_LIST.search(name))


def _cells(face: Face, row: Sequence[TextLine]) -> dict[str, list[TextLine]]:
    """Return the pieces of a row by column."""
    words, figures = _split_row(face, row)
    cells: dict[str, list[TextLine]] = {}
    for column, piece in (*_text_cells(face, words), *_figure_cells(face, figures)):
        cells.setdefault(column, []).append(piece)
    return cells


def _split_row(face: Face, row: Sequence[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Return the row's text pieces and its figures (right of the text columns)."""
    border, margin = _figures_left(face), _words_right(face)
    words: list[TextLine] = []
    figures: list[TextLine] = []
    for line in row:
        if line.box.right < border:
            words.append(line)
            continue
        for part in tokens(line):
            text = fold(part.text)[0]
            is_figure = bool(_FIGURE.match(text) or _RATE.match(text) or NO_FIGURE.match(text))
            if is_figure and part.box.right >= border:
                figures.append(part)
            elif part.box.left < margin:
                words.append(part)
    return words, figures


def _words_right(face: Face) -> float:
    """Return the x beyond which a text is print of the margin: right of the sums and any text head."""
    amount = face.head("col_amount")
    texts = [s.box.right for s in face.heads if s.field.removeprefix("col_") in _TEXT_COLUMNS]
    if amount is None:
        return face.area.right
    return max(amount.box.left, *texts) if texts else amount.box.left


def _figures_left(face: Face) -> float:
    """Return the x beyond which a number is a figure of the table, not part of a text."""
    first = min(
        (s for s in face.heads if s.field in {"col_quantity", "col_unit_price", "col_amount"}),
        key=lambda s: s.box.left,
        default=None,
    )
    if first is None:
        return face.area.right
    texts = [s for s in face.heads if s.box.right < first.box.left]
    if not texts:
        return first.box.left
    return (texts[-1].box.right + first.box.left) / 2


def _text_cells(face: Face, words: Sequence[TextLine]) -> list[tuple[str, TextLine]]:
    heads = [s for s in face.heads if s.field not in {f"col_{c}" for c in _NUMBER_COLUMNS}]
    found = []
    for line in words:
        parts = [line] if len(heads) == 1 else _split_at_heads(line, heads)
        found += [(_text_column(part, heads), part) for part in parts]
    return found


def _split_at_heads(line: TextLine, heads: Sequence[Spot]) -> list[TextLine]:
    """Split a line where its parts stand under different heads."""
    grouped: list[tuple[str, list[TextLine]]] = []
    for part in tokens(line):
        column = _text_column(part, heads)
        if grouped and grouped[-1][0] == column:
            grouped[-1][1].append(part)
        else:
            grouped.append((column, [part]))
    if len(grouped) == 1:
        return [line]
    return [joined for _, parts in grouped if (joined := join(parts, " ")) is not None]


def _text_column(part: TextLine, heads: Sequence[Spot]) -> str:
    """Return the text column in which a piece begins."""
    column = "name"
    for head in heads:
        if head.field == "col_name":
            continue
        slack = (2.5 if head.field == "col_specification" else 1.2) * head.em
        if part.box.left >= head.box.left - slack:
            column = head.field.removeprefix("col_")
    return column


def _figure_cells(face: Face, figures: Sequence[TextLine]) -> list[tuple[str, TextLine]]:
    """Return the figures of a row by column: around the rate if there is one, else by head."""
    ordered = sorted(figures, key=lambda piece: piece.box.left)
    rate = next((i for i, p in enumerate(ordered) if _is_rate(face, p)), None)
    if rate is None:
        return [(_nearest(face, piece, _NUMBER_COLUMNS), piece) for piece in ordered]
    before, after = ordered[:rate], ordered[rate + 1 :]
    cells = [("tax_rate", ordered[rate])]
    cells += [("tax", piece) for piece in after[:1]]
    if before:
        cells.append(("amount", before[-1]))
    rest = before[:-1]
    order = _left_columns(face)
    if len(rest) == len(order):
        cells += zip(order, rest, strict=True)
    else:
        cells += [(_nearest(face, piece, order), piece) for piece in rest if order]
    return cells


def _is_rate(face: Face, piece: TextLine) -> bool:
    text = fold(piece.text)[0]
    if not _RATE.match(text):
        return False
    tax = face.head("col_tax")
    if NO_FIGURE.match(text) and tax is not None:
        return _nearest(face, piece, ("tax_rate", "tax")) == "tax_rate"
    return True


def _left_columns(face: Face) -> list[str]:
    """Return quantity and unit price in the order in which the table has them."""
    heads = [s for s in face.heads if s.field in {"col_quantity", "col_unit_price"}]
    return [s.field.removeprefix("col_") for s in heads]


def _nearest(face: Face, piece: TextLine, columns: Sequence[str]) -> str:
    heads = [s for s in face.heads if s.field.removeprefix("col_") in columns]
    if not heads:
        return columns[0]
    best = min(heads, key=lambda s: _distance(s, piece))
    return best.field.removeprefix("col_")


def _distance(head: Spot, piece: TextLine) -> float:
    """Distance of a right-aligned figure from a centred head."""
    overlap = min(head.box.right, piece.box.right) - max(head.box.left, piece.box.left)
    if overlap > 0:
        return -overlap
    return abs(head.box.centre[0] - piece.box.centre[0])


def _place(lines: list[_Line], cells: dict[str, list[TextLine]]) -> None:
    """Begin a new line or go on with the last one."""
    name = "".join(piece.text for piece in cells.get("name", ()))
    starts = bool(_NAME_START.match(fold(name)[0])) or bool(_LIST.search(name))
    last = lines[-1] if lines else None
    fresh = last is None or starts or ("amount" in cells and last.has_amount)
    if last is None or (fresh and not _completes(last, cells, starts)):
        last = _Line()
        lines.append(last)
    for column, pieces in cells.items():
        for piece in pieces:
            last.add(column, piece)


def _completes(last: _Line, cells: dict[str, list[TextLine]], starts: bool) -> bool:
    """A row of figures printed above its (vertically centred) name belongs to it."""
    return starts and last.has_amount and "name" not in last.cells and "amount" not in cells


def _item(face: Face, line: _Line) -> InvoiceItem:
    readings: dict[str, Any] = {}
    for column in (*_TEXT_COLUMNS, *_NUMBER_COLUMNS):
        pieces = line.cells.get(column)
        if not pieces:
            continue
        joined = join(pieces) if column in _TEXT_COLUMNS else pieces[0]
        if joined is None:
            continue
        value, raw = _cell_value(column, joined)
        candidate = as_candidate(joined, value, face.page_index, raw)
        readings[column] = reconcile(column, (candidate,))
    return InvoiceItem(**readings)


def _cell_value(column: str, line: TextLine) -> tuple[Value | None, str]:
    if column in {"amount", "tax"}:
        return read_money(line)
    return parse_item_field(column, line.text), line.text.strip()

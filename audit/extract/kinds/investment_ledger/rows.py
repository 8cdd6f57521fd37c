"""Rows of a ledger: items, subtotals and totals told apart; sections, notes and merged areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.extract.cells import ONE, is_empty
from audit.extract.kinds.investment_ledger.columns import Columns, is_header_again
from audit.extract.kinds.investment_ledger.labels import (
    MONEY,
    NOTE,
    NUMERAL,
    SECTION,
    SUBTOTAL,
    TOTAL,
)
from audit.extract.kinds.investment_ledger.values import Answers, Place, joined, read
from audit.extract.labels import fold
from audit.extract.tables import Grid, GridCell
from audit.model import MISSING, LedgerRow, Reading, RowRole, Status
from audit.text.money import words_to_amount

#: A merged text over this share of the columns is a section, a note or a title.
_WIDE = 0.6
#: Columns whose texts may say 合计.
_LONGEST_SUM_LABEL = 24
_COUNTS = frozenset({"quantity", "unit_price", "tax_rate"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the cells of a table have in common: page, unit of the title, answers, sheet name."""

    page_index: int
    unit: Decimal
    answers: Answers
    table: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A row as read. ``grid_row``: its first row in the grid."""

    row: LedgerRow
    grid_row: int
    factors: tuple[tuple[str, Decimal], ...] = ()


def read_rows(grid: Grid, columns: Columns, setting: Setting) -> tuple[Found, ...]:
    """Return the rows under a header to the end of the table, repeated headers followed."""
    found: list[Found] = []
    section: Reading = MISSING
    row = columns.bottom
    while row < grid.row_count:
        again = None if columns.guessed else is_header_again(grid, row, columns)
        if again is not None:
            columns, row = again, again.bottom
            continue
        height = _height(grid, columns, row)
        kind = _kind(grid, columns, row, height)
        if kind == "section":
            section = _section(grid, row, setting)
        elif kind is not None:
            read_row = _read(grid, columns, (row, height), setting, kind)
            if kind is RowRole.ITEM:
                read_row = _in_section(read_row, section)
            found.append(read_row)
        row += height
    return tuple(found)


def _height(grid: Grid, columns: Columns, row: int) -> int:
    """Return how many rows of the grid make one ledger row: those one amount is merged over."""
    index = columns.index(columns.amount) if columns.amount else None
    cell = grid.at(row, index) if index is not None else None
    if cell is None or cell.row_span < 2 or not cell.text:  # noqa: PLR2004 - not merged
        return 1
    return max(1, cell.row + cell.row_span - row)


def _kind(grid: Grid, columns: Columns, row: int, height: int) -> RowRole | str | None:
    """Return a row's role, ``section`` for a heading amid the rows, ``None`` for none of these."""
    cells = [c for r in range(row, row + height) for c in grid.row(r)]
    texts = [c for c in cells if not is_empty(c.joined)]
    if not texts:
        return None
    first = fold(texts[0].joined)[0]
    label = next((s for c in texts if (s := _sum_label(columns, c))), "")
    amount = _has(grid, columns, row, height, {columns.amount} if columns.amount else MONEY)
    if label and not _has(grid, columns, row, height, {"invoice_number"}, own=True):
        return RowRole.TOTAL if TOTAL.match(label) else RowRole.SUBTOTAL
    if not amount and (NOTE.match(first) or (_wide(grid, texts[0]) and not SECTION.match(first))):
        return None
    if _is_section(grid, columns, texts):
        return RowRole.SUBTOTAL if amount else "section"
    filled = _filled(grid, columns, row, height)
    if amount or "invoice_number" in filled:
        return RowRole.ITEM if filled - {"number"} else None
    least = 2
    return RowRole.ITEM if len(filled - {"number"} - _COUNTS) >= least else None


def _sum_label(columns: Columns, cell: GridCell) -> str:
    """Return the words of a cell that say 合计 or 小计, empty if it does not."""
    if _field_at(columns, cell) in MONEY:
        return ""
    text = fold(cell.joined)[0].rstrip("0123456789.,")
    bare = text.split("(")[0].split(":")[0].rstrip("：:")
    for part in (bare, text):
        if len(part) <= _LONGEST_SUM_LABEL and (TOTAL.match(part) or SUBTOTAL.search(part)):
            return part
    return ""


def _field_at(columns: Columns, cell: GridCell) -> str:
    last = min(cell.column + cell.column_span, len(columns.fields))
    return next((f for f in columns.fields[cell.column : last] if f), "")


def _wide(grid: Grid, cell: GridCell) -> bool:
    return cell.column_span >= max(2, _WIDE * grid.column_count)


def _is_section(grid: Grid, columns: Columns, texts: Sequence[GridCell]) -> bool:
    """Tell whether a row only names what follows: 一、软件购置费."""
    words = [c for c in texts if _field_at(columns, c) not in MONEY]
    if not words or any(_field_at(columns, c) == "invoice_number" for c in words[1:]):
        return False
    first = fold(words[0].joined)[0]
    if len(words) == 1:
        return bool(SECTION.match(first)) or _wide(grid, words[0])
    return len(words) == 2 and NUMERAL.match(first) is not None  # noqa: PLR2004 - 一 | 软件投资


def _cell(grid: Grid, columns: Columns, row: int, field: str) -> GridCell | None:
    """Return the cell of a field in a row; a cell merged over columns belongs to its first one."""
    index = columns.index(field)
    cell = grid.at(row, index) if index is not None else None
    return cell if cell is not None and _field_at(columns, cell) == field else None


def _has(
    grid: Grid,
    columns: Columns,
    row: int,
    height: int,
    fields: set[str] | frozenset[str],
    *,
    own: bool = False,
) -> bool:
    """Tell whether a field of the row holds something (``own``: not merged from above)."""
    for field in fields & columns.known:
        for r in range(row, row + height):
            cell = _cell(grid, columns, r, field)
            if cell is not None and not is_empty(cell.joined) and not (own and cell.row < row):
                return True
    return False


def _filled(grid: Grid, columns: Columns, row: int, height: int) -> set[str]:
    found = {f for f in columns.known if _has(grid, columns, row, height, {f})}
    if columns.guessed:
        own = (c for c in grid.row(row) if not is_empty(c.joined))
        found |= {f"column_{c.column}" for c in own if not _field_at(columns, c)}
    return found


def _section(grid: Grid, row: int, setting: Setting) -> Reading:
    cells = [c for c in grid.row(row) if not is_empty(c.joined)]
    text = "".join(c.joined for c in cells)
    match = SECTION.match(text)
    name = (match.group("v") if match else text).strip(" :：、.．")
    whole = replace(cells[0], text=name)
    return read("category", whole, Place(setting.page_index, ""), {})


def _in_section(found: Found, section: Reading) -> Found:
    """Return an item with the category its section names, where it has none of its own."""
    own = found.row.get("category")
    if section.status is Status.MISSING or own.status is not Status.MISSING:
        return found
    row = replace(found.row, cells={**found.row.cells, "category": section})
    return replace(found, row=row)


def _read(
    grid: Grid, columns: Columns, span: tuple[int, int], setting: Setting, role: RowRole | str
) -> Found:
    row, height = span
    hidden = _is_hidden(grid, row)
    cells: dict[str, Reading] = {}
    for index, field in enumerate(columns.fields):
        name = field or f"column_{index}"
        if not field and not columns.guessed:
            continue
        factor = _factor(columns, index, setting) if field in MONEY | {"unit_price"} else ONE
        parts = [
            read(
                field,
                _own(_at(grid, columns, r, index, field), field, r),
                Place(setting.page_index, wish_name(setting.order, r, name), factor, hidden),
                setting.answers,
            )
            for r in range(row, row + height)
        ]
        cells[name] = parts[0] if height == 1 else joined(field, parts)
    if role is not RowRole.ITEM:
        cells = _sum_row(grid, columns, row, cells, setting)
    assert isinstance(role, RowRole)
    ledger_row = LedgerRow(
        role, cells, page_index=setting.page_index, table=setting.table, table_row=row + 1
    )
    return Found(ledger_row, row)


def wish_name(order: int, row: int, field: str) -> str:
    """Return the name under which a cell's second look is asked and answered."""
    return f"{field}@{order}.{row}"


def _at(grid: Grid, columns: Columns, row: int, index: int, field: str) -> GridCell | None:
    if field:
        return _cell(grid, columns, row, field)
    cell = grid.at(row, index)
    return cell if cell is not None and cell.column == index else None


def _own(cell: GridCell | None, field: str, row: int) -> GridCell | None:
    """Return the cell unless it is an amount merged from a row above, which counts there."""
    merged = cell is not None and cell.row < row
    return None if merged and (field in MONEY or field in _COUNTS) else cell


def _factor(columns: Columns, index: int, setting: Setting) -> Decimal:
    own = columns.factors[index] if index < len(columns.factors) else None
    return setting.unit if own is None else own


def _is_hidden(grid: Grid, row: int) -> bool:
    cells = [c for c in grid.row(row) if c.text and c.row == row]
    return bool(cells) and all(c.hidden for c in cells)


def _sum_row(
    grid: Grid, columns: Columns, row: int, cells: dict[str, Reading], setting: Setting
) -> dict[str, Reading]:
    """Return a total's cells: only figures count; an amount given only in words is read there."""
    kept = {
        f: r for f, r in cells.items() if f in MONEY or f == "quantity" or f.startswith("column_")
    }
    label = next((c for c in grid.row(row) if _sum_label(columns, c)), None)
    if label is not None:
        kept["name"] = read("name", label, Place(setting.page_index, ""), {})
    amount = columns.amount
    if amount and kept.get(amount, MISSING).status is Status.MISSING:
        for cell in grid.row(row):
            said = words_to_amount(_after_colon(cell.joined))
            if said is not None:
                found = read("name", cell, Place(setting.page_index, ""), {})
                kept[amount] = replace(found, value=said)
    return kept


def _after_colon(text: str) -> str:
    folded = fold(text)[0]
    return folded.rsplit(":", 1)[-1].rsplit("大写)", 1)[-1]


def settle_roles(rows: Sequence[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Return the rows with one total: a 合计 that covers only its section or page is a subtotal."""
    sums = [i for i, r in enumerate(rows) if r.role is not RowRole.ITEM]
    totals = [i for i in sums if rows[i].role is RowRole.TOTAL]
    settled = list(rows)
    for i in totals:
        before = max((s for s in sums if s < i), default=-1)
        early = i != totals[-1] or any(r.role is RowRole.ITEM for r in rows[i:])
        part = before >= 0 and _covers(rows, before, i) and not _covers(rows, -1, i)
        if early or part:
            settled[i] = replace(rows[i], role=RowRole.SUBTOTAL)
    return tuple(settled)


def _covers(rows: Sequence[LedgerRow], start: int, end: int) -> bool:
    """Tell whether a row's amount is the sum of the items after ``start``, before it."""
    amounts = [declared(r) for r in rows[start + 1 : end] if r.role is RowRole.ITEM]
    known = [a for a in amounts if a is not None]
    return bool(known) and len(known) == len(amounts) and sum(known) == declared(rows[end])


def declared(row: LedgerRow) -> Decimal | None:
    """Return the amount a row states: with tax where there is one (元)."""
    with_tax = row.get("amount_with_tax").amount
    return row.get("amount_without_tax").amount if with_tax is None else with_tax

"""What a ledger's own arithmetic says about readings from pixels.

A row whose amounts add up, and a column that makes its total, lift what was read unsurely; a
row read from pixels that does not add up is doubted. Born-digital cells are left as they are:
there a broken sum is the company's, and a rule's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from audit.extract.checks import add_up
from audit.extract.ladder import doubt, upgrade
from audit.model import LedgerRow, Message, Origin, Reading, RowRole, Status, say

_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
_TRIPLE = ("amount_without_tax", "tax_amount", "amount_with_tax")
_COLUMNS = (*_TRIPLE, "payment_amount", "invoice_amount")
_DIGITAL = 20
_WORDS = (
    *("category", "name", "purpose", "supplier", "contract_number", "invoice_kind"),
    *("invoice_code", "invoice_number"),
)
#: What a cell of these columns looks like, blanks aside.
_FITS: dict[str, Callable[[str], bool]] = {
    "invoice_code": lambda raw: sum(c.isdigit() for c in raw) >= 8,  # noqa: PLR2004 - codes have 10 or 12
    "invoice_kind": lambda raw: any(word in raw for word in ("专", "普", "电", "票", "发")),
    "invoice_number": lambda raw: sum(c.isdigit() for c in raw) >= 6,  # noqa: PLR2004 - numbers have 8 or 20
    "contract_number": lambda raw: any(c.isdigit() or c in "/-—无" for c in raw),
    "supplier": lambda raw: len(raw.strip()) > 3,  # noqa: PLR2004 - shorter names do not exist
}
#: So many cells that fit nothing are a shift, not a misreading.
_SHIFTED = 2
#: Shorter names may differ in a letter and be two companies.
_SHORTEST_NAME = 6
#: A sum of fewer rows may come out by luck of two errors.
_LEAST_ROWS = 2


def settle_rows(rows: Sequence[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Return the rows of one ledger after its sums; give all pages of it together if known."""
    settled = _twins([_row(_year(_in_place(row))) for row in rows])
    for column in _COLUMNS:
        settled = _column(settled, column)
    return tuple(settled)


def _in_place(row: LedgerRow) -> LedgerRow:
    """Return the row with its word cells doubted where two of them cannot be of their columns.

    A ruling that was not seen shifts all cells behind it by one column: each is then read well
    and wrong.
    """
    words = [f for f in _WORDS if (r := row.get(f)).value is not None and _seen(r)]
    strange = [f for f, fits in _FITS.items() if f in words and not fits(row.get(f).raw)]
    if len(strange) < _SHIFTED:
        return row
    reason = say("cell.shifted")
    return _changed(row, words, lambda r: doubt(r, reason))


def _twins(rows: list[LedgerRow]) -> list[LedgerRow]:
    """Return the rows with a supplier doubted that another row names all but the same, unsurely.

    A rare character (涧) is read as a common one (润) for sure in one row and unsurely in the next.
    """
    unsure = [
        r.text
        for row in rows
        if (r := row.get("supplier")).text and _seen(r) and r.status is Status.DOUBTFUL
    ]
    return [_beside_twin(row, unsure) for row in rows] if unsure else rows


def _beside_twin(row: LedgerRow, unsure: Sequence[str | None]) -> LedgerRow:
    own = row.get("supplier")
    if not own.usable or not own.text or not _seen(own):
        return row
    twin = next((other for other in unsure if other and _one_letter_off(own.text, other)), None)
    if twin is None:
        return row
    reason = say("cell.name_twin", other=twin)
    return _changed(row, ("supplier",), lambda r: doubt(r, reason))


def _one_letter_off(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < _SHORTEST_NAME:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _year(row: LedgerRow) -> LedgerRow:
    """Return the row with a 20-digit number doubted that was read of another year than its date."""
    number, issued = row.get("invoice_number"), row.get("issue_date").day
    text = number.text or ""
    if issued is None or len(text) != _DIGITAL or not text.isdigit() or not _seen(number):
        return row
    if int(text[:2]) == issued.year % 100:
        return row
    reason = say("cell.number_year", year=f"{issued.year}")
    return _changed(row, ("invoice_number",), lambda r: doubt(r, reason))


def _row(row: LedgerRow) -> LedgerRow:
    net, tax, total = (row.get(f) for f in _TRIPLE)
    if any(r.value is None for r in (net, tax, total)) or not any(map(_seen, (net, tax, total))):
        return row
    if add_up(net.value, tax.value, total.value):
        return _changed(row, _TRIPLE, lambda r: _lifted(r, say("checks.sum")))
    reason = say("checks.sum_differs", net=net.raw, tax=tax.raw, total=total.raw)
    return _changed(row, _TRIPLE, lambda r: doubt(r, reason) if _seen(r) and not _twice(r) else r)


def _twice(reading: Reading) -> bool:
    """Tell whether two looks at the pixels gave this value: then the paper itself is wrong."""
    agreeing = [s for s in reading.sources if s.value is not None and s.value == reading.value]
    return reading.status is Status.READ and len(agreeing) > 1


def _seen(reading: Reading) -> bool:
    """Tell whether a reading rests on pixels alone."""
    return bool(reading.sources) and all(s.origin in _PIXELS for s in reading.sources)


def _lifted(reading: Reading, reason: Message) -> Reading:
    if reading.status is not Status.DOUBTFUL or not _seen(reading):
        return reading
    return upgrade(reading, reason, Status.READ)


def _changed(
    row: LedgerRow, fields: Sequence[str], change: Callable[[Reading], Reading]
) -> LedgerRow:
    cells = {f: change(r) if f in fields else r for f, r in row.cells.items()}
    return replace(row, cells=cells)


def broken_columns(rows: Sequence[LedgerRow]) -> frozenset[str]:
    """Return the columns read from pixels whose items do not make their total on one page."""
    broken = set()
    for column in _COLUMNS:
        items, total = _parts(rows, column)
        if total is None or len(items) < _LEAST_ROWS:
            continue
        readings = [rows[i].get(column) for i in (*items, total)]
        if any(map(_seen, readings)) and _sum_of(rows, items, column) != readings[-1].amount:
            broken.add(column)
    return frozenset(broken)


def _parts(rows: Sequence[LedgerRow], column: str) -> tuple[list[int], int | None]:
    """Return the places of a column's items and of its one total."""
    items = [i for i, r in enumerate(rows) if r.role is RowRole.ITEM and r.get(column).raw]
    totals = [i for i, r in enumerate(rows) if r.role is RowRole.TOTAL and r.get(column).raw]
    return items, totals[0] if len(totals) == 1 else None


def _sum_of(rows: Sequence[LedgerRow], items: Sequence[int], column: str) -> Decimal | None:
    """Return the sum of a column's items, ``None`` if one is unread."""
    amounts = [rows[i].get(column).amount for i in items]
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _column(rows: list[LedgerRow], column: str) -> list[LedgerRow]:
    """Return the rows with a column lifted whose items make its total exactly."""
    items, total = _parts(rows, column)
    if total is None or len(items) < _LEAST_ROWS:
        return rows
    summed = _sum_of(rows, items, column)
    if summed is None or summed != rows[total].get(column).amount:
        return rows
    reason = say("investment_ledger.column_adds_up", total=f"{summed:f}")
    members = {*items, total}
    return [
        _changed(row, (column,), lambda r: _lifted(r, reason)) if i in members else row
        for i, row in enumerate(rows)
    ]

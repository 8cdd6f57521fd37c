"""Columns of a page that goes on without a header, told by what stands in them.

Only what content proves is named; the case step names the rest by the header of the first page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import permutations

from audit.extract import cells
from audit.extract.kinds.investment_ledger.columns import Columns
from audit.extract.labels import fold
from audit.extract.tables import Grid
from audit.text.dates import parse_date

_LEAST_COLUMNS = 5
_MOST = 0.6
_NUMBER = re.compile(r"^\'?(\d{20}|\d{8})(\D+(\d{20}|\d{8}))*$")
_CODE = re.compile(r"^(\d{10}|\d{12})$")
_MONEY = re.compile(r"^[¥-]?\d[\d,]*\.\d{1,2}$|^[¥-]?\d{1,3}(,\d{3})+$")
_RATE = re.compile(r"^\d{1,2}%$|^0\.\d{2}$")
_SERIAL = re.compile(r"^\d{1,4}$")
_COMPANY = re.compile(r"公司|集团|银行|研究院|事务所|中心|工厂|大学|厂$")
_KIND = re.compile(r"专用发票|普通发票|专票|普票|数电")

_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("invoice_number", lambda t: _NUMBER.match(t) is not None),
    ("invoice_code", lambda t: _CODE.match(t) is not None),
    ("money", lambda t: _MONEY.match(t) is not None),
    ("tax_rate", lambda t: _RATE.match(t) is not None),
    ("date", lambda t: len(t) <= 12 and parse_date(t) is not None),  # noqa: PLR2004 - no sentence
    ("invoice_kind", lambda t: len(t) <= 20 and _KIND.search(t) is not None),  # noqa: PLR2004
    ("supplier", lambda t: len(t) <= 40 and _COMPANY.search(t) is not None),  # noqa: PLR2004
    ("serial", lambda t: _SERIAL.match(t) is not None),
)


def guess_columns(grid: Grid) -> Columns | None:
    """Return the columns that content tells; ``None`` unless numbers and amounts are among them."""
    if grid.column_count < _LEAST_COLUMNS:
        return None
    texts = [_texts(grid, c) for c in range(grid.column_count)]
    types = [_type(column) for column in texts]
    if "invoice_number" not in types or "money" not in types:
        return None
    fields = _named(types, _amounts(grid, [c for c, t in enumerate(types) if t == "money"]))
    factors: tuple[Decimal | None, ...] = (None,) * len(fields)
    return Columns(fields, factors, 0, 0, grid.edges, guessed=True)


def _texts(grid: Grid, column: int) -> list[str]:
    cells_ = (grid.at(row, column) for row in range(grid.row_count))
    own = dict.fromkeys(c for c in cells_ if c is not None and c.column == column)
    return [fold(c.joined)[0] for c in own if not cells.is_empty(c.joined)]


def _type(texts: Sequence[str]) -> str:
    for name, test in _TESTS:
        if texts and sum(map(test, texts)) >= _MOST * len(texts):
            return name
    return ""


def _named(types: Sequence[str], amounts: dict[int, str]) -> tuple[str, ...]:
    dates = iter(("issue_date", "payment_date"))
    seen: set[str] = set()
    fields = []
    for column, found in enumerate(types):
        name = found
        if found == "date":
            name = next(dates, "")
        elif found == "money":
            name = amounts.get(column, "")
        elif found == "serial":
            name = "number" if column == 0 else ""
        fields.append("" if name in seen else name)
        seen.add(name)
    return tuple(fields)


def _amounts(grid: Grid, columns: Sequence[int]) -> dict[int, str]:
    """Return which columns hold 金额, 税额 and 价税合计: the three that add up row by row."""
    figures = {c: [_amount(grid, r, c) for r in range(grid.row_count)] for c in columns}
    for net, tax, total in permutations(columns, 3):
        rows = list(zip(figures[net], figures[tax], figures[total], strict=True))
        full = [(n, t, g) for n, t, g in rows if n is not None and t is not None and g is not None]
        fitting = sum(n + t == g and abs(t) < abs(n) for n, t, g in full)
        if full and fitting >= _MOST * len(full):
            return {net: "amount_without_tax", tax: "tax_amount", total: "amount_with_tax"}
    return {columns[0]: "amount_with_tax"} if len(columns) == 1 else {}


def _amount(grid: Grid, row: int, column: int) -> Decimal | None:
    cell = grid.at(row, column)
    value = cells.money(cell.text, cell.number).value if cell is not None else None
    return value if isinstance(value, Decimal) else None

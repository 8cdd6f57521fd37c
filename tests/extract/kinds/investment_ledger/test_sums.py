"""Rows whose cells cannot be of their columns are doubted whole."""

from __future__ import annotations

import pytest

from audit.extract.kinds.investment_ledger.sums import settle_rows
from audit.model import Candidate, LedgerRow, Origin, Reading, RowRole, Status


def row(cells: dict[str, str], origin: Origin = Origin.OCR) -> LedgerRow:
    readings = {
        name: Reading(text, text, Status.READ, 0.99, (Candidate(origin, text, text, 0.99, 0),))
        for name, text in cells.items()
    }
    return LedgerRow(RowRole.ITEM, readings)


GOOD = {
    "name": "软件", "supplier": "成都云帆软件有限公司", "contract_number": "QWH-2022-SB004",
    "invoice_kind": "专票", "invoice_code": "5000223130", "invoice_number": "62545777",
}  # fmt: skip
SHIFTED = {
    "purpose": "软件", "supplier": "成都云帆软件有限公司", "invoice_kind": "QWH-2022-SB004",
    "invoice_code": "专票", "invoice_number": "5000223130",
}  # fmt: skip


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (row(GOOD), Status.READ),
        (row(SHIFTED), Status.DOUBTFUL),
        (row(SHIFTED, Origin.TEXT_LAYER), Status.READ),
        (row({**GOOD, "invoice_kind": "QWH"}), Status.READ),
    ],
    ids=["in place", "shifted", "the company's own cells", "one odd cell"],
)
def test_shifted_cells_are_doubtful(made: LedgerRow, status: Status) -> None:
    (settled,) = settle_rows([made])
    assert {settled.get(n).status for n in made.cells} == {status}

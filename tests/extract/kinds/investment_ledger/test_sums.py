"""Rows whose cells cannot be of their columns are doubted whole; names that are nearly twins."""

from __future__ import annotations

from dataclasses import replace

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


SURE, UNSURE = "重庆松润数字科技股份有限公司", "重庆松涧数字科技股份有限公司"


@pytest.mark.parametrize(
    ("first", "doubted", "second", "status"),
    [
        (row({"supplier": SURE}), True, UNSURE, Status.DOUBTFUL),
        (row({"supplier": SURE}), False, UNSURE, Status.READ),
        (row({"supplier": UNSURE}), True, UNSURE, Status.READ),
        (row({"supplier": SURE}), True, "成都云帆软件有限公司", Status.READ),
        (row({"supplier": SURE}, Origin.TEXT_LAYER), True, UNSURE, Status.READ),
    ],
    ids=["twin unsure", "twin sure: another company", "same", "quite another", "typed"],
)
def test_a_supplier_is_doubted_beside_an_unsure_twin(
    first: LedgerRow, doubted: bool, second: str, status: Status
) -> None:
    other = row({"supplier": second})
    if doubted:
        unsure = replace(other.get("supplier"), status=Status.DOUBTFUL, confidence=0.8)
        other = replace(other, cells={"supplier": unsure})
    settled, _ = settle_rows([first, other])
    assert settled.get("supplier").status is status

"""What a row declares in both tax bases: printed, derived, or marked as neither."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from audit.match import match_case
from audit.match.amounts import RowAmounts, declared_amounts
from audit.model import Document, LedgerRow, Status
from tests.factory import case, invoice, policy, reading, row

NUMBER = "24502000000012345678"


def _amounts(papers: Sequence[Document], rows: Sequence[LedgerRow]) -> dict[int, RowAmounts]:
    facts = case(papers, rows)
    return dict(declared_amounts(facts, match_case(facts, policy())))


def _both(found: RowAmounts) -> tuple[str, str]:
    return str(found.incl.amount), str(found.excl.amount)


def test_both_columns_count_as_printed() -> None:
    found = _amounts([], [row(None, "113.00", amount_without_tax="100.00", supplier="甲")])
    assert _both(found[1]) == ("113.00", "100.00")
    assert found[1].excl.known


def test_other_basis_from_the_tax_column() -> None:
    found = _amounts([], [row(None, "113.00", tax_amount="13.00", supplier="甲")])
    assert _both(found[1]) == ("113.00", "100.00")


def test_other_basis_from_the_invoice() -> None:
    assert _both(_amounts([invoice(NUMBER, "113.00")], [row(NUMBER, "113.00")])[1]) == (
        "113.00",
        "100.00",
    )


def test_part_of_an_invoice_in_proportion() -> None:
    assert _both(_amounts([invoice(NUMBER, "113.00")], [row(NUMBER, "56.50")])[1]) == (
        "56.50",
        "50.00",
    )


def test_ledger_without_tax_is_recognised_by_majority() -> None:
    found = _amounts([invoice(NUMBER, "113.00")], [row(NUMBER, "100.00")])
    assert _both(found[1]) == ("113.00", "100.00")


def test_rows_that_claim_a_whole_invoice_sum_to_it_in_both_bases() -> None:
    rows = [row(NUMBER, "33.34"), row(NUMBER, "33.33"), row(NUMBER, "33.34")]
    found = _amounts([invoice(NUMBER, "100.01")], rows)
    total = sum((a.excl.amount for a in found.values()), Decimal())
    assert total == Decimal("88.50")


def test_without_an_invoice_the_other_basis_is_only_a_placeholder() -> None:
    found = _amounts([], [row(NUMBER, "113.00", supplier="甲")])[1]
    assert (found.incl.known, found.excl.known) == (True, False)
    assert found.excl.amount == Decimal("113.00")


@pytest.mark.parametrize("cell", [None, reading(Decimal("113.00"), Status.DOUBTFUL)])
def test_unread_or_doubtful_amount_is_not_sure(cell: object) -> None:
    found = _amounts([], [row(NUMBER, cell, supplier="甲")])[1]  # type: ignore[arg-type]
    assert not found.incl.sure
    assert found.unread == (cell is None)


def test_invoice_that_is_itself_doubtful_derives_nothing() -> None:
    paper = invoice(NUMBER, "113.00", status=Status.DOUBTFUL)
    assert not _amounts([paper], [row(NUMBER, "113.00")])[1].excl.known

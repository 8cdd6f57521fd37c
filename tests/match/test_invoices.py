"""Ledger rows to invoices: by number, part of a number, a number that is off, and without one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from audit.match.invoices import Found, find_invoices
from audit.model import Document, LedgerRow, Status
from tests.factory import case, invoice, reading, row

NUMBER = "24502000000012345678"
NEXT = "24502000000012345679"
FAR = "24502000000099999999"


def _find(papers: Sequence[Document], rows: Sequence[LedgerRow]) -> dict[int, Found]:
    facts = case(papers, rows)
    return dict(find_invoices(facts.rows, facts.documents))


def _one(papers: Sequence[Document], one: LedgerRow) -> Found:
    return _find(papers, [one])[1]


def test_number_finds_its_invoice() -> None:
    found = _one([invoice(NUMBER), invoice(NEXT)], row(NUMBER, "113000.00"))
    assert (found.invoices, found.reason.key, found.alternatives) == (
        ("D1",),
        "match.row.number",
        (),
    )
    assert found.confidence > 0.95


def test_several_numbers_in_one_cell() -> None:
    found = _one([invoice(NUMBER), invoice(FAR)], row(f"{NUMBER}、{FAR}", "226000.00"))
    assert found.invoices == ("D1", "D2")


def test_missing_one_of_several_is_said() -> None:
    found = _one([invoice(NUMBER)], row(f"{NUMBER}/{FAR}", "226000.00"))
    assert found.reason.key == "match.row.some_numbers"
    assert dict(found.reason.params)["missing"] == FAR


def test_range_of_numbers() -> None:
    papers = [invoice(f"1234567{n}", invoice_code="5000224320") for n in (8, 9)]
    found = _one(papers, row("12345678-79", "226000.00", invoice_code="5000224320"))
    assert found.invoices == ("D1", "D2")


def test_code_tells_two_invoices_with_one_number_apart() -> None:
    papers = [invoice("12345678", invoice_code=c) for c in ("5000224320", "5000224321")]
    found = _one(papers, row("12345678", "113000.00", invoice_code="5000224321"))
    assert found.invoices == ("D2",)


def test_figure_that_a_spreadsheet_rounded() -> None:
    found = _one([invoice(NUMBER)], row("2.45020000000123E+19", "113000.00"))
    assert found.invoices == ("D1",)
    assert found.reason.key == "match.row.part_of_number"


def test_end_of_a_number() -> None:
    assert _one([invoice(NUMBER)], row("12345678", "113000.00")).invoices == ("D1",)


def test_number_one_digit_off_is_only_a_proposal() -> None:
    wrong = NUMBER[:-3] + "978"
    found = _one([invoice(NUMBER)], row(wrong, "113000.00", supplier="成都云帆软件有限公司"))
    assert (found.invoices, found.reason.key) == (("D1",), "match.row.near_number")
    assert found.confidence < 0.7


def test_another_number_with_the_same_amount_is_an_alternative_never_a_link() -> None:
    found = _one([invoice(NUMBER)], row(FAR, "113000.00", supplier="成都云帆软件有限公司"))
    assert (found.invoices, found.alternatives) == ((), (("D1",),))
    assert found.reason.key == "match.row.other_number"


def test_unread_number_is_proposed_when_the_rest_agrees() -> None:
    paper = invoice(reading(FAR, Status.DOUBTFUL))
    found = _one([paper], row(NUMBER, "113000.00", supplier="成都云帆软件有限公司"))
    assert found.reason.key == "match.row.unread_number"


def test_row_without_number_by_amount_seller_and_date() -> None:
    found = _one(
        [invoice(NUMBER), invoice(NEXT, "5.00")],
        row(None, "113000.00", supplier="成都云帆软件有限公司", issue_date="2023-03-01"),
    )
    assert (found.invoices, found.reason.key) == (("D1",), "match.row.amount_seller_date")


def test_row_without_number_as_the_sum_of_two_invoices() -> None:
    papers = [invoice(NUMBER, "100.00"), invoice(NEXT, "30.00"), invoice(FAR, "7.00")]
    found = _one(papers, row(None, "130.00", supplier="成都云帆软件有限公司"))
    assert (set(found.invoices), found.reason.key) == ({"D1", "D2"}, "match.row.sum")


def test_alike_rows_and_invoices_pair_and_say_that_others_fit() -> None:
    papers = [invoice(NUMBER), invoice(NEXT)]
    rows = [row(None, "113000.00", supplier="成都云帆软件有限公司") for _ in range(2)]
    found = _find(papers, rows)
    assert {found[1].invoices, found[2].invoices} == {("D1",), ("D2",)}
    assert found[1].alternatives == (("D2",),)


def test_two_faces_with_one_number_both_stay_visible() -> None:
    papers = [invoice(NUMBER, "113000.00"), invoice(NUMBER, "226000.00")]
    found = _one(papers, row(NUMBER, "226000.00"))
    assert (found.invoices, found.alternatives) == (("D2",), (("D1",),))
    assert found.confidence < 0.7


@pytest.mark.parametrize(
    ("number", "key"), [(FAR, "match.row.not_found"), (None, "match.row.no_number")]
)
def test_nothing_found_says_what_was_looked_for(number: str | None, key: str) -> None:
    found = _one([invoice(NUMBER, "1.00")], row(number, "113000.00"))
    assert (found.invoices, found.reason.key, found.confidence) == ((), key, 0.0)


def test_ledger_row_never_takes_an_invoice_that_another_row_names() -> None:
    rows = [row(NUMBER, "113000.00"), row(None, "113000.00", supplier="成都云帆软件有限公司")]
    found = _find([invoice(NUMBER)], rows)
    assert found[1].invoices == ("D1",)
    assert found[2].invoices == ()

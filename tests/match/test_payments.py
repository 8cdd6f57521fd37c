"""Payments behind ledger rows: other payers, refunds, red letters, 代开, bills, orphans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.match import match_case
from audit.model import MISSING, Document, DocumentKind, LedgerRow, Link, Matching, Status
from tests.factory import (
    APPLICANT,
    SELLER,
    SELLER_ID,
    applicant,
    case,
    invoice,
    policy,
    receipt,
    row,
)

OTHER = "重庆远达机电有限公司"
NUMBER = "24502000000000000001"
SECOND = "24502000000000000002"


def _match(papers: Sequence[Document], rows: Sequence[LedgerRow], **more: object) -> Matching:
    return match_case(case(papers, rows, **more), policy())  # type: ignore[arg-type]


def _paid(link: Link) -> list[tuple[str, str]]:
    return [(p.document_id, str(p.amount)) for p in link.payments]


def _why(link: Link) -> list[str]:
    return [p.reason.key for p in link.payments if p.reason]


def _idle(matching: Matching) -> list[tuple[str, str, str]]:
    shares = matching.idle_payments
    return [(p.document_id, str(p.amount), p.reason.key if p.reason else "") for p in shares]


def test_payment_lands_on_the_row_of_its_invoice() -> None:
    found = _match([invoice(NUMBER, "113.00"), receipt("113.00")], [row(NUMBER, "113.00")])
    assert _paid(found.links[0]) == [("D2", "113.00")]
    assert found.idle_payments == ()


def test_one_payment_over_two_rows_divides_to_the_cent() -> None:
    papers = [invoice(NUMBER, "100.01"), receipt("100.01")]
    rows = [row(NUMBER, "33.34"), row(NUMBER, "66.67")]
    links = _match(papers, rows).links
    assert [_paid(link) for link in links] == [[("D2", "33.34")], [("D2", "66.67")]]


def test_payment_by_somebody_else_is_linked_only_by_amount_and_says_so() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt("113.00", payer="某某投资有限公司")]
    found = _match(papers, [row(NUMBER, "113.00")])
    assert _why(found.links[0]) == ["match.pay.other_payer"]
    papers = [invoice(NUMBER, "113.00"), receipt("50.00", payer="某某投资有限公司")]
    found = _match(papers, [row(NUMBER, "113.00")])
    assert found.links[0].payments == ()
    assert _idle(found) == [("D2", "50.00", "match.idle.other_payer")]


def test_former_name_pays_as_the_applicant() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt("50.00", payer="重庆旧名机械有限公司")]
    who = applicant(former_names=("重庆旧名机械有限公司",))
    assert _why(_match(papers, [row(NUMBER, "113.00")], who=who).links[0]) == ["match.pay.part"]


def test_payment_to_somebody_else_that_names_the_invoice() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt("113.00", payee=OTHER, purpose=f"货款{NUMBER}")]
    assert _why(_match(papers, [row(NUMBER, "113.00")]).links[0]) == ["match.pay.other_payee"]


@pytest.mark.parametrize(
    ("payee", "payer", "why"),
    [
        (OTHER, APPLICANT, "match.pay.other_payee"),
        (SELLER, OTHER, "match.pay.other_payer"),
    ],
)
def test_instalments_by_or_to_somebody_else_for_two_invoices_of_a_contract(
    payee: str, payer: str, why: str
) -> None:
    papers = [
        invoice(NUMBER, "500.00"),
        invoice(SECOND, "500.00"),
        *(
            receipt(amount, purpose="付HT-2022-07货款", payee=payee, payer=payer)
            for amount in ("300.00", "600.00", "100.00")
        ),
    ]
    link = _match(
        papers, [row(f"{NUMBER}、{SECOND}", "1000.00", contract_number="HT-2022-07")]
    ).links[0]
    assert sum(p.amount for p in link.payments) == Decimal(1000)
    assert set(_why(link)) == {why}


def test_payment_to_a_stranger_is_idle() -> None:
    found = _match(
        [invoice(NUMBER, "113.00"), receipt("70.00", payee=OTHER)], [row(NUMBER, "113.00")]
    )
    assert _idle(found) == [("D2", "70.00", "match.idle.unknown_payee")]


def test_an_unsure_seller_is_known_by_its_taxpayer_id() -> None:
    unsure = invoice(NUMBER, "113.00", seller="别处金石软件有限公司", seller_taxpayer_id=SELLER_ID)
    doubtful = replace(unsure.get("seller_name"), status=Status.DOUBTFUL)
    unsure = replace(unsure, fields={**unsure.fields, "seller_name": doubtful})
    papers = [unsure, invoice(SECOND, "226.00", seller_taxpayer_id=SELLER_ID)]
    papers.append(receipt("113.00"))
    found = _match(papers, [row(NUMBER, "113.00"), row(SECOND, "226.00")])
    assert _paid(found.links[0]) == [("D3", "113.00")]


def test_an_unsure_seller_is_found_by_the_supplier_one_character_off() -> None:
    unsure = invoice(NUMBER, "113.00", seller=SELLER[:2] + "某" + SELLER[3:])
    fields = {**unsure.fields, "seller_taxpayer_id": MISSING}
    fields["seller_name"] = replace(unsure.get("seller_name"), status=Status.DOUBTFUL)
    found = _match(
        [replace(unsure, fields=fields), receipt("113.00")],
        [row(NUMBER, "113.00", supplier=SELLER)],
    )
    assert _paid(found.links[0]) == [("D2", "113.00")]


def test_interest_and_taxes_pay_no_seller() -> None:
    for subkind in ("interest", "tax", "fee"):
        papers = [invoice(NUMBER, "113.00"), replace(receipt("113.00"), subkind=subkind)]
        found = _match(papers, [row(NUMBER, "113.00")])
        assert found.links[0].payments == ()
        assert found.idle_payments == ()


def test_more_paid_than_due_leaves_the_rest_idle() -> None:
    found = _match([invoice(NUMBER, "113.00"), receipt("200.00")], [row(NUMBER, "113.00")])
    assert _paid(found.links[0]) == [("D2", "113.00")]
    assert _idle(found) == [("D2", "87.00", "match.idle.rest")]


def test_refund_comes_off_what_was_paid() -> None:
    papers = [
        invoice(NUMBER, "113.00"),
        receipt("113.00"),
        receipt("13.00", payer=SELLER, payee=APPLICANT, day="2023-04-01", purpose="退款"),
    ]
    link = _match(papers, [row(NUMBER, "113.00")]).links[0]
    assert sum(p.amount for p in link.payments) == Decimal("100.00")
    assert _why(link)[-1] == "match.pay.refund"


def test_refund_that_fits_two_payments_is_not_guessed() -> None:
    papers = [
        invoice(NUMBER, "113.00"),
        invoice(SECOND, "226.00"),
        receipt("113.00"),
        receipt("226.00"),
        receipt("13.00", payer=SELLER, payee=APPLICANT),
    ]
    found = _match(papers, [row(NUMBER, "113.00"), row(SECOND, "226.00")])
    assert _idle(found) == [("D5", "-13.00", "match.idle.refund")]


def test_red_letter_is_set_off_against_the_invoice_it_names() -> None:
    papers = [
        invoice(NUMBER, "113.00"),
        invoice(SECOND, "-113.00", remarks=f"被红冲蓝字数电票号码：{NUMBER}"),
        invoice("24502000000000000003", "226.00"),
        receipt("226.00"),
    ]
    rows = [row(NUMBER, "113.00"), row("24502000000000000003", "226.00")]
    found = _match(papers, rows)
    assert [_paid(link) for link in found.links] == [[], [("D4", "226.00")]]


def test_void_invoice_is_owed_nothing() -> None:
    papers = [invoice(NUMBER, "113.00", marks=("作废",)), receipt("113.00")]
    assert _match(papers, [row(NUMBER, "113.00")]).links[0].payments == ()


def test_real_seller_of_an_invoice_issued_by_the_tax_office_is_paid() -> None:
    paper = invoice(
        NUMBER,
        "113.00",
        seller="国家税务总局重庆市税务局",
        marks=("代开",),
        remarks=f"代开企业：{OTHER}",
    )
    found = _match([paper, receipt("113.00", payee=OTHER)], [row(NUMBER, "113.00")])
    assert _paid(found.links[0]) == [("D2", "113.00")]
    assert _why(found.links[0]) == ["match.pay.equal"]


def test_bill_of_exchange_pays_like_a_transfer() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt("113.00", kind=DocumentKind.ACCEPTANCE_BILL)]
    assert _paid(_match(papers, [row(NUMBER, "113.00")]).links[0]) == [("D2", "113.00")]


def test_misread_payee_counts_for_the_only_like_seller_and_says_so() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt("113.00", payee="成都云帆软仵有限公司")]
    assert _why(_match(papers, [row(NUMBER, "113.00")]).links[0]) == ["match.pay.similar_payee"]


def test_row_without_invoice_keeps_its_payment() -> None:
    found = _match([receipt("113.00", payee=OTHER)], [row(NUMBER, "113.00", supplier=OTHER)])
    assert _paid(found.links[0]) == [("D1", "113.00")]


def test_payment_of_an_unlisted_invoice_is_said() -> None:
    found = _match([invoice(NUMBER, "113.00"), receipt("113.00")], [])
    assert found.unlisted_invoices == ("D1",)
    assert _idle(found) == [("D2", "113.00", "match.idle.unlisted")]


def test_equally_good_payments_stay_visible() -> None:
    papers = [
        invoice(NUMBER, "113.00", day="2023-03-01"),
        invoice(SECOND, "113.00", day="2023-05-01"),
        receipt("113.00", day="2023-05-02"),
    ]
    links = _match(papers, [row(NUMBER, "113.00"), row(SECOND, "113.00")]).links
    assert [bool(link.payments) for link in links] == [False, True]
    assert all(link.alternatives for link in links)


def test_unread_amount_of_a_payment_is_not_allocated() -> None:
    papers = [invoice(NUMBER, "113.00"), receipt(None, status=Status.MISSING)]
    assert _match(papers, [row(NUMBER, "113.00")]).links[0].payments == ()


CENTS = st.integers(1, 50_000).map(lambda c: Decimal(c).scaleb(-2))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(CENTS, st.integers(0, 2)), max_size=6),
    st.lists(st.tuples(CENTS, st.integers(0, 3), st.booleans()), max_size=6),
)
def test_no_cent_of_a_payment_is_lost_or_made(
    invoices: list[tuple[Decimal, int]], payments: list[tuple[Decimal, int, bool]]
) -> None:
    names = [SELLER, OTHER, "重庆北辰自动化有限公司", "四川无名商贸有限公司"]
    papers = [
        invoice(f"2450200000{n:010d}", amount, seller=names[s])
        for n, (amount, s) in enumerate(invoices)
    ]
    rows = [row(f"2450200000{n:010d}", amount) for n, (amount, _) in enumerate(invoices)]
    papers += [
        receipt(amount, payee=names[s], payer=APPLICANT if own else "别的有限公司")
        for amount, s, own in payments
    ]
    found = _match(papers, rows)
    used: dict[str, Decimal] = {}
    for share in (*found.idle_payments, *(p for link in found.links for p in link.payments)):
        used[share.document_id] = used.get(share.document_id, Decimal()) + share.amount
    offset = len(invoices)
    assert used == {f"D{offset + n}": a for n, (a, _, _) in enumerate(payments, 1)}
    for link, (amount, _) in zip(found.links, invoices, strict=True):
        assert sum((p.amount for p in link.payments), Decimal()) <= amount

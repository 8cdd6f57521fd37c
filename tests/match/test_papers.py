"""Acceptance reports and contracts behind a row."""

from __future__ import annotations

from collections.abc import Sequence

from audit.match import match_case
from audit.model import Document, DocumentKind, LedgerRow, Link
from tests.factory import SELLER, case, document, invoice, policy, row

NUMBER = "24502000000012345678"
REPORT, CONTRACT = DocumentKind.ACCEPTANCE_REPORT, DocumentKind.CONTRACT


def _link(papers: Sequence[Document], one: LedgerRow) -> Link:
    return match_case(case([invoice(NUMBER), *papers], [one]), policy()).links[0]


def test_contract_number_decides_where_both_give_one() -> None:
    papers = [
        document(CONTRACT, contract_number="HT-2023-001", party_b=SELLER),
        document(CONTRACT, contract_number="HT-2023-002", party_b=SELLER),
    ]
    link = _link(papers, row(NUMBER, "113000.00", contract_number="HT-2023-002"))
    assert link.contracts == ("D3",)


def test_seller_decides_otherwise() -> None:
    papers = [
        document(CONTRACT, contract_number="HT-2023-001", party_b=SELLER),
        document(CONTRACT, contract_number="HT-2023-009", party_b="别家有限公司"),
    ]
    assert _link(papers, row(NUMBER, "113000.00")).contracts == ("D2",)


def test_report_follows_the_contract_of_the_row() -> None:
    papers = [
        document(CONTRACT, contract_number="HT-2023-001", party_b=SELLER),
        document(REPORT, contract_number="ht-2023-001"),
        document(REPORT, contract_number="HT-2023-777"),
    ]
    assert _link(papers, row(NUMBER, "113000.00")).acceptance == ("D3",)


def test_report_on_the_whole_project_stands_behind_every_row() -> None:
    papers = [document(REPORT, project_name="数字化车间建设项目", conclusion="通过")]
    assert _link(papers, row(NUMBER, "113000.00")).acceptance == ("D2",)

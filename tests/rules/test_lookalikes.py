"""What looks like a fault and is none: the lawful neighbours of issue 6, point 8, must not fail."""

from __future__ import annotations

from datetime import date

import pytest

from audit.model import Severity, Verdict
from tests.factory import APPLICANT, APPLICANT_ID, SELLER
from tests.rules.facts import judged
from tests.rules.honest import Change, Folder, changed
from tests.rules.test_faults import add, both, cell, drop, put, unseal, who


def instalments(folder: Folder) -> None:
    """Pay the first invoice 30 / 60 / 10."""
    folder.receipt(1).update(amount="508500.00", receipt_number="0918-3117-0101-1100")
    for n, (amount, day) in enumerate((("1017000.00", "2022-08-01"), ("169500.00", "2023-01-09"))):
        folder.extra.append({"receipt": {
            "amount": amount, "payee": SELLER, "payer": APPLICANT, "day": date.fromisoformat(day),
            "receipt_number": f"0918-3117-011{n}-1100"}})  # fmt: skip


def merged(folder: Folder) -> None:
    """Pay the first two invoices of one seller in one sum."""
    del folder.papers["receipt-2"]
    folder.receipt(1).update(amount="2260000.00", day=date(2022, 9, 20))


def two_copies(folder: Folder) -> None:
    """Hand in 发票联 and 抵扣联 of one invoice as one record with two places."""
    folder.invoice(2).update(marks=["发票联", "抵扣联"])


def retention(folder: Folder) -> None:
    """Leave 10 % of the robots unpaid."""
    folder.receipt(3).update(amount="2034000.00")


def partial(folder: Folder) -> None:
    """Claim two thirds of the conveyor only."""
    folder.row(4).update(amount="900000.00")
    folder.rows[-1].update(amount="5964000.00")
    put("application_form", invested_amount="5964000", total_investment="5964000",
        hardware_investment="3386000")(folder)  # fmt: skip


def one_over_two_rows(folder: Folder) -> None:
    """Split one invoice over two rows."""
    folder.row(2).update(amount="300000.00")
    folder.rows.insert(2, {**folder.row(2), "amount": "265000.00", "purpose": "数字化车间立库软件"})


def reversed_and_anew(folder: Folder) -> None:
    """Reverse the second invoice and issue it again under another number."""
    old = folder.invoice(2)["number"]
    folder.papers["invoice-2x"] = {**folder.invoice(2), "_kind": "invoice"}
    folder.extra.append({"invoice": {
        "number": "22512000000010000500", "day": date(2022, 10, 8), "total": "-565000.00",
        "marks": ["红字"], "remarks": f"被红冲蓝字数电票号码：{old}"}})  # fmt: skip
    folder.invoice(2).update(number="22512000000010000511", day=date(2022, 10, 8))
    folder.row(2).update(invoice_number="22512000000010000511")
    folder.receipt(2).update(day=date(2022, 10, 12))


LOOK_ALIKES: tuple[tuple[str, Change], ...] = (
    ("instalments", instalments),
    ("one payment for two invoices", merged),
    ("发票联 and 抵扣联 of one invoice", two_copies),
    ("an e-invoice printed and as a file", put("invoice-1", digital=True)),
    ("a former name with proof", both(
        who(former_names=["重庆山城机械有限公司"]),
        put("invoice-1", buyer="重庆山城机械有限公司"),
        put("receipt-1", payer="重庆山城机械有限公司"))),
    ("retention money is unpaid", retention),
    ("a branch bought it", put("invoice-6", buyer=f"{APPLICANT}渝北分公司",
                               buyer_taxpayer_id="91500112MA5BRANCH9")),
    ("electronic seals on a form", both(
        put("application_form", digital=True),
        unseal("application_form", origin="pdf_widget", freshness="not_applicable"))),
    ("identical electronic seals on two contracts", both(
        add("contract", contract_number="HT-1", party_b=SELLER, contract_date=date(2022, 5, 1)),
        add("contract", contract_number="HT-2", party_b=SELLER, contract_date=date(2022, 5, 1)))),
    ("only part of an invoice is claimed", partial),
    ("one invoice over two rows", one_over_two_rows),
    ("acceptance after the period, before the application",
     put("acceptance_report", acceptance_date=date(2024, 3, 20))),
    ("an invoice after the period, before the application", both(
        put("invoice-6", number="24502000000030000900", day=date(2024, 2, 3)),
        cell(6, invoice_number="24502000000030000900"), put("receipt-6", day=date(2024, 2, 20)))),
    ("acceptance by experts alone", put("acceptance_report", conclusion="专家组一致同意项目通过验收")),
    ("reversed and issued anew", reversed_and_anew),
    ("issued by the tax office for the seller", put(
        "invoice-5", marks=["代开"], seller="国家税务总局重庆市渝北区税务局",
        real_seller_name="重庆云擎信息技术有限公司", seller_taxpayer_id=None)),
    ("all invoices issued on one day under one contract", both(
        put("invoice-2", number="22512000000010000002", day=date(2022, 6, 10)),
        cell(2, invoice_number="22512000000010000002"))),
    ("a supplement raises the contract", both(
        cell(2, contract_number="HT-2022-09"),
        add("contract", contract_number="HT-2022-09", party_b="成都云帆软件有限公司",
            contract_total="500000.00", contract_date=date(2022, 1, 5)),
        add("contract", contract_number="HT-2022-09", party_b="成都云帆软件有限公司", subkind="supplement",
            contract_total="65000.00", contract_date=date(2022, 3, 5)))),
    ("a searchable scan", put("invoice-1", digital=False)),
    ("paid after the period", put("receipt-6", day=date(2024, 4, 2))),
    ("paid by a bank fee more", put("receipt-6", amount="226000.00", purpose="货款 手续费 10 元")),
    ("software under a hardware category of the form",
     put("application_form", software_investment="1900000", hardware_investment="3000000")),
    ("round prices, 1批 and 1项", put("invoice-5", items=[
        {"name": "*信息技术服务*系统集成服务", "amount": "300000.00", "tax": "18000.00",
         "tax_rate": "0.06", "quantity": "1", "unit": "项"}])),
    ("a former tax id of 15 characters on an old seller", put("invoice-1", seller_taxpayer_id="510109765432198")),
    ("no seal on a born-digital invoice", both(put("invoice-1", digital=True), unseal("invoice-1"))),
    ("black and white scans", both(*(put(f"invoice-{n}", mode="bilevel") for n in range(1, 7)),
                                   *(unseal(f"invoice-{n}") for n in range(1, 7)))),
)  # fmt: skip


@pytest.mark.parametrize("change", [c for _, c in LOOK_ALIKES], ids=[n for n, _ in LOOK_ALIKES])
def test_a_lawful_neighbour_does_not_fail(change: Change) -> None:
    findings, _ = judged(changed(change))
    assert [f for f in findings if f.verdict is Verdict.FAIL] == []
    assert not any(e.certain for f in findings for e in f.effects)


@pytest.mark.parametrize(
    "name",
    ["instalments", "one payment for two invoices", "retention money is unpaid",
     "only part of an invoice is claimed", "one invoice over two rows", "a former name with proof",
     "reversed and issued anew", "paid after the period"],
)  # fmt: skip
def test_the_plain_ones_are_not_even_asked_about(name: str) -> None:
    change = dict(LOOK_ALIKES)[name]
    findings, _ = judged(changed(change))
    assert [f for f in findings if f.severity is not Severity.D] == []


def test_missing_paper_in_unread_files_accuses_nobody() -> None:
    """With a file that could not be opened, nothing is failed for not being there."""
    papers = ("project_filing", "acceptance_report", "business_licence", "audit_report",
              "security_evidence", "construction_plan", "invoice-4", "receipt-3")  # fmt: skip
    broken = add("other", problems=["E401"], kind_of_page="other")
    findings, _ = judged(changed(drop(*papers), broken))
    assert [f for f in findings if f.verdict is Verdict.FAIL] == []
    assert {"N15", "N20", "N22", "N23", "N24", "N17", "N18"} <= {f.rule for f in findings}


def test_the_applicants_own_id_is_no_fault() -> None:
    findings, _ = judged(changed(who(taxpayer_id=APPLICANT_ID)))
    assert findings == ()

"""The fault matrix on facts: one fault planted in an honest case is found by its rule, alone.

``also``: rules that rightly fail with it (one wrong amount breaks the sum as well).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from audit.model import Severity, Verdict
from audit.rules.families import crosscase, registry
from audit.rules.listing import all_rules
from tests.rules.facts import judged
from tests.rules.honest import Change, Folder, all_scanned, changed, honest

OTHER = "四川长江物流有限公司"
FOREIGN = "昆明别家贸易有限公司"


@dataclass(frozen=True)
class Fault:
    """A planted fault: what changes, which rule finds it how, and what else rightly fails."""

    name: str
    rule: str
    verdict: str
    change: Change
    also: tuple[str, ...] = ()


def put(paper: str, **values: Any) -> Change:
    """Return the change of fields of one paper."""

    def change(folder: Folder) -> None:
        folder.papers[paper].update(values)

    return change


def cell(row: int, **values: Any) -> Change:
    """Return the change of cells of one row."""

    def change(folder: Folder) -> None:
        folder.row(row).update(values)

    return change


def drop(*papers: str) -> Change:
    """Return the removal of papers."""

    def change(folder: Folder) -> None:
        for name in papers:
            del folder.papers[name]

    return change


def who(**values: Any) -> Change:
    """Return the change of what is known of the applicant."""
    return lambda folder: folder.who.update(values)


def unseal(paper: str, **traits: Any) -> Change:
    """Return the removal of a paper's seals, or one with these traits in their stead."""

    def change(folder: Folder) -> None:
        folder.papers[paper]["seal_ids"] = []
        if traits:
            folder.seal(paper, **traits)

    return change


def add(kind: str, **values: Any) -> Change:
    """Return the addition of a paper."""
    return lambda folder: folder.extra.append({kind: values})


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(folder: Folder) -> None:
        for one in changes:
            one(folder)

    return change


def without_number(folder: Folder) -> None:
    """Take the invoice number out of the second row."""
    del folder.row(2)["invoice_number"]


def twice(folder: Folder) -> None:
    """Claim the first invoice again in a row of its own."""
    folder.rows.insert(6, dict(folder.row(1)))


FAULTS = (
    Fault("the tax id is of another province", "N01", "undecided", both(
        who(taxpayer_id="91510100MA6ABCN12G"),
        *(put(f"invoice-{n}", buyer_taxpayer_id="91510100MA6ABCN12G") for n in range(1, 7)))),
    Fault("the audit opinion is qualified", "N02", "undecided", put("audit_report", opinion="保留意见")),
    Fault("the period begins in 2021", "N03", "fail", both(
        who(period=[date(2021, 11, 1), date(2023, 6, 30)], period_raw="2021.11-2023.6"),
        put("application_form", period="2021.11-2023.6"))),
    Fault("the form says unfinished", "N04", "fail", put("application_form", completed="否")),
    Fault("accepted after the application", "N04", "fail",
          put("acceptance_report", acceptance_date=date(2024, 6, 3))),
    Fault("the acceptance is negative", "N04", "fail",
          put("acceptance_report", conclusion="验收不通过，整改后重新组织")),
    Fault("thirty months", "N05", "fail", both(
        who(period=[date(2022, 1, 1), date(2024, 6, 30)], period_raw="2022.1-2024.6"),
        put("application_form", period="2022.1-2024.6"))),
    Fault("below the minimum", "N06", "fail", both(
        *(cell(n, amount=a) for n, a in ((1, "900000.00"), (3, "1000000.00"), (4, "800000.00"))),
        lambda f: f.rows[-1].update(amount="3809000.00"),
        put("application_form", invested_amount="3809000", total_investment="3809000",
            software_investment="1465000", hardware_investment="2026000")), also=("F01",)),
    Fault("software is a fifth", "N07", "fail", both(
        *(put(f"invoice-{n}", goods="*机床*数控机床") for n in (1, 5)),
        *(cell(n, category="设备购置费") for n in (1, 5)))),
    Fault("furniture", "N08", "fail", put("invoice-6", goods="*家具*办公桌椅")),
    Fault("no security", "N09", "fail", both(
        put("application_form", security_investment="0"),
        put("invoice-6", goods="*机床*铣床"), cell(6, purpose="铣床"))),
    Fault("maturity level one", "N11", "fail", both(
        put("maturity_assessment", maturity_level="一级"),
        put("application_form", maturity_level="一级"))),
    Fault("assessed too early", "N11", "fail",
          put("maturity_assessment", assessment_date=date(2022, 9, 1))),
    Fault("late commitment", "N13", "undecided", both(
        who(applied_on=date(2024, 6, 1)), put("application_form", commitment_date=date(2024, 6, 1)))),
    Fault("no filing", "N15", "fail", drop("project_filing")),
    Fault("a row without number", "N16", "fail", both(
          put("investment_ledger", digital=True), without_number)),
    Fault("the ledger is not sealed", "N16", "fail", unseal("investment_ledger")),
    Fault("the ledger's seal is a photocopy", "N16", "undecided",
          unseal("investment_ledger", freshness="contradicted")),
    Fault("the ledger bears another company's seal", "N16", "fail",
          unseal("investment_ledger", owner="other", text=OTHER)),
    Fault("an invoice is missing", "N17", "fail", drop("invoice-4")),
    Fault("a row is unpaid", "N18", "fail", drop("receipt-3")),
    Fault("no evidence of security", "N19", "undecided", drop("security_evidence")),
    Fault("no acceptance", "N20", "fail", drop("acceptance_report")),
    Fault("no word on performance", "N21", "undecided", put("construction_plan", text="项目概述")),
    Fault("no licence", "N22", "fail", drop("business_licence")),
    Fault("no audit report", "N23", "fail", drop("audit_report")),
    Fault("the form is not sealed", "N24", "fail", unseal("application_form")),
    Fault("the plan is not sealed", "N24", "fail", unseal("construction_plan")),
    Fault("no statement on discredit", "N25", "undecided", put("application_form", text="申报表")),
    Fault("the form is below the minimum", "F01", "fail", put("application_form",
          invested_amount="4800000", software_investment="2000000", hardware_investment="2800000"),
          also=("F04",)),
    Fault("parts above the whole", "F02", "fail",
          put("application_form", hardware_investment="5200000")),
    Fault("the form's software share is low", "F03", "undecided",
          put("application_form", software_investment="1000000")),
    Fault("the form's sum is another", "F04", "fail",
          put("application_form", invested_amount="6900000", total_investment="6900000")),
    Fault("元 for 万元", "F04", "fail",
          put("application_form", invested_amount="64200000000", total_investment="64200000000")),
    Fault("a period without end", "F05", "fail", put("application_form", period="2023年3月至今", digital=True)),
    Fault("two directions", "F06", "fail", put("application_form", direction="数字化管理、网络化协同")),
    Fault("five scenes", "F07", "fail", put("application_form", scenes="质量管控、运营管理、安全生产、节能减排、产业协同")),
    Fault("two kinds of ownership", "F08", "fail", put("application_form", ownership="国有、民营")),
    Fault("a long description", "F09", "fail", put("application_form", project_intro="建设数字化车间" * 50)),
    Fault("a profit rate out of the air", "F10", "fail", put("application_form", profit_rate_2023=12.8)),
    Fault("another size", "F11", "undecided", put("application_form", size_class="大型")),
    Fault("another day of founding", "F12", "undecided",
          put("application_form", founded_date=date(2006, 1, 1))),
    Fault("another level than assessed", "F13", "fail", put("application_form", maturity_level="三级")),
    Fault("XX% left", "F15", "fail", put("application_form", efficiency_gain="XX%", digital=True)),
    Fault("a telephone number too short", "F16", "undecided", put("application_form", contact_phone="6800")),
    Fault("a provider without invoices", "F17", "undecided", put("application_form", provider_name=FOREIGN)),
    Fault("four times as fast", "F18", "undecided", put("application_form", efficiency_gain="400%")),
    Fault("a total not legible", "I01", "undecided",
          put("invoice-2", total={"value": "565000.00", "status": "doubtful"})),
    Fault("a number of another year", "I02", "fail", both(
        put("invoice-2", number="20512000000010000310"), cell(2, invoice_number="20512000000010000310"))),
    Fault("the QR code says less", "I03", "fail", put("invoice-2", total={
        "value": "565000.00", "sources": {"qr": "56500.00", "text_layer": "565000.00"}})),
    Fault("the sum is off", "I04", "fail", put("invoice-2", tax_amount="65500.00", items=[])),
    Fault("the words differ", "I04", "fail", put("invoice-2", total_in_words="伍拾陆万陆仟圆整")),
    Fault("another buyer", "I05", "fail", put("invoice-2", buyer=OTHER, buyer_taxpayer_id="91510100MA6ABCN12G")),
    Fault("another tax id of the buyer", "I05", "undecided",
          put("invoice-2", buyer_taxpayer_id="91510100MA6ABCN12G")),
    Fault("a copy without seal", "I06", "fail", unseal("invoice-2")),
    Fault("a copy whose seal is copied too", "I06", "undecided",
          unseal("invoice-2", freshness="contradicted")),
    Fault("a copy with a contract seal", "I06", "fail", unseal("invoice-2", kind="contract")),
    Fault("a copy with another company's seal", "I06", "fail",
          unseal("invoice-2", owner="other", text=OTHER)),
    Fault("issued in 2021", "I07", "fail", both(
        put("invoice-2", number="21512000000010000310", day=date(2021, 12, 20)),
        cell(2, invoice_number="21512000000010000310"))),
    Fault("issued after the application", "I07", "fail", both(
        put("invoice-2", number="24512000000010000310", day=date(2024, 5, 20)),
        cell(2, invoice_number="24512000000010000310"))),
    Fault("a robot declared as software", "I08", "undecided", cell(3, category="软件购置费")),
    Fault("a void invoice", "I09", "fail", put("invoice-2", marks=["作废"])),
    Fault("a reversed invoice", "I09", "fail", add("invoice", number="22512000000010000777",
          total="-565000.00", day=date(2022, 12, 1), marks=["红字"], remarks="被红冲蓝字数电票号码：22512000000010000310",
          seal_ids=[])),
    Fault("XML and face differ", "I10", "undecided", put("invoice-2", total={
        "value": "565000.00", "sources": {"xml": "565000.00", "text_layer": "665000.00"}})),
    Fault("somebody else pays", "I11", "undecided", put("receipt-2", payer=OTHER)),
    Fault("half is unpaid", "I12", "fail", put("receipt-5", amount="159000.00")),
    Fault("paid after the application", "I12", "fail", put("receipt-2", day=date(2024, 5, 20))),
    Fault("a row above its invoice", "I13", "fail", both(
        cell(2, amount="600000.00"), lambda f: f.rows[-1].update(amount="6455000.00"),
        put("application_form", invested_amount="6455000", total_investment="6455000"))),
    Fault("a wrong total", "I13", "fail", lambda f: f.rows[-1].update(amount="6520000.00")),
    Fault("an invoice in no row", "I14", "undecided",
          add("invoice", number="23512000000019999999", total="5000.00")),
    Fault("a contract after its invoice", "I16", "undecided", both(
        cell(2, contract_number="HT-2022-09"),
        add("contract", contract_number="HT-2022-09", party_b="成都云帆软件有限公司",
            contract_date=date(2022, 12, 1)))),
    Fault("a seal under the former name", "I17", "undecided", both(
        who(former_names=["重庆山城机械有限公司"]),
        unseal("investment_ledger", text="重庆山城机械有限公司"))),
    Fault("invoiced above the contract", "I19", "undecided", both(
        cell(2, contract_number="HT-2022-09"),
        add("contract", contract_number="HT-2022-09", party_b="成都云帆软件有限公司",
            contract_total="500000.00", contract_date=date(2022, 1, 5)))),
    Fault("a page of 96 dpi", "I18", "undecided", put("invoice-2", dpi=96)),
    Fault("one invoice in two rows", "R01", "fail", twice, also=("I13", "F04")),
    Fault("one number on two faces", "R03", "undecided",
          add("invoice", number="22512000000010000310", total="56500.00", day=date(2022, 9, 5))),
    Fault("numbers run on over months", "R04", "undecided", both(
        *(both(put(f"invoice-{n}", number=f"2250200000002000001{n}", day=date(2022, n + 4, 9)),
               cell(n, invoice_number=f"2250200000002000001{n}"),
               put(f"invoice-{n}", seller="重庆渝工自动化设备有限公司", seller_taxpayer_id="91500112MA6ROBT121"),
               put(f"receipt-{n}", payee="重庆渝工自动化设备有限公司")) for n in (2, 3, 4)))),
    Fault("two contracts just below the limit", "R05", "undecided", both(
        *(add("contract", contract_number=f"HT-{n}", party_b=FOREIGN, contract_total="1980000")
          for n in (1, 2)))),
    Fault("money comes back", "R07", "undecided",
          add("receipt", amount="30000.00", payer="成都云帆软件有限公司", payee="重庆山城智造有限公司", purpose="退款")),
    Fault("one person on two licences", "R08", "undecided",
          add("business_licence", company_name=FOREIGN, legal_representative="张明", address="云南省昆明市")),
    Fault("a seller founded last month", "R09", "undecided",
          add("business_licence", company_name="成都云帆软件有限公司", founded_date=date(2022, 5, 20))),
    Fault("hardware invoiced as software", "R10", "undecided", put("invoice-2", goods="*软件*工业交换机")),
    Fault("issued in the last days", "R12", "undecided", both(
        put("invoice-2", number="24512000000010000310", day=date(2024, 5, 6)),
        cell(2, invoice_number="24512000000010000310"))),
    Fault("one voucher number on two vouchers", "R20", "undecided",
          put("receipt-2", receipt_number="0918-3117-0001-1100")),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.rule}-{f.name}")
def test_a_planted_fault_is_found_and_nothing_else_fails(fault: Fault) -> None:
    findings, _ = judged(changed(fault.change))
    mine = {f.verdict.value for f in findings if f.rule == fault.rule}
    assert fault.verdict in mine
    failing = {f.rule for f in findings if f.verdict is Verdict.FAIL}
    assert failing <= {fault.rule, *fault.also}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.rule}-{f.name}")
def test_scans_read_once_deduct_nothing_that_rests_on_them(fault: Fault) -> None:
    """With every paper read once from pixels, fields that contradict are asked about, not failed."""
    findings, _ = judged(all_scanned(changed(fault.change)))
    rests_on_fields = {"N04", "N08", "I02", "I03", "I04", "I05", "I07", "I10", "F01", "F06", "F07"}
    for finding in findings:
        if finding.rule in rests_on_fields:
            assert finding.verdict is not Verdict.FAIL, finding


def test_the_honest_case_is_clean() -> None:
    for facts in (honest().facts(), honest(scanned=False).facts(), all_scanned(honest().facts())):
        findings, outcomes = judged(facts)
        assert [f for f in findings if f.severity is not Severity.D] == []
        executed = [o for o in outcomes if o.not_executed is None]
        assert len(executed) >= 70


def test_every_rule_that_one_folder_can_answer_has_a_fault() -> None:
    planted = {f.rule for f in FAULTS}
    exempt = {r.code for r in registry.RULES}
    #: Needing more than one paper's change: their own cases cover them.
    exempt |= {"F14", "I15", "N10", "N12", "R06", "R11", "R13", "R14", "R15", "R19"}
    exempt |= {r.code for r in crosscase.RULES}
    assert {r.code for r in all_rules()} - exempt == planted

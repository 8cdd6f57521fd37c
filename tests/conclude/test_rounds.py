"""Two rounds of one case: renamed files change nothing, silent changes are named, decisions carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from audit import i18n
from audit.conclude import conclude, statement
from audit.conclude.rounds import Comparison, compare
from audit.match import match_case
from audit.model import (
    CaseFacts,
    CaseReport,
    Decision,
    Document,
    DocumentKind,
    Finding,
    LedgerRow,
    Outcome,
    RunInfo,
    Verdict,
    say,
    stable_key,
)
from tests.factory import case, document, effect, finding, invoice, policy, receipt, row

ONE, TWO = "24502000000000000001", "24502000000000000002"


def _papers() -> list[Document]:
    return [
        invoice(ONE, "113.00"),
        invoice(TWO, "226.00"),
        receipt("113.00", receipt_number="HD1"),
        document(DocumentKind.APPLICATION_FORM, company_name="甲公司", invested_amount="339.00"),
    ]


ROWS = [row(ONE, "113.00", name="软件"), row(TWO, "226.00", name="机床")]


def _report(
    facts: CaseFacts, findings: Sequence[Finding] = (), decisions: Sequence[Decision] = ()
) -> CaseReport:
    used = policy()
    matching = match_case(facts, used)
    result = conclude(facts, matching, findings, used, decisions)
    return CaseReport(
        RunInfo("", 0.0, "", "", ""),
        facts,
        result.declared_total,
        matching.links,
        result.findings,
        (),
        result.groups,
        result.waterfall,
        result.conclusions,
        result.checklist,
        (),
        tuple(decisions),
    )


def _rescanned(facts: CaseFacts) -> CaseFacts:
    """Return the same papers as other bytes, other files and in another order."""
    papers = [
        replace(d, id="", key=stable_key("again", d.key), file=f"补正/{d.key}.pdf")
        for d in reversed(facts.documents)
    ]
    rows = [replace(r, key=stable_key("again", r.key), row=0) for r in facts.rows]
    return case(papers, rows)


def _compare(
    old: CaseReport, new: CaseReport, as_found: Sequence[Finding] | None = None
) -> Comparison:
    return compare(old, old.findings if as_found is None else as_found, new)


def test_the_same_papers_renamed_and_scanned_anew_change_nothing() -> None:
    old = case(_papers(), ROWS)
    assert _compare(_report(old), _report(_rescanned(old))).changes == ()


def test_value_that_changed_unasked_is_silent() -> None:
    old = case(_papers(), ROWS)
    papers = _papers()
    papers[1] = invoice(TWO, "200.00")
    changes = _compare(_report(old), _report(_rescanned(case(papers, ROWS)))).changes
    assert {c.kind for c in changes} == {"silent"}
    assert "total_with_tax" in [dict(c.message.params)["field"] for c in changes]


def test_value_that_changed_after_being_asked_for_is_not_silent() -> None:
    old = case(_papers(), ROWS)
    papers = _papers()
    papers[1] = invoice(TWO, "200.00")
    asked = finding(1, documents=["D2"], found="226.00")
    changes = _compare(_report(old, [asked]), _report(_rescanned(case(papers, ROWS)))).changes
    assert {c.kind for c in changes} == {"mended", "asked"}


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([row(ONE, "113.00", name="软件"), row(TWO, "230.00", name="机床")], ["silent"]),
        ([row(ONE, "113.00", name="软件")], ["removed"]),
        ([*ROWS, row("24502000000000000009", "5.00", amount_without_tax="4.42")], ["added"]),
        ([ROWS[1], ROWS[0]], []),
    ],
)
def test_ledger_rows_are_compared_by_content(rows: list[LedgerRow], kinds: list[str]) -> None:
    old, new = case(_papers(), ROWS), case(_papers(), rows)
    assert [c.kind for c in _compare(_report(old), _report(new)).changes] == kinds


def test_papers_come_and_go() -> None:
    old = case(_papers(), ROWS)
    contract = replace(document(DocumentKind.CONTRACT, contract_number="HT-1"), key="contract")
    papers = [*_papers()[:3], contract]
    changes = _compare(_report(old), _report(case(papers, ROWS))).changes
    assert sorted(c.kind for c in changes) == ["added", "removed"]
    added = next(c.message for c in changes if c.kind == "added")
    for lang, name in (("zh", "（合同）"), ("en", "(contract)")):
        assert i18n.text(added.key, dict(added.params), lang).endswith(name)


def test_findings_are_mended_open_or_new() -> None:
    old, new = case(_papers(), ROWS), _rescanned(case(_papers(), ROWS))
    ids = {d.get("invoice_number").text: d.id for d in new.documents}
    before = [
        finding(1, "I05", documents=["D1"], rows=[]),
        finding(2, "I06", documents=["D2"], rows=[]),
    ]
    after = [
        finding(1, "I06", documents=[ids[TWO]], rows=[]),
        finding(2, "I07", documents=[ids[ONE]], rows=[]),
    ]
    changes = _compare(_report(old, before), _report(new, after)).changes
    assert [c.kind for c in changes] == ["mended", "open", "new"]


def test_what_was_not_looked_at_again_is_not_mended() -> None:
    facts = case(_papers(), ROWS)
    known = finding(1, "R15")
    old = _report(facts, [known])
    again = _report(facts)
    assert [c.kind for c in compare(old, [known], again).changes] == ["mended"]
    outcome = Outcome("R15", 0, 0, 0, 0, 0, say("rules.off"))
    blind = replace(again, outcomes=(outcome,))
    assert [c.kind for c in compare(old, [known], blind).changes] == ["open"]


# --- decisions -----------------------------------------------------------------------------------


def _decision(action: str, target: str, seq: int = 1, **more: object) -> Decision:
    given: dict[str, object] = {"seq": seq, "at": "2024-06-01", "actor": "张审核", "reason": "核过"}
    return Decision(action=action, target=target, **{**given, **more})  # type: ignore[arg-type]


def test_ruling_on_a_finding_that_says_the_same_is_carried() -> None:
    old, new = case(_papers(), ROWS), _rescanned(case(_papers(), ROWS))
    ids = {d.get("invoice_number").text: d.id for d in new.documents}
    before = finding(1, documents=["D2"], effects=[effect(2, "226.00")])
    after = replace(finding(1, documents=[ids[TWO]], effects=[effect(2, "226.00")]), key="other")
    ruling = _decision("dismiss_finding", before.key, covers=(statement(before),))
    comparison = _compare(_report(old, [before], [ruling]), _report(new, [after]), [before])
    carried = comparison.carried[0][1]
    assert (carried.target, carried.actor) == ("other", "张审核")
    assert _report(new, [after], [carried]).findings[0].verdict is Verdict.PASS


def test_ruling_on_a_finding_that_says_something_else_is_dropped_with_a_reason() -> None:
    facts = case(_papers(), ROWS)
    before = finding(1, documents=["D2"], effects=[effect(2, "100.00")])
    after = finding(1, documents=["D2"], effects=[effect(2, "226.00")])
    ruling = _decision("dismiss_finding", before.key, covers=(statement(before),))
    comparison = _compare(_report(facts, [before], [ruling]), _report(facts, [after]), [before])
    assert comparison.carried == ()
    assert comparison.dropped[0][1].key == "round.not_carried_finding"


def test_reading_is_carried_with_the_same_bytes_and_not_with_others() -> None:
    old = case(_papers(), ROWS)
    correction = _decision(
        "correct", old.documents[1].key, field_name="total_with_tax", value="226.00"
    )
    same = _compare(_report(old, (), [correction]), _report(old))
    assert [a.target for _, a in same.carried] == [old.documents[1].key]
    anew = _compare(_report(old, (), [correction]), _report(_rescanned(old)))
    assert anew.dropped[0][1].key == "round.not_carried_changed"


def test_correction_of_a_row_follows_the_row() -> None:
    old, new = case(_papers(), ROWS), _rescanned(case(_papers(), ROWS))
    correction = _decision(
        "correct", old.rows[1].key, field_name="judged_category", value="equipment"
    )
    comparison = _compare(_report(old, (), [correction]), _report(new))
    assert [a.target for _, a in comparison.carried] == [new.rows[1].key]


def test_money_of_the_old_round_is_what_it_was() -> None:
    old = _report(case(_papers(), ROWS), [finding(1, effects=[effect(1, "13.00")])])
    assert old.waterfall.incl.deducted == Decimal("13.00")

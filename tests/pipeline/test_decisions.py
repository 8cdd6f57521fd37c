"""Sessions on a read case: each decision is logged and judged at once; nothing bad is written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputUnusableError
from audit.model import CaseFacts, CaseReport, Document, Reading, RunInfo, Status, Verdict
from audit.pipeline.decisions import (
    DecisionRefusedError,
    Session,
    decisions_of,
    open_session,
    recall,
    remember,
)
from audit.store.log import verify_log
from audit.store.workspace import Workspace
from tests.factory import reading
from tests.pipeline.honest import honest_case

POLICY = "cq-2024-industrial-internet"
WHO = "张审核"


def _with(facts: CaseFacts, index: int, **changes: Reading) -> CaseFacts:
    old = facts.documents[index]
    new = replace(old, fields={**old.fields, **changes})
    documents = (*facts.documents[:index], new, *facts.documents[index + 1 :])
    return replace(facts, documents=documents)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a workspace with a case of six rows; the buyer of the first invoice is another."""
    stranger = reading("重庆别家实业有限公司"), reading("91500105MA5U11112R")
    facts = _with(honest_case(6), 0, buyer_name=stranger[0], buyer_taxpayer_id=stranger[1])
    doubtful = reading(facts.documents[2].get("total_with_tax").value, Status.DOUBTFUL)
    facts = _with(facts, 2, total_with_tax=doubtful)
    with Workspace(tmp_path) as space:
        remember(space, facts, POLICY, "zh", RunInfo("", 0.0, "0", POLICY, ""))
    return tmp_path


def _paper(report: CaseReport, index: int) -> Document:
    return report.facts.documents[index]


def _buyer_finding(session: Session) -> str:
    return next(f.key for f in session.report().findings if f.rule == "I05")


def test_correction_is_logged_and_judged_at_once(out: Path) -> None:
    session = open_session(out)
    assert any(f.rule == "I05" for f in session.report().findings)
    key = _paper(session.report(), 0).key
    name = session.report().facts.applicant.name
    session.decide("correct", key, "buyer_name", name, "原件购买方为申报单位", WHO)
    tax_id = session.report().facts.applicant.taxpayer_id
    report = session.decide("correct", key, "buyer_taxpayer_id", tax_id, "原件", WHO)
    assert not any(f.rule == "I05" for f in report.findings)
    assert _paper(report, 0).get("buyer_name").status is Status.CORRECTED
    assert [(d.actor, d.action) for d in report.decisions] == [(WHO, "correct")] * 2
    assert not verify_log(out)[1]


def test_next_session_finds_every_decision(out: Path) -> None:
    session = open_session(out)
    session.decide("confirm", _paper(session.report(), 2).key, "total_with_tax", actor=WHO)
    again = open_session(out)
    assert again.report() == session.report()
    assert _paper(again.report(), 2).get("total_with_tax").status is Status.CONFIRMED


def test_two_sessions_follow_each_other(out: Path) -> None:
    one, other = open_session(out), open_session(out)
    one.decide("note", _buyer_finding(one), reason="问过企业", actor=WHO)
    report = other.decide("note", _buyer_finding(other), reason="再看", actor="李复核")
    assert [d.actor for d in report.decisions] == [WHO, "李复核"]


def test_dismissed_finding_moves_the_money_and_shows_who(out: Path) -> None:
    session = open_session(out)
    held = session.report().waterfall.incl
    key = _buyer_finding(session)
    report = session.decide("dismiss_finding", key, reason="更名证明已核", actor=WHO)
    group = next(g for g in report.groups if g.decision is not None)
    assert group.decision is not None
    assert (group.decision.actor, group.decision.reason) == (WHO, "更名证明已核")
    after = report.waterfall.incl
    assert after.supported > held.supported
    assert after.declared == after.supported + after.pending + after.deducted == held.declared


def test_group_ruled_with_the_company_s_explanation(out: Path) -> None:
    session = open_session(out)
    finding = next(f for f in session.report().findings if f.rule == "I05")
    group = next(g for g in session.report().groups if finding.id in g.finding_ids)
    report = session.decide(
        "rule", group.key, value="采信", reason="说明有据", actor=WHO, explanation="名称打印错误"
    )
    ruled = next(g for g in report.groups if g.key == group.key)
    assert ruled.verdict is Verdict.PASS
    assert ruled.history[0].explanation == "名称打印错误"


def test_undo_brings_back_what_was_there(out: Path) -> None:
    session = open_session(out)
    before = session.report()
    report = session.decide("dismiss_finding", _buyer_finding(session), reason="误报", actor=WHO)
    report = session.undo(report.decisions[0].seq, WHO, "看错")
    assert report.waterfall == before.waterfall
    assert [d.action for d in report.decisions] == ["dismiss_finding", "undo"]
    with pytest.raises(DecisionRefusedError):
        session.undo(report.decisions[0].seq, WHO)


def test_second_person_checks_and_nobody_checks_himself(out: Path) -> None:
    session = open_session(out)
    report = session.decide("dismiss_finding", _buyer_finding(session), reason="误报", actor=WHO)
    seq = report.decisions[0].seq
    assert [d.seq for d in session.unchecked()] == [seq]
    with pytest.raises(DecisionRefusedError):
        session.check(seq, WHO)
    session.check(seq, "李复核")
    assert session.unchecked() == ()


@pytest.mark.parametrize(
    ("action", "field", "value", "reason", "actor"),
    [
        ("correct", "total_with_tax", "113.00", "原件", ""),
        ("correct", "total_with_tax", "113.00", "", WHO),
        ("correct", "total_with_tax", "一百", "原件", WHO),
        ("correct", "kind", "letter", "原件", WHO),
        ("dance", "", "", "", WHO),
        ("confirm", "check_code", "", "", WHO),
        ("mark_seal", "owner", "applicant", "看过", WHO),
        ("dismiss_finding", "", "", "误报", WHO),
    ],
)
def test_bad_decision_is_refused_and_not_written(
    out: Path, action: str, field: str, value: str, reason: str, actor: str
) -> None:
    session = open_session(out)
    key = _paper(session.report(), 0).key
    with pytest.raises(DecisionRefusedError):
        session.decide(action, key, field, value, reason, actor)
    with Workspace(out) as space:
        assert decisions_of(space.log) == ()


def test_ruling_does_not_cover_what_a_correction_changed_later(out: Path) -> None:
    session = open_session(out)
    session.decide("dismiss_finding", _buyer_finding(session), reason="误报", actor=WHO)
    key = _paper(session.report(), 0).key
    report = session.decide("correct", key, "buyer_name", "又一家有限公司", "原件如此", WHO)
    finding = next(f for f in report.findings if f.rule == "I05")
    assert finding.verdict is not Verdict.PASS
    assert "conclude.ruling.changed" in [n.key for n in report.facts.notes]


def test_amount_corrected_by_a_person_is_no_longer_pending(out: Path) -> None:
    session = open_session(out)
    row = session.report().facts.rows[0]
    report = session.decide("correct", row.key, "amount_with_tax", "1.00", "原件为 1 元", WHO)
    assert report.facts.rows[0].get("amount_with_tax").value == Decimal("1.00")


def test_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError):
        open_session(tmp_path)
    with Workspace(tmp_path) as space, pytest.raises(InputUnusableError):
        recall(space)

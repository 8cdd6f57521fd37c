"""Judgement over small cases: money, groups, rulings, conclusions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from audit import i18n
from audit.conclude import Result, conclude, statement
from audit.conclude.causes import DOUBT
from audit.match import match_case
from audit.model import (
    CaseFacts,
    Conclusion,
    Decision,
    Document,
    Finding,
    LedgerRow,
    Outcome,
    RuleCard,
    Severity,
    Status,
    Verdict,
    say,
)
from audit.policy.schema import Policy, RequiredDocument
from tests.factory import (
    case,
    document,
    effect,
    finding,
    invoice,
    item,
    policy,
    reading,
    receipt,
    row,
    seal,
)

EQUIPMENT = "*机床*数控加工中心"
SOFTWARE = "*软件*生产执行系统软件"


def _number(n: int) -> str:
    return f"2450200000{n:010d}"


def _facts(*amounts: tuple[str, str], extra: Sequence[Document] = ()) -> CaseFacts:
    """Return a case of rows (amount with tax, goods), each with its invoice and payment."""
    papers: list[Document] = []
    rows: list[LedgerRow] = []
    for n, (amount, goods) in enumerate(amounts, 1):
        papers += [invoice(_number(n), amount, goods=goods), receipt(amount)]
        rows.append(row(_number(n), amount))
    return case([*papers, *extra], rows)


def _judged(
    facts: CaseFacts,
    findings: Sequence[Finding] = (),
    decisions: Sequence[Decision] = (),
    rule: Policy | None = None,
    outcomes: Sequence[Outcome] = (),
    cards: Sequence[RuleCard] = (),
) -> Result:
    used = rule or policy()
    return conclude(
        facts, match_case(facts, used), findings, used, decisions, outcomes=outcomes, cards=cards
    )


def _decision(action: str, target: str, **more: object) -> Decision:
    given: dict[str, object] = {"seq": 1, "at": "2024-06-01T08:00:00+00:00", "actor": "张审核"}
    return Decision(**{**given, "action": action, "target": target, **more})  # type: ignore[arg-type]


def _total(result: Result) -> Conclusion:
    return result.conclusions[0]


def _share(result: Result) -> Conclusion:
    return result.conclusions[1]


HONEST = (("4000000.00", EQUIPMENT), ("2260000.00", SOFTWARE))


def test_honest_case_passes_without_groups() -> None:
    result = _judged(_facts(*HONEST))
    assert result.groups == ()
    assert result.declared_total == Decimal("6260000.00")
    assert _total(result).verdict is Verdict.PASS
    assert _share(result).verdict is Verdict.PASS
    assert result.waterfall.incl.supported == Decimal("6260000.00")
    assert result.waterfall.excl.supported < result.waterfall.incl.supported


@pytest.mark.parametrize(
    ("amount", "bases", "verdict"),
    [
        ("5000000.00", ("incl",), Verdict.PASS),
        ("4999999.99", ("incl",), Verdict.FAIL),
        ("5650000.00", ("incl", "excl"), Verdict.PASS),
        ("5649999.98", ("incl", "excl"), Verdict.OPEN),
        ("4999999.99", ("incl", "excl"), Verdict.FAIL),
    ],
)
def test_total_against_its_threshold_to_the_cent(
    amount: str, bases: tuple[str, ...], verdict: Verdict
) -> None:
    result = _judged(_facts((amount, SOFTWARE)), rule=policy(bases=bases))
    assert _total(result).verdict is verdict


def test_where_the_bases_differ_the_conclusion_says_so() -> None:
    notes = [n.key for n in _total(_judged(_facts(("5200000.00", SOFTWARE)))).notes]
    assert "conclude.hint.total_basis" in notes


def test_figures_are_never_rounded_up_to_the_threshold() -> None:
    note = _total(_judged(_facts(("4999999.99", SOFTWARE)))).notes[0]
    assert dict(note.params)["high"] == "499.99"


def test_pending_keeps_the_clause_open_and_names_what_decides() -> None:
    held = finding(
        1, verdict=Verdict.UNDECIDED, effects=[effect(2, "2260000.00", "2000000.00", certain=False)]
    )
    small = finding(
        2,
        "I12",
        verdict=Verdict.UNDECIDED,
        effects=[effect(1, "100.00", certain=False)],
        seller="其他公司",
    )
    result = _judged(_facts(*HONEST), [small, held])
    assert _total(result).verdict is Verdict.OPEN
    assert _total(result).decided_by[0] == "Q1"
    assert result.groups[0].finding_ids == ("Q1",)
    assert all(g.flips for g in result.groups)
    assert result.waterfall.incl.pending == Decimal("2260100.00")


def test_deduction_that_sinks_the_case_can_flip_it_back() -> None:
    held = finding(1, effects=[effect(2, "2260000.00", "2000000.00")])
    result = _judged(_facts(*HONEST), [held])
    assert _total(result).verdict is Verdict.FAIL
    assert _total(result).decided_by == ("Q1",)
    assert result.groups[0].flips


def test_numerator_and_denominator_both_follow_a_deduction() -> None:
    facts = _facts(("6000000.00", EQUIPMENT), ("3000000.00", SOFTWARE))
    before = dict(_judged(facts).waterfall.incl.shares)["middle"]
    cut = finding(1, effects=[effect(2, "1500000.00")])
    after = dict(_judged(facts, [cut]).waterfall.incl.shares)["middle"]
    assert before.low == before.high == Decimal(3) / 9
    assert after.low == after.high == Decimal("1.5") / Decimal("7.5")


def test_row_of_unknown_category_counts_from_nothing_to_all() -> None:
    facts = _facts(
        ("4000000.00", EQUIPMENT), ("1000000.00", SOFTWARE), ("1000000.00", "*未知*杂项")
    )
    result = _judged(facts)
    ends = dict(result.waterfall.incl.shares)["middle"]
    assert (ends.low, ends.high) == (Decimal(1) / 6, Decimal(2) / 6)
    assert _share(result).verdict is Verdict.OPEN
    assert "conclude.unknown_category" in [n.key for n in _share(result).notes]


def test_mixed_invoice_counts_by_its_lines() -> None:
    lines = (item(EQUIPMENT, "600000.00"), item(SOFTWARE, "400000.00"))
    paper = invoice(_number(1), "1130000.00", items=lines)
    facts = case([paper, receipt("1130000.00")], [row(_number(1), "1130000.00")])
    ends = dict(_judged(facts).waterfall.incl.shares)["narrow"]
    assert ends.low == ends.high == Decimal("0.4")


def test_another_reading_that_turns_the_share_is_hinted() -> None:
    facts = _facts(("4000000.00", EQUIPMENT), ("2000000.00", "*研发和技术服务*实施服务"))
    share = _share(_judged(facts))
    assert share.verdict is Verdict.PASS
    hints = [n.key for n in share.notes if "hint" in n.key]
    assert hints == ["conclude.hint.narrow"]


def test_unread_row_forbids_a_fail() -> None:
    papers = [invoice(_number(1), "1130000.00"), receipt("1130000.00")]
    facts = case(papers, [row(_number(1), "1130000.00"), row(_number(2), None, supplier="某公司")])
    result = _judged(facts)
    assert _total(result).verdict is Verdict.OPEN
    assert [g.cause for g in result.groups] == [DOUBT]


def test_doubtful_row_is_pending_until_a_person_reads_it() -> None:
    doubtful = reading(Decimal("1130000.00"), Status.DOUBTFUL)
    facts = case(
        [invoice(_number(1), "1130000.00"), receipt("1130000.00")], [row(_number(1), doubtful)]
    )
    result = _judged(facts)
    assert result.waterfall.incl.pending == Decimal("1130000.00")
    assert result.waterfall.incl.steps[0].finding_id == result.findings[0].id
    assert result.groups[0].title.key == "conclude.group.doubt"


def test_cue_takes_nothing_and_comes_last() -> None:
    cue = finding(1, "R04", severity=Severity.D, effects=[effect(1, "100.00")])
    real = finding(2, "I06", severity=Severity.C)
    result = _judged(_facts(*HONEST), [cue, real])
    assert result.waterfall.incl.deducted == 0
    assert [g.severity for g in result.groups] == [Severity.C, Severity.D]


# --- groups -------------------------------------------------------------------------------------


def test_one_group_per_cause_and_seller() -> None:
    found = [
        finding(n, "I06", severity=Severity.C, cause="seal_missing", seller=s)
        for n, s in enumerate(("甲公司", "甲公司", "乙公司"), 1)
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert sorted(g.finding_ids for g in groups) == [("Q1", "Q2"), ("Q3",)]


def test_what_fails_stands_before_what_is_open_where_both_weigh_the_same() -> None:
    found = [
        finding(n, f"N{10 + n}", verdict=v, severity=Severity.A)
        for n, v in enumerate((Verdict.UNDECIDED, Verdict.FAIL, Verdict.UNDECIDED), 1)
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert [g.verdict for g in groups] == [Verdict.FAIL, Verdict.UNDECIDED, Verdict.UNDECIDED]


def test_wrong_buyer_silences_what_follows() -> None:
    found = [
        finding(1, "I11", documents=["D1"], cause="payer_differs"),
        finding(2, "I05", documents=["D1"], cause="buyer_wrong"),
        finding(3, "I04", documents=["D1"], cause="sum_wrong"),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert {g.finding_ids for g in groups} == {("Q2", "Q1"), ("Q3",)}


def test_missing_invoice_silences_its_fields_and_payment() -> None:
    found = [
        finding(1, "I12", rows=[1], cause="unpaid", effects=[effect(1, "50.00")]),
        finding(2, "I14", rows=[1], cause="invoice_missing", effects=[effect(1, "100.00")]),
        finding(3, "I12", rows=[2], cause="unpaid"),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert {g.finding_ids for g in groups} == {("Q2", "Q1"), ("Q3",)}


def test_mistyped_number_is_one_fault_not_two() -> None:
    papers = [invoice(_number(1), "113.00")]
    facts = case(papers, [row("99998888777766665555", "113.00", supplier="成都云帆软件有限公司")])
    found = [
        finding(1, "N17", effects=[effect(1, "113.00")], cause="invoice_missing"),
        finding(2, "I14", documents=["D1"], cause="invoice_unlisted"),
        finding(3, "I14", documents=["D9"], cause="invoice_unlisted"),
    ]
    groups = _judged(facts, found).groups
    assert ("Q1", "Q2") in [g.finding_ids for g in groups]
    assert ("Q3",) in [g.finding_ids for g in groups]


def test_share_that_is_only_open_follows_from_what_keeps_it_open() -> None:
    found = [
        finding(1, "N07", verdict=Verdict.UNDECIDED, severity=Severity.A),
        finding(2, "N08", verdict=Verdict.UNDECIDED, cause="category_unknown", rows=[2]),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert [g.finding_ids for g in groups] == [("Q2", "Q1")]
    assert groups[0].severity is Severity.A


def test_papers_that_may_stand_on_unread_pages_wait_for_these() -> None:
    undecided = Verdict.UNDECIDED
    found = [
        finding(1, "N18", verdict=undecided, effects=[effect(1, "50.00", certain=False)]),
        finding(2, "I18", verdict=undecided, severity=Severity.C, cause="page_unreadable"),
        finding(3, "N18", effects=[effect(2, "70.00")]),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert {g.finding_ids for g in groups} == {("Q3",), ("Q2", "Q1")}
    waiting = next(g for g in groups if g.cause == "page_unreadable")
    assert waiting.amount == Decimal("50.00")
    assert waiting.title.key == "conclude.group.plain_one"


@pytest.mark.parametrize(("rule", "head"), [("F01", "F04"), ("F01", "N06"), ("F03", "N07")])
def test_figures_of_the_form_follow_from_those_of_the_ledger(rule: str, head: str) -> None:
    found = [finding(1, rule, severity=Severity.A), finding(2, head, severity=Severity.C)]
    groups = _judged(_facts(*HONEST), found).groups
    assert [g.finding_ids for g in groups] == [("Q2", "Q1")]


def test_row_that_names_a_cloned_number_follows_from_the_clone() -> None:
    found = [
        finding(1, "N17", documents=["D1"], rows=[1], cause="invoice_unsure"),
        finding(2, "R03", documents=["D1", "D3"], cause="invoice_cloned"),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert [g.finding_ids for g in groups] == [("Q2", "Q1")]


def test_one_wrong_row_explains_a_wrong_total() -> None:
    found = [
        finding(1, "I13", expected="6,260,000.00", found="6,250,000.00", cause="total_wrong"),
        finding(2, "I13", effects=[effect(1, "10000.00")], cause="row_exceeds"),
        finding(3, "F04", expected="626.00", found="620.00", cause="form_differs"),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert {g.finding_ids for g in groups} == {("Q2", "Q1"), ("Q3",)}


def test_contradictions_of_one_face_are_one_group() -> None:
    found = [
        finding(1, "I04", documents=["D1"], cause="words_differ", verdict=Verdict.UNDECIDED),
        finding(2, "I03", documents=["D1"], cause="qr_differs"),
        finding(3, "I03", documents=["D3"], cause="qr_differs", seller="另一公司"),
    ]
    groups = _judged(_facts(*HONEST), found).groups
    assert {g.finding_ids for g in groups} == {("Q2", "Q1"), ("Q3",)}


def test_all_doubtful_readings_are_one_line() -> None:
    found = [
        finding(
            n,
            "I01",
            verdict=Verdict.UNDECIDED,
            documents=[f"D{n}"],
            seller=f"公司{n}",
            effects=[effect(1, "100.00", certain=False)],
        )
        for n in range(1, 8)
    ]
    result = _judged(_facts(*HONEST), found)
    assert len(result.groups) == 1
    assert result.groups[0].title == say("conclude.group.doubt", count=7, amount="0.01")


def test_requests_of_a_group_are_one_with_every_number() -> None:
    found = [
        finding(n, "I06", severity=Severity.C, cause="seal", request=say("ask.seal", number=str(n)))
        for n in (7, 8)
    ]
    assert _judged(_facts(*HONEST), found).groups[0].request == say("ask.seal", number="7、8")


def test_every_finding_is_in_exactly_one_group() -> None:
    rules = ("I01", "I03", "I04", "I05", "I06", "I11", "I12", "I13", "I14", "R01", "N08", "F04")
    found = [
        finding(n, rule, documents=[f"D{n % 3 + 1}"], rows=[n % 2 + 1], cause="" if n % 2 else rule)
        for n, rule in enumerate(rules, 1)
    ]
    groups = _judged(_facts(*HONEST), found).groups
    placed = [i for g in groups for i in g.finding_ids]
    assert sorted(placed) == sorted(f.id for f in found)


# --- rulings ------------------------------------------------------------------------------------

HELD = finding(
    1, verdict=Verdict.UNDECIDED, effects=[effect(2, "2260000.00", "2000000.00", certain=False)]
)


@pytest.mark.parametrize(
    ("action", "value", "verdict", "pending", "deducted"),
    [
        ("dismiss_finding", "", Verdict.PASS, "0", "0"),
        ("rule", "采信", Verdict.PASS, "0", "0"),
        ("rule", "不采信", Verdict.FAIL, "0", "2260000.00"),
        ("note", "", Verdict.UNDECIDED, "2260000.00", "0"),
    ],
)
def test_only_a_person_moves_pending(
    action: str, value: str, verdict: Verdict, pending: str, deducted: str
) -> None:
    result = _judged(_facts(*HONEST), [HELD], [_decision(action, HELD.key, value=value)])
    assert result.findings[0].verdict is verdict
    assert result.waterfall.incl.pending == Decimal(pending)
    assert result.waterfall.incl.deducted == Decimal(deducted)
    assert [n.actor for n in result.groups[0].history] == ["张审核"]


def test_group_dismissed_shows_by_whom_and_sinks_to_the_end() -> None:
    other = finding(2, "I06", severity=Severity.C, seller="乙公司")
    key = _judged(_facts(*HONEST), [HELD, other]).groups[0].key
    ruling = _decision("dismiss_group", key, reason="原件已核")
    groups = _judged(_facts(*HONEST), [HELD, other], [ruling]).groups
    assert groups[-1].decision is not None
    assert groups[-1].decision.reason == "原件已核"
    assert groups[-1].verdict is Verdict.PASS
    assert groups[0].decision is None


def test_ruling_covers_only_what_the_person_saw() -> None:
    later = finding(1, verdict=Verdict.UNDECIDED, effects=[effect(2, "1.00", certain=False)])
    ruling = _decision("dismiss_finding", HELD.key, covers=(statement(HELD),))
    assert _judged(_facts(*HONEST), [HELD], [ruling]).findings[0].verdict is Verdict.PASS
    result = _judged(_facts(*HONEST), [later], [ruling])
    assert result.findings[0].verdict is Verdict.UNDECIDED
    assert [n.key for n in result.notes] == ["conclude.ruling.changed"]


def test_ruling_whose_finding_is_gone_is_said() -> None:
    result = _judged(_facts(*HONEST), [], [_decision("dismiss_finding", "gone")])
    assert [n.key for n in result.notes] == ["conclude.ruling.vanished"]


def test_undone_ruling_does_not_hold() -> None:
    decisions = [
        _decision("dismiss_finding", HELD.key),
        _decision("undo", "1", seq=2),
    ]
    assert _judged(_facts(*HONEST), [HELD], decisions).waterfall.incl.pending > 0


# --- clauses and checklist ------------------------------------------------------------------------

CARDS = (RuleCard("N04", "not_accepted", "一(二)", "A", "已建成并通过验收", "", ""),)


@pytest.mark.parametrize(
    ("verdict", "severity", "expected"),
    [
        (Verdict.FAIL, Severity.A, Verdict.FAIL),
        (Verdict.UNDECIDED, Severity.A, Verdict.OPEN),
        (Verdict.FAIL, Severity.C, Verdict.OPEN),
        (Verdict.FAIL, Severity.D, Verdict.OPEN),
    ],
)
def test_only_eligibility_fails_a_clause(
    verdict: Verdict, severity: Severity, expected: Verdict
) -> None:
    found = finding(1, "N04", verdict=verdict, severity=severity)
    result = _judged(
        _facts(*HONEST), [found], outcomes=[Outcome("N04", 1, 0, 1, 0, 0)], cards=CARDS
    )
    assert result.conclusions[2].verdict is expected
    assert result.conclusions[2].clause == "一(二)"


@pytest.mark.parametrize(
    ("verdict", "severity", "stands"),
    [
        (Verdict.FAIL, Severity.A, True),
        (Verdict.UNDECIDED, Severity.A, False),
        (Verdict.FAIL, Severity.C, False),
    ],
)
def test_an_eligibility_that_fails_outside_the_series_stands_with_the_clauses(
    verdict: Verdict, severity: Severity, stands: bool
) -> None:
    found = finding(1, "F06", verdict=verdict, severity=severity)
    result = _judged(_facts(*HONEST), [found], outcomes=[Outcome("F06", 1, 0, 1, 0, 0)])
    about = [c for c in result.conclusions if c.decided_by == (found.id,)]
    assert [c.verdict for c in about] == ([Verdict.FAIL] if stands else [])


@pytest.mark.parametrize(("lang", "asked"), [("zh", "项目周期不超过规定月数"), ("en", "no longer")])
def test_a_clause_is_called_after_what_it_asks_for(lang: str, asked: str) -> None:
    """“项目周期超过规定月数 通过” would say the opposite of what was found."""
    card = RuleCard("N05", "too_long", "一(二)", "A", "项目周期超过规定月数", "", "")
    outcomes = [Outcome("N05", 1, 1, 0, 0, 0)]
    conclusion = _judged(_facts(*HONEST), outcomes=outcomes, cards=(card,)).conclusions[2]
    shown = i18n.text(conclusion.title.key, dict(conclusion.title.params), lang)
    assert asked in shown
    assert shown.startswith("N05")


def test_rule_not_executed_is_shown_with_its_reason() -> None:
    why = say("test.no_history")
    outcome = Outcome("N10", 0, 0, 0, 0, 0, why)
    conclusion = _judged(_facts(*HONEST), outcomes=[outcome]).conclusions[2]
    assert conclusion.verdict is Verdict.NOT_EXECUTED
    assert conclusion.notes == (why,)


LEDGER = RequiredDocument(
    "项目投资明细表", "附2 四(一)2", ("investment_ledger",), needs_applicant_seal=True
)


@pytest.mark.parametrize(
    ("owner", "kind", "status", "reason"),
    [
        ("applicant", "official", "present", None),
        ("applicant", "finance", "present", None),
        ("applicant", "contract", "incomplete", "conclude.check.no_seal"),
        ("seller", "official", "incomplete", "conclude.check.no_seal"),
        ("unknown", "unknown", "incomplete", "conclude.check.seal_unclear"),
    ],
)
def test_checklist_asks_whose_seal_it_is(
    owner: str, kind: str, status: str, reason: str | None
) -> None:
    from audit.model import DocumentKind

    paper = document(DocumentKind.INVESTMENT_LEDGER, seal_ids=("S1",))
    facts = case([paper], [], seals=[seal("S1", owner=owner, kind=kind)])
    line = _judged(facts, rule=policy(required=[LEDGER])).checklist[0]
    assert line.status == status
    assert (line.reason.key if line.reason else None) == reason


def test_checklist_names_what_is_missing() -> None:
    line = _judged(_facts(*HONEST), rule=policy(required=[LEDGER])).checklist[0]
    assert (line.status, line.reason) == ("missing", say("conclude.check.missing"))


def test_rows_without_invoice_make_the_invoices_incomplete() -> None:
    need = RequiredDocument("发票", "附2 四(一)3", ("vat_invoice",))
    papers = [invoice(_number(1), "1130000.00")]
    facts = case(papers, [row(_number(1), "1130000.00"), row(_number(2), "100.00", supplier="乙")])
    line = _judged(facts, rule=policy(required=[need])).checklist[0]
    assert line.status == "incomplete"
    assert line.reason == say("conclude.check.rows_without_invoice", count=1, rows="2")


def test_empty_case_concludes_nothing() -> None:
    result = _judged(case())
    assert result.declared_total is None
    for conclusion in (_total(result), _share(result)):
        assert conclusion.verdict is Verdict.OPEN
        assert not conclusion.low
        assert not conclusion.high
        assert conclusion.notes == (say("conclude.no_ledger"),)

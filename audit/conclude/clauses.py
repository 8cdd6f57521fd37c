"""What each clause of the notice comes to, by the rules that serve it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from audit.model import Conclusion, Finding, Message, Outcome, RuleCard, Severity, Verdict, say
from audit.policy.schema import Policy

#: Their clause is judged by the money, not by the rule's own finding.
BY_MONEY = frozenset({"N06", "N07"})
#: The rules that stand for clauses of the notice.
CLAUSE_SERIES = "N"
#: Rules that are called after what they find: their clause is called after what it asks for.
_ASKED = frozenset({"N03", "N04", "N05", "N08", "N10", "N12", "N13", "N17", "N18"})


def clause_conclusions(
    outcomes: Sequence[Outcome],
    findings: Sequence[Finding],
    cards: Mapping[str, RuleCard],
    policy: Policy,
) -> tuple[Conclusion, ...]:
    """Return one conclusion per rule of the notice (N01 …), in the order of the notice.

    Beside them stands every other rule on which eligibility fails: the table must not look clean.
    Only a rule on eligibility fails a clause; one on money says what was deducted; missing
    paper leaves the clause open until it is mended. Cues never fail anything.
    """
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    order = {key: n for n, key in enumerate(policy.clauses)}
    served = [o for o in outcomes if _is_served(o.rule, by_rule[o.rule])]
    ranked = sorted(
        served,
        key=lambda o: (order.get(_clause(cards, o.rule), len(order)), o.rule),
    )
    return tuple(_conclusion(o, by_rule[o.rule], cards.get(o.rule), policy) for o in ranked)


def _is_served(rule: str, findings: Sequence[Finding]) -> bool:
    if rule.startswith(CLAUSE_SERIES):
        return rule not in BY_MONEY
    return any(f.verdict is Verdict.FAIL and f.severity is Severity.A for f in findings)


def _clause(cards: Mapping[str, RuleCard], rule: str) -> str:
    return cards[rule].clause if rule in cards else ""


def _conclusion(
    outcome: Outcome,
    findings: Sequence[Finding],
    card: RuleCard | None,
    policy: Policy,
) -> Conclusion:
    live = [f for f in findings if f.verdict is not Verdict.PASS]
    verdict, notes = _verdict(outcome, findings, live)
    heavy = sorted(live, key=lambda f: f.verdict is not Verdict.FAIL)
    return Conclusion(
        clause=policy.clause(card.clause).number if card is not None else "",
        title=say("conclude.clause", code=outcome.rule, title=_asked(outcome.rule, card)),
        verdict=verdict,
        decided_by=tuple(f.id for f in heavy),
        notes=tuple(notes),
    )


def _asked(rule: str, card: RuleCard | None) -> str:
    """Return what the clause asks for: a defect's name beside 通过 would read as the defect."""
    if rule in _ASKED:
        return f"@conclude.asked.{rule}"
    return card.title if card is not None else rule


def _verdict(
    outcome: Outcome,
    findings: Sequence[Finding],
    live: Sequence[Finding],
) -> tuple[Verdict, list[Message]]:
    if outcome.not_executed is not None:
        return Verdict.NOT_EXECUTED, [outcome.not_executed]
    failed = [f for f in live if f.verdict is Verdict.FAIL]
    if any(f.severity is Severity.A for f in failed):
        return Verdict.FAIL, []
    if live:
        return Verdict.OPEN, _open_notes(live, failed)
    if findings:
        return Verdict.PASS, [say("conclude.clause.set_aside", count=len(findings))]
    if outcome.passed:
        return Verdict.PASS, []
    return Verdict.NOT_APPLICABLE, []


def _open_notes(live: Iterable[Finding], failed: Sequence[Finding]) -> list[Message]:
    counts = {s: sum(1 for f in failed if f.severity is s) for s in Severity}
    notes = []
    if counts[Severity.B]:
        notes.append(say("conclude.clause.money", count=counts[Severity.B]))
    if counts[Severity.C]:
        notes.append(say("conclude.clause.paper", count=counts[Severity.C]))
    undecided = sum(1 for f in live if f.verdict is Verdict.UNDECIDED)
    if undecided:
        notes.append(say("conclude.clause.undecided", count=undecided))
    cues = counts[Severity.D]
    return [*notes, say("conclude.clause.cues", count=cues)] if cues else notes

"""A person's rulings onto findings: set aside, upheld, or only noted.

Only here does anything pending move. A ruling covers what the person saw: a finding that says
something else by now, or came later into the same group, is open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from audit.decide import standing
from audit.model import Decision, DecisionNote, Finding, Message, Severity, Verdict, say, stable_key

RULINGS = frozenset({"dismiss_finding", "dismiss_group", "rule", "note"})
ACCEPTED, REJECTED = "采信", "不采信"


def statement(finding: Finding) -> str:
    """Return ``key:hash`` of what the finding says, for ``Decision.covers``."""
    effects = [(e.row, e.with_tax, e.without_tax, e.certain) for e in finding.effects]
    said = stable_key(finding.verdict, finding.expected, finding.found, effects)[:8]
    return f"{finding.key}:{said}"


def note_of(decision: Decision) -> DecisionNote:
    """Return a decision as it is shown."""
    return DecisionNote(
        decision.actor,
        decision.at,
        decision.action,
        decision.reason,
        decision.value,
        decision.explanation,
        decision.round,
    )


def rule_on(
    findings: Sequence[Finding],
    group_keys: Mapping[str, str],
    decisions: Sequence[Decision],
) -> tuple[tuple[Finding, ...], tuple[Message, ...]]:
    """Return the findings after the rulings, and what rulings found nothing to rule on.

    ``group_keys``: finding key to the key of its group. Set aside: verdict ``pass``, no effects.
    Upheld (不采信): ``fail``, and what was pending is deducted. A cue stays a cue.
    """
    by_key = {f.key: f for f in findings}
    ruled: dict[str, Finding] = dict(by_key)
    members: dict[str, list[str]] = {}
    for finding in findings:
        members.setdefault(group_keys.get(finding.key, ""), []).append(finding.key)
    notes: list[Message] = []
    for decision in standing(decisions):
        if decision.action not in RULINGS - {"note"}:
            continue
        meant = [decision.target] if decision.target in by_key else members.get(decision.target, [])
        if not meant:
            notes.append(_nothing(decision, "conclude.ruling.vanished"))
            continue
        covered = [k for k in meant if _covers(decision, by_key[k])]
        if len(covered) < len(meant):
            notes.append(_nothing(decision, "conclude.ruling.changed", len(meant) - len(covered)))
        for key in covered:
            ruled[key] = _ruled(by_key[key], decision)
    return tuple(ruled[f.key] for f in findings), tuple(notes)


def _nothing(decision: Decision, key: str, count: int = 0) -> Message:
    return say(key, seq=decision.seq, actor=decision.actor, action=decision.action, count=count)


def _covers(decision: Decision, finding: Finding) -> bool:
    return not decision.covers or statement(finding) in decision.covers


def _ruled(finding: Finding, decision: Decision) -> Finding:
    note = note_of(decision)
    if decision.action == "rule" and decision.value == REJECTED:
        upheld = finding.verdict if finding.severity is Severity.D else Verdict.FAIL
        effects = tuple(replace(e, certain=True) for e in finding.effects)
        return replace(finding, verdict=upheld, effects=effects, decision=note)
    return replace(finding, verdict=Verdict.PASS, effects=(), decision=note)


def history(
    keys: Iterable[str],
    decisions: Sequence[Decision],
) -> tuple[DecisionNote, ...]:
    """Return every word on a group or its findings, oldest first, notes included."""
    wanted = set(keys)
    return tuple(
        note_of(d) for d in standing(decisions) if d.action in RULINGS and d.target in wanted
    )

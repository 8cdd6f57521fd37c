"""Ledger amounts nobody can rely on: pending until a person reads them, as findings like others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from audit.conclude.causes import DOUBT
from audit.match.amounts import RowAmounts, Stated, stated_reading
from audit.model import (
    CaseFacts,
    Effect,
    Evidence,
    Finding,
    LedgerRow,
    Message,
    RuleCard,
    Severity,
    Subjects,
    Verdict,
    say,
    stable_key,
)

RULE, NAME = "I01", "row_amount_doubtful"


def doubtful_rows(
    facts: CaseFacts,
    amounts: Mapping[int, RowAmounts],
    findings: Sequence[Finding],
    cards: Mapping[str, RuleCard],
) -> tuple[Finding, ...]:
    """Return a finding for every row whose amount is doubtful, unread or known in one basis only.

    Rows that a finding of the rules already holds or takes whole are left to it.
    """
    taken = _taken(findings)
    clause = cards[RULE].clause if RULE in cards else ""
    found: list[Finding] = []
    for row in facts.rows:
        own = amounts.get(row.row)
        if own is None:
            continue
        effect = _effect(row.row, own, taken.get(row.row, (Decimal(), Decimal())))
        if effect is not None:
            number = len(findings) + len(found) + 1
            found.append(_finding(row, own, effect, clause, number))
    return tuple(found)


def _taken(findings: Sequence[Finding]) -> Mapping[int, tuple[Decimal, Decimal]]:
    most: dict[int, tuple[Decimal, Decimal]] = {}
    for finding in findings:
        for effect in finding.effects:
            incl, excl = most.get(effect.row, (Decimal(), Decimal()))
            most[effect.row] = (max(incl, effect.with_tax), max(excl, effect.without_tax))
    return most


def _effect(row: int, own: RowAmounts, taken: tuple[Decimal, Decimal]) -> Effect | None:
    incl, excl = (_held(s, t) for s, t in zip((own.incl, own.excl), taken, strict=True))
    if not (incl or excl or own.unread):
        return None
    return Effect(row, incl, excl, certain=False)


def _held(stated: Stated, taken: Decimal) -> Decimal:
    if stated.known and stated.sure:
        return Decimal()
    amount = max(stated.amount, Decimal())
    return amount if taken < amount else Decimal()


def _finding(
    row: LedgerRow,
    own: RowAmounts,
    effect: Effect,
    clause: str,
    number: int,
) -> Finding:
    return Finding(
        id=f"Q{number}",
        key=stable_key(RULE, NAME, row.key),
        rule=RULE,
        name=NAME,
        verdict=Verdict.UNDECIDED,
        severity=Severity.B,
        clause=clause,
        subjects=Subjects(rows=(row.row,), files=(row.file,) if row.file else ()),
        message=_why(own),
        found=stated_reading(row).raw,
        evidence=_evidence(row),
        effects=(effect,),
        cause=DOUBT,
        refuted_by=say("conclude.doubt.refuted_by"),
    )


def _why(own: RowAmounts) -> Message:
    reasons = [s.reason for s in (own.incl, own.excl) if not (s.known and s.sure) and s.reason]
    return reasons[0] if reasons else say("match.amount.unread")


def _evidence(row: LedgerRow) -> tuple[Evidence, ...]:
    where = stated_reading(row).where
    if where is None or where.page_index is None:
        return (Evidence(row.file, row.page_index),) if row.file else ()
    return (Evidence(where.file or row.file, where.page_index, where.box),)

"""Software share as an interval: numerator and denominator both follow every decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.conclude.waterfall import NOTHING, Flow
from audit.match.category import UNKNOWN, Vocabulary, declared_category
from audit.model import CaseFacts, Finding, Interval, Matching, Verdict
from audit.policy.schema import SHARE_READINGS, Policy

ONE = Decimal(1)
#: Rules that question the category of a row.
CATEGORY_RULES = frozenset({"I08", "N08"})


@dataclass(frozen=True, slots=True)
class Weight:
    """Which fraction of a row counts as software at least and at most."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Portion:
    """A row in the ratio: what certainly counts, what is pending, and its software weight."""

    supported: Decimal
    pending: Decimal
    weight: Weight


def software_weights(
    facts: CaseFacts,
    matching: Matching,
    findings: Iterable[Finding],
    policy: Policy,
) -> Mapping[str, Mapping[int, Weight]]:
    """Return by reading (narrow, middle, wide) and row which fraction counts as software.

    A row of unknown category counts from nothing to all of it; a mixed one by its shares; one
    whose category a rule questions anywhere between what is declared and what the invoice says.
    """
    questioned = {
        row
        for f in findings
        if f.rule in CATEGORY_RULES and f.verdict is Verdict.UNDECIDED
        for row in f.subjects.rows
    }
    words = Vocabulary(policy.categories)
    declared = {r.row: declared_category(r, words) for r in facts.rows if r.row in questioned}
    return {
        name: {
            row: _weight(row, matching, _counting(policy, name), declared.get(row, ""))
            for row in matching.categories
        }
        for name in SHARE_READINGS
    }


def _counting(policy: Policy, reading: str) -> frozenset[str]:
    return frozenset(c.key for c in policy.categories if reading in c.share_readings)


def _weight(row: int, matching: Matching, counting: frozenset[str], declared: str) -> Weight:
    parts = matching.category_splits.get(row) or ((matching.categories[row], ONE),)
    low = sum((share for key, share in parts if key in counting), NOTHING)
    high = low + sum((share for key, share in parts if key == UNKNOWN), NOTHING)
    if declared:
        said = ONE if declared in counting else NOTHING
        low, high = min(low, said), max(high, said)
    return Weight(low, min(high, ONE))


def share_interval(flow: Flow, weights: Mapping[int, Weight]) -> Interval:
    """Return the lowest and highest share that any decision on what is pending can lead to.

    All of it in and all of it out both lie between the ends; so does every mixture. 0 where
    nothing is left to divide.
    """
    empty = Weight(NOTHING, NOTHING)
    portions = [
        Portion(s.supported, s.pending, weights.get(row, empty)) for row, s in flow.rows.items()
    ]
    lows = [(p.supported, p.pending, p.weight.low) for p in portions]
    # The highest share is one minus the lowest share of what is not software.
    others = [(p.supported, p.pending, ONE - p.weight.high) for p in portions]
    low, rest = _lowest(lows), _lowest(others)
    if low is None or rest is None:
        return Interval(NOTHING, NOTHING)
    return Interval(low, ONE - rest)


def _lowest(rows: Sequence[tuple[Decimal, Decimal, Decimal]]) -> Decimal | None:
    """Return the lowest weighted mean: pending amounts join while they pull it down."""
    part = sum((s * w for s, _, w in rows), NOTHING)
    whole = sum((s for s, _, _ in rows), NOTHING)
    for _, pending, weight in sorted(rows, key=lambda r: r[2]):
        if pending > 0 and (whole <= 0 or weight * whole < part):
            part, whole = part + pending * weight, whole + pending
    return part / whole if whole > 0 else None

"""Total and software share against their thresholds, as intervals over what is pending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.conclude.shares import Weight, share_interval
from audit.conclude.waterfall import Claim, Flow, settle
from audit.match.amounts import RowAmounts
from audit.model import Basis, Conclusion, Interval, Message, Verdict, Waterfall, say
from audit.policy.schema import SHARE_READINGS, TAX_BASES, Policy
from audit.text.rounding import fraction, percent, wan


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of a case in both bases, with the software share in every reading."""

    flows: Mapping[str, Flow]
    shares: Mapping[str, Mapping[str, Interval]]
    unread_rows: int = 0
    """Rows whose amount nobody could read: the high end is then unknown."""


def figures(
    amounts: Mapping[int, RowAmounts],
    claims: Sequence[Claim],
    weights: Mapping[str, Mapping[int, Weight]],
    readings: Iterable[str] = SHARE_READINGS,
) -> Figures:
    """Return both waterfalls and the shares of these readings."""
    flows = {basis: settle(amounts, claims, basis) for basis in TAX_BASES}
    wanted = tuple(readings)
    shares = {
        basis: {name: share_interval(flow, weights[name]) for name in wanted}
        for basis, flow in flows.items()
    }
    return Figures(flows, shares, sum(1 for a in amounts.values() if a.unread))


def totals(found: Figures) -> Mapping[str, Interval]:
    """Return by basis the supported total: pending all out, all in."""
    return {b: Interval(f.supported, f.supported + f.pending) for b, f in found.flows.items()}


def judged(ends: Interval, threshold: Decimal) -> Verdict:
    """Return pass or fail if both ends agree, else open; the threshold itself is enough."""
    if ends.low >= threshold:
        return Verdict.PASS
    return Verdict.FAIL if ends.high < threshold else Verdict.OPEN


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what all bases agree on, else open."""
    agreed = set(verdicts)
    return agreed.pop() if len(agreed) == 1 else Verdict.OPEN


def total_verdict(found: Figures, policy: Policy) -> Verdict:
    """Return how the total stands in every basis of the policy; unread rows forbid a fail."""
    ends = totals(found)
    verdict = together(judged(ends[b], policy.thresholds.minimum_total) for b in policy.tax_bases)
    return _honest(verdict, found)


def share_verdict(found: Figures, policy: Policy, reading: str = "") -> Verdict:
    """Return how the share stands in the deciding (or another) reading in every basis."""
    name = reading or policy.deciding_share
    ends = [found.shares[b][name] for b in policy.tax_bases]
    verdict = together(judged(e, policy.thresholds.software_share) for e in ends)
    return Verdict.OPEN if found.unread_rows or _empty(found) else verdict


def _honest(verdict: Verdict, found: Figures) -> Verdict:
    if _empty(found) or (verdict is Verdict.FAIL and found.unread_rows):
        return Verdict.OPEN
    return verdict


def _empty(found: Figures) -> bool:
    return not any(f.rows for f in found.flows.values())


def to_waterfall(found: Figures, policy: Policy) -> Waterfall:
    """Return the figures as the report shows them."""
    return Waterfall(_basis("incl", found, policy), _basis("excl", found, policy))


def _basis(name: str, found: Figures, policy: Policy) -> Basis:
    flow, shares, limits = found.flows[name], found.shares[name], policy.thresholds
    low = shares[policy.deciding_share].low
    return Basis(
        declared=flow.declared,
        deducted=flow.deducted,
        pending=flow.pending,
        supported=flow.supported,
        steps=flow.steps,
        shares=tuple((reading, shares[reading]) for reading in SHARE_READINGS),
        margins=(
            ("total", flow.supported - limits.minimum_total),
            ("software", low - limits.software_share),
        ),
    )


# --- conclusions -------------------------------------------------------------------------------


def total_conclusion(
    found: Figures,
    policy: Policy,
    clause: str,
    decided_by: Sequence[str],
) -> Conclusion:
    """Return the conclusion on the least total."""
    ends, limits = totals(found), policy.thresholds
    title = say("conclude.total.title", amount=wan(limits.minimum_total))
    if _empty(found):
        return _without_figures(clause, title, decided_by)
    shown = [ends[b] for b in policy.tax_bases]
    notes = [_total_note(b, ends[b], limits.minimum_total) for b in TAX_BASES]
    single = {judged(ends[b], limits.minimum_total) for b in TAX_BASES}
    if len(single) > 1:
        notes.append(say("conclude.hint.total_basis"))
    return Conclusion(
        clause=clause,
        title=title,
        verdict=total_verdict(found, policy),
        low=f"{min(e.low for e in shown):.2f}",
        high=f"{max(e.high for e in shown):.2f}",
        decided_by=tuple(decided_by),
        notes=(*notes, *_unread(found)),
    )


def share_conclusion(
    found: Figures,
    policy: Policy,
    clause: str,
    decided_by: Sequence[str],
) -> Conclusion:
    """Return the conclusion on the software share, other readings and bases beside it."""
    deciding, least = policy.deciding_share, policy.thresholds.software_share
    title = say(f"conclude.share.title.{deciding}", share=percent(least))
    if _empty(found):
        return _without_figures(clause, title, decided_by)
    shown = [found.shares[b][deciding] for b in policy.tax_bases]
    verdict = share_verdict(found, policy)
    notes = [
        _share_note(basis, name, found.shares[basis][name])
        for name in (deciding, *(n for n in SHARE_READINGS if n != deciding))
        for basis in TAX_BASES
    ]
    turned = [
        name
        for name in SHARE_READINGS
        if name != deciding and share_verdict(found, policy, name) is not verdict
    ]
    notes += [say(f"conclude.hint.{name}") for name in turned]
    if len({judged(found.shares[b][deciding], least) for b in TAX_BASES}) > 1:
        notes.append(say("conclude.hint.share_basis"))
    return Conclusion(
        clause=clause,
        title=title,
        verdict=verdict,
        low=fraction(min(e.low for e in shown)),
        high=fraction(max(e.high for e in shown)),
        decided_by=tuple(decided_by),
        notes=(*notes, *_unread(found)),
    )


def _without_figures(clause: str, title: Message, decided_by: Sequence[str]) -> Conclusion:
    """Return that nothing can be said: a nought where no ledger was read would be a figure."""
    return Conclusion(
        clause=clause,
        title=title,
        verdict=Verdict.OPEN,
        decided_by=tuple(decided_by),
        notes=(say("conclude.no_ledger"),),
    )


def _total_note(basis: str, ends: Interval, least: Decimal) -> Message:
    one = "" if ends.low != ends.high else "_one"
    return say(
        f"conclude.total.{basis}{one}",
        low=wan(ends.low),
        high=wan(ends.high),
        margin=wan(ends.low - least),
    )


def _share_note(basis: str, reading: str, ends: Interval) -> Message:
    one = "" if ends.low != ends.high else "_one"
    return say(
        f"conclude.share.{basis}.{reading}{one}", low=percent(ends.low), high=percent(ends.high)
    )


def _unread(found: Figures) -> tuple[Message, ...]:
    return (say("conclude.unread_rows", count=found.unread_rows),) if found.unread_rows else ()

"""What the results of a monetary unit sample mean for the whole: projected error, upper limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from audit.sampling.items import Sample
from audit.sampling.poisson import confidence_factor

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a person found of one item of the sample: the amount that holds, in 元."""

    key: str
    case: str
    audited: Decimal


@dataclass(frozen=True, slots=True)
class MoneyResult:
    """Figures in 元.

    ``known``: errors in items taken whole; ``projected``: those and the drawn ones extrapolated;
    ``upper``: what the whole error does not exceed at the sample's confidence.
    ``unchecked``: items of the sample without a result; then the figures are provisional.
    """

    known: Decimal
    projected: Decimal
    upper: Decimal
    tolerable: Decimal
    unchecked: int

    @property
    def acceptable(self) -> bool:
        """Tell whether the upper limit lies within the tolerable misstatement, all being checked."""
        return self.unchecked == 0 and self.upper <= self.tolerable


def evaluate_money(sample: Sample, results: Sequence[Checked]) -> MoneyResult:
    """Return the evaluation of a monetary unit sample: taints ranked, factors widening.

    An item worth more than booked counts as no error (overstatement is what is tested).
    """
    audited = {(one.case, one.key): one.audited for one in results}
    known, taints, unchecked = Decimal(0), [], 0
    for picked in sample.picked:
        item = picked.item
        value = audited.get((item.case, item.key))
        if value is None:
            unchecked += 1
            continue
        wrong = max(Decimal(0), item.amount - value)
        if picked.why == "drawn":
            taints.append(wrong / item.amount)
        else:
            known += wrong
    taints = sorted((t for t in taints if t > 0), reverse=True)
    risk = 1 - sample.confidence
    projected = sum(taints, Decimal(0)) * sample.interval
    upper = confidence_factor(0, risk) * sample.interval
    for rank, taint in enumerate(taints, 1):
        widening = confidence_factor(rank, risk) - confidence_factor(rank - 1, risk)
        upper += widening * taint * sample.interval
    if not any(p.why == "drawn" for p in sample.picked):
        upper = Decimal(0)
    return MoneyResult(
        known=_cents(known),
        projected=_cents(known + projected),
        upper=_cents(known + upper),
        tolerable=_cents(sample.book_value * sample.tolerable),
        unchecked=unchecked,
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)

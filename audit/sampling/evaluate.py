"""What the results of a sample mean for the whole: projected error, rate of error, upper limits.

An item that nobody could check counts as wrong, as auditing standards have it: leaving it out
would make the result look better than what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from audit.sampling.attribute import upper_rate
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
    ``unchecked``: items of the sample without a result; they count as wholly wrong.
    """

    known: Decimal
    projected: Decimal
    upper: Decimal
    tolerable: Decimal
    unchecked: int

    @property
    def acceptable(self) -> bool:
        """Tell whether the upper limit lies within the tolerable misstatement."""
        return self.upper <= self.tolerable


@dataclass(frozen=True, slots=True)
class RateResult:
    """Errors counted. ``drawn`` items speak for the rest of the population, ``taken`` for themselves.

    ``upper``: the rate of error (0-1) among the items not taken for certain that is not exceeded
    at the sample's confidence; ``None`` without drawn items. ``known``: the errors of all items
    in 元. ``unchecked``: items without a result; they count as wrong.
    """

    drawn: int
    drawn_wrong: int
    taken: int
    taken_wrong: int
    known: Decimal
    upper: Decimal | None
    tolerable: Decimal
    unchecked: int

    @property
    def acceptable(self) -> bool:
        """Tell whether the drawn items show that the rate is tolerable, and no taken one is wrong."""
        return self.taken_wrong == 0 and (self.upper is None or self.upper <= self.tolerable)


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
            value = Decimal(0)
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


def evaluate_rate(sample: Sample, results: Sequence[Checked]) -> RateResult:
    """Return the evaluation of an attribute sample: an item is wrong if another amount holds."""
    audited = {(one.case, one.key): one.audited for one in results}
    counts = {"drawn": 0, "taken": 0}
    wrong = {"drawn": 0, "taken": 0}
    known, unchecked = Decimal(0), 0
    for picked in sample.picked:
        item, how = picked.item, "drawn" if picked.why == "drawn" else "taken"
        counts[how] += 1
        value = audited.get((item.case, item.key))
        unchecked += value is None
        known += abs(item.amount - (value or Decimal(0)))
        wrong[how] += value != item.amount
    rest = sample.population - counts["taken"]
    upper = None
    if counts["drawn"]:
        upper = upper_rate(wrong["drawn"], counts["drawn"], sample.confidence, rest)
    return RateResult(
        counts["drawn"], wrong["drawn"], counts["taken"], wrong["taken"],
        _cents(known), upper, sample.tolerable, unchecked,
    )  # fmt: skip


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)

"""Monetary unit sampling: every yuan has the same chance, so large items come more often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from audit.i18n import told
from audit.sampling.items import Item, Picked, Sample, fraction, ordered
from audit.sampling.poisson import confidence_factor

_CENT = Decimal("0.01")
#: Expansion factor of the expected error by risk (DOMAIN F).
_EXPANSION = (
    (Decimal("0.05"), Decimal("1.6")),
    (Decimal("0.10"), Decimal("1.5")),
    (Decimal("0.15"), Decimal("1.4")),
    (Decimal("0.20"), Decimal("1.3")),
    (Decimal("0.30"), Decimal("1.2")),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many and how far apart: ``interval`` in 元."""

    size: int
    interval: Decimal


def mus_plan(
    book_value: Decimal,
    tolerable: Decimal,
    confidence: Decimal,
    expected: Decimal = Decimal(0),
) -> Plan:
    """Return size and interval for a book value (元).

    ``tolerable`` and ``expected`` misstatement as shares of the book value. 6.2 million at 5 %
    and 95 % confidence give 60 at 103,488 元. Raises ``ValueError`` when the expected
    misstatement leaves no room.
    """
    risk = 1 - confidence
    room = book_value * tolerable - book_value * expected * _expansion(risk)
    if room <= 0:
        message = told("cli.sample.expected")
        raise ValueError(message)
    interval = (room / confidence_factor(0, risk)).quantize(_CENT, ROUND_HALF_UP)
    size = int((book_value / interval).to_integral_value(ROUND_CEILING)) if book_value > 0 else 0
    return Plan(size, interval)


def _expansion(risk: Decimal) -> Decimal:
    return next((factor for limit, factor in _EXPANSION if risk <= limit), _EXPANSION[-1][1])


def draw_mus(
    items: Sequence[Item],
    seed: str,
    *,
    tolerable: Decimal = Decimal("0.05"),
    confidence: Decimal = Decimal("0.95"),
    expected: Decimal = Decimal(0),
) -> Sample:
    """Return a systematic sample: items over the interval all, others where a mark falls on them.

    Items without a positive amount cannot be hit by money; they belong to the certain ones.
    """
    population = ordered(items)
    book = sum((one.amount for one in population if one.amount > 0), Decimal(0))
    plan = mus_plan(book, tolerable, confidence, expected)
    certain = [one for one in population if one.certain or one.amount >= plan.interval]
    rest = [one for one in population if one not in set(certain) and one.amount > 0]
    start = (fraction(seed, "start") * plan.interval).quantize(_CENT)
    hit = set(_marked(rest, start, plan.interval))
    picked = [
        Picked(
            one, "certain" if one.certain else "large" if one.amount >= plan.interval else "drawn"
        )
        for one in population
        if one in hit or one.certain or one.amount >= plan.interval
    ]
    return Sample(
        "mus", seed, tuple(picked), len(population), book, len(picked), plan.interval, start,
        confidence, tolerable,
    )  # fmt: skip


def _marked(items: Sequence[Item], start: Decimal, interval: Decimal) -> list[Item]:
    found, reached, mark = [], Decimal(0), start
    for one in items:
        reached += one.amount
        if reached > mark:
            found.append(one)
            mark += ((reached - mark) / interval).to_integral_value(ROUND_CEILING) * interval
    return found

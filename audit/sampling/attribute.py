"""Attribute sampling: how many to look at so that no error found means few errors there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import islice

from audit.sampling.items import Item, Picked, Sample, ordered, shuffled

_STEPS = 60


def attribute_size(
    population: int | None, tolerable: Decimal, confidence: Decimal, allowed: int = 0
) -> int:
    """Return the least sample in which at most ``allowed`` errors prove the rate tolerable.

    Hypergeometric, with ⌈tolerable · N⌉ errors supposed; ``None`` is an endless population.
    100 at 5 % and 95 % need 45. A population too small for the claim is taken whole.
    """
    risk = float(1 - confidence)
    if population is None:
        size = allowed + 1
        while _binomial(allowed, size, float(tolerable)) > risk:
            size += 1
        return size
    wrong = int((population * tolerable).to_integral_value(ROUND_CEILING))
    for size in range(allowed + 1, population + 1):
        if _hypergeometric(allowed, population, wrong, size) <= risk:
            return size
    return population


def draw_attribute(
    items: Sequence[Item],
    seed: str,
    *,
    tolerable: Decimal = Decimal("0.05"),
    confidence: Decimal = Decimal("0.95"),
    allowed: int = 0,
) -> Sample:
    """Return a random sample of the size that the claim needs; certain items come on top."""
    population = ordered(items)
    certain = [one for one in population if one.certain]
    rest = [one for one in population if not one.certain]
    size = min(len(rest), attribute_size(len(rest), tolerable, confidence, allowed)) if rest else 0
    drawn = set(islice(shuffled(rest, seed), size))
    picked = [Picked(one, "certain") for one in certain]
    picked += [Picked(one, "drawn") for one in rest if one in drawn]
    book = sum((one.amount for one in population), Decimal(0))
    return Sample(
        "attribute", seed, tuple(picked), len(population), book, len(picked),
        confidence=confidence, tolerable=tolerable,
    )  # fmt: skip


def upper_rate(
    errors: int, checked: int, confidence: Decimal, population: int | None = None
) -> Decimal:
    """Return the error rate (0-1) that is not exceeded at this confidence, one-sided.

    Hypergeometric, as the size of the sample was; binomial for an endless population (``None``).
    """
    if population is not None:
        return _finite_rate(errors, checked, confidence, population)
    if checked <= 0 or errors >= checked:
        return Decimal(1)
    risk, low, high = float(1 - confidence), 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _binomial(errors, checked, middle) > risk:
            low = middle
        else:
            high = middle
    return Decimal(repr(high)).quantize(Decimal("0.0001"))


def _finite_rate(errors: int, checked: int, confidence: Decimal, population: int) -> Decimal:
    """Return the most wrong items, as a share, with which so few errors are not a surprise."""
    if checked <= 0 or population <= 0:
        return Decimal(1)
    risk, most = float(1 - confidence), population - (checked - errors)
    low, high = errors, most
    while low < high:
        middle = (low + high + 1) // 2
        if _hypergeometric(errors, population, middle, checked) > risk:
            low = middle
        else:
            high = middle - 1
    return (Decimal(low) / population).quantize(Decimal("0.0001"), ROUND_CEILING)


def _binomial(most: int, size: int, rate: float) -> float:
    return math.fsum(
        math.comb(size, k) * rate**k * (1 - rate) ** (size - k) for k in range(most + 1)
    )


def _hypergeometric(most: int, population: int, wrong: int, size: int) -> float:
    whole = math.comb(population, size)
    ways = sum(
        math.comb(wrong, k) * math.comb(population - wrong, size - k) for k in range(most + 1)
    )
    return ways / whole

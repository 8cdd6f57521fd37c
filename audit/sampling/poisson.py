"""Confidence factors: the Poisson mean at which so few errors would be a surprise."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

_STEPS = 80


@cache
def confidence_factor(errors: int, risk: Decimal) -> Decimal:
    """Return R(k): the mean with P(at most ``errors``) = ``risk`` (0-1); R(0) at 5 % is 3.00."""
    low, high = 0.0, 10.0 * (errors + 3)
    wanted = float(risk)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(errors, middle) > wanted:
            low = middle
        else:
            high = middle
    return Decimal(repr(high)).quantize(Decimal("0.0001"))


def _at_most(errors: int, mean: float) -> float:
    return math.fsum(
        math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) if mean > 0 else float(k == 0)
        for k in range(errors + 1)
    )

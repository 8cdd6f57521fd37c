"""Money as whole cents while it is divided, and back; nothing is lost or made in between."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal | None) -> int | None:
    """Return 元 as cents, ``None`` for ``None`` or an amount that is no whole number of cents."""
    if amount is None or not amount.is_finite():
        return None
    cents = amount.scaleb(2)
    return int(cents) if cents == cents.to_integral_value() else None


def to_yuan(cents: int) -> Decimal:
    """Return cents as 元 with two decimals."""
    return Decimal(cents).scaleb(-2).quantize(CENT)


def rounded(amount: Decimal) -> Decimal:
    """Return 元 to the cent, half up as tax offices do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def shown(cents: int) -> str:
    """Return cents as a person writes 元: ``113,000.00``."""
    return f"{to_yuan(cents):,}"


def divide(cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return ``cents`` divided in proportion to ``weights``; the parts sum to it exactly.

    Largest remainders get the odd cents, the first of equals first. Weights that do not sum to
    something positive, or of which one is negative, divide equally. Raises ``ValueError`` on none.
    """
    if not weights:
        message = "nothing to divide among"
        raise ValueError(message)
    if sum(weights) <= 0 or min(weights) < 0:
        weights = [1] * len(weights)
    total, sign = sum(weights), (1 if cents >= 0 else -1)
    floors = [abs(cents) * w // total for w in weights]
    odd = abs(cents) - sum(floors)
    order = sorted(range(len(weights)), key=lambda i: (-(abs(cents) * weights[i] % total), i))
    for index in order[:odd]:
        floors[index] += 1
    return tuple(sign * part for part in floors)

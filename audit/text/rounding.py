"""Amounts and shares as sentences show them: cut off, never rounded up to a threshold."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

WAN = Decimal(10_000)
_HUNDREDTH = Decimal("0.01")


def wan(amount: Decimal) -> str:
    """Return 元 as 万元 with two decimals."""
    return f"{(amount / WAN).quantize(_HUNDREDTH, ROUND_FLOOR):,.2f}"


def percent(share: Decimal) -> str:
    """Return a fraction as a percentage with two decimals."""
    return f"{(share * 100).quantize(_HUNDREDTH, ROUND_FLOOR):.2f}%"


def fraction(share: Decimal) -> str:
    """Return a fraction with four decimals."""
    return str(share.quantize(Decimal("0.0001"), ROUND_FLOOR))

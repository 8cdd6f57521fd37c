"""Whole cents: nothing is lost or made when money is divided."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.match.cents import divide, shown, to_cents, to_yuan


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("1.00", 100), ("0.01", 1), ("-3", -300), ("1.005", None), ("NaN", None), ("1E+2", 10_000)],
)
def test_only_whole_cents_are_cents(amount: str, cents: int | None) -> None:
    assert to_cents(Decimal(amount)) == cents


def test_cents_are_shown_as_a_person_writes_them() -> None:
    assert shown(11_300_000) == "113,000.00"


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(-5, 10**6), min_size=1, max_size=9))
def test_parts_sum_to_the_whole(cents: int, weights: list[int]) -> None:
    parts = divide(cents, weights)
    assert sum(parts) == cents
    assert len(parts) == len(weights)
    assert all(p * cents >= 0 for p in parts)
    assert sum(map(to_yuan, parts), Decimal()) == to_yuan(cents)


def test_nobody_to_divide_among_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        divide(1, [])

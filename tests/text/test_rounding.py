"""Amounts and shares in sentences never reach a threshold by rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.text.rounding import fraction, percent, wan


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("4999999.99", "499.99"),
        ("5000000", "500.00"),
        ("-50.01", "-0.01"),
        ("12345678", "1,234.56"),
    ],
)
def test_wan_is_cut_off(amount: str, shown: str) -> None:
    assert wan(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [("0.299999", "29.99%"), ("0.3", "30.00%"), ("1", "100.00%"), ("0", "0.00%")],
)
def test_percent_is_cut_off(share: str, shown: str) -> None:
    assert percent(Decimal(share)) == shown
    assert fraction(Decimal("0.29999")) == "0.2999"

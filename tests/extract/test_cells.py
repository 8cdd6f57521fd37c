"""Cells to values: units, dates, numbers that spreadsheets spoil."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.extract import cells


@pytest.mark.parametrize(
    ("text", "factor", "expected"),
    [
        ("1,234.50", 1, "1234.50"),
        ("¥1,234.5", 1, "1234.50"),
        ("12.5", 10000, "125000.00"),
        ("12.5万元", 1, "125000.00"),
        ("1250元", 10000, "1250.00"),
        ("(300.00)", 1, "-300.00"),
        ("0.0001", 10000, "1.00"),
    ],
)
def test_money(text: str, factor: int, expected: str) -> None:
    parsed = cells.money(text, factor=Decimal(factor))
    assert (parsed.value, parsed.doubts) == (Decimal(expected), ())


@pytest.mark.parametrize(
    "text", ["1.234,50", "约100", "1,23,4.00", "12345678 100.00", "100\n200", "100 200", "13%", ""]
)
def test_no_money(text: str) -> None:
    assert cells.money(text).value is None


def test_more_decimals_than_money_has_are_doubtful() -> None:
    assert [m.key for m in cells.money("1234.567").doubts] == ["cell.decimals"]


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_of_a_typed_figure_is_the_figure(amount: Decimal) -> None:
    assert cells.money("anything", amount).value == amount
    assert cells.money(f"{amount:,.2f}").value == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-03-01", date(2023, 3, 1)),
        ("2023年3月1日", date(2023, 3, 1)),
        ("2023.3.1", date(2023, 3, 1)),
        ("20230301", date(2023, 3, 1)),
        ("44986", date(2023, 3, 1)),
        ("2023-03-01\n2023-03-01", date(2023, 3, 1)),
        ("2023-03-01、2023-04-05", "2023-03-01、2023-04-05"),
        ("2023-\n03-01", date(2023, 3, 1)),
        ("123", None),
        ("三月", None),
    ],
)
def test_day(text: str, expected: object) -> None:
    assert cells.day(text).value == expected


@pytest.mark.parametrize(
    ("text", "number", "value", "doubts"),
    [
        ("24502000000012345678", None, "24502000000012345678", []),
        ("'00123456", None, "00123456", []),
        ("2450200000\n0012345678", None, "24502000000012345678", []),
        ("12345678\n12345679", None, "12345678、12345679", []),
        ("2.4502E+19", None, "2.4502E+19", ["cell.exponent"]),
        (
            "24502000000012346000",
            24502000000012346000,
            "24502000000012346000",
            ["cell.digits_lost"],
        ),
        ("123456", 123456, "00123456", ["cell.zeros_lost"]),
        ("12345678", 12345678, "12345678", []),
        ("12.5", Decimal("12.5"), "12.5", ["cell.no_number"]),
        ("见附件", None, "见附件", []),
        ("12345678.", None, "12345678", []),
    ],
)
def test_invoice_number(
    text: str, number: Decimal | int | None, value: str, doubts: list[str]
) -> None:
    parsed = cells.invoice_number(text, None if number is None else Decimal(number))
    assert (parsed.value, [m.key for m in parsed.doubts]) == (value, doubts)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("QWH-2022-\nCG001", "QWH-2022-CG001"),
        ("2560446715339202\n1904733003537419", "2560446715339202、1904733003537419"),
        ("HT 2023 01", "HT202301"),
        ("25604467153392021904\n733003", "25604467153392021904733003"),
    ],
)
def test_identifier(text: str, value: str) -> None:
    assert cells.identifier(text).value == value


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "无", "N/A"])
def test_empty(text: str) -> None:
    assert cells.is_empty(text)


@pytest.mark.parametrize("text", ["·软件购置费", "• 软件购置费", "软件购\n置费"])
def test_a_bullet_or_speck_before_words_is_left_out(text: str) -> None:
    assert cells.words(text).value == "软件购置费"

"""Printed text to values: what engines and issuers write, and what must stay unread."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.extract.kinds.vat_invoice.header import read_header
from audit.extract.kinds.vat_invoice.values import (
    clean_name,
    money_in,
    parse_item_field,
    parse_money,
    parse_rate,
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("(小写)¥1130.00", "1130.00"),
        ("（小写）￥1,130.00", "1130.00"),
        ("￥-1,130.00", "-1130.00"),
        ("-¥1130.00", "-1130.00"),
        ("(1130.00)", "-1130.00"),
        ("Y520.33", "520.33"),
        ("350.876.53", "350876.53"),
        ("1.234,56", "1234.56"),
        ("10600", "10600"),
        ("***", "***"),
        ("¥***", "***"),
        ("壹佰", None),
    ],
)
def test_money_as_engines_write_it(printed: str, expected: str | None) -> None:
    """Separators are mended, digits never; a label's bracket is no minus."""
    assert money_in(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("13%", Decimal("0.13")),
        ("13.00%", Decimal("0.13")),
        ("0.030000", Decimal("0.03")),
        ("0%", Decimal(0)),
        ("免税", "免税"),
        ("***", "***"),
        ("1.5%", Decimal("0.015")),
        ("13", None),
    ],
)
def test_rates(printed: str, expected: object) -> None:
    """A rate is a fraction, or the word that stands for it."""
    assert parse_rate(printed) == expected


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("invoice_number", "：24502000000012345679", "24502000000012345679"),
        ("invoice_number", "2450 2000 0000 1234 5679", "24502000000012345679"),
        ("invoice_number", "№ 00123456", "00123456"),
        ("invoice_number", "12345678 5000224320", "12345678"),
        ("invoice_number", "2450200000O012345679", None),
        ("invoice_number", "245020000000123456", None),
        ("invoice_code", "050002300111", "050002300111"),
        ("invoice_code", "05000230011l", None),
        ("check_code", "12345 67890 12345 67890", "12345678901234567890"),
        ("check_code", "e9052", "e9052"),
        ("check_code", "12345 67890", None),
    ],
)
def test_numbers_are_whole_or_unread(field: str, text: str, value: str | None) -> None:
    """A number with a letter in it, or of a wrong length, is not read in part."""
    assert read_header(field, text)[0] == value


def test_names_lose_only_the_blanks_of_justified_print() -> None:
    """Blanks between Chinese characters go, those between Latin words stay."""
    assert clean_name(" 重 庆 示例 ") == "重庆示例"
    assert clean_name("ABB Robotics 有限公司") == "ABB Robotics有限公司"
    assert clean_name("神州优车（福建）公司") == "神州优车（福建）公司"


def test_item_figures_keep_their_places() -> None:
    """Unit prices carry up to 13 places."""
    assert parse_item_field("unit_price", "0.5309734513274") == Decimal("0.5309734513274")
    assert parse_item_field("quantity", "1,200") == Decimal(1200)
    assert parse_item_field("quantity", "一批") is None
    assert parse_money("***") == "***"

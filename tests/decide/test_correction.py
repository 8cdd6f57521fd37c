"""What a person types for a field: typed, and checked against itself and what stands beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.decide import check_correction
from audit.model import Value
from tests.factory import APPLICANT_ID, fields


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("total_with_tax", "1,130.00", Decimal("1130.00")),
        ("amount_with_tax", "¥113", Decimal(113)),
        ("issue_date", "2023年3月1日", date(2023, 3, 1)),
        ("invoice_number", " 2450 2000 0000 1234 5678 ", "24502000000012345678"),
        ("seller_taxpayer_id", APPLICANT_ID.lower(), APPLICANT_ID),
        ("seller_name", "甲有限公司", "甲有限公司"),
        ("tax_rate", "13%", Decimal("0.13")),
        ("tax_rate", "免税", "免税"),
        ("quantity", "1,200.5", Decimal("1200.5")),
    ],
)
def test_typed_text_becomes_a_value(field: str, typed: str, value: Value) -> None:
    found = check_correction(field, typed)
    assert found.value == value
    assert not found.troubles


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("total_with_tax", "一千"),
        ("total_with_tax", ""),
        ("issue_date", "2023-13-40"),
        ("invoice_number", "12345A78"),
        ("seller_taxpayer_id", "12"),
        ("tax_rate", "十三"),
        ("quantity", "many"),
    ],
)
def test_what_is_no_value_is_refused_with_a_reason(field: str, typed: str) -> None:
    found = check_correction(field, typed)
    assert found.value is None
    assert found.troubles


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        ("buyer_taxpayer_id", APPLICANT_ID[:-1] + "B", "decide.check_digit"),
        ("buyer_taxpayer_id", "500112123456789", "decide.old_id"),
        ("invoice_number", "123456789", "decide.number_length"),
        ("total_in_words", "壹佰壹拾叁哦", "decide.words_unreadable"),
    ],
)
def test_odd_values_are_taken_and_said(field: str, typed: str, key: str) -> None:
    found = check_correction(field, typed)
    assert found.value is not None
    assert [t.key for t in found.troubles] == [key]


def test_sum_is_checked_against_what_stands_beside() -> None:
    beside = fields(amount_without_tax="100.00", tax_amount="13.00", total_with_tax="113.00")
    assert not check_correction("total_with_tax", "113.00", beside).troubles
    assert [t.key for t in check_correction("tax_amount", "14.00", beside).troubles] == [
        "decide.sum"
    ]


def test_words_are_checked_against_figures() -> None:
    beside = fields(total_in_words="壹佰壹拾叁元整")
    assert not check_correction("total_with_tax", "113.00", beside).troubles
    found = check_correction("total_with_tax", "131.00", beside)
    assert [t.key for t in found.troubles] == ["decide.words"]
    assert dict(found.troubles[0].params)["expected"] == "壹佰叁拾壹圆整"

"""Which sources make which status: the truth table of the ladder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.extract.ladder import (
    FieldType,
    contradicted,
    doubt,
    field_type,
    inferred,
    reconcile,
    same_value,
    upgrade,
)
from audit.model import MISSING, Box, Candidate, Origin, Status, Value, say

A, B = "24502000000012345678", "24502000000012345679"
XML, OFD, TEXT, QR, OCR, OCR2 = (
    Origin.XML,
    Origin.OFD,
    Origin.TEXT_LAYER,
    Origin.QR,
    Origin.OCR,
    Origin.OCR2,
)


def seen(origin: Origin, value: Value | None, confidence: float = 1.0) -> Candidate:
    return Candidate(origin, value, str(value), confidence, 0, Box(0.1, 0.1, 0.2, 0.2))


@pytest.mark.parametrize(
    ("sources", "status", "value"),
    [
        ([(XML, A, 1.0)], Status.READ, A),
        ([(TEXT, A, 1.0)], Status.READ, A),
        ([(QR, A, 1.0)], Status.READ, A),
        ([(OCR, A, 0.999)], Status.READ, A),
        ([(OCR, A, 0.7)], Status.DOUBTFUL, A),
        ([(QR, A, 1.0), (TEXT, A, 1.0)], Status.CONFIRMED, A),
        ([(QR, A, 1.0), (OCR, A, 0.4)], Status.CONFIRMED, A),
        ([(XML, A, 1.0), (TEXT, A, 1.0)], Status.CONFIRMED, A),
        ([(XML, A, 1.0), (QR, A, 1.0)], Status.CONFIRMED, A),
        ([(XML, A, 1.0), (OFD, A, 1.0)], Status.READ, A),
        ([(TEXT, A, 1.0), (OCR, A, 1.0)], Status.READ, A),
        ([(OCR, A, 0.9), (OCR2, A, 0.95)], Status.READ, A),
        ([(OCR, A, 0.5), (OCR2, A, 0.5)], Status.DOUBTFUL, A),
        ([(QR, A, 1.0), (TEXT, B, 1.0)], Status.DOUBTFUL, B),
        ([(XML, A, 1.0), (TEXT, B, 1.0)], Status.DOUBTFUL, A),
        ([(XML, A, 1.0), (TEXT, A, 1.0), (QR, B, 1.0)], Status.DOUBTFUL, A),
        ([(TEXT, A, 1.0), (OCR, B, 0.99)], Status.DOUBTFUL, A),
        ([(TEXT, A, 1.0), (OCR, B, 0.8)], Status.READ, A),
        ([(OCR, A, 0.9), (OCR2, B, 0.99)], Status.DOUBTFUL, B),
        ([(QR, A, 1.0), (OCR, B, 0.6), (OCR2, A, 0.9)], Status.CONFIRMED, A),
        ([(QR, A, 1.0), (OCR, B, 0.999), (OCR2, A, 0.9)], Status.DOUBTFUL, A),
        ([(QR, A, 1.0), (OCR, B, 0.999)], Status.DOUBTFUL, A),
        ([(Origin.HUMAN, B, 1.0), (QR, A, 1.0)], Status.CORRECTED, B),
        ([], Status.MISSING, None),
        ([(OCR, None, 0.9)], Status.DOUBTFUL, None),
    ],
)
def test_truth_table(
    sources: list[tuple[Origin, Value | None, float]], status: Status, value: Value | None
) -> None:
    """One group reads, two groups confirm, a difference between groups is never settled here."""
    candidates = [seen(*source) for source in sources]
    reading = reconcile("invoice_number", candidates)
    assert (reading.status, reading.value) == (status, value)
    assert sorted(reading.sources, key=str) == sorted(candidates, key=str)
    assert len(reading.reasons) == (0 if not sources else 1)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("total_with_tax", Decimal("10.5"), Decimal("10.50"), True),
        ("total_with_tax", Decimal("10.5"), Decimal("10.51"), False),
        ("tax_amount", "***", Decimal(0), True),
        ("tax_amount", "***", Decimal(1), False),
        ("issue_date", date(2023, 1, 5), date(2023, 1, 5), True),
        ("check_code", "12345 67890", "1234567890", True),
        ("buyer_taxpayer_id", "91500000ma5u0", "91500000MA5U0", True),
        ("buyer_name", "南京（示例）有限公司", "南京(示例) 有限公司", True),
        ("buyer_name", "南京示例有限公司", "南京样例有限公司", False),
        ("total_in_words", "壹佰圆整", "壹佰元整", True),
        ("total_in_words", "壹佰圆整", "贰佰圆整", False),
        ("remarks", "订单 1", "订单1", True),
    ],
)
def test_values_are_compared_by_their_meaning(
    field: str, one: Value, other: Value, same: bool
) -> None:
    """Amounts as numbers, words as amounts, names as companies, numbers without blanks."""
    assert same_value(field, one, other) is same
    assert same_value(field, other, one) is same


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("invoice_number", FieldType.NUMBER),
        ("payer_account", FieldType.NUMBER),
        ("seller_taxpayer_id", FieldType.NUMBER),
        ("payment_date", FieldType.DATE),
        ("amount_in_words", FieldType.WORDS),
        ("tax_amount", FieldType.AMOUNT),
        ("contract_total", FieldType.AMOUNT),
        ("payee_name", FieldType.NAME),
        ("party_a", FieldType.NAME),
        ("purpose", FieldType.TEXT),
    ],
)
def test_field_types(field: str, kind: FieldType) -> None:
    """The name of a field tells how it is compared."""
    assert field_type(field) is kind


def test_upgrade_and_doubt_leave_a_persons_word_alone() -> None:
    """What a person corrected no check moves; what is missing stays missing."""
    human = reconcile("total_with_tax", [seen(Origin.HUMAN, Decimal(1))])
    assert doubt(human, say("x")).status is Status.CORRECTED
    assert upgrade(human, say("x")).status is Status.CORRECTED
    assert doubt(MISSING, say("x")) == MISSING
    assert upgrade(MISSING, say("x")) == MISSING


def test_inferred_values_are_doubtful_and_say_so() -> None:
    """推定 is never more than a hint."""
    reading = inferred(Decimal("1.00"), "")
    assert reading.status is Status.DOUBTFUL
    assert [r.key for r in reading.reasons] == ["ladder.inferred"]


def test_contradiction_between_groups_is_told_from_noise_within_one() -> None:
    """Two looks that differ are noise; QR and face that differ are a finding."""
    groups = reconcile("invoice_number", [seen(QR, A), seen(OCR, B, 0.999)])
    looks = reconcile("invoice_number", [seen(OCR, A, 0.9), seen(OCR2, B, 0.9)])
    assert contradicted(groups)
    assert not contradicted(looks)


candidates = st.builds(
    Candidate,
    st.sampled_from(list(Origin)),
    st.one_of(st.none(), st.sampled_from([A, B, "***", ""]), st.decimals(0, 9, places=2)),
    st.text(max_size=3),
    st.floats(0, 1, allow_subnormal=False),
    st.just(0),
)


@given(st.sampled_from(["invoice_number", "tax_amount", "buyer_name"]), st.lists(candidates))
def test_confirmed_needs_two_groups_and_no_dissent(field: str, found: list[Candidate]) -> None:
    """Whatever the sources, confirmed means two groups agree; order changes no value's status."""
    reading = reconcile(field, found)
    assert len(reading.sources) == len(found)
    if reading.status is Status.CONFIRMED:
        assert reading.value is not None
        value = reading.value
        agreeing = [
            c
            for c in found
            if c.value not in {None, ""} and same_value(field, value, c.value or "")
        ]
        groups = {
            "face" if c.origin in {TEXT, OCR, OCR2} else "qr" if c.origin is QR else "data"
            for c in agreeing
        }
        assert len(groups) > 1
    assert reconcile(field, found[::-1]).status is reading.status

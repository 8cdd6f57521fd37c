"""QR payloads of invoices: fields, meaning of the amount, check sum (vectors are made up)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.qr import build_invoice_qr, parse_invoice_qr, qr_crc

VECTORS = (
    "01,32,,24502000000012345678,1130.00,20240131,,8AFB",
    "01,31,,24502000000012345679,53000.00,20240331,,0C84",
    "01,10,050002300111,12345678,100.00,20230630,12345678901234567890,071D,",
    "01,04,5000224320,00123456,88495.58,20220815,98765432109876543210,FC9B,",
    "01,01,5000223130,00654321,943396.23,20230909,,BB67,",
)


@pytest.mark.parametrize("payload", VECTORS)
def test_check_sums_of_the_vectors(payload: str) -> None:
    found = parse_invoice_qr(payload)
    assert found is not None
    assert found.crc_ok is True


def test_known_value_of_the_polynomial() -> None:
    """CRC-16/UMTS of the usual check string."""
    assert qr_crc("123456789") == "FEE8"


@pytest.mark.parametrize("payload", VECTORS)
def test_every_single_wrong_digit_is_noticed(payload: str) -> None:
    end = payload.rstrip(",").rindex(",")
    for at in range(3, end):
        if not payload[at].isdigit():
            continue
        for wrong in "0123456789".replace(payload[at], ""):
            found = parse_invoice_qr(payload[:at] + wrong + payload[at + 1 :])
            assert found is None or found.crc_ok is False


@pytest.mark.parametrize(
    ("payload", "with_tax"),
    [(VECTORS[0], True), (VECTORS[1], True), (VECTORS[2], False), (VECTORS[3], False), (VECTORS[4], False),
     ("01,20,050002300113,12345678,100.00,20230630,,", False), ("01,61,,24502000000012345678,759,20240131,,", True),
     ("01,99,,24502000000012345678,759,20240131,,", None)],
)  # fmt: skip
def test_what_the_amount_means(payload: str, with_tax: bool | None) -> None:
    found = parse_invoice_qr(payload)
    assert found is not None
    assert found.amount_with_tax is with_tax


def test_all_fields() -> None:
    found = parse_invoice_qr(VECTORS[2])
    assert found is not None
    assert (found.kind, found.code, found.number) == ("10", "050002300111", "12345678")
    assert (found.amount, found.issue_date) == (Decimal("100.00"), date(2023, 6, 30))
    assert (found.check_code, found.crc) == ("12345678901234567890", "071D")


@pytest.mark.parametrize(
    ("payload", "crc_ok"),
    [
        ("01,31, ,24502000000012345679,53000.00,2024-03-31, ", None),
        ("01,31,,24502000000012345679,57,20240331,,", None),
        ("01,31,,24502000000012345679,53000.00,20240331,,0c84,", True),
        ("01,31,,24502000000012345679,53000.00,20240331,,0C85", False),
        ("01,31,,24502000000012345679,53000.00,20240331", None),
    ],
)
def test_what_issuers_leave_out_or_write_otherwise(payload: str, crc_ok: bool | None) -> None:
    """Blank fields, dashes in the date, no decimals, lower case, no check sum at all."""
    found = parse_invoice_qr(payload)
    if payload.count(",") < 6:
        assert found is None
        return
    assert found is not None
    assert found.issue_date == date(2024, 3, 31)
    assert found.amount is not None
    assert found.crc_ok is crc_ok


def test_a_check_sum_without_its_comma() -> None:
    body = "01,31,,24502000000012345679,53000.00,20240331,"
    found = parse_invoice_qr(f"{body},{qr_crc(body)}")
    assert found is not None
    assert found.crc_ok is True


@pytest.mark.parametrize(
    "payload",
    ["", "$01aGVsbG8=$", "QRCODE_GEN_ERROR", "https://example.com/pay?id=3", "02,31,,24502000000012345679,1,20240331,,",
     "01,31,,2450200000001234567,1,20240331,,", "01,xx,,24502000000012345679,1,20240331,,",
     "01,31,12,24502000000012345679,1,20240331,,", "https://[bad"],
)  # fmt: skip
def test_other_codes_are_no_invoices(payload: str) -> None:
    assert parse_invoice_qr(payload) is None


def test_a_spoilt_amount_or_date_is_left_out() -> None:
    found = parse_invoice_qr("01,31,,24502000000012345679,5x,20240231,,")
    assert found is not None
    assert found.amount is None
    assert found.issue_date is None


def test_web_addresses() -> None:
    found = parse_invoice_qr(
        "https://example.com/v?fpdm=050002300111&fphm=12345678&kprq=20230630&kjje=100.00&jym=345678"
    )
    assert found is not None
    assert (found.code, found.number, found.check_code) == ("050002300111", "12345678", "345678")
    assert (found.amount, found.amount_with_tax) == (Decimal("100.00"), False)
    chain = parse_invoice_qr("https://example.com/verify?bill_num=12345678&total_amount=75900")
    assert chain is not None
    assert (chain.amount, chain.amount_with_tax) == (Decimal(759), True)


@given(
    st.sampled_from(["01", "04", "10", "31", "32"]),
    st.integers(1, 10**11),
    st.dates(date(2015, 1, 1), date(2030, 12, 31)),
)
def test_what_is_built_is_read_back(kind: str, cents: int, day: date) -> None:
    digital = kind.startswith("3")
    number, code = ("24502000000012345678", "") if digital else ("00123456", "5000224320")
    amount = Decimal(cents) / 100
    found = parse_invoice_qr(build_invoice_qr(kind, number, amount, day, code=code))
    assert found is not None
    assert found.crc_ok is True
    assert (found.number, found.code, found.amount, found.issue_date) == (number, code, amount, day)


@given(st.text(max_size=60))
def test_any_payload_is_survived(payload: str) -> None:
    parse_invoice_qr(payload)
    parse_invoice_qr(f"01,31,,{payload}")
    parse_invoice_qr(f"https://example.com/?fphm={payload}")

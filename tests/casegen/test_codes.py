"""The generator's numbers obey the field's rules: they are the truth others are measured by."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from cases.casegen import codes


@pytest.mark.parametrize(
    ("payload", "checksum"),
    [
        ("01,32,,24502000000012345678,1130.00,20240131,,", "8AFB"),
        ("01,31,,24502000000012345679,53000.00,20240331,,", "0C84"),
        ("01,10,050002300111,12345678,100.00,20230630,12345678901234567890,", "071D"),
        ("01,04,5000224320,00123456,88495.58,20220815,98765432109876543210,", "FC9B"),
        ("01,01,5000223130,00654321,943396.23,20230909,,", "BB67"),
    ],
)
def test_checksum_of_qr_payloads(payload: str, checksum: str) -> None:
    assert codes.crc16(payload) == checksum


def test_qr_payload_ends_with_its_checksum() -> None:
    text = codes.qr_payload(
        "32", "", "24502000000012345678", Decimal("1130.00"), date(2024, 1, 31), ""
    )
    assert text == "01,32,,24502000000012345678,1130.00,20240131,,8AFB,"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "11320000MB151840XJ", "91330100799655058B"])
def test_check_digit_of_credit_codes(code: str) -> None:
    assert codes.with_check(code[:17]) == code


def test_generated_ids_carry_region_and_check_digit() -> None:
    rng = random.Random(5)
    for _ in range(50):
        one = codes.taxpayer_id(rng, "500112")
        assert one[2:8] == "500112"
        assert len(one) == 18
        assert codes.with_check(one[:17]) == one


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1130.00", "壹仟壹佰叁拾圆整"),
        ("100005.06", "壹拾万零伍圆零陆分"),
        ("10100", "壹万零壹佰圆整"),
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒圆捌角玖分"),
        ("0.35", "叁角伍分"),
        ("-53000", "（负数）伍万叁仟圆整"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert codes.words(Decimal(amount)) == words


def test_digital_number_has_year_and_region() -> None:
    number = codes.digital_number(random.Random(1), date(2023, 5, 16), "510107")
    assert (number[:2], number[2:4], len(number)) == ("23", "51", 20)


@pytest.mark.parametrize(
    ("kind", "length", "ending"),
    [("vat_special_paper", 10, "130"), ("vat_general_paper", 12, "04"),
     ("vat_e_general", 12, "11"), ("vat_e_special", 12, "13")],
)  # fmt: skip
def test_invoice_codes_have_the_structure_of_their_kind(
    kind: str, length: int, ending: str
) -> None:
    code = codes.invoice_code(kind, date(2022, 6, 1), "500112", random.Random(2))
    assert (len(code), code[-len(ending) :]) == (length, ending)


def test_wan_keeps_every_digit() -> None:
    assert codes.wan_exact(Decimal("376814.16")) == "37.681416"
    assert codes.yuan(codes.wan(Decimal("425800.00"))) == "425800.00"

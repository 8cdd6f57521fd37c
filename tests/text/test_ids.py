"""Check digits and the structure of codes and numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.ids import (
    code_structure,
    looks_like_uscc,
    number_structure,
    old_taxpayer_id_ok,
    organisation_check_ok,
    uscc_check_digit,
    uscc_check_digit_ok,
    uscc_region,
    uscc_repaired,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("91350100M000100Y43", True),
        ("11320000MB151840XJ", True),
        ("91330100799655058B", True),
        ("91350100m000100y43", True),
        ("9135 0100 M000 100Y 43", True),
        ("91350100M000100Y4Z", False),
        ("91350211M0000XUF46", False),
        ("91350100M0001TGQXM", False),
        ("9135O100M000100Y43", False),
        ("91350100M000100Y4", False),
        ("", False),
    ],
)
def test_check_digit_of_the_standard(code: str, good: bool) -> None:
    assert uscc_check_digit_ok(code) is good


@given(st.text(ALPHABET, min_size=17, max_size=17), st.data())
def test_any_single_wrong_character_is_noticed(body: str, data: st.DataObject) -> None:
    code = body + str(uscc_check_digit(body))
    assert uscc_check_digit_ok(code)
    at = data.draw(st.integers(0, 17))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(code[at], "")))
    assert not uscc_check_digit_ok(code[:at] + wrong + code[at + 1 :])


def test_no_check_digit_for_other_texts() -> None:
    assert uscc_check_digit("9135010") is None
    assert uscc_check_digit("9135010OM000100Y4") is None
    assert looks_like_uscc("91350211M0000XUF46")
    assert not looks_like_uscc("91350100M000100Y4Z")
    assert not looks_like_uscc("91350100M000100I43")


def test_region_of_taxpayer_ids() -> None:
    assert uscc_region("91500000MA5U00000X") == "50"
    assert uscc_region("510198765432105") == "51"
    assert uscc_region("51019800DK01187") == "51"
    assert uscc_region("无") == ""


def test_old_ids_carry_an_organisation_code() -> None:
    """The check of GB 11714 on its own example, with and without the hyphen."""
    assert organisation_check_ok("D2143569-X")
    assert organisation_check_ok("D2143569X")
    assert not organisation_check_ok("D21435690")
    assert not organisation_check_ok("21435690")
    assert old_taxpayer_id_ok("500101D2143569X")
    assert not old_taxpayer_id_ok("500101D21435691")


@pytest.mark.parametrize(
    ("code", "region", "year", "kind"),
    [
        ("5000223130", "5000", 2022, "vat_special_paper"),
        ("5000224320", "5000", 2022, "vat_general_paper"),
        ("050002300111", "5000", 2023, "vat_e_general"),
        ("050002300113", "5000", 2023, "vat_e_special"),
        ("050001900104", "5000", 2019, "vat_general_paper"),
        ("050001900105", "5000", 2019, "vat_general_paper"),
        ("050001900106", "5000", 2019, "roll"),
        ("050001900112", "5000", 2019, "toll"),
        ("050001900117", "5000", 2019, "used_vehicle"),
        ("050001900199", "5000", 2019, ""),
        ("144031909110", "4403", 2019, "blockchain"),
        ("150001920111", "5000", 2019, "vehicle"),
        ("5000192270", "5000", 2019, ""),
    ],
)
def test_invoice_codes(code: str, region: str, year: int, kind: str) -> None:
    found = code_structure(code)
    assert found is not None
    assert (found.region, found.year, found.kind) == (region, year, kind)


@pytest.mark.parametrize("code", ["", "500022313", "50002231300", "05000230011l", "250002300111"])
def test_no_invoice_code(code: str) -> None:
    assert code_structure(code) is None


def test_digital_numbers() -> None:
    found = number_structure("24502000000012345678")
    assert found is not None
    assert (found.year, found.region, found.channel) == (2024, "50", "2")
    assert found.serial == "000000012345678"
    assert number_structure("2450200000001234567") is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("91510107MALG7WOF8L", "91510107MALG7W0F8L"),
        ("9I510107MALG7W0F8L", "91510107MALG7W0F8L"),
        ("91510107MALG7WOF8X", "91510107MALG7WOF8X"),  # fits with no letter replaced either
        ("", ""),
    ],
)
def test_letters_a_code_never_has_are_read_as_the_digits_they_look_like(
    read: str, meant: str
) -> None:
    assert uscc_repaired(read) == meant

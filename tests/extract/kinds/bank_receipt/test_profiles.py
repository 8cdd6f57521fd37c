"""Banks are data: a bank nobody has heard of needs a TOML file and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.extract.kinds.bank_receipt.profiles import (
    Profile,
    ProfileError,
    find_profile,
    load_profiles,
    shipped_profiles,
)
from audit.extract.kinds.bank_receipt.receipt import extract_receipts
from tests.extract.kinds.sheets import Placed, changed, page

NEW_BANK = """
bank = "云岭商业银行"
signs = ["云岭商业银行"]
titles = ["资金划转凭单"]

[labels]
amount = ["划转数额"]
receipt_number = ["凭单序列"]

[patterns]
receipt_number = "YL\\\\d{8}"

[layout]
columns = ["payee", "payer"]
"""
SLIP: tuple[Placed, ...] = (
    (70, 20, "云岭商业银行", 5.0),
    (70, 28, "资金划转凭单", 5.0),
    (20, 36, "凭单序列：YL20230305"),
    (130, 36, "交易日期：2023-03-05"),
    (20, 44, "户名"),
    (40, 44, "成都云帆软件有限公司"),
    (110, 44, "户名"),
    (130, 44, "重庆山城智造有限公司"),
    (20, 50, "账号"),
    (40, 50, "5100187083605"),
    (110, 50, "账号"),
    (130, 50, "3100021709200"),
    (20, 58, "划转数额"),
    (45, 58, "¥8,800.00"),
)


@pytest.fixture
def profiles(tmp_path: Path) -> tuple[Profile, ...]:
    (tmp_path / "yunling.toml").write_text(NEW_BANK, encoding="utf-8")
    return load_profiles(tmp_path)


def test_a_new_bank_needs_no_code(profiles: tuple[Profile, ...]) -> None:
    (document,) = extract_receipts(page(SLIP), (), profiles).documents
    assert document.get("bank_name").value == "云岭商业银行"
    assert document.get("payee_name").value == "成都云帆软件有限公司"
    assert document.get("payer_name").value == "重庆山城智造有限公司"
    assert document.get("payer_account").value == "3100021709200"
    assert f"{document.get('amount').value}" == "8800.00"
    assert document.get("receipt_number").value == "YL20230305"


def test_without_its_profile_nothing_is_guessed() -> None:
    (document,) = extract_receipts(page(SLIP), (), ()).documents
    assert document.get("payee_name").value is None
    assert document.get("payer_name").value is None
    assert document.get("receipt_number").value is None


def test_a_number_that_does_not_fit_its_banks_pattern_is_not_taken(
    profiles: tuple[Profile, ...],
) -> None:
    other = changed(SLIP, lambda text: text.replace("YL20230305", "1234567890"))
    (document,) = extract_receipts(page(other), (), profiles).documents
    assert document.get("receipt_number").value is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bank = [", "yunling.toml"),
        ('bank = "甲行"', "signs"),
        ('bank = "甲行"\nsigns = ["甲"]\ncolour = "red"', "colour"),
        ('bank = "甲行"\nsigns = ["甲"]\n[layout]\ncolumns = ["left", "right"]', "payer"),
    ],
)
def test_a_bad_profile_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "yunling.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=words):
        load_profiles(tmp_path)


def test_every_shipped_profile_loads_and_is_found_by_its_own_signs() -> None:
    shipped = shipped_profiles()
    assert len(shipped) >= 5
    for profile in shipped:
        for sign in profile.signs:
            found = find_profile(f"{sign}电子回单\n付款人", shipped)
            assert found is not None
            assert found.bank == profile.bank

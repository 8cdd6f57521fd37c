"""Identifiers and what their digits say: taxpayer ids, invoice codes and numbers.

Structure and check digits only ever warn: real papers exist that break each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.text.normal import compact

_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NEVER_USED = str.maketrans("OIZS", "0125")
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC = re.compile(f"[{_USCC_DIGITS}]{{18}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_OLD_ID = re.compile(r"\d{6}[0-9A-Z]{8}[0-9X]")


def uscc_check_digit(body: str) -> str | None:
    """Return the 18th character to the first 17 of a 统一社会信用代码 (GB 32100-2015)."""
    if len(body) != len(_USCC_WEIGHTS) or any(c not in _USCC_DIGITS for c in body):
        return None
    total = sum(_USCC_DIGITS.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_DIGITS[(31 - total % 31) % 31]


def uscc_check_digit_ok(code: str) -> bool:
    """Tell whether a code has the 18 characters of the standard and its check digit fits."""
    plain = compact(code).upper()
    return _USCC.fullmatch(plain) is not None and uscc_check_digit(plain[:-1]) == plain[-1]


def uscc_repaired(code: str) -> str:
    """Return a code with letters the standard never uses read as the digits they look like.

    O, I, Z and S are not among its characters (GB 32100-2015). Only a code whose check digit then
    fits is changed; for readings from pixels.
    """
    plain = compact(code).upper().translate(_NEVER_USED)
    return plain if uscc_check_digit_ok(plain) else code


def looks_like_uscc(code: str) -> bool:
    """Tell whether a code has the length and the characters of a 统一社会信用代码."""
    return _USCC.fullmatch(compact(code).upper()) is not None


def uscc_region(code: str) -> str:
    """Return the first two digits of the registering region (50 = 重庆); empty if it is no code.

    Old ids of 15 characters begin with the region.
    """
    plain = compact(code).upper()
    if _USCC.fullmatch(plain):
        return plain[2:4]
    return plain[:2] if _OLD_ID.fullmatch(plain) else ""


def organisation_check_ok(code: str) -> bool:
    """Tell whether the check character of a 9-character 组织机构代码 fits (GB 11714)."""
    plain = compact(code).upper().replace("-", "")
    if _ORGANISATION.fullmatch(plain) is None:
        return False
    total = sum(int(c, 36) * w for c, w in zip(plain, _ORGANISATION_WEIGHTS, strict=False))
    return plain[-1] == "0123456789X0"[11 - total % 11]


def old_taxpayer_id_ok(code: str) -> bool:
    """Tell whether a 15-character id is a region and an organisation code that checks."""
    plain = compact(code).upper()
    return _OLD_ID.fullmatch(plain) is not None and organisation_check_ok(plain[6:])


@dataclass(frozen=True, slots=True)
class CodeStructure:
    """What the digits of an invoice code say; ``kind`` is a key of the invoice kinds or empty."""

    region: str
    """Four digits of the issuing region."""
    year: int
    kind: str


#: Last two of a 12-digit code that begins with 0.
_LONG_KINDS = {
    "04": "vat_general_paper",
    "05": "vat_general_paper",
    "06": "roll",
    "07": "roll",
    "11": "vat_e_general",
    "12": "toll",
    "13": "vat_e_special",
    "17": "used_vehicle",
}
#: Eighth of a 10-digit code; freight invoices are told apart because they are no VAT kind here.
_SHORT_KINDS = {
    "1": "vat_special_paper",
    "5": "vat_special_paper",
    "3": "vat_general_paper",
    "6": "vat_general_paper",
}


def code_structure(code: str) -> CodeStructure | None:
    """Return what an invoice code of 10 or 12 digits says, ``None`` if it is not one."""
    if re.fullmatch(r"\d{10}", code):
        return CodeStructure(code[:4], 2000 + int(code[4:6]), _SHORT_KINDS.get(code[7], ""))
    if re.fullmatch(r"0\d{11}", code):
        return CodeStructure(code[1:5], 2000 + int(code[5:7]), _LONG_KINDS.get(code[10:], ""))
    if re.fullmatch(r"14\d{10}", code):
        return CodeStructure(code[1:5], 2000 + int(code[5:7]), "blockchain")
    if re.fullmatch(r"1\d{6}2\d{4}", code):
        return CodeStructure(code[1:5], 2000 + int(code[5:7]), "vehicle")
    return None


@dataclass(frozen=True, slots=True)
class NumberStructure:
    """What the digits of a 20-digit invoice number say."""

    year: int
    region: str
    """Two digits: province, or the own code of a city planned separately."""
    channel: str
    serial: str


def number_structure(number: str) -> NumberStructure | None:
    """Return what a 20-digit (数电) number says, ``None`` if it is not one."""
    if re.fullmatch(r"\d{20}", number) is None:
        return None
    return NumberStructure(2000 + int(number[:2]), number[2:4], number[4], number[5:])

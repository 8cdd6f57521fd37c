"""Invoice numbers as people type them."""

from __future__ import annotations

import pytest

from audit.match.numbers import mentions, one_off

LONG = "24502000000012345678"
FULL_WIDTH = "".join(chr(ord(c) + 0xFEE0) for c in "No.12345678")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        (LONG, [LONG]),
        (f"{LONG}、{LONG[:-1]}9", [LONG, f"{LONG[:-1]}9"]),
        ("12345678-12345680", ["12345678", "12345679", "12345680"]),
        ("12345678~80", ["12345678", "12345679", "12345680"]),
        ("12345678-99345680", ["12345678", "99345680"]),
        ("2.4502E+19", ["24502000000000000000"]),
        ("12345678.00", ["12345678"]),
        ("2450 2000 0000 1234 5678", [LONG]),
        (FULL_WIDTH, ["12345678"]),
        ("见附件", []),
        ("共3张", []),
        ("", []),
    ],
)
def test_numbers_of_a_cell(cell: str, numbers: list[str]) -> None:
    assert [m.number for m in mentions(cell)] == numbers


def test_code_beside_the_number() -> None:
    assert [(m.code, m.number) for m in mentions("5000224320-12345678")] == [
        ("5000224320", "12345678")
    ]
    assert [(m.code, m.number) for m in mentions("12345678", "5000224320")] == [
        ("5000224320", "12345678")
    ]
    assert mentions(LONG, "5000224320")[0].code == ""


@pytest.mark.parametrize(
    ("typed", "printed", "off"),
    [
        ("12345678", "12345679", True),
        ("12345687", "12345678", True),
        ("1234578", "12345678", True),
        ("123456678", "12345678", True),
        ("12345678", "12345678", False),
        ("12345600", "12345678", False),
        ("1234", "12345678", False),
    ],
)
def test_one_slip_of_the_hand(typed: str, printed: str, off: bool) -> None:
    assert one_off(typed, printed) is off

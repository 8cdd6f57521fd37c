"""Numbers that differ in look-alike letters only."""

from __future__ import annotations

import pytest

from audit.text.alike import shape, written


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("QWH-2022-XX014", "OWH-2022-XX014", True),
        ("HT-I5", "HT-1S", True),
        ("QWH—2022", "QWH-2022", True),
        ("HT-2022-01", "HT-2022-07", False),
        ("HT-2022-10", "HT-2022-11", False),
        ("1058", "1088", False),
    ],
)
def test_only_letters_that_look_alike_are_taken_for_each_other(
    one: str, other: str, same: bool
) -> None:
    assert (shape(one) == shape(other)) is same


def test_digits_keep_their_shapes_apart() -> None:
    assert len({shape(str(n)) for n in range(2000)}) == 2000


def test_a_number_is_compared_without_blanks_and_case() -> None:
    assert written(" qwh － 2022 ") == "QWH-2022"

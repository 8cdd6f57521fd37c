"""Numbers as a spreadsheet shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from audit.readers import numberformat as nf


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("1130.456", "#,##0.00", "1,130.46"),
        ("-1130.456", "#,##0.00;[Red]-#,##0.00", "-1,130.46"),
        ("0.13", "0%", "13%"),
        ("0.1349", "0.00%", "13.49%"),
        ("1130.5", '"¥"#,##0.00', "¥1,130.50"),
        ("1130.5", "0.##", "1130.5"),
        ("1130", "0.##", "1130"),
        ("11300000", "0,", "11300"),
        ("1130.5", "0.00E+00", "1130.5"),
        ("1130.5", "@", "1130.5"),
        ("1130.5", "# ?/?", "1130.5"),
        ("-0.001", "0.00", "0.00"),
        ("5", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "5.00"),
    ],
)
def test_numbers_by_their_format(value: str, code: str, shown: str) -> None:
    assert nf.shown_number(Decimal(value), code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy/m/d", "2023/3/1"),
        ("yyyy-mm-dd", "2023-03-01"),
        ('yyyy"年"m"月"d"日"', "2023年3月1日"),
        ("yyyy\\-mm\\-dd;@", "2023-03-01"),
        ("[$-804]yyyy/mm/dd", "2023/03/01"),
        ("yyyy-mm-dd hh:mm:ss", "2023-03-01 08:05:09"),
        ("h:mm AM/PM", "8:05"),
        ("mm:ss", "05:09"),
    ],
)
def test_moments_by_their_format(code: str, shown: str) -> None:
    assert nf.is_date(code)
    assert nf.shown_date(dt.datetime(2023, 3, 1, 8, 5, 9), code) == shown  # noqa: DTZ001


@pytest.mark.parametrize(
    "code", ["", "0.00", "#,##0", "@", "0%", "General", '"元"0.00', "0.00E+00", "[Red]0"]
)
def test_formats_that_are_no_dates(code: str) -> None:
    assert not nf.is_date(code)


@pytest.mark.parametrize(
    ("serial", "day", "since_1904"),
    [
        ("44986", dt.date(2023, 3, 1), False),
        ("1", dt.date(1900, 1, 1), False),
        ("59", dt.date(1900, 2, 28), False),
        ("61", dt.date(1900, 3, 1), False),
        ("43524", dt.date(2023, 3, 1), True),
    ],
)
def test_serials_are_days(serial: str, day: dt.date, since_1904: bool) -> None:
    moment = nf.from_serial(Decimal(serial), since_1904=since_1904)

    assert moment is not None
    assert moment.date() == day


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1e999999999"])
def test_what_is_no_number(text: str) -> None:
    assert nf.exact(text) is None


def test_numbers_hold_fifteen_digits() -> None:
    assert nf.exact("1130.0000000000002") == Decimal(1130)
    assert nf.exact("0.1") == Decimal("0.1")
    assert nf.plain(Decimal("1E+5")) == "100000"

"""Dates and periods in every form the papers use; what is no date stays none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.dates import Precision, parse_date, parse_period

DAY = date(2023, 3, 5)
CHINESE = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月5日",
        "2023年03月05日",
        "\uff12\uff10\uff12\uff13年\uff10\uff13月\uff10\uff15日",
        "2023 年 3 月 5 日",
        "2023-03-05",
        "2023－03－05",
        "2023/3/5",
        "2023.3.5",
        "2023. 03. 05",
        "20230305",
        "2023 03 05",
        "二〇二三年三月五日",
        "二○二三年三月五日",
        "二零二三年三月五日",
        "贰零贰叁年零叁月零伍日",
        "贰零贰叁年 叁月 伍日",
        "2023年03月05日 10:20:30",
        "2023-03-05T10:20:30+08:00",
        "2023-03-05-10.12.13.123456",
        "开票日期：2023年03月05日",
        "交易日期 2023-03-05",
        "记账日期2023年3月5日",
        "公元2023年3月5日",
        "2023-03-05 星期日",
        "2023年3月5日（周日）",
        " 2023年3月5 ",
    ],
)
def test_one_day_in_many_forms(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二三年十二月二十一日", date(2023, 12, 21)),
        ("二〇二三年十月十日", date(2023, 10, 10)),
        ("二〇二三年十一月三十日", date(2023, 11, 30)),
        ("贰零贰叁年壹拾贰月贰拾壹日", date(2023, 12, 21)),
        ("贰零贰叁年零壹拾月零贰拾日", date(2023, 10, 20)),
        ("二〇二四年二月廿九日", date(2024, 2, 29)),
        ("贰零贰肆年正月卅日", date(2024, 1, 30)),
    ],
)
def test_chinese_numerals(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023年3月",
        "2023年02月29日",
        "2023-13-05",
        "2023-3-32",
        "1023-03-05",
        "2023-03/05",
        "2023-03-051",
        "12023-03-05",
        "2023030",
        "202303055",
        "2023年3月5日至2023年4月5日",
        "至2023年3月5日",
        "打印2023年3月5日",
        "六十天",
        "二〇二三年三月",
        "二〇二三年十三月五日",
    ],
)
def test_no_date(text: str) -> None:
    """Nothing is guessed: no day, no such day, two dates, or digits run on."""
    assert parse_date(text) is None


def _in_chinese(number: int, digits: str, ten: str, one: str) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return (one if tens == 1 else digits[tens]) + ten + (digits[ones] if ones else "")


@given(st.integers(0, 60000).map(lambda n: date(1950, 1, 1) + timedelta(n % 50000)))
def test_every_form_gives_the_day_back(day: date) -> None:
    year = "".join(CHINESE[int(c)] for c in str(day.year))
    plain = f"{year}年{_in_chinese(day.month, CHINESE, '十', '')}月{_in_chinese(day.day, CHINESE, '十', '')}日"
    year = "".join(CAPITALS[int(c)] for c in str(day.year))
    month = _in_chinese(day.month, CAPITALS, "拾", "壹")
    capital = f"{year}年零{month}月{_in_chinese(day.day, CAPITALS, '拾', '壹')}日"
    texts = (
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        plain,
        capital,
    )
    assert [parse_date(text) for text in texts] == [day] * len(texts)


@given(st.text(max_size=30))
def test_any_text_is_survived(text: str) -> None:
    parse_date(text)
    parse_period(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "months"),
    [
        ("2022.1-2023.12", date(2022, 1, 1), date(2023, 12, 31), "month", 24),
        ("2022.1-2024.1", date(2022, 1, 1), date(2024, 1, 31), "month", 25),
        ("2023年1月—2023年12月", date(2023, 1, 1), date(2023, 12, 31), "month", 12),
        ("2022年3月至12月", date(2022, 3, 1), date(2022, 12, 31), "month", 10),
        ("2022.3—2023.12（22个月）", date(2022, 3, 1), date(2023, 12, 31), "month", 22),
        ("2022-03-01至2023-12-31", date(2022, 3, 1), date(2023, 12, 31), "day", 22),
        ("2022年1月31日-2024年1月30日", date(2022, 1, 31), date(2024, 1, 30), "day", 25),
        ("202203-202312", date(2022, 3, 1), date(2023, 12, 31), "month", 22),
        ("2023年度", date(2023, 1, 1), date(2023, 12, 31), "year", 12),
        ("2022-2023年", date(2022, 1, 1), date(2023, 12, 31), "year", 24),
        ("2023年1月1日-12月31日", date(2023, 1, 1), date(2023, 12, 31), "day", 12),
        ("实施周期：2022年3月起至2024年2月止", date(2022, 3, 1), date(2024, 2, 29), "month", 24),
        ("2022年3月1日起2023年2月28日止", date(2022, 3, 1), date(2023, 2, 28), "day", 12),
        ("二〇二二年三月至二〇二三年十二月", date(2022, 3, 1), date(2023, 12, 31), "month", 22),
        ("2022.1.5—2023.12", date(2022, 1, 5), date(2023, 12, 31), "month", 24),
    ],
)
def test_periods(text: str, start: date, end: date, precision: str, months: int) -> None:
    """Both ends count; the coarser end gives the precision."""
    period = parse_period(text)
    assert period is not None
    assert (period.start, period.end, period.precision) == (start, end, Precision(precision))
    assert period.months == months


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022年3月至今",
        "2024.1-2023.1",
        "2022.13-2023.1",
        "24个月",
        "2022年3月5日",
        "2022.3-2023.12-2024.1",
    ],
)
def test_no_period(text: str) -> None:
    """Open, backwards or no ends at all: a person decides."""
    assert parse_period(text) is None

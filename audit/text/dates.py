"""Dates and periods as Chinese papers write them: figures, Chinese numerals, bank capitals."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit.text.normal import nfkc

_EARLIEST, _LATEST = 1900, 2100
_MONTHS = 12
#: 二〇二三, 贰零贰叁; the capitals are those of cheques and bills.
_NUMERALS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **dict.fromkeys("○ＯOo", 0),
    **dict(zip("元正两貳參陸", (1, 1, 2, 2, 3, 6), strict=True)),
}
_TENS = "十拾"
_DIGIT = "〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖○ＯOo貳參陸"
_SMALL = f"[{_DIGIT}两元正{_TENS}廿卅]"
_CHINESE_DATE = re.compile(
    rf"(?P<year>[{_DIGIT}]{{4}})年(?P<month>{_SMALL}{{1,4}})月(?:(?P<day>{_SMALL}{{1,4}})日?)?"
)
_CHINESE_YEAR = re.compile(rf"(?P<year>[{_DIGIT}]{{4}})年")
_TIME = r"[T\s-]*\d{1,2}[:.时]\d{1,2}(?:[:.分]\d{1,2}(?:[.,:]\d{1,9})?秒?)?(?:Z|[+-]\d{2}:?\d{2})?"
_AFTER = re.compile(rf"(?:{_TIME})?\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?[\s.,;。)]*")
_BEFORE = re.compile(r"(?:[^\d]{0,12}(?:[:]|日期|时间|日|\s))?[\s(公元]*")
#: Written with separators, 年月日, blanks, or as eight digits.
_DATE = re.compile(
    r"(?P<year>\d{4})(?:"
    r"\s*年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})(?:\s*日|(?!\d))"
    r"|\s*(?P<sep>[-/.])\s*(?P<m2>\d{1,2})\s*(?P=sep)\s*(?P<d2>\d{1,2})(?!\d)"
    r"|\s+(?P<m3>\d{1,2})\s+(?P<d3>\d{1,2})(?!\d)"
    r"|(?P<m4>\d{2})(?P<d4>\d{2})(?!\d))"
)
_MONTH_POINT = re.compile(
    r"(?P<year>\d{4})(?:\s*年\s*(?P<m1>\d{1,2})\s*月(?:份|初|底|末)?"
    r"|\s*[-/.]\s*(?P<m2>\d{1,2})(?![\d])|(?P<m3>\d{2})(?!\d))"
)
_YEAR_POINT = re.compile(r"(?P<year>\d{4})\s*年?(?:度|初|底|末)?(?!\d)")
_LATER_MONTH = re.compile(r"(?P<month>\d{1,2})\s*月(?:份|底|末)?(?:\s*(?P<day>\d{1,2})\s*日)?")
_DASHES = str.maketrans("－—–―\u2010\u2212～~", "--------")
_BETWEEN = re.compile(r"\s*(?:(?:起|开始|始)?\s*(?:-+|至|到)|起)\s*")
_TAIL = re.compile(
    r"\s*(?:止|为止|结束|完成)?\s*[,，]?\s*(?:\(?[^()]{0,12}\d+\s*(?:个月|天|日|年)\)?)?[\s。;]*"
)


class Precision(StrEnum):
    """How exactly a period is written."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, both ends included; ``precision`` is that of the coarser end."""

    start: date
    end: date
    precision: Precision = Precision.DAY

    @property
    def months(self) -> int:
        """Calendar months touched, both ends included: 2022.1-2023.12 is 24."""
        return (self.end.year - self.start.year) * _MONTHS + self.end.month - self.start.month + 1


def parse_date(text: str) -> date | None:
    """Return the one full date that a text is, a label before and a time after it allowed.

    ``None`` where there is no day, no such day, or more than one date.
    """
    plain = _figures(nfkc(text).translate(_DASHES).strip())
    found = _DATE.search(plain)
    while found is not None:
        before, after = plain[: found.start()], plain[found.end() :]
        if _BEFORE.fullmatch(before) and _AFTER.fullmatch(after):
            return _day(found)
        found = _DATE.search(plain, found.end())
    return None


def parse_period(text: str) -> Period | None:
    """Return the period that a text states (``2023.1-2023.12``, ``2022年3月至12月``).

    A month counts from its first to its last day, a lone month or year as the whole of it.
    ``None`` where an end is open (至今) or lies before the start.
    """
    plain = _figures(nfkc(text).translate(_DASHES).strip())
    plain = re.sub(r"^[^\d:]{0,12}:", "", plain).strip(" 自从由")
    first = _point(plain)
    if first is None:
        return None
    start, end, precision, rest = first
    between = _BETWEEN.match(rest)
    if between is None:
        whole = precision is not Precision.DAY and _TAIL.fullmatch(rest)
        return Period(start, end, precision) if whole else None
    second = _point(rest[between.end() :]) or _month_of(rest[between.end() :], start.year)
    if second is None or not _TAIL.fullmatch(second[3]) or second[1] < start:
        return None
    coarser = max(precision, second[2], key=list(Precision).index)
    return Period(start, second[1], coarser)


_Point = tuple[date, date, Precision, str]


def _point(text: str) -> _Point | None:
    """Return first and last day of the point in time at the text's start, and what follows."""
    found = _DATE.match(text)
    if found is not None:
        day = _day(found)
        return None if day is None else (day, day, Precision.DAY, text[found.end() :])
    found = _MONTH_POINT.match(text)
    if found is not None:
        month = int(found["m1"] or found["m2"] or found["m3"])
        return _month(int(found["year"]), month, text[found.end() :])
    found = _YEAR_POINT.match(text)
    if found is None or not _EARLIEST <= int(found["year"]) <= _LATEST:
        return None
    year = int(found["year"])
    rest = text[found.end() :]
    return date(year, 1, 1), date(year, _MONTHS, 31), Precision.YEAR, rest


def _month(year: int, month: int, rest: str) -> _Point | None:
    if not (1 <= month <= _MONTHS and _EARLIEST <= year <= _LATEST):
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, 1), date(year, month, last), Precision.MONTH, rest


def _month_of(text: str, year: int) -> _Point | None:
    """Return the point of ``12月`` or ``12月31日``, whose year is that of the start."""
    found = _LATER_MONTH.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    if found["day"] is None:
        return _month(year, int(found["month"]), rest)
    try:
        day = date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return day, day, Precision.DAY, rest


def _day(found: re.Match[str]) -> date | None:
    month = next(found[f"m{i}"] for i in range(1, 5) if found[f"m{i}"])
    day = next(found[f"d{i}"] for i in range(1, 5) if found[f"d{i}"])
    year = int(found["year"])
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _figures(text: str) -> str:
    """Return the text with dates in Chinese numerals written in figures."""
    joined = re.sub(r"(?<=[年月日])\s+|\s+(?=[年月日])", "", text)
    if not re.search(rf"[{_DIGIT}{_TENS}元正]", joined):
        return text
    dense = re.sub(r"\s+", "", joined) if _CHINESE_DATE.search(re.sub(r"\s+", "", joined)) else text

    def written(match: re.Match[str]) -> str:
        year = "".join(str(_NUMERALS[c]) for c in match["year"])
        parts = [f"{year}年"]
        for key, unit in (("month", "月"), ("day", "日")):
            if match[key]:
                number = _small_number(match[key])
                if number is None:
                    return match.group()
                parts.append(f"{number}{unit}")
        return "".join(parts)

    def only_year(match: re.Match[str]) -> str:
        return "".join(str(_NUMERALS[c]) for c in match["year"]) + "年"

    return _CHINESE_YEAR.sub(only_year, _CHINESE_DATE.sub(written, dense))


def _small_number(text: str) -> int | None:
    """Return 1 to 31 as written: 三, 十二, 二十一, 贰拾壹, 零壹拾, 廿一, 〇三."""
    plain = text.replace("廿", "二十").replace("卅", "三十").lstrip("〇零○ＯOo")
    plain = plain.translate(str.maketrans("拾", "十"))
    if not plain:
        return None
    if "十" not in plain:
        digits = [_NUMERALS[c] for c in plain]
        return digits[0] if len(digits) == 1 else int("".join(map(str, digits)))
    tens, _, ones = plain.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)

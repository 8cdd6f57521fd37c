"""How a spreadsheet shows a number: the part of its format language that figures use."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

#: Built-in formats that are dates, as a Chinese machine shows them.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00",
    8: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: "h:mm", 35: "h:mm:ss",
    36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0",
    42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "0.0E+0", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|(AM/PM|上午/下午|y+|m+|d+|h+|s+|a{3,4}|[^"\\])', re.IGNORECASE
)
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_EXACT_DIGITS = 15
_EPOCH = datetime.combine(date(1899, 12, 30), time.min)
_EPOCH_1904 = datetime.combine(date(1904, 1, 1), time.min)
_FALSE_LEAP_DAY = 60
_LAST_SERIAL = 2_958_466


def built_in(number: int) -> str:
    """Return the code of a built-in format, empty for General."""
    return _BUILT_IN.get(number, "")


def is_date(code: str) -> bool:
    """Tell whether a format shows a date or a time of day."""
    section = _LITERAL.sub("", code.partition(";")[0])
    if "E+" in section.upper() or "general" in section.lower():
        return False
    return bool(re.search(r"[ymdhs]", section, re.IGNORECASE)) and "0.0" not in section[:3]


def shows_day(code: str) -> bool:
    """Tell whether a date format shows more than a time of day."""
    return bool(re.search(r"[yd]", _LITERAL.sub("", code), re.IGNORECASE)) or "月" in code


def exact(text: str) -> Decimal | None:
    """Return the number a file stores as text, at the 15 digits spreadsheets hold."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 300:  # noqa: PLR2004 - beyond a double
        return None
    rounded = _DIGITS.plus(value)
    return rounded.normalize() if rounded else Decimal(0)


def from_serial(value: Decimal, *, since_1904: bool) -> datetime | None:
    """Return the moment of a date serial, ``None`` if it is none."""
    if not 0 <= value < _LAST_SERIAL:
        return None
    days = value
    if not since_1904 and value < _FALSE_LEAP_DAY:
        days += 1
    base = _EPOCH_1904 if since_1904 else _EPOCH
    try:
        moment = base + timedelta(days=int(days))
        seconds = int(((days - int(days)) * 86_400).to_integral_value(ROUND_HALF_UP))
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def plain(value: Decimal) -> str:
    """Return a number with all its digits; with an exponent where digits are lost."""
    normal = value.normalize() if value else Decimal(0)
    if normal.adjusted() >= _EXACT_DIGITS:
        return f"{normal:.5E}"
    return f"{normal:f}"


def shown_number(value: Decimal, code: str) -> str:
    """Return the number as the format shows it; plainly where the format is beyond us."""
    sections = code.split(";")
    chosen = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    bare = _LITERAL.sub("", chosen)
    if not re.search(r"[0#]", bare) or re.search(r"[Ee/?@]", bare) or "general" in bare.lower():
        return plain(value)
    percent = bare.count("%")
    number = abs(value) * (100**percent)
    pattern = re.search(r"[0#][0#,.]*", bare)
    assert pattern is not None
    whole, _, part = pattern.group().partition(".")
    scale = len(whole) - len(whole.rstrip(",")) if not part else 0
    number /= 1000**scale
    decimals = part.count("0") + part.count("#")
    optional = part.count("#")
    try:
        rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return plain(value)
    text = f"{rounded:,f}" if "," in whole.rstrip(",") else f"{rounded:f}"
    if optional and "." in text:
        kept = len(text) - optional
        text = text[:kept] + text[kept:].rstrip("0")
        text = text.rstrip(".")
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{_prefix(chosen)}{text}{'%' * percent}"


def _prefix(section: str) -> str:
    """Return a currency mark printed before the figures."""
    head = re.split(r"[0#]", section, maxsplit=1)[0]
    return next((mark for mark in ("¥", "￥", "$", "€") if mark in head), "")


def shown_date(moment: datetime, code: str) -> str:
    """Return a moment as the format shows it."""
    section = re.sub(r"\[[^\]]*\]|[_*].", "", code.partition(";")[0])
    tokens = [(m.group(1), m.group(2), m.group(3)) for m in _DATE_TOKEN.finditer(section)]
    found: list[str] = []
    timing = False
    letters = [(t[2] or "").lower() for t in tokens]
    for place, (quoted, escaped, token) in enumerate(tokens):
        if token is None:
            found.append(quoted if quoted is not None else escaped)
            continue
        kind = token[0].lower()
        if kind == "m" and not timing:
            after = next((x for x in letters[place + 1 :] if x and x[0] in "ymdhs"), "")
            timing = after.startswith("s")
        found.append(_date_part(moment, token, minutes=timing))
        if kind in "hymds":
            timing = kind == "h"
    return "".join(found).strip()


def _date_part(moment: datetime, token: str, *, minutes: bool) -> str:
    kind, size = token[0].lower(), len(token)
    if kind == "m" and minutes:
        return f"{moment.minute:0{min(size, 2)}d}"
    values = {
        "y": f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}",  # noqa: PLR2004
        "m": f"{moment.month:0{2 if size == 2 else 1}d}",  # noqa: PLR2004
        "d": f"{moment.day:0{2 if size == 2 else 1}d}",  # noqa: PLR2004
        "h": f"{moment.hour:0{min(size, 2)}d}",
        "s": f"{moment.second:0{min(size, 2)}d}",
    }
    if "/" in token and size > 1:
        return ""
    if kind == "a" and size > 2:  # noqa: PLR2004 - weekday
        return "一二三四五六日"[moment.weekday()]
    return values.get(kind, token)


def iso(moment: datetime | date) -> str:
    """Return a moment as ``2023-03-01`` or ``2023-03-01 08:30:00``."""
    if isinstance(moment, datetime):
        timed = (moment.hour, moment.minute, moment.second) != (0, 0, 0)
        return moment.strftime("%Y-%m-%d %H:%M:%S") if timed else moment.strftime("%Y-%m-%d")
    return moment.isoformat()

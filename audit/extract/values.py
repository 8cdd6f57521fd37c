"""Printed text to the value of a field, for papers that are not invoices."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from audit.extract.labels import fold
from audit.extract.ladder import FieldType, field_type
from audit.model import Value
from audit.text.dates import parse_date
from audit.text.money import parse_amount, words_to_amount

#: Figures as money is printed; the currency sign or word before it is optional.
_MONEY = re.compile(
    r"(?P<lead>[-\u2212–(]?)(?:人民币|RMB|CNY|[¥￥Y])*[:：]?(?P<sign>[-\u2212–]?)"
    r"(?P<body>\d[\d,，.]*\d|\d)\)?(?P<unit>万?)(?:元|圆)?"
)
_TEN_THOUSAND = Decimal(10000)
_LONGEST_MONEY = 14
#: A date in text: 2023年3月5日, 2023-03-05, 2023/3/5, 2023.03.05, 20230305.
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日?|[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))"
    r"|20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
    r"|[二〇○0零一]{2,4}[〇○0零一二三四五六七八九]{0,2}年[元一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日?"
)
_WORDS = re.compile(
    r"(?:人民币|[(]?大写[)]?|[:：])*(?P<v>(?:负|[(]负数[)])?"
    r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿貳參陸億萬兩两另叄弍弌叁一二三四五六七八九十百千]{1,40}"
    r"[元圆園圓]?[零〇壹贰叁肆伍陆柒捌玖拾一二三四五六七八九角分整正貳參陸]{0,8})"
)
#: What may stand directly before an amount in words.
_BEFORE_WORDS = re.compile(r"(?:人民币|币|大写|金额|合计|总计|共计|计|为|价|款|额|负)$")
#: Patterns for labels whose value must hold a date, a figure, a letter or figure.
DATED = r".*(?:\d{4}|[二〇零贰○]{2}).*"
FIGURED = r".*\d.*"
LETTERED = r".*[0-9A-Za-z].*"
_NUMBER_EDGES = " :：;；,，.。、№"


def parse_value(field: str, raw: str) -> Value | None:
    """Return the value of a printed text for ``field``; ``None`` if it is not one."""
    text = fold(raw)[0]
    if not text:
        return None
    kind = field_type(field)
    if kind is FieldType.AMOUNT:
        return money_value(raw)
    if kind is FieldType.DATE:
        return date_value(raw)
    if kind is FieldType.WORDS:
        return words_value(raw)
    return number_value(raw) if kind is FieldType.NUMBER else clean_text(raw)


def money_value(raw: str, *, ten_thousand: bool = False) -> Decimal | None:
    """Return an amount in 元; ``ten_thousand``: the heading of the column says 万元."""
    printed = money_text(raw)
    if printed is None:
        return None
    amount = parse_amount(printed.rstrip("万"))
    if not isinstance(amount, Decimal):
        return None
    return amount * _TEN_THOUSAND if ten_thousand or printed.endswith("万") else amount


def money_text(raw: str) -> str | None:
    """Return the first stretch that may be money, separators mended; ends in 万 for 万元.

    The digits stay as printed: the last separator before two final digits is the point.
    """
    text = fold(raw)[0].replace("，", ",").replace("·", ".").replace("。", ".")
    found = _MONEY.search(text)
    if found is None:
        return None
    body = found.group("body")
    if sum(char.isdigit() for char in body) > _LONGEST_MONEY:
        return None
    minus = "-" if found.group("lead") in tuple("-\u2212–") or found.group("sign") else ""
    if found.group("lead") == "(" and found.group().endswith(")"):
        minus = "-"
    tail = re.fullmatch(r"([\d.,]*\d)[.,](\d{2})", body)
    if tail is not None:
        body = f"{re.sub(r'[.,]', '', tail.group(1))}.{tail.group(2)}"
    return f"{minus}{body}{found.group('unit')}"


def date_value(raw: str) -> Value | None:
    """Return the first full date in a text."""
    text = fold(raw)[0]
    found = DATE.search(text)
    return parse_date(found.group()) if found is not None else None


def words_text(raw: str) -> str | None:
    """Return the amount in Chinese words inside a text, ``None`` where none is readable."""
    text = fold(raw)[0]
    hits = [m.group("v") for m in _WORDS.finditer(text) if not _torn(text, m.start("v"))]
    good = [h for h in hits if re.search(r"[元圆園圓]", h) and words_to_amount(h) is not None]
    return max(good, key=len, default=None)


def _torn(text: str, start: int) -> bool:
    """Tell whether words begin in the middle of a run: a character before them was misread."""
    before = text[:start]
    if not before or not "\u4e00" <= before[-1] <= "\u9fff":
        return False
    return _BEFORE_WORDS.search(before) is None


def words_value(raw: str) -> str | None:
    """Return the amount in words as printed, 人民币 and brackets off."""
    return words_text(raw)


def number_value(raw: str) -> str | None:
    """Return an identifier: letters, digits, joining marks and brackets, at least one digit."""
    text = fold(raw)[0].strip(_NUMBER_EDGES)
    return text if any(char.isdigit() for char in text) else None


def decimal_value(raw: str) -> Decimal | None:
    """Return a plain figure such as a score."""
    found = re.search(r"\d+(?:\.\d+)?", fold(raw)[0])
    if found is None:
        return None
    try:
        return Decimal(found.group())
    except InvalidOperation:
        return None


def clean_text(raw: str) -> str | None:
    """Return a text without the blanks that justified setting puts between characters."""
    text = raw.strip().strip(":：;；").strip()
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    plain = "".join(
        fold(char)[0] if "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff" else char
        for char in text
    )
    return plain.strip() or None

"""Printed text to the value of a field of an invoice."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from audit.extract.labels import fold
from audit.model import Value
from audit.text.dates import parse_date
from audit.text.money import parse_amount

AMOUNTS = frozenset({"amount_without_tax", "tax_amount", "total_with_tax"})
TAXPAYER_IDS = frozenset({"buyer_taxpayer_id", "seller_taxpayer_id"})
NAMES = frozenset({"buyer_name", "seller_name", "real_seller_name"})
_CODES = frozenset({"invoice_code", "invoice_number", "machine_number", "check_code"})
#: A tax that is not printed as a figure: exempt, or several rates.
NO_FIGURE = re.compile(r"^[*＊※★☆×xX]{2,}$")
_DASHES = "-–—\u2212"
_FIGURES = re.compile(r"(?P<lead>[(¥YV羊半–—\u2212-]{0,3})(?P<body>\d[\d.,]*\d|\d)(?P<end>\)?)")
#: More digits than this are no amount but a number of another kind.
_LONGEST_AMOUNT = 14
_EXEMPT = ("免税", "不征税", "出口零税", "普通零税率")
_DIGITAL_LENGTH = 20


def parse_field(field: str, raw: str) -> Value | None:
    """Return the value of a printed text for ``field``; ``None`` if it is not one."""
    text = fold(raw)[0]
    if not text:
        return None
    if field in AMOUNTS:
        return parse_money(raw)
    if field == "issue_date":
        return parse_date(raw)
    if field in TAXPAYER_IDS:
        return parse_taxpayer_text(text)
    if field in NAMES:
        return clean_name(raw)
    return _parse_code(field, text) if field in _CODES else " ".join(raw.split())


def _parse_code(field: str, text: str) -> str | None:
    fits = text.isalnum() if field == "check_code" else text.isdigit()
    return text if fits and text.isascii() else None


def parse_money(raw: str) -> Value | None:
    """Return an amount in 元, the text ``***`` where that is printed, ``None`` for anything else."""
    text = fold(raw)[0]
    if NO_FIGURE.match(text.replace("¥", "")):
        return "***"
    return parse_amount(raw)


def parse_taxpayer_text(text: str) -> str | None:
    """Return a taxpayer id as printed, upper case; ``None`` if the length fits no form."""
    found = re.fullmatch(r"[0-9A-Za-z]{9,20}", text)
    return text.upper() if found else None


def clean_name(raw: str) -> str | None:
    """Return a name without the blanks that justified setting puts between Chinese characters."""
    text = raw.strip().strip(":：;；").strip()
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    text = _plain_glyphs(text)
    return text or None


def _plain_glyphs(text: str) -> str:
    """Replace compatibility ideographs (⼾ for 户), leaving punctuation as printed."""
    return "".join(
        fold(char)[0] if "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff" else char
        for char in text
    )


def parse_item_field(field: str, raw: str) -> Value | None:
    """Return the value of one cell of the item table."""
    text = fold(raw)[0]
    if not text:
        return None
    if field in {"amount", "tax"}:
        return parse_money(raw)
    if field in {"quantity", "unit_price"}:
        return parse_number(text)
    if field == "tax_rate":
        return parse_rate(text)
    if field == "code":
        return text
    return clean_name(raw) if field == "unit" else _plain_glyphs(" ".join(raw.split()))


def parse_number(text: str) -> Decimal | None:
    """Return a plain decimal number (quantities and unit prices carry up to 13 places)."""
    cleaned = text.replace(",", "").replace("，", "").lstrip("¥")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?", cleaned):
        return None
    try:
        return Decimal(cleaned)
    except InvalidOperation:
        return None


def parse_rate(text: str) -> Value | None:
    """Return a tax rate as a fraction (0.13), or the text 免税, 不征税, ``***``."""
    if NO_FIGURE.match(text):
        return "***"
    for word in _EXEMPT:
        if word in text:
            return word
    found = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)%", text)
    if found:
        return (Decimal(found.group(1)) / 100).normalize() + Decimal(0)
    if re.fullmatch(r"0(\.\d+)?", text):
        return Decimal(text).normalize() + Decimal(0)
    return None


def is_digital_number(number: Value | None) -> bool:
    """Tell whether a number has the 20 digits of a 数电 invoice."""
    return isinstance(number, str) and len(number) == _DIGITAL_LENGTH and number.isdigit()


def money_in(raw: str) -> str | None:
    """Return the first amount-like stretch of a line read by OCR, its separators mended.

    ``1.234,56`` and ``350.876.53`` are ``1234.56`` and ``350876.53``: the digits stay, the last
    separator before two final digits is the decimal point (money always has two decimals).
    """
    text = fold(raw)[0].replace("，", ",").replace("·", ".").replace("。", ".")
    if NO_FIGURE.match(text.replace("¥", "")):
        return "***"
    found = _FIGURES.search(text)
    if found is None:
        return None
    lead, body = found.group("lead"), found.group("body")
    if sum(char.isdigit() for char in body) > _LONGEST_AMOUNT:
        return None
    bracketed = "(" in lead and found.group("end") == ")"
    minus = "-" if bracketed or any(dash in lead for dash in _DASHES) else ""
    tail = re.fullmatch(r"([\d.,]*\d)[.,](\d{2})", body)
    if tail is None:
        return minus + body
    return f"{minus}{re.sub(r'[.,]', '', tail.group(1))}.{tail.group(2)}"

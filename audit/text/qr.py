"""The QR payload of Chinese invoices: its fields, what its amount means, its check sum.

``01,<kind>,<code>,<number>,<amount>,<yyyymmdd>,<check code>,<CRC4>,``. The CRC (CRC-16,
polynomial 0x8005, nothing reflected) tells an intact payload; a forger can compute it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from audit.text.dates import parse_date

_POLYNOMIAL, _TOP, _MASK = 0x8005, 0x8000, 0xFFFF
_FIELDS, _WITH_CRC = 7, 8
_WITHOUT_TAX = frozenset({"01", "04", "10", "20"})
_WITH_TAX = frozenset({"31", "32", "51", "61"})
_NUMBER = re.compile(r"\d{8}|\d{20}")
_CODE = re.compile(r"|\d{10}|\d{12}")
_AMOUNT = re.compile(r"-?\d{1,13}(?:\.\d{1,2})?")
_CRC = re.compile(r"[0-9A-Fa-f]{4}")


@dataclass(frozen=True, slots=True)
class InvoiceQr:
    """An invoice QR as decoded. ``kind``: its second field, empty for web addresses.

    ``amount_with_tax``: 价税合计 if true, 不含税金额 if false, ``None`` where that is not known.
    ``crc_ok``: ``None`` if the payload carries no check sum.
    """

    kind: str
    code: str
    number: str
    amount: Decimal | None
    amount_with_tax: bool | None
    issue_date: date | None
    check_code: str
    crc: str = ""
    crc_ok: bool | None = None


def qr_crc(text: str) -> str:
    """Return the check sum of a payload (up to and with the comma before it): four hex digits."""
    register = 0
    for byte in text.encode("ascii", "replace"):
        register ^= byte << 8
        for _ in range(8):
            register = ((register << 1) ^ (_POLYNOMIAL if register & _TOP else 0)) & _MASK
    return f"{register:04X}"


def build_invoice_qr(
    kind: str,
    number: str,
    amount: Decimal,
    issue_date: date,
    *,
    code: str = "",
    check_code: str = "",
) -> str:
    """Return the payload of an invoice with its check sum, as issuers print it."""
    body = f"01,{kind},{code},{number},{amount},{issue_date:%Y%m%d},{check_code},"
    return body + qr_crc(body) + ("," if code else "")


def parse_invoice_qr(payload: str) -> InvoiceQr | None:
    """Return the invoice that a QR payload names, ``None`` for any other QR code."""
    text = payload.strip()
    if text.startswith(("http://", "https://")):
        return _from_address(text)
    fields = [part.strip() for part in text.split(",")]
    if len(fields) < _FIELDS or fields[0] != "01" or not re.fullmatch(r"\d{2}", fields[1]):
        return None
    _, kind, code, number, amount, day, check_code, *rest = fields
    if not _NUMBER.fullmatch(number) or not _CODE.fullmatch(code):
        return None
    crc = rest[0] if rest and _CRC.fullmatch(rest[0]) else ""
    return InvoiceQr(
        kind=kind,
        code=code,
        number=number,
        amount=Decimal(amount) if _AMOUNT.fullmatch(amount) else None,
        amount_with_tax=_means_with_tax(kind),
        issue_date=parse_date(day),
        check_code=check_code,
        crc=crc,
        crc_ok=_crc_fits(payload.strip(), crc) if crc else None,
    )


def _means_with_tax(kind: str) -> bool | None:
    if kind in _WITHOUT_TAX:
        return False
    return True if kind in _WITH_TAX else None


def _crc_fits(payload: str, crc: str) -> bool:
    """Tell whether the check sum fits; some issuers leave the comma before it out of the sum."""
    parts = payload.split(",")
    body = ",".join(parts[: _WITH_CRC - 1])
    return crc.upper() in {qr_crc(body + ","), qr_crc(body)}


def _from_address(text: str) -> InvoiceQr | None:
    """Return the invoice of a web address: ``fphm=…&kjje=…``, or a blockchain ``bill_num=…``."""
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    query = parse_qs(address.query or address.fragment.partition("?")[2])
    given = {key: values[0].strip() for key, values in query.items()}
    number, code = given.get("fphm", ""), given.get("fpdm", "")
    if _NUMBER.fullmatch(number) and _CODE.fullmatch(code):
        money = given.get("kjje", "")
        amount = Decimal(money) if _AMOUNT.fullmatch(money) else None
        day, check = parse_date(given.get("kprq", "")), given.get("jym", "")
        return InvoiceQr("", code, number, amount, None if amount is None else False, day, check)
    bill = given.get("bill_num", "")
    if not _NUMBER.fullmatch(bill):
        return None
    cents = given.get("total_amount", "")
    total = Decimal(cents) / 100 if cents.isascii() and cents.isdigit() else None
    day = parse_date(given.get("date", ""))
    return InvoiceQr("", "", bill, total, None if total is None else True, day, "")

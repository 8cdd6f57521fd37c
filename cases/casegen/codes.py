"""Numbers that must be right to look real: tax ids, invoice numbers, checksums, amounts in words.

Written apart from ``audit.text`` on purpose: what checks must not also produce the truth.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Return the amount rounded to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def wan(value: Decimal) -> str:
    """Return an amount in 元 as printed in 万元."""
    return f"{cents(value / 10000)}"


def wan_exact(value: Decimal) -> str:
    """Return an amount in 元 as 万元, no digit lost."""
    return f"{cents(value / 10000) if value % 100 == 0 else value / 10000:f}"


def yuan(value: str) -> str:
    """Return an amount printed in 万元 in 元."""
    return f"{cents(Decimal(value) * 10000)}"


def taxpayer_id(rng: random.Random, region: str) -> str:
    """Return a unified social credit code with right check digits for a six-digit region."""
    body = "MA" + "".join(rng.choice(_USCC) for _ in range(6))
    total = sum(
        w * (ord(c) - 55 if c.isalpha() else int(c))
        for w, c in zip(_ORG_WEIGHTS, body, strict=True)
    )
    check = 11 - total % 11
    organisation = body + {10: "X", 11: "0"}.get(check, str(check))
    return with_check("91" + region + organisation)


def with_check(first17: str) -> str:
    """Return the code of 18 characters for its first 17."""
    total = sum(w * _USCC.index(c) for w, c in zip(_USCC_WEIGHTS, first17, strict=True))
    return first17 + _USCC[(31 - total % 31) % 31]


def crc16(text: str) -> str:
    """Return the checksum of an invoice QR payload (poly 0x8005, no reflection), four hex digits."""
    register = 0
    for byte in text.encode("ascii"):
        register ^= byte << 8
        for _ in range(8):
            register = ((register << 1) ^ 0x8005) & 0xFFFF if register & 0x8000 else register << 1
    return f"{register:04X}"


def qr_payload(kind: str, code: str, number: str, amount: Decimal, day: date, check: str) -> str:
    """Return the payload of an invoice's QR code, its checksum included."""
    text = f"01,{kind},{code},{number},{amount},{day:%Y%m%d},{check},"
    return text + crc16(text) + ","


def digital_number(rng: random.Random, day: date, region: str, serial: int | None = None) -> str:
    """Return a 20-digit number of a fully digital invoice; ``region``: six digits."""
    channel = rng.choice("2227")
    tail = serial if serial is not None else rng.randrange(10**8, 4 * 10**9)
    return f"{day:%y}{region[:2]}{channel}{tail:015d}"


def invoice_code(kind: str, day: date, region: str, rng: random.Random) -> str:
    """Return the 10 or 12 digits of a coded invoice kind (see the field's tables)."""
    place, year, batch = region[:2] + "00", f"{day:%y}", rng.randrange(1, 5)
    if kind == "vat_special_paper":
        return f"{place}{year}{batch}130"
    tail = {"vat_general_paper": "04", "vat_e_general": "11", "vat_e_special": "13"}[kind]
    return f"0{place}{year}{batch:03d}{tail}"


def digits(rng: random.Random, count: int) -> str:
    """Return ``count`` random digits, the first not 0."""
    return str(rng.randrange(1, 10)) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def cipher(rng: random.Random) -> tuple[str, ...]:
    """Return the four lines of a 密码区."""
    return tuple("".join(rng.choice("0123456789+-*/<>") for _ in range(27)) for _ in range(4))


def words(amount: Decimal, yuan: str = "圆") -> str:
    """Return an amount in 元 in Chinese words."""
    sign = "（负数）" if amount < 0 else ""
    whole, fraction = divmod(int(abs(amount) * 100), 100)
    text = _whole(whole) + yuan if whole else ""
    jiao, fen = divmod(fraction, 10)
    if not fraction:
        return sign + (text or "零" + yuan) + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return sign + text + (_DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    out, zero = "", False
    for power, unit in ((8, "亿"), (4, "万"), (0, "")):
        part, number = divmod(number, 10**power)
        if not part:
            zero = bool(out)
            continue
        out += ("零" if out and (zero or part < 1000) else "") + _part(part) + unit
        zero = False
    return out


def _part(part: int) -> str:
    out, zero = "", False
    for value, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, part = divmod(part, value)
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return out

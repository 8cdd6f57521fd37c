"""How ``case.json`` writes values: money as text with two decimals, ISO dates, rounded boxes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from audit import i18n
from audit.model import Box, Message, Value

#: Numbers that are no money: shown with the decimals they have.
NOT_MONEY = (
    "quantity",
    "unit_price",
    "tax_rate",
    "employees",
    "device_count",
    "maturity_",
    "debt_ratio_",
    "profit_rate_",
    "number",
)
Json = dict[str, Any]
Words = Callable[[Message | None], str | None]


def words_of(lang: str) -> Words:
    """Return a function from messages to sentences; ``None`` stays ``None``."""

    def sentence(message: Message | None) -> str | None:
        return None if message is None else i18n.text(message.key, dict(message.params), lang)

    return sentence


def money(amount: Decimal) -> str:
    """Return an amount in 元 with two decimals, or all it has if more."""
    exponent = amount.as_tuple().exponent
    cents = isinstance(exponent, int) and exponent >= -2  # noqa: PLR2004 - cents
    return str(amount.quantize(Decimal("0.01"))) if cents else format(amount, "f")


def value_text(value: Value | None, name: str = "") -> str | None:
    """Return a value as ``case.json`` has it; ``name`` tells money from other numbers."""
    if isinstance(value, Decimal):
        return format(value, "f") if name.startswith(NOT_MONEY) else money(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def box_json(box: Box | None) -> list[float] | None:
    """Return a box as four fractions."""
    return None if box is None else box.rounded()

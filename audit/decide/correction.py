"""What a person typed for a field: is it one, and does it fit what stands beside it?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from audit.model import Message, Reading, Value, say
from audit.text.dates import parse_date
from audit.text.ids import uscc_check_digit_ok
from audit.text.money import amount_to_words, parse_amount, words_to_amount

_MONEY = re.compile(
    r"^(amount|tax|amount_without_tax|amount_with_tax|tax_amount|total_with_tax|contract_total"
    r"|planned_total|total_investment|invested_amount|software_investment|hardware_investment"
    r"|security_investment|(assets|revenue|profit|tax)_20\d\d)$"
)
_NUMBERS = re.compile(
    r"^(quantity|unit_price|maturity_score|device_count|employees|(debt_ratio|profit_rate)_20\d\d)$"
)
_IDS = re.compile(r"taxpayer_id$")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_OLD_ID = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{17,20}")
#: (part, part, whole): the sums a paper prints.
SUMS = (
    ("amount_without_tax", "tax_amount", "total_with_tax"),
    ("amount_without_tax", "tax_amount", "amount_with_tax"),
)
WORDS = (("total_with_tax", "total_in_words"), ("amount", "amount_in_words"))


@dataclass(frozen=True, slots=True)
class Correction:
    """A typed value (``None``: it is none, and ``troubles`` says why), and what looks odd about it.

    ``troubles`` beside a value do not stop the correction: real papers carry wrong sums and
    check digits. They are shown to the person and kept as reasons of the reading.
    """

    value: Value | None
    troubles: tuple[Message, ...] = ()


def check_correction(
    field_name: str,
    typed: str,
    beside: Mapping[str, Reading] | None = None,
) -> Correction:
    """Return ``typed`` as the value of ``field_name``; ``beside``: the paper's other readings."""
    name = field_name.rpartition(".")[2]
    text = typed.strip()
    if not text:
        return Correction(None, (say("decide.empty", field=name),))
    value = _value(name, text)
    if value is None:
        return Correction(None, (say("decide.not_a_value", field=name, typed=text),))
    others = beside or {}
    return Correction(value, (*_of_itself(name, value), *_beside(field_name, value, others)))


def _value(name: str, text: str) -> Value | None:
    plain = "".join(text.split())
    value: Value | None = text
    if _MONEY.match(name):
        amount = parse_amount(text)
        value = amount if amount is not None and amount.is_finite() else None
    elif _NUMBERS.match(name):
        figure = plain.replace(",", "").replace("，", "")
        value = Decimal(figure) if re.fullmatch(r"-?\d+(\.\d+)?", figure) else None
    elif name == "tax_rate":
        value = _rate(text)
    elif name.endswith("_date"):
        value = parse_date(text)
    elif _IDS.search(name):
        value = plain.upper() if _OLD_ID.fullmatch(plain.upper()) else None
    elif name in {"invoice_number", "invoice_code"}:
        value = plain if plain.isdigit() and plain.isascii() else None
    return value


def _rate(text: str) -> Value | None:
    if text in {"免税", "不征税", "***"}:
        return text
    found = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)%", text)
    if found:
        return (Decimal(found.group(1)) / 100).normalize() + Decimal(0)
    return Decimal(text) if re.fullmatch(r"0(\.\d+)?", text) else None


def _of_itself(name: str, value: Value) -> tuple[Message, ...]:
    if _IDS.search(name) and isinstance(value, str):
        if not _USCC.fullmatch(value):
            return (say("decide.old_id", value=value),)
        if not uscc_check_digit_ok(value):
            return (say("decide.check_digit", value=value),)
    if name == "invoice_number" and isinstance(value, str) and len(value) not in {8, 20}:
        return (say("decide.number_length", value=value, length=len(value)),)
    if name.endswith("in_words") and words_to_amount(str(value)) is None:
        return (say("decide.words_unreadable", value=value),)
    return ()


def _beside(name: str, value: Value, others: Mapping[str, Reading]) -> tuple[Message, ...]:
    troubles = []
    readings = {key: r.value for key, r in others.items()} | {name: value}
    for part, more, whole in SUMS:
        amounts = [readings.get(key) for key in (part, more, whole)]
        if name not in {part, more, whole} or not all(isinstance(a, Decimal) for a in amounts):
            continue
        net, tax, total = (Decimal(str(a)) for a in amounts)
        if net + tax != total:
            troubles.append(say("decide.sum", net=net, tax=tax, total=total))
    for figures, words in WORDS:
        amount, said = readings.get(figures), readings.get(words)
        if name not in {figures, words} or not isinstance(amount, Decimal):
            continue
        read = words_to_amount(said) if isinstance(said, str) else None
        if read is not None and read != amount:
            printed = amount_to_words(amount)
            troubles.append(say("decide.words", amount=amount, words=said, expected=printed))
    return tuple(troubles)

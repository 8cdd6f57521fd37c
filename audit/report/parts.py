"""Small words for people: amounts, percentages, places, labels of enums."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol

from audit import i18n
from audit.model import Box, Message, Value
from audit.text.rounding import percent, wan


class Crop(Protocol):
    """Cuts a JPEG of a place on a page; ``None`` where there is no picture.

    ``box`` in fractions of the upright page (``None``: the whole page), ``longest`` in pixels.
    """

    def __call__(
        self, file: str, page_index: int, box: Box | None, longest: int = 900
    ) -> bytes | None:
        """Return the JPEG bytes, or ``None``."""


class Words:
    """Texts of one language, for templates and sheets."""

    def __init__(self, lang: str) -> None:
        """Speak ``lang``."""
        self.lang = lang

    def t(self, key: str, **params: object) -> str:
        """Return the text ``report.<key>``."""
        return i18n.text(f"report.{key}", {k: str(v) for k, v in params.items()}, self.lang)

    def say(self, message: Message | None) -> str:
        """Return the sentence of a message, empty for none."""
        return "" if message is None else i18n.text(message.key, dict(message.params), self.lang)

    def code(self, code: str, **params: str) -> str:
        """Return the sentence of a problem code (or its ``.ask``)."""
        return i18n.text(code, params, self.lang)


def yuan(amount: Decimal | None) -> str:
    """Return ``1,234.00``; an em dash for none."""
    return "—" if amount is None else f"{amount:,.2f}"


def shown(value: Value | None) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        plain = isinstance(exponent, int) and exponent >= -2  # noqa: PLR2004 - cents
        return f"{value:,.2f}" if plain else format(value, ",f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def span(low: str, high: str, words: Words) -> str:
    """Return a conclusion's interval for people: money in 万元, shares in percent, else as it is."""
    ends = tuple(dict.fromkeys(_figure(v, words) for v in (low, high) if v))
    return words.t("to_join").join(ends)


def _figure(text: str, words: Words) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or "." not in text:
        return text
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:  # noqa: PLR2004 - finer than cents: a share
        return percent(value)
    return f"{wan(value)} {words.t('unit.wan')}"


def clock(at: str) -> str:
    """Return an ISO time as ``2024-05-20 09:12``, anything else unchanged."""
    try:
        return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}"
    except ValueError:
        return at


def place(words: Words, file: str, page_index: int) -> str:
    """Return “file · 第 n 页”."""
    return words.t("place", file=file, page=page_index + 1)

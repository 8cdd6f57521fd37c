"""A TOML table that is read key by key, and complains in Chinese about what does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from audit.errors import PolicyError
from audit.i18n import listed, told

MONEY = re.compile(r"\d{1,14}(\.\d{1,2})?")
SHARE = re.compile(r"0(\.\d{1,6})?|1(\.0+)?")


class TomlTable:
    """One table of a policy file: typed values out, every key accounted for."""

    def __init__(self, source: str, where: str, data: Mapping[str, object]) -> None:
        self._source, self._where, self._data = source, where, data
        self._read: set[str] = set()

    def wrong(self, key: str, expected: str) -> PolicyError:
        """Return the complaint about ``key``: where it is, what is expected, what is there."""
        path = ".".join(p for p in (self._where, key) if p) or told("policy.top")
        if not key:
            shown = ""
        elif key in self._data:
            shown = told("policy.found", found=_shown(self._data[key]))
        else:
            shown = told("policy.no_key")
        return PolicyError(
            told("policy.wrong", file=self._source, key=path, expected=expected, shown=shown)
        )

    def names(self) -> tuple[str, ...]:
        """Return the keys in the order of the file."""
        return tuple(self._data)

    def finish(self) -> None:
        """Raise if the file has keys that nobody asked for: most often a misspelt one."""
        extra = [k for k in self._data if k not in self._read]
        if extra:
            path = ".".join(p for p in (self._where, extra[0]) if p)
            known = listed(sorted(self._read))
            raise PolicyError(told("policy.extra", file=self._source, key=path, known=known))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty; ``default`` where the key is absent."""
        value = self._value(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, told("policy.want.text"))
        return value.strip()

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._value(key)
        if value is None and optional:
            return ()
        if not isinstance(value, list) or any(not isinstance(v, str) or not v for v in value):
            raise self.wrong(key, told("policy.want.texts"))
        doubled = next((v for v in value if value.count(v) > 1), None)
        if doubled is not None:
            raise self.wrong(key, told("policy.want.unique", word=doubled))
        return tuple(value)

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return one of ``allowed``."""
        value = self._value(key)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise self.wrong(key, told("policy.want.choice", allowed=listed(allowed)))
        return str(value)

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """Return several of ``allowed``; none where the key is absent."""
        values = self.texts(key, optional=True)
        if any(v not in allowed for v in values):
            raise self.wrong(key, told("policy.want.choices", allowed=listed(allowed)))
        return values

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number between ``low`` and ``high``."""
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, told("policy.want.integer", low=low, high=high))
        return value

    def amount(self, key: str) -> Decimal:
        """Return money in 元; written as text or whole number, never as a binary fraction."""
        return self._money(key, self._value(key))

    def amounts(self, key: str) -> tuple[Decimal, ...]:
        """Return a list of amounts in 元; none where the key is absent."""
        value = self._value(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.wrong(key, told("policy.want.amounts"))
        return tuple(self._money(key, v) for v in value)

    def _money(self, key: str, value: object) -> Decimal:
        text = str(value) if isinstance(value, (str, int)) and value is not True else ""
        if not MONEY.fullmatch(text):
            raise self.wrong(key, told("policy.want.amount"))
        return Decimal(text)

    def share(self, key: str) -> Decimal:
        """Return a fraction from 0 to 1, written as text."""
        value = self._value(key)
        if not isinstance(value, str) or not SHARE.fullmatch(value):
            raise self.wrong(key, told("policy.want.share"))
        return Decimal(value)

    def day(self, key: str) -> date:
        """Return a date."""
        value = self._value(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, told("policy.want.date"))
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is absent."""
        value = self._value(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.wrong(key, told("policy.want.flag"))
        return value

    def table(self, key: str, *, optional: bool = False) -> TomlTable:
        """Return the table below ``key``."""
        value = self._value(key)
        if value is None and optional:
            value = {}
        if not isinstance(value, dict):
            raise self.wrong(key, told("policy.want.table", key=key))
        return TomlTable(self._source, ".".join(p for p in (self._where, key) if p), value)

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """Return the list of tables below ``key``, written as ``[[key]]``."""
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value) or not value:
            raise self.wrong(key, told("policy.want.tables", key=key))
        return tuple(TomlTable(self._source, f"{key}[{n}]", v) for n, v in enumerate(value, 1))

    def _value(self, key: str) -> object:
        self._read.add(key)
        return self._data.get(key)


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f"“{value}”"
    return text if len(text) <= 60 else text[:60] + "…"  # noqa: PLR2004 - enough to recognise it

"""From TOML to a ``Policy``: every key is checked, every complaint says where and what is meant."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from audit.errors import PolicyError
from audit.i18n import listed, told
from audit.model import DocumentKind
from audit.policy.schema import (
    CATEGORY_KEYS,
    DEFAULT_PRACTICE,
    SEVERITIES,
    SHARE_READINGS,
    TAX_BASES,
    TREATMENTS,
    Category,
    Clause,
    Policy,
    Practice,
    RequiredDocument,
    RuleSetting,
    Thresholds,
)
from audit.policy.tables import TomlTable

KINDS = tuple(k.value for k in DocumentKind)
LARGEST = 4_000_000
"""Bytes; a policy is a text of some pages."""


def shipped_policies() -> tuple[str, ...]:
    """Return the names of the policies that come with the program, in alphabetical order."""
    folder = resources.files("audit") / "policy"
    return tuple(
        sorted(e.name.removesuffix(".toml") for e in folder.iterdir() if e.name.endswith(".toml"))
    )


def load_policy(name_or_path: str) -> Policy:
    """Return the shipped policy of that name, else the one in that TOML file.

    Raises ``PolicyError``: the Chinese message names the file, the key and what is expected.
    """
    if name_or_path in shipped_policies():
        return _shipped(name_or_path)
    path = Path(name_or_path)
    if path.suffix != ".toml" and not path.is_file():
        known = listed(shipped_policies())
        raise PolicyError(told("policy.unknown", name=name_or_path, known=known))
    try:
        if path.stat().st_size > LARGEST:
            raise PolicyError(told("policy.large", file=path, largest=f"{LARGEST:,}"))
        data = path.read_bytes()
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        reason = told("policy.absent" if absent else "policy.no_file")
        raise PolicyError(told("policy.unreadable", file=path, why=reason)) from error
    return parse_policy(data, str(path))


@cache
def _shipped(name: str) -> Policy:
    entry = resources.files("audit") / "policy" / f"{name}.toml"
    return parse_policy(entry.read_bytes(), f"{name}.toml")


def parse_policy(data: bytes, source: str) -> Policy:
    """Return the policy in the TOML ``data``; ``source`` names it in complaints."""
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PolicyError(told("policy.encoding", file=source)) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(told("policy.no_toml", file=source, why=error)) from error
    top = TomlTable(source, "", _on_base(raw, source))
    clauses = _clauses(top.table("clauses"))
    policy = Policy(
        id=top.text("id"),
        title=top.text("title"),
        number=top.text("number"),
        clauses=clauses,
        thresholds=_thresholds(top.table("thresholds")),
        categories=_categories(top),
        required=tuple(_required(t, clauses) for t in top.tables("required")),
        deciding_share=top.choice("deciding_share", SHARE_READINGS),
        tax_bases=top.choices("tax_bases", TAX_BASES),
        rules=_rules(top.table("rules", optional=True)),
        practice=_practice(top.table("practice", optional=True)),
    )
    if not policy.tax_bases:
        raise top.wrong("tax_bases", told("policy.want.bases"))
    top.finish()
    return policy


def _on_base(raw: dict[str, object], source: str) -> dict[str, object]:
    """Return the file's tables laid over those of the shipped policy that it names as ``base``.

    Tables of single values and clauses are completed key by key; ``[[categories]]`` and
    ``[[required]]`` replace the base's whole list.
    """
    if "base" not in raw:
        return raw
    base = raw.pop("base")
    if not isinstance(base, str) or base not in shipped_policies():
        known = listed(shipped_policies())
        raise PolicyError(told("policy.base", file=source, known=known, found=repr(base)))
    entry = resources.files("audit") / "policy" / f"{base}.toml"
    below = _on_base(tomllib.loads(entry.read_text("utf-8")), f"{base}.toml")
    merged = {**below, **raw}
    for key, value in raw.items():
        other = below.get(key)
        if isinstance(value, dict) and isinstance(other, dict):
            merged[key] = {**other, **value}
    return merged


def _clauses(table: TomlTable) -> Mapping[str, Clause]:
    clauses = {}
    for key in table.names():
        entry = table.table(key)
        clauses[key] = Clause(entry.text("number", default=key), entry.text("quote"))
        entry.finish()
    if not clauses:
        raise table.wrong("", told("policy.want.clauses"))
    return clauses


def _thresholds(table: TomlTable) -> Thresholds:
    found = Thresholds(
        period_start=table.day("period_start"),
        max_months=table.whole("max_months", 1, 240),
        minimum_total=table.amount("minimum_total"),
        software_share=table.share("software_share"),
        maturity_level=table.whole("maturity_level", 1, 5),
        maturity_since=table.day("maturity_since"),
        submission_deadline=table.day("submission_deadline"),
        review_deadline=table.day("review_deadline"),
        closing_balance_share=table.share("closing_balance_share"),
    )
    table.finish()
    return found


def _categories(top: TomlTable) -> tuple[Category, ...]:
    tables = top.tables("categories")
    found = tuple(_category(t) for t in tables)
    seen: dict[tuple[str, str], str] = {}
    for category, table in zip(found, tables, strict=True):
        lists = {
            "short_names": category.short_names,
            "item_words": category.item_words,
            "ledger_words": category.ledger_words,
            "code_prefixes": category.code_prefixes,
        }
        for name, words in lists.items():
            for word in words:
                other = seen.setdefault((name, word), category.key)
                if other != category.key:
                    raise table.wrong(
                        name, told("policy.want.one_category", word=word, other=other)
                    )
    missing = [k for k in CATEGORY_KEYS if k not in {c.key for c in found}]
    if missing or len(found) != len(CATEGORY_KEYS):
        expected = listed(CATEGORY_KEYS)
        raise top.wrong("categories", told("policy.want.categories", expected=expected))
    return found


def _category(table: TomlTable) -> Category:
    prefixes = table.texts("code_prefixes", optional=True)
    if any(not p.isdigit() for p in prefixes):
        raise table.wrong("code_prefixes", told("policy.want.prefixes"))
    found = Category(
        key=table.choice("key", CATEGORY_KEYS),
        label=table.text("label"),
        ledger_words=table.texts("ledger_words", optional=True),
        short_names=table.texts("short_names", optional=True),
        item_words=table.texts("item_words", optional=True),
        code_prefixes=prefixes,
        share_readings=table.choices("share_readings", SHARE_READINGS),
    )
    table.finish()
    return found


def _required(table: TomlTable, clauses: Mapping[str, Clause]) -> RequiredDocument:
    clause = table.text("clause")
    if clause not in clauses:
        raise table.wrong("clause", told("policy.want.clause"))
    found = RequiredDocument(
        item=table.text("item"),
        clause=clause,
        kinds=table.choices("kinds", KINDS),
        needs_applicant_seal=table.flag("needs_applicant_seal"),
        words=table.texts("words", optional=True),
    )
    if not (found.kinds or found.words):
        raise table.wrong("kinds", told("policy.want.kinds"))
    table.finish()
    return found


def _rules(table: TomlTable) -> Mapping[str, RuleSetting]:
    found = {}
    for code in table.names():
        entry = table.table(code)
        setting = RuleSetting(
            severity=entry.choice("severity", SEVERITIES, default=""),
            off_because=entry.text("off_because", default=""),
        )
        if setting == RuleSetting():
            raise entry.wrong("", told("policy.want.rule"))
        entry.finish()
        found[code] = setting
    return found


def _practice(table: TomlTable) -> Practice:
    usual = DEFAULT_PRACTICE

    def treatment(key: str, default: str) -> str:
        return table.choice(key, TREATMENTS, default=default)

    def words(key: str) -> tuple[str, ...]:
        return table.texts(key, optional=True)

    found = Practice(
        region_code=table.text("region_code", default=usual.region_code),
        region_words=words("region_words") or usual.region_words,
        invoice_after_period=treatment("invoice_after_period", usual.invoice_after_period),
        second_hand=treatment("second_hand", usual.second_hand),
        office_equipment=treatment("office_equipment", usual.office_equipment),
        purchase_limits=table.amounts("purchase_limits"),
        security_words=words("security_words"),
        second_hand_words=words("second_hand_words"),
        office_words=words("office_words"),
        hardware_words=words("hardware_words"),
    )
    if not (len(found.region_code) == 2 and found.region_code.isdigit()):  # noqa: PLR2004
        raise table.wrong("region_code", told("policy.want.region"))
    table.finish()
    return found

"""Which investment category a line of an invoice, and so a ledger row, belongs to.

What the invoice sells decides; the ledger's own column is what the company declares, and a
disagreement stays visible in the reason. Words come from the policy (DOMAIN A12).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from audit.model import (
    Document,
    DocumentKind,
    InvoiceItem,
    LedgerRow,
    Link,
    Message,
    RowRole,
    say,
)
from audit.policy.schema import Category, Policy
from audit.text.normal import compact

UNKNOWN = "unknown"
INELIGIBLE = "ineligible"
#: The cell that a person's decision fills with a category key; it overrules every word.
BY_PERSON = "judged_category"
#: Defaults of goods: only the thing itself, at the head of the name, makes them something else.
GOODS = frozenset({"equipment", "software", "network"})
ITEM_KINDS = frozenset({DocumentKind.VAT_INVOICE, DocumentKind.INVOICE_LIST})
_STARRED = re.compile(r"\*?([^*]{1,30})\*(.*)", re.DOTALL)
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_TAIL = re.compile(r"[\sA-Za-z0-9.\-_/+×xX#]*(?:版|型|式|套|费)?[\sA-Za-z0-9.\-_/+#]*$")


@dataclass(frozen=True, slots=True)
class Judged:
    """A category key of the policy (``unknown`` if undecided) and why."""

    category: str
    reason: Message


@dataclass(frozen=True)
class Vocabulary:
    """The policy's words, made ready for looking up; build once for many items."""

    categories: tuple[Category, ...]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Category key to its label."""
        return {c.key: c.label for c in self.categories}

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        """``*…*`` name to category key."""
        return {compact(w): c.key for c in self.categories for w in c.short_names}

    @cached_property
    def item_words(self) -> tuple[tuple[str, str], ...]:
        """(word, category key) for the words after the second ``*``."""
        return tuple((compact(w).lower(), c.key) for c in self.categories for w in c.item_words)

    @cached_property
    def ledger_words(self) -> tuple[tuple[str, str], ...]:
        """(word, category key) as companies write the category or the use."""
        return tuple((compact(w).lower(), c.key) for c in self.categories for w in c.ledger_words)

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Prefix of the tax classification code to category key."""
        return {p: c.key for c in self.categories for p in c.code_prefixes}

    @cached_property
    def judged_names(self) -> dict[tuple[str, str], Judged]:
        """What was judged before, by name and code: invoices repeat themselves."""
        return {}


def item_category(name: str, code: str, words: Vocabulary) -> Judged:
    """Return the category of an invoice line by its printed name and its 19-digit code.

    The code's longest known prefix, else the ``*short name*``, gives the default; a word after
    the second ``*`` overrides it. A default of ``ineligible`` stays.
    """
    known = words.judged_names.get((name, code))
    if known is None:
        known = words.judged_names[name, code] = _judge_item(compact(name), compact(code), words)
    return known


def _judge_item(name: str, code: str, words: Vocabulary) -> Judged:
    short, goods = _split_name(name)
    default = _by_code(code, words) or _by_short_name(short, words)
    if default is not None and default.category == INELIGIBLE:
        return default
    head = _BRACKETS.sub("", goods)
    must_end = default is not None and default.category in GOODS
    hit = _word_at_end(head, words.item_words, must_end=must_end)
    if hit is None and default is None:
        hit = _word_at_end(goods, words.item_words) or _word_at_end(head, words.ledger_words)
    if hit is None:
        return default or Judged(UNKNOWN, say("match.category.no_word", item=name or "—"))
    word, key = hit
    return Judged(key, say("match.category.word", item=name, word=word, label=_label(key, words)))


def _split_name(name: str) -> tuple[str, str]:
    """Return (short name, goods): ``*软件*MES系统`` gives ``软件`` and ``MES系统``."""
    match = _STARRED.match(name)
    return (match.group(1), match.group(2)) if match else ("", name)


def _by_code(code: str, words: Vocabulary) -> Judged | None:
    prefix = max((p for p in words.codes if p and code.startswith(p)), key=len, default="")
    if not prefix:
        return None
    key = words.codes[prefix]
    return Judged(key, say("match.category.code", code=code, label=_label(key, words)))


def _by_short_name(short: str, words: Vocabulary) -> Judged | None:
    if not short:
        return None
    inside = max((w for w in words.short_names if w and w in short), key=len, default="")
    found = short if short in words.short_names else inside
    if not found:
        return None
    key = words.short_names[found]
    return Judged(key, say("match.category.short_name", name=short, label=_label(key, words)))


def _word_at_end(
    text: str,
    words: Iterable[tuple[str, str]],
    *,
    must_end: bool = False,
) -> tuple[str, str] | None:
    """Return the (word, key) that ends last in ``text``, the longest of these.

    Chinese names end in what the thing is: 服务器管理软件 is software, 软件服务器 a server.
    ``must_end``: only a word at the very end counts, model numbers aside.
    """
    low = text.lower()
    last = len(_TAIL.sub("", low)) if must_end else 0
    best: tuple[int, int, str, str] | None = None
    for word, key in words:
        at = low.rfind(word) if word else -1
        if at < 0 or (must_end and at + len(word) < last):
            continue
        rank = (at + len(word), len(word), word, key)
        best = rank if best is None or rank[:2] > best[:2] else best
    return None if best is None else (best[2], best[3])


def declared_category(row: LedgerRow, words: Vocabulary) -> str:
    """Return what the company declares: by the category column, else purpose or name; or empty."""
    for column in ("category", "purpose", "name"):
        text = row.get(column).text
        hit = _longest(compact(text), words.ledger_words) if text else None
        if hit is not None:
            return hit
    return ""


def _longest(text: str, words: Iterable[tuple[str, str]]) -> str | None:
    low = text.lower()
    found = [(len(w), key) for w, key in words if w and w in low]
    return max(found, key=lambda f: f[0])[1] if found else None


def _label(key: str, words: Vocabulary) -> str:
    return words.labels.get(key) or key


def annotate_items(documents: Sequence[Document], policy: Policy) -> tuple[Document, ...]:
    """Return the documents with the category of every invoice line filled in."""
    words = Vocabulary(policy.categories)
    return tuple(
        replace(d, items=tuple(_annotated(i, words) for i in d.items))
        if d.kind in ITEM_KINDS and d.items
        else d
        for d in documents
    )


def _annotated(item: InvoiceItem, words: Vocabulary) -> InvoiceItem:
    return replace(item, category=_judged(item, words).category)


def _judged(item: InvoiceItem, words: Vocabulary) -> Judged:
    return item_category(item.name.text or "", item.code.text or "", words)


@dataclass(frozen=True, slots=True)
class RowCategories:
    """Category, reason and, where a row's invoices hold several categories, shares by row."""

    categories: Mapping[int, str]
    reasons: Mapping[int, Message]
    splits: Mapping[int, tuple[tuple[str, Decimal], ...]]


def row_categories(
    rows: Sequence[LedgerRow],
    links: Mapping[int, Link],
    documents: Mapping[str, Document],
    policy: Policy,
) -> RowCategories:
    """Return what each item row counts as, by its invoices' lines, else as declared."""
    words = Vocabulary(policy.categories)
    categories: dict[int, str] = {}
    reasons: dict[int, Message] = {}
    splits: dict[int, tuple[tuple[str, Decimal], ...]] = {}
    sharers: dict[str, int] = defaultdict(int)
    for link in links.values():
        for document_id in link.invoices:
            sharers[document_id] += 1
    for row in rows:
        if row.role is not RowRole.ITEM:
            continue
        said = row.get(BY_PERSON).text
        if said:
            categories[row.row] = said
            label = _label(said, words)
            reasons[row.row] = say("match.category.by_person", label=label)
            continue
        link = links.get(row.row) or Link(row.row)
        items = [i for d in link.invoices if d in documents for i in documents[d].items]
        shared = any(sharers[d] > 1 for d in link.invoices)
        weights = _weights(_own_items(row, items, shared=shared), words)
        judged = _of_row(row, weights, items, words)
        categories[row.row], reasons[row.row] = judged.category, judged.reason
        if len(weights) > 1:
            splits[row.row] = weights
    return RowCategories(categories, reasons, splits)


def _own_items(
    row: LedgerRow,
    items: Sequence[InvoiceItem],
    *,
    shared: bool,
) -> Sequence[InvoiceItem]:
    """Return the lines the row is about: all, unless rows share an invoice and name their line."""
    if not shared or len(items) < 2:  # noqa: PLR2004 - nothing to choose from one line
        return items
    names = [compact(t) for c in ("name", "purpose") if (t := row.get(c).text)]
    by_name = [i for i in items if _named(_split_name(compact(i.name.text or ""))[1], names)]
    if by_name:
        return by_name
    amounts = {row.get(c).amount for c in ("amount_with_tax", "amount_without_tax")} - {None}
    return [i for i in items if _amounts_of(i) & amounts] or items


def _named(goods: str, names: Sequence[str]) -> bool:
    return bool(goods) and any(goods in n or n in goods for n in names if n)


def _amounts_of(item: InvoiceItem) -> set[Decimal | None]:
    net, tax = item.amount.amount, item.tax.amount
    if net is None:
        return set()
    return {net} if tax is None else {net, net + tax}


def _weights(
    items: Sequence[InvoiceItem],
    words: Vocabulary,
) -> tuple[tuple[str, Decimal], ...]:
    """Return (category, share) by the lines' amounts; lines without amounts count alike."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    known = all(i.amount.amount is not None for i in items)
    for item in items:
        totals[_judged(item, words).category] += (item.amount.amount or Decimal()) if known else 1
    positive = {key: value for key, value in totals.items() if value > 0}
    if not positive:
        return tuple((key, Decimal(1) / len(totals)) for key in sorted(totals))
    whole = sum(positive.values(), Decimal())
    ordered = sorted(positive.items(), key=lambda p: (-p[1], p[0]))
    return tuple((key, value / whole) for key, value in ordered)


def _of_row(
    row: LedgerRow,
    weights: tuple[tuple[str, Decimal], ...],
    items: Sequence[InvoiceItem],
    words: Vocabulary,
) -> Judged:
    declared = declared_category(row, words)
    label = _label(declared, words) if declared else "—"
    if not weights or all(key == UNKNOWN for key, _ in weights):
        return _as_declared(row, declared, items, words)
    key = weights[0][0]
    if len(weights) > 1:
        parts = "、".join(f"{_label(k, words)} {share:.0%}" for k, share in weights)
        return Judged(key, say("match.category.mixed", parts=parts, declared=label))
    reason = next(j.reason for i in items if (j := _judged(i, words)).category == key)
    if declared and declared != key:
        names = "、".join(dict.fromkeys(i.name.text or "—" for i in items))
        return Judged(
            key,
            say(
                "match.category.differs", declared=label, judged=_label(key, words), item=names[:60]
            ),
        )
    return Judged(key, reason)


def _as_declared(
    row: LedgerRow,
    declared: str,
    items: Sequence[InvoiceItem],
    words: Vocabulary,
) -> Judged:
    """Return the declared category where the invoice says nothing; a policy's 待人工 stays so."""
    to_a_person = any(_is_human_case(i, words) for i in items)
    if not declared or to_a_person:
        item = items[0].name.text if items else row.get("name").text
        return Judged(UNKNOWN, say("match.category.unknown", item=item or "—"))
    return Judged(declared, say("match.category.declared_only", label=_label(declared, words)))


def _is_human_case(item: InvoiceItem, words: Vocabulary) -> bool:
    """Tell whether the policy itself lists the line's words as undecided, rather than not at all."""
    judged = _judged(item, words)
    return judged.category == UNKNOWN and judged.reason.key != "match.category.no_word"

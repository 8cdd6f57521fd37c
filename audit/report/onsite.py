"""What to look at in the factory: one item a ledger row, questions, originals to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from audit.model import (
    CaseReport,
    Document,
    Group,
    LedgerRow,
    Link,
    RowRole,
    Severity,
    Verdict,
)
from audit.report.parts import Words, place, shown, yuan

#: Words in a row's category, use or name that make it something to log in to, not to look at.
SOFTWARE_WORDS = ("软件", "系统", "平台", "许可", "云", "SaaS", "APP", "software", "cloud")
#: Words of a category that hold things only, and of one that holds both.
EQUIPMENT_WORDS, MIXED_WORDS = ("设备", "equipment"), ("网络", "network")
SERVICE_WORDS = ("服务", "咨询", "培训", "集成", "开发", "测评", "service")


@dataclass(frozen=True, slots=True)
class OnsiteItem:
    """One thing to see. ``kind``: equipment, software or service. ``key``: of the ledger row."""

    row: int
    key: str
    kind: str
    name: str
    model: str
    quantity: str
    supplier: str
    amount: str
    invoices: tuple[str, ...]
    originals: tuple[str, ...]
    look: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A group that what is seen on site can help to decide."""

    key: str
    id: str
    title: str
    request: str
    refuted_by: str
    closable: bool
    """No money hangs on it: what is seen on site may close it."""


def onsite_items(report: CaseReport, words: Words) -> tuple[OnsiteItem, ...]:
    """Return the ledger's item rows in order, each with what is open about it."""
    documents = {d.id: d for d in report.facts.documents}
    links = {link.row: link for link in report.links}
    open_about: dict[int, list[str]] = {}
    for finding in report.findings:
        if finding.verdict in {Verdict.FAIL, Verdict.UNDECIDED}:
            for row in finding.subjects.rows:
                open_about.setdefault(row, []).append(f"{finding.id} {words.say(finding.message)}")
    return tuple(
        _item(row, links.get(row.row) or Link(row.row), documents, open_about, words)
        for row in report.facts.rows
        if row.role is RowRole.ITEM
    )


def _item(
    row: LedgerRow,
    link: Link,
    documents: Mapping[str, Document],
    open_about: Mapping[int, list[str]],
    words: Words,
) -> OnsiteItem:
    invoices = tuple(documents[i] for i in link.invoices if i in documents)
    items = [item for d in invoices for item in d.items]
    names = [i.name.text.rsplit("*", 1)[-1] for i in items if i.name.text]
    models = [i.specification.text for i in items if i.specification.text]
    quantities = [i.quantity.amount for i in items if i.quantity.amount is not None]
    name = row.get("name").text or next(iter(names), "")
    kind = _kind(row.get("category").text or "", row.get("purpose").text or "", name)
    units = next((i.unit.text for i in items if i.unit.text), "")
    total = sum(quantities, Decimal(0))
    return OnsiteItem(
        row=row.row,
        key=row.key,
        kind=kind,
        name=name,
        model="、".join(dict.fromkeys(models)),
        quantity=f"{total.normalize():f}{units}" if quantities else "",
        supplier=row.get("supplier").text or next((d.get("seller_name").text or "" for d in invoices), ""),
        amount=yuan(row.get("amount_with_tax").amount or row.get("amount_without_tax").amount),
        invoices=tuple(shown(d.get("invoice_number").value) for d in invoices),
        originals=tuple(_originals(link, documents, words)),
        look=tuple(open_about.get(row.row, [])),
    )  # fmt: skip


def _kind(category: str, purpose: str, name: str) -> str:
    """Return what to look at: the stated category decides, where it says which of the three."""
    things = any(word in category for word in EQUIPMENT_WORDS)
    if things and not any(word in category for word in SOFTWARE_WORDS):
        return "equipment"
    # 网络建设费或服务费 holds switches as well as lines: only the name tells
    text = name if any(word in category for word in MIXED_WORDS) else f"{category} {purpose} {name}"
    if any(word in text for word in SOFTWARE_WORDS):
        return "software"
    return "service" if any(word in text for word in SERVICE_WORDS) else "equipment"


def _originals(link: Link, documents: Mapping[str, Document], words: Words) -> Iterable[str]:
    for ids in (link.invoices, tuple(p.document_id for p in link.payments), link.contracts):
        for document in (documents[i] for i in ids if i in documents):
            first = document.page_indexes[0] if document.page_indexes else 0
            yield f"{words.t(f'kind.{document.kind.value}')}：{place(words, document.file, first)}"


def closable(group: Group) -> bool:
    """Tell whether a signed tick may close the group: never one that holds or takes an amount."""
    return group.amount == 0 and not group.flips


def questions(report: CaseReport, words: Words) -> tuple[Question, ...]:
    """Return the groups still open, cues left out: what the visit should help to settle."""
    findings = {f.id: f for f in report.findings}
    return tuple(
        Question(
            key=g.key,
            id=g.id,
            title=words.say(g.title),
            request=words.say(g.request),
            refuted_by=words.say(findings[g.finding_ids[0]].refuted_by)
            if g.finding_ids and g.finding_ids[0] in findings
            else "",
            closable=closable(g),
        )
        for g in report.groups
        if g.severity is not Severity.D and (g.decision is None or g.decision.action == "note")
    )

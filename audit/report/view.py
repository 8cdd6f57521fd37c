"""What ``report.html`` shows, as plain frozen values: the template only lays them out."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.model import (
    Box,
    CaseReport,
    Document,
    DocumentKind,
    Evidence,
    Finding,
    Group,
    LedgerRow,
    Link,
    Reading,
    RowRole,
    Seal,
    Severity,
    Status,
    Verdict,
)
from audit.report.parts import Crop, Words, place, shown, yuan

#: Pictures in one report, together (bytes before base64): keeps the file below 15 MB.
PICTURE_BUDGET = 9_000_000
#: Crops shown with one finding.
CROPS_PER_FINDING = 3
FACE_LONGEST, STRIP_LONGEST, SEAL_LONGEST = 620, 760, 220
SEVERITY_ORDER = {s: i for i, s in enumerate(Severity)}
#: Fields of a chain's invoice that an auditor compares with the row.
FACE_FIELDS = (
    "invoice_number",
    "issue_date",
    "seller_name",
    "total_with_tax",
    "amount_without_tax",
)
KEY_FIELDS = (
    "invoice_number",
    "issue_date",
    "amount_without_tax",
    "tax_amount",
    "total_with_tax",
    "buyer_name",
    "seller_name",
    "buyer_taxpayer_id",
    "seller_taxpayer_id",
    "payer_name",
    "payee_name",
    "amount",
    "payment_date",
)


class Pictures:
    """Hands out crops as data URIs until the budget is used up; counts what it left out."""

    def __init__(self, crop: Crop, budget: int = PICTURE_BUDGET) -> None:
        """Cut with ``crop``."""
        self._crop = crop
        self._left = budget
        self._known: dict[tuple[str, int, Box | None, int], str] = {}
        self.omitted = 0

    def uri(self, file: str, page_index: int, box: Box | None, longest: int) -> str:
        """Return ``data:image/jpeg;base64,…``, or empty if there is no picture or no room."""
        key = (file, page_index, box, longest)
        if key in self._known:
            return self._known[key]
        data = self._crop(file, page_index, box, longest) if self._left > 0 else None
        if data is None:
            self.omitted += self._left <= 0
            return ""
        self._left -= len(data)
        uri = "data:image/jpeg;base64," + base64.b64encode(data).decode("ascii")
        self._known[key] = uri
        return uri


@dataclass(frozen=True, slots=True)
class Shot:
    """A crop with its caption."""

    uri: str
    caption: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, ready to print."""

    id: str
    rule: str
    title: str
    verdict: str
    severity: str
    clause: str
    message: str
    expected: str
    found: str
    refuted_by: str
    shots: tuple[Shot, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group with its findings."""

    group: Group
    title: str
    request: str
    amount: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper in a row's chain of evidence."""

    label: str
    caption: str
    amount: str
    status: str
    shot: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One ledger row with its chain."""

    row: LedgerRow
    cells: tuple[tuple[str, str, str], ...]
    """(column, text, status)."""
    verdict: str
    category: str
    invoices: tuple[PaperView, ...]
    payments: tuple[PaperView, ...]
    acceptance: tuple[PaperView, ...]
    reason: str
    findings: tuple[str, ...]
    alternatives: int


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal in the gallery."""

    seal: Seal
    shot: str
    caption: str
    kind: str
    owner: str
    freshness: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A key field that a person should look at."""

    document: str
    field: str
    value: str
    status: str
    reasons: str
    shot: str
    place: str


def finding_views(report: CaseReport, words: Words, pictures: Pictures) -> dict[str, FindingView]:
    """Return every finding by id."""
    titles = {card.code: card.title for card in report.rules}
    return {f.id: _finding(f, titles.get(f.rule, f.name), words, pictures) for f in report.findings}


def _finding(finding: Finding, title: str, words: Words, pictures: Pictures) -> FindingView:
    return FindingView(
        id=finding.id,
        rule=finding.rule,
        title=title,
        verdict=finding.verdict.value,
        severity=finding.severity.value,
        clause=finding.clause,
        message=words.say(finding.message),
        expected=finding.expected,
        found=finding.found,
        refuted_by=words.say(finding.refuted_by),
        shots=_shots(finding.evidence, words, pictures),
        places=tuple(dict.fromkeys(place(words, e.file, e.page_index) for e in finding.evidence)),
    )


def _shots(evidence: Sequence[Evidence], words: Words, pictures: Pictures) -> tuple[Shot, ...]:
    shots = []
    for spot in dict.fromkeys(evidence):
        if len(shots) == CROPS_PER_FINDING:
            break
        uri = pictures.uri(spot.file, spot.page_index, spot.box, STRIP_LONGEST)
        if uri:
            shots.append(Shot(uri, place(words, spot.file, spot.page_index)))
    return tuple(shots)


def group_views(
    report: CaseReport,
    words: Words,
    findings: dict[str, FindingView],
) -> tuple[tuple[GroupView, ...], tuple[GroupView, ...]]:
    """Return (groups to decide, cues): cues (D) are an appendix and never 不通过 in print."""
    views = [
        GroupView(
            group=g,
            title=words.say(g.title),
            request=words.say(g.request),
            amount=yuan(g.amount) if g.amount else "",
            findings=tuple(findings[i] for i in g.finding_ids if i in findings),
        )
        for g in report.groups
    ]
    main = tuple(v for v in views if v.group.severity is not Severity.D)
    return main, tuple(v for v in views if v.group.severity is Severity.D)


def row_views(
    report: CaseReport,
    words: Words,
    pictures: Pictures,
    columns: Sequence[str],
) -> tuple[RowView, ...]:
    """Return the ledger with each item row's chain of evidence."""
    documents = {d.id: d for d in report.facts.documents}
    links = {link.row: link for link in report.links}
    by_row: dict[int, list[Finding]] = {}
    for finding in report.findings:
        for row in finding.subjects.rows:
            by_row.setdefault(row, []).append(finding)
    return tuple(
        _row(
            row, links.get(row.row), by_row.get(row.row, []), documents, (words, pictures, columns)
        )
        for row in report.facts.rows
    )


def _row(
    row: LedgerRow,
    link: Link | None,
    findings: Sequence[Finding],
    documents: dict[str, Document],
    kit: tuple[Words, Pictures, Sequence[str]],
) -> RowView:
    words, pictures, columns = kit
    found = link or Link(row.row)

    def paper(document_id: str, amount: Decimal | None, why: str = "") -> PaperView:
        return _paper(documents[document_id], amount, why, words, pictures)

    return RowView(
        row=row,
        cells=tuple((c, shown(row.get(c).value), row.get(c).status.value) for c in columns),
        verdict=_row_verdict(row, findings),
        category=shown(row.get("category").value),
        invoices=tuple(
            paper(i, documents[i].get("total_with_tax").amount)
            for i in found.invoices
            if i in documents
        ),
        payments=tuple(
            paper(p.document_id, p.amount, words.say(p.reason))
            for p in found.payments
            if p.document_id in documents
        ),
        acceptance=tuple(paper(i, None) for i in found.acceptance if i in documents),
        reason=words.say(found.reason),
        findings=tuple(f.id for f in findings),
        alternatives=len(found.alternatives),
    )


def _row_verdict(row: LedgerRow, findings: Sequence[Finding]) -> str:
    real = [f for f in findings if f.severity is not Severity.D]
    if any(f.verdict is Verdict.FAIL for f in real):
        return "fail"
    if real:
        return "undecided"
    return "pass" if row.role is RowRole.ITEM else ""


def _paper(
    document: Document,
    amount: Decimal | None,
    why: str,
    words: Words,
    pictures: Pictures,
) -> PaperView:
    page = document.page_indexes[0] if document.page_indexes else 0
    number = document.get("invoice_number").text or document.get("receipt_number").text or ""
    caption = " · ".join(part for part in (number, place(words, document.file, page), why) if part)
    return PaperView(
        label=words.t(f"kind.{document.kind.value}"),
        caption=caption,
        amount="" if amount is None else yuan(amount),
        status=_worst(document),
        shot=pictures.uri(document.file, page, document.region, FACE_LONGEST),
    )


def _worst(document: Document) -> str:
    statuses = {document.get(name).status for name in KEY_FIELDS if name in document.fields}
    order = (Status.MISSING, Status.DOUBTFUL, Status.READ, Status.CORRECTED, Status.CONFIRMED)
    return next((s.value for s in order if s in statuses), Status.READ.value)


def seal_views(report: CaseReport, words: Words, pictures: Pictures) -> tuple[SealView, ...]:
    """Return the gallery of seals, printed 监制章 left out."""
    return tuple(
        SealView(
            seal=s,
            shot=pictures.uri(s.file, s.page_index, s.box, SEAL_LONGEST),
            caption=place(words, s.file, s.page_index),
            kind=words.t(f"seal_kind.{s.kind}"),
            owner=words.t(f"seal_owner.{s.owner}"),
            freshness=words.t(f"freshness.{s.freshness}"),
            reasons=tuple(words.say(r) for r in s.reasons),
        )
        for s in report.facts.seals
        if s.kind != "supervision"
    )


def doubts(report: CaseReport, words: Words, pictures: Pictures) -> tuple[DoubtView, ...]:
    """Return the key fields of judged papers that were not read for certain."""
    kinds = {DocumentKind.VAT_INVOICE, DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL}
    return tuple(
        _doubt(document, name, document.get(name), words, pictures)
        for document in report.facts.documents
        if document.kind in kinds
        for name in KEY_FIELDS
        if name in document.fields and document.get(name).status is Status.DOUBTFUL
    )


def _doubt(
    document: Document,
    name: str,
    reading: Reading,
    words: Words,
    pictures: Pictures,
) -> DoubtView:
    where = reading.where
    page = where.page_index if where is not None and where.page_index is not None else 0
    file = (where.file if where is not None else "") or document.file
    box = None if where is None else where.box
    return DoubtView(
        document=f"{document.id} {words.t(f'kind.{document.kind.value}')}",
        field=words.t(f"field.{name}"),
        value=shown(reading.value),
        status=reading.status.value,
        reasons="；".join(words.say(r) for r in reading.reasons),
        shot=pictures.uri(file, page, box, STRIP_LONGEST) if box is not None else "",
        place=place(words, file, page),
    )


def reading_counts(report: CaseReport) -> tuple[tuple[str, int], ...]:
    """Return how many key fields have which status, in order of trust."""
    counts = Counter(
        d.get(name).status
        for d in report.facts.documents
        for name in KEY_FIELDS
        if name in d.fields
    )
    return tuple((s.value, counts[s]) for s in Status if counts[s])


def used_columns(rows: Iterable[LedgerRow]) -> tuple[str, ...]:
    """Return the ledger's columns that any row fills, in the order people expect."""
    order = (
        "number", "category", "name", "purpose", "supplier", "contract_number", "invoice_kind",
        "invoice_code", "invoice_number", "issue_date", "amount_with_tax", "amount_without_tax",
        "tax_amount", "payment_number", "payment_date", "remarks",
    )  # fmt: skip
    filled = {name for row in rows for name, r in row.cells.items() if r.value is not None}
    return tuple(name for name in order if name in filled)

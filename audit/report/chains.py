"""The ledger as the report shows it: each row with its chain of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.model import (
    CaseReport,
    Document,
    DocumentKind,
    Finding,
    LedgerRow,
    Link,
    RowRole,
    Severity,
    Status,
    Value,
    Verdict,
)
from audit.report.parts import Words, place, shown, yuan
from audit.report.pictures import (
    FACE_LONGEST,
    FACE_LONGEST_MANY,
    MANY_ROWS,
    Picture,
    Pictures,
)
from audit.report.view import KEY_FIELDS, notes_on

#: What is shown of each kind of paper, and the ledger column it is held against.
PAPER_FIELDS: Mapping[DocumentKind, tuple[tuple[str, str], ...]] = {
    DocumentKind.VAT_INVOICE: (
        ("invoice_number", "invoice_number"), ("issue_date", "issue_date"),
        ("buyer_name", ""), ("seller_name", "supplier"), ("amount_without_tax", "amount_without_tax"),
        ("tax_amount", "tax_amount"), ("total_with_tax", "amount_with_tax"),
    ),
    DocumentKind.BANK_RECEIPT: (
        ("payer_name", ""), ("payee_name", "supplier"), ("amount", ""), ("payment_date", "payment_date"),
        ("purpose", ""),
    ),
    DocumentKind.ACCEPTANCE_BILL: (
        ("payer_name", ""), ("payee_name", "supplier"), ("amount", ""), ("payment_date", ""),
    ),
    DocumentKind.ACCEPTANCE_REPORT: (
        ("project_name", ""), ("contractor_name", ""), ("acceptance_date", ""), ("conclusion", ""),
    ),
    DocumentKind.CONTRACT: (
        ("contract_number", "contract_number"), ("party_b", "supplier"), ("contract_total", ""),
        ("contract_date", ""),
    ),
}  # fmt: skip
COLUMNS = (
    "number", "category", "name", "purpose", "supplier", "contract_number", "invoice_kind",
    "invoice_code", "invoice_number", "issue_date", "amount_with_tax", "amount_without_tax",
    "tax_amount", "payment_number", "payment_date", "remarks",
)  # fmt: skip

#: What the table shows; the other columns stand in the row's chain, all of them in the workpaper.
CORE = (
    "category", "name", "purpose", "supplier", "contract_number", "invoice_number", "issue_date",
    "amount_with_tax",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldView:
    """One reading of a paper. ``ledger`` is the row's value where it says something else."""

    name: str
    label: str
    value: str
    status: str
    ledger: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper in a row's chain of evidence."""

    id: str
    key: str
    label: str
    place: str
    amount: str
    why: str
    status: str
    fields: tuple[FieldView, ...]
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One ledger row with its chain. ``cells``: (column, text, status); ``others``: (title, text)."""

    row: LedgerRow
    cells: tuple[tuple[str, str, str], ...]
    others: tuple[tuple[str, str], ...]
    verdict: str
    papers: tuple[PaperView, ...]
    counts: tuple[int, int, int]
    paid: str
    reason: str
    findings: tuple[str, ...]
    alternatives: int
    on_site: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kit:
    """What every row needs."""

    report: CaseReport
    documents: Mapping[str, Document]
    words: Words
    pictures: Pictures
    columns: Sequence[str]
    longest: int


def row_views(
    report: CaseReport,
    words: Words,
    pictures: Pictures,
    columns: Sequence[str],
) -> tuple[RowView, ...]:
    """Return the ledger with each item row's chain of evidence."""
    many = len(report.facts.rows) >= MANY_ROWS
    documents = {d.id: d for d in report.facts.documents}
    longest = FACE_LONGEST_MANY if many else FACE_LONGEST
    kit = _Kit(report, documents, words, pictures, columns, longest)
    links = {link.row: link for link in report.links}
    by_row: dict[int, list[Finding]] = {}
    for finding in report.findings:
        for row in finding.subjects.rows:
            by_row.setdefault(row, []).append(finding)
    return tuple(
        _row(row, links.get(row.row) or Link(row.row), by_row.get(row.row, []), kit)
        for row in report.facts.rows
    )


def _row(row: LedgerRow, link: Link, findings: Sequence[Finding], kit: _Kit) -> RowView:
    words = kit.words
    parts: list[tuple[str, Decimal | None, str]] = [(i, None, "") for i in link.invoices]
    parts += [(p.document_id, p.amount, words.say(p.reason)) for p in link.payments]
    parts += [(i, None, "") for i in (*link.acceptance, *link.contracts)]
    return RowView(
        row=row,
        cells=tuple((c, shown(row.get(c).value), row.get(c).status.value) for c in kit.columns),
        others=tuple(
            (words.t(f"col.{c}"), shown(row.get(c).value))
            for c in COLUMNS
            if c not in kit.columns and c != "number" and row.get(c).value is not None
        ),
        verdict=_row_verdict(row, findings),
        papers=tuple(
            _paper(kit.documents[i], row, (amount, why), kit)
            for i, amount, why in parts
            if i in kit.documents
        ),
        counts=(len(link.invoices), len(link.payments), len(link.acceptance)),
        paid=yuan(sum((p.amount for p in link.payments), Decimal(0))) if link.payments else "",
        reason=words.say(link.reason),
        findings=tuple(f.id for f in findings),
        alternatives=len(link.alternatives),
        on_site=notes_on(kit.report.decisions, row.key, words, on_site=True),
    )


def _row_verdict(row: LedgerRow, findings: Sequence[Finding]) -> str:
    real = [f for f in findings if f.severity is not Severity.D]
    if any(f.verdict is Verdict.FAIL for f in real):
        return "fail"
    if real:
        return "undecided"
    return "pass" if row.role is RowRole.ITEM else ""


def _paper(
    document: Document, row: LedgerRow, share: tuple[Decimal | None, str], kit: _Kit
) -> PaperView:
    page = document.page_indexes[0] if document.page_indexes else 0
    amount, why = share
    return PaperView(
        id=document.id,
        key=document.key,
        label=kit.words.t(f"kind.{document.kind.value}"),
        place=place(kit.words, document.file, page),
        amount="" if amount is None else yuan(amount),
        why=why,
        status=_worst(document),
        fields=tuple(_fields(document, row, kit.words)),
        picture=kit.pictures.later(document.file, page, document.region, kit.longest),
    )


def _fields(document: Document, row: LedgerRow, words: Words) -> Iterable[FieldView]:
    for name, column in PAPER_FIELDS.get(document.kind, ()):
        reading = document.get(name)
        if reading.status is Status.MISSING and name not in document.fields:
            continue
        declared = row.get(column).value if column else None
        yield FieldView(
            name=name,
            label=words.t(f"field.{name}"),
            value=shown(reading.value),
            status=reading.status.value,
            ledger="" if _agree(declared, reading.value) else shown(declared),
        )


def _agree(declared: Value | None, read: Value | None) -> bool:
    """Tell whether nothing contradicts: one of them is silent, or both say the same."""
    if declared is None or read is None:
        return True
    if isinstance(declared, str):
        said = "".join(declared.split())
        return "".join(str(read).split()) in said  # a row may name several papers
    return declared == read


def _worst(document: Document) -> str:
    statuses = {document.get(name).status for name in KEY_FIELDS if name in document.fields}
    order = (Status.MISSING, Status.DOUBTFUL, Status.READ, Status.CORRECTED, Status.CONFIRMED)
    return next((s.value for s in order if s in statuses), Status.READ.value)


def used_columns(rows: Iterable[LedgerRow]) -> tuple[str, ...]:
    """Return the core columns that any row fills, with one amount: with tax where there is one."""
    filled = {name for row in rows for name, r in row.cells.items() if r.value is not None}
    columns = tuple(name for name in CORE if name in filled)
    lone = "amount_without_tax"
    return (*columns, lone) if "amount_with_tax" not in filled and lone in filled else columns

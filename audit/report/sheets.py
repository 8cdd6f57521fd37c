"""The working paper's sheets of papers: ledger, invoices, payments, acceptance, contracts, seals.

A sheet is plain data; ``workpaper.py`` writes it. Every row gets the index ``TZ-3-17``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from audit.model import CaseReport, Document, DocumentKind, LedgerRow, Link, Reading, Status
from audit.report.chains import COLUMNS
from audit.report.parts import Words, place

MONEY_WIDTH, TEXT_WIDTH, LONG_WIDTH = 15, 17, 38
#: Fields with these in their name become numbers; every other value is an identifier or a text.
MONEY_WORDS = ("amount", "total", "paid")


@dataclass(frozen=True, slots=True)
class Jump:
    """A link inside the working paper, or to the report beside it; never an address from data.

    ``sheet``: key of a sheet and ``line`` its row from 1; or ``anchor``: a place in report.html.
    """

    text: str
    sheet: str = ""
    line: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Weak:
    """A value that was not read for certain: shown on yellow."""

    value: str | Decimal | date


Cell = str | Decimal | date | int | Jump | Weak | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, width in characters, and the answers it offers, if any."""

    title: str
    width: int = TEXT_WIDTH
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet ready to be written. ``key`` names it in jumps, ``index`` is e.g. ``TZ-3``.

    ``places``: for each row the document whose face is shown as a thumbnail.
    """

    key: str
    name: str
    index: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[int, ...] = ()
    """Columns (from 0) that get a subtotal under the table."""
    places: tuple[Document, ...] = ()


def cell(name: str, reading: Reading) -> Cell:
    """Return money and dates typed and everything else as text; doubtful ones marked."""
    value = reading.value
    if value is None:
        return ""
    if isinstance(value, Decimal) and not any(word in name for word in MONEY_WORDS):
        value = format(value.normalize(), "f")
    return Weak(value) if reading.status is Status.DOUBTFUL else value


def widths(names: Sequence[str], words: Words, prefix: str) -> tuple[Column, ...]:
    """Return columns for field or ledger names with widths that fit their content."""
    return tuple(
        Column(
            words.t(f"{prefix}.{n}"),
            MONEY_WIDTH
            if "amount" in n or "total" in n
            else 23
            if n == "invoice_number"
            else 12
            if n.endswith("_date")
            else TEXT_WIDTH,
        )
        for n in names
    )


def ledger(report: CaseReport, words: Words) -> Sheet:
    """Return the ledger with each row's papers, what was paid and what was found."""
    used = {n for r in report.facts.rows for n, x in r.cells.items() if x.value is not None}
    columns = tuple(c for c in COLUMNS if c in used and c != "number")
    links = {link.row: link for link in report.links}
    jumps = _jumps(report)
    by_row: dict[int, list[str]] = {}
    for finding in report.findings:
        for number in finding.subjects.rows:
            by_row.setdefault(number, []).append(finding.id)
    rows = tuple(
        _ledger_row(row, links.get(row.row) or Link(row.row), columns, (jumps, by_row), words)
        for row in report.facts.rows
    )
    heads = (
        Column(words.t("col.row"), 6), Column(words.t("col.role"), 8),
        *widths(columns, words, "col"),
        Column(words.t("col.invoices"), 10), Column(words.t("col.paid"), MONEY_WIDTH),
        Column(words.t("col.payments"), 12), Column(words.t("col.acceptance"), 10),
        Column(words.t("col.reason"), 30), Column(words.t("col.findings"), 12),
        Column(words.t("col.chain"), 10), Column(words.t("col.auditor_amount"), MONEY_WIDTH),
        Column(words.t("col.auditor_note"), 22), Column(words.t("col.place"), LONG_WIDTH),
    )  # fmt: skip
    return Sheet("ledger", words.t("sheet.ledger"), "TZ-2", heads, rows)


def _ledger_row(
    row: LedgerRow,
    link: Link,
    columns: Sequence[str],
    known: tuple[Mapping[str, Jump], Mapping[int, list[str]]],
    words: Words,
) -> tuple[Cell, ...]:
    jumps, by_row = known
    paid = sum((p.amount for p in link.payments), Decimal(0)) if link.payments else None
    return (
        row.row,
        words.t(f"role.{row.role.value}"),
        *(cell(c, row.get(c)) for c in columns),
        _papers(link.invoices, jumps),
        paid,
        _papers(tuple(p.document_id for p in link.payments), jumps),
        _papers(link.acceptance, jumps),
        words.say(link.reason),
        "、".join(by_row.get(row.row, [])),
        Jump(words.t("col.chain_link"), anchor=f"row-{row.row}"),
        None,
        "",
        f"{row.file} {row.table} {row.table_row or ''}".strip(),
    )


def _papers(ids: tuple[str, ...], jumps: Mapping[str, Jump]) -> Cell:
    """Return a jump where there is one paper, else their ids."""
    if len(ids) == 1 and ids[0] in jumps:
        return jumps[ids[0]]
    return "、".join(ids)


def _jumps(report: CaseReport) -> dict[str, Jump]:
    found: dict[str, Jump] = {}
    for key, kinds in SHEET_KINDS.items():
        for line, document in enumerate(report.facts.of_kind(*kinds), 1):
            found[document.id] = Jump(document.id, key, line)
    return found


SHEET_KINDS: Mapping[str, tuple[DocumentKind, ...]] = {
    "invoices": (DocumentKind.VAT_INVOICE,),
    "payments": (DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL),
    "acceptance": (DocumentKind.ACCEPTANCE_REPORT, DocumentKind.CONTRACT),
}
_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "invoices": (
        "TZ-3",
        (
            "invoice_code", "invoice_number", "issue_date", "amount_without_tax", "tax_amount",
            "total_with_tax", "buyer_name", "buyer_taxpayer_id", "seller_name",
            "seller_taxpayer_id", "check_code", "remarks",
        ),
    ),
    "payments": (
        "TZ-4",
        (
            "bank_name", "payer_name", "payer_account", "payee_name", "payee_account", "amount",
            "payment_date", "purpose", "receipt_number", "serial_number",
        ),
    ),
    "acceptance": (
        "TZ-5",
        (
            "project_name", "contract_number", "owner_name", "contractor_name", "acceptance_date",
            "conclusion", "party_b", "contract_total", "contract_date",
        ),
    ),
}  # fmt: skip


def papers(key: str, report: CaseReport, words: Words) -> Sheet:
    """Return the sheet of invoices, payments, or acceptance and contracts."""
    index, names = _FIELDS[key]
    documents = report.facts.of_kind(*SHEET_KINDS[key])
    used = [n for n in names if any(n in d.fields for d in documents)] or list(names)
    heads = (
        Column(words.t("col.id"), 7),
        Column(words.t("col.kinds"), 14),
        *widths(used, words, "field"),
        Column(words.t("col.status"), 24),
        Column(words.t("col.place"), LONG_WIDTH),
        Column(words.t("col.crop"), 18),
    )
    rows = tuple(
        (
            d.id,
            words.t(f"subkind.{d.subkind}") if d.subkind else words.t(f"kind.{d.kind.value}"),
            *(cell(n, d.get(n)) for n in used),
            _weak_fields(d, used, words),
            place(words, d.file, d.page_indexes[0] if d.page_indexes else 0),
            "",
        )
        for d in documents
    )
    money = tuple(i + 2 for i, n in enumerate(used) if "amount" in n or n == "total_with_tax")
    return Sheet(key, words.t(f"sheet.{key}"), index, heads, rows, money, documents)


def _weak_fields(document: Document, names: Sequence[str], words: Words) -> str:
    """Name the fields that are not certain; says so where all are read."""
    weak = [
        n
        for n in names
        if n in document.fields and document.get(n).status in {Status.DOUBTFUL, Status.MISSING}
    ]
    if not weak:
        return words.t("status.all_read")
    return "；".join(
        f"{words.t(f'field.{n}')}{words.t(f'status.{document.get(n).status.value}')}" for n in weak
    )


def seals(report: CaseReport, words: Words) -> Sheet:
    """Return the list of seals with owner and grade of freshness."""
    heads = tuple(
        Column(words.t(f"col.{c}"), LONG_WIDTH if c in {"text", "place", "reason"} else TEXT_WIDTH)
        for c in ("id", "seal_kind", "owner", "freshness", "text", "reason", "place")
    )
    rows = tuple(
        (
            s.id,
            words.t(f"seal_kind.{s.kind}"),
            words.t(f"seal_owner.{s.owner}"),
            words.t(f"freshness.{s.freshness}"),
            s.text,
            "；".join(words.say(r) for r in s.reasons),
            place(words, s.file, s.page_index),
        )
        for s in report.facts.seals
    )
    return Sheet("seals", words.t("sheet.seals"), "TZ-6", heads, rows)

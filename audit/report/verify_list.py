"""查验清单: the invoices to key into the tax platform, most important first (DOMAIN A13)."""

from __future__ import annotations

from decimal import Decimal

from audit.model import CaseReport, Document, DocumentKind, Severity, Verdict
from audit.report.parts import Words, place

#: Which amount or code the platform asks for, per kind of invoice.
NEEDS_AMOUNT = frozenset({"vat_special_paper", "vat_e_special", "vehicle"})
NEEDS_TOTAL_PREFIX = "digital_"
CHECK_CODE_DIGITS = 6
COLUMNS = (
    "no", "invoice_kind", "invoice_code", "invoice_number", "issue_date", "amount_without_tax",
    "total_with_tax", "check_code_6", "key_in", "row", "file", "page", "verified_at",
    "verified_by", "verify_result", "screenshot",
)  # fmt: skip

#: What the platform may answer, as the person keys it in.
RESULTS = ("normal", "void", "red", "part_red", "full_red", "not_found", "differs")


def verify_rows(
    report: CaseReport, words: Words
) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Return (column titles, one row an invoice), sorted by money at stake, findings first.

    Identifiers, dates (YYYYMMDD) and amounts are text, as the platform wants them keyed.
    """
    rows_of: dict[str, list[int]] = {}
    for link in report.links:
        for invoice in link.invoices:
            rows_of.setdefault(invoice, []).append(link.row)
    troubled = {
        i
        for f in report.findings
        if f.severity is not Severity.D and f.verdict in {Verdict.FAIL, Verdict.UNDECIDED}
        for i in f.subjects.documents
    }
    invoices = sorted(
        report.facts.of_kind(DocumentKind.VAT_INVOICE),
        key=lambda d: (d.id not in troubled, -(d.get("total_with_tax").amount or Decimal(0)), d.id),
    )
    heads = tuple(words.t(f"verify.{c}") for c in COLUMNS)
    return heads, [_line(n, d, rows_of.get(d.id, []), words) for n, d in enumerate(invoices, 1)]


def _line(number: int, document: Document, rows: list[int], words: Words) -> tuple[str | int, ...]:
    day = document.get("issue_date").day
    page = document.page_indexes[0] if document.page_indexes else 0
    return (
        number,
        words.t(f"subkind.{document.subkind}") if document.subkind else "",
        document.get("invoice_code").text or "",
        document.get("invoice_number").text or "",
        f"{day:%Y%m%d}" if day else "",
        _amount(document, "amount_without_tax"),
        _amount(document, "total_with_tax"),
        (document.get("check_code").text or "")[-CHECK_CODE_DIGITS:],
        words.t(f"verify.needs.{_needed(document.subkind)}"),
        "、".join(str(r) for r in rows),
        document.file,
        place(words, "", page).strip(" ·"),
        "", "", "", "",
    )  # fmt: skip


def _needed(subkind: str) -> str:
    if subkind.startswith(NEEDS_TOTAL_PREFIX):
        return "total_with_tax"
    return "amount_without_tax" if subkind in NEEDS_AMOUNT else "check_code"


def _amount(document: Document, name: str) -> str:
    amount = document.get(name).amount
    return "" if amount is None else f"{amount:.2f}"

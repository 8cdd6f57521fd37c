"""Two rounds of one case: which paper and which row of the new is the counterpart of which old.

Rounds are compared by content: files and pages may be renamed, moved and scanned anew. Paper is
the same if its bytes are; else the counterpart is the paper with the same identity (invoice
number, voucher number, contract number).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from audit.model import CaseFacts, Document, DocumentKind, LedgerRow, Reading
from audit.text.names import normalise_company
from audit.text.normal import compact

#: What identifies a paper of a kind beside its bytes; the first set of fields that is all there.
IDENTITY: Mapping[DocumentKind, tuple[tuple[str, ...], ...]] = {
    DocumentKind.VAT_INVOICE: (("invoice_code", "invoice_number"), ("invoice_number",)),
    DocumentKind.BANK_RECEIPT: (
        ("receipt_number",),
        ("serial_number",),
        ("payee_name", "amount", "payment_date"),
    ),
    DocumentKind.ACCEPTANCE_BILL: (("serial_number",), ("payee_name", "amount", "payment_date")),
    DocumentKind.CONTRACT: (("contract_number",), ("party_b", "contract_total")),
    DocumentKind.ACCEPTANCE_REPORT: (("contract_number",), ("contractor_name",), ("project_name",)),
    DocumentKind.SECURITY_EVIDENCE: (("contract_number",), ("party_b",)),
}
#: Kinds of which a case has one: any two are counterparts.
SINGLE = frozenset(
    {
        DocumentKind.APPLICATION_FORM,
        DocumentKind.CONSTRUCTION_PLAN,
        DocumentKind.INVESTMENT_LEDGER,
        DocumentKind.PROJECT_FILING,
        DocumentKind.BUSINESS_LICENCE,
        DocumentKind.MATURITY_ASSESSMENT,
        DocumentKind.AUDIT_REPORT,
        DocumentKind.FINANCIAL_STATEMENT,
        DocumentKind.COMMITMENT,
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper of the old round and its counterpart; ``same``: to the byte."""

    old: Document
    new: Document
    same: bool


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Old to new: papers, rows; keys of papers, rows and seals; ids of papers, row numbers."""

    papers: tuple[Pair, ...]
    rows: tuple[tuple[LedgerRow, LedgerRow], ...]
    keys: Mapping[str, str]
    document_ids: Mapping[str, str]
    row_numbers: Mapping[int, int]


def counterparts(old: CaseFacts, new: CaseFacts) -> Counterparts:
    """Return what of the old round is what of the new; each at most once."""
    papers = _papers(old, new)
    rows = _rows(old.rows, new.rows)
    copies = _rows(old.sealed_rows, new.sealed_rows)
    seals = {s.key for s in new.seals}
    keys = {p.old.key: p.new.key for p in papers}
    keys |= {a.key: b.key for a, b in (*rows, *copies)}
    keys |= {s.key: s.key for s in old.seals if s.key in seals}
    return Counterparts(
        papers,
        rows,
        keys,
        {p.old.id: p.new.id for p in papers},
        {a.row: b.row for a, b in rows},
    )


def _papers(old: CaseFacts, new: CaseFacts) -> tuple[Pair, ...]:
    by_key = {d.key: d for d in new.documents}
    pairs = [Pair(d, by_key[d.key], same=True) for d in old.documents if d.key in by_key]
    taken_old = {p.old.key for p in pairs}
    taken_new = {p.new.key for p in pairs}
    for identity in _identities():
        free: dict[tuple[str, ...], list[Document]] = defaultdict(list)
        for document in new.documents:
            mark = identity(document)
            if mark and document.key not in taken_new:
                free[mark].append(document)
        for document in old.documents:
            mark = identity(document)
            if not mark or document.key in taken_old or not free[mark]:
                continue
            twin = free[mark].pop(0)
            pairs.append(Pair(document, twin, same=False))
            taken_old.add(document.key)
            taken_new.add(twin.key)
    return tuple(pairs)


_Identity = Callable[[Document], tuple[str, ...]]


def _identities() -> tuple[_Identity, ...]:
    """Return the ways to tell a paper, the surest first."""
    most = max(len(sets) for sets in IDENTITY.values())
    return (*(_by_fields(n) for n in range(most)), _by_kind)


def _by_fields(number: int) -> _Identity:
    def mark(document: Document) -> tuple[str, ...]:
        sets = IDENTITY.get(document.kind, ())
        if number >= len(sets):
            return ()
        values = [plain(document.get(name)) for name in sets[number]]
        return (document.kind.value, str(number), *values) if all(values) else ()

    return mark


def _by_kind(document: Document) -> tuple[str, ...]:
    return (document.kind.value,) if document.kind in SINGLE else ()


def plain(reading: Reading) -> str:
    """Return a usable value for comparing: names normalised, empty if there is none to rely on."""
    if not reading.usable:
        return ""
    value = reading.value
    return normalise_company(value) if isinstance(value, str) else str(value)


def _rows(
    old: Sequence[LedgerRow], new: Sequence[LedgerRow]
) -> tuple[tuple[LedgerRow, LedgerRow], ...]:
    """Pair ledger rows: equal in every cell, then by invoice number, then by place in the ledger."""
    pairs: list[tuple[LedgerRow, LedgerRow]] = []
    done_old: set[int] = set()
    done_new: set[int] = set()
    for mark in (_whole_row, _row_number, _row_place):
        free: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, row in enumerate(new):
            if index not in done_new and mark(row):
                free[mark(row)].append(index)
        for index, row in enumerate(old):
            waiting = free.get(mark(row)) if index not in done_old else None
            if waiting:
                twin = waiting.pop(0)
                pairs.append((row, new[twin]))
                done_old.add(index)
                done_new.add(twin)
    return tuple(sorted(pairs, key=lambda p: p[0].row))


def _whole_row(row: LedgerRow) -> tuple[str, ...]:
    cells = sorted(
        (name, shown(cell)) for name, cell in row.cells.items() if cell.value is not None
    )
    return (row.role.value, *(f"{n}={v}" for n, v in cells)) if cells else ()


def _row_number(row: LedgerRow) -> tuple[str, ...]:
    number = compact(row.get("invoice_number").text or "")
    return (row.role.value, number) if number else ()


def _row_place(row: LedgerRow) -> tuple[str, ...]:
    name = row.get("name").text or row.get("supplier").text or ""
    return (row.role.value, str(row.row), compact(name))


def shown(reading: Reading) -> str:
    """Return a reading's value as text, a dash for none."""
    return "—" if reading.value is None else str(reading.value)

"""What is owed and what was paid, as the papers say it: invoices netted, payments with a side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from audit.match.cents import to_cents
from audit.match.division import Due, Paid
from audit.model import CaseFacts, Document, DocumentKind, LedgerRow
from audit.text.names import company_similarity, normalise_company, same_company
from audit.text.normal import compact

#: So many characters of an unsure name may be misread.
MISREAD = 2
#: Subkinds of bank receipts that pay nobody for goods.
NO_PURCHASE = frozenset({"interest", "tax", "fee", "loan", "exchange", "salary"})
PAYMENT_KINDS = (DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL)
#: Digits of an invoice's number that a purpose must give.
NAMED_DIGITS = 8
SHORTEST_CONTRACT = 4
#: Payee and seller read this alike may be one company misread; it is said in the reason.
SIMILAR_NAME = 0.9
VOID_MARKS = frozenset({"作废"})


@dataclass(frozen=True, slots=True)
class Payment:
    """A receipt as matching sees it. ``cents`` negative for money that came back."""

    id: str
    cents: int
    payee: str
    payer: str
    incoming: bool
    own: bool
    """Paid by the applicant, as far as the paper says."""
    paid: Paid


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice (or a ledger row whose invoice is missing) with the rows it stands for."""

    due: Due
    seller: str
    document_id: str
    rows: tuple[int, ...]
    weights: tuple[int, ...]


def payment_of(document: Document, facts: CaseFacts) -> Payment | None:
    """Return a receipt or bill as matching sees it.

    ``None`` without a legible amount, and for bank business that pays no seller (interest, tax).
    """
    cents = to_cents(document.get("amount").amount)
    if not cents or document.subkind in NO_PURCHASE:
        return None
    payer, payee = document.get("payer_name"), document.get("payee_name")
    names = [n for n in (facts.applicant.name, *facts.applicant.former_names) if n]
    own = not payer.text or not names or any(same_company(payer.text, n) for n in names)
    to_us = bool(payee.text) and any(same_company(payee.text or "", n) for n in names)
    incoming = cents < 0 or (to_us and bool(payer.text) and not own)
    vouchers = (document.get("serial_number").text, document.get("receipt_number").text)
    paid = Paid(
        id=document.id,
        cents=abs(cents),
        day=document.get("payment_date").day,
        purpose=compact(document.get("purpose").text or ""),
        vouchers=frozenset(compact(v) for v in vouchers if v),
    )
    # A negative amount under the payer's own name is money that the payee gave back.
    sender = payee if cents < 0 and not to_us else payer
    return Payment(
        id=document.id,
        cents=-abs(cents) if incoming else cents,
        payee=normalise_company(payee.text or ""),
        payer=normalise_company((sender if incoming else payer).text or ""),
        incoming=incoming,
        own=own,
        paid=paid,
    )


def owed_of(
    facts: CaseFacts,
    invoices_of: Mapping[int, tuple[str, ...]],
    payees: set[str],
) -> list[Owed]:
    """Return everything that is to be paid: invoices netted, and rows whose invoice is missing."""
    rows = {r.row: r for r in facts.rows}
    rows_of: dict[str, list[LedgerRow]] = defaultdict(list)
    for row, ids in invoices_of.items():
        for document_id in ids:
            rows_of[document_id].append(rows[row])
    invoices = facts.of_kind(DocumentKind.VAT_INVOICE)
    dues = _netted(invoices)
    for unread in (d for d in invoices if to_cents(d.get("total_with_tax").amount) is None):
        stated = sum(to_cents(_stated(r)) or 0 for r in rows_of[unread.id])
        # The row's figure only helps to find the payment; the invoice's amount stays unread.
        dues |= {unread.id: stated} if stated > 0 else {}
    known = _sellers_by_id(invoices)
    owed = [
        _owed_invoice(d, dues[d.id], rows_of[d.id], (payees, known))
        for d in invoices
        if d.id in dues
    ]
    bare = [rows[r] for r, ids in invoices_of.items() if not ids]
    return owed + [o for r in bare if (o := _owed_row(r)) is not None]


def _netted(invoices: Sequence[Document]) -> dict[str, int]:
    """Return what is due on each invoice: 作废 ones nothing, red ones set off against their blue."""
    totals = {
        d.id: cents
        for d in invoices
        if (cents := to_cents(d.get("total_with_tax").amount)) is not None
        and not VOID_MARKS & set(d.marks)
    }
    blue = {d.id: d for d in invoices if totals.get(d.id, 0) > 0}
    dues = {i: totals[i] for i in blue}
    for red in invoices:
        cents = totals.get(red.id, 0)
        if cents >= 0:
            continue
        target = _blue_of(red, -cents, list(blue.values()), dues)
        if target is not None:
            dues[target] -= min(-cents, dues[target])
    return {i: c for i, c in dues.items() if c > 0}


def _blue_of(
    red: Document,
    cents: int,
    blues: Iterable[Document],
    dues: Mapping[str, int],
) -> str | None:
    """Return the invoice a red one reverses: named in its remarks, else the only one that fits."""
    remarks = compact(red.get("remarks").text or "")
    seller = normalise_company(red.get("seller_name").text or "")
    same = [b for b in blues if normalise_company(b.get("seller_name").text or "") == seller]
    numbers = ((b.id, b.get("invoice_number").text or "") for b in same)
    named = [i for i, number in numbers if len(number) >= NAMED_DIGITS and number in remarks]
    if named:
        return named[0]
    equal = [b.id for b in same if dues.get(b.id) == cents]
    return equal[0] if len(equal) == 1 else None


def _owed_invoice(
    document: Document,
    cents: int,
    rows: Sequence[LedgerRow],
    known: tuple[set[str], Mapping[str, str]],
) -> Owed:
    number = compact(document.get("invoice_number").text or "")
    names = {number} if len(number) >= NAMED_DIGITS else set()
    remarks = compact(document.get("remarks").text or "")
    contracts = {compact(document.get("contract_number").text or "")}
    contracts |= {compact(r.get("contract_number").text or "") for r in rows}
    vouchers = {compact(r.get("payment_number").text or "") for r in rows} - {""}
    due = Due(
        id=document.id,
        cents=cents,
        day=document.get("issue_date").day,
        names=frozenset(names),
        contracts=frozenset(c for c in contracts if len(c) >= SHORTEST_CONTRACT),
        vouchers=frozenset(vouchers),
    )
    seller = _real_seller(document, remarks, rows, known)
    weights = [to_cents(_stated(r)) or 0 for r in rows]
    return Owed(due, seller, document.id, tuple(r.row for r in rows), tuple(weights))


def _stated(row: LedgerRow) -> Decimal | None:
    with_tax = row.get("amount_with_tax").amount
    return row.get("amount_without_tax").amount if with_tax is None else with_tax


def _sellers_by_id(invoices: Sequence[Document]) -> dict[str, str]:
    """Return by taxpayer id the one seller name that invoices legibly bear with it."""
    names: dict[str, set[str]] = defaultdict(set)
    for invoice in invoices:
        name, taxpayer_id = invoice.get("seller_name"), invoice.get("seller_taxpayer_id")
        if name.usable and taxpayer_id.usable and name.text and taxpayer_id.text:
            names[taxpayer_id.text].add(normalise_company(name.text))
    return {taxpayer_id: next(iter(n)) for taxpayer_id, n in names.items() if len(n) == 1}


def _real_seller(
    document: Document,
    remarks: str,
    rows: Sequence[LedgerRow],
    known: tuple[set[str], Mapping[str, str]],
) -> str:
    """Return who is to be paid, as far as that helps to find the payment.

    Of a 代开 invoice the company its remarks or its row name. An illegible name gives way to the
    one other invoices bear with the same taxpayer id, or to the supplier of its row where a
    payment went there and the two differ in a character.
    """
    payees, by_id = known
    seller = document.get("seller_name")
    printed = seller.text or ""
    supplier = next((r.get("supplier").text for r in rows if r.get("supplier").text), None) or ""
    if "代开" not in document.marks and "税务局" not in printed:
        name, claimed = normalise_company(printed), normalise_company(supplier)
        if seller.usable or name in payees:
            return name
        taxpayer_id = document.get("seller_taxpayer_id")
        twin = by_id.get(taxpayer_id.text or "") if taxpayer_id.usable else None
        near = claimed in payees and Levenshtein.distance(name, claimed) <= MISREAD
        return twin or (claimed if near else name)
    plain = normalise_company(remarks)
    named = next((p for p in sorted(payees) if p and p in plain), "")
    return named or normalise_company(supplier or printed)


def _owed_row(row: LedgerRow) -> Owed | None:
    """Return a row without an invoice as something to be paid: its payment is no orphan."""
    supplier = normalise_company(row.get("supplier").text or "")
    cents = to_cents(_stated(row))
    if not supplier or not cents or cents < 0:
        return None
    contract = compact(row.get("contract_number").text or "")
    voucher = compact(row.get("payment_number").text or "")
    due = Due(
        id=f"row {row.row}",
        cents=cents,
        day=row.get("issue_date").day,
        contracts=frozenset({contract} if len(contract) >= SHORTEST_CONTRACT else ()),
        vouchers=frozenset({voucher} if voucher else ()),
    )
    return Owed(due, supplier, "", (row.row,), (cents,))


def payee_keys(payments: Sequence[Payment], owed: Sequence[Owed]) -> dict[str, str]:
    """Return by payment id the seller it was paid to; a misread name counts for the only like."""
    sellers = {o.seller for o in owed if o.seller}
    keys = {}
    for payment in payments:
        if payment.payee in sellers:
            keys[payment.id] = payment.payee
        elif payment.payee:
            like = [s for s in sellers if company_similarity(s, payment.payee) >= SIMILAR_NAME]
            if len(like) == 1:
                keys[payment.id] = like[0]
    return keys

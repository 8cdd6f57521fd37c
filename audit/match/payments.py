"""Payments of the case divided among its invoices, seller by seller, and back onto ledger rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from audit.match.allocation import Due, Option, Paid, Part, allocate
from audit.match.cents import divide, shown, to_cents, to_yuan
from audit.model import (
    Alternative,
    CaseFacts,
    Document,
    DocumentKind,
    LedgerRow,
    Message,
    PaymentShare,
    say,
)
from audit.text.names import company_similarity, normalise_company, same_company
from audit.text.normal import compact

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


@dataclass(frozen=True, slots=True)
class Payments:
    """By row: shares and other divisions that fit; and what of each payment no row takes."""

    shares: Mapping[int, tuple[PaymentShare, ...]]
    alternatives: Mapping[int, tuple[Alternative, ...]]
    idle: tuple[PaymentShare, ...]


@dataclass
class _Ledger:
    """Who got what while sellers are settled one after another."""

    shares: dict[int, list[PaymentShare]] = field(default_factory=lambda: defaultdict(list))
    alternatives: dict[int, list[Alternative]] = field(default_factory=lambda: defaultdict(list))
    left: dict[str, int] = field(default_factory=dict)
    unpaid: dict[str, int] = field(default_factory=dict)
    idle_reasons: dict[str, Message] = field(default_factory=dict)
    unlisted: list[PaymentShare] = field(default_factory=list)


def allocate_payments(
    facts: CaseFacts,
    invoices_of: Mapping[int, tuple[str, ...]],
) -> Payments:
    """Return how the case's payments stand behind its ledger rows, each cent once.

    ``invoices_of``: row number to the ids of its invoices. Payments by or to somebody else are
    linked only by a number or an exact amount, and their reason says so; money that came back
    counts negative.
    """
    payments = [p for d in facts.of_kind(*PAYMENT_KINDS) if (p := _payment(d, facts)) is not None]
    owed = _owed(facts, invoices_of, {p.payee for p in payments})
    ledger = _Ledger()
    ledger.left = {p.id: p.cents for p in payments}
    ledger.unpaid = {o.due.id: o.due.cents for o in owed}
    outgoing = [p for p in payments if not p.incoming]
    payees = _payee_keys(outgoing, owed)
    by_seller: dict[str, list[Owed]] = defaultdict(list)
    for one in owed:
        by_seller[one.seller].append(one)
    for seller in sorted(by_seller):
        mine = [p for p in outgoing if payees.get(p.id) == seller and p.own]
        _settle(ledger, by_seller[seller], mine, _misread(mine, seller))
    for seller in sorted(by_seller):
        strangers = [p for p in outgoing if payees.get(p.id) == seller and not p.own]
        _settle(ledger, by_seller[seller], strangers, "match.pay.other_payer", strict=True)
    _to_others(ledger, owed, [p for p in outgoing if p.id not in payees])
    for refund in (p for p in payments if p.incoming):
        _refund(ledger, refund, by_seller.get(refund.payer, []))
    return Payments(
        {row: _joined(parts) for row, parts in ledger.shares.items()},
        {row: tuple(dict.fromkeys(a)) for row, a in ledger.alternatives.items()},
        _idle(ledger, payments, payees),
    )


def _misread(payments: Sequence[Payment], seller: str) -> str:
    return "" if all(p.payee == seller for p in payments) else "match.pay.similar_payee"


def _joined(shares: Sequence[PaymentShare]) -> tuple[PaymentShare, ...]:
    """Return one share per payment: what it gives to several invoices of the row together."""
    joined: dict[str, PaymentShare] = {}
    for share in shares:
        known = joined.get(share.document_id)
        amount = share.amount + (known.amount if known else 0)
        joined[share.document_id] = replace(known or share, amount=amount)
    return tuple(joined.values())


# --- reading the papers -------------------------------------------------------------------------


def _payment(document: Document, facts: CaseFacts) -> Payment | None:
    cents = to_cents(document.get("amount").amount)
    if not cents:
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


def _owed(
    facts: CaseFacts,
    invoices_of: Mapping[int, tuple[str, ...]],
    payees: set[str],
) -> list[Owed]:
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
    owed = [_owed_invoice(d, dues[d.id], rows_of[d.id], payees) for d in invoices if d.id in dues]
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
    payees: set[str],
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
    seller = _real_seller(document, remarks, rows, payees)
    weights = [to_cents(_stated(r)) or 0 for r in rows]
    return Owed(due, seller, document.id, tuple(r.row for r in rows), tuple(weights))


def _stated(row: LedgerRow) -> Decimal | None:
    with_tax = row.get("amount_with_tax").amount
    return row.get("amount_without_tax").amount if with_tax is None else with_tax


def _real_seller(
    document: Document,
    remarks: str,
    rows: Sequence[LedgerRow],
    payees: set[str],
) -> str:
    """Return who is to be paid: of a 代开 invoice the company its remarks or its row name."""
    printed = document.get("seller_name").text or ""
    if "代开" not in document.marks and "税务局" not in printed:
        return normalise_company(printed)
    plain = normalise_company(remarks)
    named = next((p for p in sorted(payees) if p and p in plain), "")
    supplier = next((r.get("supplier").text for r in rows if r.get("supplier").text), "")
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


def _payee_keys(payments: Sequence[Payment], owed: Sequence[Owed]) -> dict[str, str]:
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


# --- settling -----------------------------------------------------------------------------------


def _settle(
    ledger: _Ledger,
    owed: Sequence[Owed],
    payments: Sequence[Payment],
    caveat: str = "",
    *,
    strict: bool = False,
) -> None:
    """Divide these payments among what of ``owed`` is still unpaid, and write it down by row."""
    open_owed = [o for o in owed if ledger.unpaid[o.due.id] > 0]
    open_paid = [p for p in payments if ledger.left[p.id] > 0]
    if not open_owed or not open_paid:
        return
    dues = [replace(o.due, cents=ledger.unpaid[o.due.id]) for o in open_owed]
    paids = [replace(p.paid, cents=ledger.left[p.id]) for p in open_paid]
    result = allocate(dues, paids, strict=strict)
    for part in result.parts:
        reason = part.reason
        if caveat:
            payment = open_paid[part.paid]
            reason = say(caveat, payer=payment.payer or "—", payee=payment.payee or "—")
        _write(ledger, open_owed[part.due], open_paid[part.paid], part.cents, reason)
    for option in result.options:
        _note_option(ledger, open_owed, open_paid, option, result.parts)


def _write(ledger: _Ledger, owed: Owed, payment: Payment, cents: int, reason: Message) -> None:
    ledger.left[payment.id] -= cents
    ledger.unpaid[owed.due.id] -= cents
    if not owed.rows:
        why = say("match.idle.unlisted", amount=shown(cents))
        ledger.unlisted.append(PaymentShare(payment.id, to_yuan(cents), why))
        return
    for row, part in zip(owed.rows, divide(cents, owed.weights), strict=True):
        if part:
            ledger.shares[row].append(PaymentShare(payment.id, to_yuan(part), reason))


def _note_option(
    ledger: _Ledger,
    owed: Sequence[Owed],
    payments: Sequence[Payment],
    option: Option,
    parts: Sequence[Part],
) -> None:
    """Show another division on every row that it or the chosen one would touch."""
    touched = {i for i, _, _ in option.parts}
    used = {j for _, j, _ in option.parts}
    touched |= {p.due for p in parts if p.paid in used}
    invoices = tuple(owed[i].document_id for i, _, _ in option.parts if owed[i].document_id)
    shares = tuple(PaymentShare(payments[j].id, to_yuan(c)) for _, j, c in option.parts)
    alternative = Alternative(tuple(dict.fromkeys(invoices)), shares)
    for index in sorted(touched):
        for row in owed[index].rows:
            ledger.alternatives[row].append(alternative)


def _to_others(ledger: _Ledger, owed: Sequence[Owed], payments: Sequence[Payment]) -> None:
    """Link a payment to somebody who sold nothing: by a number, or as the only exact amount."""
    unpaid = [o for o in owed if ledger.unpaid[o.due.id] > 0]
    for payment in payments:
        named = [
            o
            for o in unpaid
            if o.due.vouchers & payment.paid.vouchers
            or any(n in payment.paid.purpose for n in o.due.names | o.due.contracts)
        ]
        equal = [o for o in unpaid if ledger.unpaid[o.due.id] == payment.cents]
        rivals = [p for p in payments if p.cents == payment.cents]
        fits = [o for o in named if o in equal] or named or (equal if len(rivals) == 1 else [])
        if len(fits) != 1 or ledger.unpaid[fits[0].due.id] <= 0:
            continue
        cents = min(ledger.left[payment.id], ledger.unpaid[fits[0].due.id])
        reason = say("match.pay.other_payee", payee=payment.payee or "—", seller=fits[0].seller)
        _write(ledger, fits[0], payment, cents, reason)


def _refund(ledger: _Ledger, refund: Payment, owed: Sequence[Owed]) -> None:
    """Take money that came back off the rows it was paid for, if it is clear for which."""
    cents = -refund.cents
    paid = {o.due.id: o.due.cents - ledger.unpaid[o.due.id] for o in owed}
    equal = [o for o in owed if paid[o.due.id] == cents and o.rows]
    enough = [o for o in owed if paid[o.due.id] >= cents and o.rows]
    fits = equal if len(equal) == 1 else enough
    if len(fits) != 1:
        ledger.idle_reasons[refund.id] = say(
            "match.idle.refund", payer=refund.payer or "—", amount=shown(cents)
        )
        return
    ledger.left[refund.id] = 0
    reason = say("match.pay.refund", payer=refund.payer or "—", amount=shown(cents))
    for row, part in zip(fits[0].rows, divide(-cents, fits[0].weights), strict=True):
        if part:
            ledger.shares[row].append(PaymentShare(refund.id, to_yuan(part), reason))
    ledger.unpaid[fits[0].due.id] += cents


def _idle(
    ledger: _Ledger,
    payments: Sequence[Payment],
    payees: Mapping[str, str],
) -> tuple[PaymentShare, ...]:
    idle = list(ledger.unlisted)
    for payment in payments:
        left = ledger.left[payment.id]
        if left == 0:
            continue
        idle.append(PaymentShare(payment.id, to_yuan(left), _why_idle(ledger, payment, payees)))
    order = {p.id: n for n, p in enumerate(payments)}
    return tuple(sorted(idle, key=lambda s: order[s.document_id]))


def _why_idle(ledger: _Ledger, payment: Payment, payees: Mapping[str, str]) -> Message:
    known = ledger.idle_reasons.get(payment.id)
    if known is not None:
        return known
    left = ledger.left[payment.id]
    if payment.id not in payees:
        return say("match.idle.unknown_payee", payee=payment.payee or "—")
    if not payment.own:
        return say("match.idle.other_payer", payer=payment.payer or "—")
    if left < payment.cents:
        return say("match.idle.rest", amount=shown(left), whole=shown(payment.cents))
    return say("match.idle.nothing_due", payee=payment.payee)

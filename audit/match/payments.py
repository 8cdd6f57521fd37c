"""Payments of the case divided among its invoices, seller by seller, and back onto ledger rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.match.allocation import allocate
from audit.match.cents import divide, shown, to_yuan
from audit.match.division import Option, Part
from audit.match.owed import PAYMENT_KINDS, Owed, Payment, owed_of, payee_keys, payment_of
from audit.model import (
    Alternative,
    CaseFacts,
    Message,
    PaymentShare,
    say,
)


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
    payments = [p for d in facts.of_kind(*PAYMENT_KINDS) if (p := payment_of(d, facts)) is not None]
    owed = owed_of(facts, invoices_of, {p.payee for p in payments})
    ledger = _Ledger()
    ledger.left = {p.id: p.cents for p in payments}
    ledger.unpaid = {o.due.id: o.due.cents for o in owed}
    outgoing = [p for p in payments if not p.incoming]
    payees = payee_keys(outgoing, owed)
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
            payment, seller = open_paid[part.paid], open_owed[part.due].seller
            reason = say(
                caveat, payer=payment.payer or "—", payee=payment.payee or "—", seller=seller
            )
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
    """Link payments to somebody who sold nothing: by a number, or as the only exact amount."""
    unpaid = [o for o in owed if ledger.unpaid[o.due.id] > 0]
    for payment in payments:
        named = [o for o in unpaid if _names(payment, o)]
        equal = [o for o in unpaid if ledger.unpaid[o.due.id] == payment.cents]
        rivals = [p for p in payments if p.cents == payment.cents]
        fits = [o for o in named if o in equal] or named or (equal if len(rivals) == 1 else [])
        if len(fits) != 1 or ledger.unpaid[fits[0].due.id] <= 0:
            continue
        cents = min(ledger.left[payment.id], ledger.unpaid[fits[0].due.id])
        reason = say("match.pay.other_payee", payee=payment.payee or "—", seller=fits[0].seller)
        _write(ledger, fits[0], payment, cents, reason)
    _several_to_others(ledger, unpaid, payments)


def _several_to_others(
    ledger: _Ledger, unpaid: Sequence[Owed], payments: Sequence[Payment]
) -> None:
    """Divide payments that name the contract of several invoices of one seller among these."""
    groups: dict[tuple[str, str], list[Payment]] = defaultdict(list)
    for payment in payments:
        sellers = {o.seller for o in unpaid if _names(payment, o)}
        if len(sellers) == 1:
            groups[payment.payee, sellers.pop()].append(payment)
    for (_, seller), group in sorted(groups.items()):
        named = [o for o in unpaid if o.seller == seller and any(_names(p, o) for p in group)]
        _settle(ledger, named, group, "match.pay.other_payee", strict=True)


def _names(payment: Payment, owed: Owed) -> bool:
    """Tell whether a payment gives a number of what is owed: its own, the invoice's, the contract's."""
    return bool(owed.due.vouchers & payment.paid.vouchers) or any(
        number in payment.paid.purpose for number in owed.due.names | owed.due.contracts
    )


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

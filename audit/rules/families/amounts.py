"""Money of row, invoice and payment: existence, coverage, excess (clauses 四(一)2 to 四(一)4)."""

from __future__ import annotations

from decimal import Decimal

from audit.match.amounts import SURE_LINK
from audit.model import (
    Document,
    LedgerRow,
    Link,
    Reading,
    Verdict,
    say,
)
from audit.rules.case import NOTHING, PAYMENTS, Case, total
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import firm, is_red, reversed_by, seller_of, shown, yuan

BASIS_FIELD = {"incl": "total_with_tax", "excl": "amount_without_tax"}
#: 元 by which sums of printed cents may be off through rounding.
CENT = Decimal("0.01")


@rule(
    "N17", "invoice_missing", "四(一)3", "B", assertion="existence", scope="row",
    cause="invoice_missing",
)  # fmt: skip
def invoice_missing(case: Case) -> Results:
    """Every ledger row has its invoice.

    What it finds: a row for which no invoice is in the folder, or only some of those it lists.
    Why it matters: the notice asks for original or copy of every invoice in the ledger.
    Evidence it uses: the row's number, amount, supplier and date against all invoices read.
    Undecided when: the row or an unclaimed invoice is not legible, a file could not be read, or
        the invoice found differs in the number.
    Example: row 7 names 24502000000012345678; no such invoice, none of that amount and seller.
    """
    for row in case.items:
        link = case.links[row.row]
        if not link.invoices:
            yield _without_invoice(case, row, link)
        elif link.reason is not None and link.reason.key == "match.row.some_numbers":
            yield _some_missing(case, row, link)
        elif link.confidence < SURE_LINK:
            yield Result(
                Verdict.UNDECIDED,
                say("rules.N17.unsure", row=row.row, number=shown(row.get("invoice_number"))),
                documents=link.invoices,
                rows=(row.row,),
                effects=case.effect(row.row, certain=False),
                cause="invoice_unsure",
                refuted_by=say("rules.refuted.original"),
            )
        else:
            yield PASSED


def _without_invoice(case: Case, row: LedgerRow, link: Link) -> Result:
    number = row.get("invoice_number")
    hidden = bool(link.alternatives) or _could_hide(case, number)
    verdict = Verdict.UNDECIDED if hidden else Verdict.FAIL
    key = "rules.N17.hidden" if hidden else "rules.N17.missing"
    return Result(
        verdict,
        say(key, row=row.row, number=shown(number)),
        rows=(row.row,),
        found=shown(number),
        evidence=case.at_row(row, "invoice_number", "amount_with_tax"),
        effects=case.effect(row.row, certain=not hidden),
        seller=(row.get("supplier").text or "").strip(),
        request=say("rules.ask.invoice", numbers=shown(number), rows=row.row),
        refuted_by=say("rules.refuted.invoice"),
    )


def _could_hide(case: Case, number: Reading) -> bool:
    """Tell whether the invoice may be there, only not legible."""
    unlisted = (case.documents[i] for i in case.matching.unlisted_invoices)
    vague = any(not d.get("invoice_number").usable for d in unlisted)
    return bool(case.unread) or vague or (number.value is not None and not number.usable)


def _some_missing(case: Case, row: LedgerRow, link: Link) -> Result:
    papers = [case.documents[i] for i in link.invoices]
    basis = case.matching.ledger_basis
    readings = [p.get(BASIS_FIELD[basis]) for p in papers]
    known = all(r.usable for r in readings)
    hidden = _could_hide(case, row.get("invoice_number")) or not known
    rest = max(case.amounts[row.row].basis(basis).amount - total(
        r.amount or NOTHING for r in readings), NOTHING)  # fmt: skip
    most = {"most_with_tax" if basis == "incl" else "most_without_tax": rest}
    params = dict(link.reason.params) if link.reason is not None else {}
    missing = params.get("missing", "—")
    return Result(
        Verdict.UNDECIDED if hidden else Verdict.FAIL,
        say("rules.N17.some", row=row.row, numbers=missing, amount=yuan(rest)),
        documents=link.invoices,
        rows=(row.row,),
        found=missing,
        evidence=case.at_row(row, "invoice_number"),
        effects=case.effect(row.row, certain=not hidden, **most),
        seller=(row.get("supplier").text or "").strip(),
        request=say("rules.ask.invoice", numbers=missing, rows=row.row),
        refuted_by=say("rules.refuted.invoice"),
    )


@rule(
    "I14", "paper_without_row", "四(一)2", "C", assertion="completeness", cause="invoice_unlisted"
)
def paper_without_row(case: Case) -> Results:
    """Invoices and payments that no ledger row claims.

    What it finds: an invoice, or what is left of a payment, that belongs to no row.
    Why it matters: the ledger must list every invoice; paper besides may belong to another project.
    Evidence it uses: all invoices and payments against the rows; red invoices with their blue ones.
    Undecided when: always; an unclaimed paper takes nothing from the sum and is only asked about.
    Example: invoice 24502000000012345679 is in the folder but in no row of the ledger.
    """
    unlisted = set(case.matching.unlisted_invoices)
    blue = reversed_by(case)
    quiet = {*blue, *(red.id for red in blue.values())}
    for invoice in case.invoices:
        if invoice.id not in unlisted or invoice.id in quiet or is_red(invoice):
            yield PASSED
            continue
        whole = invoice.get("total_with_tax")
        yield Result(
            Verdict.UNDECIDED,
            say(
                "rules.I14.invoice",
                number=shown(invoice.get("invoice_number")),
                amount=shown(whole) if whole.amount is None else yuan(whole.amount),
            ),
            documents=(invoice.id,),
            evidence=case.at(invoice, "invoice_number"),
            request=say("rules.ask.unlisted", numbers=shown(invoice.get("invoice_number"))),
        )
    for share in case.matching.idle_payments:
        if share.amount <= 0:
            continue
        paper = case.documents[share.document_id]
        yield Result(
            Verdict.UNDECIDED,
            say(
                "rules.I14.payment",
                payee=shown(paper.get("payee_name")),
                amount=yuan(share.amount),
            ),
            documents=(paper.id,),
            evidence=case.at(paper, "amount", "payee_name"),
            severity="D",
            cause="payment_idle",
            part="payment",
        )


@rule("N18", "payment_missing", "四(一)4", "B", assertion="existence", scope="row")
def payment_missing(case: Case) -> Results:
    """Every invoiced row has at least one payment.

    What it finds: a row whose invoices no payment voucher in the folder covers at all.
    Why it matters: the notice asks for payment vouchers; without one nothing shows the money spent.
    Evidence it uses: the allocation of payments to rows, with every receipt and bill read.
    Undecided when: a voucher's amount or payee or the invoice's seller is not legible, some file
        could not be read, or several allocations fit as well.
    Example: row 12, 86,000.00, paid by nothing in the folder.
    """
    vague = any(
        not (p.get("amount").usable and p.get("payee_name").usable) for p in case.of(*PAYMENTS)
    )
    void, covered = _void(case), _covered(case)
    for row in case.items:
        link = case.links[row.row]
        worthless = all(i in void for i in link.invoices)
        if worthless or row.row in covered or case.amounts[row.row].incl.amount <= 0:
            yield SKIPPED
            continue
        if link.payments:
            yield PASSED
            continue
        unsure = any(not case.documents[i].get("seller_name").usable for i in link.invoices)
        elsewhere = any(a.payments for a in link.alternatives)
        hidden = vague or unsure or bool(case.unread) or elsewhere
        sellers = dict.fromkeys(seller_of(case.documents[i]) for i in link.invoices)
        key = "rules.N18.hidden" if hidden else "rules.N18.missing"
        amount = yuan(case.amounts[row.row].incl.amount)
        yield Result(
            Verdict.UNDECIDED if hidden else Verdict.FAIL,
            say(key, row=row.row, amount=amount),
            documents=link.invoices,
            rows=(row.row,),
            expected=amount,
            found="0.00",
            effects=case.effect(row.row, certain=not hidden and link.confidence >= SURE_LINK),
            seller=next(iter(sellers), ""),
            request=say("rules.ask.payment", rows=row.row),
            refuted_by=say("rules.refuted.payment"),
        )


@rule("I12", "paid_less", "四(一)4", "B", assertion="accuracy", scope="row")
def paid_less(case: Case) -> Results:
    """What is claimed is paid, retention money aside.

    What it finds: rows of which part is unpaid beyond the retention share, or paid only after the
        application.
    Why it matters: an investment is what was spent; retention money may stay unpaid.
    Evidence it uses: allocated payments per row, their dates, the invoices' totals.
    Undecided when: a voucher is doubtful, several allocations fit, or a payer or payee differs.
    Example: claimed 113,000.00, paid 60,000.00: 53,000.00 beyond retention not covered.
    """
    void, covered = _void(case), _covered(case)
    for row in case.items:
        link = case.links[row.row]
        worthless = all(i in void for i in link.invoices)
        if not link.payments or worthless or row.row in covered:
            yield SKIPPED
            continue
        yield _shortage(case, row, link)


def _void(case: Case) -> frozenset[str]:
    """Return invoices that are worth nothing by themselves (I09): no payment is missed for them."""
    void = (d.id for d in case.invoices if "作废" in d.marks)
    return frozenset((*void, *reversed_by(case)))


def _covered(case: Case) -> frozenset[int]:
    """Return rows that together claim more than their one invoice (R01), which is itself paid."""
    covered: set[int] = set()
    for name, rows in case.rows_of.items():
        whole = case.documents[name].get("total_with_tax").amount
        claimed = total(case.amounts[r].incl.amount for r in rows)
        if len(rows) < 2 or whole is None or claimed <= whole:  # noqa: PLR2004 - shared
            continue
        paid = total(s.amount for r in rows for s in case.links[r].payments)
        if paid >= whole * (1 - case.limits.closing_balance_share):
            covered.update(rows)
    return frozenset(covered)


def _shortage(case: Case, row: LedgerRow, link: Link) -> Result:
    claim = max(case.amounts[row.row].incl.amount, NOTHING)
    late = [s for s in link.payments if _is_late(case, case.documents[s.document_id])]
    paid = total(s.amount for s in link.payments if s not in late)
    short = claim - paid
    allowed = claim * case.limits.closing_balance_share
    if short <= max(allowed, CENT) and not (late and short > allowed):
        return PASSED
    papers = [case.documents[s.document_id] for s in link.payments]
    sure = (
        not case.vague_payments
        and not case.unread
        and not any(a.payments for a in link.alternatives)
        and all(firm(p.get("amount")) for p in papers)
        and all(firm(case.documents[s.document_id].get("payment_date")) for s in late)
        and link.confidence >= SURE_LINK
    )
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            "rules.I12.late" if late else "rules.I12.short",
            row=row.row,
            claimed=yuan(claim),
            paid=yuan(paid),
            short=yuan(short),
        ),
        documents=(*link.invoices, *(p.id for p in papers)),
        rows=(row.row,),
        expected=yuan(claim),
        found=yuan(paid),
        evidence=tuple(e for p in papers for e in case.at(p, "amount", "payment_date")),
        effects=case.effect(row.row, certain=sure, most_with_tax=short),
        cause="paid_late" if late else "",
        seller=seller_of(case.documents[link.invoices[0]]),
        request=say("rules.ask.payment", rows=row.row),
        refuted_by=say("rules.refuted.payment"),
    )


def _is_late(case: Case, paper: Document) -> bool:
    day = paper.get("payment_date").day
    return day is not None and day > case.applied_by


RULES = (invoice_missing, paper_without_row, payment_missing, paid_less)

"""Claims above what was invoiced: rows, totals, two ledgers, one invoice claimed twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from audit.match.amounts import SURE_LINK, stated_reading
from audit.model import (
    Document,
    Effect,
    LedgerRow,
    Link,
    RowRole,
    Verdict,
    say,
)
from audit.rules.case import NOTHING, Case, total
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import firm, seller_of, shown, yuan

BASIS_FIELD = {"incl": "total_with_tax", "excl": "amount_without_tax"}
#: 元 by which sums of printed cents may be off through rounding.
CENT = Decimal("0.01")


@rule(
    "I13", "row_exceeds_invoice", "四(一)2", "B", assertion="accuracy", scope="row",
    cause="row_exceeds_invoice",
)  # fmt: skip
def row_exceeds_invoice(case: Case) -> Results:
    """A row claims no more than its invoices; the total row is the sum of the rows.

    What it finds: rows above their invoice's amount, a total that is not the sum, and the sealed
        ledger differing from the spreadsheet.
    Why it matters: only what is invoiced can be an investment; less is allowed (partial claiming).
    Evidence it uses: the ledger's amount in the basis that most rows state, and the invoices.
    Undecided when: row or invoice amount is doubtful, or the link is only a proposal.
    Example: row 3 states 120,000.00, its invoice 113,000.00: 7,000.00 too much.
    """
    for row in case.items:
        yield _excess(case, row, case.links[row.row])
    yield from _wrong_totals(case)
    yield from _two_ledgers(case)


def _excess(case: Case, row: LedgerRow, link: Link) -> Result:
    basis = case.matching.ledger_basis
    papers = [case.documents[i] for i in link.invoices]
    claim = stated_reading(row)
    amounts = [p.get(BASIS_FIELD[basis]) for p in papers]
    some_missing = link.reason is not None and link.reason.key == "match.row.some_numbers"
    if not papers or some_missing or len(case.rows_of.get(papers[0].id, ())) > 1:
        return SKIPPED
    if claim.amount is None or any(a.amount is None for a in amounts):
        return Result(
            Verdict.UNDECIDED,
            say("rules.I13.unread", row=row.row),
            documents=link.invoices,
            rows=(row.row,),
            effects=case.effect(row.row, certain=False),
            cause="reading_doubtful",
        )
    invoiced = total(a.amount or NOTHING for a in amounts)
    over = claim.amount - invoiced
    if over < CENT:
        return PASSED
    sure = firm(claim) and all(firm(a) for a in amounts) and link.confidence >= SURE_LINK
    most = {"most_with_tax" if basis == "incl" else "most_without_tax": over}
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            f"rules.I13.excess_{basis}",
            row=row.row,
            claimed=yuan(claim.amount),
            invoiced=yuan(invoiced),
            over=yuan(over),
        ),
        documents=link.invoices,
        rows=(row.row,),
        expected=yuan(invoiced),
        found=yuan(claim.amount),
        evidence=(
            *case.at_row(row, "amount_with_tax", "amount_without_tax"),
            *(e for p in papers for e in case.at(p, BASIS_FIELD[basis])),
        ),
        effects=case.effect(row.row, certain=sure, **most),
        seller=seller_of(papers[0]),
        request=say("rules.ask.row_amount", rows=row.row),
        refuted_by=say("rules.refuted.more_invoices"),
    )


def _wrong_totals(case: Case) -> Iterator[Result]:
    for stated in case.facts.rows:
        if stated.role is not RowRole.TOTAL:
            continue
        mine = [r for r in case.items if r.file == stated.file]
        near = [r for r in mine if r.table == stated.table]
        for column in ("amount_with_tax", "amount_without_tax"):
            printed = stated.get(column)
            parts = [r.get(column) for r in mine]
            if printed.amount is None or not parts or all(p.amount is None for p in parts):
                continue
            added = total(p.amount or NOTHING for p in parts)
            local = total(r.get(column).amount or NOTHING for r in near)
            if printed.amount in {added, local}:
                yield PASSED
                continue
            sure = firm(printed) and all(firm(p) for p in parts)
            yield Result(
                Verdict.FAIL if sure else Verdict.UNDECIDED,
                say("rules.I13.total", printed=yuan(printed.amount), added=yuan(added)),
                rows=(stated.row,),
                expected=yuan(added),
                found=yuan(printed.amount),
                evidence=case.at_row(stated, column),
                severity="C",
                cause="total_wrong",
                request=say("rules.ask.ledger_fix"),
                part=f"total {column}",
            )


def _two_ledgers(case: Case) -> Iterator[Result]:
    """Compare the governing rows with the other copy of the ledger, row by row."""
    others = [r for r in case.facts.sealed_rows if r.role is RowRole.ITEM]
    if not others:
        return
    if len(others) != len(case.items):
        yield Result(
            Verdict.UNDECIDED,
            say("rules.I13.ledger_rows", one=len(case.items), other=len(others)),
            files=tuple(dict.fromkeys((case.items[0].file, others[0].file))) if case.items else (),
            severity="C",
            cause="ledgers_differ",
            request=say("rules.ask.ledger_fix"),
            part="count",
        )
        return
    copies = {r.row: r for r in others}
    for row in case.items:
        other = copies.get(row.row)
        if other is not None:
            yield from _row_differs(case, row, other)


def _row_differs(case: Case, row: LedgerRow, other: LedgerRow) -> Iterator[Result]:
    """Compare like with like: the same column of both copies, where both are legible."""
    fields = ("amount_with_tax", "amount_without_tax", "invoice_number")
    both = [(n, row.get(n), other.get(n)) for n in fields]
    seen = [(n, one, two) for n, one, two in both if one.usable and two.usable]
    differing = [(n, one, two) for n, one, two in seen if one.value != two.value]
    if not differing:
        yield PASSED
    for name, one, two in differing[:1]:
        apart = abs((one.amount or NOTHING) - (two.amount or NOTHING))
        limit = "most_with_tax" if name == "amount_with_tax" else "most_without_tax"
        money = one.amount is not None
        key = "rules.I13.ledgers" if money else "rules.I13.ledger_numbers"
        yield Result(
            Verdict.UNDECIDED,
            say(key, row=row.row, one=shown(one), other=shown(two)),
            rows=(row.row,),
            found=shown(one),
            expected=shown(two),
            evidence=(*case.at_row(row, name), *case.at_row(other, name)),
            effects=case.effect(row.row, certain=False, **{limit: apart}) if money else (),
            severity="" if money else "C",
            cause="ledgers_differ",
            request=say("rules.ask.ledger_fix"),
            part="ledgers",
        )


@rule("R01", "duplicate_invoice", "四(一)", "B", assertion="existence", cause="duplicate_invoice")
def claimed_twice(case: Case) -> Results:
    """One invoice is not claimed twice.

    What it finds: rows that together claim more than the one invoice they share.
    Why it matters: the same money must not count twice; splitting one invoice over rows is fine.
    Evidence it uses: rows linked to one invoice (copies of an invoice are one), against its total.
    Undecided when: an amount is doubtful or a link only a proposal.
    Example: rows 4 and 19 each claim all of invoice 00123456.
    """
    basis = case.matching.ledger_basis
    for invoice in case.invoices:
        rows = case.rows_of.get(invoice.id, ())
        if len(rows) < 2:  # noqa: PLR2004 - shared by two
            yield PASSED
            continue
        yield _claimed(case, invoice, rows, basis)


def _claimed(case: Case, invoice: Document, rows: Sequence[int], basis: str) -> Result:
    whole = invoice.get(BASIS_FIELD[basis])
    claims = [stated_reading(case.rows[r]) for r in rows]
    several = any(len(case.links[r].invoices) > 1 for r in rows)
    added = total(c.amount or NOTHING for c in claims)
    if whole.amount is not None and added - whole.amount < CENT:
        return PASSED
    over = added - (whole.amount or NOTHING)
    sure = (
        not several
        and firm(whole)
        and all(firm(c) for c in claims)
        and all(case.links[r].confidence >= SURE_LINK for r in rows)
    )
    effects: list[Effect] = []
    left = over
    for number in reversed(rows):
        own = case.amounts[number].basis(basis).amount
        part = min(left, max(own, NOTHING))
        most = {"most_with_tax" if basis == "incl" else "most_without_tax": part}
        effects += case.effect(number, certain=sure, **most) if part > 0 else ()
        left -= part
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            "rules.R01.twice",
            rows="、".join(str(r) for r in rows),
            number=shown(invoice.get("invoice_number")),
            claimed=yuan(added),
            total=shown(whole),
        ),
        documents=(invoice.id,),
        rows=tuple(rows),
        expected=yuan(whole.amount) if whole.amount is not None else "",
        found=yuan(added),
        evidence=(
            *case.at(invoice, "invoice_number"),
            *(e for r in rows for e in case.at_row(case.rows[r], "invoice_number")),
        ),
        effects=tuple(effects),
        seller=seller_of(invoice),
        request=say("rules.ask.explain_rows", rows="、".join(str(r) for r in rows)),
        refuted_by=say("rules.refuted.other_invoice"),
    )


RULES = (row_exceeds_invoice, claimed_twice)

"""What each ledger row declares, with tax and without; shared by rules and conclusions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.match.cents import rounded, to_cents
from audit.model import (
    CaseFacts,
    Document,
    LedgerRow,
    Link,
    Matching,
    Message,
    Reading,
    RowRole,
    say,
)

#: Below this a link is a proposal: amounts are not derived through it.
SURE_LINK = 0.7


@dataclass(frozen=True, slots=True)
class Stated:
    """A row's declared amount in one tax basis, in 元.

    ``known``: stated or derived in this basis; otherwise ``amount`` is that of the other basis
    and only a placeholder. ``sure``: its reading may be relied on. ``reason``: how it was
    derived, or why it is not sure; ``None`` if it is simply printed.
    """

    amount: Decimal
    known: bool
    sure: bool
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class RowAmounts:
    """Both bases of one row; ``unread``: the ledger's own amount could not be read at all."""

    incl: Stated
    excl: Stated
    unread: bool = False

    def basis(self, name: str) -> Stated:
        """Return ``incl`` or ``excl``."""
        return self.incl if name == "incl" else self.excl


def stated_reading(row: LedgerRow) -> Reading:
    """Return the cell that states the row's amount: with tax where there is one."""
    with_tax, without_tax = row.get("amount_with_tax"), row.get("amount_without_tax")
    return without_tax if with_tax.amount is None and without_tax.amount is not None else with_tax


def ledger_basis(
    rows: Sequence[LedgerRow],
    invoices_of: Mapping[int, tuple[str, ...]],
    documents: Mapping[str, Document],
) -> str:
    """Return ``incl`` or ``excl``: which invoice amount the ledger's amount column states.

    By majority of the rows whose amount is one of their invoice's two; without any, by the
    column's own name.
    """
    votes: Counter[str] = Counter()
    for row in rows:
        papers = [documents[i] for i in invoices_of.get(row.row, ())]
        stated = stated_reading(row).amount
        total, net = _sum(papers, "total_with_tax"), _sum(papers, "amount_without_tax")
        if stated is not None and total != net:
            votes["incl"] += stated == total
            votes["excl"] += stated == net
    if votes["incl"] != votes["excl"]:
        return max(votes, key=lambda b: votes[b])
    columns = [c for r in rows for c in ("amount_with_tax", "amount_without_tax") if c in r.cells]
    only_without = "amount_without_tax" in columns and "amount_with_tax" not in columns
    return "excl" if only_without else "incl"


def _sum(papers: Iterable[Document], name: str) -> Decimal | None:
    amounts = [p.get(name).amount for p in papers]
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal()) if known and len(known) == len(amounts) else None


def declared_amounts(facts: CaseFacts, matching: Matching) -> Mapping[int, RowAmounts]:
    """Return by row number what each item row declares in both bases.

    A printed column counts as printed; the other basis follows from the row's own tax column,
    else from the linked invoices' amounts. What cannot be derived is marked, not guessed.
    """
    documents = {d.id: d for d in facts.documents}
    links = {link.row: link for link in matching.links}
    amounts = {
        row.row: _row(row, links.get(row.row) or Link(row.row), documents, matching.ledger_basis)
        for row in facts.rows
        if row.role is RowRole.ITEM
    }
    return _to_the_cent(amounts, links, documents)


def _row(
    row: LedgerRow,
    link: Link,
    documents: Mapping[str, Document],
    basis: str,
) -> RowAmounts:
    with_tax, without_tax = row.get("amount_with_tax"), row.get("amount_without_tax")
    if with_tax.amount is not None and without_tax.amount is not None:
        return RowAmounts(_printed(with_tax), _printed(without_tax))
    stated = stated_reading(row)
    if stated.amount is None:
        nothing = Stated(Decimal(), known=False, sure=False, reason=say("match.amount.unread"))
        return RowAmounts(nothing, nothing, unread=True)
    printed = _printed(stated)
    other = _by_tax_column(row, printed, basis) or _by_invoices(printed, link, documents, basis)
    if other is None:
        why = say("match.amount.underivable")
        other = Stated(printed.amount, known=False, sure=False, reason=why)
    return RowAmounts(printed, other) if basis == "incl" else RowAmounts(other, printed)


def _printed(found: Reading) -> Stated:
    doubt = None if found.usable else say("match.amount.doubtful", raw=found.raw)
    return Stated(found.amount or Decimal(), known=True, sure=found.usable, reason=doubt)


def _by_tax_column(row: LedgerRow, printed: Stated, basis: str) -> Stated | None:
    tax = row.get("tax_amount")
    if tax.amount is None or not tax.usable:
        return None
    amount = printed.amount - tax.amount if basis == "incl" else printed.amount + tax.amount
    return Stated(amount, known=True, sure=printed.sure, reason=say("match.amount.by_tax_column"))


def _by_invoices(
    printed: Stated,
    link: Link,
    documents: Mapping[str, Document],
    basis: str,
) -> Stated | None:
    papers = [documents[i] for i in link.invoices]
    if not papers or link.confidence < SURE_LINK:
        return None
    readings = [p.get(n) for p in papers for n in ("total_with_tax", "amount_without_tax")]
    if not all(r.usable for r in readings):
        return None
    total, net = _sum(papers, "total_with_tax"), _sum(papers, "amount_without_tax")
    if not total or not net:
        return None
    whole, part = (total, net) if basis == "incl" else (net, total)
    amount = part if printed.amount == whole else rounded(printed.amount * part / whole)
    return Stated(amount, known=True, sure=printed.sure, reason=say("match.amount.by_invoices"))


def _to_the_cent(
    amounts: dict[int, RowAmounts],
    links: Mapping[int, Link],
    documents: Mapping[str, Document],
) -> dict[int, RowAmounts]:
    """Let rows that together claim the whole of one invoice sum to it in both bases."""
    sharers: dict[str, list[int]] = defaultdict(list)
    for link in links.values():
        if len(link.invoices) == 1 and link.row in amounts:
            sharers[link.invoices[0]].append(link.row)
    for document_id, rows in sharers.items():
        last = amounts[rows[-1]]
        if len(rows) == 1 or not (last.incl.known and last.excl.known):
            continue
        paper = documents[document_id]
        gaps = {
            basis: paper.get(name).amount
            for basis, name in (("incl", "total_with_tax"), ("excl", "amount_without_tax"))
        }
        sums = {b: sum((amounts[r].basis(b).amount for r in rows), Decimal()) for b in gaps}
        apart = {b: gap - sums[b] for b, gap in gaps.items() if gap is not None}
        cents = {b: to_cents(a) for b, a in apart.items()}
        if 0 in cents.values() and len(cents) == len(gaps):
            amounts[rows[-1]] = _nudged(last, apart, len(rows))
    return amounts


def _nudged(row: RowAmounts, apart: Mapping[str, Decimal], rows: int) -> RowAmounts:
    """Return the row with rounding cents (never more than one a row) put right where derived."""
    most = Decimal(rows) / 100

    def moved(stated: Stated, by: Decimal) -> Stated:
        derived = stated.reason is not None and stated.reason.key == "match.amount.by_invoices"
        return replace(stated, amount=stated.amount + by) if derived and abs(by) <= most else stated

    return RowAmounts(moved(row.incl, apart["incl"]), moved(row.excl, apart["excl"]), row.unread)

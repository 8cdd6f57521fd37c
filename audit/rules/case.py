"""What rules look at: facts, matching and policy, with the look-ups they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from audit.match.amounts import SURE_LINK, RowAmounts, declared_amounts
from audit.match.cents import rounded
from audit.model import (
    Applicant,
    CaseFacts,
    CasePage,
    Document,
    DocumentKind,
    Effect,
    Evidence,
    FileStatus,
    LedgerRow,
    Link,
    Matching,
    Reading,
    RowRole,
    Seal,
)
from audit.policy.schema import Policy, Practice, Thresholds
from audit.text.names import same_company
from audit.text.normal import compact

NOTHING = Decimal(0)
#: Pages on which no paper is looked for.
PICTURES = frozenset({DocumentKind.BLANK, DocumentKind.DEVICE_PHOTO})
PAYMENTS = (DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL)


@dataclass(frozen=True)
class Case:
    """One case as rules see it. Build once; every look-up is made once."""

    facts: CaseFacts
    matching: Matching
    policy: Policy

    # --- who and under what ---

    @property
    def who(self) -> Applicant:
        """The applicant."""
        return self.facts.applicant

    @property
    def limits(self) -> Thresholds:
        """The policy's figures and dates."""
        return self.policy.thresholds

    @property
    def practice(self) -> Practice:
        """The policy's word where the notice is silent."""
        return self.policy.practice

    @property
    def applied_by(self) -> date:
        """The day of the application, else the last day on which one could apply."""
        return self.who.applied_on or self.limits.submission_deadline

    def is_applicant(self, name: str) -> bool:
        """Tell whether a name is the applicant's present or former one."""
        return any(same_company(name, n) for n in (self.who.name, *self.who.former_names) if n)

    # --- papers ---

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id."""
        return {d.id: d for d in self.facts.documents}

    @cached_property
    def by_kind(self) -> Mapping[DocumentKind, tuple[Document, ...]]:
        """Documents by kind, in order of the case."""
        found: dict[DocumentKind, list[Document]] = defaultdict(list)
        for document in self.facts.documents:
            found[document.kind].append(document)
        return {kind: tuple(papers) for kind, papers in found.items()}

    def of(self, *kinds: DocumentKind) -> tuple[Document, ...]:
        """Return the documents of these kinds."""
        return tuple(d for kind in kinds for d in self.by_kind.get(kind, ()))

    @property
    def invoices(self) -> tuple[Document, ...]:
        """All VAT invoices."""
        return self.of(DocumentKind.VAT_INVOICE)

    @cached_property
    def form(self) -> Document | None:
        """The application form with the most fields, if there is one."""
        forms = self.of(DocumentKind.APPLICATION_FORM)
        return max(forms, key=lambda d: sum(r.usable for r in d.fields.values()), default=None)

    @cached_property
    def pages(self) -> Mapping[tuple[str, int], CasePage]:
        """Pages by file and page index."""
        return {(p.file, p.page.page_index): p for p in self.facts.pages}

    def pages_of(self, document: Document) -> tuple[CasePage, ...]:
        """Return the document's own pages."""
        return tuple(self.pages[p] for p in document.own_places if p in self.pages)

    def text_of(self, document: Document) -> str:
        """Return everything printed on the document's pages, without blanks."""
        return compact("".join(line.text for p in self.pages_of(document) for line in p.lines))

    @cached_property
    def text(self) -> str:
        """Everything printed in the case, without blanks."""
        return compact("\n".join(line.text for p in self.facts.pages for line in p.lines))

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """Content hash by file."""
        return {f.file: f.sha256 for f in self.facts.files}

    @cached_property
    def vague_payments(self) -> bool:
        """Whether the amount of some payment is not legible: what is unpaid may be there."""
        return any(not p.get("amount").usable for p in self.of(*PAYMENTS))

    @cached_property
    def unread(self) -> int:
        """How many files and pages could not be read: what is missing may be there."""
        files = sum(f.status is FileStatus.REJECTED for f in self.facts.files)
        pages = sum(
            any(q.code.startswith("E") for q in p.problems)
            for p in self.facts.pages
            if p.kind not in PICTURES
        )
        return files + pages

    # --- ledger ---

    @cached_property
    def items(self) -> tuple[LedgerRow, ...]:
        """Item rows of the governing ledger."""
        return tuple(r for r in self.facts.rows if r.role is RowRole.ITEM)

    @cached_property
    def rows(self) -> Mapping[int, LedgerRow]:
        """Every row by its number."""
        return {r.row: r for r in self.facts.rows}

    @cached_property
    def links(self) -> Mapping[int, Link]:
        """Links by row, an empty one for a row that has none."""
        known = {link.row: link for link in self.matching.links}
        return {r.row: known.get(r.row) or Link(r.row) for r in self.items}

    @cached_property
    def rows_of(self) -> Mapping[str, tuple[int, ...]]:
        """Invoice id to the rows that claim it; ask with ``.get(id, ())``."""
        found: dict[str, list[int]] = defaultdict(list)
        for link in self.links.values():
            for invoice in link.invoices:
                found[invoice].append(link.row)
        return {invoice: tuple(rows) for invoice, rows in found.items()}

    @cached_property
    def amounts(self) -> Mapping[int, RowAmounts]:
        """What each item row declares, in both bases."""
        return declared_amounts(self.facts, self.matching)

    @cached_property
    def seals(self) -> Mapping[str, Seal]:
        """Seals by id."""
        return {s.id: s for s in self.facts.seals}

    def seals_on(self, document: Document) -> tuple[Seal, ...]:
        """Return the document's seals, printed supervision marks left out."""
        own = (self.seals[i] for i in document.seal_ids if i in self.seals)
        return tuple(s for s in own if s.kind != "supervision")

    # --- money ---

    def effect(
        self,
        row: int,
        *,
        certain: bool,
        most_with_tax: Decimal | None = None,
        most_without_tax: Decimal | None = None,
    ) -> tuple[Effect, ...]:
        """Return what a finding takes of a row: all of it, or at most the amounts given.

        An amount of the ledger that cannot be relied on is never deducted, only pending. With
        one limit given, the other basis follows in the row's own proportion.
        """
        own = self.amounts.get(row)
        if own is None:
            return ()
        whole, net = max(own.incl.amount, NOTHING), max(own.excl.amount, NOTHING)
        if most_with_tax is not None and most_without_tax is None:
            most_without_tax = rounded(most_with_tax * net / whole) if whole else most_with_tax
        if most_without_tax is not None and most_with_tax is None:
            most_with_tax = rounded(most_without_tax * whole / net) if net else most_without_tax
        if most_with_tax is not None and most_without_tax is not None:
            whole, net = min(whole, most_with_tax), min(net, most_without_tax)
        if own.unread or (whole <= 0 and net <= 0):
            return ()
        sure = all(s.sure and s.known for s in (own.incl, own.excl))
        # Without an invoice the other basis is unknown; a row lost whole is lost in both.
        stated = own.basis(self.matching.ledger_basis)
        lost = not self.links[row].invoices and (whole, net) >= (own.incl.amount, own.excl.amount)
        sure = sure or (lost and stated.sure and stated.known)
        return (Effect(row, whole, net, certain and sure),)

    def effects_of(self, document: Document, *, certain: bool) -> tuple[Effect, ...]:
        """Return what losing an invoice takes of the rows that claim it.

        A row with other invoices besides loses at most this one's amount. A link that is only a
        proposal, or an invoice whose amounts are doubtful, leaves it pending.
        """
        total, net = document.get("total_with_tax"), document.get("amount_without_tax")
        found: list[Effect] = []
        for row in self.rows_of.get(document.id, ()):
            link = self.links[row]
            firm = certain and link.confidence >= SURE_LINK
            if len(link.invoices) == 1 or total.amount is None or net.amount is None:
                found += self.effect(row, certain=firm and len(link.invoices) == 1)
                continue
            found += self.effect(
                row,
                certain=firm and total.usable and net.usable,
                most_with_tax=abs(total.amount),
                most_without_tax=abs(net.amount),
            )
        return tuple(found)

    # --- where it stands ---

    def at(self, document: Document, *names: str) -> tuple[Evidence, ...]:
        """Return the places of these fields on the document, its first page where none is known."""
        found = [e for n in names for e in place(document.get(n), document.file)]
        if found or not document.page_indexes:
            return tuple(found)
        return (Evidence(document.file, document.page_indexes[0]),)

    def at_row(self, row: LedgerRow, *names: str) -> tuple[Evidence, ...]:
        """Return the places of these cells of a ledger row, its page where none is known."""
        found = tuple(e for n in names for e in place(row.get(n), row.file))
        return found or ((Evidence(row.file, row.page_index),) if row.file else ())


def place(found: Reading, file: str) -> tuple[Evidence, ...]:
    """Return where a reading was read, if it has a place on a page."""
    where = found.where
    if where is None or where.page_index is None:
        return ()
    return (Evidence(where.file or file, where.page_index, where.box),)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts in 元."""
    return sum(amounts, NOTHING)

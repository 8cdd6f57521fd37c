"""Ledger rows to invoices, payments and acceptance; items to investment categories."""

from __future__ import annotations

from audit.match.amounts import ledger_basis
from audit.match.category import row_categories
from audit.match.invoices import Found, find_invoices
from audit.match.papers import Papers, find_papers
from audit.match.payments import Payments, allocate_payments
from audit.model import Alternative, CaseFacts, DocumentKind, Link, Matching, RowRole
from audit.policy.schema import Policy

__all__ = ["match_case"]


def match_case(facts: CaseFacts, policy: Policy) -> Matching:
    """Return what belongs to what: one link per item row, and the orphans of both sides.

    Pure and deterministic; every link says why and how sure, and keeps what fits as well.
    """
    items = [r for r in facts.rows if r.role is RowRole.ITEM]
    invoices = facts.of_kind(DocumentKind.VAT_INVOICE)
    documents = {d.id: d for d in facts.documents}
    found = find_invoices(items, invoices)
    invoices_of = {row.row: found[row.row].invoices for row in items}
    payments = allocate_payments(facts, invoices_of)
    papers = find_papers(facts, invoices_of)
    links = {row.row: _link(row.row, found[row.row], payments, papers[row.row]) for row in items}
    listed = {i for ids in invoices_of.values() for i in ids}
    categories = row_categories(items, links, documents, policy)
    return Matching(
        links=tuple(links.values()),
        ledger_basis=ledger_basis(items, invoices_of, documents),
        unlisted_invoices=tuple(d.id for d in invoices if d.id not in listed),
        idle_payments=payments.idle,
        categories=categories.categories,
        category_reasons=categories.reasons,
        category_splits=categories.splits,
    )


def _link(row: int, found: Found, payments: Payments, papers: Papers) -> Link:
    return Link(
        row=row,
        invoices=found.invoices,
        payments=payments.shares.get(row, ()),
        acceptance=papers.acceptance,
        contracts=papers.contracts,
        reason=found.reason,
        confidence=found.confidence,
        alternatives=(
            *(Alternative(ids, ()) for ids in found.alternatives),
            *payments.alternatives.get(row, ()),
        ),
    )

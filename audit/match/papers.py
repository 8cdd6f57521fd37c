"""Acceptance reports and contracts behind a ledger row: by contract number, seller, project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.model import CaseFacts, Document, DocumentKind, LedgerRow
from audit.text.names import normalise_company
from audit.text.normal import compact

#: Mark of a later page whose beginning was not found: it speaks for nothing of its own.
CONTINUATION = "续页"
SHORTEST_CONTRACT = 4


@dataclass(frozen=True, slots=True)
class Papers:
    """Ids of the acceptance reports and contracts behind one row."""

    acceptance: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Index:
    """Documents by contract number and by the party that delivers."""

    by_contract: Mapping[str, list[Document]]
    by_party: Mapping[str, list[Document]]
    general: tuple[Document, ...] = ()
    """Reports on the whole project: no contractor, no contract number."""


def find_papers(
    facts: CaseFacts,
    invoices_of: Mapping[int, tuple[str, ...]],
) -> Mapping[int, Papers]:
    """Return by row number the acceptance reports and contracts behind it.

    A contract number decides where both give one; else the seller does. A report on the whole
    project stands behind every row.
    """
    contracts = _index(facts.of_kind(DocumentKind.CONTRACT), "party_b")
    reports = _index(facts.of_kind(DocumentKind.ACCEPTANCE_REPORT), "contractor_name")
    documents = {d.id: d for d in facts.documents}
    papers = {}
    for row in facts.rows:
        if row.row not in invoices_of:
            continue
        invoices = [documents[i] for i in invoices_of[row.row]]
        sellers = _sellers(row, invoices)
        numbers = _contract_numbers(row, invoices)
        own = _behind(contracts, numbers, sellers)
        numbers |= {n for c in own for n in _number(c)}
        accepted = [*_behind(reports, numbers, sellers), *reports.general]
        papers[row.row] = Papers(tuple(d.id for d in accepted), tuple(d.id for d in own))
    return papers


def _index(documents: Sequence[Document], party_field: str) -> _Index:
    by_contract: dict[str, list[Document]] = defaultdict(list)
    by_party: dict[str, list[Document]] = defaultdict(list)
    general = []
    for document in documents:
        party = normalise_company(document.get(party_field).text or "")
        numbers = _number(document)
        for number in numbers:
            by_contract[number].append(document)
        if party:
            by_party[party].append(document)
        if not party and not numbers and CONTINUATION not in document.marks:
            general.append(document)
    return _Index(by_contract, by_party, tuple(general))


def _behind(index: _Index, numbers: Iterable[str], sellers: Iterable[str]) -> list[Document]:
    named = [d for n in sorted(numbers) for d in index.by_contract.get(n, [])]
    sold = [d for s in sorted(sellers) for d in index.by_party.get(s, [])]
    return list({d.id: d for d in named or sold}.values())


def _number(document: Document) -> set[str]:
    number = compact(document.get("contract_number").text or "").upper()
    return {number} if len(number) >= SHORTEST_CONTRACT else set()


def _contract_numbers(row: LedgerRow, invoices: Sequence[Document]) -> set[str]:
    texts = [row.get("contract_number").text, *(d.get("contract_number").text for d in invoices)]
    numbers = {compact(t).upper() for t in texts if t}
    return {n for n in numbers if len(n) >= SHORTEST_CONTRACT}


def _sellers(row: LedgerRow, invoices: Sequence[Document]) -> set[str]:
    names = [row.get("supplier").text, *(d.get("seller_name").text for d in invoices)]
    return {normalise_company(n) for n in names if n}

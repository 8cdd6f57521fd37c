"""What was invoiced under a contract against what the contract comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from audit.model import Document, DocumentKind, Effect, Verdict, say
from audit.rules.case import NOTHING, Case, total
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import reversed_by, seller_of, shown, yuan
from audit.text.normal import compact

CENT = Decimal("0.01")
#: A cover, or a later page without its beginning, states no price of its own.
PARTS = frozenset({"封面", "续页"})


@rule("I19", "invoices_exceed_contract", "四(一)3", "B", assertion="accuracy",
      needs=(DocumentKind.CONTRACT,))  # fmt: skip
def invoices_exceed_contract(case: Case) -> Results:
    """The invoices of the rows under a contract come to no more than the contract.

    What it finds: rows of one contract whose invoices, tax included, are more than its total;
        contracts of the same rows (a supplement, a second order) are taken together.
    Why it matters: what nobody ordered at that price may be no part of the project, or no true sale.
    Evidence it uses: the contracts' totals and the totals of the invoices of their rows.
    Undecided when: always; a supplementary agreement or a price without tax may explain it.
    Example: contract 1,000,000.00, invoices 1,130,000.00: 130,000.00 too much.
    """
    for contracts, rows in _groups(case):
        yield _judge(case, contracts, rows)


def _judge(case: Case, contracts: list[Document], rows: list[int]) -> Result:
    invoices = _invoices(case, rows)
    prices = [c.get("contract_total") for c in contracts]
    read = [i for i in invoices if i.get("total_with_tax").usable]
    if not invoices or not all(p.usable and p.amount is not None and p.amount > 0 for p in prices):
        return SKIPPED
    agreed = _agreed(contracts)
    invoiced = total(i.get("total_with_tax").amount or NOTHING for i in read)
    over = invoiced - agreed
    if over < CENT:
        return PASSED if len(read) == len(invoices) else SKIPPED
    return Result(
        Verdict.UNDECIDED,
        say(
            "rules.I19.over",
            contracts="、".join(shown(c.get("contract_number")) for c in contracts),
            rows="、".join(map(str, rows)),
            agreed=yuan(agreed),
            invoiced=yuan(invoiced),
            over=yuan(over),
        ),
        documents=(*(c.id for c in contracts), *(i.id for i in read)),
        rows=tuple(rows),
        expected=yuan(agreed),
        found=yuan(invoiced),
        evidence=(
            *(e for c in contracts for e in case.at(c, "contract_total")),
            *(e for i in read for e in case.at(i, "total_with_tax")),
        ),
        effects=tuple(_effects(case, rows, over)),
        seller=seller_of(read[0]),
        request=say("rules.ask.contract_total", rows="、".join(map(str, rows))),
        refuted_by=say("rules.refuted.supplement"),
    )


def _agreed(contracts: list[Document]) -> Decimal:
    """Return the sum of the totals; one contract handed in twice is one contract."""
    once: dict[tuple[str, Decimal], None] = {}
    for contract in contracts:
        number = compact(contract.get("contract_number").text or "").upper()
        once[number or contract.id, contract.get("contract_total").amount or NOTHING] = None
    return total(amount for _, amount in once)


def _invoices(case: Case, rows: list[int]) -> list[Document]:
    """Return the invoices of the rows, each once; a reversed one and what reverses it cancel out."""
    pairs = reversed_by(case)
    gone = {*pairs, *(red.id for red in pairs.values())}
    ids = dict.fromkeys(i for row in rows for i in case.links[row].invoices)
    return [case.documents[i] for i in ids if i not in gone]


def _groups(case: Case) -> Iterator[tuple[list[Document], list[int]]]:
    """Yield contracts with the item rows under them; a shared row or invoice joins two groups."""
    groups: list[tuple[set[str], set[int], set[str]]] = []
    for number, link in case.links.items():
        own = {c for c in link.contracts if _under(case, number, case.documents[c])}
        if not own:
            continue
        contracts, rows, invoices = own, {number}, set(link.invoices)
        apart = []
        for group in groups:
            if group[0] & contracts or group[2] & invoices:
                contracts, rows, invoices = (
                    contracts | group[0],
                    rows | group[1],
                    invoices | group[2],
                )
            else:
                apart.append(group)
        groups = [*apart, (contracts, rows, invoices)]
    for contracts, rows, _ in sorted(groups, key=lambda g: min(g[1])):
        yield [d for d in case.of(DocumentKind.CONTRACT) if d.id in contracts], sorted(rows)


def _under(case: Case, row: int, contract: Document) -> bool:
    """Tell whether a row may stand under a contract: neither is known by another number."""
    if PARTS & set(contract.marks) and contract.get("contract_total").amount is None:
        return False
    named = compact(case.rows[row].get("contract_number").text or "").upper()
    own = compact(contract.get("contract_number").text or "").upper()
    return not named or not own or named == own


def _effects(case: Case, rows: list[int], over: Decimal) -> Iterator[Effect]:
    """Yield the excess as pending, taken of the rows invoiced last; no more than it in all."""

    def last(row: int) -> tuple[date, int]:
        papers = [case.documents[i] for i in case.links[row].invoices]
        days = [d for p in papers if (d := p.get("issue_date").day) is not None]
        return max(days, default=date.min), row

    left = over
    for row in sorted(rows, key=last, reverse=True):
        if left < CENT:
            return
        for effect in case.effect(row, certain=False, most_with_tax=left):
            left -= effect.with_tax
            yield effect


RULES = (invoices_exceed_contract,)

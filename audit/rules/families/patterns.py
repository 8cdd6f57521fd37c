"""Patterns over many papers: cues for a person, never a verdict (DOMAIN D4 and D6)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from audit.model import Document, DocumentKind, Verdict, say
from audit.rules.case import NOTHING, Case, total
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.support import seller_of, shown
from audit.text.normal import compact

RUN = 3
#: A contract in this band below a purchase limit looks cut to measure.
BAND = Decimal("0.95")
#: Highest amounts without tax of paper invoice forms, in 元.
FORM_LIMITS = (Decimal(10_000), Decimal(100_000), Decimal(1_000_000))
NEAR_LIMIT = Decimal("0.98")
PAPER = frozenset({"vat_special_paper", "vat_general_paper"})
LEAST_FOR_DIGITS = 100
#: Mean absolute deviation of first digits beyond which they do not conform (Nigrini).
NONCONFORMITY = 0.015
LUMP_UNITS = frozenset({"批", "项", "宗"})
LUMP_SHARE = Decimal("0.5")
PIECES = frozenset({"台", "件", "个", "部", "架"})
SERIAL = 8


@rule(
    "R04",
    "consecutive_numbers",
    "四(一)",
    "D",
    assertion="existence",
    scope="case",
    needs=(DocumentKind.VAT_INVOICE,),
)
def consecutive_numbers(case: Case) -> Results:
    """A seller's numbers do not run on over weeks.

    What it finds: three or more consecutive numbers of one seller issued on different days.
    Why it matters: a seller that serves only this customer is no ordinary seller.
    Evidence it uses: numbers and dates by seller. Numbers of one day under one contract are usual
        and kept quiet.
    Undecided when: always; a cue.
    Example: 01017220 to 01017224 between March and June.
    """
    by_seller: dict[str, list[tuple[int, Document]]] = defaultdict(list)
    for invoice in case.invoices:
        number, seller = invoice.get("invoice_number"), seller_of(invoice)
        text = compact(number.text or "")
        if number.usable and text.isdigit() and seller:
            prefix = compact(invoice.get("invoice_code").text or "") + text[:-SERIAL]
            by_seller[f"{seller} {prefix}"].append((int(text[-SERIAL:]), invoice))
    found = [r for papers in by_seller.values() for r in _runs(case, papers)]
    yield from found or [PASSED]


def _runs(case: Case, papers: list[tuple[int, Document]]) -> Iterator[Result]:
    run: list[tuple[int, Document]] = []
    for number, paper in [*sorted(papers, key=lambda p: p[0]), (-9, papers[0][1])]:
        if run and number in {run[-1][0], run[-1][0] + 1}:
            run.append((number, paper))
            continue
        days = {d.get("issue_date").day for _, d in run} - {None}
        if len({n for n, _ in run}) >= RUN and len(days) > 1:
            yield Result(
                Verdict.UNDECIDED,
                say("rules.R04.run", seller=seller_of(run[0][1]), count=len(run),
                    first=shown(run[0][1].get("invoice_number")),
                    last=shown(run[-1][1].get("invoice_number"))),
                documents=tuple(d.id for _, d in run),
                evidence=tuple(e for _, d in run[:8] for e in case.at(d, "invoice_number")),
                seller=seller_of(run[0][1]),
            )  # fmt: skip
        run = [(number, paper)]


@rule("R05", "split_below_limit", "四(一)", "D", assertion="existence", scope="case")
def split_below_limit(case: Case) -> Results:
    """Contracts and invoices do not crowd just below a limit.

    What it finds: two or more contracts with one party just below a purchase limit; three or more
        paper invoices of one seller just below the limit of their form.
    Why it matters: a deal cut in pieces escapes the tender or the larger form.
    Evidence it uses: contract totals, invoice amounts, limits of the policy.
    Undecided when: always; a cue.
    Example: two contracts of 3,950,000.00 with one supplier.
    """
    contracts = case.of(DocumentKind.CONTRACT)
    if not contracts and not case.invoices:
        yield NotExecuted(say("rules.needs", kinds="合同、发票"))
        return
    found = [
        *_crowd(case, "contracts", _near_limits(case, contracts), 2, "contract_total"),
        *_crowd(case, "forms", _near_forms(case.invoices), 3, "amount_without_tax"),
    ]
    yield from found or [PASSED]


_Groups = dict[tuple[str, Decimal], list[Document]]


def _near_limits(case: Case, contracts: Sequence[Document]) -> _Groups:
    """Return contracts just below a purchase limit, by party and limit."""
    near: _Groups = defaultdict(list)
    for contract in contracts:
        amount, party = contract.get("contract_total"), contract.get("party_b").text
        for limit in case.practice.purchase_limits:
            value = amount.amount if amount.usable else None
            if party and value is not None and limit * BAND <= value < limit:
                near[party, limit].append(contract)
    return near


def _near_forms(invoices: Sequence[Document]) -> _Groups:
    """Return paper invoices just below the limit of their form, by seller and limit."""
    near: _Groups = defaultdict(list)
    for invoice in invoices:
        amount = invoice.get("amount_without_tax")
        value = amount.amount if amount.usable and invoice.subkind in PAPER else None
        for limit in FORM_LIMITS:
            if value is not None and limit * NEAR_LIMIT <= value < limit:
                near[seller_of(invoice), limit].append(invoice)
    return near


def _crowd(case: Case, what: str, groups: _Groups, least: int, field: str) -> Iterator[Result]:
    for (who, limit), papers in groups.items():
        if len(papers) >= least:
            yield Result(
                Verdict.UNDECIDED,
                say(f"rules.R05.{what}", who=who, count=len(papers), limit=f"{limit:,.0f}"),
                documents=tuple(d.id for d in papers),
                evidence=tuple(e for d in papers[:8] for e in case.at(d, field)),
                part=what,
            )


@rule("R06", "digits_unlikely", "四(一)", "D", assertion="existence", scope="case")
def digits_unlikely(case: Case) -> Results:
    """First digits of the amounts fall as those of real deals do.

    What it finds: first digits that do not conform to Benford's law.
    Why it matters: invented amounts use all digits alike.
    Evidence it uses: amounts without tax of at least 100 invoices.
    Undecided when: always; a cue. With fewer invoices it is not executed.
    Example: mean absolute deviation 0.031 over 240 invoices.
    """
    amounts = [a for d in case.invoices if (a := d.get("amount_without_tax").amount) and a > 0]
    if len(amounts) < LEAST_FOR_DIGITS:
        yield NotExecuted(say("rules.R06.needs", count=len(amounts), least=LEAST_FOR_DIGITS))
        return
    firsts = Counter(f"{a:.20f}".lstrip("0.")[0] for a in amounts)
    off = sum(abs(firsts[str(d)] / len(amounts) - math.log10(1 + 1 / d)) for d in range(1, 10)) / 9
    if off <= NONCONFORMITY * max(1.0, math.sqrt(3 * LEAST_FOR_DIGITS / len(amounts))):
        yield PASSED
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.R06.off", count=len(amounts), deviation=f"{off:.3f}"),
        found=f"{off:.3f}",
        expected=f"≤{NONCONFORMITY}",
    )


@rule("R10", "software_inflated", "一(三)", "D", assertion="accuracy", scope="row")
def software_inflated(case: Case) -> Results:
    """What counts as software is software.

    What it finds: lines invoiced as software that name hardware, or are counted in pieces with a
        model; with the share that would remain without them.
    Why it matters: relabelled hardware lifts the share over the threshold.
    Evidence it uses: names, models and units of software lines; hardware words of the policy.
    Undecided when: always; a cue. Names that end in what the thing is (机器人控制软件) are software.
    Example: *软件*六轴机器人, 2 台.
    """
    for invoice in case.invoices:
        for item in invoice.items:
            if item.category != "software" and "*软件*" not in (item.name.text or ""):
                continue
            name = compact((item.name.text or "").rsplit("*", 1)[-1])
            ends = any(name.endswith(w) for w in case.practice.hardware_words)
            pieces = (item.unit.text or "") in PIECES and bool(
                compact(item.specification.text or "")
            )
            if not ends and not (pieces and any(w in name for w in case.practice.hardware_words)):
                yield PASSED
                continue
            yield Result(
                Verdict.UNDECIDED,
                say("rules.R10.hardware", item=shown(item.name), unit=shown(item.unit)),
                documents=(invoice.id,),
                rows=case.rows_of.get(invoice.id, ()),
                found=shown(item.name),
                evidence=case.at(invoice, "total_with_tax"),
                request=say("rules.ask.use", rows="—"),
                part=name[:20],
            )


@rule("R19", "lump_sums", "四(一)", "D", assertion="accuracy", scope="case")
def lump_sums(case: Case) -> Results:
    """Equipment is invoiced by piece, not mostly as one lot.

    What it finds: more than half of the equipment's value in lines of 1 批 or 1 项.
    Why it matters: a lot cannot be counted on site; single lots are usual and kept quiet.
    Evidence it uses: units, quantities and amounts of equipment lines.
    Undecided when: always; a cue, and a request for the list behind the lot.
    Example: 3,200,000.00 of 4,000,000.00 equipment is 1 批.
    """
    lines = [
        (d, i)
        for d in case.invoices
        for i in d.items
        if i.category == "equipment" and i.amount.usable and i.amount.amount is not None
    ]
    if not lines:
        yield SKIPPED
        return
    lots = [(d, i) for d, i in lines if _is_lot(i.unit.text or "", i.quantity.amount)]
    whole = total(i.amount.amount or NOTHING for _, i in lines)
    lumped = total(i.amount.amount or NOTHING for _, i in lots)
    if whole <= 0 or lumped <= whole * LUMP_SHARE or len(lots) < 2:  # noqa: PLR2004 - one lot is usual
        yield PASSED
        return
    papers: Sequence[Document] = list({d.id: d for d, _ in lots}.values())
    yield Result(
        Verdict.UNDECIDED,
        say("rules.R19.lots", lumped=f"{lumped:,.2f}", whole=f"{whole:,.2f}"),
        documents=tuple(d.id for d in papers),
        found=f"{lumped / whole:.0%}",
        evidence=tuple(e for d in papers[:8] for e in case.at(d, "total_with_tax")),
        request=say("rules.ask.item_list"),
    )


def _is_lot(unit: str, quantity: Decimal | None) -> bool:
    return unit.strip() in LUMP_UNITS and quantity in {None, Decimal(1)}


RULES = (consecutive_numbers, split_below_limit, digits_unlikely, software_inflated, lump_sums)

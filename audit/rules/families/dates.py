"""Dates: invoices against period and application, and the order of deal, delivery, acceptance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from audit.model import Document, DocumentKind, LedgerRow, Link, Reading, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.support import firm, seller_of, shown

#: Days before the application in which an invoice may yet be reversed.
LAST_DAYS = 15
#: Days after acceptance from which an invoice looks late.
LONG_AFTER = 180
#: Invoices of one day and several sellers that stand out.
MANY_A_DAY = 5


@rule(
    "I07",
    "invoice_outside_period",
    "一(二)",
    "B",
    assertion="cutoff",
    needs=(DocumentKind.VAT_INVOICE,),
)
def invoice_outside_period(case: Case) -> Results:
    """Every invoice was issued between the earliest day of the notice and the application.

    What it finds: invoices before the notice's first day, before the project's start, after its end,
        after the application.
    Why it matters: earlier or later spending is not the project's; the notice sets the period of
        the project, not of each invoice.
    Evidence it uses: date of issue, the project's period, the date of the application.
    Undecided when: the date was read once from pixels, or lies before the project's start (to be
        explained). After the end but before the application it is a cue, unless the policy says
        otherwise.
    Example: issued 2021-12-28 while only spending from 2022-01-01 counts.
    """
    for invoice in case.invoices:
        day = invoice.get("issue_date")
        if not day.usable or day.day is None:
            yield SKIPPED
            continue
        what = _bucket(case, day.day)
        if what is None:
            yield PASSED
        else:
            yield _outside(case, invoice, day, what)


def _bucket(case: Case, day: date) -> str | None:
    """Return where a day lies outside, ``None`` if it lies inside."""
    if day < case.limits.period_start:
        return "too_early"
    if day > case.applied_by:
        return "too_late"
    period = case.who.period
    if period is None:
        return None
    if day < period[0]:
        return "before_start"
    return "after_end" if day > period[1] else None


def _outside(case: Case, invoice: Document, day: Reading, what: str) -> Result:
    hard = what in {"too_early", "too_late"}
    treatment = case.practice.invoice_after_period if what == "after_end" else "ask"
    sure = firm(day) and (hard or treatment == "deduct")
    cue = what == "after_end" and treatment == "cue"
    period = case.who.period
    number = shown(invoice.get("invoice_number"))
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            f"rules.I07.{what}",
            number=number,
            day=day.day,
            least=case.limits.period_start,
            start=period[0] if period else "—",
            end=period[1] if period else "—",
            applied=case.applied_by,
        ),
        documents=(invoice.id,),
        rows=case.rows_of.get(invoice.id, ()),
        found=str(day.day),
        evidence=case.at(invoice, "issue_date"),
        effects=() if cue else case.effects_of(invoice, certain=sure),
        severity="D" if cue else "B",
        cause=f"invoice_{what}",
        request=None if cue else say("rules.ask.explain_date", numbers=number),
        refuted_by=say("rules.refuted.original"),
        part="period",
    )


@rule("I16", "dates_out_of_order", "四(一)4", "D", assertion="cutoff", scope="row")
def dates_out_of_order(case: Case) -> Results:
    """Filing, contract, invoice, payment and acceptance follow each other.

    What it finds: invoices or payments before the contract; equipment invoiced after it was
        accepted.
    Why it matters: paper made up afterwards often gets the order wrong.
    Evidence it uses: dates of the papers that the row's links name.
    Undecided when: always; a cue. Framework contracts and prepayments exist.
    Example: contract of 2023-05-10, invoice of 2023-03-01.
    """
    compared = False
    for row in case.items:
        link = case.links[row.row]
        signed = [
            (d, day)
            for d in (case.documents[i] for i in link.contracts)
            if d.get("contract_date").usable and (day := d.get("contract_date").day) is not None
        ]
        if not signed:
            continue
        compared = True
        early = list(_before_contract(case, row, *min(signed, key=lambda p: p[1])))
        yield from early or [PASSED]
    accepted = list(_accepted_early(case))
    yield from accepted
    if not compared and not accepted:
        yield NotExecuted(say("rules.I16.needs"))


def _before_contract(
    case: Case, row: LedgerRow, contract: Document, first: date
) -> Iterator[Result]:
    """Yield invoices and payments of a row that are earlier than its contract."""
    link = case.links[row.row]
    for what, name, ids in (
        ("invoice", "issue_date", link.invoices),
        ("payment", "payment_date", tuple(s.document_id for s in link.payments)),
    ):
        for paper in (case.documents[i] for i in ids):
            day = paper.get(name)
            if not day.usable or day.day is None or day.day >= first:
                continue
            yield Result(
                Verdict.UNDECIDED,
                say(f"rules.I16.{what}", row=row.row, day=day.day, contract=first),
                documents=(contract.id, paper.id),
                rows=(row.row,),
                expected=f"≥{first}",
                found=str(day.day),
                evidence=(*case.at(contract, "contract_date"), *case.at(paper, name)),
                part=what,
            )


def _accepted_early(case: Case) -> Iterator[Result]:
    """Yield acceptance reports after which equipment was invoiced that no later report covers."""
    late: dict[str, dict[str, Document]] = {}
    for link in case.links.values():
        dated = [
            (day, name)
            for name in link.acceptance
            if (found := case.documents[name].get("acceptance_date")).usable
            and (day := found.day) is not None
        ]
        if not dated:
            continue
        last, name = max(dated)
        papers = late.setdefault(name, {})
        papers.update({d.id: d for d in _machines(case, link) if _is_later(d, last)})
    for name, invoices in late.items():
        report, machines = case.documents[name], tuple(invoices.values())
        if not machines:
            yield PASSED
            continue
        day = report.get("acceptance_date").day
        yield Result(
            Verdict.UNDECIDED,
            say("rules.I16.accepted", day=day, count=len(machines)),
            documents=(report.id, *invoices),
            found=str(day),
            evidence=(
                *case.at(report, "acceptance_date"),
                *(e for d in machines[:8] for e in case.at(d, "issue_date")),
            ),
            part="accepted",
        )


def _machines(case: Case, link: Link) -> list[Document]:
    invoices = [case.documents[i] for i in link.invoices]
    return [d for d in invoices if any(i.category == "equipment" for i in d.items)]


def _is_later(invoice: Document, day: date) -> bool:
    issued = invoice.get("issue_date")
    return issued.usable and issued.day is not None and issued.day > day


@rule(
    "R11",
    "back_dating",
    "四(二)1",
    "D",
    assertion="cutoff",
    scope="case",
    needs=(DocumentKind.VAT_INVOICE,),
)
def back_dating(case: Case) -> Results:
    """Dates are spread as those of a project are.

    What it finds: invoices of several sellers all on one day, invoices long after acceptance.
    Why it matters: paper produced for the application comes in one batch.
    Evidence it uses: dates of invoices and acceptance reports.
    Undecided when: always; a cue. Weekends say nothing.
    Example: all 14 invoices of five sellers dated 2024-04-28.
    """
    dated = [
        (d, day)
        for d in case.invoices
        if d.get("issue_date").usable and (day := d.get("issue_date").day) is not None
    ]
    found = [*_one_day(case, dated), *_long_after(case, dated)]
    yield from found or [PASSED]


def _one_day(case: Case, dated: list[tuple[Document, date]]) -> Iterator[Result]:
    counts = Counter(day for _, day in dated)
    if not counts:
        return
    day, count = counts.most_common(1)[0]
    papers = [d for d, own in dated if own == day]
    sellers = {seller_of(d) for d in papers} - {""}
    if count < MANY_A_DAY or count < len(dated) * 0.8 or len(sellers) < 2:  # noqa: PLR2004 - several sellers
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.R11.one_day", count=count, day=day, sellers=len(sellers)),
        documents=tuple(d.id for d in papers),
        found=str(day),
        evidence=tuple(e for d in papers[:8] for e in case.at(d, "issue_date")),
        part="one_day",
    )


def _long_after(case: Case, dated: list[tuple[Document, date]]) -> Iterator[Result]:
    days = [
        day
        for d in case.of(DocumentKind.ACCEPTANCE_REPORT)
        if d.get("acceptance_date").usable and (day := d.get("acceptance_date").day) is not None
    ]
    if not days:
        return
    last = max(days)
    late = [d for d, day in dated if day - last > timedelta(days=LONG_AFTER)]
    if late:
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R11.long_after", count=len(late), accepted=last, days=LONG_AFTER),
            documents=tuple(d.id for d in late),
            evidence=tuple(e for d in late[:8] for e in case.at(d, "issue_date")),
            part="long_after",
        )


@rule(
    "R12",
    "issued_last_days",
    "四(一)",
    "D",
    assertion="cutoff",
    scope="case",
    needs=(DocumentKind.VAT_INVOICE,),
)
def issued_last_days(case: Case) -> Results:
    """Invoices of the last days before the application are looked up first.

    What it finds: invoices issued in the 15 days before the application.
    Why it matters: such an invoice can be reversed after the application without a trace on paper.
    Evidence it uses: date of issue, date of the application or the deadline.
    Undecided when: always; a cue that puts them first in the list to look up.
    Example: issued 2024-05-06, applied 2024-05-10.
    """
    last = case.applied_by
    papers = []
    for invoice in case.invoices:
        day = invoice.get("issue_date")
        if (
            day.usable
            and day.day is not None
            and timedelta() <= last - day.day < timedelta(days=LAST_DAYS)
        ):
            papers.append(invoice)
        else:
            yield PASSED
    if papers:
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R12.last_days", count=len(papers), days=LAST_DAYS, applied=last),
            documents=tuple(d.id for d in papers),
            evidence=tuple(e for d in papers[:12] for e in case.at(d, "issue_date")),
            request=say(
                "rules.ask.look_up",
                numbers="、".join(shown(d.get("invoice_number")) for d in papers[:12]),
            ),
        )


RULES = (invoice_outside_period, dates_out_of_order, back_dating, issued_last_days)

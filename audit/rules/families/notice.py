"""Conditions of the notice on applicant and project (clauses 一(一) to 一(六), 工作流程)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from audit.model import Document, DocumentKind, Reading, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.support import add_months, firm, shown
from audit.text.dates import Precision, parse_period
from audit.text.ids import uscc_region
from audit.text.normal import compact

NEGATIVE = re.compile(r"不合格|不通过|未通过|未合格|不予通过|不同意|未达到")
POSITIVE = re.compile(r"通过|合格|同意|满足|达到|符合|完成|交付")
MENDING = re.compile(r"整改|限期|待|基本通过|有条件")
MAKING = re.compile(r"制造|生产|加工")
CLEAN_OPINION = re.compile(r"标准无保留|无保留|公允反映")


def _own(case: Case, kind: DocumentKind) -> tuple[Document, ...]:
    """Return papers of a kind that name the applicant, or name nobody legibly."""
    papers = case.of(kind)
    return tuple(
        d
        for d in papers
        if not d.get("company_name").usable or case.is_applicant(d.get("company_name").text or "")
    )


@rule("N01", "place_or_trade", "一(一)", "A", assertion="eligibility", scope="case")
def place_or_trade(case: Case) -> Results:
    """The applicant makes something, and does so in the region of the notice.

    What it finds: a tax id or address of another region, or a scope of business without 制造, 生产,
        加工.
    Why it matters: the notice asks for actual production in the city; registration only hints at it.
    Evidence it uses: tax id, licence, application form.
    Undecided when: always; it goes to the on-site sheet, as paper cannot show production.
    Example: tax id beginning 9151 (四川) of an applicant that produces in 重庆.
    """
    licences = _own(case, DocumentKind.BUSINESS_LICENCE)
    papers = (*licences, *((case.form,) if case.form is not None else ()))
    region = uscc_region(case.who.taxpayer_id)
    if not region and not papers:
        yield NotExecuted(say("rules.needs", kinds="营业执照、申报表"))
        return
    odd: list[tuple[str, str, tuple[str, ...]]] = []
    if region and region != case.practice.region_code:
        odd.append(("region", case.who.taxpayer_id, ()))
    for paper in papers:
        address, scope = paper.get("address"), paper.get("scope")
        words = case.practice.region_words
        if (
            address.usable
            and address.text
            and not any(w in address.text for w in words)
            and (re.search(r"省|市", address.text))
        ):
            odd.append(("address", address.text, (paper.id,)))
        if scope.usable and scope.text and not MAKING.search(scope.text):
            odd.append(("scope", scope.text[:60], (paper.id,)))
    for what, found, documents in odd:
        yield Result(
            Verdict.UNDECIDED,
            say(f"rules.N01.{what}", found=found),
            documents=documents or tuple(d.id for d in papers[:1]),
            found=found,
            refuted_by=say("rules.refuted.on_site"),
            part=what,
        )
    if not odd:
        yield PASSED


@rule(
    "N02",
    "audit_opinion",
    "一(一)",
    "D",
    assertion="eligibility",
    needs=(DocumentKind.AUDIT_REPORT,),
)
def audit_opinion(case: Case) -> Results:
    """The audit report's opinion is unqualified.

    What it finds: an opinion other than unqualified.
    Why it matters: it hints at the state of the books; the notice asks for a sound financial system.
    Evidence it uses: opinion on the audit report.
    Undecided when: always; a cue for a person. Without a legible opinion nothing is said.
    Example: 保留意见 in the report on 2023.
    """
    for report in case.of(DocumentKind.AUDIT_REPORT):
        opinion = report.get("opinion")
        if not opinion.usable or opinion.text is None:
            yield SKIPPED
        elif CLEAN_OPINION.search(compact(opinion.text)):
            yield PASSED
        else:
            yield Result(
                Verdict.UNDECIDED,
                say("rules.N02.opinion", opinion=opinion.text[:40]),
                documents=(report.id,),
                found=opinion.text[:40],
                evidence=case.at(report, "opinion"),
            )


def _period_reading(case: Case) -> Reading | None:
    papers = [d for d in case.facts.documents if d.get("period").value is not None]
    return papers[0].get("period") if papers else None


def _period_subjects(case: Case) -> tuple[str, ...]:
    return tuple(d.id for d in case.facts.documents if d.get("period").value is not None)[:1]


@rule("N03", "period_too_early", "一(二)", "A", assertion="eligibility", scope="case")
def period_too_early(case: Case) -> Results:
    """The project begins on or after the day the notice sets.

    What it finds: a project period that begins earlier.
    Why it matters: earlier projects are not eligible.
    Evidence it uses: the period on the form, else on plan or ledger.
    Undecided when: the period is doubtful, or written only as a year.
    Example: 2021.11-2023.6.
    """
    period = case.who.period
    if period is None:
        yield NotExecuted(say("rules.no_period"))
        return
    least = case.limits.period_start
    if period[0] >= least:
        yield PASSED
        return
    found = _period_reading(case)
    parsed = parse_period(case.who.period_raw) if case.who.period_raw else None
    coarse = parsed is not None and parsed.precision is Precision.YEAR
    sure = (found is None or firm(found)) and not coarse
    yield Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say("rules.N03.early", start=period[0], least=least),
        documents=_period_subjects(case),
        expected=str(least),
        found=case.who.period_raw or str(period[0]),
        evidence=tuple(
            e for i in _period_subjects(case) for e in case.at(case.documents[i], "period")
        ),
        request=say("rules.ask.period"),
        refuted_by=say("rules.refuted.period"),
    )


@rule("N05", "period_too_long", "一(二)", "A", assertion="eligibility", scope="case")
def period_too_long(case: Case) -> Results:
    """The project takes no longer than the months the notice allows.

    What it finds: a period that is clearly longer.
    Why it matters: longer projects are not eligible.
    Evidence it uses: the period on the form. Months count from first to last, both included:
        2022.1-2023.12 is 24.
    Undecided when: one month more at month precision (2022.1-2024.1 may be 24 months to the day),
        the same day two years later, or a doubtful reading.
    Example: 2022.1-2024.6.
    """
    period = case.who.period
    if period is None:
        yield NotExecuted(say("rules.no_period"))
        return
    months = (period[1].year - period[0].year) * 12 + period[1].month - period[0].month + 1
    verdict = _length(case, *period)
    if verdict is Verdict.PASS:
        yield PASSED
        return
    found = _period_reading(case)
    if verdict is Verdict.FAIL and found is not None and not firm(found):
        verdict = Verdict.UNDECIDED
    yield Result(
        verdict,
        say("rules.N05.long", months=months, most=case.limits.max_months,
            period=case.who.period_raw or f"{period[0]}～{period[1]}"),
        documents=_period_subjects(case),
        expected=f"≤{case.limits.max_months}个月",
        found=case.who.period_raw or f"{period[0]}～{period[1]}",
        evidence=tuple(e for i in _period_subjects(case) for e in case.at(case.documents[i], "period")),
        request=say("rules.ask.period"),
        refuted_by=say("rules.refuted.period"),
    )  # fmt: skip


def _length(case: Case, start: date, end: date) -> Verdict:
    most = case.limits.max_months
    parsed = parse_period(case.who.period_raw) if case.who.period_raw else None
    by_month = (
        parsed.precision is not Precision.DAY
        if parsed is not None
        else start.day == 1 and (end + timedelta(days=1)).day == 1
    )
    if by_month:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        if months <= most:
            return Verdict.PASS
        return Verdict.UNDECIDED if months == most + 1 else Verdict.FAIL
    same_day = add_months(start, most)
    if end < same_day:
        return Verdict.PASS
    return Verdict.UNDECIDED if end == same_day else Verdict.FAIL


@rule("N04", "not_accepted", "一(二)", "A", assertion="eligibility")
def not_accepted(case: Case) -> Results:
    """The project is finished and accepted before the application.

    What it finds: 是否已建设完成 ticked 否, a negative conclusion, acceptance after the application.
    Why it matters: only finished and accepted projects are eligible.
    Evidence it uses: the form, the acceptance reports (their absence is N20).
    Undecided when: conclusion or date is not legible, the conclusion asks for mending, or only some
        of several reports are late or negative. Acceptance after the period but before the
        application is normal.
    Example: accepted on 2024-06-20, applied on 2024-05-10.
    """
    reports = case.of(DocumentKind.ACCEPTANCE_REPORT)
    yield from _finished(case)
    faults = [(r, *f) for r in reports if (f := _report_fault(case, r)) is not None]
    for _ in range(len(reports) - len(faults)):
        yield PASSED
    every = len([f for f in faults if f[2]]) == len(reports)
    for report, what, sure, found in faults:
        yield Result(
            Verdict.FAIL if sure and every else Verdict.UNDECIDED,
            say(f"rules.N04.{what}", found=found, applied=case.applied_by),
            documents=(report.id,),
            found=found,
            evidence=case.at(report, "acceptance_date" if what == "late" else "conclusion"),
            cause=f"acceptance_{what}",
            request=say("rules.ask.acceptance"),
            refuted_by=say("rules.refuted.acceptance"),
            part=what,
        )


def _finished(case: Case) -> Iterator[Result]:
    if case.form is None:
        return
    done = case.form.get("completed")
    if not done.usable or done.text is None:
        yield SKIPPED
    elif compact(done.text) in {"否", "未完成", "在建"}:
        yield Result(
            Verdict.FAIL if firm(done) else Verdict.UNDECIDED,
            say("rules.N04.unfinished"),
            documents=(case.form.id,),
            expected="是",
            found=done.text,
            evidence=case.at(case.form, "completed"),
            part="completed",
        )
    else:
        yield PASSED


def _report_fault(case: Case, report: Document) -> tuple[str, bool, str] | None:
    """Return what is wrong with an acceptance report, whether surely, and what was found."""
    conclusion, day = report.get("conclusion"), report.get("acceptance_date")
    words = compact(conclusion.text or "")
    if words and NEGATIVE.search(words):
        return "negative", firm(conclusion), words[:40]
    if day.usable and day.day is not None and day.day > case.applied_by:
        return "late", firm(day) and case.who.applied_on is not None, str(day.day)
    if words and MENDING.search(words):
        return "mending", False, words[:40]
    if not conclusion.usable or not POSITIVE.search(words):
        return "unclear", False, shown(conclusion)
    if not day.usable:
        return "undated", False, shown(day)
    return None


RULES = (place_or_trade, audit_opinion, period_too_early, not_accepted, period_too_long)

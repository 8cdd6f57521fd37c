"""Conditions on security, maturity and deadline (clauses 一(四), 一(六), 工作流程)."""

from __future__ import annotations

from collections.abc import Iterator

from audit.model import Document, DocumentKind, Reading, Severity, Status, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, NotExecuted, Result, Results
from audit.rules.support import firm, level_of, shown, similar, yuan

_D = Severity.D.value


@rule("N09", "no_security", "一(四)", "A", assertion="eligibility", scope="case")
def no_security(case: Case) -> Results:
    """The project spends something on information security, and the paper shows it.

    What it finds: 0 on the form; a form without the figure and no security line anywhere.
    Why it matters: the notice asks for it with proof.
    Evidence it uses: the form's figure, evidence papers, words on invoice lines and ledger rows.
    Undecided when: the figure is doubtful, or nothing but the lack of words speaks.
    Example: 信息安全防护投入 0 万元.
    """
    amount = case.form.get("security_investment") if case.form is not None else None
    stated = amount.amount if amount is not None else None
    rows = security_rows(case)
    if case.form is not None and amount is not None and stated is not None and stated <= 0:
        yield Result(
            Verdict.FAIL if firm(amount) and not rows else Verdict.UNDECIDED,
            say("rules.N09.zero"),
            documents=(case.form.id,),
            expected=">0",
            found=shown(amount),
            evidence=case.at(case.form, "security_investment"),
            request=say("rules.ask.security"),
            refuted_by=say("rules.refuted.security"),
        )
    elif amount is not None and amount.usable and stated is not None:
        yield PASSED
        yield from _security_sum(case, amount, rows)
    elif amount is not None and stated is None and amount.status is Status.DOUBTFUL:
        yield _no_figure(case, "unread")  # it may be a nought
    elif rows or case.of(DocumentKind.SECURITY_EVIDENCE):
        yield PASSED
    else:
        yield _no_figure(case, "none")


def _no_figure(case: Case, what: str) -> Result:
    form = case.form
    return Result(
        Verdict.UNDECIDED,
        say(
            f"rules.N09.{what}",
            printed="—" if form is None else shown(form.get("security_investment")),
        ),
        documents=() if form is None else (form.id,),
        evidence=() if form is None else case.at(form, "security_investment"),
        request=say("rules.ask.security"),
        refuted_by=say("rules.refuted.security"),
    )


def security_rows(case: Case) -> tuple[int, ...]:
    """Return the ledger rows whose own or invoice words speak of information security."""
    words = case.practice.security_words
    found = []
    for row in case.items:
        texts = [row.get(c).text or "" for c in ("name", "purpose", "category", "remarks")]
        for invoice in case.links[row.row].invoices:
            texts += [i.name.text or "" for i in case.documents[invoice].items]
        if any(w in text for w in words for text in texts):
            found.append(row.row)
    return tuple(found)


def _security_sum(case: Case, amount: Reading, rows: tuple[int, ...]) -> Iterator[Result]:
    """Yield a cue where the lines that name security are far from the form's figure."""
    if not rows or amount.amount is None or case.form is None:
        return
    sums = [sum((case.amounts[r].basis(b).amount for r in rows), start=0 * amount.amount)
            for b in ("incl", "excl")]  # fmt: skip
    if any(abs(s - amount.amount) <= amount.amount / 100 for s in sums):
        yield PASSED
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.N09.sum", form=yuan(amount.amount), lines=yuan(sums[0])),
        documents=(case.form.id,),
        rows=rows,
        expected=yuan(amount.amount),
        found=yuan(sums[0]),
        evidence=case.at(case.form, "security_investment"),
        severity=_D,
        cause="security_sum",
        part="sum",
    )


@rule("N11", "maturity_low", "一(六)", "A", assertion="eligibility")
def maturity_low(case: Case) -> Results:
    """A third party assessed the applicant's maturity, late enough and high enough.

    What it finds: a level below the notice's, an assessment before its date, a self-assessment.
    Why it matters: the level is a condition.
    Evidence it uses: assessment papers; the form's level where there is no paper.
    Undecided when: level or date is not legible, the paper is missing (the platform holds the
        result), or it names another company.
    Example: level 一级, or assessed in 2022.
    """
    papers = case.of(DocumentKind.MATURITY_ASSESSMENT)
    if not papers:
        yield Result(
            Verdict.UNDECIDED,
            say("rules.N11.missing"),
            documents=(case.form.id,) if case.form is not None else (),
            cause="maturity_missing",
            request=say("rules.ask.maturity"),
            refuted_by=say("rules.refuted.platform_result"),
            part="missing",
        )
        return
    for paper in papers:
        fault = _maturity_fault(case, paper)
        if fault is None:
            yield PASSED
            continue
        what, field, sure = fault
        yield Result(
            Verdict.FAIL if sure else Verdict.UNDECIDED,
            say(f"rules.N11.{what}", found=shown(paper.get(field))),
            documents=(paper.id,),
            found=shown(paper.get(field)),
            evidence=case.at(paper, field),
            request=say("rules.ask.maturity"),
            refuted_by=say("rules.refuted.platform_result"),
            part=what,
        )


def _maturity_fault(case: Case, paper: Document) -> tuple[str, str, bool] | None:
    """Return what is wrong, the field that says so, and whether surely."""
    level, day = paper.get("maturity_level"), paper.get("assessment_date")
    company, assessor = paper.get("company_name"), paper.get("assessor")
    value = int(level.amount) if level.amount is not None else level_of(level.text or "")
    if level.usable and value is not None and value < case.limits.maturity_level:
        return "level", "maturity_level", firm(level)
    if day.usable and day.day is not None and day.day < case.limits.maturity_since:
        return "early", "assessment_date", firm(day)
    foreign = company.usable and bool(case.who.name) and not case.is_applicant(company.text or "")
    if foreign and not similar(company.text or "", case.who.name):
        return "company", "company_name", False
    if assessor.usable and case.is_applicant(assessor.text or ""):
        return "self", "assessor", firm(assessor)
    if value is None or not level.usable:
        return "unclear", "maturity_level", False
    return None if day.usable else ("undated", "assessment_date", False)


@rule("N13", "submitted_late", "流程(一)", "A", assertion="cutoff", scope="case")
def submitted_late(case: Case) -> Results:
    """The application was handed in before the deadline.

    What it finds: a commitment dated after the deadline.
    Why it matters: late applications are not accepted.
    Evidence it uses: the date on the commitment; the platform's own log is not in the folder.
    Undecided when: always; the platform's time decides.
    Example: commitment dated 2024-05-28.
    """
    applied = case.who.applied_on
    if applied is None or applied <= case.limits.submission_deadline:
        yield NotExecuted(say("rules.N13.needs"))
        return
    papers = [d for d in case.facts.documents if d.get("commitment_date").day == applied]
    yield Result(
        Verdict.UNDECIDED,
        say("rules.N13.late", day=applied, deadline=case.limits.submission_deadline),
        documents=tuple(d.id for d in papers[:1]),
        expected=f"≤{case.limits.submission_deadline}",
        found=str(applied),
        evidence=tuple(e for d in papers[:1] for e in case.at(d, "commitment_date")),
        refuted_by=say("rules.refuted.platform_log"),
    )


RULES = (no_security, maturity_low, submitted_late)

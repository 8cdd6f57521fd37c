"""Papers that annex 2 asks for: there, whole, and of the right kind (附件2 四)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.model import (
    CaseFile,
    Document,
    DocumentKind,
    FileStatus,
    Message,
    Reading,
    Verdict,
    say,
)
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.statements import absent
from audit.rules.support import firm, is_poor, similar
from audit.text.normal import compact

FILING_WORDS = {
    "project_name": ("名称", r"项目名称|名称"),
    "address": ("地址", r"地址|地点"),
    "planned_period": ("工期", r"工期|建设期|实施周期|起止|开工"),
    "planned_total": ("计划投资", r"投资"),
    "content": ("实施内容", r"内容|建设规模"),
}
STATEMENTS = {
    "资产负债表": r"资产负债表",
    "利润表或损益表": r"利润表|损益表",
    "现金流量表": r"现金流量表",
    "报表附注": r"附注",
}
PERFORMANCE = re.compile(r"绩效指标|指标测算|测算方式|测算依据|测算方法|测算过程")
DISCREDIT = re.compile(r"失信")


@rule("N12", "files_unread", "四(一)", "C", assertion="completeness", scope="case")
def files_unread(case: Case) -> Results:
    """Every file handed in could be opened and read.

    What it finds: files that were rejected, with the reason.
    Why it matters: the applicant answers for completeness; what cannot be opened proves nothing.
    Evidence it uses: what became of every file of the folder.
    Undecided when: always; the file may be sound and only of a kind that cannot be read here.
    Example: 合同.pdf is cut off in the middle.
    """
    for file in case.facts.files:
        if file.status is not FileStatus.REJECTED:
            yield PASSED
            continue
        yield Result(
            Verdict.UNDECIDED,
            _rejected(file),
            files=(file.file,),
            request=say("rules.ask.file_again", files=file.file),
        )


def _rejected(file: CaseFile) -> Message:
    """Say which file, and the reason as the list of files gives it."""
    if not file.problems:
        return say("rules.N12.rejected", file=file.file, why="—", code="—")
    first = file.problems[0]
    given = {**dict(first.params), "file": file.file, "code": first.code, "why": f"@{first.code}"}
    return say("rules.N12.rejected", **given)


@rule("N15", "filing_missing", "四(一)1", "C", assertion="existence", scope="case")
def filing_missing(case: Case) -> Results:
    """One of the papers that set the project up is there, with what it must state.

    What it finds: none of filing, approval, statistics form, plan with resolution, investment
        agreement; or one that lacks name, address, period, planned sum, content.
    Why it matters: the notice asks for any one of them.
    Evidence it uses: papers of that kind, their fields and words.
    Undecided when: words are not found in the text: they may be put differently; or files could not
        be read.
    Example: no 备案证 and no 立项决议 in the folder.
    """
    papers = case.of(DocumentKind.PROJECT_FILING)
    if not papers:
        yield absent(case, "N15", say("rules.ask.filing"))
        return
    lacks = {paper.id: _lacking(case, paper) for paper in papers}
    best = min(papers, key=lambda d: len(lacks[d.id]))
    if not lacks[best.id] or not case.text_of(best):
        yield PASSED
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.N15.lacks", words="、".join(lacks[best.id])),
        documents=(best.id,),
        found="、".join(lacks[best.id]),
        cause="filing_incomplete",
        request=say("rules.ask.filing"),
        part="words",
    )


def _lacking(case: Case, paper: Document) -> list[str]:
    text = case.text_of(paper)
    return [
        label
        for name, (label, words) in FILING_WORDS.items()
        if paper.get(name).value is None and not re.search(words, text)
    ]


@rule("N19", "security_evidence_missing", "四(一)5", "C", assertion="existence", scope="case")
def security_evidence_missing(case: Case) -> Results:
    """There is paper on what was spent on information security.

    What it finds: no evidence paper; whether invoices or contracts name security is said.
    Why it matters: the notice asks for proof.
    Evidence it uses: papers of that kind; words of the policy on invoices, rows and contracts.
    Undecided when: some file could not be read, or invoices or contracts name security.
    Example: nothing in the folder names a firewall, 等保 or the like.
    """
    if case.of(DocumentKind.SECURITY_EVIDENCE):
        yield PASSED
        return
    words = case.practice.security_words
    lines = [i.name.text or "" for d in case.invoices for i in d.items]
    texts = [*lines, *(case.text_of(d) for d in case.of(DocumentKind.CONTRACT))]
    if not any(w in t for w in words for t in texts):
        yield absent(case, "N19", say("rules.ask.security"))
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.N19.invoices_only"),
        documents=tuple(
            d.id
            for d in case.invoices
            if any(w in (i.name.text or "") for w in words for i in d.items)
        )[:12],
        request=say("rules.ask.security"),
        refuted_by=say("rules.refuted.paper"),
        part="missing",
    )


@rule("N20", "acceptance_missing", "四(二)1", "A", assertion="existence", scope="case")
def acceptance_missing(case: Case) -> Results:
    """There is an acceptance report or other proof of completion.

    What it finds: none in the folder.
    Why it matters: the notice asks for it, and only accepted projects are eligible.
    Evidence it uses: papers of that kind.
    Undecided when: some file could not be read.
    Example: no 验收报告 among 120 pages.
    """
    if case.of(DocumentKind.ACCEPTANCE_REPORT):
        yield PASSED
    else:
        yield absent(case, "N20", say("rules.ask.acceptance"))


@rule("N21", "performance_unexplained", "四(二)2", "D", assertion="completeness", scope="case")
def performance_unexplained(case: Case) -> Results:
    """The folder says how the performance figures were worked out.

    What it finds: no page that speaks of 绩效指标 or 测算.
    Why it matters: the notice asks for method and basis.
    Evidence it uses: the words of all pages.
    Undecided when: always; the explanation may use other words.
    Example: 提质增效 claims 15 % and no page says from what.
    """
    if PERFORMANCE.search(case.text):
        yield PASSED
        return
    yield Result(
        Verdict.UNDECIDED,
        say("rules.N21.missing"),
        request=say("rules.ask.performance"),
    )


@rule("N22", "licence_missing", "四(三)1", "C", assertion="existence")
def licence_missing(case: Case) -> Results:
    """The applicant's licence is in the folder.

    What it finds: no licence, or only licences of others.
    Why it matters: the notice asks for it.
    Evidence it uses: licences and the name they bear.
    Undecided when: the licences are all of others or not legible, or files could not be read.
    Example: only the supplier's licence is there.
    """
    licences = case.of(DocumentKind.BUSINESS_LICENCE)
    names = [d.get("company_name") for d in licences]
    if any(n.usable and _is_own(case, n) for n in names):
        yield PASSED
    elif not licences:
        yield absent(case, "N22", say("rules.ask.licence"))
    elif not case.who.name:
        yield SKIPPED
    else:
        yield _other_licence(licences)


def _is_own(case: Case, name: Reading) -> bool:
    text = name.text or ""
    return case.is_applicant(text) or (not firm(name) and similar(text, case.who.name))


def _other_licence(licences: Sequence[Document]) -> Result:
    return Result(
        Verdict.UNDECIDED,
        say(
            "rules.N22.others", names="、".join(d.get("company_name").raw or "—" for d in licences)
        ),
        documents=tuple(d.id for d in licences),
        request=say("rules.ask.licence"),
        refuted_by=say("rules.refuted.paper"),
        part="others",
    )


@rule("N23", "audit_report_incomplete", "四(三)2", "C", assertion="completeness")
def audit_report_incomplete(case: Case) -> Results:
    """The audit report is whole, or sealed statements stand in for it.

    What it finds: neither report nor statements; statements without the applicant's 公章; a report
        without firm, statements or notes.
    Why it matters: the notice lists the parts.
    Evidence it uses: papers of both kinds, their words, the seals on them.
    Undecided when: parts are not found in the text of scans, or the pages show no colour.
    Example: the text of the report without 现金流量表.
    """
    reports = case.of(DocumentKind.AUDIT_REPORT)
    statements = case.of(DocumentKind.FINANCIAL_STATEMENT)
    if not reports and not statements:
        yield absent(case, "N23", say("rules.ask.audit_report"))
        return
    if reports:
        text = "".join(case.text_of(d) for d in (*reports, *statements))
        lacking = [label for label, words in STATEMENTS.items() if not re.search(words, text)]
        named = any(d.get("audit_firm").value is not None for d in reports)
        if not named and "会计师事务所" not in text:
            lacking.append("会计师事务所")
        yield _lacks(reports, lacking) if lacking and text else PASSED
        return
    seals = [s for d in statements for s in case.seals_on(d)]
    if any(s.owner == "applicant" and s.kind == "official" for s in seals):
        yield PASSED
        return
    unclear = bool(seals) or any(is_poor(case, d) for d in statements)
    yield Result(
        Verdict.UNDECIDED if unclear else Verdict.FAIL,
        say("rules.N23.unsealed"),
        documents=tuple(d.id for d in statements),
        cause="statement_unsealed",
        request=say("rules.ask.audit_report"),
        refuted_by=say("rules.refuted.seal"),
        part="seal",
    )


def _lacks(reports: Sequence[Document], lacking: Sequence[str]) -> Result:
    return Result(
        Verdict.UNDECIDED,
        say("rules.N23.lacks", parts="、".join(lacking)),
        documents=tuple(d.id for d in reports),
        found="、".join(lacking),
        request=say("rules.ask.audit_report"),
        refuted_by=say("rules.refuted.paper"),
        part="parts",
    )


@rule("N25", "no_discredit_statement", "附1承诺三", "D", assertion="completeness", scope="case")
def no_discredit_statement(case: Case) -> Results:
    """The commitment says that the applicant is on no list of discredited companies.

    What it finds: a form or commitment whose text lacks the statement.
    Why it matters: it is part of the commitment; the list itself can only be asked online.
    Evidence it uses: the words of form and commitment.
    Undecided when: always; a cue to look, and to ask the list online.
    Example: a home-made commitment without the third point.
    """
    papers = case.of(DocumentKind.APPLICATION_FORM, DocumentKind.COMMITMENT)
    texts = [t for d in papers if (t := case.text_of(d))]
    if not texts:
        yield SKIPPED
    elif any(DISCREDIT.search(compact(t)) for t in texts):
        yield PASSED
    else:
        yield Result(
            Verdict.UNDECIDED,
            say("rules.N25.missing"),
            documents=tuple(d.id for d in papers),
        )


RULES = (
    files_unread,
    filing_missing,
    security_evidence_missing,
    acceptance_missing,
    performance_unexplained,
    licence_missing,
    audit_report_incomplete,
    no_discredit_statement,
)

"""The working paper's sheets of judgement: summary, findings, 查验清单, checklist, files, rules."""

from __future__ import annotations

from audit.model import CaseReport, FileStatus, Severity
from audit.report.parts import Words, clock, place, span
from audit.report.sheets import LONG_WIDTH, Cell, Column, Jump, Sheet
from audit.report.verify_list import RESULTS, verify_rows
from audit.text.rounding import percent

_WIDE = frozenset({"message", "place", "request", "refuted_by", "decision"})


def head_rows(report: CaseReport, words: Words) -> list[tuple[str, Cell]]:
    """Return who and what is examined, and how: the head of the summary sheet."""
    applicant = report.facts.applicant
    period = applicant.period
    ran = sum(1 for o in report.outcomes if o.not_executed is None)
    facts = report.facts
    return [
        (words.t("audited_unit"), applicant.name),
        (words.t("taxpayer_id"), applicant.taxpayer_id),
        (words.t("audit_matter"), words.t("matter", project=applicant.project_name)),
        (words.t("period"), f"{period[0]} – {period[1]}" if period else ""),
        (words.t("applied_on"), applicant.applied_on),
        (words.t("policy"), report.run.policy_title),
        (words.t("material"), words.t("material_count", files=len(facts.files), pages=len(facts.pages))),
        (
            words.t("process"),
            words.t("process_text", version=report.run.version, started=clock(report.run.started),
                    done=ran, not_done=len(report.outcomes) - ran),
        ),
        (words.t("log_head"), report.run.log_head),
    ]  # fmt: skip


def conclusion_table(report: CaseReport, words: Words) -> list[tuple[Cell, ...]]:
    """Return the conclusions by clause, heads first."""
    return [
        tuple(words.t(f"col.{c}") for c in ("clause", "item", "verdict", "interval", "why")),
        *(
            (
                c.clause,
                words.say(c.title),
                words.t(f"verdict.{c.verdict.value}"),
                span(c.low, c.high, words),
                "；".join([*(words.say(n) for n in c.notes), *c.decided_by]),
            )
            for c in report.conclusions
        ),
    ]


def waterfall_table(report: CaseReport, words: Words) -> list[tuple[Cell, ...]]:
    """Return declared, each step, pending and supported in both bases, heads first."""
    incl, excl = report.waterfall.incl, report.waterfall.excl
    table: list[tuple[Cell, ...]] = [
        (words.t("waterfall.title"), words.t("basis.incl"), words.t("basis.excl"))
    ]
    table += [
        (words.t(f"waterfall.{key}"), getattr(incl, key), getattr(excl, key))
        for key in ("declared", "deducted", "pending", "supported")
    ]
    for (name, one), (_, other) in zip(incl.shares, excl.shares, strict=True):
        spans = (" – ".join(dict.fromkeys((percent(i.low), percent(i.high)))) for i in (one, other))
        table.append((words.t(f"share.{name}"), *spans))
    return table


def step_sheet(report: CaseReport, words: Words) -> Sheet:
    """Return the steps of the waterfall, one a line: 核减明细."""
    heads = (
        Column(words.t("col.group"), 8), Column(words.t("col.findings"), 10), Column(words.t("col.row"), 7),
        Column(words.t("col.message"), 52), Column(words.t("col.kind_of_step"), 12),
        Column(words.t("col.step_incl"), 18), Column(words.t("col.step_excl"), 18),
        Column(words.t("col.auditor_note"), 30),
    )  # fmt: skip
    excl = {
        (s.group_id, s.finding_id, s.row, s.certain): s.amount for s in report.waterfall.excl.steps
    }
    rows = tuple(
        (
            s.group_id,
            Jump(s.finding_id, anchor=s.finding_id),
            s.row,
            words.say(s.label),
            words.t("waterfall.deducted" if s.certain else "waterfall.pending"),
            s.amount,
            excl.get((s.group_id, s.finding_id, s.row, s.certain)),
            "",
        )
        for s in report.waterfall.incl.steps
    )
    return Sheet("steps", words.t("sheet.steps"), "TZ-7", heads, rows, sums=(5, 6))


def findings(report: CaseReport, words: Words) -> Sheet:
    """Return every finding with what would refute it and room for the auditor's ruling."""
    groups = {i: g for g in report.groups for i in g.finding_ids}
    heads = tuple(
        Column(words.t(f"col.{c}"), LONG_WIDTH if c in _WIDE else 12 if c != "clause" else 9)
        for c in (
            "id", "group", "rule", "severity", "verdict", "message", "expected", "found", "clause",
            "place", "request", "refuted_by", "decision", "auditor_note",
        )
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for f in report.findings:
        group = groups.get(f.id)
        ruling = group.decision if group else None
        cue = f.severity is Severity.D
        rows.append(
            (
                Jump(f.id, anchor=f.id),
                group.id if group else "",
                f.rule,
                words.t(f"severity.{f.severity.value}"),
                words.t("verdict.cue") if cue else words.t(f"verdict.{f.verdict.value}"),
                words.say(f.message),
                f.expected,
                f.found,
                f.clause,
                "；".join(dict.fromkeys(place(words, e.file, e.page_index) for e in f.evidence)),
                words.say(f.request),
                words.say(f.refuted_by),
                f"{ruling.actor} {clock(ruling.at)} {words.t(f'action.{ruling.action}')} {ruling.reason}"
                if ruling
                else "",
                "",
            )
        )
    return Sheet("findings", words.t("sheet.findings"), "TZ-8", heads, tuple(rows))


def verify(report: CaseReport, words: Words) -> Sheet:
    """Return the 查验清单 to key into the tax platform, most important first."""
    heads, rows = verify_rows(report, words)
    answers = tuple(words.t(f"verify.result.{r}") for r in RESULTS)
    columns = tuple(
        Column(title, width, answers if n == len(heads) - 2 else ())
        for n, (title, width) in enumerate(
            zip(heads, (5, 16, 14, 23, 11, 15, 15, 9, 15, 9, 30, 8, 12, 10, 12, 16), strict=True)
        )
    )
    return Sheet("verify", words.t("sheet.verify"), "TZ-9", columns, tuple(rows))


def checklist(report: CaseReport, words: Words) -> Sheet:
    """Return the completeness list of the notice."""
    heads = (
        Column(words.t("col.clause"), 12), Column(words.t("col.item"), LONG_WIDTH),
        Column(words.t("col.status"), 12), Column(words.t("col.documents"), LONG_WIDTH),
        Column(words.t("col.why"), LONG_WIDTH), Column(words.t("col.original_seen"), 14),
    )  # fmt: skip
    rows = tuple(
        (
            c.clause, c.item, words.t(f"presence.{c.status}"), "、".join(c.document_ids),
            words.say(c.reason), "□",
        )
        for c in report.checklist
    )  # fmt: skip
    return Sheet("checklist", words.t("sheet.checklist"), "TZ-10", heads, rows)


def files(report: CaseReport, words: Words) -> Sheet:
    """Return every file with what became of it and its hash."""
    heads = (
        Column(words.t("col.file"), 48), Column(words.t("col.pages"), 7),
        Column(words.t("col.status"), 16), Column(words.t("col.problem"), LONG_WIDTH),
        Column("SHA-256", 68),
    )  # fmt: skip
    rows = tuple(
        (
            f.file,
            f.pages,
            words.t(f"file_status.{f.status.value}"),
            "；".join(words.code(p.code, **dict(p.params)) for p in f.problems)
            or (words.t("same_as", file=f.same_as) if f.same_as else ""),
            f.sha256,
        )
        for f in report.facts.files
        if f.status is not FileStatus.IGNORED
    )
    return Sheet("files", words.t("sheet.files"), "TZ-11", heads, rows)


def rules(report: CaseReport, words: Words) -> Sheet:
    """Return how every rule went, what was not executed and why."""
    titles = {card.code: card for card in report.rules}
    heads = (
        Column(words.t("col.rule"), 8), Column(words.t("col.item"), LONG_WIDTH),
        Column(words.t("col.clause"), 12),
        *(Column(words.t(f"verdict.{v}"), 9) for v in ("pass", "fail", "undecided", "not_applicable")),
        Column(words.t("col.not_executed"), 48),
    )  # fmt: skip
    rows = tuple(
        (
            o.rule,
            titles[o.rule].title if o.rule in titles else "",
            titles[o.rule].clause if o.rule in titles else "",
            o.passed,
            o.failed,
            o.undecided,
            o.not_applicable,
            words.say(o.not_executed),
        )
        for o in report.outcomes
    )
    return Sheet("rules", words.t("sheet.rules"), "TZ-12", heads, rows)

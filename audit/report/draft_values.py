"""What goes into the drafts: the same facts as the report, as flat text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from audit.model import Basis, CaseReport, ChecklistItem, FileStatus, RowRole, Severity, Verdict
from audit.policy.schema import Policy
from audit.report.drafts import Values, fill
from audit.report.headline import ConclusionView, conclusion_views
from audit.report.onsite import OnsiteItem, onsite_items, questions
from audit.report.parts import Words, place, yuan
from audit.text.rounding import percent

Draft = tuple[Values, Mapping[str, Sequence[Values]]]

#: Rules that ask for a paper of the checklist where it is missing.
ABSENCE_RULES = frozenset({"N11", "N15", "N16", "N19", "N20", "N22", "N23"})


def render_drafts(
    report: CaseReport, policy: Policy, lang: str, templates: Path | None = None
) -> dict[str, bytes]:
    """Return the three drafts by file name."""
    words = Words(lang)
    drafts: dict[str, Draft] = {
        "opinion": opinion(report, policy, words),
        "onsite": onsite(report, policy, words),
        "request": request(report, policy, words),
    }
    return {
        f"{name}.docx": fill(name, values, lists, templates, lang)
        for name, (values, lists) in drafts.items()
    }


def _common(report: CaseReport, policy: Policy, words: Words) -> dict[str, str]:
    applicant = report.facts.applicant
    period = applicant.period
    return {
        "applicant": applicant.name or words.t("unknown"),
        "taxpayer_id": applicant.taxpayer_id or words.t("unknown"),
        "project": applicant.project_name or words.t("unknown"),
        "period": words.t("period_span", start=period[0], end=period[1])
        if period
        else words.t("unknown"),
        "applied_on": str(applicant.applied_on or words.t("unknown")),
        "policy_title": policy.title,
        "policy_number": policy.number,
        "files": str(sum(1 for f in report.facts.files if f.status is not FileStatus.IGNORED)),
        "pages": str(len(report.facts.pages)),
        "version": report.run.version,
        "log_head": report.run.log_head[:16] or "—",
    }


def _money(prefix: str, report: CaseReport, deciding: str) -> dict[str, str]:
    names = ("declared", "supported", "pending", "deducted")
    if not any(row.role is RowRole.ITEM for row in report.facts.rows):
        return dict.fromkeys((f"{name}_{prefix}" for name in (*names, "share")), "—")
    basis: Basis = getattr(report.waterfall, prefix)
    share = dict(basis.shares).get(deciding)
    span = (
        ""
        if share is None
        else " – ".join(dict.fromkeys((percent(share.low), percent(share.high))))
    )
    values = {f"{name}_{prefix}": yuan(getattr(basis, name)) for name in names}
    return {**values, f"share_{prefix}": span or "—"}


def opinion(report: CaseReport, policy: Policy, words: Words) -> Draft:
    """Return the values of 真实性审核意见: what the paper shows by clause; it never concludes."""
    titles = {card.code: card.title for card in report.rules}
    main, others = conclusion_views(report, policy, words)
    values = {
        **_common(report, policy, words),
        "others": _others(others, words),
        **_money("incl", report, policy.deciding_share),
        **_money("excl", report, policy.deciding_share),
    }
    return values, {
        "clause": [
            {
                "number": v.conclusion.clause,
                "title": v.title,
                "verdict": words.t(f"draft.verdict.{v.conclusion.verdict.value}"),
                "span": v.span,
                "notes": "；".join(v.said),
            }
            for v in main
        ],
        "issue": [
            {
                "id": g.id,
                "severity": words.t(f"severity.{g.severity.value}"),
                "title": words.say(g.title),
                "amount": yuan(g.amount) if g.amount else "—",
                "request": words.say(g.request) or "—",
                "handling": g.decision.reason if g.decision else "",
            }
            for g in report.groups
            if g.severity is not Severity.D
        ],
        "step": _steps(report, words),
        "undone": [
            {
                "rule": o.rule,
                "title": titles.get(o.rule, o.rule),
                "why": words.say(o.not_executed),
            }
            for o in report.outcomes
            if o.not_executed is not None
        ],
    }


def _steps(report: CaseReport, words: Words) -> list[Values]:
    """Return 核减明细: every step in both tax bases."""
    excl = {(s.finding_id, s.row, s.certain): s.amount for s in report.waterfall.excl.steps}
    return [
        {
            "row": str(s.row or "—"),
            "label": words.say(s.label),
            "nature": words.t("waterfall.deducted" if s.certain else "waterfall.pending"),
            "incl": yuan(s.amount),
            "excl": yuan(excl.get((s.finding_id, s.row, s.certain))),
            "finding": s.finding_id,
        }
        for s in report.waterfall.incl.steps
    ]


def _others(views: Sequence[ConclusionView], words: Words) -> str:
    """Return one sentence on the clauses that are no conditions of eligibility."""
    good = sum(1 for v in views if v.conclusion.verdict is Verdict.PASS)
    left = [v for v in views if v.conclusion.verdict not in {Verdict.PASS, Verdict.NOT_APPLICABLE}]
    named = "；".join(
        f"{v.conclusion.clause} {v.title}"
        f"（{words.t(f'draft.verdict.{v.conclusion.verdict.value}')}）"
        for v in left
    )
    return words.t("draft.others", n=len(views), good=good, left=named or words.t("draft.none"))


def onsite(report: CaseReport, policy: Policy, words: Words) -> Draft:
    """Return the values of 现场核查表."""
    items = onsite_items(report, words)
    return _common(report, policy, words), {
        "thing": [_thing(i, words) for i in items if i.kind == "equipment"],
        "soft": [_thing(i, words) for i in items if i.kind != "equipment"],
        "question": [
            {"id": q.id, "title": q.title, "see": q.refuted_by or q.request or "—"}
            for q in questions(report, words)
        ],
    }


def _thing(item: OnsiteItem, words: Words) -> Values:
    return {
        "row": str(item.row),
        "name": "\n".join(filter(None, (item.name, item.model))),
        "invoice": "\n".join(item.invoices) or "—",
        "quantity": item.quantity,
        "supplier": item.supplier,
        "amount": item.amount,
        "look": "\n".join(item.look) or words.t(f"onsite.usual.{item.kind}"),
    }


def _absences(report: CaseReport, policy: Policy) -> frozenset[str]:
    """Return the clauses whose missing paper a group asks for."""
    asked = {
        i
        for g in report.groups
        if g.request is not None and g.severity is not Severity.D
        for i in g.finding_ids
    }
    return frozenset(
        policy.clause(f.clause).number
        for f in report.findings
        if f.id in asked and f.rule in ABSENCE_RULES
    )


def _unread(item: ChecklistItem, words: Words) -> str:
    """Return that a file that could not be read may hold the paper, where it is so."""
    reason = item.reason
    if reason is None or reason.key != "conclude.check.missing_unread":
        return ""
    return f"\n{words.say(reason)}"


def request(report: CaseReport, policy: Policy, words: Words) -> Draft:
    """Return the values of 补正通知: one line a group, a missing paper, or an unreadable file."""
    findings = {f.id: f for f in report.findings}
    asked = _absences(report, policy)
    lines: list[dict[str, str]] = []
    for group in report.groups:
        if group.request is None or group.severity is Severity.D:
            continue
        spots = [e for i in group.finding_ids if i in findings for e in findings[i].evidence]
        where = list(dict.fromkeys(place(words, e.file, e.page_index) for e in spots))
        lines.append(
            {
                "what": words.say(group.title),
                "bring": words.say(group.request),
                "where": "\n".join(where[:4] or ["—"]) + (f"\n{words.t('and_more', n=len(where))}" if len(where) > 4 else ""),  # noqa: PLR2004
                "amount": yuan(group.amount) if group.amount else "—",
            }
        )  # fmt: skip
    lines += [
        {
            "what": words.t("request.missing", item=c.item),
            "bring": words.t("request.bring", item=c.item) + _unread(c, words),
            "where": c.clause,
            "amount": "—",
        }
        for c in report.checklist
        if c.status == "missing" and c.clause not in asked
    ]
    lines += [
        {
            "what": "；".join(words.code(p.code, **dict(p.params)) for p in f.problems),
            "bring": "；".join(words.code(f"{p.code}.ask", **dict(p.params)) for p in f.problems),
            "where": f.file,
            "amount": "—",
        }
        for f in report.facts.files
        if f.status is FileStatus.REJECTED
    ]
    numbered = [{"no": str(n), **line} for n, line in enumerate(lines, 1)]
    return _common(report, policy, words), {"line": numbered}

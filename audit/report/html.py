"""``report.html``: one self-contained page; no script or style but the two hashed ones."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib import resources
from typing import Any

from audit.model import CaseReport, FileStatus, RuleCard, Severity
from audit.policy.schema import Policy
from audit.report import charts
from audit.report.parts import Crop, Words, percent, wan
from audit.report.view import (
    Pictures,
    doubts,
    finding_views,
    group_views,
    reading_counts,
    row_views,
    seal_views,
    used_columns,
)

TOC = (
    ("verdict", "verdict.title"),
    ("waterfall", "waterfall.title"),
    ("findings", "findings.title"),
    ("ledger", "ledger.title"),
    ("seals", "seals.title"),
    ("checklist", "checklist.title"),
    ("notexecuted", "outcomes.title"),
    ("quality", "quality.title"),
    ("manifest", "manifest.title"),
    ("rules", "rules.title"),
)


@dataclass(frozen=True, slots=True)
class FileView:
    """One line of the manifest."""

    file: str
    pages: int
    kinds: str
    status: str
    problems: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of the appendix with how it went."""

    card: RuleCard
    result: str


def render_html(report: CaseReport, policy: Policy, crop: Crop, lang: str) -> str:
    """Return the report as one HTML page."""
    words = Words(lang)
    pictures = Pictures(crop)
    style, script = _asset("report.css"), _asset("report.js")
    template = _environment(words).get_template("report.html.j2")
    return template.render(
        **_content(report, policy, words, pictures),
        style=_safe(style),
        script=_safe(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        lang=lang,
        omitted=pictures.omitted,
    )


def _content(
    report: CaseReport,
    policy: Policy,
    words: Words,
    pictures: Pictures,
) -> dict[str, Any]:
    facts, applicant = report.facts, report.facts.applicant
    findings = finding_views(report, words, pictures)
    groups, cues = group_views(report, words, findings)
    columns = used_columns(facts.rows)
    period = applicant.period
    minimum = policy.thresholds.minimum_total
    excl, incl = report.waterfall.excl, report.waterfall.incl
    ran = [o for o in report.outcomes if o.not_executed is None]
    titles = {card.code: card.title for card in report.rules}
    return {
        "name": facts.name,
        "applicant": applicant,
        "period": f"{period[0]} – {period[1]}" if period else words.t("unknown"),
        "applied_on": applicant.applied_on or words.t("unknown"),
        "run": report.run,
        "file_count": sum(1 for f in facts.files if f.status is not FileStatus.IGNORED),
        "page_count": len(facts.pages),
        "toc": TOC,
        "incl": incl,
        "wan_of": wan,
        "percent": percent,
        "groups": groups,
        "cues": cues,
        "main_findings": sum(1 for f in report.findings if f.severity is not Severity.D),
        "conclusions": report.conclusions,
        "requests": [g for g in groups if g.request],
        "bases": [
            (words.t("basis.incl"), incl, charts.waterfall(incl, words, minimum)),
            (words.t("basis.excl"), excl, charts.waterfall(excl, words, minimum)),
        ],
        "deciding": policy.deciding_share,
        "line": charts.time_line(report, words),
        "columns": columns,
        "rows": row_views(report, words, pictures, columns),
        "seals": seal_views(report, words, pictures),
        "checklist": report.checklist,
        "executed": len(ran),
        "not_executed": [
            (o.rule, titles.get(o.rule, o.rule), words.say(o.not_executed))
            for o in report.outcomes
            if o.not_executed is not None
        ],
        "counts": reading_counts(report),
        "doubtful": doubts(report, words, pictures),
        "files": _files(report, words),
        "rules": _rules(report, words),
    }


def _files(report: CaseReport, words: Words) -> list[FileView]:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    problems: dict[str, list[str]] = defaultdict(list)
    for page in report.facts.pages:
        kinds[page.file][words.t(f"kind.{page.kind.value}")] += 1
        for trouble in page.problems:
            text = words.code(trouble.code, **dict(trouble.params))
            number = page.page.page_index + 1
            problems[page.file].append(words.t("page_problem", page=number, text=text))
    views = []
    for file in report.facts.files:
        own = [words.code(p.code, **dict(p.params)) for p in file.problems]
        asks = [words.code(f"{p.code}.ask", **dict(p.params)) for p in file.problems]
        views.append(
            FileView(
                file=file.file,
                pages=file.pages,
                kinds="、".join(f"{k}×{n}" if n > 1 else k for k, n in kinds[file.file].items()),
                status=words.t(f"file_status.{file.status.value}"),
                problems=(
                    *(f"{said}。{ask}" for said, ask in zip(own, asks, strict=True)),
                    *dict.fromkeys(problems[file.file]),
                    *((words.t("same_as", file=file.same_as),) if file.same_as else ()),
                ),
                sha256=file.sha256,
            )
        )
    return views


def _rules(report: CaseReport, words: Words) -> list[RuleView]:
    outcomes = {o.rule: o for o in report.outcomes}
    views = []
    for card in report.rules:
        outcome = outcomes.get(card.code)
        if outcome is None or outcome.not_executed is not None:
            result = words.t("verdict.not_executed")
        else:
            result = words.t(
                "rules.result",
                checked=outcome.checked,
                passed=outcome.passed,
                failed=outcome.failed,
                undecided=outcome.undecided,
            )
        views.append(RuleView(card, result))
    return views


def _environment(words: Words) -> Any:  # noqa: ANN401 - jinja2 is imported only when a report is made
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("audit.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=words.t, say=words.say)
    return environment


def _asset(name: str) -> str:
    return (resources.files("audit.report") / "templates" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _safe(text: str) -> Any:  # noqa: ANN401 - markupsafe comes with jinja2
    """Mark our own style and script as not to be escaped; nothing of the case passes here."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a packaged asset, no data in it

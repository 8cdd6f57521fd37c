"""``report.html``: one self-contained page; no script or style but the two hashed ones."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib import resources
from typing import Any

from audit.model import Basis, CaseReport, FileStatus, RowRole, RuleCard, Severity
from audit.policy.schema import Policy
from audit.report import charts
from audit.report.chains import row_views, used_columns
from audit.report.headline import asks, conclusion_views, open_count
from audit.report.parts import Crop, Words, clock
from audit.report.pictures import EmbeddedPictures, Pictures
from audit.report.view import (
    doubts,
    finding_views,
    group_views,
    notes_on,
    reading_counts,
    seal_views,
)
from audit.text.rounding import percent, wan

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

#: Changes since the last round, what nobody asked for first.
CHANGES = ("silent", "open", "new", "asked", "mended", "added", "removed")


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
    pictures = EmbeddedPictures(crop)
    style, script = asset("report.css"), asset("report.js")
    content = report_content(report, policy, words, pictures)
    template = environment(words).get_template("report.html.j2")
    return str(
        template.render(
            **content,
            live=False,
            style=inline(style),
            script=inline(script),
            style_hash=script_hash(style),
            script_hash=script_hash(script),
            island=inline(json.dumps(pictures.island)),
            omitted=pictures.omitted,
        )
    )


def report_content(
    report: CaseReport,
    policy: Policy,
    words: Words,
    pictures: Pictures,
) -> dict[str, Any]:
    """Return what ``body.html.j2`` shows; the review page fills the same template."""
    findings = finding_views(report, words, pictures)
    groups, cues = group_views(report, words, findings)
    doubtful, seals = doubts(report, words, pictures), seal_views(report, words, pictures)
    columns = used_columns(report.facts.rows)
    return {
        **_head(report, words),
        **_money(report, policy, words),
        **_checks(report, words),
        "groups": groups,
        "cues": cues,
        "main_findings": sum(1 for f in report.findings if f.severity is not Severity.D),
        "requests": asks(groups),
        "line": charts.time_line(report, words),
        "columns": columns,
        "rows": row_views(report, words, pictures, columns),
        "seals": seals,
        "counts": reading_counts(report),
        "doubtful": doubtful,
        "files": _files(report, words),
    }


def _head(report: CaseReport, words: Words) -> dict[str, Any]:
    facts, applicant = report.facts, report.facts.applicant
    period = applicant.period
    changes = [
        (kind, [(words.say(c.message), c.new_id or c.old_id) for c in found])
        for kind in CHANGES
        if (found := [c for c in report.changes if c.kind == kind])
    ]
    return {
        "lang": words.lang,
        "name": facts.name,
        "applicant": applicant,
        "period": f"{period[0]} – {period[1]}" if period else words.t("unknown"),
        "applied_on": applicant.applied_on or words.t("unknown"),
        "run": report.run,
        "started": clock(report.run.started),
        "file_count": sum(1 for f in facts.files if f.status is not FileStatus.IGNORED),
        "page_count": len(facts.pages),
        "refused": [f.file for f in facts.files if f.status is FileStatus.REJECTED],
        "applicant_reasons": [words.say(r) for r in applicant.reasons],
        "unapplied": [words.say(n) for n in facts.notes],
        "case_notes": notes_on(report.decisions, "", words, on_site=False),
        "changes": changes,
        "toc": (("changes", "changes.title"), *TOC) if changes else TOC,
    }


def _money(report: CaseReport, policy: Policy, words: Words) -> dict[str, Any]:
    minimum = policy.thresholds.minimum_total
    excl, incl = report.waterfall.excl, report.waterfall.incl
    main, others = conclusion_views(report, policy, words)
    return {
        "incl": incl,
        "wan_of": wan,
        "percent": percent,
        "conclusions": main,
        "other_clauses": others,
        "other_open": open_count(others),
        "parts": _parts(incl),
        "bases": [
            (
                words.t(f"basis.{name}"),
                basis,
                charts.waterfall(basis, words, minimum),
                dict(basis.margins),
            )
            for name, basis in (("incl", incl), ("excl", excl))
        ],
        "margin": dict(incl.margins).get("total"),
        "has_ledger": any(row.role is RowRole.ITEM for row in report.facts.rows),
        "deciding": policy.deciding_share,
        "deciding_share": dict(incl.shares).get(policy.deciding_share),
    }


def _parts(basis: Basis) -> list[tuple[str, float, float]]:
    """Return (style, start, width) in percent of the declared sum for the bar at the top."""
    whole = basis.supported + basis.pending + basis.deducted
    parts, start = [], 0.0
    for style in ("supported", "pending", "deducted"):
        width = round(float(getattr(basis, style) * 100 / whole), 2) if whole > 0 else 0.0
        parts.append((style, start, width))
        start = round(start + width, 2)
    return parts


def _checks(report: CaseReport, words: Words) -> dict[str, Any]:
    titles = {card.code: card.title for card in report.rules}
    cues = {card.code for card in report.rules if card.severity == Severity.D.value}
    ran = [o for o in report.outcomes if o.not_executed is None]
    counted = [o for o in ran if o.rule not in cues]
    return {
        "checklist": report.checklist,
        "executed": len(ran),
        "tally": (
            ("pass", sum(1 for o in ran if not o.failed and not o.undecided and o.passed)),
            ("fail", sum(1 for o in counted if o.failed)),
            ("undecided", sum(1 for o in counted if o.undecided and not o.failed)),
            ("not_applicable", sum(1 for o in ran if not (o.passed or o.failed or o.undecided))),
            ("not_executed", len(report.outcomes) - len(ran)),
        ),
        "not_executed": [
            (o.rule, titles.get(o.rule, o.rule), words.say(o.not_executed))
            for o in report.outcomes
            if o.not_executed is not None
        ],
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


def environment(words: Words, *packages: str) -> Any:  # noqa: ANN401 - jinja2 is imported only when a report is made
    """Return the template environment, escaping everything, speaking the language of ``words``.

    ``packages``: others whose ``templates`` folder is searched too.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    loaders = [PackageLoader(p, "templates") for p in ("audit.report", *packages)]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=words.t, say=words.say)
    return environment


def asset(name: str) -> str:
    """Return one of our own packaged texts (style, script)."""
    return (resources.files("audit.report") / "templates" / name).read_text("utf-8")


def script_hash(text: str) -> str:
    """Return the base64 SHA-256 by which a CSP allows a style or script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def inline(text: str) -> Any:  # noqa: ANN401 - markupsafe comes with jinja2
    """Mark our own style and script as not to be escaped; nothing of the case passes here."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a packaged asset, no data in it

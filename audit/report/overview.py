"""Many cases on one page: state, sums, margins, hits between cases, and whom to look at first."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit.model import CaseReport, FileStatus, Severity, Status, Verdict
from audit.report.books import new_book
from audit.report.html import asset, environment
from audit.report.html import inline as safe
from audit.report.html import script_hash as hashed
from audit.report.parts import Words
from audit.text.rounding import percent, wan

#: Minutes a person needs, by what is left to do [our estimate, from trying it]: opening a case,
#: a group to decide, a doubtful reading, a paper to ask for, a file that could not be read.
MINUTES = {"case": 5.0, "group": 2.5, "doubt": 0.5, "paper": 1.0, "file": 2.0}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of the overview; money in 元 with tax. ``trouble``: why it could not be read."""

    name: str
    applicant: str = ""
    state: str = "done"
    trouble: str = ""
    pages: int = 0
    declared: Decimal | None = None
    supported: Decimal | None = None
    pending: Decimal | None = None
    deducted: Decimal | None = None
    margin: Decimal | None = None
    share_low: Decimal | None = None
    share_high: Decimal | None = None
    eligibility: str = ""
    fails: tuple[int, int, int] = (0, 0, 0)
    """Fails of severity A, B, C."""
    groups: int = 0
    flips: int = 0
    doubts: int = 0
    missing: int = 0
    refused: int = 0
    cross: int = 0
    minutes: int = 0
    link: str = ""


def line_of(name: str, report: CaseReport, share: str, link: str) -> CaseLine:
    """Return a case's line; ``share``: the reading of the software share that decides."""
    basis = report.waterfall.incl
    open_groups = [g for g in report.groups if g.decision is None and g.severity is not Severity.D]
    doubts = sum(
        1 for d in report.facts.documents for r in d.fields.values() if r.status is Status.DOUBTFUL
    )
    missing = sum(1 for item in report.checklist if item.status != "present")
    refused = sum(1 for f in report.facts.files if f.status is FileStatus.REJECTED)
    interval = dict(basis.shares).get(share)
    cross = report.facts.cross
    minutes = (
        MINUTES["case"]
        + MINUTES["group"] * len(open_groups)
        + MINUTES["doubt"] * doubts
        + MINUTES["paper"] * missing
        + MINUTES["file"] * refused
    )
    return CaseLine(
        name=name,
        applicant=report.facts.applicant.name,
        pages=len(report.facts.pages),
        declared=basis.declared,
        supported=basis.supported,
        pending=basis.pending,
        deducted=basis.deducted,
        margin=dict(basis.margins).get("total"),
        share_low=None if interval is None else interval.low,
        share_high=None if interval is None else interval.high,
        eligibility=_eligibility(report),
        fails=tuple(_fails(report, s) for s in (Severity.A, Severity.B, Severity.C)),  # type: ignore[arg-type]
        groups=len(open_groups),
        flips=sum(1 for g in open_groups if g.flips),
        doubts=doubts,
        missing=missing,
        refused=refused,
        cross=0 if cross is None else len({h.holder.case for h in cross.hits}),
        minutes=round(minutes),
        link=link,
    )


def _fails(report: CaseReport, severity: Severity) -> int:
    return sum(1 for f in report.findings if f.verdict is Verdict.FAIL and f.severity is severity)


def _eligibility(report: CaseReport) -> str:
    """Return the worst verdict among all clauses: fail, open, then pass."""
    verdicts = {c.verdict for c in report.conclusions}
    for verdict in (Verdict.FAIL, Verdict.OPEN, Verdict.UNDECIDED):
        if verdict in verdicts:
            return "open" if verdict is Verdict.UNDECIDED else verdict.value
    return "pass"


def triage(lines: Sequence[CaseLine]) -> list[CaseLine]:
    """Return the cases in the order to look at them: what cannot be read, what can flip, money."""
    return sorted(
        lines,
        key=lambda line: (
            line.state == "done",
            -line.flips,
            -line.cross,
            -(line.pending or Decimal(0)),
            line.name,
        ),
    )


def write_overview(lines: Sequence[CaseLine], out: Path, lang: str) -> None:
    """Write ``overview.html``, ``overview.xlsx`` and ``batch.json`` into ``out``, each atomically."""
    from audit.atomic import write_atomic

    write_atomic(out / "batch.json", render_batch_json(lines))
    write_atomic(out / "overview.xlsx", render_overview_xlsx(lines, lang))
    write_atomic(out / "overview.html", render_overview(lines, lang).encode("utf-8", "replace"))


def render_batch_json(lines: Sequence[CaseLine]) -> bytes:
    """Return every case's line for machines: sorted by name, no clock."""
    rows = [
        {name: _plain(getattr(line, name)) for name in CaseLine.__slots__}
        for line in sorted(lines, key=lambda one: one.name)
    ]
    text = json.dumps({"schema": 1, "cases": rows}, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8", "replace")


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def render_overview(lines: Sequence[CaseLine], lang: str) -> str:
    """Return the overview as one self-contained page."""
    words = Words(lang)
    style, script = asset("report.css"), asset("overview.js")
    template = environment(words).get_template("overview.html.j2")
    return str(
        template.render(
            lang=lang,
            lines=triage(lines),
            totals=_totals(lines),
            columns=COLUMNS,
            wan=wan,
            percent=percent,
            style=safe(style),
            script=safe(script),
            style_hash=hashed(style),
            script_hash=hashed(script),
        )
    )


#: Columns of the overview: field, whether it is a number.
COLUMNS = (
    ("name", False), ("eligibility", False), ("declared", True), ("supported", True),
    ("pending", True), ("deducted", True), ("margin", True), ("share", True), ("fails", True),
    ("groups", True), ("flips", True), ("doubts", True), ("missing", True), ("refused", True),
    ("cross", True),
    ("pages", True), ("minutes", True),
)  # fmt: skip


def _totals(lines: Sequence[CaseLine]) -> dict[str, Any]:
    done = [line for line in lines if line.state == "done"]
    return {
        "cases": len(lines),
        "unread": len(lines) - len(done),
        "declared": sum((line.declared or Decimal(0) for line in done), Decimal(0)),
        "supported": sum((line.supported or Decimal(0) for line in done), Decimal(0)),
        "pending": sum((line.pending or Decimal(0) for line in done), Decimal(0)),
        "deducted": sum((line.deducted or Decimal(0) for line in done), Decimal(0)),
        "hours": Decimal(sum(line.minutes for line in done)) / 60,
        **{
            key: sum(1 for line in done if line.eligibility == state)
            for key, state in (("fail", "fail"), ("open", "open"), ("passed", "pass"))
        },
        "cross": sum(1 for line in done if line.cross),
    }


def render_overview_xlsx(lines: Sequence[CaseLine], lang: str) -> bytes:
    """Return the overview as a workbook: frozen heading, filter; no cell can start a formula."""
    words, data = Words(lang), io.BytesIO()
    with new_book(data) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        money = book.add_format({"num_format": "#,##0.00"})
        share = book.add_format({"num_format": "0.00%"})
        sheet = book.add_worksheet(words.t("overview.sheet"))
        fields = [f for f in CaseLine.__slots__ if f != "link"]
        for column, name in enumerate(fields):
            sheet.write_string(0, column, words.t(f"overview.{name}"), head)
        for row, line in enumerate(triage(lines), 1):
            for column, name in enumerate(fields):
                value = getattr(line, name)
                if isinstance(value, Decimal):
                    style = share if name.startswith("share") else money
                    sheet.write_number(row, column, float(value), style)
                elif isinstance(value, int):
                    sheet.write_number(row, column, value)
                elif value:
                    shown = " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)
                    if name in {"eligibility", "state"}:
                        shown = words.t(f"overview.{name}.{value}")
                    sheet.write_string(row, column, shown)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(lines)), len(fields) - 1)
        sheet.set_column(0, 1, 30)
        sheet.set_column(2, len(fields) - 1, 14)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return data.getvalue()

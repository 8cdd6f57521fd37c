"""The cases on the table: one session each, what the page shows of it, one change at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit.errors import AuditError, InputUnusableError
from audit.i18n import told
from audit.model import Box, CaseReport, Severity, Verdict, stable_key
from audit.pipeline.decisions import Session, open_session
from audit.pipeline.pictures import PictureStore
from audit.policy import load_policy
from audit.report.html import environment, report_content
from audit.report.parts import Words, clock
from audit.report.pictures import Picture
from audit.text.rounding import wan
from audit.web.fields import FieldList
from audit.web.listing import line_of

#: How deep below the folder given cases are looked for (a batch has one folder a case).
DEPTH = 2


class ServedPictures:
    """Pictures by address: the browser asks for what it shows."""

    def __init__(self, case_id: str, report: CaseReport) -> None:
        """Know which page of the case has a picture."""
        self._case = case_id
        pages = enumerate(report.facts.pages)
        self._numbers = {(p.file, p.page.page_index): n for n, p in pages if p.picture}

    def now(self, file: str, page_index: int, box: Box | None, longest: int) -> Picture | None:
        """Return the address of the crop."""
        number = self._numbers.get((file, page_index))
        if number is None:
            return None
        cut = "" if box is None else "&box=" + ",".join(str(v) for v in box.rounded())
        return Picture(f"/cases/{self._case}/pages/{number}/crop?w={longest}{cut}")

    later = now


@dataclass
class OpenCase:
    """A case under review. ``lock`` is held for each decision and each look at the session."""

    id: str
    folder: Path
    session: Session
    lock: threading.RLock = field(default_factory=threading.RLock)


class Desk:
    """Every case below one folder, opened when it is first looked at."""

    def __init__(self, root: Path, lang: str) -> None:
        """Find the cases; raises ``InputUnusableError`` if there is none."""
        self.root, self.words = root, Words(lang)
        self._open: dict[str, OpenCase] = {}
        self._lock = threading.RLock()
        self._environment = environment(self.words, "audit.web")
        self.takes_more = root.is_dir() and not (root / "case.db").is_file()
        if not self.folders() and not self.takes_more:
            raise InputUnusableError(told("stop.no_results", folder=root))

    def folders(self) -> dict[str, Path]:
        """Return the output folders by case id, in order of their names."""
        if (self.root / "case.db").is_file():
            return {case_id(self.root): self.root}
        found: list[Path] = []
        for depth in range(1, DEPTH + 1):
            places = self.root.glob("/".join(["*"] * depth) + "/case.db")
            found += [p.parent for p in places if not _hidden(p.relative_to(self.root))]
        return {case_id(p): p for p in sorted(found)}

    def case(self, name: str) -> OpenCase:
        """Return a case by id, opening it if need be; raises ``KeyError`` for an unknown id."""
        with self._lock:
            if name not in self._open:
                folder = self.folders()[name]
                self._open[name] = OpenCase(name, folder, open_session(folder))
            return self._open[name]

    def listing(self) -> list[dict[str, Any]]:
        """Return one line a case: who, what holds, what is open; trouble is said in its line.

        Cases under review are shown as they stand now, all others as of their last report.
        """
        lines: list[dict[str, Any]] = []
        for name, folder in self.folders().items():
            line = {"id": name, "folder": folder.name, "trouble": ""}
            opened = self._open.get(name)
            try:
                if opened is None and (folder / "case.json").is_file():
                    lines.append({**line, **line_of(folder)})
                    continue
                case = self.case(name)
                with case.lock:
                    lines.append({**line, **self.state(case)})
            except AuditError as error:
                lines.append({**line, "trouble": str(error)})
        return lines

    def state(self, case: OpenCase) -> dict[str, Any]:
        """Return the figures of the bar at the top."""
        report = case.session.report()
        incl = report.waterfall.incl
        main = [g for g in report.groups if g.severity is not Severity.D]
        closed = [g for g in main if g.decision is not None and g.decision.action != "note"]
        verdicts = [c.verdict for c in report.conclusions]
        return {
            "applicant": report.facts.applicant.name or report.facts.name,
            "declared": wan(incl.declared),
            "supported": wan(incl.supported),
            "pending": wan(incl.pending),
            "deducted": wan(incl.deducted),
            "groups": len(main) - len(closed),
            "doubts": len(FieldList(report, self.words).doubtful()),
            "unchecked": len(case.session.unchecked()),
            "decisions": len(report.decisions),
            "failed": sum(1 for v in verdicts if v is Verdict.FAIL),
            "open": sum(1 for v in verdicts if v in {Verdict.OPEN, Verdict.UNDECIDED}),
            "passed": sum(1 for v in verdicts if v is Verdict.PASS),
        }

    def body(self, case: OpenCase) -> str:
        """Return the report's body with its forms alive."""
        report = case.session.report()
        content = report_content(
            report,
            load_policy(report.run.policy),
            self.words,
            ServedPictures(case.id, report),
        )
        return str(
            self._environment.get_template("body.html.j2").render(**content, live=True, omitted=0)
            + self._environment.get_template("log.html.j2").render(log=self.log(case))
        )

    def log(self, case: OpenCase) -> list[dict[str, Any]]:
        """Return the decisions, newest first, each with what it is about and whether it holds."""
        from audit.decide import standing

        report = case.session.report()
        every = case.session.decisions()
        holding = {d.seq for d in standing(every)}
        checked = {d.target: d.actor for d in standing(every) if d.action == "check"}
        names = _names(report, self.words)
        return [
            {
                "seq": d.seq,
                "at": clock(d.at),
                "actor": d.actor,
                "action": self.words.t(f"action.{d.action}"),
                "about": names.get(d.target, f"#{d.target}" if d.target.isdigit() else d.target),
                "field": self.words.t(f"field.{d.field_name}") if d.field_name else "",
                "value": d.value,
                "reason": d.reason,
                "holds": d.seq in holding and d.action != "undo",
                "checked": checked.get(str(d.seq), ""),
                "checkable": d.action not in {"undo", "check", "note"},
            }
            for d in reversed(every)
        ]

    def pictures(self, case: OpenCase) -> PictureStore:
        """Return the case's crops."""
        return PictureStore(case.folder / "pages", case.session.report().facts.pages)

    def script_words(self) -> dict[str, Any]:
        """Return the sentences that the page's script says."""
        t = self.words.t
        names = (
            "failed", "need_actor", "need_reason", "need_ruling", "done", "no_doubts",
            "nothing_to_undo", "fits", "reason", "reading", "sending", "pick",
        )  # fmt: skip
        acts = ("dismiss_group", "dismiss_finding", "rule", "note", "mark_seal")
        states = ("confirmed", "read", "doubtful", "missing", "corrected")
        return {
            **{name: t(f"web.js.{name}") for name in names},
            "act": {name: t(f"act.{name}") for name in acts},
            "status": {name: t(f"status.{name}") for name in states},
        }

    def render(self, template: str, **values: object) -> str:
        """Return one of our pages."""
        return str(self._environment.get_template(template).render(**values))


def _hidden(path: Path) -> bool:
    """Tell whether any part begins with a dot: uploaded papers are no output folders."""
    return any(part.startswith(".") for part in path.parts)


def case_id(folder: Path) -> str:
    """Return the id of an output folder: a hash of where it is, never its name."""
    return stable_key("review", folder.resolve())


def _names(report: CaseReport, words: Words) -> Mapping[str, str]:
    facts = report.facts
    return {
        **{d.key: f"{words.t(f'kind.{d.kind.value}')} {d.id}" for d in facts.documents},
        **{r.key: f"{words.t('col.row')} {r.row}" for r in facts.rows},
        **{s.key: s.id for s in facts.seals},
        **{f.key: f.id for f in report.findings},
        **{g.key: g.id for g in report.groups},
        "applicant": words.t("applicant"),
    }

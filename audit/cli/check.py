"""``audit check``: runs the cases one after another and tells how each went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Self

from audit import i18n
from audit.cli.spotcheck import money_line
from audit.errors import AuditError, InputUnusableError
from audit.model import CaseReport, FileStatus, RowRole, Severity, Verdict
from audit.pipeline.executor import Executor, PoolExecutor, SerialExecutor
from audit.pipeline.run import RunOptions, check_case, worst_problem


def run_checks(
    cases: Sequence[Path],
    out: Path,
    policy: str,
    lang: str,
    jobs: int,
    fail_on: str,
) -> tuple[int, bool]:
    """Check each case; several cases get a folder each under ``out``.

    Returns (exit code, whether a finding of severity ``fail_on`` or worse exists).
    """
    executor: Executor = PoolExecutor(jobs) if jobs > 0 else SerialExecutor()
    code, found = 0, False
    failed: AuditError | None = None
    for case, target in zip(cases, _targets(cases, out), strict=True):
        try:
            with Bar(lang) as bar:
                report = check_case(case, target, RunOptions(policy, lang), executor, bar.show)
        except AuditError as error:
            if len(cases) == 1:
                raise
            sys.stderr.write(
                i18n.text("cli.line", {"name": str(case), "what": str(error)}, lang) + "\n"
            )
            failed = failed or error
            continue
        sys.stdout.write(summary(report, target, lang) + "\n")
        code = max(code, worst_problem(report))
        found = found or _has(report, fail_on)
    return (failed.exit_code if failed else code), found


def demo_folder() -> Path:
    """Return the folder of the demo case: beside the sources, or inside the installed package."""
    for place in (
        Path(str(resources.files("audit"))).parent / "cases" / "demo",
        Path(str(resources.files("audit"))) / "_data" / "cases" / "demo",
    ):
        if place.is_dir():
            return place
    raise InputUnusableError(i18n.told("cli.no_demo"))


def summary(report: CaseReport, out: Path, lang: str = i18n.DEFAULT_LANGUAGE) -> str:
    """Return a few lines for the terminal: what holds, what not, where the report is."""
    fails = [
        f for f in report.findings if f.verdict is Verdict.FAIL and f.severity is not Severity.D
    ]
    open_ones = [
        f
        for f in report.findings
        if f.verdict is Verdict.UNDECIDED and f.severity is not Severity.D
    ]
    facts = report.facts
    refused = [f for f in facts.files if f.status is FileStatus.REJECTED]

    def said(key: str, **params: object) -> str:
        return i18n.text(f"cli.check.{key}", {n: str(v) for n, v in params.items()}, lang)

    name = facts.applicant.name or facts.name
    files = sum(1 for f in facts.files if f.status is not FileStatus.IGNORED)
    groups = sum(1 for g in report.groups if g.severity is not Severity.D)
    has_ledger = any(row.role is RowRole.ITEM for row in facts.rows)
    lines = [
        said("size", case=name, files=files, pages=len(facts.pages)),
        money_line(report.waterfall.incl, lang) if has_ledger else said("no_ledger"),
        said("found", fails=len(fails), open=len(open_ones), groups=groups),
    ]
    lines += [said("refused", count=len(refused))] if refused else []
    return "\n".join([*lines, said("report", file=out / "report.html")])


def _targets(cases: Sequence[Path], out: Path) -> list[Path]:
    if len(cases) == 1:
        return [out]
    names = [case.resolve().name for case in cases]
    doubled = {n for n in names if names.count(n) > 1}
    return [out / (f"{n}-{i}" if n in doubled else n) for i, n in enumerate(names, 1)]


def _has(report: CaseReport, fail_on: str) -> bool:
    return any(f.verdict is Verdict.FAIL and f.severity.value <= fail_on for f in report.findings)


class Bar:
    """A progress bar on a terminal; silent elsewhere."""

    def __init__(self, lang: str) -> None:
        """Prepare; nothing is drawn before the first report of progress."""
        self._lang = lang
        self._bar = None
        self._tasks: dict[str, object] = {}
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Take a report of progress from the pipeline."""
        if self._bar is None:
            return
        from rich.progress import TaskID

        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(
                i18n.text(f"stage.{stage}", lang=self._lang), total=total
            )
        task = self._tasks[stage]
        assert isinstance(task, int)
        self._bar.update(TaskID(task), completed=done, total=total)

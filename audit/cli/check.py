"""``audit check``: runs the cases one after another and tells how each went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Self

from audit import i18n
from audit.errors import AuditError, InputUnusableError
from audit.model import CaseReport, Severity, Verdict
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
            sys.stderr.write(f"{case}：{error}\n")
            failed = failed or error
            continue
        sys.stdout.write(summary(report, target) + "\n")
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
    raise InputUnusableError(
        "示例案卷不在安装包中。请从源代码目录运行，或用 audit check 核验自己的文件夹。"
    )


def summary(report: CaseReport, out: Path) -> str:
    """Return a few lines for the terminal: what holds, what not, where the report is."""
    fails = [
        f for f in report.findings if f.verdict is Verdict.FAIL and f.severity is not Severity.D
    ]
    open_ones = [
        f
        for f in report.findings
        if f.verdict is Verdict.UNDECIDED and f.severity is not Severity.D
    ]
    basis = report.waterfall.incl
    lines = [
        f"{report.facts.applicant.name or report.facts.name}：{len(report.facts.files)} 个文件，{len(report.facts.pages)} 页",
        f"申报 {basis.declared:,.2f} 元 = 有支撑 {basis.supported:,.2f} + 待核 {basis.pending:,.2f} + 核减 {basis.deducted:,.2f}（含税）",
        f"不通过 {len(fails)} 项，待人工 {len(open_ones)} 项，归并为 {len(report.groups)} 组",
    ]
    refused = [f for f in report.facts.files if f.status.value == "rejected-with-reason"]
    if refused:
        lines.append(f"有 {len(refused)} 个文件未能读取，原因见报告的文件清单")
    lines.append(f"报告：{out / 'report.html'}")
    return "\n".join(lines)


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

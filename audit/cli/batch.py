"""``audit batch``: every case folder below a folder, and one overview at the end."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from audit import __version__, i18n
from audit.errors import EXIT_OK, EXIT_WITH_WARNINGS
from audit.i18n import told
from audit.log import TechnicalLog


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What a person can choose; empty ``registry``: one beside the results."""

    policy: str
    lang: str
    jobs: int
    registry: str = ""
    scheduler: str = ""
    key: Path | None = None


def run(root: Path, out: Path, options: BatchOptions) -> int:
    """Check every case below ``root`` into ``out``; returns the public exit code."""
    from audit.model import Holder
    from audit.pipeline.batch import lines_of, meet, plan, run_batch
    from audit.pipeline.registry_files import read_key
    from audit.pipeline.run import RunOptions
    from audit.report.overview import write_overview

    todo = plan(root, out, RunOptions(options.policy, options.lang))
    out.mkdir(parents=True, exist_ok=True)
    secret = None if options.key is None else read_key(options.key)
    with TechnicalLog(out) as log:
        log.event("batch", version=__version__, cases=len(todo), jobs=options.jobs)
        with log.stage("cases"), _Bars(options.lang, len(todo)) as bars:
            if options.scheduler:
                from audit.pipeline.cluster import run_on_cluster

                results = run_on_cluster(todo, options.scheduler, bars.finished)
            else:
                results = run_batch(todo, options.jobs, bars.show)
        # A case's folder is called like its company: it goes by its number here.
        for number, result in enumerate(results, 1):
            log.event("batch.case", case=number, exit=result.code)
        with log.stage("registry"):
            place = options.registry or str(out / "registry.db")
            reports = meet(results, place, Holder(""), secret)
        with log.stage("overview"):
            write_overview(list(lines_of(results, reports, options.policy)), out, options.lang)
    for result in results:
        if result.trouble:
            sys.stderr.write(told("cli.line", name=result.name, what=result.trouble) + "\n")
    done = sum(1 for r in results if not r.trouble)
    page = out / "overview.html"
    sys.stdout.write(told("cli.batch.done", done=done, cases=len(results), file=page) + "\n")
    code = max((r.code for r in results), default=EXIT_OK)
    return code if done == 0 else EXIT_WITH_WARNINGS if code else EXIT_OK


class _Bars:
    """One bar for all cases and one for each under way; silent when not on a terminal."""

    def __init__(self, lang: str, cases: int) -> None:
        self._lang, self._cases = lang, cases
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            name = i18n.text("stage.batch", lang=self._lang)
            self._tasks[""] = self._bar.add_task(name, total=self._cases)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, case: str, stage: str, done: int, total: int) -> None:
        """Take a report of progress of one case."""
        if self._bar is None:
            return
        if case not in self._tasks:
            self._tasks[case] = self._bar.add_task(case, total=total)
        if stage == "report" and done == total:
            self._bar.remove_task(self._tasks[case])
            self.finished(case)
        else:
            self._bar.update(self._tasks[case], completed=done, total=total)

    def finished(self, _case: str) -> None:
        """Count one case as done."""
        if self._bar is not None:
            self._bar.advance(self._tasks[""])

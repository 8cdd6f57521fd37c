"""Many cases: each in its own workspace, several at a time, resumed by content, one overview.

The order of results follows the cases' names, never the clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audit import i18n
from audit.errors import AuditError, InputUnusableError
from audit.i18n import told
from audit.model import CaseFacts, CaseReport, CrossView, Holder
from audit.pipeline.executor import Executor, PoolExecutor
from audit.pipeline.intake import is_litter
from audit.pipeline.run import RunOptions, check_case, worst_problem
from audit.policy import load_policy

if TYPE_CHECKING:
    from audit.report.overview import CaseLine


@dataclass(frozen=True, slots=True)
class CaseJob:
    """One case to check; picklable, so that another machine can do it."""

    name: str
    folder: str
    out: str
    run: RunOptions
    workers: int = 1


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went: its exit code, and why it could not be done if it could not."""

    name: str
    out: str
    code: int
    trouble: str = ""


#: Called with (case, stage, done, total); from several threads.
BatchProgress = Callable[[str, str, int, int], None]


def find_cases(root: Path) -> list[Path]:
    """Return the case folders directly below ``root``, by name.

    Raises ``InputUnusableError`` if there is none.
    """
    if not root.is_dir():
        raise InputUnusableError(told("stop.no_folder", folder=root))
    found = sorted(
        (p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and not is_litter(p.name)),
        key=lambda p: p.name,
    )
    if not found:
        raise InputUnusableError(told("stop.no_cases", folder=root))
    return found


def plan(root: Path, out: Path, run: RunOptions) -> list[CaseJob]:
    """Return the jobs of a batch, one case folder each, in order of name."""
    if out.resolve().is_relative_to(root.resolve()):
        raise InputUnusableError(told("stop.out_inside", folder=out))
    return [CaseJob(p.name, str(p), str(out / p.name), run) for p in find_cases(root)]


def run_case(job: CaseJob, progress: BatchProgress | None = None) -> CaseResult:
    """Check one case; trouble with it is a result, never an exception of the ``AuditError`` tree."""

    def told(stage: str, done: int, total: int) -> None:
        if progress is not None:
            progress(job.name, stage, done, total)

    i18n.use(job.run.lang)  # on another machine nobody has said it yet
    executor: Executor = PoolExecutor(job.workers)
    try:
        report = check_case(Path(job.folder), Path(job.out), job.run, executor, told)
    except AuditError as error:
        return CaseResult(job.name, job.out, error.exit_code, str(error))
    return CaseResult(job.name, job.out, worst_problem(report))


def run_batch(
    jobs: Sequence[CaseJob], at_once: int, progress: BatchProgress | None = None
) -> list[CaseResult]:
    """Run the jobs, ``at_once`` cases at a time; results in the order of the jobs."""
    lock = threading.Lock()

    def told(case: str, stage: str, done: int, total: int) -> None:
        if progress is not None:
            with lock:
                progress(case, stage, done, total)

    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        running = [pool.submit(run_case, job, told) for job in jobs]
        try:
            return [future.result() for future in running]
        except BaseException:
            for future in running:
                future.cancel()
            raise


def meet(
    results: Sequence[CaseResult], place: str, base: Holder, key: bytes | None = None
) -> dict[str, CaseReport]:
    """Record every finished case in the registry, then judge each anew with what the others show.

    Returns the reports by case. Recording comes first for all, so that the order of cases does
    not matter.
    """
    from audit.pipeline.crosscase import holder_of, look_up, sightings_of
    from audit.pipeline.rejudge import facts_of, rejudge
    from audit.store.registry import Registry

    done = [r for r in results if not r.trouble]
    reports = {}
    with Registry(place) as book:
        shown = {}
        for result in done:
            facts = facts_of(Path(result.out))
            holder = holder_of(facts, replace(base, case=result.name))
            shown[result.name] = (holder, sightings_of(facts, Path(result.out) / "pages"))
            book.record(*shown[result.name])
        for result in done:
            view = look_up(book, *shown[result.name], key)
            change = partial(_with_view, view=view)
            reports[result.name] = rejudge(Path(result.out), change, "registry", "batch")
    return reports


def _with_view(facts: CaseFacts, view: CrossView) -> CaseFacts:
    return replace(facts, cross=view)


def lines_of(
    results: Sequence[CaseResult], reports: dict[str, CaseReport], policy: str
) -> Iterator[CaseLine]:
    """Yield the overview's line of every case, in order."""
    from audit.report.overview import CaseLine, line_of

    share = load_policy(policy).deciding_share
    for result in results:
        report = reports.get(result.name)
        if report is None:
            yield CaseLine(result.name, state="failed", trouble=result.trouble)
        else:
            yield line_of(result.name, report, share, f"{result.name}/report.html")

"""All pages of a case: intake, survey, page tasks, cache and resume.

The parent alone writes to the workspace. Killed at any moment and run again, the pages already
kept are taken from the cache and the result is the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import (
    PageResult,
    Problem,
    codec,
    problem,
)
from audit.pipeline.executor import Done, Executor, Job
from audit.pipeline.guard import PATIENCE
from audit.pipeline.intake import Intake, adopt, shown_name, take_in
from audit.pipeline.journal import tell_intake, tell_pages, tell_survey
from audit.pipeline.spool import is_spooled, open_survey, spooled_page
from audit.pipeline.stage import digest, stage_version
from audit.pipeline.tasks import PageTask, SurveyTask, run_pages, run_survey
from audit.pipeline.unread import is_unread, of_file, unread_page
from audit.settings import Limits, Options
from audit.store.workspace import Workspace

if TYPE_CHECKING:
    from audit.readers import FileSurvey


@dataclass(frozen=True, slots=True)
class FilePages:
    """One file of the case with all its pages as read; ``pictures`` runs beside ``results``."""

    intake: Intake
    pages: int
    problems: tuple[Problem, ...]
    results: tuple[PageResult, ...] = ()
    pictures: tuple[str, ...] = ()
    same_as: str = ""


Progress = Callable[[str, int, int], None]
"""Called with the stage (``survey``, ``pages``), how many are done, how many there are."""


@dataclass
class _File:
    """What the parent knows about one file while the run goes on."""

    intake: Intake
    depth: int = 0
    survey: FileSurvey | None = None
    problems: list[Problem] = field(default_factory=list)
    members: list[_File] = field(default_factory=list)
    results: dict[int, tuple[PageResult, str]] = field(default_factory=dict)
    same_as: str = ""
    tried: bool = False
    """A first survey failed and was asked for again."""


class Collector:
    """Reads a case into a workspace. One use per run."""

    def __init__(
        self,
        workspace: Workspace,
        executor: Executor,
        options: Options,
        limits: Limits,
        progress: Progress,
    ) -> None:
        """Keep the parts; nothing is read yet."""
        self._space = workspace
        self._executor = executor
        self._options = options
        self._limits = limits
        self._progress = progress
        self._first: dict[str, str] = {}
        self._spools = 0
        self._unpacked, self._unpacked_bytes = 0, 0
        self._stage = stage_version(options)

    def read_case(self, folder: Path) -> tuple[FilePages, ...]:
        """Return every file below ``folder`` with its pages, in order of path."""
        # What a run that was killed left behind must never be taken for this run's.
        shutil.rmtree(self._space.work, ignore_errors=True)
        content = self._space.work / "content"
        log = self._space.technical
        with log.stage("intake"):
            files = [_File(i) for i in take_in(folder, content, self._limits)]
        tell_intake(log, [f.intake for f in files])
        with log.stage("survey"):
            self._survey(files)
        every = list(_flat(files))
        with log.stage("pages"):
            self._read_pages(every)
        return tuple(self._finished(f) for f in every)

    # -- survey ---------------------------------------------------------------------------

    def _survey(self, files: list[_File]) -> None:
        jobs: list[tuple[Job, _File]] = []
        done = 0
        for file in files:
            jobs.extend(self._survey_jobs(file))
        total = len(jobs)
        waiting = {id(job): file for job, file in jobs}

        def on_done(outcome: Done) -> Iterator[Job]:
            nonlocal done, total
            file = waiting.pop(id(outcome.job))
            more = list(self._take_survey(file, outcome))
            tell_survey(self._space.technical, file.intake, file.survey, outcome)
            waiting.update({id(job): member for job, member in more})
            total += len(more)
            done += 1
            self._progress("survey", done, total)
            return iter([job for job, _ in more])

        self._executor.run([job for job, _ in jobs], on_done)

    def _survey_jobs(self, file: _File) -> list[tuple[Job, _File]]:
        """Return the job that surveys this file: none if cached, refused or seen before."""
        intake = file.intake
        if intake.content is None:
            return []
        if intake.sha256 in self._first:
            file.same_as = self._first[intake.sha256]
            return []
        self._first[intake.sha256] = intake.file
        cached = self._space.survey(self._survey_key(intake))
        if cached is not None:
            opened = open_survey(cached, self._limits)
            if opened is not None:
                file.survey, problems, _ = opened
                file.problems.extend(problems)
                return []
        return [(self._survey_job(intake), file)]

    def _survey_job(self, intake: Intake) -> Job:
        spool = self._new_spool()
        task = SurveyTask(str(intake.content), intake.file, str(spool), self._limits)
        return Job(run_survey, task, 3.0 * PATIENCE * self._limits.page_seconds)

    def _take_survey(self, file: _File, outcome: Done) -> list[tuple[Job, _File]]:
        opened = None
        if outcome.failure is None:
            opened = open_survey(outcome.value, self._limits)
        if opened is None:
            if outcome.hung or file.tried:
                file.problems.append(outcome.failure or problem("E511", signal="?"))
                return []
            file.tried = True
            return [(self._survey_job(file.intake), file)]
        file.survey, problems, members = opened
        file.problems.extend(problems)
        if members and file.depth >= self._limits.archive_depth:
            file.problems.append(problem("E505", limit=self._limits.archive_depth))
            return []
        if not members:
            from audit.readers import FileFormat

            if file.survey.format is not FileFormat.ARCHIVE:
                self._space.keep_survey(self._survey_key(file.intake), outcome.value)
            return []
        return self._take_members(file, members, Path(outcome.job.argument.spool))

    def _take_members(
        self, file: _File, members: list[tuple[str, Path]], spool: Path
    ) -> list[tuple[Job, _File]]:
        jobs = []
        store = self._space.work / "content"
        for name, path in sorted(members):
            shown = f"{file.intake.file}!/{shown_name(name)}"
            member = _File(self._adopted(path, shown, store, spool), depth=file.depth + 1)
            file.members.append(member)
            jobs.extend(self._survey_jobs(member))
        shutil.rmtree(spool, ignore_errors=True)
        return jobs

    def _adopted(self, path: Path, shown: str, store: Path, spool: Path) -> Intake:
        """Take in a member within the limits that hold for all archives of the case together."""
        if not is_spooled(path, spool):
            return Intake(shown, problems=(problem("E302", reason="?"),))
        self._unpacked += 1
        self._unpacked_bytes += path.lstat().st_size
        most = self._limits.case_files
        if self._unpacked > most:
            return Intake(shown, problems=(problem("E504", count=self._unpacked, limit=most),))
        if self._unpacked_bytes > self._limits.case_bytes:
            sizes = (self._unpacked_bytes, self._limits.case_bytes)
            size, limit = (f"{one / 1e6:.0f} MB" for one in sizes)
            return Intake(shown, problems=(problem("E502", size=size, limit=limit),))
        return adopt(path, shown, store)

    def _survey_key(self, intake: Intake) -> str:
        return digest(self._stage, intake.sha256, Path(intake.file).suffix.lower())

    # -- pages ----------------------------------------------------------------------------

    def _read_pages(self, files: list[_File]) -> None:
        waiting: dict[int, tuple[_File, PageTask, bool]] = {}
        jobs: list[Job] = []
        total, done = 0, 0
        for file in files:
            missing = self._take_cached(file)
            total += 0 if file.survey is None else file.survey.pages
            done += len(file.results)
            step = self._limits.task_pages
            jobs += [
                self._page_job(file, missing[start : start + step], waiting)
                for start in range(0, len(missing), step)
            ]

        def on_done(outcome: Done) -> Iterator[Job]:
            nonlocal done
            file, task, alone = waiting.pop(id(outcome.job))
            before = len(file.results)
            left = self._take_spooled(file, task)
            tell_pages(self._space.technical, file.intake, task.page_indexes, left, outcome)
            again = list(self._after_failure(file, outcome, left, alone, waiting))
            done += len(file.results) - before
            self._progress("pages", done, total)
            return iter(again)

        self._progress("pages", done, total)
        self._executor.run(jobs, on_done)

    def _take_cached(self, file: _File) -> list[int]:
        """Fill in the pages that are known already; return the indexes that are not."""
        if file.survey is None or file.same_as:
            return []
        missing = []
        for index in range(file.survey.pages):
            kept = self._space.page(self._page_key(file.intake, index))
            result = None if kept is None else _kept_result(kept[0])
            if kept is None or result is None:
                missing.append(index)
            else:
                file.results[index] = (result, kept[1])
        return missing

    def _page_job(
        self,
        file: _File,
        indexes: Iterable[int],
        waiting: dict[int, tuple[_File, PageTask, bool]],
        *,
        alone: bool = False,
    ) -> Job:
        assert file.survey is not None
        wanted = tuple(indexes)
        task = PageTask(
            str(file.intake.content),
            file.intake.file,
            codec.dumps(file.survey),
            wanted,
            str(self._new_spool()),
            self._options,
            self._limits,
        )
        seconds = PATIENCE * self._limits.page_seconds * (len(wanted) + 1.0)
        job = Job(run_pages, task, seconds)
        waiting[id(job)] = (file, task, alone)
        return job

    def _take_spooled(self, file: _File, task: PageTask) -> list[int]:
        """Keep what the task left in its spool; return the pages it did not finish."""
        spool, left = Path(task.spool), []
        for index in task.page_indexes:
            found = spooled_page(spool, file.intake.sha256, index)
            if found is None:
                left.append(index)
                continue
            result, data, shot = found
            name = self._space.keep_page(self._page_key(file.intake, index), data, shot)
            file.results[index] = (result, name)
        shutil.rmtree(spool, ignore_errors=True)
        return left

    def _after_failure(
        self,
        file: _File,
        outcome: Done,
        left: list[int],
        alone: bool,
        waiting: dict[int, tuple[_File, PageTask, bool]],
    ) -> Iterator[Job]:
        """Blame the first unfinished page: try it once more alone, unless it hung; go on behind it."""
        if not left:
            return
        culprit, rest = left[0], left[1:]
        failure = outcome.failure or problem("E302", reason="页面缺失")
        if alone or outcome.hung or outcome.failure is None:
            file.results[culprit] = (unread_page(file.intake, culprit, failure), "")
        else:
            yield self._page_job(file, [culprit], waiting, alone=True)
        if rest:
            yield self._page_job(file, rest, waiting)

    def _page_key(self, intake: Intake, index: int) -> str:
        return digest(self._stage, intake.sha256, str(index))

    # -- the rest -------------------------------------------------------------------------

    def _new_spool(self) -> Path:
        self._spools += 1
        spool = self._space.work / "spool" / str(self._spools)
        spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        return spool

    def _finished(self, file: _File) -> FilePages:
        ordered = [file.results[i] for i in sorted(file.results)]
        unread = [r.page.page_index for r, _ in ordered if is_unread(r)]
        problems = [*file.intake.problems, *file.problems]
        if unread and len(unread) == len(ordered):
            # No page to show: the file is refused, with what its pages say.
            problems += dict.fromkeys(of_file(p) for r, _ in ordered for p in r.problems)
            problems.append(problem("E304"))
            ordered = []
        elif unread:
            problems.append(problem("W305", pages="、".join(str(i + 1) for i in unread)))
        return FilePages(
            file.intake,
            0 if file.survey is None else file.survey.pages,
            tuple(problems),
            tuple(result for result, _ in ordered),
            tuple(picture for _, picture in ordered),
            file.same_as,
        )


def _kept_result(data: bytes) -> PageResult | None:
    try:
        return codec.loads(PageResult, data)
    except ValueError:
        return None


def _flat(files: Iterable[_File]) -> Iterator[_File]:
    for file in files:
        yield file
        yield from _flat(file.members)

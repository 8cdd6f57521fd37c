"""Throws files at the readers inside guarded workers and tells what came of each.

As a command: ``python -m tests.hostile.probe`` runs the corpus and prints what was told.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audit.pipeline.executor import Done, Job, PoolExecutor
from audit.pipeline.guard import page_deadline
from audit.settings import DEFAULT_LIMITS, Limits
from tests.hostile.corpus import OK, Bad, corpus

#: Shorter than a real run allows, so that files that hang cost the tests little.
LIMITS = replace(DEFAULT_LIMITS, page_seconds=10)
#: Pages drawn of one file: enough to meet its trouble.
_MOST_PAGES = 4


@dataclass(frozen=True)
class Attempt:
    """One file for a worker."""

    path: str
    name: str
    folder: str
    limits: Limits


@dataclass(frozen=True)
class Told:
    """What came of a file: its codes, pages drawn, how its worker ended."""

    name: str
    codes: frozenset[str]
    pages: int


def look(attempt: Attempt) -> tuple[list[str], int]:
    """Survey a file, unpack it or read and draw its pages; returns the codes told."""
    from audit.readers import FileFormat, UnreadableError, open_pages, survey, unpack

    path = Path(attempt.path)
    with page_deadline(attempt.limits.page_seconds) as restart:
        found = survey(path, attempt.name, attempt.limits)
        codes = [p.code for p in found.problems]
        if found.format is FileFormat.ARCHIVE:
            _, problems = unpack(path, Path(attempt.folder), attempt.limits)
            return codes + [p.code for p in problems], 0
        if not found.readable:
            return codes, 0
        indexes = sorted({*range(min(found.pages, _MOST_PAGES)), found.pages - 1})
        for page in open_pages(path, found, indexes, attempt.limits):
            restart()
            codes += [p.code for p in page.content.problems]
            try:
                page.raster()
            except UnreadableError as error:
                codes.append(error.problem.code)
    return codes, len(indexes)


def throw(files: Iterable[Bad], folder: Path, workers: int = 2) -> dict[str, Told]:
    """Return what is told of each file, by its name."""
    jobs: dict[int, str] = {}
    told: dict[str, Told] = {}

    def on_done(done: Done) -> Iterator[Job]:
        name = jobs.pop(id(done.job))
        if done.failure is not None:
            told[name] = Told(name, frozenset({done.failure.code}), 0)
        else:
            codes, pages = done.value
            told[name] = Told(name, frozenset(codes), pages)
        return iter(())

    queue = []
    for number, file in enumerate(files):
        path = folder / hashlib.sha256(file.data).hexdigest()
        path.write_bytes(file.data)
        own = folder / f"out{number}"
        own.mkdir()
        job = Job(look, Attempt(str(path), file.name, str(own), LIMITS), 60.0)
        jobs[id(job)] = file.name
        queue.append(job)
    PoolExecutor(workers).run(queue, on_done)
    return told


def accepted(file: Bad, told: Told) -> bool:
    """Tell whether what was told of a file is what it had to earn."""
    if "E900" in told.codes:
        return False
    if told.codes & file.expect:
        return True
    return OK in file.expect and not any(code.startswith("E") for code in told.codes)


def main() -> int:
    """Run the corpus; prints the files whose outcome is not among the expected ones."""
    wanted = sys.argv[1:]
    files = [f for f in corpus() if not wanted or f.name in wanted]
    with tempfile.TemporaryDirectory() as folder:
        told = throw(files, Path(folder))
    wrong = 0
    for file in files:
        result = told[file.name]
        good = accepted(file, result)
        wrong += not good
        if wanted or not good:
            print(file.name, sorted(result.codes), result.pages, "of", sorted(file.expect))  # noqa: T201
    counts = Counter(code for result in told.values() for code in result.codes or {OK})
    print(dict(sorted(counts.items())))  # noqa: T201
    print(len(files), "files,", wrong, "not as expected")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""New cases at the review page: uploaded or chosen folders, read one at a time, with progress."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from audit import i18n
from audit.errors import AuditError, InputUnusableError
from audit.model import stable_key
from audit.settings import DEFAULT_LIMITS, default_jobs

#: Where uploaded papers are kept, below the folder of the cases.
UPLOADS = ".uploads"
LONGEST_NAME = 120
_BAD = frozenset('<>:"|?*')
Check = Callable[[Path, Path, Callable[[str, int, int], None]], None]


class Sent(Protocol):
    """An uploaded file as the web framework gives it."""

    filename: str | None
    file: BinaryIO


@dataclass
class Job:
    """One case being read. ``state``: running, done, failed."""

    id: str
    name: str
    state: str = "running"
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    case: str = ""


class Intake:
    """Takes in one case after another; ``check`` reads it (the pipeline, in production)."""

    def __init__(self, root: Path, lang: str, check: Check | None = None) -> None:
        """Put new cases below ``root``."""
        self._root, self._lang = root, lang
        self._check = check or _check_case(lang)
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def job(self, name: str) -> dict[str, Any]:
        """Return how a job goes; raises ``KeyError`` for an unknown one."""
        return asdict(self._jobs[name])

    def receive(self, files: Sequence[Sent]) -> Job:
        """Keep uploaded files and start reading them; the folder they lay in names the case."""
        if not files:
            raise InputUnusableError(i18n.text("report.web.new.nothing", lang=self._lang))
        if len(files) > DEFAULT_LIMITS.case_files:
            raise InputUnusableError(i18n.text("report.web.new.many", lang=self._lang))
        paths = [safe_path(f.filename or "") for f in files]
        tops = {p[0] for p in paths if len(p) > 1}
        name = tops.pop() if len(tops) == 1 and all(len(p) > 1 for p in paths) else ""
        folder = self._free(self._root / UPLOADS / stable_key(*paths)) / (name or "案卷")
        for path, sent in zip(paths, files, strict=True):
            target = folder.joinpath(*(path[1:] if name else path))
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._free(target).open("xb") as out:
                shutil.copyfileobj(sent.file, out, 1 << 20)
        return self.start(folder)

    def choose(self, typed: str) -> Job:
        """Start reading a folder of this machine."""
        folder = Path(typed.strip())
        if not typed.strip() or not folder.is_absolute() or not folder.is_dir():
            raise InputUnusableError(i18n.text("report.web.new.no_folder", lang=self._lang))
        if self._root.resolve().is_relative_to(folder.resolve()):
            raise InputUnusableError(i18n.text("report.web.new.inside", lang=self._lang))
        return self.start(folder)

    def start(self, folder: Path) -> Job:
        """Read ``folder`` in the background; refused while another case is being read."""
        with self._lock:
            if any(j.state == "running" for j in self._jobs.values()):
                raise InputUnusableError(i18n.text("report.web.new.busy", lang=self._lang))
            job = Job(stable_key("job", len(self._jobs), folder), folder.name)
            self._jobs[job.id] = job
        out = self._free(self._root / safe_name(folder.name))
        threading.Thread(target=self._run, args=(job, folder, out), daemon=True).start()
        return job

    def _run(self, job: Job, folder: Path, out: Path) -> None:
        from audit.web.desk import case_id

        def show(stage: str, done: int, total: int) -> None:
            job.stage = i18n.text(f"stage.{stage}", lang=self._lang)
            job.done, job.total = done, total

        try:
            self._check(folder, out, show)
            job.case, job.state = case_id(out), "done"
        except AuditError as error:
            job.error, job.state = str(error), "failed"
        except Exception as error:  # noqa: BLE001 - a job's end is told to the page, never lost
            job.error, job.state = f"{type(error).__name__}", "failed"

    @staticmethod
    def _free(path: Path) -> Path:
        """Return ``path``, or the first ``path-2`` … that is not there yet."""
        tries = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in range(2, 10_000))
        return path if not path.exists() else next(p for p in tries if not p.exists())


def safe_path(name: str) -> tuple[str, ...]:
    """Return the parts of an uploaded name: no way out, no control characters, not too deep."""
    parts = [safe_name(p) for p in name.replace("\\", "/").split("/") if p not in {"", ".", ".."}]
    return tuple(parts[-DEFAULT_LIMITS.folder_depth :]) or ("file",)


def safe_name(name: str) -> str:
    """Return a name that every file system takes and that leads nowhere else."""
    kept = "".join(c for c in name if c.isprintable() and c not in _BAD and c not in "/\\")
    kept = kept.strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST_NAME and dot:
        kept = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:LONGEST_NAME] or "file"


def _check_case(lang: str) -> Check:
    def check(folder: Path, out: Path, progress: Callable[[str, int, int], None]) -> None:
        from audit.pipeline.executor import PoolExecutor
        from audit.pipeline.run import RunOptions, check_case

        check_case(folder, out, RunOptions(lang=lang), PoolExecutor(default_jobs()), progress)

    return check

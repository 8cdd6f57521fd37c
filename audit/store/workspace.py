"""The workspace of a case: ``case.db`` (SQLite) and ``pages/`` in the output folder.

One writer, the parent process; WAL and FULL sync so that SIGKILL at any moment loses at most
the page in flight (RELIABILITY, design 4).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from audit.atomic import PART_PREFIX, output_error, write_atomic
from audit.errors import IntegrityError, OutputUnusableError, WorkspaceInUseError
from audit.i18n import told
from audit.log import TechnicalLog
from audit.store.log import SCHEMA as LOG_SCHEMA
from audit.store.log import AuditLog

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS survey (
  key TEXT PRIMARY KEY,
  result BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (
  key TEXT PRIMARY KEY,
  result BLOB NOT NULL,
  picture TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
"""


class Workspace:
    """An open workspace; holds the lock until closed. Use as a context manager.

    Raises ``OutputUnusableError`` if the folder cannot be written, ``WorkspaceInUseError`` if
    another process holds it, ``IntegrityError`` if the database is damaged or newer.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the workspace in ``folder``."""
        self.folder = folder
        self.pages = folder / "pages"
        self.work = folder / ".work"
        _make_folders(folder, self.pages, self.work)
        self._lock = _take_lock(folder / ".lock")
        self.technical = TechnicalLog(folder)
        _sweep(folder, self.pages)
        try:
            self._db = _open_database(folder / "case.db")
        except BaseException as error:
            self.technical.failed(error)
            self.technical.close()
            self._lock()
            raise

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        """Note what went wrong, if anything; close database and lock."""
        if error is not None:
            self.technical.failed(error)
        self.close()

    def close(self) -> None:
        """Close the database, remove temporary content, free the lock."""
        self._db.close()
        shutil.rmtree(self.work, ignore_errors=True)
        self.technical.close()
        self._lock()

    def survey(self, key: str) -> bytes | None:
        """Return the cached survey of a content, if any."""
        row = self._db.execute("SELECT result FROM survey WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    @contextmanager
    def _saving(self) -> Iterator[None]:
        """One transaction; ``OutputUnusableError`` where it cannot be written (disk full)."""
        try:
            with self._db:
                yield
        except sqlite3.OperationalError as error:
            raise OutputUnusableError(
                told("stop.unwritable", path=self.folder / "case.db", why=error)
            ) from error

    def keep_survey(self, key: str, result: bytes) -> None:
        """Cache the survey of a content."""
        with self._saving():
            self._db.execute("INSERT OR REPLACE INTO survey VALUES (?, ?)", (key, result))

    def page(self, key: str) -> tuple[bytes, str] | None:
        """Return the cached result of a page and its picture's file name, if any."""
        row = self._db.execute("SELECT result, picture FROM page WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        picture = str(row[1])
        if picture and not (self.pages / picture).is_file():
            return None
        return bytes(row[0]), picture

    def keep_page(self, key: str, result: bytes, picture: bytes | None) -> str:
        """Cache one page; returns the picture's file name under ``pages/``, empty if none."""
        name = f"{key[:32]}.jpg" if picture else ""
        if picture:
            write_atomic(self.pages / name, picture)
        with self._saving():
            self._db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", (key, result, name))
        return name

    def kept(self, name: str) -> bytes | None:
        """Return what was kept for the whole case under ``name`` (``facts``, ``run`` …), if any."""
        row = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return None if row is None else zlib.decompress(row[0])

    def keep(self, name: str, value: bytes) -> None:
        """Keep something of the whole case, compressed, in place of what was there."""
        with self._saving():
            self._db.execute(
                "INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, zlib.compress(value, 1))
            )

    @cached_property
    def log(self) -> AuditLog:
        """The audit log; raises ``IntegrityError`` if it does not hold together."""
        return AuditLog(self._db, self.folder)

    def forget_pictures(self, keep: Iterable[str]) -> None:
        """Remove page pictures that no page of the case uses any more."""
        wanted = set(keep)
        for entry in self.pages.iterdir():
            if entry.name not in wanted:
                entry.unlink(missing_ok=True)


def _make_folders(*folders: Path) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise output_error(folder, error) from error


def _sweep(*folders: Path) -> None:
    """Remove halves of files that a killed run was writing; only who holds the lock may."""
    for folder in folders:
        for half in folder.glob(f"{PART_PREFIX}*"):
            half.unlink(missing_ok=True)


def _take_lock(path: Path) -> Callable[[], None]:
    from filelock import FileLock, Timeout

    lock = FileLock(str(path))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise WorkspaceInUseError(told("stop.in_use", holder=_holder(path))) from error
    except OSError as error:
        raise output_error(path, error) from error
    note = path.with_name(".lock-holder")
    begun = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    note.write_text(told("stop.holder", pid=os.getpid(), begun=begun), "utf-8")

    def release() -> None:
        note.unlink(missing_ok=True)
        lock.release()

    return release


def _holder(path: Path) -> str:
    try:
        return path.with_name(".lock-holder").read_text("utf-8")
    except OSError:
        return told("stop.holder_unknown")


def _open_database(path: Path) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(path, timeout=5)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            db.close()
            raise IntegrityError(told("stop.newer", path=path, version=version))
        with db:
            db.executescript(_SCHEMA + LOG_SCHEMA)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except sqlite3.OperationalError as error:
        raise OutputUnusableError(told("stop.db_unopened", path=path, why=error)) from error
    except sqlite3.DatabaseError as error:
        raise IntegrityError(told("stop.db_damaged", path=path, why=error)) from error
    return db

"""The audit log: append-only, hash-chained, in the database and in a mirror beside it.

Each entry holds the hash of the one before it, so that nothing can be changed, taken out or put
in between without breaking the chain (RELIABILITY, design 6). A chain alone does not stop
somebody who rewrites all of it: the head hash is printed in every report.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit.atomic import output_error
from audit.errors import IntegrityError
from audit.i18n import told

GENESIS = "0" * 64
MIRROR = "decisions.jsonl"
#: Where a torn end of the mirror is kept; never thrown away.
TORN = "decisions.torn.{n}"
SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  data TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
);
CREATE TRIGGER IF NOT EXISTS log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; ``data``: the event's own values, JSON; ``at``: UTC."""

    seq: int
    at: str
    actor: str
    event: str
    data: Mapping[str, Any]
    prev: str
    hash: str

    def line(self) -> str:
        """Return the entry as its line in the mirror, without the line's end."""
        return _canonical({**self._body(), "hash": self.hash})

    def expected_hash(self) -> str:
        """Return the hash that the entry's content and predecessor give."""
        return _digest(self.prev, self._body())

    def _body(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at,
            "actor": self.actor,
            "event": self.event,
            "data": dict(self.data),
            "prev": self.prev,
        }


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(prev: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(prev.encode() + _canonical(body).encode("utf-8")).hexdigest()


def _parsed(line: str) -> Entry | None:
    try:
        values = json.loads(line)
        return Entry(**values) if isinstance(values, dict) else None
    except (ValueError, TypeError):
        return None


class AuditLog:
    """The log of one workspace. One writer: whoever holds the workspace's lock."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        """Open the log of a workspace and mend what a crash left; raises ``IntegrityError``."""
        self._db, self._folder = db, folder
        self._path = folder / MIRROR
        self._reconcile()

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry, oldest first."""
        return _entries(self._db)

    @property
    def head(self) -> str:
        """The hash of the last entry; of an empty log 64 zeros."""
        row = self._db.execute("SELECT hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
        return GENESIS if row is None else str(row[0])

    def append(self, actor: str, event: str, data: Mapping[str, Any]) -> Entry:
        """Add an entry, to the database first, then to the mirror; both are on disk on return."""
        row = self._db.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev = (1, GENESIS) if row is None else (int(row[0]) + 1, str(row[1]))
        at = datetime.now(UTC).isoformat(timespec="seconds")
        draft = Entry(seq, at, actor, event, data, prev, "")
        entry = Entry(seq, at, actor, event, data, prev, draft.expected_hash())
        self._insert([entry])
        self._write([entry])
        return entry

    # -- database and mirror ----------------------------------------------------------------

    def _insert(self, entries: Sequence[Entry]) -> None:
        values = [
            (e.seq, e.at, e.actor, e.event, _canonical(e.data), e.prev, e.hash) for e in entries
        ]
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def _write(self, entries: Sequence[Entry]) -> None:
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as out:
                out.write("".join(e.line() + "\n" for e in entries).encode("utf-8"))
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise output_error(self._path, error) from error

    def _reconcile(self) -> None:
        """Bring database and mirror together after a crash, and say so in the log.

        The database is written first, so the mirror may lack the end or have it torn: it is
        completed. A mirror that goes on where the database is empty (``case.db`` was removed)
        is taken over, if its chain holds. Anything else is no accident: ``IntegrityError``.
        """
        kept = self.entries()
        lines, torn = self._mirror()
        if chain_troubles(kept):
            raise IntegrityError(broken(self._folder))
        if torn:
            self._set_aside(torn, lines)
        known = [e.line() for e in kept]
        if lines == known[: len(lines)] and len(lines) < len(known):
            self._write(kept[len(lines) :])
            self._say("mirror_completed", len(known) - len(lines), torn)
        elif not kept and lines:
            adopted = [e for line in lines if (e := _parsed(line)) is not None]
            if len(adopted) < len(lines) or chain_troubles(adopted):
                raise IntegrityError(broken(self._path))
            self._insert(adopted)
            self._say("database_completed", len(adopted), torn)
        elif lines != known:
            raise IntegrityError(broken(self._folder))
        elif torn:
            self._say("torn_line", 1, torn)

    def _say(self, what: str, count: int, torn: bytes) -> None:
        self.append("hezheng", "recovered", {"what": what, "entries": count, "torn": len(torn)})

    def _mirror(self) -> tuple[list[str], bytes]:
        """Return the mirror's whole lines, and the torn bytes behind them, if any."""
        data = self._path.read_bytes() if self._path.is_file() else b""
        whole, _, torn = data.rpartition(b"\n")
        return whole.decode("utf-8", "replace").split("\n") if whole else [], torn

    def _set_aside(self, torn: bytes, lines: Sequence[str]) -> None:
        from audit.atomic import write_atomic

        names = (self._folder / TORN.format(n=n) for n in range(1, 10_000))
        write_atomic(next(p for p in names if not p.exists()), torn)
        write_atomic(self._path, "".join(line + "\n" for line in lines).encode("utf-8"))


def _entries(db: sqlite3.Connection) -> tuple[Entry, ...]:
    rows = db.execute("SELECT seq, at, actor, event, data, prev, hash FROM log ORDER BY seq")
    try:
        return tuple(
            Entry(int(seq), at, actor, event, json.loads(data), prev, own)
            for seq, at, actor, event, data, prev, own in rows
        )
    except ValueError as error:
        raise IntegrityError(told("stop.log_unreadable")) from error


def broken(path: Path) -> str:
    """Return the sentence for a chain that does not hold."""
    return told("stop.chain", file=path)


# --- verifying -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trouble:
    """What does not hold: ``where`` (``database``, ``mirror``, a file), at which entry, and why."""

    where: str
    seq: int
    why: str


def chain_troubles(entries: Sequence[Entry], where: str = "database") -> list[Trouble]:
    """Return every place where sequence, predecessor or hash is wrong; none: the chain holds."""
    troubles = []
    prev = GENESIS
    for number, entry in enumerate(entries, 1):
        if entry.seq != number:
            troubles.append(Trouble(where, entry.seq, "seq"))
        if entry.prev != prev:
            troubles.append(Trouble(where, entry.seq, "prev"))
        if entry.hash != entry.expected_hash():
            troubles.append(Trouble(where, entry.seq, "hash"))
        prev = entry.hash
    return troubles


def verify_log(folder: Path, key: bytes = b"") -> tuple[tuple[Entry, ...], list[Trouble]]:
    """Return the log of a workspace and what is wrong with chain, mirror and recorded files.

    Opens the database read-only and mends nothing. Files count as of the last entry that
    records their hash (``files``: name to SHA-256); one that is gone is named as well. ``key``:
    versions sealed by an office must carry its seal.
    """
    path = folder / "case.db"
    if not path.is_file():
        return (), [Trouble("database", 0, "absent")]
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        entries = _entries(db)
    except sqlite3.DatabaseError:
        return (), [Trouble("database", 0, "unreadable")]
    finally:
        db.close()
    troubles = [*chain_troubles(entries), *(_seals(entries, key) if key else ())]
    return entries, [*troubles, *_mirror_troubles(folder, entries), *_files(folder, entries)]


def seal_of(key: bytes, digest: str) -> str:
    """Return the HMAC-SHA-256 of a manifest's hash under an office's key, as hex."""
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()


def _seals(entries: Sequence[Entry], key: bytes) -> list[Trouble]:
    """Return the frozen versions that lack the seal of this key."""
    return [
        Trouble("database", e.seq, "seal")
        for e in entries
        if "manifest" in e.data
        and not hmac.compare_digest(
            str(e.data.get("seal", "")), seal_of(key, str(e.data["manifest"]))
        )
    ]


def _mirror_troubles(folder: Path, entries: Sequence[Entry]) -> list[Trouble]:
    path = folder / MIRROR
    if not path.is_file():
        return [Trouble("mirror", 0, "absent")] if entries else []
    lines = path.read_text("utf-8", "replace").split("\n")
    if lines.pop():
        return [Trouble("mirror", len(lines) + 1, "torn")]
    known = [e.line() for e in entries]
    for number, (line, expected) in enumerate(zip(lines, known, strict=False), 1):
        if line != expected:
            return [Trouble("mirror", number, "differs")]
    if len(lines) != len(known):
        return [Trouble("mirror", min(len(lines), len(known)) + 1, "length")]
    return []


def _files(folder: Path, entries: Sequence[Entry]) -> list[Trouble]:
    latest: dict[str, tuple[int, str]] = {}
    for entry in entries:
        recorded = entry.data.get("files")
        if isinstance(recorded, Mapping):
            latest.update({str(n): (entry.seq, str(h)) for n, h in recorded.items()})
    troubles = []
    for name, (seq, digest) in sorted(latest.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            troubles.append(Trouble(name, seq, "absent"))
        elif file_digest(path) != digest:
            troubles.append(Trouble(name, seq, "changed"))
    return troubles


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

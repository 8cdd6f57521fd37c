"""From a folder to content-addressed copies: every input is named, none is trusted.

Input is opened without following links, copied and hashed in one pass; workers get the
copy, never the user's path (RELIABILITY, design 1).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.atomic import output_error
from audit.model import Problem, problem
from audit.settings import Limits

CHUNK = 1024 * 1024
#: Disk full, quota used up, file size limit: trouble of our output, not of the input.
_OURS = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", 122), errno.EFBIG})
#: Left behind by operating systems and office programs; listed as ignored.
LITTER = frozenset({"thumbs.db", ".ds_store", "desktop.ini", "ehthumbs.db", ".directory", "icon\r"})
LITTER_PREFIXES = ("~$", "._", ".~lock.")
LITTER_FOLDERS = frozenset({"__MACOSX", ".git", "$RECYCLE.BIN", "System Volume Information"})


@dataclass(frozen=True, slots=True)
class Intake:
    """One input: its shown path in the case, and the copy a worker may open.

    ``content`` is ``None`` when it could not be taken in (then ``problems`` says why) or is
    litter (``ignored``).
    """

    file: str
    sha256: str = ""
    size: int = 0
    content: Path | None = None
    ignored: bool = False
    problems: tuple[Problem, ...] = ()


def take_in(folder: Path, store: Path, limits: Limits) -> Iterator[Intake]:
    """Yield every entry below ``folder`` in a stable order, copied into ``store``.

    A single file is taken as a case of one. Nothing raises for a bad entry.
    """
    try:
        store.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise output_error(store, error) from error
    if folder.is_file():
        yield _copy(folder, folder.name, store, limits)
        return
    total = 0
    for count, (path, shown, depth) in enumerate(_walk(folder)):
        if depth > limits.folder_depth:
            yield Intake(shown, problems=(problem("E106", depth=depth),))
        elif is_litter(shown):
            yield Intake(shown, ignored=True)
        elif count >= limits.case_files:
            yield Intake(
                shown, problems=(problem("E504", count=count + 1, limit=limits.case_files),)
            )
        elif total > limits.case_bytes:
            yield Intake(shown, problems=(_too_big(total, limits.case_bytes),))
        else:
            taken = _copy(path, shown, store, limits, folder)
            total += taken.size
            yield taken


def is_litter(shown: str) -> bool:
    """Tell whether a shown path is system litter rather than part of the case."""
    parts = shown.replace("!/", "/").split("/")
    name = parts[-1].lower()
    return (
        name in LITTER
        or name.startswith(LITTER_PREFIXES)
        or any(part in LITTER_FOLDERS for part in parts[:-1])
    )


def shown_name(name: str) -> str:
    """Return a name safe to show: undecodable bytes and control characters escaped."""
    clean = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(_shown_character(c) for c in unicodedata.normalize("NFC", clean))


def _shown_character(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"\\u{ord(character):04x}"
    return character


def _walk(folder: Path) -> Iterator[tuple[Path, str, int]]:
    pending = [(folder, "", 1)]
    while pending:
        current, prefix, depth = pending.pop(0)
        try:
            entries = sorted(os.scandir(current), key=lambda e: e.name)
        except OSError:
            yield current, prefix or shown_name(current.name), depth
            continue
        folders = []
        for entry in entries:
            shown = prefix + shown_name(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if depth > 64:  # noqa: PLR2004 - far beyond any limit; ends hostile trees
                    yield Path(entry.path), shown, depth
                else:
                    folders.append((Path(entry.path), shown + "/", depth + 1))
            else:
                yield Path(entry.path), shown, depth
        pending[:0] = folders


def open_plain(path: Path, below: Path | None = None) -> int:
    """Return a handle on ``path`` for reading, following no link; ``OSError`` if it cannot be had.

    With ``below`` every folder between it and the file is opened the same way, so that one
    exchanged for a link while we look leads nowhere.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    if below is None or os.open not in os.supports_dir_fd:
        return os.open(path, flags)
    folder = os.open(below, os.O_RDONLY | os.O_DIRECTORY)
    try:
        *parents, name = path.relative_to(below).parts
        for parent in parents:
            inner = os.open(parent, flags | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def _unopened(error: OSError) -> Problem:
    """Return E103 for a link, E102 for a socket, E106 for an endless name, else E101."""
    if error.errno in {errno.ELOOP, errno.EMLINK}:
        return problem("E103")
    if error.errno == errno.ENXIO:
        return problem("E102")
    if error.errno == errno.ENAMETOOLONG:
        return problem("E106", depth="> 255")
    return problem("E101", reason=error.strerror or "OSError")


def _copy(path: Path, shown: str, store: Path, limits: Limits, below: Path | None = None) -> Intake:
    if path.is_symlink():
        return Intake(shown, problems=(problem("E103"),))
    try:
        handle = open_plain(path, below)
    except OSError as error:
        return Intake(shown, problems=(_unopened(error),))
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return Intake(shown, problems=(problem("E102"),))
        if before.st_size > limits.file_bytes:
            return Intake(
                shown, size=before.st_size, problems=(_too_big(before.st_size, limits.file_bytes),)
            )
        return _copy_open(handle, before, shown, store)
    finally:
        os.close(handle)


def _copy_open(handle: int, before: os.stat_result, shown: str, store: Path) -> Intake:
    digest = hashlib.sha256()
    size = 0
    # The name is unique per copy in flight; the final name is the hash.
    part = store / f".part-{os.getpid()}"
    try:
        with part.open("wb") as out:
            while chunk := os.read(handle, CHUNK):
                digest.update(chunk)
                out.write(chunk)
                size += len(chunk)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in _OURS:
            raise output_error(store, error) from error
        return Intake(shown, problems=(problem("E101", reason=error.strerror or "OSError"),))
    after = os.fstat(handle)
    if (after.st_size, after.st_mtime_ns) != (
        before.st_size,
        before.st_mtime_ns,
    ) or size != after.st_size:
        part.unlink(missing_ok=True)
        return Intake(shown, problems=(problem("E105"),))
    return Intake(shown, digest.hexdigest(), size, _keep(part, digest.hexdigest(), store))


def _keep(part: Path, sha256: str, store: Path) -> Path:
    target = store / sha256
    part.chmod(0o400)
    part.replace(target)
    return target


def adopt(path: Path, shown: str, store: Path) -> Intake:
    """Take in a member that a worker unpacked; ``path`` is moved into ``store``."""
    if is_litter(shown):
        path.unlink(missing_ok=True)
        return Intake(shown, ignored=True)
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Intake(shown, digest.hexdigest(), size, _keep(path, digest.hexdigest(), store))


def _too_big(size: int, limit: int) -> Problem:
    return problem("E501", size=f"{size / 1e6:.0f} MB", limit=f"{limit / 1e6:.0f} MB")

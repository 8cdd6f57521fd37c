"""RAR archives, where the optional package and libarchive are installed (extra ``formats``)."""

from __future__ import annotations

import ctypes.util
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audit.model import Problem, problem
from audit.readers.archive import escapes, joined
from audit.readers.base import FileFormat, FileSurvey, Member, UnreadableError
from audit.readers.container import check_promise, damaged, shown_size
from audit.settings import Limits

MAGIC = b"Rar!\x1a\x07"
_VERSION_5 = MAGIC + b"\x01\x00"


def readable() -> bool:
    """Tell whether RAR can be read here: the package and the system's libarchive."""
    found = importlib.util.find_spec("libarchive") is not None
    return found and ctypes.util.find_library("archive") is not None


def survey_rar(path: Path, limits: Limits) -> FileSurvey:
    """Return 0 pages; E401 for a password, E502–E504 where the headers promise too much."""
    total = count = 0
    packed = path.stat().st_size
    with _opened(path) as entries:
        for entry in entries:
            count += 1
            total += int(entry.size or 0)
            check_promise(count, total, packed, limits)
    return FileSurvey(FileFormat.ARCHIVE, detail="RAR")


def unpack_rar(
    path: Path, target: Path, limits: Limits
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Unpack the regular members into ``target`` as ``1``, ``2`` …; see ``audit.readers.unpack``."""
    members: list[Member] = []
    problems: list[Problem] = []
    left = limits.archive_bytes
    try:
        with _opened(path) as entries:
            for number, entry in enumerate(entries, 1):
                name = _name(entry) or str(number)
                refused = _refusal(entry, name)
                if refused is not None or entry.isdir:
                    problems += [] if refused is None else [refused]
                    continue
                place = target / str(number)
                most = min(left, limits.file_bytes)
                if not _written(entry, place, most):
                    limit = shown_size(most)
                    problems.append(problem("E502", size=f"> {limit}", limit=limit))
                    continue
                size = place.stat().st_size
                members.append(Member(joined(name), place, size))
                left -= size
    except UnreadableError as error:
        problems.append(error.problem)  # what was unpacked before stands
    return tuple(members), tuple(dict.fromkeys(problems))


def _name(entry: Any) -> str:  # noqa: ANN401 - an optional package's own type
    """Return a member's name, empty if libarchive cannot tell it; bytes are what is no UTF-8."""
    name = entry.pathname or ""
    return name.decode("gb18030", "replace") if isinstance(name, bytes) else str(name)


def _refusal(entry: Any, name: str) -> Problem | None:  # noqa: ANN401
    if entry.issym or entry.islnk:
        return problem("E602")
    return problem("E601") if escapes(name) else None


def _written(entry: Any, place: Path, most: int) -> bool:  # noqa: ANN401
    """Write one member; what its header promises is not believed, only what comes is counted."""
    size = 0
    with place.open("xb") as out:
        for block in entry.get_blocks():
            size += len(block)
            if size > most:
                break
            out.write(block)
    if size > most:
        place.unlink()
    return size <= most


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Yield the entries; what the library says of the file becomes ``UnreadableError``."""
    import libarchive
    from libarchive.exception import ArchiveError

    with path.open("rb") as source:
        kind = "rar5" if source.read(len(_VERSION_5)) == _VERSION_5 else "rar"
    try:
        with libarchive.file_reader(str(path), format_name=kind) as entries:
            yield entries
    except (ArchiveError, ValueError) as error:
        # The library's own sentence: around it stand addresses, different every time.
        said = str(getattr(error, "msg", error))
        locked = "ncrypt" in said
        told = problem("E401") if locked else damaged(ValueError(said))
        raise UnreadableError(told) from error

"""Archives, ZIP here: every member is named; none chooses its own place on our disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from audit.model import Problem, problem
from audit.readers.base import FileFormat, FileSurvey, Member, PageRead, UnreadableError
from audit.readers.container import (
    BROKEN,
    check_directory,
    damaged,
    is_folder,
    is_link,
    member_name,
    shown_size,
)
from audit.settings import Limits

_CHUNK = 1 << 20
_DRIVE = 2


def survey_archive(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return 0 pages: members are files of their own. Problems where the directory is refused."""
    _ = name
    with path.open("rb") as source:
        start = source.read(4)
    if start.startswith(b"7z"):
        from audit.readers.sevenzip import survey_sevenzip

        return survey_sevenzip(path, limits)
    if start == b"Rar!":
        from audit.readers.rar import survey_rar

        return survey_rar(path, limits)
    with _opened(path) as archive:
        check_directory(archive.infolist(), path.stat().st_size, limits)
    return FileSurvey(FileFormat.ARCHIVE)


def read_archive(*_: object) -> Iterator[PageRead]:
    """Yield nothing: an archive has no pages."""
    yield from ()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except BROKEN as error:
        raise UnreadableError(damaged(error)) from error


def unpack_zip(
    path: Path, target: Path, limits: Limits
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Unpack the regular members into ``target`` as ``1``, ``2`` …; see ``audit.readers.unpack``."""
    try:
        archive = _opened(path)
    except UnreadableError:
        # The survey has named it already.
        return (), ()
    members: list[Member] = []
    problems: list[Problem] = []
    with archive:
        infos = archive.infolist()
        try:
            check_directory(infos, path.stat().st_size, limits)
        except UnreadableError:
            return (), ()
        left = limits.archive_bytes
        seen: set[str] = set()
        for number, info in enumerate(infos, 1):
            name = member_name(info)
            if is_folder(info):
                continue
            refused = _refusal(info, name, seen)
            if refused is not None:
                problems.append(refused)
                continue
            seen.add(name.casefold())
            place = target / str(number)
            found = _extracted(archive, info, place, min(left, limits.file_bytes), problems)
            if found is not None:
                members.append(Member(joined(name), found, found.stat().st_size))
                left -= found.stat().st_size
    return tuple(members), tuple(_once(problems))


def _refusal(info: zipfile.ZipInfo, name: str, seen: set[str]) -> Problem | None:
    if is_link(info):
        return problem("E602")
    if escapes(name):
        return problem("E601")
    if name.casefold() in seen:
        return problem("W608", what=_short(name))
    return None


def escapes(name: str) -> bool:
    """Tell whether a name points outside: absolute, a drive, upwards, or with a NUL in it."""
    flat = name.replace("\\", "/")
    drive = len(flat) >= _DRIVE and flat[1] == ":"
    return flat.startswith("/") or drive or ".." in flat.split("/") or "\x00" in flat


def _extracted(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, most: int, problems: list[Problem]
) -> Path | None:
    """Write one member; what it promises is not believed, only what comes is counted."""
    size = 0
    try:
        with archive.open(info) as source, place.open("xb") as out:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    limit = shown_size(most)
                    problems.append(problem("E502", size=f"> {limit}", limit=limit))
                    break
                out.write(chunk)
            else:
                return place
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno in {28, 122, 27}:
            raise
        problems.append(damaged(error))
    place.unlink(missing_ok=True)
    return None


def joined(name: str) -> str:
    """Return a member's name with plain slashes and nothing empty between them."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})


def _short(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2][:60]


def _once(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))

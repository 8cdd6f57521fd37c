"""7z archives, where the optional package that reads them is installed (extra ``formats``)."""

from __future__ import annotations

import importlib.util
import lzma
import shutil
from pathlib import Path
from typing import Any

from audit.model import Problem, problem
from audit.readers.archive import escapes, joined
from audit.readers.base import FileFormat, FileSurvey, Member, UnreadableError
from audit.readers.container import check_promise, damaged
from audit.settings import Limits


def readable() -> bool:
    """Tell whether 7z can be read here."""
    return importlib.util.find_spec("py7zr") is not None


def survey_sevenzip(path: Path, limits: Limits) -> FileSurvey:
    """Return 0 pages; E401 for a password, E502–E504 where the directory promises too much."""
    with _opened(path) as archive:
        _check(archive, path.stat().st_size, limits)
    return FileSurvey(FileFormat.ARCHIVE, detail="7Z")


def unpack_sevenzip(
    path: Path, target: Path, limits: Limits
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Unpack the regular members into ``target`` as ``1``, ``2`` …; see ``audit.readers.unpack``."""
    inside = target / "unpacked"
    problems: list[Problem] = []
    try:
        with _opened(path) as archive:
            infos = _check(archive, path.stat().st_size, limits)
            names = [i.filename for i in infos if not i.is_directory]
            if any(escapes(name) for name in names):
                problems.append(problem("E601"))
            wanted = [name for name in names if not escapes(name)]
            archive.extract(path=inside, targets=wanted)
    except UnreadableError:
        return (), ()  # the survey has named it already
    except Exception as error:
        if not _is_data_trouble(error):
            raise
        return (), (damaged(error),)
    members = []
    for number, name in enumerate(wanted, 1):
        found = inside / name
        if found.is_symlink() or not found.is_file():
            problems.append(problem("E602") if found.is_symlink() else problem("E302", reason="7Z"))
            continue
        place = target / str(number)
        found.replace(place)
        members.append(Member(joined(name), place, place.stat().st_size))
    shutil.rmtree(inside, ignore_errors=True)
    return tuple(members), tuple(dict.fromkeys(problems))


def _opened(path: Path) -> Any:  # noqa: ANN401 - an optional package's own type
    import py7zr

    try:
        return py7zr.SevenZipFile(path)
    except Exception as error:
        if not _is_data_trouble(error):
            raise
        code = "E401" if "password" in type(error).__name__.lower() else ""
        raise UnreadableError(problem(code) if code else damaged(error)) from error


def _check(archive: Any, size: int, limits: Limits) -> list[Any]:  # noqa: ANN401
    if archive.needs_password():
        raise UnreadableError(problem("E401"))
    infos = list(archive.list())
    check_promise(len(infos), sum(int(i.uncompressed or 0) for i in infos), size, limits)
    return infos


def _is_data_trouble(error: Exception) -> bool:
    """Tell whether an exception speaks of the file: the package's own, or its decoders'."""
    known = (
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        OverflowError,
    )
    return isinstance(error, known) or type(error).__module__.partition(".")[0] == "py7zr"

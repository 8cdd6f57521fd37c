"""What workers leave for the parent: taken only after a look at place, size and shape.

A worker reads hostile files, so what it leaves is not trusted either: only regular files of the
expected name in its own spool folder count, up to a size, and only if they decode to the page
that was asked for.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import PageResult, Problem, codec
from audit.settings import Limits

if TYPE_CHECKING:
    from audit.readers import FileSurvey

#: Largest result and picture of one page.
RESULT_BYTES = 64 * 1024 * 1024
PICTURE_BYTES = 64 * 1024 * 1024
_JPEG = b"\xff\xd8\xff"


def spooled_bytes(path: Path, most: int) -> bytes | None:
    """Return the file's bytes; ``None`` if it is missing, no regular file, or larger than ``most``."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as source:
        state = os.fstat(source.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > most:
            return None
        return source.read(most + 1)[:most]


def spooled_page(
    spool: Path, sha256: str, index: int
) -> tuple[PageResult, bytes, bytes | None] | None:
    """Return (result, its bytes, picture) of a page left in ``spool``; ``None`` if it is not good."""
    data = spooled_bytes(spool / f"{index}.json", RESULT_BYTES)
    if data is None:
        return None
    try:
        result = codec.loads(PageResult, data)
    except (ValueError, RecursionError):
        return None
    if (result.page.sha256, result.page.page_index) != (sha256, index):
        return None
    picture = spooled_bytes(spool / f"{index}.jpg", PICTURE_BYTES)
    if picture is not None and not picture.startswith(_JPEG):
        picture = None
    return result, data, picture


def is_spooled(path: Path, spool: Path) -> bool:
    """Tell whether a path that a worker named is a regular file right inside its spool folder."""
    if path.parent != spool:
        return False
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def open_survey(
    data: object, limits: Limits
) -> tuple[FileSurvey, tuple[Problem, ...], list[tuple[str, Path]]] | None:
    """Return what a worker's survey says, ``None`` if it does not have the shape of one."""
    from audit.readers import FileSurvey

    try:
        answer = json.loads(bytes(data).decode("utf-8", "surrogatepass"))  # type: ignore[call-overload]
        found = codec.decode(FileSurvey, answer["survey"])
        problems = codec.decode(tuple[Problem, ...], answer["problems"])
        members = [(str(name), Path(str(path))) for name, path, _ in answer["members"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not 0 <= found.pages <= limits.pages or len(members) > limits.archive_entries:
        return None
    return found, (*found.problems, *problems), members

"""What every reader takes and gives: formats, surveys, pages, archive members."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import PageContent, Problem

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

_HASH_DIGITS = 64


class UnreadableError(Exception):
    """A file or part cannot be read; carries the ``Problem``.

    It leaves this room by ``PageRead.raster()`` only.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class FileFormat(StrEnum):
    """What a file is by its content, whatever its suffix says."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    DOCX = "docx"
    IMAGE = "image"
    ARCHIVE = "archive"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class FileSurvey:
    """What a file is and how many pages it has, before any page is read.

    ``pages`` is 0 for archives and for files that cannot be read (``problems`` says why).
    ``detail`` is the reader's own note on the variant, e.g. ``html`` for an ``.xls`` that is
    a web page; only the reader that wrote it may interpret it.
    """

    format: FileFormat
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    detail: str = ""

    @property
    def readable(self) -> bool:
        """Tell whether pages may be asked for."""
        return self.pages > 0


def _no_raster() -> Raster | None:
    return None


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page as read: facts of the file, and its picture on demand.

    ``raster()`` draws the page at 200 dpi or hands out the scan's own picture; ``None`` where
    there is nothing to draw (an XML record, a sheet beyond the drawing limit). It may be
    called only while the iterator that gave the page has not moved on. A page that cannot be
    drawn raises ``UnreadableError``. ``own_drawing``: we drew it from the text we give (OFD), so
    reading that text again from the picture would confirm nothing.
    """

    content: PageContent
    raster: Callable[[], Raster | None] = _no_raster
    own_drawing: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A file unpacked from an archive. ``name``: ``/``-joined inside it; ``size`` in bytes."""

    name: str
    path: Path
    size: int


def content_hash(path: Path) -> str:
    """Return the SHA-256 (hex) of a file; a content-addressed name is taken at its word."""
    name = path.name
    if len(name) == _HASH_DIGITS and all(c in "0123456789abcdef" for c in name):
        return name
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

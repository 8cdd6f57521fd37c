"""Which reader reads which file, and what becomes of data trouble."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import Page, PageContent, PageMode, Problem, problem
from audit.readers.base import (
    FileFormat,
    FileSurvey,
    PageRead,
    UnreadableError,
    content_hash,
)
from audit.readers.container import damaged
from audit.readers.sniff import Sniffed, sniff
from audit.settings import Limits

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

Surveyor = Callable[[Path, str, Limits], FileSurvey]
Reader = Callable[[Path, FileSurvey, Sequence[int], Limits], Iterator[PageRead]]

#: Module and name stem of the reader of each format.
_READERS = {
    FileFormat.PDF: ("pdf", "pdf"),
    FileFormat.OFD: ("ofd", "ofd"),
    FileFormat.XML: ("xmlfile", "xml"),
    FileFormat.XLSX: ("spreadsheet", "spreadsheet"),
    FileFormat.XLS: ("spreadsheet", "spreadsheet"),
    FileFormat.CSV: ("spreadsheet", "spreadsheet"),
    FileFormat.DOCX: ("word", "word"),
    FileFormat.IMAGE: ("image", "image"),
    FileFormat.ARCHIVE: ("archive", "archive"),
}
#: Suffixes that promise a type; others promise nothing.
_SUFFIXES: dict[str, tuple[str, ...]] = {
    ".pdf": ("PDF",),
    ".ofd": ("OFD",),
    ".xml": ("XML", "XML 2003"),
    ".xbrl": ("XML",),
    ".xlsx": ("XLSX",),
    ".xlsm": ("XLSX",),
    ".xltx": ("XLSX",),
    ".xlsb": ("XLSB",),
    ".xls": ("XLS",),
    ".et": ("XLS", "XLSX"),
    ".ods": ("ODS",),
    ".csv": ("CSV",),
    ".tsv": ("CSV",),
    ".txt": ("CSV",),
    ".htm": ("HTML",),
    ".html": ("HTML",),
    ".docx": ("DOCX",),
    ".docm": ("DOCX",),
    ".doc": ("DOC",),
    ".wps": ("DOC", "DOCX"),
    ".jpg": ("JPEG",),
    ".jpeg": ("JPEG",),
    ".jfif": ("JPEG",),
    ".png": ("PNG",),
    ".gif": ("GIF",),
    ".bmp": ("BMP",),
    ".tif": ("TIFF",),
    ".tiff": ("TIFF",),
    ".webp": ("WebP",),
    ".zip": ("ZIP",),
}
#: What libraries raise on damaged data; anything else is a bug of ours and must be seen.
_DATA_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    UnicodeError,
    ValueError,
    ArithmeticError,
    LookupError,
    NotImplementedError,
    RecursionError,
)


def survey(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return what the file is and its page count; see ``audit.readers.survey``."""
    found = sniff(path)
    suffix = Path(name).suffix.lower()
    if found.code:
        return FileSurvey(FileFormat.UNSUPPORTED, problems=(_refusal(found, suffix),))
    try:
        result = _surveyor(found.format)(path, name, limits)
    except UnreadableError as error:
        result = FileSurvey(found.format, problems=(error.problem,))
    except _DATA_TROUBLE as error:
        result = FileSurvey(found.format, problems=(damaged(error),))
    result = replace(result, format=found.format, detail=result.detail or found.detail)
    expected = _SUFFIXES.get(suffix)
    if expected is not None and found.type_name not in expected:
        told = problem("W203", type=found.type_name, suffix=suffix)
        result = replace(result, problems=(told, *result.problems))
    return result


def _refusal(found: Sniffed, suffix: str) -> Problem:
    if found.code == "E202" and not found.type_name:
        if suffix in _SUFFIXES:
            return problem("E203", suffix=suffix)
        return problem("E202", type=suffix or "?")
    if found.code in {"E202", "E204"}:
        return problem(found.code, type=found.type_name)
    return problem(found.code)


def open_pages(
    path: Path,
    survey: FileSurvey,
    page_indexes: Sequence[int],
    limits: Limits,
) -> Iterator[PageRead]:
    """Yield the asked pages; one that is damaged comes empty, with its problem, and costs no other."""
    reader = _reader(survey.format)
    left = list(page_indexes)
    while left:
        try:
            for page in reader(path, survey, tuple(left), limits):
                left.pop(0)
                yield replace(page, raster=partial(_drawn, page.raster))
        except UnreadableError as error:
            found = error.problem
        except _DATA_TROUBLE as error:
            found = damaged(error)
        else:
            return
        if not left:
            return
        yield _unread(path, left.pop(0), found)


def _drawn(draw: Callable[[], Raster | None]) -> Raster | None:
    """Draw a page; whatever damage is met comes as an ``UnreadableError``."""
    try:
        return draw()
    except _DATA_TROUBLE as error:
        raise UnreadableError(damaged(error)) from error


def _unread(path: Path, index: int, found: Problem) -> PageRead:
    blamed = problem(found.code, index, **dict(found.params))
    page = Page(content_hash(path), index, PageMode.DIGITAL)
    return PageRead(PageContent(page, problems=(blamed,)))


def _surveyor(wanted: FileFormat) -> Surveyor:
    module, stem = _READERS[wanted]
    found: Surveyor = getattr(import_module(f"audit.readers.{module}"), f"survey_{stem}")
    return found


def _reader(wanted: FileFormat) -> Reader:
    module, stem = _READERS[wanted]
    found: Reader = getattr(import_module(f"audit.readers.{module}"), f"read_{stem}")
    return found

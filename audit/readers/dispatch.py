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
    Member,
    PageRead,
    UnreadableError,
    content_hash,
)
from audit.readers.container import damaged
from audit.readers.office import can_print, print_office
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
    ".7z": ("7Z",),
    ".rar": ("RAR",),
    ".heic": ("HEIC",),
    ".heif": ("HEIC",),
}
#: What a refused type is to be turned into; others into any that is read.
_ANY_TARGET = "PDF / OFD / XLSX / DOCX / JPG"
_TARGETS = {
    **dict.fromkeys(("7Z", "RAR", "GZ", "BZ2", "XZ"), "ZIP"),
    **dict.fromkeys(("HEIC", "JPEG 2000", "PSD"), "JPG"),
    **dict.fromkeys(("DjVu", "PostScript", "DWG", "CAJ", "PPTX", "HTML", "MHTML", "EPUB"), "PDF"),
    **dict.fromkeys(("RTF", "ODT"), "DOCX / PDF"),
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
        if can_print(found.type_name):
            return _told_suffix(FileSurvey(FileFormat.ARCHIVE, detail="office"), found, suffix)
        return FileSurvey(FileFormat.UNSUPPORTED, problems=(_refusal(found, suffix),))
    try:
        result = _surveyor(found.format)(path, name, limits)
    except UnreadableError as error:
        result = FileSurvey(found.format, problems=(error.problem,))
    except _DATA_TROUBLE as error:
        result = FileSurvey(found.format, problems=(damaged(error),))
    result = replace(result, format=found.format, detail=result.detail or found.detail)
    return _told_suffix(result, found, suffix)


def _told_suffix(result: FileSurvey, found: Sniffed, suffix: str) -> FileSurvey:
    """Add W203 where the name promises another type than the content is."""
    expected = _SUFFIXES.get(suffix)
    if expected is not None and found.type_name not in expected:
        told = problem("W203", type=found.type_name, suffix=suffix)
        return replace(result, problems=(told, *result.problems))
    return result


def unpack(
    path: Path, target: Path, limits: Limits
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Unpack an archive, or print an office document; see ``audit.readers.unpack``."""
    found = sniff(path)
    if found.code:
        if not can_print(found.type_name):
            return (), ()
        return print_office(path, target, found.type_name, limits)
    if found.detail == "7Z":
        from audit.readers.sevenzip import unpack_sevenzip

        return unpack_sevenzip(path, target, limits)
    if found.detail == "RAR":
        from audit.readers.rar import unpack_rar

        return unpack_rar(path, target, limits)
    from audit.readers.archive import unpack_zip

    return unpack_zip(path, target, limits)


def _refusal(found: Sniffed, suffix: str) -> Problem:
    if found.code == "E202" and not found.type_name:
        if suffix in _SUFFIXES:
            return problem("E203", suffix=suffix)
        return problem("E202", type=suffix or "?", target=_ANY_TARGET)
    if found.code == "E202":
        target = _TARGETS.get(found.type_name, _ANY_TARGET)
        return problem("E202", type=found.type_name, target=target)
    if found.code == "E204":
        return problem("E204", type=found.type_name)
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

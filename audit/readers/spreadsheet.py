"""Spreadsheets: every sheet with cells is a page, and so is every picture pasted into one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit.model import Page, PageContent, PageMode, Problem, TextLine, problem
from audit.readers import csvfile, media, oldsheet, webtable, xlsx
from audit.readers.base import FileFormat, FileSurvey, PageRead, content_hash
from audit.readers.container import Container
from audit.readers.sheets import Sheet
from audit.settings import Limits


@dataclass(frozen=True, slots=True)
class _Part:
    """One page before it is read: what gives its sheet, or its lines of plain text."""

    sheet: Callable[[], Sheet] | None = None
    lines: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Book:
    """All pages of a file: sheets first, then pictures."""

    parts: tuple[_Part, ...]
    pictures: int = 0
    problems: tuple[Problem, ...] = field(default=())


def survey_spreadsheet(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return how many sheets (and pasted pictures) the file has; ``detail``: its variant."""
    from audit.readers.sniff import sniff

    _ = name
    found = sniff(path)
    if found.format is FileFormat.XLSX:
        with Container(path, limits) as container:
            book = _xlsx(container, limits)
            return _surveyed(book, FileFormat.XLSX, "", limits)
    variant = found.detail or "csv"
    if variant == "calamine":
        with oldsheet.opened(path) as opened:
            return _surveyed(_old(opened, limits), FileFormat.XLS, variant, limits)
    book = _flat(path, variant, limits)
    return _surveyed(book, found.format, variant, limits)


def _surveyed(book: _Book, kind: FileFormat, detail: str, limits: Limits) -> FileSurvey:
    pages = len(book.parts) + book.pictures
    problems = book.problems
    if pages == 0:
        return FileSurvey(kind, 0, (*problems, problem("E303")), detail)
    if pages > limits.pages:
        problems = (*problems, problem("E507", pages=pages, limit=limits.pages))
    return FileSurvey(kind, min(pages, limits.pages), problems, detail)


def read_spreadsheet(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the sheets asked; see ``audit.readers.open_pages``."""
    sha256 = content_hash(path)
    if survey.format is FileFormat.XLSX:
        with Container(path, limits) as container:
            book = _xlsx(container, limits)
            sheets = len(book.parts)
            for index in page_indexes:
                if index < sheets:
                    yield _page(book.parts[index], sha256, index)
                else:
                    yield from media.picture_pages(container, sha256, sheets, [index], limits)
    elif survey.detail == "calamine":
        with oldsheet.opened(path) as opened:
            book = _old(opened, limits)
            for index in page_indexes:
                yield _page(book.parts[index], sha256, index)
    else:
        book = _flat(path, survey.detail, limits)
        for index in page_indexes:
            yield _page(book.parts[index], sha256, index)


def _page(part: _Part, sha256: str, index: int) -> PageRead:
    page = Page(sha256, index, PageMode.DIGITAL)
    if part.sheet is None:
        return PageRead(PageContent(page, part.lines))
    sheet = part.sheet()
    problems = tuple(problem(p.code, index, **dict(p.params)) for p in sheet.problems)
    return PageRead(PageContent(page, tables=(sheet.table,), problems=problems))


def _xlsx(container: Container, limits: Limits) -> _Book:
    book = xlsx.open_workbook(container)
    filled = [part for part in book.sheets if xlsx.has_content(book, part.part)]

    def opener(part: xlsx.SheetPart) -> Callable[[], Sheet]:
        return lambda: xlsx.read_sheet(book, part, limits)

    parts = tuple(_Part(opener(part)) for part in filled)
    pictures = len(media.picture_parts(container))
    problems = (*book.problems, *media.unread_media(container))
    return _Book(parts, pictures, problems)


def _old(opened: object, limits: Limits) -> _Book:
    def opener(name: str, hidden: bool) -> Callable[[], Sheet]:
        return lambda: oldsheet.read_sheet(opened, name, limits, hidden=hidden)

    named = oldsheet.sheet_names(opened)
    return _Book(tuple(_Part(opener(name, hidden)) for name, hidden in named))


def _flat(path: Path, variant: str, limits: Limits) -> _Book:
    """Return the pages of a file that is one text: web page, XML of 2003, CSV."""
    if variant == "html":
        sheets, problems = webtable.html_sheets(_limited(path, limits), limits)
        kept = [sheet for sheet in sheets if sheet.table.cells]
        return _Book(tuple(_ready(sheet) for sheet in kept), problems=problems)
    if variant == "xml2003":
        sheets = webtable.xml2003_sheets(path.read_bytes(), limits)
        kept = [sheet for sheet in sheets if sheet.table.cells or sheet.problems]
        return _Book(tuple(_ready(sheet) for sheet in kept))
    text, problems = csvfile.csv_text(path, limits)
    mark = csvfile.delimiter_of(text)
    if not mark:
        count = csvfile.text_pages(text) if text.strip() else 0
        pages = (csvfile.text_lines(text, n) for n in range(min(count, limits.pages)))
        return _Book(tuple(_Part(lines=lines) for lines in pages), problems=problems)
    sheet = csvfile.csv_sheet(text, mark, limits)
    return _Book((_ready(sheet),) if sheet.table.cells else (), problems=problems)


def _ready(sheet: Sheet) -> _Part:
    return _Part(lambda: sheet)


def _limited(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as source:
        return source.read(limits.xml_bytes)

"""PDF: text with the place of every character, the page's picture, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.i18n import text
from audit.model import (
    ElectronicSeal,
    Origin,
    Page,
    PageContent,
    PageMode,
    Problem,
    Record,
    TextLine,
    problem,
)
from audit.readers import pdfextras, pdfium, pdfpicture
from audit.readers.base import FileFormat, FileSurvey, PageRead, UnreadableError, content_hash
from audit.readers.container import damaged
from audit.readers.pdfchars import Char, Placed, main_turn, on_page, placed_chars
from audit.readers.pdfobjects import Painted, painted
from audit.readers.pdfspace import Space, space_of
from audit.readers.pdftext import lines_of
from audit.settings import Limits

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

# ruff: noqa: ANN401 - pypdfium2 has no type information

#: A side beyond this (points; 200 inch) is no paper.
_LONGEST_SIDE = 14_400.0
_LEAST_SIDE = 3.0
#: Text whose font does not tell its characters is useless beyond this share.
_MOST_BAD = 0.3
_MM = 25.4 / 72.0
#: Shown characters that make a page more than a scan with a page number.
_FEW = 12
#: A page's text is cut here; no paper holds more.
_MOST_CHARACTERS = 100_000


def survey_pdf(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return the page count and what is odd about the file as a whole."""
    _ = name
    with pdfium.opened(path) as document:
        pages = len(document)
        if pages <= 0:
            return FileSurvey(FileFormat.PDF, problems=(problem("E303"),))
        problems = list(pdfextras.file_warnings(pdfium.library(), document, path))
        if not pdfium.ends_well(path):
            problems.append(problem("W306"))
        if pages > limits.pages:
            problems.append(problem("E507", pages=pages, limit=limits.pages))
        return FileSurvey(FileFormat.PDF, min(pages, limits.pages), tuple(problems))


def read_pdf(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the pages asked; see ``audit.readers.open_pages``."""
    _ = survey
    sha256 = content_hash(path)
    with pdfium.opened(path) as document:
        names = pdfextras.signers(pdfium.library().raw, document)
        for index in page_indexes:
            yield from _read_one(document, sha256, index, names, limits)


def _read_one(
    document: Any, sha256: str, index: int, names: tuple[str, ...], limits: Limits
) -> Iterator[PageRead]:
    library = pdfium.library()
    _check_size(library.raw, document, index)
    try:
        page = document[index]
    except library.PdfiumError as error:
        raise UnreadableError(damaged(error)) from error
    try:
        try:
            read = _Reading(library, document, page, sha256, index, limits).read(names)
        except library.PdfiumError as error:
            raise UnreadableError(damaged(error)) from error
        yield read
    finally:
        page.close()


def _check_size(raw: Any, document: Any, index: int) -> None:
    size = raw.FS_SIZEF()
    if not raw.FPDF_GetPageSizeByIndexF(document, index, size):
        raise UnreadableError(problem("E302", reason=f"page {index + 1}"))
    if max(size.width, size.height) > _LONGEST_SIDE:
        shown = f"{size.width * _MM:.0f}×{size.height * _MM:.0f} mm"
        limit = f"{_LONGEST_SIDE * _MM:.0f} mm"
        raise UnreadableError(problem("E506", pixels=shown, limit=limit))
    if min(size.width, size.height) < _LEAST_SIDE:
        raise UnreadableError(problem("E304"))


@dataclass(frozen=True, slots=True)
class _Text:
    """What the text layer says: lines to rely on, lines of a scanner, what was left out."""

    shown: tuple[TextLine, ...] = ()
    scanned: tuple[TextLine, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One page while it is read."""

    library: Any
    document: Any
    page: Any
    sha256: str
    index: int
    limits: Limits

    def read(self, names: tuple[str, ...]) -> PageRead:
        """Return the page with its picture on demand."""
        raw = self.library.raw
        things = painted(raw, self.page)
        textpage = self.page.get_textpage()
        try:
            placed = list(placed_chars(raw, textpage, things.orders, _MOST_CHARACTERS))
        finally:
            textpage.close()
        upright = space_of(self.page)
        shown = [char for char in placed if char.run.shown]
        turned = main_turn(shown, upright.turn) if len(shown) >= _FEW else 0
        space = upright.rotated(-turned)
        words = self._text([on_page(char, space) for char in placed], placed, things, space)
        seals = self._seals(space, names)
        mode, raster = self._mode(things, space, words, bool(seals))
        problems, records = list(words.problems), self._records()
        if self.index == 0:
            found, odd = pdfextras.attached(self.library, self.document, self.limits)
            records += found
            problems += odd
        page = Page(
            self.sha256,
            self.index,
            mode,
            size_mm=(round(space.width * _MM, 1), round(space.height * _MM, 1)),
            dpi=raster.dpi if raster is not None else pdfpicture.DRAW_DPI,
            rotation=turned,
        )
        content = PageContent(
            page,
            (*words.shown, *words.scanned),
            records=tuple(records),
            electronic_seals=seals,
            problems=tuple(_on(self.index, p) for p in problems),
        )
        return PageRead(content, partial(self._raster, raster, things, space))

    def _raster(self, ready: Raster | None, things: Painted, space: Space) -> Raster:
        if ready is not None:
            return ready
        dpi = pdfpicture.draw_dpi(self.library.raw, things, space)
        try:
            return pdfpicture.draw(self.page, space, dpi, self.limits)
        except self.library.PdfiumError as error:
            raise UnreadableError(damaged(error)) from error

    def _records(self) -> list[Record]:
        record = pdfextras.info_record(self.document) if self.index == 0 else None
        return [] if record is None else [record]

    def _seals(self, space: Space, names: tuple[str, ...]) -> tuple[ElectronicSeal, ...]:
        signers = names if len(set(names)) == 1 or len(self.document) == 1 else ()
        return pdfextras.widget_seals(self.library.raw, self.page, space, signers)

    def _text(
        self, chars: Sequence[Char], placed: Sequence[Placed], things: Painted, space: Space
    ) -> _Text:
        bad = sum(char.bad for char in placed)
        if placed and bad > _MOST_BAD * len(placed):
            return _Text(problems=(problem("W704"),))
        cover = _Cover(things, space, self._covering(things, space))
        shown = [c for c in chars if cover.visible(c)]
        scanned = [c for c in chars if not cover.visible(c) and cover.under_picture(c)]
        seen = {id(char) for char in (*shown, *scanned)}
        hidden = "".join(char.text for char in chars if id(char) not in seen)
        problems = [problem("W704")] if bad else []
        if len(hidden) >= _FEW or any(char.isdigit() for char in hidden):
            told = text("readers.hidden_text", {"count": str(len(hidden))})
            problems.append(problem("W606", what=told))
        size = (space.width, space.height)
        return _Text(
            lines_of(shown, *size, Origin.TEXT_LAYER),
            lines_of(scanned, *size, Origin.OCR),
            tuple(problems),
        )

    def _covering(self, things: Painted, space: Space) -> list[int]:
        """Return the painting order of the full-page pictures that lie over text and hide it."""
        first = min(things.orders.values(), default=0)
        return [
            picture.order
            for picture in things.pictures
            if picture.order > first
            and pdfpicture.share(picture, space) >= pdfpicture.FULL_PAGE
            and not pdfpicture.is_clear(self.library, self.page, picture)
        ]

    def _mode(
        self, things: Painted, space: Space, words: _Text, sealed: bool
    ) -> tuple[PageMode, Raster | None]:
        """Return the medium, and the scan's own picture where the page is one."""
        covered = pdfpicture.shares(things.pictures, space) if things.pictures else 0.0
        if covered < pdfpicture.LARGE_PART:
            return PageMode.DIGITAL, None
        letters = sum(len(line.text) for line in words.shown)
        if not sealed and not letters:
            raster = pdfpicture.scan(self.library, self.page, things, space, self.limits)
            if raster is not None:
                return pdfpicture.mode_of(raster), raster
        if letters >= _FEW and not pdfpicture.holds_print(
            self.library, self.page, things.pictures, space
        ):
            return PageMode.DIGITAL, None
        dpi = pdfpicture.draw_dpi(self.library.raw, things, space)
        raster = pdfpicture.draw(self.page, space, dpi, self.limits)
        return pdfpicture.mode_of(raster), raster


class _Cover:
    """Who can see a character: painted with ink, on the page, under no picture."""

    def __init__(self, things: Painted, space: Space, covering: Sequence[int]) -> None:
        """``covering``: painting order of pictures that hide all below them."""
        self._pictures = [(space.box(*p.bounds), p.order) for p in things.pictures]
        self._over = max(covering, default=-1)
        self._fills = [(space.box(*bounds), order) for bounds, order in things.fills]

    def visible(self, char: Char) -> bool:
        x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
        if not char.run.shown or not (0 <= x <= 1 and 0 <= y <= 1):
            return False
        if 0 <= char.run.order < self._over:
            return False
        return not char.run.white or self._on_ground(x, y)

    def _on_ground(self, x: float, y: float) -> bool:
        """Tell whether something that white print stands out from lies under a place."""
        return any(box.contains_point(x, y) for box, _ in (*self._pictures, *self._fills))

    def under_picture(self, char: Char) -> bool:
        x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
        return any(box.contains_point(x, y) for box, _ in self._pictures)


def _on(index: int, found: Problem) -> Problem:
    return problem(found.code, index, **dict(found.params))

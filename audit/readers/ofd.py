"""OFD: text, structured data by all the ways producers give it, seals, and a drawn picture."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from audit.i18n import text
from audit.model import (
    WHOLE_PAGE,
    Box,
    CodePayload,
    Origin,
    Page,
    PageContent,
    PageMode,
    Problem,
    Record,
    RecordField,
    TextLine,
    problem,
)
from audit.readers import ofdtext
from audit.readers.base import FileFormat, FileSurvey, PageRead, UnreadableError, content_hash
from audit.readers.container import Container
from audit.readers.ofdobjects import Image, Thing, resources_of, things_on
from audit.readers.ofdpackage import (
    OfdDocument,
    attachments,
    custom_data,
    custom_tags,
    open_documents,
)
from audit.readers.ofdseals import Stamp, electronic_seal, stamps
from audit.readers.ofdsigned import BROKEN
from audit.readers.xmlfile import codes_of, xml_records
from audit.readers.xmlsafe import children, local, text_of
from audit.settings import Limits

if TYPE_CHECKING:
    from lxml import etree

    from audit.pixels.raster import Raster

#: Pictures larger than this share of a page are scans that must be read.
_LARGE_PART = 0.2
_FEW = 12
#: Elements that begin an item where tags have no group for one.
_LOOSE_ITEM = frozenset(
    {"Item", "Specification", "MeasurementDimension", "Quantity", "Price", "Amount",
     "TaxScheme", "TaxAmount"}
)  # fmt: skip
Places = dict[str, tuple[str, Box]]


def survey_ofd(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return the page count of all documents in the container."""
    _ = name
    with Container(path, limits) as container:
        documents = open_documents(container)
        pages = sum(len(document.pages) for document in documents)
        problems: tuple[Problem, ...] = container.ambiguities()
    if pages == 0:
        return FileSurvey(FileFormat.OFD, 0, (*problems, problem("E303")))
    if pages > limits.pages:
        problems = (*problems, problem("E507", pages=pages, limit=limits.pages))
    return FileSurvey(FileFormat.OFD, min(pages, limits.pages), problems)


def read_ofd(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the pages asked; see ``audit.readers.open_pages``."""
    _ = survey
    sha256 = content_hash(path)
    with Container(path, limits) as container:
        places = [(d, n) for d in open_documents(container) for n in range(len(d.pages))]
        for index in page_indexes:
            document, number = places[index]
            yield _PageReader(document, number, limits).read(sha256, index)


def ofd_records(data: bytes, limits: Limits) -> tuple[Record, ...]:
    """Return the structured records of an OFD that lies inside another file."""
    with Container(io.BytesIO(data), limits) as container:
        found: list[Record] = []
        for document in open_documents(container):
            reader = _PageReader(document, 0, limits)
            records, _ = reader.records()
            found += records
        return tuple(found)


class _PageReader:
    """Reads one page of a document; what the document says as a whole comes with its first."""

    def __init__(self, document: OfdDocument, number: int, limits: Limits) -> None:
        self._document = document
        self._number = number
        self._limits = limits
        self._resources = resources_of(document)
        self._page = document.pages[number]

    def read(self, sha256: str, index: int) -> PageRead:
        content = self._document.part(self._page.part)
        if content is None:
            raise UnreadableError(problem("E302", reason=self._page.part[-60:]))
        area = self._document.area(content)
        width, height = area[2], area[3]
        things = things_on(self._document, self._page, self._resources)
        lines = ofdtext.lines_on(things, width, height)
        marks = [s for s in stamps(self._document, self._limits) if self._is_here(s)]
        records, problems = self.records() if self._number == 0 else ([], [])
        hidden = ofdtext.hidden_text(things, width, height)
        if len(hidden) >= _FEW or any(char.isdigit() for char in hidden):
            told = text("readers.hidden_text", {"count": str(len(hidden))})
            problems.append(problem("W606", what=told))
        if self._number == 0 and BROKEN in self._document.signature_states.values():
            problems.append(problem("W404"))
        draw = cache(partial(self._draw, things, area, tuple(marks)))
        mode = self._mode(things, area, lines, draw)
        page = Page(sha256, index, mode, size_mm=(round(width, 1), round(height, 1)), dpi=200)
        found = PageContent(
            page,
            lines,
            records=tuple(records),
            codes=self._codes(records),
            electronic_seals=tuple(electronic_seal(mark, area) for mark in marks),
            problems=tuple(problem(p.code, index, **dict(p.params)) for p in problems),
        )
        letters = sum(len(line.text) for line in lines)
        ours = mode is PageMode.DIGITAL and letters >= _FEW
        return PageRead(found, draw, own_drawing=ours)

    def _is_here(self, stamp: Stamp) -> bool:
        if stamp.page_id and self._page.id:
            return stamp.page_id == self._page.id
        return self._number == 0

    def _draw(
        self,
        things: Sequence[Thing],
        area: tuple[float, float, float, float],
        marks: tuple[Stamp, ...],
    ) -> Raster:
        from audit.readers.ofddraw import draw_page

        return draw_page(self._document, self._resources, things, area, marks, self._limits)

    def _mode(
        self, things: Sequence[Thing], area: tuple[float, float, float, float],
        lines: Sequence[TextLine], draw: Callable[[], Raster],
    ) -> PageMode:  # fmt: skip
        large = any(
            isinstance(t, Image)
            and abs(t.matrix[0] * t.matrix[3] - t.matrix[1] * t.matrix[2])
            > _LARGE_PART * area[2] * area[3]
            for t in things
        )
        if not large:
            return PageMode.DIGITAL
        from audit.readers.pdfpicture import PRINT_SHARE
        from audit.readers.pixelkind import medium, print_share

        letters = sum(len(line.text) for line in lines)
        pictures = [t for t in things if isinstance(t, Image)]
        if letters >= _FEW and print_share(self._draw(pictures, area, ()).pixels) < PRINT_SHARE:
            return PageMode.DIGITAL
        return medium(draw().pixels)

    # -- structured data --------------------------------------------------------------------

    def records(self) -> tuple[list[Record], list[Problem]]:
        """Return what the document says of itself: attachments, tags, custom data."""
        found: list[Record] = []
        unread: list[str] = []
        for name, part in attachments(self._document):
            try:
                inside = self._attached(part)
            except UnreadableError:
                inside = ()
            found += inside
            if not inside:
                unread.append(name)
        places = self._places()
        found += [
            r for r in (_tag_record(root, places) for root in custom_tags(self._document)) if r
        ]
        pairs = custom_data(self._document)
        if pairs:
            fields = tuple(RecordField(name, value) for name, value in pairs)
            found.append(Record(Origin.OFD, "ofd-tags", fields))
        told = text("readers.attachments", {"names": "、".join(unread[:5])})
        return found, [problem("W606", what=told)] if unread else []

    def _attached(self, part: str) -> tuple[Record, ...]:
        container = self._document.container
        if part not in container:
            return ()
        data = container.read(part, self._limits.xml_bytes)
        if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            return ()
        return tuple(replace(r, origin=Origin.ATTACHMENT) for r in xml_records(data, self._limits))

    def _places(self) -> Places:
        """Return text and place of every object of the document, by id (places: this page only)."""
        found: Places = {}
        for page in self._document.pages[:50]:
            content = self._document.part(page.part)
            _, _, width, height = self._document.area(content)
            things = things_on(self._document, page, self._resources)
            own = ofdtext.texts_by_id(things, width, height)
            if page is not self._page:
                own = {key: (value, WHOLE_PAGE) for key, (value, _) in own.items()}
            found = {**own, **found}
        return found

    def _codes(self, records: Sequence[Record]) -> tuple[CodePayload, ...]:
        found = [code for record in records for code in codes_of(record)]
        return tuple(dict.fromkeys(found))


def _tag_record(root: etree._Element, places: Places) -> Record | None:
    """Return what custom tags point at; ``None`` where no reference resolves."""
    fields: list[RecordField] = []
    items: list[tuple[RecordField, ...]] = []
    loose: dict[str, list[RecordField]] = {}
    for path, element in _tagged(root):
        name = local(element)
        if name == "GoodsInfo":
            group = (_tag_field(local(one), one, places) for one in children(element))
            items.append(tuple(field for field in group if field is not None))
            continue
        field = _tag_field(path, element, places)
        if field is None:
            continue
        if name in _LOOSE_ITEM:
            loose.setdefault(name, []).append(replace(field, name=name))
        else:
            fields.append(field)
    items += _loose_items(loose)
    kept = tuple(item for item in items if item)
    return Record(Origin.OFD, "ofd-tags", tuple(fields), kept) if fields or kept else None


def _tagged(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield (path, element) of the tags that hold references or data, and of item groups."""
    pending = [(local(one), one) for one in reversed(children(root))]
    while pending:
        path, element = pending.pop()
        inner = children(element)
        leaf = all(local(one) in {"ObjectRef", "ObjectData"} for one in inner)
        if local(element) == "GoodsInfo" or (inner and leaf):
            yield path, element
        else:
            pending += [(f"{path}/{local(one)}", one) for one in reversed(inner)]


def _tag_field(path: str, element: etree._Element, places: Places) -> RecordField | None:
    pieces: list[str] = []
    box: Box | None = None
    for one in children(element):
        if local(one) == "ObjectData":
            pieces.append(text_of(one))
            continue
        value = places.get(text_of(one))
        if value is None:
            continue
        pieces.append(value[0])
        if value[1] != WHOLE_PAGE:
            box = value[1] if box is None else box.union(value[1])
    joined = "".join(pieces).strip()
    return RecordField(path, joined, box) if joined else None


def _loose_items(loose: dict[str, list[RecordField]]) -> list[tuple[RecordField, ...]]:
    """Return items of tags that repeat each column without a group: only columns that fit."""
    count = len(loose.get("Amount", loose.get("Item", ())))
    whole = [values for values in loose.values() if len(values) == count]
    return [tuple(values[n] for values in whole) for n in range(count)]

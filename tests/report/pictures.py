"""Pages drawn for tests of what people see: a paper with its fields at the sample's boxes."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

from audit.model import Box, CaseFacts, Document
from tests.recognise.draw import RED, font

SIZE = (1240, 1754)


class DrawnPages:
    """A ``Crop`` over a case's documents: every field with a box is printed into it."""

    def __init__(self, facts: CaseFacts) -> None:
        """Know which papers stand on which page."""
        self.facts = facts
        self.calls = 0

    def __call__(
        self, file: str, page_index: int, box: Box | None, longest: int = 900
    ) -> bytes | None:
        """Return a JPEG of the place, ``None`` for files without pages (spreadsheets)."""
        self.calls += 1
        papers = tuple(
            d for d in self.facts.documents if d.file == file and page_index in d.page_indexes
        )
        if not papers:
            return None
        page = _page(papers, tuple(s.box for s in self.facts.seals if s.file == file))
        cut = page if box is None else page.crop(_pixels(box))
        cut.thumbnail((longest, longest))
        buffer = io.BytesIO()
        cut.save(buffer, "JPEG", quality=70)
        return buffer.getvalue()


def _pixels(box: Box) -> tuple[int, int, int, int]:
    left, top = int(box.left * SIZE[0]), int(box.top * SIZE[1])
    right, bottom = int(box.right * SIZE[0]), int(box.bottom * SIZE[1])
    return left, top, max(left + 2, right), max(top + 2, bottom)


@cache
def _cached(texts: tuple[tuple[Box, str], ...], seals: tuple[Box, ...], title: str) -> Image.Image:
    page = Image.new("RGB", SIZE, (252, 251, 247))
    draw = ImageDraw.Draw(page)
    draw.text((SIZE[0] // 2, 90), title, (90, 40, 30), font(44), anchor="mm")
    draw.rectangle((70, 140, SIZE[0] - 70, 900), outline=(140, 90, 70), width=2)
    for box, text in texts:
        left, top, _, _ = _pixels(box)
        draw.text((left, top), text, (30, 30, 40), font(24))
    for box in seals:
        draw.ellipse(_pixels(box), outline=RED, width=6)
        x, y = box.centre
        draw.text((x * SIZE[0], y * SIZE[1]), "★", RED, font(52), anchor="mm")
    return page


def _page(papers: tuple[Document, ...], seals: tuple[Box, ...]) -> Image.Image:
    texts = tuple(
        (source.box, source.raw)
        for d in papers
        for reading in d.fields.values()
        for source in reading.sources[:1]
        if source.box is not None
    )
    return _cached(texts, seals, papers[0].kind.value.replace("_", " ").upper()).copy()

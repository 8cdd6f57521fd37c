"""Made-up papers as text lines placed in millimetres, for tests of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from audit.extract.layout import units
from audit.model import Box, Impression, Origin, Page, PageContent, PageMode, Record, TextLine

LETTER = 3.4
#: x, y (centre line), text, and the size of a letter if it is not the usual one; all in mm.
Placed = tuple[float, float, str] | tuple[float, float, str, float]


def changed(placed: Iterable[Placed], change: Callable[[str], str]) -> list[Placed]:
    """Return the lines with every text passed through ``change``; empty ones are left out."""
    found: list[Placed] = []
    for one in placed:
        text = change(one[2])
        if text:
            found.append((one[0], one[1], text, *one[3:]))
    return found


def page(
    placed: Iterable[Placed],
    *,
    size: tuple[float, float] = (210.0, 297.0),
    scan: bool = True,
    confidence: float = 0.99,
    index: int = 0,
    records: Sequence[Record] = (),
    impressions: Sequence[Impression] = (),
) -> PageContent:
    """Return a page; ``scan``: read by OCR from a colour scan, else a born-digital text layer."""
    width, height = size
    origin = Origin.OCR if scan else Origin.TEXT_LAYER
    lines = []
    for x, y, text, *more in placed:
        letter = more[0] if more else LETTER
        box = Box(
            x / width,
            (y - letter / 2) / height,
            (x + units(text) * letter) / width,
            (y + letter / 2) / height,
        )
        lines.append(TextLine(text, box, origin, confidence if scan else 1.0))
    mode = PageMode.COLOUR if scan else PageMode.DIGITAL
    facts = Page("5" * 64, index, mode, (1654, 2339), size, 200)
    return PageContent(facts, tuple(lines), records=tuple(records), impressions=tuple(impressions))


def text_page(text: str, *, title: str = "", index: int = 0, scan: bool = True) -> PageContent:
    """Return a page of rows below each other, an empty row for a blank one, a title centred above."""
    placed: list[Placed] = []
    y = 30.0
    if title:
        letter = 6.5
        placed.append((105.0 - units(title) * letter / 2, y, title, letter))
        y += 14.0
    for row in text.strip("\n").split("\n"):
        x = 25.0
        for cell in row.strip().split("|"):
            if cell.strip():
                placed.append((x, y, cell.strip()))
            x += max(units(cell) * LETTER + 4.0, 40.0)
        y += 7.0
    return page(placed, index=index, scan=scan)

"""Made-up tables as cells: sheets, and ruled tables of scanned pages with boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from audit.model import Box, Cell, Origin, Page, PageContent, PageMode, Table, TextLine

Row = Sequence[Any]
"""Texts, figures, dates; blank or ``None`` for no cell."""
#: (row, column) → (rows, columns) of a merged area.
Spans = Mapping[tuple[int, int], tuple[int, int]]


def sheet(
    rows: Sequence[Any],
    spans: Spans | None = None,
    *,
    name: str = "Sheet1",
    hidden_rows: Sequence[int] = (),
    hidden: bool = False,
) -> Table:
    """Return a sheet; figures become typed numbers, dates typed days."""
    cells = []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is None or value == "":
                continue
            number = Decimal(str(value)) if isinstance(value, int | float) else None
            day = value if isinstance(value, date) else None
            high, wide = (spans or {}).get((r, c), (1, 1))
            cells.append(
                Cell(r, c, str(value), number, day, high, wide, hidden=r in hidden_rows)
            )  # fmt: skip
    return Table(name, tuple(cells), hidden=hidden)


def workbook(*tables: Table, index: int = 0) -> PageContent:
    """Return a sheet's page."""
    return PageContent(Page("7" * 64, index, PageMode.DIGITAL), tables=tables)


def ruled(
    rows: Sequence[Sequence[str]],
    spans: Spans | None = None,
    *,
    above: Sequence[str] = (),
    confidence: float = 0.999,
    unsure: Mapping[tuple[int, int], float] | None = None,
    index: int = 0,
    text_layer: bool = False,
) -> PageContent:
    """Return a scanned page with a ruled table; ``above``: lines over it."""
    count, width = len(rows), max(map(len, rows))
    origin = Origin.TEXT_LAYER if text_layer else Origin.OCR
    top, high = 0.2, 0.7 / count
    lines = [
        TextLine(text, Box(0.3, 0.02 + 0.03 * i, 0.7, 0.04 + 0.03 * i), origin, confidence)
        for i, text in enumerate(above)
    ]
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            down, across = (spans or {}).get((r, c), (1, 1))
            box = Box(
                0.05 + 0.9 * c / width,
                top + high * r,
                0.05 + 0.9 * (c + across) / width,
                top + high * (r + down),
            )
            sure = (unsure or {}).get((r, c), confidence)
            if _covered(spans or {}, r, c):
                continue
            cells.append(
                Cell(r, c, text, row_span=down, column_span=across, box=box, confidence=sure)
            )  # fmt: skip
            for i, part in enumerate(text.split("\n") if text else ()):
                line = Box(
                    box.left + 0.002, box.top + 0.01 * i, box.right - 0.002, box.top + 0.01 * i + 0.008
                )  # fmt: skip
                lines.append(TextLine(part, line, origin, sure))
    mode = PageMode.DIGITAL if text_layer else PageMode.COLOUR
    page = Page("8" * 64, index, mode, (2339, 1654), (297.0, 210.0), 200)
    return PageContent(page, tuple(lines), (Table("", tuple(cells), origin=origin),))


def _covered(spans: Spans, row: int, column: int) -> bool:
    return any(
        (row, column) != (r, c) and r <= row < r + high and c <= column < c + wide
        for (r, c), (high, wide) in spans.items()
    )

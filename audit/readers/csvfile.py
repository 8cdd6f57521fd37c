"""CSV and its relatives: tabs, semicolons, bars, the tilde of bank exports; or plain text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from audit.model import Box, Cell, Problem, TextLine, problem
from audit.readers.sheets import Sheet, SheetBuilder
from audit.readers.textual import decoded
from audit.settings import Limits

_DELIMITERS = ",\t;|~，"
_SAMPLE_LINES = 30
_FIELD = 1_000_000
_WRAPPED = re.compile(r'^=?"(.*)"$', re.DOTALL)
#: Lines of plain text on a page, as it would be printed.
PAGE_LINES = 60


def csv_text(path: Path, limits: Limits) -> tuple[str, tuple[Problem, ...]]:
    """Return the whole text; beyond the limit it is cut with E508."""
    with path.open("rb") as source:
        data = source.read(limits.text_bytes + 1)
    cut: tuple[Problem, ...] = ()
    if len(data) > limits.text_bytes:
        data = data[: limits.text_bytes]
        data = data[: data.rfind(b"\n") + 1] or data
        cut = (problem("E508", size="CSV", limit=f"{limits.text_bytes / 1e6:.0f} MB"),)
    text, problems = decoded(data)
    return text.replace("\x00", ""), (*problems, *cut)


def delimiter_of(text: str) -> str:
    """Return what parts the columns, empty for plain text."""
    lines = [line for line in text.split("\n", _SAMPLE_LINES * 2) if line.strip()][:_SAMPLE_LINES]
    best, score = "", 0.0
    for mark in _DELIMITERS:
        counts = [line.count(mark) for line in lines]
        most = max(counts, default=0)
        if not most:
            continue
        usual = max(set(counts), key=lambda n: (counts.count(n), n))
        share = counts.count(usual) / len(counts) if usual else 0.0
        if share * usual > score and share >= 0.4:  # noqa: PLR2004 - most lines agree
            best, score = mark, share * usual
    return best


def csv_sheet(text: str, delimiter: str, limits: Limits) -> Sheet:
    """Return the table of a delimited text."""
    builder = SheetBuilder("CSV", limits)
    for row, values in enumerate(_rows(text, delimiter)):
        if not any(value.strip() for value in values):
            continue
        if not builder.row_fits(row):
            break
        for column, value in enumerate(values):
            builder.add(Cell(row, column, _bare(value)))
    return builder.sheet()


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD)
    lines = text.splitlines(keepends=True)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        # A quote that never closes swallows the rest: read without quotes from the start.
        raise ValueError("CSV") from None


def _bare(value: str) -> str:
    value = value.strip().strip("\t\ufeff")
    wrapped = _WRAPPED.match(value)
    return (wrapped.group(1) if wrapped else value).strip()


def text_lines(text: str, page: int) -> tuple[TextLine, ...]:
    """Return the lines of one page of plain text, placed as they would be printed."""
    rows = text.splitlines()[page * PAGE_LINES : (page + 1) * PAGE_LINES]
    step = 1.0 / PAGE_LINES
    return tuple(
        TextLine(row.strip(), Box(0.05, place * step, 0.95, (place + 0.8) * step))
        for place, row in enumerate(rows)
        if row.strip()
    )


def text_pages(text: str) -> int:
    """Return how many pages a plain text fills."""
    return max(1, -(-len(text.splitlines()) // PAGE_LINES))

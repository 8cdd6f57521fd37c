"""XLS, XLSB and ODS through calamine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit.model import Cell, problem
from audit.readers import numberformat
from audit.readers.base import UnreadableError
from audit.readers.container import damaged
from audit.readers.sheets import Sheet, SheetBuilder
from audit.settings import Limits

# ruff: noqa: ANN401 - calamine's values are Any by nature


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Give the opened workbook; E401 for a password, E302 for damage."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise UnreadableError(problem("E401")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(damaged(error)) from error
    try:
        yield book
    except CalamineError as error:
        raise UnreadableError(damaged(error)) from error
    finally:
        book.close()


def sheet_names(book: Any) -> tuple[tuple[str, bool], ...]:
    """Return (name, hidden) of the sheets that hold cells."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return tuple(
        (str(meta.name), meta.visible != SheetVisibleEnum.Visible)
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet
    )


def read_sheet(book: Any, name: str, limits: Limits, *, hidden: bool) -> Sheet:
    """Return one sheet."""
    sheet = book.get_sheet_by_name(name)
    builder = SheetBuilder(name, limits, hidden)
    first = sheet.start or (0, 0)
    spans = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        spans[top, left] = (bottom - top + 1, right - left + 1)
    for offset, values in enumerate(sheet.iter_rows()):
        row = first[0] + offset
        if not any(value != "" for value in values):
            continue
        if not builder.row_fits(row):
            break
        for place, value in enumerate(values):
            builder.add(_cell(row, first[1] + place, value))
    return builder.sheet(spans)


def _cell(row: int, column: int, value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell(row, column, "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        number = numberformat.exact(repr(value)) or Decimal(0)
        return Cell(row, column, numberformat.plain(number), number=number)
    if isinstance(value, datetime):
        return Cell(row, column, numberformat.iso(value), day=value.date())
    if isinstance(value, date):
        return Cell(row, column, value.isoformat(), day=value)
    if isinstance(value, time | timedelta):
        return Cell(row, column, str(value))
    return Cell(row, column, str(value).strip())

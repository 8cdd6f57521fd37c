"""Sheets as every table reader gives them: cells within limits, hidden ones marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from audit.i18n import text
from audit.model import Cell, Problem, Table, problem
from audit.settings import Limits

#: Cells kept of one sheet; no ledger comes near.
MOST_CELLS = 1_000_000
_NAMED_CELLS = 8
#: Places one merged area may cover.
_MOST_COVERED = 20_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read, and what is odd about it."""

    table: Table
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class SheetBuilder:
    """Takes cells row by row; says when to stop."""

    name: str
    limits: Limits
    hidden: bool = False
    cells: list[Cell] = field(default_factory=list)
    full: bool = False
    cut: bool = False
    """Cells beyond the column limit were left out."""
    unsaved: list[str] = field(default_factory=list)
    """Cells with a formula and no value."""
    last_row: int = -1

    def row_fits(self, row: int) -> bool:
        """Tell whether a row may still be read; after ``False`` nothing more is taken."""
        gap = row - self.last_row - 1
        if row >= self.limits.table_rows or gap > self.limits.empty_rows:
            self.full = True
        return not self.full

    def add(self, cell: Cell) -> None:
        """Keep a cell that has text."""
        if not cell.text or self.full:
            return
        if cell.column >= self.limits.table_columns:
            self.cut = True
            return
        if len(self.cells) >= MOST_CELLS:
            self.full = True
            return
        self.cells.append(cell)
        self.last_row = max(self.last_row, cell.row)

    def sheet(self, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None) -> Sheet:
        """Return the finished sheet; ``spans``: rows and columns of merged areas by first cell."""
        cells = self.cells if not spans else list(_merged(self.cells, self._clipped(spans)))
        problems = [*self._limit_problems(), *self._hidden_problems(cells)]
        if self.unsaved:
            named = "、".join(self.unsaved[:_NAMED_CELLS])
            more = " …" if len(self.unsaved) > _NAMED_CELLS else ""
            problems.append(problem("W702", cells=f"{self.name}!{named}{more}"))
        return Sheet(Table(self.name, tuple(cells), hidden=self.hidden), tuple(problems))

    def _clipped(
        self, spans: Mapping[tuple[int, int], tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[int, int]]:
        """Return merged areas no larger than what is filled; senseless ones are dropped."""
        last_column = max((cell.column for cell in self.cells), default=0)
        found = {}
        for (row, column), (rows, columns) in spans.items():
            inside = (min(rows, self.last_row - row + 1), min(columns, last_column - column + 1))
            if inside[0] > 0 and inside[1] > 0 and inside[0] * inside[1] <= _MOST_COVERED:
                found[row, column] = inside
        return found

    def _limit_problems(self) -> list[Problem]:
        if not (self.full or self.cut):
            return []
        limit = f"{self.limits.table_rows}×{self.limits.table_columns}"
        return [problem("E508", size=self.name, limit=limit)]

    def _hidden_problems(self, cells: Iterable[Cell]) -> list[Problem]:
        if self.hidden:
            return [problem("W606", what=text("readers.hidden_sheet", {"name": self.name}))]
        count = sum(cell.hidden for cell in cells)
        if not count:
            return []
        told = text("readers.hidden_cells", {"name": self.name, "count": str(count)})
        return [problem("W606", what=told)]


def _merged(
    cells: Iterable[Cell], spans: Mapping[tuple[int, int], tuple[int, int]]
) -> Iterable[Cell]:
    inner = _inner(spans)
    for cell in cells:
        place = (cell.row, cell.column)
        if place in inner:
            continue
        rows, columns = spans.get(place, (1, 1))
        yield (
            cell if (rows, columns) == (1, 1) else replace(cell, row_span=rows, column_span=columns)
        )


def _inner(spans: Mapping[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for (row, column), (rows, columns) in spans.items():
        found.update((row + i, column + j) for i in range(rows) for j in range(columns))
        found.discard((row, column))
    return found


def column_number(reference: str) -> int:
    """Return the column from 0 of a reference such as ``AB12``; -1 if it has no letters."""
    number = 0
    for char in reference:
        if not ("A" <= char <= "Z"):
            break
        number = number * 26 + ord(char) - 64
    return number - 1


def row_number(reference: str) -> int:
    """Return the row from 0 of a reference such as ``AB12``; -1 if it has no digits."""
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
    return int(digits) - 1 if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1  # noqa: PLR2004


def reference(row: int, column: int) -> str:
    """Return ``AB12`` for a row and column from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"

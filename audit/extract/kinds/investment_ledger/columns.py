"""Which row is the header of a ledger, and which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.extract.cells import ONE, WAN
from audit.extract.kinds.investment_ledger.labels import (
    FOREIGN_HEADING,
    HEADINGS,
    MONEY,
    PLAIN_HEADINGS,
    UNIT,
)
from audit.extract.labels import fold, one_edit
from audit.extract.tables import Grid, GridCell
from audit.model import Message, Origin, say

#: A header stands among the first rows of its table, and is at most so many rows high.
_DEEPEST_HEADER, _HIGHEST_HEADER = 30, 3
#: A cell over this share of the columns is a title or a note, never a heading.
_TITLE_SHARE = 0.6
#: Longer text is no heading.
_LONGEST_HEADING = 30
_DATA = re.compile(r"\d{6,}|\d[\d,]*\.\d{2}|\d{4}[-/.年]\d{1,2}|有限公司")
#: Fields that a word of many headings names: a spoilt heading may mean another.
_GENERAL = frozenset({"", "amount", "name", "purpose"})
_FUZZY = frozenset({Origin.OCR, Origin.OCR2})


@dataclass(frozen=True, slots=True)
class Columns:
    """Fields by column (``""`` for one that is none), what a column's figures are worth in 元.

    ``top`` and ``bottom``: first row of the header and first row under it. ``edges``: x of the
    column bounds on the page, if known. ``guessed``: told by content, not by a header.
    """

    fields: tuple[str, ...]
    factors: tuple[Decimal | None, ...]
    top: int
    bottom: int
    edges: tuple[float, ...] = ()
    guessed: bool = False

    def index(self, field: str) -> int | None:
        """Return the column of a field."""
        return self.fields.index(field) if field in self.fields else None

    @property
    def known(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(f for f in self.fields if f)

    @property
    def amount(self) -> str:
        """The column that states what a row declares; empty if there is none."""
        wanted = ("amount_with_tax", "amount_without_tax")
        return next((f for f in wanted if f in self.fields), "")

    def message(self) -> Message:
        """Return the columns as a reason of the document, which ``columns_of_message`` reads."""
        return say(
            "investment_ledger.guessed" if self.guessed else "investment_ledger.columns",
            fields="|".join(self.fields),
            factors="|".join("" if f is None else str(f) for f in self.factors),
            edges="|".join(str(x) for x in self.edges),
        )


def columns_of_message(message: Message) -> Columns | None:
    """Return the columns that a document's reason carries, ``None`` if it is another reason."""
    if message.key not in {"investment_ledger.guessed", "investment_ledger.columns"}:
        return None
    params = dict(message.params)
    factors = tuple(Decimal(f) if f else None for f in params["factors"].split("|"))
    edges = tuple(float(x) for x in params["edges"].split("|") if x)
    fields = tuple(params["fields"].split("|"))
    return Columns(fields, factors, 0, 0, edges, message.key == "investment_ledger.guessed")


def find_columns(grid: Grid, start: int = 0) -> Columns | None:
    """Return the best header at or below row ``start``, ``None`` if no row looks like one."""
    best: tuple[int, Columns] | None = None
    last = min(grid.row_count, start + _DEEPEST_HEADER)
    for top in range(start, last):
        for bottom in range(top + 1, min(top + _HIGHEST_HEADER, grid.row_count) + 1):
            found = _header(grid, top, bottom)
            if found is None:
                break
            score = len(found.known) * 2 - (bottom - top)
            if best is None or score > best[0]:
                best = (score, found)
    if best is None or len(best[1].known) < 3:  # noqa: PLR2004 - two columns are no ledger
        return None
    return best[1]


def is_header_again(grid: Grid, row: int, columns: Columns) -> Columns | None:
    """Return the header that begins at a row under another one (next section, next page)."""
    if _header(grid, row, row + 1) is None:
        return None
    found = find_columns_at(grid, row)
    if found is None or len(found.known & columns.known) < max(3, len(columns.known) // 2):
        return None
    return found


def find_columns_at(grid: Grid, top: int) -> Columns | None:
    """Return the header whose first row is ``top``, at its best height."""
    heights = range(top + 1, min(top + _HIGHEST_HEADER, grid.row_count) + 1)
    found = [c for bottom in heights if (c := _header(grid, top, bottom)) is not None]
    return max(found, key=lambda c: len(c.known) * 2 - (c.bottom - c.top), default=None)


def _header(grid: Grid, top: int, bottom: int) -> Columns | None:
    """Return the columns that rows ``top`` to ``bottom`` name; ``None`` if they hold data."""
    rows = [grid.row(r) for r in range(top, bottom)]
    if any(_holds_data(cells, grid) for cells in rows) or not any(rows):
        return None
    paths = [_path(grid, top, bottom, c) for c in range(grid.column_count)]
    fuzzy = any(cell.origin in _FUZZY for cells in rows for cell in cells)
    named = [field_of(path, fuzzy=fuzzy) for path in paths]
    fields = _settled(named, paths)
    factors = tuple(_factor(path) for path in paths)
    return Columns(tuple(fields), factors, top, bottom, grid.edges)


def _holds_data(cells: Sequence[GridCell], grid: Grid) -> bool:
    return any(
        cell.number is not None
        or cell.day is not None
        or _DATA.search(fold(cell.joined)[0]) is not None
        for cell in cells
        if not _is_wide(cell, grid)
    )


def _is_wide(cell: GridCell, grid: Grid) -> bool:
    return cell.column_span > max(3, _TITLE_SHARE * grid.column_count)


def _path(grid: Grid, top: int, bottom: int, column: int) -> tuple[str, ...]:
    """Return the headings over a column, top to bottom, each merged area once."""
    found = []
    seen: set[GridCell] = set()
    for row in range(top, bottom):
        cell = grid.at(row, column)
        if cell is None or cell in seen or _is_wide(cell, grid):
            continue
        seen.add(cell)
        text = fold(cell.joined)[0]
        if text and len(text) <= _LONGEST_HEADING:
            found.append(text)
    return tuple(found)


def field_of(path: Sequence[str], *, fuzzy: bool = False) -> str:
    """Return the field that a heading names; empty if none, ``?`` for one of another table."""
    bare = [_without_unit(part) for part in path]
    text = "/".join(part for part in bare if part)
    if not text:
        return ""
    if FOREIGN_HEADING.search(text):
        return "?"
    if "/" in text and (alone := _by_pattern(bare[-1])) in {"number", "tax_rate", "tax_amount"}:
        return alone
    named = _by_pattern(text)
    if fuzzy and named in _GENERAL:
        return _by_likeness(bare[-1]) or named
    return named


def _by_pattern(text: str) -> str:
    return next((field for field, pattern in HEADINGS if pattern.search(text)), "")


def _by_likeness(text: str) -> str:
    close = {f for f, plain in PLAIN_HEADINGS if len(plain) > 2 and one_edit(text, plain)}  # noqa: PLR2004
    return close.pop() if len(close) == 1 else ""


def _without_unit(text: str) -> str:
    bare = re.sub(
        r"[(\[](?:金额)?(?:单位)?[:]?(?:人民币)?(?:万元|元|台/套|台|套|%|人民币)[)\]]", "", text
    )
    return re.sub(r"(?<=.)[/,:]?(?:万元|元)$", "", bare).strip("/:")


def _factor(path: Sequence[str]) -> Decimal | None:
    for part in reversed(path):
        match = UNIT.search(part)
        if match is not None:
            return WAN if match.group("v") == "万元" else ONE
    return None


def _settled(named: Sequence[str], paths: Sequence[Sequence[str]]) -> list[str]:
    """Return one column a field: what a row claims wins over the invoice's whole amount."""
    fields = ["" if f == "?" else f for f in named]
    fields = _amounts(fields)
    seen: set[str] = set()
    for i, field in enumerate(fields):
        if not field:
            continue
        if field in seen:
            fields[i] = "other_amount" if field in MONEY and "other_amount" not in seen else ""
            field = fields[i]  # noqa: PLW2901 - the field it became
        seen.add(field)
    if "number" in fields and not paths[fields.index("number")]:
        fields[fields.index("number")] = ""
    return fields


def _amounts(fields: Sequence[str]) -> list[str]:
    """Return the columns with provisional names of amounts turned into those of the vocabulary.

    What a row declares comes first: an amount said to be claimed or invested, else one with
    tax, else a plain one. 金额 beside 税额 and 价税合计 is the amount without tax, as on an
    invoice.
    """
    has = set(fields)
    names: dict[str, str] = {}
    declared = next((f for f in ("claimed", "invested") if f in has), "")
    plain = next((f for f in ("amount", "invoice_amount") if f in has), "")
    if declared and has & {"amount_with_tax", "amount", "invoice_amount", "claimed"} - {declared}:
        names |= {declared: "amount_with_tax", "amount_with_tax": "invoice_amount"}
    elif "amount_with_tax" in has:
        if plain and "tax_amount" in has and "amount_without_tax" not in has:
            names[plain] = "amount_without_tax"
    else:
        names[declared or plain] = "amount_with_tax"
    known = {"claimed", "invested", "amount"}
    return [names.get(f, "other_amount" if f in known else f) for f in fields]

"""A ledger over several pages: columns of pages without a header, totals over all pages."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import PurePosixPath

from audit.extract.kinds.investment_ledger.columns import Columns, columns_of_message
from audit.extract.kinds.investment_ledger.rows import settle_roles
from audit.extract.kinds.investment_ledger.sums import settle_rows
from audit.extract.kinds.investment_ledger.values import read_again
from audit.extract.ladder import doubt
from audit.model import Document, DocumentKind, LedgerRow, PageResult, Reading, say

_WAN = Decimal(10000)


@dataclass
class _Run:
    """Pages of one ledger: from a header to the last page that goes on with it."""

    columns: Columns | None
    unit: Decimal
    folder: str
    rows: list[LedgerRow] = field(default_factory=list)


def file_rows(results: Iterable[PageResult], file: str = "") -> tuple[LedgerRow, ...]:
    """Return the ledger rows of one file's pages, in order; see ``case_rows``."""
    return case_rows([(file, tuple(results))])


def case_rows(files: Iterable[tuple[str, Sequence[PageResult]]]) -> tuple[LedgerRow, ...]:
    """Return the ledger rows of all files (name, pages), in order, as their ledgers tell them.

    A page without a header takes its columns from the page it goes on with: in the same file,
    or in the file before it in the same folder (pages scanned one by one). Totals and sums are
    judged over all pages of a ledger. ``file`` and ``key`` of the rows are left as they are.
    """
    runs: list[_Run] = []
    for name, results in files:
        folder = str(PurePosixPath(name).parent)
        for result in results:
            if result.rows:
                _take(runs, result, folder)
    return tuple(
        row for run in runs for row in settle_rows(settle_roles(run.rows))
    )  # fmt: skip


def _take(runs: list[_Run], result: PageResult, folder: str) -> None:
    columns, unit = _columns(result.documents)
    last = runs[-1] if runs else None
    goes_on = result.continues and last is not None and last.folder == folder
    if not goes_on or last is None:
        runs.append(_Run(columns, unit, folder, list(result.rows)))
        return
    if columns is not None and columns.guessed and last.columns is not None:
        last.rows += [_renamed(row, columns, last) for row in result.rows]
    else:
        last.rows += result.rows
    if columns is not None and not columns.guessed:
        last.columns = columns


def _columns(documents: Iterable[Document]) -> tuple[Columns | None, Decimal]:
    """Return the columns of a page's last ledger table and what its unit is worth in 元."""
    columns: Columns | None = None
    unit = Decimal(1)
    for document in documents:
        if document.kind is not DocumentKind.INVESTMENT_LEDGER:
            continue
        found = [c for m in document.reasons if (c := columns_of_message(m)) is not None]
        columns = found[-1] if found else columns
        unit = _WAN if document.get("unit").value == "万元" else unit
    return columns, unit


def _renamed(row: LedgerRow, guessed: Columns, run: _Run) -> LedgerRow:
    """Return a row of a page without a header, its cells named by the header's columns."""
    assert run.columns is not None
    places = _places(guessed, run.columns)
    cells: dict[str, Reading] = {}
    for name, reading in row.cells.items():
        index = _index(name, guessed)
        header = places.get(index) if index is not None else None
        field_name = run.columns.fields[header] if header is not None else ""
        if header is None or not field_name:
            if index is None:
                cells.setdefault(name, reading)
            continue
        own = run.columns.factors[header]
        again = read_again(field_name, reading, run.unit if own is None else own)
        known = cells.get(field_name)
        if known is not None and known.raw and again.raw:
            both = f"{known.raw}；{again.raw}"
            again = doubt(known, say("cell.several", values=both))
        elif known is not None and known.raw:
            again = known
        cells[field_name] = again
    return replace(row, cells=cells)


def _index(name: str, guessed: Columns) -> int | None:
    if name.startswith("column_"):
        return int(name.removeprefix("column_"))
    return guessed.index(name)


def _places(guessed: Columns, header: Columns) -> Mapping[int, int]:
    """Return guessed column → header column: one to one if as many, else by where they stand."""
    count = len(guessed.fields)
    if count == len(header.fields):
        return {i: i for i in range(count)}
    if len(guessed.edges) != count + 1 or len(header.edges) != len(header.fields) + 1:
        return {
            i: header.fields.index(f) for i, f in enumerate(guessed.fields) if f in header.known
        }
    ours, theirs = _middles(guessed.edges), _middles(header.edges)
    return {
        i: min(range(len(theirs)), key=lambda j, x=x: abs(theirs[j] - x))  # type: ignore[misc]
        for i, x in enumerate(ours)
    }


def _middles(edges: Sequence[float]) -> list[float]:
    """Return the middles of columns as shares of the table's width (scans shift sideways)."""
    left, width = edges[0], max(edges[-1] - edges[0], 1e-6)
    return [((a + b) / 2 - left) / width for a, b in itertools.pairwise(edges)]

"""One ledger may come several times: as a spreadsheet, as its print, as its sealed scan.

The sealed copy governs (DOMAIN D6). Its rows are readings from pixels, so for reading and
matching the born-digital rows lead (``CaseFacts.rows``), and every other copy is kept beside
them (``CaseFacts.sealed_rows``) **under the row number of its counterpart**: a rule compares
``rows`` and ``sealed_rows`` of one number cell by cell, and where both are legible and differ
the sealed one is what the company declared. A row that has no counterpart carries a number
beyond the leading rows.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from audit.match.numbers import one_off
from audit.model import Document, DocumentKind, LedgerRow, RowRole
from audit.pipeline.join import number_rows
from audit.text.normal import compact

#: Two ledgers are copies of one when this share of the shorter one's rows appears in the other.
SAME_LEDGER = 0.5
#: Points of likeness of two rows; a pair needs ``_SAME_ROW`` of them.
_NUMBER, _NEAR_NUMBER, _AMOUNT, _TEXT = 4, 2, 3, 1
_SAME_ROW = 3
#: More pairs of rows than this are aligned by their order alone.
_MOST_PAIRS = 400_000


def split_copies(
    rows: Sequence[LedgerRow],
    documents: Sequence[Document],
) -> tuple[tuple[LedgerRow, ...], tuple[LedgerRow, ...]]:
    """Return (leading rows numbered from 1, rows of other copies under the same numbers).

    Ledgers (files, and sheets of one file) that do not repeat each other all count. Of copies
    the born-digital one leads, else the longest; see the module's text for what governs.
    """
    digital = {
        d.file for d in documents if d.kind is DocumentKind.INVESTMENT_LEDGER and d.origin_digital
    }
    groups: dict[tuple[str, str], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        groups[row.file, row.table].append(row)
    ordered = sorted(groups, key=lambda g: (g[0] not in digital, -_size(groups[g])))
    leaders: list[tuple[str, str]] = []
    copies: list[tuple[str, str]] = []
    for group in ordered:
        leading = [row for leader in leaders for row in groups[leader]]
        (copies if leading and _repeats(groups[group], leading) else leaders).append(group)
    governing = number_rows([row for row in rows if (row.file, row.table) in set(leaders)])
    numbered: list[LedgerRow] = []
    for copy in copies:
        numbered += _numbered_like(groups[copy], governing, numbered)
    return governing, tuple(numbered)


def _size(rows: Sequence[LedgerRow]) -> int:
    return sum(row.role is RowRole.ITEM for row in rows)


def _repeats(group: Sequence[LedgerRow], leading: Sequence[LedgerRow]) -> bool:
    ours = [row for row in group if row.role is RowRole.ITEM]
    theirs = [row for row in leading if row.role is RowRole.ITEM]
    shorter = min(len(ours), len(theirs))
    return shorter > 0 and len(_pairs(ours, theirs)) >= SAME_LEDGER * shorter


def _numbered_like(
    copy: Sequence[LedgerRow], leading: Sequence[LedgerRow], before: Sequence[LedgerRow]
) -> list[LedgerRow]:
    """Return a copy's rows under the numbers of their counterparts."""
    numbers: dict[int, int] = {}
    for items in (True, False):
        ours = [i for i, r in enumerate(copy) if (r.role is RowRole.ITEM) is items]
        theirs = [r for r in leading if (r.role is RowRole.ITEM) is items]
        pairs = _completed(_pairs([copy[i] for i in ours], theirs), len(ours), len(theirs))
        numbers |= {ours[a]: theirs[b].row for a, b in pairs.items()}
    following = max((r.row for r in (*leading, *before)), default=0)
    result = []
    for i, row in enumerate(copy):
        if i not in numbers:
            following += 1
        result.append(replace(row, row=numbers.get(i, following)))
    return result


def _pairs(ours: Sequence[LedgerRow], theirs: Sequence[LedgerRow]) -> dict[int, int]:
    """Return our row → their row, in order, so that likeness is greatest (an alignment)."""
    if len(ours) * len(theirs) > _MOST_PAIRS:
        both = zip(ours, theirs, strict=False)
        return {i: i for i, (a, b) in enumerate(both) if _likeness(a, b) >= _SAME_ROW}
    likeness = [[_likeness(a, b) for b in theirs] for a in ours]
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in range(len(ours) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            points = likeness[i][j]
            pair = points + best[i + 1][j + 1] if points >= _SAME_ROW else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(ours) and j < len(theirs):
        points = likeness[i][j]
        if points >= _SAME_ROW and best[i][j] == points + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _completed(pairs: dict[int, int], ours: int, theirs: int) -> dict[int, int]:
    """Return the pairs with the rows between two of them paired in order, if as many on both sides."""
    whole = dict(pairs)
    anchors = [(-1, -1), *sorted(pairs.items()), (ours, theirs)]
    for (a, b), (c, d) in itertools.pairwise(anchors):
        if c - a == d - b:
            whole |= {a + n: b + n for n in range(1, c - a)}
    return whole


def _likeness(one: LedgerRow, other: LedgerRow) -> int:
    points = 0
    ours, theirs = (compact(r.get("invoice_number").text or "") for r in (one, other))
    if ours and theirs:
        points += _NUMBER if ours == theirs else _NEAR_NUMBER if one_off(ours, theirs) else 0
    for field in ("amount_with_tax", "amount_without_tax"):
        amounts = {r.get(field).amount for r in (one, other)}
        if len(amounts) == 1 and None not in amounts:
            points += _AMOUNT
            break
    for field in ("name", "supplier", "issue_date"):
        values = [r.get(field).value for r in (one, other)]
        points += _TEXT if None not in values and values[0] == values[1] else 0
    return points

"""One ledger may come twice: as a spreadsheet and as its sealed scan. Which rows count?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from audit.model import Document, DocumentKind, LedgerRow, RowRole
from audit.pipeline.join import number_rows

#: Two ledgers are copies of one when this share of the shorter one's rows appears in the other.
SAME_LEDGER = 0.5


def split_copies(
    rows: Sequence[LedgerRow],
    documents: Sequence[Document],
) -> tuple[tuple[LedgerRow, ...], tuple[LedgerRow, ...]]:
    """Return (governing rows numbered from 1, rows of a second copy numbered likewise).

    Ledgers in several files that do not repeat each other all count. Of copies the
    born-digital one leads the reading; the scan is kept for the comparison cell by cell.
    """
    digital = {
        d.file for d in documents if d.kind is DocumentKind.INVESTMENT_LEDGER and d.origin_digital
    }
    groups: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        groups[row.file].append(row)
    ordered = sorted(groups.values(), key=lambda g: (g[0].file not in digital, -len(g)))
    governing: list[list[LedgerRow]] = []
    copies: list[LedgerRow] = []
    for group in ordered:
        if any(_repeats(group, leader) for leader in governing):
            copies.extend(group)
        else:
            governing.append(group)
    leaders = {group[0].file for group in governing}
    return number_rows([row for row in rows if row.file in leaders]), number_rows(copies)


def _repeats(group: Sequence[LedgerRow], leader: Sequence[LedgerRow]) -> bool:
    ours, theirs = _marks(group), _marks(leader)
    shorter = min(ours.total(), theirs.total())
    return shorter > 0 and (ours & theirs).total() >= SAME_LEDGER * shorter


def _marks(rows: Sequence[LedgerRow]) -> Counter[str]:
    """Return what identifies the item rows: invoice number, else amount."""
    marks: Counter[str] = Counter()
    for row in rows:
        if row.role is not RowRole.ITEM:
            continue
        number = row.get("invoice_number").text
        amount = row.get("amount_with_tax").amount or row.get("amount_without_tax").amount
        mark = number or (None if amount is None else str(amount))
        if mark:
            marks[mark] += 1
    return marks

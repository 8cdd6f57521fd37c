"""Several invoices on one page: where one ends and the next begins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import head_rows
from audit.extract.labels import Spot, find_labels
from audit.extract.layout import Sheet
from audit.model import WHOLE_PAGE, Box

_TOPS = (labels.CODE, labels.NUMBER, labels.DATE)
_FEET = (labels.TOTAL_WORDS, labels.TOTAL_SMALL, labels.TOTAL_LINE)


def invoice_areas(sheet: Sheet) -> tuple[Box, ...]:
    """Return the areas of the invoices on a page, top to bottom; the whole page if one.

    Each invoice has one head row of its item table and one total row; the cut goes through the
    widest gap between a total row and the next invoice's first label.
    """
    spots = find_labels(sheet, labels.FACE_LABELS)
    heads = head_rows(spots)
    cuts = [
        cut
        for upper, lower in itertools.pairwise(heads)
        if (cut := _cut(sheet, spots, upper, lower)) is not None
    ]
    bounds = [0.0, *cuts, 1.0]
    if len(bounds) == 2:  # noqa: PLR2004 - top and bottom of the page
        return (WHOLE_PAGE,)
    return tuple(Box(0.0, top, 1.0, bottom) for top, bottom in itertools.pairwise(bounds))


def _cut(sheet: Sheet, spots: Sequence[Spot], upper: float, lower: float) -> float | None:
    feet = [s.box.centre[1] for s in spots if s.label in _FEET and upper < s.box.centre[1] < lower]
    if not feet:
        return None
    foot = max(feet)
    tops = [s.box.centre[1] for s in spots if s.label in _TOPS and foot < s.box.centre[1] < lower]
    if not tops:
        return None
    first = min(tops)
    between = sorted(
        line.box.centre[1] for line in sheet.lines if foot <= line.box.centre[1] <= first
    )
    gaps = [(b - a, (a + b) / 2) for a, b in itertools.pairwise(between)]
    return max(gaps)[1] if gaps else (foot + first) / 2

"""The value beside a label where cells wrap: on its baseline, or centred over several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.found import right_of
from audit.extract.labels import Spot
from audit.extract.layout import Sheet, cut_between, edges, em, join, runs_down
from audit.model import TextLine
from audit.text.names import looks_like_company

#: How far (in label heights) a wrapped line may stand from its label's centre.
_REACH = 2.4
#: Gap between two lines of one cell, in line heights.
_LEADING = 0.9
#: Lines of one cell begin at the same place, within so many em.
_INDENT = 1.6
_TORN = re.compile(r"^(限|公司|有限|股份|责任|集团|技|科技)")
_COLON = ":：;；"


def value_beside(
    sheet: Sheet,
    spot: Spot,
    spots: Sequence[Spot],
    *,
    wraps: bool = False,
) -> TextLine | None:
    """Return what stands right of a label, ``None`` for nothing.

    ``wraps``: the cell may hold more than one line (names, banks, purposes); all of them are
    joined, top to bottom.
    """
    base = _plain(join(right_of(sheet, spot, spots)))
    if base is not None and (not wraps or _whole(base.text)):
        return base
    cell = _cell_lines(sheet, spot, spots) if wraps or base is None else ()
    if base is None:
        centred = _centred(cell, spot, 0.8 if wraps else 0.4)
        return _plain(join(centred)) if centred else None
    stack = _stack(cell, base, sheet.aspect)
    return _plain(join(stack)) or base


def _plain(line: TextLine | None) -> TextLine | None:
    if line is None or not line.text.strip().strip(_COLON).strip():
        return None
    return line


def _whole(text: str) -> bool:
    """Tell whether a name needs no other line: a company whose first part is there."""
    return looks_like_company(text.strip()) and _TORN.match(text.strip()) is None


def _cell_lines(sheet: Sheet, spot: Spot, spots: Sequence[Spot]) -> tuple[TextLine, ...]:
    """Return the lines right of the label within its cell, no labels among them."""
    top, bottom = _cell_band(spot, spots)
    line, place = spot.tail
    start = edges(line)[min(place, len(line.text))]
    limit = min(
        (
            other.box.left
            for other in spots
            if other.box.left > spot.box.right and top < other.box.centre[1] < bottom
        ),
        default=2.0,
    )
    labelled = {id(one) for other in spots for one in other.lines}
    found = []
    for one in sheet.lines:
        if id(one) in labelled or runs_down(one, sheet.aspect):
            continue
        if top < one.box.centre[1] < bottom and one.box.right > start:
            part = cut_between(one, start, limit)
            if part is not None:
                found.append(part)
    return tuple(sorted(found, key=lambda one: (one.box.top, one.box.left)))


def _cell_band(spot: Spot, spots: Sequence[Spot]) -> tuple[float, float]:
    """Return top and bottom of a label's cell: half way to the labels above and below it."""
    height, middle = spot.box.height, spot.box.centre[1]
    top, bottom = middle - _REACH * height, middle + _REACH * height
    for other in spots:
        if other is spot or other.box.right < spot.box.left or other.box.left > spot.box.right:
            continue
        y = other.box.centre[1]
        if y < middle:
            top = max(top, (y + middle) / 2)
        elif y > middle:
            bottom = min(bottom, (y + middle) / 2)
    return top, bottom


def _centred(cell: Sequence[TextLine], spot: Spot, slack: float) -> tuple[TextLine, ...]:
    """Return the lines of a cell that stand evenly around the label's centre.

    ``slack``: how far off their middle may be, in label heights.
    """
    if not cell:
        return ()
    top, bottom = cell[0].box.top, max(one.box.bottom for one in cell)
    off = abs((top + bottom) / 2 - spot.box.centre[1])
    return tuple(cell) if off <= slack * spot.box.height else ()


def _stack(cell: Sequence[TextLine], base: TextLine, aspect: float) -> list[TextLine]:
    """Return ``base`` with the lines directly above and below that begin where it begins."""
    size = em(base, aspect)
    stack = [base]
    others = [
        one
        for one in cell
        if abs(one.box.left - base.box.left) <= _INDENT * size
        and abs(one.box.centre[1] - base.box.centre[1]) > 0.5 * base.box.height
    ]
    for one in sorted(others, key=lambda line: abs(line.box.centre[1] - base.box.centre[1])):
        gap = max(one.box.top - stack[-1].box.bottom, stack[0].box.top - one.box.bottom)
        if gap <= _LEADING * base.box.height:
            stack = sorted([*stack, one], key=lambda line: line.box.top)
    return stack

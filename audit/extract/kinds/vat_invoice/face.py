"""The face of one invoice as geometry: its labels, blocks and the lines that divide it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.extract.found import right_of
from audit.extract.kept import Kept
from audit.extract.kinds.vat_invoice import labels
from audit.extract.labels import Label, Spot, find_labels
from audit.extract.layout import Sheet, cut, cut_between, same_row
from audit.extract.stacked import find_stacked
from audit.model import Box, TextLine

_TOKEN = re.compile(r"[*＊★☆※](?:\s+[*＊★☆※])+(?!\S)|\S+")
#: Fewest column heads on one row that make it the head of the item table.
_HEADS = 3
#: The head of the tax column stands this near to that of the rate (em).
_TAX_REACH = 14.0
#: How far the paper reaches beyond the first and the last head of its table, in em.
_MARGIN_LEFT, _MARGIN_RIGHT = 13.0, 12.0


@dataclass(frozen=True, slots=True)
class Face:
    """One invoice on a page.

    ``spots``: labels printed level; ``blocks``: labels printed downwards; ``heads``: the heads
    of the item table, left to right (empty if there is no table); ``area``: the invoice's part
    of the page; ``copies``: which copies (记账联 …) the margin names.
    """

    sheet: Sheet
    area: Box
    page_index: int
    spots: tuple[Spot, ...]
    blocks: tuple[Spot, ...]
    heads: tuple[Spot, ...]
    copies: tuple[str, ...] = ()

    def share(self, x: float) -> float:
        """Return how far right an x stands, 0-1 over the width of the invoice itself."""
        frame = _frame(self.heads, self.area)
        return (x - frame.left) / max(frame.width, 1e-6)

    @property
    def heads_top(self) -> float:
        """Upper edge of the item table's head; the middle of the area if there is no table."""
        return min((s.box.top for s in self.heads), default=self.area.centre[1])

    @property
    def heads_bottom(self) -> float:
        """Lower edge of the item table's head."""
        return max((s.box.bottom for s in self.heads), default=self.area.centre[1])

    def of(self, *wanted: Label) -> tuple[Spot, ...]:
        """Return the level spots of these labels, top to bottom."""
        return tuple(spot for spot in self.spots if spot.label in wanted)

    def head(self, field: str) -> Spot | None:
        """Return the table head ``col_…``, ``None`` if the table has no such column."""
        return next((spot for spot in self.heads if spot.field == field), None)


_faces: Kept[Face] = Kept()


def make_face(sheet: Sheet, area: Box, page_index: int) -> Face:
    """Return the face that the lines within ``area`` make.

    What stands well beside the item table (the rest of a screen around a picture of an
    invoice) is left out.
    """
    how = (sheet.aspect, area, page_index)
    return _faces.get(sheet.lines, how, lambda: _make_face(sheet, area, page_index))


def _make_face(sheet: Sheet, area: Box, page_index: int) -> Face:
    inside = sheet.inside(area)
    spots = find_labels(inside, labels.FACE_LABELS)
    frame = _frame(_heads(spots, inside), area)
    framed = tuple(x for x in inside.lines if frame.left < x.box.centre[0] < frame.right)
    if len(framed) < len(inside.lines):
        inside = Sheet(framed, sheet.aspect)
        spots = find_labels(inside, labels.FACE_LABELS)
    blocks = _longest(find_stacked(inside, labels.BLOCK_LABELS))
    copies = tuple(spot.synonym for spot in find_stacked(inside, labels.COPIES))
    return Face(inside, area, page_index, spots, blocks, _heads(spots, inside), copies)


def _frame(heads: Sequence[Spot], area: Box) -> Box:
    """Return the width of the invoice around its table, the whole area if there is no table."""
    if not heads:
        return area
    first, last = heads[0], heads[-1]
    left = first.box.left - _MARGIN_LEFT * first.em
    right = last.box.right + _MARGIN_RIGHT * last.em
    return Box(max(area.left, left), area.top, min(area.right, right), area.bottom)


def _longest(blocks: Sequence[Spot]) -> tuple[Spot, ...]:
    """Drop a block head that is part of a longer one (购买方 within 购买方信息)."""
    kept: list[Spot] = []
    for spot in sorted(blocks, key=lambda s: -len(s.synonym)):
        if not any(_within(spot.box, other.box) for other in kept):
            kept.append(spot)
    return tuple(sorted(kept, key=lambda s: (s.box.top, s.box.left)))


def _within(inner: Box, outer: Box) -> bool:
    return inner.intersection_area(outer) >= 0.9 * inner.area


def _heads(spots: Sequence[Spot], sheet: Sheet) -> tuple[Spot, ...]:
    """Return the row of column heads: the one with most heads, the name's or amounts' among them."""
    columns = [spot for spot in spots if spot.label in labels.COLUMNS]
    best: tuple[Spot, ...] = ()
    for first in columns:
        row = tuple(s for s in columns if _level(s.box, first.box))
        if _is_head_row({s.field for s in row}) and _fields(row) > _fields(best):
            best = row
    heads = sorted(_first_of_each(best), key=lambda s: s.box.left)
    return tuple(sorted((*heads, *_spoilt_heads(heads, sheet)), key=lambda s: s.box.left))


def _fields(row: Sequence[Spot]) -> int:
    return len({spot.field for spot in row})


def _is_head_row(fields: set[str]) -> bool:
    money = bool(fields & {"col_amount", "col_tax"})
    return len(fields) >= (_HEADS if money else _HEADS + 1)


def _spoilt_heads(heads: Sequence[Spot], sheet: Sheet) -> list[Spot]:
    """Return the heads of amount and tax of which recognition lost a character (金 新, 税 類)."""
    known = {spot.field: spot for spot in heads}
    rate = known.get("col_tax_rate")
    if rate is None:
        return []
    left = max((s.box.right for s in heads if s.box.right < rate.box.left), default=0.0)
    places = {
        "col_amount": (left, rate.box.left),
        "col_tax": (rate.box.right, rate.box.right + _TAX_REACH * rate.em),
    }
    found = []
    for field, (start, end) in places.items():
        halves = [
            line
            for line in sheet.lines
            if start < line.box.centre[0] < end
            and _level(line.box, rate.box)
            and len(line.text.strip()) == 1
        ]
        if field not in known and halves and any(h.text.strip() in "金税额" for h in halves):
            found.append(_head_of(field, rate, halves))
    return found


def _head_of(field: str, model: Spot, halves: Sequence[TextLine]) -> Spot:
    label = next(label for label in labels.COLUMNS if label.field == field)
    box = halves[0].box
    for half in halves[1:]:
        box = box.union(half.box)
    lines = tuple(halves)
    return Spot(label, label.synonyms[0], box, lines, (lines[-1], 1), errors=1, em=model.em)


def _level(one: Box, other: Box) -> bool:
    return abs(one.centre[1] - other.centre[1]) <= max(one.height, other.height)


def _first_of_each(row: Iterable[Spot]) -> list[Spot]:
    kept: dict[tuple[str, str], Spot] = {}
    for spot in row:
        kept.setdefault((spot.field, spot.synonym if spot.field == "col_other" else ""), spot)
    return list(kept.values())


def head_rows(spots: Sequence[Spot]) -> tuple[float, ...]:
    """Return the y of every row of table heads, top to bottom (one for each invoice)."""
    columns = [spot for spot in spots if spot.label in labels.COLUMNS]
    found: list[float] = []
    for first in columns:
        fields = {s.field for s in columns if _level(s.box, first.box)}
        y = first.box.centre[1]
        if "col_name" not in fields or not _is_head_row(fields):
            continue
        if all(abs(y - other) > 2 * first.box.height for other in found):
            found.append(y)
    return tuple(sorted(found))


def value_pieces(face: Face, spot: Spot, reach: float = 14.0) -> tuple[TextLine, ...]:
    """Return what stands right of a label, ending at the next label or block."""
    pieces = right_of(face.sheet, spot, face.spots, reach)
    limit = block_limit(face, spot)
    kept = []
    for piece in pieces:
        if piece.box.left >= limit:
            break
        fits = piece.box.right <= limit + spot.em
        part = piece if fits else cut_between(piece, -1.0, limit)
        if part is not None:
            kept.append(part)
    return tuple(kept)


def block_limit(face: Face, spot: Spot) -> float:
    """Return the x where the next block begins to the right of a label (1 if none does)."""
    y = spot.box.centre[1]
    lefts = [
        block.box.left - 0.3 * block.em
        for block in face.blocks
        if block.box.left > spot.box.right
        and block.box.top - block.box.height * 0.5 <= y <= block.box.bottom + block.box.height * 0.5
    ]
    return min(lefts, default=1.0)


def tokens(line: TextLine) -> tuple[TextLine, ...]:
    """Return the blank-separated parts of a line, each with its own place; ``* * *`` is one."""
    return tuple(cut(line, m.start(), m.end()) for m in _TOKEN.finditer(line.text))


def on_row(face: Face, box: Box, slack: float = 0.8) -> tuple[TextLine, ...]:
    """Return the lines on the baseline of ``box``, left to right; print may be a little off."""
    y, height = box.centre[1], box.height
    kept = [
        line
        for line in face.sheet.lines
        if same_row(line.box, box)
        or abs(line.box.centre[1] - y) <= slack * min(height, line.box.height)
    ]
    return tuple(sorted(kept, key=lambda line: line.box.left))

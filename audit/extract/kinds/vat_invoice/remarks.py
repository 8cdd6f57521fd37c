"""The remarks box of an invoice."""

from __future__ import annotations

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import Face
from audit.extract.labels import as_candidate, fold
from audit.extract.layout import cut_between, join, rows
from audit.model import Box, Candidate

_FOOT = ("payee", "reviewer", "drawer", "seal_place")


def remark_candidate(face: Face) -> Candidate | None:
    """Return the text of the remarks box, rows joined by blanks; ``None`` if it is empty."""
    box = _remark_box(face)
    if box is None:
        return None
    pieces = []
    for line in face.sheet.lines:
        if box.contains_point(line.box.centre[0], line.box.centre[1]):
            part = cut_between(line, box.left, box.right)
            if part is not None and fold(part.text)[0] not in {"备", "注", "备注"}:
                pieces.append(part)
    ordered = [piece for row in rows(pieces) for piece in row]
    joined = join(ordered, " ")
    return as_candidate(joined, joined.text, face.page_index) if joined is not None else None


def _remark_box(face: Face) -> Box | None:
    """Return the area right of 备注, from the total's row down to the signatures."""
    blocks = [b for b in face.blocks if b.field == "remarks"]
    level = [s for s in face.of(labels.REMARKS) if s.box.top > face.heads_bottom]
    head = blocks[-1].box if blocks else level[-1].box if level else None
    if head is None or head.top < face.heads_bottom:
        return None
    height = head.height if not blocks else head.height / 2
    above = [
        s.box.bottom
        for s in face.of(labels.TOTAL_WORDS, labels.TOTAL_SMALL, labels.TOTAL_LINE)
        if s.box.bottom <= head.top + height
    ]
    below = [
        s.box.top for s in face.spots if s.field in _FOOT and s.box.top >= head.bottom - height
    ]
    top = max(above, default=head.top - height)
    bottom = min(below, default=head.bottom + 3 * height)
    return Box(head.right, top, face.area.right, bottom) if bottom > top else None

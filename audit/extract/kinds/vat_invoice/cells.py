"""Second looks into the item table: a lone ``1`` is the print that detection loses most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.extract.kinds.vat_invoice.face import Face
from audit.extract.kinds.vat_invoice.values import parse_number
from audit.extract.labels import fold
from audit.extract.ladder import reconcile
from audit.model import (
    Box,
    Candidate,
    InvoiceItem,
    Look,
    Origin,
    ReadAgain,
    SecondLook,
    Status,
)

_MOST = 6
#: How far a figure may stand beside the head of its column (em).
_ASIDE = 2.5


def cell_asks(items: Sequence[InvoiceItem], face: Face, index: int) -> list[ReadAgain]:
    """Return looks into the quantity cells that gave nothing though the line has a price."""
    head = face.head("col_quantity")
    if head is None:
        return []
    asks = []
    for number, item in enumerate(items):
        priced = item.unit_price.where
        if item.quantity.status is not Status.MISSING or priced is None or priced.box is None:
            continue
        row = priced.box
        before = [s.box.right for s in face.heads if s.box.right < head.box.left]
        left = max((*before, head.box.left - _ASIDE * head.em))
        right = min(row.left - 0.5 * head.em, head.box.right + _ASIDE * head.em)
        if right - left > head.em:
            box = Box(left, row.top, right, row.bottom)
            asks.append(ReadAgain(f"items.{number}.quantity", box, Look.LARGER, index))
    return asks[:_MOST]


def with_cells(
    items: tuple[InvoiceItem, ...], looks: Sequence[SecondLook], index: int, page_index: int
) -> tuple[InvoiceItem, ...]:
    """Return the items with the quantities that looks found in empty cells."""
    found = list(items)
    for look in looks:
        name = look.wish.field_name.split(".")
        if look.wish.document_index != index or name[0] != "items":
            continue
        number, text = int(name[1]), fold(look.text)[0]
        value = parse_number(text)
        if value is None or number >= len(found):
            continue
        candidate = Candidate(Origin.OCR2, value, text, look.confidence, page_index, look.wish.box)
        found[number] = replace(found[number], quantity=reconcile("quantity", [candidate]))
    return tuple(found)

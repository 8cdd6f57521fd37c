"""Second looks: which places of an invoice to read again, and what the answers say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from audit.extract.kinds.vat_invoice.face import Face
from audit.extract.kinds.vat_invoice.header import LENGTHS, read_header
from audit.extract.kinds.vat_invoice.totals import lacks_cents, words_in
from audit.extract.kinds.vat_invoice.values import (
    AMOUNTS,
    TAXPAYER_IDS,
    clean_name,
    money_in,
    parse_money,
    parse_taxpayer_text,
)
from audit.extract.labels import fold
from audit.extract.ladder import contradicted
from audit.model import (
    Box,
    Candidate,
    Look,
    Origin,
    ReadAgain,
    Reading,
    SecondLook,
    Status,
    Value,
)
from audit.text.names import looks_like_company

#: On a born-digital page the picture is checked for these, where the text layer alone speaks:
#: words and sums of the same layer prove nothing about the picture.
_CHECKED = ("invoice_number", "issue_date", "amount_without_tax", "tax_amount", "total_with_tax")
_MOST_CHECKS = 6
#: On a scan these are read again when unsure, most valuable first.
_PRECIOUS = (
    "invoice_number",
    "total_with_tax",
    "amount_without_tax",
    "tax_amount",
    "issue_date",
    "total_in_words",
    "buyer_name",
    "seller_name",
    "buyer_taxpayer_id",
    "seller_taxpayer_id",
    "invoice_code",
)
_MOST_LOOKS = 14
_NO_TAX = re.compile(r"[*※★☆]{2,}$")
#: The table heads above the sums, and how far a cell reaches beyond them (em).
_SUM_HEADS = {"amount_without_tax": "col_amount", "tax_amount": "col_tax"}
_CELL = 4.0
#: A sum without cents is a part of one.
_CLIPPED = 0.6
#: A crop's figure this clear is a whole one: crops grow until their edges are clean.
_CLEAR = 0.98
_DIGITS = frozenset({*AMOUNTS, *TAXPAYER_IDS, "invoice_number", "invoice_code"})
_LABEL_END = re.compile(r"^[^:：]{1,14}[:：]")
#: Where paper prints its number and code in red, as shares of the invoice above its table.
_RED_CORNERS = {"invoice_number": (0.62, 1.0), "invoice_code": (0.0, 0.4)}


def digital_asks(readings: Mapping[str, Reading], index: int) -> list[ReadAgain]:
    """Return the checks of a born-digital invoice's text against its picture."""
    asks = []
    for field in _CHECKED:
        reading = readings.get(field)
        if reading is None or any(s.origin is not Origin.TEXT_LAYER for s in reading.sources):
            continue
        box = _own_box(reading)
        if box is not None and not contradicted(reading):
            asks.append(ReadAgain(field, box, Look.CROP, index))
    return asks[:_MOST_CHECKS]


def scan_asks(readings: Mapping[str, Reading], face: Face, index: int) -> list[ReadAgain]:
    """Return the places of a scanned invoice to read again."""
    asks: list[ReadAgain] = []
    for field in _PRECIOUS:
        reading = readings.get(field)
        if reading is None or reading.status is Status.MISSING:
            asks += _red_corner(field, readings, face, index)
            asks += _sum_cell(field, readings, face, index)
        elif reading.status is Status.DOUBTFUL:
            box = _own_box(reading)
            if box is not None:
                asks.append(ReadAgain(field, box, Look.LARGER, index))
                if field in _DIGITS:
                    asks.append(ReadAgain(field, box, Look.SECOND_ENGINE, index))
    return asks[:_MOST_LOOKS]


def _own_box(reading: Reading) -> Box | None:
    for source in reading.sources:
        if source.origin in {Origin.TEXT_LAYER, Origin.OCR} and source.box is not None:
            return source.box
    return None


def _red_corner(
    field: str, readings: Mapping[str, Reading], face: Face, index: int
) -> list[ReadAgain]:
    """Return a look for red print at the corner of a paper form that gave no number."""
    if field not in _RED_CORNERS or not face.heads:
        return []
    number = readings.get("invoice_number")
    if (
        field == "invoice_code"
        and number is not None
        and len(number.text or "") > LENGTHS[field][1]
    ):
        return []
    left, right = _RED_CORNERS[field]
    area = face.area
    top = min((line.box.top for line in face.sheet.lines), default=area.top)
    bottom = top + 0.5 * (face.heads_top - top)
    if bottom <= top:
        return []
    box = Box(area.left + left * area.width, top, area.left + right * area.width, bottom)
    return [ReadAgain(field, box, Look.OTHER_CHANNEL, index)]


def _sum_cell(
    field: str, readings: Mapping[str, Reading], face: Face, index: int
) -> list[ReadAgain]:
    """Return a look into the cell of the 合计 row that gave nothing: small print, ``***``."""
    head = face.head(_SUM_HEADS.get(field, ""))
    other = readings.get("tax_amount" if field == "amount_without_tax" else "amount_without_tax")
    row = _own_box(other) if other is not None else None
    if head is None or row is None or not face.heads_bottom < row.top:
        return []
    before = [s.box.right for s in face.heads if s.box.right < head.box.left]
    after = [s.box.left for s in face.heads if s.box.left > head.box.right]
    left = max(before, default=head.box.left - _CELL * head.em)
    left = max(left, (row.right + head.box.left) / 2) if row.right < head.box.left else left
    right = min(after, default=min(1.0, head.box.right + _CELL * head.em))
    margin = 0.25 * row.height
    return [
        ReadAgain(
            field, Box(left, row.top - margin, right, row.bottom + margin), Look.LARGER, index
        )
    ]


def look_candidates(
    looks: Sequence[SecondLook],
    index: int,
    page_index: int,
    digital: bool,
    readings: Mapping[str, Reading],
) -> dict[str, list[Candidate]]:
    """Return the answers to a document's looks by field; useless answers are left out."""
    found: dict[str, list[Candidate]] = {}
    for look in looks:
        if look.wish.document_index != index or not look.text.strip():
            continue
        field = look.wish.field_name
        if field.startswith("items."):
            continue
        value, raw = read_look(field, look.text)
        if value is None:
            value, raw = _same_again(readings.get(field), look.text)
        clear = field in AMOUNTS and look.confidence >= _CLEAR
        if value is None or (digital and not clear and _clipped(readings.get(field), value)):
            continue
        origin = Origin.OCR if digital else Origin.OCR2
        sure = look.confidence
        if field in AMOUNTS and lacks_cents(value):
            sure = min(sure, _CLIPPED)
        candidate = Candidate(origin, value, raw, sure, page_index, look.wish.box)
        found.setdefault(field, []).append(candidate)
    return found


def _same_again(reading: Reading | None, text: str) -> tuple[Value | None, str]:
    """A text that is exactly what was read before speaks for it, whatever it looks like."""
    if reading is None or reading.text is None or fold(text)[0] != fold(reading.text)[0]:
        return None, text
    return reading.value, text


def read_look(field: str, text: str) -> tuple[Value | None, str]:
    """Return the value for ``field`` in the text of a crop that may show its label as well."""
    if field in AMOUNTS:
        if field == "tax_amount" and _NO_TAX.search(fold(text)[0]):
            return "***", text  # the crop shows the amount beside it as well
        printed = money_in(_after_label(text))
        return (None, text) if printed is None else (parse_money(printed), printed)
    if field == "issue_date" or field in LENGTHS:
        return read_header(field, _after_label(text))
    if field == "total_in_words":
        return words_in(text)
    if field in TAXPAYER_IDS:
        runs = re.findall(r"[0-9A-Z]{15,20}", fold(_after_label(text))[0].upper())
        return (parse_taxpayer_text(runs[0]), runs[0]) if len(runs) == 1 else (None, text)
    name = clean_name(_after_label(text))
    return (name, text.strip()) if name and looks_like_company(name) else (None, text)


def _after_label(text: str) -> str:
    match = _LABEL_END.match(text.strip())
    if match is None or any(char.isdigit() for char in match.group()):
        return text.strip()
    return text.strip()[match.end() :]


def _clipped(reading: Reading | None, value: Value) -> bool:
    """Tell whether a crop shows only a part of the value (or more than it): no contradiction."""
    if reading is None or reading.value is None or reading.value == value:
        return False
    own, seen = (re.sub(r"\D", "", str(v)) for v in (reading.value, value))
    return not seen or seen in own or own in seen

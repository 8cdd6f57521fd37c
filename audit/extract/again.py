"""Second looks for papers that are not invoices: what to read again, what the answers say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from audit.extract.labels import fold
from audit.extract.ladder import FieldType, contradicted, field_type
from audit.extract.values import parse_value
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

_MOST_LOOKS = 12
_MOST_CHECKS = 4
_UNDER_SEAL = 0.98
_LABEL_END = re.compile(r"^[^:：\d]{1,14}[:：]")
_DIGITS = frozenset({FieldType.AMOUNT, FieldType.NUMBER, FieldType.DATE})
_INK = (Origin.TEXT_LAYER, Origin.OCR)

#: Text of a crop to the value of a field; ``None`` if it shows none.
Parse = Callable[[str, str], Value | None]


def wanted_looks(
    readings: Mapping[str, Reading],
    precious: Sequence[str],
    checked: Sequence[str],
    index: int,
    *,
    digital: bool,
    seals: Sequence[Box] = (),
) -> list[ReadAgain]:
    """Return the places to read again for document ``index`` of the page.

    On a scan the ``precious`` fields that are doubtful, without red where one of the ``seals``
    covers them; on a born-digital page the ``checked`` ones, to compare the text layer with
    the picture.
    """
    if digital:
        return _checks(readings, checked, index)
    asks: list[ReadAgain] = []
    for field in precious:
        reading = readings.get(field)
        if reading is None or reading.status is not Status.DOUBTFUL:
            continue
        box = _own_box(reading)
        if box is None:
            continue
        covered = any(box.intersection_area(seal) > 0 for seal in seals)
        asks.append(ReadAgain(field, box, Look.NO_RED if covered else Look.LARGER, index))
        if field_type(field) in _DIGITS:
            asks.append(ReadAgain(field, box, Look.SECOND_ENGINE, index))
    return asks[:_MOST_LOOKS]


def floor_under(
    candidates: Sequence[Candidate], seals: Sequence[Box], floor: float | None
) -> float | None:
    """Return the lowest confidence that counts for a lone OCR reading, higher under a seal.

    Ink of a seal turns characters into others that look sound.
    """
    under = any(
        c.origin is Origin.OCR and c.box is not None and c.box.intersection_area(seal) > 0
        for c in candidates
        for seal in seals
    )
    return _UNDER_SEAL if under else floor


def _checks(readings: Mapping[str, Reading], checked: Sequence[str], index: int) -> list[ReadAgain]:
    asks = []
    for field in checked:
        reading = readings.get(field)
        if reading is None or reading.status not in {Status.READ, Status.DOUBTFUL}:
            continue
        box = _own_box(reading)
        if box is not None and box.area > 0 and not contradicted(reading):
            asks.append(ReadAgain(field, box, Look.CROP, index))
    return asks[:_MOST_CHECKS]


def _own_box(reading: Reading) -> Box | None:
    return next((s.box for s in reading.sources if s.origin in _INK and s.box is not None), None)


def look_candidates(
    looks: Sequence[SecondLook],
    index: int,
    page_index: int,
    readings: Mapping[str, Reading],
    parse: Parse | None = None,
    *,
    digital: bool,
) -> dict[str, list[Candidate]]:
    """Return the answers to a document's looks by field; useless answers are left out."""
    found: dict[str, list[Candidate]] = {}
    for look in looks:
        if look.wish.document_index != index or not look.text.strip():
            continue
        field = look.wish.field_name
        text = after_label(look.text)
        value = (parse or parse_value)(field, text)
        if value is None or not _plausible(field, value):
            continue
        if digital and _clipped(readings.get(field), value):
            continue
        origin = Origin.OCR if digital else Origin.OCR2
        candidate = Candidate(origin, value, text, look.confidence, page_index, look.wish.box)
        found.setdefault(field, []).append(candidate)
    return found


def after_label(text: str) -> str:
    """Return the text of a crop without a label and colon at its beginning."""
    match = _LABEL_END.match(text.strip())
    return text.strip() if match is None else text.strip()[match.end() :].strip()


def _plausible(field: str, value: Value) -> bool:
    """A crop that clips a name shows some other text: it speaks only if it is a name itself."""
    if field_type(field) is FieldType.NAME:
        return isinstance(value, str) and looks_like_company(value)
    return True


def _clipped(reading: Reading | None, value: Value) -> bool:
    """Tell whether a crop shows only a part of the value (or more than it): no contradiction."""
    if reading is None or reading.value is None or reading.value == value:
        return False
    own, seen = (re.sub(r"[^0-9a-z]", "", fold(str(v))[0].lower()) for v in (reading.value, value))
    return not seen or seen in own or own in seen

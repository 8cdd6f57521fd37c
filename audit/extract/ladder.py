"""From candidates to a Reading: which value, and how far it may be relied on.

Sources fall into independent groups: structured data, QR payload, and the face (text layer,
OCR, second looks: the same ink, however often it is read). Only agreement of two groups makes
``confirmed``; arithmetic that binds a field does as well (``extract.checks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from audit.extract.labels import fold
from audit.model import (
    MISSING,
    STRUCTURED,
    Candidate,
    Message,
    Origin,
    Reading,
    Status,
    Value,
    say,
)
from audit.text.money import words_to_amount
from audit.text.names import same_company

#: A second look at a born-digital page speaks against the issuer's text only if this sure.
LOOK_CERTAIN = 0.95
#: Looks at the same pixels that agree are ``read`` if the chance that both erred is this small.
_AGREED = 0.03
_SURE = 0.99
#: Below this a recognised value says only that nothing could be read there.
_NOISE = 0.6

_LADDER = (
    Origin.HUMAN,
    Origin.XML,
    Origin.XBRL,
    Origin.ATTACHMENT,
    Origin.OFD,
    Origin.TEXT_LAYER,
    Origin.QR,
    Origin.OCR2,
    Origin.OCR,
)
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})


class FieldType(StrEnum):
    """How the values of a field are compared."""

    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    WORDS = "words"
    NAME = "name"
    TEXT = "text"


#: Lowest confidence of the weakest character at which a single OCR reading counts as read.
FLOORS = {
    FieldType.AMOUNT: 0.98,
    FieldType.DATE: 0.97,
    FieldType.NUMBER: 0.98,
    FieldType.WORDS: 0.9,
    FieldType.NAME: 0.9,
    FieldType.TEXT: 0.8,
}
_NUMBERS = (
    "_code",
    "_number",
    "_account",
    "taxpayer_id",
    "number",
)
_AMOUNTS = (
    "amount",
    "amount_without_tax",
    "amount_with_tax",
    "tax_amount",
    "total_with_tax",
    "unit_price",
    "quantity",
    "tax",
    "total",
    "_total",
    "_investment",
    "_amount",
)
_NAMES = ("_name", "party_a", "party_b", "supplier", "_firm", "assessor")


def field_type(field: str) -> FieldType:
    """Return how values of ``field`` (DESIGN section 7) are compared."""
    if field.endswith("in_words"):
        return FieldType.WORDS
    if field.endswith("_date"):
        return FieldType.DATE
    if field.endswith(_NUMBERS):
        return FieldType.NUMBER
    if field in _AMOUNTS or field.endswith(("_total", "_investment", "_amount")):
        return FieldType.AMOUNT
    if field.endswith(_NAMES):
        return FieldType.NAME
    return FieldType.TEXT


def same_value(field: str, one: Value, other: Value) -> bool:
    """Tell whether two values of a field say the same (amounts as numbers, names as companies)."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one == other
    if isinstance(one, date) or isinstance(other, date):
        return one == other
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        number, words = (one, other) if isinstance(one, Decimal) else (other, one)
        return number == 0 and str(words).strip("*") == ""
    return _same_text(field_type(field), one, other)


def _same_text(kind: FieldType, one: str, other: str) -> bool:
    left, right = fold(one)[0], fold(other)[0]
    if left == right:
        return True
    if kind is FieldType.NUMBER:
        return _alphanumeric(left) == _alphanumeric(right) != ""
    if kind is FieldType.NAME:
        return same_company(one, other)
    if kind is FieldType.WORDS:
        amount = words_to_amount(one)
        return amount is not None and amount == words_to_amount(other)
    return False


def _alphanumeric(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).upper()


def group_of(origin: Origin) -> str:
    """Return the independent group of an origin: structured, qr, face or human."""
    if origin in STRUCTURED:
        return "structured"
    if origin is Origin.QR:
        return "qr"
    return "human" if origin is Origin.HUMAN else "face"


def reconcile(field: str, candidates: Sequence[Candidate], floor: float | None = None) -> Reading:
    """Return the Reading of all candidates of one field.

    ``floor``: lowest confidence of a lone OCR candidate that counts as read (default by field
    type). Every candidate is kept among the sources, the chosen one first.
    """
    answered = sorted(
        (c for c in candidates if c.value is not None and c.value != ""), key=_ladder_place
    )
    if not answered:
        return _unread(candidates)
    if answered[0].origin is Origin.HUMAN:
        return _reading(answered[0], candidates, Status.CORRECTED, 1.0, say("ladder.human"))
    lowest = FLOORS[field_type(field)] if floor is None else floor
    camps = _camps(field, answered)
    lead = max(camps, key=_strength)
    rivals = [c for camp in camps if camp is not lead for c in camp if _counts(c, lead, lowest)]
    if rivals:
        return _divided(answered, candidates, rivals, lead)
    return _united(lead, candidates, lowest)


def _ladder_place(candidate: Candidate) -> tuple[int, float]:
    place = _LADDER.index(candidate.origin)
    pixels = candidate.origin in _PIXELS
    return (len(_LADDER) if pixels else place, -candidate.confidence)


def _unread(candidates: Sequence[Candidate]) -> Reading:
    printed = next((c.raw for c in candidates if c.raw.strip()), "")
    if not printed:
        return replace(MISSING, sources=tuple(candidates))
    reasons = (say("ladder.unparsed"),)
    return Reading(None, printed, Status.DOUBTFUL, 0.0, tuple(candidates), reasons)


def _camps(field: str, answered: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the candidates sorted into camps whose members agree, in ladder order."""
    camps: list[list[Candidate]] = []
    for candidate in answered:
        for camp in camps:
            if _agree(field, camp[0], candidate):
                camp.append(candidate)
                break
        else:
            camps.append([candidate])
    return camps


def _agree(field: str, one: Candidate, other: Candidate) -> bool:
    if one.value is None or other.value is None:
        return False
    return same_value(field, one.value, other.value)


def _groups(camp: Sequence[Candidate]) -> set[str]:
    return {group_of(c.origin) for c in camp}


def _strength(camp: Sequence[Candidate]) -> tuple[int, int, float]:
    """More independent groups first, then the higher rung of the ladder."""
    place, confidence = min(_ladder_place(c) for c in camp)
    return (len(_groups(camp)), -place, -confidence)


def _counts(rival: Candidate, lead: Sequence[Candidate], floor: float) -> bool:
    """Tell whether a candidate that differs from the leading camp is more than noise.

    An unsure look is no argument against the issuer's own text; an unsure or weaker OCR
    reading is none against another reading of the same ink that a second group confirms.
    """
    if rival.origin not in _PIXELS:
        return True
    if rival.confidence < _NOISE and any(c.origin not in _PIXELS for c in lead):
        return False
    if any(c.origin is Origin.TEXT_LAYER or c.origin in STRUCTURED for c in lead):
        return rival.confidence >= LOOK_CERTAIN
    face = [c.confidence for c in lead if c.origin in _PIXELS]
    if len(_groups(lead)) > 1 and face:
        return rival.confidence >= floor and rival.confidence > max(face)
    return True


def _divided(
    answered: Sequence[Candidate],
    candidates: Sequence[Candidate],
    rivals: Sequence[Candidate],
    lead: Sequence[Candidate],
) -> Reading:
    chosen = answered[0]
    other = next((c for c in (*rivals, *lead) if c.value != chosen.value), rivals[0])
    reason = say(
        f"ladder.differ.{_pair(chosen, other)}",
        first=chosen.raw.strip() or chosen.value,
        second=other.raw.strip() or other.value,
    )
    return _reading(chosen, candidates, Status.DOUBTFUL, min(chosen.confidence, 0.5), reason)


def _pair(one: Candidate, other: Candidate) -> str:
    groups = sorted({_side(one), _side(other)})
    return "_".join(groups) if len(groups) > 1 else groups[0]


def _side(candidate: Candidate) -> str:
    return "pixels" if candidate.origin in _PIXELS else group_of(candidate.origin)


def _united(camp: Sequence[Candidate], candidates: Sequence[Candidate], floor: float) -> Reading:
    chosen = camp[0]
    groups = sorted(_groups(camp))
    if len(groups) > 1:
        reason = say(f"ladder.agree.{'_'.join(groups)}")
        confidence = max(_SURE, *(c.confidence for c in camp))
        return _reading(chosen, candidates, Status.CONFIRMED, confidence, reason)
    if chosen.origin not in _PIXELS:
        reason = say(f"ladder.single.{_side(chosen)}")
        return _reading(chosen, candidates, Status.READ, chosen.confidence, reason)
    return _from_pixels(camp, candidates, floor)


def _from_pixels(
    camp: Sequence[Candidate], candidates: Sequence[Candidate], floor: float
) -> Reading:
    chosen = max(camp, key=lambda c: c.confidence)
    doubt = 1.0
    for candidate in camp:
        doubt *= 1.0 - candidate.confidence
    if len(camp) > 1 and doubt <= _AGREED:
        confidence = max(chosen.confidence, 1.0 - doubt)
        return _reading(chosen, candidates, Status.READ, confidence, say("ladder.same_pixels"))
    if chosen.confidence >= floor:
        reason = say("ladder.single.ocr")
        return _reading(chosen, candidates, Status.READ, chosen.confidence, reason)
    reason = say("ladder.unsure", confidence=f"{chosen.confidence:.2f}")
    return _reading(chosen, candidates, Status.DOUBTFUL, chosen.confidence, reason)


def _reading(
    chosen: Candidate,
    candidates: Sequence[Candidate],
    status: Status,
    confidence: float,
    reason: Message,
) -> Reading:
    others = sorted((c for c in candidates if c is not chosen), key=_ladder_place)
    return Reading(chosen.value, chosen.raw, status, confidence, (chosen, *others), (reason,))


def upgrade(reading: Reading, reason: Message, status: Status = Status.CONFIRMED) -> Reading:
    """Return the reading lifted to ``status`` because of ``reason``; empty ones stay as they are."""
    if reading.value is None or reading.status is Status.CORRECTED:
        return reading
    confidence = max(reading.confidence, _SURE if status is Status.CONFIRMED else 0.9)
    kept = tuple(r for r in reading.reasons if not r.key.startswith("ladder.unsure"))
    reasons = kept if reason in kept else (*kept, reason)
    return replace(reading, status=status, confidence=confidence, reasons=reasons)


def doubt(reading: Reading, reason: Message) -> Reading:
    """Return the reading as doubtful because of ``reason``; a person's word is left alone."""
    if reading.status in {Status.CORRECTED, Status.MISSING}:
        return reading
    reasons = reading.reasons if reason in reading.reasons else (*reading.reasons, reason)
    confidence = min(reading.confidence, 0.5)
    return replace(reading, status=Status.DOUBTFUL, confidence=confidence, reasons=reasons)


def inferred(value: Value, raw: str, sources: Sequence[Candidate] = ()) -> Reading:
    """Return a value nobody printed like this (worked out or repaired): doubtful, 推定."""
    return Reading(value, raw, Status.DOUBTFUL, 0.4, tuple(sources), (say("ladder.inferred"),))


def contradicted(reading: Reading) -> bool:
    """Tell whether independent groups of sources differ on this field."""
    return reading.status is Status.DOUBTFUL and any(
        reason.key.startswith("ladder.differ.") and reason.key != "ladder.differ.pixels"
        for reason in reading.reasons
    )

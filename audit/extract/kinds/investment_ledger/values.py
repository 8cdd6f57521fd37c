"""A cell of a ledger to the reading of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from audit.extract import cells
from audit.extract.cells import Parsed
from audit.extract.kinds.investment_ledger.labels import DATES, MONEY
from audit.extract.labels import fold
from audit.extract.ladder import inferred
from audit.extract.tables import GridCell
from audit.model import (
    MISSING,
    Candidate,
    Look,
    Origin,
    ReadAgain,
    Reading,
    SecondLook,
    Status,
    say,
)

_PARSERS: Mapping[str, Callable[[str, Decimal | None], Parsed]] = {
    "number": cells.ordinal,
    "invoice_number": cells.invoice_number,
    "invoice_code": cells.invoice_code,
    "contract_number": cells.identifier,
    "payment_number": cells.identifier,
    "voucher_number": cells.identifier,
    "supplier_taxpayer_id": cells.identifier,
    "quantity": cells.figure,
    "unit_price": cells.figure,
}
_IDENTIFIERS = frozenset({"contract_number", "payment_number", "voucher_number"})
#: Fields that a second look is worth while: what rules and matching judge on.
WORTH_A_LOOK = frozenset(
    {
        "invoice_number",
        "invoice_code",
        "issue_date",
        "amount_with_tax",
        "amount_without_tax",
        "tax_amount",
        "payment_date",
        "payment_amount",
        "supplier",
        "contract_number",
        "payment_number",
    }
)
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
#: Thousands in threes and one decimal part: no two figures look like that together.
_ONE_AMOUNT = re.compile(r"-?[¥￥]?-?[1-9]\d{0,2}(,\d{3})+\.\d{2}")
#: A row's running number is no identifier of anything outside the table.
_FLOORS = {"number": 0.9}
#: Digits of an invoice number, or of a code beside it.
_LENGTHS = frozenset({8, 10, 12, 20})

Answers = Mapping[str, Sequence[SecondLook]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is read: page, name of its wish, what its column's unit is worth in 元."""

    page_index: int
    name: str
    factor: Decimal = cells.ONE
    hidden: bool = False


def parse(
    field: str,
    text: str,
    *,
    number: Decimal | None = None,
    day: date | None = None,
    factor: Decimal = cells.ONE,
) -> Parsed:
    """Return what a text says for a column; typed values of a spreadsheet go first."""
    if field in MONEY:
        return cells.money(text, number, factor)
    if field in DATES:
        return cells.day(text, number, day)
    parser = _PARSERS.get(field)
    return cells.words(text) if parser is None else parser(text, number)


def read(field: str, cell: GridCell | None, place: Place, answers: Answers) -> Reading:
    """Return the reading of one cell with the second looks at it."""
    if cell is None or not cell.text.strip():
        return MISSING
    # A line break typed into a spreadsheet parts two numbers; in print it may be a wrapped one.
    typed_break = cell.area is None and field in _IDENTIFIERS
    text = cell.text.replace("\n", "、") if typed_break else cell.text
    if field in MONEY and cell.area is not None and cell.origin is Origin.TEXT_LAYER:
        text = _unspaced(text)
    parsed = parse(field, text, number=cell.number, day=cell.day, factor=place.factor)
    if cell.torn:
        parsed = replace(parsed, doubts=(*parsed.doubts, say("cell.over_ruling")))
    if parsed.value is None and cells.is_empty(cell.joined):
        return MISSING
    if field == "invoice_number" and cell.origin in _PIXELS and _odd_length(parsed.value):
        parsed = replace(parsed, doubts=(*parsed.doubts, say("cell.number_length")))
    candidates = [cells.cell_candidate(cell, parsed.value, place.page_index)]
    for look in answers.get(place.name, ()):
        if look.text.strip():
            again = parse(field, look.text, factor=place.factor)
            candidates.append(cells.look_candidate(look, again.value, place.page_index))
    return cells.cell_reading(
        field, parsed, candidates, hidden=place.hidden or cell.hidden, floor=_FLOORS.get(field)
    )


def _unspaced(text: str) -> str:
    """Return an issuer's letter-spaced amount closed up, if it is one amount beyond doubt."""
    closed = fold(text)[0]
    spaced = len(text.split()) > 2  # noqa: PLR2004 - one blank parts two figures
    return closed if spaced and _ONE_AMOUNT.fullmatch(closed) else text


def _odd_length(value: object) -> bool:
    """Tell whether a text read from pixels names no invoice: digits of other lengths than theirs."""
    runs = re.findall(r"\d+", value if isinstance(value, str) else "")
    return not runs or any(len(run) not in _LENGTHS for run in runs)


def read_again(field: str, reading: Reading, factor: Decimal) -> Reading:
    """Return a reading of one column read as another field's: its texts parsed anew."""
    if not reading.sources:
        return reading
    texts = [_issued(field, source) for source in reading.sources]
    parsings = [parse(field, text, factor=factor) for text in texts]
    candidates = [
        replace(source, value=found.value)
        for source, found in zip(reading.sources, parsings, strict=True)
    ]
    parsed = parsings[0]
    return cells.cell_reading(field, parsed, candidates)


def _issued(field: str, source: Candidate) -> str:
    own = field in MONEY and source.origin is Origin.TEXT_LAYER
    return _unspaced(source.raw) if own else source.raw


def wish(reading: Reading, field: str, name: str, *, doubted: bool = False) -> ReadAgain | None:
    """Return the second look that a reading needs, ``None`` if it needs none.

    ``doubted``: its column's sum does not come out, so it is looked at however sure it is.
    """
    unsure = reading.status is Status.DOUBTFUL or (doubted and reading.value is not None)
    if field not in WORTH_A_LOOK or not unsure:
        return None
    if any(reason.key == "cell.over_ruling" for reason in reading.reasons):
        return None
    place = next((s.box for s in reading.sources if s.box is not None), None)
    pixels = reading.sources and reading.sources[0].origin in _PIXELS
    return ReadAgain(name, place, Look.LARGER) if place is not None and pixels else None


def joined(field: str, readings: Sequence[Reading]) -> Reading:
    """Return the readings of one field in rows that make one ledger row, as one reading.

    Amounts are summed (推定), other values listed; a single one stays as it is.
    """
    found = [r for r in readings if r.status is not Status.MISSING]
    distinct = list(dict.fromkeys(found))
    if len(distinct) < 2:  # noqa: PLR2004 - nothing to join
        return distinct[0] if distinct else MISSING
    raw = "；".join(r.raw for r in distinct)
    sources: tuple[Candidate, ...] = tuple(s for r in distinct for s in r.sources)
    if field in MONEY or field == "quantity":
        amounts = [r.amount for r in distinct]
        known = [a for a in amounts if a is not None]
        if len(known) == len(amounts):
            summed = inferred(sum(known, Decimal(0)), raw, sources)
            return replace(summed, reasons=(*summed.reasons, say("cell.summed")))
    worst = min(distinct, key=lambda r: (r.usable, r.confidence))
    texts = [str(r.value) for r in distinct if r.value is not None]
    if len(texts) < len(distinct) or not all(isinstance(r.value, str) for r in distinct):
        reason = (say("cell.several", values=raw),)
        return Reading(None, raw, Status.DOUBTFUL, worst.confidence, sources, reason)
    value = "、".join(dict.fromkeys(texts))
    return Reading(value, raw, worst.status, worst.confidence, sources, worst.reasons)

"""Cells of tables to readings: money in its column's unit, dates, numbers that Excel damaged.

A born-digital cell is one source and so ``read``; what a spreadsheet spoilt (digits beyond
the fifteenth, lost leading zeros) is doubtful with the reason. Nothing is repaired.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from audit.extract.labels import fold
from audit.extract.ladder import doubt, reconcile
from audit.extract.tables import GridCell
from audit.model import (
    MISSING,
    Candidate,
    Message,
    Origin,
    Reading,
    SecondLook,
    Status,
    Value,
    say,
)
from audit.text.dates import parse_date
from audit.text.money import parse_amount

WAN = Decimal(10000)
ONE = Decimal(1)
_CENT = Decimal("0.01")
#: Decimal digits that a spreadsheet's figure keeps.
FIGURE_DIGITS = 15
_PAPER_NUMBER, _PAPER_CODE, _DIGITAL_NUMBER = 8, 12, 20
#: Specks and rulings that print leaves around a number.
_STRAY = " .,，。·、;；:：'|_-"
_CODES = frozenset({10, 12})
_SHORTEST_NUMBER = 6
_EXPONENT = re.compile(r"^\d(\.\d+)?[eE]\+?\d{1,2}$")
_WAN = re.compile(r"^(?P<figure>.*\d)\s*万元?$")
_YUAN = re.compile(r"^(?P<figure>.*\d)\s*元(整)?$")
_FIGURE = re.compile(r"[(¥￥+-]*\d[\d,.]*\)?")
#: A blank or a line break between two digits parts two figures, however they were meant.
_TWO_FIGURES = re.compile(r"\d\s+\d")
_DASHES = re.compile(r"[-—–/\\无*＊]+|N/?A", re.IGNORECASE)
#: Day 0 of spreadsheets (1900 system, as all but old Macintosh files count).
_EPOCH = date(1899, 12, 30)
_SERIALS = range(36526, 54789)
"""2000-01-01 to 2050-01-01."""
_SEVERAL = re.compile(r"[\s、,，;；]+")
_TEXT_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a cell's text says for a field; ``doubts``: why it cannot be relied on."""

    value: Value | None
    doubts: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()


NOTHING = Parsed(None)


def is_empty(text: str) -> bool:
    """Tell whether a cell says nothing: blank, a dash, a slash, 无."""
    folded = fold(text)[0]
    return not folded or _DASHES.fullmatch(folded) is not None


def money(text: str, number: Decimal | None = None, factor: Decimal = ONE) -> Parsed:
    """Return an amount in 元 to the cent. ``factor``: what the column's unit is worth in 元.

    A unit inside the cell (``12.5万元``) wins over the column's.
    """
    if number is not None:
        return Parsed(to_cent(number * factor))
    if _TWO_FIGURES.search(text.strip()):
        return NOTHING
    folded = fold(text)[0]
    for pattern, worth in ((_WAN, WAN), (_YUAN, ONE)):
        match = pattern.match(folded)
        if match is not None:
            folded, factor = match.group("figure"), worth
            break
    amount = parse_amount(folded) if _FIGURE.fullmatch(folded) else None
    if amount is None:
        return NOTHING
    finer = to_cent(amount * factor) != amount * factor
    return Parsed(to_cent(amount * factor), (say("cell.decimals", raw=folded),) if finer else ())


def to_cent(amount: Decimal) -> Decimal:
    """Return an amount as money is printed: to the cent, half up (a formula's tail is no money)."""
    try:
        return amount.quantize(_CENT, ROUND_HALF_UP)
    except InvalidOperation:
        return amount


def figure(text: str, number: Decimal | None = None) -> Parsed:
    """Return a plain figure (quantity, unit price, score, head count)."""
    if number is not None:
        return Parsed(number)
    folded = "" if _TWO_FIGURES.search(text.strip()) else fold(text)[0]
    match = re.fullmatch(r"[¥￥]?(-?\d[\d,]*(?:\.\d+)?)\D{0,4}", folded)
    if match is None:
        return NOTHING
    return Parsed(Decimal(match.group(1).replace(",", "")))


def day(text: str, number: Decimal | None = None, typed: date | None = None) -> Parsed:
    """Return a date; a bare serial of a spreadsheet is turned into the day it stands for.

    Several dates in one cell stay text (``2022-05-09、2022-06-09``), since no one of them is the
    row's.
    """
    if typed is not None:
        return Parsed(typed)
    folded = fold(text)[0]
    found = parse_date(folded)
    if found is not None:
        return Parsed(found)
    days = [parse_date(part) for part in _SEVERAL.split(text) if part.strip()]
    known = list(dict.fromkeys(d.isoformat() for d in days if d is not None))
    if len(days) > 1 and None not in days:
        return Parsed("、".join(known)) if len(known) > 1 else Parsed(days[0])
    serial = _serial(folded, number)
    if serial is not None:
        return Parsed(serial, notes=(say("cell.date_serial", serial=folded),))
    return NOTHING


def _serial(text: str, number: Decimal | None) -> date | None:
    if number is None and re.fullmatch(r"\d{5}(\.0+)?", text):
        number = Decimal(text)
    if number is None or number != number.to_integral_value() or int(number) not in _SERIALS:
        return None
    return _EPOCH + timedelta(days=int(number))


def invoice_number(text: str, number: Decimal | None = None) -> Parsed:
    """Return what a cell of invoice numbers says, as typed; several stay together."""
    tidy = text.strip().lstrip("'`’‘").strip()
    folded = fold(tidy)[0]
    if number is not None:
        return _from_figure(number)
    if _EXPONENT.match(folded):
        return Parsed(folded, (say("cell.exponent", raw=folded),))
    value = _numbers(tidy).strip(_STRAY)
    return Parsed(value) if value else NOTHING


def _from_figure(number: Decimal) -> Parsed:
    if number != number.to_integral_value() or number < 0:
        return Parsed(str(number), (say("cell.no_number", raw=str(number)),))
    digits = str(int(number))
    if len(digits) > FIGURE_DIGITS:
        return Parsed(digits, (say("cell.digits_lost", digits=len(digits)),))
    if len(digits) < _PAPER_NUMBER:
        return Parsed(digits.zfill(_PAPER_NUMBER), (say("cell.zeros_lost", raw=digits),))
    return Parsed(digits)


def _numbers(text: str) -> str:
    """Return the text with the breaks inside a number closed and those between numbers kept."""
    parts = [fold(part)[0] for part in text.splitlines()]
    joined = ""
    for part in (p for p in parts if p):
        together = bool(re.search(r"\d$", joined)) and bool(re.match(r"\d", part))
        last = re.findall(r"\d+$", joined)
        whole = bool(last) and len(last[0]) in {_PAPER_NUMBER, _DIGITAL_NUMBER}
        first = re.findall(r"^\d+", part)
        split = whole and len(first[0]) in {_PAPER_NUMBER, _DIGITAL_NUMBER} if together else False
        joined += ("、" if split else "") + part
    return joined


def ordinal(text: str, number: Decimal | None = None) -> Parsed:
    """Return a row's running number as printed, without the specks around it."""
    _ = number
    return Parsed(fold(text)[0].strip(_STRAY) or None)


def invoice_code(text: str, number: Decimal | None = None) -> Parsed:
    """Return an invoice code of 10 or 12 digits as typed; a lost leading zero is doubtful."""
    if number is not None and number == number.to_integral_value():
        digits = str(int(number))
        if len(digits) == _PAPER_CODE - 1:
            return Parsed(digits.zfill(_PAPER_CODE), (say("cell.zeros_lost", raw=digits),))
        return Parsed(digits)
    parts = [fold(part)[0] for part in text.strip().lstrip("'`’‘").splitlines()]
    whole = len(parts) > 1 and all(p.isdigit() and len(p) in _CODES for p in parts)
    return Parsed(("、" if whole else "").join(dict.fromkeys(parts)) or None)


def identifier(text: str, number: Decimal | None = None) -> Parsed:
    """Return a contract, voucher or other number as typed, blanks out.

    Lines of a cell are pieces of one number, unless they are all of one length and hold digits:
    a wrapped number ends in a shorter line.
    """
    tidy = text.strip().lstrip("'`’‘")
    folded = fold(tidy)[0]
    if _EXPONENT.match(folded):
        return Parsed(folded, (say("cell.exponent", raw=folded),))
    if number is not None and len(str(int(abs(number)))) > FIGURE_DIGITS:
        digits = str(int(number))
        return Parsed(digits, (say("cell.digits_lost", digits=len(digits)),))
    parts = [p for part in tidy.splitlines() if (p := fold(part)[0])]
    several = len(parts) > 1 and len({len(p) for p in parts}) == 1 and _is_number(parts)
    return Parsed(("、" if several else "").join(parts) or None)


def _is_number(parts: Sequence[str]) -> bool:
    return all(len(p) >= _SHORTEST_NUMBER and any(c.isdigit() for c in p[-4:]) for p in parts)


_BULLETS = "·•・∙"


def words(text: str) -> Parsed:
    """Return text without line breaks, blanks between Chinese characters and a bullet or speck."""
    joined = "".join(part.strip() for part in text.splitlines())
    return Parsed(_TEXT_GAP.sub("", joined).strip().lstrip(_BULLETS).strip() or None)


def cell_candidate(cell: GridCell, value: Value | None, page_index: int) -> Candidate:
    """Return what a cell answers for a field."""
    return Candidate(cell.origin, value, cell.joined, cell.confidence, page_index, cell.box)


def look_candidate(look: SecondLook, value: Value | None, page_index: int) -> Candidate:
    """Return what a second look at a cell answers."""
    return Candidate(
        Origin.OCR2, value, look.text, look.confidence, page_index, look.wish.box
    )  # fmt: skip


def cell_reading(
    field: str,
    parsed: Parsed,
    candidates: Sequence[Candidate],
    *,
    hidden: bool = False,
    floor: float | None = None,
) -> Reading:
    """Return the reading of a cell with what its parsing doubted or noted."""
    if not candidates or (parsed.value is None and is_empty(candidates[0].raw)):
        return replace(MISSING, sources=tuple(c for c in candidates if c.raw))
    reading = reconcile(field, candidates, floor)
    for reason in parsed.doubts:
        reading = doubt(reading, reason)
    if hidden:
        reading = doubt(reading, say("cell.hidden"))
    if parsed.notes and reading.status is not Status.MISSING:
        reading = replace(reading, reasons=(*reading.reasons, *parsed.notes))
    return reading

"""The day of payment: never the day of printing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from audit.extract.beside import value_beside
from audit.extract.kinds.bank_receipt import vocabulary
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import Sheet, cut, join, rows, same_row
from audit.extract.values import DATE, date_value
from audit.model import Candidate, TextLine
from audit.text.dates import parse_date

_ORDER = {label.field: place for place, label in enumerate(vocabulary.DATES)}
_PRINTED = re.compile(r"打印|生成|签发|下载|查询|补打|起息|结息|到期")
_STAMP = re.compile(r"((?:19|20)\d{2}-\d{2}-\d{2})-\d{2}[.:]\d{2}")


def date_candidates(sheet: Sheet, spots: Sequence[Spot], page_index: int) -> list[Candidate]:
    """Return the payment date's candidates: the best label's first, then others that agree."""
    dated = [
        (_ORDER[spot.field], candidate)
        for spot in spots
        if spot.field in _ORDER
        and (candidate := _beside(sheet, spot, spots, page_index)) is not None
    ]
    dated.sort(key=lambda pair: pair[0])
    read = [c for _, c in dated if c.value is not None]
    loose = _loose(sheet, page_index)
    if not read:
        same = len({c.value for c in loose}) == 1
        return loose if same else [c for _, c in dated][:1]
    chosen = [c for c in read if c.value == read[0].value]
    elsewhere = [c for c in loose if c.value == read[0].value and not _on(c, chosen)]
    return [*chosen, *elsewhere]


def _on(one: Candidate, others: Sequence[Candidate]) -> bool:
    """Tell whether a day was read at the place of one of ``others``."""
    return any(
        one.box is not None and other.box is not None and one.box.intersection_area(other.box) > 0
        for other in others
    )


def _beside(sheet: Sheet, spot: Spot, spots: Sequence[Spot], page_index: int) -> Candidate | None:
    line = value_beside(sheet, spot, spots) or _split_beside(sheet, spot, spots)
    if line is None:
        return None
    value = _day(line.text)
    if value is None:
        wider = _split_beside(sheet, spot, spots)
        if wider is not None and _day(wider.text) is not None:
            return as_candidate(wider, _day(wider.text), page_index)
        return as_candidate(line, None, page_index) if re.search(r"\d{2}", line.text) else None
    return as_candidate(_only_day(line), value, page_index)


def _only_day(line: TextLine) -> TextLine:
    """Return the characters of the day, without a time or a seal's words behind it."""
    folded, places = fold(line.text)
    match = DATE.search(folded)
    if match is None:
        return line
    return cut(line, places[match.start()], places[match.end() - 1] + 1)


def _split_beside(sheet: Sheet, spot: Spot, spots: Sequence[Spot]) -> TextLine | None:
    """Return 2023 年 3 月 5 日 printed with wide gaps, joined, up to the next label."""
    limit = min(
        (
            s.box.left
            for s in spots
            if s is not spot and s.box.left > spot.box.right and same_row(s.box, spot.box)
        ),
        default=2.0,
    )
    pieces = [
        line
        for line in sheet.lines
        if same_row(line.box, spot.box)
        and line.box.left >= spot.box.right - spot.em
        and line.box.right <= limit + spot.em
    ]
    return join(sorted(pieces, key=lambda line: line.box.left))


def _day(text: str) -> date | None:
    folded = fold(text)[0]
    stamp = _STAMP.search(folded)
    value = parse_date(stamp.group(1)) if stamp is not None else date_value(folded)
    return value if isinstance(value, date) else None


def _loose(sheet: Sheet, page_index: int) -> list[Candidate]:
    """Return the days printed on the receipt, labels or not, that are no days of printing.

    Every place counts once; a row is read as a whole only where no line of it holds a day.
    """
    hits: list[Candidate] = []
    for row in rows(sheet.lines):
        own = [c for line in row for c in _days_in(line, page_index)]
        whole = join(row)
        hits += own or (_days_in(whole, page_index) if whole is not None else [])
    printed = {c.value for c in hits if _printed_beside(sheet, c)}
    apart: list[Candidate] = []
    for hit in hits:
        if hit.value not in printed and not _on(hit, apart):
            apart.append(hit)
    return apart


def _days_in(line: TextLine, page_index: int) -> list[Candidate]:
    folded, places = fold(line.text)
    found = []
    for match in DATE.finditer(folded):
        value = parse_date(match.group())
        part = cut(line, places[match.start()], places[match.end() - 1] + 1)
        if isinstance(value, date) and not _PRINTED.search(folded[: match.start()][-8:]):
            found.append(as_candidate(part, value, page_index))
    return found


def _printed_beside(sheet: Sheet, candidate: Candidate) -> bool:
    """Tell whether a label of printing stands on the day's row, directly left of it."""
    box = candidate.box
    if box is None:
        return False
    return any(
        same_row(line.box, box)
        and _PRINTED.search(fold(line.text)[0])
        and line.box.left < box.left
        and box.left - line.box.right < 0.06  # noqa: PLR2004 - a label's distance
        for line in sheet.lines
    )

"""The day of payment: never the day of printing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from audit.extract.beside import value_beside
from audit.extract.kinds.bank_receipt import vocabulary
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import Sheet, join, rows, same_row
from audit.extract.values import DATE, date_value
from audit.model import Candidate, TextLine
from audit.text.dates import parse_date

_ORDER = {label.field: place for place, label in enumerate(vocabulary.DATES)}
_PRINTED = re.compile(r"打印|生成|签发|下载|查询|补打|起息|结息|到期")
_STAMP = re.compile(r"((?:19|20)\d{2}-\d{2}-\d{2})-\d{2}[.:]\d{2}")
_SPLIT = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")


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
    if not read:
        loose = _loose(sheet, page_index)
        return loose or [c for _, c in dated][:1]
    return [c for c in read if c.value == read[0].value]


def _beside(sheet: Sheet, spot: Spot, spots: Sequence[Spot], page_index: int) -> Candidate | None:
    line = value_beside(sheet, spot, spots) or _split_beside(sheet, spot, spots)
    if line is None:
        return None
    value = _day(line.text)
    if value is None:
        wider = _split_beside(sheet, spot, spots)
        if wider is not None and _day(wider.text) is not None:
            return as_candidate(wider, _day(wider.text), page_index)
    if value is None and not re.search(r"\d{2}", line.text):
        return None
    return as_candidate(line, value, page_index)


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
    """Return the date no label announces: the only day printed that is no day of printing."""
    hits: list[Candidate] = []
    for row in rows(sheet.lines):
        line = join(row)
        if line is None:
            continue
        folded = fold(line.text)[0]
        for match in (*DATE.finditer(folded), *_SPLIT.finditer(folded)):
            if _PRINTED.search(folded[max(0, match.start() - 8) : match.start()]):
                continue
            value = parse_date(match.group())
            if isinstance(value, date):
                hits.append(as_candidate(line, value, page_index, raw=match.group()))
    return hits if len({hit.value for hit in hits}) == 1 else []

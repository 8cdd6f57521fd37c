"""The money at the foot of an invoice: 合计 row, 价税合计 in words and figures."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import Face, on_row, tokens, value_pieces
from audit.extract.kinds.vat_invoice.values import NO_FIGURE, money_in, parse_money
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import join
from audit.model import Candidate, Origin, TextLine, Value

_NUMERALS = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿两一二三四五六七八九十百千"
_OLD = "貳參陸萬億圓贰叄弎"
_CONFUSED = "参路染别玫伯任园国陌什另"
_WORDS = re.compile(f"[负(]*(?:负数\\))?[{_NUMERALS}{_OLD}{_CONFUSED}元圆角分整正]{{2,}}")
_SURELY_WORDS = re.compile(f"[{_NUMERALS}{_OLD}].*[元圆圓角分整正]")
_PAIR = 2
_SHORTEST_WORDS = 3
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
#: Confidence of a recognised sum that shows no cents; and how far sums reach beyond the last head.
_CLIPPED, _BEYOND = 0.6, 5.0


def total_candidates(face: Face) -> dict[str, list[Candidate]]:
    """Return candidates for the three amounts and the amount in words."""
    found: dict[str, list[Candidate]] = {}
    words = _words(face)
    total = _total(face, words)
    for field, candidate in (("total_in_words", words), ("total_with_tax", total)):
        if candidate is not None:
            found[field] = [candidate]
    for field, candidate in _sums(face, words).items():
        found[field] = [candidate]
    for spot in face.of(labels.NET, labels.TAX):
        amount = _money_right(face, spot)
        if amount is not None:
            found.setdefault(spot.field, []).append(amount)
    return {field: [_cautious(c) for c in candidates] for field, candidates in found.items()}


def _cautious(candidate: Candidate) -> Candidate:
    """Return a candidate for money; without its two decimals what was recognised is a part of it."""
    if candidate.origin not in _PIXELS or not lacks_cents(candidate.value):
        return candidate
    return replace(candidate, confidence=min(candidate.confidence, _CLIPPED))


def lacks_cents(value: Value | None) -> bool:
    """Tell whether a value is a figure without two decimals, as no invoice prints its sums."""
    return isinstance(value, Decimal) and value.as_tuple().exponent != -2  # noqa: PLR2004 - cents


def read_money(line: TextLine) -> tuple[Value | None, str]:
    """Return the amount printed in a line (label cut off) and the printed form."""
    if line.origin not in _PIXELS:
        value = parse_money(line.text)
        if value is not None:
            return value, line.text.strip()
    printed = money_in(line.text)
    return (None, line.text.strip()) if printed is None else (parse_money(printed), printed)


def _money_right(face: Face, spot: Spot) -> Candidate | None:
    for piece in value_pieces(face, spot, reach=18.0):
        for part in (piece, *tokens(piece)):
            value, raw = read_money(part)
            if value is not None and _has_figure(part.text):
                return as_candidate(part, value, face.page_index, raw)
    joined = join(value_pieces(face, spot, reach=18.0))
    if joined is None or not _has_figure(joined.text):
        return None
    value, raw = read_money(joined)
    return as_candidate(joined, value, face.page_index, raw)


def _has_figure(text: str) -> bool:
    plain = fold(text)[0]
    return (
        any(char.isdigit() for char in plain) or NO_FIGURE.match(plain) is not None or "**" in plain
    )


def _words(face: Face) -> Candidate | None:
    for spot in face.of(labels.TOTAL_WORDS):
        line = join(value_pieces(face, spot, reach=16.0))
        found = _words_in(face, line) if line is not None else None
        if found is not None:
            return found
    for line in sorted(face.sheet.lines, key=lambda one: -one.box.top):
        text = fold(line.text)[0]
        if _SURELY_WORDS.search(text) and _mostly_words(text):
            return _words_in(face, line)
    return None


def _mostly_words(text: str) -> bool:
    match = _WORDS.search(text)
    return (
        match is not None
        and len(match.group()) >= 0.6 * len(text)
        and len(match.group()) >= _SHORTEST_WORDS
    )


def _words_in(face: Face, line: TextLine) -> Candidate | None:
    value, raw = words_in(line.text)
    return None if value is None else as_candidate(line, value, face.page_index, raw=raw)


def words_in(text: str) -> tuple[str | None, str]:
    """Return the longest run of money words in a text, twice: as value and as printed."""
    matches = _WORDS.findall(fold(text)[0])
    if not matches:
        return None, text
    run = max(matches, key=len)
    return run, run


def _total(face: Face, words: Candidate | None) -> Candidate | None:
    row = words.box.centre[1] if words is not None and words.box is not None else None
    spots = list(face.of(labels.TOTAL_SMALL))
    if row is not None:
        spots.sort(key=lambda s: abs(s.box.centre[1] - row))
    for spot in spots:
        candidate = _money_right(face, spot)
        if candidate is not None:
            return candidate
    return _rightmost_money(face, words)


def _rightmost_money(face: Face, words: Candidate | None) -> Candidate | None:
    """The figure on the row of the words, where its label was not read."""
    if words is None or words.box is None:
        return None
    for line in reversed(on_row(face, words.box)):
        if line.box.left < words.box.right:
            continue
        text = fold(line.text)[0]
        if re.search(r"\d[.,]\d{2}$", text):
            value, raw = read_money(line)
            if value is not None:
                return as_candidate(line, value, face.page_index, raw)
    return None


def sum_spot(face: Face) -> Spot | None:
    """Return the label of the 合计 row: the lowest one between the table's head and the words."""
    floor = min(
        (
            s.box.top
            for s in face.of(labels.TOTAL_WORDS, labels.TOTAL_LINE)
            if s.box.top > face.heads_bottom
        ),
        default=face.area.bottom,
    )
    fitting = [
        s
        for s in face.of(labels.SUM_LINE)
        if face.heads_bottom < s.box.centre[1] < floor + 0.2 * s.box.height
    ]
    return fitting[-1] if fitting else None


def _sums(face: Face, words: Candidate | None) -> dict[str, Candidate]:
    spot = sum_spot(face)
    if spot is not None:
        line = [p for p in on_row(face, spot.box) if p.box.right > spot.box.right]
        found = _net_and_tax(face, line, spot.box.right)
        if found:
            return found
    return _sums_above(face, words)


def _sums_above(face: Face, words: Candidate | None) -> dict[str, Candidate]:
    """The lowest row of ¥ figures between table head and words, where 合计 was not read."""
    if words is None or words.box is None or not face.heads:
        return {}
    marked = [
        line
        for line in face.sheet.lines
        if face.heads_bottom < line.box.centre[1] < words.box.top
        and re.match(r"^[¥￥Y]-?\d", fold(line.text)[0])
    ]
    if not marked:
        return {}
    lowest = max(marked, key=lambda line: line.box.centre[1])
    return _net_and_tax(face, list(on_row(face, lowest.box)), 0.0)


def _net_and_tax(face: Face, lines: list[TextLine], left: float) -> dict[str, Candidate]:
    """Return the figures of the 合计 row under their columns."""
    figures = []
    right = face.heads[-1].box.right + _BEYOND * face.heads[-1].em if face.heads else 1.1
    for line in lines:
        for part in tokens(line):
            value, raw = read_money(part)
            if value is not None and _has_figure(part.text) and left < part.box.right < right:
                figures.append((part, value, raw))
    amount, tax = face.head("col_amount"), face.head("col_tax")
    if len(figures) >= _PAIR:
        chosen = {"amount_without_tax": figures[-2], "tax_amount": figures[-1]}
    elif len(figures) == 1 and amount is not None:
        x = figures[0][0].box.right
        to_tax = tax is not None and abs(x - tax.box.right) < abs(x - amount.box.right)
        chosen = {"tax_amount" if to_tax else "amount_without_tax": figures[0]}
    else:
        chosen = {}
    return {
        field: as_candidate(part, value, face.page_index, raw)
        for field, (part, value, raw) in chosen.items()
    }

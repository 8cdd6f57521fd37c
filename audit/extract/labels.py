"""Printed labels and the values that belong to them, by geometry and never by text order.

A kind declares frozen ``Label`` records; ``find_labels`` finds where they are printed (also
split over several lines, widely spaced, or with one wrong character from OCR), and
``right_of`` / ``below`` return what stands beside or under one, stopping at the next label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit.extract.layout import Sheet, cut, cut_between, edges, em, join, rows, runs_down, same_row
from audit.model import Box, Candidate, Origin, TextLine, Value

#: Labels at least this long tolerate one wrong, missing or extra character in OCR lines.
FUZZY_LENGTH = 4
#: Widest gap (em) inside a label printed over two lines or widely spaced: ``合      计``.
_LABEL_GAP = 7.0
_SEPARATORS = ":;：；"
#: Glyphs that PDF fonts put in place of ordinary characters and NFKC leaves alone.
_ODD_GLYPHS = str.maketrans("戶⺠⻋⻔⻓⻚⻅⻛⻜⻢⻥⻦⻩", "户民车门长页见风飞马鱼鸟黄")


class Side(StrEnum):
    """Where a label's value stands."""

    RIGHT = "right"
    BELOW = "below"
    EITHER = "either"
    """To the right, else below."""


@dataclass(frozen=True, slots=True)
class Label:
    """One field's printed labels.

    ``synonyms`` as printed, without blanks and colon, most specific first. ``pattern``: a
    regular expression that the compacted value must contain (group ``v`` or the whole match
    is the value); empty accepts anything. A ``field`` of ``""`` only stops other values.
    """

    field: str
    synonyms: tuple[str, ...]
    pattern: str = ""
    side: Side = Side.RIGHT


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a label is printed. ``tail``: the line and character at which its value may begin."""

    label: Label
    synonym: str
    box: Box
    lines: tuple[TextLine, ...]
    tail: tuple[TextLine, int]
    colon: bool = False
    errors: int = 0
    em: float = 0.0
    """Width of one character of the label (fraction of the page width)."""

    @property
    def field(self) -> str:
        """The field the label announces."""
        return self.label.field


@dataclass(frozen=True, slots=True)
class Found:
    """A value beside a label: the text as printed and where it stands."""

    spot: Spot
    text: str
    line: TextLine

    def candidate(self, value: Value | None, page_index: int) -> Candidate:
        """Return the reading candidate for a parsed value."""
        return as_candidate(self.line, value, page_index, raw=self.text)


def as_candidate(
    line: TextLine,
    value: Value | None,
    page_index: int,
    raw: str | None = None,
) -> Candidate:
    """Return a candidate read from ``line``; ``raw`` defaults to the line's text."""
    text = line.text.strip() if raw is None else raw
    return Candidate(line.origin, value, text, line.confidence, page_index, line.box)


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Return ``text`` in compatibility form without blanks, and each character's old index."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for one in unicodedata.normalize("NFKC", char).translate(_ODD_GLYPHS):
            if not one.isspace() and unicodedata.category(one) != "Cf":
                chars.append(one)
                places.append(place)
    return "".join(chars), tuple(places)


@dataclass(frozen=True, slots=True)
class _Strand:
    """The characters of one row, blanks dropped, each with its line, place and edges."""

    text: str
    places: tuple[tuple[TextLine, int], ...]
    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    sizes: tuple[float, ...]
    fuzzy: bool


def _strand(row: Sequence[TextLine], aspect: float) -> _Strand:
    text: list[str] = []
    places: list[tuple[TextLine, int]] = []
    lefts: list[float] = []
    rights: list[float] = []
    sizes: list[float] = []
    for line in row:
        folded, indexes = fold(line.text)
        xs = edges(line)
        sizes += [em(line, aspect)] * len(indexes)
        text.append(folded)
        places += [(line, i) for i in indexes]
        lefts += [xs[i] for i in indexes]
        rights += [xs[i + 1] for i in indexes]
    fuzzy = any(line.origin in (Origin.OCR, Origin.OCR2) for line in row)
    return _Strand("".join(text), tuple(places), tuple(lefts), tuple(rights), tuple(sizes), fuzzy)


def find_labels(sheet: Sheet, labels: Iterable[Label]) -> tuple[Spot, ...]:
    """Return every printed label, top to bottom, left to right; longer synonyms win a place."""
    words = [(fold(word)[0], label) for label in labels for word in label.synonyms]
    words.sort(key=lambda pair: -len(pair[0]))
    level = [line for line in sheet.lines if not runs_down(line, sheet.aspect)]
    spots: list[Spot] = []
    for row in rows(level):
        spots += _search(_strand(row, sheet.aspect), words)
    return tuple(sorted(spots, key=lambda spot: (spot.box.top, spot.box.left)))


def _search(strand: _Strand, words: Sequence[tuple[str, Label]]) -> list[Spot]:
    taken = [False] * len(strand.text)
    spots: list[Spot] = []
    for tolerant in (False, True) if strand.fuzzy else (False,):
        for word, label in words:
            if tolerant and len(word) < FUZZY_LENGTH:
                continue
            hits = _near(strand.text, word) if tolerant else _exact(strand.text, word)
            for start, end in hits:
                if any(taken[start:end]) or not _tight(strand, start, end):
                    continue
                if _embedded(strand, start, end, strict=tolerant):
                    continue
                if tolerant and _ambiguous(strand.text[start:end], label, words):
                    continue
                taken[start:end] = [True] * (end - start)
                spots.append(_spot(strand, start, end, word, label))
    return spots


def _embedded(strand: _Strand, start: int, end: int, *, strict: bool) -> bool:
    """Tell whether the characters are part of a longer word, not a label of their own.

    A short label is no label amid Chinese text (``单位`` in a company's name). A spoilt one
    (``strict``) must begin its word or be followed by a colon, however long it is.
    """
    colon = end < len(strand.text) and strand.text[end] in _SEPARATORS
    left = start > 0 and _glued(strand, start - 1)
    right = end < len(strand.text) and _glued(strand, end - 1)
    if strict:
        return (left or right) and not colon
    short = end - start < FUZZY_LENGTH and strand.text[start:end].isalpha()
    return short and left and right


def _glued(strand: _Strand, left: int) -> bool:
    """Tell whether two neighbouring characters are letters of one unbroken run."""
    one, other = strand.text[left], strand.text[left + 1]
    near = strand.lefts[left + 1] - strand.rights[left] < 0.4 * strand.sizes[left]
    spaced = strand.places[left + 1][0] is not strand.places[left][0] or (
        strand.places[left + 1][1] - strand.places[left][1] > 1
    )
    return near and not spaced and one.isalpha() and other.isalpha()


def _ambiguous(text: str, label: Label, words: Sequence[tuple[str, Label]]) -> bool:
    """Tell whether a spoilt label is as near to another field's (发票?码: 号码 or 代码)."""
    return any(
        other.field != label.field and len(word) >= FUZZY_LENGTH and one_edit(text, word)
        for word, other in words
    )


def _exact(text: str, word: str) -> list[tuple[int, int]]:
    hits, at = [], text.find(word)
    while at >= 0 and word:
        hits.append((at, at + len(word)))
        at = text.find(word, at + 1)
    return hits


def _near(text: str, word: str) -> list[tuple[int, int]]:
    """Find ``word`` with exactly one edit: one of its halves must be there unharmed."""
    middle = len(word) // 2
    hits: list[tuple[int, int]] = []
    for half, offset in ((word[:middle], 0), (word[middle:], middle)):
        for at, _ in _exact(text, half):
            guess = at - offset
            spans = [(guess, guess + len(word) + d) for d in (0, -1, 1)]
            if offset:
                spans += [(guess + 1, at + len(half)), (guess - 1, at + len(half))]
            hits += [s for s in spans if 0 <= s[0] < s[1] <= len(text)]
    good = [s for s in hits if one_edit(text[s[0] : s[1]], word)]
    return sorted(set(good), key=lambda s: (abs(s[1] - s[0] - len(word)), s))


def one_edit(one: str, other: str) -> bool:
    """Tell whether at most one insertion, deletion or substitution turns one into the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    rest = at + 1 if len(one) == len(other) else at
    return one[rest:] == other[at + 1 :]


def _tight(strand: _Strand, start: int, end: int) -> bool:
    """No gap inside a label may be wider than a spaced-out label has."""
    return all(
        strand.lefts[i + 1] - strand.rights[i] <= _LABEL_GAP * strand.sizes[i]
        for i in range(start, end - 1)
    )


def _spot(strand: _Strand, start: int, end: int, word: str, label: Label) -> Spot:
    lines = tuple(dict.fromkeys(line for line, _ in strand.places[start:end]))
    box = Box(
        strand.lefts[start],
        min(line.box.top for line in lines),
        strand.rights[end - 1],
        max(line.box.bottom for line in lines),
    )
    colon = end < len(strand.text) and strand.text[end] in _SEPARATORS
    line, place = strand.places[end if colon else end - 1]
    errors = 0 if strand.text[start:end] == word else 1
    size = min(strand.sizes[start:end])
    return Spot(label, word, box, lines, (line, place + 1), colon, errors, size)


def find_stacked(sheet: Sheet, labels: Iterable[Label], reach: float = 4.0) -> tuple[Spot, ...]:
    """Return labels printed downwards, one character under the other (``购`` / ``买`` / ``方``).

    ``reach``: widest step between two characters, in em. Works on single characters wherever
    they stand in their lines, so a stack that text order glued to its neighbours is found.
    """
    glyphs = _glyphs(sheet)
    spots = []
    for label in labels:
        for synonym in label.synonyms:
            chains = _chains(glyphs, fold(synonym)[0], sheet.aspect, reach)
            spots += [_stacked_spot(label, synonym, chain) for chain in chains]
    return tuple(sorted(spots, key=lambda spot: (spot.box.top, spot.box.left)))


@dataclass(frozen=True, slots=True)
class _Glyph:
    x: float
    y: float
    size: float
    line: TextLine
    place: int
    box: Box


def _glyphs(sheet: Sheet) -> dict[str, list[_Glyph]]:
    found: dict[str, list[_Glyph]] = {}
    for line in sheet.lines:
        size = em(line, sheet.aspect)
        down = runs_down(line, sheet.aspect)
        xs = edges(line)
        folded, places = fold(line.text)
        for order, (char, place) in enumerate(zip(folded, places, strict=True)):
            box = _glyph_box(line, xs, place, (order, len(folded)) if down else None)
            x, y = box.centre
            found.setdefault(char, []).append(_Glyph(x, y, size, line, place, box))
    return found


def _glyph_box(
    line: TextLine,
    xs: tuple[float, ...],
    place: int,
    share: tuple[int, int] | None,
) -> Box:
    if share is None:
        return Box(xs[place], line.box.top, xs[place + 1], line.box.bottom)
    order, count = share
    step = line.box.height / count
    top = line.box.top + order * step
    return Box(line.box.left, top, line.box.right, top + step)


def _chains(
    glyphs: dict[str, list[_Glyph]],
    word: str,
    aspect: float,
    reach: float,
) -> list[tuple[_Glyph, ...]]:
    chains = []
    for first in glyphs.get(word[:1], ()):
        chain = [first]
        for char in word[1:]:
            after = _next_down(glyphs.get(char, ()), chain[-1], aspect, reach)
            if after is None:
                break
            chain.append(after)
        if len(chain) == len(word):
            chains.append(tuple(chain))
    return chains


def _next_down(
    among: Sequence[_Glyph],
    last: _Glyph,
    aspect: float,
    reach: float,
) -> _Glyph | None:
    fit = [
        glyph
        for glyph in among
        if abs(glyph.x - last.x) <= 0.7 * last.size
        and 0.4 * last.size <= (glyph.y - last.y) * aspect <= reach * last.size
    ]
    return min(fit, key=lambda glyph: glyph.y, default=None)


def _stacked_spot(label: Label, synonym: str, chain: Sequence[_Glyph]) -> Spot:
    box = chain[0].box
    for glyph in chain[1:]:
        box = box.union(glyph.box)
    lines = tuple(dict.fromkeys(glyph.line for glyph in chain))
    last = chain[-1]
    return Spot(label, synonym, box, lines, (last.line, last.place + 1), em=last.size)


def right_of(
    sheet: Sheet,
    spot: Spot,
    stops: Sequence[Spot] = (),
    reach: float = 14.0,
    gap: float = 2.0,
) -> tuple[TextLine, ...]:
    """Return what stands on the label's baseline to its right, up to the next label.

    ``reach``: widest distance (em) from the label to the value; ``gap``: widest distance
    inside the value. The label's own line counts after the label.
    """
    limit = _next_stop(spot, stops)
    start = _tail_x(spot)
    pieces: list[TextLine] = []
    edge, allowed = start, reach
    for line in sorted(sheet.lines, key=lambda one: one.box.left):
        part = _after(line, spot, start, limit)
        if part is None:
            continue
        size = min(em(part, sheet.aspect), spot.em * 1.5) if spot.em else em(part, sheet.aspect)
        if part.box.left - edge > allowed * size:
            break
        pieces.append(part)
        edge, allowed = max(edge, part.box.right), gap
    return tuple(pieces)


def _tail_x(spot: Spot) -> float:
    line, place = spot.tail
    return edges(line)[min(place, len(line.text))]


def _next_stop(spot: Spot, stops: Sequence[Spot]) -> float:
    lefts = [
        stop.box.left
        for stop in stops
        if stop is not spot
        and stop.box.left >= spot.box.right - 1e-6
        and same_row(stop.box, spot.box)
    ]
    return min(lefts, default=2.0)


def _after(line: TextLine, spot: Spot, start: float, limit: float) -> TextLine | None:
    """Return the part of a line between the label's end and the next label, or ``None``.

    A line of its own is cut only where it truly runs over a bound: boxes of neighbours overlap
    by up to a character, and a value must not lose its first or last one.
    """
    tail, place = spot.tail
    if line is tail:
        part = cut(line, place, len(line.text))
    elif same_row(line.box, spot.box) and line.box.right > start:
        part = line
    else:
        return None
    slack = max(spot.em, 1e-6)
    if not part.text.strip() or part.box.left >= limit - 1e-6:
        return None
    covers = line is not tail and part.box.left < spot.box.left + 0.3 * slack
    left = start if covers else -1.0
    right = limit if part.box.right > limit + slack else 2.0
    if line is tail and part.box.right > limit:
        right = limit
    return part if (left, right) == (-1.0, 2.0) else cut_between(part, left, right)


def below(
    sheet: Sheet,
    spot: Spot,
    stops: Sequence[Spot] = (),
    bounds: tuple[float, float] | None = None,
    depth: float = 4.0,
) -> tuple[TextLine, ...]:
    """Return the lines under a label in its column, top to bottom, up to the next label.

    ``bounds``: left and right x of the column (default: the label's width and half as much on
    each side); ``depth``: how far down the first line may be, in label heights.
    """
    slack = max(spot.box.width * 0.5, spot.em)
    left, right = bounds or (spot.box.left - slack, spot.box.right + slack)
    floor = _floor(spot, stops, left, right)
    found: list[TextLine] = []
    edge, step = spot.box.bottom, spot.box.height * depth
    for line in sorted(sheet.lines, key=lambda one: (one.box.top, one.box.left)):
        if line.box.centre[1] <= spot.box.bottom or line.box.centre[1] >= floor:
            continue
        part = cut_between(line, left, right)
        if part is None:
            continue
        if part.box.top - edge > step:
            break
        found.append(part)
        edge, step = max(edge, part.box.bottom), max(part.box.height, spot.box.height) * 1.2
    return tuple(found)


def _floor(spot: Spot, stops: Sequence[Spot], left: float, right: float) -> float:
    tops = [
        stop.box.top
        for stop in stops
        if stop.box.top >= spot.box.bottom - spot.box.height * 0.3
        and stop.box.right > left
        and stop.box.left < right
    ]
    return min(tops, default=2.0)


def value_of(sheet: Sheet, spot: Spot, stops: Sequence[Spot] = ()) -> Found | None:
    """Return the value of a label on its declared side that fits its pattern, or ``None``."""
    side = spot.label.side
    if side is not Side.BELOW:
        found = fitting_value(spot, join(right_of(sheet, spot, stops)))
        if found is not None or side is Side.RIGHT:
            return found
    for part in below(sheet, spot, stops):
        found = fitting_value(spot, part)
        if found is not None:
            return found
    return None


def fitting_value(spot: Spot, line: TextLine | None) -> Found | None:
    """Return the part of ``line`` that fits the label's pattern, ``None`` for none."""
    if line is None:
        return None
    text = line.text.strip().lstrip(_SEPARATORS).strip()
    if not spot.label.pattern:
        return Found(spot, text, line) if text else None
    folded, places = fold(line.text)
    match = re.search(spot.label.pattern, folded)
    if match is None:
        return None
    group: str | int = "v" if match.groupdict().get("v") else 0
    start, end = match.span(group)
    if start == end:
        return None
    return Found(spot, match.group(group), cut(line, places[start], places[end - 1] + 1))


def read_labels(
    sheet: Sheet,
    labels: Sequence[Label],
    stops: Sequence[Label] = (),
) -> dict[str, tuple[Found, ...]]:
    """Return the values of all labels by field, in reading order; ``stops`` only end values."""
    spots = find_labels(sheet, (*labels, *stops))
    values: dict[str, tuple[Found, ...]] = {}
    for spot in spots:
        if spot.label in stops or not spot.field:
            continue
        found = value_of(sheet, spot, spots)
        if found is not None:
            values[spot.field] = (*values.get(spot.field, ()), found)
    return values

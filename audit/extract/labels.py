"""Printed labels and the values that belong to them, by geometry and never by text order.

A kind declares frozen ``Label`` records; ``find_labels`` finds where they are printed (also
split over several lines, widely spaced, or with one wrong character from OCR). What stands
beside or under one is the business of ``extract.found``, labels set downwards of
``extract.stacked``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from audit.extract.kept import Kept
from audit.extract.layout import Sheet, edges, em, rows, runs_down
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


@lru_cache(maxsize=8192)
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


_spots: Kept[tuple[Spot, ...]] = Kept()
_strands: Kept[tuple[_Strand, ...]] = Kept()


def find_labels(sheet: Sheet, labels: Iterable[Label]) -> tuple[Spot, ...]:
    """Return every printed label, top to bottom, left to right; longer synonyms win a place."""
    wanted = tuple(labels)
    return _spots.get(sheet.lines, (sheet.aspect, wanted), lambda: _find_labels(sheet, wanted))


def _find_labels(sheet: Sheet, labels: tuple[Label, ...]) -> tuple[Spot, ...]:
    words = _words(labels)
    strands = _strands.get(sheet.lines, sheet.aspect, lambda: tuple(_strands_of(sheet)))
    spots = [spot for strand in strands for spot in _search(strand, words)]
    return tuple(sorted(spots, key=lambda spot: (spot.box.top, spot.box.left)))


def _strands_of(sheet: Sheet) -> Iterator[_Strand]:
    level = [line for line in sheet.lines if not runs_down(line, sheet.aspect)]
    for row in rows(level):
        yield _strand(row, sheet.aspect)


@lru_cache(maxsize=64)
def _words(labels: tuple[Label, ...]) -> tuple[tuple[str, Label], ...]:
    """Return every synonym with its label, the longest first."""
    words = [(fold(word)[0], label) for label in labels for word in label.synonyms]
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


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

"""What a seal's letters might be instead: several looks at them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from audit.recognise.ocr.recognise import CAREFUL, FAST, NOTHING, Words, read_rivals
from audit.recognise.seals.lift import Grey

Sense = Callable[[Words], float]

#: So many rivals of a letter at the most, over all looks: networks, and how wide the letters are.
_MOST = 20
_LOOKS = ((CAREFUL, 1.0), (FAST, 1.0), (CAREFUL, 1.15), (CAREFUL, 0.87))
#: What was read so surely is not read otherwise, and only looked at so often.
_SURE, _WHEN_SURE = 0.9, 2
#: Steps between letters that tell the usual one; what a letter lacking costs a reading.
_STEPS, HOLE = 3, 0.3


@dataclass(frozen=True, slots=True)
class Looked:
    """A text after several looks, and its letters that are not sure with what they nearly were."""

    words: Words
    rivals: tuple[str, ...]


def looked_again(words: Words, strips: Sequence[Grey], sense: Sense) -> Looked:
    """Return the reading of a text in one or several strips that makes most sense, and its rivals.

    ``words``: as it was read before. Every network reads the strips, at several widths of the
    letters; where a reading differs from the best one, its letter is a rival as well.
    """
    looks, said = [], []
    plain = words.confidence >= _SURE and not holes(words)
    for role, stretch in _LOOKS[:_WHEN_SURE] if plain else _LOOKS:
        parts = [read_rivals(_stretched(strip, stretch), role) for strip in strips]
        looks.append([entry for _, nearly in parts for entry in nearly])
        if role == CAREFUL:
            said.append([w for w, _ in parts])
    if not plain:
        surest = [max(ways, key=_even) for ways in zip(*said, strict=True)]
        words = max(words, *map(joined, [*said, surest]), key=lambda w: sense(w) - HOLE * holes(w))
    others: dict[str, dict[str, None]] = {}
    for seen in looks:
        for letter, entry in _side_by_side(words.text, seen):
            others.setdefault(letter, {}).update(dict.fromkeys(entry))
    return Looked(words, _listed(others))


def holes(words: Words) -> int:
    """Return how many letters are lacking between others: on a seal they stand evenly."""
    steps = np.diff(words.places)
    if len(steps) < _STEPS:
        return 0
    usual = float(np.median(steps))
    return int(np.maximum(np.rint(steps / max(usual, 1e-6)) - 1, 0).sum())


def _even(words: Words) -> float:
    return words.confidence - HOLE * holes(words)


def joined(parts: Sequence[Words]) -> Words:
    """Return strips of one text as one: as sure as the least sure of them."""
    found = [words for words in parts if words.text]
    if len(found) < 2:  # noqa: PLR2004 - nothing to join
        return found[0] if found else NOTHING
    return Words("".join(w.text for w in found), min(w.confidence for w in found))


def merged(text: str, readings: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Return the rivals of ``text`` out of several readings of it, each with its own rivals."""
    others: dict[str, dict[str, None]] = {}
    for said, rivals in readings:
        nearly = {r[0]: r for r in rivals}
        for letter, entry in _side_by_side(text, [nearly.get(c, c) for c in said]):
            others.setdefault(letter, {}).update(dict.fromkeys(entry))
    return _listed(others)


def _listed(others: dict[str, dict[str, None]]) -> tuple[str, ...]:
    found = ((letter, "".join(c for c in more if c != letter)) for letter, more in others.items())
    return tuple(letter + more[:_MOST] for letter, more in found if more)


def _stretched(strip: Grey, times: float) -> Grey:
    if times == 1.0:
        return strip
    size = (max(2, round(strip.shape[1] * times)), strip.shape[0])
    return np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _side_by_side(text: str, seen: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield each letter of ``text`` with what the second reading has there."""
    second = "".join(entry[0] for entry in seen)
    for part in Levenshtein.opcodes(text, second):
        if part.tag in {"equal", "replace"}:
            here = text[part.src_start : part.src_end]
            yield from zip(here, seen[part.dest_start : part.dest_end], strict=True)

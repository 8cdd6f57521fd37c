"""What a seal's letters might be instead: several looks at them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from audit.recognise.ocr.recognise import CAREFUL, FAST, read_rivals
from audit.recognise.seals.lift import Grey

#: So many rivals of a letter at the most, over all looks: networks, and how wide the letters are.
_MOST = 20
_LOOKS = ((CAREFUL, 1.0), (FAST, 1.0), (CAREFUL, 1.15))


def rivals_of(text: str, looks: Sequence[Sequence[Grey]]) -> tuple[str, ...]:
    """Return the letters of ``text`` that are not sure, each with what may stand there instead.

    ``looks``: pictures of the text, each in one or several strips; every network reads them, and
    where another reading differs from ``text`` its letter is a rival as well.
    """
    others: dict[str, dict[str, None]] = {}
    for strips in looks:
        for role, stretch in _LOOKS:
            seen = [e for strip in strips for e in read_rivals(_stretched(strip, stretch), role)]
            for letter, entry in _side_by_side(text, seen):
                others.setdefault(letter, {}).update(dict.fromkeys(entry))
    return _listed(others)


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

"""What a seal's letters might be instead: two networks and two cuts looked at side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from audit.recognise.ocr.recognise import CAREFUL, FAST, read_rivals
from audit.recognise.seals.lift import Grey

_MOST = 12


def rivals_of(text: str, strips: Sequence[Grey]) -> tuple[str, ...]:
    """Return the letters of ``text`` that are not sure, each with what may stand there instead.

    ``strips``: pictures of the text; every network reads them together, and where a second
    reading differs from ``text`` its letter is a rival as well.
    """
    others: dict[str, dict[str, None]] = {}
    for role in (CAREFUL, FAST):
        seen = [entry for strip in strips for entry in read_rivals(strip, role)]
        for letter, entry in _side_by_side(text, seen):
            others.setdefault(letter, {}).update(dict.fromkeys(entry))
    found = ((letter, "".join(c for c in more if c != letter)) for letter, more in others.items())
    return tuple(letter + more[:_MOST] for letter, more in found if more)


def _side_by_side(text: str, seen: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield each letter of ``text`` with what the second reading has there."""
    second = "".join(entry[0] for entry in seen)
    for part in Levenshtein.opcodes(text, second):
        if part.tag in {"equal", "replace"}:
            here = text[part.src_start : part.src_end]
            yield from zip(here, seen[part.dest_start : part.dest_end], strict=True)

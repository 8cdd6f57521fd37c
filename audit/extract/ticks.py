"""Boxes to tick: which of the printed options a person chose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.extract.labels import fold, one_edit

TICKED = "☑☒■▣√✓✔✅●◉⊠"
EMPTY = "□☐◻▢○◯❏❑"
#: What OCR makes of an empty box; only where an option follows.
_LIKE_EMPTY = "口囗"
_LEAST_FUZZY = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Options found ticked and not ticked, in printed order; ``unmarked``: printed without a box.

    ``boxes``: whether any box was printed at all.
    """

    ticked: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()
    boxes: bool = False


def read_choice(text: str, options: Sequence[str], *, fuzzy: bool = False) -> Choice:
    """Return which options a text has ticked. ``fuzzy``: options may hold one wrong character."""
    folded = _marks_kept(text)
    spots = _spots(folded, options, fuzzy=fuzzy)
    boxes = any(c in TICKED + EMPTY for c in folded)
    ticked, empty, unmarked = [], [], []
    before = 0
    for start, end, option in spots:
        lead = folded[before:start]
        tail = lead[-4:]
        if any(c in TICKED for c in tail):
            ticked.append(option)
        elif any(c in EMPTY + _LIKE_EMPTY for c in tail):
            empty.append(option)
        else:
            unmarked.append(option)
        before = end
    return Choice(tuple(ticked), tuple(empty), tuple(unmarked), boxes)


def _marks_kept(text: str) -> str:
    """Return the text in compatibility form, its ticks and boxes as they are."""
    return "".join(c if c in TICKED + EMPTY else fold(c)[0] for c in text)


def _spots(text: str, options: Sequence[str], *, fuzzy: bool) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    for option in sorted(options, key=len, reverse=True):
        word = fold(option)[0]
        hits = [m.span() for m in re.finditer(re.escape(word), text)]
        if not hits and fuzzy and len(word) >= _LEAST_FUZZY:
            windows = ((i, i + len(word)) for i in range(len(text) - len(word) + 1))
            hits = [w for w in windows if one_edit(text[w[0] : w[1]], word)]
        for start, end in hits[:1]:
            if not any(start < e and s < end for s, e, _ in taken):
                taken.append((start, end, option))
    return sorted(taken)

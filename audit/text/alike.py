"""Letters that print and recognition confuse: O and Q, O and 0, I and 1; and what was nearly read."""

from __future__ import annotations

from collections.abc import Sequence

from audit.text.normal import compact

#: Each group holds letters that are taken for each other, and at most one digit.
GROUPS = ("OQD0", "IL1", "S5", "B8", "Z2", "G6")
#: What a character counts that was nearly read.
_NEARLY = 0.9
_SHAPES = str.maketrans({char: group[0] for group in GROUPS for char in group})
_DASHES = str.maketrans(dict.fromkeys((*map(chr, range(0x2010, 0x2016)), "_"), "-"))


def written(text: str) -> str:
    """Return a number as it is compared: without blanks, in capitals, all dashes one."""
    return compact(text).upper().translate(_DASHES)


def shape(text: str) -> str:
    """Return what two numbers share that differ only in look-alike letters and digits."""
    return written(text).translate(_SHAPES)


def share_in_order(read: str, known: str, rivals: Sequence[str] = ()) -> float:
    """Return the share of a known text's characters found in a reading in order (0-1).

    A character that was nearly read there (``rivals``) counts a little less than one that was.
    """
    nearly = {r[0]: r[1:] for r in rivals if r}
    previous = [0.0] * (len(known) + 1)
    for character in read:
        others = nearly.get(character, "")
        current = [0.0]
        for column, expected in enumerate(known, 1):
            worth = 1.0 if character == expected else _NEARLY if expected in others else 0.0
            best = previous[column - 1] + worth if worth else 0.0
            current.append(max(best, previous[column], current[column - 1]))
        previous = current
    return previous[-1] / len(known)

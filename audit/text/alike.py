"""Letters and digits that print and recognition confuse: O and Q, O and 0, I and 1, S and 5."""

from __future__ import annotations

from audit.text.normal import compact

#: Each group holds letters that are taken for each other, and at most one digit.
GROUPS = ("OQD0", "IL1", "S5", "B8", "Z2", "G6")
_SHAPES = str.maketrans({char: group[0] for group in GROUPS for char in group})
_DASHES = str.maketrans(dict.fromkeys((*map(chr, range(0x2010, 0x2016)), "_"), "-"))


def written(text: str) -> str:
    """Return a number as it is compared: without blanks, in capitals, all dashes one."""
    return compact(text).upper().translate(_DASHES)


def shape(text: str) -> str:
    """Return what two numbers share that differ only in look-alike letters and digits."""
    return written(text).translate(_SHAPES)

"""One form of a text for comparing: compatibility characters, blanks."""

from __future__ import annotations

import unicodedata

#: Radicals that PDF fonts put in place of ideographs and that NFKC leaves alone.
_ODD_GLYPHS = str.maketrans("戶⺠⻋⻔⻓⻚⻅⻛⻜⻢⻥⻦⻩", "户民车门长页见风飞马鱼鸟黄")


def nfkc(text: str) -> str:
    """Return the text in compatibility form (half-width figures and brackets, plain ideographs)."""
    return unicodedata.normalize("NFKC", text).translate(_ODD_GLYPHS)


def compact(text: str) -> str:
    """Return the text in compatibility form without blanks and invisible characters."""
    return "".join(
        char for char in nfkc(text) if not char.isspace() and unicodedata.category(char) != "Cf"
    )

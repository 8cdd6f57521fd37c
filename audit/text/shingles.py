"""Texts that copy each other: MinHash signatures in bands, so that a database can find them."""

from __future__ import annotations

import hashlib
import re

#: Characters of a shingle; permutations; rows of a band. Two texts that share 80 % of their
#: shingles agree in nearly every band of four, two that share 40 % in hardly any.
SHINGLE, PERMUTATIONS, ROWS = 5, 64, 4
BANDS = PERMUTATIONS // ROWS
#: Texts shorter than this are forms whose words everybody shares.
LEAST_CHARACTERS = 120
_PRIME = (1 << 61) - 1
_NO_WORDS = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")


def bands(text: str) -> tuple[str, ...]:
    """Return the text's bands as short keys, empty for a text too short to say anything.

    Digits and punctuation do not count: a copied report differs in dates and amounts.
    """
    plain = _NO_WORDS.sub("", text)
    if len(plain) < LEAST_CHARACTERS:
        return ()
    shingles = {_number(plain[i : i + SHINGLE]) for i in range(len(plain) - SHINGLE + 1)}
    lowest = [min((a * s + b) % _PRIME for s in shingles) for a, b in _permutations()]
    return tuple(
        f"{band:02}:{_short(lowest[band * ROWS : (band + 1) * ROWS])}" for band in range(BANDS)
    )


def _permutations() -> list[tuple[int, int]]:
    return [(2 * _number(f"a{i}") + 1, _number(f"b{i}")) for i in range(PERMUTATIONS)]


def _number(text: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big"
    )


def _short(values: list[int]) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()

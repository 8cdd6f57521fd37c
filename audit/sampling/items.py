"""What is sampled, and what a sample is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

#: Bits of a hash that make a fraction.
_BITS = 52


@dataclass(frozen=True, slots=True)
class Item:
    """One unit of the population: an invoice or ledger row of a case. ``amount`` in 元.

    ``certain``: to be taken whatever the draw says (a high-risk item), with the reason.
    """

    key: str
    case: str
    label: str
    amount: Decimal
    certain: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """An item of the sample; ``why``: ``certain``, ``large`` (over the interval) or ``drawn``."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample with everything needed to draw it again.

    ``interval`` in 元 (0 where the method has none); ``start``: the random start in 元.
    """

    method: str
    seed: str
    picked: tuple[Picked, ...]
    population: int
    book_value: Decimal
    size: int
    interval: Decimal = Decimal(0)
    start: Decimal = Decimal(0)
    confidence: Decimal = Decimal("0.95")
    tolerable: Decimal = Decimal("0.05")


def fraction(seed: str, *parts: object) -> Decimal:
    """Return a number in [0, 1) that depends on seed and parts only, the same everywhere."""
    text = "\x1f".join((seed, *(str(p) for p in parts)))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return Decimal(int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / Decimal(2**_BITS)


def ordered(items: Iterable[Item]) -> list[Item]:
    """Return the population in the order that a draw runs through: by case and key."""
    return sorted(items, key=lambda one: (one.case, one.key))


def shuffled(items: Sequence[Item], seed: str) -> Iterator[Item]:
    """Yield the items in random order; independent of the order they came in."""
    yield from sorted(items, key=lambda one: (fraction(seed, one.case, one.key), one.case, one.key))

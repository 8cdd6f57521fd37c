"""Which of these amounts sum to that one? Complete for small pools, in whole cents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

#: Amounts a pool may hold: its halves have at most 2^12 subsets each.
LARGEST_POOL = 24
_Sums = dict[int, dict[int, list[tuple[int, ...]]]]


def subsets(
    target: int,
    amounts: Sequence[int],
    most: int,
    limit: int = 4,
) -> tuple[tuple[int, ...], ...]:
    """Return up to ``limit`` sets of indexes whose amounts sum to ``target`` exactly.

    Smallest sets first; at most ``most`` amounts in one set. Fewer than ``limit`` results are
    all there are. Amounts that are not positive never take part; more than ``LARGEST_POOL``
    amounts raise ``ValueError``.
    """
    if len(amounts) > LARGEST_POOL:
        message = f"a pool holds {LARGEST_POOL} amounts at most"
        raise ValueError(message)
    return _search(target, tuple(amounts), most, limit)


@lru_cache(maxsize=4096)
def _search(
    target: int, amounts: tuple[int, ...], most: int, limit: int
) -> tuple[tuple[int, ...], ...]:
    usable = [i for i, a in enumerate(amounts) if 0 < a <= target]
    if sum(amounts[i] for i in usable) < target:
        return ()
    half = len(usable) // 2
    left = _sums(usable[:half], amounts, most, limit)
    right = _sums(usable[half:], amounts, most, limit)
    found: list[tuple[int, ...]] = []
    for size in range(1, most + 1):
        if len(found) >= limit:
            break
        found += sorted(_of_size(size, target, left, right))
    return tuple(found[:limit])


def _of_size(size: int, target: int, left: _Sums, right: _Sums) -> list[tuple[int, ...]]:
    return [
        (*first, *second)
        for own in range(size + 1)
        for total, firsts in left.get(own, {}).items()
        for second in right.get(size - own, {}).get(target - total, ())
        for first in firsts
    ]


def _sums(indexes: Sequence[int], amounts: Sequence[int], most: int, limit: int) -> _Sums:
    """Return sets of indexes by size and sum, at most ``limit`` of each."""
    by_size: _Sums = {size: {} for size in range(min(most, len(indexes)) + 1)}
    by_size[0][0] = [()]
    for index in indexes:
        amount = amounts[index]
        for size in range(len(by_size) - 2, -1, -1):
            longer = by_size[size + 1]
            for total, sets in by_size[size].items():
                same = longer.setdefault(total + amount, [])
                if len(same) < limit:
                    same += [(*s, index) for s in sets[: limit - len(same)]]
    return by_size

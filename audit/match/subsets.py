"""Which of these amounts sum to that one? Complete for small pools, in whole cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

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
    """Return sets of indexes by size and sum, the first ``limit`` of each."""
    by_size: _Sums = {}
    for size in range(min(most, len(indexes)) + 1):
        sums: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for chosen in combinations(indexes, size):
            same = sums[sum(amounts[i] for i in chosen)]
            if len(same) < limit:
                same.append(chosen)
        by_size[size] = sums
    return by_size

"""Sets of amounts that make a sum: complete for small pools."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.match.subsets import LARGEST_POOL, subsets


@pytest.mark.parametrize(
    ("target", "amounts", "expected"),
    [
        (5, [5, 2, 3], ((0,), (1, 2))),
        (6, [1, 2, 3], ((0, 1, 2),)),
        (7, [1, 2, 3], ()),
        (4, [2, 2, 2], ((0, 1), (0, 2), (1, 2))),
        (3, [-1, 4, 3, 0], ((2,),)),
        (0, [1, 2], ()),
    ],
)
def test_sets_come_smallest_first(
    target: int, amounts: list[int], expected: tuple[tuple[int, ...], ...]
) -> None:
    assert subsets(target, amounts, 8) == expected


def test_pool_that_is_too_big_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        subsets(1, [1] * (LARGEST_POOL + 1), 2)


@given(st.lists(st.integers(-3, 30), max_size=9), st.integers(1, 60), st.integers(1, 5))
def test_every_set_is_found_or_as_many_as_asked(amounts: list[int], target: int, most: int) -> None:
    limit = 4
    positive = [i for i, a in enumerate(amounts) if a > 0]
    every = {
        chosen
        for size in range(1, most + 1)
        for chosen in combinations(positive, size)
        if sum(amounts[i] for i in chosen) == target
    }
    found = subsets(target, amounts, most, limit)
    assert set(found) <= every
    assert len(found) == len(set(found)) == min(limit, len(every))
    assert [len(f) for f in found] == sorted(len(e) for e in every)[: len(found)]

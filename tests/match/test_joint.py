"""Competing sums settled together: exact, deterministic, other ways shown."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.match.joint import Joint, solve_jointly


def _joint(dues: list[int], paids: list[int]) -> Joint:
    return Joint(tuple(enumerate(dues)), tuple(enumerate(paids)), lambda i, j: abs(i - j))


def test_competing_sums_all_fit() -> None:
    ways = solve_jointly(_joint([30, 70, 40, 60], [100, 100]))
    assert sum(c for _, _, c in ways[0]) == 200


def test_fewest_parts_win() -> None:
    assert solve_jointly(_joint([50, 20, 30], [50]))[0] == ((0, 0, 50),)


def test_ways_that_are_as_good_are_given() -> None:
    ways = solve_jointly(_joint([30, 70, 40, 60], [100]))
    assert len(ways) > 1
    assert {sum(c for _, _, c in way) for way in ways} == {100}


def test_nothing_fits() -> None:
    assert solve_jointly(_joint([30], [50])) == []
    assert solve_jointly(_joint([], [50])) == []


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=5),
    st.lists(st.integers(1, 20), min_size=1, max_size=4),
)
def test_every_way_is_exact_and_repeats_itself(dues: list[int], paids: list[int]) -> None:
    joint = _joint(dues, paids)
    ways = solve_jointly(joint)
    for way in ways:
        by_due: dict[int, int] = defaultdict(int)
        by_paid: dict[int, int] = defaultdict(int)
        for due, paid, cents in way:
            by_due[due] += cents
            by_paid[paid] += cents
        assert all(by_due[i] <= dues[i] for i in by_due)
        assert all(by_paid[j] <= paids[j] for j in by_paid)
        assert all(by_due[i] == dues[i] or by_paid[j] == paids[j] for i, j, _ in way)
    assert solve_jointly(joint) == ways

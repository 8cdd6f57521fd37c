"""White regions between rulings: which touch, and which ruling bounds each of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

#: Sides of cells this near (working pixels) are one ruling.
_SAME = 5


@dataclass(frozen=True, slots=True)
class Region:
    """A white region in working pixels, its rulings included."""

    left: int
    top: int
    right: int
    bottom: int


class Sets:
    """Disjoint sets of numbers."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, i: int) -> int:
        """Return the number that stands for the set of ``i``."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make one set of those of ``i`` and ``j``."""
        self._parent[self.root(i)] = self.root(j)


def neighbours(regions: Sequence[Region]) -> list[tuple[int, int]]:
    """Return the pairs of regions that share a stretch of ruling."""
    order = sorted(range(len(regions)), key=lambda i: regions[i].top)
    pairs = []
    for at, i in enumerate(order):
        for j in order[at + 1 :]:
            if regions[j].top > regions[i].bottom + _SAME:
                break
            if _touch(regions[i], regions[j]):
                pairs.append((i, j))
    return pairs


def _touch(one: Region, other: Region) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across >= -_SAME and down >= -_SAME and max(across, down) > _SAME


Sides = Sequence[tuple[int, int]]


def rulings(sides: Sides, along: Sides, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return for every region the numbers of the rulings at its first and second side.

    A ruling is followed from region to region, so a tilted or bent one stays one line however
    far it wanders over the page. ``along``: the regions' extent in the ruling's direction.
    """
    sets = Sets(2 * len(sides))
    slopes = []
    for i, j in pairs:
        for a, b in itertools.product((0, 1), (0, 1)):
            step = sides[j][b] - sides[i][a]
            if abs(step) <= _SAME:
                sets.join(2 * i + a, 2 * j + b)
                run = sum(along[j]) / 2 - sum(along[i]) / 2
                if a == b and abs(run) > 4 * _SAME:
                    slopes.append(step / run)
    slope = sorted(slopes)[len(slopes) // 2] if slopes else 0.0
    places: dict[int, list[float]] = {}
    for i, (first, second) in enumerate(sides):
        middle = sum(along[i]) / 2
        for side, place in ((0, first), (1, second)):
            places.setdefault(sets.root(2 * i + side), []).append(place - slope * middle)
    order = sorted(places, key=lambda root: sum(places[root]) / len(places[root]))
    numbers = _numbered([sum(places[root]) / len(places[root]) for root in order])
    rank = dict(zip(order, numbers, strict=True))
    return [(rank[sets.root(2 * i)], rank[sets.root(2 * i + 1)]) for i in range(len(sides))]


def _numbered(places: Sequence[float]) -> list[int]:
    """Return running numbers of sorted places; pieces of one broken ruling share a number."""
    numbers: list[int] = []
    for i, place in enumerate(places):
        near = i > 0 and place - places[i - 1] <= _SAME / 2
        numbers.append((numbers[-1] if near else numbers[-1] + 1) if numbers else 0)
    return numbers

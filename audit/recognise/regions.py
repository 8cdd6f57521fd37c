"""White regions between rulings: which touch, and which ruling bounds each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

#: Sides of cells this near (working pixels) are one ruling.
_SAME = 5
#: A ruling goes on beyond a merged cell this near to where it ended.
_NEAR = 3


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
    far it wanders over the page; beyond a cell that is merged over it, it goes on where it ended.
    ``along``: the regions' extent in the ruling's direction.
    """
    sets = Sets(2 * len(sides))
    for i, j in pairs:
        for a, b in itertools.product((0, 1), (0, 1)):
            if abs(sides[j][b] - sides[i][a]) <= _SAME:
                sets.join(2 * i + a, 2 * j + b)
    traces = _traces(sets, sides, along)
    slope = _slope(traces.values())
    for one, other in _continued(traces, slope):
        sets.join(one, other)
    places = {
        root: sum(place - slope * middle for middle, place in trace) / len(trace)
        for root, trace in _traces(sets, sides, along).items()
    }
    order = sorted(places, key=places.__getitem__)
    rank = dict(zip(order, _numbered([places[root] for root in order]), strict=True))
    return [(rank[sets.root(2 * i)], rank[sets.root(2 * i + 1)]) for i in range(len(sides))]


#: Where a ruling was seen: (middle along it, its place), in the order it runs.
_Trace = list[tuple[float, float]]


def _traces(sets: Sets, sides: Sides, along: Sides) -> dict[int, _Trace]:
    """Return what was seen of every ruling, by its set's root."""
    found: dict[int, _Trace] = {}
    for i, (first, second) in enumerate(sides):
        middle = sum(along[i]) / 2
        for side, place in ((0, first), (1, second)):
            found.setdefault(sets.root(2 * i + side), []).append((middle, place))
    return {root: sorted(trace) for root, trace in found.items()}


def _slope(traces: Iterable[_Trace]) -> float:
    """Return by how much the rulings are tilted: the middle one of those that run far.

    Between neighbours the step is a pixel or none; only over a long way does the tilt show.
    """
    ways = [(t[-1][0] - t[0][0], t[-1][1] - t[0][1]) for t in traces]
    longest = max((way for way, _ in ways), default=0.0)
    slopes = sorted(step / way for way, step in ways if way > 4 * _SAME and 2 * way >= longest)
    return slopes[len(slopes) // 2] if slopes else 0.0


def _continued(traces: Mapping[int, _Trace], slope: float) -> Iterator[tuple[int, int]]:
    """Yield (end, beginning) of traces that are one ruling, interrupted by a merged cell."""
    for one, trace in traces.items():
        middle, place = trace[-1]
        after = [
            (begin, abs(start - place - slope * (begin - middle)), other)
            for other, ((begin, start), *_) in traces.items()
            if other != one and begin > middle
        ]
        fitting = [found for found in after if found[1] <= _NEAR]
        if fitting:
            yield one, min(fitting)[2]


def _numbered(places: Sequence[float]) -> list[int]:
    """Return running numbers of sorted places; pieces of one broken ruling share a number."""
    numbers: list[int] = []
    for i, place in enumerate(places):
        near = i > 0 and place - places[i - 1] <= _SAME / 2
        numbers.append((numbers[-1] if near else numbers[-1] + 1) if numbers else 0)
    return numbers

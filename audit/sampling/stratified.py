"""Stratified samples: the largest all, the rest by layers of amount."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from audit.sampling.items import Item, Picked, Sample, ordered, shuffled


def draw_stratified(
    items: Sequence[Item], seed: str, size: int, bounds: Sequence[Decimal], *, top: Decimal
) -> Sample:
    """Return about ``size`` items: all from ``top`` 元 on, the others by share of money per layer.

    ``bounds``: amounts (元) that part the layers below ``top``. Every layer gives at least one.
    """
    population = ordered(items)
    taken = [one for one in population if one.certain or one.amount >= top]
    rest = [one for one in population if not one.certain and one.amount < top]
    layers = _layers(rest, sorted(bounds))
    room = max(0, size - len(taken))
    money = sum((abs(one.amount) for one in rest), Decimal(0))
    drawn: set[Item] = set()
    for number, layer in enumerate(layers):
        own = sum((abs(one.amount) for one in layer), Decimal(0))
        share = own / money if money else Decimal(1) / len(layers)
        count = int((share * room).quantize(Decimal(1), ROUND_HALF_UP))
        drawn |= set(islice(shuffled(layer, f"{seed}/{number}"), max(1, count)))
    picked = [Picked(one, "certain" if one.certain else "large") for one in taken]
    picked += [Picked(one, "drawn") for one in rest if one in drawn]
    book = sum((one.amount for one in population), Decimal(0))
    return Sample("stratified", seed, tuple(picked), len(population), book, len(picked))


def _layers(items: Sequence[Item], bounds: Sequence[Decimal]) -> list[list[Item]]:
    layers: list[list[Item]] = [[] for _ in range(len(bounds) + 1)]
    for one in items:
        layers[sum(1 for bound in bounds if one.amount >= bound)].append(one)
    return [layer for layer in layers if layer]

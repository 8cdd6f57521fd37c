"""Whose label is it: payer's or payee's, by heading, column, row or the bank's profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.extract.kinds.bank_receipt import vocabulary
from audit.extract.kinds.bank_receipt.profiles import Profile
from audit.extract.labels import Label, Spot, find_labels, fold
from audit.extract.layout import Sheet
from audit.extract.stacked import find_stacked
from audit.model import TextLine

_SPLIT_HEAD = re.compile(r"^(?:[借贷]方[(])?(付款|收款)$")
_SPLIT_TAIL = re.compile(r"^[人方](?:[)])?$")
_INNER = frozenset(vocabulary.PARTS)
_OTHER = {"payer": "payee", "payee": "payer"}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that tells a side: a heading, or a label that names its side."""

    side: str
    left: float
    top: float
    bottom: float
    heading: bool

    @property
    def middle(self) -> float:
        """Height of its centre."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Labelled:
    """All label spots of a receipt, inner labels renamed to the side they belong to.

    ``own``: labels that name no side and stand in no block (one account only).
    """

    spots: tuple[Spot, ...]
    heads: tuple[Spot, ...]
    own: tuple[Spot, ...]


def find_spots(sheet: Sheet, profile: Profile | None) -> Labelled:
    """Return the labels of a receipt with their sides settled."""
    extra = profile.labels if profile is not None else ()
    spots = find_labels(sheet, (*extra, *vocabulary.EVERY))
    stacked = (*find_stacked(sheet, vocabulary.HEADS), *_split_heads(sheet))
    heads = tuple(s for s in spots if s.field in vocabulary.SIDES) + tuple(stacked)
    anchors = [_anchor(spot) for spot in (*spots, *stacked) if _side_of(spot)]
    columns = _columns(spots, profile) if not anchors else {}
    settled, own = [], []
    for spot in spots:
        if spot.field not in _INNER:
            settled.append(spot)
            continue
        side = columns.get(id(spot)) or _nearest(spot, anchors)
        if side:
            settled.append(_renamed(spot, f"{side}_{spot.field}"))
        else:
            own.append(spot)
    return Labelled((*settled, *own, *stacked), heads, tuple(own))


def _side_of(spot: Spot) -> str:
    side = spot.field.partition("_")[0]
    return side if side in vocabulary.SIDES else ""


def _anchor(spot: Spot) -> Anchor:
    heading = spot.field in vocabulary.SIDES
    return Anchor(_side_of(spot), spot.box.left, spot.box.top, spot.box.bottom, heading)


def _renamed(spot: Spot, field: str) -> Spot:
    return replace(spot, label=replace(spot.label, field=field))


def renamed(spots: Sequence[Spot], side: str) -> tuple[Spot, ...]:
    """Return labels without a side as labels of ``side``."""
    return tuple(_renamed(spot, f"{side}_{spot.field}") for spot in spots)


def _nearest(spot: Spot, anchors: Sequence[Anchor]) -> str:
    """Return the side of the anchor whose column and rows a label stands in, empty for none."""
    slack = 2.0 * spot.em
    reachable = [a for a in anchors if a.left <= spot.box.left + slack]
    if not reachable:
        return ""
    column = max(a.left for a in reachable)
    same = [a for a in reachable if a.left >= column - 4.0 * spot.em]
    sides = {a.side for a in same}
    if len(sides) == 1:
        return same[0].side if _alone(same[0].side, spot, same, anchors) else ""
    y = spot.box.centre[1]
    blocks = [a for a in same if a.heading and a.top <= y <= a.bottom]
    if blocks:
        return min(blocks, key=lambda a: a.bottom - a.top).side
    above = [a for a in same if a.middle <= y + 0.5 * spot.box.height]
    if above:
        return max(above, key=lambda a: a.middle).side
    return min(same, key=lambda a: abs(a.middle - y)).side


def _alone(side: str, spot: Spot, same: Sequence[Anchor], anchors: Sequence[Anchor]) -> bool:
    """Where only one side is named on the page, a label far from it is not its label."""
    if any(a.side == _OTHER[side] for a in anchors):
        return True
    y, height = spot.box.centre[1], spot.box.height
    return any(abs(a.middle - y) <= 3.0 * max(height, a.bottom - a.top) for a in same)


def _columns(spots: Sequence[Spot], profile: Profile | None) -> dict[int, str]:
    """Return the sides of twin labels in two columns, where the bank's profile tells them."""
    if profile is None or not profile.columns:
        return {}
    sides: dict[int, str] = {}
    inner = [s for s in spots if s.field in _INNER]
    for one in inner:
        twins = [
            other
            for other in inner
            if other.field == one.field
            and other is not one
            and abs(other.box.centre[1] - one.box.centre[1]) <= one.box.height
        ]
        if len(twins) == 1:
            right = one.box.left > twins[0].box.left
            sides[id(one)] = profile.columns[1 if right else 0]
    return sides


def _split_heads(sheet: Sheet) -> list[Spot]:
    """Return headings that a narrow cell breaks in two: ``付款`` over ``人``."""
    found = []
    for line in sheet.lines:
        match = _SPLIT_HEAD.match(fold(line.text)[0])
        if match is None:
            continue
        tail = next((other for other in sheet.lines if _continues(line, other)), None)
        if tail is None:
            continue
        side = "payer" if match.group(1) == "付款" else "payee"
        label = Label(side, (line.text,))
        box = line.box.union(tail.box)
        found.append(Spot(label, line.text, box, (line, tail), (tail, len(tail.text))))
    return found


def _continues(line: TextLine, other: TextLine) -> bool:
    if _SPLIT_TAIL.match(fold(other.text)[0]) is None:
        return False
    below = 0.0 < other.box.centre[1] - line.box.centre[1] <= 3.0 * line.box.height
    return below and line.box.left - line.box.width / 2 <= other.box.centre[0] <= line.box.right

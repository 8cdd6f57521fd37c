"""Values beside and under printed labels, up to the next label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from audit.extract.kept import Kept
from audit.extract.labels import Found, Label, Side, Spot, find_labels, fold
from audit.extract.layout import Sheet, cut, cut_between, edges, em, join, same_row
from audit.model import TextLine

_SEPARATORS = ":;：；"
#: Two lines so near (fraction of the page) are level, however low they are.
_LEVEL = 1e-3


def right_of(
    sheet: Sheet,
    spot: Spot,
    stops: Sequence[Spot] = (),
    reach: float = 14.0,
    gap: float = 2.0,
) -> tuple[TextLine, ...]:
    """Return what stands on the label's baseline to its right, up to the next label.

    ``reach``: widest distance (em) from the label to the value; ``gap``: widest distance
    inside the value. The label's own line counts after the label.
    """
    limit = _next_stop(spot, stops)
    start = _tail_x(spot)
    pieces: list[TextLine] = []
    edge, allowed = start, reach
    for line in _beside(sheet, spot, start):
        part = _after(line, spot, start, limit)
        if part is None:
            continue
        size = min(em(part, sheet.aspect), spot.em * 1.5) if spot.em else em(part, sheet.aspect)
        if part.box.left - edge > allowed * size:
            break
        pieces.append(part)
        edge, allowed = max(edge, part.box.right), gap
    return tuple(pieces)


_level: Kept[tuple[tuple[TextLine, float, float], ...]] = Kept()


def _beside(sheet: Sheet, spot: Spot, start: float) -> Iterator[TextLine]:
    """Yield what may stand right of a label, left to right: its own line and those about level."""
    placed = _level.get(
        sheet.lines,
        None,
        lambda: tuple(
            (line, line.box.centre[1], line.box.right)
            for line in sorted(sheet.lines, key=lambda one: one.box.left)
        ),
    )
    tail, y, height = spot.tail[0], spot.box.centre[1], max(spot.box.height, _LEVEL)
    for line, middle, right in placed:
        if line is tail or (right > start and abs(middle - y) <= height):
            yield line


def _tail_x(spot: Spot) -> float:
    line, place = spot.tail
    return edges(line)[min(place, len(line.text))]


def _next_stop(spot: Spot, stops: Sequence[Spot]) -> float:
    lefts = [
        stop.box.left
        for stop in stops
        if stop is not spot
        and stop.box.left >= spot.box.right - 1e-6
        and same_row(stop.box, spot.box)
    ]
    return min(lefts, default=2.0)


def _after(line: TextLine, spot: Spot, start: float, limit: float) -> TextLine | None:
    """Return the part of a line between the label's end and the next label, or ``None``.

    A line of its own is cut only where it truly runs over a bound: boxes of neighbours overlap
    by up to a character, and a value must not lose its first or last one.
    """
    tail, place = spot.tail
    if line is tail:
        part = cut(line, place, len(line.text))
    elif same_row(line.box, spot.box) and line.box.right > start:
        part = line
    else:
        return None
    slack = max(spot.em, 1e-6)
    if not part.text.strip() or part.box.left >= limit - 1e-6:
        return None
    covers = line is not tail and part.box.left < spot.box.left + 0.3 * slack
    left = start if covers else -1.0
    right = limit if part.box.right > limit + slack else 2.0
    if line is tail and part.box.right > limit:
        right = limit
    return part if (left, right) == (-1.0, 2.0) else cut_between(part, left, right)


def below(
    sheet: Sheet,
    spot: Spot,
    stops: Sequence[Spot] = (),
    bounds: tuple[float, float] | None = None,
    depth: float = 4.0,
) -> tuple[TextLine, ...]:
    """Return the lines under a label in its column, top to bottom, up to the next label.

    ``bounds``: left and right x of the column (default: the label's width and half as much on
    each side); ``depth``: how far down the first line may be, in label heights.
    """
    slack = max(spot.box.width * 0.5, spot.em)
    left, right = bounds or (spot.box.left - slack, spot.box.right + slack)
    floor = _floor(spot, stops, left, right)
    found: list[TextLine] = []
    edge, step = spot.box.bottom, spot.box.height * depth
    for line in sorted(sheet.lines, key=lambda one: (one.box.top, one.box.left)):
        if line.box.centre[1] <= spot.box.bottom or line.box.centre[1] >= floor:
            continue
        part = cut_between(line, left, right)
        if part is None:
            continue
        if part.box.top - edge > step:
            break
        found.append(part)
        edge, step = max(edge, part.box.bottom), max(part.box.height, spot.box.height) * 1.2
    return tuple(found)


def _floor(spot: Spot, stops: Sequence[Spot], left: float, right: float) -> float:
    tops = [
        stop.box.top
        for stop in stops
        if stop.box.top >= spot.box.bottom - spot.box.height * 0.3
        and stop.box.right > left
        and stop.box.left < right
    ]
    return min(tops, default=2.0)


def value_of(sheet: Sheet, spot: Spot, stops: Sequence[Spot] = ()) -> Found | None:
    """Return the value of a label on its declared side that fits its pattern, or ``None``."""
    side = spot.label.side
    if side is not Side.BELOW:
        found = fitting_value(spot, join(right_of(sheet, spot, stops)))
        if found is not None or side is Side.RIGHT:
            return found
    for part in below(sheet, spot, stops):
        found = fitting_value(spot, part)
        if found is not None:
            return found
    return None


def fitting_value(spot: Spot, line: TextLine | None) -> Found | None:
    """Return the part of ``line`` that fits the label's pattern, ``None`` for none."""
    if line is None:
        return None
    text = line.text.strip().lstrip(_SEPARATORS).strip()
    if not spot.label.pattern:
        return Found(spot, text, line) if text else None
    folded, places = fold(line.text)
    match = re.search(spot.label.pattern, folded)
    if match is None:
        return None
    group: str | int = "v" if match.groupdict().get("v") else 0
    start, end = match.span(group)
    if start == end:
        return None
    return Found(spot, match.group(group), cut(line, places[start], places[end - 1] + 1))


def read_labels(
    sheet: Sheet,
    labels: Sequence[Label],
    stops: Sequence[Label] = (),
) -> dict[str, tuple[Found, ...]]:
    """Return the values of all labels by field, in reading order; ``stops`` only end values."""
    spots = find_labels(sheet, (*labels, *stops))
    values: dict[str, tuple[Found, ...]] = {}
    for spot in spots:
        if spot.label in stops or not spot.field:
            continue
        found = value_of(sheet, spot, spots)
        if found is not None:
            values[spot.field] = (*values.get(spot.field, ()), found)
    return values

"""The path language of OFD to polylines: lines, curves, arcs."""

from __future__ import annotations

import math
from collections.abc import Iterator

Point = tuple[float, float]
_MOST_POINTS = 200_000
_STEPS = 10
_COUNTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def polylines(data: str) -> Iterator[tuple[list[Point], bool]]:
    """Yield (points, closed) of each part of an abbreviated path; stops at what it cannot read."""
    points: list[Point] = []
    total = 0
    for name, values in _commands(data):
        if name in {"S", "M"}:
            if len(points) > 1:
                yield points, False
            points = [(values[0], values[1])]
        elif name == "C":
            if len(points) > 1:
                yield points, True
            points = points[:1]
        elif points:
            new = _drawn(name, points[-1], values)
            total += len(new)
            if total > _MOST_POINTS:
                return
            points = points + new if len(points) < 64 else _extended(points, new)  # noqa: PLR2004
    if len(points) > 1:
        yield points, False


def _extended(points: list[Point], new: list[Point]) -> list[Point]:
    points.extend(new)
    return points


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    tokens = data.replace(",", " ").split()
    place = 0
    while place < len(tokens):
        name = tokens[place].upper()
        count = _COUNTS.get(name)
        if count is None:
            return
        try:
            values = [float(one) for one in tokens[place + 1 : place + 1 + count]]
        except ValueError:
            return
        if len(values) < count or not all(abs(v) < 1e6 for v in values):  # noqa: PLR2004
            return
        yield name, values
        place += 1 + count


def _drawn(name: str, start: Point, values: list[float]) -> list[Point]:
    if name == "L":
        return [(values[0], values[1])]
    if name == "Q":
        control, end = (values[0], values[1]), (values[2], values[3])
        return [_quadratic(start, control, end, n / _STEPS) for n in range(1, _STEPS + 1)]
    if name == "B":
        one, two, end = (values[0], values[1]), (values[2], values[3]), (values[4], values[5])
        return [_cubic(start, one, two, end, n / _STEPS) for n in range(1, _STEPS + 1)]
    return _arc(start, values)


def _quadratic(a: Point, b: Point, c: Point, t: float) -> Point:
    u = 1 - t
    return (
        u * u * a[0] + 2 * u * t * b[0] + t * t * c[0],
        u * u * a[1] + 2 * u * t * b[1] + t * t * c[1],
    )


def _cubic(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    xs, ys = (a[0], b[0], c[0], d[0]), (a[1], b[1], c[1], d[1])
    return (
        sum(k * x for k, x in zip(w, xs, strict=True)),
        sum(k * y for k, y in zip(w, ys, strict=True)),
    )


def _arc(start: Point, values: list[float]) -> list[Point]:
    """Return points of an elliptical arc given by radii, turn, flags and end (as SVG does)."""
    rx, ry, turn, large, sweep, x, y = values
    rx, ry = abs(rx), abs(ry)
    if rx == 0 or ry == 0 or (x, y) == start:
        return [(x, y)]
    angle = math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    dx, dy = (start[0] - x) / 2, (start[1] - y) / 2
    u, v = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = math.sqrt(max(1.0, (u / rx) ** 2 + (v / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    rest = max(0.0, (rx * ry) ** 2 - (rx * v) ** 2 - (ry * u) ** 2)
    factor = math.sqrt(rest / ((rx * v) ** 2 + (ry * u) ** 2 or 1.0))
    if bool(large) == bool(sweep):
        factor = -factor
    cu, cv = factor * rx * v / ry, -factor * ry * u / rx
    cx = cos * cu - sin * cv + (start[0] + x) / 2
    cy = sin * cu + cos * cv + (start[1] + y) / 2
    first = math.atan2((v - cv) / ry, (u - cu) / rx)
    last = math.atan2((-v - cv) / ry, (-u - cu) / rx)
    span = last - first
    if sweep and span < 0:
        span += 2 * math.pi
    elif not sweep and span > 0:
        span -= 2 * math.pi
    steps = max(2, int(abs(span) * 8))
    found = []
    for n in range(1, steps + 1):
        at = first + span * n / steps
        ex, ey = rx * math.cos(at), ry * math.sin(at)
        found.append((cos * ex - sin * ey + cx, sin * ex + cos * ey + cy))
    return found

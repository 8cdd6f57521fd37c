"""Where exactly the outline of a seal runs that was seen about here, and how much of it is inked.

The search around a start is narrow, so that print and rules crossing the outline do not draw it
away; nothing is taken out of the picture beforehand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats, Mask, Pixels
from audit.recognise.seals.rings import DIRECTIONS, Ellipse, ellipse_of, inked

#: Ink is what is darker than this share of the paper: faded and full.
_SHARES = (0.75, 0.88, 0.6)
_ENOUGH = 0.85
_PAPER = 85
#: Shares of the radius searched for the outline, in every sixth direction; ink just outside counts
#: half against.
_STEP, _EVERY = 0.006, 6
_RHO = np.arange(0.78, 1.22 + _STEP / 2, _STEP, dtype=np.float32)
_TURN = np.arange(0, 2 * np.pi, _EVERY * 2 * np.pi / DIRECTIONS, dtype=np.float32)
_WAVES = np.stack(
    [np.ones_like(_TURN), np.cos(_TURN), np.sin(_TURN), np.cos(2 * _TURN), np.sin(2 * _TURN)]
)
_BEYOND = 8
#: Half widths of the rings in which the ellipse is then drawn through the outermost ink.
_WINDOWS = (0.045, 0.03)
_TRIES, _SAMPLE, _LEAST_POINTS = 20, 7, 60
_AGREE, _WITHIN = 0.022, (0.7, 1.4)
_OUTSIDE = np.linspace(1.06, 1.12, 4, dtype=np.float32)
#: Lines tried for each side of a square: how far out (share of half the side), how turned.
_OUT = np.linspace(0.80, 1.20, 41, dtype=np.float32)
_TURNS = np.radians(np.linspace(-5, 5, 11)).astype(np.float32)
_ALONG = np.linspace(-0.86, 0.86, 60, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Fit:
    """An outline in the picture's pixels: share of it inked, and share of ink just outside.

    ``corners``: of a square, (4, 2); ``tilt``: degrees by which it is turned, -45 to 45.
    """

    score: float
    outside: float
    ellipse: Ellipse
    points: npt.NDArray[np.float32]
    tilt: float = 0.0


def fit(grey: Pixels, start: Ellipse, shape: str) -> Fit | None:
    """Return the outline of ``shape`` near ``start`` in a grey picture of a place, if any."""
    paper = float(np.percentile(grey[::2, ::2], _PAPER))
    found = []
    for share in _SHARES:
        mask = (grey < share * paper).astype(np.uint8)
        one = _square(mask, start) if shape == "square" else _ring(mask, start)
        if one is not None:
            found.append(one)
            if one.score - one.outside >= _ENOUGH:
                break
    return max(found, key=lambda f: f.score - f.outside, default=None)


def _ring(mask: Mask, start: Ellipse) -> Fit | None:
    """Return the ellipse through the outermost ink near the fullest curve about the start."""
    ellipse = _fullest(mask, start)
    for window in _WINDOWS:
        points = _outermost(mask, ellipse, window)
        if len(points) < _LEAST_POINTS:
            return None
        ellipse = _agreed(points, ellipse)
    near = max(0.02, 1.6 / min(ellipse.long, ellipse.short))
    rho = np.linspace(1 - near, 1 + near, 5, dtype=np.float32)
    xs, ys = ellipse.points(np.ones(1, np.float32))
    height, width = mask.shape
    inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
    within = np.asarray(inside, np.bool_).reshape(-1)
    if within.sum() < DIRECTIONS // 2:
        return None
    there = np.asarray(inked(mask, ellipse, rho).any(axis=1))
    score = float(there[within].mean())
    outside = float(inked(mask, ellipse, _OUTSIDE).mean(axis=1)[within].mean())
    return Fit(score, outside, ellipse, np.concatenate([xs, ys], axis=1))


def _grid(*spans: tuple[float, int]) -> Floats:
    """Return all combinations (n, 5) of steps about zero: (length of a step, steps each way)."""
    axes = [
        np.arange(-count, count + 1, dtype=np.float32) * np.float32(step) for step, count in spans
    ]
    return np.stack([one.ravel() for one in np.meshgrid(*axes, indexing="ij")], axis=1)


#: Moves of a closed curve, ever finer, with how far from it ink may lie (samples, odd).
_MOVES = (
    (5, _grid((0.018, 6), (0.03, 2), (0.03, 2), (0.035, 1), (0.035, 1))),
    (3, _grid((0.012, 1), (0.015, 1), (0.015, 1), (0.02, 1), (0.02, 1))),
    (3, _grid((0.006, 1), (0.008, 1), (0.008, 1), (0.01, 1), (0.01, 1))),
)


def _places(curves: Floats) -> npt.NDArray[np.intp]:
    """Return where curves (n, 5) lie in the samples, (n, directions), as indexes of the flat table."""
    steps = np.rint((curves @ _WAVES + np.float32(1 - _RHO[0])) / np.float32(_STEP))
    rows = np.arange(len(_TURN), dtype=np.intp) * len(_RHO)
    return np.asarray(rows + np.clip(steps, 0, len(_RHO) - 1), np.intp)


_FIRST = _places(_MOVES[0][1])


def _fullest(mask: Mask, start: Ellipse) -> Ellipse:
    """Return the ellipse about the start that has most ink on it and least just outside.

    The radius is let vary with the direction as that of an ellipse moved and stretched does:
    a constant and two waves. Print beside the outline has no such curve.
    """
    hits = inked(mask, start, _RHO)[::_EVERY].astype(np.uint8)
    beyond = np.roll(hits, -_BEYOND, axis=1).astype(np.int32)
    beyond[:, -_BEYOND:] = 0
    best = np.zeros(5, np.float32)
    for width, moves in _MOVES:
        near = cv2.dilate(hits, np.ones((1, width), np.uint8)).astype(np.int32)
        places = _FIRST if moves is _MOVES[0][1] else _places(best + moves)
        value = (2 * near - beyond).ravel().take(places).sum(axis=1)
        best = (best + moves)[int(value.argmax())]
    radius = (1 + best @ _WAVES)[:, None].astype(np.float32)
    xs, ys = start.points(np.ones(1, np.float32))
    x = start.x + (xs[::_EVERY] - start.x) * radius
    y = start.y + (ys[::_EVERY] - start.y) * radius
    return ellipse_of(np.concatenate([x, y], axis=1).astype(np.float32)) or start


def _outermost(mask: Mask, ellipse: Ellipse, window: float) -> npt.NDArray[np.float32]:
    """Return the outermost ink (n, 2) in every direction, no farther than the window."""
    rho = np.linspace(1 - window, 1 + window, 41, dtype=np.float32)
    hits = inked(mask, ellipse, rho)
    last = hits.shape[1] - 1 - np.argmax(hits[:, ::-1], axis=1)
    rows = np.flatnonzero(hits.any(axis=1))
    xs, ys = ellipse.points(rho)
    return np.stack([xs[rows, last[rows]], ys[rows, last[rows]]], axis=1)


def _agreed(points: npt.NDArray[np.float32], start: Ellipse) -> Ellipse:
    """Return the ellipse most points lie on, or the start."""
    chance = np.random.default_rng(3)
    best, most = start, _on(points, start).sum()
    for _ in range(_TRIES):
        guess = ellipse_of(points[chance.choice(len(points), _SAMPLE, replace=False)])
        if guess is None or not _alike(guess, start):
            continue
        count = _on(points, guess).sum()
        if count > most:
            best, most = guess, count
    final = ellipse_of(points[_on(points, best)])
    return final if final is not None and _alike(final, start) else best


def _alike(one: Ellipse, other: Ellipse) -> bool:
    size = math.sqrt(one.long * one.short / (other.long * other.short))
    apart = math.hypot(one.x - other.x, one.y - other.y)
    return (
        _WITHIN[0] < size < _WITHIN[1]
        and apart < 0.3 * min(other.long, other.short)
        and one.aspect < 1.3 * other.aspect
    )


def _on(points: npt.NDArray[np.float32], ellipse: Ellipse) -> npt.NDArray[np.bool_]:
    turn = math.radians(ellipse.angle)
    x, y = points[:, 0] - ellipse.x, points[:, 1] - ellipse.y
    along = (x * math.cos(turn) + y * math.sin(turn)) / ellipse.long
    across = (-x * math.sin(turn) + y * math.cos(turn)) / ellipse.short
    return np.asarray(np.abs(np.hypot(along, across) - 1) < _AGREE, np.bool_)


def _square(mask: Mask, start: Ellipse) -> Fit | None:
    """Return the square whose four sides, each found for itself, have the most ink."""
    near = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    lines, scores, outside = [], [], []
    for quarter in range(4):
        reach, half = (start.long, start.short) if quarter % 2 == 0 else (start.short, start.long)
        normal = math.radians(start.angle + 90 * quarter)
        line, score, beyond = _side(near, start, normal, reach, half)
        lines.append(line)
        scores.append(score)
        outside.append(beyond)
    corners = np.array([_crossing(lines[k], lines[(k + 1) % 4]) for k in range(4)], np.float32)
    if not np.isfinite(corners).all():
        return None
    low, high = corners.min(axis=0), corners.max(axis=0)
    (x, y), (half_x, half_y) = (low + high) / 2, (high - low) / 2
    side = corners[1] - corners[0]
    tilt = (math.degrees(math.atan2(float(side[1]), float(side[0]))) + 45) % 90 - 45
    around = Ellipse(float(x), float(y), float(half_x), float(half_y), 0.0)
    return Fit(min(scores), max(outside), around, _border(corners), tilt)


def _border(corners: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    steps = np.linspace(0, 1, 40, dtype=np.float32)[:, None]
    ends = np.roll(corners, -1, axis=0)
    return np.concatenate([a + (b - a) * steps for a, b in zip(corners, ends, strict=True)])


Line = tuple[float, float, float]


def _side(
    near: Mask, start: Ellipse, normal: float, reach: float, half: float
) -> tuple[Line, float, float]:
    """Return the most inked line about where a side should be: its normal form, ink, ink beyond."""
    turned = normal + _TURNS[:, None, None]
    out = (_OUT * np.float32(reach))[None, :, None]
    along = (_ALONG * np.float32(half))[None, None, :]
    x = start.x + out * np.cos(normal) - along * np.sin(turned)
    y = start.y + out * np.sin(normal) + along * np.cos(turned)
    share = _at(near, x, y).mean(axis=2)
    # Of lines equally full the outermost: its neighbour farther out is blank.
    step = min(len(_OUT) - 1, max(1, round(len(_OUT) * 2.5 / (0.4 * max(reach, 1.0)))))
    beyond = np.concatenate([share[:, step:], np.repeat(share[:, -1:], step, axis=1)], axis=1)
    turn, place = np.unravel_index(int(np.argmax(share - 0.5 * beyond)), share.shape)
    angle = normal + float(_TURNS[turn])
    through = (
        start.x + float(out[0, place, 0]) * math.cos(normal),
        start.y + float(out[0, place, 0]) * math.sin(normal),
    )
    line = (
        math.cos(angle),
        math.sin(angle),
        through[0] * math.cos(angle) + through[1] * math.sin(angle),
    )
    return line, float(share[turn, place]), float(beyond[turn, place])


def _crossing(one: Line, other: Line) -> tuple[float, float]:
    turn = one[0] * other[1] - one[1] * other[0]
    if abs(turn) < 0.5:  # noqa: PLR2004 - sides that are no corner
        return math.nan, math.nan
    return (
        (one[2] * other[1] - one[1] * other[2]) / turn,
        (one[0] * other[2] - one[2] * other[0]) / turn,
    )


def _at(mask: Mask, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    column, row = np.rint(x).astype(np.intp), np.rint(y).astype(np.intp)
    height, width = mask.shape
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    hit = mask[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] > 0
    return np.asarray(hit & inside, np.bool_)

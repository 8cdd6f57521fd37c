"""Closed outlines: ellipses through the outermost ink, and how much of the outline is there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats, Mask

DIRECTIONS = 360
_TRIES = 24
_ON_RING = 0.05
_FAR = 1.3
_LEAST_POINTS, _MOST_POINTS = 40, 180
_RING = np.linspace(0.95, 1.05, 6, dtype=np.float32)
_OUTSIDE = np.linspace(1.10, 1.18, 4, dtype=np.float32)
_RHO = np.linspace(0.5, _FAR, 81, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse in pixels: centre, half axes (along ``angle``, then across), degrees."""

    x: float
    y: float
    long: float
    short: float
    angle: float

    @property
    def aspect(self) -> float:
        """Long half axis over short one, at least 1."""
        return max(self.long, self.short) / max(min(self.long, self.short), 1e-6)

    def points(self, rho: Floats) -> tuple[Floats, Floats]:
        """Return x and y, each (directions, len(rho)), at shares ``rho`` of the radius."""
        around = np.arange(DIRECTIONS, dtype=np.float32) * np.float32(2 * math.pi / DIRECTIONS)
        cosine, sine = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        along = (self.long * np.cos(around))[:, None] * rho
        across = (self.short * np.sin(around))[:, None] * rho
        return (
            (self.x + along * cosine - across * sine).astype(np.float32),
            (self.y + along * sine + across * cosine).astype(np.float32),
        )

    def scaled(self, factor: float) -> Ellipse:
        """Return the ellipse in a picture ``factor`` times as large."""
        return Ellipse(
            self.x * factor, self.y * factor, self.long * factor, self.short * factor, self.angle
        )

    def level(self, xs: Floats, ys: Floats) -> Floats:
        """Return how far out pixels lie: 0 in the middle, 1 on the outline."""
        turn = math.radians(self.angle)
        right, down = xs - np.float32(self.x), ys - np.float32(self.y)
        along = (right * math.cos(turn) + down * math.sin(turn)) / max(self.long, 1e-6)
        across = (down * math.cos(turn) - right * math.sin(turn)) / max(self.short, 1e-6)
        return np.asarray(np.hypot(along, across), np.float32)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the upright rectangle around it."""
        cosine, sine = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        half_x = math.hypot(self.long * cosine, self.short * sine)
        half_y = math.hypot(self.long * sine, self.short * cosine)
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y


def ellipse_of(points: npt.NDArray[np.float32]) -> Ellipse | None:
    """Return the least-squares ellipse through (n, 2) points; ``None`` if there is none."""
    if len(points) < 6:  # noqa: PLR2004 - an ellipse has five degrees of freedom
        return None
    (x, y), (first, second), angle = cv2.fitEllipseDirect(points.reshape(-1, 1, 2))
    if not all(map(math.isfinite, (x, y, first, second))) or min(first, second) <= 0:
        return None
    return Ellipse(x, y, first / 2, second / 2, angle)


def outermost(mask: Mask, ellipse: Ellipse) -> npt.NDArray[np.float32]:
    """Return the outermost ink point (n, 2) in every direction, within 1.3 radii."""
    found = inked(mask, ellipse, _RHO)
    last = found.shape[1] - 1 - np.argmax(found[:, ::-1], axis=1)
    hit = found.any(axis=1)
    xs, ys = ellipse.points(_RHO)
    rows = np.flatnonzero(hit)
    return np.stack([xs[rows, last[rows]], ys[rows, last[rows]]], axis=1)


def refined(mask: Mask, start: Ellipse, seed: int = 7) -> Ellipse:
    """Return the ellipse most of the outermost ink lies on (RANSAC), or ``start``."""
    points = outermost(mask, start)
    if len(points) < _LEAST_POINTS:
        return start
    points = points[:: max(1, len(points) // _MOST_POINTS)]
    chance = np.random.default_rng(seed)
    best, most = start, _agreeing(points, start).sum()
    for _ in range(_TRIES):
        guess = ellipse_of(points[chance.choice(len(points), 8, replace=False)])
        if guess is None or not _similar(guess, start):
            continue
        count = _agreeing(points, guess).sum()
        if count > most:
            best, most = guess, count
    final = ellipse_of(points[_agreeing(points, best)])
    return final if final is not None and _similar(final, start) else best


def _similar(one: Ellipse, other: Ellipse) -> bool:
    size = math.sqrt(one.long * one.short) / math.sqrt(other.long * other.short)
    return 0.7 < size < 1.4 and one.aspect < 2.2  # noqa: PLR2004 - half to double is another thing


def _agreeing(points: npt.NDArray[np.float32], ellipse: Ellipse) -> npt.NDArray[np.bool_]:
    cosine, sine = math.cos(math.radians(ellipse.angle)), math.sin(math.radians(ellipse.angle))
    x, y = points[:, 0] - ellipse.x, points[:, 1] - ellipse.y
    along = (x * cosine + y * sine) / ellipse.long
    across = (-x * sine + y * cosine) / ellipse.short
    radius: npt.NDArray[np.float32] = np.hypot(along, across)
    return np.abs(radius - 1) < _ON_RING * 0.7


def ring_score(mask: Mask, ellipse: Ellipse) -> tuple[float, float]:
    """Return the share of directions with ink on the outline and blank outside, and the share seen.

    Directions beyond the picture do not count; ``seen`` says how many do.
    """
    height, width = mask.shape
    xs, ys = ellipse.points(np.ones(1, np.float32))
    inside = ((xs >= 0) & (xs < width) & (ys >= 0) & (ys < height))[:, 0]
    if not inside.any():
        return 0.0, 0.0
    ring = inked(mask, ellipse, _RING).any(axis=1)
    blank = inked(mask, ellipse, _OUTSIDE).sum(axis=1) <= 1
    return float((ring & blank)[inside].mean()), float(inside.mean())


def fill_of(mask: Mask, ellipse: Ellipse, inner: float, outer: float) -> float:
    """Return the share of ink between two shares of the radius."""
    return float(inked(mask, ellipse, np.linspace(inner, outer, 24, dtype=np.float32)).mean())


def least_fill(mask: Mask, ellipse: Ellipse) -> float:
    """Return the share of ink on the blankest circle just inside the outline."""
    inner = inked(mask, ellipse, np.linspace(0.78, 0.95, 12, dtype=np.float32))
    return float(inner.mean(axis=0).min())


def inked(mask: Mask, ellipse: Ellipse, rho: Floats) -> npt.NDArray[np.bool_]:
    """Return the mask at all directions and shares of the radius; outside the picture is blank."""
    xs, ys = ellipse.points(rho)
    height, width = mask.shape
    column, row = np.rint(xs).astype(np.intp), np.rint(ys).astype(np.intp)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    values = mask[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] > 0
    return np.asarray(values & inside, np.bool_)

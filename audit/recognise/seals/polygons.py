"""Square and triangular seals: the outline is tested side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Mask
from audit.recognise.seals.rings import Ellipse

_LEAST_SIDES = 0.8
_SIMPLIFY = 0.045
_MOST_LONG = 1.35
#: Share of the rectangle around that the hull of a square fills: a circle has 0.79.
_FILLED = 0.92
#: The same where another seal lies over a corner.
_FILLED_CUT = 0.72
_LEAST_FILL, _MOST_FILL = 0.08, 0.85
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Outline:
    """A square or triangle: ``score`` is the share of its sides that is inked.

    ``ellipse``: the ellipse whose bounds are those of the figure; ``tilt``: degrees, clockwise.
    """

    shape: str
    score: float
    ellipse: Ellipse
    tilt: float = 0.0

    def scaled(self, factor: float) -> Outline:
        """Return the outline in a picture ``factor`` times as large."""
        return replace(self, ellipse=self.ellipse.scaled(factor))

    def touches(self, ring: Outline) -> bool:
        """Tell whether the figure may lie over the edge of a ring."""
        one, other = self.ellipse, ring.ellipse
        return math.hypot(one.x - other.x, one.y - other.y) < one.long + other.long


def polygon_of(mask: Mask, points: npt.NDArray[np.float32]) -> Outline | None:
    """Return the square or triangle whose outline these hull points (n, 2) are, if they are."""
    hull = cv2.convexHull(points.reshape(-1, 1, 2))
    figure = _square_around(hull, _FILLED)
    return _outline(mask, _triangle_around(hull) if figure is None else figure)


def cut_square_of(mask: Mask, points: npt.NDArray[np.float32]) -> Outline | None:
    """Return the square of which these points (n, 2) are what another seal leaves uncovered.

    ``mask``: all ink, in which the sides go on under the other seal.
    """
    return _outline(mask, _square_around(cv2.convexHull(points.reshape(-1, 1, 2)), _FILLED_CUT))


def _outline(mask: Mask, figure: npt.NDArray[np.float32] | None) -> Outline | None:
    if figure is None:
        return None
    score = _inked_sides(mask, figure)
    if score < _LEAST_SIDES or not _LEAST_FILL <= _fill(mask, figure) <= _MOST_FILL:
        return None
    low, high = figure.min(axis=0), figure.max(axis=0)
    (x, y), (half_x, half_y) = (low + high) / 2, (high - low) / 2
    ellipse = Ellipse(float(x), float(y), float(half_x), float(half_y), 0.0)
    return Outline("square" if len(figure) == 4 else "triangle", score, ellipse, tilt_of(figure))  # noqa: PLR2004


def _square_around(hull: cv2.typing.MatLike, least: float) -> npt.NDArray[np.float32] | None:
    """Return the corners of the turned square of which the hull fills ``least``, if it is one."""
    rectangle = cv2.minAreaRect(hull)
    width, height = rectangle[1]
    if min(width, height) < 1 or max(width, height) > _MOST_LONG * min(width, height):
        return None
    if cv2.contourArea(hull) < least * width * height:
        return None
    return np.asarray(cv2.boxPoints(rectangle), np.float32)


def _triangle_around(hull: cv2.typing.MatLike) -> npt.NDArray[np.float32] | None:
    corners = cv2.approxPolyDP(hull, _SIMPLIFY * cv2.arcLength(hull, True), True)
    figure = np.asarray(corners, np.float32).reshape(-1, 2)
    if len(figure) != 3 or cv2.contourArea(figure) < 0.9 * cv2.contourArea(hull):  # noqa: PLR2004
        return None
    return figure


def tilt_of(figure: npt.NDArray[np.float32]) -> float:
    """Return the degrees (-45 to 45, clockwise) by which a square is turned."""
    side = figure[1] - figure[0]
    angle = float(np.degrees(np.arctan2(side[1], side[0])))
    return (angle + 45) % 90 - 45


def _inked_sides(mask: Mask, figure: npt.NDArray[np.float32]) -> float:
    """Return the least share of any side that has ink within 2 pixels of it."""
    near = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    shares = []
    for start, end in zip(figure, np.roll(figure, -1, axis=0), strict=True):
        steps = np.linspace(0.06, 0.94, _STEPS, dtype=np.float32)[:, None]
        places = np.rint(start + (end - start) * steps).astype(int)
        x = np.clip(places[:, 0], 0, mask.shape[1] - 1)
        y = np.clip(places[:, 1], 0, mask.shape[0] - 1)
        shares.append(float((near[y, x] > 0).mean()))
    return min(shares)


def _fill(mask: Mask, figure: npt.NDArray[np.float32]) -> float:
    middle = figure.mean(axis=0)
    inner = np.rint(middle + (figure - middle) * 0.8).astype(np.int32)
    area = np.zeros_like(mask)
    cv2.fillPoly(area, [inner], (1,))
    return float(cv2.mean(mask, area)[0])

"""Square and triangular seals: the outline is tested side by side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Mask
from audit.recognise.seals.rings import Ellipse

_LEAST_SIDES = 0.8
_SIMPLIFY = 0.045
_MOST_LONG = 1.45
_LEAST_FILL, _MOST_FILL = 0.08, 0.72
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Outline:
    """A square or triangle: ``score`` is the share of its sides that is inked.

    ``ellipse``: the ellipse whose bounds are those of the figure.
    """

    shape: str
    score: float
    ellipse: Ellipse


def polygon_of(mask: Mask, points: npt.NDArray[np.float32]) -> Outline | None:
    """Return the square or triangle whose outline these hull points (n, 2) are, if they are."""
    hull = cv2.convexHull(points.reshape(-1, 1, 2))
    corners = cv2.approxPolyDP(hull, _SIMPLIFY * cv2.arcLength(hull, True), True)
    figure = np.asarray(corners, np.float32).reshape(-1, 2)
    if len(figure) not in {3, 4} or cv2.contourArea(figure) < 0.9 * cv2.contourArea(hull):
        return None
    if len(figure) == 4 and not _nearly_square(figure):  # noqa: PLR2004 - corners
        return None
    score = _inked_sides(mask, figure)
    if score < _LEAST_SIDES or not _LEAST_FILL <= _fill(mask, figure) <= _MOST_FILL:
        return None
    low, high = figure.min(axis=0), figure.max(axis=0)
    (x, y), (half_x, half_y) = (low + high) / 2, (high - low) / 2
    ellipse = Ellipse(float(x), float(y), float(half_x), float(half_y), 0.0)
    return Outline("square" if len(figure) == 4 else "triangle", score, ellipse)  # noqa: PLR2004


def _nearly_square(figure: npt.NDArray[np.float32]) -> bool:
    _, (width, height), _ = cv2.minAreaRect(figure)
    return max(width, height) <= _MOST_LONG * max(min(width, height), 1.0)


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

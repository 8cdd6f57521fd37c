"""Boxes of text in pixels: four corners in reading order, and what can be done with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]

#: A box this much higher than wide is written downwards.
DOWNWARDS = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class TextBox:
    """One run of text: corners (4, 2) in pixels, clockwise from the top left as one reads it.

    ``score``: the detector's mean probability inside, 0-1.
    """

    corners: Floats
    score: float = 1.0

    @property
    def width(self) -> float:
        """Length of the upper and lower side, mean, in pixels."""
        c = self.corners
        return float(np.linalg.norm(c[1] - c[0]) + np.linalg.norm(c[2] - c[3])) / 2

    @property
    def height(self) -> float:
        """Length of the left and right side, mean, in pixels."""
        c = self.corners
        return float(np.linalg.norm(c[3] - c[0]) + np.linalg.norm(c[2] - c[1])) / 2

    @property
    def angle(self) -> float:
        """Direction of the baseline in degrees, clockwise positive."""
        along = self.corners[1] - self.corners[0] + self.corners[2] - self.corners[3]
        return math.degrees(math.atan2(float(along[1]), float(along[0])))

    @property
    def runs_down(self) -> bool:
        """Tell whether the box is much higher than wide."""
        return self.height >= DOWNWARDS * self.width

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the upright rectangle around the box, in pixels."""
        low, high = self.corners.min(axis=0), self.corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def part(self, start: float, end: float) -> TextBox:
        """Return the box between two shares of its width; outside 0-1 it grows."""
        top_left, top_right, bottom_right, bottom_left = self.corners
        top, bottom = top_right - top_left, bottom_right - bottom_left
        corners = [
            top_left + start * top,
            top_left + end * top,
            bottom_left + end * bottom,
            bottom_left + start * bottom,
        ]
        return TextBox(np.asarray(corners, np.float32), self.score)

    def band(self, start: float, end: float) -> TextBox:
        """Return the box between two shares of its height; outside 0-1 it grows."""
        top_left, top_right, bottom_right, bottom_left = self.corners
        left, right = bottom_left - top_left, bottom_right - top_right
        corners = [
            top_left + start * left,
            top_right + start * right,
            top_right + end * right,
            top_left + end * left,
        ]
        return TextBox(np.asarray(corners, np.float32), self.score)

    def moved(self, matrix: Floats) -> TextBox:
        """Return the box under an affine matrix (2, 3)."""
        corners = self.corners @ matrix[:, :2].T + matrix[:, 2]
        return TextBox(corners.astype(np.float32), self.score)


def upright_box(left: float, top: float, right: float, bottom: float) -> TextBox:
    """Return the box with these sides, in pixels."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return TextBox(np.asarray(corners, np.float32))

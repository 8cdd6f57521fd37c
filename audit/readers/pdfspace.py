"""From PDF user space to fractions of the page as it is shown, and turned upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.model import Box

_QUARTER, _TURN = 90, 360


@dataclass(frozen=True, slots=True)
class Space:
    """A page's visible box in user space and by how much it is turned clockwise to be upright.

    ``turn``: /Rotate of the page plus what its text asks for; 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def width(self) -> float:
        """Width of the upright page in points."""
        return self._size()[0]

    @property
    def height(self) -> float:
        """Height of the upright page in points."""
        return self._size()[1]

    def _size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % (2 * _QUARTER) else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point as fractions of the upright page."""
        u = (x - self.left) / ((self.right - self.left) or 1.0)
        v = (self.top - y) / ((self.top - self.bottom) or 1.0)
        return turned(u, v, self.turn)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle as a box of the upright page, not clipped."""
        x1, y1 = self.point(left, bottom)
        x2, y2 = self.point(right, top)
        if x1 <= x2 and y2 <= y1:
            return Box(x1, y2, x2, y1)
        return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def rotated(self, degrees: int) -> Space:
        """Return the space of the page turned further clockwise."""
        turn = (self.turn + degrees) % _TURN
        return Space(self.left, self.bottom, self.right, self.top, turn)


def space_of(page: Any) -> Space:  # noqa: ANN401 - pypdfium2 has no type information
    """Return the space of a page as a viewer shows it."""
    left, bottom, right, top = page.get_bbox()
    return Space(left, bottom, right, top, page.get_rotation())


def turned(u: float, v: float, degrees: int) -> tuple[float, float]:
    """Return a point of a page (fractions) after the page is turned clockwise."""
    if degrees == 0:
        return u, v
    if degrees == _QUARTER:
        return 1.0 - v, u
    if degrees == 2 * _QUARTER:
        return 1.0 - u, 1.0 - v
    if degrees == 3 * _QUARTER:
        return v, 1.0 - u
    return u, v


def turned_box(box: Box, degrees: int) -> Box:
    """Return a box of a page after the page is turned clockwise."""
    x1, y1 = turned(box.left, box.top, degrees)
    x2, y2 = turned(box.right, box.bottom, degrees)
    return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def clipped(box: Box) -> Box:
    """Return the part of a box that lies on the page."""
    return Box(
        min(max(box.left, 0.0), 1.0),
        min(max(box.top, 0.0), 1.0),
        min(max(box.right, 0.0), 1.0),
        min(max(box.bottom, 0.0), 1.0),
    )

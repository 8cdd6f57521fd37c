"""Where something stands on a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions (0-1) of the upright page; origin top left.

    Fractions survive another resolution. A box may be degenerate (zero height)
    where a format carries no geometry; see ``WHOLE_PAGE``.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width as a fraction of the page."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height as a fraction of the page."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """Centre (x, y) in fractions."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def area(self) -> float:
        """Area as a fraction of the page."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def intersection_area(self, other: Box) -> float:
        """Return the shared area as a fraction of the page."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def overlap(self, other: Box) -> float:
        """Return the shared area over that of the smaller box, 0 if one of them is empty."""
        smaller = min(self.area, other.area)
        return self.intersection_area(other) / smaller if smaller > 0 else 0.0

    def contains_point(self, x: float, y: float) -> bool:
        """Tell whether the point (fractions) lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def widened(self, x: float, y: float) -> Box:
        """Return the box grown by ``x`` and ``y`` (fractions) on each side, inside the page."""
        return Box(
            max(0.0, self.left - x),
            max(0.0, self.top - y),
            min(1.0, self.right + x),
            min(1.0, self.bottom + y),
        )

    def rounded(self) -> list[float]:
        """Return ``[left, top, right, bottom]`` at four decimals, as ``case.json`` has it."""
        return [round(v, 4) for v in (self.left, self.top, self.right, self.bottom)]


WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)

"""Centres of rings by vote: every edge point votes for the places its ink-ward normal leads to.

Finds rings that hang together with other red print, where components see one big blot.
Ovals are found by squeezing the picture sideways first.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from audit.recognise.seals.ink import Floats, Mask
from audit.recognise.seals.rings import Ellipse

SQUEEZES = (1.0, 1.33, 1.55, 0.75)
_MOST_POINTS = 2500
_RADII = 22
_CELL = 4
_PEAKS = 4
#: Votes for a peak, as a share of a full ring's edge points.
_LEAST_SHARE = 0.28


def vote_rings(mask: Mask, low: float, high: float) -> Iterator[Ellipse]:
    """Yield ellipses (axes level) whose outline gets many votes; radii ``low`` to ``high`` pixels."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0)
    slope_x = cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    slope_y = cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    steep = np.hypot(slope_x, slope_y)
    rows, columns = np.nonzero(steep > 1.0)
    if len(rows) < 40:  # noqa: PLR2004 - not even a small ring
        return
    share = min(1.0, _MOST_POINTS / len(rows))
    if share < 1:
        kept = np.random.default_rng(3).choice(len(rows), _MOST_POINTS, replace=False)
        rows, columns = rows[kept], columns[kept]
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    slopes = [slope_x[rows, columns], slope_y[rows, columns]]
    normals = np.stack(slopes, axis=1).astype(np.float32)
    for squeeze in SQUEEZES:
        yield from _squeezed(points, normals, squeeze, (low, high), share)


def _squeezed(
    points: Floats, normals: Floats, squeeze: float, limits: tuple[float, float], share: float
) -> Iterator[Ellipse]:
    """Yield the best ellipses of one aspect: circles in the squeezed picture."""
    stretch = np.array([1 / squeeze, 1], np.float32)
    placed = points * stretch
    inward = normals / stretch
    inward = inward / np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-6)
    radii = np.geomspace(max(limits[0] / squeeze**0.5, 8), limits[1] / squeeze**0.5, _RADII)
    cells = (np.ceil(placed.max(axis=0) / _CELL) + 2).astype(int)
    found: list[tuple[float, float, float, float]] = []
    for radius in radii:
        centres = np.rint((placed + inward * np.float32(radius)) / _CELL).astype(int)
        fits = ((centres >= 0) & (centres < cells)).all(axis=1)
        votes = np.bincount(centres[fits] @ np.array([1, cells[0]]), minlength=int(cells.prod()))
        board = cv2.blur(votes.reshape(cells[1], cells[0]).astype(np.float32), (3, 3)) * 9
        best = int(board.argmax())
        y, x = divmod(best, int(cells[0]))
        strength = float(board.ravel()[best]) / (2 * np.pi * radius * share)
        found.append((strength, x * _CELL, y * _CELL, float(radius)))
    for strength, left, top, size in sorted(found, reverse=True)[:_PEAKS]:
        if strength >= _LEAST_SHARE:
            yield Ellipse(left * squeeze, top, size * squeeze, size, 0.0)

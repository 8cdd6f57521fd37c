"""Seals of black, grey and faded ink: the network says where to look, the outline has to be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.fit import Fit, fit
from audit.recognise.seals.ink import WORKING_WIDTH, Pixels, chroma_along, reduced
from audit.recognise.seals.network import Sight, seen
from audit.recognise.seals.polygons import Outline
from audit.recognise.seals.rings import Ellipse

#: How much of the outline is inked at least, and how much more than just outside of it.
_LEAST_RING, _MORE_THAN_OUTSIDE = 0.7, 0.4
_LEAST_SIDES = 0.7
_ROOM, _LEAST_CROP = 1.35, 24
#: Chroma of an outline from which on its ink has a colour.
_TINGE = 8.0
_ROUND = 1.12


@dataclass(frozen=True, slots=True)
class Look:
    """A page to be looked at: ``scale`` of the network's picture, ``radii`` least and greatest."""

    pixels: Pixels
    scale: float
    radii: tuple[float, float]


def confirmed(look: Look, taken: Callable[[Ellipse], bool]) -> Iterator[tuple[str, Outline]]:
    """Yield colour and outline (page pixels) of every seal seen whose outline is there.

    ``taken``: whether a place is known already; such a place costs nothing.
    """
    for sight in seen(look.pixels, look.scale):
        if taken(sight.ellipse):
            continue
        found = _confirmed(look, sight)
        if found is not None:
            yield found


def _confirmed(look: Look, sight: Sight) -> tuple[str, Outline] | None:
    step = max(1, round(look.pixels.shape[1] / WORKING_WIDTH))
    left, top, crop = _crop(look.pixels, sight.ellipse, step)
    if min(crop.shape[:2]) < _LEAST_CROP:
        return None
    grey = crop if crop.ndim == 2 else np.ascontiguousarray(crop[:, :, 1])  # noqa: PLR2004
    one = sight.ellipse
    start = Ellipse(
        (one.x - left) / step, (one.y - top) / step, one.long / step, one.short / step, one.angle
    )
    there = fit(grey, start, sight.shape)
    if there is None or not _holds(there, sight.shape):
        return None
    at = there.ellipse.scaled(step)
    ellipse = Ellipse(at.x + left, at.y + top, at.long, at.short, at.angle)
    if not look.radii[0] <= (ellipse.long * ellipse.short) ** 0.5 <= look.radii[1]:
        return None
    shape = (
        sight.shape
        if sight.shape == "square"
        else "circle"
        if ellipse.aspect < _ROUND
        else "ellipse"
    )
    return _colour(crop, there.points), Outline(shape, there.score, ellipse, there.tilt)


def _crop(pixels: Pixels, ellipse: Ellipse, step: int) -> tuple[int, int, Pixels]:
    """Return left, top (page pixels) and the place around an ellipse at one ``step``-th."""
    room = _ROOM * max(ellipse.long, ellipse.short)
    left, top = max(0, int(ellipse.x - room)), max(0, int(ellipse.y - room))
    part = pixels[top : max(0, int(ellipse.y + room)), left : max(0, int(ellipse.x + room))]
    if min(part.shape[:2]) < _LEAST_CROP * step:
        return left, top, np.zeros((1, 1), np.uint8)
    return left, top, reduced(part, step)


def _holds(there: Fit, shape: str) -> bool:
    if shape == "square":
        return there.score >= _LEAST_SIDES
    return there.score >= _LEAST_RING and there.score - there.outside >= _MORE_THAN_OUTSIDE


def _colour(crop: Pixels, points: npt.NDArray[np.float32]) -> str:
    """Return the colour of the ink along an outline (n, 2): red, blue or black."""
    if crop.ndim == 2:  # noqa: PLR2004 - no colour
        return "black"
    lab = cv2.cvtColor(crop, cv2.COLOR_RGB2LAB)
    column = np.clip(np.rint(points[:, 0]).astype(int), 0, crop.shape[1] - 1)
    row = np.clip(np.rint(points[:, 1]).astype(int), 0, crop.shape[0] - 1)
    for colour in ("red", "blue"):
        strongest = cv2.dilate(chroma_along(lab, colour), np.ones((3, 3), np.uint8))
        if float(np.median(strongest[row, column])) >= _TINGE:
            return colour
    return "black"

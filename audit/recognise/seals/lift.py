"""Ink and print taken apart: a seal's layer without the text under it, and the text without the seal.

Colours mix as optical densities add (SEALS, 7): every pixel is solved for so much seal ink and
so much black.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.rings import Ellipse

Grey = npt.NDArray[np.uint8]

_PAPER_PERCENTILE = 92
_LEAST_EXCESS, _MANY = 0.12, 60
#: Density of full ink: so many of a hundred inked pixels are lighter.
_FULL = 80
#: The rim's own tone, between blanks and crossings by print; the darkest print of the patch.
_RIM = np.linspace(0.93, 1.02, 8, dtype=np.float32)
_ON_SIDE = 90
_RIM_LEVEL, _PRINT_LEVEL, _HINT = 45, 98.5, 0.08
#: Print that is so many times as dense as the rim is another ink; what is above it is taken out.
_DARKER, _ABOVE = 1.7, 1.4
#: Length of a rule in diameters.
_RULE = 0.5
#: Strokes of print over a square, in its sides.
_FINE = 0.02
#: Black from which nothing can be told of full ink of density 1 under it, and of any; how far
#: around hidden ink is taken from.
_HIDES, _LEAST_HIDING, _NEARBY = 1.5, 0.4, 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """Densities of the seal's ink and of black print, each of the patch's size, 0 = paper."""

    ink: Floats
    black: Floats


def take_apart(patch: Pixels, colour: str) -> Layers:
    """Return the layers of a patch (H, W[, 3]); a black seal or a grey page has one layer only."""
    if patch.ndim == 2 or colour == "black":  # noqa: PLR2004 - grey
        grey = patch if patch.ndim == 2 else np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY))  # noqa: PLR2004
        density = density_of(np.asarray(grey, np.uint8)[:, :, None])[:, :, 0]
        return Layers(density, np.zeros_like(density))
    density = density_of(patch)
    seal = _ink_vector(density, colour)
    if seal is None:
        empty = np.zeros(density.shape[:2], np.float32)
        return Layers(empty, np.asarray(density.mean(axis=2), np.float32))
    return _solved(density, seal)


def bridged(layers: Layers) -> Floats | None:
    """Return the seal's ink with what black print hides filled from around, ``None`` if nothing is.

    Where print is dark, little light is left: the fainter the ink, the sooner it is lost in noise.
    """
    inked = layers.ink[layers.ink > _HINT]
    full = float(np.percentile(inked, _FULL)) if inked.size else 1.0
    hidden = (layers.black > max(_HIDES + float(np.log(full)), _LEAST_HIDING)).astype(np.uint8)
    if not hidden.any():
        return None
    return _filled(layers.ink, np.asarray(cv2.dilate(hidden, np.ones((3, 3), np.uint8)), np.uint8))


def without_rules(ink: Floats, ellipse: Ellipse) -> Floats | None:
    """Return a one-colour layer without the rules of a table that cross it, ``None`` without any.

    A rule is straight over half of the seal, which nothing of a seal but a square's rim is.
    """
    inked = ink[ink > _HINT]
    full = float(np.percentile(inked, _FULL)) if inked.size else 1.0
    mask = (ink > full / 2).astype(np.uint8)
    long_ = max(15, round(_RULE * (ellipse.long + ellipse.short)))
    rules = np.zeros_like(mask)
    for shape, thick in (((1, long_), (3, 1)), ((long_, 1), (1, 3))):
        # Thickened, a rule that leans a little is still straight over the whole length.
        thicker = cv2.dilate(mask, np.ones(thick, np.uint8))
        straight = cv2.morphologyEx(thicker, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        rules |= np.asarray(straight, np.uint8) & mask
    if not rules.any():
        return None
    return _filled(ink, np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8))


def _filled(ink: Floats, gone: Grey) -> Floats:
    """Return the ink with the pixels of ``gone`` taken from their surroundings."""
    kept = (1 - gone).astype(np.float32)
    near = cv2.GaussianBlur(ink * kept, (0, 0), _NEARBY) / np.maximum(
        cv2.GaussianBlur(kept, (0, 0), _NEARBY), 1e-3
    )
    return np.where(gone > 0, near, ink).astype(np.float32)


def without_print(ink: Floats, outline: Ellipse, tilt: float | None = None) -> Floats:
    """Return a one-colour layer without the print that is darker than the seal's own rim.

    On a grey page a red seal is a paler grey than print; where both are as dark, nothing changes.
    ``tilt``: degrees of a square, ``None`` for a ring.
    """
    xs, ys = outline.points(_RIM) if tilt is None else square_points(outline, tilt, _RIM)
    along = cv2.remap(ink, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT).max(axis=1)
    rim = float(np.percentile(along, _RIM_LEVEL))
    darkest = float(np.percentile(ink, _PRINT_LEVEL))
    if rim <= _HINT or darkest < _DARKER * rim:
        return ink
    dark = (ink > _ABOVE * rim).astype(np.uint8)
    dark = np.asarray(cv2.dilate(dark, np.ones((3, 3), np.uint8)), np.uint8)
    return _filled(ink, dark)


def without_fine(ink: Floats, side: float) -> Floats | None:
    """Return a one-colour layer without strokes finer than a square's are, ``None`` if small.

    ``side``: of the square in pixels; its letters fill a cell, and their strokes are bold.
    """
    width = round(_FINE * side)
    if width < 2:  # noqa: PLR2004 - pixels
        return None
    stroke = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, stroke), np.float32)


def square_points(box: Ellipse, tilt: float, shares: Floats) -> tuple[Floats, Floats]:
    """Return x and y, each (points, len(shares)), at ``shares`` of the way to a square's sides.

    ``box``: half axes of the upright rectangle around the square turned by ``tilt`` degrees.
    """
    turn = math.radians(tilt)
    half_x, half_y = half_sides(box, tilt)
    along = np.linspace(-1, 1, _ON_SIDE, dtype=np.float32)
    across = np.ones_like(along)
    u = np.concatenate([along, across, -along, -across])[:, None] * shares * half_x
    v = np.concatenate([-across, along, across, -along])[:, None] * shares * half_y
    xs = box.x + u * math.cos(turn) - v * math.sin(turn)
    ys = box.y + u * math.sin(turn) + v * math.cos(turn)
    return xs.astype(np.float32), ys.astype(np.float32)


def half_sides(box: Ellipse, tilt: float) -> tuple[float, float]:
    """Return half the sides of a square turned by ``tilt`` degrees in its upright ``box``."""
    reach = math.cos(math.radians(abs(tilt))) + math.sin(math.radians(abs(tilt)))
    return box.long / reach, box.short / reach


def as_print(layer: Floats) -> Grey:
    """Return a layer of ink as dark print on white paper."""
    inked = layer[layer > 0.1]  # noqa: PLR2004 - density of a hint of ink
    full = max(float(np.percentile(inked, _FULL)) if inked.size else 1.0, 0.25)
    return np.asarray(255 - 230 * np.clip(layer / full, 0, 1), np.uint8)


def density_of(patch: Pixels) -> Floats:
    """Return the optical density of each channel of a patch (H, W, C), 0 = the patch's paper."""
    paper = np.maximum(np.percentile(patch, _PAPER_PERCENTILE, axis=(0, 1)), 30)
    shares = (patch.astype(np.float32) + 2) / (paper.astype(np.float32) + 2)
    return np.asarray(np.maximum(-np.log(shares), 0), np.float32)


def _ink_vector(density: Floats, colour: str) -> npt.NDArray[np.float32] | None:
    """Return the densities (r, g, b) of pure seal ink, ``None`` where there is none."""
    own = 0 if colour == "red" else 2
    others = [i for i in range(3) if i != own]
    excess = density[:, :, others].min(axis=2) - density[:, :, own]
    inked = excess > _LEAST_EXCESS
    if int(inked.sum()) < _MANY:
        return None
    pure = excess >= np.percentile(excess[inked], 60)
    vector = np.asarray(np.median(density[pure], axis=0), np.float32)
    return vector / np.float32(max(float(vector.max()), 1e-3))


def _solved(density: Floats, seal: npt.NDArray[np.float32]) -> Layers:
    """Return least squares of ``density`` = ink · seal + black · (1, 1, 1), neither below 0."""
    a, b, c = float(seal @ seal), float(seal.sum()), 3.0
    along_seal = density @ seal
    along_black = density.sum(axis=2)
    whole = max(a * c - b * b, 1e-4)
    ink = (c * along_seal - b * along_black) / whole
    black = (a * along_black - b * along_seal) / whole
    only_ink, only_black = along_seal / a, along_black / c
    ink = np.where(black < 0, only_ink, ink)
    black = np.where(ink < 0, only_black, np.maximum(black, 0))
    return Layers(np.maximum(ink, 0).astype(np.float32), black.astype(np.float32))

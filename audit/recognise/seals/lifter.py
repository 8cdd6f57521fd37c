"""A small network that lifts a seal's ink off whatever else stands at its place.

It was trained on generated impressions (``benchmarks/seals/train_lifter.py``; card beside the
model). Where ink and print have the same colour, nothing else tells them apart.
"""

from __future__ import annotations

import cv2
import numpy as np

from audit.recognise.models import run, session
from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.lift import density_of
from audit.recognise.seals.rings import Ellipse

#: Half of a seal's longer side in the network's picture; its sides are multiples of ``STEP``.
REACH, STEP = 144.0, 16
#: Density that counts as 1; what is beyond ``_MOST`` says no more.
_FULL, _MOST = 1.5, 2.0


def lifter_scale(outline: Ellipse) -> float:
    """Return the pixels of the network's picture per pixel of the patch."""
    return REACH / max(outline.long, outline.short, 1.0)


def lifter_input(patch: Pixels, outline: Ellipse) -> Floats:
    """Return a patch at the network's scale as it takes it: 6 × height × width.

    Planes: density of red, green and blue (grey: three times the same), paper 0; how far right
    and how far down of the seal's middle, and how far from it, the outline at 1. ``outline``: of
    a square its upright box. Sides are filled up to multiples of ``STEP``.
    """
    height, width = patch.shape[:2]
    tall, wide = (-(-side // STEP) * STEP for side in (height, width))
    planes = np.zeros((6, tall, wide), np.float32)
    density = density_of(patch if patch.ndim == 3 else patch[:, :, None])  # noqa: PLR2004 - grey
    planes[:3, :height, :width] = np.minimum(density / _FULL, _MOST).transpose(2, 0, 1)
    ys, xs = np.mgrid[:tall, :wide].astype(np.float32)
    reach = max(outline.long, outline.short, 1.0)
    planes[3], planes[4] = (xs - outline.x) / reach, (ys - outline.y) / reach
    planes[5] = outline.level(xs, ys)
    return planes


def at_scale(patch: Pixels, scale: float) -> Pixels:
    """Return a patch enlarged or reduced ``scale`` times."""
    height, width = patch.shape[:2]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    return np.asarray(cv2.resize(patch, size, interpolation=how), np.uint8)


def lifted(patch: Pixels, outline: Ellipse) -> Floats:
    """Return the ink of the seal alone, 0-1, of the patch's height and width."""
    height, width = patch.shape[:2]
    scale = lifter_scale(outline)
    small = at_scale(patch, scale)
    planes = lifter_input(small, outline.scaled(scale))
    ink = run(session("seal_ink"), planes[None])[0, 0, : small.shape[0], : small.shape[1]]
    whole = cv2.resize(ink, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(whole, 0, 1), np.float32)

"""A small network's second opinion: where seals of any ink stand, told from grey alone.

It was trained on generated pages (``benchmarks/seals/train_finder.py``; card beside the model).
It proposes; what it proposes still has to show an outline and legible letters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from audit.recognise.models import run, session
from audit.recognise.seals.ink import Floats, Pixels, reduced
from audit.recognise.seals.rings import Ellipse

#: What the network was trained at, and how far apart the places are that it judges.
DPI, STRIDE = 75, 16
SHAPES = ("circle", "ellipse", "square", "supervision")
#: Half a seal's side is given as a multiple of this many pixels, as a logarithm.
REFERENCE = 50.0
_PAPER_STEP, _DARKEST_PAPER = 16, 60
_FINER = 0.8
_LEAST, _MOST_LOG = 0.3, 1.5
#: Beyond this a logit says no more; so many seals of a page are told, the surest.
_CERTAIN, _MOST_SIGHTS = 30.0, 64


@dataclass(frozen=True, slots=True)
class Sight:
    """A seal the network sees, in page pixels; ``score`` 0-1, ``tilt`` of a square in degrees."""

    shape: str
    score: float
    ellipse: Ellipse


def network_input(pixels: Pixels, scale: float) -> Floats:
    """Return a page as the network takes it: 1 × 1 × height × width, paper 0, ink up to 1.

    ``scale``: working pixels per page pixel. Of colour the green channel: red ink is darkest there.
    """
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.extractChannel(pixels, 1), np.uint8)  # noqa: PLR2004
    height, width = (max(2 * STRIDE, round(side * scale)) for side in grey.shape)
    step = max(1, int(_FINER / scale))  # whole steps are several times faster
    near = reduced(grey, step)
    small = cv2.resize(near, (width, height), interpolation=cv2.INTER_AREA)
    tiny = cv2.resize(
        small, (width // _PAPER_STEP, height // _PAPER_STEP), interpolation=cv2.INTER_AREA
    )
    bright = cv2.medianBlur(cv2.dilate(tiny, np.ones((5, 5), np.uint8)), 5)
    paper = cv2.resize(
        np.maximum(bright, _DARKEST_PAPER), (width, height), interpolation=cv2.INTER_LINEAR
    )
    ink = 255 - cv2.divide(small, paper, scale=255)
    whole = np.zeros((-(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE), np.float32)
    whole[:height, :width] = ink * np.float32(1 / 255)
    return whole[None, None]


def seen(pixels: Pixels, scale: float) -> list[Sight]:
    """Return what the network takes for seals, the surest first; ``scale`` as in ``network_input``."""
    planes = run(session("seals"), network_input(pixels, scale))[0]
    heat = 1 / (1 + np.exp(-np.clip(planes[: len(SHAPES)], -_CERTAIN, _CERTAIN)))
    best = np.ascontiguousarray(heat.max(axis=0))
    peaks = (best >= _LEAST) & (best >= cv2.dilate(best, np.ones((3, 3), np.uint8)))
    found = []
    for row, column in np.argwhere(peaks):
        across, down, long, short, cosine, sine = (
            float(v) for v in planes[len(SHAPES) :, row, column]
        )
        shape = SHAPES[int(heat[:, row, column].argmax())]
        turn = math.degrees(math.atan2(sine, cosine)) / (4 if shape == "square" else 2)
        ellipse = Ellipse(
            (column + across + 0.5) * STRIDE / scale,
            (row + down + 0.5) * STRIDE / scale,
            _side(long) / scale,
            _side(short) / scale,
            0.0 if shape == "circle" else turn,
        )
        found.append(Sight(shape, float(best[row, column]), ellipse))
    return sorted(found, key=lambda one: -one.score)[:_MOST_SIGHTS]


def _side(logarithm: float) -> float:
    """Return half a side in pixels of the network's picture."""
    return math.exp(max(-_MOST_LOG, min(logarithm, _MOST_LOG))) * REFERENCE

"""Which way is up: quarter turns, small tilts, and pages photographed on a table.

A wrong turn loses a whole page, so the network's word alone never turns one: the shape of the
text boxes and the legibility of a few lines must agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise import models
from audit.recognise.ocr.boxes import Floats, Grey, TextBox
from audit.recognise.ocr.detect import find_text, weighted_median
from audit.recognise.ocr.recognise import FAST, read_strip
from audit.recognise.ocr.strips import cut_strips

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

Pixels = npt.NDArray[np.uint8]

QUARTERS = (0, 90, 180, 270)
_SHORT_SIDE, _CROP = 256, 224
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
#: Share of text (by length) that runs down the page on a page lying on its side, and on none.
_SIDEWAYS, _UPRIGHT = 0.65, 0.35
#: Lines read to tell which way is up, and how much better a turned page must read.
_SAMPLE, _BETTER = 6, 0.15
_FEWEST = 3
#: Tilts below this (degrees) are left alone, above that they are no tilt of a scan.
LEAST_SKEW, MOST_SKEW = 0.35, 20.0
_LONG_LINE = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A page turned upright: the picture, its reading channel, and its boxes of text (pixels).

    ``rotation``: degrees clockwise by which it was turned away; ``skew``: degrees, clockwise
    positive, that were taken out of it or left in when too small to matter.
    """

    raster: Raster
    grey: Grey
    boxes: tuple[TextBox, ...]
    rotation: int
    skew: float


def turn_upright(raster: Raster, grey: Grey, boxes: Sequence[TextBox]) -> Upright:
    """Return the page upright; ``grey`` and ``boxes`` are of the page as it lies."""
    rotation = find_turn(raster.pixels, grey, boxes)
    found = tuple(boxes)
    if rotation:
        raster = replace(raster, pixels=turned_back(raster.pixels, rotation), jpeg=None)
        grey = turned_back(grey, rotation)
        found = find_text(grey)
    skew = skew_of(found)
    if LEAST_SKEW <= abs(skew) <= MOST_SKEW:
        matrix, size = _levelling(grey.shape, skew)
        raster = replace(raster, pixels=_levelled(raster.pixels, matrix, size), jpeg=None)
        grey = _levelled(grey, matrix, size)
        found = tuple(box.moved(matrix) for box in found)
    return Upright(raster, grey, found, rotation, round(skew, 2))


def turned_back(pixels: Pixels, rotation: int) -> Pixels:
    """Return the picture turned back by ``rotation`` degrees that it was turned clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, rotation // 90))


def find_turn(pixels: Pixels, grey: Grey, boxes: Sequence[TextBox]) -> int:
    """Return 0, 90, 180 or 270: degrees clockwise by which the page is turned."""
    if len(boxes) < _FEWEST:
        return 0
    says, sure = network_turn(pixels)
    sideways = _share_downwards(boxes)
    if says == 0 and sideways < _UPRIGHT:
        return 0
    if sideways >= _SIDEWAYS and says in {90, 270} and sure >= _CERTAIN:
        return says
    likely = _candidates(sideways)
    if says in likely and sure < _SURE and 0 in likely:
        likely = (0, says)
    scores = {turn: legibility(turned_back(grey, turn)) for turn in likely}
    if 0 not in scores:
        scores[0] = legibility(grey, boxes)
    best = max(scores, key=lambda turn: (scores[turn], turn == says))
    return best if best == 0 or scores[best] >= scores[0] + _BETTER else 0


_SURE, _CERTAIN = 0.5, 0.8


def _candidates(sideways: float) -> tuple[int, ...]:
    if sideways >= _SIDEWAYS:
        return (90, 270)
    if sideways <= _UPRIGHT:
        return (0, 180)
    return QUARTERS


def network_turn(pixels: Pixels) -> tuple[int, float]:
    """Return the orientation network's answer (degrees clockwise) and its probability."""
    colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)  # noqa: PLR2004
    height, width = colour.shape[:2]
    scale = _SHORT_SIDE / min(height, width)
    size = (max(_CROP, round(width * scale)), max(_CROP, round(height * scale)))
    small = np.asarray(cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
    top, left = (small.shape[0] - _CROP) // 2, (small.shape[1] - _CROP) // 2
    middle = small[top : top + _CROP, left : left + _CROP, ::-1].astype(np.float32) / 255
    values = ((middle - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
    answer = models.run(models.session("orient"), np.ascontiguousarray(values))[0]
    best = int(np.argmax(answer))
    return QUARTERS[best], float(answer[best])


def _share_downwards(boxes: Sequence[TextBox]) -> float:
    """Return the share of text, by length, in boxes that are higher than wide."""
    lengths = [(max(box.width, box.height), box.runs_down) for box in boxes]
    total = sum(length for length, _ in lengths)
    return sum(length for length, down in lengths if down) / max(total, 1e-6)


def legibility(grey: Grey, boxes: Sequence[TextBox] | None = None) -> float:
    """Return how well the page reads as it lies: mean confidence of its clearest long lines."""
    found = find_text(grey) if boxes is None else boxes
    across = [box for box in found if box.width >= _LONG_LINE * box.height]
    sample = sorted(across, key=lambda box: -box.score * min(box.width / box.height, 12))[:_SAMPLE]
    if not sample:
        return 0.0
    words = [read_strip(strip.grey, FAST) for strip in cut_strips(grey, sample)]
    return sum(w.confidence for w in words if len(w.text) > 1) / max(len(words), 1)


def skew_of(boxes: Sequence[TextBox]) -> float:
    """Return the tilt of the page's lines in degrees, clockwise positive; 0.0 if unknown."""
    long = [box for box in boxes if box.width >= _LONG_LINE * box.height]
    if len(long) < _FEWEST:
        return 0.0
    return weighted_median([box.angle for box in long], [box.width for box in long])


def _levelling(shape: tuple[int, ...], skew: float) -> tuple[Floats, tuple[int, int]]:
    """Return the affine matrix that takes the tilt out, and the (width, height) that holds all."""
    height, width = shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    cosine, sine = abs(math.cos(math.radians(skew))), abs(math.sin(math.radians(skew)))
    size = (round(width * cosine + height * sine), round(height * cosine + width * sine))
    matrix[:, 2] += np.array([(size[0] - width) / 2, (size[1] - height) / 2])
    return np.asarray(matrix, np.float32), size


def _levelled(pixels: Pixels, matrix: Floats, size: tuple[int, int]) -> Pixels:
    paper = np.percentile(pixels[::8, ::8].reshape(-1, *pixels.shape[2:]), 80, axis=0)
    border = tuple(float(tone) for tone in np.atleast_1d(paper))
    picture = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )  # fmt: skip
    return np.asarray(picture, np.uint8)

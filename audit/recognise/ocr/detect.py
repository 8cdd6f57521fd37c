"""Where text stands: PP-OCRv6 tiny detection (differentiable binarisation) on one channel.

Constants are those published with the weights (inference.yml): probability 0.2, mean inside a
box 0.4, unclip ratio 1.4, ImageNet normalisation. Longest side 1280: 960 loses a little, 1600
gains nothing.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from audit.recognise import models
from audit.recognise.ocr.boxes import Floats, Grey, TextBox

LONGEST_SIDE = 1280
_STEP = 32
_PROBABILITY, _BOX_PROBABILITY, _UNCLIP = 0.2, 0.4, 1.4
_SMALLEST = 3
_MOST_BOXES = 3000
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
#: A contour this elongated tells its own direction; shorter ones take the page's.
_TELLS_DIRECTION = 3.0


def find_text(grey: Grey, longest_side: int = LONGEST_SIDE) -> tuple[TextBox, ...]:
    """Return the boxes of text in a one-channel picture, in pixels of that picture, top first."""
    height, width = grey.shape
    probability = _probability(grey, longest_side)
    scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
    contours = _contours(probability)
    tilt = math.radians(_page_angle(contours))
    boxes = []
    for contour in contours:
        corners = _corners(contour, tilt)
        score = _mean_inside(probability, corners)
        if score < _BOX_PROBABILITY:
            continue
        boxes.append(TextBox((_unclip(corners) * scale).astype(np.float32), score))
    return tuple(sorted(boxes, key=lambda box: (box.bounds[1], box.bounds[0])))


def _probability(grey: Grey, longest_side: int) -> Floats:
    height, width = grey.shape
    ratio = min(1.0, longest_side / max(height, width))
    size = [max(_STEP, round(side * ratio / _STEP) * _STEP) for side in (width, height)]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
    table = (np.arange(256, dtype=np.float32)[None] / 255 - _MEAN[:, None]) / _DEVIATION[:, None]
    planes = np.stack([table[channel][small] for channel in range(3)])[None]
    answer: Floats = models.run(models.session("detect"), planes)[0, 0]
    return answer


def _contours(probability: Floats) -> list[Floats]:
    mask = (probability > _PROBABILITY).astype(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    points = (np.reshape(c, (-1, 2)).astype(np.float32) for c in found[:_MOST_BOXES])
    return [c for c in points if np.ptp(c, axis=0).min() >= _SMALLEST - 1]


def _page_angle(contours: list[Floats]) -> float:
    """Return the length-weighted median direction (degrees) of the elongated contours."""
    angles, weights = [], []
    for contour in contours:
        _, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) <= 0 or max(width, height) < _TELLS_DIRECTION * min(width, height):
            continue
        angles.append(fold_angle(angle))
        weights.append(max(width, height))
    return weighted_median(angles, weights)


def fold_angle(angle: float) -> float:
    """Return a direction of a rectangle's side folded into -45 to 45 degrees."""
    return (angle + 45) % 90 - 45


def weighted_median(values: list[float], weights: list[float]) -> float:
    """Return the weighted median; 0.0 of nothing."""
    if not values:
        return 0.0
    order = np.argsort(values)
    total = np.cumsum(np.asarray(weights)[order])
    return float(np.asarray(values)[order][np.searchsorted(total, total[-1] / 2)])


def _corners(contour: Floats, tilt: float) -> Floats:
    """Return the corners (4, 2) of the rectangle around a contour, in reading order."""
    centre, (width, height), angle = cv2.minAreaRect(contour)
    if max(width, height) >= _TELLS_DIRECTION * max(1e-6, min(width, height)):
        turn = fold_angle(angle)
        if abs(turn - angle) % 180 > 45:  # noqa: PLR2004 - the sides changed places
            width, height = height, width
        return _rectangle(np.asarray(centre, np.float32), width, height, math.radians(turn))
    turned = contour @ _rotation(-tilt).T
    low, high = turned.min(axis=0), turned.max(axis=0)
    middle = ((low + high) / 2) @ _rotation(tilt).T
    return _rectangle(middle, float(high[0] - low[0]), float(high[1] - low[1]), tilt)


def _rotation(radians: float) -> Floats:
    sine, cosine = math.sin(radians), math.cos(radians)
    return np.array([[cosine, -sine], [sine, cosine]], np.float32)


def _rectangle(centre: Floats, width: float, height: float, radians: float) -> Floats:
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    half = half * np.array([width / 2, height / 2], np.float32)
    corners: Floats = half @ _rotation(radians).T + centre
    return corners


def _mean_inside(probability: Floats, corners: Floats) -> float:
    height, width = probability.shape
    low = np.clip(np.floor(corners.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)), 0, [width - 1, height - 1]).astype(int)
    mask = np.zeros((high[1] - low[1] + 1, high[0] - low[0] + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - low).astype(np.int32)], (1,))
    window = probability[low[1] : high[1] + 1, low[0] : high[0] + 1]
    return float(cv2.mean(window, mask)[0])


def _unclip(corners: Floats) -> Floats:
    """Grow a rectangle by area x ratio / perimeter on every side: the network learns shrunk text."""
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = float(np.linalg.norm(along)), float(np.linalg.norm(down))
    if min(width, height) <= 0:
        return corners
    distance = width * height * _UNCLIP / (2 * (width + height))
    right, lower = along / width * distance, down / height * distance
    steps = [-right - lower, right - lower, right + lower, -right + lower]
    return np.asarray(corners + np.stack(steps), np.float32)

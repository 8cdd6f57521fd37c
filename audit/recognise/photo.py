"""Pages photographed on a table: the sheet is found and laid flat, when there is no doubt about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from audit.recognise.ocr.boxes import Floats, Grey, TextBox

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

_WORKING_SIDE = 640
#: The sheet's share of the picture: less is not the page, more is a scan.
_LEAST_AREA, _MOST_AREA = 0.35, 0.97
#: Sheet against table, in grey levels, and the least tone of paper.
_LEAST_STEP, _LEAST_PAPER = 45, 105
#: How far the outline may be from four straight sides, and corners from right angles (cosine).
_STRAIGHT, _SQUARE = 0.94, 0.45
#: Share of text boxes that may lie outside the sheet.
_OUTSIDE = 0.08
_SIDES = 4


def lay_flat(raster: Raster, grey: Grey, boxes: Sequence[TextBox]) -> Raster | None:
    """Return the sheet seen in a photo as an upright rectangle; ``None`` if there is no clear one.

    ``grey`` and ``boxes`` (pixels) are of the whole photo: a sheet that leaves text outside is
    a panel of a form, not the page.
    """
    corners = find_sheet(grey)
    if corners is None:
        return None
    outline = corners.reshape(-1, 1, 2)
    centres = [box.corners.mean(axis=0) for box in boxes]
    outside = sum(
        cv2.pointPolygonTest(outline, (float(x), float(y)), False) < 0 for x, y in centres
    )
    if outside > _OUTSIDE * len(centres):
        return None
    return replace(raster, pixels=_flattened(raster.pixels, corners), jpeg=None, dpi=None)


def find_sheet(grey: Grey) -> Floats | None:
    """Return the corners (4, 2) of a bright sheet on a darker ground, clockwise from top left."""
    scale = _WORKING_SIDE / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.GaussianBlur(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), (5, 5), 0)
    _, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True)
    if len(corners) != _SIDES or not _is_sheet(small, hull, corners):
        return None
    return _ordered(np.asarray(corners, np.float32).reshape(_SIDES, 2)) / np.float32(scale)


def _is_sheet(
    small: cv2.typing.MatLike, hull: cv2.typing.MatLike, corners: cv2.typing.MatLike
) -> bool:
    height, width = small.shape[:2]
    area = cv2.contourArea(corners)
    if not _LEAST_AREA <= area / (height * width) <= _MOST_AREA:
        return False
    if area < _STRAIGHT * cv2.contourArea(hull) or not _rectangular(np.reshape(corners, (-1, 2))):
        return False
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [np.asarray(corners, np.int32)], (255,))
    paper = float(np.median(small[inside > 0]))
    ground = float(np.percentile(small[inside == 0], 75))
    return paper >= _LEAST_PAPER and paper - ground >= _LEAST_STEP


def _rectangular(corners: cv2.typing.MatLike) -> bool:
    points = np.asarray(corners, np.float32)
    sides = np.roll(points, -1, axis=0) - points
    lengths = np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-6)
    units = sides / lengths
    cosines = np.abs((units * np.roll(units, -1, axis=0)).sum(axis=1))
    return bool((cosines <= _SQUARE).all())


def _ordered(corners: Floats) -> Floats:
    """Return the corners clockwise from the top left one."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    around = corners[np.argsort(angles)]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def _flattened(pixels: Grey, corners: Floats) -> Grey:
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = round(float(max(sides[0], sides[2]))), round(float(max(sides[1], sides[3])))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC)
    return np.asarray(flat, np.uint8)

"""What stands in a seal's middle: the line of kind below the star, an oval's number across."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from audit.recognise.ocr.boxes import TextBox
from audit.recognise.ocr.detect import find_text
from audit.recognise.ocr.recognise import CAREFUL, NOTHING, Words, read_strip
from audit.recognise.ocr.strips import strip_of
from audit.recognise.seals.ink import Floats
from audit.recognise.seals.kinds import snap_band
from audit.recognise.seals.lift import Grey, as_print
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.unroll import sector
from audit.text.ids import uscc_check_digit_ok, uscc_repaired

_NUMBER = re.compile(r"[0-9A-Z]{6,}")
#: Radius of the picture of the middle in which lines are sought.
_RADIUS = 150
#: Half length (of the long half axis) and half height (of the short one) of an oval's number.
_ACROSS, _LEVEL_BAND = 0.9, 0.17
#: Where lines of kind stand below the middle, their half height and half width, in radii.
_BANDS = (0.5, 0.42, 0.58, 0.34, 0.66)
_HALF_HEIGHT, _HALF_WIDTH = 0.17, 0.64
#: The same for how inked the place is, whatever stands there.
_LINES, _HALF_LINE = (0.42, 0.5, 0.58), 0.12
#: Share of ink that a band with lettering holds at least (density 1 counts full).
_INKED = 0.05


def middle_of(
    ink: Floats,
    ellipse: Ellipse,
    depth: float,
    arcs: Sequence[tuple[float, float, float]],
    up: float,
) -> Grey:
    """Return the seal's middle, upright; the rim (to ``depth``) and arc lettering are left out.

    ``arcs``: (start, end, depth) of each arc of lettering; ``up``: direction of the top, degrees.
    """
    inside = _within(ink, ellipse, depth)
    for start, end, deep in arcs:
        cv2.fillPoly(inside, [sector(ellipse, (start, end), (-0.1, deep))], (0,))
    return as_print(_level(ink * inside, ellipse, up))


def kind_in_bands(ink: Floats, ellipse: Ellipse, depth: float, up: float) -> str:
    """Return the line of kind below the middle, read in bands where the detector saw no line."""
    level = level_middle(ink, ellipse, depth, up)
    return next((kind for band in _bands(level) if (kind := snap_band(_said(band)))), "")


def ink_of_kind(level: Floats) -> float:
    """Return how inked (0-1) the place of a line of kind is in a ``level_middle``.

    Measured on 150 generated seals whose line was not read: at most 0.21 where there is none, at
    least 0.25 where there is one.
    """
    height, width = level.shape
    full = max(float(np.percentile(level, 97)), 0.2)
    half, high = round(_HALF_WIDTH * _RADIUS), round(2 * _HALF_LINE * _RADIUS)
    columns = slice(max(0, width // 2 - half), width // 2 + half)
    tops = (round(height / 2 + (centre - _HALF_LINE) * _RADIUS) for centre in _LINES)
    bands = (level[top : top + high, columns] for top in tops)
    return max(float(np.minimum(band / full, 1).mean()) for band in bands)


def level_middle(ink: Floats, ellipse: Ellipse, depth: float, up: float) -> Floats:
    """Return the ink inside the rim (to ``depth`` pixels), turned upright, at one size for all."""
    return _level(ink * _within(ink, ellipse, depth), ellipse, up)


def _said(band: Floats) -> str:
    return read_strip(as_print(band), CAREFUL).text


def _bands(level: Floats) -> Iterator[Floats]:
    height, width = level.shape
    full = max(float(np.percentile(level, 97)), 0.2)
    half = round(_HALF_WIDTH * _RADIUS)
    columns = slice(max(0, width // 2 - half), width // 2 + half)
    for centre in _BANDS:
        top = round(height / 2 + (centre - _HALF_HEIGHT) * _RADIUS)
        band = level[top : top + round(2 * _HALF_HEIGHT * _RADIUS), columns]
        if float(np.minimum(band / full, 1).mean()) >= _INKED:
            yield np.ascontiguousarray(band)


def _within(ink: Floats, ellipse: Ellipse, depth: float) -> np.ndarray:
    """Return 1 inside the rim, 0 outside."""
    inside = np.zeros(ink.shape, np.uint8)
    axes = (max(1, round(ellipse.long - depth)), max(1, round(ellipse.short - depth)))
    centre = (round(ellipse.x), round(ellipse.y))
    cv2.ellipse(inside, centre, axes, ellipse.angle, 0, 360, (1,), -1)
    return inside


def _level(ink: Floats, ellipse: Ellipse, up: float) -> Floats:
    short, long_ = sorted((ellipse.short, ellipse.long))
    scale = _RADIUS / max(short, 1.0)
    size = round(2.1 * _RADIUS * long_ / max(short, 1.0))
    turn = cv2.getRotationMatrix2D((ellipse.x, ellipse.y), up + 90, scale)
    turn[:, 2] += np.array([size / 2 - ellipse.x, size / 2 - ellipse.y])
    level = cv2.warpAffine(ink, turn, (size, size), flags=cv2.INTER_LINEAR)
    return np.asarray(level, np.float32)


def lines_of(grey: Grey) -> list[Words]:
    """Return the lines of a small picture, top to bottom."""
    boxes: Sequence[TextBox] = find_text(grey)
    found = []
    for box in sorted(boxes, key=lambda b: b.bounds[1]):
        strip = strip_of(grey, box)
        words = NOTHING if strip is None else read_strip(strip.grey, CAREFUL)
        if words.text:
            found.append(words)
    return found


def number_across(ink: Floats, ellipse: Ellipse, up: float) -> str:
    """Return the number across an oval's middle, whose ends reach under the arc lettering."""
    scale = _RADIUS / max(min(ellipse.short, ellipse.long), 1.0)
    half = round(_ACROSS * max(ellipse.short, ellipse.long) * scale)
    high = round(_LEVEL_BAND * _RADIUS)
    turn = cv2.getRotationMatrix2D((ellipse.x, ellipse.y), up + 90, scale)
    turn[:, 2] += np.array([half - ellipse.x, high - ellipse.y])
    level = cv2.warpAffine(ink, turn, (2 * half, 2 * high), flags=cv2.INTER_LINEAR)
    words = read_strip(as_print(np.asarray(level, np.float32)), CAREFUL)
    found = _NUMBER.search(words.text.upper().replace(" ", ""))
    return found.group() if found is not None else ""


def better_number(one: str, other: str) -> str:
    """Return the reading whose check digit fits, else the longer one."""
    for number in map(uscc_repaired, (one, other)):
        if uscc_check_digit_ok(number):
            return number
    return max(one, other, key=len)

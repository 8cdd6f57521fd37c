"""How good the picture of a page is, and what is wrong with it in an auditor's words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from audit.i18n import text
from audit.model import Problem, problem
from audit.recognise.ocr.boxes import Grey, TextBox

#: Paper darker than this (0-1), and print fainter than this, is hard to read.
_DARK, _FAINT = 0.42, 0.22
#: Text boxes lower than this (pixels) mean print below about 100 dpi.
_LOW_BOX = 15.0
_LOW_DPI = 100
_BLURRED = 0.12
#: A page with less tone range than this is blank; specks smaller than this share are dust.
_BLANK_RANGE, _DUST = 0.12, 0.0004
_FEW = 3

Quality = tuple[tuple[str, float], ...]


def measure(grey: Grey, boxes: Sequence[TextBox] = ()) -> Quality:
    """Return brightness, contrast, sharpness (each 0-1), ink (share) and text_height (pixels).

    ``sharpness``: the steepest steps of the page in shares of its contrast per pixel; 0.5 and
    more is crisp. ``text_height``: the middle height of the text boxes, 0 without text.
    """
    sample = np.ascontiguousarray(grey[::4, ::4])
    dark, bright = (_percentile(sample, share) for share in (1, 90))
    contrast = bright - dark
    heights = [min(box.width, box.height) for box in boxes]
    return (
        ("brightness", round(bright / 255, 3)),
        ("contrast", round(contrast / 255, 3)),
        ("ink", round(_ink_share(grey, bright), 5)),
        ("sharpness", round(_sharpness(grey, contrast), 3)),
        ("text_height", round(float(np.median(heights)) if heights else 0.0, 1)),
    )


def _ink_share(grey: Grey, bright: float) -> float:
    """Return the share of pixels clearly darker than paper, dust left out."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return float((small < bright - max(30.0, 0.25 * bright)).mean())


def _sharpness(grey: Grey, contrast: float) -> float:
    if contrast < 255 * _BLANK_RANGE / 2:
        return 0.0
    middle = grey[:: max(1, grey.shape[0] // 400)]
    steps = np.asarray(cv2.absdiff(middle[:, 1:], middle[:, :-1]), np.uint8)
    return min(1.0, _percentile(steps, 99.5) / contrast)


def _percentile(values: Grey, share: float) -> float:
    """Return what ``numpy.percentile`` gives for bytes, by counting instead of sorting them."""
    counts = cv2.calcHist([values], [0], None, [256], [0, 256])
    up_to = np.cumsum(counts.astype(np.int64).ravel())
    place = share / 100 * (values.size - 1)
    low, high = (int(np.searchsorted(up_to, math.floor(place) + k, "right")) for k in (0, 1))
    return low + (min(high, 255) - low) * (place - math.floor(place))


def is_blank(quality: Quality) -> bool:
    """Tell whether nothing is on the page but paper and dust."""
    found = dict(quality)
    return found["contrast"] < _BLANK_RANGE and found["ink"] < _DUST


def problems_of(
    quality: Quality, dpi: int | None, boxes: Sequence[TextBox], size: tuple[int, int]
) -> tuple[Problem, ...]:
    """Return what makes the page hard to read (W701 with its reason); ``size``: width, height."""
    found = dict(quality)
    reasons = []
    if found["brightness"] < _DARK:
        reasons.append("quality.dark")
    elif boxes and found["contrast"] < _FAINT:
        reasons.append("quality.faint")
    if boxes and found["sharpness"] < _BLURRED:
        reasons.append("quality.blurred")
    if len(boxes) >= _FEW and found["text_height"] < _LOW_BOX and (dpi or 0) < 2 * _LOW_DPI:
        reasons.append("quality.low_resolution")
    if _cut_off(boxes, size):
        reasons.append("quality.cut_off")
    return tuple(problem("W701", reason=text(key)) for key in reasons)


def _cut_off(boxes: Sequence[TextBox], size: tuple[int, int]) -> bool:
    """Tell whether several lines run out of the picture at one side."""
    width, _ = size
    across = [box for box in boxes if not box.runs_down]
    left = sum(box.bounds[0] <= 1 for box in across)
    right = sum(box.bounds[2] >= width - 1 for box in across)
    return max(left, right) >= max(_FEW, len(across) // 4)

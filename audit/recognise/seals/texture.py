"""Measured figures of an impression: how even its ink is, and a short vector to find it again.

Texture supports a real impression, it never proves one; nothing here is a verdict.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.rings import DIRECTIONS, Ellipse

_PAPER_PERCENTILE = 92
_LEAST_PIXELS = 150
_BANDS = ((0.15, 0.45), (0.45, 0.7), (0.7, 0.9), (0.9, 1.05))
_HARMONICS = 8
#: Density of strokes, of the strongest ink; darkness of print, of the paper.
_STROKE, _PRINT = 0.5, 0.5
#: Print this wide may cross a stroke (share of the seal's width); print beside strokes that is
#: enough to go by: pixels, share.
_CROSSING, _LEAST_CROSSING, _LEAST_SHARE = 0.02, 80, 0.03

Traits = tuple[tuple[str, float], ...]


def traits_of(pixels: Pixels, ellipse: Ellipse, colour: str) -> Traits:
    """Return what can be measured of the impression's ink at ``ellipse`` (page pixels).

    ``pressure``: slow variation of the ink's density, ``grain``: fast one, both as shares of the
    mean density, in the middle of strokes only. ``chroma``: middle Lab chroma of the ink.
    ``black_share``: dark print under it. ``print_inside``: print in the strokes as a share of
    the print just beside them, where there is enough of it: an impression lets print shine
    through, a pasted picture hides it. Empty where too little ink is seen.
    """
    patch = _patch(pixels, ellipse, 1.06)
    if patch is None or patch.ndim == 2:  # noqa: PLR2004 - a grey page tells nothing
        return ()
    density = _density(patch, colour)
    strong = density > _STROKE * np.percentile(density, 97)
    inked = strong.astype(np.uint8)
    black = patch.max(axis=2) < 110  # noqa: PLR2004 - of 255: print, not coloured ink
    inked[cv2.dilate(black.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    core = cv2.erode(inked, np.ones((3, 3), np.uint8)) > 0
    if int(core.sum()) < _LEAST_PIXELS:
        return ()
    slow = _smooth(density, core, ellipse)
    mean = float(density[core].mean())
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB).astype(np.float32) - 128
    chroma = float(np.median(np.hypot(lab[:, :, 1], lab[:, :, 2])[core]))
    return (
        ("pressure", round(float(slow[core].std()) / mean, 4)),
        ("grain", round(float((density - slow)[core].std()) / mean, 4)),
        ("chroma", round(chroma, 1)),
        ("black_share", round(float(black.mean()), 4)),
        *_order(patch, strong),
    )


def _order(patch: Pixels, strong: npt.NDArray[np.bool_]) -> Traits:
    """Return ``print_inside``, nothing where too little print crosses the strokes (``strong``)."""
    brightest = patch.max(axis=2)
    dark = brightest < _PRINT * float(np.percentile(brightest, _PAPER_PERCENTILE))
    inked = strong & ~dark
    wide = max(3, round(_CROSSING * patch.shape[1]) | 1)
    strokes = cv2.morphologyEx(inked.astype(np.uint8), cv2.MORPH_CLOSE, _disc(wide))
    inside = cv2.erode(strokes, _disc(3)) > 0
    beside = (cv2.dilate(strokes, _disc(2 * wide + 1)) > 0) & (cv2.dilate(strokes, _disc(3)) == 0)
    if int(dark[beside].sum()) < _LEAST_CROSSING or not inside.any():
        return ()
    share = float(dark[beside].mean())
    if share < _LEAST_SHARE:
        return ()
    return (("print_inside", round(float(dark[inside].mean()) / share, 3)),)


def _disc(size: int) -> cv2.typing.MatLike:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def descriptor_of(pixels: Pixels, ellipse: Ellipse, colour: str) -> tuple[float, ...]:
    """Return 32 numbers that do not change when the impression is turned.

    Strengths of the first 8 angular harmonics of the ink in 4 rings, normalised to length 1;
    empty where nothing can be seen.
    """
    patch = _patch(pixels, ellipse, 1.06)
    if patch is None:
        return ()
    height, width = patch.shape[:2]
    density = _density(patch, colour)
    scale_x, scale_y = width / (2 * 1.06), height / (2 * 1.06)
    around = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False, dtype=np.float32)
    values = []
    for inner, outer in _BANDS:
        rho = np.linspace(inner, outer, 12, dtype=np.float32)[:, None]
        x = (width / 2 + scale_x * rho * np.cos(around)).astype(np.float32)
        y = (height / 2 + scale_y * rho * np.sin(around)).astype(np.float32)
        profile = cv2.remap(density, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        values.append(np.abs(np.fft.rfft(profile.mean(axis=0)))[:_HARMONICS])
    vector = np.concatenate(values)
    length = float(np.linalg.norm(vector))
    return tuple(round(float(v) / length, 4) for v in vector) if length > 0 else ()


def _patch(pixels: Pixels, ellipse: Ellipse, factor: float) -> Pixels | None:
    height, width = pixels.shape[:2]
    left, top, right, bottom = ellipse.scaled(1).bounds
    grow_x, grow_y = (right - left) * (factor - 1) / 2, (bottom - top) * (factor - 1) / 2
    rows = slice(max(0, int(top - grow_y)), min(height, int(bottom + grow_y) + 1))
    columns = slice(max(0, int(left - grow_x)), min(width, int(right + grow_x) + 1))
    patch = np.ascontiguousarray(pixels[rows, columns])
    return patch if min(patch.shape[:2]) > 24 else None  # noqa: PLR2004 - pixels


def _density(patch: Pixels, colour: str) -> Floats:
    """Return the optical density in the channel that the ink darkens most."""
    if patch.ndim == 2:  # noqa: PLR2004 - grey
        channel = patch
    else:
        channel = np.ascontiguousarray(patch[:, :, 0 if colour == "blue" else 1])
    paper = max(float(np.percentile(channel, _PAPER_PERCENTILE)), 1.0)
    return np.asarray(np.log(paper / np.maximum(channel.astype(np.float32), 1)).clip(0), np.float32)


def _smooth(density: Floats, core: npt.NDArray[np.bool_], ellipse: Ellipse) -> Floats:
    """Return the density averaged over the neighbourhood's ink (normalised convolution)."""
    sigma = max(1.5, 0.05 * (ellipse.long * ellipse.short) ** 0.5)
    weight = core.astype(np.float32)
    total = cv2.GaussianBlur(density * weight, (0, 0), sigma)
    count = cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.asarray(total / np.maximum(count, 1e-3), np.float32)

"""One impression used twice, or one die stamped twice? Told by the ink, not by the shape.

Two stampings of one die share its lines but not its pressure, angle and grain. Each impression
is laid straight once (depth × way around); what its own lines explain of the ink is taken out
and places under black print do not count. Two of them are compared at every turn at once by
their spectra (SEALS, Freshness).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.lift import take_apart
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.unroll import unrolled

ROWS, COLUMNS = 64, 640
_DEPTHS = np.linspace(-0.03, 0.66, ROWS, dtype=np.float32)
#: Smallest radius in pixels; how much of the page around is kept in view.
_SMALLEST, _AROUND = 45, 0.06
#: Packing: full ink, the darkest kept, and the mark of places under black print.
_FULL, _MOST, _UNSEEN, _PRINT = 170, 240, 255, 0.25
#: Widths at which lines explain ink; blurs (samples) that bound the grain; ink needed to speak.
_WIDTHS, _SLOW, _FINE, _LEAST_INK = (0.8, 1.6, 3.2), 20.0, 1.0, 400
#: Shapes must agree this well before their ink is compared.
SAME_SHAPE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """``shape``: where the die printed, 0-1. ``ink``: how strongly there, around 0; 0 elsewhere."""

    shape: Floats
    ink: Floats


def texture_of(pixels: Pixels, ellipse: Ellipse, colour: str) -> str:
    """Return the impression's ink laid straight, packed as text; empty if it is too small."""
    if min(ellipse.long, ellipse.short) < _SMALLEST:
        return ""
    height, width = pixels.shape[:2]
    left, top, right, bottom = ellipse.bounds
    around = _AROUND * max(right - left, bottom - top)
    x, y = max(0, int(left - around)), max(0, int(top - around))
    x_end, y_end = min(width, int(right + around) + 1), min(height, int(bottom + around) + 1)
    patch = np.ascontiguousarray(pixels[y:y_end, x:x_end])
    layers = take_apart(patch, colour)
    moved = Ellipse(ellipse.x - x, ellipse.y - y, ellipse.long, ellipse.short, ellipse.angle)
    straight = unrolled(layers.ink, moved, _DEPTHS, COLUMNS)
    full = max(float(np.percentile(straight, 96)), 0.05)
    packed = np.clip(straight / full * _FULL, 0, _MOST).astype(np.uint8)
    packed[unrolled(layers.black, moved, _DEPTHS, COLUMNS) > _PRINT] = _UNSEEN
    return base64.b85encode(packed.tobytes()).decode("ascii")


def unpack(texture: str) -> Texture | None:
    """Return what ``texture_of`` packed; ``None`` if it does not fit."""
    try:
        data = base64.b85decode(texture)
    except ValueError:
        return None
    if len(data) != ROWS * COLUMNS:
        return None
    packed = np.frombuffer(data, np.uint8).reshape(ROWS, COLUMNS)
    seen = packed != _UNSEEN
    ink = np.asarray(np.where(seen, packed, 0), np.float32) / np.float32(_FULL)
    return Texture(_shape_of(_filled(ink, seen)), _grain_of(ink, seen))


def _filled(ink: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    """Return the ink with what lies under print guessed from around it."""
    weight = seen.astype(np.float32)
    guess = _blurred(ink, 2.0) / np.maximum(_blurred(weight, 2.0), 1e-2)
    return np.asarray(np.where(seen, ink, guess), np.float32)


def _shape_of(ink: Floats) -> Floats:
    level = np.asarray(np.minimum(ink, 0.5) * 2, np.float32)
    soft = _blurred(level, 1.0)
    return _normal(np.asarray(soft - soft.mean(axis=1, keepdims=True), np.float32))


def _grain_of(ink: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    """Return the ink's strength where the die printed, less what the die's own lines explain.

    Ink is thinner at the edges of lines and in narrow ones, in every stamping alike: that part
    is fitted to the lines at three widths and taken out, slow changes of the whole as well.
    """
    lines = np.asarray(_blurred(ink, 0.6) > 0.4, np.float32)  # noqa: PLR2004 - of full ink
    here = (lines > 0) & seen
    if int(here.sum()) < _LEAST_INK:
        return np.zeros_like(ink)
    causes = [np.ones_like(ink), *(_blurred(lines, width) for width in _WIDTHS)]
    table = np.stack([cause[here] for cause in causes], axis=1)
    weights, *_ = np.linalg.lstsq(table, ink[here], rcond=None)
    rest = np.zeros_like(ink)
    rest[here] = ink[here] - table @ weights
    printed = here.astype(np.float32)
    slow = _blurred(rest, _SLOW) / np.maximum(_blurred(printed, _SLOW), 1e-3)
    fine = _blurred(rest, _FINE) / np.maximum(_blurred(printed, _FINE), 1e-2)
    return _normal(np.asarray((fine - slow) * printed, np.float32))


def _blurred(values: Floats, sigma: float) -> Floats:
    """Blur around the circle: columns wrap, rows end."""
    reach = int(3 * sigma) + 1
    wrapped = np.concatenate([values[:, -reach:], values, values[:, :reach]], axis=1)
    soft = cv2.GaussianBlur(wrapped, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(soft[:, reach:-reach], np.float32)


def _normal(values: npt.NDArray[np.float32]) -> Floats:
    length = float(np.sqrt((values * values).sum()))
    return np.asarray(values / max(length, 1e-6), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """A texture prepared for comparing with many others."""

    shape: npt.NDArray[np.complex64]
    ink: npt.NDArray[np.complex64]


def spectra_of(texture: Texture) -> Spectra:
    """Return the spectra of both maps along the way around."""
    return Spectra(
        np.fft.rfft(texture.shape, axis=1).astype(np.complex64),
        np.fft.rfft(texture.ink, axis=1).astype(np.complex64),
    )


def likeness(one: Spectra, other: Spectra) -> tuple[float, float]:
    """Return how alike shape and ink are (-1 to 1) at the turn where the shapes fit best."""
    shapes = np.fft.irfft((one.shape.conj() * other.shape).sum(axis=0), COLUMNS)
    turn = int(shapes.argmax())
    inks = np.fft.irfft((one.ink.conj() * other.ink).sum(axis=0), COLUMNS)
    near = np.arange(turn - 2, turn + 3) % COLUMNS
    return float(shapes[turn]), float(inks[near].max())

"""The band between a seal's rim and its middle, laid out straight.

Distances are measured along the inward normal of the outline, so that an oval's lettering keeps
its height all around; everything in pixels of the patch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.seals.ink import Floats
from audit.recognise.seals.rings import Ellipse

#: Depth looked at, as a share of the short half axis; rows of the map of it, columns around.
_DEEPEST, _ROWS, _AROUND = 0.66, 100, 720
#: The rim ends within these depths; lettering is at least so high, and so high at the most.
_RIM, _LEAST_HEIGHT, _MOST_HEIGHT = (0.03, 0.2), 0.11, 0.45
#: Ink below this share of the strongest row is a blank.
_QUIET, _TRACE = 0.3, 0.06
#: Density of a hint of ink.
_HINT = 0.1
#: Lettering near the rim is preferred to lines of the middle.
_NEAR_RIM = 0.12
#: The lettering is sought in windows so wide (columns), one every few columns.
_WINDOW, _STEP = 290, 30
_STRIP = 48
#: Share of the band's height kept in view below the lettering; it shows what runs on inwards.
MARGIN = 0.14


@dataclass(frozen=True, slots=True)
class Band:
    """Where the lettering lies: depths below the outline as shares of the short half axis."""

    outer: float
    inner: float

    @property
    def height(self) -> float:
        """Height of the lettering as a share of the short half axis."""
        return self.inner - self.outer


def find_band(ink: Floats, ellipse: Ellipse) -> Band:
    """Return the band of the arc lettering: from the blank behind the rim to the next blank.

    Looked for where around the rim it stands out best: elsewhere lines of the middle run
    through the same depths.
    """
    depths = np.linspace(0, _DEEPEST, _ROWS, dtype=np.float32)
    if not (ink > _HINT).any():
        return Band(0.1, 0.36)
    inked = np.minimum(ink / max(float(np.percentile(ink[ink > _HINT], 40)), _HINT), 1)
    whole = unrolled(inked.astype(np.float32), ellipse, depths, _AROUND)
    twice = np.concatenate([whole, whole], axis=1)
    best, most = Band(0.1, 0.36), 0.0
    for start in range(0, _AROUND, _STEP):
        profile = twice[:, start : start + _WINDOW].mean(axis=1)
        first, last, contrast = _lettering(np.convolve(profile, np.ones(3) / 3, mode="same"))
        contrast /= _NEAR_RIM + float(depths[first])
        if contrast > most:
            best, most = Band(float(depths[first]), float(depths[last])), contrast
    return best


def _lettering(profile: npt.NDArray[np.float64]) -> tuple[int, int, float]:
    """Return first and last row of the lettering in a profile of depths, and how it stands out."""
    per_share = _ROWS / _DEEPEST
    low, high = (int(share * per_share) for share in _RIM)
    blank = low + int(profile[low:high].argmin())
    floor, peak = float(profile[blank]), float(profile[blank:].max())
    quiet = floor + _QUIET * (peak - floor)
    inked = np.flatnonzero(profile[blank:] > quiet)
    if not inked.size:
        return blank, blank, 0.0
    first = blank + int(inked[0])
    while first > blank and profile[first] > floor + _TRACE * (peak - floor):
        first -= 1
    least, most = first + int(_LEAST_HEIGHT * per_share), first + int(_MOST_HEIGHT * per_share)
    after = np.flatnonzero(profile[least:most] <= quiet)
    if not after.size:
        return first, min(most, _ROWS - 1), 0.0
    last = least + int(after[0])
    return first, last, float(profile[first:last].mean() - max(floor, float(profile[last])))


def unrolled(ink: Floats, ellipse: Ellipse, depths: Floats, width: int) -> Floats:
    """Return the ink at ``depths`` (shares of the short half axis) all around, clockwise.

    Columns run at even distances along the outline from the end of the ``long`` axis;
    the first row is the outermost.
    """
    x, y, inward_x, inward_y = _outline(ellipse, width)
    reach = depths[:, None] * np.float32(min(ellipse.long, ellipse.short))
    map_x = (x + inward_x * reach).astype(np.float32)
    map_y = (y + inward_y * reach).astype(np.float32)
    value = cv2.remap(ink, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(value, np.float32)


def strip_of_band(ink: Floats, ellipse: Ellipse, band: Band) -> Floats:
    """Return the whole band as a strip 48 high at its natural proportions, and a little below."""
    margin = MARGIN * band.height
    depths = np.linspace(
        max(0.0, band.outer - margin / 2), band.inner + margin, _STRIP, dtype=np.float32
    )
    reach = min(ellipse.long, ellipse.short)
    middle = (band.outer + band.inner) / 2 * reach
    around = _perimeter(ellipse.long - middle, ellipse.short - middle)
    high = float(depths[-1] - depths[0]) * reach
    return unrolled(ink, ellipse, depths, max(96, round(_STRIP * around / high)))


def sector(
    ellipse: Ellipse, share: tuple[float, float], depths: tuple[float, float]
) -> npt.NDArray[np.int32]:
    """Return the corners (n, 2) of the part of the rim between two shares of the way around."""
    x, y, inward_x, inward_y = _outline(ellipse, _AROUND)
    start, end = (round(part * _AROUND) for part in share)
    places = np.arange(start, max(end, start + 1) + 1) % _AROUND
    reach = min(ellipse.long, ellipse.short)
    sides = [
        np.stack(
            [
                x[places] + inward_x[places] * depth * reach,
                y[places] + inward_y[places] * depth * reach,
            ],
            axis=1,
        )
        for depth in depths
    ]
    corners = np.rint(np.concatenate([sides[0], sides[1][::-1]]))
    return np.asarray(corners, np.int32)


def direction_at(ellipse: Ellipse, share: float) -> float:
    """Return the direction (degrees, clockwise from the right) of the outline at a share of its way."""
    x, y, _, _ = _outline(ellipse, _AROUND)
    place = round(share * _AROUND) % _AROUND
    return math.degrees(math.atan2(float(y[place]) - ellipse.y, float(x[place]) - ellipse.x))


def _outline(ellipse: Ellipse, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return x, y and inward normal of ``count`` points at even distances along the outline."""
    turn = np.linspace(0, 2 * np.pi, 1441, dtype=np.float64)
    ways = np.hypot(ellipse.long * np.sin(turn), ellipse.short * np.cos(turn))
    way = np.concatenate(([0], np.cumsum((ways[1:] + ways[:-1]) / 2)))
    even = np.interp(np.arange(count) / count * way[-1], way, turn)
    cosine, sine = math.cos(math.radians(ellipse.angle)), math.sin(math.radians(ellipse.angle))
    along, across = ellipse.long * np.cos(even), ellipse.short * np.sin(even)
    normal_along, normal_across = -np.cos(even) * ellipse.short, -np.sin(even) * ellipse.long
    length = np.hypot(normal_along, normal_across)
    normal_along, normal_across = normal_along / length, normal_across / length
    return (
        _float(ellipse.x + along * cosine - across * sine),
        _float(ellipse.y + along * sine + across * cosine),
        _float(normal_along * cosine - normal_across * sine),
        _float(normal_along * sine + normal_across * cosine),
    )


def _float(values: npt.NDArray[np.float64]) -> Floats:
    return values.astype(np.float32)


def _perimeter(a: float, b: float) -> float:
    return math.pi * (3 * (a + b) - math.sqrt(max((3 * a + b) * (a + 3 * b), 0.0)))

"""Ink maps of a page at working width: how red, blue or dark every pixel is, paper taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]
_Window = tuple[slice, slice]

#: Working width in pixels: rings of 20-45 mm stay 1-2 pixels wide, an A4 page costs little.
WORKING_WIDTH = 800
_GLANCE_WIDTH = 200
#: Room around the ink seen at a glance, as a share of the page's width.
_ROOM = 0.08
#: Hue (degrees in Lab) of seal ink, red and blue, and how far from it ink may be.
_HUES = {"red": (22.0, 52.0), "blue": (285.0, 42.0)}
#: Least chroma at a glance and how many such pixels a seal leaves there.
_GLANCE_CHROMA, _GLANCE_FAINT, _GLANCE_PIXELS = 7, 5, 24
_LEAST_CHROMA, _MOST_STRONG, _WEAK = 6.0, 22.0, 0.55
#: Chroma of the boldest ink against the 98th percentile; lines longer than this are rules.
_BOLD, _LONG_LINE = 0.66, 75
#: Share of the paper's tone below which a pixel is dark print.
_DARK = 0.62
#: On a grey page the ink of a faded red seal is hardly darker than the paper.
_PALE, _NO_COLOUR = 0.88, 18


@dataclass(frozen=True, slots=True, eq=False)
class InkMap:
    """Ink of one colour at working scale: ``mask`` 0/1, and ``scale`` = working / page pixels.

    ``bold``: only the most saturated ink, where a page has two kinds: a bright seal over the
    brown lines of a form; of black ink only what is larger than print.
    """

    colour: str
    mask: Mask
    scale: float
    bold: Mask | None = None


def black_maps(
    pixels: Pixels, coloured: Sequence[InkMap], least: float, *, pale: bool
) -> tuple[InkMap, ...]:
    """Return the maps of ink without colour in which something hangs together over ``least``.

    ``least``: page pixels. ``pale``: also of ink as pale as a faded red seal is on a grey page.
    """
    small, scale = _at_work(pixels)
    maps = []
    for share in (_DARK, _PALE) if pale and not coloured and _is_grey(small) else (_DARK,):
        mask = _dark(small, coloured, share)
        large = _large_parts(mask, least * scale)
        if cv2.countNonZero(large):
            maps.append(InkMap("black", mask, scale, large))
    return tuple(maps)


def _at_work(pixels: Pixels) -> tuple[Pixels, float]:
    """Return the page at working width, and working / page pixels."""
    step = max(1, round(pixels.shape[1] / WORKING_WIDTH))
    return reduced(pixels, step), 1 / step


def coloured_maps(pixels: Pixels) -> tuple[InkMap, ...]:
    """Return the maps of the colours of which there is ink enough to search."""
    small, scale = _at_work(pixels)
    maps: list[InkMap] = []
    if small.ndim == 3:  # noqa: PLR2004 - colour
        for colour, window in _glanced(small):
            mask, bold = _coloured(_levelled(small, window), colour)
            maps.append(
                InkMap(
                    colour,
                    _placed(mask, window, small),
                    scale,
                    None if bold is None else _placed(bold, window, small),
                )
            )
    return tuple(maps)


def reduced(pixels: Pixels, step: int) -> Pixels:
    """Return the picture at one ``step``-th (whole steps are several times faster)."""
    if step == 1:
        return np.ascontiguousarray(pixels)
    height, width = (side // step for side in pixels.shape[:2])
    inner = pixels[: max(1, height) * step, : max(1, width) * step]
    size = (max(1, width), max(1, height))
    return np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), np.uint8)


def _glanced(small: Pixels) -> list[tuple[str, _Window]]:
    """Return, from a very small picture, the colours with enough ink to look closer, and where."""
    step = max(1, round(small.shape[1] / _GLANCE_WIDTH))
    tiny = cv2.cvtColor(reduced(small, step), cv2.COLOR_RGB2LAB)
    found = []
    for colour in _HUES:
        chroma = chroma_along(tiny, colour)
        if int((chroma > _GLANCE_CHROMA).sum()) >= _GLANCE_PIXELS:
            found.append((colour, _window(chroma > _GLANCE_FAINT, step, small)))
    return found


def _window(inked: npt.NDArray[np.bool_], step: int, small: Pixels) -> _Window:
    """Return the rows and columns around ink that was seen, with room for its fainter parts."""
    sides = []
    for axis, length in ((1, small.shape[0]), (0, small.shape[1])):
        places = np.flatnonzero(inked.any(axis=axis))
        room = round(_ROOM * small.shape[1])
        low, high = int(places[0]) * step - room, (int(places[-1]) + 1) * step + room
        sides.append(slice(max(0, low), min(length, high)))
    return sides[0], sides[1]


def _placed(mask: Mask, window: _Window, small: Pixels) -> Mask:
    whole = np.zeros(small.shape[:2], np.uint8)
    whole[window] = mask
    return whole


def _levelled(small: Pixels, window: _Window) -> cv2.typing.MatLike:
    """Return the window in Lab, divided by its blockwise bright background: casts vanish."""
    part = np.ascontiguousarray(small[window])
    tiny = cv2.resize(part, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    bright = cv2.medianBlur(cv2.dilate(tiny, np.ones((7, 7), np.uint8)), 9)
    paper = cv2.resize(bright, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
    level = cv2.divide(part, np.maximum(paper, 40), scale=255)
    return cv2.cvtColor(np.asarray(level, np.uint8), cv2.COLOR_RGB2LAB)


def chroma_along(lab: cv2.typing.MatLike, colour: str) -> Floats:
    """Return the chroma in the direction of an ink's hue, 0 where the hue is another."""
    shifts = [np.arange(256) + (128 - int(np.median(lab[::4, ::4, c]))) for c in (1, 2)]
    green_red, blue_yellow = (np.clip(one, 0, 255) for one in shifts)
    rows = cv2.LUT(cv2.extractChannel(lab, 1), green_red.astype(np.uint8)).astype(np.intp)
    columns = cv2.LUT(cv2.extractChannel(lab, 2), blue_yellow.astype(np.uint8))
    places = np.asarray((rows << 8) + columns, np.intp)
    return np.asarray(_table(colour).take(places), np.float32)


@cache
def _table(colour: str) -> Floats:
    """Return the chroma along an ink's hue for every (green-red, blue-yellow), 128 = paper."""
    hue, spread = (np.radians(v) for v in _HUES[colour])
    green_red, blue_yellow = np.meshgrid(np.arange(-128, 128), np.arange(-128, 128), indexing="ij")
    along = green_red * np.cos(hue) + blue_yellow * np.sin(hue)
    aside = np.abs(blue_yellow * np.cos(hue) - green_red * np.sin(hue))
    return np.where(aside > along * np.tan(spread), 0, np.maximum(along, 0)).astype(np.float32)


def _coloured(lab: cv2.typing.MatLike, colour: str) -> tuple[Mask, Mask | None]:
    """Return the ink of a colour (strong pixels, and weak ones that touch them), and its boldest."""
    chroma = np.asarray(cv2.GaussianBlur(chroma_along(lab, colour), (3, 3), 0), np.float32)
    positive = chroma[chroma > _LEAST_CHROMA]
    if not positive.size:
        return np.zeros(chroma.shape, np.uint8), None
    noise = 1.4826 * float(np.median(chroma[::4, ::4]))
    strong = float(
        np.clip(0.30 * np.percentile(positive, 90), max(_LEAST_CHROMA, 3.5 * noise), _MOST_STRONG)
    )
    weak = (chroma > _WEAK * strong).astype(np.uint8)
    _, labels = cv2.connectedComponents(weak, connectivity=8)
    kept = np.zeros(int(labels.max()) + 1, np.uint8)
    kept[labels[chroma > strong]] = 1
    kept[0] = 0
    boldest = _BOLD * float(np.percentile(positive, 98))
    bold = None if boldest < 2 * strong else (chroma > boldest).astype(np.uint8)
    return np.asarray(kept.take(np.asarray(labels, np.intp)), np.uint8), bold


def without_lines(mask: Mask) -> Mask:
    """Return the mask without straight level and upright runs longer than rings have."""
    bare = mask.copy()
    for shape in ((_LONG_LINE, 1), (1, _LONG_LINE)):
        lines = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        bare[lines > 0] = 0
    return bare


def _is_grey(small: Pixels) -> bool:
    """Tell whether the page has shades of grey only, where red ink is a paler grey than print."""
    if small.ndim == 2:  # noqa: PLR2004 - one channel
        return True
    part = small[::8, ::8].astype(np.int16)
    return bool(np.percentile(part.max(axis=2) - part.min(axis=2), 99) < _NO_COLOUR)


def _large_parts(mask: Mask, extent: float) -> Mask:
    """Return the mask without what hangs together over less than ``extent`` pixels: print."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = sides >= extent
    kept[0] = False
    if count < 2 or not kept.any():  # noqa: PLR2004 - paper only
        return np.zeros_like(mask)
    return np.asarray(kept.astype(np.uint8)[labels], np.uint8)


def _dark(small: Pixels, coloured: Sequence[InkMap], share: float) -> Mask:
    """Return what is darker than a share of the paper and has no colour, ruling lines taken out."""
    grey = small if small.ndim == 2 else np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))  # noqa: PLR2004
    mask = (grey < share * float(np.percentile(grey[::4, ::4], 80))).astype(np.uint8)
    for one in coloured:
        mask[cv2.dilate(one.mask, np.ones((3, 3), np.uint8)) > 0] = 0
    for shape in ((_LONG_LINE, 1), (1, _LONG_LINE)):
        lines = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        mask[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    return mask

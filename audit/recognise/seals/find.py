"""Seal impressions of a page: closed outlines of red, blue or black ink, and what they are.

Accepts a ring at 0.55 of its directions for red, 0.62 for blue (0.12 more when the page's edge
cuts it). Black, grey and faded ones are seen by a small network and then have to show their outline
(``second``). A page without coloured ink costs only the glance and that network.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from audit.model import Box, Impression, TextLine
from audit.recognise.seals.hough import vote_rings
from audit.recognise.seals.ink import (
    InkMap,
    Mask,
    Pixels,
    black_maps,
    coloured_maps,
    without_lines,
)
from audit.recognise.seals.polygons import Outline, cut_square_of, polygon_of
from audit.recognise.seals.printed import is_supervision, names_supervision
from audit.recognise.seals.read import SealText, read_seal
from audit.recognise.seals.reuse import texture_of
from audit.recognise.seals.rings import (
    Ellipse,
    ellipse_of,
    fill_of,
    least_fill,
    refined,
    ring_score,
)
from audit.recognise.seals.second import Look, confirmed
from audit.recognise.seals.sizes import radius_limits
from audit.recognise.seals.stamps import Sheet, names_somebody, with_stamps, word_in_ring
from audit.recognise.seals.texture import descriptor_of, traits_of

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

_LEAST_SCORE = {"red": 0.55, "blue": 0.62}
_CLIPPED, _MORE_WHEN_CLIPPED, _LEAST_SEEN = 0.97, 0.12, 0.5
#: Inside a ring there is ink of text and star, but not a filled disc.
_LEAST_FILL, _MOST_FILL = 0.03, 0.62
#: Between ring and text there is a blank ring (logos have none).
_MOST_GAP = 0.4
#: A ring this clear needs no second look from another start; starts this near are the same.
_CLEAR, _NEAR = 0.8, 0.3
_ROUND = 1.12
_MOST_ASPECT = 2.15
#: Gaps of broken rings that are closed before components are taken, in working pixels.
_CLOSINGS = (1, 5, 11)
_MOST_PROPOSALS = 16
#: Blue marks must be larger: logos are not. Ink of the faintest ring, per radius.
_LEAST_RADIUS_FACTOR = {"red": 1.0, "blue": 1.3}
_RING_INK, _AROUND = 5.0, 1.06
#: Part of the least diameter that a piece of a black outline spans at least: print is smaller.
_LARGE = 0.42
_SAME_PLACE = 0.45
#: The least radius in pixels of the picture the network sees: 8.5 mm at 75 dpi.
_NETWORK_RADIUS = 25.1
#: Letters a black or blue ring must carry to be a seal, and how surely they are read.
_LETTERS, _LEGIBLE, _NAME = 3, 0.3, 6
_NOTHING = SealText()


@dataclass(frozen=True, slots=True)
class Figure:
    """A closed outline of ink that may be a seal; ``tilt``: degrees by which a square is turned."""

    colour: str
    shape: str
    score: float
    ellipse: Ellipse
    """In pixels of the page."""
    box: Box
    tilt: float = 0.0


def find_impressions(
    raster: Raster, lines: Sequence[TextLine], declared: Sequence[Box] = ()
) -> tuple[Impression, ...]:
    """Return the seal impressions of a page, the surest first.

    ``lines``: the page's text where it was read; a printed 监制章 is told by its shape and by
    the title under it, or by its words. ``declared``: where the file itself says that seals are
    (signatures); those are known without a look.
    """
    inks = coloured_maps(raster.pixels)
    outlines = [
        one
        for one in _outlines(raster, inks)
        if all(one.box.overlap(box) < _SAME_PLACE for box in declared)
    ]
    found = [i for one in outlines if (i := impression_of(raster, one, lines)) is not None]
    return with_stamps(Sheet(raster.pixels, inks, lines), found, declared)


def find_outlines(raster: Raster) -> list[Figure]:
    """Return the outlines of ink that may be seals, the surest first; nothing is read."""
    return _outlines(raster, coloured_maps(raster.pixels))


def _outlines(raster: Raster, inks: Sequence[InkMap]) -> list[Figure]:
    """Return the figures; ``inks``: the maps of coloured ink."""
    pixels: Pixels = raster.pixels
    limits = radius_limits(pixels, raster.dpi)
    found: list[Figure] = []
    for ink in inks:
        figures = list(_polygons(ink, limits))
        rings = list(_rings(ink, limits, [one.ellipse for one in figures]))
        here = [*rings, *figures, *_beside(ink, limits, rings)]
        found.extend(_placed(one, ink.colour, ink.scale, pixels) for one in here)
    kept = _distinct(found)
    look = Look(pixels, _NETWORK_RADIUS / limits[0], limits)
    seen = list(confirmed(look, lambda place: _is_taken(_box_of(place, pixels), kept)))
    found = [*kept, *(_placed(one, colour, 1.0, pixels) for colour, one in seen)]
    for ink in black_maps(pixels, inks, _LARGE * 2 * limits[0], pale=bool(seen)):
        rings = [one.scaled(ink.scale) for colour, one in seen if colour == "black"]
        triangles = [one for one in _polygons(ink, limits) if one.shape == "triangle"]
        beside = [one for one in _beside(ink, limits, rings) if any(map(one.touches, rings))]
        here = [*triangles, *beside]
        found.extend(_placed(one, ink.colour, ink.scale, pixels) for one in here)
    return _distinct(found)


def _distinct(found: Sequence[Figure]) -> list[Figure]:
    """Return the figures, the surest first, of those in one place only the surest."""
    kept: list[Figure] = []
    for one in sorted(found, key=lambda f: -f.score):
        if not _is_taken(one.box, kept):
            kept.append(one)
    return kept


def _is_taken(box: Box, figures: Sequence[Figure]) -> bool:
    return any(box.overlap(other.box) >= _SAME_PLACE for other in figures)


def _rings(ink: InkMap, limits: tuple[float, float], known: Sequence[Ellipse]) -> Iterator[Outline]:
    """Yield every accepted ring, at working scale; ``known``: where other figures stand."""
    least = _LEAST_RADIUS_FACTOR[ink.colour] * limits[0] * ink.scale
    bounds = (least, limits[1] * ink.scale)
    found: list[tuple[str, float, Ellipse]] = []
    for mask, starts in _stages(ink, bounds):
        if not _ink_left(mask, [*known, *(ring for _, _, ring in found)], least):
            continue
        for start in starts:
            if any(_same(start, ellipse) for _, score, ellipse in found if score >= _CLEAR):
                continue
            one = _tested(mask, ink, start, bounds)
            if one is not None:
                found.append(one)
    yield from (Outline(shape, score, ellipse) for shape, score, ellipse in found)


def _stages(ink: InkMap, bounds: tuple[float, float]) -> Iterator[tuple[Mask, Iterator[Ellipse]]]:
    """Yield what to look at, cheapest first: blots of ink, at last centres by vote."""
    for mask in (ink.mask, ink.bold):
        if mask is not None:
            for closing in _CLOSINGS:
                yield mask, _proposals(mask, closing, bounds)
    if ink.colour == "red":
        bare = without_lines(ink.mask if ink.bold is None else ink.bold)
        yield bare, vote_rings(bare, bounds[0], min(bounds[1], max(bare.shape) / 2))


def _ink_left(mask: Mask, known: Sequence[Ellipse], least: float) -> bool:
    """Tell whether ink enough for one more ring lies outside the figures found."""
    return cv2.countNonZero(_outside(mask, known)) >= _RING_INK * least


def _outside(mask: Mask, figures: Sequence[Ellipse]) -> Mask:
    """Return the ink outside the figures; the mask itself where there are none."""
    rest = mask.copy() if figures else mask
    for one in figures:
        axes = (round(one.long * _AROUND), round(one.short * _AROUND))
        cv2.ellipse(rest, (round(one.x), round(one.y)), axes, one.angle, 0, 360, (0,), -1)
    return rest


def _same(one: Ellipse, other: Ellipse) -> bool:
    """Tell whether two ellipses are about the same figure."""
    apart = math.hypot(one.x - other.x, one.y - other.y)
    size = math.sqrt(one.long * one.short / (other.long * other.short))
    return apart <= _NEAR * other.short and size <= 1 + _NEAR


def _tested(
    mask: Mask, ink: InkMap, start: Ellipse, limits: tuple[float, float]
) -> tuple[str, float, Ellipse] | None:
    """Return shape, score and the refined ellipse if the ring is there in ``mask``."""
    ellipse = refined(mask, start)
    radius = math.sqrt(ellipse.long * ellipse.short)
    if not limits[0] * 0.9 <= radius <= limits[1] or ellipse.aspect > _MOST_ASPECT:
        return None
    score, seen = ring_score(mask, ellipse)
    needed = _LEAST_SCORE[ink.colour] + (_MORE_WHEN_CLIPPED if seen < _CLIPPED else 0)
    if score < needed or seen < _LEAST_SEEN:
        return None
    if not _LEAST_FILL <= fill_of(ink.mask, ellipse, 0.15, 0.82) <= _MOST_FILL:
        return None
    if ink.colour != "red" and least_fill(mask, ellipse) > _MOST_GAP:
        return None
    return ("circle" if ellipse.aspect < _ROUND else "ellipse"), score, ellipse


def _proposals(mask: Mask, closing: int, bounds: tuple[float, float]) -> Iterator[Ellipse]:
    """Yield ellipses around the hulls of ink that hangs together once small gaps are closed."""
    hulls = _components(mask, closing, 2 * bounds[0], 2 * bounds[1])
    for points in itertools.islice(hulls, _MOST_PROPOSALS):
        start = ellipse_of(points)
        if start is not None:
            yield start


def _components(mask: Mask, closing: int, low: float, high: float) -> Iterator[np.ndarray]:
    """Yield the hull points (n, 2) of components whose extent fits a seal."""
    closed = mask
    if closing > 1:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (closing, closing))
        closed = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), np.uint8)
    contours, levels = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    fitting: list[tuple[int, cv2.typing.MatLike]] = []
    for contour, level in zip(contours, levels[0] if contours else (), strict=True):
        if level[3] >= 0 or len(contour) < low:  # the edge of a hole; too short to reach around
            continue
        _, _, width, height = cv2.boundingRect(contour)
        longer, shorter = max(width, height), min(width, height)
        if 0.9 * low <= longer <= 1.3 * high and shorter >= 0.35 * longer:
            fitting.append((longer, contour))
    # The largest first: from lettering inside a rim the rim is found less exactly.
    for _, contour in sorted(fitting, key=lambda f: -f[0]):
        yield _along(cv2.convexHull(contour).reshape(-1, 2).astype(np.float32))


def _along(hull: np.ndarray) -> np.ndarray:
    """Return points about 2 pixels apart along a closed outline: long sides count by length."""
    ends = np.roll(hull, -1, axis=0)
    parts = []
    for start, end in zip(hull, ends, strict=True):
        steps = max(1, int(np.linalg.norm(end - start) // 2))
        shares = np.arange(steps, dtype=np.float32)[:, None] / steps
        parts.append(start + (end - start) * shares)
    return np.concatenate(parts).astype(np.float32)


def _polygons(ink: InkMap, limits: tuple[float, float]) -> Iterator[Outline]:
    """Yield squares and triangles of ink."""
    low, high = (limit * ink.scale for limit in limits)
    mask = ink.bold if ink.colour == "black" and ink.bold is not None else ink.mask
    for points in _components(mask, 3, 1.5 * low, 1.6 * high):
        outline = polygon_of(ink.mask, points)
        if outline is not None:
            yield outline


def _beside(
    ink: InkMap, limits: tuple[float, float], rings: Sequence[Outline]
) -> Iterator[Outline]:
    """Yield squares that hang together with a ring: the name seal pressed on a company's edge."""
    clear = [one.ellipse for one in rings if one.score >= _CLEAR]
    if not clear:
        return
    low, high = (limit * ink.scale for limit in limits)
    for points in _components(_outside(ink.mask, clear), 3, 1.5 * low, 1.6 * high):
        outline = cut_square_of(ink.mask, points)
        if outline is not None:
            yield outline


def _placed(one: Outline, colour: str, scale: float, pixels: Pixels) -> Figure:
    at_page = one.ellipse.scaled(1 / scale)
    box = _box_of(at_page, pixels)
    return Figure(colour, one.shape, round(one.score, 3), at_page, box, one.tilt)


def _box_of(ellipse: Ellipse, pixels: Pixels) -> Box:
    height, width = pixels.shape[:2]
    left, top, right, bottom = ellipse.bounds
    return Box(
        round(min(1.0, max(0.0, left / width)), 4), round(min(1.0, max(0.0, top / height)), 4),
        round(max(0.0, min(1.0, right / width)), 4), round(max(0.0, min(1.0, bottom / height)), 4),
    )  # fmt: skip


def impression_of(raster: Raster, one: Figure, lines: Sequence[TextLine]) -> Impression | None:
    """Return the mark with all that can be told of it; ``None`` for a figure that is no seal.

    Black and blue rings are common on paper (logos, drawings): without lettering they are none.
    """
    supervision = is_supervision(one.shape, one.ellipse, one.box, lines)
    said = _NOTHING if supervision else _read(raster, one)
    if one.colour != "red" and not supervision and not _legible(said):
        return None
    supervision = supervision or names_supervision(said.text)
    stamp = (
        "" if said.kind_text else word_in_ring(said.text, said.confidence, one.shape, one.colour)
    )
    return Impression(
        box=one.box,
        shape=one.shape,
        colour=one.colour,
        mark="supervision" if supervision else "stamp" if stamp else "seal",
        text=said.text,
        text_confidence=said.confidence,
        kind_text=stamp or said.kind_text,
        number=said.number,
        rivals=said.rivals,
        score=one.score,
        traits=(*traits_of(raster.pixels, one.ellipse, one.colour), ("kind_ink", said.kind_ink)),
        descriptor=descriptor_of(raster.pixels, one.ellipse, one.colour),
        texture="" if supervision else texture_of(raster.pixels, one.ellipse, one.colour),
    )


def _read(raster: Raster, one: Figure) -> SealText:
    return read_seal(raster.pixels, one.ellipse, one.shape, one.colour, one.tilt)


def _legible(said: SealText) -> bool:
    surely = len(said.text) >= _LETTERS and said.confidence >= _LEGIBLE
    # One worn letter pulls the confidence down, not what a company's name ends with.
    named = len(said.text) >= _NAME and names_somebody(said.text)
    return bool(said.kind_text) or surely or named

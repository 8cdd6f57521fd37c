"""Strips of text cut from the page: grown until their edges are clean, split at ruling lines.

A clipped box is the error that stays silent (5,410.08 read as 10.08), so every box is looked
at in a wider strip: while there is ink at its edge it grows, a neighbour it grows into is
joined, and a ruling line or a wide gap ends it. Nothing is ever trimmed off the text itself.
All lengths below are shares of the box's height, about 1.4 times that of the characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.ocr.boxes import Grey, TextBox

Flags = npt.NDArray[np.bool_]

#: How far beyond the box the strip looks: sideways and up and down.
_NEAR, _FAR, _ABOVE = 1.2, 4.0, 0.3
#: Blank this wide ends a word at the box's edge, and splits a box inside.
_CLEAN, _WIDE_GAP = 0.3, 2.0
#: Blank left beside the text for the recogniser.
_MARGIN = 0.18
#: A ruling line is inked over this share of the strip and at most this thick.
_RULED, _THICK = 0.93, 0.3
#: Up and down a box grows by no more than this.
_STRETCH = 0.2
#: Boxes on one row: shared height, and ratio of heights.
_SAME_ROW, _SAME_SIZE = 0.55, 1.8
_LEAST_CONTRAST = 18
#: More crossing lines than this in one box are a pattern, not a table.
_MOST_LINES = 12


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """One line of text, upright: its picture, its box, and where ink begins and ends in it.

    ``ink``: left and right end of the ink in pixels of ``grey``.
    """

    grey: Grey
    box: TextBox
    ink: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A box seen in a wider strip: the box is columns left-right and rows top-bottom of it."""

    grey: Grey
    box: TextBox
    left: int
    right: int
    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What a view shows: ink without ruling lines, those lines, and where the text ends."""

    view: _View
    ink: Flags
    ruled: Flags
    inked: Flags
    left: int
    right: int


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A box with its sides (left, top, right, bottom) and height, worked out once."""

    box: TextBox
    sides: tuple[float, float, float, float]
    height: float


def cut_strips(grey: Grey, boxes: Sequence[TextBox]) -> tuple[Strip, ...]:
    """Return the strips of all boxes, in the order of ``boxes``; boxes without ink give none."""
    across = [box for box in boxes if not box.runs_down]
    strips: list[Strip] = []
    for box in _joined(grey, across):
        strips.extend(_pieces(_scene(grey, box)))
    strips.extend(_downward(grey, box) for box in boxes if box.runs_down)
    return tuple(strips)


def strip_of(grey: Grey, box: TextBox) -> Strip | None:
    """Return one strip for a box as a whole, its edges grown until clean; ``None`` if blank."""
    scene = _scene(grey, box)
    view = scene.view
    if not scene.inked[view.left : view.right].any():
        return None
    return _piece(view, scene.ink, scene.left, scene.right)


def _downward(grey: Grey, box: TextBox) -> Strip:
    """Return a box written downwards turned a quarter, as the recogniser was taught."""
    turned = TextBox(np.roll(box.corners, -1, axis=0), box.score)
    picture = warp(grey, turned, 0.0, 0.0)
    return Strip(picture, box, (0, picture.shape[1]))


def warp(grey: Grey, box: TextBox, aside: float, above: float) -> Grey:
    """Return the box cut out upright at native scale, with ``aside`` and ``above`` pixels around."""
    width = max(1, round(box.width + 2 * aside))
    height = max(1, round(box.height + 2 * above))
    source = box.corners[[0, 1, 3]].astype(np.float32)
    target = np.array([[aside, above], [width - aside, above], [aside, height - above]], np.float32)
    matrix = cv2.getAffineTransform(source, target)
    border = cv2.BORDER_REPLICATE
    picture = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=border
    )
    return np.asarray(picture, np.uint8)


def _scene(grey: Grey, box: TextBox) -> _Scene:
    """Return the box with its ink; looks further only where the text runs out of the near view."""
    near = _look(_view(grey, box, _NEAR))
    if near.left > 0 and near.right < near.view.grey.shape[1]:
        return near
    return _look(_view(grey, box, _FAR))


def _view(grey: Grey, box: TextBox, reach: float) -> _View:
    height = box.height
    aside, above = round(reach * height), max(2, round(_ABOVE * height))
    picture = warp(grey, box, aside, above)
    sides = (aside, picture.shape[1] - aside, above, picture.shape[0] - above)
    return _View(picture, box, *sides)


def _look(view: _View) -> _Scene:
    """Find ink and ruling lines; bright print on dark ground is turned over first."""
    inner = view.grey[view.top : view.bottom, view.left : view.right]
    dark, middle, bright = _tones(inner)
    if middle - dark < bright - middle:
        view = replace(view, grey=255 - view.grey)
        dark, bright = 255 - bright, 255 - dark
    contrast = bright - dark
    ink = view.grey < (dark + 0.62 * contrast if contrast >= _LEAST_CONTRAST else -1)
    ruled_rows = ink.mean(axis=1) >= _RULED
    ruled = _thin_runs(ink.mean(axis=0) >= _RULED, _THICK * view.height)
    ink[ruled_rows] = False
    ink[:, _spread(ruled)] = False
    inked = _columns(view, ink)
    left, right = _grown(inked, ruled, view)
    return _Scene(view, ink, ruled, inked, left, right)


def _tones(inner: Grey) -> tuple[int, int, int]:
    """Return the darkest (3 %), the middle and the brightest (90 %) tone."""
    counts = np.cumsum(np.bincount(inner.ravel(), minlength=256))
    dark, middle, bright = np.searchsorted(counts, counts[-1] * np.array([0.03, 0.5, 0.9]))
    return int(dark), int(middle), int(bright)


def _thin_runs(flags: Flags, thickest: float) -> Flags:
    kept = np.zeros_like(flags)
    runs = [run for run in _runs(flags) if run[1] - run[0] <= thickest]
    for start, end in runs if len(runs) <= _MOST_LINES else []:
        kept[start:end] = True
    return kept


def _spread(flags: Flags) -> Flags:
    """Return the flags with one neighbour on either side: the grey rim of a line."""
    wider = flags.copy()
    wider[1:] |= flags[:-1]
    wider[:-1] |= flags[1:]
    return wider


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    padded = np.concatenate(([False], flags, [False])).astype(np.int8)
    turns = np.flatnonzero(np.diff(padded))
    yield from zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)


def _columns(view: _View, ink: Flags) -> Flags:
    """Return which columns hold ink in the rows of the box."""
    inset = view.height // 8
    rows = ink[view.top + inset : view.bottom - inset]
    return np.asarray(np.any(rows, axis=0), np.bool_)


def _grown(inked: Flags, ruled: Flags, view: _View) -> tuple[int, int]:
    """Return the columns where the text really begins and ends, its blank margin included."""
    step = max(2, round(_CLEAN * view.height))
    left, right = view.left, view.right
    while left > 0 and inked[max(0, left - step) : left].any() and not ruled[left - 1]:
        left -= 1
    size = len(inked)
    while right < size and inked[right : right + step].any() and not ruled[right]:
        right += 1
    return left, right


def _joined(grey: Grey, boxes: Sequence[TextBox]) -> list[TextBox]:
    """Return the boxes with those joined that are one run of text: ink goes on between them."""
    placed = sorted((_Placed(box, box.bounds, box.height) for box in boxes), key=lambda p: p.sides)
    merged: list[_Placed] = []
    for one in placed:
        partner = next(
            (i for i in range(len(merged) - 1, -1, -1) if _touches(grey, merged[i], one)), None
        )
        if partner is None:
            merged.append(one)
        else:
            hull = _hull(merged[partner].box, one.box)
            merged[partner] = _Placed(hull, hull.bounds, hull.height)
    return [p.box for p in sorted(merged, key=lambda p: (p.sides[1], p.sides[0]))]


def _touches(grey: Grey, one: _Placed, other: _Placed) -> bool:
    """Tell whether ``other`` goes on where ``one`` ends: same row, small gap, no ruling line."""
    left, top, right, bottom = one.sides
    other_left, other_top, other_right, other_bottom = other.sides
    low, high = min(one.height, other.height), max(one.height, other.height)
    gap = other_left - right
    if gap > _CLEAN * low or other_left <= left or other_right <= right:
        return False
    if min(bottom, other_bottom) - max(top, other_top) < _SAME_ROW * high:
        return False
    if high > _SAME_SIZE * low:
        return False
    return not _ruled_between(grey, right - low * 0.2, other_left + low * 0.2, (top, bottom))


def _ruled_between(grey: Grey, start: float, end: float, span: tuple[float, float]) -> bool:
    above = (span[1] - span[0]) * _ABOVE
    rows = slice(max(0, int(span[0] - above)), int(span[1] + above) + 1)
    first, last = sorted((int(start), int(end)))
    window = grey[rows, max(0, first) : last + 1]
    if not window.size:
        return False
    columns = window.astype(np.float32)
    dark = columns.mean(axis=0) < columns.max() - _LEAST_CONTRAST
    steady = columns.max(axis=0) - columns.min(axis=0) < 90  # noqa: PLR2004 - of 255: one tone from top to bottom
    return bool((dark & steady).any())


def _hull(one: TextBox, other: TextBox) -> TextBox:
    """Return the box around two boxes in the direction of the wider one."""
    wide = one if one.width >= other.width else other
    along = (wide.corners[1] - wide.corners[0]) / max(wide.width, 1e-6)
    down = (wide.corners[3] - wide.corners[0]) / max(wide.height, 1e-6)
    points = np.concatenate((one.corners, other.corners)) - wide.corners[0]
    xs, ys = points @ along, points @ down
    ends = [(xs.min(), ys.min()), (xs.max(), ys.min()), (xs.max(), ys.max()), (xs.min(), ys.max())]
    corners = [wide.corners[0] + x * along + y * down for x, y in ends]
    return TextBox(np.asarray(corners, np.float32), min(one.score, other.score))


def _pieces(scene: _Scene) -> Iterator[Strip]:
    gap = round(_WIDE_GAP * scene.view.height)
    for start, end in _between_lines(scene.ruled, scene.left, scene.right):
        for first, last in _between_gaps(scene.inked, start, end, gap):
            yield _piece(scene.view, scene.ink, first, last)


def _between_lines(ruled: Flags, left: int, right: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a box between the ruling lines that cross it."""
    start = left
    for line_start, line_end in _runs(ruled):
        if line_end <= left or line_start >= right:
            continue
        yield start, line_start
        start = line_end
    yield start, right


def _between_gaps(inked: Flags, start: int, end: int, gap: int) -> Iterator[tuple[int, int]]:
    """Yield the inked stretches that are further apart than ``gap`` columns."""
    filled = [(start + a, start + b) for a, b in _runs(inked[start:end])]
    if not filled:
        return
    first, last = filled[0]
    for a, b in filled[1:]:
        if a - last > gap:
            yield first, last
            first = a
        last = b
    yield first, last


def _piece(view: _View, ink: Flags, first: int, last: int) -> Strip:
    """Return the strip of the columns ``first`` to ``last`` with a blank margin and clean rows."""
    top, bottom = _clean_rows(view, ink[:, first:last])
    columns = np.flatnonzero(ink[top:bottom, first:last].any(axis=0))
    begin, end = (
        (first, last) if not len(columns) else (first + columns[0], first + columns[-1] + 1)
    )
    margin = max(1, round(_MARGIN * view.height))
    left, right = max(0, int(begin) - margin), min(view.grey.shape[1], int(end) + margin)
    grey = _whitened(view, left, right, (int(begin), int(end)))[top:bottom]
    width, height = view.right - view.left, view.height
    box = view.box.part((begin - view.left) / width, (end - view.left) / width)
    box = box.band((top - view.top) / height, (bottom - view.top) / height)
    return Strip(np.ascontiguousarray(grey), box, (int(begin) - left, int(end) - left))


def _whitened(view: _View, left: int, right: int, ink: tuple[int, int]) -> Grey:
    """Return the columns, the margins beside the ink filled from their brightest edge.

    A ruling line or a neighbour in the margin would be read as 1 or |.
    """
    grey = view.grey[:, left:right].copy()
    begin, end = ink[0] - left, ink[1] - left
    paper = _tones(view.grey[view.top : view.bottom, left:right])[2]
    for margin in (grey[:, : max(0, begin - 1)], grey[:, end + 1 :]):
        dark = margin < paper - _LEAST_CONTRAST * 2
        if dark.any():
            margin[dark] = paper
    return grey


def _clean_rows(view: _View, ink: Flags) -> tuple[int, int]:
    """Return the rows of the box, stretched a little where characters are cut above or below."""
    reach = max(1, round(_STRETCH * view.height))
    inked = np.asarray(np.any(ink, axis=1), np.bool_)
    top, bottom = view.top, view.bottom
    while top > max(0, view.top - reach) and inked[top - 1]:
        top -= 1
    while bottom < min(len(inked), view.bottom + reach) and inked[bottom]:
        bottom += 1
    top = view.top if top > 0 and inked[top - 1] else top
    bottom = view.bottom if bottom < len(inked) and inked[bottom] else bottom
    return top, bottom

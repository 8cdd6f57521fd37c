"""Handwritten names beside the words that ask for them, laid out so that two can be compared.

A signature is ink that stands where 签字, 签名 … asks for it and is plainly larger than print of
the line. Typed names are left alone: typed letters are alike by design.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from audit.model import Box, Impression, Signature, Table, TextLine
from audit.recognise.ocr.boxes import Grey

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]

#: Words that ask for a hand: what follows them on the line, or stands under them in a table.
_ASKS = re.compile(
    r"(?:签字|签名|签署|签章|法定代表人|授权代表|委托代理人|负责人|经办人|验收人|审核人|复核人|组长)"
    r"(?:[(（][^)）]{0,8}[)）])?\s*[:：]?"
)
_COLUMN = re.compile(r"^(?:本人|专家|代表)?(?:签字|签名)$")
#: Search window: so far right of the words and above and below their line, in heights of the line.
_REACH, _RISE = 14.0, 1.1
#: Handwriting is so many times as high and wide as print of the line; ink of so many pixels.
_HIGH, _WIDE, _LEAST_INK = 1.3, 1.4, 60
#: Ink is so much darker than the paper around; a ruling is ink without a break over so much.
_CONTRAST, _RULING = 40, 0.5
#: Under a red seal ink is at least this share as dark as the darkest: seal ink leaves a tint.
_TINTED, _DARKEST = 0.45, 99
#: A row with less ink than this share of a full one (percentile) is blank; rows kept beside a band.
_BLANK_ROW, _FULL_ROW, _MARGIN = 0.12, 95, 2
#: Print elsewhere is wiped out if it was read at least so well.
_SURE = 0.8
#: Packed picture: rows, most columns.
ROWS, MOST_COLUMNS = 48, 288
#: Two signatures are compared if their proportions differ no more; blur and shifts allowed.
_PROPORTION, _SOFT, _SHIFT = 0.12, 1.2, 5


def find_signatures(
    grey: Grey,
    lines: Sequence[TextLine],
    tables: Sequence[Table],
    impressions: Sequence[Impression],
) -> tuple[Signature, ...]:
    """Return the signatures of an upright page, boxes as fractions of it.

    ``grey``: the channel that is read (H × W, red ink all but gone). Black seals stay dark there,
    so a place that one of ``impressions`` (not red) touches gives nothing.
    """
    dark = [i.box for i in impressions if i.colour != "red"]
    red = [i.box for i in impressions if i.colour == "red"]
    found: list[Signature] = []
    for label, words, place, em in (*_beside(lines, grey), *_below(tables)):
        if any(place.intersection_area(box) > 0 for box in dark):
            continue
        tinted = any(place.intersection_area(box) > 0 for box in red)
        one = _signature(grey, lines, label, words, place, em, tinted=tinted)
        if one is not None and not any(one.box.intersection_area(f.box) > 0 for f in found):
            found.append(one)
    return tuple(found)


def _beside(lines: Sequence[TextLine], grey: Grey) -> Iterator[tuple[str, Box, Box, float]]:
    """Yield label, its box, the window beside it and the height of its line."""
    aspect = grey.shape[0] / grey.shape[1]
    for line in lines:
        asks = list(_ASKS.finditer(line.text))
        if not asks:
            continue
        end = asks[-1].end()
        height = line.box.height
        edge = line.char_edges[end] if len(line.char_edges) > end else line.box.right
        words = Box(line.box.left, line.box.top, edge, line.box.bottom)
        rise = _RISE * height
        window = Box(
            min(edge + 0.1 * height * aspect, 1.0),
            max(line.box.top - rise, 0.0),
            min(edge + _REACH * height * aspect, 1.0),
            min(line.box.bottom + rise, 1.0),
        )
        if window.width > 0:
            yield line.text[:end], words, window, height


def _below(tables: Sequence[Table]) -> Iterator[tuple[str, Box, Box, float]]:
    """Yield the cells under a head that asks for signatures."""
    for table in tables:
        heads = [c for c in table.cells if c.box is not None and _COLUMN.match(c.text.strip())]
        for head in heads:
            height = _line_height(table)
            for cell in table.cells:
                if cell.column == head.column and cell.row > head.row and cell.box is not None:
                    yield head.text.strip(), head.box or cell.box, cell.box, height


def _line_height(table: Table) -> float:
    """Return how high a line of print in the table is: rows of one line are some 1.8 as high."""
    heights = sorted(c.box.height for c in table.cells if c.box is not None)
    return heights[0] / 1.8 if heights else 0.0


def _signature(
    grey: Grey,
    lines: Sequence[TextLine],
    label: str,
    words: Box,
    place: Box,
    em: float,
    *,
    tinted: bool,
) -> Signature | None:
    height, width = grey.shape
    left, top = int(place.left * width), int(place.top * height)
    part = grey[top : int(place.bottom * height), left : int(place.right * width)]
    if min(part.shape) < 4:  # noqa: PLR2004 - nothing to see
        return None
    ink = _ink(part, tinted=tinted)
    for line in lines:
        if _is_other_print(line, words, place):
            _wipe(ink, line.box, place)
    box = _extent(ink)
    if box is None:
        return None
    x, y, w, h = box
    letter = em * height
    if h < _HIGH * letter or w < _WIDE * letter:
        return None
    shown = Box(
        (left + x) / width, (top + y) / height, (left + x + w) / width, (top + y + h) / height
    )
    darkness = np.asarray(255 - part[y : y + h, x : x + w], np.uint8)
    return Signature(shown, label, pack(np.where(ink[y : y + h, x : x + w] > 0, darkness, 0)))


def _ink(part: Grey, *, tinted: bool) -> Mask:
    """Return the ink of a window without the rulings that run through it.

    ``tinted``: a red seal reaches into the window.
    """
    paper = float(np.percentile(part, 85))
    darkness = paper - part.astype(np.float32)
    strongest = float(np.percentile(darkness, _DARKEST)) if tinted else 0.0
    ink = np.asarray((darkness > max(_CONTRAST, _TINTED * strongest)) * 255, np.uint8)
    rows, columns = ink.shape
    for size in ((max(8, int(columns * _RULING)), 1), (1, max(8, int(rows * _RULING)))):
        kernel = np.ones((size[1], size[0]), np.uint8)
        ruling = cv2.dilate(
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8)
        )
        ink = np.asarray(np.where(ruling > 0, 0, ink), np.uint8)
    return ink


def _is_other_print(line: TextLine, words: Box, place: Box) -> bool:
    """Tell whether a line is print that happens to stand in the window, not the signature."""
    if line.box.intersection_area(place) <= 0:
        return False
    own = abs(line.box.centre[1] - words.centre[1]) < words.height
    return line.confidence >= _SURE or not own


def _wipe(ink: Mask, box: Box, place: Box) -> None:
    rows, columns = ink.shape
    x0 = int((box.left - place.left) / place.width * columns) - 2
    x1 = int((box.right - place.left) / place.width * columns) + 2
    y0 = int((box.top - place.top) / place.height * rows) - 1
    y1 = int((box.bottom - place.top) / place.height * rows) + 1
    ink[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0


def _extent(ink: Mask) -> tuple[int, int, int, int] | None:
    """Return x, y, width, height of the ink of the window's middle band.

    Specks, what touches the window's edge, and lines of print above and below are left out.
    """
    _keep_middle(ink)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    rows, columns = ink.shape
    kept = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        at_edge = y == 0 or y + h == rows or x + w == columns
        if area < 8 or at_edge:  # noqa: PLR2004 - pixels of a speck
            ink[parts == index] = 0
            continue
        kept.append((x, y, x + w, y + h))
    if not kept or int((ink > 0).sum()) < _LEAST_INK:
        return None
    x0, y0 = min(k[0] for k in kept), min(k[1] for k in kept)
    x1, y1 = max(k[2] for k in kept), max(k[3] for k in kept)
    return x0, y0, x1 - x0, y1 - y0


def _keep_middle(ink: Mask) -> None:
    """Wipe out what blank rows part from the ink in the middle: print lies in rows, a name in one.

    A row with next to no ink counts as blank: seal ink leaves specks between lines.
    """
    rows = ink.shape[0]
    filled = (ink > 0).sum(axis=1)
    full = float(np.percentile(filled[filled > 0], _FULL_ROW)) if filled.any() else 0.0
    inked = filled > max(2.0, _BLANK_ROW * full)
    if not inked.any():
        return
    nearest = min(np.flatnonzero(inked), key=lambda row: abs(int(row) - rows // 2))
    top = bottom = int(nearest)
    while top > 0 and inked[top - 1]:
        top -= 1
    while bottom + 1 < rows and inked[bottom + 1]:
        bottom += 1
    ink[: max(0, top - _MARGIN)] = 0
    ink[bottom + 1 + _MARGIN :] = 0


def pack(darkness: npt.NDArray[np.uint8]) -> str:
    """Return strokes (H × W, 0 = paper) at ``ROWS`` rows, packed as text."""
    rows, columns = darkness.shape
    wide = int(np.clip(round(columns * ROWS / rows), 8, MOST_COLUMNS))
    small = cv2.resize(darkness, (wide, ROWS), interpolation=cv2.INTER_AREA)
    return base64.b85encode(zlib.compress(small.tobytes(), 6)).decode("ascii")


def unpack(strokes: str) -> Floats | None:
    """Return what ``pack`` packed (``ROWS`` × columns, 0-255); ``None`` if it does not fit."""
    try:
        data = zlib.decompress(base64.b85decode(strokes))
    except (ValueError, zlib.error):
        return None
    if not data or len(data) % ROWS:
        return None
    return np.frombuffer(data, np.uint8).reshape(ROWS, -1).astype(np.float32)


def likeness(one: Floats, other: Floats) -> float:
    """Return how alike two unpacked signatures are: 1 the same picture, 0 unrelated."""
    if abs(one.shape[1] - other.shape[1]) > _PROPORTION * max(one.shape[1], other.shape[1]):
        return 0.0
    first = cv2.GaussianBlur(one, (0, 0), _SOFT)
    second = cv2.GaussianBlur(
        cv2.resize(other, (one.shape[1], ROWS), interpolation=cv2.INTER_AREA), (0, 0), _SOFT
    )
    around = cv2.copyMakeBorder(first, _SHIFT, _SHIFT, _SHIFT, _SHIFT, cv2.BORDER_CONSTANT, value=0)
    scores = cv2.matchTemplate(around, second, cv2.TM_CCOEFF_NORMED)
    return float(scores.max())

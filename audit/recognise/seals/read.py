"""What a seal says: the arc unrolled and read, the lines in its middle, a square's rows.

The way is SEALS 7-9: ink lifted off the print, the band between rim and middle laid straight and
cut at its widest blank, inverted lower arcs turned over, the middle turned upright by the arc.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.ocr.boxes import TextBox
from audit.recognise.ocr.detect import find_text
from audit.recognise.ocr.recognise import CAREFUL, NOTHING, Words, read_strip
from audit.recognise.ocr.strips import strip_of
from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.lift import Grey, as_print, take_apart
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.unroll import (
    MARGIN,
    Band,
    direction_at,
    find_band,
    sector,
    strip_of_band,
)
from audit.text.ids import uscc_check_digit_ok

_CJK = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[0-9A-Z]{6,}")
#: Ink of a column of the strip below this share of its strongest is a blank.
_BLANK = 0.12
#: Blanks wider than this (strip heights), and than this times the usual one, part two texts.
_PARTS, _UNUSUAL = 0.8, 1.7
#: A blank inside a text is narrowed to this (strip heights): wide spacing puzzles the recogniser.
_NARROW = 0.3
_SURE, _LEGIBLE = 0.9, 0.3
#: What stands apart so far at an end, and is no longer than this (strip heights), may be cut off.
_APART, _END_SIZE, _MOST_TRIMS, _GAIN = 0.14, 2.6, 3, 0.15
#: Ink just below the band this strong crosses it; runs crossed more than this are no lettering.
_CROSSED, _MOSTLY_CLEAN = 0.3, 0.35
#: So few letters behind the name's end are strays of another line.
_STRAY = 2
#: What ends the name on a seal.
_ENDS = ("公司", "中心", "税务局", "委员会", "合作社", "研究院", "大学", "银行", "支行", "分行")
#: The lines of kind that seals carry (DOMAIN A11), the first of equals wins.
KINDS = (
    "发票专用章", "财务专用章", "合同专用章", "电子回单专用章", "回单专用章", "业务专用章",
    "业务受理章", "会计业务章", "电子业务专用章", "项目专用章", "资料专用章", "财务章", "人事专用章",
    "税务登记专用章", "检验专用章", "转讫", "代开发票专用章",
)  # fmt: skip
#: A longer arc that ends on a line of kind is a name with the kind behind it.
_KIND_LETTERS = 8
_COMMON, _LAST = "专用章", ("章", "用", "专")
#: From this aspect on a seal is an oval.
_OVAL = 1.12
#: Half length (of the long half axis) and half height (of the short one) of an oval's number.
_ACROSS, _LEVEL_BAND = 0.9, 0.17
#: A letter reaches this part of the distance between letters to either side.
_HALF = 0.62
#: Rim of a square as a share of its side.
_RIM = 0.07
#: Radius of the picture of the middle in which lines are sought.
_MIDDLE_RADIUS = 150


@dataclass(frozen=True, slots=True)
class SealText:
    """What was read: ``text`` (name), its confidence 0-1, the line of kind, a number (tax id or code)."""

    text: str = ""
    confidence: float = 0.0
    kind_text: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class _Arc:
    words: Words
    start: float
    end: float
    """Where the text begins and ends, as shares of the way around (the end may exceed 1)."""
    turned: bool

    @property
    def middle(self) -> float:
        """Where the middle of the text lies, as a share of the way around."""
        return (self.start + self.end) / 2


def read_seal(
    pixels: Pixels, ellipse: Ellipse, shape: str, colour: str, tilt: float = 0.0
) -> SealText:
    """Return what the impression at ``ellipse`` (page pixels) says; empty where nothing is legible.

    ``tilt``: degrees clockwise by which a square is turned.
    """
    patch, placed = _patch(pixels, ellipse)
    if min(patch.shape[:2]) < 24:  # noqa: PLR2004 - pixels
        return SealText()
    ink = take_apart(patch, colour).ink
    if shape == "square":
        return _square_text(ink, placed, tilt)
    if shape == "triangle":
        return _told(None, (), _lines(as_print(ink)))
    band = find_band(ink, placed)
    arcs = _arcs(strip_of_band(ink, placed, band))
    named = [a for a in arcs if not a.turned and _CJK.search(a.words.text)]
    named = [a for a in named if not snap_kind(a.words.text) or _letters(a) > _KIND_LETTERS]
    name = max(named, key=_letters, default=None)
    up = _upward(placed, name)
    middle = _middle(ink, placed, band, arcs, up)
    told = _told(name, [a for a in arcs if a is not name], _lines(middle))
    if placed.aspect < _OVAL:
        return told
    return replace(told, number=_better_number(told.number, _across(ink, placed, up)))


def _upward(ellipse: Ellipse, name: _Arc | None) -> float:
    """Return the direction (degrees) of the seal's top: the middle of the name, an oval's flat side."""
    seen = -90.0 if name is None else direction_at(ellipse, name.middle)
    if ellipse.aspect < _OVAL:
        return seen
    axis = ellipse.angle + (90 if ellipse.long >= ellipse.short else 0)
    return min((axis, axis + 180), key=lambda a: abs((a - seen + 180) % 360 - 180))


def _across(ink: Floats, ellipse: Ellipse, up: float) -> str:
    """Return the number across an oval's middle, whose ends reach under the arc lettering."""
    scale = _MIDDLE_RADIUS / max(min(ellipse.short, ellipse.long), 1.0)
    half = round(_ACROSS * max(ellipse.short, ellipse.long) * scale)
    high = round(_LEVEL_BAND * _MIDDLE_RADIUS)
    turn = cv2.getRotationMatrix2D((ellipse.x, ellipse.y), up + 90, scale)
    turn[:, 2] += np.array([half - ellipse.x, high - ellipse.y])
    level = cv2.warpAffine(ink, turn, (2 * half, 2 * high), flags=cv2.INTER_LINEAR)
    words = read_strip(as_print(np.asarray(level, np.float32)), CAREFUL)
    found = _NUMBER.search(words.text.upper().replace(" ", ""))
    return found.group() if found is not None else ""


def _better_number(one: str, other: str) -> str:
    """Return the reading whose check digit fits, else the longer one."""
    for number in (one, other):
        if uscc_check_digit_ok(number):
            return number
    return max(one, other, key=len)


def _patch(pixels: Pixels, ellipse: Ellipse) -> tuple[Pixels, Ellipse]:
    """Return the page cut around the ellipse, small seals enlarged, and the ellipse in it."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = ellipse.scaled(1).bounds
    grow = 0.08 * max(right - left, bottom - top)
    x, y = max(0, int(left - grow)), max(0, int(top - grow))
    x_end, y_end = min(width, int(right + grow) + 1), min(height, int(bottom + grow) + 1)
    patch = np.ascontiguousarray(pixels[y:y_end, x:x_end])
    moved = Ellipse(ellipse.x - x, ellipse.y - y, ellipse.long, ellipse.short, ellipse.angle)
    small = 120 / max(min(ellipse.long, ellipse.short), 1)
    if small > 1 and patch.size:
        factor = min(small, 3.0)
        patch = np.asarray(
            cv2.resize(patch, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8
        )
        moved = moved.scaled(factor)
    return patch, moved


def _arcs(strip: Floats) -> list[_Arc]:
    """Return the texts around the rim, each read the way that is surer."""
    width = strip.shape[1]
    rolled = np.concatenate([strip, strip], axis=1)
    arcs = []
    for span in _spans(strip):
        words, (start, end) = _trimmed(rolled, *span)
        turned = False
        if words.confidence < _SURE:
            piece = as_print(_tightened(rolled[:, start:end]))
            over = read_strip(np.ascontiguousarray(piece[::-1, ::-1]), CAREFUL)
            if _worth(over) > _worth(words):
                words, turned = over, True
        if words.text:
            arcs.append(_Arc(words, start / width, end / width, turned))
    return arcs


def _trimmed(rolled: Floats, start: int, end: int) -> tuple[Words, tuple[int, int]]:
    """Return what a span says and the span; leaning letters of other lines at its ends are cut off.

    They are letters of the line of kind, apart from the name by a little more than its own
    letters are; the reading is surer without them.
    """
    words = _said(rolled, start, end)
    for _ in range(_MOST_TRIMS):
        if words.confidence >= _SURE:
            break
        tries = [
            (_said(rolled, *span), span) for span in _without_ends(rolled[:, start:end], start)
        ]
        better = [t for t in tries if t[0].confidence > words.confidence + _GAIN]
        if not better:
            break
        words, (start, end) = max(better, key=lambda t: t[0].confidence)
    return _without_strays(words, rolled, start, end)


def _without_strays(
    words: Words, rolled: Floats, start: int, end: int
) -> tuple[Words, tuple[int, int]]:
    """Return words and span drawn in to the letters read, a letter or two behind a name left out."""
    text = words.text
    if len(text) < 2 or len(words.places) != len(text):  # noqa: PLR2004 - no distance to go by
        return words, (start, end)
    last = max((text.rfind(e) + len(e) for e in _ENDS if e in text), default=0)
    if not last or len(text) - last > _STRAY or snap_kind(text[last:]):
        last = len(text)
    kept = np.flatnonzero(_dense(rolled[:, start:end]))
    places = [int(kept[min(len(kept) - 1, int(p * len(kept)))]) for p in words.places[:last]]
    half = _HALF * (places[-1] - places[0]) / max(1, last - 1)
    first, behind = max(0, int(places[0] - half)), min(end - start, int(places[-1] + half) + 1)
    cut = Words(text[:last], words.confidence, words.places[:last])
    return cut, (start + first, start + behind)


def _said(rolled: Floats, start: int, end: int) -> Words:
    return read_strip(as_print(_tightened(rolled[:, start:end])), CAREFUL)


def _without_ends(piece: Floats, offset: int) -> list[tuple[int, int]]:
    """Return the spans that are left when what stands apart at either end is cut off."""
    height, width = piece.shape
    columns = piece.mean(axis=0)
    inked = columns > _BLANK * max(float(np.percentile(columns, 95)), 1e-3)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    apart = _APART * height
    firsts = [b[0] for a, b in itertools.pairwise(runs) if b[0] - a[1] >= apart]
    lasts = [a[1] for a, b in itertools.pairwise(runs) if b[0] - a[1] >= apart]
    end_size = _END_SIZE * height
    spans = []
    if firsts and firsts[0] <= end_size:
        spans.append((offset + firsts[0] - 3, offset + width))
    if lasts and width - lasts[-1] <= end_size:
        spans.append((offset, offset + lasts[-1] + 3))
    return spans


def _worth(words: Words) -> float:
    return words.confidence * len(words.text)


def _letters(arc: _Arc) -> int:
    return len(_CJK.findall(arc.words.text))


def _spans(strip: Floats) -> list[tuple[int, int]]:
    """Return (start, end) columns of the texts around; ``end`` may lie in the second turn.

    Ink that runs on inwards is a line of the middle, no arc lettering: it parts texts as a
    wide blank does.
    """
    height, width = strip.shape
    columns = _smooth(strip[height // 8 : -height // 8].mean(axis=0))
    inked = columns > _BLANK * max(float(np.percentile(columns, 95)), 1e-3)
    if inked.all() or not inked.any():
        return [(0, width)] if inked.any() else []
    below = strip[-max(2, round(height * MARGIN / 2)) :].mean(axis=0)
    crossed = below > _CROSSED * float(np.percentile(strip, 97))
    runs = [
        (start, end)
        for start, end in _runs(inked)
        if crossed[np.arange(start, end) % width].mean() <= _MOSTLY_CLEAN
    ]
    if not runs:
        return []
    gaps = [(runs[(i + 1) % len(runs)][0] - end) % width for i, (_, end) in enumerate(runs)]
    between = [gap for gap in gaps if gap >= _NARROW * height] or gaps
    least = max(_PARTS * height, _UNUSUAL * float(np.median(between)))
    cuts = [i for i, gap in enumerate(gaps) if gap >= least] or [int(np.argmax(gaps))]
    spans = []
    for before, after in zip(cuts, [*cuts[1:], cuts[0] + len(runs)], strict=True):
        first = runs[(before + 1) % len(runs)][0]
        length = (runs[after % len(runs)][1] - first) % width or width
        if length >= height // 2:
            spans.append((max(0, first - 4), min(first + length + 4, 2 * width)))
    return spans


def _smooth(columns: Floats) -> Floats:
    wrapped = np.concatenate([columns[-1:], columns, columns[:1]])
    return np.asarray(np.convolve(wrapped, np.ones(3) / 3, mode="valid"), np.float32)


def _runs(inked: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the inked runs of a circle; one over the seam ends beyond the width."""
    width = len(inked)
    start = int(np.flatnonzero(~inked)[0])
    turned = np.roll(inked, -start).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], turned, [0]))))
    return [
        ((int(a) + start) % width, (int(a) + start) % width + int(b - a))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _tightened(strip: Floats) -> Floats:
    """Return the strip with wide blanks between its characters narrowed."""
    return np.ascontiguousarray(strip[:, _dense(strip)])


def _dense(strip: Floats) -> npt.NDArray[np.bool_]:
    """Return the columns that stay when wide blanks are narrowed."""
    height, width = strip.shape
    columns = strip.mean(axis=0)
    blank = columns <= _BLANK * max(float(np.percentile(columns, 95)), 1e-3)
    most = round(_NARROW * height)
    kept = np.ones(width, np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], blank.astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start > most:
            kept[start + most // 2 : end - (most - most // 2)] = False
    return kept


def _middle(ink: Floats, ellipse: Ellipse, band: Band, arcs: Sequence[_Arc], up: float) -> Grey:
    """Return the seal's middle, upright; rim and arc lettering are left out."""
    short, long_ = sorted((ellipse.short, ellipse.long))
    inside = np.zeros(ink.shape, np.uint8)
    depth = 0.6 * band.outer * short
    axes = (max(1, round(ellipse.long - depth)), max(1, round(ellipse.short - depth)))
    centre = (round(ellipse.x), round(ellipse.y))
    cv2.ellipse(inside, centre, axes, ellipse.angle, 0, 360, (1,), -1)
    for arc in (a for a in arcs if a.words.confidence >= _LEGIBLE and len(a.words.text) > 1):
        corners = sector(ellipse, (arc.start, arc.end), (-0.1, band.inner - 0.01))
        cv2.fillPoly(inside, [corners], (0,))
    inner = ink * inside
    scale = _MIDDLE_RADIUS / max(short, 1.0)
    size = round(2.1 * _MIDDLE_RADIUS * long_ / short)
    turn = cv2.getRotationMatrix2D((ellipse.x, ellipse.y), up + 90, scale)
    turn[:, 2] += np.array([size / 2 - ellipse.x, size / 2 - ellipse.y])
    level = cv2.warpAffine(inner, turn, (size, size), flags=cv2.INTER_LINEAR)
    return as_print(np.asarray(level, np.float32))


def _lines(grey: Grey) -> list[Words]:
    """Return the lines of a small picture, top to bottom."""
    boxes: Sequence[TextBox] = find_text(grey)
    found = []
    for box in sorted(boxes, key=lambda b: b.bounds[1]):
        strip = strip_of(grey, box)
        words = NOTHING if strip is None else read_strip(strip.grey, CAREFUL)
        if words.text:
            found.append(words)
    return found


def _told(name: _Arc | None, others: Sequence[_Arc], lines: Sequence[Words]) -> SealText:
    texts = [*lines, *(arc.words for arc in others)]
    together = "".join(words.text for words in lines)
    kind = next((k for t in (*(w.text for w in texts), together) if (k := snap_kind(t))), "")
    numbers = [m.group() for words in texts if (m := _NUMBER.search(words.text.upper()))]
    number = max(numbers, key=len, default="")
    if name is None:
        rest = [w for w in texts if _CJK.search(w.text) and not snap_kind(w.text)]
        best = max(rest, key=lambda w: len(w.text), default=NOTHING)
        return SealText(best.text, best.confidence, kind, number)
    text = ended(name.words.text)
    if not kind and (at_end := snap_kind(text)):
        kind = at_end
    return SealText(text, name.words.confidence, kind, number)


def _square_text(ink: Floats, box: Ellipse, tilt: float) -> SealText:
    """Return the text of a square seal: by columns from the right, as most are cut, or by rows."""
    reach = math.cos(math.radians(abs(tilt))) + math.sin(math.radians(abs(tilt)))
    half_x, half_y = box.long / reach, box.short / reach
    turn = cv2.getRotationMatrix2D((box.x, box.y), tilt, 1.0)
    turn[:, 2] += np.array([half_x - box.x, half_y - box.y])
    size = (max(8, round(2 * half_x)), max(8, round(2 * half_y)))
    level = cv2.warpAffine(ink, turn, size, flags=cv2.INTER_LINEAR)
    inner = np.asarray(level, np.float32)
    rim_x, rim_y = (max(1, round(_RIM * side)) for side in size)
    inner = inner[rim_y:-rim_y, rim_x:-rim_x]
    by_columns = [part.T for part in _parted(np.ascontiguousarray(inner.T))][::-1]
    readings = [_joined(_parted(inner)), _joined([_laid(part) for part in by_columns])]
    words = max(readings, key=lambda w: (bool(snap_kind(w.text)), w.confidence, len(w.text)))
    return SealText(words.text, words.confidence, snap_kind(words.text))


def _parted(ink: Floats) -> list[Floats]:
    """Return the rows of text of a picture, cut at its blank rows."""
    rows = ink.mean(axis=1)
    inked = rows > _BLANK * max(float(np.percentile(rows, 95)), 1e-3)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    least = 0.08 * len(rows)
    return [
        ink[max(0, a - 2) : b + 2]
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if b - a >= least
    ]


def _laid(column: Floats) -> Floats:
    """Return a column of text as a row: its characters cut apart and set side by side."""
    parts = _parted(np.ascontiguousarray(column))
    if not parts:
        return np.ascontiguousarray(column)
    high = max(part.shape[0] for part in parts)
    padded = [np.pad(p, ((0, high - p.shape[0]), (2, 2))) for p in parts]
    return np.concatenate(padded, axis=1)


def _joined(rows: Sequence[Floats]) -> Words:
    read = [read_strip(as_print(row), CAREFUL) for row in rows if min(row.shape) > 4]  # noqa: PLR2004
    found = [words for words in read if words.text]
    if not found:
        return NOTHING
    return Words("".join(w.text for w in found), min(w.confidence for w in found))


def ended(text: str) -> str:
    """Return the text turned around until it ends on 公司, 中心 …: the cut may fall anywhere."""
    if text.endswith(_ENDS):
        return text
    for end in _ENDS:
        place = text.rfind(end)
        if place >= 0 and place + len(end) < len(text) and not _NUMBER.search(text[place:]):
            tail = text[place + len(end) :]
            if snap_kind(tail):
                return text
            if len(tail) <= _STRAY:
                return text[: place + len(end)]
            return tail + text[: place + len(end)]
    return text


def snap_kind(text: str) -> str:
    """Return the line of kind that ``text`` holds or nearly holds, empty if none.

    One character may be spoilt, but one of the distinctive part (财务, 发票 …) must be there:
    专用章 alone is the end of all of them.
    """
    from rapidfuzz.distance import Levenshtein

    plain = "".join(_CJK.findall(text))
    for kind in KINDS:
        if kind in plain:
            return kind
    for kind in KINDS:
        own = kind.removesuffix(_COMMON)
        if own != kind and own in plain and plain.endswith(_LAST):
            return kind
    for kind in KINDS:
        own = kind.removesuffix(_COMMON)
        tail = plain[-len(kind) :]
        if len(tail) > 2 and Levenshtein.distance(tail, kind) <= 1 and set(own) & set(tail):  # noqa: PLR2004 - characters
            return kind
    return ""

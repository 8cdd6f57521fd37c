"""What a seal says: the arc unrolled and read, the lines in its middle, a square's rows.

Ink is lifted off the print, the band between rim and middle laid straight and cut at its widest
blank, inverted lower arcs turned over, the middle turned upright by the arc (SEALS 7-9).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise.ocr.recognise import CAREFUL, NOTHING, Words, read_strip
from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.kinds import ENDS, STRAY, ended, snap_kind
from audit.recognise.seals.lift import as_print, take_apart, without_print
from audit.recognise.seals.middle import (
    better_number,
    kind_in_bands,
    lines_of,
    middle_of,
    number_across,
)
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.rivals import rivals_of
from audit.recognise.seals.squares import square_words
from audit.recognise.seals.unroll import (
    MARGIN,
    direction_at,
    find_band,
    strip_of_band,
)
from audit.text.places import CITIES, PROVINCES

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
#: A longer arc that ends on a line of kind is a name with the kind behind it.
_KIND_LETTERS = 8
#: Letters of other lines before the place that a name begins with.
_MOST_BEFORE = 4
#: From this aspect on a seal is an oval.
_OVAL = 1.12
#: A letter reaches this part of the distance between letters to either side.
_HALF = 0.62


@dataclass(frozen=True, slots=True)
class SealText:
    """What was read: ``text`` (name), its confidence 0-1, the line of kind, a number (tax id or code)."""

    text: str = ""
    confidence: float = 0.0
    kind_text: str = ""
    number: str = ""
    rivals: tuple[str, ...] = ()
    """Characters of the name that are not sure, each with what it nearly was: ``rivals_of``."""


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
        words, rivals = square_words(ink, placed, tilt)
        return SealText(words.text, words.confidence, snap_kind(words.text), rivals=rivals)
    if shape == "triangle":
        return _told(None, (), lines_of(as_print(ink)))
    if patch.ndim == 2 or colour == "black":  # noqa: PLR2004 - print and ink have one colour
        ink = without_print(ink, placed)
    return _round_text(ink, placed)


def _round_text(ink: Floats, placed: Ellipse) -> SealText:
    band = find_band(ink, placed)
    strip = strip_of_band(ink, placed, band)
    arcs = _arcs(strip)
    named = [a for a in arcs if not a.turned and _CJK.search(a.words.text)]
    named = [a for a in named if not snap_kind(a.words.text) or _letters(a) > _KIND_LETTERS]
    name = max(named, key=_letters, default=None)
    up = _upward(placed, name)
    depth = 0.6 * band.outer * min(placed.long, placed.short)
    covered = [
        (a.start, a.end, band.inner - 0.01)
        for a in arcs
        if a.words.confidence >= _LEGIBLE and len(a.words.text) > 1
    ]
    lines = lines_of(middle_of(ink, placed, depth, covered, up))
    told = _told(name, [a for a in arcs if a is not name], lines)
    if not told.kind_text and name is not None:
        ways = dict.fromkeys((up, _upward(placed, _from_place(name))))
        kinds = (kind_in_bands(ink, placed, depth, way) for way in ways)
        told = replace(told, kind_text=next(filter(None, kinds), ""))
    if name is not None:
        told = replace(told, rivals=_rivals(strip, name))
    if placed.aspect < _OVAL:
        return told
    return replace(told, number=better_number(told.number, number_across(ink, placed, up)))


def _rivals(strip: Floats, name: _Arc) -> tuple[str, ...]:
    start, end = (round(place * strip.shape[1]) for place in (name.start, name.end))
    piece = np.concatenate([strip, strip], axis=1)[:, start:end]
    return rivals_of(ended(name.words.text), [as_print(_tightened(piece))])


def _from_place(name: _Arc) -> _Arc:
    """Return the arc without a few letters before the name of a place: often strays."""
    text = name.words.text
    spot = min((i for p in (*PROVINCES, *CITIES) if (i := text.find(p)) > 0), default=0)
    if not 0 < spot <= _MOST_BEFORE:
        return name
    return replace(name, start=name.start + (name.end - name.start) * spot / len(text))


def _upward(ellipse: Ellipse, name: _Arc | None) -> float:
    """Return the direction (degrees) of the seal's top: the middle of the name, an oval's flat side."""
    seen = -90.0 if name is None else direction_at(ellipse, name.middle)
    if ellipse.aspect < _OVAL:
        return seen
    axis = ellipse.angle + (90 if ellipse.long >= ellipse.short else 0)
    return min((axis, axis + 180), key=lambda a: abs((a - seen + 180) % 360 - 180))


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
    last = max((text.rfind(e) + len(e) for e in ENDS if e in text), default=0)
    if not last or len(text) - last > STRAY or snap_kind(text[last:]):
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

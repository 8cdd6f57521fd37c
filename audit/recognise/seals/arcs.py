"""The texts around a seal's rim: where each begins and ends, and what it says.

The strip is cut at its widest blanks, inverted lower arcs are turned over, strays of other lines
at the ends of a text are left out (SEALS 8).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audit.recognise.ocr.recognise import CAREFUL, Words, read_strip
from audit.recognise.seals.ink import Floats
from audit.recognise.seals.kinds import ENDS, STRAY, snap_kind
from audit.recognise.seals.lift import as_print
from audit.recognise.seals.unroll import MARGIN

_CJK = re.compile(r"[\u3400-\u9fff]")
#: Ink of a column of the strip below this share of its strongest is a blank.
_BLANK = 0.12
#: Blanks wider than this (strip heights), and than this times the usual one, part two texts.
_PARTS, _UNUSUAL = 0.8, 1.7
#: A blank inside a text is narrowed to this (strip heights): wide spacing puzzles the recogniser.
_NARROW = 0.3
_SURE = 0.9
#: What stands apart so far at an end, and is no longer than this (strip heights), may be cut off.
_APART, _END_SIZE, _MOST_TRIMS, _GAIN = 0.14, 2.6, 3, 0.15
#: Ink just below the band this strong crosses it; runs crossed more than this are no lettering.
_CROSSED, _MOSTLY_CLEAN = 0.3, 0.35
#: A letter reaches this part of the distance between letters to either side.
_HALF = 0.62


@dataclass(frozen=True, slots=True)
class Arc:
    """A text around the rim: what it says, where it stands, whether it runs along the lower rim."""

    words: Words
    start: float
    end: float
    """Where the text begins and ends, as shares of the way around (the end may exceed 1)."""
    turned: bool

    @property
    def middle(self) -> float:
        """Where the middle of the text lies, as a share of the way around."""
        return (self.start + self.end) / 2


def arcs_around(strip: Floats) -> list[Arc]:
    """Return the texts around the rim, each read the way that is surer."""
    width = strip.shape[1]
    rolled = np.concatenate([strip, strip], axis=1)
    arcs = []
    for span in _spans(strip):
        words, (start, end) = _trimmed(rolled, *span)
        turned = False
        if words.confidence < _SURE:
            piece = as_print(tightened(rolled[:, start:end]))
            over = read_strip(np.ascontiguousarray(piece[::-1, ::-1]), CAREFUL)
            if _worth(over) > _worth(words):
                words, turned = over, True
        if words.text:
            arcs.append(Arc(words, start / width, end / width, turned))
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
    return read_strip(as_print(tightened(rolled[:, start:end])), CAREFUL)


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


def letters_of(arc: Arc) -> int:
    """Return how many Chinese letters a text has."""
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


def tightened(strip: Floats) -> Floats:
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

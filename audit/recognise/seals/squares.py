"""Square seals: cut into columns or rows of characters, read in the order that makes sense."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from audit.recognise.ocr.recognise import CAREFUL, NOTHING, Words, read_strip
from audit.recognise.seals.ink import Floats
from audit.recognise.seals.kinds import sense
from audit.recognise.seals.lift import Grey, as_print, half_sides
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.rivals import joined, looked_again, merged

#: Rim of a square as a share of its side; where inside that the blank behind the rim is sought.
_RIM, _RIM_BLANK = 0.05, 0.1
#: Into how many columns a square may fall, and characters one may hold.
_COLUMNS, _CHARACTERS = (2, 3, 4), (2, 3, 4, 5, 6, 7)
#: A cut may lie this far from its even place, as a share of the distance between cuts.
_PLAY = 0.16
#: Height over width of a cell; every other cut of six is a cut of three, so the most cuts win
#: whose ink is at most this much above the least.
_FLAT, _TALL, _AS_BLANK = 0.5, 1.6, 0.16
#: Width over height of the letters as they are shown to the recogniser: measured on squares of
#: three and four columns, half as many letters are misread as at their full width.
_NARROW = 0.5
#: So many ways of cutting are read: those whose cuts run through the least ink.
_WAYS = 4
_SURE, _MAKES_SENSE = 0.9, 2.9
#: A reading that makes as much sense is kept without looking at the square from another side.
_UPRIGHT = 3.6
#: Pixels of a row that may be read.
_LEAST = 4


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to cut: how inked the cuts are (share of the mean), and the pieces in reading order."""

    cost: float
    rows: tuple[Grey, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read, how much sense it makes, and the strips it was read from."""

    words: Words
    worth: float
    rows: tuple[Grey, ...]


def square_words(
    looks: Iterator[Floats], box: Ellipse, tilt: float
) -> tuple[Words, tuple[str, ...]]:
    """Return what a square seal says and the rivals of its characters.

    ``looks``: the ink as it was lifted off the print in one or several ways. Most squares are
    cut by columns from the right, some by rows from the left, and some are stamped lying on a
    side or upside down; ``tilt``: degrees.
    """
    inners = (_inside(ink, box, tilt) for ink in looks)
    first = next(inners)
    readings = [_read(first)]
    if readings[0].worth < _UPRIGHT:
        sides = (np.ascontiguousarray(np.rot90(first, turns)) for turns in (1, 3, 2))
        readings += [_read(side) for side in sides]
    turned = max(range(len(readings)), key=lambda i: readings[i].worth)
    best = readings[turned]
    if best.words.confidence < _SURE:
        turns = (0, 1, 3, 2)[turned]
        readings = [best, *(_read(np.ascontiguousarray(np.rot90(i, turns))) for i in inners)]
        best = max(readings, key=lambda r: r.worth)
    looked = [looked_again(r.words, r.rows, _sense) for r in readings if r.rows]
    if not looked:
        return best.words, ()
    words = max((one.words for one in looked), key=_sense)
    return words, merged(words.text, [(one.words.text, one.rivals) for one in looked])


def _read(inner: Floats) -> _Reading:
    """Return the reading of upright lettering that makes most sense."""
    ways = sorted((*_by_columns(inner), *_by_rows(inner)), key=lambda w: w.cost)
    best = _Reading(NOTHING, -1.0, ())
    for way in ways[:_WAYS]:
        words = joined([read_strip(row, CAREFUL) for row in way.rows if min(row.shape) > _LEAST])
        worth = _sense(words)
        if worth > best.worth:
            best = _Reading(words, worth, way.rows)
        if words.confidence >= _SURE and worth >= _MAKES_SENSE:
            break
    return best


def _sense(words: Words) -> float:
    return sense(words.text, words.confidence)


def _inside(ink: Floats, box: Ellipse, tilt: float) -> Floats:
    """Return the square's lettering, level, without its rim."""
    half_x, half_y = half_sides(box, tilt)
    turn = cv2.getRotationMatrix2D((box.x, box.y), tilt, 1.0)
    turn[:, 2] += np.array([half_x - box.x, half_y - box.y])
    size = (max(16, round(2 * half_x)), max(16, round(2 * half_y)))
    level = np.asarray(cv2.warpAffine(ink, turn, size, flags=cv2.INTER_LINEAR), np.float32)
    rows, columns = _blanks(level.mean(axis=1)), _blanks(level.mean(axis=0))
    return np.ascontiguousarray(level[rows[0] : rows[1], columns[0] : columns[1]])


def _blanks(profile: np.ndarray) -> tuple[int, int]:
    """Return where the blank behind the rim lies at both ends of a profile."""
    low, high = round(_RIM * len(profile)), max(2, round(_RIM_BLANK * len(profile)))
    first = low + int(profile[low : high + 1].argmin())
    behind = profile[::-1]
    return first, len(profile) - low - int(behind[low : high + 1].argmin())


def _by_columns(inner: Floats) -> list[_Way]:
    """Return the ways to cut into columns, read from the right, each column laid as a row."""
    ways = []
    for count in _COLUMNS:
        cost, places = _cuts(inner.mean(axis=0), count)
        parts = [inner[:, a:b] for a, b in itertools.pairwise(places)][::-1]
        per, costs = _rows_of(parts)
        rows = tuple(as_print(_laid(part, per)) for part in parts)
        ways.append(_Way((cost + costs) / 2, rows))
    return ways


def _by_rows(inner: Floats) -> list[_Way]:
    """Return the ways to cut into rows, read from the left."""
    ways = []
    for count in _COLUMNS:
        cost, places = _cuts(inner.mean(axis=1), count)
        parts = [inner[a:b] for a, b in itertools.pairwise(places)]
        per, costs = _rows_of([np.ascontiguousarray(part.T) for part in parts])
        rows = tuple(
            as_print(_at_width(part, round(_NARROW * per * part.shape[0]))) for part in parts
        )
        ways.append(_Way((cost + costs) / 2, rows))
    return ways


def _at_width(part: Floats, width: int) -> Floats:
    """Return a picture at another width: cut to fill the square, letters are flat or narrow."""
    size = (max(2, width), part.shape[0])
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _cuts(profile: np.ndarray, count: int) -> tuple[float, list[int]]:
    """Return the mean ink under ``count`` - 1 cuts (share of the mean ink), and where they lie."""
    length = len(profile)
    step = length / count
    play = max(1, round(_PLAY * step))
    places, inked = [0], []
    for index in range(1, count):
        even = round(index * step)
        window = profile[even - play : even + play + 1]
        place = even - play + int(window.argmin())
        places.append(place)
        inked.append(float(profile[max(0, place - 1) : place + 2].mean()))
    places.append(length)
    return float(np.mean(inked)) / max(float(profile.mean()), 1e-3), places


def _rows_of(columns: Sequence[Floats]) -> tuple[int, float]:
    """Return how many characters the columns hold each, and how inked the cuts between are.

    The last column may hold fewer, so the others tell.
    """
    full = columns[:-1] or columns
    profile = np.mean([column.mean(axis=1) for column in full], axis=0)
    wide = float(np.mean([column.shape[1] for column in full]))
    counts = [c for c in _CHARACTERS if _FLAT <= len(profile) / c / wide <= _TALL] or [2]
    costs = {count: _cuts(profile, count)[0] for count in counts}
    least = min(costs.values())
    count = max(c for c in counts if costs[c] <= least + _AS_BLANK)
    return count, costs[count]


def _laid(column: Floats, count: int) -> Floats:
    """Return a column of ``count`` characters as a row: cut apart and set side by side."""
    _, places = _cuts(column.mean(axis=1), count)
    parts = [column[a:b] for a, b in itertools.pairwise(places)]
    inked = [p for p in parts if float(p.mean()) > 0.15 * float(column.mean())]
    high = max((p.shape[0] for p in inked), default=column.shape[0])
    level = [_at_width(p, round(_NARROW * high)) for p in inked]
    padded = [np.pad(p, ((0, high - p.shape[0]), (2, 2))) for p in level]
    return np.concatenate(padded, axis=1) if padded else np.ascontiguousarray(column)

"""What a seal says: the arc unrolled and read, the lines in its middle, a square's rows.

Ink is lifted off the print, the band between rim and middle laid straight and cut at its widest
blank, inverted lower arcs turned over, the middle turned upright by the arc (SEALS 7-9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from audit.recognise.ocr.recognise import NOTHING, Words
from audit.recognise.seals.arcs import Arc, arcs_around, letters_of, tightened
from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.kinds import ENDS, ended, kind_behind, sense, snap_kind
from audit.recognise.seals.lift import (
    as_print,
    bridged,
    take_apart,
    without_fine,
    without_print,
    without_rules,
)
from audit.recognise.seals.lifter import lifted
from audit.recognise.seals.middle import (
    better_number,
    ink_of_kind,
    kind_in_bands,
    level_middle,
    lines_of,
    middle_of,
    number_across,
)
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.rivals import HOLE, Looked, holes, joined, looked_again, merged
from audit.recognise.seals.squares import square_words
from audit.recognise.seals.unroll import Band, direction_at, find_band, strip_of_band
from audit.text.places import CITIES, PROVINCES

_CJK = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[0-9A-Z]{6,}")
_SURE, _LEGIBLE = 0.9, 0.3
#: A longer arc that ends on a line of kind is a name with the kind behind it.
_KIND_LETTERS = 8
#: Letters of other lines before the place that a name begins with.
_MOST_BEFORE = 4
#: Pixels to which a triangle is enlarged.
_TRIANGLE = 420
#: From this aspect on a seal is an oval.
_OVAL = 1.12
#: A name from place to legal form needs no second look from this confidence on.
_WHOLE = 0.7


@dataclass(frozen=True, slots=True)
class SealText:
    """What was read: ``text`` (name), its confidence 0-1, the line of kind, a number (tax id or code)."""

    text: str = ""
    confidence: float = 0.0
    kind_text: str = ""
    number: str = ""
    rivals: tuple[str, ...] = ()
    """Characters of the name that are not sure, each with what it nearly was: ``looked_again``."""
    kind_ink: float = 0.0
    """How inked the place of the line of kind is in a ring where no such line was read."""


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """What stands around the rim in one look; ``name``: the arc that names the company."""

    ink: Floats
    band: Band
    strip: Floats
    arcs: tuple[Arc, ...]
    name: Arc | None

    @property
    def sense(self) -> float:
        """How much the name makes sense."""
        return 0.0 if self.name is None else _sense(self.name.words)

    def depth(self, placed: Ellipse) -> float:
        """Return where the rim ends, in pixels."""
        return 0.6 * self.band.outer * min(placed.long, placed.short)


def read_seal(
    pixels: Pixels, ellipse: Ellipse, shape: str, colour: str, tilt: float = 0.0
) -> SealText:
    """Return what the impression at ``ellipse`` (page pixels) says; empty where nothing is legible.

    ``tilt``: degrees clockwise by which a square is turned.
    """
    patch, placed = _patch(pixels, ellipse)
    if min(patch.shape[:2]) < 24:  # noqa: PLR2004 - pixels
        return SealText()
    looks = _looks(patch, placed, shape, colour, tilt)
    if shape == "square":
        words, rivals = square_words(looks, placed, tilt)
        kind = kind_behind(words.text, rivals)
        return SealText(words.text, words.confidence, kind, rivals=rivals)
    if shape == "triangle":
        return _triangle_told(looks)
    return _round_text(looks, placed)


def _looks(
    patch: Pixels, placed: Ellipse, shape: str, colour: str, tilt: float
) -> Iterator[Floats]:
    """Yield the seal's ink without print, lifted off in one way after another, the best first."""
    if patch.ndim == 3 and colour != "black":  # noqa: PLR2004 - print is another ink
        yield from _there(_by_colour(patch, colour))
        yield lifted(patch, placed)
    else:
        yield lifted(patch, placed)
        yield from _there(_by_tone(patch, placed, shape, tilt))


def _there(looks: Iterator[Floats | None]) -> Iterator[Floats]:
    return (ink for ink in looks if ink is not None)


def _by_colour(patch: Pixels, colour: str) -> Iterator[Floats | None]:
    layers = take_apart(patch, colour)
    yield layers.ink
    yield bridged(layers)


def _by_tone(patch: Pixels, placed: Ellipse, shape: str, tilt: float) -> Iterator[Floats | None]:
    ink = take_apart(patch, "black").ink
    if shape == "triangle":
        yield ink
        return
    ink = without_print(ink, placed, tilt if shape == "square" else None)
    yield ink
    bare = without_rules(ink, placed)
    yield bare
    if shape == "square":
        side = 2 * min(placed.long, placed.short)
        yield without_fine(ink if bare is None else bare, side)


def _round_text(looks: Iterator[Floats], placed: Ellipse) -> SealText:
    """Return what a ring says, looked at again in other ways where the name is not plain."""
    seen: list[_Around] = []
    for ink in looks:
        seen.append(_around(ink, placed))
        if _settled(seen[-1].name):
            break
    best = max(seen, key=lambda a: a.sense)
    told = _middle_told(best, placed)
    rest = [a for a in seen if a.ink is not best.ink and not told.kind_text]
    told = replace(
        told, kind_text=next(filter(None, (_kind_of(a, placed) for a in rest)), told.kind_text)
    )
    if best.name is None:
        return told
    if not told.kind_text and _is_whole(told.text):
        told = replace(told, kind_ink=min(_ink_of_kind(a, placed) for a in seen))
    looked = [_looked(a.strip, a.name) for a in seen if a.name]
    words = max((one.words for one in looked), key=_worth)
    if _worth(words) > _worth(best.name.words):
        told = replace(told, text=ended(words.text), confidence=words.confidence)
    return replace(
        told, rivals=merged(told.text, [(ended(o.words.text), o.rivals) for o in looked])
    )


def _around(ink: Floats, placed: Ellipse) -> _Around:
    """Return the texts around the rim."""
    band = find_band(ink, placed)
    strip = strip_of_band(ink, placed, band)
    arcs = arcs_around(strip)
    named = [a for a in arcs if not a.turned and _CJK.search(a.words.text)]
    named = [a for a in named if not snap_kind(a.words.text) or letters_of(a) > _KIND_LETTERS]
    return _Around(ink, band, strip, tuple(arcs), max(named, key=letters_of, default=None))


def _settled(name: Arc | None) -> bool:
    """Tell whether a name was read so plainly that no other look can better it."""
    if name is None or holes(name.words):
        return False
    words = name.words
    return words.confidence >= (_WHOLE if _is_whole(words.text) else _SURE)


def _is_whole(name: str) -> bool:
    """Tell whether a name runs from a place to a legal form: only then is its middle the top."""
    return name.startswith((*PROVINCES, *CITIES)) and name.endswith(ENDS)


def _middle_told(seen: _Around, placed: Ellipse) -> SealText:
    """Return what is told by the arcs and by the lines of the middle."""
    band, name = seen.band, seen.name
    up = _upward(placed, name)
    covered = [
        (a.start, a.end, band.inner - 0.01)
        for a in seen.arcs
        if a.words.confidence >= _LEGIBLE and len(a.words.text) > 1
    ]
    lines = lines_of(middle_of(seen.ink, placed, seen.depth(placed), covered, up))
    told = _told(name, [a for a in seen.arcs if a is not name], lines)
    if not told.kind_text and name is not None:
        told = replace(told, kind_text=_kind_of(seen, placed))
    if placed.aspect < _OVAL:
        return told
    return replace(told, number=better_number(told.number, number_across(seen.ink, placed, up)))


def _kind_of(seen: _Around, placed: Ellipse) -> str:
    """Return the line of kind, read in bands where no line was seen; empty if none."""
    if seen.name is None:
        return ""
    ways = dict.fromkeys((_upward(placed, seen.name), _upward(placed, _from_place(seen.name))))
    kinds = (kind_in_bands(seen.ink, placed, seen.depth(placed), way) for way in ways)
    return next(filter(None, kinds), "")


def _sense(words: Words) -> float:
    return sense(ended(words.text), words.confidence)


def _worth(words: Words) -> float:
    return _sense(words) - HOLE * holes(words)


def _ink_of_kind(seen: _Around, placed: Ellipse) -> float:
    """Return how inked the place of the line of kind is."""
    depth, way = seen.depth(placed), _upward(placed, seen.name)
    return ink_of_kind(level_middle(seen.ink, placed, depth, way))


def _looked(strip: Floats, name: Arc) -> Looked:
    start, end = (round(place * strip.shape[1]) for place in (name.start, name.end))
    piece = np.concatenate([strip, strip], axis=1)[:, start:end]
    turned = replace(name.words, text=ended(name.words.text))
    return looked_again(turned, [as_print(tightened(piece))], _sense)


def _from_place(name: Arc) -> Arc:
    """Return the arc without a few letters before the name of a place: often strays."""
    text = name.words.text
    spot = min((i for p in (*PROVINCES, *CITIES) if (i := text.find(p)) > 0), default=0)
    if not 0 < spot <= _MOST_BEFORE:
        return name
    return replace(name, start=name.start + (name.end - name.start) * spot / len(text))


def _upward(ellipse: Ellipse, name: Arc | None) -> float:
    """Return the direction (degrees) of the seal's top: the middle of the name, an oval's flat side."""
    seen = -90.0 if name is None else direction_at(ellipse, name.middle)
    if ellipse.aspect < _OVAL:
        return seen
    axis = ellipse.angle + (90 if ellipse.long >= ellipse.short else 0)
    return min((axis, axis + 180), key=lambda a: abs((a - seen + 180) % 360 - 180))


def cut_around(pixels: Pixels, ellipse: Ellipse) -> tuple[Pixels, Ellipse]:
    """Return the page cut around the ellipse with a little room, and the ellipse in it."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = ellipse.bounds
    grow = 0.08 * max(right - left, bottom - top)
    x, y = max(0, int(left - grow)), max(0, int(top - grow))
    x_end, y_end = min(width, int(right + grow) + 1), min(height, int(bottom + grow) + 1)
    patch = np.ascontiguousarray(pixels[y:y_end, x:x_end])
    return patch, replace(ellipse, x=ellipse.x - x, y=ellipse.y - y)


def _patch(pixels: Pixels, ellipse: Ellipse) -> tuple[Pixels, Ellipse]:
    """Return the page cut around the ellipse, small seals enlarged, and the ellipse in it."""
    patch, moved = cut_around(pixels, ellipse)
    small = 120 / max(min(ellipse.long, ellipse.short), 1)
    if small > 1 and patch.size:
        factor = min(small, 3.0)
        patch = np.asarray(
            cv2.resize(patch, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8
        )
        moved = moved.scaled(factor)
    return patch, moved


def _triangle_told(looks: Iterator[Floats]) -> SealText:
    """Return what stands in a triangle, line by line: the name and the line of kind."""
    best = SealText()
    for ink in looks:
        grow = max(1.0, _TRIANGLE / max(ink.shape))
        print_ = as_print(ink)
        if grow > 1:
            print_ = np.asarray(
                cv2.resize(print_, None, fx=grow, fy=grow, interpolation=cv2.INTER_CUBIC), np.uint8
            )
        lines = [words for words in lines_of(print_) if _CJK.search(words.text)]
        kind = next((k for words in lines if (k := snap_kind(words.text))), "")
        name = joined([words for words in lines if not snap_kind(words.text)])
        told = SealText(name.text, name.confidence, kind)
        best = max(best, told, key=lambda t: (bool(t.kind_text), t.confidence))
    return best


def _told(name: Arc | None, others: Sequence[Arc], lines: Sequence[Words]) -> SealText:
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

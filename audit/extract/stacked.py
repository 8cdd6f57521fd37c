"""Labels printed downwards: 购买方 beside a block of the form, one character below another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.extract.labels import Label, Spot, fold
from audit.extract.layout import Sheet, edges, em, runs_down
from audit.model import Box, TextLine


def find_stacked(sheet: Sheet, labels: Iterable[Label], reach: float = 4.0) -> tuple[Spot, ...]:
    """Return labels printed downwards, one character under the other (``购`` / ``买`` / ``方``).

    ``reach``: widest step between two characters, in em. Works on single characters wherever
    they stand in their lines, so a stack that text order glued to its neighbours is found.
    """
    wanted = [(label, word, fold(word)[0]) for label in labels for word in label.synonyms]
    glyphs = _glyphs(sheet, frozenset().union(*(folded for _, _, folded in wanted)))
    spots = []
    for label, synonym, folded in wanted:
        chains = _chains(glyphs, folded, sheet.aspect, reach)
        spots += [_stacked_spot(label, synonym, chain) for chain in chains]
    return tuple(sorted(spots, key=lambda spot: (spot.box.top, spot.box.left)))


@dataclass(frozen=True, slots=True)
class _Glyph:
    x: float
    y: float
    size: float
    line: TextLine
    place: int
    box: Box


def _glyphs(sheet: Sheet, wanted: frozenset[str]) -> dict[str, list[_Glyph]]:
    """Return where the ``wanted`` characters stand."""
    found: dict[str, list[_Glyph]] = {}
    for line in sheet.lines:
        folded, places = fold(line.text)
        if wanted.isdisjoint(folded):
            continue
        size = em(line, sheet.aspect)
        down = runs_down(line, sheet.aspect)
        xs = edges(line)
        for order, (char, place) in enumerate(zip(folded, places, strict=True)):
            if char not in wanted:
                continue
            box = _glyph_box(line, xs, place, (order, len(folded)) if down else None)
            x, y = box.centre
            found.setdefault(char, []).append(_Glyph(x, y, size, line, place, box))
    return found


def _glyph_box(
    line: TextLine,
    xs: tuple[float, ...],
    place: int,
    share: tuple[int, int] | None,
) -> Box:
    if share is None:
        return Box(xs[place], line.box.top, xs[place + 1], line.box.bottom)
    order, count = share
    step = line.box.height / count
    top = line.box.top + order * step
    return Box(line.box.left, top, line.box.right, top + step)


def _chains(
    glyphs: dict[str, list[_Glyph]],
    word: str,
    aspect: float,
    reach: float,
) -> list[tuple[_Glyph, ...]]:
    chains = []
    for first in glyphs.get(word[:1], ()):
        chain = [first]
        for char in word[1:]:
            after = _next_down(glyphs.get(char, ()), chain[-1], aspect, reach)
            if after is None:
                break
            chain.append(after)
        if len(chain) == len(word):
            chains.append(tuple(chain))
    return chains


def _next_down(
    among: Sequence[_Glyph],
    last: _Glyph,
    aspect: float,
    reach: float,
) -> _Glyph | None:
    fit = [
        glyph
        for glyph in among
        if abs(glyph.x - last.x) <= 0.7 * last.size
        and 0.4 * last.size <= (glyph.y - last.y) * aspect <= reach * last.size
    ]
    return min(fit, key=lambda glyph: glyph.y, default=None)


def _stacked_spot(label: Label, synonym: str, chain: Sequence[_Glyph]) -> Spot:
    box = chain[0].box
    for glyph in chain[1:]:
        box = box.union(glyph.box)
    lines = tuple(dict.fromkeys(glyph.line for glyph in chain))
    last = chain[-1]
    return Spot(label, synonym, box, lines, (last.line, last.place + 1), em=last.size)

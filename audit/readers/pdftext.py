"""Text lines of a PDF page: runs on one baseline without a wide gap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audit.model import Box, Origin, TextLine
from audit.readers.pdfchars import Char
from audit.readers.pdfspace import clipped, turned_box

#: Widest gap (em) inside a run: within one text object, and between two.
_GAP_INSIDE, _GAP_BETWEEN = 0.9, 0.35
#: A gap this wide (em) between two text objects reads as a blank.
_GAP_BLANK = 0.3
#: A gap this wide (em) may hold another run.
_GAP_FILLED = 0.45
_OVERLAP = -0.5
#: How far baselines of one line differ (em).
_LEVEL = 0.25
#: Ascent and descent of ordinary print (em), and how far ink may leave them.
_ASCENT, _DESCENT, _TOLERANCE = 0.88, 0.14, 0.3
_QUARTER, _TURN = 90, 360
_STRAIGHT = 5.0


@dataclass(slots=True)
class _Run:
    """Characters that follow each other on one baseline; ``em`` as a fraction of the width."""

    chars: list[Char]
    em: float
    rise: float
    """One em as a fraction of the height."""

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @property
    def base(self) -> float:
        return self.chars[0].base


def lines_of(
    chars: Sequence[Char], width: float, height: float, origin: Origin
) -> tuple[TextLine, ...]:
    """Return the lines that ``chars`` make on an upright page of this size in points."""
    found: list[TextLine] = []
    straight: dict[int, list[Char]] = {}
    slanted: dict[int, list[Char]] = {}
    for char in chars:
        quarter = round(char.turn / _QUARTER) * _QUARTER
        if abs(char.turn - quarter) <= _STRAIGHT:
            straight.setdefault(quarter % _TURN, []).append(char)
        else:
            slanted.setdefault(char.run.key, []).append(char)
    for turn, group in straight.items():
        flat = group if turn == 0 else [_straightened(c, turn) for c in group]
        size = (width, height) if turn % 180 == 0 else (height, width)
        lines = (_line(run, origin) for run in _merged(_parted(_runs(flat, *size))))
        found += [_turned_back(line, turn) for line in lines if line is not None]
    found += [_slanted_line(group, origin) for group in slanted.values()]
    return _once(line for line in found if line.text.strip())


def _once(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """Drop what is painted twice on one place to look bold."""
    kept: dict[tuple[str, int, int], TextLine] = {}
    for line in lines:
        place = (line.text, round(line.box.left * 250), round(line.box.top * 250))
        kept.setdefault(place, line)
    return tuple(kept.values())


def _straightened(char: Char, turn: int) -> Char:
    box = turned_box(Box(char.left, char.top, char.right, char.bottom), _TURN - turn)
    return replace(
        char, left=box.left, right=box.right, top=box.top, bottom=box.bottom,
        base=box.bottom - 0.14 * box.height, tight=(box.top, box.bottom),
    )  # fmt: skip


def _turned_back(line: TextLine, turn: int) -> TextLine:
    if turn == 0:
        return line
    box = turned_box(line.box, turn)
    return replace(line, box=clipped(box), char_edges=(), angle=float(turn))


def _slanted_line(group: Sequence[Char], origin: Origin) -> TextLine:
    box = Box(
        min(c.left for c in group),
        min(c.top for c in group),
        max(c.right for c in group),
        max(c.bottom for c in group),
    )
    text = "".join((" " if c.blank and i else "") + c.text for i, c in enumerate(group))
    return TextLine(text, clipped(box), origin, angle=group[0].turn)


def _runs(chars: Iterable[Char], width: float, height: float) -> list[_Run]:
    runs: list[_Run] = []
    for char in chars:
        size = max(char.run.size, 1.0)
        em, rise = size / width, size / height
        last = runs[-1] if runs else None
        if last is not None and _continues(last, char, em, rise):
            last.chars.append(char)
        else:
            runs.append(_Run([char], em, rise))
    return runs


def _continues(run: _Run, char: Char, em: float, rise: float) -> bool:
    before = run.chars[-1]
    if abs(char.base - before.base) > _LEVEL * max(rise, run.rise):
        return False
    if not 1 / 2.2 < rise / run.rise < 2.2:  # noqa: PLR2004 - print of quite another size
        return False
    gap = (char.left - before.right) / em
    widest = _GAP_INSIDE if char.run.key == before.run.key else _GAP_BETWEEN
    return _OVERLAP <= gap <= widest and char.left > before.left - 0.1 * em


def _parted(runs: Sequence[_Run]) -> list[_Run]:
    """Part runs where another stands in their gap: form labels ``月  日`` around the figures."""
    found: list[_Run] = []
    for run in runs:
        start = 0
        for place, (before, char) in enumerate(pairwise(run.chars), 1):
            wide = char.left - before.right > _GAP_FILLED * run.em
            if wide and any(_stands_in(other, run, before.right, char.left) for other in runs):
                found.append(_Run(run.chars[start:place], run.em, run.rise))
                run.chars[place] = replace(char, blank=False)
                start = place
        found.append(_Run(run.chars[start:], run.em, run.rise))
    return found


def _stands_in(other: _Run, run: _Run, left: float, right: float) -> bool:
    middle = (other.left + other.right) / 2
    level = abs(other.base - run.base) <= _LEVEL * max(run.rise, other.rise)
    return other is not run and level and left < middle < right


def _merged(runs: Sequence[_Run]) -> list[_Run]:
    """Join runs of one baseline that touch, whatever the order in which they were painted."""
    kept: list[_Run] = []
    open_runs: list[_Run] = []
    for run in sorted(runs, key=lambda r: (r.left, r.base)):
        open_runs = [r for r in open_runs if r.right >= run.left - r.em]
        mate = next((r for r in open_runs if _touches(r, run)), None)
        if mate is None:
            kept.append(run)
            open_runs.append(run)
        else:
            mate.chars.extend(run.chars)
    return kept


def _touches(one: _Run, other: _Run) -> bool:
    level = abs(one.chars[-1].base - other.base) <= _LEVEL * max(one.rise, other.rise)
    gap = (other.left - one.right) / max(one.em, other.em)
    alike = 1 / 1.5 < one.rise / other.rise < 1.5  # noqa: PLR2004 - print of one size
    return level and alike and -0.3 <= gap <= _GAP_BETWEEN  # noqa: PLR2004


def _line(run: _Run, origin: Origin) -> TextLine | None:
    text: list[str] = []
    edges: list[float] = []
    for before, char in pairwise([None, *run.chars]):
        assert char is not None
        if before is not None:
            gap = (char.left - before.right) / run.em
            apart = gap > _GAP_BLANK and char.run.key != before.run.key
            if char.blank or apart:
                text.append(" ")
                edges.append(min(before.right, char.left))
        text.append(char.text)
        edges.append(char.left)
    edges.append(run.right)
    if not math.isfinite(sum(edges)):
        return None
    top, bottom = _extent(run)
    box = Box(edges[0], top, max(edges), bottom)
    inside = clipped(box)
    if inside.width <= 0 or inside.height <= 0:
        return None
    # A supplementary character is one text position in Python, so edges count characters.
    return TextLine("".join(text), inside, origin, char_edges=_rising(edges))


def _rising(edges: Sequence[float]) -> tuple[float, ...]:
    found: list[float] = []
    for edge in edges:
        x = min(max(edge, 0.0), 1.0)
        found.append(max(x, found[-1]) if found else x)
    return tuple(found)


def _extent(run: _Run) -> tuple[float, float]:
    top, bottom = run.base - _ASCENT * run.rise, run.base + _DESCENT * run.rise
    ink_top = min(c.tight[0] for c in run.chars)
    ink_bottom = max(c.tight[1] for c in run.chars)
    spare = _TOLERANCE * run.rise
    if ink_top >= top - spare and ink_bottom <= bottom + spare:
        return min(top, ink_top), max(bottom, ink_bottom)
    return ink_top, max(ink_bottom, ink_top + 0.3 * run.rise)

"""Boxes to tick on a scanned form: found by their frames, ticked where there is ink inside.

Text recognition drops ☑ or takes it for anything; an empty □ it mostly reads. So the frames are
sought in the pixels: white regions that short straight strokes enclose (the diagonal strokes of
a tick do not), and the mark is written into the text line at its place: ☑, □, or nothing where
the ink inside decides neither way.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from audit.model import Box, TextLine
from audit.recognise.ocr.boxes import Grey

Mask = npt.NDArray[np.uint8]

TICKED, EMPTY = "☑", "□"
#: What recognition makes of a box, empty or ticked.
_BOX_LIKE = frozenset("□☐☑☒■▣◻口囗日曰回区図凶网冈√✓")
#: Those of them that enclose a white region themselves.
_FRAMED = frozenset("口囗日曰回図")
#: A page with fewer boxes read than this is no form.
_LEAST_BOXES = 2
#: Side of a frame's inner region against the height of a line of text.
_SMALLEST, _LARGEST = 0.2, 0.95
#: Straight strokes at least this long (line heights) may be the side of a frame.
_STROKE = 0.26
_SQUARE, _FULL = 0.6, 0.6
#: Ink inside a frame (inner part): below this it is empty, above that it is ticked.
_CLEAN, _INKED = 0.03, 0.07
_INSET = 0.18
_CONTRAST = 22
#: A character's middle this near to a frame's (in characters) is the frame itself read as text.
_SAME_PLACE = 0.5
#: Steps between characters within this share of a character's width are usual; less is backwards.
_USUAL, _BACKWARDS = 0.15, 0.2
#: How far left of a line (in characters) its first box may stand.
_BEFORE = 1.8


@dataclass(frozen=True, slots=True)
class Frame:
    """A box to tick: where it stands (fractions), and whether there is ink in it."""

    box: Box
    ticked: bool | None


def mark_boxes(grey: Grey, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Return the lines with the boxes to tick of the page written into them as ☑ and □."""
    read = sum(line.text.count(EMPTY) for line in lines)
    if read < _LEAST_BOXES:
        return tuple(lines)
    frames = find_frames(grey, lines)
    marked = [list[Frame]() for _ in lines]
    for frame in frames:
        home = _home(frame, lines)
        if home is not None:
            marked[home].append(frame)
    aspect = grey.shape[0] / grey.shape[1]
    seen = 2 * len(frames) >= read
    return tuple(
        _marked(_unproven(line, found) if seen else line, found, aspect)
        for line, found in zip(lines, marked, strict=True)
    )


def _unproven(line: TextLine, frames: Sequence[Frame]) -> TextLine:
    """Return the line without boxes whose frame was not found: ink may cover it, so it is open."""
    if EMPTY not in line.text or len(line.char_edges) != len(line.text) + 1:
        return line
    em = _em(line)
    middles = _middles(line, em)
    places = [frame.box.centre[0] for frame in frames]
    text = "".join(
        " " if c == EMPTY and not any(abs(m - x) < em for x in places) else c
        for c, m in zip(line.text, middles, strict=True)
    )
    return replace(line, text=text) if text != line.text else line


def find_frames(grey: Grey, lines: Sequence[TextLine]) -> list[Frame]:
    """Return the square frames of about the size of a character."""
    rows, columns = grey.shape
    heights = [line.box.height * rows for line in lines if len(line.text) > 1]
    if not heights:
        return []
    height = statistics.median(heights)
    paper = cv2.blur(grey, (41, 41)).astype(np.int16)
    ink = np.asarray((grey.astype(np.int16) < paper - _CONTRAST) * 255, np.uint8)
    length = max(5, round(_STROKE * height))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    strokes = cv2.dilate(cv2.bitwise_or(across, down), np.ones((2, 2), np.uint8))
    found = cv2.connectedComponentsWithStats(np.asarray(255 - strokes, np.uint8), connectivity=4)
    frames = []
    for left, top, wide, high, area in found[2][1:].tolist():
        low, large = sorted((wide, high))
        size = _SMALLEST * height <= low and large <= _LARGEST * height
        if size and low >= _SQUARE * large and area >= _FULL * wide * high:
            ticked = _inked(ink[top : top + high, left : left + wide])
            box = Box(left / columns, top / rows, (left + wide) / columns, (top + high) / rows)
            frames.append(Frame(box, ticked))
    return [f for f in frames if not any(_inside(f, other) for other in frames)]


def _inside(frame: Frame, other: Frame) -> bool:
    """Tell whether a frame is a corner that a tick cuts off another one."""
    larger = other.box.area > frame.box.area
    return larger and other.box.contains_point(*frame.box.centre)


def _inked(inside: Mask) -> bool | None:
    rows, columns = inside.shape
    y, x = max(1, round(_INSET * rows)), max(1, round(_INSET * columns))
    share = float((inside[y : rows - y, x : columns - x] > 0).mean())
    if share < _CLEAN:
        return False
    return True if share > _INKED else None


def _home(frame: Frame, lines: Sequence[TextLine]) -> int | None:
    """Return the line a frame stands in or right before."""
    x, y = frame.box.centre
    best: tuple[float, int] | None = None
    for i, line in enumerate(lines):
        if not line.box.top <= y <= line.box.bottom or len(line.char_edges) != len(line.text) + 1:
            continue
        before = _BEFORE * _em(line)
        if line.box.left - before <= x <= line.box.right + 0.3 * before:
            distance = max(line.box.left - x, 0.0)
            if best is None or distance < best[0]:
                best = (distance, i)
    return best[1] if best is not None else None


def _em(line: TextLine) -> float:
    """Return the usual width of a wide character of the line (fraction of the page)."""
    placed = len(line.char_edges) == len(line.text) + 1
    widths = [
        b - a
        for char, (a, b) in zip(line.text, itertools.pairwise(line.char_edges), strict=False)
        if placed and ord(char) > 0x2E7F  # noqa: PLR2004 - ideographs and full-width signs
    ]
    if widths:
        # Spans beside something dropped are too wide, so the lower quarter tells.
        return max(sorted(widths)[len(widths) // 4], 1e-5)
    return max(line.box.width / max(len(line.text), 1), 1e-5)


def _marked(line: TextLine, frames: Sequence[Frame], aspect: float) -> TextLine:
    """Return the line with its boxes written in, or taken out where their ink decides nothing."""
    if not frames:
        return line
    em = min(_em(line), line.box.height * aspect)
    middles = _middles(line, em)
    text = list(line.text)
    added: dict[int, list[Frame]] = {}
    for frame in sorted(frames, key=lambda f: f.box.left):
        x = frame.box.centre[0]
        printed = (i for i, char in enumerate(line.text) if not char.isspace())
        near = min(printed, key=lambda i: abs(middles[i] - x), default=None)
        if near is not None and abs(middles[near] - x) < _SAME_PLACE * em:
            if line.text[near] in _BOX_LIKE and _before_text(line.text, near):
                text[near] = _sign(frame) or " "
            continue  # else a character that only looks like a frame: 国, 回
        if frame.ticked is not None:
            added.setdefault(sum(m < x for m in middles), []).append(frame)
    return _with_added(replace(line, text="".join(text)), added)


def _sign(frame: Frame) -> str:
    return "" if frame.ticked is None else TICKED if frame.ticked else EMPTY


def _with_added(line: TextLine, added: Mapping[int, Sequence[Frame]]) -> TextLine:
    """Return the line with boxes put in before its characters (by index), last ones first."""
    text, edges, box = line.text, list(line.char_edges), line.box
    for at in sorted(added, reverse=True):
        for frame in reversed(added[at]):
            text = text[:at] + _sign(frame) + text[at:]
            edges[at : at + 1] = [min(frame.box.left, edges[at]), max(frame.box.right, edges[at])]
            box = replace(
                box, left=min(box.left, frame.box.left), right=max(box.right, frame.box.right)
            )
    return replace(line, text=text, char_edges=tuple(itertools.accumulate(edges, max)), box=box)


def _before_text(text: str, at: int) -> bool:
    """Tell whether a box-like character may be a box: one without a frame of its own, or first."""
    if text[at] not in _FRAMED:
        return True
    return at == 0 or text[at - 1].isspace() or text[at - 1] in ",，、;；:："


def _middles(line: TextLine, em: float) -> list[float]:
    """Return where the characters' middles are.

    Inner edges lie midway between recognised characters, so each middle follows from its
    neighbour's, and only where the chain begins is open: at the ink's left or right end, or
    where it makes some step one character wide. The begin that makes most steps so wide, and
    none backwards, is believed.
    """
    edges = line.char_edges
    first = edges[0] + _width(line.text[0], em) / 2
    chain = _chain(edges, first)
    steps = [b - a for a, b in itertools.pairwise(chain)]
    last = edges[-1] - _width(line.text[-1], em) / 2
    side = 1 if len(chain) % 2 else -1
    shifts = [0.0, side * (last - chain[-1])]
    shifts += [(step - em) / 2 if k % 2 == 0 else (em - step) / 2 for k, step in enumerate(steps)]

    def fitting(shift: float) -> tuple[bool, int, float]:
        moved = [step - 2 * shift * (1 if k % 2 == 0 else -1) for k, step in enumerate(steps)]
        usual = sum(abs(step - em) <= _USUAL * em for step in moved)
        return min(moved, default=0.0) > _BACKWARDS * em, usual, -abs(shift)

    best = max(shifts, key=fitting)
    return _chain(edges, first + best)


def _chain(edges: Sequence[float], first: float) -> list[float]:
    middles = [first]
    for edge in edges[1:-1]:
        middles.append(2 * edge - middles[-1])
    return middles


def _width(char: str, em: float) -> float:
    return em if ord(char) > 0x2000 else em / 2  # noqa: PLR2004 - all that is not Latin

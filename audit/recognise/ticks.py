"""Boxes to tick on a scanned form: found by their frames, ticked where there is ink inside.

Text recognition drops ☑ or takes it for anything; an empty □ it mostly reads. So the frames are
sought in the pixels: white regions that short straight strokes enclose (the diagonal strokes of
a tick do not), and the mark is written into the text line at its place: ☑, □, or nothing where
the ink inside decides neither way.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
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
#: A page with fewer boxes read than this is no form.
_LEAST_BOXES = 2
#: Side of a frame's inner region against the height of a line of text.
_SMALLEST, _LARGEST = 0.2, 0.95
#: Straight strokes at least this long (line heights) may be the side of a frame.
_STROKE = 0.26
_SQUARE, _FULL = 0.72, 0.8
#: Ink inside a frame (inner part): below this it is empty, above that it is ticked.
_CLEAN, _INKED = 0.03, 0.07
_INSET = 0.18
_CONTRAST = 22
#: A character's middle this near to a frame's (in characters) is the frame itself read as text.
_SAME_PLACE = 0.5
#: Wider than this (in characters) a span holds more than its character.
_WIDE = 1.12
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
    return frames


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
    widths = [
        b - a
        for char, (a, b) in zip(line.text, itertools.pairwise(line.char_edges), strict=True)
        if ord(char) > 0x2E7F  # noqa: PLR2004 - ideographs and full-width signs
    ]
    if widths:
        return max(statistics.median(widths), 1e-5)
    return max(line.box.width / max(len(line.text), 1), 1e-5)


def _marked(line: TextLine, frames: Sequence[Frame], aspect: float) -> TextLine:
    em = min(_em(line), line.box.height * aspect)
    for frame in sorted(frames, key=lambda f: -f.box.left):
        line = _with_mark(line, frame, em)
    return line


def _with_mark(line: TextLine, frame: Frame, em: float) -> TextLine:
    """Return the line with one box written in, or taken out where its ink decides nothing."""
    x = frame.box.centre[0]
    middles = _middles(line, em)
    printed = (i for i, char in enumerate(line.text) if not char.isspace())
    near = min(printed, key=lambda i: abs(middles[i] - x), default=None)
    taken = near is not None and abs(middles[near] - x) < _SAME_PLACE * em
    mark = "" if frame.ticked is None else TICKED if frame.ticked else EMPTY
    if taken and near is not None:
        if line.text[near] not in _BOX_LIKE or not _before_text(line.text, near):
            return line  # a character that only looks like a frame: 国, 回
        return _replaced(line, near, mark)
    if frame.ticked is None:
        return line
    return _inserted(line, sum(m < x for m in middles), mark, frame.box)


def _before_text(text: str, at: int) -> bool:
    """Tell whether a box-like character may be a box: a true box, or not amid other characters."""
    if text[at] in "□☐☑☒■▣◻√✓":
        return True
    return at == 0 or text[at - 1].isspace() or text[at - 1] in ",，、;；:："


def _middles(line: TextLine, em: float) -> list[float]:
    """Return where the characters' middles are.

    Edges lie midway between recognised characters, so what was dropped between two of them
    widens both: there the outer edges tell the middles.
    """
    spans = list(itertools.pairwise(line.char_edges))
    wide = [b - a > _WIDE * em for a, b in spans]
    middles = []
    for i, (left, right) in enumerate(spans):
        gap_before = wide[i] and (i == 0 or wide[i - 1])
        gap_after = wide[i] and (i == len(spans) - 1 or wide[i + 1])
        if gap_before == gap_after:
            middles.append((left + right) / 2)
        else:
            middles.append(right - em / 2 if gap_before else left + em / 2)
    return middles


def _replaced(line: TextLine, at: int, mark: str) -> TextLine:
    text = line.text[:at] + (mark or " ") + line.text[at + 1 :]
    return replace(line, text=text)


def _inserted(line: TextLine, at: int, mark: str, box: Box) -> TextLine:
    edges = line.char_edges
    left = min(box.left, edges[at + 1]) if at + 1 < len(edges) else box.left
    kept = (*edges[:at], left, max(box.right, left), *edges[at + 1 :])
    text = line.text[:at] + mark + line.text[at:]
    wide = replace(
        line.box, left=min(line.box.left, box.left), right=max(line.box.right, box.right)
    )
    ordered = tuple(itertools.accumulate(kept, max))
    return replace(line, text=text, char_edges=ordered, box=wide)

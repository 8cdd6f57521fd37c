"""Stamps with a word on them (附件, 作废, 现金付讫, 与原件一致 …): marks, never a company's seal.

A plain rectangular frame in coloured ink, or a line of coloured print, counts only if it says one
of the words that such stamps carry; so does a ring or square that names no company.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from audit.model import Box, Impression, Origin, TextLine
from audit.recognise.ocr.recognise import CAREFUL, NOTHING, Words, read_strip
from audit.recognise.seals.ink import Floats, InkMap, Mask, Pixels, without_lines
from audit.recognise.seals.kinds import ENDS
from audit.recognise.seals.lettering import coloured_share
from audit.recognise.seals.lift import Grey, as_print, bridged, take_apart
from audit.recognise.seals.middle import lines_of
from audit.text.places import CITIES, PROVINCES

#: What stamps say, the longest first: of two that fit the longer is meant.
STAMPS = (
    "复印件与原件核对无误", "与原件核对一致", "与原件核对无误", "再次复印无效", "复印件与原件一致",
    "复印件与原件相符", "与原件一致", "与原件相符", "原件已核对", "核对无误", "原件核对", "复印无效",
    "现金付讫", "现金收讫", "银行付讫", "银行收讫", "转账付讫", "转账收讫", "已核销", "已报销",
    "已入账", "已记账", "已收讫", "已付讫", "已付款", "已收款", "已审核", "已作废", "付讫", "收讫",
    "附件", "作废", "副本", "样本",
)  # fmt: skip
VOID = "作废"
#: Letters of 年月日 and of a clerk's name that may stand beside the word; a longer word may have
#: one letter spoilt.
_MOST_BESIDE, _SPOILT_FROM = 4, 4
_DATE = re.compile(r"(?:19|20)\d\d\D{1,2}(?:0?[1-9]|1[0-2])\D{1,2}(?:[0-2]?\d|3[01])\D{0,2}")
DATE = "日期"
_CJK = re.compile(r"[\u3400-\u9fff]")
_OF_DATE = re.compile(r"[年月日]")
#: Longer and shorter side as shares of an A4 page's width (210 mm): 10-84 mm and 5-36 mm.
_LONGER, _SHORTER = (0.048, 0.4), (0.024, 0.17)
_ASPECT = (1.15, 8.0)
#: Share of every side that is inked; of the rectangle that its outline fills; of its inside inked.
_SIDES, _FILLED, _INSIDE = 0.75, 0.88, (0.03, 0.7)
#: The same of the hull of letters without frame; how far apart they are at the most, in working
#: pixels of an eighth of a millimetre; so many places are read.
_FILLED_BARE, _LETTERS_APART, _MOST_BARE = 0.75, 21, 6
#: A colour with more frames than this is that of a form, not of stamps: no more are read.
_MOST_FRAMES = 64
_STEPS, _SAME, _CLOSED = 60, 0.45, 3
#: Lines read at least this surely are known print; so much of its ink makes a place print.
_WELL_READ, _PRINTED = 0.9, 0.9
#: The frame, as a share of the shorter side; a line that is coloured so far is a stamp's.
_FRAME, _COLOURED = 0.11, 0.5
_LEGIBLE = 0.2
_SURE, _SURE_LETTERS = 0.6, 3
#: A ring or square that says more than so many letters stays a seal, whatever frame is seen there.
_WORDY = 6
#: A frame less wide than so many heights may hold a date below the word, which is so high.
_TWO_LINES, _UPPER = 3.2, 0.58


@dataclass(frozen=True, slots=True)
class _Frame:
    """A rectangle in page pixels: centre, longer and shorter side, degrees clockwise."""

    x: float
    y: float
    long: float
    short: float
    angle: float

    @property
    def corners(self) -> np.ndarray:
        """The four corners in pixels."""
        return np.asarray(
            cv2.boxPoints(((self.x, self.y), (self.long, self.short), self.angle)), np.float32
        )


def stamp_word(text: str) -> str:
    """Return the word of a stamp that a short text is, dates and a name beside it; else nothing.

    A text that names a company or a place is none: that is a seal.
    """
    bare = _OF_DATE.sub("", "".join(_CJK.findall(text)))
    for word in STAMPS:
        if word in bare and len(bare) - len(word) <= _MOST_BESIDE:
            return "" if names_somebody(bare.replace(word, "")) else word
    for word in STAMPS:
        if len(word) >= _SPOILT_FROM and len(bare) == len(word) and _nearly(bare, word):
            return word
    return DATE if not bare and _DATE.search(text) else ""


def names_somebody(text: str) -> bool:
    """Tell whether a text names a company, a place or a seal's kind, or is a person's seal."""
    known = any(end in text for end in (*ENDS, "专用章"))
    return known or text.startswith((*PROVINCES, *CITIES)) or text.endswith("印")


def word_in_ring(text: str, confidence: float, shape: str, colour: str) -> str:
    """Return the word of a stamp that a ring or square is, if it says that surely and no more.

    A company's seal must never be taken for one: of a ring whose name is not read, print under
    it may be all that is legible, so short words and black ink prove nothing.
    """
    word = stamp_word(text)
    short = len(word) < _SURE_LETTERS and shape != "square"
    if confidence < _SURE or colour == "black" or word == DATE or short:
        return ""
    return word


def _nearly(read: str, word: str) -> bool:
    return sum(a != b for a, b in zip(read, word, strict=True)) <= 1


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page: its pixels, the maps of its coloured inks, and its text where it was read."""

    pixels: Pixels
    inks: tuple[InkMap, ...]
    lines: Sequence[TextLine] = ()


def with_stamps(
    sheet: Sheet, found: Sequence[Impression], declared: Sequence[Box]
) -> tuple[Impression, ...]:
    """Return what was found, and the stamps; an outline that names nobody may be a stamp's.

    ``declared``: where the file itself says that seals are.
    """
    firm = [i.box for i in found if names_somebody(i.kind_text + i.text) or _wordy(i.text)]
    stamps = find_stamps(sheet, [*firm, *declared], [i.box for i in found])
    pressed = [one.box for one in stamps]
    return (*(i for i in found if i.box in firm or _free(i.box, pressed)), *stamps)


def _wordy(text: str) -> bool:
    return len(_CJK.findall(text)) > _WORDY


def find_stamps(
    sheet: Sheet, taken: Sequence[Box] = (), seals: Sequence[Box] = ()
) -> tuple[Impression, ...]:
    """Return the stamps of a page: framed ones, and words in coloured ink without a frame.

    ``taken``: where no frame is looked at, since a seal is known there; ``seals``: every outline
    that may be a seal: a line in one is its lettering, unless it says 作废 across it. Black ink
    is not looked at: a frame may be a cell of a table, a word a heading.
    """
    pixels = sheet.pixels
    found: list[Impression] = []
    for ink in sheet.inks:
        for frame in itertools.islice(_frames(ink), _MOST_FRAMES):
            if _free(_box(frame.corners, pixels), [*taken, *(f.box for f in found)]):
                found += _pressed(pixels, frame, ink.colour, _LEGIBLE)
        for frame in _bare(ink, [*seals, *(f.box for f in found)], _print(sheet.lines)):
            found += [f for f in _pressed(pixels, frame, ink.colour, _SURE) if f.kind_text != DATE]
        for line in sheet.lines:
            word = stamp_word(line.text)
            known = [*(f.box for f in found), *(seals if word != VOID else ())]
            if word in {"", DATE} or not _free(line.box, known):
                continue
            if coloured_share(line.box, pixels, ink.colour) >= _COLOURED:
                words = Words(line.text, line.confidence)
                found.append(_stamp(line.box, ink.colour, words, word))
    return tuple(found)


def _pressed(pixels: Pixels, frame: _Frame, colour: str, least: float) -> list[Impression]:
    """Return the stamp in a frame, if it says a stamp's word as surely as ``least``."""
    words = _said(pixels, frame, colour)
    word = stamp_word(words.text)
    if not word or words.confidence < least:
        return []
    return [_stamp(_box(frame.corners, pixels), colour, words, word)]


def _free(box: Box, others: Sequence[Box]) -> bool:
    return all(box.overlap(other) < _SAME for other in others)


def _stamp(box: Box, colour: str, words: Words, word: str) -> Impression:
    return Impression(
        box=box,
        shape="other",
        colour=colour,
        mark="stamp",
        text=words.text,
        text_confidence=words.confidence,
        kind_text=word,
    )


def _frames(ink: InkMap) -> Iterator[_Frame]:
    """Yield the plain rectangular frames of a colour."""
    width = ink.mask.shape[1]
    kernel = np.ones((_CLOSED, _CLOSED), np.uint8)
    for mask in (ink.mask, ink.bold):
        if mask is None:
            continue
        near = np.asarray(cv2.dilate(mask, np.ones((5, 5), np.uint8)), np.uint8)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            frame = _frame_of(contour, width)
            if frame is not None and _framed(mask, near, frame):
                one = 1 / ink.scale
                yield _Frame(
                    frame.x * one, frame.y * one, frame.long * one, frame.short * one, frame.angle
                )


def _print(lines: Sequence[TextLine]) -> list[Box]:
    """Return where print stands that was read for sure: a title in red ink says what it says."""
    issued = (Origin.TEXT_LAYER, Origin.OFD)
    return [one.box for one in lines if one.origin in issued or one.confidence >= _WELL_READ]


def _is_print(mask: Mask, frame: _Frame, lines: Sequence[Box]) -> bool:
    """Tell whether nearly all ink of a frame (working scale) is that of lines read for sure."""
    height, width = mask.shape
    low, high = frame.corners.min(axis=0), frame.corners.max(axis=0)
    left, top = (max(0, int(v)) for v in low)
    part = mask[top : int(high[1]) + 1, left : int(high[0]) + 1].copy()
    inked = cv2.countNonZero(part)
    for box in lines:
        rows = slice(
            max(0, int(box.top * height) - top), max(0, int(box.bottom * height) + 2 - top)
        )
        part[
            rows, max(0, int(box.left * width) - left) : max(0, int(box.right * width) + 2 - left)
        ] = 0
    return cv2.countNonZero(part) <= (1 - _PRINTED) * inked


def _bare(ink: InkMap, known: Sequence[Box], lines: Sequence[Box]) -> Iterator[_Frame]:
    """Yield rectangles around ink outside of ``known`` and ``lines``: words without frame."""
    mask = ink.mask.copy()
    height, width = mask.shape
    for box in known:
        rows = slice(int(box.top * height), int(box.bottom * height) + 1)
        mask[rows, int(box.left * width) : int(box.right * width) + 1] = 0
    together = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LETTERS_APART, _LETTERS_APART))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, together)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    fitting = (frame for c in contours if (frame := _frame_of(c, width, _FILLED_BARE)) is not None)
    one = 1 / ink.scale
    letters = without_lines(mask)
    unread = (frame for frame in fitting if not _is_print(letters, frame, lines))
    for frame in itertools.islice(unread, _MOST_BARE):
        # Cut as a frame is, the inset falls outside of the letters.
        room = frame.short / (1 - 2 * _FRAME) - frame.short
        long_, short = frame.long + room, frame.short + room
        yield _Frame(frame.x * one, frame.y * one, long_ * one, short * one, frame.angle)


def _frame_of(contour: cv2.typing.MatLike, width: int, filled: float = _FILLED) -> _Frame | None:
    """Return the rectangle that an outline at working scale fills, if it is one of fitting size."""
    (x, y), (one, other), angle = cv2.minAreaRect(contour)
    if one < other:
        one, other, angle = other, one, angle + 90
    if not _LONGER[0] * width <= one <= _LONGER[1] * width:
        return None
    if not _SHORTER[0] * width <= other <= _SHORTER[1] * width:
        return None
    if not _ASPECT[0] <= one / other <= _ASPECT[1]:
        return None
    if cv2.contourArea(cv2.convexHull(contour)) < filled * one * other:
        return None
    return _Frame(x, y, one, other, (angle + 90) % 180 - 90)


def _framed(mask: Mask, near: Mask, frame: _Frame) -> bool:
    """Tell whether four sides are inked (``near``: grown) and the inside neither blank nor full."""
    corners = frame.corners
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        steps = np.linspace(0.05, 0.95, _STEPS, dtype=np.float32)[:, None]
        places = np.rint(start + (end - start) * steps).astype(int)
        x = np.clip(places[:, 0], 0, mask.shape[1] - 1)
        y = np.clip(places[:, 1], 0, mask.shape[0] - 1)
        if float((near[y, x] > 0).mean()) < _SIDES:
            return False
    middle = corners.mean(axis=0)
    inner = np.rint(middle + (corners - middle) * 0.72).astype(np.int32)
    (left, top), (right, bottom) = np.maximum(inner.min(axis=0), 0), inner.max(axis=0) + 1
    part = mask[top:bottom, left:right]
    area = np.zeros_like(part)
    cv2.fillPoly(area, [inner - np.array([left, top], np.int32)], (1,))
    return _INSIDE[0] <= float(cv2.mean(part, area)[0]) <= _INSIDE[1]


def _said(pixels: Pixels, frame: _Frame, colour: str) -> Words:
    """Return what stands in a frame, either way up: in one line, else in several."""
    level = _levelled(pixels, frame, colour)
    best = NOTHING
    for side in (level, np.ascontiguousarray(level[::-1, ::-1])):
        for words in _readings(as_print(side)):
            word = stamp_word(words.text)
            if word and word != DATE:
                return words
            best = words if word else best
    return best


def _readings(grey: Grey) -> Iterator[Words]:
    """Yield what a small picture says in one line, then in several, then in its upper part."""
    words = read_strip(grey, CAREFUL)
    if words.confidence >= _LEGIBLE:
        yield words
    several = [one for one in lines_of(grey) if one.confidence >= _LEGIBLE]
    if several:
        yield Words("".join(one.text for one in several), min(one.confidence for one in several))
    if grey.shape[1] < _TWO_LINES * grey.shape[0]:
        upper = read_strip(np.ascontiguousarray(grey[: round(_UPPER * grey.shape[0])]), CAREFUL)
        if upper.confidence >= _LEGIBLE:
            yield upper


def _levelled(pixels: Pixels, frame: _Frame, colour: str) -> Floats:
    """Return the ink inside the frame, level, the frame left out."""
    low, high = frame.corners.min(axis=0), frame.corners.max(axis=0)
    room = 0.1 * frame.short
    x, y = (max(0, int(v - room)) for v in low)
    patch = np.ascontiguousarray(pixels[y : int(high[1] + room) + 1, x : int(high[0] + room) + 1])
    layers = take_apart(patch, colour)
    other = bridged(layers)
    ink = layers.ink if other is None else other
    inset = _FRAME * frame.short
    wide, tall = (max(8, round(side - 2 * inset)) for side in (frame.long, frame.short))
    turn = cv2.getRotationMatrix2D((frame.x - x, frame.y - y), frame.angle, 1.0)
    turn[:, 2] += np.array([wide / 2 - (frame.x - x), tall / 2 - (frame.y - y)])
    return np.asarray(cv2.warpAffine(ink, turn, (wide, tall), flags=cv2.INTER_LINEAR), np.float32)


def _box(corners: np.ndarray, pixels: Pixels) -> Box:
    height, width = pixels.shape[:2]
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Box(
        round(max(0.0, float(low[0]) / width), 4), round(max(0.0, float(low[1]) / height), 4),
        round(min(1.0, float(high[0]) / width), 4), round(min(1.0, float(high[1]) / height), 4),
    )  # fmt: skip

"""Boxes to tick drawn in pixels: empty, ticked, dropped or misread by text recognition."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from audit.model import Box, Origin, TextLine
from audit.recognise.ocr.boxes import Grey
from audit.recognise.ticks import mark_boxes

WIDTH, HEIGHT, EM = 1654, 600, 28
X, Y = 200, 300


def _page(marks: str, words: tuple[str, ...], *, tick: str = "check") -> tuple[Grey, list[float]]:
    """Draw a box before every word (``x`` ticked, ``o`` empty) and blots for characters."""
    page = np.full((HEIGHT, WIDTH), 240, np.uint8)
    lefts = []
    x = X
    for mark, word in zip(marks, words, strict=True):
        lefts.append(float(x))
        cv2.rectangle(page, (x + 3, Y + 4), (x + 23, Y + 24), 40, 2)
        if mark == "x" and tick == "check":
            cv2.line(page, (x + 6, Y + 13), (x + 12, Y + 20), 40, 3)
            cv2.line(page, (x + 12, Y + 20), (x + 24, Y + 2), 40, 3)
        elif mark == "x":
            cv2.line(page, (x + 5, Y + 6), (x + 21, Y + 22), 40, 3)
            cv2.line(page, (x + 21, Y + 6), (x + 5, Y + 22), 40, 3)
        x += EM
        for _ in word:
            cv2.line(page, (x + 4, Y + 24), (x + 22, Y + 6), 40, 3)
            x += EM
        x += EM
    return page, lefts


def _line(words: tuple[str, ...], read: str, *, dropped: str = "") -> TextLine:
    """Return the line as read: ``read`` gives the sign before each word (blank: dropped)."""
    text, centres, x = "", [], X
    for sign, word in zip(read, words, strict=True):
        if sign != " ":
            text += sign
            centres.append(x + EM / 2)
        x += EM
        for char in word:
            text += char
            centres.append(x + EM / 2)
            x += EM
        x += EM
    middles = [(a + b) / 2 for a, b in itertools.pairwise(centres)]
    left = float(X) if read[0] != " " or dropped == "inside" else X + EM
    edges = tuple(v / WIDTH for v in (left, *middles, x - EM))
    box = Box(edges[0], (Y - 6) / HEIGHT, edges[-1], (Y + 34) / HEIGHT)
    return TextLine(text, box, Origin.OCR, 0.7, edges)


WORDS = ("国有", "民营", "三资", "其他")


@pytest.mark.parametrize("tick", ["check", "cross"])
@pytest.mark.parametrize(
    ("marks", "read"),
    [("oxoo", "□ □□"), ("oxoo", "□□□□"), ("oxoo", "□区□□"), ("xooo", " □□□"), ("ooox", "□□□ ")],
)
def test_marks_are_written_where_they_stand(marks: str, read: str, tick: str) -> None:
    page, _ = _page(marks, WORDS, tick=tick)
    (line,) = mark_boxes(page, [_line(WORDS, read)])
    signs = {"x": "☑", "o": "□"}
    assert line.text == "".join(signs[m] + w for m, w in zip(marks, WORDS, strict=True))
    assert len(line.char_edges) == len(line.text) + 1
    assert list(line.char_edges) == sorted(line.char_edges)


def test_a_box_read_without_a_frame_is_not_taken_for_empty() -> None:
    page, lefts = _page("oooo", WORDS)
    page[Y - 4 : Y + 32, int(lefts[2]) : int(lefts[2]) + EM] = 90  # a blot over the third box
    (line,) = mark_boxes(page, [_line(WORDS, "□□□□")])
    assert line.text == "□国有□民营 三资□其他"


def test_pages_without_boxes_are_left_alone() -> None:
    page, _ = _page("oo", ("国有", "民营"))
    line = _line(("国有", "民营"), "  ")
    assert mark_boxes(page, [line]) == (line,)

"""Strips cut from boxes: grown over clipped text, joined, split at ruling lines and gaps."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from audit.recognise.ocr.boxes import Grey, TextBox, upright_box
from audit.recognise.ocr.strips import cut_strips, strip_of
from tests.recognise.draw import Text, page


def grey_page(*texts: Text, rules: tuple[tuple[int, int, int, int], ...] = ()) -> Grey:
    return np.asarray(cv2.cvtColor(page(texts, (900, 300), rules), cv2.COLOR_RGB2GRAY), np.uint8)


def ink_of(grey: Grey, top: int = 0, bottom: int = 300) -> tuple[int, int]:
    columns = np.flatnonzero((grey[top:bottom] < 128).any(axis=0))
    return int(columns[0]), int(columns[-1])


def test_a_clipped_box_grows_over_the_whole_figure() -> None:
    """5,410.08 must not be read as 10.08."""
    grey = grey_page(Text(300, 100, "5,410.08", 40))
    left, right = ink_of(grey)
    (strip,) = cut_strips(grey, [upright_box(left + 60, 95, right - 20, 150)])
    start, _, end, _ = strip.box.bounds
    assert start <= left + 3
    assert end >= right - 3


def test_neighbours_that_touch_become_one() -> None:
    grey = grey_page(Text(200, 100, "1234567890123456", 40))
    left, right = ink_of(grey)
    middle = (left + right) // 2
    boxes = [upright_box(left - 4, 95, middle, 150), upright_box(middle + 2, 95, right + 4, 150)]
    assert len(cut_strips(grey, boxes)) == 1


def test_a_ruling_line_parts_what_one_box_holds() -> None:
    grey = grey_page(
        Text(200, 100, "88495.58", 40), Text(420, 100, "13%", 40), rules=((395, 60, 395, 190),)
    )
    left, right = ink_of(grey, 90, 160)
    strips = cut_strips(grey, [upright_box(left - 6, 95, right + 6, 150)])
    assert len(strips) == 2
    assert strips[0].box.bounds[2] < 395 < strips[1].box.bounds[0]


def test_a_wide_gap_parts_what_one_box_holds() -> None:
    grey = grey_page(Text(100, 100, "金额", 40), Text(600, 100, "税额", 40))
    left, right = ink_of(grey)
    assert len(cut_strips(grey, [upright_box(left - 6, 95, right + 6, 150)])) == 2


def test_a_line_in_the_margin_is_painted_over() -> None:
    """A ruling line beside a figure would be read as a 1."""
    grey = grey_page(Text(200, 100, "520.33", 40), rules=((190, 60, 190, 190),))
    strip = strip_of(grey, upright_box(196, 95, 345, 150))
    assert strip is not None
    assert strip.grey[:, : max(1, strip.ink[0] - 2)].min() > 200


def test_light_on_dark_is_turned_over() -> None:
    grey = np.asarray(255 - grey_page(Text(200, 100, "合计金额", 40)), np.uint8)
    strip = strip_of(grey, upright_box(195, 95, 370, 155))
    assert strip is not None
    assert np.median(strip.grey) > 128


def test_boxes_without_ink_give_nothing() -> None:
    blank = np.full((200, 400), 250, np.uint8)
    assert strip_of(blank, upright_box(50, 50, 200, 90)) is None
    assert cut_strips(blank, [upright_box(50, 50, 200, 90)]) == ()
    assert cut_strips(blank, []) == ()


@pytest.mark.parametrize("box", [(-40.0, -10.0, 80.0, 40.0), (380.0, 180.0, 500.0, 260.0)])
def test_boxes_over_the_edge_are_bearable(box: tuple[float, float, float, float]) -> None:
    chance = np.random.default_rng(3).integers(0, 255, (200, 400)).astype(np.uint8)
    for strip in cut_strips(chance, [upright_box(*box)]):
        assert strip.grey.size


def test_geometry_of_boxes() -> None:
    box = upright_box(10, 20, 110, 40)
    assert (box.width, box.height, box.angle, box.runs_down) == (100.0, 20.0, 0.0, False)
    assert box.part(0.5, 1.0).bounds == (60.0, 20.0, 110.0, 40.0)
    assert box.band(0.0, 0.5).bounds == (10.0, 20.0, 110.0, 30.0)
    turned = TextBox(np.roll(box.corners, 1, axis=0))
    assert turned.runs_down

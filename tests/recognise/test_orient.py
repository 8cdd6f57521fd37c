"""Orientation by shape and network; tilt by the lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from audit.recognise.ocr.boxes import TextBox, upright_box
from audit.recognise.ocr.detect import find_text
from audit.recognise.orient import find_turn, skew_of, turned_back
from tests.recognise.draw import invoice_page


def tilted(degrees: float, count: int = 8) -> list[TextBox]:
    matrix = cv2.getRotationMatrix2D((500, 500), -degrees, 1.0).astype(np.float32)
    return [upright_box(100, 100 + 60 * i, 600, 130 + 60 * i).moved(matrix) for i in range(count)]


@pytest.mark.parametrize("degrees", [-5.0, -0.6, 0.0, 1.7, 12.0])
def test_tilt_is_that_of_the_long_lines(degrees: float) -> None:
    assert skew_of(tilted(degrees)) == pytest.approx(degrees, abs=0.05)


def test_a_few_boxes_tell_no_tilt() -> None:
    assert skew_of(tilted(4.0, 2)) == 0.0
    assert skew_of([]) == 0.0


def test_turning_back_undoes_a_turn() -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(6, 10)
    for turn in (0, 90, 180, 270):
        assert np.array_equal(turned_back(np.rot90(pixels, -(turn // 90)), turn), pixels)


@pytest.mark.ocr
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turn_of_a_drawn_page(turn: int) -> None:
    pixels = np.ascontiguousarray(np.rot90(invoice_page((1654, 1100)), -(turn // 90)))
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    assert find_turn(pixels, grey, find_text(grey)) == turn


@pytest.mark.ocr
def test_detection_finds_each_run_of_text_once() -> None:
    grey = np.asarray(cv2.cvtColor(invoice_page((1654, 1100)), cv2.COLOR_RGB2GRAY), np.uint8)
    boxes = find_text(grey)
    assert 11 <= len(boxes) <= 16
    assert all(0.4 <= box.score <= 1.0 for box in boxes)
    assert find_text(np.full((300, 300), 255, np.uint8)) == ()

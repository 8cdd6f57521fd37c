"""Quality of a page, and blank pages."""

from __future__ import annotations

import cv2
import numpy as np

from audit.recognise.ocr.boxes import Grey, upright_box
from audit.recognise.quality import is_blank, measure, problems_of
from tests.recognise.draw import invoice_page

BOXES = tuple(upright_box(100, 100 + 40 * i, 600, 130 + 40 * i) for i in range(12))


def grey() -> Grey:
    return np.asarray(cv2.cvtColor(invoice_page(), cv2.COLOR_RGB2GRAY), np.uint8)


def keys(picture: Grey) -> set[str]:
    found = problems_of(measure(picture, BOXES), 200, BOXES, (picture.shape[1], picture.shape[0]))
    assert all(p.code == "W701" for p in found)
    return {value for p in found for _, value in p.params}


def test_a_clear_page_has_no_problems() -> None:
    figures = dict(measure(grey(), BOXES))
    assert figures["sharpness"] > 0.4
    assert figures["brightness"] > 0.9
    assert figures["text_height"] == 30.0
    assert not keys(grey())


def test_dark_faint_and_blurred_pages_are_named() -> None:
    dark = (grey() * 0.35).astype(np.uint8)
    faint = (255 - (255 - grey().astype(float)) * 0.12).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(grey(), (0, 0), 9), np.uint8)
    found = [keys(picture) for picture in (dark, faint, blurred)]
    assert all(len(k) >= 1 for k in found)
    assert len({frozenset(k) for k in found}) == 3


def test_blank_pages() -> None:
    paper = np.full((1000, 700), 247, np.uint8)
    paper[500, 300] = 30
    assert is_blank(measure(paper))
    assert not is_blank(measure(grey()))

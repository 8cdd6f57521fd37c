"""Whole drawn pages through the models: text, turning, seals apart, second looks."""

from __future__ import annotations

import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from audit.model import Box, Look, Origin
from audit.pixels.raster import Raster
from audit.recognise import Recognised, read_crop, recognise_page
from audit.recognise.ocr.read import CERTAIN, wants_care
from audit.recognise.ocr.recognise import Words
from tests.recognise.draw import Pixels, Stamp, Text, invoice_page, page, pressed

pytestmark = pytest.mark.ocr

SIZE = (1240, 900)
NUMBER, NAME, AMOUNT = "24502000000012345678", "重庆虚构智能装备有限公司", "88495.58"
TEXTS = (
    Text(80, 60, "电子发票（增值税专用发票）", 40),
    Text(640, 150, f"发票号码：{NUMBER}", 28),
    Text(80, 240, f"名称：{NAME}", 28),
    Text(80, 330, "纳税人识别号：91500000MA5U00000X", 28),
    Text(80, 430, "*软件*生产执行系统", 28),
    Text(720, 430, AMOUNT, 28),
    Text(980, 430, "11504.42", 28),
    Text(80, 560, "价税合计（大写）壹拾万圆整", 28),
    Text(720, 560, "（小写）¥100000.00", 28),
)


def small_page() -> Pixels:
    return page(TEXTS, SIZE)


def all_text(found: Recognised) -> str:
    return re.sub(r"\s", "", "".join(line.text for line in found.lines))


def test_a_clean_page_is_read_with_its_places() -> None:
    found = recognise_page(Raster(small_page(), 150), lines_wanted=True)
    text = all_text(found)
    for expected in (NUMBER, NAME, AMOUNT, "11504.42", "壹拾万圆整"):
        assert expected in text
    line = next(one for one in found.lines if NUMBER in one.text)
    assert line.origin is Origin.OCR
    assert 0.9 <= line.confidence <= 1.0
    assert abs(line.box.left - 640 / SIZE[0]) < 0.02
    assert len(line.char_edges) == len(line.text) + 1
    assert list(line.char_edges) == sorted(line.char_edges)
    assert (found.rotation, found.problems) == (0, ())


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_upright(turn: int) -> None:
    """Rotation is told clockwise; boxes are those of the upright page."""
    turned = np.ascontiguousarray(np.rot90(invoice_page((1654, 1100)), -(turn // 90)))
    found = recognise_page(Raster(turned), lines_wanted=True)
    assert found.rotation == turn
    assert found.upright.pixels.shape[:2] == (1100, 1654)
    assert "24502000000012345678" in all_text(found)


def test_a_tilted_page_is_levelled() -> None:
    pixels = small_page()
    matrix = cv2.getRotationMatrix2D((620, 450), -2.0, 1.0)
    tilted = cv2.warpAffine(pixels, matrix, SIZE, borderValue=(250, 250, 248))
    found = recognise_page(Raster(np.asarray(tilted, np.uint8)), lines_wanted=True)
    assert abs(found.skew - 2.0) < 0.4
    assert NUMBER in all_text(found)


def test_print_under_a_red_seal_stays_and_lettering_goes() -> None:
    """The seal crosses amount and name; its own words are no lines of the page."""
    seal = Stamp("成都假想软件技术有限公司", long=130, short=130, kind="财务专用章", worn=0.1)
    stamped = pressed(pressed(small_page(), seal, 790, 440), seal, 330, 300, seed=2)
    found = recognise_page(Raster(stamped, 150), lines_wanted=True)
    text = all_text(found)
    assert AMOUNT in text
    assert NAME in text
    assert "财务专用章" not in text
    assert found.impressions


def test_known_text_is_not_read_again() -> None:
    found = recognise_page(Raster(small_page(), 150), lines_wanted=False)
    assert found.lines == ()
    assert found.upright.pixels.shape == small_page().shape


def test_a_blank_page_says_so() -> None:
    found = recognise_page(Raster(np.full((800, 600, 3), 250, np.uint8)), lines_wanted=True)
    assert [cue.name for cue in found.cues] == ["blank_page"]
    assert found.lines == ()


@pytest.mark.parametrize("look", [Look.CROP, Look.LARGER, Look.NO_RED])
def test_a_second_look_reads_the_whole_figure_from_a_clipped_box(look: Look) -> None:
    box = Box(740 / SIZE[0], 428 / SIZE[1], 800 / SIZE[0], 464 / SIZE[1])
    text, confidence = read_crop(Raster(small_page(), 150), box, look)
    assert text == AMOUNT
    assert confidence > 0.9


def test_red_print_is_seen_in_another_channel() -> None:
    red = page((Text(500, 100, "00654321", 40, (225, 60, 60)),), (900, 240))
    box = Box(0.5, 0.35, 0.8, 0.75)
    text, confidence = read_crop(Raster(red), box, Look.OTHER_CHANNEL)
    assert text == "00654321"
    assert confidence > 0.9


def test_nothing_is_read_where_nothing_is() -> None:
    blank = Raster(np.full((300, 300, 3), 250, np.uint8))
    for look in (Look.CROP, Look.LARGER, Look.OTHER_CHANNEL, Look.NO_RED):
        assert read_crop(blank, Box(0.2, 0.2, 0.6, 0.4), look) == ("", 0.0)
    assert read_crop(blank, Box(0.2, 0.2, 0.2, 0.2), Look.CROP) == ("", 0.0)


@pytest.mark.parametrize(
    ("text", "confidence", "careful"),
    [
        ("", 0.0, True),
        ("13.00", CERTAIN, False),
        ("13.00", CERTAIN - 0.01, True),
        ("重庆虚构有限公司", 0.98, True),
        ("规格型号", 0.98, False),
        ("规格型号", 0.5, True),
        ("地址、电话：重庆市渝北区1号023-1234567", 0.9, False),
        ("03*8<59+/1-*6>>204<5+8/7", 0.5, False),
    ],
)
def test_which_lines_the_careful_network_reads(text: str, confidence: float, careful: bool) -> None:
    assert wants_care(Words(text, confidence)) is careful


def test_a_grey_page_gives_the_same_words() -> None:
    grey = np.asarray(cv2.cvtColor(small_page(), cv2.COLOR_RGB2GRAY), np.uint8)
    found = recognise_page(replace(Raster(grey), dpi=150), lines_wanted=True)
    assert NUMBER in all_text(found)
    assert AMOUNT in all_text(found)

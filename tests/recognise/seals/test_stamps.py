"""Stamps with a word are marks of their own: never a seal, and no seal is ever one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from audit.model import Box, TextLine
from audit.pixels.raster import Raster
from audit.recognise.ocr.recognise import NOTHING, Words
from audit.recognise.seals.find import find_impressions
from audit.recognise.seals.ink import coloured_maps
from audit.recognise.seals.stamps import DATE, Sheet, find_stamps, stamp_word, word_in_ring
from benchmarks.seals.stamps import StampSpec, draw_stamp
from cases.casegen.scan import degrade
from cases.casegen.seals import (
    Pixels,
    draw_seal,
    finance_seal,
    font,
    impress,
    named_seal,
    person_seal,
)

DPI = 200


def sheet() -> Pixels:
    """Return a page with lines of print and the cells of a table."""
    page = Image.new("RGB", (1654, 1000), "white")
    pen = ImageDraw.Draw(page)
    for row in range(9):
        pen.text(
            (120, 60 + 100 * row),
            "本表所列设备与软件均已到货安装调试并投入使用" * 2,
            font=font(30),
            fill=30,
        )
        pen.rectangle((100, 50 + 100 * row, 700, 130 + 100 * row), outline=(20, 20, 20), width=3)
    return np.asarray(page, np.uint8)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("作废", "作废"),
        ("现金付讫2024年3月1日", "现金付讫"),
        ("与原件一致", "与原件一致"),
        ("与原件一政", "与原件一致"),
        ("已收讫", "已收讫"),
        ("附件3", "附件"),
        ("银行收讫", "银行收讫"),
        ("重庆银行收讫", ""),
        ("2024.03.01", DATE),
        ("重庆示例机械有限公司附件", ""),
        ("中国工商银行转讫", ""),
        ("财务专用章", ""),
        ("发票作废说明及有关材料清单", ""),
        ("张三之印", ""),
        ("5001201503", ""),
        ("", ""),
    ],
)
def test_the_words_of_stamps(text: str, word: str) -> None:
    assert stamp_word(text) == word


@pytest.mark.parametrize(
    ("confidence", "shape", "colour", "text", "word"),
    [
        (0.9, "circle", "red", "现金付讫", "现金付讫"),
        (0.9, "square", "red", "作废", "作废"),
        (0.9, "circle", "red", "附件", ""),
        (0.4, "circle", "red", "现金付讫", ""),
        (0.9, "circle", "black", "现金付讫", ""),
    ],
)
def test_a_ring_is_a_stamp_only_if_it_says_so_surely(
    confidence: float, shape: str, colour: str, text: str, word: str
) -> None:
    assert word_in_ring(text, confidence, shape, colour) == word


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("spec", "turn"),
    [
        (StampSpec("作废", (32.0, 16.0)), 9.0),
        (StampSpec("现金付讫", (42.0, 21.0), date="2024.3.12"), -5.0),
        (StampSpec("与原件一致", (44.0, 12.0)), 3.0),
        (StampSpec("作废", (32.0, 24.0), date="2022.9.15"), 7.0),
        (StampSpec("现金付讫", (42.0, 14.0), framed=False), -8.0),
    ],
)
def test_a_stamp_is_a_mark_and_no_seal(spec: StampSpec, turn: float) -> None:
    stamp = draw_stamp(spec, dpi=DPI, seed=5, rotation=turn)
    scan = degrade(impress(sheet(), stamp, 1000, 500), seed=5, dpi=DPI)
    (found,) = find_impressions(Raster(scan, dpi=DPI), ())
    assert (found.mark, found.kind_text) == ("stamp", spec.word)
    assert found.box.contains_point(1000 / 1654, 0.5)


@pytest.mark.ocr
def test_a_line_in_red_is_a_stamp_and_the_same_in_black_is_print() -> None:
    page = Image.new("RGB", (1654, 1000), "white")
    pen = ImageDraw.Draw(page)
    pen.text((300, 300), "作废", font=font(90), fill=(200, 30, 40))
    pen.text((900, 300), "附件", font=font(90), fill=(20, 20, 20))
    lines = [
        TextLine("作废", Box(300 / 1654, 0.31, 480 / 1654, 0.41)),
        TextLine("附件", Box(900 / 1654, 0.31, 1080 / 1654, 0.41)),
    ]
    pixels = np.asarray(page, np.uint8)
    found = find_stamps(Sheet(pixels, coloured_maps(pixels), lines))
    assert [(one.mark, one.kind_text) for one in found] == [("stamp", "作废")]


@pytest.mark.ocr
@pytest.mark.parametrize(
    "spec",
    [
        named_seal("重庆江川智能装备有限公司", "财务专用章"),
        finance_seal("重庆江川智能装备有限公司"),
        person_seal("王建国"),
    ],
)
def test_a_seal_stays_a_seal(spec: object) -> None:
    seal = draw_seal(spec, dpi=DPI, seed=3, rotation=4)  # type: ignore[arg-type]
    scan = degrade(impress(sheet(), seal, 1000, 500), seed=3, dpi=DPI)
    assert [one.mark for one in find_impressions(Raster(scan, dpi=DPI), ())] == ["seal"]


def test_a_form_of_red_boxes_is_not_read_box_by_box(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Image.fromarray(sheet())
    pen = ImageDraw.Draw(page)
    for index in range(8):
        left, top = 760 + 420 * (index % 2), 60 + 220 * (index // 2)
        pen.rectangle((left, top, left + 320, top + 130), outline=(200, 30, 30), width=6)
        pen.text((left + 60, top + 30), "甲乙丙", font=font(60), fill=(200, 30, 30))
    pixels = np.asarray(page, np.uint8)
    seen = []

    def said(*place: object) -> Words:
        seen.append(place)
        return NOTHING

    monkeypatch.setattr("audit.recognise.seals.stamps._said", said)
    inks = coloured_maps(pixels)
    find_stamps(Sheet(pixels, inks))
    boxes = len(seen)
    monkeypatch.setattr("audit.recognise.seals.stamps._MOST_FRAMES", 2)
    find_stamps(Sheet(pixels, inks))
    assert (boxes >= 8, len(seen) - boxes < boxes) == (True, True)

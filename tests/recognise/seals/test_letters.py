"""Seals that are hard to read: print under grey ones, many columns, letters that may be others."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from audit.match.seals import freshness_of, kind_of
from audit.model import PageMode
from audit.pixels.raster import Raster
from audit.recognise.ocr.recognise import Words
from audit.recognise.seals.find import find_impressions
from audit.recognise.seals.lift import without_print
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.rivals import holes, looked_again
from cases.casegen.scan import degrade
from cases.casegen.seals import (
    Pixels,
    draw_seal,
    finance_seal,
    font,
    impress,
    named_seal,
    triangle_seal,
)

COMPANY = "重庆江川智能装备有限公司"
LONG = "重庆两江新区宏图信息技术有限责任公司"
DPI = 200


def typeset() -> Pixels:
    """Return a sheet with lines of print and rules through where a seal goes."""
    sheet = Image.new("RGB", (1654, 900), "white")
    pen = ImageDraw.Draw(sheet)
    for row in range(13):
        words = "本表所列设备与软件均已到货安装调试并投入使用，发票号码与金额见下。"
        pen.text((150 - 9 * row, 40 + row * 62), words, font=font(30), fill=(30, 30, 30))
    return np.asarray(sheet, np.uint8).copy()


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("mode", "medium"), [("black_copy", "colour"), ("faded", "grey")], ids=["toner", "grey"]
)
def test_name_and_kind_are_read_over_print(mode: str, medium: str) -> None:
    seal = draw_seal(named_seal(COMPANY, "财务专用章"), dpi=DPI, seed=6, mode=mode, die_seed=3)
    page = degrade(impress(typeset(), seal, 600, 450), seed=2, dpi=DPI, mode=medium)
    (found,) = find_impressions(Raster(page, dpi=DPI), ())
    assert sum(c in found.text for c in COMPANY) >= len(COMPANY) - 2
    assert kind_of(found) == "finance"


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("mode", "grade"), [("paste_opaque", "contradicted"), ("fresh", "supported")]
)
def test_a_seal_that_hides_the_print_under_it_was_not_pressed(mode: str, grade: str) -> None:
    seal = draw_seal(named_seal(COMPANY, "财务专用章"), dpi=DPI, seed=6, mode=mode, die_seed=3)
    page = degrade(impress(typeset(), seal, 600, 450), seed=2, dpi=DPI)
    (found,) = find_impressions(Raster(page, dpi=DPI), ())
    assert freshness_of(found, PageMode.COLOUR, "finance")[0] == grade


@pytest.mark.ocr
@pytest.mark.parametrize("company", [COMPANY, LONG])
def test_squares_of_three_and_four_columns(company: str) -> None:
    seal = draw_seal(finance_seal(company), dpi=DPI, seed=5, mode="paste_multiply", die_seed=3)
    page = degrade(impress(np.full((900, 1654, 3), 250, np.uint8), seal, 600, 450), seed=2, dpi=DPI)
    (found,) = find_impressions(Raster(page, dpi=DPI), ())
    assert found.kind_text == "财务专用章"
    assert sum(c in found.text for c in company) >= len(company) - 2


def test_darker_print_is_taken_off_the_ink() -> None:
    ink = np.zeros((200, 200), np.float32)
    ring = Ellipse(100, 100, 80, 80, 0)
    xs, ys = ring.points(np.linspace(0.95, 1.0, 6, dtype=np.float32))
    ink[ys.astype(int), xs.astype(int)] = 0.4
    ink[60:72, 20:180] += 1.6
    bare = without_print(ink, ring)
    assert bare.max() < 0.6
    assert bare[95:105, 18:30].max() == pytest.approx(0.4)
    assert without_print(bare, ring) is bare


@pytest.mark.ocr
@pytest.mark.parametrize(("kind", "told"), [("合同专用章", "unknown"), ("", "official")])
def test_a_line_of_kind_that_cannot_be_read_is_not_taken_for_none(kind: str, told: str) -> None:
    seal = draw_seal(
        named_seal(COMPANY, kind), dpi=DPI, seed=6, mode="colour_copy", rotation=0, die_seed=3
    )
    page = impress(np.full((900, 1654, 3), 250, np.uint8), seal, 600, 450)
    if kind:
        page[505:545, 540:660] = page[505:545, 540:660][:, ::-1]
    (found,) = find_impressions(Raster(page, dpi=DPI), ())
    assert found.kind_text == ""
    assert COMPANY in found.text
    assert kind_of(found) == told


@pytest.mark.ocr
def test_a_triangle_tells_its_bank_and_kind() -> None:
    seal = draw_seal(
        triangle_seal("中国建设银行重庆两江支行", "业务专用章"), dpi=DPI, seed=6, mode="fresh"
    )
    page = degrade(impress(np.full((900, 1654, 3), 250, np.uint8), seal, 600, 450), seed=2, dpi=DPI)
    (found,) = find_impressions(Raster(page, dpi=DPI), ())
    assert (found.shape, found.kind_text) == ("triangle", "业务专用章")
    assert found.text == "中国建设银行重庆两江支行"


@pytest.mark.ocr
def test_a_letter_misread_has_the_right_one_among_its_rivals() -> None:
    strip = Image.new("L", (230, 48), 255)
    ImageDraw.Draw(strip).text((6, 2), "重庆晟泓", font=font(40), fill=20)
    looked = looked_again(
        Words("重庄晟泓", 0.95), [np.asarray(strip, np.uint8)], lambda w: w.confidence
    )
    assert looked.words.text == "重庄晟泓"
    found = {r[0]: r[1:] for r in looked.rivals}
    assert "庆" in found["庄"]
    assert "庄" not in found.get("泓", "")


@pytest.mark.ocr
def test_a_doubtful_reading_gives_way_to_a_look_that_makes_more_sense() -> None:
    strip = Image.new("L", (230, 48), 255)
    ImageDraw.Draw(strip).text((6, 2), "重庆晟泓", font=font(40), fill=20)
    looked = looked_again(
        Words("重庄晟泓", 0.4), [np.asarray(strip, np.uint8)], lambda w: w.confidence
    )
    assert looked.words.text == "重庆晟泓"


def test_a_letter_that_lacks_between_others_leaves_a_hole() -> None:
    assert holes(Words("重庆晟泓", 0.9, (0.1, 0.2, 0.3, 0.4))) == 0
    assert holes(Words("重庆晟精密", 0.9, (0.1, 0.2, 0.3, 0.5, 0.6))) == 1
    assert holes(Words("重庆", 0.9, (0.1, 0.9))) == 0

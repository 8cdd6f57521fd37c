"""The network's second opinion: black seals under print, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from audit.pixels.raster import Raster
from audit.recognise.seals.find import find_outlines
from audit.recognise.seals.fit import fit
from audit.recognise.seals.network import STRIDE, network_input
from audit.recognise.seals.rings import Ellipse
from cases.casegen.scan import degrade
from cases.casegen.seals import (
    Pixels,
    SealSpec,
    draw_seal,
    finance_seal,
    font,
    impress,
    invoice_seal,
    official_seal,
)

COMPANY = "重庆江川智能装备有限公司"
DPI = 200
WORDS = "本表所列设备与软件均已到货安装调试并投入使用，发票号码与金额见下，付款凭证附后。"


def printed() -> Image.Image:
    """Return a page full of lines of text and ruled through, 1654 × 1200."""
    page = Image.new("RGB", (1654, 1200), "white")
    pen = ImageDraw.Draw(page)
    for row in range(18):
        pen.text((120, 60 + row * 62), WORDS[row % 7 :], font=font(32), fill=(30, 30, 30))
        pen.line((100, 52 + row * 62, 1550, 52 + row * 62), fill=(0, 0, 0), width=2)
    return page


def scanned(page: Image.Image, *seals: SealSpec, ink: str, medium: str) -> Raster:
    sheet: Pixels = np.asarray(page, np.uint8).copy()
    for index, spec in enumerate(seals):
        one = draw_seal(spec, dpi=DPI, seed=5 + index, mode=ink, die_seed=3)
        sheet = impress(sheet, one, 420 + 700 * index, 520)
    return Raster(degrade(sheet, seed=2, dpi=DPI, mode=medium, skew=0.4), dpi=DPI)


@pytest.mark.ocr
@pytest.mark.parametrize("medium", ["colour", "grey", "bilevel"])
@pytest.mark.parametrize(
    ("spec", "half"),
    [
        (official_seal(COMPANY, "5001123456789"), 157),
        (invoice_seal(COMPANY, "91500112MA5U0XXN6A"), 136),
        (finance_seal(COMPANY), 87),
    ],
    ids=["circle", "ellipse", "square"],
)
def test_a_black_seal_crossed_by_print_and_rules_is_found_where_it_is(
    spec: SealSpec, half: float, medium: str
) -> None:
    raster = scanned(printed(), spec, ink="black_copy", medium=medium)
    (one,) = find_outlines(raster)
    assert (one.colour, one.shape) == ("black", spec.shape)
    assert one.ellipse.x == pytest.approx(420, abs=14)
    assert one.ellipse.y == pytest.approx(520, abs=14)
    size = (one.ellipse.long * one.ellipse.short) ** 0.5
    assert half * 0.94 < size < half * 1.32  # around a turned square


@pytest.mark.ocr
def test_a_pale_seal_on_a_grey_page_is_found() -> None:
    raster = scanned(
        printed(), official_seal(COMPANY), finance_seal(COMPANY), ink="grey", medium="grey"
    )
    assert sorted(one.shape for one in find_outlines(raster)) == ["circle", "square"]


@pytest.mark.ocr
def test_diagrams_boxes_and_text_are_no_seals() -> None:
    page = printed()
    pen = ImageDraw.Draw(page)
    pen.ellipse((200, 200, 500, 500), outline=(20, 20, 20), width=5)
    pen.line((350, 150, 350, 550), fill=(20, 20, 20), width=3)
    pen.rectangle((700, 300, 880, 480), outline=(20, 20, 20), width=5)
    pen.text((720, 350), "附件", font=font(70), fill=(20, 20, 20))
    pen.ellipse((1100, 300, 1300, 500), fill=(20, 20, 20))
    assert find_outlines(scanned(page, ink="fresh", medium="grey")) == []


def drawn(shape: str) -> Pixels:
    """Return lines of text with a square turned by 12° or an ellipse over them, one channel."""
    page = printed().convert("L").crop((100, 40, 500, 440))
    pen = ImageDraw.Draw(page)
    if shape == "ellipse":
        pen.ellipse((60, 90, 340, 310), outline=40, width=5)
    else:
        turn = np.radians(12 + 90 * np.arange(4) + 45)
        corners = [(200 + 140 * np.cos(t), 200 + 140 * np.sin(t)) for t in turn]
        pen.line([*corners, corners[0]], fill=40, width=6)
    return np.asarray(page, np.uint8)


def test_an_ellipse_is_fitted_through_print() -> None:
    found = fit(drawn("ellipse"), Ellipse(206, 194, 146, 104, 3.0), "ellipse")
    assert found is not None
    assert found.score > 0.95
    assert found.ellipse.bounds == pytest.approx((60, 90, 340, 310), abs=5)


def test_the_sides_of_a_turned_square_are_fitted_through_print() -> None:
    half = 140 / 2**0.5
    found = fit(drawn("square"), Ellipse(205, 196, half * 1.05, half * 0.97, 9.0), "square")
    assert found is not None
    assert found.score > 0.9
    assert found.tilt == pytest.approx(12, abs=1.5)


@pytest.mark.parametrize("shape", ["ellipse", "square"])
def test_plain_print_has_no_outline(shape: str) -> None:
    page = np.asarray(printed().convert("L").crop((100, 54, 500, 454)), np.uint8)
    found = fit(page, Ellipse(200, 200, 120, 120, 10.0), shape)
    assert found is None or found.score < 0.6 or found.score - found.outside < 0.4


@pytest.mark.parametrize("short", [0.5, 3.0, 6.0])
def test_a_square_that_is_a_sliver_breaks_nothing(short: float) -> None:
    found = fit(drawn("square"), Ellipse(200, 200, 120, short, 0.0), "square")
    assert found is None or bool(np.isfinite(found.points).all())


def test_the_network_takes_paper_for_nothing_whatever_its_tone() -> None:
    page = np.full((1170, 830, 3), (200, 190, 150), np.uint8)
    page[500:540, 100:300] = 30
    planes = network_input(page, 0.75)
    height, width = planes.shape[2:]
    assert (height % STRIDE, width % STRIDE) == (0, 0)
    assert float(planes[0, 0, :300].max()) < 0.02
    assert float(planes[0, 0, 380:400, 80:220].min()) > 0.6

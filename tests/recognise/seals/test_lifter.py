"""Ink lifted off print of its own colour: what the network is given, and what it gives back."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.lifter import REACH, STEP, lifted, lifter_input, lifter_scale
from audit.recognise.seals.read import read_seal
from audit.recognise.seals.rings import Ellipse
from cases.casegen.scan import degrade
from cases.casegen.seals import SealSpec, draw_seal, finance_seal, font, impress, official_seal

NAME = "成都云帆软件技术有限公司"
SIDE = 420
WORDS = "本表所列设备与软件均已到货安装调试并投入使用，发票号码与金额见下。"


def crossed(spec: SealSpec, medium: str) -> tuple[Pixels, Floats]:
    """Return a copied seal over lines of print, and 0-1 where its die has metal."""
    page = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(page)
    for row in range(8):
        pen.text((10, 14 + row * 52), WORDS[row:], font=font(30), fill=(30, 30, 30))
    copy = draw_seal(spec, dpi=200, seed=3, mode="grey", rotation=6, die_seed=1)
    bare = draw_seal(spec, dpi=200, seed=3, mode="electronic", rotation=6, die_seed=1)
    sheet = impress(np.asarray(page, np.uint8).copy(), copy, SIDE // 2, SIDE // 2)
    die = impress(np.full((SIDE, SIDE, 3), 255, np.uint8), bare, SIDE // 2, SIDE // 2)
    scan = degrade(sheet, seed=4, dpi=200, mode=medium, skew=0.0)
    return scan, (1 - die[:, :, 1] / np.float32(255)).astype(np.float32)


def outline_of(spec: SealSpec) -> Ellipse:
    half = spec.mm[0] / 2 / 25.4 * 200
    return Ellipse(SIDE / 2, SIDE / 2, half, half, 0.0)


def test_the_network_is_given_density_and_place() -> None:
    patch = np.full((100, 130), 250, np.uint8)
    patch[40:60, 50:80] = 20
    planes = lifter_input(patch, Ellipse(65, 50, 40, 20, 0.0))
    assert planes.shape == (6, 112, 144)
    assert not planes[:3, :40, :50].any()
    assert planes[0, 50, 60] > 1
    assert np.array_equal(planes[0], planes[2])
    assert planes[5, 50, 105] == pytest.approx(1, abs=0.01)
    assert planes[5, 70, 65] == pytest.approx(1, abs=0.01)
    assert planes[3, 0, 25] == pytest.approx(-1, abs=0.01)


def test_every_seal_comes_at_the_same_size() -> None:
    outline = Ellipse(0, 0, 36, 60, 0.0)
    assert outline.scaled(lifter_scale(outline)).short == pytest.approx(REACH)
    assert STEP == 16


@pytest.mark.ocr
@pytest.mark.parametrize("medium", ["colour", "grey", "bilevel"])
def test_print_over_a_copied_seal_goes_and_its_letters_stay(medium: str) -> None:
    spec = official_seal(NAME)
    scan, die = crossed(spec, medium)
    grey = scan if scan.ndim == 2 else scan[:, :, 1]
    ink = lifted(scan, outline_of(spec))
    assert ink.shape == die.shape

    def off(layer: Floats) -> float:
        return float(np.abs(layer - die).mean())

    plain = (1 - grey / np.float32(255)).astype(np.float32)
    assert off(ink) < 0.5 * off(plain)


@pytest.mark.ocr
@pytest.mark.parametrize("spec", [official_seal(NAME), finance_seal(NAME)], ids=["ring", "square"])
def test_a_copied_seal_crossed_by_print_is_read(spec: SealSpec) -> None:
    scan, _ = crossed(spec, "grey")
    tilt = -6.0 if spec.shape == "square" else 0.0
    reach = 1.1 if spec.shape == "square" else 1.0
    box = outline_of(spec)
    placed = Ellipse(box.x, box.y, box.long * reach, box.short * reach, 0.0)
    said = read_seal(scan, placed, spec.shape, "black", tilt)
    assert NAME in said.text

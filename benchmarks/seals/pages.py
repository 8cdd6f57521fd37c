"""Pages with seals on them, and what a person could read there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from PIL import Image, ImageDraw

from cases.casegen.scan import degrade
from cases.casegen.seals import (
    DrawnSeal,
    Pixels,
    SealSpec,
    draw_seal,
    finance_seal,
    font,
    impress,
    invoice_seal,
    named_seal,
    official_seal,
    supervision_seal,
)


class Medium(TypedDict, total=False):
    """What the scanner does to a page: arguments of ``degrade``."""

    noise: float
    blur: float
    skew: float
    jpeg: int
    mode: str
    to_dpi: int


COMPANIES = (
    "重庆晟泓精密机械有限公司", "重庆毅诚汽车零部件股份有限公司", "重庆江川智能装备有限公司",
    "成都云帆软件技术有限公司", "上海启衡工业自动化有限公司", "重庆渝信通达网络工程有限公司",
    "深圳市博识云数据服务有限公司", "重庆两江新区宏图信息技术有限责任公司",
)  # fmt: skip
MODES = ("fresh", "faded", "black_copy", "colour_copy", "paste_opaque", "paste_multiply")
MEDIA: tuple[Medium, ...] = (
    {},
    {"noise": 6.0, "blur": 0.8},
    {"skew": 1.5, "jpeg": 60},
    {"mode": "grey"},
    {"to_dpi": 150},
)
DPI = 200
WIDTH, HEIGHT = 1654, 2339
#: Legible: ink that keeps back a third of the light, letters of 22 pixels and more.
LEAST_DENSITY, LEAST_LETTER = 0.4, 22.0
LUMINANCE = np.array([0.30, 0.59, 0.11], np.float32)


@dataclass(frozen=True)
class Planted:
    """A seal on the page: its specification and where it is (pixels)."""

    spec: SealSpec
    company: str
    mode: str
    box: tuple[float, float, float, float]
    number: str = ""
    legible: bool = True
    up: float = -90.0
    """Direction of its top in degrees, clockwise from the right, before the scanner's skew."""
    supervision: bool = False


def paper(rng: np.random.Generator) -> Pixels:
    """Return a typeset page: headline, lines of text, a ruled table."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    pen.text((560, 140), "项目投资明细说明", font=font(52), fill=(20, 20, 20))
    words = "本表所列设备与软件均已到货安装调试并投入使用，发票号码与金额见下，付款凭证附后。"
    for row in range(30):
        start = int(rng.integers(0, 12))
        pen.text(
            (150, 280 + row * 62), words[start:] + words[:start], font=font(30), fill=(30, 30, 30)
        )
    if rng.random() < 0.6:
        for y in range(1200, 1900, 70):
            pen.line((140, y, 1520, y), fill=(0, 0, 0), width=2)
        for x in (140, 420, 760, 1100, 1520):
            pen.line((x, 1200, x, 1900), fill=(0, 0, 0), width=2)
    return np.asarray(page, np.uint8).copy()


def specs(rng: np.random.Generator, company: str) -> tuple[SealSpec, str]:
    """Return one of the seals a company has, and its tax number."""
    tax_id = "91500" + "".join(rng.choice(list("0123456789"), 12)) + "X"
    kinds = (
        official_seal(company),
        official_seal(company, "5001" + "".join(rng.choice(list("0123456789"), 9))),
        named_seal(company, "财务专用章"),
        named_seal(company, "合同专用章"),
        invoice_seal(company, tax_id),
        finance_seal(company),
    )
    return kinds[int(rng.integers(len(kinds)))], tax_id


def make_page(seed: int, *, mode: str, medium: Medium) -> tuple[Pixels, list[Planted]]:
    """Return a scanned page and what was stamped on it."""
    rng = np.random.default_rng(seed)
    page, planted = paper(rng), []
    spots = [(420, 700), (1220, 1350), (700, 1980)]
    for index in range(int(rng.integers(0, 3)) if seed % 5 == 0 else int(rng.integers(1, 3))):
        company = COMPANIES[int(rng.integers(len(COMPANIES)))]
        spec, tax_id = specs(rng, company)
        seal = draw_seal(spec, dpi=DPI, seed=seed * 7 + index, mode=mode, die_seed=hash_of(company))
        x, y = (int(c + rng.integers(-60, 60)) for c in spots[index])
        page = impress(page, seal, x, y)
        wide, high = seal.size
        left, top = x - wide / 2, y - high / 2
        box, up = (left, top, left + wide, top + high), -90 - seal.rotation
        planted.append(Planted(spec, company, mode, box, tax_id, legible(seal, medium), up))
    if seed % 3 == 0:
        seal = draw_seal(
            supervision_seal("重庆"), dpi=DPI, seed=seed, mode="electronic", rotation=0
        )
        page = impress(page, seal, 830, 175)
        planted.append(Planted(seal.spec, "", mode, (700, 90, 960, 260), supervision=True))
    scan = degrade(page, seed=seed, dpi=DPI, **medium)
    return scan, planted


def legible(seal: DrawnSeal, medium: Medium) -> bool:
    """Tell whether a person can read the name, from what was drawn and never from what was read.

    The ink is dense enough, as the page shows it, to stand out from paper and noise, and the
    letters of the name measure pixels enough.
    """
    inked = seal.density[seal.rgba[..., 3] > 0.5]
    shown = inked @ LUMINANCE if medium.get("mode") == "grey" else inked.max(axis=1)
    size = letter_mm(seal.spec) / 25.4 * medium.get("to_dpi", DPI)
    return float(shown.mean()) >= LEAST_DENSITY and size >= LEAST_LETTER


def letter_mm(spec: SealSpec) -> float:
    """Return the shorter side of the name's letters in mm."""
    count = len(spec.arc + spec.kind) if spec.shape == "square" else len(spec.arc)
    if spec.shape == "square":
        columns = 2 if count <= 6 else 3 if count <= 12 else 4
        return 0.8 * spec.mm[1] / max(columns, -(-count // columns))
    oval = spec.shape == "ellipse"
    around = np.pi * sum(spec.mm) / 2 * 0.8
    span = min(196, 30 + count * 13) if oval else min(255, 26 + count * 18.5)
    return float(min(around * span / 360 / count, (0.175 if oval else 0.145) * spec.mm[1]))


def hash_of(text: str) -> int:
    """Return a small number that is the same in every run."""
    return sum(ord(c) * i for i, c in enumerate(text, 1)) % 9973

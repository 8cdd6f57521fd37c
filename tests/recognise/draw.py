"""Pages and seals drawn for tests: Pillow and the packaged fonts, nothing from outside."""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]
A4_200 = (1654, 2339)
RED = (205, 38, 45)


@cache
def font(size: int, serif: bool = False) -> ImageFont.FreeTypeFont:
    """Return the packaged Noto font, sans or serif, in pixels."""
    name = "NotoSerifSC" if serif else "NotoSansSC"
    place = importlib.metadata.distribution("pylopdf-fonts-zh-cn").locate_file(
        f"pylopdf_fonts_zh_cn/{name}-Regular.otf"
    )
    return ImageFont.truetype(str(place), size)


@dataclass(frozen=True)
class Text:
    """One run of text at x, y (pixels, top left)."""

    x: int
    y: int
    text: str
    size: int = 30
    fill: tuple[int, int, int] = (25, 25, 30)


def page(
    texts: Sequence[Text],
    size: tuple[int, int] = A4_200,
    rules: Sequence[tuple[int, int, int, int]] = (),
    serif: bool = False,
) -> Pixels:
    """Return a white page with texts and ruling lines (x, y, x2, y2)."""
    picture = Image.new("RGB", size, (252, 251, 248))
    pen = ImageDraw.Draw(picture)
    for line in rules:
        pen.line(line, fill=(40, 40, 40), width=3)
    for one in texts:
        pen.text((one.x, one.y), one.text, font=font(one.size, serif), fill=one.fill)
    return np.asarray(picture)


def invoice_page(size: tuple[int, int] = A4_200) -> Pixels:
    """Return a page with the upper half filled like an invoice; all names are made up."""
    rules = [(100, 330, 1554, 330), (100, 560, 1554, 560), (100, 980, 1554, 980)]
    rules += [
        (100, 330, 100, 980),
        (1554, 330, 1554, 980),
        (760, 330, 760, 980),
        (1180, 560, 1180, 980),
    ]
    texts = [
        Text(560, 120, "电子发票（增值税专用发票）", 44),
        Text(1080, 230, "发票号码：24502000000012345678", 28),
        Text(1080, 275, "开票日期：2024年03月18日", 28),
        Text(130, 360, "名称：重庆虚构智能装备有限公司", 28),
        Text(130, 450, "统一社会信用代码：91500000MA5U00000X", 28),
        Text(790, 360, "名称：成都假想软件技术有限公司", 28),
        Text(790, 450, "统一社会信用代码：91510100MA6C00000Y", 28),
        Text(130, 600, "*软件*生产执行系统V3.0", 28),
        Text(900, 600, "88495.58", 28),
        Text(1280, 600, "11504.42", 28),
        Text(130, 900, "价税合计（大写）壹拾万圆整", 28),
        Text(790, 900, "（小写）¥100000.00", 28),
        Text(130, 1040, "开票人：张三", 28),
    ]  # fmt: skip
    return page(texts, size, rules)


@dataclass(frozen=True)
class Stamp:
    """A seal to draw: half axes in pixels, name on the arc, line under the star."""

    name: str
    long: int = 157
    short: int = 157
    kind: str = ""
    middle: str = ""
    star: bool = True
    turn: float = 0.0
    colour: tuple[int, int, int] = RED
    worn: float = 0.25
    """How uneven the ink is: 0 flat, 1 barely there."""


def pressed(paper: Pixels, stamp: Stamp, x: int, y: int, seed: int = 1) -> Pixels:
    """Return the page with the seal's ink multiplied onto it, centre at x, y."""
    density = _density(stamp, seed)
    height, width = density.shape
    top, left = y - height // 2, x - width // 2
    rows = slice(max(0, top), min(paper.shape[0], top + height))
    columns = slice(max(0, left), min(paper.shape[1], left + width))
    ink = density[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    share = np.asarray(stamp.colour, np.float32) / 255
    under = paper[rows, columns].astype(np.float32)
    out = paper.copy()
    out[rows, columns] = (under * (1 - ink[..., None] * (1 - share))).clip(0, 255).astype(np.uint8)
    return out


def _density(stamp: Stamp, seed: int) -> npt.NDArray[np.float32]:
    flat = _die(stamp)
    if stamp.turn:
        flat = flat.rotate(-stamp.turn, resample=Image.Resampling.BICUBIC)
    die = np.asarray(flat, np.float32) / 255
    if stamp.worn <= 0:
        return (die * 0.9).astype(np.float32)
    chance = np.random.default_rng(seed)
    coarse = chance.normal(size=(9, 9)).astype(np.float32)
    slow = np.asarray(Image.fromarray(coarse).resize(flat.size, Image.Resampling.BICUBIC))
    fine = chance.normal(size=die.shape).astype(np.float32)
    ink = die * (0.85 + stamp.worn * (0.35 * slow + 0.25 * fine))
    return ink.clip(0, 1).astype(np.float32)


def _die(stamp: Stamp) -> Image.Image:
    """Return the seal's face in grey: 255 is ink."""
    edge = 8
    size = (2 * (stamp.long + edge), 2 * (stamp.short + edge))
    face = Image.new("L", size, 0)
    pen = ImageDraw.Draw(face)
    ring = max(3, round(stamp.long * 0.05))
    pen.ellipse((edge, edge, size[0] - edge, size[1] - edge), outline=255, width=ring)
    _arc(face, stamp, ring)
    if stamp.star:
        _star(pen, size[0] / 2, size[1] / 2, stamp.short * 0.3)
    for text, share, height in ((stamp.middle, 0.0, 0.18), (stamp.kind, 0.55, 0.2)):
        if text:
            letters = font(round(stamp.short * height))
            middle = (size[0] / 2, size[1] / 2 + stamp.short * share)
            pen.text(middle, text, font=letters, fill=255, anchor="mm")
    return face


def _arc(face: Image.Image, stamp: Stamp, ring: int) -> None:
    """Write the name clockwise along the upper arc, characters by equal angle."""
    height = round(stamp.short * (0.3 if len(stamp.name) <= 12 else 0.24))
    letters = font(height, True)
    span = min(300, 24 * len(stamp.name))
    steps = [-90 - span / 2 + span * (i + 0.5) / len(stamp.name) for i in range(len(stamp.name))]
    for character, degrees in zip(stamp.name, steps, strict=True):
        tile = Image.new("L", (2 * height, 2 * height), 0)
        ImageDraw.Draw(tile).text((height, height), character, font=letters, fill=255, anchor="mm")
        radians = math.radians(degrees)
        x = face.width / 2 + (stamp.long - ring - height * 0.72) * math.cos(radians)
        y = face.height / 2 + (stamp.short - ring - height * 0.72) * math.sin(radians)
        normal = math.degrees(
            math.atan2(math.sin(radians) / stamp.short, math.cos(radians) / stamp.long)
        )
        turned = tile.rotate(-(normal + 90), resample=Image.Resampling.BICUBIC)
        face.paste(255, (round(x - height), round(y - height)), turned)


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for i in range(10):
        reach = radius if i % 2 == 0 else radius * 0.382
        turn = math.radians(-90 + 36 * i)
        points.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    pen.polygon(points, fill=255)

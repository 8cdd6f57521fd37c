"""Seals as a die presses them: shape, lettering, ink, and the ways they are copied or pasted.

Sizes are in millimetres. Ink is an optical density per colour channel: it darkens what lies below.
"""

from __future__ import annotations

import importlib.metadata
import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cases.casegen.ink import ink

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

MODES = (
    "fresh",
    "faded",
    "electronic",
    "grey",
    "black_copy",
    "colour_copy",
    "paste_opaque",
    "paste_multiply",
    "paste_scan",
)
_DIE = 800  # pixels over the longer side of the die


@dataclass(frozen=True, slots=True)
class SealSpec:
    """What is cut into the die.

    ``arc``: the name along the upper edge; ``kind``: the line below the middle (发票专用章 …);
    ``middle``: a line in the middle (the tax number); ``serial``: digits along the lower edge.
    """

    arc: str
    kind: str = ""
    middle: str = ""
    serial: str = ""
    shape: str = "circle"
    mm: tuple[float, float] = (40.0, 40.0)
    star: bool = True
    double_ring: bool = False
    lower_arc: str = ""
    sans: bool = False
    """Whether the name is cut in 黑体 instead of 宋体."""


@dataclass(frozen=True, slots=True)
class DrawnSeal:
    """A seal ready to be put on a page.

    ``rgba``: H × W × 4 in 0–1, colour and coverage. ``density``: H × W × 3 optical density.
    ``spec``, ``mode``, ``rotation`` (degrees anticlockwise), ``size`` (pixels of the die, w × h,
    before rotation) are the truth about it.
    """

    rgba: Floats
    density: Floats
    spec: SealSpec
    mode: str
    rotation: float
    size: tuple[int, int]
    opaque: bool


def official_seal(company: str, serial: str = "") -> SealSpec:
    """Return a company's round seal with star."""
    return SealSpec(company, serial=serial, mm=(40.0, 40.0))


def named_seal(company: str, kind: str, serial: str = "") -> SealSpec:
    """Return a round seal with star and a line such as 合同专用章 or 财务专用章."""
    return SealSpec(company, kind=kind, serial=serial, mm=(38.0, 38.0))


def invoice_seal(company: str, taxpayer_id: str) -> SealSpec:
    """Return the oval 发票专用章 with the tax number in the middle."""
    return SealSpec(company, "发票专用章", taxpayer_id, "", "ellipse", (40.0, 30.0), star=False)


def finance_seal(company: str) -> SealSpec:
    """Return the small square 财务专用章."""
    return SealSpec(company, "财务专用章", "", "", "square", (22.0, 22.0), star=False)


def person_seal(name: str) -> SealSpec:
    """Return a legal representative's square name seal."""
    return SealSpec(name + "之印", "", "", "", "square", (18.0, 18.0), star=False)


def bank_seal(bank: str, kind: str = "电子回单专用章", middle: str = "") -> SealSpec:
    """Return a bank's oval electronic seal."""
    return SealSpec(bank, kind, middle, "", "ellipse", (42.0, 28.0), star=False)


def triangle_seal(bank: str, kind: str = "转讫") -> SealSpec:
    """Return a bank's triangular counter seal: the kind in the middle, the bank's name below."""
    return SealSpec(bank, kind, "", "", "triangle", (36.0, 32.0), star=False)


def supervision_seal(place: str) -> SealSpec:
    """Return the 全国统一发票监制章 of a place (重庆市税务局)."""
    return SealSpec(
        "全国统一发票监制章", "", "国家税务总局", "", "ellipse", (30.0, 20.0), False, True, place
    )


def draw_seal(
    spec: SealSpec,
    *,
    dpi: int,
    seed: int,
    mode: str = "fresh",
    rotation: float | None = None,
    die_seed: int = 0,
) -> DrawnSeal:
    """Return the impression of ``spec`` at ``dpi``: same arguments, same pixels.

    ``seed`` rules ink and turn; ``die_seed`` the cut of the die (stroke, ring), so that the same
    die can be pressed many times. ``mode`` is one of ``MODES``.
    """
    if mode not in MODES:
        raise ValueError(f"unknown seal mode {mode!r}")
    rng = np.random.default_rng([seed, 11])
    turn = _turn(rng, mode) if rotation is None else rotation
    die = _die(spec, die_seed)
    width, height = (max(8, round(v / 25.4 * dpi)) for v in spec.mm)
    margin = 1.06
    die = np.asarray(cv2.resize(die, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    side = math.ceil(math.hypot(width, height) * margin)
    canvas = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = die
    spin = cv2.getRotationMatrix2D((side / 2, side / 2), turn, 1.0)
    turned = cv2.warpAffine(canvas, spin, (side, side), flags=cv2.INTER_AREA)
    cover, density = ink(np.clip(turned, 0, 1).astype(np.float32), rng, mode, dpi)
    colour = np.exp(-density / np.maximum(cover, 0.05)[..., None])
    rgba = np.dstack([colour, cover]).astype(np.float32)
    opaque = mode == "paste_opaque"
    return DrawnSeal(rgba, density.astype(np.float32), spec, mode, turn, (width, height), opaque)


def impress(page: Pixels, seal: DrawnSeal, x: int, y: int) -> Pixels:
    """Return ``page`` (RGB) with ``seal`` centred at pixel x, y; parts beyond the edge are lost."""
    out = page.astype(np.float32)
    height, width = seal.density.shape[:2]
    left, top = x - width // 2, y - height // 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, page.shape[1]), min(top + height, page.shape[0])
    if x0 >= x1 or y0 >= y1:
        return page
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    window = (slice(y0, y1), slice(x0, x1))
    if seal.opaque:
        alpha = seal.rgba[part][..., 3:]
        out[window] = out[window] * (1 - alpha) + 255 * seal.rgba[part][..., :3] * alpha
    else:
        out[window] *= np.exp(-seal.density[part])
    return np.clip(out, 0, 255).astype(np.uint8)


def as_png(seal: DrawnSeal) -> Image.Image:
    """Return the seal as a picture with transparency, as issuers of electronic seals embed it."""
    return Image.fromarray(np.clip(seal.rgba * 255, 0, 255).astype(np.uint8), "RGBA")


@cache
def font(size: int, *, sans: bool = False) -> ImageFont.FreeTypeFont:
    """Return the packaged serif (or sans) font in pixels."""
    name = "NotoSansSC" if sans else "NotoSerifSC"
    place = importlib.metadata.distribution("pylopdf-fonts-zh-cn").locate_file(
        f"pylopdf_fonts_zh_cn/{name}-Regular.otf"
    )
    return ImageFont.truetype(str(place), size)


def _turn(rng: np.random.Generator, mode: str) -> float:
    if mode == "electronic":
        return 0.0
    return float(rng.uniform(-24, 24) if rng.random() < 0.9 else rng.uniform(-180, 180))


@cache
def _die(spec: SealSpec, die_seed: int) -> Floats:
    rng = np.random.default_rng([die_seed, 7])
    tall = round(_DIE * spec.mm[1] / spec.mm[0])
    die = Image.new("L", (_DIE, tall), 0)
    pen = ImageDraw.Draw(die)
    if spec.shape == "square":
        _square(pen, spec, tall)
    elif spec.shape == "triangle":
        _triangle(pen, spec, tall)
    else:
        _ring(pen, spec, tall, rng)
        _round_text(die, spec, tall)
    return np.asarray(np.asarray(die) / 255, np.float32)


def _square(pen: ImageDraw.ImageDraw, spec: SealSpec, tall: int) -> None:
    pen.rectangle((6, 6, _DIE - 7, tall - 7), outline=255, width=30)
    text = spec.arc + spec.kind
    rows = 2 if len(text) <= 6 else 3 if len(text) <= 12 else 4
    per = math.ceil(len(text) / rows)
    inner = _DIE - 110
    wide, high = inner / rows, inner / per
    # Columns from right to left, as such seals are cut.
    for index, char in enumerate(text):
        column, row = divmod(index, per)
        glyph = _glyph(char, round(wide * 0.94), round(high * 0.94), 5, sans=spec.sans)
        x = 55 + inner - (column + 1) * wide + wide * 0.03
        pen.bitmap((round(x), round(55 + row * high + high * 0.03)), glyph, fill=255)


def _triangle(pen: ImageDraw.ImageDraw, spec: SealSpec, tall: int) -> None:
    corners = ((_DIE / 2, 20), (_DIE - 16, tall - 16), (16, tall - 16))
    pen.polygon(corners, outline=255, width=24)
    kind = min(_DIE * 0.36, _DIE * 0.1 * len(spec.kind))
    _line(pen, spec.kind, tall * 0.53, kind, tall * 0.12)
    half = math.ceil(len(spec.arc) / 2)
    for row, text in enumerate((spec.arc[:half], spec.arc[half:])):
        wide = min(_DIE * (0.5, 0.66)[row], len(text) * tall * 0.12)
        _line(pen, text, tall * (0.7, 0.86)[row], wide, tall * 0.12)


def _ring(pen: ImageDraw.ImageDraw, spec: SealSpec, tall: int, rng: np.random.Generator) -> None:
    thick = int(rng.integers(18, 28)) if spec.shape == "circle" else int(rng.integers(16, 24))
    pen.ellipse((3, 3, _DIE - 4, tall - 4), outline=255, width=thick)
    if spec.double_ring:
        gap = thick + 14
        pen.ellipse((gap, gap, _DIE - 1 - gap, tall - 1 - gap), outline=255, width=6)


def _round_text(die: Image.Image, spec: SealSpec, tall: int) -> None:
    oval = spec.shape == "ellipse"
    size = _arc_size(spec, tall)
    inset = 44 if oval else 52
    span = _span(len(spec.arc), oval=oval)
    _arc(die, spec.arc, size, inset, tall, span=span, sans=spec.sans)
    pen = ImageDraw.Draw(die)
    middle = tall / 2
    if spec.star:
        _star(pen, _DIE / 2, middle - (30 if spec.kind else 0), _DIE * 0.155)
    if spec.middle:
        wide = min(_DIE * 0.6, len(spec.middle) * tall * 0.078)
        _line(pen, spec.middle, middle + tall * 0.02, wide, tall * 0.105, sans=not spec.double_ring)
    if spec.kind:
        at = middle + (tall * 0.235 if not spec.middle else tall * 0.22)
        at = at if oval or not spec.star else middle + tall * 0.25
        wide = min(_DIE * (0.52 if oval else 0.5), len(spec.kind) * tall * 0.13)
        _line(pen, spec.kind, at, wide, tall * 0.125)
    if spec.serial:
        _arc(die, spec.serial, round(tall * 0.052), 34, tall, span=66, below=True)
    if spec.lower_arc:
        _arc(die, spec.lower_arc, round(tall * 0.15), inset, tall, span=105, below=True)


def _arc_size(spec: SealSpec, tall: int) -> int:
    base = tall * (0.175 if spec.shape == "ellipse" else 0.145)
    return round(base * min(1.0, 15 / max(len(spec.arc), 1)) if len(spec.arc) > 15 else base)


def _span(count: int, *, oval: bool) -> float:
    return min(196.0, 30.0 + count * 13.0) if oval else min(255.0, 26.0 + count * 18.5)


def _arc(
    die: Image.Image,
    text: str,
    size: int,
    inset: int,
    tall: int,
    span: float,
    *,
    below: bool = False,
    sans: bool = False,
) -> None:
    """Set ``text`` along the inner edge, ``span`` degrees by arc length around top or bottom."""
    a, b = _DIE / 2 - inset - size * 0.58, tall / 2 - inset - size * 0.58
    turn = np.radians(np.linspace(0, 360, 3601))
    xs, ys = a * np.cos(turn), b * np.sin(turn)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    whole = length[-1]
    start = whole * 0.25 if below else whole * 0.75
    for index, char in enumerate(text):
        share = (index + 0.5) / len(text) - 0.5
        step = share * span / 360 * whole
        place = (start - step if below else start + step) % whole
        t = float(np.interp(place, length, turn))
        x, y = a * math.cos(t), b * math.sin(t)
        slope = math.degrees(math.atan2(y / (b * b), x / (a * a)))
        angle = -slope + (90 if below else -90)
        wide = size if not char.isascii() else round(size * 0.7)
        pitch = span / 360 * whole / max(len(text), 1)
        wide = round(min(wide, pitch * 0.95))
        glyph = _glyph(char, wide, round(size * 1.18), 4, sans=sans)
        turned = glyph.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        at = (round(_DIE / 2 + x - turned.width / 2), round(tall / 2 + y - turned.height / 2))
        die.paste(255, (at[0], at[1], at[0] + turned.width, at[1] + turned.height), turned)


@cache
def _glyph(char: str, width: int, height: int, stroke: int, *, sans: bool = False) -> Image.Image:
    big = font(120, sans=sans)
    box = big.getbbox(char, stroke_width=stroke)
    wide = max(1, int(box[2] - box[0]))
    if not char.isascii():  # the body, so that 一 stays thin
        box = (0, 14, 120, 150)
        wide = 120
    picture = Image.new("L", (wide, int(box[3] - box[1])), 0)
    ImageDraw.Draw(picture).text(
        (-box[0], -box[1]), char, font=big, fill=255, stroke_width=stroke, stroke_fill=255
    )
    return picture.resize((max(width, 1), max(height, 1)), Image.Resampling.LANCZOS)


def _line(
    pen: ImageDraw.ImageDraw,
    text: str,
    y: float,
    width: float,
    height: float,
    *,
    sans: bool = False,
) -> None:
    pitch = width / len(text)
    for index, char in enumerate(text):
        glyph = _glyph(char, round(pitch * 0.93), round(height), 4, sans=sans)
        x = _DIE / 2 - width / 2 + pitch * (index + 0.5) - glyph.width / 2
        pen.bitmap((round(x), round(y - height / 2)), glyph, fill=255)


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for k in range(10):
        r = radius if k % 2 == 0 else radius * 0.382
        t = math.radians(-90 + 36 * k)
        points.append((x + r * math.cos(t), y + r * math.sin(t)))
    pen.polygon(points, fill=255)

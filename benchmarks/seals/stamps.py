"""Stamps with a word, drawn as offices press them: framed or bare, in one line or over a date."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from cases.casegen.ink import ink
from cases.casegen.seals import DrawnSeal, Floats, SealSpec, font

#: What the word is, and its size in mm.
WORDS = (
    ("作废", (32.0, 16.0)), ("附件", (24.0, 10.0)), ("现金付讫", (42.0, 14.0)),
    ("银行收讫", (40.0, 13.0)), ("已收讫", (30.0, 12.0)), ("与原件一致", (44.0, 12.0)),
    ("原件核对", (38.0, 13.0)), ("复印无效", (36.0, 12.0)), ("已审核", (28.0, 11.0)),
)  # fmt: skip
_DIE = 900


@dataclass(frozen=True)
class StampSpec:
    """A word, the stamp's size in mm, whether it has a frame, and a date below the word."""

    word: str
    mm: tuple[float, float]
    framed: bool = True
    date: str = ""


def random_stamp(rng: np.random.Generator) -> StampSpec:
    """Return one of the stamps of an office; three of four are framed, a third bear a date."""
    word, (wide, tall) = WORDS[int(rng.integers(len(WORDS)))]
    date = f"202{rng.integers(1, 5)}.{rng.integers(1, 13)}.{rng.integers(1, 29)}"
    dated = rng.random() < 0.33
    size = (wide, tall * 1.5) if dated else (wide, tall)
    return StampSpec(word, size, bool(rng.random() < 0.75), date if dated else "")


def draw_stamp(
    spec: StampSpec, *, dpi: int, seed: int, mode: str = "fresh", rotation: float | None = None
) -> DrawnSeal:
    """Return the impression of a stamp; ``mode`` and the ink are those of seals."""
    rng = np.random.default_rng([seed, 17])
    turn = float(rng.uniform(-12, 12)) if rotation is None else rotation
    width, height = (max(8, round(v / 25.4 * dpi)) for v in spec.mm)
    die = cv2.resize(_die(spec), (width, height), interpolation=cv2.INTER_AREA)
    side = math.ceil(math.hypot(width, height) * 1.06)
    canvas = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = die
    spin = cv2.getRotationMatrix2D((side / 2, side / 2), turn, 1.0)
    turned = np.clip(cv2.warpAffine(canvas, spin, (side, side), flags=cv2.INTER_AREA), 0, 1)
    cover, density = ink(np.asarray(turned, np.float32), rng, mode, dpi)
    colour = np.exp(-density / np.maximum(cover, 0.05)[..., None])
    rgba = np.dstack([colour, cover]).astype(np.float32)
    truth = SealSpec(spec.word, spec.date, shape="stamp", mm=spec.mm, star=False)
    opaque = mode == "paste_opaque"
    return DrawnSeal(rgba, density.astype(np.float32), truth, mode, turn, (width, height), opaque)


def _die(spec: StampSpec) -> Floats:
    tall = round(_DIE * spec.mm[1] / spec.mm[0])
    die = Image.new("L", (_DIE, tall), 0)
    pen = ImageDraw.Draw(die)
    if spec.framed:
        pen.rectangle((4, 4, _DIE - 5, tall - 5), outline=255, width=16)
    upper = 0.56 if spec.date else 1.0
    _line(pen, spec.word, (0.1 * _DIE, 0.14 * tall, 0.9 * _DIE, upper * tall * 0.92))
    if spec.date:
        _line(pen, spec.date, (0.16 * _DIE, 0.6 * tall, 0.84 * _DIE, 0.9 * tall))
    return np.asarray(np.asarray(die) / 255, np.float32)


def _line(pen: ImageDraw.ImageDraw, text: str, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    size = int(min(bottom - top, (right - left) / (0.55 if text[0].isdigit() else 1) / len(text)))
    letters = font(size, sans=True)
    wide = sum(pen.textlength(c, font=letters) for c in text)
    gap = (right - left - wide) / max(1, len(text) - 1) if not text[0].isdigit() else 0.0
    x = left if gap else (left + right - wide) / 2
    y = (top + bottom) / 2 - size * 0.72
    for character in text:
        pen.text((x, y), character, font=letters, fill=255, stroke_width=3, stroke_fill=255)
        x += pen.textlength(character, font=letters) + gap

"""Things on a page that are no seals: QR codes, grids, word stamps, logos, diagrams, photographs."""

from __future__ import annotations

import math

import numpy as np
import segno
from PIL import Image, ImageDraw

from cases.casegen.seals import Pixels, font

LETTERS = (
    "重庆晟泓毅诚江川云帆启衡渝通博识宏图天津北海南山金源鼎盛华昌鸿润达恒信泰和瑞丰远成新宇雅正阳德隆"
    "鑫淼焱垚犇骉赢麒麟懿馨煜琨珂璟钰铭鹏鲲翔曦晖昊轩睿哲凯旋腾跃龙凤科智数云网联创优联合众力协同"
)


def with_decoys(page: Pixels, rng: np.random.Generator, dpi: int) -> Pixels:
    """Return the page with things on it that are no seals."""
    sheet = Image.fromarray(page)
    for _ in range(int(rng.integers(0, 6))):
        side = round(float(rng.uniform(12, 48)) * dpi / 25.4)
        x = int(rng.integers(0, max(1, sheet.width - side)))
        y = int(rng.integers(0, max(1, sheet.height - side)))
        draw = _DECOYS[int(rng.integers(len(_DECOYS)))]
        tone = int(rng.integers(0, 130))
        draw(sheet, x, y, side, (tone, tone, tone), rng)
    return np.asarray(sheet, np.uint8).copy()


Tone = tuple[int, int, int]


def _qr(
    sheet: Image.Image, x: int, y: int, side: int, _tone: Tone, rng: np.random.Generator
) -> None:
    code = segno.make_qr("".join(rng.choice(list(LETTERS), int(rng.integers(6, 40)))))
    cells = np.array([[0 if bit else 255 for bit in row] for row in code.matrix], np.uint8)
    sheet.paste(Image.fromarray(cells).resize((side, side), Image.Resampling.NEAREST), (x, y))


def _grid(
    sheet: Image.Image, x: int, y: int, side: int, tone: Tone, rng: np.random.Generator
) -> None:
    pen = ImageDraw.Draw(sheet)
    rows, columns = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    wide = round(side * float(rng.uniform(1, 2.2)))
    for row in range(rows):
        for column in range(columns):
            left, top = x + wide * column // columns, y + side * row // rows
            pen.rectangle((left, top, x + wide * (column + 1) // columns, y + side * (row + 1) // rows),
                          outline=tone, width=max(1, side // 90))  # fmt: skip
            if rng.random() < 0.7:
                words = "".join(rng.choice(list(LETTERS), 2))
                pen.text((left + 4, top + 4), words, font=font(max(8, side // 9)), fill=tone)


def _stamp(
    sheet: Image.Image, x: int, y: int, side: int, tone: Tone, rng: np.random.Generator
) -> None:
    """A long box with large words, turned: 作废, 附件, 已核对."""
    words = str(
        rng.choice(["作废", "附件", "附件1", "复印件", "已核对", "原件", "样张", "机密", "已付讫"])
    )
    size = max(10, side // 3)
    box = Image.new("L", (size * len(words) + size, round(size * 1.6)), 0)
    pen = ImageDraw.Draw(box)
    pen.rectangle((2, 2, box.width - 3, box.height - 3), outline=255, width=max(2, size // 14))
    pen.text((size // 2, size // 8), words, font=font(size, sans=True), fill=255)
    turned = box.rotate(float(rng.uniform(-30, 30)), expand=True, resample=Image.Resampling.BICUBIC)
    sheet.paste(tone, (x, y, x + turned.width, y + turned.height), turned)


def _disc(
    sheet: Image.Image, x: int, y: int, side: int, tone: Tone, rng: np.random.Generator
) -> None:
    """A logo: a filled or ringed disc with a letter or a shape in it."""
    pen = ImageDraw.Draw(sheet)
    filled = rng.random() < 0.5
    pen.ellipse(
        (x, y, x + side, y + side),
        fill=tone if filled else None,
        outline=tone,
        width=max(1, side // 16),
    )
    inner = (255, 255, 255) if filled else tone
    letter = str(rng.choice(list(LETTERS + "ABCEGMRSX8")))
    pen.text((x + side * 0.24, y + side * 0.14), letter, font=font(max(8, side // 2)), fill=inner)


def _rings(
    sheet: Image.Image, x: int, y: int, side: int, tone: Tone, rng: np.random.Generator
) -> None:
    """A drawing: rings about one middle, spokes, a hatched sector, or a pie."""
    pen = ImageDraw.Draw(sheet)
    middle_x, middle_y = x + side / 2, y + side / 2
    for share in rng.uniform(0.2, 1, int(rng.integers(1, 4))):
        half = share * side / 2
        pen.ellipse((middle_x - half, middle_y - half, middle_x + half, middle_y + half), outline=tone,
                    width=max(1, side // 70))  # fmt: skip
    for turn in rng.uniform(0, 2 * math.pi, int(rng.integers(0, 7))):
        far = side * float(rng.uniform(0.3, 0.7))
        pen.line((middle_x, middle_y, middle_x + far * math.cos(turn), middle_y + far * math.sin(turn)), fill=tone,
                 width=max(1, side // 90))  # fmt: skip
    if rng.random() < 0.3:
        start = float(rng.uniform(0, 300))
        pen.pieslice(
            (x, y, x + side, y + side), start, start + float(rng.uniform(20, 200)), fill=tone
        )


def _bubble(
    sheet: Image.Image, x: int, y: int, side: int, tone: Tone, rng: np.random.Generator
) -> None:
    """A step of a flow chart: an ellipse or a rounded box with level words in it."""
    pen = ImageDraw.Draw(sheet)
    wide = round(side * float(rng.uniform(1, 2)))
    box, line = (x, y, x + wide, y + side), max(1, side // 60)
    if rng.random() < 0.5:
        pen.ellipse(box, outline=tone, width=line)
    else:
        pen.rounded_rectangle(box, side // 5, outline=tone, width=line)
    size = max(8, side // 6)
    for row in range(int(rng.integers(1, 4))):
        words = "".join(rng.choice(list(LETTERS), max(1, int(wide * 0.6) // size)))
        pen.text((x + wide * 0.2, y + side * (0.2 + 0.2 * row)), words, font=font(size), fill=tone)


def _picture(
    sheet: Image.Image, x: int, y: int, side: int, _tone: Tone, rng: np.random.Generator
) -> None:
    """A photograph: smooth blots of grey."""
    coarse = rng.integers(0, 255, (int(rng.integers(3, 12)), int(rng.integers(3, 12)))).astype(
        np.uint8
    )
    wide = round(side * float(rng.uniform(0.8, 1.8)))
    sheet.paste(Image.fromarray(coarse).resize((wide, side), Image.Resampling.BICUBIC), (x, y))


_DECOYS = (_qr, _grid, _stamp, _disc, _rings, _bubble, _picture)

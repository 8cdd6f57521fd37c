"""Pages to teach and to measure the finding of seals: papers of many kinds, seals, and decoys.

A page is a face of a made-up case (form, ledger, contract, invoice, receipt …) or typeset text,
decoys drawn on it (QR codes, grids, logos, crossed-out marks, round diagrams), seals pressed
anywhere on it, and then what a copier or scanner makes of it: colour, grey or bilevel.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import segno
from PIL import Image, ImageDraw

from benchmarks.seals.pages import paper
from cases.casegen import build, typeset
from cases.casegen.model import Case, Sheet
from cases.casegen.scan import degrade
from cases.casegen.scenario import honest
from cases.casegen.seals import (
    Pixels,
    SealSpec,
    bank_seal,
    draw_seal,
    finance_seal,
    font,
    impress,
    invoice_seal,
    named_seal,
    official_seal,
    person_seal,
)

SHAPES = ("circle", "ellipse", "square", "supervision")
_LETTERS = (
    "重庆晟泓毅诚江川云帆启衡渝通博识宏图天津北海南山金源鼎盛华昌鸿润达恒信泰和瑞丰远成新宇雅正阳德隆"
    "鑫淼焱垚犇骉赢麒麟懿馨煜琨珂璟钰铭鹏鲲翔曦晖昊轩睿哲凯旋腾跃龙凤科智数云网联创优联合众力协同"
)
_TRADES = ("精密机械", "智能装备", "软件技术", "汽车零部件", "自动化设备", "信息工程", "电子科技",
           "建筑安装工程", "物流", "环保材料", "医疗器械", "工业互联网")  # fmt: skip
_FORMS = ("有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司", "厂", "研究院")
_PLACES = ("重庆市", "重庆", "成都", "上海", "深圳市", "江苏", "浙江", "湖北省武汉市", "两江新区")
_KINDS = ("财务专用章", "合同专用章", "发票专用章", "业务专用章", "人事专用章", "投标专用章")
_PLAIN_FACES = (
    "application_form", "commitment", "investment_ledger", "construction_plan", "project_filing",
    "business_licence", "security_evidence", "maturity_assessment", "audit_report",
    "financial_statement", "bank_statement", "other", "device_photo",
)  # fmt: skip
_INKS = ("fresh", "faded", "grey", "black_copy", "black_copy", "colour_copy", "paste_multiply")


@dataclass(frozen=True)
class Mark:
    """A seal on a page: middle and half axes in pixels, ``angle`` of the long one (clockwise)."""

    shape: str
    ink: str
    x: float
    y: float
    long: float
    short: float
    angle: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels."""
        turn = math.radians(self.angle)
        c, s = abs(math.cos(turn)), abs(math.sin(turn))
        if self.shape == "square":
            half_x, half_y = self.long * c + self.short * s, self.long * s + self.short * c
        else:
            half_x, half_y = (
                math.hypot(self.long * c, self.short * s),
                math.hypot(self.long * s, self.short * c),
            )
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y


@dataclass(frozen=True)
class Scene:
    """A scanned page with its resolution, its way of scanning and the seals on it."""

    scan: Pixels
    dpi: int
    medium: str
    marks: tuple[Mark, ...]


def make_scene(seed: int, *, dpi: int | None = None, most: int = 6) -> Scene:
    """Return page ``seed``: same seed, same page. ``most``: seals pressed at most."""
    rng = np.random.default_rng([seed, 77])
    dpi = dpi or int(rng.choice([100, 120, 150, 200]))
    page, marks = _background(seed, rng, dpi)
    page = _decoyed(page, rng, dpi)
    medium = str(rng.choice(["colour", "grey", "bilevel"], p=[0.4, 0.3, 0.3]))
    room = list(marks)
    count = 0 if rng.random() < 0.2 else int(rng.integers(1, most + 1))
    for index in range(count):
        drawn = _pressed(page, rng, dpi, medium, seed * 11 + index, room)
        if drawn is not None:
            page, mark = drawn
            room.append(mark)
    skew = float(np.clip(rng.normal(0, 0.5), -2, 2))
    scan = degrade(
        page,
        seed=seed,
        dpi=dpi,
        mode=medium,
        skew=skew,
        noise=float(rng.uniform(1, 8)),
        blur=float(rng.uniform(0.3, 1.0)),
        jpeg=int(rng.integers(45, 90)),
        shadow=float(rng.choice([0, 0, 0.4])),
        specks=int(rng.integers(0, 20)),
    )
    return Scene(scan, dpi, medium, tuple(_turned(m, scan, skew) for m in room))


def _turned(mark: Mark, scan: Pixels, skew: float) -> Mark:
    """Return the mark where the skewed scan shows it."""
    height, width = scan.shape[:2]
    turn = math.radians(skew)
    x, y = mark.x - width / 2, mark.y - height / 2
    return Mark(
        mark.shape, mark.ink,
        width / 2 + x * math.cos(turn) + y * math.sin(turn),
        height / 2 - x * math.sin(turn) + y * math.cos(turn),
        mark.long, mark.short, mark.angle - skew,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _case(seed: int) -> Case:
    return honest(seed, 6)


def _background(seed: int, rng: np.random.Generator, dpi: int) -> tuple[Pixels, list[Mark]]:
    """Return a page without pressed seals, and what is printed on it that looks like one."""
    if rng.random() < 0.2:
        sheet = Image.fromarray(paper(rng))
        sheet = sheet.resize(
            (sheet.width * dpi // 200, sheet.height * dpi // 200), Image.Resampling.LANCZOS
        )
        return np.asarray(sheet, np.uint8).copy(), []
    case = _case(900_000 + seed // 12)
    kind = str(
        rng.choice(
            [*_PLAIN_FACES, *["vat_invoice", "bank_receipt", "contract"] * 4, "acceptance_report"]
        )
    )
    faces = build.draw(case, _sheet(case, kind, rng), random.Random(seed)).faces
    face = faces[int(rng.integers(len(faces)))]
    pages = typeset.pictures([face], dpi)
    return pages[0].copy(), _printed(face, dpi)


def _sheet(case: Case, kind: str, rng: np.random.Generator) -> Sheet:
    pools: dict[str, list[str]] = {
        "vat_invoice": list(case.invoices), "bank_receipt": list(case.payments),
        "contract": list(case.contracts), "acceptance_report": list(case.acceptances),
    }  # fmt: skip
    if kind not in pools:
        return Sheet(kind, option=str(int(rng.integers(3))))
    count = int(rng.integers(1, 4)) if kind == "bank_receipt" else 1
    chosen = rng.choice(pools[kind], min(count, len(pools[kind])), replace=False)
    return Sheet(kind, tuple(map(str, chosen)), option=str(rng.choice(["copy", "file"])))


def _printed(face: dict[str, Any], dpi: int) -> list[Mark]:
    """Return the 监制章 and the electronic seals that belong to an invoice or a receipt."""
    mm = dpi / 25.4
    if face["kind"] == "receipt":
        return [
            Mark("ellipse", "electronic", (s["x"] + s["w"] / 2) * mm, (slip["y"] + s["y"] + s["h"] / 2) * mm,
                 21 * mm, 14 * mm, 0.0)
            for slip in face["slips"] for s in slip["seals"]
        ]  # fmt: skip
    marks = []
    for index, one in enumerate(face.get("under", ())):
        x, y = (one["x"] + one["w"] / 2) * mm, (one["y"] + one["h"] / 2) * mm
        shape, long, short = ("supervision", 15, 10) if index == 0 else ("ellipse", 20, 15)
        marks.append(Mark(shape, "electronic", x, y, long * mm, short * mm, 0.0))
    return marks


def a_company(rng: np.random.Generator) -> str:
    """Return a made-up company's name."""
    core = "".join(rng.choice(list(_LETTERS), int(rng.integers(2, 5))))
    return f"{rng.choice(_PLACES)}{core}{rng.choice(_TRADES)}{rng.choice(_FORMS)}"


def _spec(rng: np.random.Generator) -> SealSpec:
    """Return a die of any of the usual sorts and sizes."""
    name = a_company(rng)
    number = "".join(rng.choice(list("0123456789"), 18))
    side, high = float(rng.uniform(36, 58)), float(rng.uniform(26, 34))
    oval = (float(rng.uniform(1.25, 1.6)) * high, high)
    some, kind, double = rng.random() < 0.5, str(rng.choice(_KINDS)), bool(rng.random() < 0.3)
    till = str(rng.choice(["电子回单专用章", "业务专用章", "办讫章"]))
    person = "".join(rng.choice(list(_LETTERS), int(rng.integers(2, 4))))
    dies = (
        official_seal(name, number[:13] if some else ""),
        named_seal(name, kind, number[:13] if some else ""),
        SealSpec(name, kind if some else "", serial=number[:13], mm=(side, side),
                 star=bool(rng.random() < 0.7), double_ring=double),
        invoice_seal(name, number),
        bank_seal(name, till, number[:8]),
        SealSpec(name, kind, number if some else "", "", "ellipse", oval, False, double),
        finance_seal(name),
        person_seal(person),
    )  # fmt: skip
    return dies[int(rng.integers(len(dies)))]


def _pressed(
    page: Pixels, rng: np.random.Generator, dpi: int, medium: str, seed: int, room: list[Mark]
) -> tuple[Pixels, Mark] | None:
    """Return the page with one more seal, and where; ``None`` where there is no room for it."""
    spec = _spec(rng)
    ink = str(rng.choice([i for i in _INKS if medium != "bilevel" or i not in {"faded", "grey"}]))
    seal = draw_seal(spec, dpi=dpi, seed=seed, mode=ink, die_seed=seed % 9973)
    height, width = page.shape[:2]
    long, short = (v / 2 / 25.4 * dpi for v in spec.mm)
    for _ in range(12):
        beyond = long * 0.35 if rng.random() < 0.08 else -long
        x = (
            float(rng.uniform(-beyond, width + beyond))
            if beyond > 0
            else float(rng.uniform(long, width - long))
        )
        y = float(rng.uniform(long, height - long))
        if all(math.hypot(x - o.x, y - o.y) > 0.95 * (long + o.long) for o in room):
            break
    else:
        return None
    mark = Mark(spec.shape, ink, round(x), round(y), long, short, -seal.rotation)
    return impress(page, seal, round(x), round(y)), mark


def _decoyed(page: Pixels, rng: np.random.Generator, dpi: int) -> Pixels:
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
    code = segno.make_qr("".join(rng.choice(list(_LETTERS), int(rng.integers(6, 40)))))
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
                words = "".join(rng.choice(list(_LETTERS), 2))
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
    letter = str(rng.choice(list(_LETTERS + "ABCEGMRSX8")))
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
        words = "".join(rng.choice(list(_LETTERS), max(1, int(wide * 0.6) // size)))
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

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
from PIL import Image

from benchmarks.seals.decoys import LETTERS, with_decoys
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
    impress,
    invoice_seal,
    named_seal,
    official_seal,
    person_seal,
)

SHAPES = ("circle", "ellipse", "square", "supervision")
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
    page, marks = background(seed, rng, dpi)
    page = with_decoys(page, rng, dpi)
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


def background(seed: int, rng: np.random.Generator, dpi: int) -> tuple[Pixels, list[Mark]]:
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


def a_company(rng: np.random.Generator, letters: str = LETTERS) -> str:
    """Return a made-up company's name; ``letters``: what its 字号 is made of."""
    core = "".join(rng.choice(list(letters), int(rng.integers(2, 5))))
    return f"{rng.choice(_PLACES)}{core}{rng.choice(_TRADES)}{rng.choice(_FORMS)}"


def a_die(rng: np.random.Generator, letters: str = LETTERS) -> SealSpec:
    """Return a die of any of the usual sorts and sizes; ``letters``: for names."""
    name = a_company(rng, letters)
    number = "".join(rng.choice(list("0123456789"), 18))
    side, high = float(rng.uniform(36, 58)), float(rng.uniform(26, 34))
    oval = (float(rng.uniform(1.25, 1.6)) * high, high)
    some, kind, double = rng.random() < 0.5, str(rng.choice(_KINDS)), bool(rng.random() < 0.3)
    till = str(rng.choice(["电子回单专用章", "业务专用章", "办讫章"]))
    person = "".join(rng.choice(list(letters), int(rng.integers(2, 4))))
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
    spec = a_die(rng)
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

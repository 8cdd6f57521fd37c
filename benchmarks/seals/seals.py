"""Seals on generated pages: found, read, owned, graded; pasted copies told from stampings.

    python -m benchmarks.seals.seals [--pages 60] [--reuse 100]

Pages are typeset text with a table, one to three seals, degraded as scans are. CPU-seconds are
of this process with one thread.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw
from rapidfuzz.distance import Levenshtein

from audit.match.seal_owner import Lettering, owner_of
from audit.match.seals import freshness_of, kind_of
from audit.model import (
    Applicant,
    Box,
    Impression,
    PageMode,
)
from audit.pipeline.pairs import find_pairs
from audit.pixels.raster import Raster
from audit.recognise.seals.find import find_impressions
from cases.casegen.scan import degrade
from cases.casegen.seals import (
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

COMPANIES = (
    "重庆晟泓精密机械有限公司", "重庆毅诚汽车零部件股份有限公司", "重庆江川智能装备有限公司",
    "成都云帆软件技术有限公司", "上海启衡工业自动化有限公司", "重庆渝信通达网络工程有限公司",
    "深圳市博识云数据服务有限公司", "重庆两江新区宏图信息技术有限责任公司",
)  # fmt: skip
MODES = ("fresh", "faded", "black_copy", "colour_copy", "paste_opaque", "paste_multiply")
MEDIA = (
    {},
    {"noise": 6.0, "blur": 0.8},
    {"skew": 1.5, "jpeg": 60},
    {"mode": "grey"},
    {"to_dpi": 150},
)
DPI = 200
WIDTH, HEIGHT = 1654, 2339


@dataclass(frozen=True)
class Planted:
    """A seal on the page: its specification and where it is (pixels)."""

    spec: SealSpec
    company: str
    mode: str
    box: tuple[float, float, float, float]
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


def specs(rng: np.random.Generator, company: str) -> SealSpec:
    """Return one of the seals a company has."""
    tax_id = "91500" + "".join(rng.choice(list("0123456789"), 12)) + "X"
    kinds = (
        official_seal(company),
        official_seal(company, "5001" + "".join(rng.choice(list("0123456789"), 9))),
        named_seal(company, "财务专用章"),
        named_seal(company, "合同专用章"),
        invoice_seal(company, tax_id),
        finance_seal(company),
    )
    return kinds[int(rng.integers(len(kinds)))]


def make_page(seed: int, *, mode: str, medium: dict[str, object]) -> tuple[Pixels, list[Planted]]:
    """Return a scanned page and what was stamped on it."""
    rng = np.random.default_rng(seed)
    page, planted = paper(rng), []
    spots = [(420, 700), (1220, 1350), (700, 1980)]
    for index in range(int(rng.integers(0, 3)) if seed % 5 == 0 else int(rng.integers(1, 3))):
        company = COMPANIES[int(rng.integers(len(COMPANIES)))]
        spec = specs(rng, company)
        seal = draw_seal(spec, dpi=DPI, seed=seed * 7 + index, mode=mode, die_seed=hash_of(company))
        x, y = (int(c + rng.integers(-60, 60)) for c in spots[index])
        page = impress(page, seal, x, y)
        wide, high = seal.size
        left, top = x - wide / 2, y - high / 2
        planted.append(Planted(spec, company, mode, (left, top, left + wide, top + high)))
    if seed % 3 == 0:
        seal = draw_seal(
            supervision_seal("重庆"), dpi=DPI, seed=seed, mode="electronic", rotation=0
        )
        page = impress(page, seal, 830, 175)
        planted.append(Planted(seal.spec, "", mode, (700, 90, 960, 260), supervision=True))
    scan = degrade(page, seed=seed, dpi=DPI, **medium)  # type: ignore[arg-type]
    return scan, planted


def hash_of(text: str) -> int:
    """Return a small number that is the same in every run."""
    return sum(ord(c) * i for i, c in enumerate(text, 1)) % 9973


def overlap(one: Box, planted: Planted, scale: float) -> float:
    """Return intersection over union of a found box and a planted one."""
    left, top, right, bottom = (v * scale for v in planted.box)
    other = Box(
        left / WIDTH / scale, top / HEIGHT / scale, right / WIDTH / scale, bottom / HEIGHT / scale
    )
    shared = one.intersection_area(other)
    return shared / (one.area + other.area - shared)


def wants_kind(spec: SealSpec) -> str:
    """Return the kind a seal has."""
    words = spec.kind + spec.arc + spec.lower_arc
    for word, kind in (("发票", "invoice"), ("财务", "finance"), ("合同", "contract")):
        if word in words:
            return kind
    return "official"


def run_pages(count: int) -> None:
    """Print what was found, read, owned and graded on generated pages."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    grades: dict[str, Counter[str]] = defaultdict(Counter)
    page_tally, seconds, overlaps, misread = Counter[str](), [], [], []
    for seed in range(count):
        mode, medium = MODES[seed % len(MODES)], MEDIA[(seed // len(MODES)) % len(MEDIA)]
        scan, planted = make_page(seed, mode=mode, medium=dict(medium))
        started = time.process_time()
        found = find_impressions(Raster(scan, dpi=int(medium.get("to_dpi", DPI))), ())  # type: ignore[arg-type]
        seconds.append(time.process_time() - started)
        company_seals = [p for p in planted if not p.supervision]
        seals = [f for f in found if f.mark == "seal"]
        page_tally[f"{bool(company_seals)}/{bool(seals)}"] += 1
        for one in (p for p in planted if p.supervision):
            hit = [f for f in found if overlap(f.box, one, 1) > 0.2]
            tally["监制章"]["as company seal" if any(h.mark == "seal" for h in hit) else "ok"] += 1
        left = list(seals)
        for one in company_seals:
            best = max(left, key=lambda f: overlap(f.box, one, 1), default=None)
            if best is None or overlap(best.box, one, 1) < 0.3:
                tally[mode]["missed"] += 1
                continue
            left.remove(best)
            overlaps.append(overlap(best.box, one, 1))
            judge(one, best, medium, tally[mode], grades[mode], misread)
        tally[mode]["false"] += len(left)
    report(tally, grades, page_tally, seconds, overlaps, misread)


def judge(
    one: Planted,
    best: Impression,
    medium: dict[str, object],
    tally: Counter[str],
    grades: Counter[str],
    misread: list[str],
) -> None:
    """Count what was told rightly of one found seal."""
    tally["found"] += 1
    tally["kind"] += kind_of(best) == wants_kind(one.spec)
    distance = Levenshtein.distance(best.text, one.company)
    if one.spec.shape == "square":
        distance = 0 if one.company in best.text else distance
    tally["exact"] += distance == 0
    tally["letters wrong"] += min(distance, len(one.company))
    tally["letters"] += len(one.company)
    said = Lettering(best.text, best.text_confidence, best.number, best.rivals)
    right = Applicant(name=one.company)
    others = [c for c in COMPANIES if c != one.company]
    stranger = Applicant(name=others[len(best.text) % len(others)])
    tally["owner right"] += owner_of(said, kind_of(best), None, right)[0] == "applicant"
    tally["taken for another"] += owner_of(said, kind_of(best), None, stranger)[0] == "applicant"
    tally["told as somebody else's"] += owner_of(said, kind_of(best), None, stranger)[0] == "other"
    tally["own told as somebody else's"] += owner_of(said, kind_of(best), None, right)[0] == "other"
    page = PageMode.GREY if medium.get("mode") == "grey" else PageMode.COLOUR
    grades[freshness_of(best, page, kind_of(best))[0]] += 1
    if distance:
        misread.append(f"{one.mode}/{one.spec.shape}: {one.company} -> {best.text}")


def report(tally, grades, page_tally, seconds, overlaps, misread) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Print the tables."""
    true, false, missed = (
        page_tally["True/True"],
        page_tally["False/True"],
        page_tally["True/False"],
    )
    print(f"pages {page_tally}  F1 {2 * true / (2 * true + false + missed):.3f}")
    print(
        f"box IoU median {np.median(overlaps):.3f}  CPU ms a page: median {1000 * np.median(seconds):.0f}, mean {1000 * np.mean(seconds):.0f}"
    )
    total: Counter[str] = Counter()
    for mode, counts in tally.items():
        print(f"{mode:15} {dict(counts)}  grades {dict(grades[mode])}")
        if mode != "监制章":
            total.update(counts)
    found = max(total["found"], 1)
    for key in (
        "kind",
        "exact",
        "owner right",
        "taken for another",
        "told as somebody else's",
        "own told as somebody else's",
    ):
        print(f"  {key}: {total[key]}/{found} = {total[key] / found:.1%}")
    print(f"  character error {total['letters wrong'] / max(total['letters'], 1):.1%}")
    for line in misread[:25]:
        print("   ", line)


def run_reuse(count: int) -> None:
    """Print how pasted copies and separate stampings of one die are told apart."""
    found: dict[str, Impression] = {}
    truth: dict[str, str] = {}
    spec = official_seal(COMPANIES[0], "5001123456789")
    for index in range(count):
        rng = np.random.default_rng(900 + index)
        pasted = index % 4 == 0
        seal = draw_seal(
            spec, dpi=DPI, seed=77 if pasted else 5000 + index, mode="fresh", die_seed=3
        )
        page = impress(paper(rng), seal, int(rng.integers(300, 900)), int(rng.integers(500, 1500)))
        scan = degrade(page, seed=index, dpi=DPI, skew=None)
        for one in find_impressions(Raster(scan, dpi=DPI), ()):
            if one.mark == "seal":
                found[f"{index}"] = one
                truth[f"{index}"] = "pasted" if pasted else "stamped"
    started = time.process_time()
    pairs = find_pairs(found)
    spent = time.process_time() - started
    told = {frozenset((p.first_key, p.second_key)) for p in pairs}
    same = [
        frozenset(p) for p in itertools.combinations([k for k in truth if truth[k] == "pasted"], 2)
    ]
    other = [
        frozenset(p) for p in itertools.combinations(truth, 2) if frozenset(p) not in set(same)
    ]
    print(
        f"reuse: {len(found)} impressions, pairs {len(same)} pasted: {sum(p in told for p in same)} found; "
        f"{len(other)} separate: {sum(p in told for p in other)} accused; {spent:.2f} CPU-s"
    )


def clean_pages(count: int) -> None:
    """Print what a page without any ring costs."""
    spent, hits = [], 0
    for seed in range(count):
        scan = degrade(paper(np.random.default_rng(seed)), seed=seed, dpi=DPI)
        started = time.process_time()
        hits += len(find_impressions(Raster(scan, dpi=DPI), ()))
        spent.append(time.process_time() - started)
    print(
        f"pages without seals: {hits} false of {count}, CPU ms a page: {1000 * np.mean(spent):.0f}"
    )


def main() -> None:
    """Run all parts."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--reuse", type=int, default=60)
    arguments = parser.parse_args()
    run_pages(arguments.pages)
    clean_pages(12)
    run_reuse(arguments.reuse)


if __name__ == "__main__":
    main()

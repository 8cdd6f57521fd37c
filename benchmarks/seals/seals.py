"""Seals on generated pages: found, read, owned, graded; pasted copies told from stampings.

    python -m benchmarks.seals.seals [--first 0] [--pages 60] [--reuse 60] [--stamps 60]

Pages are typeset text with a table, one to three seals, degraded as scans are. *Legible* is
told from what was drawn, never from what was read: see ``pages.legible``. CPU-seconds are of
this process with one thread.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from audit.match.seal_owner import Lettering, owner_of
from audit.match.seals import freshness_of, kind_of
from audit.model import Applicant, Box, Impression, PageMode
from audit.pipeline.pairs import find_pairs
from audit.pixels.raster import Raster
from audit.recognise import recognise_page
from audit.recognise.seals.find import find_impressions, find_outlines, impression_of
from audit.text.names import company_parts
from benchmarks.seals.pages import (
    COMPANIES,
    DPI,
    HEIGHT,
    MEDIA,
    MODES,
    WIDTH,
    Medium,
    Planted,
    make_page,
    paper,
    specs,
)
from benchmarks.seals.stamps import draw_stamp, random_stamp
from cases.casegen.scan import degrade
from cases.casegen.seals import SealSpec, draw_seal, impress, official_seal

#: Letters of made-up 字号: companies that differ from the true one in nothing else.
CORES = "华昌鸿润盛达恒信泰和瑞丰宏远金源天成新宇海通博雅正阳德隆"
NEAR = 12
GRADES = ("supported", "doubtful", "contradicted", "cannot_tell")


@dataclass
class Tally:
    """Counts over one group of seals: ``own``/``stranger`` by answer, others by name."""

    counts: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    stranger: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    one_letter: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> str:
        """Return the group as a row of the table."""
        c, found = self.counts, max(self.counts["found"], 1)
        others = max(self.stranger.total(), 1)
        return (
            f"| {name} | {c['planted']} | {c['found']} | {c['kind'] / found:.1%} | {c['exact'] / found:.1%} "
            f"| {c['wrong'] / max(c['letters'], 1):.1%} | {self.own['applicant'] / found:.1%} | {self.own['other']} "
            f"| {self.stranger['other'] / others:.1%} | {self.stranger['applicant']} of {self.stranger.total()} "
            f"| {self.near['applicant']} of {self.near.total()} "
            f"| {self.one_letter['applicant']} of {self.one_letter.total()} |"
        )


@dataclass
class Run:
    """Everything measured over the pages."""

    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    grades: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    pages: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    overlaps: list[float] = field(default_factory=list)
    finding: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def overlap(one: Box, planted: Planted) -> float:
    """Return intersection over union of a found box and a planted one."""
    left, top, right, bottom = planted.box
    other = Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
    shared = one.intersection_area(other)
    return shared / (one.area + other.area - shared)


def wants_kind(spec: SealSpec) -> str:
    """Return the kind a seal has."""
    words = spec.kind + spec.arc + spec.lower_arc
    for word, kind in (("发票", "invoice"), ("财务", "finance"), ("合同", "contract")):
        if word in words:
            return kind
    return "official"


def run_pages(first: int, count: int) -> Run:
    """Return what was found, read, owned and graded on generated pages."""
    run = Run()
    for seed in range(first, first + count):
        mode, medium = MODES[seed % len(MODES)], MEDIA[(seed // len(MODES)) % len(MEDIA)]
        scan, planted = make_page(seed, mode=mode, medium=medium)
        raster = Raster(scan, dpi=medium.get("to_dpi", DPI))
        started = time.process_time()
        outlines = find_outlines(raster)
        run.finding.append(time.process_time() - started)
        found = []
        for outline in outlines:
            started = time.process_time()
            found.append(impression_of(raster, outline, ()))
            run.reading.append(time.process_time() - started)
        compare(run, planted, [f for f in found if f is not None], medium)
    return run


def compare(run: Run, planted: list[Planted], found: list[Impression], medium: Medium) -> None:
    """Count what was found of the page's seals."""
    company_seals = [p for p in planted if not p.supervision]
    left = [f for f in found if f.mark == "seal"]
    run.pages[f"{bool(company_seals)}/{bool(left)}"] += 1
    for one in (p for p in planted if p.supervision):
        hit = [f.mark for f in found if overlap(f.box, one) > 0.2]
        run.marks["told as company seal" if "seal" in hit else "right" if hit else "unseen"] += 1
    for one in company_seals:
        grey = medium.get("mode") == "grey"
        names = ["all", f"{one.mode}{', grey page' if grey else ''}"]
        names += ["legible"] if one.legible else []
        groups = [run.groups[name] for name in names]
        best = max(left, key=lambda f: overlap(f.box, one), default=None)
        for group in groups:
            group.counts["planted"] += 1
        if best is None or overlap(best.box, one) < 0.3:
            run.misses.append(f"not found: {one.mode} {one.spec.shape}{' grey' if grey else ''}")
            continue
        left.remove(best)
        run.overlaps.append(overlap(best.box, one))
        judge(run, groups, one, best)
        page = PageMode.GREY if grey else PageMode.COLOUR
        run.grades[names[1]][freshness_of(best, page, kind_of(best))[0]] += 1
    run.marks["false seals"] += len(left)


def judge(run: Run, groups: list[Tally], one: Planted, best: Impression) -> None:
    """Count what was told rightly of one found seal."""
    distance = Levenshtein.distance(best.text, one.company)
    if one.spec.shape == "square":
        distance = 0 if one.company in best.text else distance
    said = Lettering(best.text, best.text_confidence, best.number, best.rivals)
    kind = kind_of(best)

    def told(name: str, number: str = "") -> str:
        return owner_of(said, kind, None, Applicant(name=name, taxpayer_id=number))[0]

    own = told(one.company, one.number)
    strangers = Counter(told(c) for c in COMPANIES if c != one.company)
    near = Counter(told(name) for name in near_names(one.company))
    one_letter = Counter(told(name) for name in one_letter_names(one.company))
    for group in groups:
        group.counts["found"] += 1
        group.counts["kind"] += kind == wants_kind(one.spec)
        group.counts["exact"] += distance == 0
        group.counts["wrong"] += min(distance, len(one.company))
        group.counts["letters"] += len(one.company)
        group.own[own] += 1
        group.stranger.update(strangers)
        group.near.update(near)
        group.one_letter.update(one_letter)
    if own != "applicant" or kind != wants_kind(one.spec):
        legible = "legible" if one.legible else "not legible"
        run.misses.append(
            f"{one.mode}/{one.spec.shape} ({legible}): {one.company} {one.spec.kind} -> "
            f"{best.text} {best.kind_text}: {own}, {kind}"
        )


def near_names(company: str) -> list[str]:
    """Return names that differ from a company's in the 字号 alone."""
    core = company_parts(company).core
    names = []
    for index in range(NEAR):
        start = (index * 5 + len(company)) % (len(CORES) - len(core))
        other = CORES[start : start + len(core)]
        names.append(company.replace(core, other))
    return names


def one_letter_names(company: str) -> list[str]:
    """Return names that differ from a company's in one letter of the 字号."""
    core = company_parts(company).core
    names = []
    for index in range(NEAR):
        place = index % len(core)
        letter = CORES[(index * 7 + len(company)) % len(CORES)]
        if letter != core[place]:
            names.append(company.replace(core, core[:place] + letter + core[place + 1 :]))
    return names


def report(run: Run) -> None:
    """Print the tables."""
    true, false, missed = (run.pages[k] for k in ("True/True", "False/True", "True/False"))
    if not true:
        print("no seal was found: more pages are needed")
        return
    print(f"pages with a seal told: F1 {2 * true / (2 * true + false + missed):.3f} {run.pages}")
    print(f"box IoU median {np.median(run.overlaps):.3f}; 监制章 and strays: {dict(run.marks)}")
    print(
        f"CPU ms: finding {1000 * np.mean(run.finding):.0f} a page (median "
        f"{1000 * np.median(run.finding):.0f}), reading and traits {1000 * np.mean(run.reading):.0f} a seal\n"
    )
    print(
        "| seals | planted | found | kind | name exact | CER | own: right | own: told another's ",
        end="",
    )
    print(
        "| stranger: told so | stranger: taken for the applicant | differs in 字号 alone: taken "
        "| differs in one letter of it: taken |"
    )
    print("|---|" + "--:|" * 11)
    for name in ("legible", "all", *sorted(set(run.groups) - {"legible", "all"})):
        print(run.groups[name].row(name))
    print("\n| drawn as | " + " | ".join(GRADES) + " |\n|---|" + "--:|" * len(GRADES))
    for name in sorted(run.grades):
        print(f"| {name} | " + " | ".join(str(run.grades[name][g]) for g in GRADES) + " |")
    print("\n" + "\n".join(run.misses))


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


def run_stamps(first: int, count: int) -> None:
    """Print how stamps with a word are told from seals, on pages that bear both.

    Framed stamps are looked for in the picture alone; bare ones need the page's text, so those
    pages are read whole.
    """
    told: Counter[str] = Counter()
    for seed in range(first, first + count):
        rng = np.random.default_rng([seed, 5])
        mode, medium = MODES[seed % len(MODES)], MEDIA[(seed // len(MODES)) % len(MEDIA)]
        if mode == "black_copy" or medium.get("mode") == "grey":
            continue
        spec = random_stamp(rng)
        stamp = draw_stamp(spec, dpi=DPI, seed=seed, mode=mode)
        company = COMPANIES[int(rng.integers(len(COMPANIES)))]
        seal = draw_seal(specs(rng, company)[0], dpi=DPI, seed=seed, mode=mode)
        page = impress(paper(rng), stamp, int(rng.integers(400, 1200)), int(rng.integers(500, 900)))
        page = impress(page, seal, int(rng.integers(400, 1200)), int(rng.integers(1300, 1900)))
        raster = Raster(degrade(page, seed=seed, dpi=DPI, **medium), dpi=medium.get("to_dpi", DPI))
        whole = None if spec.framed else recognise_page(raster, lines_wanted=True)
        found = find_impressions(raster, ()) if whole is None else whole.impressions
        sort = "framed" if spec.framed else "bare"
        words = [one.kind_text for one in found if one.mark == "stamp"]
        seals = [one for one in found if one.mark == "seal"]
        told[f"{sort}: planted"] += 1
        told[f"{sort}: right"] += spec.word in words
        told["other words"] += sum(word != spec.word for word in words)
        told["seals: planted"] += 1
        told["seals: found"] += bool([s for s in seals if s.box.centre[1] > 0.5])
        told["stamps told as seals"] += bool([s for s in seals if s.box.centre[1] < 0.5])
        told["seals told as stamps"] += bool(
            [s for s in found if s.mark == "stamp" and s.box.centre[1] > 0.5]
        )
    print(f"stamps: {dict(told)}")


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
    parser.add_argument("--first", type=int, default=0, help="seed of the first page")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--reuse", type=int, default=60)
    parser.add_argument("--stamps", type=int, default=60, help="pages with stamps")
    arguments = parser.parse_args()
    report(run_pages(arguments.first, arguments.pages))
    clean_pages(12)
    run_reuse(arguments.reuse)
    run_stamps(arguments.first, arguments.stamps)


if __name__ == "__main__":
    main()

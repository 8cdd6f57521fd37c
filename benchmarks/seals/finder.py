"""Seals found on pages of many kinds, with and without the network's second opinion.

    python -m benchmarks.seals.finder [--first 60000] [--pages 150] [--read]

Pages come from ``finder_pages`` (forms, ledgers, contracts, invoices, receipts with decoys; one
to three seals) at 200 dpi. *Dark* is every seal on a grey or bilevel page and black or grey ink on
a colour one. ``--read``: what is found is also read, and only what the product calls a seal counts
(the row 监制章 then says how many of these were called so). CPU-seconds are of this process with one thread.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from unittest import mock

import cv2
import numpy as np

from audit.model import Box
from audit.pixels.raster import Raster
from audit.recognise.seals import find
from benchmarks.seals.finder_pages import Mark, Scene, make_scene

DPI, MOST = 200, 3
SAME, APART = 0.45, 0.2
BLACK = {"grey", "black_copy"}


def box_of(mark: Mark, scene: Scene) -> Box:
    """Return where a mark is, in fractions of the page, cut at its edges."""
    height, width = scene.scan.shape[:2]
    left, top, right, bottom = mark.box
    return Box(
        max(0.0, left / width), max(0.0, top / height), min(1.0, right / width), min(1.0, bottom / height)
    )  # fmt: skip


def overlap(one: Box, other: Box) -> float:
    """Return intersection over union."""
    shared = one.intersection_area(other)
    return shared / (one.area + other.area - shared)


def groups_of(mark: Mark, scene: Scene) -> tuple[str, ...]:
    """Return the rows of the table that a mark counts for."""
    if mark.shape == "supervision":
        return ("监制章",)
    dark = scene.medium != "colour" or mark.ink in BLACK
    tone = "dark" if dark else "coloured"
    return ("all", tone, f"{tone}, {scene.medium} page", f"{tone}, {mark.shape}")


class Count:
    """What was found of the marks, and what else was."""

    def __init__(self) -> None:
        self.planted: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.pages: Counter[tuple[bool, bool]] = Counter()
        self.overlaps: list[float] = []
        self.spent: list[float] = []
        self.false: list[str] = []

    def add(self, seed: int, scene: Scene, boxes: Iterable[Box]) -> None:
        """Count one page."""
        found = list(boxes)
        marks = [(m, box_of(m, scene)) for m in scene.marks]
        for mark, box in marks:
            best = max((overlap(f, box) for f in found), default=0.0)
            groups = groups_of(mark, scene)
            self.planted.update(groups)
            if best >= SAME:
                self.found.update(groups)
                self.overlaps.append(best)
        strays = [f for f in found if all(overlap(f, box) < APART for _, box in marks)]
        self.false += [f"{seed} {scene.medium} {f}" for f in strays]
        prints = [box for m, box in marks if m.shape == "supervision"]
        told = any(all(overlap(f, box) < SAME for box in prints) for f in found)
        self.pages[any(m.shape != "supervision" for m, _ in marks), told] += 1

    def show(self, name: str) -> None:
        """Print what was counted."""
        true, false, missed = (self.pages[k] for k in ((True, True), (False, True), (True, False)))
        print(f"\n{name}: page holds a seal: precision {true / max(true + false, 1):.3f}, recall "
              f"{true / max(true + missed, 1):.3f}, F1 {2 * true / max(2 * true + false + missed, 1):.3f} "
              f"of {self.pages.total()}; other marks taken for seals {len(self.false)}; box IoU median "
              f"{np.median(self.overlaps):.3f}; CPU ms a page {1000 * np.mean(self.spent):.0f} "
              f"(median {1000 * np.median(self.spent):.0f})")  # fmt: skip
        for group in sorted(self.planted):
            print(f"| {group} | {self.found[group]} of {self.planted[group]} |")


def boxes_of(raster: Raster, *, read: bool) -> tuple[list[Box], float]:
    """Return the boxes of what is found and the CPU-seconds of finding."""
    started = time.process_time()
    figures = find.find_outlines(raster)
    spent = time.process_time() - started
    if not read:
        return [f.box for f in figures], spent
    seals = (find.impression_of(raster, f, ()) for f in figures)
    return [s.box for s in seals if s is not None and s.mark == "seal"], spent


def main() -> None:
    """Measure both ways on the same pages."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=60_000)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--read", action="store_true")
    arguments = parser.parse_args()
    alone, both = Count(), Count()
    for seed in range(arguments.first, arguments.first + arguments.pages):
        scene = make_scene(seed, dpi=DPI, most=MOST)
        raster = Raster(scene.scan, dpi=DPI)
        with mock.patch.object(find, "confirmed", return_value=()):
            boxes, spent = boxes_of(raster, read=arguments.read)
        alone.spent.append(spent)
        alone.add(seed, scene, boxes)
        boxes, spent = boxes_of(raster, read=arguments.read)
        both.spent.append(spent)
        both.add(seed, scene, boxes)
    alone.show("without the network")
    both.show("as the product does")
    print("\n" + "\n".join(both.false))


if __name__ == "__main__":
    main()

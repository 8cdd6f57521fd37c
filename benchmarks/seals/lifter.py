"""What the network that lifts ink adds: impressions over print, read with it and without it.

    python -m benchmarks.seals.lifter [--first 1800000] [--patches 200]

Impressions are of ``lifter_patches`` (made-up names of all letters in daily use), which the
network was not trained on from seed 1,500,000 on. Without it, the plain ink is looked at in its
place, beside what is lifted off by tone or colour. Squares, rings and ovals; triangles are
measured by ``benchmarks.seals.triangles``.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from unittest.mock import patch

import cv2
from rapidfuzz.distance import Levenshtein

from audit.recognise.seals import read
from audit.recognise.seals.ink import Floats, Pixels
from audit.recognise.seals.lift import take_apart
from audit.recognise.seals.read import SealText, read_seal
from audit.recognise.seals.rings import Ellipse
from benchmarks.seals.lifter_patches import Patch, make_patch

_COLOURED = {"fresh", "faded", "colour_copy", "paste_multiply", "paste_opaque"}
WAYS = ("without", "with")


def told(one: Patch, way: str) -> SealText:
    """Return what is read of an impression."""
    colour = "red" if one.medium == "colour" and one.ink in _COLOURED else "black"
    with patch.object(read, "lifted", read.lifted if way == WAYS[1] else _as_it_is):
        return read_seal(one.scan, one.outline, one.spec.shape, colour, one.tilt)


def _as_it_is(scan: Pixels, _outline: Ellipse) -> Floats:
    return take_apart(scan, "black").ink


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1_800_000)
    parser.add_argument("--patches", type=int, default=200)
    arguments = parser.parse_args()
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    spent = Counter[str]()
    for seed in range(arguments.first, arguments.first + arguments.patches):
        one = make_patch(seed)
        if one.spec.shape == "triangle":
            continue
        name = one.spec.arc + (one.spec.kind if one.spec.shape == "square" else "")
        for way in WAYS:
            start = time.process_time()
            said = told(one, way).text
            spent[way] += time.process_time() - start
            for group in (one.medium, one.spec.shape, "all"):
                tally = sums[group, way]
                tally["impressions"] += 1
                tally["exact"] += said == name
                tally["letters"] += len(name)
                tally["wrong"] += min(Levenshtein.distance(said, name), len(name))
    print("| impressions | number | " + " | ".join(f"exact {w} | CER {w}" for w in WAYS) + " |")
    print("|---|--:|--:|--:|--:|--:|")
    for group in dict.fromkeys(group for group, _ in sums):
        cells = [
            f"{t['exact'] / t['impressions']:.1%} | {t['wrong'] / t['letters']:.1%}"
            for t in (sums[group, way] for way in WAYS)
        ]
        print(f"| {group} | {sums[group, WAYS[0]]['impressions']} | " + " | ".join(cells) + " |")
    number = sums["all", WAYS[0]]["impressions"]
    print("CPU-s an impression: " + ", ".join(f"{w} {spent[w] / number:.2f}" for w in WAYS))


if __name__ == "__main__":
    main()

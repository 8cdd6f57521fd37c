"""Triangular seals of bank counters over print: found, and their line of kind read.

python -m benchmarks.seals.triangles [--first 0] [--pages 60]
"""

from __future__ import annotations

import argparse
from collections import Counter

import cv2
import numpy as np

from audit.pixels.raster import Raster
from audit.recognise.seals.find import find_impressions
from benchmarks.seals.pages import DPI, MEDIA, MODES, paper
from cases.casegen.scan import degrade
from cases.casegen.seals import draw_seal, impress, triangle_seal

BANK = "中国建设银行重庆两江支行"
KINDS = ("转讫", "业务受理章", "业务专用章")


def main() -> None:
    """Print what was found, for ink whose colour the page shows and for other ink."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pages", type=int, default=60)
    arguments = parser.parse_args()
    told: Counter[str] = Counter()
    for seed in range(arguments.first, arguments.first + arguments.pages):
        rng = np.random.default_rng(seed)
        mode, medium = MODES[seed % len(MODES)], MEDIA[(seed // len(MODES)) % len(MEDIA)]
        kind = KINDS[seed % len(KINDS)]
        seal = draw_seal(triangle_seal(BANK, kind), dpi=DPI, seed=seed, mode=mode, die_seed=seed)
        page = impress(paper(rng), seal, int(rng.integers(300, 1300)), int(rng.integers(400, 1900)))
        scan = degrade(page, seed=seed, dpi=DPI, **medium)
        found = find_impressions(Raster(scan, dpi=medium.get("to_dpi", DPI)), ())
        dull = mode == "black_copy" or medium.get("mode") == "grey"
        ink = "black or grey" if dull else "coloured"
        here = [one for one in found if one.shape == "triangle"]
        told[f"{ink}: drawn"] += 1
        told[f"{ink}: found"] += bool(here)
        told[f"{ink}: kind read"] += any(one.kind_text == kind for one in here)
        told["other figures"] += len(found) - len(here)
    print(f"triangles: {dict(sorted(told.items()))}")


if __name__ == "__main__":
    main()

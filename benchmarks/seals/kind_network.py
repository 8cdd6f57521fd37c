"""Would a small network tell a seal's kind better than reading its line? Trained and compared.

    python -m benchmarks.seals.kind_network [--train 1500] [--first 200] [--pages 60]

A perceptron over the upright middle (24 × 64 points, 48 hidden units) is trained on generated
seals of made-up companies and compared with the reading on other companies' pages, on found
round and oval seals only. Measured to answer the question; the product does not use it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from audit.match.seals import kind_of
from audit.pixels.raster import Raster
from audit.recognise.seals.find import find_outlines, impression_of
from audit.recognise.seals.lift import take_apart
from audit.recognise.seals.middle import level_middle
from audit.recognise.seals.rings import Ellipse
from audit.recognise.seals.unroll import find_band
from benchmarks.seals.pages import DPI, MEDIA, MODES, make_page, paper
from benchmarks.seals.seals import CORES, overlap, wants_kind
from cases.casegen.scan import degrade
from cases.casegen.seals import (
    SealSpec,
    draw_seal,
    impress,
    invoice_seal,
    named_seal,
    official_seal,
)

KINDS = ("official", "finance", "contract", "invoice")
HIGH, WIDE, HIDDEN, SIDE = 24, 64, 48, 460
EPOCHS, BATCH, RATE = 40, 64, 0.001
TRADES = ("机械制造", "软件", "电子科技", "自动化设备", "信息工程", "智能")
Floats = npt.NDArray[np.float32]


def looked_at(pixels: npt.NDArray[np.uint8], ellipse: Ellipse, colour: str, up: float) -> Floats:
    """Return the band below the middle as the network's input, 0-1."""
    ink = take_apart(pixels, colour).ink
    depth = 0.6 * find_band(ink, ellipse).outer * min(ellipse.long, ellipse.short)
    level = level_middle(ink, ellipse, depth, up)
    height, width = level.shape
    part = level[round(height * 0.58) : round(height * 0.86), width // 2 - 110 : width // 2 + 110]
    small = cv2.resize(part, (WIDE, HIGH), interpolation=cv2.INTER_AREA)
    return np.asarray(small / max(float(small.max()), 0.2), np.float32).ravel()


def sample(seed: int) -> tuple[Floats, int]:
    """Return a training example: input and kind."""
    rng = np.random.default_rng([seed, 41])
    start = int(rng.integers(len(CORES) - 3))
    name = f"重庆{CORES[start : start + 2]}{TRADES[int(rng.integers(len(TRADES)))]}有限公司"
    label = int(rng.integers(len(KINDS)))
    code = "".join(rng.choice(list("0123456789"), 13))
    specs: tuple[SealSpec, ...] = (
        official_seal(name, code if rng.random() < 0.5 else ""),
        named_seal(name, "财务专用章"),
        named_seal(name, "合同专用章"),
        invoice_seal(name, "91500" + code),
    )
    seal = draw_seal(
        specs[label], dpi=DPI, seed=seed, mode=MODES[seed % len(MODES)], die_seed=seed % 97
    )
    sheet = paper(rng)[300 : 300 + SIDE, 200 : 200 + SIDE]
    page = impress(np.ascontiguousarray(sheet), seal, SIDE // 2, SIDE // 2)
    scan = degrade(page, seed=seed, dpi=DPI, skew=0.0, noise=float(rng.uniform(2, 6)))
    wide, high = seal.size
    off = rng.normal(0, 1.5, 2)
    ellipse = Ellipse(
        SIDE / 2 + off[0], SIDE / 2 + off[1], wide / 2, high / 2, float(-seal.rotation)
    )
    colour = "black" if seal.mode == "black_copy" else "red"
    up = -90 - seal.rotation + float(rng.normal(0, 3))
    return looked_at(scan, ellipse, colour, up), label


@dataclass(frozen=True)
class Network:
    """One hidden layer."""

    first: Floats
    second: Floats

    def scores(self, inputs: Floats) -> Floats:
        """Return a score for each kind, (n, kinds)."""
        return np.asarray(hidden(inputs, self.first) @ self.second[:-1] + self.second[-1])


def hidden(inputs: Floats, weights: Floats) -> Floats:
    """Return the hidden layer's values."""
    return np.asarray(np.maximum(inputs @ weights[:-1] + weights[-1], 0), np.float32)


def trained(count: int) -> Network:
    """Return the network trained on ``count`` generated seals (Adam, batches of 64)."""
    examples = [sample(seed) for seed in range(count)]
    inputs = np.stack([x for x, _ in examples])
    labels = np.array([label for _, label in examples])
    rng = np.random.default_rng(5)
    first = rng.normal(0, 0.03, (HIGH * WIDE + 1, HIDDEN)).astype(np.float32)
    second = rng.normal(0, 0.15, (HIDDEN + 1, len(KINDS))).astype(np.float32)
    weights = [first, second]
    means = [np.zeros_like(w) for w in weights]
    squares = [np.zeros_like(w) for w in weights]
    for step in range(1, 1 + EPOCHS * count // BATCH):
        chosen = rng.choice(count, BATCH)
        for index, slope in enumerate(slopes(weights, inputs[chosen], labels[chosen])):
            means[index] += 0.1 * (slope - means[index])
            squares[index] += 0.001 * (slope**2 - squares[index])
            size = means[index] / (1 - 0.9**step)
            spread = np.sqrt(squares[index] / (1 - 0.999**step)) + 1e-8
            weights[index] -= (RATE * size / spread).astype(np.float32)
    return Network(*weights)


def slopes(weights: list[Floats], inputs: Floats, labels: npt.NDArray[np.intp]) -> list[Floats]:
    """Return the cross entropy's slope for each layer."""
    inner = hidden(inputs, weights[0])
    scores = inner @ weights[1][:-1] + weights[1][-1]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    shares /= len(labels)
    back = (shares @ weights[1][:-1].T) * (inner > 0)
    one = np.ones((len(labels), 1), np.float32)
    decay = [1e-4 * w for w in weights]
    return [
        np.concatenate([inputs, one], axis=1).T @ back + decay[0],
        np.concatenate([inner, one], axis=1).T @ shares + decay[1],
    ]


def compare(network: Network, first: int, count: int) -> None:
    """Print how often the reading, the network, and both together are right."""
    right: Counter[str] = Counter()
    for seed in range(first, first + count):
        medium = MEDIA[(seed // len(MODES)) % len(MEDIA)]
        scan, planted = make_page(seed, mode=MODES[seed % len(MODES)], medium=medium)
        raster = Raster(scan, dpi=medium.get("to_dpi", DPI))
        for one in find_outlines(raster):
            true = next((p for p in planted if overlap(one.box, p) > 0.3), None)
            if true is None or true.supervision or true.spec.shape == "square":
                continue
            seal = impression_of(raster, one, ())
            if seal is None:
                continue
            wanted, read = wants_kind(true.spec), kind_of(seal)
            # The true direction, up to the scanner's skew: the network gets the better footing.
            said = network.scores(looked_at(scan, one.ellipse, one.colour, true.up)[None])[0]
            guess = KINDS[int(said.argmax())]
            right["seals"] += 1
            right["reading"] += read == wanted
            right["network"] += guess == wanted
            both = read if seal.kind_text or read == "invoice" else guess
            right["reading, else network"] += both == wanted
    print({k: f"{v} ({v / right['seals']:.1%})" for k, v in right.items()})


def main() -> None:
    """Train and compare."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=int, default=1500)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--pages", type=int, default=60)
    arguments = parser.parse_args()
    compare(trained(arguments.train), arguments.first, arguments.pages)


if __name__ == "__main__":
    main()

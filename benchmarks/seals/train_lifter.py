"""Train the network that lifts a seal's ink off print: impressions are made, it is fitted, exported.

    python -m benchmarks.seals.train_lifter --out DIR [--patches 5000] [--minutes 40]

Needs torch and onnx (tried with torch 2.13.0, onnx 1.23.1), which the product does not: use an
environment of its own. Impressions come from ``lifter_patches`` with seeds from 1,000,000 on,
which no measurement uses. ``seal_lifter.onnx`` in DIR is what ``ocr_models`` ships.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, interpolate

from audit.recognise.seals.lifter import lifter_input
from audit.recognise.seals.rings import Ellipse
from benchmarks.seals.lifter_patches import make_patch
from benchmarks.seals.training import Around, Step, one_cycle

FIRST_SEED, CHECK_SEED = 1_000_000, 1_900_000
SIDE, BATCH = 208, 10
Floats = npt.NDArray[np.float32]
Sample = tuple[npt.NDArray[np.uint8], Ellipse, npt.NDArray[np.uint8]]


def made(first: int, count: int, store: Path) -> list[Sample]:
    """Return generated impressions, kept in ``store`` for another run."""
    if not store.exists():
        parts: dict[str, npt.NDArray[np.generic]] = {}
        for index in range(count):
            patch = make_patch(first + index)
            outline = patch.outline
            parts[f"scan{index}"], parts[f"die{index}"] = patch.scan, patch.die
            parts[f"outline{index}"] = np.array(
                [outline.x, outline.y, outline.long, outline.short, outline.angle]
            )
            if index % 250 == 0:
                print(f"made {index} impressions, {time.process_time():.0f} CPU-s", flush=True)
        np.savez(store, **parts)
    data = np.load(store)
    return [
        (data[f"scan{i}"], Ellipse(*data[f"outline{i}"].tolist()), data[f"die{i}"])
        for i in range(len(data.files) // 3)
    ]


class Lifter(nn.Module):
    """A small U of convolutions at a half, a quarter and an eighth of the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(nn.PixelUnshuffle(2), Step(24, 24), Around(24, 1))
        self.middle = nn.Sequential(Step(24, 40, 3, 2), Around(40, 1), Around(40, 1))
        self.coarse = nn.Sequential(
            Step(40, 64, 3, 2), Around(64, 1), Around(64, 2), Around(64, 4), Step(64, 40, 1)
        )
        self.middle_up = nn.Sequential(Around(40, 1), Step(40, 24, 1))
        self.fine_up = nn.Sequential(Around(24, 1), Around(24, 1))
        self.head = nn.Sequential(nn.Conv2d(24, 4, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the die for planes as ``lifter_input`` gives them."""
        fine = self.fine(x)
        middle = self.middle(fine)
        middle = middle + _twice(self.coarse(middle))
        fine = fine + _twice(self.middle_up(middle))
        logits: torch.Tensor = self.head(self.fine_up(fine))
        return logits


def _twice(x: torch.Tensor) -> torch.Tensor:
    return interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class Shares(nn.Module):
    """The network with shares 0-1 instead of logits: what is exported."""

    def __init__(self, net: Lifter) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return how much of every pixel the die covers."""
        return torch.sigmoid(self.net(x))


def cut(sample: Sample, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return a square out of an impression, toned at random, and the die there."""
    scan, outline, die = sample
    if scan.ndim == 3 and rng.random() < 0.25:
        scan = cv2.cvtColor(scan, cv2.COLOR_RGB2GRAY)
    planes = lifter_input(scan, outline)
    whole = np.zeros(planes.shape[1:], np.float32)
    whole[: die.shape[0], : die.shape[1]] = die / np.float32(255)
    planes[:3] *= np.float32(rng.uniform(0.75, 1.25))
    y, x = (int(rng.integers(0, max(1, side - SIDE + 1))) for side in whole.shape)
    piece, goal = np.zeros((6, SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32)
    part = planes[:, y : y + SIDE, x : x + SIDE]
    piece[:, : part.shape[1], : part.shape[2]] = part
    goal[: part.shape[1], : part.shape[2]] = whole[y : y + SIDE, x : x + SIDE]
    return piece, goal


def batch(samples: list[Sample], rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs and goals of one batch."""
    pairs = [cut(samples[int(rng.integers(len(samples)))], rng) for _ in range(BATCH)]
    inputs, goals = (torch.from_numpy(np.stack(parts)) for parts in zip(*pairs, strict=True))
    return inputs, goals[:, None]


def fitted(
    samples: list[Sample], check: list[Sample], seconds: float, start: Path | None
) -> Lifter:
    """Return the network after so many seconds of training."""
    torch.manual_seed(1)
    net = Lifter()
    if start is not None:
        net.load_state_dict(torch.load(start))
    one_cycle(
        net,
        lambda rng: batch(samples, rng),
        lambda rng: batch(check, rng),
        lambda made: binary_cross_entropy_with_logits(net(made[0]), made[1]),
        seconds,
    )
    return net


def export(net: Lifter, folder: Path) -> None:
    """Write the weights and the ONNX file."""
    torch.save(net.state_dict(), folder / "seal_lifter.pt")
    torch.onnx.export(
        Shares(net).eval(), (torch.zeros(1, 6, 336, 336),), str(folder / "seal_lifter.onnx"),
        input_names=["planes"], output_names=["die"], opset_version=17, dynamo=False,
        dynamic_axes={"planes": {2: "height", 3: "width"}, "die": {2: "height", 3: "width"}},
    )  # fmt: skip


def main() -> None:
    """Make impressions, train, export."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--patches", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    check = made(CHECK_SEED, 120, arguments.out / "check.npz")
    samples = made(FIRST_SEED, arguments.patches, arguments.out / "patches.npz")
    export(fitted(samples, check, arguments.minutes * 60, arguments.start), arguments.out)


if __name__ == "__main__":
    main()

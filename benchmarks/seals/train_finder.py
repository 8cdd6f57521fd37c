"""Train the network that sees seals in grey: pages are made, the network is fitted and exported.

    python -m benchmarks.seals.train_finder --out DIR [--pages 2200] [--minutes 30]

Needs torch and onnx (tried with torch 2.13.0, onnx 1.23.1), which the product does not: use an
environment of its own. Pages come from ``finder_pages`` with seeds from 100,000 on, which no
measurement uses. One thread; ``seal_finder.onnx`` in DIR is what ``ocr_models`` ships.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.functional import logsigmoid

from audit.recognise.seals.network import DPI, REFERENCE, SHAPES, STRIDE, network_input
from benchmarks.seals.finder_pages import make_scene
from benchmarks.seals.training import Around, Step, one_cycle
from cases.casegen import typeset

FIRST_SEED, CHECK_SEED = 100_000, 90_000
SIDE, BATCH = 448, 8
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Page:
    """A page at the network's scale (ink 0-255); ``marks``: shape, x, y, long, short, angle."""

    ink: npt.NDArray[np.uint8]
    marks: Floats


def made(first: int, count: int, store: Path) -> list[Page]:
    """Return generated pages, kept in ``store`` for another run."""
    if not store.exists():
        parts: dict[str, npt.NDArray[np.generic]] = {}
        for index in range(count):
            scene = make_scene(first + index)
            scale = DPI / scene.dpi
            ink = network_input(scene.scan, scale)[0, 0]
            parts[f"ink{index}"] = np.rint(ink * 255).astype(np.uint8)
            rows = [
                (
                    SHAPES.index(m.shape),
                    m.x * scale,
                    m.y * scale,
                    m.long * scale,
                    m.short * scale,
                    m.angle,
                )
                for m in scene.marks
            ]
            parts[f"marks{index}"] = np.array(rows, np.float32).reshape(-1, 6)
            if index % 200 == 0:
                typeset._compiler.cache_clear()  # noqa: SLF001 - it keeps every page it has set
                print(f"made {index} pages, {time.process_time():.0f} CPU-s", flush=True)
        np.savez_compressed(store, **parts)
    data = np.load(store)
    return [Page(data[f"ink{i}"], data[f"marks{i}"]) for i in range(len(data.files) // 2)]


class Finder(nn.Module):
    """212,000 weights; one output of 10 planes at a sixteenth of the page.

    Planes: 4 shapes (logits), offset of the middle (cells), logarithms of the half axes, and
    cosine and sine of twice (square: four times) the turn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            Step(1, 12, 5, 2), Step(12, 24, 3, 2), Step(24, 40, 3, 2), Around(40, 1), Around(40, 2),
            Step(40, 64, 3, 2), Around(64, 1), Around(64, 2), Around(64, 3), Around(64, 1),
        )  # fmt: skip
        self.head = nn.Conv2d(64, len(SHAPES) + 6, 1)
        nn.init.constant_(self.head.bias[: len(SHAPES)], -4.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the planes of a batch of pages."""
        return self.head(self.body(x))


def cut(page: Page, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return a square of a page, turned by quarters, scaled and toned at random, and its marks."""
    scale = float(np.exp(rng.uniform(np.log(0.78), np.log(1.3))))
    ink = cv2.resize(
        page.ink,
        None,
        fx=scale,
        fy=scale,
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
    )
    marks = page.marks.copy()
    marks[:, 1:5] *= scale
    if len(marks) and rng.random() < 0.7:
        one = marks[int(rng.integers(len(marks)))]
        x, y = (int(v + rng.uniform(-0.45, 0.45) * SIDE - SIDE / 2) for v in one[1:3])
    else:
        x, y = (
            int(rng.uniform(-40, max(1, side - SIDE + 40))) for side in (ink.shape[1], ink.shape[0])
        )
    piece = np.zeros((SIDE, SIDE), np.float32)
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + SIDE, ink.shape[1]), min(y + SIDE, ink.shape[0])
    if x1 > x0 and y1 > y0:
        piece[y0 - y : y1 - y, x0 - x : x1 - x] = ink[y0:y1, x0:x1] / np.float32(255)
    marks[:, 1] -= x
    marks[:, 2] -= y
    for _ in range(int(rng.integers(4))):
        piece = np.rot90(piece)
        marks[:, 1], marks[:, 2] = marks[:, 2].copy(), SIDE - 1 - marks[:, 1]
        marks[:, 5] -= 90
    toned = np.clip(piece * rng.uniform(0.75, 1.25), 0, 1) ** rng.uniform(0.8, 1.25)
    toned = np.clip(toned + rng.normal(0, rng.uniform(0, 0.03), toned.shape), 0, 1)
    return np.ascontiguousarray(toned, np.float32), marks


def target(marks: Floats, cells: int) -> tuple[Floats, Floats, Floats]:
    """Return heat (shapes), the six other planes, and where those count."""
    heat = np.zeros((len(SHAPES), cells, cells), np.float32)
    rest, weight = np.zeros((6, cells, cells), np.float32), np.zeros((cells, cells), np.float32)
    ys, xs = np.mgrid[:cells, :cells].astype(np.float32)
    for shape, x, y, long, short, angle in marks:
        cx, cy = x / STRIDE - 0.5, y / STRIDE - 0.5
        if not (-0.5 <= cx < cells - 0.5 and -0.5 <= cy < cells - 0.5):
            continue
        spread = max(0.7, 0.16 * 2 * short / STRIDE)
        column, row = round(float(cx)), round(float(cy))
        bell = np.exp(-((xs - column) ** 2 + (ys - row) ** 2) / (2 * spread**2)).astype(np.float32)
        heat[int(shape)] = np.maximum(heat[int(shape)], bell)
        times = 4 if SHAPES[int(shape)] == "square" else 2
        turn = np.radians(angle) * times
        planes = (
            cx - xs,
            cy - ys,
            np.log(long / REFERENCE),
            np.log(short / REFERENCE),
            np.cos(turn),
            np.sin(turn),
        )
        near = bell > np.maximum(weight, 0.3)
        for index, plane in enumerate(planes):
            rest[index] = np.where(near, plane, rest[index])
        weight = np.where(near, bell, weight)
    return heat, rest, weight


def loss_of(
    out: torch.Tensor,
    heat: torch.Tensor,
    rest: torch.Tensor,
    weight: torch.Tensor,
    flat: torch.Tensor,
) -> torch.Tensor:
    """Return the focal loss of the heat and the distance of the rest; round seals have no turn."""
    logits = out[:, : len(SHAPES)]
    p = torch.sigmoid(logits)
    hit = heat.eq(1)
    good = -logsigmoid(logits) * (1 - p) ** 2 * hit
    bad = -logsigmoid(-logits) * p**2 * (1 - heat) ** 4 * ~hit
    count = hit.sum().clamp(min=1)
    apart = (out[:, len(SHAPES) :] - rest).abs()
    size = (
        (apart[:, :2] * 0.5).sum(1) + (apart[:, 2:4] * 2).sum(1) + 0.5 * apart[:, 4:].sum(1) * flat
    )
    return (good + bad).sum() / count + (size * weight).sum() / weight.sum().clamp(min=1)


def batch(pages: list[Page], rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """Return inputs and targets of one batch."""
    pieces = [cut(pages[int(rng.integers(len(pages)))], rng) for _ in range(BATCH)]
    targets = [target(marks, SIDE // STRIDE) for _, marks in pieces]
    inputs = torch.from_numpy(np.stack([p for p, _ in pieces])[:, None])
    heat, rest, weight = (torch.from_numpy(np.stack(parts)) for parts in zip(*targets, strict=True))
    return inputs, heat, rest, weight, (heat[:, 0] < 0.3).float()


def fitted(pages: list[Page], check: list[Page], seconds: float) -> Finder:
    """Return the network after so many seconds of training."""
    torch.manual_seed(1)
    net = Finder()
    one_cycle(
        net,
        lambda rng: batch(pages, rng),
        lambda rng: batch(check, rng),
        lambda made: loss_of(net(made[0]), *made[1:]),
        seconds,
    )
    return net


def main() -> None:
    """Make pages, train, export."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2200)
    parser.add_argument("--minutes", type=float, default=30)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    check = made(CHECK_SEED, 100, arguments.out / "check.npz")
    pages = made(FIRST_SEED, arguments.pages, arguments.out / "pages.npz")
    net = fitted(pages, check, arguments.minutes * 60)
    torch.save(net.state_dict(), arguments.out / "seal_finder.pt")
    torch.onnx.export(
        net, (torch.zeros(1, 1, 896, 640),), str(arguments.out / "seal_finder.onnx"),
        input_names=["page"], output_names=["planes"], opset_version=17, dynamo=False,
        dynamic_axes={"page": {2: "height", 3: "width"}, "planes": {2: "rows", 3: "columns"}},
    )  # fmt: skip


if __name__ == "__main__":
    main()

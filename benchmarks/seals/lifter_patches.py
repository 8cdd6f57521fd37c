"""Impressions to teach and to measure the lifting of ink: a seal over print, and the seal alone.

The ground is a cut of a made-up page (forms, ledgers, invoices, contracts, plain text, decoys);
sometimes another seal runs into it. What is wanted is the die as it was cut: also where ink is
lacking. Names are of all the 3,755 letters in daily use, so that none is more likely than another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from audit.recognise.seals.lifter import at_scale, lifter_scale
from audit.recognise.seals.read import cut_around
from audit.recognise.seals.rings import Ellipse
from benchmarks.seals.decoys import with_decoys
from benchmarks.seals.finder_pages import a_die, background
from cases.casegen import seals, typeset
from cases.casegen.scan import degrade
from cases.casegen.seals import DrawnSeal, Pixels, SealSpec, draw_seal, impress, triangle_seal

#: The first level of GB 2312: rows 16 to 55.
COMMON = "".join(
    bytes((row, place)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for place in range(0xA1, 0xFF)
    if (row, place) < (0xD7, 0xFA)
)
_INKS = (
    "fresh", "faded", "grey", "grey", "black_copy", "black_copy", "colour_copy", "paste_multiply",
    "paste_opaque",
)  # fmt: skip
_TRIANGLES = 0.06
#: What electronic ink lets through.
_GREEN = math.exp(-1.9)


@dataclass(frozen=True, eq=False)
class Patch:
    """A seal as scanned at the network's scale, its outline as found, and the die 0-255."""

    scan: Pixels
    outline: Ellipse
    die: npt.NDArray[np.uint8]
    medium: str
    ink: str
    spec: SealSpec
    tilt: float
    """Degrees clockwise by which it is turned."""


@cache
def _ground(index: int) -> Pixels:
    """Return a page without pressed seals, at 200 dpi."""
    rng = np.random.default_rng([index, 41])
    page, _ = background(700_000 + index, rng, 200)
    if index % 20 == 0:
        typeset._compiler.cache_clear()  # noqa: SLF001 - it keeps every page it has set
    return with_decoys(page, rng, 200) if rng.random() < 0.3 else page


def make_patch(seed: int, grounds: int = 100) -> Patch:
    """Return impression ``seed``; ``grounds``: of how many pages the ground is cut."""
    rng = np.random.default_rng([seed, 43])
    if seed % 200 == 0:
        seals._die.cache_clear()  # noqa: SLF001 - it keeps every die it has cut
    dpi = int(rng.choice([150, 200, 200, 200, 300]))
    medium = str(rng.choice(["colour", "grey", "bilevel"], p=[0.45, 0.35, 0.2]))
    spec = _spec(rng)
    ink = str(rng.choice([i for i in _INKS if medium != "bilevel" or i not in {"faded", "grey"}]))
    turn = float(rng.normal(0, 20) if rng.random() < 0.85 else rng.uniform(-180, 180))
    die = seed % 9973
    seal = draw_seal(spec, dpi=200, seed=seed, mode=ink, rotation=turn, die_seed=die)
    bare = draw_seal(spec, dpi=200, seed=seed, mode="electronic", rotation=turn, die_seed=die)
    side = seal.density.shape[0] + 60
    page = _cut(_ground(int(rng.integers(grounds))), side, rng)
    blank = np.full_like(page, 255)
    middle = side // 2
    if rng.random() < 0.1:
        page = _with_another(page, seed, rng)
    page, blank = impress(page, seal, middle, middle), impress(blank, bare, middle, middle)
    skew = float(np.clip(rng.normal(0, 1), -3, 3))
    scan = degrade(
        page, seed=seed, dpi=200, mode=medium, skew=skew,
        noise=float(rng.uniform(1, 8)), blur=float(rng.uniform(0.2, 1.0)),
        jpeg=int(rng.integers(40, 92)), specks=int(rng.integers(0, 4)), to_dpi=dpi,
        ink=float(rng.choice([1, 1, 0.75])),
    )  # fmt: skip
    clean = degrade(
        blank, seed=seed, dpi=200, skew=skew, noise=0, blur=0, jpeg=None, specks=0, to_dpi=dpi
    )
    outline = _found(spec, seal, side, skew, dpi / 200, rng)
    small, moved, cover = _at_scale(scan, clean, outline)
    return Patch(small, moved, cover, medium, ink, spec, -(turn + skew))


def _spec(rng: np.random.Generator) -> SealSpec:
    spec = a_die(rng, COMMON)
    if rng.random() < _TRIANGLES:
        spec = triangle_seal(spec.arc, str(rng.choice(["转讫", "收讫", "业务清讫"])))
    grow = float(rng.uniform(0.9, 1.15))
    return replace(spec, sans=bool(rng.random() < 0.35), mm=(spec.mm[0] * grow, spec.mm[1] * grow))


def _cut(page: Pixels, side: int, rng: np.random.Generator) -> Pixels:
    """Return a square of a page, of several tries the one with the most print on it."""
    best, most = page[:side, :side], -1.0
    for _ in range(int(rng.integers(1, 5))):
        x = int(rng.integers(0, max(1, page.shape[1] - side)))
        y = int(rng.integers(0, max(1, page.shape[0] - side)))
        piece = page[y : y + side, x : x + side]
        inked = float((piece < 128).mean())
        if inked > most:
            best, most = piece, inked
    whole = np.full((side, side, 3), 255, np.uint8)
    whole[: best.shape[0], : best.shape[1]] = best
    return whole


def _with_another(page: Pixels, seed: int, rng: np.random.Generator) -> Pixels:
    """Return the ground with another seal that runs into the place of the first."""
    other = draw_seal(
        a_die(rng, COMMON), dpi=200, seed=seed + 1, mode=str(rng.choice(_INKS)), die_seed=7
    )
    way, far = rng.uniform(0, 2 * math.pi), 0.33 * page.shape[0] + other.density.shape[0] * 0.25
    x, y = (round(page.shape[0] / 2 + far * part) for part in (math.cos(way), math.sin(way)))
    return impress(page, other, x, y)


def _found(
    spec: SealSpec, seal: DrawnSeal, side: int, skew: float, scale: float, rng: np.random.Generator
) -> Ellipse:
    """Return the outline on the scan, about as well as it is found."""
    half = [v / 2 * float(rng.normal(1, 0.015)) for v in seal.size]
    x, y = (side / 2 + float(rng.normal(0, 0.012)) * max(half) for _ in range(2))
    turn = -(seal.rotation + skew)
    if spec.shape in {"square", "triangle"}:
        c, s = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
        half, turn = [half[0] * c + half[1] * s, half[0] * s + half[1] * c], 0.0
    elif spec.shape == "circle":
        turn = float(rng.uniform(0, 180))
    return Ellipse(x, y, half[0], half[1], turn).scaled(scale)


def _at_scale(
    scan: Pixels, clean: Pixels, outline: Ellipse
) -> tuple[Pixels, Ellipse, npt.NDArray[np.uint8]]:
    """Return the place of the seal, cut out and brought to the network's scale, and the die."""
    cut, moved = cut_around(scan, outline)
    scale = lifter_scale(moved)
    die = at_scale(_cover(cut_around(clean, outline)[0]), scale)
    return at_scale(cut, scale), moved.scaled(scale), die


def _cover(clean: Pixels) -> npt.NDArray[np.uint8]:
    """Return 0-255 how much of a pixel the die covers; under electronic ink green is ``_GREEN``."""
    green = clean[:, :, 1].astype(np.float32)
    paper = float(np.percentile(green, 99))
    share = (paper - green) / (paper * (1 - _GREEN))
    return np.asarray(np.rint(255 * np.clip(share, 0, 1)), np.uint8)

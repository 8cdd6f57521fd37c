"""What becomes of a born-digital page on paper: scanned, copied, stamped, photographed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
DPI = 200


@dataclass(frozen=True)
class Medium:
    """A named way of degrading: arguments of ``cases.casegen.scan.degrade``; ``seals`` to press."""

    name: str
    how: dict[str, Any] = field(default_factory=dict)
    seals: int = 0


MEDIA = (
    Medium("colour 200 dpi", {"mode": "colour"}),
    Medium("colour, 2 seals", {"mode": "colour"}, seals=2),
    Medium("grey 200 dpi", {"mode": "grey", "noise": 5.0, "blur": 0.7}),
    Medium("grey 150 dpi", {"mode": "grey", "noise": 6.0, "blur": 0.8, "to_dpi": 150, "jpeg": 60}),
    Medium("grey, 1 seal", {"mode": "grey", "noise": 4.0}, seals=1),
    Medium("bilevel 200 dpi", {"mode": "bilevel", "noise": 4.0, "jpeg": None}),
    Medium("pale, skewed", {"mode": "colour", "ink": 0.55, "skew": 1.6, "noise": 5.0}),
    Medium("turned 90", {"mode": "colour", "rotate": 90}),
    Medium("photograph", {"mode": "colour", "photo": True, "shadow": 0.4, "blur": 0.8}),
)


def as_scanned(page: Pixels, medium: Medium, name: str) -> Pixels:
    """Return the page on that medium; what is drawn by chance depends on ``name`` only."""
    from cases.casegen.scan import degrade

    seed = zlib.crc32(f"{name}/{medium.name}".encode())
    return degrade(page, seed=seed, dpi=DPI, stamp=_stamps(page, medium.seals, seed), **medium.how)


def _stamps(page: Pixels, count: int, seed: int) -> list[Any]:
    """Return seals over the sums and over the seller's block, as paper invoices carry them."""
    from cases.casegen.seals import draw_seal, invoice_seal, official_seal

    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    places = ((0.62, 0.60), (0.32, 0.72))
    dies = (
        invoice_seal("重庆虚构智能装备有限公司", "915000000000000000"),
        official_seal("重庆假想机电制造有限公司"),
    )
    found = []
    for index in range(count):
        x, y = places[index]
        away = chance.uniform(-0.06, 0.06, 2)
        seal = draw_seal(dies[index], dpi=DPI, seed=seed % 1000 + index)
        found.append((seal, int(width * (x + away[0])), int(height * (y + away[1]))))
    return found

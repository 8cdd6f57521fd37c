"""Which text lines are the lettering of a seal: they belong to it, not to the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.model import Box, Impression, TextLine
from audit.recognise.seals.ink import Pixels

#: A line lies in a seal if this share of its area does.
_INSIDE = 0.6
#: Ink of this redness or blueness (levels above the other channels) is the seal's.
_COLOURED = 28
_MOSTLY = 0.5
#: Ink dark in every channel is print: this share of it among the inked pixels is a line of print,
#: however much of the seal runs through it.
_BLACK, _PRINT = 110, 0.12


def is_lettering(line: TextLine, impression: Impression, pixels: Pixels) -> bool:
    """Tell whether a line is written in the seal's own ink, inside its outline.

    Black print under a red seal stays a line of the page; with a black seal nobody can tell,
    so only lines that lie in it entirely are its lettering.
    """
    area = line.box.area
    if area <= 0 or line.box.intersection_area(impression.box) < _INSIDE * area:
        return False
    if impression.colour == "black" or pixels.ndim == 2:  # noqa: PLR2004 - no colour to go by
        return impression.colour == "black" and abs(line.angle) > _COLOURED / 2
    return coloured_share(line.box, pixels, impression.colour) >= _MOSTLY


def part(
    lines: Sequence[TextLine], impressions: Sequence[Impression], pixels: Pixels
) -> tuple[tuple[TextLine, ...], tuple[tuple[TextLine, ...], ...]]:
    """Return the page's own lines, and for each impression the lines of its lettering."""
    own: list[TextLine] = []
    lettering: list[list[TextLine]] = [[] for _ in impressions]
    for line in lines:
        holder = next(
            (i for i, seal in enumerate(impressions) if is_lettering(line, seal, pixels)), None
        )
        (own if holder is None else lettering[holder]).append(line)
    return tuple(own), tuple(tuple(found) for found in lettering)


def coloured_share(box: Box, pixels: Pixels, colour: str) -> float:
    """Return the share of a box's dark pixels that have the seal's colour, 0 if print is there."""
    height, width = pixels.shape[:2]
    rows = slice(int(box.top * height), int(box.bottom * height) + 1)
    columns = slice(int(box.left * width), int(box.right * width) + 1)
    patch = pixels[rows, columns].astype(np.int16)
    darkest = patch.min(axis=2)
    inked = darkest < (int(darkest.min()) + int(np.percentile(darkest, 90))) / 2
    if not inked.any() or float((patch.max(axis=2)[inked] < _BLACK).mean()) > _PRINT:
        return 0.0
    red, green, blue = (patch[:, :, i][inked] for i in range(3))
    excess = red - np.maximum(green, blue) if colour == "red" else blue - red
    return float((excess > _COLOURED).mean())

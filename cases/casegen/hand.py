"""Handwritten names: a person's strokes, a little different every time they are written."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from cases.casegen.seals import DrawnSeal, Floats, SealSpec

#: Letters drawn larger than they are, for smooth edges.
_FINER = 4
_STEPS = 14


@dataclass(frozen=True, slots=True)
class Hand:
    """A name written by hand. ``signing``: which of the many times ``who`` wrote it.

    ``mm``: room it takes; ``blue``: ball pen, else black.
    """

    who: str
    signing: int = 0
    mm: tuple[float, float] = (26.0, 11.0)
    blue: bool = True


def draw_hand(hand: Hand, dpi: int) -> DrawnSeal:
    """Return the strokes ready to be pressed on a page; the same hand, the same pixels."""
    width, height = (round(v / 25.4 * dpi) for v in hand.mm)
    canvas = np.zeros((height * _FINER, width * _FINER), np.uint8)
    moved = random.Random(f"{hand.who}-{hand.signing}")
    pen = max(1, round(0.45 / 25.4 * dpi * _FINER * moved.uniform(0.85, 1.2)))
    slant, size = moved.uniform(-0.16, 0.16), moved.uniform(0.86, 1.0)
    for stroke in _strokes(hand.who, moved):
        points = [
            (
                round((0.5 + (x - 0.5) * size + slant * (0.5 - y) * 0.4) * canvas.shape[1]),
                round((0.5 + (y - 0.5) * size) * canvas.shape[0]),
            )
            for x, y in stroke
        ]
        for start, end in pairwise(points):
            cv2.line(canvas, start, end, 255, pen, cv2.LINE_AA)
    small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    cover: Floats = np.asarray(small, np.float32) / np.float32(255)
    strength = np.array([1.5, 1.1, 0.35] if hand.blue else [1.6, 1.6, 1.5], np.float32)
    density = np.asarray(cover[..., None] * strength, np.float32)
    rgba = np.dstack([np.exp(-density), cover]).astype(np.float32)
    spec = SealSpec(hand.who, shape="hand", mm=hand.mm, star=False)
    return DrawnSeal(rgba, density, spec, "fresh", 0.0, (width, height), opaque=False)


def _strokes(who: str, moved: random.Random) -> list[list[tuple[float, float]]]:
    """Return the strokes as points in 0–1: ``who`` gives their course, ``moved`` how it wavers."""
    own = random.Random(who)
    letters = max(2, min(3, len(who)))
    found = []
    for letter in range(letters):
        left = 0.08 + 0.84 * letter / letters
        wide = 0.8 / letters
        for _ in range(own.randint(3, 5)):
            knots = [
                (left + own.uniform(0, 1) * wide, own.uniform(0.08, 0.92))
                for _ in range(own.randint(3, 5))
            ]
            wavering = [(x + moved.gauss(0, 0.022), y + moved.gauss(0, 0.05)) for x, y in knots]
            found.append(_smooth(wavering))
    return found


def _smooth(knots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points along a curve through the knots (cosine between neighbours, bowed)."""
    points = []
    for (x0, y0), (x1, y1) in pairwise(knots):
        for step in range(_STEPS + 1):
            share = step / _STEPS
            eased = (1 - math.cos(math.pi * share)) / 2
            points.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * eased))
    return points

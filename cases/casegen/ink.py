"""What ink does on paper: pressure, grain, bare spots, edges; and what copies make of it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def _field(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> Floats:
    """Return smooth noise of mean 0, deviation 1 and the given grain in pixels."""
    small = (max(2, round(shape[0] / scale)), max(2, round(shape[1] / scale)))
    coarse = rng.standard_normal(small).astype(np.float32)
    noise = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray((noise - noise.mean()) / (noise.std() + 1e-6), np.float32)


def ink(die: Floats, rng: np.random.Generator, mode: str, dpi: int) -> tuple[Floats, Floats]:
    """Return coverage and optical density for a die (1 = metal) in a mode."""
    if mode in {"electronic", "paste_opaque", "paste_multiply"}:
        strength = np.array([0.02, 1.75, 1.6], np.float32) * float(rng.uniform(0.9, 1.1))
        if mode == "electronic":
            strength = np.array([0.06, 1.9, 1.7], np.float32)
        return die, die[..., None] * strength
    shape = die.shape[:2]
    unit = dpi / 200
    wobble = 0.22 * _field(rng, shape, 3 * unit) + 0.10 * _field(rng, shape, 9 * unit)
    soft = cv2.GaussianBlur(die, (0, 0), 0.9 * unit)
    edge = 1 / (1 + np.exp(-(soft - 0.47 + 0.35 * wobble * (1 - np.abs(2 * soft - 1))) * 11))
    edge = np.clip((edge - 0.03) / 0.97, 0, 1)
    grain = 1 + 0.13 * _field(rng, shape, 1.4 * unit) + 0.09 * _field(rng, shape, 5 * unit)
    pressure = 1 + 0.13 * _field(rng, shape, shape[0] / 3) + 0.07 * _field(rng, shape, shape[0] / 8)
    drop = np.clip((_field(rng, shape, 2.2 * unit) - 2.0) * 1.4, 0, 1)
    bare = np.clip((_field(rng, shape, 26 * unit) - 1.7) * 0.8, 0, 0.75)
    rim = 0.16 * (
        cv2.GaussianBlur(die, (0, 0), 0.7 * unit) - cv2.GaussianBlur(die, (0, 0), 2.2 * unit)
    )
    cover = edge * np.clip(grain * pressure * (1 - 0.75 * drop) * (1 - bare) + rim, 0.0, 1.7)
    green = rng.uniform(0.95, 1.3)
    strength = np.array(
        [rng.uniform(0.04, 0.14), green, green * rng.uniform(0.7, 0.95)], np.float32
    )
    if mode == "faded":
        strength *= float(rng.uniform(0.3, 0.5))
    if mode in {"grey", "black_copy"}:
        level = rng.uniform(0.55, 0.9) if mode == "grey" else rng.uniform(1.2, 1.8)
        strength = np.full(3, level, np.float32)
    if mode == "black_copy":  # a copier's toner: hard edges, speckle
        cover = np.clip((cover - 0.42) * 3.0, 0, 1.1)
    if mode in {"colour_copy", "paste_scan"}:
        cover = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 0.6 * unit)
        strength = strength * np.array([1.2, 1.12, 1.1], np.float32)
    density = cover[..., None] * strength
    return np.clip(cover, 0, 1).astype(np.float32), density.astype(np.float32)

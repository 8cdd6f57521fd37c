"""Crops, turning, shrinking and JPEG of a page's picture."""

from __future__ import annotations

import numpy as np
import pytest

from audit.model import Box
from audit.pixels.raster import Raster, crop, from_jpeg, shrink, to_jpeg, turned


def picture(height: int = 40, width: int = 60, channels: int = 3) -> Raster:
    rows, columns = np.mgrid[0:height, 0:width]
    planes = np.stack([rows * 5, columns * 4, rows + columns], axis=-1).astype(np.uint8)
    return Raster(np.ascontiguousarray(planes if channels == 3 else planes[:, :, 0]), 200)


def test_crop_takes_the_fractions() -> None:
    cut = crop(picture(), Box(0.5, 0.25, 1.0, 0.75))
    assert (cut.width, cut.height, cut.dpi) == (30, 20, 200)
    assert np.array_equal(cut.pixels, picture().pixels[10:30, 30:60])


@pytest.mark.parametrize(
    "box", [Box(0.5, 0.5, 0.5, 0.5), Box(1.0, 1.0, 1.0, 1.0), Box(-1.0, -1.0, 2.0, 2.0), Box(0.9, 0.9, 0.1, 0.1)]
)  # fmt: skip
def test_crop_never_is_empty_or_outside(box: Box) -> None:
    cut = crop(picture(), box)
    assert 1 <= cut.width <= 60
    assert 1 <= cut.height <= 40


def test_shrink_keeps_the_shape_and_never_enlarges() -> None:
    small = shrink(picture(), 30)
    assert (small.width, small.height, small.dpi) == (30, 20, 100)
    assert shrink(picture(), 60).pixels.shape == (40, 60, 3)
    assert shrink(picture(channels=1), 15).pixels.shape == (10, 15)


def test_turning_four_times_is_none() -> None:
    page = picture()
    once = turned(page, 90)
    assert (once.width, once.height) == (40, 60)
    assert np.array_equal(once.pixels[0, -1], page.pixels[0, 0])
    assert np.array_equal(turned(turned(once, 180), 90).pixels, page.pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_keeps_colours_in_place(channels: int) -> None:
    page = picture(200, 300, channels)
    back = from_jpeg(to_jpeg(page, 95))
    assert back is not None
    assert back.pixels.shape == page.pixels.shape
    smooth = np.s_[:50, :60]
    assert np.abs(back.pixels[smooth].astype(int) - page.pixels[smooth].astype(int)).mean() < 8


def test_what_is_no_picture() -> None:
    assert from_jpeg(b"") is None
    assert from_jpeg(b"no picture at all") is None

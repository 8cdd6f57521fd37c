"""Channels: red seals vanish where text is read, red print is dark where it is looked for."""

from __future__ import annotations

import numpy as np
import pytest

from audit.pixels.raster import Raster
from audit.recognise.channels import reading_channel, red_print_channel, without_red

PAPER, RED, BLACK, PALE = (252, 251, 248), (205, 38, 45), (25, 25, 30), (240, 190, 190)


def patches() -> Raster:
    row = np.array([PAPER, RED, BLACK, PALE], np.uint8)
    return Raster(np.repeat(np.repeat(row[None], 8, axis=0), 8, axis=1))


def tones(grey: np.ndarray) -> list[int]:
    return [int(grey[4, 4 + 8 * i]) for i in range(4)]


def test_red_ink_fades_and_black_print_stays() -> None:
    paper, red, black, pale = tones(reading_channel(patches()))
    assert paper - red < 60
    assert paper - pale < 20
    assert black < 40


def test_red_print_is_dark_in_the_other_channels() -> None:
    paper, red, black, _ = tones(red_print_channel(patches()))
    assert paper - red > 180
    assert black < 40


def test_seal_ink_is_lifted_to_paper() -> None:
    paper, red, black, _ = tones(without_red(patches()))
    assert red >= paper - 10
    assert black < 40


@pytest.mark.parametrize("channel", [reading_channel, red_print_channel, without_red])
def test_grey_pages_have_one_channel(channel: object) -> None:
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert callable(channel)
    assert np.array_equal(channel(Raster(grey)), grey)

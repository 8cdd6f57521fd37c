"""JBIG2 pictures: segments laid into a page of the PDF library."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from audit.readers import jbig2
from audit.settings import DEFAULT_LIMITS


def segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def black(width: int, height: int) -> bytes:
    """A page that is black by default and has nothing on it."""
    information = struct.pack(">IIIIBH", width, height, 0, 0, 0x04, 0)
    body = segment(0, 48, information) + segment(1, 49, b"") + segment(2, 51, b"")
    return jbig2.MAGIC + b"\x01" + struct.pack(">I", 1) + body


def test_a_page_comes_in_its_own_size() -> None:
    picture = jbig2.decoded(black(37, 23), DEFAULT_LIMITS)

    assert picture is not None
    assert picture.size == (37, 23)
    assert np.asarray(picture.convert("L")).mean() < 10


@pytest.mark.parametrize(
    "data",
    [jbig2.MAGIC, jbig2.MAGIC + b"\x00" * 40, black(9, 9)[:30], black(0, 5), jbig2.MAGIC + b"\x03" + b"\xff" * 60],
    ids=["head", "random access", "cut", "no width", "noise"],
)  # fmt: skip
def test_what_is_damaged_is_no_picture(data: bytes) -> None:
    assert jbig2.decoded(data, DEFAULT_LIMITS) is None


def test_what_promises_too_much_is_not_decoded() -> None:
    assert jbig2.decoded(black(900, 900), replace(DEFAULT_LIMITS, raster_pixels=1000)) is None

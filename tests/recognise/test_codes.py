"""QR codes on pages: clean, under a red seal, small, turned; and pages without any."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from audit.pixels.raster import Raster
from audit.recognise import read_codes
from audit.text.qr import parse_invoice_qr
from tests.recognise.draw import Pixels, Stamp, invoice_page, pressed

PAYLOAD = "01,31,,24502000000012345679,53000.00,20240331,,0C84"


def with_code(module: int = 4, x: int = 140, y: int = 90) -> Pixels:
    """Return a drawn invoice with a QR code of so many pixels a module."""
    page = invoice_page().copy()
    code = np.array(
        [[255 if not bit else 20 for bit in row] for row in segno.make(PAYLOAD).matrix_iter()]
    )
    large = np.kron(code, np.ones((module, module))).astype(np.uint8)
    page[y : y + large.shape[0], x : x + large.shape[1]] = large[..., None]
    return page


def test_payload_and_place() -> None:
    page = with_code()
    (found,) = read_codes(Raster(page))
    assert found.text == PAYLOAD
    parsed = parse_invoice_qr(found.text)
    assert parsed is not None
    assert parsed.crc_ok
    left, top = found.box.left * page.shape[1], found.box.top * page.shape[0]
    assert abs(left - 156) < 8
    assert abs(top - 106) < 8


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_turned_pages(turn: int) -> None:
    (found,) = read_codes(Raster(np.ascontiguousarray(np.rot90(with_code(), turn))))
    assert found.text == PAYLOAD


def test_grey_and_coarse_pictures() -> None:
    """Two pixels a module, softened: only the enlarged search reads it."""
    grey = cv2.cvtColor(with_code(2), cv2.COLOR_RGB2GRAY)
    soft = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.9), np.uint8)
    (found,) = read_codes(Raster(soft))
    assert found.text == PAYLOAD


def test_red_seal_over_the_code() -> None:
    seal = Stamp("重庆虚构智能装备有限公司", long=110, short=110)
    page = pressed(with_code(), seal, 210, 160)
    (found,) = read_codes(Raster(page))
    assert found.text == PAYLOAD


def test_the_same_code_twice_is_two_places() -> None:
    page = with_code()
    page[1500:1700, 1000:1300] = with_code()[80:280, 100:400]
    found = read_codes(Raster(page))
    assert [c.text for c in found] == [PAYLOAD, PAYLOAD]
    assert found[0].box != found[1].box


def test_pages_without_a_code() -> None:
    assert read_codes(Raster(invoice_page())) == ()
    assert read_codes(Raster(np.full((40, 40, 3), 255, np.uint8))) == ()

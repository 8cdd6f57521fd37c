"""Pages drawn from files: crops read by the fast network, codes that are no seals, quality."""

from __future__ import annotations

import numpy as np
import pytest

from audit.model import Box, CodePayload
from audit.pixels.raster import Raster
from audit.recognise.looks import _plain
from audit.recognise.ocr.recognise import Words
from audit.recognise.page import _without_codes
from audit.recognise.quality import _percentile


@pytest.mark.parametrize(
    ("text", "weak", "wanted"),
    [
        ("¥1,234.56", None, "¥1,234.56"),
        ("圣 19.05", 0, "19.05"),
        (")¥21.37", 0, None),
        ("¥21.37", 3, None),
        ("¥21.3", 0, None),
        ("共2024", 0, None),
        ("-21.37", 0, None),
        ("－ 21.37", 0, None),
        ("l21.37", 0, None),
    ],
    ids=[
        "all sure",
        "sign unsure",
        "two signs",
        "digit unsure",
        "no amount",
        "no figure",
        "minus",
        "wide minus",
        "one more digit",
    ],
)
def test_of_an_amount_only_its_sign_may_be_unsure(
    text: str, weak: int | None, wanted: str | None
) -> None:
    sures = tuple(0.2 if i == weak else 0.999 for i in range(len(text)))
    found = _plain(Words(text, min(sures), (0.5,) * len(text), sures))
    assert (None if found is None else found.text) == wanted


def test_the_black_of_a_code_goes_and_red_ink_over_it_stays() -> None:
    pixels = np.full((100, 100, 3), 255, np.uint8)
    pixels[20:40, 20:40] = 10
    pixels[30:35, 10:60] = (210, 40, 40)
    code = CodePayload("01,10", Box(0.2, 0.2, 0.4, 0.4))
    cleaned = _without_codes(Raster(pixels, 200), [code]).pixels
    assert (cleaned[20:29, 20:40] == 255).all()
    assert (cleaned[30:35, 10:60] == (210, 40, 40)).all()
    assert pixels[25, 25, 0] == 10


@pytest.mark.parametrize("share", [0, 1, 50, 90, 99.5, 100])
@pytest.mark.parametrize("count", [1, 2, 17, 5000])
def test_percentiles_are_those_of_sorted_bytes(count: int, share: float) -> None:
    values = np.random.default_rng(count).integers(0, 256, (1, count)).astype(np.uint8)
    assert _percentile(values, share) == pytest.approx(float(np.percentile(values, share)))

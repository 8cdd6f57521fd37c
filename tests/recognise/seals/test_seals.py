"""Seals drawn and found again: where, what they say, whether one picture was used twice."""

from __future__ import annotations

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from audit.model import Impression
from audit.pipeline.pairs import find_pairs
from audit.pixels.raster import Raster
from audit.recognise.seals.find import find_impressions
from audit.recognise.seals.kinds import ended, snap_band, snap_kind
from audit.recognise.seals.printed import names_supervision
from audit.recognise.seals.reuse import likeness, spectra_of, unpack
from cases.casegen.scan import degrade
from cases.casegen.seals import (
    Pixels,
    SealSpec,
    draw_seal,
    finance_seal,
    impress,
    invoice_seal,
    named_seal,
    official_seal,
    supervision_seal,
)

COMPANY = "重庆江川智能装备有限公司"
TAX_ID = "91500112MA5U0XXN6A"
DPI = 200


def page_with(*stamped: tuple[SealSpec, str, int], scan_seed: int = 1) -> Pixels:
    """Return a scanned sheet of 800 × 900 pixels with seals (specification, mode, ink seed)."""
    sheet = np.full((900, 1654, 3), 250, np.uint8)
    for number, (spec, mode, seed) in enumerate(stamped):
        seal = draw_seal(spec, dpi=DPI, seed=seed, mode=mode, die_seed=3)
        sheet = impress(sheet, seal, 420 + 560 * number, 450)
    return degrade(sheet, seed=scan_seed, dpi=DPI)


def found(page: Pixels) -> tuple[Impression, ...]:
    return find_impressions(Raster(page, dpi=DPI), ())


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        (official_seal(COMPANY, "5001123456789"), ""),
        (named_seal(COMPANY, "财务专用章"), "财务专用章"),
        (named_seal(COMPANY, "合同专用章"), "合同专用章"),
        (invoice_seal(COMPANY, TAX_ID), "发票专用章"),
    ],
    ids=["official", "finance", "contract", "invoice"],
)
def test_a_seal_is_found_and_read(spec: SealSpec, kind: str) -> None:
    (seal,) = found(page_with((spec, "fresh", 5)))
    assert (seal.mark, seal.colour) == ("seal", "red")
    assert seal.shape == ("ellipse" if spec.shape == "ellipse" else "circle")
    spoilt = 1 if spec.shape == "ellipse" else 0  # its first letter touches the tax number
    assert Levenshtein.distance(seal.text, COMPANY) <= spoilt
    assert seal.kind_text == kind
    x, y = seal.box.centre
    assert abs(x - 420 / 1654) < 0.01
    assert abs(y - 450 / 900) < 0.01


@pytest.mark.ocr
def test_the_tax_number_of_an_invoice_seal_is_read() -> None:
    (seal,) = found(page_with((invoice_seal(COMPANY, TAX_ID), "fresh", 5)))
    assert Levenshtein.distance(seal.number, TAX_ID) <= 3


@pytest.mark.ocr
def test_a_square_seal_is_read_by_columns() -> None:
    (seal,) = found(page_with((finance_seal(COMPANY), "paste_opaque", 5)))
    assert seal.shape == "square"
    assert seal.kind_text == "财务专用章"
    assert seal.text.startswith("重庆江川智能装备")


@pytest.mark.ocr
def test_a_black_copy_is_found_as_black() -> None:
    (seal,) = found(page_with((official_seal(COMPANY), "black_copy", 5)))
    assert seal.colour == "black"
    assert seal.text == COMPANY


@pytest.mark.ocr
def test_the_printed_supervision_mark_is_no_company_seal() -> None:
    marks = found(page_with((supervision_seal("重庆"), "electronic", 5)))
    assert [m.mark for m in marks] == ["supervision"]


@pytest.mark.ocr
def test_an_empty_page_has_no_seal() -> None:
    assert found(degrade(np.full((900, 1654, 3), 250, np.uint8), seed=1, dpi=DPI)) == ()


@pytest.mark.ocr
def test_one_picture_twice_is_told_from_one_die_twice() -> None:
    spec = official_seal(COMPANY, "5001123456789")
    seals = {
        "first": found(page_with((spec, "fresh", 7), scan_seed=1))[0],
        "pasted": found(page_with((spec, "fresh", 7), scan_seed=2))[0],
        "stamped anew": found(page_with((spec, "fresh", 8), scan_seed=3))[0],
    }
    pairs = find_pairs(seals)
    assert [{p.first_key, p.second_key} for p in pairs] == [{"first", "pasted"}]


@pytest.mark.ocr
def test_another_company_has_another_shape() -> None:
    one = found(page_with((official_seal(COMPANY), "fresh", 7)))[0]
    other = found(page_with((official_seal("成都云帆软件技术有限公司"), "fresh", 7)))[0]
    first, second = unpack(one.texture), unpack(other.texture)
    assert first is not None
    assert second is not None
    shape, _ = likeness(spectra_of(first), spectra_of(second))
    assert shape < 0.8


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("财务专用章", "财务专用章"),
        ("合间专用章", "合同专用章"),
        ("电子回单专用", "电子回单专用章"),
        ("专用章", ""),
        ("重庆市渝北区", ""),
        ("会计业务章", "会计业务章"),
    ],
)
def test_kinds_snap_to_the_closed_list(text: str, kind: str) -> None:
    assert snap_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("方财务专用解之", "财务专用章"),
        ("财务于用演", "财务专用章"),
        ("投入使用发票号码", ""),
        ("合同专用章", "合同专用章"),
        ("专用章", ""),
    ],
)
def test_a_line_of_kind_spoilt_by_print(text: str, kind: str) -> None:
    assert snap_band(text) == kind


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("有限公司重庆江川智能装备", "重庆江川智能装备有限公司"),
        ("重庆江川智能装备有限公司", "重庆江川智能装备有限公司"),
        ("重庆江川智能装备有限公司出", "重庆江川智能装备有限公司"),
        ("渤海银行股份有限公司", "渤海银行股份有限公司"),
        ("江川", "江川"),
    ],
)
def test_a_name_is_turned_to_its_end(read: str, name: str) -> None:
    assert ended(read) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全国统一发票监制章", True),
        ("全国一票监制", True),
        ("重庆江川智能装备有限公司", False),
        ("", False),
    ],
)
def test_the_words_of_the_supervision_mark(text: str, expected: bool) -> None:
    assert names_supervision(text) is expected


def test_a_texture_that_does_not_fit_is_no_texture() -> None:
    assert unpack("") is None
    assert unpack("not base85 \x00") is None


@pytest.mark.ocr
def test_a_seal_that_the_file_declares_is_not_looked_for_again() -> None:
    page = page_with(
        (official_seal(COMPANY), "fresh", 5), (named_seal(COMPANY, "财务专用章"), "fresh", 6)
    )
    raster = Raster(page, dpi=DPI)
    first, second = sorted(find_impressions(raster, ()), key=lambda s: s.box.left)
    assert find_impressions(raster, (), [first.box]) == (second,)

"""Pages, seals and scans as pictures: readable codes, the right ink, the same pixels every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from cases.casegen import faces, scan, scenario, seals, typeset

PAGE = np.full((700, 900, 3), 255, np.uint8)


def test_qr_code_on_the_face_reads_back() -> None:
    one = next(iter(scenario.honest(3, 2).invoices.values()))
    page = typeset.pictures([faces.invoice_face(one, faces.A4, 10)], 150)[0]
    worn = scan.degrade(page, seed=4, dpi=150)
    assert one.qr in {code.text for code in zxingcpp.read_barcodes(worn)}


def test_born_digital_invoice_has_its_text() -> None:
    one = next(iter(scenario.honest(3, 2).invoices.values()))
    text = (
        pypdfium2.PdfDocument(typeset.pdf([faces.invoice_face(one)]))[0]
        .get_textpage()
        .get_text_bounded()
    )
    assert one.number in text
    assert one.buyer.tax_id in text
    assert f"{one.total}" in text


@pytest.mark.parametrize("mode", seals.MODES)
def test_a_seal_is_the_same_for_the_same_seed(mode: str) -> None:
    spec = seals.official_seal("重庆青梧禾机械制造有限公司")
    a, b = (seals.draw_seal(spec, dpi=100, seed=9, mode=mode) for _ in range(2))
    assert np.array_equal(a.density, b.density)
    assert a.density.max() > 0.15


def test_fresh_ink_is_red_and_a_copy_is_not() -> None:
    spec = seals.official_seal("重庆青梧禾机械制造有限公司")
    fresh, copy = (
        seals.impress(PAGE, seals.draw_seal(spec, dpi=200, seed=3, mode=m), 450, 350)
        for m in ("fresh", "black_copy")
    )
    assert int((fresh[..., 0].astype(int) - fresh[..., 1] > 60).sum()) > 5000
    assert int((np.ptp(copy.astype(int), axis=2) > 10).sum()) == 0


def test_nothing_is_printed_beside_the_die() -> None:
    drawn = seals.draw_seal(seals.official_seal("重庆禾渡设备有限公司"), dpi=200, seed=3)
    corner = drawn.density[:12, :12]
    assert float(corner.max()) < 0.004


def test_a_scan_is_the_same_for_the_same_seed_and_differs_otherwise() -> None:
    a, b, c = (scan.degrade(PAGE, seed=s, dpi=100) for s in (1, 1, 2))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_scanned_pdf_holds_every_page_and_no_text(tmp_path: Path) -> None:
    colour, grey = (
        scan.degrade(PAGE, seed=1, dpi=100),
        scan.degrade(PAGE, seed=2, dpi=100, mode="grey"),
    )
    black = scan.degrade(PAGE, seed=3, dpi=100, mode="bilevel")
    target = tmp_path / "scan.pdf"
    scan.scanned_pdf(iter([colour, grey, black]), target, dpi=100)
    book = pypdfium2.PdfDocument(target)
    assert len(book) == 3
    assert all(page.get_textpage().count_chars() == 0 for page in book)
    assert book[1].render(scale=1).to_numpy().mean() > 200

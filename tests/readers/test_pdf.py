"""PDF: text where it stands, scans as they are, what is attached, what is hidden."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from audit.model import Origin, PageContent, PageMode
from audit.pixels.raster import Raster
from audit.readers import open_pages, survey
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import einvoice, page_pdf, pdf, stream, text_content


def read(tmp_path: Path, data: bytes, index: int = 0) -> tuple[PageContent, Raster]:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    found = survey(path, "a.pdf", DEFAULT_LIMITS)
    for page in open_pages(path, found, [index], DEFAULT_LIMITS):
        raster = page.raster()
        assert raster is not None
        return page.content, raster
    raise AssertionError(found.problems)


def codes(content: PageContent) -> set[str]:
    return {p.code for p in content.problems}


def line(text: str, x: int, y: int, size: int = 12) -> bytes:
    return b"BT /F %d Tf %d %d Td (%s) Tj ET\n" % (size, x, y, text.encode())


def test_a_line_has_its_place_and_the_edges_of_every_character(tmp_path: Path) -> None:
    content, raster = read(tmp_path, page_pdf(line("Invoice 12345678", 72, 700)))

    (found,) = content.lines
    assert (found.text, found.origin) == ("Invoice 12345678", Origin.TEXT_LAYER)
    assert found.box.left == pytest.approx(72 / 595, abs=0.002)
    assert found.box.top < 1 - 700 / 842 < found.box.bottom
    assert len(found.char_edges) == len(found.text) + 1
    assert list(found.char_edges) == sorted(found.char_edges)
    assert content.page.mode is PageMode.DIGITAL
    assert content.page.size_mm == (209.9, 297.0)
    assert raster.dpi == 200
    inked = raster.pixels[
        int(found.box.top * raster.height) : int(found.box.bottom * raster.height)
    ]
    assert (inked < 100).any()


def test_cells_on_one_baseline_are_lines_of_their_own(tmp_path: Path) -> None:
    content, _ = read(tmp_path, page_pdf(line("12.50", 72, 700) + line("3%", 140, 700)))

    assert [x.text for x in content.lines] == ["12.50", "3%"]


def test_pieces_that_touch_are_one_line_whatever_their_order(tmp_path: Path) -> None:
    content, _ = read(tmp_path, page_pdf(line("CD", 88, 700) + line("AB", 72, 700)))

    assert [x.text for x in content.lines] == ["ABCD"]


def test_figures_between_labels_of_one_run_come_in_order(tmp_path: Path) -> None:
    """A form prints its labels in one piece, with room for the day between month and day."""
    labels = b"BT /F 12 Tf 72 700 Td [(m)-800(d)] TJ ET\n"
    content, _ = read(tmp_path, page_pdf(labels + line("7", 84, 700)))

    assert [x.text for x in sorted(content.lines, key=lambda x: x.box.left)] == ["m7d"]


def test_what_is_painted_twice_to_look_bold_is_one_line(tmp_path: Path) -> None:
    content, _ = read(tmp_path, page_pdf(line("Total", 72, 700) + line("Total", 72, 700)))

    assert [x.text for x in content.lines] == ["Total"]


def test_the_pages_own_rotation_is_no_turn_away_from_upright(tmp_path: Path) -> None:
    turned = b"BT /F 12 Tf 0 1 -1 0 100 72 Tm (Invoice number 12345678) Tj ET"
    content, raster = read(tmp_path, page_pdf(turned, page=b"/Rotate 90"))

    (found,) = content.lines
    assert content.page.rotation == 0
    assert found.angle == 0.0
    assert found.box.width > 5 * found.box.height
    assert raster.width > raster.height


@pytest.mark.parametrize(
    ("matrix", "rotation"),
    [(b"0 1 -1 0 300 72", 270), (b"0 -1 1 0 300 700", 90), (b"-1 0 0 -1 500 700", 180)],
)
def test_a_page_whose_text_lies_on_its_side_is_turned(
    tmp_path: Path, matrix: bytes, rotation: int
) -> None:
    content, raster = read(
        tmp_path, page_pdf(b"BT /F 12 Tf " + matrix + b" Tm (Invoice number 12345678) Tj ET")
    )

    (found,) = content.lines
    assert content.page.rotation == rotation
    assert found.box.width > 5 * found.box.height
    top, bottom = (int(edge * raster.height) for edge in (found.box.top, found.box.bottom))
    left, right = (int(edge * raster.width) for edge in (found.box.left, found.box.right))
    assert (raster.pixels[top:bottom, left:right] < 100).mean() > 0.03


def scan_pdf(picture: bytes, size: tuple[int, int], space: bytes, over: bytes = b"") -> bytes:
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s"
    image = stream(picture, head % (*size, space) + b"/Filter/DCTDecode")
    resources = b"<</XObject<</I 6 0 R>>/Font<</F 5 0 R>>>>"
    return page_pdf(b"q 595 0 0 842 0 0 cm /I Do Q " + over, resources=resources, more=(image,))


def jpeg(mode: str = "RGB", colour: object = "white") -> bytes:
    target = io.BytesIO()
    image = Image.new(mode, (827, 1169), colour)  # type: ignore[arg-type]
    image.paste(0 if mode == "L" else (20, 20, 20), (100, 100, 700, 130))
    if mode == "RGB":
        image.paste((200, 20, 20), (500, 800, 700, 1000))
    image.save(target, "JPEG", quality=90)
    return target.getvalue()


@pytest.mark.parametrize(
    ("mode", "space", "medium"),
    [("RGB", b"/DeviceRGB", PageMode.COLOUR), ("L", b"/DeviceGray", PageMode.BILEVEL)],
)
def test_a_scan_is_taken_as_it_is_with_its_jpeg(
    tmp_path: Path, mode: str, space: bytes, medium: PageMode
) -> None:
    data = jpeg(mode, "white" if mode == "RGB" else 255)
    content, raster = read(tmp_path, scan_pdf(data, (827, 1169), space))

    assert raster.jpeg == data
    assert raster.pixels.shape[:2] == (1169, 827)
    assert raster.dpi == 100
    assert (content.page.mode, content.page.dpi) == (medium, 100)


def test_print_under_a_clear_watermark_stays_the_issuers(tmp_path: Path) -> None:
    clear = stream(
        b"\x20" * 16,
        b"/Type/XObject/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceGray",
    )
    mark = stream(
        b"\xc0" * 16,
        b"/Type/XObject/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 7 0 R",
    )
    resources = b"<</XObject<</I 6 0 R>>/Font<</F 5 0 R>>>>"
    over = text_content() + b" q 595 0 0 842 0 0 cm /I Do Q"
    content, _ = read(tmp_path, page_pdf(over, resources=resources, more=(mark, clear)))

    assert {x.origin for x in content.lines} == {Origin.TEXT_LAYER}
    assert content.page.mode is PageMode.DIGITAL


def test_print_under_an_opaque_picture_is_only_a_guess(tmp_path: Path) -> None:
    data = scan_pdf(jpeg(), (827, 1169), b"/DeviceRGB")
    under = data.replace(b"q 595 0 0 842", text_content() + b" q 595 0 0 842")
    content, _ = read(tmp_path, under)

    assert {x.origin for x in content.lines} == {Origin.OCR}


def test_a_very_fine_scan_is_drawn_at_300_dpi(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("L", (4960, 7016), 255).save(target, "JPEG")
    content, raster = read(tmp_path, scan_pdf(target.getvalue(), (4960, 7016), b"/DeviceGray"))

    assert raster.dpi == content.page.dpi == 300
    assert abs(raster.width - 2479) <= 1


def test_a_scan_that_the_page_shows_reversed_is_drawn_instead(tmp_path: Path) -> None:
    data = jpeg("L", 255)
    reversed_ = scan_pdf(data, (827, 1169), b"/DeviceGray/Decode[1 0]")
    _, raster = read(tmp_path, reversed_)

    assert raster.jpeg is None
    assert np.median(raster.pixels) < 50


def test_text_that_a_scanner_laid_under_its_picture_is_only_a_guess(tmp_path: Path) -> None:
    data = scan_pdf(jpeg(), (827, 1169), b"/DeviceRGB", b"3 Tr " + text_content())
    content, raster = read(tmp_path, data)

    assert {x.origin for x in content.lines} == {Origin.OCR}
    assert content.page.mode is PageMode.COLOUR
    assert raster.jpeg is not None
    assert "W606" not in codes(content)


def test_print_over_a_scan_is_the_issuers_and_the_page_is_still_read(tmp_path: Path) -> None:
    content, raster = read(
        tmp_path, scan_pdf(jpeg(), (827, 1169), b"/DeviceRGB", b"0 0 1 rg " + text_content())
    )

    assert {x.origin for x in content.lines} == {Origin.TEXT_LAYER}
    assert content.page.mode is PageMode.COLOUR
    assert raster.jpeg is None
    blue = raster.pixels[:, :, 2].astype(int) - raster.pixels[:, :, 0]
    assert (blue > 100).any()


def test_a_pale_picture_behind_text_leaves_the_page_digital(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("RGB", (200, 280), (235, 240, 235)).save(target, "JPEG")
    content, _ = read(
        tmp_path, scan_pdf(target.getvalue(), (200, 280), b"/DeviceRGB", text_content())
    )

    assert content.page.mode is PageMode.DIGITAL


@pytest.mark.parametrize(
    "hidden",
    [b"3 Tr " + text_content(), b"1 1 1 rg " + text_content(), text_content().replace(b"72 700", b"72 9000")],
    ids=["no ink", "white", "beside the page"],
)  # fmt: skip
def test_text_that_nobody_sees_is_not_read_but_told(tmp_path: Path, hidden: bytes) -> None:
    content, _ = read(tmp_path, page_pdf(hidden + b"\n" + b"0 g 0 Tr " + line("Seen", 72, 600)))

    assert [x.text for x in content.lines] == ["Seen"]
    assert "W606" in codes(content)


def test_white_print_on_a_dark_bar_is_seen(tmp_path: Path) -> None:
    bar = b"0 0 0 rg 60 690 400 30 re f 1 1 1 rg " + text_content()
    content, _ = read(tmp_path, page_pdf(bar))

    assert content.lines
    assert "W606" not in codes(content)


def attached(data: bytes) -> bytes:
    names = b"/Names<</EmbeddedFiles<</Names[(0) 6 0 R]>>>>"
    more = (
        b"<</Type/Filespec/F(0)/UF(0)/EF<</F 7 0 R>>>>",
        stream(data, b"/Type/EmbeddedFile"),
    )
    return page_pdf(text_content(), catalog=names, more=more)


def test_an_attached_invoice_is_a_record_whatever_its_name(tmp_path: Path) -> None:
    content, _ = read(tmp_path, attached(einvoice()))

    (record,) = content.records
    assert (record.origin, record.schema) == (Origin.ATTACHMENT, "einvoice-xml")
    assert record.get("BuyerName") == "重庆某某有限公司"
    assert "W606" not in codes(content)


def test_an_attachment_that_is_not_read_is_named(tmp_path: Path) -> None:
    content, _ = read(tmp_path, attached(b"MZ" + bytes(50)))

    assert content.records == ()
    assert "W606" in codes(content)


def test_keys_of_the_information_dictionary_are_a_record(tmp_path: Path) -> None:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</InvoiceNumber(24500000000012345678)/TotalAmWithoutTax(100.00)/Title(x)>>",
    ]
    content, _ = read(tmp_path, pdf(objects, info=b"/Info 4 0 R"))

    (record,) = content.records
    assert record.schema == "pdf-info"
    assert record.get("InvoiceNumber") == "24500000000012345678"
    assert record.get("Title") is None


def test_a_signature_widget_is_an_electronic_seal_and_is_drawn(tmp_path: Path) -> None:
    form = b"/AcroForm<</Fields[6 0 R]/SigFlags 3>>"
    widget = b"<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/F 4/Rect[300 100 400 200]/P 3 0 R/AP<</N 7 0 R>>>>"
    look = stream(b"1 0 0 rg 0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    content, raster = read(
        tmp_path,
        page_pdf(text_content(), catalog=form, page=b"/Annots[6 0 R]", more=(widget, look)),
    )

    (seal,) = content.electronic_seals
    assert seal.origin == "pdf_widget"
    assert seal.box.left == pytest.approx(300 / 595, abs=0.002)
    assert seal.box.bottom == pytest.approx(1 - 100 / 842, abs=0.002)
    x, y = seal.box.centre
    pixel = raster.pixels[int(y * raster.height), int(x * raster.width)].tolist()
    assert pixel == [255, 0, 0]


def test_a_damaged_page_costs_no_other(tmp_path: Path) -> None:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000000 2000000]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F 6 0 R>>>>>>",
        stream(text_content()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(objects))
    found = survey(path, "a.pdf", DEFAULT_LIMITS)

    first, second = [p.content for p in open_pages(path, found, [0, 1], DEFAULT_LIMITS)]

    assert (first.lines, codes(first), first.problems[0].page_index) == ((), {"E506"}, 0)
    assert second.lines
    assert codes(second) == set()


_CHINESE = """
import sys
from pathlib import Path
from audit.readers import pdfium
if sys.argv[2] == "hidden":
    pdfium.font_folder = lambda: Path(sys.argv[3])
from audit.readers import open_pages, survey
from audit.settings import DEFAULT_LIMITS
path = Path(sys.argv[1])
for page in open_pages(path, survey(path, "a.pdf", DEFAULT_LIMITS), [0], DEFAULT_LIMITS):
    raster = page.raster()
    print(int((raster.pixels < 100).sum()), "".join(x.text for x in page.content.lines))
"""


def test_chinese_without_embedded_font_is_drawn_from_the_packaged_one_alone(tmp_path: Path) -> None:
    """The machine's own fonts do not count: with an empty folder in place of ours there is no ink."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>"
    inner = (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R>>"
    )
    descriptor = b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120/ItalicAngle 0/CapHeight 700/StemV 80>>"
    content = b"BT /C 40 Tf 72 600 Td <53D1796891CD5E86> Tj ET"
    resources = b"<</Font<</C 8 0 R>>>>"
    path = tmp_path / "a.pdf"
    path.write_bytes(page_pdf(content, resources=resources, more=(inner, descriptor, font)))
    empty = tmp_path / "nothing"
    empty.mkdir()

    found = {}
    for how in ("ours", "hidden"):
        run = subprocess.run(
            [sys.executable, "-c", _CHINESE, str(path), how, str(empty)],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        ink, _, text = run.stdout.strip().partition(" ")
        found[how] = (int(ink), text)

    assert found["ours"][1] == "发票重庆"
    assert found["ours"][0] > 3000
    assert found["hidden"][0] < found["ours"][0] / 3


_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(user: bytes) -> bytes:
    """A PDF under the standard handler, revision 2, with this user password."""
    padded = (user + _PAD)[:32]
    owner = rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], padded)
    limits = -44
    seed = padded + owner + limits.to_bytes(4, "little", signed=True) + b"id"
    key = hashlib.md5(seed).digest()[:5]
    entry = b"/Encrypt<</Filter/Standard/V 1/R 2/P %d/O<%s>/U<%s>>>/ID[(id)(id)]" % (
        limits, owner.hex().encode(), rc4(key, _PAD).hex().encode(),
    )  # fmt: skip
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    return pdf(objects, extra=entry)


@pytest.mark.parametrize(("user", "code", "pages"), [(b"", "W403", 1), (b"secret", "E401", 0)])
def test_a_password_keeps_a_file_closed_and_a_restriction_does_not(
    tmp_path: Path, user: bytes, code: str, pages: int
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(encrypted(user))

    found = survey(path, "a.pdf", DEFAULT_LIMITS)

    assert [p.code for p in found.problems] == [code]
    assert found.pages == pages


def test_bytes_after_the_last_signature_are_told(tmp_path: Path) -> None:
    form = b"/AcroForm<</Fields[6 0 R]/SigFlags 3>>"
    widget = b"<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R/V 7 0 R>>"
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 %08d]/Contents<00>>>"
    for extra, codes_told in ((b"", []), (b"\n% changed later\n%%EOF\n", ["W607"])):
        size = len(page_pdf(text_content(), catalog=form, more=(widget, value % 0)))
        data = page_pdf(text_content(), catalog=form, more=(widget, value % (size - 20)))
        path = tmp_path / "a.pdf"
        path.write_bytes(data + extra)

        found = survey(path, "a.pdf", DEFAULT_LIMITS)

        assert [p.code for p in found.problems] == codes_told


@pytest.mark.parametrize(
    ("body", "active"),
    [
        (b"1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", True),
        (b"1 0 obj<</Length 9>>stream\nab/JS cd\nendstream endobj", False),
        (b"1 0 obj<<>>stream\nx\nendstream 2 0 obj<</S/Launch/F(cmd.exe)>>endobj", True),
        (b"1 0 obj<</Length 9>>stream\nab/JS cd", False),
    ],
)
def test_active_words_count_outside_streams_only(tmp_path: Path, body: bytes, active: bool) -> None:
    from audit.readers.pdfextras import _has_active_words

    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n" + body)
    assert _has_active_words(path) is active

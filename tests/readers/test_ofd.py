"""OFD: text by glyph positions, data by tags and attachments, seals that say what they read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from audit.model import Origin, PageContent, PageMode
from audit.pixels.raster import Raster
from audit.readers import open_pages, survey
from audit.readers.ofdobjects import deltas
from audit.readers.ofdpaths import polylines
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import ofd_parts, zipped

_SPACE = 'xmlns="http://www.ofdspec.org/2016"'


def read(tmp_path: Path, parts: dict[str, bytes]) -> tuple[PageContent, Raster]:
    path = tmp_path / "a.ofd"
    path.write_bytes(zipped(parts))
    found = survey(path, "a.ofd", DEFAULT_LIMITS)
    for page in open_pages(path, found, [0], DEFAULT_LIMITS):
        raster = page.raster()
        assert raster is not None
        return page.content, raster
    raise AssertionError(found.problems)


def text(words: str, x: float, y: float, number: int = 5, deltas: str = "", more: str = "") -> str:
    return (
        f'<TextObject ID="{number}" Boundary="{x} {y} 80 8" Font="1" Size="4" {more}>'
        f'<TextCode X="0" Y="4" DeltaX="{deltas}">{words}</TextCode></TextObject>'
    )


def test_text_stands_where_its_glyphs_do(tmp_path: Path) -> None:
    content, raster = read(tmp_path, ofd_parts(text("12345678", 21, 29.7, deltas="g 7 2")))

    (line,) = content.lines
    assert (line.text, line.origin) == ("12345678", Origin.TEXT_LAYER)
    assert line.box.left == pytest.approx(0.1)
    assert line.box.right == pytest.approx((21 + 16) / 210)
    assert len(line.char_edges) == 9
    assert content.page.size_mm == (210.0, 297.0)
    assert raster.pixels.shape == (2339, 1654, 3)
    top, bottom = int(line.box.top * 2339), int(line.box.bottom * 2339)
    left, right = int(line.box.left * 1654), int(line.box.right * 1654)
    assert (raster.pixels[top:bottom, left:right] < 100).mean() > 0.05
    assert raster.pixels[bottom + 20 :].min() == 255


def test_values_written_with_line_breaks_around_them(tmp_path: Path) -> None:
    content, _ = read(tmp_path, ofd_parts(text("\n   某某公司\n  ", 20, 20, deltas="g 3 4")))

    assert [line.text for line in content.lines] == ["某某公司"]


def test_text_turned_by_its_matrix_keeps_its_direction(tmp_path: Path) -> None:
    turned = text("下载次数", 100, 100, deltas="g 3 4", more='CTM="0 1 -1 0 4 0"')
    content, _ = read(tmp_path, ofd_parts(turned))

    (line,) = content.lines
    assert (line.text, line.angle) == ("下载次数", 90.0)
    assert line.box.height > line.box.width


def test_text_without_ink_is_not_read_but_told(tmp_path: Path) -> None:
    hidden = text("12345678", 20, 40, number=6, more='Alpha="0"')
    content, _ = read(tmp_path, ofd_parts(text("看得见", 20, 20) + hidden))

    assert [line.text for line in content.lines] == ["看得见"]
    assert [p.code for p in content.problems] == ["W606"]


def tagged(tags: str) -> dict[str, bytes]:
    parts = ofd_parts(
        text("24500000000012345678", 20, 20, 7) + text("¥", 20, 40, 8) + text("113.00", 24, 40, 9)
    )
    document = parts["Doc_0/Document.xml"]
    parts["Doc_0/Document.xml"] = document.replace(
        b"</Document>", b"<CustomTags>Tags/CustomTags.xml</CustomTags></Document>"
    )
    parts["Doc_0/Tags/CustomTags.xml"] = (
        f"<CustomTags {_SPACE}><CustomTag><FileLoc>CustomTag.xml</FileLoc></CustomTag></CustomTags>".encode()
    )
    parts["Doc_0/Tags/CustomTag.xml"] = f"<root {_SPACE}>{tags}</root>".encode()
    return parts


def ref(number: int) -> str:
    return f'<ObjectRef PageRef="1">{number}</ObjectRef>'


def test_tags_point_at_the_words_on_the_page(tmp_path: Path) -> None:
    tags = (
        f"<InvoiceNo>{ref(7)}</InvoiceNo><Seller><SellerName>{ref(99)}</SellerName></Seller>"
        f"<TaxInclusiveTotalAmount>{ref(8)}{ref(9)}</TaxInclusiveTotalAmount>"
        "<TypeCode><ObjectData>0</ObjectData></TypeCode>"
    )
    content, _ = read(tmp_path, tagged(tags))

    (record,) = content.records
    assert (record.schema, record.origin) == ("ofd-tags", Origin.OFD)
    assert [(f.name, f.text) for f in record.fields] == [
        ("InvoiceNo", "24500000000012345678"), ("TaxInclusiveTotalAmount", "¥113.00"), ("TypeCode", "0"),
    ]  # fmt: skip
    box = record.fields[0].box
    assert box is not None
    assert box.left == pytest.approx(20 / 210, abs=0.001)


def test_columns_without_groups_make_items_only_where_they_fit(tmp_path: Path) -> None:
    tags = (
        f"<Item>{ref(7)}</Item><Amount>{ref(9)}</Amount><Item>{ref(7)}</Item><Amount>{ref(9)}</Amount>"
        f"<Quantity>{ref(8)}</Quantity>"
    )
    content, _ = read(tmp_path, tagged(tags))

    assert [[f.name for f in item] for item in content.records[0].items] == [["Item", "Amount"]] * 2


def test_custom_data_is_a_record_of_its_own(tmp_path: Path) -> None:
    parts = ofd_parts()
    parts["OFD.xml"] = parts["OFD.xml"].replace(
        b"<DocInfo/>",
        '<DocInfo><CustomDatas><CustomData Name="发票号码">71500013</CustomData></CustomDatas></DocInfo>'.encode(),
    )
    content, _ = read(tmp_path, parts)

    assert content.records[0].get("发票号码") == "71500013"


def test_an_attachment_that_nothing_lists_is_still_read(tmp_path: Path) -> None:
    parts = ofd_parts()
    parts["Doc_0/Attachs/original_invoice.xml"] = (
        b'<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019">'
        b"<fp:InvoiceNo>71500013</fp:InvoiceNo></eInvoice>"
    )
    content, _ = read(tmp_path, parts)

    (record,) = content.records
    assert (record.schema, record.origin) == ("edrm-2019", Origin.ATTACHMENT)


def test_a_signature_says_what_its_seal_reads_and_is_drawn(tmp_path: Path) -> None:
    seal = ofd_parts(
        '<PathObject ID="3" Boundary="0 0 40 40" Fill="true"><FillColor Value="255 0 0"/>'
        "<AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C</AbbreviatedData></PathObject>"
        + text("某某公司", 2, 10) + text("发票专用章", 2, 25, 6),
        box="0 0 40 40",
    )  # fmt: skip
    parts = ofd_parts()
    parts["OFD.xml"] = parts["OFD.xml"].replace(
        b"</DocBody>", b"<Signatures>Doc_0/Signs/Signatures.xml</Signatures></DocBody>"
    )
    parts["Doc_0/Signs/Signatures.xml"] = (
        f'<Signatures {_SPACE}><Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></Signatures>'.encode()
    )
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = (
        f'<Signature {_SPACE}><SignedInfo><StampAnnot PageRef="1" Boundary="105 100 40 40"/></SignedInfo>'
        "<SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</SignedValue></Signature>"
    ).encode()
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = (
        b"\x30\x82\x04" + zipped(seal) + b"\x06\x03tail" * 9
    )

    content, raster = read(tmp_path, parts)

    (found,) = content.electronic_seals
    assert (found.origin, found.text) == ("ofd_signature", "某某公司 发票专用章")
    assert found.box.left == pytest.approx(0.5)
    x, y = int(found.box.left * 1654) + 5, int(found.box.bottom * 2339) - 5
    assert raster.pixels[y, x].tolist() == [255, 0, 0]


def test_a_document_without_a_page_list(tmp_path: Path) -> None:
    parts = ofd_parts()
    content = parts.pop("Doc_0/Pages/Page_0/Content.xml")
    parts["Doc_0/Content_0.xml"] = content
    parts["Doc_0/Document.xml"] = f"<Document {_SPACE}><CommonData/></Document>".encode()

    found, _ = read(tmp_path, parts)

    assert [line.text for line in found.lines] == ["12345678"]


@pytest.mark.parametrize(
    ("given", "steps"),
    [("g 3 1.5 2", [1.5, 1.5, 1.5, 2]), ("1 2", [1, 2]), ("g x 2", []), ("g 9999999 1", [1] * 5), ("", [])],
)  # fmt: skip
def test_steps_between_glyphs(given: str, steps: list[float]) -> None:
    assert deltas(given, 5) == steps


def test_arcs_end_where_they_say() -> None:
    ((points, closed),) = polylines("M 0 0 A 5 5 0 0 1 10 0")

    assert points[-1] == pytest.approx((10, 0))
    assert max(abs(y) for _, y in points) == pytest.approx(5, abs=0.2)
    assert not closed


def with_annotation(appearance: str, more: dict[str, bytes]) -> dict[str, bytes]:
    parts = {**ofd_parts(), **more}
    parts["Doc_0/Document.xml"] = (
        parts["Doc_0/Document.xml"]
        .replace(b"</CommonData>", b"<DocumentRes>DocumentRes.xml</DocumentRes></CommonData>")
        .replace(b"</Document>", b"<Annotations>Annots/Annotations.xml</Annotations></Document>")
    )
    parts["Doc_0/Annots/Annotations.xml"] = (
        f'<Annotations {_SPACE}><Page PageID="1"><FileLoc>Page_0/Annotation.xml</FileLoc></Page></Annotations>'.encode()
    )
    parts["Doc_0/Annots/Page_0/Annotation.xml"] = (
        f'<PageAnnot {_SPACE}><Annot Type="Watermark" ID="9">{appearance}</Annot></PageAnnot>'.encode()
    )
    return parts


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("BMP", "a.bmp")]
)  # fmt: skip
def test_a_supervision_mark_that_is_only_a_watermark_is_drawn(
    tmp_path: Path, kind: str, name: str
) -> None:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), (220, 20, 20)).save(target, kind, quality=95)
    resources = (
        f'<Res {_SPACE} BaseLoc="Res"><MultiMedias><MultiMedia ID="7" Type="Image"><MediaFile>{name}</MediaFile>'
        "</MultiMedia></MultiMedias></Res>"
    )
    appearance = (
        '<Appearance Boundary="90 8 30 20"><ImageObject ID="8" CTM="30 0 0 20 0 0" Boundary="0 0 30 20" '
        'ResourceID="7"/></Appearance>'
    )
    more = {"Doc_0/DocumentRes.xml": resources.encode(), f"Doc_0/Res/{name}": target.getvalue()}

    _, raster = read(tmp_path, with_annotation(appearance, more))

    red, green, _ = raster.pixels[int(18 / 297 * 2339), int(105 / 210 * 1654)].tolist()
    assert red > 200
    assert green < 60
    assert raster.pixels[int(18 / 297 * 2339), int(85 / 210 * 1654)].tolist() == [255, 255, 255]


def test_draw_parameters_are_inherited(tmp_path: Path) -> None:
    resources = (
        f'<Res {_SPACE}><DrawParams><DrawParam ID="3" LineWidth="2"><StrokeColor Value="128 0 0"/></DrawParam>'
        '<DrawParam ID="4" Relative="3"><FillColor Value="0 0 128"/></DrawParam></DrawParams></Res>'
    )
    parts = ofd_parts(
        '<PathObject ID="6" Boundary="20 50 80 4" DrawParam="4"><AbbreviatedData>M 0 2 L 80 2</AbbreviatedData>'
        "</PathObject>" + text("蓝色的字", 20, 80, more='DrawParam="4"')
    )
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        b"</CommonData>", b"<PublicRes>PublicRes.xml</PublicRes></CommonData>"
    )
    parts["Doc_0/PublicRes.xml"] = resources.encode()

    content, raster = read(tmp_path, parts)

    line = raster.pixels[int(52 / 297 * 2339), int(60 / 210 * 1654)].tolist()
    assert line == [128, 0, 0]
    box = content.lines[0].box
    words = raster.pixels[
        int(box.top * 2339) : int(box.bottom * 2339), int(box.left * 1654) : int(box.right * 1654)
    ]
    assert (words[:, :, 2].astype(int) - words[:, :, 0]).max() > 100


def test_templates_lie_under_the_page(tmp_path: Path) -> None:
    parts = ofd_parts()
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        b"</CommonData>", b'<TemplatePage ID="3" BaseLoc="Tpls/Tpl_0/Content.xml"/></CommonData>'
    )
    page = parts["Doc_0/Pages/Page_0/Content.xml"]
    parts["Doc_0/Pages/Page_0/Content.xml"] = page.replace(
        b"<Content>", b'<Template TemplateID="3"/><Content>'
    )
    parts["Doc_0/Tpls/Tpl_0/Content.xml"] = (
        f"<Page {_SPACE}><Content><Layer ID='4'>{text('电子发票', 90, 10)}</Layer></Content></Page>".encode()
    )

    content, _ = read(tmp_path, parts)

    assert sorted(line.text for line in content.lines) == ["12345678", "电子发票"]


def test_pages_of_all_documents_in_one_container(tmp_path: Path) -> None:
    one = ofd_parts()
    two = {
        name.replace("Doc_0", "Doc_1"): data.replace(b"12345678", b"87654321")
        for name, data in one.items()
        if name != "OFD.xml"
    }
    body = b"<DocBody><DocInfo/><DocRoot>Doc_1/Document.xml</DocRoot></DocBody></OFD>"
    parts = {**one, **two, "OFD.xml": one["OFD.xml"].replace(b"</OFD>", body)}
    path = tmp_path / "a.ofd"
    path.write_bytes(zipped(parts))
    found = survey(path, "a.ofd", DEFAULT_LIMITS)

    pages = [p.content for p in open_pages(path, found, [1, 0], DEFAULT_LIMITS)]

    assert [(p.page.page_index, p.lines[0].text) for p in pages] == [
        (1, "87654321"),
        (0, "12345678"),
    ]


def test_a_scan_inside_an_ofd_is_read_from_its_pixels(tmp_path: Path) -> None:
    picture = Image.new("L", (840, 1188), 255)
    picture.paste(0, (100, 100, 700, 160))
    target = io.BytesIO()
    picture.save(target, "PNG")
    parts = ofd_parts(
        '<ImageObject ID="8" CTM="210 0 0 297 0 0" Boundary="0 0 210 297" ResourceID="7"/>'
    )
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        b"</CommonData>", b"<DocumentRes>DocumentRes.xml</DocumentRes></CommonData>"
    )
    parts["Doc_0/DocumentRes.xml"] = (
        f'<Res {_SPACE}><MultiMedias><MultiMedia ID="7"><MediaFile>a.png</MediaFile></MultiMedia></MultiMedias></Res>'
    ).encode()
    parts["Doc_0/a.png"] = target.getvalue()

    content, raster = read(tmp_path, parts)

    assert content.page.mode is PageMode.BILEVEL
    assert raster.pixels[int(130 / 1188 * 2339), 827].max() < 30

"""Bad PDF and OFD files."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.build import (
    flate,
    ofd_parts,
    page_pdf,
    pdf,
    picture,
    stream,
    text_content,
    zipped,
)
from tests.hostile.corpus import OK, Bad, bad

GOOD = page_pdf(text_content())
_CATALOG, _PAGES = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def files() -> Iterator[Bad]:
    """Yield them all."""
    yield from _cut()
    yield from _trees()
    yield from _boxes()
    yield from _contents()
    yield from _pictures()
    yield from _extras()
    yield from _ofds()


def _cut() -> Iterator[Bad]:
    for share in (5, 20, 40, 60, 80, 95):
        yield bad(
            f"cut{share}.pdf", GOOD[: len(GOOD) * share // 100], "E301", "E302", "W306", "E303"
        )
    yield bad("header.pdf", b"%PDF-1.7\n", "E301")
    yield bad("binary.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "E301")
    yield bad("noeof.pdf", GOOD.replace(b"%%EOF", b""), "W306")
    yield bad("xref.pdf", GOOD.replace(b"startxref\n", b"startxref\n9"), OK, "W306", "E302")
    yield bad("lead.pdf", b"x" * 900 + GOOD, OK)
    yield bad("leadfar.pdf", b"\x01" * 3000 + GOOD, "E203")
    yield bad("twice.pdf", GOOD + GOOD, OK)
    yield bad("lying.docx", GOOD, "W203")
    yield bad("pdf-lying.jpg", GOOD, "W203")
    yield bad("prevloop.pdf", GOOD.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"), OK, "E302")
    yield bad("trailer.pdf", GOOD.replace(b"/Root 1 0 R", b""), OK, "E302")
    yield bad("size.pdf", GOOD.replace(b"/Size 6", b"/Size 99999999"), OK, "E302")
    yield bad("zeros.pdf", b"%PDF-1.4\n" + bytes(100_000), "E301")


def _trees() -> Iterator[Bad]:
    yield bad("noroot.pdf", pdf([b"<</Type/Nothing>>"]), "E303", "E302")
    yield bad("nopages.pdf", pdf([b"<</Type/Catalog>>"]), "E303", "E302")
    empty = pdf([_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])
    yield bad("nokids.pdf", empty, "E303", "E302")
    for count in (b"1000000", b"-5", b"2"):
        tree = pdf([_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % count, _PAGE])
        yield bad(f"count{count.decode()}.pdf", tree, OK, "E507", "E302", "E303", "E304", "E509")
    yield bad("loop.pdf", pdf([_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]), "E302", "E303")
    kids = b" ".join(b"3 0 R" for _ in range(600))
    yield bad(
        "pages600.pdf", pdf([_CATALOG, b"<</Type/Pages/Kids[%s]/Count 600>>" % kids, _PAGE]), "E507"
    )
    yield bad(
        "missing.pdf", pdf([_CATALOG, b"<</Type/Pages/Kids[9 0 R]/Count 1>>"]), "E302", "E303"
    )
    yield bad("notapage.pdf", pdf([_CATALOG, _PAGES, b"42"]), "E302", "E303", OK)
    deep = [_CATALOG]
    deep += [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 1, n - 1)
        for n in range(2, 3000)
    ]
    yield bad("deeptree.pdf", pdf([*deep, _PAGE]), "E302", "E303", OK)
    yield bad("parentloop.pdf", pdf([_CATALOG, _PAGES, b"<</Type/Page/Parent 3 0 R>>"]), OK, "E302")
    yield bad(
        "nested.pdf",
        pdf([_CATALOG, _PAGES, b"<</Type/Page/A " + b"[" * 50_000 + b">>"]),
        OK,
        "E302",
        "E303",
    )
    yield bad("dicts.pdf", pdf([_CATALOG, _PAGES, b"<</A" * 30_000]), OK, "E302", "E303")
    yield bad("selfref.pdf", pdf([_CATALOG, _PAGES, b"3 0 R"]), "E302", "E303", OK)
    yield bad(
        "longname.pdf",
        pdf([_CATALOG, _PAGES, b"<</Type/Page/" + b"N" * 200_000 + b" 1>>"]),
        OK,
        "E302",
    )


def _boxes() -> Iterator[Bad]:
    for name, box in {
        "14400": b"[0 0 14400 14400]", "2000000": b"[0 0 2000000 2000000]", "wide": b"[0 0 20000 10]",
    }.items():  # fmt: skip
        yield bad(f"box{name}.pdf", page_pdf(text_content(), box), "E506")
    for name, box in {
        "zero": b"[0 0 0 0]", "negative": b"[0 0 -595 -842]", "turned": b"[595 842 0 0]",
        "nan": b"[0 0 nan inf]", "words": b"[/A /B /C /D]", "short": b"[0 0]", "none": b"null",
        "point": b"[0 0 1 1]", "far": b"[1e9 1e9 1000000595 1000000842]", "huge": b"[0 0 1e38 1e38]",
    }.items():  # fmt: skip
        yield bad(
            f"box-{name}.pdf", page_pdf(text_content(), box), OK, "E304", "E506", "E302", "W606"
        )
    for turn in (b"90", b"45", b"-90", b"99999999999", b"/X"):
        rotated = page_pdf(text_content(), page=b"/Rotate " + turn)
        yield bad(f"rotate{turn.decode().strip('/')}.pdf", rotated, OK)
    yield bad("unit.pdf", page_pdf(text_content(), page=b"/UserUnit 100000"), OK, "E506")


def _contents() -> Iterator[Bad]:
    yield bad("operators.pdf", page_pdf(b"0 0 m 1 1 l S\n" * 1_000_000), OK, "E509", "E510")
    yield bad("saves.pdf", page_pdf(b"q " * 200_000 + text_content()), OK, "E509", "E511")
    yield bad("operands.pdf", page_pdf(b"1 " * 500_000 + b"re f"), OK, "E302")
    yield bad("arrays.pdf", page_pdf(b"[" * 100_000 + b" TJ"), OK, "E511")
    yield bad("strings.pdf", page_pdf(b"BT /F 12 Tf (" + b"(" * 100_000), OK)
    yield bad("widetext.pdf", page_pdf(b"BT /F 12 Tf 1e30 0 0 1e30 0 0 Tm (A) Tj ET"), OK, "W606")
    yield bad("nantext.pdf", page_pdf(b"BT /F nan Tf 72 700 Td (A1234) Tj ET"), OK, "W606")
    yield bad(
        "chars.pdf", page_pdf(b"BT /F 1 Tf (" + b"A" * 400_000 + b") Tj ET"), OK, "W606", "E509"
    )
    yield bad("bomb.pdf", _compressed(b" " * 300_000_000), OK, "E509", "E510", "E302")
    yield bad("notflate.pdf", _object4(stream(b"nonsense", b"/Filter/FlateDecode")), OK, "E302")
    yield bad("filters.pdf", _object4(stream(b"x", b"/Filter[" + b"/FlateDecode" * 500 + b"]")), OK)
    yield bad("unknownfilter.pdf", _object4(stream(b"x", b"/Filter/NoSuch")), OK)
    yield bad(
        "predictor.pdf",
        _object4(flate(b"xy", b"/DecodeParms<</Predictor 15/Columns 999999999>>")),
        OK,
    )
    yield bad("length.pdf", GOOD.replace(b"/Length ", b"/Length 9999"), OK, "E302")
    yield bad("contentsloop.pdf", _object4(b"[4 0 R 4 0 R]"), OK, "E302")
    yield bad("nocontents.pdf", _object4(b"null"), OK)
    yield bad("font.pdf", page_pdf(text_content(), resources=b"<</Font<</F 9 0 R>>>>"), OK)
    for name, key in {"form": b"6 0 R", "mutual": b"7 0 R"}.items():
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %s>>>>" % key
        other = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 6 0 R>>>>"
        more = (stream(b"/X Do /X Do", form), stream(b"/X Do", other))
        recursive = page_pdf(b"/X Do", resources=b"<</XObject<</X 6 0 R>>>>", more=more)
        yield bad(f"recursive-{name}.pdf", recursive, OK, "E511", "E302", "E509", "E510")
    pattern = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 1e-9/YStep 1e-9/Resources<<>>"
    tiles = page_pdf(
        b"/Pattern cs /P scn 0 0 595 842 re f",
        resources=b"<</Pattern<</P 6 0 R>>>>", more=(stream(b"0 0 1 1 re f", pattern),),
    )  # fmt: skip
    yield bad("tiles.pdf", tiles, OK, "E509", "E511")


def _object4(body: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>"
    return pdf([_CATALOG, _PAGES, page, body])


def _compressed(data: bytes) -> bytes:
    return _object4(flate(data))


def _pictures() -> Iterator[Bad]:
    for name, entries in {
        "jpx": b"/Filter/JPXDecode", "jbig2": b"/Filter/JBIG2Decode", "dct": b"/Filter/DCTDecode",
        "ccitt": b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 50000>>",
        "lzw": b"/Filter/LZWDecode", "a85": b"/Filter/ASCII85Decode", "run": b"/Filter/RunLengthDecode",
    }.items():  # fmt: skip
        yield bad(f"image-{name}.pdf", _image_pdf(b"\x12\x34" * 500, entries), OK, "E302", "E511")
    yield bad(
        "image-lies.pdf",
        _image_pdf(b"x", b"", 100_000, 100_000),
        OK,
        "E506",
        "E510",
        "E509",
        "E302",
    )
    yield bad("image-zero.pdf", _image_pdf(b"", b"", 0, 0), OK)
    yield bad("image-negative.pdf", _image_pdf(b"x" * 99, b"", -5, 7), OK)
    jpeg = picture("JPEG", (200, 280))
    yield bad("scan.pdf", _image_pdf(jpeg, b"/Filter/DCTDecode", 200, 280, b"/DeviceRGB"), OK)
    yield bad(
        "scan-cut.pdf",
        _image_pdf(jpeg[:300], b"/Filter/DCTDecode", 200, 280, b"/DeviceRGB"),
        OK,
        "E301",
        "E302",
    )
    lying = _image_pdf(jpeg, b"/Filter/DCTDecode", 9000, 9000, b"/DeviceRGB")
    yield bad("scan-size.pdf", lying, OK, "E302", "E506")
    mask = _image_pdf(jpeg, b"/Filter/DCTDecode/SMask 6 0 R", 200, 280, b"/DeviceRGB")
    yield bad("mask-self.pdf", mask, OK, "E302", "E511")


def _image_pdf(
    data: bytes, entries: bytes, width: int = 100, height: int = 100, space: bytes = b"/DeviceGray"
) -> bytes:
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s"
    image = stream(data, head % (width, height, space) + entries)
    return page_pdf(
        b"595 0 0 842 0 0 cm /I Do", resources=b"<</XObject<</I 6 0 R>>>>", more=(image,)
    )


def _extras() -> Iterator[Bad]:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    yield bad("script.pdf", page_pdf(text_content(), catalog=script), "W605")
    yield bad(
        "launch.pdf", page_pdf(text_content(), page=b"/AA<</O<</S/Launch/F(cmd.exe)>>>>"), "W605"
    )
    for name, data in {
        "exe": b"MZ" + bytes(90), "dtd": b'<!DOCTYPE a [<!ENTITY x "y">]><EInvoice>&x;</EInvoice>',
        "none": b"", "zip": zipped({"a.txt": b"x"}),
    }.items():  # fmt: skip
        names = b"/Names<</EmbeddedFiles<</Names[(a.xml) 6 0 R]>>>>"
        more = (
            b"<</Type/Filespec/F(a.xml)/UF(a.xml)/EF<</F 7 0 R>>>>",
            stream(data, b"/Type/EmbeddedFile"),
        )
        yield bad(
            f"attached-{name}.pdf", page_pdf(text_content(), catalog=names, more=more), "W606"
        )
    yield bad("invisible.pdf", page_pdf(b"3 Tr " + text_content()), "W606")
    yield bad("white.pdf", page_pdf(b"1 1 1 rg " + text_content()), "W606")
    yield bad("beside.pdf", page_pdf(text_content().replace(b"72 700", b"72 9000")), "W606")
    yield bad("tiny.pdf", page_pdf(text_content().replace(b"12 Tf", b"0.01 Tf")), "W606")
    encrypt = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O(%s)/U(%s)>>/ID[(a)(b)]"
    body = [_CATALOG, _PAGES, _PAGE]
    yield bad("password.pdf", pdf(body, extra=encrypt % (b"o" * 32, b"u" * 32)), "E401", "E402")
    yield bad(
        "cipher.pdf", pdf(body, extra=b"/Encrypt<</Filter/NoSuch/V 99>>"), "E401", "E402", "E302"
    )
    fields = b"/AcroForm<</Fields[6 0 R]>>"
    field = b"<</FT/Sig/T(a)/Parent 6 0 R/Kids[6 0 R]/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>"
    loop = page_pdf(text_content(), catalog=fields, page=b"/Annots[6 0 R]", more=(field,))
    yield bad("fieldloop.pdf", loop, OK, "E302", "E511")
    notes = b"/Annots[" + b"6 0 R " * 5000 + b"]"
    many = page_pdf(
        text_content(), page=notes, more=(b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>",)
    )
    yield bad("notes.pdf", many, OK, "E509")


_TEXT = '<TextObject ID="5" Boundary="{b}" Font="1" Size="{s}"><TextCode X="0" Y="4" {d}>{t}</TextCode></TextObject>'


def _ofds() -> Iterator[Bad]:
    good = zipped(ofd_parts())
    yield bad("good.ofd", good, OK)
    for share in (30, 60, 90):
        yield bad(f"cut{share}.ofd", good[: len(good) * share // 100], "E302", "E301")
    parts = ofd_parts()
    for name in parts:
        rest = {key: value for key, value in parts.items() if key != name}
        short = name.rpartition("/")[2]
        yield bad(f"without-{short}.ofd", zipped(rest), OK, "E302", "E303", "W203")
        yield bad(f"broken-{short}.ofd", zipped({**parts, name: parts[name][:40]}), "E302")
        dtd = b'<!DOCTYPE a [<!ENTITY x "y">]>' + parts[name]
        yield bad(f"dtd-{short}.ofd", zipped({**parts, name: dtd}), "E603")
    yield bad("encrypted.ofd", zipped({**parts, "Encryptions.xml": b"<a/>"}), "E402")
    yield bad("twice.ofd", zipped([*parts.items(), *parts.items()]), "W608")
    for name, box in {
        "huge": "0 0 4999 4999",
        "words": "a b c d",
        "negative": "0 0 -1 -1",
        "giant": "0 0 1e30 1",
    }.items():
        yield bad(f"box-{name}.ofd", zipped(ofd_parts(box=box)), OK, "E506")
    for name, (b, s, d, t) in {
        "repeat": ("0 0 9 9", "4", 'DeltaX="g 999999999 2"', "12345678"),
        "words": ("a b c d", "x", 'DeltaX="g g g"', "12345678"),
        "size": ("0 0 9 9", "1e30", "", "12345678"), "many": ("0 0 9 9", "3", "", "7" * 300_000),
        "beside": ("900 900 9 9", "4", "", "12345678"), "nan": ("0 0 9 9", "nan", 'DeltaX="nan"', "12345678"),
    }.items():  # fmt: skip
        yield bad(
            f"text-{name}.ofd",
            zipped(ofd_parts(_TEXT.format(b=b, s=s, d=d, t=t))),
            OK,
            "W606",
            "E509",
        )
    path = (
        '<PathObject ID="6" Boundary="0 0 9 9"><AbbreviatedData>{}</AbbreviatedData></PathObject>'
    )
    yield bad(
        "paths.ofd",
        zipped(ofd_parts(path.format("M 0 0 " + "B 1 2 3 4 5 6 " * 100_000))),
        OK,
        "E509",
    )
    yield bad(
        "arcs.ofd",
        zipped(ofd_parts(path.format("M 0 0 A 1e5 1e-9 nan 1 1 5 5 A 0 0 0 0 0 1 1 L inf 3"))),
        OK,
    )
    yield bad(
        "blocks.ofd", zipped(ofd_parts("<PageBlock>" * 200 + "</PageBlock>" * 200)), OK, "E302"
    )
    yield bad(
        "blocksdeep.ofd", zipped(ofd_parts("<PageBlock>" * 3000 + "</PageBlock>" * 3000)), "E302"
    )
    page = '<Page ID="1" BaseLoc="{}"/>'
    pages = parts["Doc_0/Document.xml"].replace(
        page.format("Pages/Page_0/Content.xml").encode(),
        (page.format("Pages/Page_0/Content.xml") * 900).encode(),
    )
    yield bad("pages900.ofd", zipped({**parts, "Doc_0/Document.xml": pages}), "E507")
    outside = parts["OFD.xml"].replace(b"Doc_0/Document.xml", b"../../../etc/passwd")
    yield bad("outside.ofd", zipped({**parts, "OFD.xml": outside}), OK, "E302")

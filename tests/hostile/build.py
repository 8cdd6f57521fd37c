"""Small builders of file formats, byte by byte, so that any part can be made wrong."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from PIL import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def pdf(objects: Sequence[bytes], *, root: int = 1, extra: bytes = b"", info: bytes = b"") -> bytes:
    """Return a PDF of these object bodies (numbered from 1) with a right cross-reference table."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    out += b"trailer\n<</Size %d/Root %d 0 R%s%s>>\n" % (len(objects) + 1, root, extra, info)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<</Length %d%s>>stream\n" % (len(data), entries) + data + b"\nendstream"


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """Return a compressed stream object's body."""
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + entries)


def page_pdf(
    content: bytes,
    box: bytes = b"[0 0 595 842]",
    resources: bytes = b"<</Font<</F 5 0 R>>>>",
    more: Sequence[bytes] = (),
    page: bytes = b"",
    catalog: bytes = b"",
) -> bytes:
    """Return a PDF of one page; ``more`` objects are numbered from 6."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources%s%s>>"
            % (box, resources, page),
            stream(content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def text_content(text: str = "Invoice 12345678 total 1130.00 paid in full") -> bytes:
    """Return a content stream that prints one line."""
    return b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % text.encode("latin-1")


def zipped(
    parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a zip of these parts, in order; a sequence may repeat a name."""
    pairs = list(parts.items()) if isinstance(parts, Mapping) else list(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, method)
    return target.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def relationships(*entries: tuple[str, str, str]) -> bytes:
    """Return a relationship part of (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{target}"/>'
        for i, kind, target in entries
    )
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'.encode()
    )


def sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    """Return a worksheet part."""
    text = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return ('<?xml version="1.0" encoding="UTF-8"?>' + text).encode()


GOOD_ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>发票号码</t></is></c><c r="B1"><v>1130.5</v></c></row>'


def xlsx_parts(
    sheet: bytes | None = None, sheets: str = '<sheet name="表1" sheetId="1" r:id="rId1"/>'
) -> dict[str, bytes]:
    """Return the parts of a workbook with one sheet."""
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>'
    return {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": b'<?xml version="1.0"?>' + workbook.encode(),
        "xl/_rels/workbook.xml.rels": relationships(("rId1", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet_xml(GOOD_ROWS) if sheet is None else sheet,
    }


def docx_parts(body: str = "<w:p><w:r><w:t>验收报告</w:t></w:r></w:p>") -> dict[str, bytes]:
    """Return the parts of a Word document."""
    document = (
        f'<w:document xmlns:w="{_WORD}" xmlns:r="{_REL}"><w:body>{body}</w:body></w:document>'
    )
    return {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
        "_rels/.rels": relationships(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": b'<?xml version="1.0" encoding="UTF-8"?>' + document.encode(),
    }


def ofd_parts(
    objects: str = '<TextObject ID="5" Boundary="20 20 60 8" Font="1" Size="4">'
    '<TextCode X="0" Y="4" DeltaX="g 7 2">12345678</TextCode></TextObject>',
    box: str = "0 0 210 297",
) -> dict[str, bytes]:
    """Return the parts of an OFD of one page."""
    space = 'xmlns="http://www.ofdspec.org/2016"'
    return {
        "OFD.xml": f"<OFD {space}><DocBody><DocInfo/><DocRoot>Doc_0/Document.xml</DocRoot>"
        "</DocBody></OFD>".encode(),
        "Doc_0/Document.xml": f"<Document {space}><CommonData><PageArea><PhysicalBox>{box}"
        '</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="Pages/Page_0/'
        'Content.xml"/></Pages></Document>'.encode(),
        "Doc_0/Pages/Page_0/Content.xml": f'<Page {space}><Content><Layer ID="2">{objects}'
        "</Layer></Content></Page>".encode(),
    }


def einvoice(inner: str = "", prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """Return a small e-invoice."""
    body = (
        "<EInvoice><Header><EIid>24500000000012345678</EIid></Header><EInvoiceData><BuyerInformation>"
        f"<BuyerName>重庆某某有限公司</BuyerName></BuyerInformation>{inner}</EInvoiceData></EInvoice>"
    )
    return (prolog + body).encode()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk with a right checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, rows: bytes | None = None, depth: int = 8, colour: int = 0
) -> bytes:
    """Return a PNG whose header promises this size; ``rows`` compressed as they are."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = (
        b"".join(b"\x00" + b"\xff" * width for _ in range(min(height, 64)))
        if rows is None
        else rows
    )
    return (
        PNG_MAGIC
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(data, 9))
        + png_chunk(b"IEND", b"")
    )


def picture(
    kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    """Return a good picture of a kind Pillow writes."""
    target = io.BytesIO()
    image = Image.new(mode, size, 200 if mode in {"L", "I;16"} else None)
    image.save(target, kind, **options)
    return target.getvalue()

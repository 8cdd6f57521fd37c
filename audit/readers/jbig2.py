"""JBIG2 pictures (QR codes of some OFD producers), decoded by the PDF library.

A .jb2 file is a header and segments; a PDF holds the same segments without header, end of page
and end of file (ISO 32000, 7.4.7). So a page of one picture is written around them.
"""

from __future__ import annotations

import struct
from typing import Any

from audit.readers import pdfium
from audit.readers.base import UnreadableError
from audit.settings import Limits

# ruff: noqa: ANN401 - Pillow's pictures

MAGIC = b"\x97JB2\r\n\x1a\n"
_PAGE_INFORMATION, _END_OF_PAGE, _END_OF_FILE = 48, 49, 51
_SEQUENTIAL, _UNKNOWN_PAGES = 1, 2
_MOST_SEGMENTS = 4096


def decoded(data: bytes, limits: Limits) -> Any:
    """Return the picture as RGBA, ``None`` if it is damaged or of a kind not seen in the field."""
    try:
        size, segments = _segments(data)
    except (struct.error, IndexError, ValueError):
        return None
    width, height = size
    if not (0 < width * height <= limits.raster_pixels):
        return None
    try:
        with pdfium.opened(_around(segments, width, height)) as document:
            page = document[0]
            bitmap = page.render(scale=1)
            picture = bitmap.to_pil().convert("RGBA")
            page.close()
            return picture
    except (UnreadableError, RuntimeError):
        return None


def _segments(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Return the page's size and its segments as a PDF holds them."""
    flags = data[8]
    if not flags & _SEQUENTIAL:
        raise ValueError("random access organisation")
    place = 9 if flags & _UNKNOWN_PAGES else 13
    size, kept = (0, 0), b""
    for _ in range(_MOST_SEGMENTS):
        if place >= len(data):
            break
        start = place
        kind, length, place = _header(data, place)
        if length == 0xFFFFFFFF:  # noqa: PLR2004 - unknown length
            raise ValueError("length")
        if kind == _PAGE_INFORMATION:
            size = struct.unpack_from(">II", data, place)
        place += length
        if kind not in {_END_OF_PAGE, _END_OF_FILE}:
            kept += data[start:place]
    return (int(size[0]), int(size[1])), kept


def _header(data: bytes, place: int) -> tuple[int, int, int]:
    """Return type, data length and place of the data of the segment that begins at ``place``."""
    number, flags, referred = struct.unpack_from(">IBB", data, place)
    count = referred >> 5
    place += 6
    if count == 7:  # noqa: PLR2004 - the long form
        count = struct.unpack_from(">I", data, place - 1)[0] & 0x1FFFFFFF
        place += 3 + (count + 8) // 8
    width = 1 if number <= 256 else 2 if number <= 65536 else 4  # noqa: PLR2004
    place += min(count, _MOST_SEGMENTS) * width + (4 if flags & 0x40 else 1)
    length = struct.unpack_from(">I", data, place)[0]
    return flags & 0x3F, length, place + 4


def _around(segments: bytes, width: int, height: int) -> bytes:
    """Return a PDF of one page that shows the picture, one unit a pixel."""
    content = f"{width} 0 0 {height} 0 0 cm /I Do".encode()
    image = (
        f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
        f"/BitsPerComponent 1/Filter/JBIG2Decode/Length {len(segments)}>>stream\n"
    ).encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R"
        f"/Resources<</XObject<</I 5 0 R>>>>>>".encode(),
        f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream",
        image + segments + b"\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    tail += f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode()

"""Bad pictures."""

from __future__ import annotations

import importlib.util
import io
import struct
from collections.abc import Iterator

from PIL import Image

from tests.hostile.build import PNG_MAGIC, picture, png, png_chunk
from tests.hostile.corpus import OK, Bad, bad

_KINDS = {"JPEG": "jpg", "PNG": "png", "TIFF": "tif", "BMP": "bmp", "GIF": "gif", "WEBP": "webp"}


def files() -> Iterator[Bad]:
    """Yield them all."""
    for kind, suffix in _KINDS.items():
        good = picture(kind, (160, 120))
        yield bad(f"good.{suffix}", good, OK)
        for share in (15, 50, 85):
            cut = good[: max(20, len(good) * share // 100)]
            yield bad(
                f"cut{share}.{suffix}",
                cut,
                "E301",
                "E302",
                "E203",
                *((OK,) if suffix in {"gif", "png"} else ()),
            )
        yield bad(
            f"head.{suffix}",
            good[:12] + b"\x00" * 400,
            "E301",
            "E302",
            "E304",
            "E506",
            "E203",
            "E202",
        )
        body = bytearray(good)
        body[len(good) // 2 : len(good) // 2 + 12] = b"\xa5" * 12
        yield bad(f"body.{suffix}", bytes(body), OK, "E301", "E302")
    yield from _large()
    yield from _odd()


def _large() -> Iterator[Bad]:
    for width, height in ((60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1), (100_001, 1000)):
        yield bad(f"size{width}x{height}.png", png(width, height), "E506", "E302")
    gif = b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x80\x00\x00" + bytes(6) + b";"
    yield bad("size.gif", gif, "E506", "E302")
    bmp = picture("BMP")
    yield bad("size.bmp", bmp[:18] + struct.pack("<ii", 50_000, 50_000) + bmp[26:], "E506")
    yield bad(
        "negative.bmp",
        bmp[:18] + struct.pack("<ii", -5, -7) + bmp[26:],
        "E302",
        "E301",
        "E304",
        "E506",
        OK,
    )
    yield bad("bomb.png", png(9_000, 9_000, b"".join(b"\x00" * 9001 for _ in range(9_000))), OK)
    jpeg = picture("JPEG")
    place = jpeg.find(b"\xff\xc0")
    yield bad("size.jpg", jpeg[: place + 5] + b"\xff\xff\xff\xff" + jpeg[place + 9 :], "E506")


def _odd() -> Iterator[Bad]:
    yield bad("tiny.png", picture("PNG", (3, 3)), "E304")
    yield bad("lying.jpg", picture("PNG"), "W203")
    yield bad("lying.png", picture("WEBP"), "W203")
    yield bad("lying.pdf", picture("JPEG"), "W203")
    exif = Image.Exif()
    exif[0x0112] = 6
    yield bad("turned.jpg", picture("JPEG", exif=exif.tobytes()), OK)
    yield bad(
        "badexif.jpg", picture("JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + bytes(20)), OK
    )
    yield bad("dpi.jpg", picture("JPEG", dpi=(65535, 1)), OK)
    pages = io.BytesIO()
    frames = [Image.new("1", (40, 40)) for _ in range(510)]
    frames[0].save(pages, "TIFF", save_all=True, append_images=frames[1:])
    yield bad("pages510.tif", pages.getvalue(), "E507")
    tiff = picture("TIFF", (40, 40))
    place = struct.unpack_from("<I", tiff, 4)[0]
    loop = bytearray(tiff)
    count = struct.unpack_from("<H", tiff, place)[0]
    loop[place + 2 + 12 * count : place + 6 + 12 * count] = struct.pack("<I", place)
    yield bad("loop.tif", bytes(loop), OK, "E302", "E507")
    yield bad(
        "tags.tif",
        b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 65535) + b"\xff" * 2000,
        "E302",
        "E301",
    )
    for mode in ("1", "LA", "RGBA", "P", "I;16"):
        yield bad(f"mode-{mode.replace(';', '')}.png", picture("PNG", mode=mode), OK)
    yield bad("cmyk.jpg", picture("JPEG", mode="CMYK"), OK)
    yield bad("grey.jpg", picture("JPEG", mode="L"), OK)
    head = PNG_MAGIC + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 3, 9, 0, 0, 0))
    yield bad("nonsense.png", head + png_chunk(b"IEND", b""), "E302", "E301")
    text = png_chunk(b"iTXt", b"a\x00\x01\x00\x00\x00" + bytes(10_000))
    good = picture("PNG")
    yield bad("texts.png", good[:33] + text * 50 + good[33:], OK, "E302")
    yield bad("psd.jpg", b"8BPS" + bytes(100), "E202")
    yield bad("eps.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run", "E202")
    # Where the optional decoder is installed it is asked, and finds the picture broken.
    code = "E202" if importlib.util.find_spec("pi_heif") is None else "E302"
    yield bad("heic.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(100), code, OK)
    yield bad("jp2.jpg", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(100), "E202")
    yield bad(
        "svg.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "W203"
    )

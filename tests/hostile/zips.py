"""Bad archives."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

from tests.hostile.build import zipped
from tests.hostile.corpus import OK, Bad, bad

_TEXT = {"发票.csv": "号码,金额\n12345678,100.00\n".encode()}


def files() -> Iterator[Bad]:
    """Yield them all."""
    good = zipped(_TEXT)
    for share in (20, 50, 80, 97):
        yield bad(f"cut{share}.zip", good[: len(good) * share // 100], "E302")
    yield from _names()
    yield from _bombs()
    yield from _broken(good)


def _names() -> Iterator[Bad]:
    for number, name in enumerate(
        ("../out.txt", "/abs.txt", "C:\\win.txt", "a/../../b.txt", "..\\up.txt", "\\\\host\\x.txt")
    ):
        yield bad(f"path{number}.zip", zipped({name: b"x", **_TEXT}), "E601")
    for mode, name in ((0o120777, "link"), (0o060600, "device"), (0o010600, "pipe")):
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(info, b"/etc/passwd")
        yield bad(f"{name}.zip", target.getvalue(), "E602")
    yield bad(
        "twice.zip", zipped([("a.csv", b"1,2\n"), ("a.csv", b"3,4\n"), ("A.CSV", b"5,6\n")]), "W608"
    )
    yield bad("nul.zip", zipped({"a.txt": b"x"}).replace(b"a.txt", b"a\x00txt"), "E601")
    yield bad("longname.zip", zipped({"n" * 60_000: b"x"}), OK)
    yield bad("deepname.zip", zipped({"d/" * 500 + "x.txt": b"x"}), OK)
    yield bad("folders.zip", zipped({"a/": b"", "b/c/": b""}), OK)
    yield bad("none.zip", zipped({}), OK)
    yield bad("dots.zip", zipped({"./x.txt": b"x", ".": b"y"}), OK)


def _bombs() -> Iterator[Bad]:
    zeros = bytes(20_000_000)
    yield bad("ratio.zip", zipped({"zeros.bin": zeros}), "E503")
    yield bad("entries.zip", zipped({f"{n}.txt": b"x" for n in range(2001)}), "E504")
    yield bad(
        "promise.zip", _patched(zipped({"a.bin": bytes(1000)}), 24, 2**31 - 1), "E502", "E503"
    )
    yield bad("lies.zip", _patched(zipped({"a.bin": b"abc" * 999}), 24, 10), "E302", OK)
    inner = zipped({"x.txt": b"x"})
    for _ in range(5):
        inner = zipped({"inner.zip": inner})
    yield bad("nest.zip", inner, OK)
    yield bad("overlap.zip", _overlapping(), "E302")
    yield bad("comment.zip", _commented(), OK, "E302")


def _patched(data: bytes, offset: int, value: int) -> bytes:
    """Change a 32-bit field of the first directory entry."""
    place = data.rfind(b"PK\x01\x02")
    return data[: place + offset] + struct.pack("<I", value) + data[place + offset + 4 :]


def _overlapping() -> bytes:
    """Two directory entries that share one member's bytes."""
    data = zipped([("a.bin", bytes(5000)), ("b.bin", bytes(5000))], zipfile.ZIP_STORED)
    second = data.rfind(b"PK\x01\x02")
    return data[: second + 42] + struct.pack("<I", 10) + data[second + 46 :]


def _commented() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", b"x")
        archive.comment = b"PK\x05\x06" * 1000
    return target.getvalue()


def _broken(good: bytes) -> Iterator[Bad]:
    directory = good.rfind(b"PK\x01\x02")
    yield bad("nodirectory.zip", good[:directory], "E302")
    yield bad("offset.zip", _patched(good, 42, 2**31), "E302")
    yield bad("method.zip", good[: directory + 10] + b"\x63\x00" + good[directory + 12 :], "E302")
    flagged = good[: directory + 8] + b"\x01\x08" + good[directory + 10 :]
    yield bad("locked.zip", flagged, "E401")
    yield bad("crc.zip", _patched(good, 16, 0xDEADBEEF), "E302")
    body = bytearray(good)
    body[45:60] = b"\xff" * 15
    yield bad("body.zip", bytes(body), "E302")
    yield bad(
        "method14.zip", zipped({"a.txt": b"x" * 100}, zipfile.ZIP_LZMA)[:70] + good[70:], "E302"
    )
    yield bad("onlyend.zip", b"PK\x05\x06" + bytes(18), OK, "E302")
    yield bad("lying.xlsx", good, "W203")
    yield bad("spanned.zip", b"PK\x07\x08" + good, OK, "E302")

"""7z and HEIC: read where the optional packages are, else named with what to do."""

from __future__ import annotations

import base64
import importlib.util
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from audit.readers import FileFormat, open_pages, sniff, survey, unpack
from audit.settings import DEFAULT_LIMITS

SEVEN = b"7z\xbc\xaf\x27\x1c"
RAR = b"Rar!\x1a\x07\x01\x00"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    missing = {"py7zr", "pi_heif", "libarchive"}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name in missing else real(name, *a)
    )


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize(("data", "kind"), [(SEVEN, "7Z"), (RAR, "RAR"), (HEIC, "HEIC")])
def test_without_the_packages_they_are_named(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data + bytes(100))
    found = survey(path, f"x.{kind.lower()}", DEFAULT_LIMITS)
    assert [p.code for p in found.problems] == ["E202"]
    assert dict(found.problems[0].params)["type"] == kind


@pytest.mark.formats
def test_a_7z_gives_its_members(tmp_path: Path) -> None:
    import py7zr

    (tmp_path / "票.txt").write_text("发票", "utf-8")
    path, target = tmp_path / "x.7z", tmp_path / "out"
    target.mkdir()
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.write(tmp_path / "票.txt", "发票/票.txt")
    found = survey(path, "x.7z", DEFAULT_LIMITS)
    assert (found.format, found.problems) == (FileFormat.ARCHIVE, ())
    members, problems = unpack(path, target, DEFAULT_LIMITS)
    assert problems == ()
    assert [(m.name, m.path.read_text("utf-8")) for m in members] == [("发票/票.txt", "发票")]
    assert sorted(p.name for p in target.iterdir()) == ["1"]


@pytest.mark.formats
def test_a_7z_with_a_password_is_named(tmp_path: Path) -> None:
    import py7zr

    (tmp_path / "a.txt").write_text("secret", "utf-8")
    path = tmp_path / "x.7z"
    with py7zr.SevenZipFile(path, "w", password="p", header_encryption=True) as archive:
        archive.write(tmp_path / "a.txt", "a.txt")
    found = survey(path, "x.7z", DEFAULT_LIMITS)
    assert [p.code for p in found.problems] == ["E401"]


@pytest.mark.formats
def test_a_cut_off_7z_is_damaged(tmp_path: Path) -> None:
    import py7zr

    (tmp_path / "a.txt").write_text("text" * 1000, "utf-8")
    path = tmp_path / "x.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.write(tmp_path / "a.txt", "a.txt")
    path.write_bytes(path.read_bytes()[:-20])
    found = survey(path, "x.7z", DEFAULT_LIMITS)
    assert found.problems
    assert found.problems[0].code.startswith("E3")


def rar5(*members: tuple[str | bytes, bytes]) -> bytes:
    """Return a RAR 5 archive that holds its members as they are (RAR 5.0 archive format)."""

    def vint(number: int) -> bytes:
        out = b""
        while number > 0x7F:
            out += bytes([number & 0x7F | 0x80])
            number >>= 7
        return out + bytes([number])

    def block(body: bytes) -> bytes:
        sized = vint(len(body)) + body
        return zlib.crc32(sized).to_bytes(4, "little") + sized

    out = RAR + block(vint(1) + vint(0) + vint(0))
    for name, data in members:
        plain = name if isinstance(name, bytes) else name.encode("utf-8")
        head = vint(2) + vint(2) + vint(len(data))  # a file, with data behind the header
        head += vint(4) + vint(len(data)) + vint(0o100644)  # CRC given; size; attributes
        head += zlib.crc32(data).to_bytes(4, "little")
        head += vint(0) + vint(1) + vint(len(plain)) + plain  # stored; made on Unix
        out += block(head) + data
    return out + block(vint(5) + vint(0) + vint(0))


@pytest.mark.formats
def test_a_rar_gives_its_members_and_none_chooses_its_place(tmp_path: Path) -> None:
    path, target = tmp_path / "x.rar", tmp_path / "out"
    target.mkdir()
    path.write_bytes(rar5(("发票/票.txt", "发票".encode()), ("../away.txt", b"x"), ("b.txt", b"b")))
    found = survey(path, "x.rar", DEFAULT_LIMITS)
    assert (found.format, found.detail, found.problems) == (FileFormat.ARCHIVE, "RAR", ())
    members, problems = unpack(path, target, DEFAULT_LIMITS)
    assert [(m.name, m.path.read_text("utf-8")) for m in members] == [
        ("发票/票.txt", "发票"),
        ("b.txt", "b"),
    ]
    assert [p.code for p in problems] == ["E601"]
    assert not (tmp_path / "away.txt").exists()


@pytest.mark.formats
def test_a_name_in_a_rar_that_is_no_utf8_costs_nothing(tmp_path: Path) -> None:
    path, target = tmp_path / "x.rar", tmp_path / "out"
    target.mkdir()
    path.write_bytes(rar5(("发票.txt".encode("gb18030"), b"a")))
    members, problems = unpack(path, target, DEFAULT_LIMITS)
    assert problems == ()
    assert [m.path.read_bytes() for m in members] == [b"a"]
    assert members[0].name in {"发票.txt", "1"}  # as the system's locale lets libarchive tell it


@pytest.mark.formats
def test_a_rar_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.rar"
    path.write_bytes(rar5(("a.bin", bytes(5000))))
    found = survey(path, "x.rar", replace(DEFAULT_LIMITS, archive_bytes=4000))
    assert [p.code for p in found.problems] == ["E502"]


@pytest.mark.formats
@pytest.mark.parametrize("kept", [12, 40, 80])
def test_a_cut_off_rar_is_damaged_and_breaks_nothing(tmp_path: Path, kept: int) -> None:
    path, target = tmp_path / "x.rar", tmp_path / "out"
    target.mkdir()
    path.write_bytes(rar5(("a.txt", b"text" * 100))[:kept])
    members, problems = unpack(path, target, DEFAULT_LIMITS)
    told = [*survey(path, "x.rar", DEFAULT_LIMITS).problems, *problems]
    assert members == ()
    assert {p.code for p in told} <= {"E302"}
    assert "archive_p" not in repr(told)


#: A picture of 64 × 64: white, with a black bar; made for this test.
PICTURE = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAACAAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo"
    "dmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEA"
    "GEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgIaDAgAAAMAyAAA"
    "AwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAABBwaXhpAAAAAAMI"
    "CAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAAChtZGF0AAAAHCgBrxmAMtX40NLxPd5sv/sC6gFfBroeXnNpCzI="
)


@pytest.mark.formats
def test_a_telephones_picture_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "x.heic"
    path.write_bytes(PICTURE)
    found = survey(path, "x.heic", DEFAULT_LIMITS)
    assert (found.format, found.pages) == (FileFormat.IMAGE, 1)
    (page,) = open_pages(path, found, [0], DEFAULT_LIMITS)
    raster = page.raster()
    assert raster is not None
    assert raster.pixels.shape == (64, 64, 3)
    assert raster.pixels[32, 16].max() < 60
    assert raster.pixels[32, 50].min() > 200


def test_sniffing_needs_no_optional_package(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x1f\x8b" + bytes(50))
    assert sniff.sniff(path).code == "E202"

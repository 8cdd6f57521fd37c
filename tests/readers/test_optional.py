"""7z and HEIC: read where the optional packages are, else named with what to do."""

from __future__ import annotations

import base64
import importlib.util
from pathlib import Path

import pytest

from audit.readers import FileFormat, open_pages, sniff, survey, unpack
from audit.settings import DEFAULT_LIMITS

SEVEN = b"7z\xbc\xaf\x27\x1c"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    missing = {"py7zr", "pi_heif"}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name in missing else real(name, *a)
    )


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize(("data", "kind"), [(SEVEN, "7Z"), (HEIC, "HEIC")])
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
    path.write_bytes(b"Rar!\x1a\x07" + bytes(50))
    assert sniff.sniff(path).code == "E202"

"""Archives: names in the encodings of the field, places of our own choosing, limits."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from audit.readers import survey, unpack
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import zipped


def put(tmp_path: Path, data: bytes) -> tuple[Path, Path]:
    path, target = tmp_path / "a.zip", tmp_path / "out"
    path.write_bytes(data)
    target.mkdir()
    return path, target


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_names_are_read_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    """Packers on Windows write GBK names without saying so."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xx", b"1")
    raw = "发票".encode(encoding)
    data = target.getvalue()
    for mark, length, start in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
        place = data.find(mark)
        head = bytearray(data[place : place + start])
        head[length : length + 2] = len(raw).to_bytes(2, "little")
        data = data[:place] + bytes(head) + raw + data[place + start + 2 :]
    grown = len(raw) - 2
    end = data.rfind(b"PK\x05\x06")
    tail = bytearray(data[end:])
    tail[12:16] = (int.from_bytes(tail[12:16], "little") + grown).to_bytes(4, "little")
    tail[16:20] = (int.from_bytes(tail[16:20], "little") + grown).to_bytes(4, "little")
    path, folder = put(tmp_path, data[:end] + bytes(tail))

    members, problems = unpack(path, folder, DEFAULT_LIMITS)

    assert [m.name for m in members] == ["发票"]
    assert problems == ()


def test_members_lie_under_names_of_our_own(tmp_path: Path) -> None:
    path, target = put(tmp_path, zipped({"甲/乙.csv": b"1", "../x": b"2", "/y": b"3", "d/": b""}))

    members, problems = unpack(path, target, DEFAULT_LIMITS)

    assert [(m.name, m.size, m.path.parent) for m in members] == [("甲/乙.csv", 1, target)]
    assert [p.code for p in problems] == ["E601"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]
    assert all(p.name.isdigit() for p in target.iterdir())


def test_of_two_members_of_one_name_the_first_counts(tmp_path: Path) -> None:
    path, target = put(tmp_path, zipped([("a.csv", b"1"), ("A.csv", b"22")]))

    members, problems = unpack(path, target, DEFAULT_LIMITS)

    assert [m.size for m in members] == [1]
    assert [p.code for p in problems] == ["W608"]


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("archive_entries", 1, "E504"), ("archive_bytes", 1000, "E502"), ("archive_ratio", 2, "E503")],
)
def test_limits_are_told_by_name(tmp_path: Path, limit: str, value: int, code: str) -> None:
    path, target = put(tmp_path, zipped({"a": bytes(5000), "b": bytes(5000)}))
    limits = replace(DEFAULT_LIMITS, **{"archive_ratio_from": 1000, limit: value})

    assert [p.code for p in survey(path, "a.zip", limits).problems] == [code]
    assert unpack(path, target, limits) == ((), ())
    assert list(target.iterdir()) == []

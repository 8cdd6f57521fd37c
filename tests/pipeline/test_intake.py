"""Every input is named, none is followed, nothing of the case is changed."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from audit.errors import OutputUnusableError
from audit.pipeline.intake import Intake, adopt, is_litter, open_plain, shown_name, take_in
from audit.settings import DEFAULT_LIMITS, Limits

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def taken(case: Path, store: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, Intake]:
    return {one.file: one for one in take_in(case, store, limits)}


def codes(one: Intake) -> list[str]:
    return [p.code for p in one.problems]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    (folder / "乙").mkdir(parents=True)
    (folder / "乙" / "二.txt").write_bytes(b"two")
    (folder / "一.txt").write_bytes(b"one")
    return folder


def test_files_come_in_order_as_read_only_copies(case: Path, tmp_path: Path) -> None:
    found = taken(case, tmp_path / "store")

    assert list(found) == ["一.txt", "乙/二.txt"]
    one = found["一.txt"]
    assert one.content is not None
    assert one.sha256 == hashlib.sha256(b"one").hexdigest() == one.content.name
    assert one.content.read_bytes() == b"one"
    assert one.content.stat().st_mode & 0o222 == 0


def test_a_single_file_is_a_case_of_one(case: Path, tmp_path: Path) -> None:
    assert list(taken(case / "一.txt", tmp_path / "store")) == ["一.txt"]


@posix
def test_links_pipes_and_sockets_are_named_and_not_read(case: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    (case / "link.txt").symlink_to(tmp_path / "secret")
    (case / "folder").symlink_to(tmp_path)
    os.mkfifo(case / "pipe")
    server = socket.socket(socket.AF_UNIX)
    previous = Path.cwd()
    os.chdir(case)
    try:
        server.bind("socket")
    finally:
        os.chdir(previous)
        server.close()

    found = taken(case, tmp_path / "store")

    assert codes(found["link.txt"]) == ["E103"]
    assert codes(found["folder"]) == ["E103"]
    assert codes(found["pipe"]) == ["E102"]
    assert codes(found["socket"]) == ["E102"]
    assert all(one.content is None for one in found.values() if one.problems)
    stored = [p.read_bytes() for p in (tmp_path / "store").iterdir()]
    assert b"secret" not in stored


@posix
def test_a_folder_exchanged_for_a_link_leads_nowhere(case: Path, tmp_path: Path) -> None:
    """The walk saw a folder; before the file is opened somebody puts a link in its place."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "二.txt").write_bytes(b"outside")
    (case / "乙").rename(tmp_path / "aside")
    (case / "乙").symlink_to(tmp_path / "outside")

    with pytest.raises(OSError, match=r".*"):
        open_plain(case / "乙" / "二.txt", case)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_named(case: Path, tmp_path: Path) -> None:
    (case / "一.txt").chmod(0)

    assert codes(taken(case, tmp_path / "store")["一.txt"]) == ["E101"]


@pytest.mark.parametrize(
    ("limits", "refused", "code"),
    [
        ({"file_bytes": 2}, {"一.txt", "乙/二.txt"}, "E501"),
        ({"case_files": 1}, {"乙/二.txt"}, "E504"),
        ({"folder_depth": 1}, {"乙/二.txt"}, "E106"),
        ({"case_bytes": 2}, {"乙/二.txt"}, "E501"),
    ],
)
def test_limits_refuse_by_name(
    case: Path, tmp_path: Path, limits: dict[str, int], refused: set[str], code: str
) -> None:
    found = taken(case, tmp_path / "store", replace(DEFAULT_LIMITS, **limits))

    assert {name for name, one in found.items() if one.problems} == refused
    assert {c for one in found.values() for c in codes(one)} == {code}


def test_a_file_that_changes_while_it_is_read_is_named(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.read

    def grow(handle: int, count: int) -> bytes:
        data = real(handle, count)
        if data == b"one":
            with (case / "一.txt").open("ab") as more:
                more.write(b"!")
        return data

    monkeypatch.setattr(os, "read", grow)

    found = taken(case, tmp_path / "store")

    assert codes(found["一.txt"]) == ["E105"]
    assert codes(found["乙/二.txt"]) == []


def test_a_full_disk_is_no_fault_of_the_file(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "read", full)

    with pytest.raises(OutputUnusableError):
        taken(case, tmp_path / "store")


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", ".DS_Store", "~$明细.xlsx", "a/._b.pdf", "__MACOSX/a.pdf", "x.zip!/__MACOSX/a", "a/desktop.ini"],
)  # fmt: skip
def test_litter_of_systems_is_set_aside(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", ["发票.pdf", "a/b/.hidden.pdf", "MACOSX.pdf", "thumbs.db.pdf"])
def test_what_only_looks_like_litter_is_kept(name: str) -> None:
    assert not is_litter(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("发票.pdf", "发票.pdf"),
        ("a\u202efdp.exe", "a\\u202efdp.exe"),
        ("a\x1b[31m", "a\\u001b[31m"),
        ("a\nb", "a\\u000ab"),
        (os.fsdecode(b"\xb7\xa2"), "\\xb7\\xa2") if sys.platform != "win32" else ("a", "a"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_names_are_shown_without_what_misleads(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_member_is_moved_into_the_store(tmp_path: Path) -> None:
    store, member = tmp_path / "store", tmp_path / "1"
    store.mkdir()
    member.write_bytes(b"one")

    found = adopt(member, "x.zip!/一.txt", store)

    assert found.content == store / hashlib.sha256(b"one").hexdigest()
    assert not member.exists()

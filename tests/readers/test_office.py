"""Old office formats: printed by LibreOffice where it is, refused by name where it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.readers import FileFormat, office, open_pages, survey, unpack
from audit.settings import DEFAULT_LIMITS

RTF = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Acceptance report 12345678 passed\par}"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter"
    path.write_bytes(RTF)
    return path


def test_without_a_converter_the_file_is_refused_and_told_what_to_become(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "converter", lambda: "")

    found = survey(letter, "letter.rtf", DEFAULT_LIMITS)

    (told,) = found.problems
    assert told.code == "E202"
    assert dict(told.params) == {"type": "RTF", "target": "DOCX / PDF"}
    assert unpack(letter, tmp_path, DEFAULT_LIMITS) == ((), ())


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.skipif(not office.converter(), reason="LibreOffice is not installed")
def test_the_print_is_read_and_is_the_same_each_time(letter: Path, tmp_path: Path) -> None:
    assert survey(letter, "letter.doc", DEFAULT_LIMITS).format is FileFormat.ARCHIVE
    prints = []
    for number in range(2):
        target = tmp_path / str(number)
        target.mkdir()
        (member,), problems = unpack(letter, target, DEFAULT_LIMITS)
        assert problems == ()
        assert [p.name for p in target.iterdir()] == [member.path.name]
        prints.append(member.path.read_bytes())

    assert prints[0] == prints[1]
    found = survey(member.path, member.name, DEFAULT_LIMITS)
    (page,) = open_pages(member.path, found, [0], DEFAULT_LIMITS)
    assert "12345678" in "".join(line.text for line in page.content.lines)


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="POSIX shell")
def test_a_converter_that_hangs_is_stopped(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 60\n", "utf-8")
    slow.chmod(0o700)
    monkeypatch.setattr(office, "converter", lambda: str(slow))
    target = tmp_path / "out"
    target.mkdir()

    members, problems = unpack(letter, target, replace(DEFAULT_LIMITS, page_seconds=1))

    assert members == ()
    assert [p.code for p in problems] == ["E509"]
    assert list(target.iterdir()) == []


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="POSIX shell")
def test_a_converter_that_gives_nothing_is_named(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "converter", lambda: "/bin/true")
    target = tmp_path / "out"
    target.mkdir()

    assert [p.code for p in unpack(letter, target, DEFAULT_LIMITS)[1]] == ["E204"]


def test_the_moment_of_making_is_blanked_in_place() -> None:
    pdf = b"<</CreationDate(D:20260101120000Z)>>/ID [ <AB12> <CD34> ] /DocChecksum /0F1E text 2026"

    blanked = office.without_moments(pdf)

    assert len(blanked) == len(pdf)
    assert b"2026010112" not in blanked
    assert b"AB12" not in blanked
    assert b"0F1E" not in blanked
    assert blanked.endswith(b"text 2026")

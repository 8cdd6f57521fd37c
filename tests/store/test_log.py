"""The audit log: append-only, chained, mirrored; crashes are mended and said, tampering is not."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from audit.errors import IntegrityError
from audit.store.log import GENESIS, MIRROR, chain_troubles, file_digest, verify_log
from audit.store.workspace import Workspace


def _filled(folder: Path, count: int = 3) -> None:
    with Workspace(folder) as space:
        for number in range(count):
            space.log.append("张审核", "decision", {"target": f"k{number}", "value": "采信"})


def _lines(folder: Path) -> list[str]:
    return (folder / MIRROR).read_text("utf-8").splitlines()


def _events(folder: Path) -> list[str]:
    with Workspace(folder) as space:
        return [e.event for e in space.log.entries()]


def test_entries_form_a_chain_that_the_mirror_repeats(tmp_path: Path) -> None:
    _filled(tmp_path)
    entries, troubles = verify_log(tmp_path)
    assert not troubles
    assert [e.seq for e in entries] == [1, 2, 3]
    assert entries[0].prev == GENESIS
    assert entries[2].prev == entries[1].hash
    assert [json.loads(line)["hash"] for line in _lines(tmp_path)] == [e.hash for e in entries]


def test_head_is_the_last_hash(tmp_path: Path) -> None:
    with Workspace(tmp_path) as space:
        assert space.log.head == GENESIS
        entry = space.log.append("a", "note", {})
        assert space.log.head == entry.hash


@pytest.mark.parametrize("statement", ["UPDATE log SET actor = 'x'", "DELETE FROM log"])
def test_database_refuses_to_change_an_entry(tmp_path: Path, statement: str) -> None:
    _filled(tmp_path)
    db = sqlite3.connect(tmp_path / "case.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    db.close()


def test_changed_entry_breaks_the_chain(tmp_path: Path) -> None:
    _filled(tmp_path)
    db = sqlite3.connect(tmp_path / "case.db")
    db.execute("DROP TRIGGER log_no_update")
    with db:
        db.execute("""UPDATE log SET data = '{"target":"other"}' WHERE seq = 2""")
    db.close()
    _, troubles = verify_log(tmp_path)
    assert ("database", 2, "hash") in [(t.where, t.seq, t.why) for t in troubles]
    with Workspace(tmp_path) as space, pytest.raises(IntegrityError):
        space.log  # noqa: B018 - opening it is what is tested


def test_entry_taken_out_breaks_the_chain(tmp_path: Path) -> None:
    _filled(tmp_path)
    entries, _ = verify_log(tmp_path)
    assert {t.why for t in chain_troubles([entries[0], entries[2]])} == {"seq", "prev"}


def test_edited_mirror_is_named_and_stops_the_next_writer(tmp_path: Path) -> None:
    _filled(tmp_path)
    path = tmp_path / MIRROR
    path.write_text(path.read_text("utf-8").replace("k1", "k9"), "utf-8")
    _, troubles = verify_log(tmp_path)
    assert [(t.where, t.seq) for t in troubles] == [("mirror", 2)]
    with Workspace(tmp_path) as space, pytest.raises(IntegrityError):
        space.log  # noqa: B018


def test_torn_last_line_is_kept_aside_and_said(tmp_path: Path) -> None:
    _filled(tmp_path)
    path = tmp_path / MIRROR
    whole = path.read_bytes()
    path.write_bytes(whole[:-25])
    assert [t.why for t in verify_log(tmp_path)[1]] == ["torn"]
    assert _events(tmp_path) == ["decision"] * 3 + ["recovered"]
    assert not verify_log(tmp_path)[1]
    assert path.read_bytes().startswith(whole)
    assert (tmp_path / "decisions.torn.1").read_bytes() == whole.splitlines(keepends=True)[2][:-25]


def test_mirror_that_lacks_the_end_is_completed(tmp_path: Path) -> None:
    _filled(tmp_path)
    (tmp_path / MIRROR).write_text(_lines(tmp_path)[0] + "\n", "utf-8")
    assert _events(tmp_path)[-1] == "recovered"
    assert not verify_log(tmp_path)[1]


def test_log_survives_a_removed_database(tmp_path: Path) -> None:
    _filled(tmp_path)
    for name in ("case.db", "case.db-wal", "case.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    assert _events(tmp_path) == ["decision"] * 3 + ["recovered"]
    assert not verify_log(tmp_path)[1]


def test_recorded_file_that_changed_is_named(tmp_path: Path) -> None:
    report = tmp_path / "case.json"
    report.write_text("{}", "utf-8")
    with Workspace(tmp_path) as space:
        space.log.append("a", "report", {"files": {"case.json": file_digest(report)}})
    assert not verify_log(tmp_path)[1]
    report.write_text("{ }", "utf-8")
    assert [(t.where, t.why) for t in verify_log(tmp_path)[1]] == [("case.json", "changed")]
    report.unlink()
    assert [t.why for t in verify_log(tmp_path)[1]] == ["absent"]


def test_whole_case_values_are_kept(tmp_path: Path) -> None:
    with Workspace(tmp_path) as space:
        assert space.kept("facts") is None
        space.keep("facts", b"one")
        space.keep("facts", b"two" * 1000)
        assert space.kept("facts") == b"two" * 1000

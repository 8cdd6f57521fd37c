"""Killed at any moment and run again: the same result, nothing left, no worker outlives its run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from audit.pipeline.executor import SerialExecutor
from tests.hostile.kills import folder_state, read, summary, trial, write_case


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_where_it_stood(tmp_path: Path) -> None:
    case = tmp_path / "case"
    write_case(case)
    before = folder_state(case)
    expected = summary(read(case, tmp_path / "first", SerialExecutor()))
    chance = random.Random(4)

    for number in range(3):
        assert trial(case, tmp_path / f"out{number}", expected, chance, 6.0) == []
    assert folder_state(case) == before


def test_leftovers_of_a_killed_run_are_not_taken_for_results(tmp_path: Path) -> None:
    case, out = tmp_path / "case", tmp_path / "out"
    write_case(case)
    expected = summary(read(case, tmp_path / "first", SerialExecutor()))
    (out / "pages").mkdir(parents=True)
    halves = [out / ".tmp-report", out / "pages" / ".tmp-page"]
    for half in halves:
        half.write_bytes(b"half")
    for number in range(1, 30):
        stale = out / ".work" / "spool" / str(number)
        stale.mkdir(parents=True)
        (stale / "0.json").write_text('{"stale": true}', "utf-8")

    assert summary(read(case, out, SerialExecutor())) == expected
    assert not any(half.exists() for half in halves)

"""Seeded mutations of good files never meet a bug of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.fuzz import FORBIDDEN, mutations, run

STOPPED = frozenset({"E509", "E510", "E511"})


def test_the_same_seed_gives_the_same_files() -> None:
    assert [f.data for f in mutations(40, 5)] == [f.data for f in mutations(40, 5)]


@pytest.mark.filterwarnings("ignore")
def test_some_mutations_end_as_they_may(tmp_path: Path) -> None:
    wrong = [(f.name, t.codes) for f, t in run(45, 3, tmp_path) if t.codes & FORBIDDEN]

    assert wrong == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_500_mutations_end_as_they_may(tmp_path: Path) -> None:
    wrong = [
        (f.name, t.codes) for f, t in run(500, 11, tmp_path) if t.codes & (FORBIDDEN | STOPPED)
    ]

    assert wrong == []

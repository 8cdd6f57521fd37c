"""The committed cases are what the generator makes: same texts, same files, same expectations."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

from cases.casegen import build, demo
from cases.casegen.model import Case

CASES = Path(__file__).parents[2] / "cases"
TEXTLIKE = {"xml", "xlsx", "docx", "ofd"}


@cache
def _case(name: str) -> Case:
    return demo.clean_case() if name == "clean" else demo.demo_case()[0]


@pytest.mark.parametrize("name", ["clean", "demo"])
def test_folder_holds_exactly_the_papers(name: str) -> None:
    there = {str(p.relative_to(CASES / name)) for p in (CASES / name).rglob("*") if p.is_file()}
    assert there == {p.path for p in _case(name).papers}


@pytest.mark.parametrize("name", ["clean", "demo"])
def test_files_of_data_are_made_anew_byte_by_byte(name: str, tmp_path: Path) -> None:
    case = _case(name)
    checked = 0
    for seed, paper in enumerate(case.papers):
        if paper.medium in TEXTLIKE:
            build.write_paper(case, paper, tmp_path, seed)
            assert _digest(tmp_path / paper.path) == _digest(CASES / name / paper.path), paper.path
            checked += 1
    assert checked >= 3


def test_expectations_are_in_step() -> None:
    wanted = json.loads((CASES / "demo-expected.json").read_text("utf-8"))
    assert wanted == demo.demo_case()[1]
    assert json.loads((CASES / "clean-expected.json").read_text("utf-8")) == []
    assert len({w["fault"] for w in wanted}) >= 10


def test_expected_files_exist() -> None:
    for wanted in json.loads((CASES / "demo-expected.json").read_text("utf-8")):
        assert all((CASES / "demo" / f).is_file() for f in wanted["files"])
        assert wanted["rows"] or wanted["files"]


def test_truth_counts_every_page_once() -> None:
    for name in ("clean", "demo"):
        truth = json.loads((CASES / f"{name}-truth.json").read_text("utf-8"))
        places = [(p["file"], p["page"]) for p in truth["pages"]]
        assert len(places) == len(set(places))
        assert {f for f, _ in places} == {p.path for p in _case(name).papers}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

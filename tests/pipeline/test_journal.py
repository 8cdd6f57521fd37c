"""The technical log: what a run tells of itself, and that nothing of the papers is in it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import log
from audit.errors import InputUnusableError, OutputUnusableError
from audit.log import NAME, TechnicalLog
from audit.pipeline.decisions import open_session
from audit.pipeline.executor import Done, Job, PoolExecutor, SerialExecutor
from audit.pipeline.rounds import finalize, recheck
from audit.pipeline.run import RunOptions, check_case
from audit.pipeline.tasks import PageTask
from audit.store.workspace import Workspace
from tests.pipeline.folder import Bill, write_case

DEMO = Path(__file__).parents[2] / "cases" / "demo"
#: What of the demo is read without its pictures.
QUICK = (".xlsx", ".ofd", ".docx")
BILLS = (
    Bill("24502000000012345678", "3000000.00", "390000.00", claimed="3400000.00"),
    Bill("24502000000012345679", "2500000.00", "325000.00", "*机床*数控加工中心"),
)


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""


def check(case: Path, out: Path) -> str:
    """Check a case; returns its technical log."""
    check_case(case, out, RunOptions(), SerialExecutor(), quiet)
    return (out / NAME).read_text("utf-8")


def texts(value: object) -> Iterator[str]:
    """Yield every string below a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def told_of_papers(out: Path, case: Path) -> set[str]:
    """Return what the papers say: names of files and folders, values and sentences of the case."""
    data = json.loads((out / "case.json").read_text("utf-8"))
    parts = ("case", "documents", "ledger", "links", "seals", "findings", "groups", "waterfall")
    said = {text for part in parts for text in texts(data[part])}
    names = {part for p in case.rglob("*") for part in p.relative_to(case).parts} | {case.name}
    names |= {Path(n).stem for n in names}
    # Figures as they may stand on paper; short codes and keys are no words of the case.
    own = {d["key"] for d in data["documents"]} | {f["key"] for f in data["findings"]}
    codes = {f["rule"] for f in data["findings"]} | {"software", "official", "pending"}
    return {t for t in said | names if len(t) >= 5 or not t.isascii()} - own - codes


def leaks(lines: str, words: set[str]) -> list[str]:
    """Return the words that stand in a log: short plain ones as a value, others anywhere."""
    tokens = set(lines.replace("=", " ").replace(",", " ").split())
    return sorted(
        w for w in words if w in tokens or ((len(w) >= 8 or not w.isascii()) and w in lines)
    )


def test_a_run_tells_versions_stages_sizes_and_codes(tmp_path: Path) -> None:
    case = write_case(tmp_path / "川陌机械", BILLS)
    (case / "坏的发票.pdf").write_bytes(b"%PDF-1.4 broken")
    lines = check(case, tmp_path / "out")
    for word in ("run version=", "python=", "run.policy policy=cq-2024", "stage.pages seconds=",
                 "intake files=4", "survey file=", "format=pdf", "codes=E30", "result files=4",
                 "rules=", "published head="):  # fmt: skip
        assert word in lines
    assert "Traceback" not in lines


def test_a_second_run_appends(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", BILLS)
    once = check(case, tmp_path / "out")
    twice = check(case, tmp_path / "out")
    assert twice.startswith(once)
    assert twice.count("run version=") == 2
    assert twice.count(" pages file=") == once.count(" pages file=") > 0


def test_nothing_of_the_papers_is_in_the_log_of_any_command(tmp_path: Path) -> None:
    case = write_case(tmp_path / "川陌机械", BILLS)
    (case / "坏的发票.pdf").write_bytes(b"%PDF-1.4 broken")
    out, again = tmp_path / "out", tmp_path / "again"
    check(case, out)
    session = open_session(out)
    finding = next(f for f in session.report().findings if f.rule == "I13")
    session.decide("note", finding.key, reason="张三说另有说明", actor="李复核")
    finalize(out, "李复核")
    new = write_case(tmp_path / "补正材料", BILLS[:1], prefix="新-")
    recheck(out, new, again, RunOptions(), SerialExecutor(), quiet)
    words = told_of_papers(out, case) | told_of_papers(again, new) | {"李复核", "张三说另有说明"}
    assert len(words) > 100
    lines = (out / NAME).read_text("utf-8")
    assert "decision seq=" in lines
    assert "finalized version=1" in lines
    assert leaks(lines, words) == []
    lines = (again / NAME).read_text("utf-8")
    assert "rechecked round=2" in lines
    assert leaks(lines, words) == []


def test_nothing_of_the_demo_is_in_its_log(tmp_path: Path) -> None:
    case, out = tmp_path / "demo", tmp_path / "out"
    for path in DEMO.rglob("*"):
        if path.suffix in QUICK:
            (case / path.relative_to(DEMO)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, case / path.relative_to(DEMO))
    lines = check(case, out)
    words = told_of_papers(out, DEMO)
    assert "重庆川陌机械制造有限公司" in words
    assert leaks(lines, words - {"demo"}) == []


def test_workers_tell_through_the_parent(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", BILLS[:1])
    check_case(case, tmp_path / "out", RunOptions(), PoolExecutor(1), quiet)
    lines = (tmp_path / "out" / NAME).read_text("utf-8").splitlines()
    costs = [line for line in lines if " worker=" in line]
    assert {line.split("worker=")[1].split()[0] for line in costs}.isdisjoint({str(os.getpid())})
    assert all("memory=" in line for line in costs)
    assert any(" pages file=" in line for line in costs)


def test_a_lost_page_is_a_warning_with_its_code(tmp_path: Path) -> None:
    class Losing(SerialExecutor):
        def run(self, jobs, on_done) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
            def lost(done: Done) -> list[Job]:
                if isinstance(done.job.argument, PageTask):
                    shutil.rmtree(done.job.argument.spool)
                    done = Done(done.job, failure=None, hung=True)
                return list(on_done(done))

            super().run(jobs, lost)

    case = write_case(tmp_path / "案卷", BILLS[:1])
    check_case(case, tmp_path / "out", RunOptions(), Losing(), quiet)
    lines = (tmp_path / "out" / NAME).read_text("utf-8").splitlines()
    assert any("WARNING" in line and " unread=1 hung=True" in line for line in lines)


def test_an_error_is_told_by_type_and_place_only(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError), Workspace(tmp_path):
        raise InputUnusableError("重庆川陌机械制造有限公司的资料夹")
    line = (tmp_path / NAME).read_text("utf-8")
    assert "ERROR" in line
    assert "failed error=InputUnusableError@" in line
    assert "exit=4" in line
    assert "川陌" not in line


def test_only_codes_and_numbers_are_shown(tmp_path: Path) -> None:
    with TechnicalLog(tmp_path) as book:
        book.event("x", who="重庆川陌", two="a b", line="a\nb", code="E301", count=3, none=None)
    assert (tmp_path / NAME).read_text("utf-8").endswith("x who=? two=? line=? code=E301 count=3\n")


def test_the_command_stands_in_each_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log._Context, "command", "-")
    log.begin("onsite.merge")
    with TechnicalLog(tmp_path) as book:
        book.event("x")
    log.begin("坏 名")
    with TechnicalLog(tmp_path) as book:
        book.event("y")
    first, second = (tmp_path / NAME).read_text("utf-8").splitlines()
    assert " onsite.merge x" in first
    assert " - y" in second


def test_the_log_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LARGEST", 2000)
    with TechnicalLog(tmp_path) as book:
        for number in range(500):
            book.event("x", number=number)
    parts = sorted(tmp_path.iterdir())
    assert [p.name for p in parts] == [NAME, f"{NAME}.1", f"{NAME}.2", f"{NAME}.3"]
    assert all(p.stat().st_size <= 2000 for p in parts)
    assert "number=499" in (tmp_path / NAME).read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes and links")
def test_the_log_is_private_and_follows_no_link(tmp_path: Path) -> None:
    with TechnicalLog(tmp_path) as book:
        book.event("x")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    (tmp_path / NAME).unlink()
    (tmp_path / "elsewhere").write_text("")
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with TechnicalLog(tmp_path) as book:
        book.event("x")
    assert (tmp_path / "elsewhere").read_text() == ""


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAME).mkdir()
    case = write_case(tmp_path / "案卷", BILLS[:1])
    shutil.copytree(tmp_path / NAME, tmp_path / "out" / NAME)
    check_case(case, tmp_path / "out", RunOptions(), SerialExecutor(), quiet)
    with pytest.raises(OutputUnusableError), Workspace(tmp_path / "out"):
        raise OutputUnusableError("x")
    assert capsys.readouterr().err == ""

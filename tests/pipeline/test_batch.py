"""Several cases: each on its own, in order of name, meeting in the registry, one overview."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import psutil
import pytest

from audit.errors import InputUnusableError
from audit.model import Holder
from audit.pipeline.batch import CaseJob, CaseResult, find_cases, lines_of, meet, plan, run_batch
from audit.pipeline.run import RunOptions
from audit.report.overview import CaseLine, triage, write_overview
from tests.pipeline.folder import Bill, write_case

SHARED = Bill("24502000000012345678", "3000000.00", "390000.00")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("batch") / "cases"
    write_case(root / "乙", (SHARED, Bill("24502000000012345679", "2500000.00", "325000.00")))
    write_case(root / "甲", (SHARED,))
    (root / "空").mkdir()
    return root


@pytest.fixture(scope="module")
def results(cases: Path) -> list[CaseResult]:
    return run_batch(plan(cases, cases.parent / "out", RunOptions()), 2)


def test_results_follow_names_and_an_empty_case_stops_nobody(results: list[CaseResult]) -> None:
    assert [r.name for r in results] == ["乙", "甲", "空"]
    assert [bool(r.trouble) for r in results] == [False, False, True]
    assert results[2].code == 4


def test_cases_meet_in_the_registry_whatever_their_order(
    results: list[CaseResult], tmp_path: Path
) -> None:
    reports = meet(results, str(tmp_path / "registry.db"), Holder(""))
    assert set(reports) == {"乙", "甲"}
    for name, other in (("乙", "甲"), ("甲", "乙")):
        view = reports[name].facts.cross
        assert view is not None
        hits = [h for h in view.hits if h.kind == "invoice"]
        assert [(h.key, h.holder.case) for h in hits] == [("24502000000012345678", other)]


def test_the_overview_says_state_sums_and_hits(results: list[CaseResult], tmp_path: Path) -> None:
    reports = meet(results, str(tmp_path / "registry.db"), Holder(""))
    policy = "cq-2024-industrial-internet"
    lines = list(lines_of(results, reports, policy))
    write_overview(lines, tmp_path, "zh")
    page = (tmp_path / "overview.html").read_text("utf-8")
    assert "乙/report.html" in page
    assert "没有文件" in page
    # One row each for the filter, the state of every case on it, and a column per heading.
    assert page.count('data-state="failed"') == 1
    assert page.count('data-state="fail"') + page.count('data-state="open"') == 2
    heads, spans = page.count("<th scope"), [int(s) for s in re.findall(r'colspan="(\d+)"', page)]
    assert spans == [heads - 2]
    row = page.split('data-state="fail"', 1)[1].split("</tr>", 1)[0]
    assert row.count("<td") == heads
    data = json.loads((tmp_path / "batch.json").read_text("utf-8"))
    by_name = {c["name"]: c for c in data["cases"]}
    assert by_name["乙"]["declared"] == "6215000.00"
    assert by_name["甲"]["cross"] == 1
    assert by_name["空"]["state"] == "failed"
    sheet = openpyxl.load_workbook(tmp_path / "overview.xlsx").worksheets[0]
    assert sheet.max_row == 4


def test_triage_puts_trouble_first_then_what_can_flip() -> None:
    lines = [
        CaseLine("quiet"),
        CaseLine("flips", flips=1),
        CaseLine("broken", state="failed"),
        CaseLine("meets", cross=2),
    ]
    assert [x.name for x in triage(lines)] == ["broken", "flips", "meets", "quiet"]


def test_a_folder_without_cases_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError, match="案卷"):
        find_cases(tmp_path)
    with pytest.raises(InputUnusableError, match="找不到"):
        find_cases(tmp_path / "missing")


def test_output_inside_the_input_is_refused(cases: Path) -> None:
    with pytest.raises(InputUnusableError, match="之内"):
        plan(cases, cases / "out", RunOptions())


@pytest.mark.slow
def test_a_killed_batch_goes_on_where_it_was(cases: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "audit", "batch", str(cases), "-o", str(tmp_path / "out")]
    started = subprocess.Popen(command, start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (tmp_path / "out" / "乙" / "case.db").exists():
        time.sleep(0.05)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "2/3" in done.stdout
    assert (tmp_path / "out" / "overview.html").is_file()


@pytest.mark.cluster
def test_cases_run_on_a_cluster_though_a_worker_dies(cases: Path, tmp_path: Path) -> None:
    import dask
    from distributed import LocalCluster

    from audit.pipeline.cluster import run_on_cluster

    dask.config.set({"distributed.worker.daemon": False})
    todo = plan(cases, tmp_path / "out", RunOptions())
    extra = [
        CaseJob(f"{j.name}{i}", j.folder, f"{j.out}{i}", j.run) for i in range(3) for j in todo
    ]
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        killed: list[int] = []

        def finished(_: str) -> None:
            if not killed:
                victim = next(iter(cluster.workers.values())).pid
                psutil.Process(victim).kill()
                killed.append(victim)

        done = run_on_cluster([*todo, *extra], cluster.scheduler_address, finished)
    assert killed
    assert [r.name for r in done] == [j.name for j in (*todo, *extra)]
    good = [r for r in done if not r.name.startswith("空")]
    assert all(not r.trouble for r in good)
    assert all((Path(r.out) / "case.json").is_file() for r in good)

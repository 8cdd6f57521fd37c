"""From a folder to a report, in this process: the chain of evidence, resume, decisions, the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputUnusableError, IntegrityError
from audit.model import CaseReport, DocumentKind, Verdict
from audit.pipeline.decisions import open_session
from audit.pipeline.executor import Done, Job, SerialExecutor
from audit.pipeline.run import RunOptions, check_case
from audit.store.log import MIRROR, verify_log
from tests.factory import APPLICANT
from tests.pipeline.folder import Bill, write_case


def check(folder: Path, out: Path) -> CaseReport:
    return check_case(folder, out, RunOptions(), SerialExecutor(), lambda *_: None)


def _timeless(out: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((out / "case.json").read_text("utf-8"))
    values.pop("run")
    return values


def test_ledger_and_invoices_meet(tmp_path: Path) -> None:
    report = check(write_case(tmp_path / "案卷"), tmp_path / "out")
    assert report.facts.applicant.name == APPLICANT
    assert report.declared_total == Decimal("6215000.00")
    assert [len(link.invoices) for link in report.links] == [1, 1]
    assert len(report.facts.of_kind(DocumentKind.VAT_INVOICE)) == 2
    basis = report.waterfall.incl
    assert basis.declared == basis.supported + basis.pending + basis.deducted
    assert not any(f.rule in {"I03", "I04", "I05", "I13"} for f in report.findings)


def test_wrong_amount_and_buyer_are_found(tmp_path: Path) -> None:
    bills = (
        Bill("24502000000012345678", "3000000.00", "390000.00", claimed="3400000.00"),
        Bill("24502000000012345679", "2500000.00", "325000.00", buyer="重庆别家实业有限公司"),
        Bill("24502000000012345670", "100.00", "13.00"),
    )
    report = check(write_case(tmp_path / "案卷", bills), tmp_path / "out")
    failed = {f.rule for f in report.findings if f.verdict is Verdict.FAIL}
    assert {"I13", "I05"} <= failed


def test_second_run_reads_nothing_and_says_the_same(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    check(folder, out)
    before = _timeless(out)
    ran: list[Job] = []

    class Counting(SerialExecutor):
        def run(self, jobs: Iterable[Job], on_done: Callable[[Done], Iterable[Job]]) -> None:
            every = list(jobs)
            ran.extend(every)
            super().run(every, on_done)

    check_case(folder, out, RunOptions(), Counting(), lambda *_: None)
    assert ran == []
    assert _timeless(out) == before


def test_outputs_are_written_anew_only_when_something_changed(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    first = check(folder, out)
    written = (out / "case.json").read_bytes()
    assert check(folder, out).run == first.run
    assert (out / "case.json").read_bytes() == written
    (out / "report.html").write_text("altered", "utf-8")
    assert verify_log(out)[1]
    check(folder, out)
    assert not verify_log(out)[1]
    assert (out / "report.html").read_text("utf-8") != "altered"


def test_renamed_files_give_the_same_judgement(tmp_path: Path) -> None:
    one = check(write_case(tmp_path / "甲"), tmp_path / "out1")
    other = check(write_case(tmp_path / "乙", prefix="新-"), tmp_path / "out2")
    assert one.waterfall == other.waterfall
    assert {f.key for f in one.findings} == {f.key for f in other.findings}


def test_decisions_survive_a_rerun(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    report = check(folder, out)
    row = report.facts.rows[0]
    open_session(out).decide("correct", row.key, "amount_with_tax", "1000.00", "原件如此", "张审核")
    again = check(folder, out)
    assert again.facts.rows[0].get("amount_with_tax").value == Decimal("1000.00")
    assert [d.actor for d in again.decisions] == ["张审核"]
    assert again.run.log_head
    assert not verify_log(out)[1]


def test_decision_on_a_paper_that_is_gone_is_said(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    report = check(folder, out)
    paper = next(d for d in report.facts.documents if d.kind is DocumentKind.VAT_INVOICE)
    open_session(out).decide("correct", paper.key, "seller_name", "某公司", "原件", "张审核")
    (folder / paper.file).unlink()
    assert "decide.vanished" in [n.key for n in check(folder, out).facts.notes]


def test_export_follows_the_decisions(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    report = check(folder, out)
    before = (out / "case.json").read_bytes()
    session = open_session(out)
    session.decide(
        "correct", report.facts.rows[0].key, "amount_with_tax", "1000.00", "原件", "张审核"
    )
    assert (out / "case.json").read_bytes() == before
    session.export()
    assert (out / "case.json").read_bytes() != before
    assert not verify_log(out)[1]


def test_broken_log_stops_the_run(tmp_path: Path) -> None:
    folder, out = write_case(tmp_path / "案卷"), tmp_path / "out"
    check(folder, out)
    mirror = out / MIRROR
    mirror.write_text(mirror.read_text("utf-8").replace("hezheng", "somebody"), "utf-8")
    with pytest.raises(IntegrityError):
        check(folder, out)


@pytest.mark.parametrize("place", ["missing", "inside", "empty"])
def test_unusable_places_are_refused(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "案卷"
    if place == "missing":
        out = tmp_path / "out"
    elif place == "inside":
        write_case(folder)
        out = folder / "out"
    else:
        folder.mkdir()
        out = tmp_path / "out"
    with pytest.raises(InputUnusableError):
        check(folder, out)

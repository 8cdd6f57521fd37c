"""Rounds on disk: freezing a version, and checking what came back after 补正."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audit.errors import InputUnusableError, IntegrityError
from audit.model import CaseReport, DocumentKind, Verdict
from audit.model.cross import Verification
from audit.pipeline.decisions import open_session
from audit.pipeline.executor import SerialExecutor
from audit.pipeline.rejudge import facts_of, rejudge
from audit.pipeline.rounds import Recheck, finalize, recheck
from audit.pipeline.run import RunOptions, check_case
from audit.store.log import MIRROR, file_digest, verify_log
from tests.pipeline.folder import Bill, write_case

GOOD = Bill("24502000000012345678", "3000000.00", "390000.00")
HARDWARE = Bill("24502000000012345679", "2500000.00", "325000.00", "*机床*数控加工中心")
TOO_MUCH = Bill("24502000000012345678", "3000000.00", "390000.00", claimed="3400000.00")


def _check(folder: Path, out: Path) -> CaseReport:
    return check_case(folder, out, RunOptions(), SerialExecutor(), lambda *_: None)


def _recheck(old: Path, new: Path, out: Path) -> Recheck:
    return recheck(old, new, out, RunOptions(), SerialExecutor(), lambda *_: None)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Return the output of a first round: one row claims more than its invoice."""
    out = tmp_path / "out1"
    _check(write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE)), out)
    return out


def _excess(out: Path) -> str:
    found = open_session(out).report().findings
    return next(f.key for f in found if f.rule == "I13" and f.severity.value == "B")


# --- finalize ------------------------------------------------------------------------------------


def test_version_is_frozen_with_its_hashes(first: Path) -> None:
    version = finalize(first, "李复核")
    assert (version.number, version.new) == (1, True)
    manifest = json.loads((version.folder / "manifest.json").read_text("utf-8"))
    assert {"case.json", "report.html", MIRROR} <= manifest["files"].keys()
    for name, digest in manifest["files"].items():
        assert file_digest(version.folder / name) == digest
    assert version.sha256 == file_digest(version.folder / "manifest.json")
    entries, troubles = verify_log(first)
    assert not troubles
    assert (entries[-1].event, entries[-1].actor) == ("finalize", "李复核")
    assert entries[-1].data["manifest"] == version.sha256


def test_unchanged_case_keeps_its_version(first: Path) -> None:
    version = finalize(first, "李复核")
    again = finalize(first, "李复核")
    assert (again.number, again.new, again.sha256) == (1, False, version.sha256)


def test_later_decision_makes_the_next_version_and_leaves_the_first(first: Path) -> None:
    version = finalize(first, "李复核")
    before = (version.folder / "case.json").read_bytes()
    open_session(first).decide("note", _excess(first), reason="问过企业", actor="张审核")
    assert finalize(first, "李复核").number == 2
    assert (version.folder / "case.json").read_bytes() == before


def test_frozen_file_that_was_changed_is_named(first: Path) -> None:
    version = finalize(first, "李复核")
    with (version.folder / "case.json").open("ab") as file:
        file.write(b" ")
    assert [t.where for t in verify_log(first)[1]] == ["versions/v1/case.json"]


def test_broken_chain_cannot_be_frozen(first: Path) -> None:
    path = first / MIRROR
    path.write_text(path.read_text("utf-8").replace("report", "reports", 1), "utf-8")
    with pytest.raises(IntegrityError):
        finalize(first, "李复核")


# --- recheck -------------------------------------------------------------------------------------


def test_what_the_platform_said_is_not_forgotten(first: Path, tmp_path: Path) -> None:
    facts = facts_of(first)
    bills = {d.get("invoice_number").text: d for d in facts.of_kind(DocumentKind.VAT_INVOICE)}
    answers = tuple(
        Verification(bills[b.number].key, "void", "王", "2024-06-01") for b in (GOOD, HARDWARE)
    )
    rejudge(first, lambda f: replace(f, verifications=answers), "tax-platform", "王")
    altered = replace(HARDWARE, net="2600000.00", tax="338000.00")
    new = write_case(tmp_path / "补正", (GOOD, altered), prefix="新-")
    found = _recheck(first, new, tmp_path / "out2")
    # The altered invoice must be asked again; the other is as void as before.
    kept = {d.key: d for d in found.report.facts.documents}
    assert [kept[v.document_key].get("invoice_number").text
            for v in found.report.facts.verifications] == [GOOD.number]  # fmt: skip
    _recheck(first, new, tmp_path / "out2")
    assert len(facts_of(tmp_path / "out2").verifications) == 1


def test_everything_renamed_and_one_row_mended(first: Path, tmp_path: Path) -> None:
    new = write_case(tmp_path / "补正", (GOOD, HARDWARE), prefix="新-")
    found = _recheck(first, new, tmp_path / "out2")
    assert [c.message.key for c in found.comparison.of("mended")]
    assert found.comparison.of("silent") == ()
    cells = [dict(c.message.params) for c in found.comparison.of("asked")]
    assert {(c["field"], c["row"]) for c in cells} == {
        ("amount_with_tax", "1"),
        ("amount_with_tax", "3"),
    }
    assert found.report.changes == found.comparison.changes
    assert json.loads((tmp_path / "out2" / "recheck.json").read_text("utf-8"))["changes"]


def test_silent_swap_of_an_invoice_is_shown(first: Path, tmp_path: Path) -> None:
    swapped = Bill("24502000000012345679", "2600000.00", "338000.00", "*机床*数控加工中心")
    new = write_case(tmp_path / "补正", (TOO_MUCH, swapped), prefix="新-")
    silent = _recheck(first, new, tmp_path / "out2").comparison.of("silent")
    fields = {dict(c.message.params)["field"] for c in silent}
    assert {"total_with_tax", "amount_without_tax"} <= fields


def test_rulings_are_carried_over_once_with_their_author(first: Path, tmp_path: Path) -> None:
    session = open_session(first)
    session.decide("rule", _excess(first), value="采信", reason="另有票据", actor="张审核")
    new = write_case(tmp_path / "补正", (TOO_MUCH, HARDWARE), prefix="新-")
    out = tmp_path / "out2"
    for _ in range(2):
        report = _recheck(first, new, out).report
        assert [(d.actor, d.action, d.value) for d in report.decisions] == [
            ("张审核", "rule", "采信")
        ]
    ruled = [f for f in report.findings if f.rule == "I13" and f.decision is not None]
    assert [f.verdict for f in ruled] == [Verdict.PASS]
    assert not verify_log(out)[1]


def test_ruling_on_what_changed_is_not_carried_and_said(first: Path, tmp_path: Path) -> None:
    session = open_session(first)
    session.decide("dismiss_finding", _excess(first), reason="误报", actor="张审核")
    more = Bill("24502000000012345678", "3000000.00", "390000.00", claimed="3500000.00")
    new = write_case(tmp_path / "补正", (more, HARDWARE))
    found = _recheck(first, new, tmp_path / "out2")
    assert found.comparison.carried == ()
    assert [d.action for d, _ in found.comparison.dropped] == ["dismiss_finding"]
    assert any(f.rule == "I13" and f.verdict is Verdict.FAIL for f in found.report.findings)


def test_earlier_round_may_be_a_case_folder(tmp_path: Path) -> None:
    old = write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE))
    new = write_case(tmp_path / "补正", (GOOD, HARDWARE))
    found = _recheck(old, new, tmp_path / "out")
    assert found.comparison.of("mended")
    assert (tmp_path / "out" / "earlier" / "case.json").is_file()


def test_output_of_the_earlier_round_is_not_overwritten(first: Path, tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError):
        _recheck(first, tmp_path / "案卷", first)
    with pytest.raises(InputUnusableError):
        _recheck(tmp_path / "nowhere", tmp_path / "案卷", tmp_path / "out2")

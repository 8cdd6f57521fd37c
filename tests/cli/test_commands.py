"""What the commands print and return, on a tiny case, in this process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit.cli.check import run_checks
from audit.cli.rounds import run_finalize, run_recheck, run_verify
from audit.errors import InputUnusableError
from audit.pipeline.decisions import open_session
from tests.pipeline.folder import Bill, write_case

POLICY = "cq-2024-industrial-internet"
GOOD = Bill("24502000000012345678", "3000000.00", "390000.00")
HARDWARE = Bill("24502000000012345679", "2500000.00", "325000.00", "*机床*数控加工中心")
TOO_MUCH = Bill("24502000000012345678", "3000000.00", "390000.00", claimed="3400000.00")


def _check(out: Path, *cases: Path, fail_on: str = "") -> tuple[int, bool]:
    return run_checks(cases, out, POLICY, "zh", 0, fail_on)


def test_check_says_what_the_money_comes_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = _check(tmp_path / "out", write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE)))
    printed = capsys.readouterr().out
    assert code == 0
    assert "申报 6,225,000.00 元" in printed
    assert "report.html" in printed


def test_check_without_a_ledger_says_so_and_counts_what_the_report_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "案卷"
    case.mkdir()
    (case / "说明.csv").write_text("各位老师,材料如下\n", "utf-8")
    (case / "~$明细.xlsx").write_bytes(b"\x05user")
    _check(tmp_path / "out", case)
    printed = capsys.readouterr().out
    assert "未读到投资明细表，金额无法计算" in printed
    assert "0.00 元" not in printed
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    for part in re.findall(r"\d+ 个文件|\d+ 组", printed):
        assert part in page


def test_findings_set_the_exit_code_only_when_asked(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE))
    assert _check(tmp_path / "out", case, fail_on="B") == (0, True)
    assert _check(tmp_path / "out", case) == (0, False)


def test_one_unusable_case_of_several_does_not_stop_the_others(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", (GOOD,))
    code, _ = _check(tmp_path / "out", tmp_path / "nowhere", case)
    assert code == 4
    assert (tmp_path / "out" / "案卷" / "case.json").is_file()


def test_unreadable_file_is_named_and_gives_3(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", (GOOD,))
    (case / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    assert _check(tmp_path / "out", case)[0] == 3


def test_recheck_prints_what_was_mended_and_what_changed_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _check(tmp_path / "out1", write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE)))
    swapped = Bill("24502000000012345679", "2600000.00", "338000.00", "*机床*数控加工中心")
    new = write_case(tmp_path / "补正", (GOOD, swapped), prefix="新-")
    capsys.readouterr()
    assert run_recheck(tmp_path / "out1", new, tmp_path / "out2", POLICY, "zh", 0) == 0
    printed = capsys.readouterr().out
    assert "第 2 轮复核" in printed
    assert "未经要求的变动" in printed
    assert "已改正" in printed


def test_finalize_and_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    _check(out, write_case(tmp_path / "案卷", (TOO_MUCH, HARDWARE)))
    assert run_finalize(out, "李复核") == 0
    assert "第 1 版" in capsys.readouterr().out
    assert run_finalize(out, "李复核") == 0
    assert "继续有效" in capsys.readouterr().out
    session = open_session(out)
    finding = next(f for f in session.report().findings if f.rule == "I13")
    session.decide("note", finding.key, reason="问过企业", actor="张审核")
    assert run_finalize(out, "李复核") == 0
    assert "第 2 版" in capsys.readouterr().out
    assert run_verify(out) == 0
    with (out / "versions" / "v1" / "report.html").open("a") as file:
        file.write(" ")
    assert run_verify(out) == 8
    assert "versions/v1/report.html" in capsys.readouterr().out


def test_version_sealed_with_a_key(tmp_path: Path) -> None:
    out, key, other = tmp_path / "out", tmp_path / "key", tmp_path / "other"
    key.write_text("0123456789abcdef-office", "utf-8")
    other.write_text("another-office-0123456789", "utf-8")
    _check(out, write_case(tmp_path / "案卷", (GOOD,)))
    run_finalize(out, "李复核", key)
    assert [run_verify(out, k) for k in (key, None, other)] == [0, 0, 8]
    key.write_text("short", "utf-8")
    with pytest.raises(InputUnusableError):
        run_verify(out, key)


def test_case_folder_inside_its_output_is_refused(tmp_path: Path) -> None:
    case = write_case(tmp_path / "案卷", (GOOD,))
    with pytest.raises(InputUnusableError):
        _check(case / "out", case)

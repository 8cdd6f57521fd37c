"""batch, registry, verify and sample from the command line, on two tiny cases."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from audit.errors import InputUnusableError
from tests.cli.test_call import call
from tests.pipeline.folder import BILLS, Bill, write_case

OTHER = Bill("24502000000012349999", "1000000.00", "130000.00")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases that share an invoice, and an empty folder, checked with ``audit batch``."""
    from audit.cli.commands import app

    root = tmp_path_factory.mktemp("batch")
    write_case(root / "in" / "甲厂", BILLS)
    write_case(root / "in" / "乙厂", (BILLS[0], OTHER))
    (root / "in" / "空").mkdir()
    with pytest.raises(SystemExit) as stopped:
        app(["batch", str(root / "in"), "-o", str(root / "out"), "--jobs", "1"])
    assert stopped.value.code == 3
    return root / "out"


def test_batch_leaves_an_overview_and_a_registry(done: Path) -> None:
    page = (done / "overview.html").read_text("utf-8")
    assert "甲厂" in page
    assert "没有文件" in page
    assert {p.name for p in done.iterdir()} >= {"overview.xlsx", "batch.json", "registry.db"}


def test_the_technical_log_of_a_batch_calls_cases_by_number(done: Path) -> None:
    lines = (done / "technical.log").read_text("utf-8")
    assert "batch.case case=3 exit=" in lines
    for name in ("甲厂", "乙厂", "空"):
        assert name not in lines
    own = (done / "甲厂" / "technical.log").read_text("utf-8")
    assert " batch run version=" in own
    assert BILLS[0].number not in own


def test_batch_without_cases_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(InputUnusableError, match="audit check"):
        call(capsys, "batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"))


def test_registry_shows_finds_exports_and_purges(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(tmp_path / "r.db")
    for name in ("甲厂", "乙厂"):
        assert "登记" in call(capsys, "registry", "add", str(done / name), "--registry", book)[1]
    told = call(capsys, "registry", "show", "--registry", book)[1]
    assert "案卷 2 个" in told
    assert "发票 4" in told
    assert "record" not in told
    told = call(capsys, "registry", "check", str(done / "甲厂"), "--registry", book)[1]
    assert "涉及 乙厂" in told
    target = tmp_path / "清单.csv"
    assert "导出 4 张发票" in call(capsys, "registry", "export", str(target), "--registry", book)[1]
    call(capsys, "registry", "purge", "乙厂", "--registry", book)
    assert "案卷 1 个" in call(capsys, "registry", "show", "--registry", book)[1]
    assert (
        "导入"
        in call(capsys, "registry", "import", str(target), "--registry", str(tmp_path / "n.db"))[1]
    )


@pytest.mark.parametrize("command", ["show", "check", "export", "purge"])
def test_a_registry_that_is_not_there_is_not_made_up(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    what = {"show": [], "check": [str(done / "甲厂")], "export": [str(tmp_path / "x.csv")]}
    missing = tmp_path / "nowhere.db"
    with pytest.raises(InputUnusableError, match="找不到登记库"):
        call(capsys, "registry", command, *what.get(command, ["甲厂"]), "--registry", str(missing))
    assert not missing.exists()


def test_purging_an_unknown_case_is_no_success(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(tmp_path / "r.db")
    call(capsys, "registry", "add", str(done / "甲厂"), "--registry", book)
    with pytest.raises(InputUnusableError, match="没有案卷“丙厂”"):
        call(capsys, "registry", "purge", "丙厂", "--registry", book)


def _fill(path: Path, heading: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    row, column = next(
        (c.row, c.column) for r in sheet.iter_rows() for c in r if c.value == heading
    )
    sheet.cell(row + 1, column).value = value  # type: ignore[assignment]
    book.save(path)


def test_verify_list_goes_out_empty_and_comes_back_filled(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, sheet = done / "甲厂", tmp_path / "查验清单.xlsx"
    assert "2 张发票" in call(capsys, "verify", "export", str(out), "-o", str(sheet))[1]
    code, told, warned = call(capsys, "verify", "import", str(out), str(sheet))
    assert (code, "导入 0 条" in told, "尚未填写" in warned) == (0, True, True)
    _fill(sheet, "查验结果", "作废")
    code, told, warned = call(capsys, "verify", "import", str(out), str(sheet), "--actor", "王")
    assert (code, "导入 1 条" in told, warned) == (0, True, "")
    assert "报告已更新" in told
    _fill(sheet, "查验结果", "大概没问题")
    warned = call(capsys, "verify", "import", str(out), str(sheet))[2]
    assert "未导入：查验结果“大概没问题”" in warned
    assert "改正" in warned


@pytest.mark.parametrize(
    ("method", "verdict"),
    [
        ("mus", "结论：错报上限超过"),
        ("attribute", "结论：差错率上限超过"),
        ("stratified", "不推断总体差错率"),
    ],
)
def test_a_sample_is_drawn_filled_and_evaluated(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str, verdict: str
) -> None:
    sheet = tmp_path / "抽样.xlsx"
    drawn = ("sample", "draw", str(done), "--method", method, "--seed", "s", "-o", str(sheet))
    code, told, _ = call(capsys, *drawn)
    assert (code, "总体 4 项" in told, "种子 s" in told) == (0, True, True)
    with pytest.raises(InputUnusableError, match="尚未填写"):
        call(capsys, "sample", "evaluate", str(sheet))
    _fill(sheet, "核定金额（元）", 1)
    with pytest.raises(InputUnusableError, match=r"尚有 3 项未填核定金额（第 3、4、5 行）"):
        call(capsys, "sample", "evaluate", str(sheet))
    code, told, _ = call(capsys, "sample", "evaluate", str(sheet), "--partial")
    assert code == 0
    assert "有 3 项未填核定金额，以下按全额差错计入" in told
    assert verdict in told
    _fill(sheet, "核定金额（元）", "无误")
    with pytest.raises(InputUnusableError, match="第 2 行的“无误”"):
        call(capsys, "sample", "evaluate", str(sheet), "--partial")


@pytest.mark.parametrize("method", ["mus", "attribute", "stratified"])
def test_a_sample_without_error_is_accepted(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    sheet = tmp_path / "抽样.xlsx"
    call(capsys, "sample", "draw", str(done), "--method", method, "--seed", "s", "-o", str(sheet))
    book = openpyxl.load_workbook(sheet)
    for line in range(2, book.worksheets[0].max_row + 1):
        book.worksheets[0].cell(line, 9).value = book.worksheets[0].cell(line, 7).value
    book.save(sheet)
    told = call(capsys, "sample", "evaluate", str(sheet))[1]
    assert "须扩大检查" not in told
    assert ("差错 0 项" in told) or ("必选项错报 0.00 元" in told)

"""The list for the tax platform goes out, is filled in, and comes back into the case."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from audit.errors import InputUnusableError
from audit.pipeline.decisions import open_session
from audit.pipeline.executor import SerialExecutor
from audit.pipeline.run import RunOptions, check_case
from audit.pipeline.verify import export_verify_list, import_answers
from tests.pipeline.folder import write_case


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("verify")
    out = base / "out"
    check_case(write_case(base / "案卷"), out, RunOptions(), SerialExecutor(), lambda *_: None)
    return out


def filled_in(out: Path, target: Path, answers: dict[int, str]) -> Path:
    export_verify_list(open_session(out).report(), target, "zh")
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row, answer in answers.items():
        sheet.cell(row, heads.index("查验结果") + 1, answer)
        sheet.cell(row, heads.index("查验时间") + 1, "2024-06-01 10:00")
        sheet.cell(row, heads.index("截图文件名") + 1, "shot.png")
    book.save(target)
    return target


def test_every_invoice_is_listed_with_what_to_key_in(checked: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    assert export_verify_list(open_session(checked).report(), target, "zh") == 2
    sheet = openpyxl.load_workbook(target).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert {"发票号码", "应填项", "查验结果", "核对码"} <= set(heads)
    assert all(
        isinstance(cell.value, str | None) for row in sheet.iter_rows(min_row=2) for cell in row
    )
    assert len(str(sheet.cell(2, heads.index("发票号码") + 1).value)) == 20


def test_answers_come_back_and_stay(checked: Path, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(b"picture")
    filled = filled_in(checked, tmp_path / "list.xlsx", {2: "正常", 3: "作废"})
    answers, report = import_answers(checked, filled, "张三")
    assert [a.status for a in answers.taken] == ["normal", "void"]
    assert {a.by for a in answers.taken} == {"张三"}
    assert all(len(a.screenshot_sha256) == 64 for a in answers.taken)
    assert {v.status for v in report.facts.verifications} == {"normal", "void"}
    folder = checked.parent / "案卷"
    again = check_case(folder, checked, RunOptions(), SerialExecutor(), lambda *_: None)
    assert again.facts.verifications == report.facts.verifications


def test_a_later_answer_replaces_an_earlier_one(checked: Path, tmp_path: Path) -> None:
    import_answers(checked, filled_in(checked, tmp_path / "1.xlsx", {2: "正常", 3: "正常"}), "张三")
    _, report = import_answers(
        checked, filled_in(checked, tmp_path / "2.xlsx", {2: "全额红冲"}), "李四"
    )
    assert sorted(v.status for v in report.facts.verifications) == ["full_red", "normal"]


def test_an_answer_nobody_knows_is_refused_with_its_line(checked: Path, tmp_path: Path) -> None:
    answers, _ = import_answers(
        checked, filled_in(checked, tmp_path / "x.xlsx", {3: "好的"}), "张三"
    )
    assert answers.taken == ()
    assert answers.refused[0][0] == 3


def test_another_file_is_refused(checked: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(InputUnusableError, match="查验"):
        import_answers(checked, path, "张三")

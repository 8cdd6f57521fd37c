"""A sample is drawn from finished cases, filled in by people, and evaluated."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from audit.errors import InputUnusableError
from audit.pipeline.executor import SerialExecutor
from audit.pipeline.run import RunOptions, check_case
from audit.pipeline.sample import finished_cases, population, read_sample, write_sample
from audit.sampling import draw_mus, evaluate_money
from tests.pipeline.folder import Bill, write_case


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("sample")
    for name, claimed in (("甲", "3390000.00"), ("乙", "3400000.00")):
        bills = (Bill("24502000000012345678", "3000000.00", "390000.00", claimed=claimed),)
        case = write_case(base / "cases" / name, bills)
        check_case(case, base / "out" / name, RunOptions(), SerialExecutor(), lambda *_: None)
    return base / "out"


def test_rows_of_all_cases_are_the_population(batch: Path) -> None:
    items, shown = population(finished_cases(batch))
    assert [(i.case, i.amount) for i in items] == [
        ("乙", Decimal("3400000.00")),
        ("甲", Decimal("3390000.00")),
    ]
    assert {row.invoice for row in shown.values()} == {"24502000000012345678"}
    assert items[0].certain.startswith("规则 I13")


def test_a_work_list_comes_back_as_it_was_drawn(batch: Path, tmp_path: Path) -> None:
    items, shown = population(finished_cases(batch))
    sample = draw_mus(items, "2024")
    target = tmp_path / "sample.xlsx"
    write_sample(sample, shown, target)
    book = openpyxl.load_workbook(target)
    book.worksheets[0].cell(2, 9, 3390000)
    book.save(target)
    back, checked = read_sample(target)
    assert (back.seed, back.interval, back.size) == (sample.seed, sample.interval, sample.size)
    assert [p.item.amount for p in back.picked] == [p.item.amount for p in sample.picked]
    assert [c.audited for c in checked] == [Decimal(3390000)]
    result = evaluate_money(back, checked)
    assert result.known == Decimal(10000)
    assert result.unchecked == 1


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError, match="audit batch"):
        finished_cases(tmp_path)


def test_a_file_that_is_no_sample_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(InputUnusableError, match="sample draw"):
        read_sample(path)

"""A sample is drawn from finished cases, filled in by people, and evaluated."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from audit.errors import InputUnusableError
from audit.pipeline.executor import SerialExecutor
from audit.pipeline.run import RunOptions, check_case
from audit.pipeline.sample import finished_cases, population, read_sample, write_sample
from audit.sampling import draw_attribute, draw_mus, evaluate_money
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
    items, shown, unread = population(finished_cases(batch))
    assert unread == 0
    assert [(i.case, i.amount) for i in items] == [
        ("乙", Decimal("3400000.00")),
        ("甲", Decimal("3390000.00")),
    ]
    assert {row.invoice for row in shown.values()} == {"24502000000012345678"}
    assert items[0].certain.startswith("规则 I13")


def test_a_work_list_comes_back_as_it_was_drawn(batch: Path, tmp_path: Path) -> None:
    items, shown, _ = population(finished_cases(batch))
    sample = draw_mus(items, "2024")
    target = tmp_path / "sample.xlsx"
    write_sample(sample, shown, target)
    book = openpyxl.load_workbook(target)
    book.worksheets[0].cell(2, 9, 3390000)
    book.save(target)
    found = read_sample(target)
    back, checked = found.sample, found.checked
    assert (back.seed, back.interval, back.size) == (sample.seed, sample.interval, sample.size)
    assert [p.item.amount for p in back.picked] == [p.item.amount for p in sample.picked]
    assert [c.audited for c in checked] == [Decimal(3390000)]
    result = evaluate_money(back, checked)
    assert result.known == Decimal(10000) + Decimal("3390000.00")  # the blank one is wholly wrong
    assert result.unchecked == 1
    assert found.blank == (3,)


def _filled(batch: Path, target: Path, entries: dict[int, object]) -> Path:
    """Write a work list of the batch with these amounts by line."""
    items, shown, _ = population(finished_cases(batch))
    write_sample(draw_attribute(items, "2024"), shown, target, "en")
    book = openpyxl.load_workbook(target)
    for line, value in entries.items():
        book.worksheets[0].cell(line, 9).value = value  # type: ignore[assignment]
    book.save(target)
    return target


def test_amounts_are_taken_as_people_write_them_and_words_are_named(
    batch: Path, tmp_path: Path
) -> None:
    found = read_sample(_filled(batch, tmp_path / "s.xlsx", {2: "￥3，390,000．00 元", 3: "无误"}))
    assert [c.audited for c in found.checked] == [Decimal("3390000.00")]
    assert (found.blank, found.odd) == ((), ((3, "无误"),))


def test_an_amount_of_the_other_sign_is_named_not_evaluated(batch: Path, tmp_path: Path) -> None:
    found = read_sample(_filled(batch, tmp_path / "s.xlsx", {2: -3390000, 3: 0}))
    assert [c.audited for c in found.checked] == [Decimal(0)]
    assert [line for line, _ in found.odd] == [2]


def test_a_list_with_a_deleted_line_is_refused(batch: Path, tmp_path: Path) -> None:
    target = _filled(batch, tmp_path / "s.xlsx", {2: 1})
    book = openpyxl.load_workbook(target)
    book.worksheets[0].delete_rows(3)
    book.save(target)
    with pytest.raises(InputUnusableError, match="样本量为 2 项，表中只剩 1 项"):
        read_sample(target)


def test_rows_without_an_amount_are_counted(tmp_path: Path) -> None:
    row = {"role": "item", "row": 1, "cells": {"name": {"value": "软件"}}}
    case = {"findings": [], "ledger": [row, {**row, "role": "total"}]}
    (tmp_path / "case.json").write_text(json.dumps(case), "utf-8")
    assert population([tmp_path]) == ([], {}, 1)


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError, match="audit batch"):
        finished_cases(tmp_path)


def test_a_file_that_is_no_sample_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(InputUnusableError, match="sample draw"):
        read_sample(path)

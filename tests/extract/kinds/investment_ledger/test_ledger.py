"""Ledgers as sheets: every case of ``cases.yml``, and what only code can say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit.extract import extract_page
from audit.model import DocumentKind, LedgerRow, Reading, Status
from tests.extract.kinds.grids import sheet, workbook

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yml").read_text("utf-8")
)


def _spans(case: dict[str, Any]) -> dict[tuple[int, int], tuple[int, int]]:
    spans = {}
    for place, size in case.get("spans", {}).items():
        row, column = map(int, place.split(","))
        spans[row, column] = (size[0], size[1])
    return spans


def _shown(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _check(row: LedgerRow, expected: dict[str, Any]) -> None:
    for field, want in expected.items():
        if field == "role":
            assert row.role.value == want
            continue
        reading = row.get(field)
        value, status = want if isinstance(want, list) else (want, None)
        assert _shown(reading.value) == _shown(value), field
        if status is not None:
            assert reading.status.value == status, field
        elif value is not None:
            assert reading.status is Status.READ, field


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_ledger(case: dict[str, Any]) -> None:
    result = extract_page(workbook(sheet(case["rows"], _spans(case))))
    assert result.kind is DocumentKind.INVESTMENT_LEDGER
    (document,) = result.documents
    for field, value in case.get("fields", {}).items():
        assert document.get(field).value == value
    assert len(result.rows) == len(case["expected"])
    for row, expected in zip(result.rows, case["expected"], strict=True):
        _check(row, expected)


HEADER = ["序号", "名称", "发票号码", "金额"]


def test_the_reason_of_a_spoilt_number_is_said() -> None:
    rows = [["项目投资明细表"], HEADER, [1, "软件", 24502000000012346000, 5]]
    (row,) = extract_page(workbook(sheet(rows))).rows
    assert [m.key for m in row.get("invoice_number").reasons][-1] == "cell.digits_lost"


def test_rows_of_a_hidden_row_are_doubtful_and_those_of_a_hidden_sheet_are_none() -> None:
    rows = [["项目投资明细表"], HEADER, [1, "软件", "12345678", 5], [2, "设备", "12345679", 6]]
    seen, hidden = extract_page(workbook(sheet(rows, hidden_rows=[3]))).rows
    assert seen.get("amount_with_tax").status is Status.READ
    assert hidden.get("amount_with_tax").status is Status.DOUBTFUL
    assert hidden.get("amount_with_tax").value == Decimal("6.00")
    assert extract_page(workbook(sheet(rows, hidden=True))).rows == ()


def test_names_beside_labels_and_in_the_title() -> None:
    rows = [
        ["重庆山城智造有限公司数字化车间建设项目投资明细表"],
        ["申报单位：", "重庆巴渝智造有限公司", "", "单位：万元"],
        HEADER,
        [1, "软件", "12345678", 5],
    ]
    (document,) = extract_page(workbook(sheet(rows))).documents
    assert document.get("company_name").value == "重庆巴渝智造有限公司"
    assert document.get("project_name").value == "数字化车间建设项目"
    assert document.get("unit").value == "万元"


def test_every_cell_names_its_source() -> None:
    rows = [["项目投资明细表"], HEADER, [1, "软件", "12345678", 5]]
    (row,) = extract_page(workbook(sheet(rows, name="明细"), index=2)).rows
    assert (row.table, row.table_row, row.page_index) == ("明细", 3, 2)
    readings: list[Reading] = [r for r in row.cells.values() if r.value is not None]
    assert len(readings) == 4
    assert all(len(r.sources) == 1 and r.sources[0].page_index == 2 for r in readings)


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["待查验清单"],
            ["序号", "发票代码", "发票号码", "开票日期", "校验码", "查验结果"],
            [1, "", "12345678", "", "", ""],
        ],
        [
            ["交易明细"],
            ["交易日期", "摘要", "借方金额", "贷方金额", "余额"],
            ["2023-01-01", "转账", 5, "", 9],
        ],
        [["资产负债表"], ["项目", "期末余额", "年初余额"], ["货币资金", 5, 6]],
        [
            ["设备验收清单"],
            ["序号", "名称", "规格", "数量", "验收结果"],
            [1, "机床", "X", 2, "合格"],
        ],
        [["通讯录"], ["序号", "姓名", "电话"], [1, "张三", "13800000000"]],
    ],
    ids=["verification list", "bank statement", "balance sheet", "acceptance list", "contacts"],
)
def test_other_tables_are_no_ledger(rows: list[list[str | int]]) -> None:
    assert extract_page(workbook(sheet(rows))).kind is not DocumentKind.INVESTMENT_LEDGER

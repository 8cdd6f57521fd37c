"""Headings as companies print them."""

from __future__ import annotations

import pytest

from audit.extract.kinds.investment_ledger.columns import field_of, find_columns
from audit.extract.kinds.investment_ledger.labels import COLUMNS, EXTRA_COLUMNS
from audit.extract.tables import grid_of
from tests.extract.kinds.grids import sheet

HEADINGS = (
    ("序号", "number"),
    ("设备（软件）名称", "name"),
    ("货物或应税劳务名称", "name"),
    ("费用类别", "category"),
    ("投资类别", "category"),
    ("资金用途", "purpose"),
    ("生产厂家/供应商", "supplier"),
    ("销售方名称", "supplier"),
    ("收款单位", "supplier"),
    ("开票单位", "supplier"),
    ("销方税号", "supplier_taxpayer_id"),
    ("合同编号", "contract_number"),
    ("合同签订日期", "contract_date"),
    ("合同金额（万元）", "contract_total"),
    ("发票类型", "invoice_kind"),
    ("发票代码", "invoice_code"),
    ("发票号码", "invoice_number"),
    ("增值税专用发票号码", "invoice_number"),
    ("发票号码（代码）", "invoice_number"),
    ("发票/号码", "invoice_number"),
    ("开票日期", "issue_date"),
    ("发票金额/不含税", "amount_without_tax"),
    ("金额（不含税）", "amount_without_tax"),
    ("价税合计（元）", "amount_with_tax"),
    ("含税金额", "amount_with_tax"),
    ("税额", "tax_amount"),
    ("税率", "tax_rate"),
    ("付款凭证号", "payment_number"),
    ("银行回单号", "payment_number"),
    ("付款/日期", "payment_date"),
    ("付款金额", "payment_amount"),
    ("记账凭证号", "voucher_number"),
    ("单价（不含税）", "unit_price"),
    ("规格型号", "specification"),
    ("数量（台/套）", "quantity"),
    ("单位", "quantity_unit"),
    ("存放地点", "location"),
    ("备注", "remarks"),
    ("余额", "?"),
    ("签名", ""),
)


@pytest.mark.parametrize(("heading", "field"), HEADINGS, ids=[h for h, _ in HEADINGS])
def test_heading(heading: str, field: str) -> None:
    folded = heading.replace("（", "(").replace("）", ")")
    two_rows = folded.startswith(("发票/", "发票金额/", "付款/"))
    assert field_of(folded.split("/") if two_rows else [folded]) == field


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [("发要号码", "invoice_number"), ("价脱合计", "amount_with_tax"), ("付歉日期", "payment_date")],
)
def test_one_wrong_character_of_ocr(spoilt: str, field: str) -> None:
    assert field_of([spoilt], fuzzy=True) == field


def test_columns_are_of_the_vocabulary_and_each_once() -> None:
    rows = [
        ["序号", "名称", "金额", "投资金额", "发票金额", "发票号码", "发票号码"],
        [1, "a", 1, 1, 1, "2", "3"],
    ]
    columns = find_columns(grid_of(sheet(rows)))
    assert columns is not None
    named = [f for f in columns.fields if f]
    assert len(named) == len(set(named))
    assert set(named) <= {*COLUMNS, *EXTRA_COLUMNS}


def test_a_title_merged_over_the_table_is_no_heading() -> None:
    rows = [["发票号码金额供应商"], ["序号", "名称", "发票号码", "金额"], [1, "a", "12345678", 5]]
    columns = find_columns(grid_of(sheet(rows, {(0, 0): (1, 4)})))
    assert columns is not None
    assert (columns.top, columns.bottom) == (1, 2)

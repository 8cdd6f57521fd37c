"""Lists of goods: head, lines and totals; ruled and loose; a later page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.extract import extract_page
from audit.model import Document, DocumentKind, PageContent, Status
from tests.extract.kinds.grids import ruled, sheet, workbook
from tests.extract.kinds.sheets import Placed, page

HEAD = ["序号", "货物(劳务)名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额"]
LINES = [
    ["1", "*电子计算机*服务器", "R740", "台", "2", "5000.00", "10000.00", "13%", "1300.00"],
    ["2", "*计算机网络设备*交换机", "S5735", "台", "1", "2000.00", "2000.00", "13%", "260.00"],
]
SUM = ["小计", "", "", "", "", "", "12000.00", "", "1560.00"]
ABOVE = [
    "销售货物或者提供应税劳务清单",
    "购买方名称：重庆山城智造有限公司",
    "销售方名称：成都云帆软件有限公司",
    "所属增值税发票代码：5000223130",
    "号码：12345678",
    "填开日期：2023年3月1日",
]


def _loose() -> PageContent:
    xs = (15, 28, 75, 100, 112, 125, 142, 163, 178)
    placed: list[Placed] = [(60.0, 15.0, ABOVE[0], 5.0)]
    placed += [(15.0, 24.0 + 6 * i, text) for i, text in enumerate(ABOVE[1:])]
    for i, row in enumerate([HEAD, *LINES, SUM]):
        placed += [(x, 70.0 + 9 * i, t, 2.6) for x, t in zip(xs, row, strict=True) if t]
    return page(placed)


def _check(document: Document) -> None:
    assert document.kind is DocumentKind.INVOICE_LIST
    assert [i.name.value for i in document.items] == [row[1] for row in LINES]
    assert [i.amount.value for i in document.items] == [Decimal("10000.00"), Decimal("2000.00")]
    assert document.items[0].tax_rate.value == Decimal("0.13")
    assert document.items[0].quantity.value == Decimal(2)
    assert document.get("amount_without_tax").value == Decimal("12000.00")
    assert document.get("tax_amount").value == Decimal("1560.00")


@pytest.mark.parametrize(
    "content",
    [ruled([HEAD, *LINES, SUM], above=ABOVE), _loose()],
    ids=["ruled", "loose"],
)
def test_head_lines_and_totals(content: PageContent) -> None:
    (document,) = extract_page(content).documents
    _check(document)
    assert document.get("invoice_number").value == "12345678"
    assert document.get("invoice_code").value == "5000223130"
    assert document.get("seller_name").value == "成都云帆软件有限公司"
    assert document.get("buyer_name").value == "重庆山城智造有限公司"
    assert document.get("issue_date").value == date(2023, 3, 1)


def test_a_list_kept_as_a_sheet() -> None:
    typed = [["销货清单"], HEAD, *([*r[:4], int(r[4]), float(r[5]), float(r[6]), r[7], float(r[8])] for r in LINES), ["小计", "", "", "", "", "", 12000, "", 1560]]  # fmt: skip
    (document,) = extract_page(workbook(sheet(typed))).documents
    _check(document)


def test_an_unsure_line_is_lifted_by_the_total() -> None:
    content = ruled([HEAD, *LINES, SUM], above=ABOVE, unsure={(1, 6): 0.5})
    (document,) = extract_page(content).documents
    assert document.items[0].amount.status is Status.READ
    broken = ruled([HEAD, *LINES, [*SUM[:6], "13000.00", "", "1560.00"]], above=ABOVE, unsure={(1, 6): 0.5})  # fmt: skip
    (document,) = extract_page(broken).documents
    assert document.items[0].amount.status is Status.DOUBTFUL


def test_a_later_page_goes_on() -> None:
    result = extract_page(ruled([HEAD, *LINES, SUM], above=[*ABOVE, "第2页 共3页"], index=1))
    assert (result.kind, result.continues) == (DocumentKind.INVOICE_LIST, True)


def test_other_lists_are_none() -> None:
    result = extract_page(ruled([HEAD, *LINES, SUM], above=["设备报价清单"]))
    assert result.kind is not DocumentKind.INVOICE_LIST

"""Ledgers as files: spreadsheets, text tables and Word documents through their readers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.styles import numbers

from audit.extract import extract_page
from audit.model import DocumentKind, PageResult, RowRole, Status
from audit.readers import open_pages, survey
from audit.settings import Limits

HEADER = [
    "序号",
    "费用类别",
    "名称",
    "供应商",
    "发票号码",
    "开票日期",
    "价税合计（元）",
    "付款日期",
]


def _read(path: Path) -> list[PageResult]:
    found = survey(path, path.name, Limits())
    pages = open_pages(path, found, range(found.pages), Limits())
    return [extract_page(page.content) for page in pages]


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "投资明细"
    sheet.append(["重庆山城智造有限公司数字化车间建设项目投资明细表"])
    sheet.merge_cells("A1:H1")
    sheet.append(HEADER)
    sheet.append([1, "软件购置费", "MES", "成都云帆软件有限公司", "24502000000012345678", date(2024, 3, 1), 113000, "2024-03-09"])  # fmt: skip
    sheet.append([2, "设备购置费", "机床", "重庆示例机床有限公司", 24502000000012345678, 45352, 226000.004, "2024.4.9"])  # fmt: skip
    sheet.append([3, "设备购置费", "机器人", "重庆示例机床有限公司", "00123456", "2024年5月6日", "1,000.00", None])  # fmt: skip
    sheet.append([None, None, "夹具", None, None, None, None, None])
    sheet.append(
        [4, "云服务费", "云主机", "重庆示例云有限公司", "12345678", date(2024, 6, 1), 500, None]
    )
    sheet.append(["合计", None, None, None, None, None, "=SUM(G3:G7)", None])
    sheet.append(["注：发票均已入账。"])
    for column in "ADEFG":
        sheet.merge_cells(f"{column}5:{column}6")
    sheet.row_dimensions[7].hidden = True
    sheet["F3"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    spare = book.create_sheet("旧稿")
    spare.append(HEADER)
    spare.append([1, "软件购置费", "MES", "", "24502000000012345678", "", 99, ""])
    spare.sheet_state = "hidden"
    book.save(path)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    results = _read(_workbook(tmp_path / "明细表.xlsx"))
    first = results[0]
    assert first.kind is DocumentKind.INVESTMENT_LEDGER
    items = [r for r in first.rows if r.role is RowRole.ITEM]
    assert [r.get("number").value for r in items] == ["1", "2", "3", "4"]
    assert items[0].get("issue_date").value == date(2024, 3, 1)
    spoilt = items[1].get("invoice_number")
    assert (spoilt.status, "cell.digits_lost" in [m.key for m in spoilt.reasons]) == (Status.DOUBTFUL, True)  # fmt: skip
    assert items[1].get("issue_date").value == date(2024, 3, 1)
    assert items[1].get("amount_with_tax").value == Decimal("226000.00")
    assert items[2].get("name").value == "机器人、夹具"
    assert items[2].get("amount_with_tax").value == Decimal("1000.00")
    assert items[3].get("amount_with_tax").status is Status.DOUBTFUL  # its row is hidden
    assert items[0].table == "投资明细"
    (document,) = first.documents
    assert document.get("company_name").value == "重庆山城智造有限公司"
    assert all(not r.rows for r in results[1:])
    assert "W606" in {p.code for r in results for p in r.problems} | {
        p.code for p in survey(tmp_path / "明细表.xlsx", "明细表.xlsx", Limits()).problems
    }


def test_a_text_table(tmp_path: Path) -> None:
    path = tmp_path / "明细表.csv"
    rows = [
        HEADER,
        ["1", "软件购置费", "MES", "成都云帆软件有限公司", "2.45E+19", "2024-03-01", "113000.00", ""],
        ["2", "设备购置费", "机床", "重庆示例机床有限公司", "00123456", "2024/3/1", "5.5万元", ""],
    ]  # fmt: skip
    path.write_text("项目投资明细表\n" + "\n".join(",".join(r) for r in rows), encoding="gb18030")
    (result,) = _read(path)
    assert result.kind is DocumentKind.INVESTMENT_LEDGER
    first, second = result.rows
    assert first.get("invoice_number").status is Status.DOUBTFUL
    assert second.get("invoice_number").value == "00123456"
    assert second.get("amount_with_tax").value == Decimal("55000.00")


def test_a_word_table(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("数字化车间建设项目投资明细表")
    document.add_paragraph("单位：万元")
    table = document.add_table(rows=4, cols=5)
    for r, row in enumerate(
        [
            ["序号", "名称", "发票号码", "用途", "金额"],
            ["1", "MES软件", "24502000000012345678", "生产管理", "11.30"],
            ["2", "加工中心", "12345678", "箱体加工", "22.6"],
            ["合计", "", "", "", "33.90"],
        ]
    ):
        for c, text in enumerate(row):
            table.rows[r].cells[c].text = text
    document.save(str(tmp_path / "明细表.docx"))
    (result,) = _read(tmp_path / "明细表.docx")
    assert result.kind is DocumentKind.INVESTMENT_LEDGER
    assert [r.get("amount_with_tax").value for r in result.rows] == [
        Decimal("113000.00"),
        Decimal("226000.00"),
        Decimal("339000.00"),
    ]
    (paper,) = result.documents
    assert paper.get("unit").value == "万元"
    assert paper.get("project_name").value == "数字化车间建设项目"

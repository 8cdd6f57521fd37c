"""Ledgers on pages: ruled tables of scans, loose columns, pages without a header, doubts, looks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.extract import extract_page
from audit.extract.kinds.investment_ledger.columns import columns_of_message
from audit.model import (
    Box,
    DocumentKind,
    Origin,
    PageContent,
    RowRole,
    SecondLook,
    Status,
    TextLine,
)
from tests.extract.kinds.grids import ruled
from tests.extract.kinds.sheets import Placed, page

TITLE = "重庆山城智造有限公司数字化车间建设项目投资明细表"
HEADER = ["序号", "名称", "供应商", "发票号码", "开票日期", "不含税金额", "税额", "价税合计"]
ROWS = [
    ["1", "MES\n软件", "成都云帆软件\n有限公司", "2450200000\n0012345678", "2024-03-01", "100,000.00", "13,000.00", "113,000.00"],
    ["2", "加工中心", "重庆示例机床有限公司", "12345678", "2023-04-01", "200,000.00", "26,000.00", "226,000.00"],
]  # fmt: skip
TOTAL = ["合计", "", "", "", "", "300,000.00", "39,000.00", "339,000.00"]


def test_a_scanned_table_reads_like_a_sheet_and_wrapped_texts_close() -> None:
    result = extract_page(ruled([HEADER, *ROWS, TOTAL], above=[TITLE, "单位：元"]))
    assert (result.kind, result.continues) == (DocumentKind.INVESTMENT_LEDGER, False)
    first, second, total = result.rows
    assert first.get("invoice_number").value == "24502000000012345678"
    assert first.get("supplier").value == "成都云帆软件有限公司"
    assert first.get("name").value == "MES软件"
    assert second.get("issue_date").value == date(2023, 4, 1)
    assert (total.role, total.get("amount_with_tax").value) == (RowRole.TOTAL, Decimal("339000.00"))
    assert result.asks == ()
    (document,) = result.documents
    assert document.get("company_name").value == "重庆山城智造有限公司"
    assert not document.origin_digital


def test_an_unsure_amount_is_lifted_by_the_row_and_an_unsure_number_asked_again() -> None:
    content = ruled([HEADER, *ROWS, TOTAL], above=[TITLE], unsure={(1, 7): 0.6, (2, 3): 0.6})
    result = extract_page(content)
    amount, number = result.rows[0].get("amount_with_tax"), result.rows[1].get("invoice_number")
    assert (amount.status, amount.value) == (Status.READ, Decimal("113000.00"))
    assert number.status is Status.DOUBTFUL
    (wish,) = [a for a in result.asks if a.field_name.startswith("invoice_number")]
    again = extract_page(content, (SecondLook(wish, "12345678", 0.99),))
    assert again.asks == ()
    assert again.rows[1].get("invoice_number").status is Status.READ
    other = extract_page(content, (SecondLook(wish, "12345679", 0.99),))
    assert other.rows[1].get("invoice_number").status is Status.DOUBTFUL


def test_a_row_of_a_scan_that_does_not_add_up_is_doubted_and_a_born_digital_one_is_not() -> None:
    wrong = [*ROWS[1][:7], "228,000.00"]
    content = ruled([HEADER, wrong], above=[TITLE])
    result = extract_page(content)
    (scanned,) = result.rows
    assert scanned.get("amount_with_tax").status is Status.DOUBTFUL
    # Looked at twice with the same result, the paper itself is wrong: a rule's business.
    texts = {"amount_without_tax": "200,000.00", "tax_amount": "26,000.00", "amount_with_tax": "228,000.00"}  # fmt: skip
    looks = tuple(SecondLook(w, texts[w.field_name.split("@")[0]], 0.99) for w in result.asks)
    assert len(looks) == 3
    (again,) = extract_page(content, looks).rows
    assert again.get("amount_with_tax").status is Status.READ
    (printed,) = extract_page(ruled([HEADER, wrong], above=[TITLE], text_layer=True)).rows
    assert printed.get("amount_with_tax").status is Status.READ


def test_a_column_that_does_not_make_its_total_is_looked_at_again() -> None:
    header, total = ["序号", "名称", "发票号码", "金额"], ["合计", "", "", "30.00"]
    items = [["1", "软件", "12345678", "10.00"], ["2", "设备", "12345679", "28.00"]]
    content = ruled([header, *items, total], above=[TITLE])
    result = extract_page(content)
    assert len(result.asks) == 3
    texts = ("10.00", "20.00", "30.00")
    looks = tuple(SecondLook(w, t, 0.999) for w, t in zip(result.asks, texts, strict=True))
    rows = extract_page(content, looks).rows
    assert [r.get("amount_with_tax").status for r in rows] == [Status.READ, Status.DOUBTFUL, Status.READ]  # fmt: skip


def test_text_on_a_ruling_stays_doubtful_whatever_a_second_look_says() -> None:
    content = ruled([HEADER, *ROWS], above=[TITLE], unsure={(2, 3): 0.0})
    result = extract_page(content)
    number = result.rows[1].get("invoice_number")
    assert number.status is Status.DOUBTFUL
    assert "cell.over_ruling" in [m.key for m in number.reasons]
    assert not [a for a in result.asks if a.field_name.startswith("invoice_number")]


@pytest.mark.parametrize(
    ("number", "day", "reason"),
    [
        ("2345678", "2023-03-01", "cell.number_length"),
        ("245020000000123456789", "2024-03-01", "cell.number_length"),
        ("24502000000012345678", "2023-03-01", "cell.number_year"),
    ],
)
def test_a_number_read_from_pixels_that_cannot_be_one_is_doubtful(
    number: str, day: str, reason: str
) -> None:
    row = [*ROWS[1][:3], number, day, *ROWS[1][5:]]
    (scanned,) = extract_page(ruled([HEADER, row], above=[TITLE])).rows
    found = scanned.get("invoice_number")
    assert found.status is Status.DOUBTFUL
    assert reason in [m.key for m in found.reasons]
    (printed,) = extract_page(ruled([HEADER, row], above=[TITLE], text_layer=True)).rows
    assert printed.get("invoice_number").status is Status.READ


@pytest.mark.parametrize(
    ("printed", "value"),
    [("4 6 7 , 4 2 2 . 6 8", Decimal("467422.68")), ("100 200.00", None), ("5.00 6.00", None)],
)
def test_letter_spaced_amounts_of_an_issuer_are_closed_up_if_they_can_be_only_one(
    printed: str, value: Decimal | None
) -> None:
    rows = [["序号", "名称", "发票号码", "金额"], ["1", "软件", "12345678", printed]]
    (row,) = extract_page(ruled(rows, above=[TITLE], text_layer=True)).rows
    assert row.get("amount_with_tax").value == value
    (scanned,) = extract_page(ruled(rows, above=[TITLE])).rows
    assert scanned.get("amount_with_tax").value is None


def test_a_page_without_a_header_goes_on_and_names_only_what_content_proves() -> None:
    result = extract_page(ruled([*ROWS, *(_more(n) for n in range(3, 8)), TOTAL], index=1))
    assert (result.kind, result.continues) == (DocumentKind.INVESTMENT_LEDGER, True)
    row = result.rows[0]
    assert row.get("invoice_number").value == "24502000000012345678"
    assert row.get("amount_without_tax").value == Decimal("100000.00")
    assert row.get("amount_with_tax").value == Decimal("113000.00")
    assert row.get("column_1").value == "MES软件"
    assert result.rows[-1].role is RowRole.TOTAL
    (columns,) = [c for m in result.documents[0].reasons if (c := columns_of_message(m))]
    assert columns.guessed
    assert len(columns.edges) == len(HEADER) + 1


def _more(n: int) -> list[str]:
    return [str(n), "设备", "重庆示例机床有限公司", f"0012345{n}", "2023-05-01", "1,000.00", "130.00", "1,130.00"]  # fmt: skip


def _loose(scan: bool, *, wrap: bool = True) -> PageContent:
    xs = (15, 30, 70, 125, 170, 200, 228, 255)
    placed: list[Placed] = [(100.0, 15.0, TITLE, 5.0), (250.0, 22.0, "单位：元")]
    placed += [(x, 30.0, text) for x, text in zip(xs, HEADER, strict=True)]
    y = 38.0
    for row in [*ROWS, TOTAL]:
        for x, text in zip(xs, row, strict=True):
            parts = text.split("\n") if wrap else ["".join(text.split("\n"))]
            for i, part in enumerate(parts):
                if part:
                    placed.append((x, y + 4.5 * i - 2.2 * (len(parts) - 1), part))
        y += 14.0
    placed.append((15.0, y + 4, "注：以上发票均已入账。"))
    return page(placed, size=(297.0, 210.0), scan=scan)


@pytest.mark.parametrize("scan", [True, False], ids=["scan", "digital"])
@pytest.mark.parametrize("wrap", [True, False], ids=["wrapped", "single lines"])
def test_columns_without_rulings(scan: bool, wrap: bool) -> None:
    result = extract_page(_loose(scan, wrap=wrap))
    assert result.kind is DocumentKind.INVESTMENT_LEDGER
    first, second, total = result.rows
    assert first.get("invoice_number").value == "24502000000012345678"
    assert first.get("supplier").value == "成都云帆软件有限公司"
    assert second.get("amount_with_tax").value == Decimal("226000.00")
    assert total.role is RowRole.TOTAL


def test_a_line_over_two_loose_columns_is_cut_between() -> None:
    content = _loose(scan=True, wrap=False)
    left = next(x for x in content.lines if x.text == "2023-04-01")
    right = next(x for x in content.lines if x.text == "200,000.00")
    text = f"{left.text} {right.text}"
    edges = [left.box.left + (right.box.right - left.box.left) * i / len(text) for i in range(len(text) + 1)]  # fmt: skip
    glued = TextLine(
        text,
        Box(left.box.left, left.box.top, right.box.right, right.box.bottom),
        Origin.OCR,
        0.99,
        tuple(edges),
    )
    lines = tuple(x for x in content.lines if x not in {left, right})
    result = extract_page(PageContent(content.page, (*lines, glued)))
    row = result.rows[1]
    assert row.get("issue_date").value == date(2023, 4, 1)
    assert row.get("amount_without_tax").value == Decimal("200000.00")

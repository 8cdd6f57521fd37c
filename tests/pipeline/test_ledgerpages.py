"""A ledger over several pages: columns by the first header, units, totals and sums over all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from audit.extract import extract_page
from audit.extract.kinds.investment_ledger.columns import Columns
from audit.model import LedgerRow, PageResult, RowRole, Status
from audit.pipeline.ledgerpages import _places, case_rows, file_rows
from tests.extract.kinds.grids import ruled, sheet, workbook

TITLE = "重庆山城智造有限公司数字化车间建设项目投资明细表"
HEADER = ["序号", "费用类别", "名称", "发票号码", "开票日期", "付款日期", "金额（万元）"]


def _row(n: int) -> list[str]:
    return [str(n), "设备购置费", f"设备{n}", f"0012340{n}", f"2023-01-0{n}", f"2023-02-0{n}", f"{n}.50"]  # fmt: skip


TOTAL = ["合计", "", "", "", "", "", "22.50"]


def _pages(unsure: dict[tuple[int, int], float] | None = None) -> list[PageResult]:
    first = ruled([HEADER, *(_row(n) for n in (1, 2))], above=[TITLE], unsure=unsure)
    second = ruled([_row(n) for n in (3, 4)], index=1)
    third = ruled([_row(5), _row(6), TOTAL], index=2)
    return [extract_page(p) for p in (first, second, third)]


def test_pages_without_a_header_take_columns_and_units_from_the_first() -> None:
    rows = file_rows(_pages())
    assert [r.role for r in rows] == [*[RowRole.ITEM] * 6, RowRole.TOTAL]
    for n, row in enumerate(rows[:6], 1):
        assert row.get("number").value == str(n)
        assert row.get("category").value == "设备购置费"
        assert row.get("name").value == f"设备{n}"
        assert row.get("invoice_number").value == f"0012340{n}"
        assert row.get("amount_with_tax").value == Decimal(n * 10000 + 5000)
        assert not [f for f in row.cells if f.startswith("column_")]
    assert rows[6].get("amount_with_tax").value == Decimal(225000)


def test_other_column_counts_are_matched_by_place() -> None:
    header = Columns(("number", "name", "invoice_number", "amount_with_tax"), (None,) * 4, 0, 1, (0.1, 0.2, 0.5, 0.7, 0.9))  # fmt: skip
    lost = Columns(("number", "", "amount_with_tax"), (None,) * 3, 0, 0, (0.15, 0.24, 0.67, 0.85), guessed=True)  # fmt: skip
    assert dict(_places(lost, header)) == {0: 0, 1: 1, 2: 3}
    unknown = Columns(("number", "", "invoice_number"), (None,) * 3, 0, 0, (), guessed=True)
    assert dict(_places(unknown, header)) == {0: 0, 2: 2}


def test_the_sum_over_all_pages_lifts_an_unsure_amount() -> None:
    first, second, third = _pages({(2, 6): 0.7})
    alone = file_rows([first])
    assert alone[1].get("amount_with_tax").status is Status.DOUBTFUL
    whole = file_rows([first, second, _with_total(third, "24.00")])
    assert whole[1].get("amount_with_tax").status is Status.READ


def _with_total(page: PageResult, total: str) -> PageResult:
    """Return the page read anew with another total in its last row."""
    rows = list(page.rows)
    for i, row in enumerate(rows):
        if row.role is RowRole.TOTAL:
            cells = {f: replace(r, raw=total, value=total, sources=tuple(replace(s, raw=total, value=total) for s in r.sources)) if r.raw == "22.50" else r for f, r in row.cells.items()}  # fmt: skip
            rows[i] = replace(row, cells=cells)
    return replace(page, rows=tuple(rows))


def test_single_pictures_of_one_folder_go_on_and_other_folders_do_not() -> None:
    first, second, third = _pages()
    rows = case_rows([("03/1.jpg", [first]), ("03/2.jpg", [second]), ("09/3.jpg", [third])])
    assert rows[2].get("category").value == "设备购置费"
    last: LedgerRow = rows[-1]
    assert last.get("category").value is None


def test_totals_of_single_pages_are_subtotals_of_the_whole() -> None:
    first = extract_page(
        ruled([HEADER, _row(1), ["合计", "", "", "", "", "", "1.50"]], above=[TITLE])
    )
    second = extract_page(ruled([HEADER, _row(2), ["合计", "", "", "", "", "", "2.50"]], index=1))
    assert second.continues
    roles = [r.role for r in file_rows([first, second])]
    assert roles == [RowRole.ITEM, RowRole.SUBTOTAL, RowRole.ITEM, RowRole.SUBTOTAL]


def test_sheets_of_a_workbook_do_not_go_on_with_each_other() -> None:
    rows = [["序号", "名称", "发票号码", "金额"], [1, "软件", "12345678", 5], ["合计", "", "", 5]]
    pages = [extract_page(workbook(sheet(rows, name=n), index=i)) for i, n in enumerate("ab")]
    assert [r.role for r in file_rows(pages)] == [RowRole.ITEM, RowRole.TOTAL] * 2

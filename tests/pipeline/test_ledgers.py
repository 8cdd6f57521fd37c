"""Copies of one ledger: which leads, and which row of the copy is which."""

from __future__ import annotations

from dataclasses import replace

from audit.model import Document, DocumentKind, LedgerRow, RowRole
from audit.pipeline.ledgers import split_copies
from tests.factory import row, total_row

SHEET = Document(DocumentKind.INVESTMENT_LEDGER, origin_digital=True, file="明细表.xlsx")
SCAN = Document(DocumentKind.INVESTMENT_LEDGER, file="扫描.pdf")


def _rows(file: str, count: int = 5, table: str = "") -> list[LedgerRow]:
    items = [
        row(f"1234567{n}", f"{n}00.00", number=0, name=f"设备{n}", file=file) for n in range(count)
    ]
    return [replace(r, table=table) for r in (*items, replace(total_row("1.00"), file=file))]


def test_the_sheet_leads_and_the_scan_stands_beside_it_row_by_row() -> None:
    rows = [*_rows("扫描.pdf"), *_rows("明细表.xlsx")]
    leading, sealed = split_copies(rows, [SHEET, SCAN])
    assert {r.file for r in leading} == {"明细表.xlsx"}
    assert [r.row for r in leading] == [1, 2, 3, 4, 5, 6]
    assert [r.row for r in sealed] == [1, 2, 3, 4, 5, 6]
    assert sealed[-1].role is RowRole.TOTAL


def test_a_row_missing_in_the_scan_shifts_no_other_and_an_added_one_gets_a_new_number() -> None:
    scanned = _rows("扫描.pdf")
    added = row("99999999", "7.00", name="未列设备", file="扫描.pdf")
    sealed_rows = [scanned[0], added, *scanned[2:]]
    leading, sealed = split_copies([*_rows("明细表.xlsx"), *sealed_rows], [SHEET, SCAN])
    numbers = {r.get("invoice_number").text: r.row for r in sealed if r.role is RowRole.ITEM}
    assert numbers["12345670"] == 1
    assert numbers["12345672"] == 3
    assert numbers["99999999"] == 2  # the one row between two that fit is the one that was changed
    assert len(leading) == 6
    longer = [*scanned[:5], added, scanned[5]]
    _, sealed = split_copies([*_rows("明细表.xlsx"), *longer], [SHEET, SCAN])
    numbers = {r.get("invoice_number").text: r.row for r in sealed if r.role is RowRole.ITEM}
    assert numbers["99999999"] > 6


def test_misread_rows_are_paired_by_number_amount_or_place() -> None:
    scanned = _rows("扫描.pdf")
    spoilt = [
        scanned[0],
        row("12345871", "100.00", name="设备1", file="扫描.pdf"),
        row(None, None, name="?", file="扫描.pdf"),
        *scanned[3:],
    ]
    _, sealed = split_copies([*_rows("明细表.xlsx"), *spoilt], [SHEET, SCAN])
    assert [r.row for r in sealed] == [1, 2, 3, 4, 5, 6]


def test_ledgers_that_do_not_repeat_each_other_all_count() -> None:
    other = [
        replace(r, cells=row(f"8765432{n}", f"{n}5.00").cells)
        for n, r in enumerate(_rows("二期.xlsx")[:5])
    ]
    leading, sealed = split_copies([*_rows("明细表.xlsx"), *other], [SHEET])
    assert len(leading) == 11
    assert sealed == ()


def test_sheets_that_repeat_part_of_another_are_copies() -> None:
    whole = _rows("明细表.xlsx", table="总表")
    part = [replace(r, table="软件") for r in whole[:2]]
    leading, sealed = split_copies([*part, *whole], [SHEET])
    assert {r.table for r in leading} == {"总表"}
    assert [r.row for r in sealed] == [1, 2]


def test_without_a_sheet_the_scan_leads() -> None:
    leading, sealed = split_copies(_rows("扫描.pdf"), [SCAN])
    assert len(leading) == 6
    assert sealed == ()

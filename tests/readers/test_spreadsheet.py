"""Sheets: values with their types, what is merged, hidden, or was never calculated."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from audit.model import Cell, PageContent
from audit.readers import open_pages, survey
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import picture, xlsx_parts, zipped


def pages(tmp_path: Path, data: bytes, name: str = "a.xlsx") -> list[PageContent]:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    found = survey(path, name, DEFAULT_LIMITS)
    assert found.readable, found.problems
    return [p.content for p in open_pages(path, found, range(found.pages), DEFAULT_LIMITS)]


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cells(content: PageContent) -> dict[tuple[int, int], Cell]:
    return {(c.row, c.column): c for c in content.tables[0].cells}


def codes(content: PageContent) -> list[str]:
    return [p.code for p in content.problems]


def test_values_keep_their_types_and_look(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "投资明细表"
    sheet.append(["设备 A", 1130.5, dt.date(2023, 3, 1), True, "00123456"])
    sheet.append(["x", 0.13, 12345678901234, -5])
    sheet["B1"].number_format = "#,##0.00"
    sheet["C1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["B2"].number_format = "0%"

    (content,) = pages(tmp_path, saved(book))

    found = cells(content)
    assert content.tables[0].name == "投资明细表"
    assert found[0, 0].text == "设备 A"
    assert (found[0, 1].text, found[0, 1].number) == ("1,130.50", Decimal("1130.5"))
    assert (found[0, 2].text, found[0, 2].day) == ("2023年3月1日", dt.date(2023, 3, 1))
    assert found[0, 3].text == "TRUE"
    assert (found[0, 4].text, found[0, 4].number) == ("00123456", None)
    assert (found[1, 1].text, found[1, 1].number) == ("13%", Decimal("0.13"))
    assert found[1, 2].text == "12345678901234"
    assert codes(content) == []


def test_what_a_double_lost_is_not_shown_as_digits(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([26327000000479692585, 0.1 + 0.2])

    (content,) = pages(tmp_path, saved(book))

    assert cells(content)[0, 0].text == "2.63270E+19"
    assert cells(content)[0, 1].number == Decimal("0.3")


def test_merged_areas_are_given_once_with_their_span(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["合并", None, "右"])
    sheet.append([None, None, "下"])
    sheet.merge_cells("A1:B2")

    (content,) = pages(tmp_path, saved(book))

    found = cells(content)
    assert (found[0, 0].row_span, found[0, 0].column_span) == (2, 2)
    assert set(found) == {(0, 0), (0, 2), (1, 2)}


def test_hidden_rows_columns_and_sheets_are_read_marked_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(3):
        sheet.append([row, row + 10])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    secret = book.create_sheet("暗")
    secret.append(["藏"])
    secret.sheet_state = "veryHidden"

    first, second = pages(tmp_path, saved(book))

    assert {place for place, cell in cells(first).items() if cell.hidden} == {
        (0, 1), (1, 0), (1, 1), (2, 1),
    }  # fmt: skip
    assert codes(first) == ["W606"]
    assert second.tables[0].hidden
    assert codes(second) == ["W606"]


def test_a_formula_that_was_never_calculated_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([1, 2, "=A1+B1"])

    (content,) = pages(tmp_path, saved(book))

    assert set(cells(content)) == {(0, 0), (0, 1)}
    (told,) = content.problems
    assert told.code == "W702"
    assert "C1" in dict(told.params)["cells"]


def test_empty_sheets_are_no_pages_and_pictures_are(tmp_path: Path) -> None:
    parts = {**xlsx_parts(), "xl/media/image1.jpg": picture("JPEG", (400, 300))}

    sheet, shot = pages(tmp_path, zipped(parts))

    assert sheet.tables
    assert shot.page.size == (400, 300)
    assert shot.page.page_index == 1


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("gb18030", ["W703"])],
)
def test_csv_in_the_encodings_of_the_field(tmp_path: Path, encoding: str, told: list[str]) -> None:
    text = '发票号码,金额,备注\n="00123456","1,130.50",晶圆“甲”\n'
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    found = survey(path, "a.csv", DEFAULT_LIMITS)
    (page,) = open_pages(path, found, [0], DEFAULT_LIMITS)

    assert [p.code for p in found.problems] == told
    shown = cells(page.content)
    assert [shown[1, c].text for c in range(3)] == ["00123456", "1,130.50", "晶圆“甲”"]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "~"])
def test_columns_are_parted_by_what_parts_them(tmp_path: Path, mark: str) -> None:
    lines = [mark.join((f"户名{n}", f"{n}.00", "CNY")) for n in range(5)]

    (content,) = pages(tmp_path, "\n".join(lines).encode(), "a.csv")

    assert cells(content)[4, 1].text == "4.00"


def test_plain_text_comes_as_lines_not_as_a_table(tmp_path: Path) -> None:
    (content,) = pages(tmp_path, "关于项目的说明\n\n本项目已完成验收。\n".encode(), "a.txt")

    assert [line.text for line in content.lines] == ["关于项目的说明", "本项目已完成验收。"]
    assert content.tables == ()


def test_a_web_page_that_calls_itself_xls(tmp_path: Path) -> None:
    text = (
        '<html><meta charset="gbk"><table><tr><td colspan=2>明细</td></tr>'
        '<tr><td rowspan=2>甲</td><td x:num="1130.5">1,130.50</td></tr><tr><td>乙</td></tr></table>'
    )
    (content,) = pages(tmp_path, text.encode("gbk"), "a.xls")

    found = cells(content)
    assert (found[0, 0].text, found[0, 0].column_span) == ("明细", 2)
    assert (found[1, 0].row_span, found[1, 1].number) == (2, Decimal("1130.5"))
    assert found[2, 1].text == "乙"


def test_an_xml_spreadsheet_of_2003(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>'
        '<Row ss:Index="3"><Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="Number">1130.5</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2023-03-01T00:00:00.000</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    (content,) = pages(tmp_path, text.encode(), "a.xls")

    found = cells(content)
    assert (found[2, 1].number, found[2, 1].text) == (Decimal("1130.5"), "1130.5")
    assert found[2, 3].day == dt.date(2023, 3, 1)

"""``workpaper.xlsx``: the auditor's working paper, one sheet a matter.

Every cell that stems from input is written as text, number or date, never as formula or link.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from audit.model import CaseReport, Document
from audit.report import sheets, sheets_review
from audit.report.books import new_book
from audit.report.parts import Crop, Words
from audit.report.sheets import Cell, Column, Jump, Sheet, Weak

#: Fixed, so that the same case makes the same bytes.
CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a spreadsheet's property has no zone
THUMBNAIL_LONGEST, THUMBNAIL_ROW, THUMBNAIL_SCALE = 240, 66, 0.42
#: Pictures in one workbook.
MOST_THUMBNAILS = 400
HEAD_ROW = 4
LONGEST_TEXT = 32_000
SUMMARY_WIDTHS = (38, 40, 20, 26, 52)
#: Points of one line of text, and the most a row may have.
LINE_HEIGHT, TALLEST_ROW = 15.0, 409.0


def render_workpaper(report: CaseReport, crop: Crop, lang: str) -> bytes:
    """Return the workbook's bytes."""
    words = Words(lang)
    buffer = io.BytesIO()
    book = new_book(buffer)
    book.set_properties({"created": CREATED, "title": words.t("title")})
    tables = tuple(_sheets(report, words))
    writer = _Writer(book, words, report, {t.key: t.name for t in tables})
    writer.summary(tables)
    for table in tables:
        writer.sheet(table, crop)
    book.close()
    return buffer.getvalue()


def _sheets(report: CaseReport, words: Words) -> Iterator[Sheet]:
    yield sheets.ledger(report, words)
    for key in sheets.SHEET_KINDS:
        yield sheets.papers(key, report, words)
    yield sheets.seals(report, words)
    for make in (
        sheets_review.step_sheet, sheets_review.findings, sheets_review.verify,
        sheets_review.checklist, sheets_review.files, sheets_review.rules,
    ):  # fmt: skip
        yield make(report, words)


class _Writer:
    """Lays out sheets with one set of formats."""

    def __init__(self, book: Any, words: Words, report: CaseReport, names: dict[str, str]) -> None:  # noqa: ANN401 - xlsxwriter is untyped
        base = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        self._book, self._words, self._report, self._names = book, words, report, names
        cell = {**base, "border": 1, "border_color": "#DFE3E8"}
        head = {"bold": True, "bg_color": "#E8ECF1", "border": 1, "border_color": "#C7CED6"}
        weak = {"bg_color": "#FDF3DC"}
        make = book.add_format
        self._title = make({**base, "bold": True, "font_size": 15})
        self._soft = make({**base, "font_color": "#5B6573"})
        self._sign = make({**base, "bottom": 1, "bottom_color": "#8796A8"})
        self._head = make({**base, **head, "text_wrap": True})
        self._text = make({**cell, "text_wrap": True, "num_format": "@"})
        self._weak_text = make({**cell, **weak, "text_wrap": True, "num_format": "@"})
        self._money = make({**cell, "num_format": "#,##0.00"})
        self._weak_money = make({**cell, **weak, "num_format": "#,##0.00"})
        self._sum = make({**cell, "bold": True, "num_format": "#,##0.00", "bg_color": "#F4F5F7"})
        self._number = make({**cell, "num_format": "0", "align": "center"})
        self._date = make({**cell, "num_format": "yyyy-mm-dd", "align": "center"})
        self._weak_date = make({**cell, **weak, "num_format": "yyyy-mm-dd"})
        self._jump = make({**cell, "font_color": "#1F4E79", "underline": 1, "align": "center"})
        self._index = make({**cell, "font_color": "#5B6573", "font_size": 9})
        self._bold = make({**cell, "bold": True, "bg_color": "#F4F5F7", "text_wrap": True})
        self._big = make({**cell, "text_wrap": True, "valign": "top"})

    def summary(self, tables: Sequence[Sheet]) -> None:
        """Write the first sheet: who, what, how, conclusions, waterfall, contents, conclusion box."""
        words, report = self._words, self._report
        page = self._page(words.t("sheet.summary"), "TZ-1", SUMMARY_WIDTHS)
        row = HEAD_ROW
        for label, value in sheets_review.head_rows(report, words):
            page.write_string(row, 0, label, self._bold)
            page.merge_range(row, 1, row, 4, "", self._text)
            self._put(page, row, 1, value)
            row += 1
        for table in (
            sheets_review.conclusion_table(report, words),
            sheets_review.waterfall_table(report, words),
        ):
            row = self._small_table(page, row + 1, table)
        page.write_string(row + 1, 0, words.t("auditor_conclusion"), self._bold)
        page.merge_range(row + 1, 1, row + 1, 4, "", self._big)
        page.set_row(row + 1, 72)
        row = row + 3
        for label in ("index", "contents"):
            page.write_string(
                row, ("index", "contents").index(label), words.t(f"col.{label}"), self._head
            )
        for n, table_sheet in enumerate(tables, 1):
            page.write_string(row + n, 0, table_sheet.index, self._index)
            self._put(page, row + n, 1, Jump(table_sheet.name, table_sheet.key))

    def _small_table(self, page: Any, row: int, table: list[tuple[Cell, ...]]) -> int:  # noqa: ANN401
        for column, title in enumerate(table[0]):
            page.write_string(row, column, str(title), self._head)
        for values in table[1:]:
            row += 1
            for column, value in enumerate(values):
                self._put(page, row, column, value)
            page.set_row(row, height_of(values, SUMMARY_WIDTHS))
        return row + 1

    def sheet(self, sheet: Sheet, crop: Crop) -> None:
        """Write one table with index numbers, a frozen header, filters and fitting widths."""
        columns = (Column(self._words.t("col.index"), 10), *sheet.columns)
        page = self._page(sheet.name, sheet.index, tuple(c.width for c in columns))
        for number, head in enumerate(columns):
            page.write_string(HEAD_ROW - 1, number, head.title, self._head)
            if head.choices and sheet.rows:
                rule = {"validate": "list", "source": list(head.choices)}
                page.data_validation(HEAD_ROW, number, HEAD_ROW + len(sheet.rows) - 1, number, rule)
        for line, values in enumerate(sheet.rows, 1):
            row = HEAD_ROW + line - 1
            page.write_string(row, 0, f"{sheet.index}-{line}", self._index)
            for number, value in enumerate(values, 1):
                self._put(page, row, number, value)
            tall = height_of(values, [c.width for c in sheet.columns])
            if sheet.places and line <= MOST_THUMBNAILS:
                place = (row, len(columns) - 1)
                shown = self._thumbnail(page, place, sheet.places[line - 1], crop)
                tall = max(tall, THUMBNAIL_ROW if shown else 0.0)
            page.set_row(row, tall)
        page.freeze_panes(HEAD_ROW, 2)
        if sheet.rows:
            last = HEAD_ROW + len(sheet.rows) - 1
            page.autofilter(HEAD_ROW - 1, 0, last, len(columns) - 1)
            self._sums(page, sheet, last)

    def _sums(self, page: Any, sheet: Sheet, last: int) -> None:  # noqa: ANN401
        """Write subtotals that follow the filter; the only formulas, and made of our own cells."""
        from xlsxwriter.utility import xl_col_to_name

        for column in sheet.sums:
            name = xl_col_to_name(column + 1)
            figures = [row[column] for row in sheet.rows]
            total = sum((_figure(f) for f in figures), Decimal(0))
            span = f"{name}{HEAD_ROW + 1}:{name}{last + 1}"
            page.write_formula(
                last + 1, column + 1, f"=SUBTOTAL(9,{span})", self._sum, float(total)
            )

    def _thumbnail(
        self,
        page: Any,  # noqa: ANN401
        at: tuple[int, int],
        document: Document,
        crop: Crop,
    ) -> bool:
        """Put the paper's picture into a cell; tell whether there is one."""
        first = document.page_indexes[0] if document.page_indexes else 0
        data = crop(document.file, first, document.region, THUMBNAIL_LONGEST)
        if data is None:
            return False
        options = {
            "image_data": io.BytesIO(data),
            "x_scale": THUMBNAIL_SCALE,
            "y_scale": THUMBNAIL_SCALE,
            "x_offset": 3,
            "y_offset": 3,
            "object_position": 1,
            "description": document.id,
        }
        page.insert_image(*at, "crop.jpg", options)
        return True

    def _page(self, name: str, index: str, widths: Sequence[int]) -> Any:  # noqa: ANN401
        words, applicant = self._words, self._report.facts.applicant
        page = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.write_string(0, 0, f"{words.t('workpaper')} · {name}", self._title)
        page.set_row(0, 24)
        line = words.t(
            "sheet.line", applicant=applicant.name, project=applicant.project_name, index=index
        )
        page.write_string(1, 0, line, self._soft)
        page.write_string(2, 0, words.t("sign.line"), self._soft)
        page.set_landscape()
        page.set_paper(8 if index in {"TZ-2", "TZ-3", "TZ-9"} else 9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(2)
        if index != "TZ-1":
            page.repeat_rows(HEAD_ROW - 1)
        page.set_footer(f"&L{index}&C&P / &N&R{words.t('sign.footer')}")
        return page

    def _put(self, page: Any, row: int, column: int, value: Cell) -> None:  # noqa: ANN401
        weak = isinstance(value, Weak)
        plain = value.value if isinstance(value, Weak) else value
        if isinstance(plain, Jump):
            self._link(page, row, column, plain)
        elif isinstance(plain, Decimal):
            page.write_number(row, column, float(plain), self._weak_money if weak else self._money)
        elif isinstance(plain, date):
            day = datetime(plain.year, plain.month, plain.day)  # noqa: DTZ001 - a day on paper
            page.write_datetime(row, column, day, self._weak_date if weak else self._date)
        elif isinstance(plain, int):
            page.write_number(row, column, plain, self._number)
        else:
            text = (plain or "")[:LONGEST_TEXT]
            page.write_string(row, column, text, self._weak_text if weak else self._text)

    def _link(self, page: Any, row: int, column: int, jump: Jump) -> None:  # noqa: ANN401
        if jump.anchor:
            target = f"external:report.html#{jump.anchor}"
        else:
            target = f"internal:'{self._names[jump.sheet]}'!A{HEAD_ROW + max(jump.line, 1)}"
        page.write_url(row, column, target, self._jump, jump.text)


def height_of(values: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return the height in points that shows all of a row's wrapped text.

    Not every program fits rows to their text when it opens a file; the next row would cover it.
    """
    lines = max((_lines(v, w) for v, w in zip(values, widths, strict=False)), default=1)
    return min(lines * LINE_HEIGHT, TALLEST_ROW)


def _lines(value: Cell, width: int) -> int:
    plain = value.value if isinstance(value, Weak) else value
    if not isinstance(plain, str):
        return 1
    room = max(width - 1, 1)
    return sum(-(-max(_units(part), 1) // room) for part in plain.split("\n"))


def _units(text: str) -> int:
    """Return a text's width in Latin characters; a Chinese one is two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)  # noqa: PLR2004 - where Chinese begins


def _figure(value: Cell) -> Decimal:
    plain = value.value if isinstance(value, Weak) else value
    return plain if isinstance(plain, Decimal) else Decimal(0)

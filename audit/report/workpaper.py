"""``workpaper.xlsx``: the auditor's working paper, one sheet a matter.

Every cell that stems from input is written as text or number, never as a formula or link.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from audit.model import CaseReport, Document, DocumentKind, FileStatus, Reading, Severity
from audit.report.parts import Crop, Words, percent, place
from audit.report.verify_list import verify_rows

#: Fixed, so that the same case makes the same bytes.
CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a spreadsheet's property has no zone
MONEY_WIDTH, TEXT_WIDTH, LONG_WIDTH = 16, 18, 46
THUMBNAIL_LONGEST, THUMBNAIL_ROW = 260, 44
Cell = str | Decimal | date | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and width in characters."""

    title: str
    width: int = TEXT_WIDTH


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet ready to be written. ``index``: the working paper's index, e.g. ``TZ-3``."""

    name: str
    index: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def render_workpaper(report: CaseReport, crop: Crop, lang: str) -> bytes:
    """Return the workbook's bytes."""
    import xlsxwriter

    words = Words(lang)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": CREATED, "title": words.t("title")})
    writer = _Writer(book, words, report)
    writer.summary()
    for make in (
        _ledger,
        _invoices,
        _payments,
        _acceptance,
        _seals,
        _findings,
        _verify,
        _checklist,
        _files,
        _rules,
    ):
        sheet = make(report, words)
        writer.sheet(sheet, _thumbnails(report, crop) if make is _invoices else None)
    book.close()
    return buffer.getvalue()


class _Writer:
    """Lays out sheets with one set of formats."""

    def __init__(self, book: Any, words: Words, report: CaseReport) -> None:  # noqa: ANN401 - xlsxwriter is untyped
        base = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        self._book, self._words, self._report = book, words, report
        self._title = book.add_format({**base, "bold": True, "font_size": 14})
        self._soft = book.add_format({**base, "font_color": "#5B6573"})
        self._head = book.add_format(
            {
                **base,
                "bold": True,
                "bg_color": "#E8ECF1",
                "border": 1,
                "border_color": "#C7CED6",
                "text_wrap": True,
            }
        )
        cell = {**base, "border": 1, "border_color": "#DFE3E8"}
        self._text = book.add_format({**cell, "text_wrap": True, "num_format": "@"})
        self._money = book.add_format({**cell, "num_format": "#,##0.00"})
        self._number = book.add_format({**cell, "num_format": "0"})
        self._date = book.add_format({**cell, "num_format": "yyyy-mm-dd"})
        self._bold = book.add_format({**cell, "bold": True, "bg_color": "#F4F5F7"})

    def summary(self) -> None:
        """Write the first sheet: who, what, conclusions, waterfall, places to sign."""
        page = self._page(self._words.t("sheet.summary"), "TZ-1", (24, 34, 20, 20, 52))
        row = 3
        for label, value in _head_rows(self._report, self._words):
            page.write_string(row, 0, label, self._bold)
            self._put(page, row, 1, value)
            row += 1
        row += 1
        for table in (
            _conclusion_table(self._report, self._words),
            _waterfall_table(self._report, self._words),
        ):
            for column, title in enumerate(table[0]):
                page.write_string(row, column, str(title), self._head)
            for values in table[1:]:
                row += 1
                for column, value in enumerate(values):
                    self._put(page, row, column, value)
            row += 2
        for label in ("prepared_by", "prepared_on", "reviewed_by", "reviewed_on"):
            page.write_string(row, 0, self._words.t(f"sign.{label}"), self._bold)
            page.write_string(row, 1, "", self._text)
            row += 1

    def sheet(self, sheet: Sheet, thumbnails: Callable[[int], bytes | None] | None) -> None:
        """Write one table with a frozen header, filters and fitting widths."""
        widths = tuple(c.width for c in sheet.columns)
        page = self._page(sheet.name, sheet.index, widths)
        for column, head in enumerate(sheet.columns):
            page.write_string(3, column, head.title, self._head)
        for row, values in enumerate(sheet.rows, 4):
            for column, value in enumerate(values):
                self._put(page, row, column, value)
            if thumbnails is not None:
                self._thumbnail(page, row, len(values), thumbnails(row - 4))
        page.freeze_panes(4, 2)
        if sheet.rows:
            page.autofilter(3, 0, 3 + len(sheet.rows), len(sheet.columns) - 1)

    def _thumbnail(self, page: Any, row: int, column: int, data: bytes | None) -> None:  # noqa: ANN401
        if data is None:
            return
        page.set_row(row, THUMBNAIL_ROW)
        options = {
            "image_data": io.BytesIO(data),
            "x_scale": 0.45,
            "y_scale": 0.45,
            "x_offset": 3,
            "y_offset": 2,
            "object_position": 1,
        }
        page.insert_image(row, column, "crop.jpg", options)

    def _page(self, name: str, index: str, widths: Sequence[int]) -> Any:  # noqa: ANN401
        page = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.write_string(0, 0, name, self._title)
        applicant = self._report.facts.applicant
        page.write_string(
            1,
            0,
            self._words.t(
                "sheet.line", applicant=applicant.name, project=applicant.project_name, index=index
            ),
            self._soft,
        )
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)
        page.set_footer(f"&L{index}&C&P / &N&R{self._words.t('sign.footer')}")
        return page

    def _put(self, page: Any, row: int, column: int, value: Cell) -> None:  # noqa: ANN401
        if isinstance(value, Decimal):
            page.write_number(row, column, float(value), self._money)
        elif isinstance(value, date):
            page.write_datetime(
                row, column, datetime(value.year, value.month, value.day), self._date
            )  # noqa: DTZ001
        elif isinstance(value, int):
            page.write_number(row, column, value, self._number)
        else:
            page.write_string(row, column, (value or "")[:32000], self._text)


def _head_rows(report: CaseReport, words: Words) -> list[tuple[str, Cell]]:
    applicant = report.facts.applicant
    period = applicant.period
    return [
        (words.t("applicant"), applicant.name),
        (words.t("taxpayer_id"), applicant.taxpayer_id),
        (words.t("project"), applicant.project_name),
        (words.t("period"), f"{period[0]} – {period[1]}" if period else ""),
        (words.t("applied_on"), applicant.applied_on),
        (words.t("policy"), report.run.policy_title),
        (
            words.t("material"),
            words.t("material_count", files=len(report.facts.files), pages=len(report.facts.pages)),
        ),
        (words.t("run_at"), report.run.started),
    ]


def _conclusion_table(report: CaseReport, words: Words) -> list[tuple[Cell, ...]]:
    head = tuple(words.t(f"col.{c}") for c in ("clause", "item", "verdict", "interval", "why"))
    return [
        head,
        *(
            (
                c.clause,
                words.say(c.title),
                words.t(f"verdict.{c.verdict.value}"),
                " – ".join(dict.fromkeys(v for v in (c.low, c.high) if v)),
                "；".join([*(words.say(n) for n in c.notes), *c.decided_by]),
            )
            for c in report.conclusions
        ),
    ]


def _waterfall_table(report: CaseReport, words: Words) -> list[tuple[Cell, ...]]:
    table: list[tuple[Cell, ...]] = [
        (words.t("waterfall.title"), words.t("basis.incl"), words.t("basis.excl"))
    ]
    incl, excl = report.waterfall.incl, report.waterfall.excl
    for key in ("declared", "deducted", "pending", "supported"):
        table.append((words.t(f"waterfall.{key}"), getattr(incl, key), getattr(excl, key)))
    for (name, low), (_, other) in zip(incl.shares, excl.shares, strict=True):
        spans = [" – ".join(dict.fromkeys((percent(i.low), percent(i.high)))) for i in (low, other)]
        table.append((words.t(f"share.{name}"), *spans))
    return table


def _ledger(report: CaseReport, words: Words) -> Sheet:
    columns = (
        "number", "category", "name", "purpose", "supplier", "contract_number", "invoice_code",
        "invoice_number", "issue_date", "amount_with_tax", "amount_without_tax", "tax_amount",
        "payment_number", "payment_date", "remarks",
    )  # fmt: skip
    links = {link.row: link for link in report.links}
    by_row: dict[int, list[str]] = {}
    for finding in report.findings:
        for number in finding.subjects.rows:
            by_row.setdefault(number, []).append(finding.id)
    rows = []
    for row in report.facts.rows:
        link = links.get(row.row)
        paid = sum((p.amount for p in link.payments), Decimal(0)) if link else None
        rows.append(
            (
                row.row,
                words.t(f"role.{row.role.value}"),
                *(_cell(row.get(c)) for c in columns),
                "、".join(link.invoices) if link else "",
                paid,
                "、".join(p.document_id for p in link.payments) if link else "",
                "、".join(link.acceptance) if link else "",
                words.say(link.reason) if link else "",
                "、".join(by_row.get(row.row, [])),
                f"{row.file} {row.table} {row.table_row or ''}".strip(),
            )
        )
    heads = (
        Column(words.t("col.row"), 6), Column(words.t("col.role"), 8),
        *(Column(words.t(f"col.{c}"), MONEY_WIDTH if "amount" in c else TEXT_WIDTH) for c in columns),
        Column(words.t("col.invoices")), Column(words.t("col.paid"), MONEY_WIDTH), Column(words.t("col.payments")),
        Column(words.t("col.acceptance")), Column(words.t("col.reason"), LONG_WIDTH),
        Column(words.t("col.findings")), Column(words.t("col.place"), LONG_WIDTH),
    )  # fmt: skip
    return Sheet(words.t("sheet.ledger"), "TZ-2", heads, tuple(rows))


def _cell(reading: Reading) -> Cell:
    """Return money as a number and everything else as text: identifiers must not turn numeric."""
    value = reading.value
    return value if isinstance(value, Decimal | date) else (value or "")


def _document_sheet(
    report: CaseReport,
    words: Words,
    index: str,
    kinds: tuple[DocumentKind, ...],
    names: Sequence[str],
) -> Sheet:
    heads = [Column(words.t("col.id"), 7)]
    heads += [
        Column(words.t(f"field.{n}"), MONEY_WIDTH if "amount" in n or "total" in n else TEXT_WIDTH)
        for n in names
    ]
    heads += [Column(words.t("col.status"), 22), Column(words.t("col.place"), LONG_WIDTH)]
    rows = tuple(
        (d.id, *(_cell(d.get(n)) for n in names), _statuses(d, names, words), _where(d, words))
        for d in report.facts.of_kind(*kinds)
    )
    return Sheet(words.t(f"sheet.{kinds[0].value}"), index, tuple(heads), rows)


def _statuses(document: Document, names: Sequence[str], words: Words) -> str:
    """Name the fields that are not certain; empty when all are read."""
    weak = [
        n
        for n in names
        if document.get(n).status.value in {"doubtful", "missing"} and n in document.fields
    ]
    return "；".join(
        f"{words.t(f'field.{n}')}{words.t(f'status.{document.get(n).status.value}')}" for n in weak
    )


def _where(document: Document, words: Words) -> str:
    first = document.page_indexes[0] if document.page_indexes else 0
    return place(words, document.file, first)


def _invoices(report: CaseReport, words: Words) -> Sheet:
    names = (
        "invoice_code", "invoice_number", "issue_date", "amount_without_tax", "tax_amount",
        "total_with_tax", "buyer_name", "buyer_taxpayer_id", "seller_name", "seller_taxpayer_id",
        "check_code", "remarks",
    )  # fmt: skip
    sheet = _document_sheet(report, words, "TZ-3", (DocumentKind.VAT_INVOICE,), names)
    return Sheet(
        sheet.name, sheet.index, (*sheet.columns, Column(words.t("col.crop"), 26)), sheet.rows
    )


def _thumbnails(report: CaseReport, crop: Crop) -> Callable[[int], bytes | None]:
    invoices = report.facts.of_kind(DocumentKind.VAT_INVOICE)

    def thumbnail(row: int) -> bytes | None:
        document = invoices[row]
        page = document.page_indexes[0] if document.page_indexes else 0
        return crop(document.file, page, document.region, THUMBNAIL_LONGEST)

    return thumbnail


def _payments(report: CaseReport, words: Words) -> Sheet:
    names = (
        "bank_name", "payer_name", "payer_account", "payee_name", "payee_account", "amount",
        "payment_date", "purpose", "receipt_number", "serial_number",
    )  # fmt: skip
    kinds = (DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL)
    return _document_sheet(report, words, "TZ-4", kinds, names)


def _acceptance(report: CaseReport, words: Words) -> Sheet:
    names = (
        "project_name",
        "contract_number",
        "owner_name",
        "contractor_name",
        "acceptance_date",
        "conclusion",
    )
    return _document_sheet(report, words, "TZ-5", (DocumentKind.ACCEPTANCE_REPORT,), names)


def _seals(report: CaseReport, words: Words) -> Sheet:
    heads = tuple(
        Column(words.t(f"col.{c}"), LONG_WIDTH if c in {"text", "place", "reason"} else TEXT_WIDTH)
        for c in ("id", "seal_kind", "owner", "freshness", "text", "reason", "place")
    )
    rows = tuple(
        (
            s.id,
            words.t(f"seal_kind.{s.kind}"),
            words.t(f"seal_owner.{s.owner}"),
            words.t(f"freshness.{s.freshness}"),
            s.text,
            "；".join(words.say(r) for r in s.reasons),
            place(words, s.file, s.page_index),
        )
        for s in report.facts.seals
    )
    return Sheet(words.t("sheet.seals"), "TZ-6", heads, rows)


def _findings(report: CaseReport, words: Words) -> Sheet:
    groups = {i: g.id for g in report.groups for i in g.finding_ids}
    heads = tuple(
        Column(
            words.t(f"col.{c}"),
            LONG_WIDTH if c in {"message", "place", "request", "refuted_by"} else TEXT_WIDTH,
        )
        for c in (
            "id",
            "group",
            "rule",
            "severity",
            "verdict",
            "message",
            "expected",
            "found",
            "clause",
            "place",
            "request",
            "refuted_by",
            "decision",
        )
    )
    rows = tuple(
        (
            f.id,
            groups.get(f.id, ""),
            f.rule,
            words.t(f"severity.{f.severity.value}"),
            words.t("verdict.cue")
            if f.severity is Severity.D
            else words.t(f"verdict.{f.verdict.value}"),
            words.say(f.message),
            f.expected,
            f.found,
            f.clause,
            "；".join(dict.fromkeys(place(words, e.file, e.page_index) for e in f.evidence)),
            words.say(f.request),
            words.say(f.refuted_by),
            "",
        )
        for f in report.findings
    )
    return Sheet(words.t("sheet.findings"), "TZ-7", heads, rows)


def _verify(report: CaseReport, words: Words) -> Sheet:
    heads, rows = verify_rows(report, words)
    return Sheet(words.t("sheet.verify"), "TZ-8", tuple(Column(h) for h in heads), tuple(rows))


def _checklist(report: CaseReport, words: Words) -> Sheet:
    heads = (
        Column(words.t("col.clause")), Column(words.t("col.item"), LONG_WIDTH), Column(words.t("col.status")),
        Column(words.t("col.documents"), LONG_WIDTH), Column(words.t("col.why"), LONG_WIDTH),
    )  # fmt: skip
    rows = tuple(
        (
            c.clause,
            c.item,
            words.t(f"presence.{c.status}"),
            "、".join(c.document_ids),
            words.say(c.reason),
        )
        for c in report.checklist
    )
    return Sheet(words.t("sheet.checklist"), "TZ-9", heads, rows)


def _files(report: CaseReport, words: Words) -> Sheet:
    heads = (
        Column(words.t("col.file"), LONG_WIDTH), Column(words.t("col.pages"), 8), Column(words.t("col.status")),
        Column(words.t("col.problem"), LONG_WIDTH), Column("SHA-256", 68),
    )  # fmt: skip
    rows = tuple(
        (
            f.file,
            f.pages,
            words.t(f"file_status.{f.status.value}"),
            _join(words.code(p.code, **dict(p.params)) for p in f.problems),
            f.sha256,
        )
        for f in report.facts.files
        if f.status is not FileStatus.IGNORED
    )
    return Sheet(words.t("sheet.files"), "TZ-10", heads, rows)


def _rules(report: CaseReport, words: Words) -> Sheet:
    titles = {card.code: card.title for card in report.rules}
    heads = (
        Column(words.t("col.rule"), 8), Column(words.t("col.item"), LONG_WIDTH),
        *(Column(words.t(f"verdict.{v}"), 10) for v in ("pass", "fail", "undecided", "not_applicable")),
        Column(words.t("col.not_executed"), LONG_WIDTH),
    )  # fmt: skip
    rows = tuple(
        (
            o.rule,
            titles.get(o.rule, ""),
            o.passed,
            o.failed,
            o.undecided,
            o.not_applicable,
            words.say(o.not_executed),
        )
        for o in report.outcomes
    )
    return Sheet(words.t("sheet.rules"), "TZ-11", heads, rows)


def _join(texts: Iterable[str]) -> str:
    return "；".join(texts)

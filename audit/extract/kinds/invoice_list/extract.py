"""The list's head by its labels, its lines by their columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from audit.extract import cells
from audit.extract.cells import Parsed, cell_candidate, cell_reading
from audit.extract.checks import column_sums
from audit.extract.found import value_of
from audit.extract.glance import glance
from audit.extract.labels import Label, find_labels, fold
from audit.extract.ladder import reconcile, upgrade
from audit.extract.layout import rows, sheet_of
from audit.extract.registry import Claim, Extraction
from audit.extract.tables import Grid, GridCell, grids_of, loose_grid
from audit.model import (
    MISSING,
    Candidate,
    Document,
    DocumentKind,
    InvoiceItem,
    PageContent,
    PageMode,
    Reading,
    SecondLook,
    Status,
    Value,
    say,
)
from audit.text.dates import parse_date
from audit.text.money import parse_amount
from audit.text.names import looks_like_company

FIELDS = (
    "invoice_code",
    "invoice_number",
    "issue_date",
    "buyer_name",
    "seller_name",
    "amount_without_tax",
    "tax_amount",
)
_TITLE = re.compile(
    r"销货清单|销售货物或者?提供应税(劳务|服务).{0,8}清单|销售(货物)?清单$|^货物清单$|应税(劳务|行为).{0,10}清单"
)
_LABELS = (
    Label("buyer_name", ("购买方名称", "购货单位名称", "购货单位", "购买方")),
    Label("seller_name", ("销售方名称", "销货单位名称", "销货单位", "销售方")),
    Label("invoice_code", ("所属增值税发票代码", "增值税发票代码", "发票代码"), r"\d{10,12}"),
    Label(
        "invoice_number",
        ("所属增值税发票号码", "增值税发票号码", "发票号码", "号码"),
        r"\d{8}(\d{12})?",
    ),
    Label("issue_date", ("填开日期", "开票日期", "开具日期"), r"20\d\d.*"),
)
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"^序号?$")),
    ("name", re.compile(r"名称|品名|项目")),
    ("specification", re.compile(r"规格|型号")),
    ("unit", re.compile(r"^单位$|计量单位")),
    ("quantity", re.compile(r"数量")),
    ("unit_price", re.compile(r"单价")),
    ("tax_rate", re.compile(r"税率|征收率")),
    ("tax", re.compile(r"税额")),
    ("amount", re.compile(r"金额")),
)
_SUM = re.compile(r"^(小计|合计|总计|本页小计|共计)")
_LEAST_HEADINGS = 4
_LONGEST_HEADING = 14
_TEXTS = frozenset({"name", "specification", "unit"})
_RATE = re.compile(r"^(\d{1,2}(?:\.\d+)?)%$")


def classify(content: PageContent) -> Claim | None:
    """Return the claim on a page, ``None`` to decline."""
    seen = glance(content)
    if not any(len(row) <= 40 and _TITLE.search(row) for row in seen.rows[:6]):  # noqa: PLR2004
        return None
    if _table(content) is None:
        return None
    number, _ = seen.page_of
    return Claim(0.96, (say("invoice_list.is.title"),), continues=number > 1)


def extract_list(content: PageContent, _: tuple[SecondLook, ...]) -> Extraction:
    """Return the list with its lines; its totals are bound to the lines' sum."""
    index = content.page.page_index
    fields = _head(content)
    items: tuple[InvoiceItem, ...] = ()
    found = _table(content)
    if found is not None:
        items, sums = _lines(*found, index)
        fields |= sums
        items = _bound(items, fields)
    document = Document(
        kind=DocumentKind.INVOICE_LIST,
        page_indexes=(index,),
        fields={f: fields[f] for f in FIELDS if f in fields},
        items=items,
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )
    return Extraction((document,))


def _head(content: PageContent) -> dict[str, Reading]:
    sheet = sheet_of(content)
    spots = find_labels(sheet, _LABELS)
    candidates: dict[str, list[Candidate]] = {}
    for spot in spots:
        found = value_of(sheet, spot, spots)
        value = _value(spot.field, found.text) if found is not None else None
        if found is not None and value is not None:
            candidate = found.candidate(value, content.page.page_index)
            candidates.setdefault(spot.field, []).append(candidate)
    return {field: reconcile(field, found[:1]) for field, found in candidates.items()}


def _value(field: str, text: str) -> Value | None:
    if field == "issue_date":
        return parse_date(text)
    if field.endswith("_name"):
        name = cells.words(text).value
        return name if isinstance(name, str) and looks_like_company(name) else None
    return fold(text)[0] or None


def _table(content: PageContent) -> tuple[Grid, int, dict[str, int]] | None:
    """Return the grid with the goods, the row of its headings, and columns by field."""
    for grid in grids_of(content):
        for row in range(min(grid.row_count, 12)):
            columns = _columns(grid, row)
            if len(columns) >= _LEAST_HEADINGS and "amount" in columns:
                return grid, row, columns
    sheet = sheet_of(content)
    for printed in rows(sheet.lines):
        named = {_field(fold(line.text)[0]) for line in printed} - {""}
        if len(named) >= _LEAST_HEADINGS and "amount" in named:
            grid = loose_grid(sheet, printed)
            return grid, 0, _columns(grid, 0)
    return None


def _columns(grid: Grid, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for cell in grid.row(row):
        field = _field(fold(cell.joined)[0])
        if field:
            found.setdefault(field, cell.column)
    return found


def _field(heading: str) -> str:
    if not heading or len(heading) > _LONGEST_HEADING:
        return ""
    return next((field for field, pattern in _COLUMNS if pattern.search(heading)), "")


def _lines(
    grid: Grid, head: int, columns: dict[str, int], page_index: int
) -> tuple[tuple[InvoiceItem, ...], dict[str, Reading]]:
    items: list[InvoiceItem] = []
    sums: dict[str, Reading] = {}
    for row in range(head + 1, grid.row_count):
        own = {f: grid.at(row, c) for f, c in columns.items()}
        first = next((c for c in grid.row(row) if c.text), None)
        if first is None:
            continue
        if any(_SUM.match(fold(c.joined)[0]) for c in grid.row(row)):
            sums |= {
                name: _read(f, own.get(f), page_index)
                for f, name in (("amount", "amount_without_tax"), ("tax", "tax_amount"))
            }
            continue
        amount, name = own.get("amount"), own.get("name")
        if amount is None or not amount.text or name is None or not name.text:
            continue
        readings: dict[str, Any] = {
            f: _read(f, own.get(f), page_index) for f in columns if f != "number"
        }
        items.append(InvoiceItem(**readings))
    return tuple(items), {f: r for f, r in sums.items() if r.status is not Status.MISSING}


def _read(field: str, cell: GridCell | None, page_index: int) -> Reading:
    if cell is None or not cell.text.strip():
        return MISSING
    parsed = _parse(field, cell)
    return cell_reading(field, parsed, [cell_candidate(cell, parsed.value, page_index)])


def _parse(field: str, cell: GridCell) -> Parsed:
    if field in _TEXTS:
        return cells.words(cell.text)
    folded = fold(cell.joined)[0]
    if field == "tax_rate":
        match = _RATE.match(folded)
        rate = Decimal(match.group(1)) / 100 if match else cell.number
        return Parsed(rate if rate is not None else folded)
    if field in {"quantity", "unit_price"}:
        return cells.figure(cell.text, cell.number)
    return Parsed(parse_amount(folded)) if cell.number is None else cells.money("", cell.number)


def _bound(items: Sequence[InvoiceItem], fields: dict[str, Reading]) -> tuple[InvoiceItem, ...]:
    """Return the lines, unsure amounts lifted whose column makes the printed total."""
    net, tax = fields.get("amount_without_tax", MISSING), fields.get("tax_amount", MISSING)
    lifted = list(items)
    for column, total in (("amount", net), ("tax", tax)):
        parts: list[Reading] = [getattr(item, column) for item in lifted]
        if total.usable and column_sums(parts, total):
            reason = say("vat_invoice.lines_add_up", total=f"{total.amount:f}")
            for i, part in enumerate(parts):
                if part.status is Status.DOUBTFUL:
                    changed: dict[str, Any] = {column: upgrade(part, reason, Status.READ)}
                    lifted[i] = replace(lifted[i], **changed)
    return tuple(lifted)

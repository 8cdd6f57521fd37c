"""A page of an investment ledger to its document and rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from audit.extract import cells
from audit.extract.cells import ONE, WAN, cell_candidate
from audit.extract.kinds.investment_ledger.labels import (
    COMPANY_LABEL,
    MONEY,
    PROJECT_LABEL,
    UNIT_LINE,
)
from audit.extract.kinds.investment_ledger.rows import (
    Setting,
    read_rows,
    settle_roles,
    wish_name,
)
from audit.extract.kinds.investment_ledger.sources import Source, find_sources
from audit.extract.kinds.investment_ledger.sums import broken_columns, settle_rows
from audit.extract.kinds.investment_ledger.values import Answers, wish
from audit.extract.labels import fold
from audit.extract.ladder import reconcile
from audit.extract.registry import Extraction
from audit.extract.tables import GridCell
from audit.model import (
    MISSING,
    Document,
    DocumentKind,
    LedgerRow,
    Message,
    PageContent,
    PageMode,
    ReadAgain,
    Reading,
    SecondLook,
)
from audit.text.names import looks_like_company

FIELDS = ("company_name", "project_name", "unit")
_TITLE_PARTS = re.compile(
    r"^(?:附件\d*[:：]?)?(?:关于)?(?P<company>.{4,40}?(?:公司|厂|集团|研究院|中心))?(?:关于)?"
    r"(?P<project>.{4,40}?项目)?(?:实际|的|完成|固定资产)*(?:投资|投入|购置|发票|资金|费用)"
)
#: At most so many cells of a page are looked at again.
_MOST_LOOKS = 120


def extract_ledger(content: PageContent, looks: tuple[SecondLook, ...]) -> Extraction:
    """Return the ledger's document and its rows; doubtful cells of a scan are looked at again."""
    found = find_sources(content)
    answers = _answers(looks)
    rows: list[LedgerRow] = []
    asks: list[ReadAgain] = []
    for order, source in enumerate(found.sources):
        unit = _unit(source, content.page.page_index)
        setting = Setting(
            content.page.page_index,
            WAN if unit.value == "万元" else ONE,
            answers,
            source.grid.name,
            order,
        )
        read = read_rows(source.grid, source.columns, setting)
        settled = settle_rows(settle_roles([f.row for f in read]))
        if not looks:
            asks += _wishes(settled, [f.grid_row for f in read], order)
        rows += settled
    return Extraction((_document(content, found.sources),), tuple(rows), tuple(asks))


def _answers(looks: Iterable[SecondLook]) -> Answers:
    found: dict[str, list[SecondLook]] = defaultdict(list)
    for look in looks:
        found[look.wish.field_name].append(look)
    return found


def _wishes(
    rows: Sequence[LedgerRow], grid_rows: Sequence[int], order: int
) -> tuple[ReadAgain, ...]:
    """Return the second looks at doubtful cells, and at all amounts of a column that breaks."""
    broken = broken_columns(rows)
    asks: dict[str, ReadAgain] = {}
    for row, grid_row in zip(rows, grid_rows, strict=True):
        for field, reading in row.cells.items():
            name = wish_name(order, grid_row, field)
            asked = wish(reading, field, name, doubted=field in broken)
            if asked is not None:
                asks[name] = asked
    return tuple(asks.values())[:_MOST_LOOKS]


def _document(content: PageContent, sources: Sequence[Source]) -> Document:
    page_index = content.page.page_index
    around = [cell for s in sources for cell in (*s.around, *s.below)]
    unit = next((u for s in sources if (u := _unit(s, page_index)).value), MISSING)
    company, project = _names(around, page_index)
    fields = {"company_name": company, "project_name": project, "unit": unit}
    reasons: tuple[Message, ...] = tuple(s.columns.message() for s in sources)
    return Document(
        kind=DocumentKind.INVESTMENT_LEDGER,
        page_indexes=(page_index,),
        fields={f: r for f, r in fields.items() if r.value is not None},
        reasons=reasons,
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )


def _unit(source: Source, page_index: int) -> Reading:
    """Return the unit of the table's money: said above it, else in a heading."""
    for cell in source.around:
        match = UNIT_LINE.search(fold(cell.joined)[0])
        if match is not None:
            return _plain(cell, match.group("v"), page_index, "unit")
    for factor, field in zip(source.columns.factors, source.columns.fields, strict=True):
        if factor is not None and field in MONEY:
            index = source.columns.fields.index(field)
            heading = source.grid.at(source.columns.bottom - 1, index)
            if heading is not None:
                return _plain(heading, "万元" if factor == WAN else "元", page_index, "unit")
    return MISSING


def _plain(cell: GridCell, value: str, page_index: int, field: str) -> Reading:
    return reconcile(field, [cell_candidate(cell, value, page_index)])


def _names(around: Sequence[GridCell], page_index: int) -> tuple[Reading, Reading]:
    """Return company and project: beside their labels, else from the title."""
    company = _labelled(around, COMPANY_LABEL, page_index, "company_name")
    project = _labelled(around, PROJECT_LABEL, page_index, "project_name")
    for cell in around:
        match = _TITLE_PARTS.match(fold(cell.joined)[0])
        if match is None:
            continue
        name = match.group("company")
        if company.value is None and name and looks_like_company(name):
            company = _plain(cell, name, page_index, "company_name")
        if project.value is None and match.group("project"):
            project = _plain(cell, match.group("project"), page_index, "project_name")
    return company, project


def _labelled(
    around: Sequence[GridCell], label: re.Pattern[str], page_index: int, field: str
) -> Reading:
    for i, cell in enumerate(around):
        match = label.match(fold(cell.joined)[0])
        if match is None:
            continue
        value = match.group("v")
        if value:
            text = cells.words(value).value
            if text and (field != "company_name" or looks_like_company(value)):
                return _plain(cell, value, page_index, field)
            continue
        after = next((c for c in around[i + 1 :] if c.row == cell.row and c.row >= 0), None)
        if after is not None and after.text:
            return _plain(after, str(cells.words(after.text).value), page_index, field)
    return MISSING

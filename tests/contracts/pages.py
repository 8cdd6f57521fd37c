"""Pages of every kind, good and damaged: what any kind must bear being shown."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from audit.model import (
    Box,
    Cell,
    CodePayload,
    Origin,
    Page,
    PageContent,
    PageMode,
    Table,
    TextLine,
)
from tests.extract.kinds.application_form.forms import ROWS
from tests.extract.kinds.grids import ruled, sheet, workbook
from tests.extract.kinds.investment_ledger.test_ledger import CASES
from tests.extract.kinds.investment_ledger.test_pages import HEADER, TITLE, TOTAL
from tests.extract.kinds.investment_ledger.test_pages import ROWS as LEDGER_ROWS
from tests.extract.kinds.invoice_list import test_list
from tests.extract.kinds.sheets import text_page
from tests.extract.kinds.test_confusable import LATER, TITLED
from tests.extract.kinds.test_plan_and_commitment import CHAPTERS, COMMITMENT, COVER
from tests.extract.kinds.vat_invoice.faces import Values, content, digital, paper, scanned

_NOWHERE = Page("0" * 64, 0, PageMode.COLOUR)


@cache
def known_pages() -> Mapping[str, PageContent]:
    """Return a page of every kind by a name that says what it is."""
    pages = {f"titled: {name}": text_page(text, title=title) for name, title, text, _ in TITLED}
    pages |= {f"later: {name}": text_page(text) for name, text, _ in LATER}
    pages |= {f"sheet: {case['name']}": workbook(sheet(case["rows"])) for case in CASES}
    form = [(*row, *[""] * (4 - len(row))) for row in ROWS]
    pages |= {
        "paper invoice": content(paper(Values())),
        "scanned invoice": content(scanned(paper(Values()))),
        "digital invoice": content(digital(Values(code="", number="24502000000012345679"))),
        "scanned ledger": ruled([HEADER, *LEDGER_ROWS, TOTAL], above=[TITLE]),
        "ledger without header": ruled([*LEDGER_ROWS, TOTAL], index=1),
        "form": ruled(form, above=["2024年工业互联网新模式示范项目申报表"]),
        "list of goods": ruled(
            [test_list.HEAD, *test_list.LINES, test_list.SUM], above=test_list.ABOVE
        ),
        "plan": text_page(COVER),
        "chapters": text_page(CHAPTERS),
        "commitment": text_page(COMMITMENT, title="承诺书"),
    }
    return pages


def empty_pages() -> Iterator[PageContent]:
    """Yield pages on which there is nothing to read."""
    yield PageContent(_NOWHERE)
    yield PageContent(_NOWHERE, lines=(TextLine("   ", Box(0.1, 0.1, 0.2, 0.2), Origin.OCR),))
    yield PageContent(_NOWHERE, tables=(Table("", ()),))
    yield PageContent(_NOWHERE, tables=(Table("x", (Cell(0, 0, ""),), hidden=True),))
    yield PageContent(_NOWHERE, codes=(CodePayload("https://example.cn", Box(0, 0, 1, 1)),))


def damaged(page: PageContent, seed: int) -> PageContent:
    """Return a page as bad scanning leaves it: lines lost, cut, garbled, moved; cells likewise."""
    rng = random.Random(seed)
    lines = [_spoilt(line, rng) for line in page.lines if rng.random() > 0.15]
    rng.shuffle(lines)
    tables = tuple(
        replace(
            table,
            cells=tuple(
                replace(c, text=_garbled(c.text, rng), number=None)
                for c in table.cells
                if rng.random() > 0.15
            ),
        )
        for table in page.tables
    )
    return replace(page, lines=tuple(lines), tables=tables)


def _spoilt(line: TextLine, rng: random.Random) -> TextLine:
    shift = rng.uniform(-0.01, 0.01)
    box = replace(line.box, left=line.box.left + shift, right=line.box.right + shift)
    flat = rng.random() < 0.05
    if flat:
        box = replace(box, bottom=box.top, right=box.left)
    text = _garbled(line.text, rng)
    return replace(line, text=text, box=box, char_edges=(), confidence=rng.random())


def _garbled(text: str, rng: random.Random) -> str:
    chars = [rng.choice("0O○口8日.，|（é") if rng.random() < 0.06 else c for c in text]
    start = rng.randrange(len(chars) + 1) if rng.random() < 0.08 else 0
    return "".join(chars[start:])

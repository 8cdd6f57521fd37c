"""The application form: is this page one, and what does it say?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from audit.extract.cells import cell_candidate
from audit.extract.kinds.application_form.form import read_form
from audit.extract.kinds.application_form.labels import LABELS, OPTIONS, YEARS
from audit.extract.kinds.application_form.values import read_answer
from audit.extract.labels import fold
from audit.extract.ladder import reconcile
from audit.extract.registry import Claim, Extraction
from audit.extract.tables import GridCell, grids_of
from audit.model import (
    MISSING,
    Document,
    DocumentKind,
    Look,
    Message,
    Origin,
    PageContent,
    PageMode,
    ReadAgain,
    Reading,
    SecondLook,
    Status,
    say,
)
from audit.text.dates import parse_date

FIELDS = (
    *(f for field, _ in LABELS for f in ([f"{field}{y}" for y in YEARS] if field[-1] == "_" else [field])),
    "commitment_date",
)  # fmt: skip
_TITLE = re.compile(r"示范项目申报表|项目申报表|项目申报书|项目申请表|^.{0,30}申报表$")
_COMMITMENT = re.compile(r"真实性承诺|我单位申报的|法定代表人签章|失信名单")
_OWN = re.compile(
    r"所属产业集群|企业痛点|项目是否已建设完成|申报方向|项目已投资金额|近三年发展情况|应用场景|提质增效情况|IaaS部署"
)
_FEW, _SOME, _MANY = 2, 4, 8
_DATE = re.compile(r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|20\d\d[-./]\d{1,2}[-./]\d{1,2}")
_LONG = frozenset({"company_intro", "project_intro", "pain_points", *OPTIONS})
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})


def classify(content: PageContent) -> Claim | None:
    """Return the claim on a page, ``None`` to decline."""
    text = _text(content)
    own = set(_OWN.findall(text))
    signs = set(_COMMITMENT.findall(text))
    title = _title(content)
    if not own and not title and len(signs) < _FEW:
        return None
    labels = read_form(content).labels
    count = len(labels) + len(signs)
    if title and len(labels) >= _FEW:
        return Claim(0.97, (say("application_form.is.title", title=title),))
    if not own and len(signs) < _FEW:
        return None
    if count < _SOME and len(own) < _FEW and len(signs) < _FEW:
        return None
    score = 0.94 if count >= _MANY else 0.8 if count >= _SOME else 0.66
    reason: Message = say("application_form.is.labels", count=count)
    return Claim(score, (reason,), continues="company_name" not in labels)


def _text(content: PageContent) -> str:
    lines = [line.text for line in content.lines]
    lines += [cell.text for table in content.tables if not table.hidden for cell in table.cells]
    return fold("\n".join(lines))[0]


def _title(content: PageContent) -> str:
    tops = sorted(content.lines, key=lambda line: line.box.top)[:6]
    texts = [fold(line.text)[0] for line in tops]
    texts += [fold(c.text)[0] for t in content.tables for c in t.cells if c.row < 3]  # noqa: PLR2004
    return next((t for t in texts if len(t) <= 40 and _TITLE.search(t)), "")  # noqa: PLR2004


def extract_form(content: PageContent, looks: tuple[SecondLook, ...]) -> Extraction:
    """Return the form's fields on this page; doubtful short fields of a scan are looked at again."""
    page_index = content.page.page_index
    answers: dict[str, list[SecondLook]] = defaultdict(list)
    for look in looks:
        answers[look.wish.field_name].append(look)
    fields: dict[str, Reading] = {}
    asks: list[ReadAgain] = []
    for answer in read_form(content).answers:
        reading = read_answer(answer, page_index, answers[answer.field])
        if reading is MISSING:
            continue
        fields[answer.field] = reading
        if not looks and _worth(answer.field, reading) and answer.cell.box is not None:
            asks.append(ReadAgain(answer.field, answer.cell.box, Look.LARGER))
    day = commitment_date(content)
    if day.value is not None or day.raw:
        fields["commitment_date"] = day
    document = Document(
        kind=DocumentKind.APPLICATION_FORM,
        page_indexes=(page_index,),
        fields={name: fields[name] for name in FIELDS if name in fields},
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )
    return Extraction((document,), asks=tuple(asks))


def _worth(field: str, reading: Reading) -> bool:
    pixels = bool(reading.sources) and reading.sources[0].origin in _PIXELS
    return pixels and reading.status is Status.DOUBTFUL and field not in _LONG


def commitment_date(content: PageContent) -> Reading:
    """Return the date under the commitment: the last one on a page that holds its words."""
    cells = _commitment_cells(content)
    whole = "".join(cell.joined for cell in cells)
    if not _COMMITMENT.search(fold(whole)[0]):
        return MISSING
    for cell in reversed(cells):
        found = _DATE.findall(cell.joined)
        if found:
            source = cell_candidate(cell, parse_date(found[-1]), content.page.page_index)
            return reconcile("commitment_date", [source])
    return MISSING


def _commitment_cells(content: PageContent) -> Sequence[GridCell]:
    """Return lines (or cells, where there are no lines) from the commitment's first words on."""
    if content.lines:
        ordered = sorted(content.lines, key=lambda line: (line.box.top, line.box.left))
        cells = [
            GridCell(0, 0, x.text, x.origin, confidence=x.confidence, box=x.box) for x in ordered
        ]
    else:
        cells = [cell for grid in grids_of(content) for cell in grid.cells]
    first = next((i for i, c in enumerate(cells) if _COMMITMENT.search(fold(c.joined)[0])), None)
    return cells[first:] if first is not None else []

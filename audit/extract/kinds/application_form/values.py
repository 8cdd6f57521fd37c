"""A cell of the application form to the value of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.extract import cells
from audit.extract.cells import WAN, Parsed, cell_candidate
from audit.extract.kinds.application_form.labels import FIGURES, MONEY, OPTIONS
from audit.extract.labels import fold
from audit.extract.ladder import doubt, reconcile
from audit.extract.tables import GridCell
from audit.extract.ticks import read_choice
from audit.model import (
    MISSING,
    Candidate,
    Message,
    Origin,
    Reading,
    SecondLook,
    Status,
    Value,
    say,
)

_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
#: What the template prints where the applicant should write.
_TEMPLATE = re.compile(
    r"^(例[:：].*|是/否|[xX×]{2,}.{0,4}|省市/?区?|企业主营业务、行业特点.*|年月日|1?\.?采用了什么技术.*)$"
)
_LEVEL = re.compile(r"(?P<v>[一二三四五12345])级")
_DIGITS = dict(zip("12345", "一二三四五", strict=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands beside a label: the cell, and what the label says of its unit."""

    field: str
    cell: GridCell
    factor: Decimal | None = None

    @property
    def kind(self) -> str:
        """The field without its year."""
        return re.sub(r"20\d\d$", "", self.field)


def read_answer(answer: Answer, page_index: int, looks: Sequence[SecondLook]) -> Reading:
    """Return the reading of a field from its cell and the second looks at it."""
    cell = answer.cell
    folded = fold(cell.joined)[0]
    if not folded:
        return MISSING
    if answer.kind in OPTIONS:
        return _chosen(answer, page_index)
    if _TEMPLATE.match(folded):
        source = cell_candidate(cell, None, page_index)
        reason = say("application_form.template", raw=cell.joined)
        return Reading(None, cell.joined, Status.MISSING, 0.0, (source,), (reason,))
    parsed = parse(answer.kind, cell.text, cell.number, answer.factor)
    if cell.day is not None and answer.kind.endswith("_date"):
        parsed = Parsed(cell.day)
    candidates = [cell_candidate(cell, parsed.value, page_index)]
    for look in looks:
        if look.text.strip():
            again = parse(answer.kind, look.text, None, answer.factor)
            candidates.append(cells.look_candidate(look, again.value, page_index))
    return cells.cell_reading(answer.field, parsed, candidates)


def parse(field: str, text: str, number: Decimal | None, factor: Decimal | None) -> Parsed:
    """Return what a text says for a field; amounts of the form are in 万元 unless it says 元."""
    if field in MONEY:
        parsed = cells.money(text, number, WAN if factor is None else factor)
        told = factor is not None or "元" in text or parsed.value is None
        return parsed if told else replace(parsed, notes=(say("application_form.no_unit"),))
    if field in FIGURES:
        return cells.figure(text, number)
    if field.endswith("_date"):
        return _date(text, number)
    parser = _TEXTS.get(field, cells.words)
    return parser(text)


def _date(text: str, number: Decimal | None) -> Parsed:
    """Return a date; a month alone stays text, since no day is printed."""
    parsed = cells.day(text, number)
    if parsed.value is not None:
        return parsed
    month = re.fullmatch(r"\d{4}年\d{1,2}月(份)?|\d{4}[./-]\d{1,2}|\d{4}年", fold(text)[0])
    return Parsed(fold(text)[0]) if month is not None else parsed


def _level(text: str) -> Parsed:
    match = _LEVEL.search(fold(text)[0])
    if match is not None:
        return Parsed(_DIGITS.get(match.group("v"), match.group("v")) + "级")
    plain = re.fullmatch(r"[一二三四五1-5]", fold(text)[0])
    return Parsed(_DIGITS.get(plain[0], plain[0]) + "级") if plain else Parsed(None)


def _several_lines(text: str) -> Parsed:
    joined = "\n".join(part.strip() for part in text.splitlines() if part.strip())
    return Parsed(joined or None)


def _period(text: str) -> Parsed:
    return Parsed("".join(text.split()) or None)


_TEXTS: Mapping[str, Callable[[str], Parsed]] = {
    "maturity_level": _level,
    "period": _period,
    "company_intro": _several_lines,
    "project_intro": _several_lines,
    "pain_points": _several_lines,
}


def _chosen(answer: Answer, page_index: int) -> Reading:
    """Return the options ticked, joined by 、; what is not to be made out is doubtful."""
    cell, field = answer.cell, answer.kind
    pixels = cell.origin in _PIXELS
    if field == "completed":
        return _completed(cell, page_index)
    found = read_choice(cell.text, OPTIONS[field], fuzzy=pixels)
    if found.ticked:
        # The options are known words and the marks are seen in the pixels: how surely the
        # characters between them were read decides nothing.
        reading = _reading(field, cell, "、".join(found.ticked), page_index, floor=0.0)
        lost = pixels and bool(found.unmarked)
        return doubt(reading, say("application_form.tick_unclear")) if lost else reading
    if not found.boxes and not found.empty:
        # The other options were deleted, or the choice was written out.
        value = "、".join(found.unmarked) if len(found.unmarked) < len(OPTIONS[field]) else None
        return _reading(field, cell, value or cells.words(cell.text).value, page_index)
    return _unticked(cell, page_index, doubtful=pixels)


def _completed(cell: GridCell, page_index: int) -> Reading:
    folded = fold(cell.joined)[0]
    if folded in {"是/否", "是否"}:
        source = cell_candidate(cell, None, page_index)
        reason = say("application_form.template", raw=cell.joined)
        return Reading(None, cell.joined, Status.MISSING, 0.0, (source,), (reason,))
    found = read_choice(cell.text, ("是", "否"))
    if len(found.ticked) == 1:
        return _reading("completed", cell, found.ticked[0], page_index)
    if found.boxes:
        return _unticked(cell, page_index, doubtful=cell.origin in _PIXELS)
    done = re.fullmatch(r"是.{0,8}|(已|均已|全部)?(建设)?(建成|完成|完工).{0,6}", folded)
    undone = re.match(r"否|未|没有|尚未|在建", folded)
    value = "是" if done else "否" if undone else None
    return _reading("completed", cell, value, page_index)


def _unticked(cell: GridCell, page_index: int, *, doubtful: bool) -> Reading:
    source = cell_candidate(cell, None, page_index)
    key = "application_form.tick_unclear" if doubtful else "application_form.no_tick"
    status = Status.DOUBTFUL if doubtful else Status.MISSING
    reasons: tuple[Message, ...] = (say(key),)
    return Reading(None, cell.joined, status, 0.0, (source,), reasons)


def _reading(
    field: str,
    cell: GridCell,
    value: Value | None,
    page_index: int,
    floor: float | None = None,
) -> Reading:
    candidates: list[Candidate] = [cell_candidate(cell, value, page_index)]
    return reconcile(field, candidates, floor)

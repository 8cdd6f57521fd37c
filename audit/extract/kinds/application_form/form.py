"""A page of the application form: every label with what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.extract.cells import ONE, WAN
from audit.extract.found import value_of
from audit.extract.kinds.application_form.labels import EITHER_NAME, HEADS, LABELS, YEARS
from audit.extract.kinds.application_form.values import Answer
from audit.extract.labels import Label, find_labels, fold, one_edit
from audit.extract.layout import sheet_of
from audit.extract.tables import Grid, GridCell, grids_of
from audit.model import Origin, PageContent

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BY_LABEL = {fold(word)[0].lower(): field for field, words in LABELS for word in words}
_HEADS = {fold(word)[0] for word in HEADS}
_LEAST_FUZZY = 4
_LONGEST_LABEL = 26
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})
_YEAR = re.compile(r"^(20\d\d)年?度?$")


@dataclass(frozen=True, slots=True)
class Form:
    """The answers of a page by field, in reading order, and how many labels were seen."""

    answers: tuple[Answer, ...]
    labels: frozenset[str]


def read_form(content: PageContent) -> Form:
    """Return the form's labels on a page and the cells that answer them."""
    answers: list[Answer] = []
    labels: set[str] = set()
    for grid in grids_of(content):
        for field, label in _labels(grid):
            labels.add(field)
            answers += _beside(grid, field, label)
    if not labels:
        return _from_lines(content)
    return Form(_first_of_each(answers), frozenset(labels))


def _first_of_each(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return one answer a field: the first that says something."""
    found: dict[str, Answer] = {}
    for answer in answers:
        known = found.get(answer.field)
        if known is None or (not known.cell.text.strip() and answer.cell.text.strip()):
            found[answer.field] = answer
    return tuple(found.values())


def _labels(grid: Grid) -> Iterator[tuple[str, GridCell]]:
    provider = False
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        text = _bare(cell.joined)
        if "服务商" in text and len(text) < _LONGEST_LABEL:
            provider = True
        if text == EITHER_NAME:
            row = {_bare(c.joined) for c in grid.row(cell.row)}
            yield ("provider_name" if provider or "所属省份" in row else "company_name"), cell
            continue
        field = _field(text, fuzzy=cell.origin in _PIXELS)
        if field:
            yield field, cell


def _bare(text: str) -> str:
    """Return a label without brackets, colon and 其中."""
    folded = fold(text)[0]
    bare = _BRACKETS.sub("", folded)
    return re.sub(r"^(其中:?)|[:]$", "", bare).strip(":")


def _field(text: str, *, fuzzy: bool) -> str:
    if not text or len(text) > _LONGEST_LABEL:
        return ""
    exact = _BY_LABEL.get(text.lower())
    if exact is not None:
        return exact
    if fuzzy and len(text) >= _LEAST_FUZZY:
        long = ((w, f) for w, f in _BY_LABEL.items() if len(w) >= _LEAST_FUZZY)
        near = {field for word, field in long if one_edit(text.lower(), word)}
        if len(near) == 1:
            return near.pop()
    return ""


def _beside(grid: Grid, field: str, label: GridCell) -> Iterator[Answer]:
    factor = _factor(label.joined)
    if field.endswith("_"):
        yield from _by_year(grid, field, label, factor)
        return
    cell = grid.at(label.row, label.column + label.column_span)
    inside = re.match(r"^[^:：]{2,26}[:：](?P<v>.+)$", label.joined)
    if (cell is None or _is_label(cell)) and inside is not None:
        yield Answer(field, _part(label, inside.group("v")), factor)
    elif cell is not None and not _is_label(cell):
        yield Answer(field, cell, factor)


def _part(cell: GridCell, text: str) -> GridCell:
    return GridCell(
        cell.row, cell.column, text, cell.origin, confidence=cell.confidence, box=cell.box
    )  # fmt: skip


def _is_label(cell: GridCell) -> bool:
    text = _bare(cell.joined)
    return text == EITHER_NAME or text in _HEADS or bool(_field(text, fuzzy=False))


def _factor(label: str) -> Decimal | None:
    folded = fold(label)[0]
    if "万元" in folded:
        return WAN
    return ONE if "元" in folded else None


def _by_year(grid: Grid, field: str, label: GridCell, factor: Decimal | None) -> Iterator[Answer]:
    """Yield a row's values by the years printed over them, else in order of the last three years."""
    places = _year_places(grid, label.row)
    found: list[tuple[str, GridCell | None]]
    if places:
        found = [(year, grid.at(label.row, column)) for year, column in places.items()]
    else:
        right = [c for c in grid.row(label.row) if c.column > label.column]
        found = list(zip(YEARS, right, strict=False))
    for year, cell in found:
        if cell is not None and cell is not label:
            yield Answer(f"{field}{year}", cell, factor)


def _year_places(grid: Grid, row: int) -> dict[str, int]:
    """Return the column of each year in the nearest row above that names years."""
    for above in range(row, -1, -1):
        years = {
            m.group(1): c.column for c in grid.row(above) if (m := _YEAR.match(_bare(c.joined)))
        }
        if len(years) > 1:
            return years
    return {}


_LINE_LABELS = tuple(
    Label(field, tuple(f"{w}{u}" for w in words for u in ("", "(万元)", "(%)")))
    for field, words in LABELS
    if not field.endswith("_")
)


def _from_lines(content: PageContent) -> Form:
    """Return the answers of a form whose rulings were not found: what stands right of a label."""
    sheet = sheet_of(content)
    spots = find_labels(sheet, _LINE_LABELS)
    answers: list[Answer] = []
    for spot in spots:
        found = value_of(sheet, spot, spots)
        if found is not None:
            line = found.line
            cell = GridCell(
                0, 0, found.text, line.origin, confidence=line.confidence, box=line.box
            )  # fmt: skip
            whole = "".join(x.text for x in spot.lines)
            answers.append(Answer(spot.field, cell, _factor(whole)))
    return Form(_first_of_each(answers), frozenset(spot.field for spot in spots))

"""Samples drawn over the results of a batch, as work lists; and what came of them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from audit.errors import InputUnusableError
from audit.i18n import text, told
from audit.sampling import Checked, Item, Picked, Sample
from audit.text.normal import nfkc

#: Columns of the work list; titles are ``sample.col.<name>``.
COLUMNS = (
    "no", "case", "row", "name", "supplier", "invoice", "book", "why", "audited", "remark", "by",
    "at", "key",
)  # fmt: skip
#: What the second sheet holds; labels are ``sample.fact.<name>``.
FACTS = (
    "method", "seed", "population", "book_value", "size", "interval", "start", "confidence",
    "tolerable",
)  # fmt: skip
#: Characters that people write around an amount.
_AROUND = str.maketrans("", "", ",，￥¥元 \u3000")
#: Findings of these severities make a row one that is looked at in any case.
_RISKY = frozenset({"A", "B"})


@dataclass(frozen=True, slots=True)
class Row:
    """What the work list shows of an item besides its amount."""

    name: str
    supplier: str
    invoice: str
    row: int


def population(outs: Sequence[Path]) -> tuple[list[Item], dict[tuple[str, str], Row], int]:
    """Return the ledger rows of finished cases as items, and what to show of them.

    Rows that a finding of severity A or B names are certain. The third value counts the rows
    left out because their amount could not be read. Raises ``InputUnusableError`` where there is
    no ``case.json``.
    """
    items, shown, unread = [], {}, 0
    for out in outs:
        case = _case_json(out)
        risky = {
            row: finding["rule"]
            for finding in case["findings"]
            if finding["severity"] in _RISKY
            for row in finding["subjects"]["rows"]
        }
        for row in case["ledger"]:
            if row["role"] != "item":
                continue
            key, amount = str(row["row"]), _amount(row["cells"])
            if amount is None:
                unread += 1
                continue
            why = told("sample.rule", rule=risky[row["row"]]) if row["row"] in risky else ""
            items.append(Item(key, out.name, _cell(row, "name"), amount, why))
            shown[out.name, key] = Row(
                _cell(row, "name"), _cell(row, "supplier"), _cell(row, "invoice_number"), row["row"]
            )
    return items, shown, unread


def finished_cases(batch: Path) -> list[Path]:
    """Return the output folders below a batch's (or the folder itself, if it is one case's)."""
    if (batch / "case.json").is_file():
        return [batch]
    found = sorted(p.parent for p in batch.glob("*/case.json"))
    if not found:
        raise InputUnusableError(told("stop.no_results_below", folder=batch))
    return found


def _case_json(out: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads((out / "case.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputUnusableError(told("stop.case_json", file=out / "case.json")) from error


def _amount(cells: Mapping[str, Any]) -> Decimal | None:
    for name in ("amount_with_tax", "amount_without_tax"):
        value = cells.get(name, {}).get("value")
        if value is not None:
            try:
                return Decimal(str(value))
            except InvalidOperation:
                continue
    return None


def _cell(row: Mapping[str, Any], name: str) -> str:
    return str(row["cells"].get(name, {}).get("value") or "")


def write_sample(
    sample: Sample, shown: Mapping[tuple[str, str], Row], target: Path, lang: str = "zh"
) -> None:
    """Write a sample as a work list; the second sheet holds all that is needed to draw it again."""
    from audit.atomic import write_atomic
    from audit.report.books import new_book

    data = io.BytesIO()
    with new_book(data) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        fill_in = book.add_format({"num_format": "#,##0.00", "bg_color": "#FDF3DC"})
        sheet = book.add_worksheet(text("sample.sheet", lang=lang))
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, text(f"sample.col.{name}", lang=lang), head)
        for line, picked in enumerate(sample.picked, 1):
            _write_line(sheet, line, picked, shown, (money, fill_in), lang)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(sample.picked)), len(COLUMNS) - 1)
        sheet.set_column(1, 5, 22)
        sheet.set_column(6, len(COLUMNS) - 1, 15)
        facts = book.add_worksheet(text("sample.facts", lang=lang))
        for line, name in enumerate(FACTS):
            facts.write_string(line, 0, text(f"sample.fact.{name}", lang=lang), head)
            facts.write_string(line, 1, str(getattr(sample, name)))
            facts.write_string(line, 2, name)
        facts.set_column(0, 1, 26)
    write_atomic(target, data.getvalue())


def _write_line(
    sheet: Any,  # noqa: ANN401 - a worksheet of xlsxwriter's
    line: int,
    picked: Picked,
    shown: Mapping[tuple[str, str], Row],
    formats: tuple[Any, Any],
    lang: str,
) -> None:
    item = picked.item
    row = shown.get((item.case, item.key), Row(item.label, "", "", 0))
    why = text(f"sample.why.{picked.why}", {"reason": item.certain}, lang)
    texts = {1: item.case, 2: str(row.row), 3: row.name, 4: row.supplier, 5: row.invoice, 7: why}
    sheet.write_number(line, 0, line)
    for column, value in texts.items():
        sheet.write_string(line, column, value)
    sheet.write_number(line, 6, float(item.amount), formats[0])
    sheet.write_blank(line, 8, None, formats[1])
    sheet.write_string(line, 12, f"{item.case}|{item.key}|{item.amount}|{picked.why}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A work list as filled in. ``blank``: lines without a result; ``odd``: (line, what stands there)."""

    sample: Sample
    checked: tuple[Checked, ...]
    blank: tuple[int, ...]
    odd: tuple[tuple[int, str], ...]


def read_sample(filled: Path) -> Filled:
    """Return a work list as filled in: the sample and the amounts that people found to hold.

    Raises ``InputUnusableError`` if the file is no such list, or lines of it are gone.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(filled))
        facts = {str(r[-1]): str(r[1]) for r in book.get_sheet_by_index(1).to_python()}
        table = book.get_sheet_by_index(0).to_python()
        found = _filled(facts, table)
        size = int(facts["size"])
    except (CalamineError, OSError, LookupError, ValueError, InvalidOperation) as error:
        raise InputUnusableError(told("stop.no_sample", file=filled)) from error
    if size != len(found.sample.picked):
        count = len(found.sample.picked)
        raise InputUnusableError(told("stop.sample_lines", file=filled, size=size, count=count))
    return found


def _filled(facts: Mapping[str, str], table: Sequence[Sequence[Any]]) -> Filled:
    picked, checked, blank, odd = [], [], [], []
    for line, row in enumerate(table[1:], 2):
        parts = str(row[12]).rsplit("|", 3) if len(row) > 12 else []  # noqa: PLR2004 - the last column
        if len(parts) != 4:  # noqa: PLR2004 - case, key, amount, why
            continue
        case, key, amount, why = parts
        picked.append(Picked(Item(key, case, "", Decimal(amount)), why))
        entered = str(row[8]).strip()
        audited = _number(entered)
        if audited is not None and audited * Decimal(amount) >= 0:
            checked.append(Checked(key, case, audited))
        elif entered:
            odd.append((line, entered))
        else:
            blank.append(line)
    sample = Sample(
        method=facts["method"],
        seed=facts["seed"],
        picked=tuple(picked),
        population=int(facts["population"]),
        book_value=Decimal(facts["book_value"]),
        size=len(picked),
        interval=Decimal(facts["interval"]),
        start=Decimal(facts["start"]),
        confidence=Decimal(facts["confidence"]),
        tolerable=Decimal(facts["tolerable"]),
    )
    return Filled(sample, tuple(checked), tuple(blank), tuple(odd))


def _number(entered: str) -> Decimal | None:
    """Return an amount in 元 as people write it; ``None`` for anything else."""
    try:
        amount = Decimal(nfkc(entered).translate(_AROUND))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None

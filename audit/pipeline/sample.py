"""Samples drawn over the results of a batch, as work lists; and what came of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from audit.errors import InputUnusableError
from audit.i18n import told
from audit.sampling import Checked, Item, Picked, Sample

_HEADS = (
    "序号", "案卷", "台账行", "项目", "供应商", "发票号码", "账面金额（元）", "选取原因", "核定金额（元）",
    "差异说明", "核查人", "核查日期", "核对码",
)  # fmt: skip
_WHY = {"certain": "高风险必选", "large": "大额必选", "drawn": "随机抽取"}
_METHODS = {"mus": "货币单元抽样", "attribute": "属性抽样", "stratified": "分层抽样"}
_FACTS = "抽样参数"
#: Findings of these severities make a row one that is looked at in any case.
_RISKY = frozenset({"A", "B"})


@dataclass(frozen=True, slots=True)
class Row:
    """What the work list shows of an item besides its amount."""

    name: str
    supplier: str
    invoice: str
    row: int


def population(outs: Sequence[Path]) -> tuple[list[Item], dict[tuple[str, str], Row]]:
    """Return the ledger rows of finished cases as items, and what to show of them.

    Rows that a finding of severity A or B names are certain. Raises ``InputUnusableError`` where
    there is no ``case.json``.
    """
    items, shown = [], {}
    for out in outs:
        case = _case_json(out)
        risky = {
            row: finding["rule"]
            for finding in case["findings"]
            if finding["severity"] in _RISKY
            for row in finding["subjects"]["rows"]
        }
        for row in case["ledger"]:
            amount = _amount(row["cells"])
            if row["role"] != "item" or amount is None:
                continue
            key = str(row["row"])
            why = f"规则 {risky[row['row']]}" if row["row"] in risky else ""
            items.append(Item(key, out.name, _cell(row, "name"), amount, why))
            shown[out.name, key] = Row(
                _cell(row, "name"), _cell(row, "supplier"), _cell(row, "invoice_number"), row["row"]
            )
    return items, shown


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


def write_sample(sample: Sample, shown: Mapping[tuple[str, str], Row], target: Path) -> None:
    """Write a sample as a work list; the second sheet holds all that is needed to draw it again."""
    from audit.atomic import write_atomic
    from audit.report.books import new_book

    data = io.BytesIO()
    with new_book(data) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        fill_in = book.add_format({"num_format": "#,##0.00", "bg_color": "#FDF3DC"})
        sheet = book.add_worksheet("抽样工作底稿")
        for column, title in enumerate(_HEADS):
            sheet.write_string(0, column, title, head)
        for line, picked in enumerate(sample.picked, 1):
            _write_line(sheet, line, picked, shown, (money, fill_in))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(sample.picked)), len(_HEADS) - 1)
        sheet.set_column(1, 5, 22)
        sheet.set_column(6, len(_HEADS) - 1, 15)
        facts = book.add_worksheet(_FACTS)
        for line, (name, value) in enumerate(_facts(sample)):
            facts.write_string(line, 0, name, head)
            facts.write_string(line, 1, value)
        facts.set_column(0, 1, 26)
    write_atomic(target, data.getvalue())


def _write_line(
    sheet: Any,  # noqa: ANN401 - a worksheet of xlsxwriter's
    line: int,
    picked: Picked,
    shown: Mapping[tuple[str, str], Row],
    formats: tuple[Any, Any],
) -> None:
    item = picked.item
    row = shown.get((item.case, item.key), Row(item.label, "", "", 0))
    why = _WHY[picked.why] + (f"（{item.certain}）" if item.certain else "")
    texts = {1: item.case, 2: str(row.row), 3: row.name, 4: row.supplier, 5: row.invoice, 7: why}
    sheet.write_number(line, 0, line)
    for column, value in texts.items():
        sheet.write_string(line, column, value)
    sheet.write_number(line, 6, float(item.amount), formats[0])
    sheet.write_blank(line, 8, None, formats[1])
    sheet.write_string(line, 12, f"{item.case}|{item.key}|{item.amount}|{picked.why}")


def _facts(sample: Sample) -> list[tuple[str, str]]:
    return [
        ("方法", _METHODS[sample.method]),
        ("method", sample.method),
        ("随机种子", sample.seed),
        ("总体项数", str(sample.population)),
        ("总体金额（元）", str(sample.book_value)),
        ("样本量", str(sample.size)),
        ("抽样间隔（元）", str(sample.interval)),
        ("随机起点（元）", str(sample.start)),
        ("置信度", str(sample.confidence)),
        ("可容忍错报率", str(sample.tolerable)),
    ]


def read_sample(filled: Path) -> tuple[Sample, list[Checked]]:
    """Return a work list as filled in: the sample and the amounts that people found to hold.

    Raises ``InputUnusableError`` if the file is no such list.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(filled))
        facts = {str(r[0]): str(r[1]) for r in book.get_sheet_by_name(_FACTS).to_python()}
        table = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, IndexError) as error:
        raise InputUnusableError(told("stop.no_sample", file=filled)) from error
    picked, checked = [], []
    for case, key, amount, why, audited in _filled(table[1:]):
        picked.append(Picked(Item(key, case, "", amount), why))
        if audited is not None:
            checked.append(Checked(key, case, audited))
    sample = Sample(
        method=facts["method"],
        seed=facts["随机种子"],
        picked=tuple(picked),
        population=int(facts["总体项数"]),
        book_value=Decimal(facts["总体金额（元）"]),
        size=len(picked),
        interval=Decimal(facts["抽样间隔（元）"]),
        start=Decimal(facts["随机起点（元）"]),
        confidence=Decimal(facts["置信度"]),
        tolerable=Decimal(facts["可容忍错报率"]),
    )
    return sample, checked


def _filled(
    rows: Sequence[Sequence[Any]],
) -> Iterator[tuple[str, str, Decimal, str, Decimal | None]]:
    for row in rows:
        parts = str(row[12]).rsplit("|", 3) if len(row) > 12 else []  # noqa: PLR2004 - the last column
        if len(parts) == 4:  # noqa: PLR2004 - case, key, amount, why
            case, key, amount, why = parts
            yield case, key, Decimal(amount), why, _number(row[8])


def _number(value: object) -> Decimal | None:
    text = str(value).replace(",", "").strip()
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None

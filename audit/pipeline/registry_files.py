"""Lists that come into and leave the registry: earlier years' invoices, other offices' hashes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.errors import InputUnusableError, system_words
from audit.i18n import told
from audit.model import Holder, Sighting
from audit.store.registry import Registry, keyed_hash
from audit.text.dates import parse_date
from audit.text.money import parse_amount
from audit.text.names import normalise_company
from audit.text.normal import compact

#: Headings of the columns, as offices write them.
_HEADINGS = {
    "invoice_number": (
        "发票号码",
        "发票号",
        "号码",
        "数电票号码",
        "全电发票号码",
        "invoice_number",
    ),
    "invoice_code": ("发票代码", "代码", "invoice_code"),
    "amount": ("价税合计", "含税金额", "发票金额", "金额", "amount"),
    "day": ("开票日期", "日期", "issue_date"),
    "buyer": ("购买方", "购方名称", "购买方名称", "buyer"),
    "seller": ("销售方", "销方名称", "销售方名称", "供应商", "seller"),
    "applicant": ("申报单位", "企业名称", "单位名称", "applicant"),
    "applicant_id": ("统一社会信用代码", "税号", "applicant_id"),
    "district": ("区县", "district"),
    "year": ("年度", "年份", "year"),
    "programme": ("项目层级", "资金层级", "programme"),
    "case": ("案卷", "项目名称", "项目", "case"),
}
_PROGRAMMES = {
    "市级": "municipal",
    "区县": "district",
    "区级": "district",
    "县级": "district",
    "国家": "national",
}
_DIGITAL = 20
#: Columns of a hash list.
HASH_COLUMNS = ("kind", "hash")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: cases and marks written, rows that could not be used (line, why)."""

    cases: int
    marks: int
    refused: tuple[tuple[int, str], ...] = ()


def import_list(registry: Registry, path: Path, base: Holder) -> Imported:
    """Take in a list of invoices (XLSX, XLS or CSV) of an earlier year or another district.

    Raises ``InputUnusableError`` when no column of invoice numbers is found.
    """
    rows = list(_table(path))
    heading, columns = _columns(rows, path)
    cases: dict[Holder, list[Sighting]] = defaultdict(list)
    refused = []
    for number, row in enumerate(rows[heading + 1 :], heading + 2):
        values = {name: row[i].strip() for name, i in columns.items() if i < len(row)}
        if not any(values.values()):
            continue
        sighting = _sighting(values, path, number)
        if sighting is None:
            refused.append((number, told("cli.import.number")))
            continue
        cases[_holder(values, base)].append(sighting)
    marks = sum(
        registry.record(holder, found) for holder, found in sorted(cases.items(), key=_by_case)
    )
    return Imported(len(cases), marks, tuple(refused))


def _by_case(pair: tuple[Holder, list[Sighting]]) -> str:
    return pair[0].case


def _table(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as text."""
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".et"}:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_path(str(path))
            sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            raise InputUnusableError(told("stop.no_excel", file=path)) from error
        for row in sheet:
            yield [_shown(value) for value in row]
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputUnusableError(
            told("stop.unreadable", file=path, why=system_words(error))
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield from csv.reader(io.StringIO(text))
        return
    raise InputUnusableError(told("stop.encoding", file=path))


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _columns(rows: Sequence[Sequence[str]], path: Path) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:20]):
        cells = [compact(cell) for cell in row]
        found: dict[str, int] = {}
        for name, headings in _HEADINGS.items():
            place = next((i for h in headings for i, cell in enumerate(cells) if cell == h), None)
            if place is not None and place not in found.values():
                found[name] = place
        if "invoice_number" in found:
            return number, found
    raise InputUnusableError(told("stop.no_number_column", file=path))


def _sighting(values: dict[str, str], path: Path, line: int) -> Sighting | None:
    number = "".join(c for c in compact(values.get("invoice_number", "")) if c.isdigit())
    code = "".join(c for c in compact(values.get("invoice_code", "")) if c.isdigit())
    if len(number) == _DIGITAL:
        key = number
    elif len(number) == 8 and code:  # noqa: PLR2004 - digits of a coded invoice
        key = f"{code}-{number}"
    else:
        return None
    return Sighting(
        kind="invoice",
        key=key,
        document_key=f"line {line}",
        file=path.name,
        amount=parse_amount(values.get("amount", "")),
        day=parse_date(values.get("day", "")),
        buyer=normalise_company(values.get("buyer", "")),
        seller=normalise_company(values.get("seller", "")),
    )


def _holder(values: dict[str, str], base: Holder) -> Holder:
    applicant = values.get("applicant") or base.applicant
    year = values.get("year", "")
    programme = next(
        (p for word, p in _PROGRAMMES.items() if word in values.get("programme", "")),
        base.programme,
    )
    parts = [base.case, values.get("case", ""), applicant, year]
    return Holder(
        case="/".join(p for p in parts if p),
        applicant=applicant,
        applicant_id=values.get("applicant_id") or base.applicant_id,
        district=values.get("district") or base.district,
        year=int(year[:4]) if year[:4].isdigit() else base.year,
        programme=programme,
    )


def read_key(path: Path) -> bytes:
    """Return the shared key of hash lists; raises ``InputUnusableError`` if it is too short."""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise InputUnusableError(
            told("stop.key_unreadable", file=path, why=system_words(error))
        ) from error
    if len(key) < 16:  # noqa: PLR2004 - bytes
        raise InputUnusableError(told("stop.key_short", file=path))
    return key


def key_id(key: bytes) -> str:
    """Return a short name of a key, so that lists under another key are told apart."""
    return hashlib.sha256(b"hezheng key " + key).hexdigest()[:12]


def export_hashes(registry: Registry, path: Path, key: bytes) -> int:
    """Write the keyed hashes of all marks but texts and pictures; returns how many."""
    marks = {
        (one.kind, keyed_hash(key, one.kind, one.key))
        for _, one in registry.everything(("invoice", "receipt", "bill", "serial", "seal"))
    }
    lines = [["#", key_id(key)], list(HASH_COLUMNS), *(list(m) for m in sorted(marks))]
    _write_csv(path, lines)
    return len(marks)


def import_hashes(registry: Registry, path: Path, base: Holder, key: bytes) -> int:
    """Take in another office's hash list made under the same key; returns how many marks."""
    rows = list(_table(path))
    heads = [row[:2] for row in rows[:2]]
    if [len(h) for h in heads] != [2, 2] or heads[0][0] != "#" or heads[1] != list(HASH_COLUMNS):
        raise InputUnusableError(told("stop.no_hash_list", file=path))
    if rows[0][1] != key_id(key):
        raise InputUnusableError(told("stop.other_key", file=path, id=rows[0][1]))
    return registry.add_hashes(base, key_id(key), ((r[0], r[1]) for r in rows[2:] if len(r) > 1))


def export_list(registry: Registry, path: Path) -> int:
    """Write every invoice of the registry as a CSV that ``import_list`` takes; returns how many."""
    heading = ["发票代码", "发票号码", "价税合计", "开票日期", "购买方", "销售方", "申报单位",
               "统一社会信用代码", "区县", "年度", "项目"]  # fmt: skip
    lines = [heading]
    for holder, one in registry.everything(("invoice",)):
        code, _, number = one.key.rpartition("-")
        lines.append(
            [
                code, number, "" if one.amount is None else str(one.amount),
                "" if one.day is None else one.day.isoformat(), one.buyer, one.seller,
                holder.applicant, holder.applicant_id, holder.district,
                "" if holder.year is None else str(holder.year), holder.case,
            ]
        )  # fmt: skip
    _write_csv(path, lines)
    return len(lines) - 1


def _write_csv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    from audit.atomic import write_atomic

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        writer.writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in line])
    write_atomic(path, out.getvalue().encode("utf-8-sig"))

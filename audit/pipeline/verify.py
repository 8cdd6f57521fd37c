"""The tax platform by hand: a list to key in goes out, the answers come back (DOMAIN A13)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from audit import i18n
from audit.errors import InputUnusableError
from audit.i18n import listed, told
from audit.model import PLATFORM_RESULTS, CaseFacts, CaseReport, Verification
from audit.pipeline.decisions import open_session
from audit.pipeline.rejudge import facts_of, rejudge

#: Columns of the answers by their names in the exported list, whose titles are in its language.
_ANSWERS = {
    "at": "verified_at",
    "by": "verified_by",
    "status": "verify_result",
    "screenshot": "screenshot",
    "code": "invoice_code",
    "number": "invoice_number",
    "key": "key",
}


def _title(column: str, lang: str) -> str:
    return i18n.text(f"report.verify.{column}", lang=lang)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a filled-in list came to: answers taken, lines refused (line number, why)."""

    taken: tuple[Verification, ...]
    refused: tuple[tuple[int, str], ...]


def export_verify_list(report: CaseReport, target: Path, lang: str) -> int:
    """Write the ranked list of invoices as XLSX, all cells text; returns how many invoices."""
    from audit.atomic import write_atomic
    from audit.report.books import new_book
    from audit.report.parts import Words
    from audit.report.verify_list import COLUMNS, verify_rows

    heads, rows = verify_rows(report, Words(lang))
    keys = {d.file: d.key for d in report.facts.documents}
    by_number = {_identity(report, d.key): d.key for d in report.facts.documents}
    data = io.BytesIO()
    with new_book(data) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_title("sheet", lang))
        for column, title in enumerate((*heads, _title("key", lang))):
            sheet.write_string(0, column, title, head)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write_string(line, column, str(value), text)
            place = {name: str(row[i]) for i, name in enumerate(COLUMNS)}
            identity = (place["invoice_code"], place["invoice_number"], place["file"])
            key = by_number.get(identity) or keys.get(place["file"], "")
            sheet.write_string(line, len(row), key, text)
        results = [i18n.text(f"report.verify.result.{r}", lang=lang) for r in PLATFORM_RESULTS]
        column = COLUMNS.index("verify_result")
        if rows:
            choice = {"validate": "list", "source": results, "ignore_blank": True}
            sheet.data_validation(1, column, len(rows), column, choice)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads))
        sheet.set_column(0, len(heads), 15)
    write_atomic(target, data.getvalue())
    return len(rows)


def _identity(report: CaseReport, key: str) -> tuple[str, str, str]:
    document = next(d for d in report.facts.documents if d.key == key)
    code = document.get("invoice_code").text or ""
    return code, document.get("invoice_number").text or "", document.file


def import_answers(out: Path, filled: Path, actor: str) -> tuple[Answers, CaseReport]:
    """Take in a filled-in list; findings and waterfall follow. Returns answers and the new report.

    A later answer replaces an earlier one: the list is run again before publicity.
    Raises ``InputUnusableError`` if the file is no such list.
    """
    facts = facts_of(out)
    answers = read_answers(facts, filled, actor)
    if not answers.taken:
        return answers, open_session(out).report()
    change = partial(_with_answers, answers=answers.taken)
    counts = {r: sum(1 for a in answers.taken if a.status == r) for r in PLATFORM_RESULTS}
    data = {"answers": {k: v for k, v in counts.items() if v}}
    return answers, rejudge(out, change, "tax-platform", actor, data)


def _with_answers(facts: CaseFacts, answers: Sequence[Verification]) -> CaseFacts:
    latest = {v.document_key: v for v in (*facts.verifications, *answers)}
    return replace(facts, verifications=tuple(latest[k] for k in sorted(latest)))


def read_answers(facts: CaseFacts, filled: Path, actor: str) -> Answers:
    """Return the answers of a list; lines without an answer are passed over in silence."""
    taken, refused = [], []
    known = {d.key for d in facts.documents}
    numbers = {
        (d.get("invoice_code").text or "", d.get("invoice_number").text or ""): d.key
        for d in facts.documents
    }
    words = {
        i18n.text(f"report.verify.result.{result}", lang=lang): result
        for lang in i18n.LANGUAGES
        for result in PLATFORM_RESULTS
    }
    for line, row in _rows(filled):
        said = row["status"].strip()
        if not said:
            continue
        key = row["key"] if row["key"] in known else numbers.get((row["code"], row["number"]), "")
        if said not in words:
            refused.append((line, told("cli.verify.unknown", said=said, words=listed(words))))
        elif not key:
            refused.append((line, told("cli.verify.no_invoice")))
        else:
            proof = filled.parent / row["screenshot"] if row["screenshot"] else None
            taken.append(
                Verification(
                    key,
                    words[said],
                    row["by"] or actor,
                    row["at"],
                    row["screenshot"],
                    _digest(proof),
                )
            )
    return Answers(tuple(taken), tuple(refused))


def _digest(path: Path | None) -> str:
    if path is None or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _rows(filled: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        table = CalamineWorkbook.from_path(str(filled)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise InputUnusableError(told("stop.no_verify_list", file=filled)) from error
    heads = [str(cell).strip() for cell in table[0]] if table else []
    titles = {n: [_title(c, lang) for lang in i18n.LANGUAGES] for n, c in _ANSWERS.items()}
    places = {
        name: next((heads.index(t) for t in known if t in heads), None)
        for name, known in titles.items()
    }
    if places["status"] is None or places["number"] is None:
        raise InputUnusableError(told("stop.not_verify_list", file=filled))
    for line, row in enumerate(table[1:], 2):
        cells = [str(c).strip() for c in row]
        yield (
            line,
            {n: cells[i] if i is not None and i < len(cells) else "" for n, i in places.items()},
        )

"""Measure extraction on a folder of labelled files: right, doubtful, missing, silently wrong.

    python benchmarks/accuracy/samples.py SAMPLES_DIR [--only TEXT] [--items]

SAMPLES_DIR holds ``labels.jsonl`` (one object per file: ``file``, ``kind``, ``medium`` and the
expected values; ``null`` is not scored) and the files. Runs the real page task on each.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from audit.extract.labels import fold
from audit.model import Document, DocumentKind, Reading, Status

#: Label names of the samples and the fields they mean.
FIELDS = {
    "invoice_code": "invoice_code",
    "invoice_number": "invoice_number",
    "date": "issue_date",
    "amount_excl_tax": "amount_without_tax",
    "tax": "tax_amount",
    "total_incl_tax": "total_with_tax",
    "total_in_words": "total_in_words",
    "buyer_name": "buyer_name",
    "buyer_taxid": "buyer_taxpayer_id",
    "seller_name": "seller_name",
    "seller_taxid": "seller_taxpayer_id",
    "check_code": "check_code",
}
VERDICTS = ("right", "doubtful", "missing", "read wrong", "confirmed wrong")


@dataclass(frozen=True)
class Miss:
    """One field that is not right, for the list below the table."""

    file: str
    field: str
    verdict: str
    expected: str
    reading: Reading


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("samples", type=Path)
    parser.add_argument("--only", default="", help="only files whose name or kind contains this")
    parser.add_argument("--items", action="store_true", help="compare names of lines as well")
    chosen = parser.parse_args()
    table: dict[tuple[str, str], Counter[str]] = {}
    misses: list[Miss] = []
    started = time.process_time()
    count = 0
    for label in labels(chosen.samples, chosen.only):
        count += 1
        document = best_document(chosen.samples / label["file"])
        for miss, verdict, field in score(label, document, items=chosen.items):
            key = (f"{label['kind']}/{label['medium']}", field)
            table.setdefault(key, Counter())[verdict] += 1
            if miss is not None:
                misses.append(miss)
    show(table, misses)
    print(f"\n{count} files, {time.process_time() - started:.1f} CPU-s")
    return 1 if any("wrong" in miss.verdict for miss in misses) else 0


def labels(folder: Path, only: str) -> Iterator[dict[str, Any]]:
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        scored = label["kind"].startswith("invoice_")
        if scored and (only in label["file"] or only in label["kind"]):
            yield label


def best_document(path: Path) -> Document | None:
    """Return the invoice of a file that says most (``None`` if none was found)."""
    from audit.pipeline.tasks import read_pages
    from audit.readers import survey
    from audit.settings import DEFAULT_LIMITS, Options

    found = survey(path, path.name, DEFAULT_LIMITS)
    outputs = read_pages(path, found, range(found.pages), Options(), DEFAULT_LIMITS)
    documents = [
        document
        for output in outputs
        for document in output.result.documents
        if document.kind is DocumentKind.VAT_INVOICE
    ]
    return max(documents, key=lambda d: sum(r.usable for r in d.fields.values()), default=None)


def score(
    label: dict[str, Any],
    document: Document | None,
    *,
    items: bool,
) -> Iterator[tuple[Miss | None, str, str]]:
    empty = Document(DocumentKind.VAT_INVOICE)
    for name, field in FIELDS.items():
        if label.get(name) is None:
            continue
        reading = (document or empty).get(field)
        verdict = judge(label[name], reading)
        miss = None
        if verdict != "right":
            miss = Miss(label["file"], field, verdict, label[name], reading)
        yield miss, verdict, field
    if items and label.get("item_names"):
        yield from score_items(label, document or empty)


def score_items(
    label: dict[str, Any], document: Document
) -> Iterator[tuple[Miss | None, str, str]]:
    expected = [fold(name)[0] for name in label["item_names"]]
    found = [fold(item.name.text or "")[0] for item in document.items]
    verdict = "right" if found == expected else "missing"
    reading = document.items[0].name if document.items else Document(document.kind).get("")
    miss = Miss(label["file"], f"items {len(found)}/{len(expected)}", verdict, expected[0], reading)
    yield (None if verdict == "right" else miss), verdict, "items"


def judge(expected: str, reading: Reading) -> str:
    right = same(expected, reading.value)
    if reading.value is None or reading.status is Status.MISSING:
        return "missing"
    if reading.status is Status.DOUBTFUL:
        return "doubtful"
    if right:
        return "right"
    return "confirmed wrong" if reading.status is Status.CONFIRMED else "read wrong"


def same(expected: str, value: object) -> bool:
    if isinstance(value, Decimal):
        try:
            return Decimal(expected) == value
        except InvalidOperation:
            return False
    if isinstance(value, date):
        return value.isoformat() == expected
    return value is not None and fold(str(value))[0] == fold(expected)[0]


def show(table: dict[tuple[str, str], Counter[str]], misses: list[Miss]) -> None:
    print(f"{'kind/medium':34}{'field':22}" + "".join(f"{v:>16}" for v in VERDICTS))
    totals: dict[str, Counter[str]] = {}
    for (kind, field), counts in sorted(table.items()):
        totals.setdefault(kind, Counter()).update(counts)
        print(f"{kind:34}{field:22}" + "".join(f"{counts[v]:>16}" for v in VERDICTS))
    for kind, counts in sorted(totals.items()):
        print(f"{kind:34}{'ALL':22}" + "".join(f"{counts[v]:>16}" for v in VERDICTS))
    for miss in misses:
        reasons = " ".join(r.key for r in miss.reading.reasons)
        print(
            f"  {miss.verdict:15} {miss.file[-44:]:46} {miss.field:20} "
            f"{miss.expected!r} <- {miss.reading.value!s} [{reasons}]"
        )


if __name__ == "__main__":
    sys.exit(main())

"""The demonstration with its planted faults, and its faultless twin."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from cases.casegen import codes, faults, faults_faces, faults_forms, folders, scenario
from cases.casegen.model import Case, Paper
from cases.casegen.planting import FAULTS, Work

__all__ = [
    "FAULTS",
    "clean_case",
    "demo_case",
    "expected",
    "faults",
    "faults_faces",
    "faults_forms",
]
SEED = 7
# Which fault on which row (index); None: not tied to a row.
PLANTED: tuple[tuple[str, int | None], ...] = (
    ("buyer_other_company", 7),
    ("row_over_invoice", 2),
    ("invoice_after_application", 4),
    ("third_party_payer", 5),
    ("qr_amount", 6),
    ("copy_without_seal", 1),
    ("missing_invoice", 8),
    ("row_unpaid", 9),
    ("ineligible_item", 0),
    ("ledger_total", None),
    ("two_directions", None),
)


def clean_case() -> Case:
    """Return the twin without faults."""
    case = scenario.honest(SEED, 12, target=6_600_000, share=0.36)
    return folders.demo(_with_bill(replace(case, name="clean")))


def _with_bill(case: Case) -> Case:
    """Pay the last instalment of the dearest row with a bank acceptance bill."""
    row = max(case.rows, key=lambda r: r.total)
    key = row.payments[-1]
    rng = random.Random("bill")
    one = case.payments[key]
    number = f"1{codes.digits(rng, 12)}{one.day:%Y%m%d}{codes.digits(rng, 9)}"
    paid = replace(one, bill=number, receipt=number, due=one.day + timedelta(days=180))
    rows = tuple(
        replace(r, voucher="\n".join([*r.voucher.split("\n")[:-1], number])) if r is row else r
        for r in case.rows
    )
    return replace(case, rows=rows, payments={**case.payments, key: paid})


def demo_case() -> tuple[Case, list[dict[str, Any]]]:
    """Return the spoilt case and what must be found in it."""
    case = replace(clean_case(), name="demo")
    found: list[tuple[str, Work]] = []
    tweaks: list[Any] = []
    for number, (key, row) in enumerate(PLANTED):
        work = Work(case, random.Random(f"demo-{number}"), row or 0)
        FAULTS[key].spoil(work)
        case = work.case
        tweaks += work.tweaks
        found.append((key, work))
    total = sum((r.total for r in case.rows), Decimal(0))
    case = replace(case, ledger_total=total + 200000)
    form = scenario.with_form(case).form
    case = replace(case, form=replace(form, directions=case.form.directions))
    last = Work(case, random.Random(0), tweaks=tweaks)
    case = last.finish()
    return case, [expected(key, work, case) for key, work in found]


def expected(key: str, work: Work, case: Case) -> dict[str, Any]:
    """Return what must be found: rule (or one of ``also``), rows and files it should name."""
    one = FAULTS[key]
    return {
        "fault": key,
        "rule": one.rules[0],
        "also": list(one.rules[1:]),
        "rows": sorted(set(work.rows)),
        "files": sorted({p.path for p in case.papers if _names(p, work)}),
        "verdict": ["fail", "undecided"],
        "note": one.note,
    }


def _names(paper: Paper, work: Work) -> bool:
    return any(s.kind in work.kinds or set(s.subject) & set(work.keys) for s in paper.sheets)

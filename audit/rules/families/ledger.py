"""The investment ledger as a paper: its columns and its seal (附件2 四(一)2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.model import Document, DocumentKind, LedgerRow, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, Result, Results
from audit.rules.statements import absent, not_fresh
from audit.rules.support import applicant_seals, is_poor


@rule("N16", "ledger_incomplete", "四(一)2", "C", assertion="completeness")
def ledger_incomplete(case: Case) -> Results:
    """The ledger states number, amount and use of every invoice and bears the applicant's seal.

    What it finds: a missing ledger, rows without number, amount or use, no seal on any copy.
    Why it matters: the notice asks for all three and for 公司鲜章 or 财务专用章.
    Evidence it uses: rows and their cells; seals on spreadsheet, scan or print of the ledger.
    Undecided when: the cell was read from a scan, the page shows no colour or an unread seal, or
        the seal looks copied, printed or pasted.
    Example: rows 3 and 8 give no invoice number.
    """
    ledgers = case.of(DocumentKind.INVESTMENT_LEDGER)
    if not ledgers and not case.items:
        yield absent(case, "N16", say("rules.ask.ledger"))
        return
    yield from _cells(case, ledgers)
    yield _sealed(case, ledgers)


CELLS = {
    "number": ("发票号码", ("invoice_number",)),
    "amount": ("金额", ("amount_with_tax", "amount_without_tax")),
    "use": ("用途", ("purpose",)),
}
#: Where a ledger has no column of uses at all, these say what was bought.
INSTEAD = {"use": ("name", "category")}


def _cells(case: Case, ledgers: Sequence[Document]) -> Iterator[Result]:
    digital = {d.file: d.origin_digital for d in ledgers}
    for what, (label, columns) in CELLS.items():
        there = any(not _empty(r, c) for r in case.items for c in columns)
        asked = columns if there else INSTEAD.get(what, columns)
        bare = [r for r in case.items if all(_empty(r, c) for c in asked)]
        if not bare:
            yield PASSED
            continue
        sure = all(digital.get(r.file, True) for r in bare)
        rows = tuple(r.row for r in bare)
        shown = "、".join(str(r) for r in rows[:12]) + ("…" if len(rows) > 12 else "")  # noqa: PLR2004 - what fits a line
        yield Result(
            Verdict.FAIL if sure else Verdict.UNDECIDED,
            say("rules.N16.cells", field=label, rows=shown, count=len(rows)),
            rows=rows,
            found=shown,
            cause=f"ledger_no_{what}",
            request=say("rules.ask.ledger_cells", fields=label),
            part=what,
        )


def _empty(row: LedgerRow, column: str) -> bool:
    cell = row.get(column)
    return cell.value is None and not cell.raw.strip()


def _sealed(case: Case, ledgers: Sequence[Document]) -> Result:
    seals = [s for d in ledgers for s in case.seals_on(d)]
    if applicant_seals(seals):
        return not_fresh(case, ledgers, "ledger") or PASSED
    scans = [d for d in ledgers if not d.origin_digital]
    own = [s for s in seals if s.owner == "applicant"]
    unclear = any(s.owner == "unknown" for s in seals) or any(
        is_poor(case, d) and not case.seals_on(d) for d in scans
    )
    if own and not unclear:
        what = "other_seal"
    elif unclear:
        what = "seal_unclear"
    else:
        what = "no_seal" if scans else "no_scan"
    return Result(
        Verdict.UNDECIDED if unclear or case.unread else Verdict.FAIL,
        say(f"rules.N16.{what}"),
        documents=tuple(d.id for d in ledgers),
        seals=tuple(s.id for s in own),
        files=() if ledgers else tuple(dict.fromkeys(r.file for r in case.items if r.file)),
        cause="ledger_unsealed",
        request=say("rules.ask.ledger_seal"),
        refuted_by=say("rules.refuted.seal"),
        part="seal",
    )


RULES = (ledger_incomplete,)

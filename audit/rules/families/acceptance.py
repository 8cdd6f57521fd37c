"""What was accepted against what is claimed (附件2 四(二)1)."""

from __future__ import annotations

from rapidfuzz import fuzz

from audit.model import DocumentKind, LedgerRow, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, NotExecuted, Result, Results
from audit.text.normal import compact

#: Likeness (0-100) from which a line of the list may name the thing.
NAMED = 60.0


@rule("I15", "acceptance_items", "四(二)1", "D", assertion="existence", scope="case")
def acceptance_items(case: Case) -> Results:
    """What was accepted covers the equipment in the ledger.

    What it finds: rows of equipment that no line of an acceptance report's item list names.
    Why it matters: what was not accepted was perhaps not delivered.
    Evidence it uses: item lists of the acceptance reports behind the row; the invoice's and the
        row's own words. Serial numbers of name plates are not compared.
    Undecided when: always; a cue: names differ in wording, lists are often kept short. Without a
        list it is not executed.
    Example: 自动输送线 is claimed, the list names robots only.
    """
    listed = {
        d.id: [compact(line) for line in text.splitlines() if line.strip()]
        for d in case.of(DocumentKind.ACCEPTANCE_REPORT)
        if d.get("item_list").usable and (text := d.get("item_list").text)
    }
    if not listed:
        yield NotExecuted(say("rules.I15.needs"))
        return
    missing = []
    for row in case.items:
        behind = [listed[i] for i in case.links[row.row].acceptance if i in listed]
        if case.matching.categories.get(row.row) != "equipment" or not behind:
            continue
        if any(
            _names(line, name) for lines in behind for line in lines for name in _words(case, row)
        ):
            yield PASSED
        else:
            missing.append(row)
    if not missing:
        yield PASSED
        return
    shown = "、".join(str(r.row) for r in missing[:12])
    yield Result(
        Verdict.UNDECIDED,
        say("rules.I15.unlisted", count=len(missing), rows=shown),
        documents=tuple(listed),
        rows=tuple(r.row for r in missing),
        found=shown,
        evidence=tuple(e for i in listed for e in case.at(case.documents[i], "item_list")),
    )


def _words(case: Case, row: LedgerRow) -> list[str]:
    """Return what the row and its invoices call the thing."""
    names = [
        (i.name.text or "").rsplit("*", 1)[-1]
        for d in case.links[row.row].invoices
        for i in case.documents[d].items
    ]
    names += [row.get(c).text or "" for c in ("name", "purpose")]
    return [n for n in (compact(n) for n in names) if n]


def _names(line: str, name: str) -> bool:
    return name in line or fuzz.partial_ratio(name, line) >= NAMED


RULES = (acceptance_items,)

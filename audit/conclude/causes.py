"""Root causes: what follows from what, so that one cause is one thing to decide."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.model import Finding, Link, Severity, Verdict, stable_key

#: All doubtful readings of the case are one line.
DOUBT = "reading_doubtful"
DOUBT_CAUSES = frozenset({DOUBT, "reading_missing", "unread", "unreadable", "doubtful"})
DOUBT_RULES = frozenset({"I01"})
MISSING = "invoice_missing"
UNLISTED, UNSURE = "invoice_unlisted", "invoice_unsure"
CATEGORY_CAUSES = frozenset({"category_unknown", "category_differs"})
BUYER = "buyer_wrong"
BUYER_CAUSES = frozenset({BUYER, "buyer_not_applicant", "wrong_buyer"})
#: Rules that compare names and numbers of the buyer, the payer, the tax id: they follow a buyer.
BUYER_FOLLOWERS = frozenset({"I05", "I11"})
#: Rules about one face that contradicts itself; several of them on one paper are one cause.
FACE_RULES = frozenset({"I03", "I04", "I10"})
#: Rules about the same paper used twice.
TWICE_RULES = frozenset({"R01", "R03", "I09"})
TWICE_CAUSES = frozenset({"duplicate_invoice", "invoice_twice"})
#: Rules about sums of the ledger or the form; a wrong row explains a wrong sum.
SUM_RULES = frozenset({"I13", "F01", "F02", "F03", "F04"})
#: Files and pages that could not be read, and the rules for which their content may be missing.
UNREAD_CAUSES = frozenset({"files_unread", "page_unreadable"})
HIDDEN_RULES = frozenset({"N17", "N18", "I12"})
#: (rule, what it follows from): the form's figures repeat the ledger's.
FORM_FOLLOWERS = (("F01", "F04"), ("F01", "N06"), ("F03", "F04"), ("F03", "N07"))
#: Rules that a missing invoice silences: payment, dates, category and fields of the same row.
ROW_RULES = frozenset({"I01", "I02", "I07", "I08", "I11", "I12", "I13", "N08", "N16", "N17", "N18"})
_AMOUNT = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Findings that are decided together: ``lead`` names the cause, the others follow from it."""

    key: str
    cause: str
    lead: Finding
    findings: tuple[Finding, ...]


def bundles(findings: Sequence[Finding], links: Sequence[Link] = ()) -> tuple[Bundle, ...]:
    """Return the findings bundled by root cause × seller × what is asked for; every one once.

    ``links``: they tell which unclaimed invoice a row with a wrong number may mean.
    """
    leaders = _leaders(findings, links)
    grouped: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[_home(leaders.get(finding.key, finding))].append(finding)
    return tuple(_bundle(home, members) for home, members in grouped.items())


def cause_of(finding: Finding) -> str:
    """Return the word of the finding's cause; all that was merely not legible is one cause."""
    if finding.rule in DOUBT_RULES or finding.cause in DOUBT_CAUSES:
        return DOUBT
    return finding.cause or finding.name or finding.rule


def _home(finding: Finding) -> tuple[str, ...]:
    """Return what findings must share to be one group."""
    cause = cause_of(finding)
    cue = "cue" if finding.severity is Severity.D else ""
    if cause == DOUBT and not cue:
        return (DOUBT,)
    asked = "" if finding.request is None else finding.request.key
    return (cause, finding.seller, asked, cue)


def _bundle(home: tuple[str, ...], members: Sequence[Finding]) -> Bundle:
    order = {s: n for n, s in enumerate(Severity)}
    ranked = sorted(
        members,
        key=lambda f: (_home(f) != home, order[f.severity], f.verdict is not Verdict.FAIL),
    )
    return Bundle(stable_key("group", *home), home[0], ranked[0], tuple(ranked))


# --- what follows from what ---------------------------------------------------------------------


def _leaders(findings: Sequence[Finding], links: Sequence[Link]) -> Mapping[str, Finding]:
    """Return by key of a following finding the finding that it follows from."""
    found: dict[str, Finding] = {}
    pairs = [_after_mistyped(findings, links), _after_unread(findings, links)]
    steps = (
        *(_after_missing, _after_buyer, _after_twice, _after_face),
        *(_after_row, _after_form, _after_open),
    )
    for step in (*pairs, *(step(findings) for step in steps)):
        for follower, leader in step:
            if follower.key not in found and follower.key != leader.key:
                found[follower.key] = leader
    return {key: _first(found, leader) for key, leader in found.items()}


def _first(found: Mapping[str, Finding], leader: Finding) -> Finding:
    """Follow a chain of causes to its head; a circle ends where it began."""
    seen = {leader.key}
    while leader.key in found and found[leader.key].key not in seen:
        leader = found[leader.key]
        seen.add(leader.key)
    return leader


_Pairs = Iterable[tuple[Finding, Finding]]


def _after_missing(findings: Sequence[Finding]) -> _Pairs:
    missing = {r: f for f in findings if cause_of(f) == MISSING for r in f.subjects.rows}
    for finding in findings:
        rows = finding.subjects.rows
        if len(rows) == 1 and rows[0] in missing and finding.rule in ROW_RULES:
            yield finding, missing[rows[0]]


def _after_mistyped(findings: Sequence[Finding], links: Sequence[Link]) -> _Pairs:
    """An unclaimed invoice that a row with another number may mean: one slip, not two faults."""
    missing = {r: f for f in findings if cause_of(f) == MISSING for r in f.subjects.rows}
    meant = {
        invoice: missing[link.row]
        for link in links
        if link.row in missing
        for alternative in link.alternatives
        for invoice in alternative.invoices
    }
    for finding in findings:
        lead = next((meant[d] for d in finding.subjects.documents if d in meant), None)
        if lead is not None and finding.cause == UNLISTED:
            yield finding, lead


def _after_unread(findings: Sequence[Finding], links: Sequence[Link]) -> _Pairs:
    """A paper that may stand on pages nobody could read: the pages are to be asked for first.

    Rows for which other papers fit as well stay on their own: there a person can choose.
    """
    lead = _with_cause(findings, UNREAD_CAUSES)
    if lead is None:
        return
    choices = {link.row for link in links if link.alternatives}
    for finding in findings:
        hidden = finding.verdict is Verdict.UNDECIDED and finding.rule in HIDDEN_RULES
        if hidden and finding.cause != UNSURE and not choices & set(finding.subjects.rows):
            yield finding, lead


def _after_open(findings: Sequence[Finding]) -> _Pairs:
    """A sum or share that is only open follows from what keeps it open."""
    doubt = _with_cause(findings, frozenset({DOUBT}))
    missing = _with_cause(findings, frozenset({MISSING}))
    category = _with_cause(findings, CATEGORY_CAUSES)
    for finding in findings:
        if finding.verdict is not Verdict.UNDECIDED or finding.rule not in {"N06", "N07"}:
            continue
        lead = (category if finding.rule == "N07" else None) or doubt or missing
        if lead is not None:
            yield finding, lead


def _after_form(findings: Sequence[Finding]) -> _Pairs:
    """The form's sum and share follow from the ledger's, or from a form that differs from it."""
    heads = {f.rule: f for f in findings if f.rule in {"N06", "N07", "F04"}}
    for rule, head in FORM_FOLLOWERS:
        if head not in heads:
            continue
        for finding in findings:
            if finding.rule == rule and finding.severity is not Severity.D:
                yield finding, heads[head]


def _with_cause(findings: Sequence[Finding], causes: frozenset[str]) -> Finding | None:
    return next((f for f in findings if cause_of(f) in causes), None)


def _after_buyer(findings: Sequence[Finding]) -> _Pairs:
    wrong = {
        d: f
        for f in findings
        if f.rule == "I05" and (f.cause in BUYER_CAUSES or f.verdict is Verdict.FAIL)
        for d in f.subjects.documents
    }
    for finding in findings:
        lead = next((wrong[d] for d in finding.subjects.documents if d in wrong), None)
        if lead is not None and finding.rule in BUYER_FOLLOWERS:
            yield finding, lead


def _after_twice(findings: Sequence[Finding]) -> _Pairs:
    twice = _by_document(f for f in findings if f.rule in TWICE_RULES or f.cause in TWICE_CAUSES)
    for finding in findings:
        lead = next((twice[d] for d in finding.subjects.documents if d in twice), None)
        if lead is None:
            continue
        same = finding.rule in TWICE_RULES or finding.cause in TWICE_CAUSES
        if same or finding.cause in {UNLISTED, UNSURE}:
            yield finding, lead


def _after_face(findings: Sequence[Finding]) -> _Pairs:
    """Contradictions on one face gather under the heaviest of them."""
    order = {s: n for n, s in enumerate(Severity)}
    heavy = sorted(
        (f for f in findings if f.rule in FACE_RULES),
        key=lambda f: (order[f.severity], f.verdict is not Verdict.FAIL, f.rule),
    )
    first: dict[str, Finding] = {}
    for finding in heavy:
        for document in finding.subjects.documents:
            first.setdefault(document, finding)
    for finding in heavy:
        lead = next((first[d] for d in finding.subjects.documents if d in first), None)
        if lead is not None:
            yield finding, lead


def _after_row(findings: Sequence[Finding]) -> _Pairs:
    """A wrong sum whose difference is what wrong rows are off by follows from those rows."""
    rows = [f for f in findings if f.effects and f.subjects.rows]
    offs: dict[Decimal, Finding] = {}
    for finding in rows:
        for basis in ("with_tax", "without_tax"):
            off = sum((getattr(e, basis) for e in finding.effects), Decimal())
            if off:
                offs.setdefault(off, finding)
        gap = _gap(finding)
        if gap:
            offs.setdefault(gap, finding)
    for finding in findings:
        gap = _gap(finding) if finding.rule in SUM_RULES and not finding.effects else None
        if gap and gap in offs:
            yield finding, offs[gap]


def _gap(finding: Finding) -> Decimal | None:
    """Return by how much expected and found differ, if each holds just one figure."""
    figures = [_AMOUNT.findall(text) for text in (finding.expected, finding.found)]
    if any(len(f) != 1 for f in figures):
        return None
    first, second = (Decimal(f[0].replace(",", "")) for f in figures)
    return abs(first - second)


def _by_document(findings: Iterable[Finding]) -> Mapping[str, Finding]:
    first: dict[str, Finding] = {}
    for finding in findings:
        for document in finding.subjects.documents:
            first.setdefault(document, finding)
    return first

"""What changed between two rounds: mended, still open, new, and changed in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.conclude.ruling import statement
from audit.conclude.twins import Counterparts, counterparts, plain, shown
from audit.decide import FACT_ACTIONS, standing
from audit.model import (
    CaseReport,
    Decision,
    Document,
    DocumentKind,
    Finding,
    LedgerRow,
    Message,
    RoundChange,
    RowRole,
    Severity,
    Verdict,
    say,
)
from audit.text.normal import compact

#: A value this long that stands inside a sentence of a finding was named by it.
SHORTEST = 4
#: What was printed, not how it was read: fields that say nothing of a swap.
NOT_COMPARED = frozenset({"check_code", "machine_number", "remarks"})
OPEN = (Verdict.FAIL, Verdict.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds side by side, and the decisions that still hold in the new one.

    ``carried``: (of the old round, as it reads in the new one); ``dropped``: with the reason.
    """

    changes: tuple[RoundChange, ...]
    carried: tuple[tuple[Decision, Decision], ...]
    dropped: tuple[tuple[Decision, Message], ...]

    def of(self, kind: str) -> tuple[RoundChange, ...]:
        """Return the changes of one kind."""
        return tuple(c for c in self.changes if c.kind == kind)


def compare(old: CaseReport, as_found: Sequence[Finding], new: CaseReport) -> Comparison:
    """Return what changed from ``old`` to ``new``.

    ``old`` as it was left, ``as_found``: its findings before any ruling; ``new`` before any.
    """
    both = counterparts(old.facts, new.facts)
    twins = _twins(as_found, new.findings, both)
    changes = (
        *_of_findings(old, new, twins),
        *_of_papers(old, new, both),
        *_of_rows(old, new, both),
    )
    carried: list[tuple[Decision, Decision]] = []
    dropped: list[tuple[Decision, Message]] = []
    for decision in standing(old.decisions):
        if decision.action == "check":
            continue
        result = _carry(decision, old, as_found, both, twins)
        if isinstance(result, Decision):
            carried.append((decision, result))
        else:
            dropped.append((decision, result))
    return Comparison(changes, tuple(carried), tuple(dropped))


# --- findings ------------------------------------------------------------------------------------


def _twins(
    old: Sequence[Finding], new: Sequence[Finding], both: Counterparts
) -> Mapping[str, Finding]:
    """Return by key of an old finding the new one that says it of the same papers and rows."""
    by_key = {f.key: f for f in new}
    free: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in new:
        free[_mark(finding, finding.subjects.documents, finding.subjects.rows)].append(finding)
    twins: dict[str, Finding] = {}
    for finding in old:
        documents = tuple(both.document_ids.get(d, f"old {d}") for d in finding.subjects.documents)
        rows = tuple(both.row_numbers.get(r, -r) for r in finding.subjects.rows)
        same = free.get(_mark(finding, documents, rows), [])
        if finding.key in by_key:
            twins[finding.key] = by_key[finding.key]
        elif same:
            twins[finding.key] = same.pop(0)
    return twins


def _mark(finding: Finding, documents: Iterable[str], rows: Iterable[int]) -> tuple[object, ...]:
    return (finding.rule, finding.name, frozenset(documents), frozenset(rows))


def says_the_same(old: Finding, new: Finding) -> bool:
    """Tell whether two findings of two rounds state one thing: a ruling on one fits the other."""

    def said(finding: Finding) -> tuple[object, ...]:
        money = [sum((e.with_tax for e in finding.effects), Decimal())]
        money += [sum((e.without_tax for e in finding.effects), Decimal())]
        return (finding.expected, finding.found, *money)

    return said(old) == said(new)


def _of_findings(
    old: CaseReport, new: CaseReport, twins: Mapping[str, Finding]
) -> Iterable[RoundChange]:
    # What was not looked at again (no registry, no such paper) is not mended.
    skipped = {o.rule for o in new.outcomes if o.not_executed is not None}
    old_open = [f for f in old.findings if f.verdict in OPEN and f.severity is not Severity.D]
    known = {t.key for t in twins.values()}
    for finding in old_open:
        twin = twins.get(finding.key)
        if twin is None and finding.rule in skipped:
            yield RoundChange("open", finding.message, finding.id)
        elif twin is None or twin.verdict not in OPEN:
            yield RoundChange("mended", finding.message, finding.id)
        else:
            yield RoundChange("open", twin.message, finding.id, twin.id)
    for finding in new.findings:
        if finding.key not in known and finding.severity is not Severity.D:
            yield RoundChange("new", finding.message, "", finding.id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """By paper and row the values that the old round found fault with (``Finding.found``)."""

    documents: Mapping[str, list[str]]
    rows: Mapping[int, list[str]]


def _asked(old: CaseReport) -> _Asked:
    documents: dict[str, list[str]] = defaultdict(list)
    rows: dict[int, list[str]] = defaultdict(list)
    for finding in old.findings:
        if finding.severity is Severity.D:
            continue
        words = [_bare(finding.found)] if finding.found else []
        for document in finding.subjects.documents:
            documents[document] += words
        for row in finding.subjects.rows:
            rows[row] += words
    return _Asked(documents, rows)


def _bare(text: str) -> str:
    """Return a value as it can be compared: no blanks, no thousands commas, no empty decimals."""
    plain = compact(text).replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain and plain[-1:].isdigit() else plain


def _named(value: str, words: Sequence[str]) -> bool:
    bare = _bare(value)
    return any(bare == word or (len(bare) >= SHORTEST and bare in word) for word in words)


def _of_papers(old: CaseReport, new: CaseReport, both: Counterparts) -> Iterable[RoundChange]:
    asked = _asked(old)
    for pair in both.papers:
        changed = [] if pair.same else list(_different(pair.old, pair.new))
        words = asked.documents.get(pair.old.id, [])
        # One value that was asked about may drag the paper's other figures along.
        kind = "asked" if any(_named(before, words) for _, before, _ in changed) else "silent"
        for name, before, after in changed:
            files = {"file": pair.new.file, "old_file": pair.old.file}
            where = say("round.field", field=name, before=before, after=after, **files)
            yield RoundChange(kind, where, pair.old.id, pair.new.id)
    yield from _come_and_gone(old, new, both)


def _come_and_gone(old: CaseReport, new: CaseReport, both: Counterparts) -> Iterable[RoundChange]:
    kept = frozenset(both.document_ids.values())
    for document in old.facts.documents:
        if document.id not in both.document_ids and _counts(document):
            where = say(
                "round.removed", kind=f"@report.kind.{document.kind.value}", file=document.file
            )
            yield RoundChange("removed", where, document.id)
    for document in new.facts.documents:
        if document.id not in kept and _counts(document):
            where = say(
                "round.added", kind=f"@report.kind.{document.kind.value}", file=document.file
            )
            yield RoundChange("added", where, "", document.id)


def _counts(document: Document) -> bool:
    return document.kind not in {DocumentKind.BLANK, DocumentKind.OTHER}


def _different(old: Document, new: Document) -> Iterable[tuple[str, str, str]]:
    """Return (field, before, after) where both rounds read a value for certain and they differ."""
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.get(name), new.get(name)
        if name in NOT_COMPARED or not (before.usable and after.usable):
            continue
        if plain(before) != plain(after):
            yield name, shown(before), shown(after)
    lines = Counter(shown(i.name) for i in old.items), Counter(shown(i.name) for i in new.items)
    if old.items and new.items and lines[0] != lines[1]:
        yield "items", "、".join(lines[0] - lines[1]) or "—", "、".join(lines[1] - lines[0]) or "—"


def _of_rows(old: CaseReport, new: CaseReport, both: Counterparts) -> Iterable[RoundChange]:
    asked = _asked(old)
    moved = any(a.role is RowRole.ITEM and list(_cells(a, b)) for a, b in both.rows)
    for before, after in both.rows:
        words = asked.rows.get(before.row, [])
        for name, was, now in _cells(before, after):
            # A total follows its rows; only one that moves alone is worth a look.
            follows = before.role is not RowRole.ITEM and moved
            kind = "asked" if follows or _named(was, words) else "silent"
            where = say("round.cell", row=after.row, field=name, before=was, after=now)
            yield RoundChange(kind, where, f"row {before.row}", f"row {after.row}")
    kept = frozenset(both.row_numbers.values())
    for row in old.facts.rows:
        if row.row not in both.row_numbers:
            gone = say("round.row_removed", row=row.row, amount=shown(row.get("amount_with_tax")))
            yield RoundChange("removed", gone, f"row {row.row}")
    for row in new.facts.rows:
        if row.row not in kept:
            come = say("round.row_added", row=row.row, amount=shown(row.get("amount_with_tax")))
            yield RoundChange("added", come, "", f"row {row.row}")


def _cells(before: LedgerRow, after: LedgerRow) -> Iterable[tuple[str, str, str]]:
    """Return (column, before, after) of the cells that differ."""
    for name in dict.fromkeys((*before.cells, *after.cells)):
        was, now = shown(before.get(name)), shown(after.get(name))
        if _bare(was) != _bare(now):
            yield name, was, now


# --- decisions -----------------------------------------------------------------------------------


def _carry(
    decision: Decision,
    old: CaseReport,
    as_found: Sequence[Finding],
    both: Counterparts,
    twins: Mapping[str, Finding],
) -> Decision | Message:
    """Return the decision as it reads in the new round, or why it no longer holds."""
    if decision.action in FACT_ACTIONS:
        return _carry_reading(decision, old, both)
    if decision.action == "note" and decision.target in both.keys:
        return _again(decision, both.keys[decision.target], ())
    by_key = {f.key: f for f in as_found}
    covered = [c.partition(":")[0] for c in decision.covers]
    meant = [by_key[k] for k in (covered or [decision.target]) if k in by_key]
    still = [twins[f.key] for f in meant if f.key in twins and says_the_same(f, twins[f.key])]
    if not still:
        return say("round.not_carried_finding", seq=decision.seq)
    target = decision.target
    if target in by_key:
        target = still[0].key
    covers = tuple(statement(f) for f in still)
    return _again(decision, target, covers)


def _carry_reading(decision: Decision, old: CaseReport, both: Counterparts) -> Decision | Message:
    if decision.target == "applicant":
        return _again(decision, decision.target, ())
    key = both.keys.get(decision.target)
    if key is None:
        return say("round.not_carried_gone", seq=decision.seq)
    is_row = any(r.key == decision.target for r in (*old.facts.rows, *old.facts.sealed_rows))
    if key != decision.target and not is_row:
        return say("round.not_carried_changed", seq=decision.seq)
    return _again(decision, key, ())


def _again(decision: Decision, target: str, covers: tuple[str, ...]) -> Decision:
    return replace(decision, target=target, covers=covers)

"""A person's decisions onto facts: confirmed and corrected readings, seals named by eye.

Pure. Rulings on findings and groups are not applied here (there are none yet): ``conclude``
does it. What finds no target is kept and said in ``CaseFacts.notes``, never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType

from audit.decide.correction import check_correction
from audit.model import (
    Applicant,
    Candidate,
    CaseFacts,
    Decision,
    Document,
    DocumentKind,
    InvoiceItem,
    LedgerRow,
    Message,
    Origin,
    Reading,
    Seal,
    Status,
    Value,
    say,
)
from audit.policy.schema import CATEGORY_KEYS

#: Actions that change facts; the others speak of findings and groups, or of the log itself.
FACT_ACTIONS = frozenset({"confirm", "correct", "mark_seal"})
#: What ``mark_seal`` may set, and to what.
SEAL_VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "owner": frozenset({"applicant", "seller", "payee", "other", "unknown"}),
        "kind": frozenset(
            {
                *("official", "finance", "invoice", "contract", "legal_representative"),
                *("supervision", "bank", "unknown"),
            }
        ),
        "freshness": frozenset(
            {"supported", "doubtful", "contradicted", "cannot_tell", "not_applicable"}
        ),
    }
)
APPLICANT_FIELDS = frozenset({"name", "taxpayer_id", "project_name", "applied_on"})
APPLICANT = "applicant"
#: The cell by which a person says what a ledger row counts as; a category key of the policy.
CATEGORY = "judged_category"


def standing(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that hold: those that were taken back, and the taking back, left out."""
    undone = {d.target for d in decisions if d.action == "undo"}
    return tuple(d for d in decisions if d.action != "undo" and str(d.seq) not in undone)


@dataclass
class _Desk:
    """The facts while decisions are laid onto them, one after another."""

    documents: dict[str, Document]
    rows: dict[str, LedgerRow]
    seals: dict[str, Seal]
    applicant: Applicant
    notes: list[Message]


def apply_decisions(facts: CaseFacts, decisions: Sequence[Decision]) -> CaseFacts:
    """Return the facts with the person's word on them; input: all decisions, in order.

    The last word on a field holds. A confirmed reading gets a human source beside the others
    and ``confirmed``; a corrected one ``corrected``, its old sources kept for all to see.
    """
    mine = [d for d in standing(decisions) if d.action in FACT_ACTIONS]
    if not mine:
        return facts
    desk = _Desk(
        {d.key: d for d in facts.documents},
        {r.key: r for r in (*facts.rows, *facts.sealed_rows)},
        {s.key: s for s in facts.seals},
        facts.applicant,
        [],
    )
    for decision in mine:
        note = _apply(desk, decision)
        if note is not None:
            desk.notes.append(note)
    return replace(
        facts,
        documents=tuple(desk.documents[d.key] for d in facts.documents),
        rows=tuple(desk.rows[r.key] for r in facts.rows),
        sealed_rows=tuple(desk.rows[r.key] for r in facts.sealed_rows),
        seals=tuple(desk.seals[s.key] for s in facts.seals),
        applicant=desk.applicant,
        notes=(*facts.notes, *desk.notes),
    )


def _apply(desk: _Desk, decision: Decision) -> Message | None:
    """Lay one decision onto the facts; returns why it could not be done, if so."""
    target = decision.target
    if decision.action == "mark_seal":
        return _mark_seal(desk, decision)
    if target == APPLICANT:
        return _applicant(desk, decision)
    if target in desk.documents:
        document = _document(desk.documents[target], decision)
        if isinstance(document, Message):
            return document
        desk.documents[target] = document
    elif target in desk.rows:
        row = _row(desk.rows[target], decision)
        if isinstance(row, Message):
            return row
        desk.rows[target] = row
    else:
        return say(
            "decide.vanished", seq=decision.seq, action=decision.action, actor=decision.actor
        )
    return None


def _row(row: LedgerRow, decision: Decision) -> LedgerRow | Message:
    name, value = decision.field_name, decision.value
    if name == CATEGORY and value not in CATEGORY_KEYS:
        return say("decide.not_applied", seq=decision.seq, field=name, value=value)
    reading = _reading(row.cells, name, decision)
    if isinstance(reading, Message):
        return reading
    return replace(row, cells={**row.cells, name: reading})


def _mark_seal(desk: _Desk, decision: Decision) -> Message | None:
    seal = desk.seals.get(decision.target)
    if seal is None:
        return say(
            "decide.vanished", seq=decision.seq, action=decision.action, actor=decision.actor
        )
    name, value = decision.field_name or "owner", decision.value
    if value not in SEAL_VALUES.get(name, frozenset()):
        return say("decide.not_applied", seq=decision.seq, field=name, value=value)
    why = say("decide.by_eye", actor=decision.actor, at=decision.at, reason=decision.reason or "—")
    marked = {"owner": seal.owner, "kind": seal.kind, "freshness": seal.freshness, name: value}
    desk.seals[seal.key] = replace(
        seal,
        owner=marked["owner"],
        kind=marked["kind"],
        freshness=marked["freshness"],
        reasons=(*seal.reasons, why),
    )
    return None


def _applicant(desk: _Desk, decision: Decision) -> Message | None:
    name = decision.field_name
    checked = check_correction("applied_date" if name == "applied_on" else name, decision.value)
    if decision.action != "correct" or name not in APPLICANT_FIELDS or checked.value is None:
        return say("decide.not_applied", seq=decision.seq, field=name, value=decision.value)
    old, value = desk.applicant, checked.value
    why = say("decide.by_eye", actor=decision.actor, at=decision.at, reason=decision.reason or "—")
    desk.applicant = replace(
        old,
        name=str(value) if name == "name" else old.name,
        taxpayer_id=str(value) if name == "taxpayer_id" else old.taxpayer_id,
        project_name=str(value) if name == "project_name" else old.project_name,
        applied_on=value if isinstance(value, date) else old.applied_on,
        reasons=(*old.reasons, why, *checked.troubles),
    )
    return None


def _document(document: Document, decision: Decision) -> Document | Message:
    name = decision.field_name
    if name == "kind":
        return _kind(document, decision)
    if name.startswith("items."):
        return _item(document, decision)
    reading = _reading(document.fields, name, decision)
    if isinstance(reading, Message):
        return reading
    return replace(document, fields={**document.fields, name: reading})


def _kind(document: Document, decision: Decision) -> Document | Message:
    try:
        kind = DocumentKind(decision.value)
    except ValueError:
        return say("decide.not_applied", seq=decision.seq, field="kind", value=decision.value)
    why = say("decide.by_eye", actor=decision.actor, at=decision.at, reason=decision.reason or "—")
    return replace(document, kind=kind, reasons=(*document.reasons, why))


def _item(document: Document, decision: Decision) -> Document | Message:
    _, index, name = (*decision.field_name.split("."), "", "")[:3]
    known = {f.name for f in fields(InvoiceItem)} - {"category"}
    if not index.isdigit() or int(index) >= len(document.items) or name not in known:
        field_name = decision.field_name
        return say("decide.not_applied", seq=decision.seq, field=field_name, value=decision.value)
    item = document.items[int(index)]
    readings = {n: getattr(item, n) for n in known}
    reading = _reading(readings, name, decision)
    if isinstance(reading, Message):
        return reading
    changed = InvoiceItem(**{**readings, name: reading}, category=item.category)
    items = [changed if i == int(index) else old for i, old in enumerate(document.items)]
    return replace(document, items=tuple(items))


def _reading(
    beside: Mapping[str, Reading],
    name: str,
    decision: Decision,
) -> Reading | Message:
    """Return the field's reading after the decision, or why it cannot be applied."""
    old = beside.get(name, Reading(None, "", Status.MISSING, 0.0))
    if not name:
        return say("decide.not_applied", seq=decision.seq, field="—", value=decision.value)
    if decision.action == "confirm":
        return _confirmed(old, name, decision)
    checked = check_correction(name, decision.value, beside)
    if checked.value is None:
        return say("decide.not_applied", seq=decision.seq, field=name, value=decision.value)
    why = say(
        "decide.corrected",
        actor=decision.actor,
        at=decision.at,
        old=old.raw or "—",
        reason=decision.reason or "—",
    )
    return _by_person(old, checked.value, Status.CORRECTED, (why, *checked.troubles))


def _confirmed(old: Reading, name: str, decision: Decision) -> Reading | Message:
    """Return the reading as confirmed, if it still says what the person looked at."""
    if old.value is None:
        return say("decide.nothing_to_confirm", seq=decision.seq, field=name)
    if decision.value and decision.value not in {str(old.value), old.raw}:
        return say(
            "decide.changed_since", seq=decision.seq, field=name, then=decision.value, now=old.raw
        )
    why = say("decide.confirmed", actor=decision.actor, at=decision.at)
    return _by_person(old, old.value, Status.CONFIRMED, (why, *old.reasons))


def _by_person(
    old: Reading,
    value: Value,
    status: Status,
    reasons: Iterable[Message],
) -> Reading:
    where = old.where
    source = Candidate(
        Origin.HUMAN,
        value,
        str(value),
        1.0,
        None if where is None else where.page_index,
        None if where is None else where.box,
        "" if where is None else where.file,
    )
    return Reading(value, str(value), status, 1.0, (source, *old.sources), tuple(reasons))

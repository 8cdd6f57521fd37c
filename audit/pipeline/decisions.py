"""A person's decisions on a case that has been read: each is logged, each gives a new judgement.

The facts of the last run rest in ``case.db``, so no page is read again. The workspace is locked
only while a decision is written (RELIABILITY, design 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.errors import EXIT_USAGE, AuditError, InputUnusableError
from audit.i18n import text, told
from audit.model import CaseReport, Decision, Message, Reading, codec
from audit.pipeline.kept import CHANGES, Kept, changes_of, recall, remember, stamp_of
from audit.policy import load_policy
from audit.store.log import AuditLog, Entry
from audit.store.workspace import Workspace

__all__ = [
    "CHANGES",
    "EVENT",
    "DecisionRefusedError",
    "Kept",
    "Session",
    "changes_of",
    "decisions_of",
    "open_session",
    "recall",
    "remember",
    "write_decision",
]

EVENT = "decision"
#: What a person may decide; ``undo`` and ``check`` speak of an earlier decision by its number.
ACTIONS = frozenset(
    {
        *("confirm", "correct", "mark_seal"),
        *("dismiss_finding", "dismiss_group", "rule", "note", "undo", "check"),
    }
)
#: Decisions that nobody should take without saying why.
NEED_REASON = frozenset({"correct", "mark_seal", "dismiss_finding", "dismiss_group", "rule"})
ON_FINDINGS = frozenset({"dismiss_finding", "dismiss_group", "rule", "note"})


class DecisionRefusedError(AuditError):
    """A decision that cannot be taken; nothing was written. The message says why."""

    exit_code = EXIT_USAGE


def decisions_of(log: AuditLog) -> tuple[Decision, ...]:
    """Return the decisions in a log, oldest first; raises ``ValueError`` on one that is none."""
    return tuple(_decision(e) for e in log.entries() if e.event == EVENT)


def _decision(entry: Entry) -> Decision:
    data = {k: v for k, v in entry.data.items() if k != "carried"}
    return codec.decode(Decision, {**data, "seq": entry.seq, "at": entry.at, "actor": entry.actor})


def write_decision(
    log: AuditLog, decision: Decision, carried: Mapping[str, Any] | None = None
) -> Entry:
    """Append a decision to the log; its number and time are those of the entry.

    ``carried``: number, time and hash of the entry of an earlier round that it repeats.
    """
    data = codec.encode(decision)
    for name in ("seq", "at", "actor"):
        data.pop(name, None)
    return log.append(decision.actor, EVENT, {**data, **({"carried": carried} if carried else {})})


def open_session(out: Path) -> Session:
    """Return a session on the workspace ``out``; ``audit check`` must have filled it before."""
    return Session(out)


class Session:
    """One workspace under review: what it says now, and a person's way to change that."""

    def __init__(self, out: Path) -> None:
        """Read facts and decisions; raises the ``AuditError`` tree if there are none."""
        if not (out / "case.db").is_file():
            raise InputUnusableError(told("stop.not_checked", folder=out))
        self.out = out
        with Workspace(out) as space, space.technical.stage("session"):
            self._take(space)

    def _take(self, space: Workspace) -> None:
        self._kept = recall(space)
        self._policy = load_policy(self._kept.policy)
        self._head = space.log.head
        self._decisions = decisions_of(space.log)
        self._report = self._judged(self._decisions)

    def _judged(self, decisions: Sequence[Decision]) -> CaseReport:
        from audit.pipeline.run import judge

        report = judge(self._kept.facts, self._policy, decisions, self._kept.lang)
        info = replace(self._kept.info, log_head=self._head)
        return replace(report, run=info, changes=self._kept.changes)

    @property
    def lang(self) -> str:
        """The language of the outputs."""
        return self._kept.lang

    # -- looking ----------------------------------------------------------------------------

    def report(self) -> CaseReport:
        """Return the case as it stands with every decision so far."""
        return self._report

    def undecided(self) -> CaseReport:
        """Return the case as the program alone sees it, without any decision."""
        return self._judged(())

    def decisions(self) -> tuple[Decision, ...]:
        """Return every decision, oldest first, those taken back included."""
        return self._decisions

    def unchecked(self) -> tuple[Decision, ...]:
        """Return the decisions that hold and that no second person has checked yet."""
        from audit.decide import standing

        holding = standing(self._decisions)
        checked = {d.target for d in holding if d.action == "check"}
        return tuple(
            d for d in holding if d.action not in {"check", "note"} and str(d.seq) not in checked
        )

    # -- deciding ---------------------------------------------------------------------------

    def decide(
        self,
        action: str,
        target: str,
        field_name: str = "",
        value: str = "",
        reason: str = "",
        actor: str = "",
        *,
        explanation: str = "",
    ) -> CaseReport:
        """Write the decision down and return the case as it stands from now on.

        ``target`` and ``field_name`` as in ``model.Decision``. Raises ``DecisionRefusedError``
        (nothing written) when actor or reason is missing, the target is not in the case, or the
        value is none for the field; what merely looks odd is kept as a reason of the reading.
        """
        with Workspace(self.out) as space:
            self._follow(space)
            draft = Decision(
                seq=0,
                at="",
                actor=actor.strip(),
                action=action,
                target=target,
                field_name=field_name,
                value=value,
                reason=reason.strip(),
                covers=self._covers(action, target),
                explanation=explanation,
                round=self._round(),
            )
            self._refuse_bad(draft)
            draft = self._with_seen_value(draft)
            entry = write_decision(space.log, draft)
            space.technical.event("decision", seq=entry.seq, action=draft.action)
            decisions = (*self._decisions, _decision(entry))
            self._head = entry.hash
            self._report = self._judged(decisions)
            self._decisions = decisions
        return self._report

    def undo(self, seq: int, actor: str, reason: str = "") -> CaseReport:
        """Take back a decision; it stays in the log, and so does the taking back."""
        return self.decide("undo", str(seq), reason=reason, actor=actor)

    def check(self, seq: int, actor: str, reason: str = "") -> CaseReport:
        """Note that a second person looked at a decision and agrees."""
        return self.decide("check", str(seq), reason=reason, actor=actor)

    def export(self) -> CaseReport:
        """Write all output files anew, as the case stands now, and log their hashes."""
        from audit.pipeline.run import publish

        with Workspace(self.out) as space:
            self._follow(space)
            publish(space, self._report, self._policy, self._kept.lang)
        return self._report

    # -- inside -----------------------------------------------------------------------------

    def _follow(self, space: Workspace) -> None:
        """Take over what another session or run wrote since."""
        if stamp_of(space) != self._kept.stamp:
            self._take(space)
        elif space.log.head != self._head:
            self._head = space.log.head
            decisions = decisions_of(space.log)
            if decisions != self._decisions:
                self._report = self._judged(decisions)
                self._decisions = decisions

    def _round(self) -> int:
        return max((d.round for d in self._decisions), default=1)

    def _covers(self, action: str, target: str) -> tuple[str, ...]:
        """Return what the person sees now: a ruling covers that, and nothing later."""
        from audit.conclude import statement

        if action not in ON_FINDINGS:
            return ()
        group = next((g for g in self._report.groups if g.key == target), None)
        ids = set() if group is None else set(group.finding_ids)
        return tuple(statement(f) for f in self._unruled() if f.key == target or f.id in ids)

    def _unruled(self) -> Sequence[Any]:
        """Return the findings as the rules gave them, without any ruling on them."""
        from audit.decide import standing

        plain = [d for d in standing(self._decisions) if d.action not in ON_FINDINGS]
        if len(plain) == len(standing(self._decisions)):
            return self._report.findings
        return self._judged(plain).findings

    def _with_seen_value(self, draft: Decision) -> Decision:
        """A confirmation without a value confirms what is shown now."""
        if draft.action != "confirm" or draft.value:
            return draft
        reading = self._reading(draft.target, draft.field_name)
        shown = "" if reading is None or reading.value is None else str(reading.value)
        return replace(draft, value=shown)

    def _reading(self, target: str, field_name: str) -> Reading | None:
        facts = self._report.facts
        for document in facts.documents:
            if document.key == target:
                if field_name.startswith("items."):
                    return _item_reading(document.items, field_name)
                return document.get(field_name)
        rows = (r for r in (*facts.rows, *facts.sealed_rows) if r.key == target)
        row = next(rows, None)
        return None if row is None else row.get(field_name)

    def _refuse_bad(self, draft: Decision) -> None:
        """Raise on a decision that could not take effect."""
        if draft.action not in ACTIONS:
            raise DecisionRefusedError(told("stop.unknown_action", action=draft.action))
        if not draft.actor:
            raise DecisionRefusedError(told("stop.need_actor"))
        if draft.action in NEED_REASON and not draft.reason:
            raise DecisionRefusedError(told("stop.need_reason"))
        if draft.action in {"undo", "check"}:
            self._refuse_bad_number(draft)
            return
        if draft.action in ON_FINDINGS:
            self._refuse_bad_ruling(draft)
            return
        self._refuse_bad_fact(draft)

    def _refuse_bad_number(self, draft: Decision) -> None:
        from audit.decide import standing

        meant = next((d for d in standing(self._decisions) if str(d.seq) == draft.target), None)
        if meant is None:
            raise DecisionRefusedError(told("stop.no_decision", number=draft.target))
        if draft.action == "check" and meant.actor == draft.actor:
            raise DecisionRefusedError(told("stop.same_person"))

    def _refuse_bad_ruling(self, draft: Decision) -> None:
        if not draft.covers and not (draft.action == "note" and self._stands(draft.target)):
            raise DecisionRefusedError(told("stop.gone"))
        if draft.action == "rule" and draft.value not in {"采信", "不采信"}:
            raise DecisionRefusedError(told("stop.ruling"))

    def _stands(self, target: str) -> bool:
        """Tell whether a note may stand on it: a paper, row or seal (what was seen on site)."""
        facts = self._report.facts
        keys = {d.key for d in facts.documents} | {s.key for s in facts.seals}
        return target in keys | {r.key for r in (*facts.rows, *facts.sealed_rows)}

    def _refuse_bad_fact(self, draft: Decision) -> None:
        """Try the decision on the facts alone: a note of its own is why it cannot be applied."""
        from audit.decide import apply_decisions

        before = len(apply_decisions(self._kept.facts, self._decisions).notes)
        trial = replace(draft, seq=max((d.seq for d in self._decisions), default=0) + 1)
        notes = apply_decisions(self._kept.facts, (*self._decisions, trial)).notes
        if len(notes) > before:
            raise DecisionRefusedError(self._words(notes[-1]))

    def _words(self, message: Message) -> str:
        return text(message.key, dict(message.params), self._kept.lang)


def _item_reading(items: Sequence[Any], field_name: str) -> Reading | None:
    _, index, name = (*field_name.split("."), "", "")[:3]
    if not index.isdigit() or int(index) >= len(items):
        return None
    found = getattr(items[int(index)], name, None)
    return found if isinstance(found, Reading) else None

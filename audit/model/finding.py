"""What the rules say, what the money comes to, what a person decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from audit.model.geometry import Box
from audit.model.message import Message


class Verdict(StrEnum):
    """The outcome of a rule for one subject, or of a clause."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"
    NOT_EXECUTED = "not_executed"
    OPEN = "open"
    """Of a clause only: the ends of the interval disagree."""


class Severity(StrEnum):
    """A 资格 (eligibility), B 核减 (amount), C 补正 (paperwork), D 提示 (cue)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place on paper; ``page_index`` from 0."""

    file: str
    page_index: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a finding is about: document ids, ledger row numbers, seal ids, files."""

    documents: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    seals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a finding does to the declared sum, in 元, per tax basis; never negative.

    ``row`` is the ledger row it concerns: no row loses more than it declares, and the
    waterfall takes overlapping effects once. ``certain``: deducted if true, else pending.
    """

    row: int
    with_tax: Decimal
    without_tax: Decimal
    certain: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of one rule about certain subjects; only ``fail`` and ``undecided`` are kept.

    ``cause``: a stable word for the root cause it shares with others, e.g.
    ``invoice_missing``; ``seller``: whose paper would mend it, may be empty.
    ``key`` = hash of rule and subject keys, survives renumbering.
    """

    id: str
    key: str
    rule: str
    name: str
    verdict: Verdict
    severity: Severity
    clause: str
    subjects: Subjects
    message: Message
    expected: str = ""
    found: str = ""
    evidence: tuple[Evidence, ...] = ()
    effects: tuple[Effect, ...] = ()
    cause: str = ""
    seller: str = ""
    request: Message | None = None
    """What to ask the company for."""
    refuted_by: Message | None = None
    """What would show the finding to be wrong."""
    decision: DecisionNote | None = None
    """A person's word on it; one that is set aside has the verdict ``pass`` from then on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one rule went over the whole case; ``not_executed`` says why, else ``None``."""

    rule: str
    checked: int
    passed: int
    failed: int
    undecided: int
    not_applicable: int
    not_executed: Message | None = None


@dataclass(frozen=True, slots=True)
class DecisionNote:
    """A person's ruling as shown on a group or finding.

    ``value``: 采信 or 不采信 of a ``rule``; ``explanation``: the company's own (企业说明);
    ``round``: of the application (1: as first handed in).
    """

    actor: str
    at: str
    action: str
    reason: str
    value: str = ""
    explanation: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Findings with one root cause: one thing to decide, at most one thing to ask for."""

    id: str
    key: str
    cause: str
    severity: Severity
    verdict: Verdict
    title: Message
    finding_ids: tuple[str, ...]
    amount: Decimal
    """元 with tax that the group takes or holds; 0 if none."""
    request: Message | None = None
    flips: bool = False
    """Deciding it can turn eligibility."""
    decision: DecisionNote | None = None
    history: tuple[DecisionNote, ...] = ()
    """Every word on the group, notes and earlier rulings included, oldest first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step down the waterfall; ``amount`` is negative. ``certain``: deducted, else pending."""

    group_id: str
    finding_id: str
    row: int
    amount: Decimal
    label: Message
    certain: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """Low and high end of a figure while something is pending."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Basis:
    """The waterfall in one tax basis: declared = supported + pending + deducted, to the cent.

    ``shares``: software share as a fraction per reading (narrow, middle, wide).
    ``margins``: figure minus threshold, low end: ``total`` in 元, ``software`` as a fraction.
    """

    declared: Decimal
    deducted: Decimal
    pending: Decimal
    supported: Decimal
    steps: tuple[Step, ...]
    shares: tuple[tuple[str, Interval], ...]
    margins: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Both tax bases: with tax and without."""

    incl: Basis
    excl: Basis


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a clause of the notice comes to, with the interval that decides it."""

    clause: str
    title: Message
    verdict: Verdict
    low: str = ""
    high: str = ""
    decided_by: tuple[str, ...] = ()
    """Finding ids that decide it or keep it open."""
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A paper the notice demands; ``status``: present, missing, incomplete."""

    item: str
    clause: str
    status: str
    document_ids: tuple[str, ...] = ()
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided; append-only, refers to keys only.

    ``action``: confirm, correct, dismiss_finding, dismiss_group, mark_seal, rule
    (采信/不采信 of a company's explanation), note, undo, check. ``target``: the
    key of a document, ledger row, seal, finding or group, ``applicant``, or for undo and check
    the ``seq`` of the decision meant. ``field_name`` and ``value`` for confirm, correct, mark_seal;
    ``value`` for rule. ``covers``: what a ruling on findings covered when it was made, as
    ``finding key:statement``; anything later or different is not covered by it.
    """

    seq: int
    at: str
    actor: str
    action: str
    target: str
    field_name: str = ""
    value: str = ""
    reason: str = ""
    covers: tuple[str, ...] = ()
    explanation: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class RoundChange:
    """One thing that is different from the round before.

    ``kind``: mended, open, new (findings); silent, asked (a value of a paper or row changed,
    without or after being asked for); added, removed (papers, rows). Ids of either round, empty
    where there is none.
    """

    kind: str
    message: Message
    old_id: str = ""
    new_id: str = ""

"""A case: one folder of one applicant, and everything known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from audit.model.cross import CrossView, Verification
from audit.model.document import Document, DocumentKind, LedgerRow
from audit.model.finding import (
    ChecklistItem,
    Conclusion,
    Decision,
    Finding,
    Group,
    Outcome,
    RoundChange,
    Waterfall,
)
from audit.model.marks import ImageCue, ImpressionPair, Seal, SignaturePair, SignedPlace
from audit.model.message import Message
from audit.model.page import CodePayload, Page, TextLine
from audit.model.problem import Problem

_NO_SPLITS: Mapping[int, tuple[tuple[str, Decimal], ...]] = MappingProxyType({})


class FileStatus(StrEnum):
    """What became of a file."""

    PROCESSED = "processed"
    WARNING = "processed-with-warning"
    REJECTED = "rejected-with-reason"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of the folder; ``file`` is its path in the case (``a.zip!/b.pdf`` inside archives).

    ``pages`` counts them; 0 if it could not be opened. ``same_as``: the file it duplicates.
    """

    file: str
    sha256: str
    size: int
    pages: int
    status: FileStatus
    problems: tuple[Problem, ...] = ()
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of one file in its case."""

    file: str
    page: Page
    kind: DocumentKind
    document_ids: tuple[str, ...]
    lines: tuple[TextLine, ...] = ()
    codes: tuple[CodePayload, ...] = ()
    cues: tuple[ImageCue, ...] = ()
    problems: tuple[Problem, ...] = ()
    picture: str = ""
    """File name of the page picture under ``pages/``, empty if none."""


@dataclass(frozen=True, slots=True)
class PaymentShare:
    """The part of a payment (元) that is allocated to a ledger row's invoices."""

    document_id: str
    amount: Decimal
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another allocation that fits as well."""

    invoices: tuple[str, ...]
    payments: tuple[PaymentShare, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A ledger row with the paper that stands behind it. ``row`` 0: documents without a row."""

    row: int
    invoices: tuple[str, ...] = ()
    payments: tuple[PaymentShare, ...] = ()
    acceptance: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    reason: Message | None = None
    confidence: float = 0.0
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, and for which project, with the sources that say so.

    ``former_names``: names a change notice or licence shows for the same tax id.
    ``period``: start and end of the project; ``applied_on``: date of the commitment or form.
    Money in 元.
    """

    name: str = ""
    taxpayer_id: str = ""
    former_names: tuple[str, ...] = ()
    project_name: str = ""
    period: tuple[date, date] | None = None
    period_raw: str = ""
    applied_on: date | None = None
    source_ids: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()
    """Which papers name the applicant; said openly where only the invoices' buyers do."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the paper says, before judgement: the input of match and rules."""

    name: str
    applicant: Applicant
    files: tuple[CaseFile, ...]
    pages: tuple[CasePage, ...]
    documents: tuple[Document, ...]
    seals: tuple[Seal, ...]
    rows: tuple[LedgerRow, ...]
    pairs: tuple[ImpressionPair, ...] = ()
    signatures: tuple[SignedPlace, ...] = ()
    signature_pairs: tuple[SignaturePair, ...] = ()
    sealed_rows: tuple[LedgerRow, ...] = ()
    """Rows of a second copy of the ledger (the sealed scan beside the spreadsheet)."""
    cross: CrossView | None = None
    """What the registry of other cases says; ``None``: no registry was consulted."""
    verifications: tuple[Verification, ...] = ()
    """What the tax platform said of invoices, the latest answer of each."""
    notes: tuple[Message, ...] = ()
    """Decisions of a person that could not be applied, and why: never lost in silence."""

    def of_kind(self, *kinds: DocumentKind) -> tuple[Document, ...]:
        """Return the documents of these kinds, in order of the case."""
        return tuple(d for d in self.documents if d.kind in kinds)

    def document(self, document_id: str) -> Document:
        """Return the document with this id; raises ``KeyError`` if there is none."""
        for candidate in self.documents:
            if candidate.id == document_id:
                return candidate
        raise KeyError(document_id)


@dataclass(frozen=True, slots=True)
class Matching:
    """What belongs to what: the result of ``match``.

    ``links``: one per ledger row of role item, in row order. ``ledger_basis``: ``incl`` or
    ``excl``, which invoice amount the ledger's amount column states (by majority).
    ``unlisted_invoices``: invoices no row claims. ``idle_payments``: what of each payment is left
    unallocated, negative for a refund. ``categories``: row to category key of the policy
    (``unknown`` if undecided).
    """

    links: tuple[Link, ...]
    ledger_basis: str
    unlisted_invoices: tuple[str, ...]
    idle_payments: tuple[PaymentShare, ...]
    categories: Mapping[int, str]
    category_reasons: Mapping[int, Message]
    category_splits: Mapping[int, tuple[tuple[str, Decimal], ...]] = field(
        default_factory=lambda: _NO_SPLITS
    )
    """Rows whose invoices hold several categories: (category, share of the row); shares sum to 1."""

    def link(self, row: int) -> Link:
        """Return the link of a row, an empty one if the row has none."""
        return next((link for link in self.links if link.row == row), Link(row))


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as the report's appendix shows it."""

    code: str
    name: str
    clause: str
    severity: str
    title: str
    finds: str
    undecided_when: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """About the run itself: the only part of ``case.json`` with a clock."""

    started: str
    seconds: float
    version: str
    policy: str
    policy_title: str
    models: tuple[tuple[str, str], ...] = ()
    log_head: str = ""


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Everything the outputs are made of."""

    run: RunInfo
    facts: CaseFacts
    declared_total: Decimal | None
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    groups: tuple[Group, ...]
    waterfall: Waterfall
    conclusions: tuple[Conclusion, ...]
    checklist: tuple[ChecklistItem, ...]
    rules: tuple[RuleCard, ...]
    decisions: tuple[Decision, ...] = ()
    changes: tuple[RoundChange, ...] = ()
    """What differs from the round before, after ``audit recheck``."""

"""What a rule says about one subject, before it gets its number and its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit.model import Effect, Evidence, Message, Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """One statement. ``documents`` and ``seals`` are ids, ``rows`` ledger row numbers.

    ``part`` tells apart several statements of one rule about the same subjects; it must not
    hold values that a correction changes. ``severity``: another than the rule's own.
    """

    verdict: Verdict
    message: Message | None = None
    documents: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    seals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    expected: str = ""
    found: str = ""
    evidence: tuple[Evidence, ...] = ()
    effects: tuple[Effect, ...] = ()
    cause: str = ""
    seller: str = ""
    request: Message | None = None
    refuted_by: Message | None = None
    severity: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """The rule could not be applied to this case at all, and what it would need."""

    why: Message


Results = Iterable[Result | NotExecuted]
PASSED = Result(Verdict.PASS)
SKIPPED = Result(Verdict.NOT_APPLICABLE)

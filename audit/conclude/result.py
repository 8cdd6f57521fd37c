"""What ``conclude`` gives back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from audit.model import ChecklistItem, Conclusion, Finding, Group, Message, Waterfall


@dataclass(frozen=True, slots=True)
class Result:
    """The judgement of a case.

    ``declared_total``: sum of the ledger's item rows as printed (元), ``None`` without a ledger.
    ``findings``: as the rules gave them, in the order and with the numbers of the report, with a
    person's rulings on them. ``notes``: rulings that found nothing to rule on.
    """

    declared_total: Decimal | None
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    waterfall: Waterfall
    conclusions: tuple[Conclusion, ...]
    checklist: tuple[ChecklistItem, ...]
    notes: tuple[Message, ...] = ()

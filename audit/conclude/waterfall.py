"""The 核减 waterfall: declared = supported + pending + deducted, to the cent, in one tax basis.

Every effect says how much of a row one finding leaves without support. Effects on the same
paper overlap, so the largest counts; effects on different invoices of one row add up; no row
loses more than it declares; what is certain goes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from audit.match.amounts import RowAmounts
from audit.match.cents import rounded
from audit.model import Finding, Link, Message, Step

NOTHING = Decimal(0)
WHOLE = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One effect on one row: the amounts (元) in both bases, and which part of the row it is about.

    ``part``: id of the one invoice of several, else ``WHOLE``.
    """

    group_id: str
    finding_id: str
    row: int
    incl: Decimal
    excl: Decimal
    certain: bool
    label: Message
    part: str = WHOLE

    def amount(self, basis: str) -> Decimal:
        """Return the amount in ``incl`` or ``excl``."""
        return self.incl if basis == "incl" else self.excl


@dataclass
class RowState:
    """What of one row is taken so far, in one basis."""

    declared: Decimal
    deducted: Decimal = NOTHING
    pending: Decimal = NOTHING
    taken: dict[str, Decimal] = field(default_factory=dict)

    @property
    def supported(self) -> Decimal:
        """What is left: never below zero unless the row itself is negative."""
        return self.declared - self.deducted - self.pending

    def take(self, claim: Claim, basis: str) -> Decimal:
        """Note the claim; return by how much more of the row it takes than was taken before."""
        before = self._total()
        amount = max(NOTHING, rounded(claim.amount(basis)))
        self.taken[claim.part] = max(self.taken.get(claim.part, NOTHING), amount)
        more = self._total() - before
        if claim.certain:
            self.deducted += more
        else:
            self.pending += more
        return more

    def _total(self) -> Decimal:
        parts = sum((a for p, a in self.taken.items() if p != WHOLE), NOTHING)
        return min(max(self.declared, NOTHING), max(parts, self.taken.get(WHOLE, NOTHING)))


@dataclass(frozen=True, slots=True)
class Flow:
    """One basis settled: totals, steps, and the state of every row."""

    declared: Decimal
    deducted: Decimal
    pending: Decimal
    supported: Decimal
    steps: tuple[Step, ...]
    rows: Mapping[int, RowState]


def settle(amounts: Mapping[int, RowAmounts], claims: Sequence[Claim], basis: str) -> Flow:
    """Return the waterfall of ``basis`` (``incl``/``excl``); claims in the order of the report."""
    rows = {n: RowState(rounded(a.basis(basis).amount)) for n, a in amounts.items()}
    steps = []
    for claim in (*_only(claims, certain=True), *_only(claims, certain=False)):
        state = rows.get(claim.row)
        more = NOTHING if state is None else state.take(claim, basis)
        if more > 0:
            steps.append(
                Step(
                    claim.group_id,
                    claim.finding_id,
                    claim.row,
                    -more,
                    claim.label,
                    claim.certain,
                )
            )
    declared = sum((s.declared for s in rows.values()), NOTHING)
    deducted = sum((s.deducted for s in rows.values()), NOTHING)
    pending = sum((s.pending for s in rows.values()), NOTHING)
    supported = declared - deducted - pending
    return Flow(declared, deducted, pending, supported, tuple(steps), rows)


def _only(claims: Iterable[Claim], *, certain: bool) -> Iterable[Claim]:
    return (c for c in claims if c.certain is certain)


def claims_of(
    finding: Finding,
    group_id: str,
    label: Message,
    links: Mapping[int, Link],
) -> tuple[Claim, ...]:
    """Return the finding's effects as claims on rows."""
    return tuple(
        Claim(
            group_id,
            finding.id,
            effect.row,
            effect.with_tax,
            effect.without_tax,
            effect.certain,
            label,
            _part(finding, links.get(effect.row)),
        )
        for effect in finding.effects
    )


def _part(finding: Finding, link: Link | None) -> str:
    """Return which of the row's papers the finding is about: one of several invoices, or all."""
    if link is None or not link.invoices:
        return WHOLE
    if finding.cause == "invoice_missing":
        return "missing"
    own = [i for i in finding.subjects.documents if i in link.invoices]
    return own[0] if len(own) == 1 and len(link.invoices) > 1 else WHOLE

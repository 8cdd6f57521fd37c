"""Groups as the report shows them: one thing to decide, at most one thing to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.conclude.causes import DOUBT, Bundle, cause_of
from audit.conclude.ruling import history
from audit.model import (
    Decision,
    DecisionNote,
    Finding,
    Group,
    Message,
    RuleCard,
    Severity,
    Step,
    Verdict,
    say,
)
from audit.text.rounding import wan

ORDER = {s: n for n, s in enumerate(Severity)}
#: Distinct values of one parameter that a joined request spells out.
SPELT_OUT = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A group before the money is known: its bundle with the rulings applied."""

    bundle: Bundle
    findings: tuple[Finding, ...]
    """The bundle's findings after the rulings."""

    @property
    def live(self) -> tuple[Finding, ...]:
        """What still counts: not set aside by a person."""
        return tuple(f for f in self.findings if f.verdict is not Verdict.PASS)

    @property
    def severity(self) -> Severity:
        """The heaviest of what still counts, else of all."""
        return min((f.severity for f in self.live or self.findings), key=lambda s: ORDER[s])

    @property
    def verdict(self) -> Verdict:
        """Fail if anything fails, undecided if anything is open, pass if all is set aside."""
        verdicts = {f.verdict for f in self.live}
        if Verdict.FAIL in verdicts:
            return Verdict.FAIL
        return Verdict.UNDECIDED if verdicts else Verdict.PASS


def ordered(
    drafts: Iterable[Draft], flips: frozenset[str], money: Mapping[str, Decimal]
) -> tuple[Draft, ...]:
    """Return the drafts in the order of the report: can flip eligibility, money, 补正, cues.

    Of those that weigh the same, what fails stands before what is open.
    """

    def rank(draft: Draft) -> tuple[bool, bool, bool, int, Decimal, bool, str]:
        key = draft.bundle.key
        return (
            draft.verdict is Verdict.PASS,
            draft.severity is Severity.D,
            key not in flips,
            ORDER[draft.severity],
            -money.get(key, Decimal()),
            draft.verdict is not Verdict.FAIL,
            _place(draft),
        )

    return tuple(sorted(drafts, key=rank))


def _place(draft: Draft) -> str:
    return min((f.key for f in draft.findings), default="")


def group(
    draft: Draft,
    group_id: str,
    steps: Sequence[Step],
    decisions: Sequence[Decision],
    cards: Mapping[str, RuleCard],
    *,
    flips: bool,
) -> Group:
    """Return the draft as a group; ``steps``: its own of the waterfall with tax."""
    amount = -sum((s.amount for s in steps), Decimal())
    keys = (draft.bundle.key, *(f.key for f in draft.findings))
    past = history(keys, decisions)
    return Group(
        id=group_id,
        key=draft.bundle.key,
        cause=draft.bundle.cause,
        severity=draft.severity,
        verdict=draft.verdict,
        title=title(draft, amount, cards),
        finding_ids=tuple(f.id for f in draft.findings),
        amount=amount,
        request=request(draft.live),
        flips=flips,
        decision=_decision(draft, past),
        history=past,
    )


def _decision(draft: Draft, past: Sequence[DecisionNote]) -> DecisionNote | None:
    """Return the ruling that closes the group: only if it settles every finding of it."""
    rulings = [f.decision for f in draft.findings]
    if not rulings or any(r is None for r in rulings):
        return None
    last = [n for n in past if n.action != "note"]
    return last[-1] if last else rulings[-1]


def title(draft: Draft, amount: Decimal, cards: Mapping[str, RuleCard]) -> Message:
    """Return the group's heading: the defect, whose paper, how many."""
    shown = draft.live or draft.findings
    count = sum(1 for f in shown if cause_of(f) == draft.bundle.cause) or len(shown)
    if draft.bundle.cause == DOUBT:
        if not amount:
            return say("conclude.group.doubt_only", count=count)
        return say("conclude.group.doubt", count=count, amount=wan(amount))
    lead = draft.bundle.lead
    card = cards.get(lead.rule)
    name = lead.name if card is None else card.title
    key = "conclude.group.seller" if lead.seller else "conclude.group.plain"
    if count == 1:
        key += "_one"
    return say(key, title=name, seller=lead.seller, count=count)


def request(findings: Sequence[Finding]) -> Message | None:
    """Return what to ask for: one request, its parameters joined over the findings."""
    asked = [f.request for f in findings if f.request is not None]
    if not asked:
        return None
    same = [m for m in asked if m.key == asked[0].key]
    names = [name for name, _ in asked[0].params]
    joined = {
        name: _joined([value for m in same for n, value in m.params if n == name]) for name in names
    }
    return say(asked[0].key, **joined)


def _joined(values: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(v for v in values if v))
    if len(distinct) <= SPELT_OUT:
        return "、".join(distinct)
    return "、".join(distinct[:SPELT_OUT]) + f"…（{len(distinct)}）"

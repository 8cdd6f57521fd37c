"""From findings to judgement: group, rule, settle the money, conclude."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.conclude.causes import bundles
from audit.conclude.checklist import checklist
from audit.conclude.clauses import clause_conclusions
from audit.conclude.doubts import doubtful_rows
from audit.conclude.eligibility import (
    Figures,
    figures,
    share_conclusion,
    share_verdict,
    to_waterfall,
    total_conclusion,
    total_verdict,
)
from audit.conclude.groups import Draft, group, ordered, title
from audit.conclude.result import Result
from audit.conclude.ruling import rule_on
from audit.conclude.shares import CATEGORY_RULES, Weight, software_weights
from audit.conclude.waterfall import Claim, claims_of
from audit.match.amounts import RowAmounts, declared_amounts, stated_reading
from audit.match.category import UNKNOWN
from audit.model import (
    CaseFacts,
    Conclusion,
    Decision,
    Finding,
    Group,
    Link,
    Matching,
    Message,
    Outcome,
    RowRole,
    RuleCard,
    Severity,
    Step,
    Verdict,
    say,
)
from audit.policy.schema import TAX_BASES, Policy

#: Groups for which it is worked out exactly whether deciding them turns a verdict: the dearest.
MOST_TRIALS = 60
Weights = Mapping[str, Mapping[int, Weight]]


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything the steps share."""

    facts: CaseFacts
    matching: Matching
    policy: Policy
    amounts: Mapping[int, RowAmounts]
    links: Mapping[int, Link]
    cards: Mapping[str, RuleCard]

    def claims(self, draft: Draft, group_id: str, label: Message) -> tuple[Claim, ...]:
        """Return what the draft takes or holds; cues take nothing."""
        heavy = [f for f in draft.live if f.severity is not Severity.D]
        return tuple(c for f in heavy for c in claims_of(f, group_id, label, self.links))


def conclude(
    facts: CaseFacts,
    matching: Matching,
    findings: Sequence[Finding],
    policy: Policy,
    decisions: Sequence[Decision],
    *,
    outcomes: Sequence[Outcome] = (),
    cards: Sequence[RuleCard] = (),
) -> Result:
    """Return groups, waterfall, conclusions and checklist; ``cards`` give the rules their titles.

    Pure. The same findings in another order give the same totals.
    """
    case = _Case(
        facts,
        matching,
        policy,
        declared_amounts(facts, matching),
        {link.row: link for link in matching.links},
        {c.code: c for c in cards},
    )
    every = (*findings, *doubtful_rows(facts, case.amounts, findings, case.cards))
    found = bundles(every, matching.links)
    keys = {f.key: b.key for b in found for f in b.findings}
    ruled, notes = rule_on(every, keys, decisions)
    by_key = {f.key: f for f in ruled}
    drafts = [Draft(b, tuple(by_key[f.key] for f in b.findings)) for b in found]
    weights = software_weights(facts, matching, ruled, policy)
    trial = _Trial(case, drafts, weights, ruled)
    final = ordered(drafts, trial.flips, trial.money)
    ids = {d.bundle.key: f"G{n}" for n, d in enumerate(final, 1)}
    labels = {
        d.bundle.key: title(d, trial.money.get(d.bundle.key, Decimal()), case.cards) for d in final
    }
    claims = [c for d in final for c in case.claims(d, ids[d.bundle.key], labels[d.bundle.key])]
    money = figures(case.amounts, claims, weights)
    return Result(
        declared_total=_declared(facts),
        findings=ruled,
        groups=_groups(final, ids, money, decisions, case, trial),
        waterfall=to_waterfall(money, policy),
        conclusions=(
            *_money_conclusions(money, case, trial, final),
            *clause_conclusions(outcomes, ruled, case.cards, policy),
        ),
        checklist=checklist(facts, matching, ruled, policy),
        notes=notes,
    )


def _declared(facts: CaseFacts) -> Decimal | None:
    """Return the sum of what the ledger's item rows state, unread ones left out."""
    items = [r for r in facts.rows if r.role is RowRole.ITEM]
    stated = [a for r in items if (a := stated_reading(r).amount) is not None]
    return sum(stated, Decimal()) if stated else None


def _groups(
    final: Sequence[Draft],
    ids: Mapping[str, str],
    money: Figures,
    decisions: Sequence[Decision],
    case: _Case,
    trial: _Trial,
) -> tuple[Group, ...]:
    steps: dict[str, list[Step]] = defaultdict(list)
    for step in money.flows["incl"].steps:
        steps[step.group_id].append(step)
    made = []
    for draft in final:
        key = draft.bundle.key
        own = steps[ids[key]]
        made.append(group(draft, ids[key], own, decisions, case.cards, flips=key in trial.flips))
    return tuple(made)


# --- what can turn the result -------------------------------------------------------------------


class _Trial:
    """The money as it would be if a group were set aside or upheld: which groups turn a verdict."""

    def __init__(
        self,
        case: _Case,
        drafts: Sequence[Draft],
        weights: Weights,
        findings: Sequence[Finding],
    ) -> None:
        """Settle once as it stands, then once per group with money, dearest first."""
        self._case, self._weights, self._findings = case, weights, findings
        blank = say("conclude.step")
        self._claims = {d.bundle.key: case.claims(d, d.bundle.key, blank) for d in drafts}
        self._now = self._settled(list(self._claims), {}, weights)
        self.total = total_verdict(self._now, case.policy)
        self.share = share_verdict(self._now, case.policy)
        self.money = self._money("incl")
        self._widest = {
            k: max(self._money(b).get(k, Decimal()) for b in TAX_BASES) for k in self._claims
        }
        self.turns_total: set[str] = set()
        self.turns_share: set[str] = set()
        self._questioned = {d.bundle.key for d in drafts if _questions_category(d)}
        for draft in self._worth_trying(drafts):
            self._try(draft)
        self.flips = frozenset(
            {d.bundle.key for d in drafts if d.live and d.severity is Severity.A}
            | self.turns_total
            | self.turns_share
            | self.holds_total()
            | self.holds_share()
        )

    def holds_total(self) -> set[str]:
        """Return the groups that keep the total open: all with something pending."""
        return self._pending() if self.total is Verdict.OPEN else set()

    def holds_share(self) -> set[str]:
        """Return the groups that keep the share open."""
        if self.share is not Verdict.OPEN:
            return set()
        return self._pending() | self._questioned

    def _pending(self) -> set[str]:
        return {s.group_id for f in self._now.flows.values() for s in f.steps if not s.certain}

    def _money(self, basis: str) -> dict[str, Decimal]:
        money: dict[str, Decimal] = defaultdict(Decimal)
        for step in self._now.flows[basis].steps:
            money[step.group_id] -= step.amount
        return dict(money)

    def _worth_trying(self, drafts: Sequence[Draft]) -> list[Draft]:
        able = [d for d in drafts if self._claims[d.bundle.key] or _questions_category(d)]
        dearest = sorted(able, key=lambda d: -self._widest.get(d.bundle.key, Decimal()))
        return dearest[:MOST_TRIALS]

    def _try(self, draft: Draft) -> None:
        key = draft.bundle.key
        weights = self._weights
        if key in self._questioned:
            own = {f.key for f in draft.findings}
            rest = [f for f in self._findings if f.key not in own]
            case = self._case
            weights = software_weights(case.facts, case.matching, rest, case.policy)
        upheld = tuple(_certain(c) for c in self._claims[key])
        for other in ((), upheld):
            then = self._settled(list(self._claims), {key: other}, weights)
            if total_verdict(then, self._case.policy) is not self.total:
                self.turns_total.add(key)
            if share_verdict(then, self._case.policy) is not self.share:
                self.turns_share.add(key)

    def _settled(
        self,
        keys: Iterable[str],
        other: Mapping[str, tuple[Claim, ...]],
        weights: Weights,
    ) -> Figures:
        claims = [c for k in keys for c in other.get(k, self._claims[k])]
        return figures(
            self._case.amounts, claims, weights, readings=(self._case.policy.deciding_share,)
        )


def _certain(claim: Claim) -> Claim:
    return Claim(
        claim.group_id,
        claim.finding_id,
        claim.row,
        claim.incl,
        claim.excl,
        certain=True,
        label=claim.label,
        part=claim.part,
    )


def _questions_category(draft: Draft) -> bool:
    return any(f.rule in CATEGORY_RULES and f.verdict is Verdict.UNDECIDED for f in draft.live)


# --- the two conclusions on money ---------------------------------------------------------------


def _money_conclusions(
    money: Figures,
    case: _Case,
    trial: _Trial,
    final: Sequence[Draft],
) -> tuple[Conclusion, Conclusion]:
    clause = {
        code: case.policy.clause(case.cards[code].clause if code in case.cards else "一(三)").number
        for code in ("N06", "N07")
    }
    total = total_conclusion(
        money,
        case.policy,
        clause["N06"],
        _deciders(final, trial, trial.turns_total, trial.holds_total()),
    )
    share = share_conclusion(
        money,
        case.policy,
        clause["N07"],
        _deciders(final, trial, trial.turns_share, trial.holds_share()),
    )
    return total, _with_unknown(share, case)


def _deciders(
    final: Sequence[Draft],
    trial: _Trial,
    turning: set[str],
    holding: set[str],
) -> tuple[str, ...]:
    """Return finding ids: first of groups that turn the verdict alone, then of those that hold it."""
    able = [d for d in final if d.bundle.key in turning | holding]
    able.sort(
        key=lambda d: (d.bundle.key not in turning, -trial.money.get(d.bundle.key, Decimal()))
    )
    return tuple(f.id for d in able for f in d.live if f.severity is not Severity.D)


def _with_unknown(share: Conclusion, case: _Case) -> Conclusion:
    unknown = [row for row, key in case.matching.categories.items() if key == UNKNOWN]
    if not unknown:
        return share
    rows = "、".join(str(r) for r in sorted(unknown)[:12])
    note = say("conclude.unknown_category", count=len(unknown), rows=rows)
    return Conclusion(
        share.clause,
        share.title,
        share.verdict,
        share.low,
        share.high,
        share.decided_by,
        (*share.notes, note),
    )

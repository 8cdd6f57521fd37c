"""Payments divided among what one seller is due, to the cent: from certain steps to weak ones.

Pure and in whole cents. Nothing is spread silently: every part carries the step that made it,
what would fit as well is kept as options, and what fits nothing stays undivided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.match.cents import shown
from audit.match.division import (
    Allocation,
    Due,
    Paid,
    Scope,
    State,
    age,
    apart,
)
from audit.match.joint import Joint, solve_jointly
from audit.match.residual import settle_nearly, settle_residual, settle_total
from audit.match.subsets import LARGEST_POOL, subsets
from audit.model import say

#: Invoices of one payment, or payments of one invoice, that a search by sum may join.
SUM_SIZE = 8
#: Sums that are looked for in one scope; beyond it the weaker steps decide.
MOST_SEARCHES = 400
SHOWN_OPTIONS = 3


def allocate(dues: Sequence[Due], paids: Sequence[Paid], *, strict: bool = False) -> Allocation:
    """Return how one seller's payments divide among what it is due.

    ``strict``: only what a number, a contract's too, or an exact sum supports (for payments of or
    to somebody else); otherwise the rest is divided by date, and says so.
    """
    state = State(dues, paids, [d.cents for d in dues], [p.cents for p in paids])
    everything = Scope(tuple(range(len(dues))), tuple(range(len(paids))))
    _named(state, everything)
    exact = (_equal, _sums, settle_total)
    for scope in [*_contract_scopes(state), everything]:
        unnamed = scope is everything and strict
        for step in exact if unnamed else (*exact, settle_nearly, settle_residual):
            step(state, scope)
    return Allocation(tuple(state.parts), tuple(state.options))


# --- named -------------------------------------------------------------------------------------


def _named(state: State, scope: Scope) -> None:
    """Payments whose purpose gives invoice numbers, or whose number the ledger row gives."""
    for paid in scope.paids:
        payment = state.paids[paid]
        named = [
            i
            for i in scope.dues
            if state.due_left[i] > 0
            and (
                payment.vouchers & state.dues[i].vouchers
                or any(n in payment.purpose for n in state.dues[i].names)
            )
        ]
        if not named:
            continue
        whole = sum(state.due_left[i] for i in named) == state.paid_left[paid]
        reason = say("match.pay.named", amount=shown(payment.cents))
        confidence = 0.99 if whole else 0.9 if len(named) == 1 else 0.75
        for due in sorted(named, key=lambda i: age(state.dues[i].day, i)):
            cents = min(state.due_left[due], state.paid_left[paid])
            if cents > 0:
                state.settle(due, paid, cents, reason, confidence)


def _contract_scopes(state: State) -> list[Scope]:
    """Return the parts of the case whose payments name a contract of the invoices."""
    dues: dict[str, list[int]] = defaultdict(list)
    for index, due in enumerate(state.dues):
        for contract in due.contracts:
            dues[contract].append(index)
    scopes = []
    for contract in sorted(dues):
        paids = tuple(j for j, p in enumerate(state.paids) if contract in p.purpose)
        if paids:
            scopes.append(Scope(tuple(dues[contract]), paids))
    return scopes


# --- equal amounts -----------------------------------------------------------------------------


def _equal(state: State, scope: Scope) -> None:
    """One payment for one invoice of the same amount, nearest in time where several are alike."""
    paids: dict[int, list[int]] = defaultdict(list)
    dues: dict[int, list[int]] = defaultdict(list)
    for paid in state.open_paids(scope):
        paids[state.paid_left[paid]].append(paid)
    for due in state.open_dues(scope):
        dues[state.due_left[due]].append(due)
    for cents in sorted(paids.keys() & dues.keys()):
        _pair(state, dues[cents], paids[cents], cents)


def _pair(state: State, dues: list[int], paids: list[int], cents: int) -> None:
    pairs = _nearest_pairs(state, dues, paids)
    alike, extra = len(pairs), len(dues) != len(paids)
    if alike == 1 and not extra:
        reason, confidence = say("match.pay.equal", amount=shown(cents)), 0.97
    elif extra:
        counts = {"dues": len(dues), "paids": len(paids)}
        reason, confidence = say("match.pay.equal_some", amount=shown(cents), **counts), 0.6
    else:
        reason, confidence = say("match.pay.equal_alike", amount=shown(cents), count=alike), 0.9
    for due, paid in pairs:
        state.settle(due, paid, cents, reason, confidence)
    if not extra:
        return
    used = {p for _, p in pairs}
    for due in [d for d in dues if d not in {d for d, _ in pairs}][:SHOWN_OPTIONS]:
        state.also([(due, pairs[0][1], cents)])
    for paid in [p for p in paids if p not in used][:SHOWN_OPTIONS]:
        state.also([(pairs[0][0], paid, cents)])


def _nearest_pairs(
    state: State,
    dues: Sequence[int],
    paids: Sequence[int],
) -> list[tuple[int, int]]:
    """Pair in order of time; the shorter list picks the nearest of the longer, in order."""
    by_age = sorted(dues, key=lambda i: age(state.dues[i].day, i))
    by_time = sorted(paids, key=lambda j: age(state.paids[j].day, j))
    pairs: list[tuple[int, int]] = []
    while by_age and by_time:
        if len(by_age) <= len(by_time):
            due = by_age.pop(0)
            room = by_time[: len(by_time) - len(by_age)]
            paid = min(room, key=lambda j: apart(state, due, j))
            by_time = by_time[by_time.index(paid) + 1 :]
        else:
            paid = by_time.pop(0)
            room = by_age[: len(by_age) - len(by_time)]
            due = min(room, key=lambda i: apart(state, i, paid))
            by_age = by_age[by_age.index(due) + 1 :]
        pairs.append((due, paid))
    return pairs


# --- exact sums --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sum:
    """A payment that is the sum of invoices, or an invoice that is the sum of payments."""

    parts: tuple[tuple[int, int, int], ...]
    other_ways: tuple[tuple[tuple[int, int, int], ...], ...] = ()

    @property
    def touched(self) -> frozenset[tuple[str, int]]:
        dues = {("due", i) for i, _, _ in self.parts}
        return frozenset(dues | {("paid", j) for _, j, _ in self.parts})


def _sums(state: State, scope: Scope) -> None:
    """Exact sums: those that stand alone at once, those that compete by a joint search."""
    for _ in range(len(scope.dues) + len(scope.paids)):
        found = _all_sums(state, scope)
        rivals: dict[tuple[str, int], int] = defaultdict(int)
        for candidate in found:
            for touched in candidate.touched:
                rivals[touched] += 1
        alone = [f for f in found if all(rivals[t] == 1 for t in f.touched) and not f.other_ways]
        if not alone:
            if found:
                _jointly(state, scope)
            return
        for candidate in alone:
            _settle_sum(state, candidate.parts, 0.9)


def _settle_sum(
    state: State,
    parts: Sequence[tuple[int, int, int]],
    confidence: float,
) -> None:
    dues, paids = {i for i, _, _ in parts}, {j for _, j, _ in parts}
    amount = shown(sum(c for _, _, c in parts))
    if len(parts) == 1:
        reason = say("match.pay.equal", amount=amount)
    elif len(paids) == 1:
        reason = say("match.pay.one_for_many", amount=amount, count=len(dues))
    else:
        reason = say("match.pay.many_for_one", amount=amount, count=len(paids))
    for due, paid, cents in parts:
        state.settle(due, paid, cents, reason, confidence)


def _all_sums(state: State, scope: Scope) -> list[_Sum]:
    dues, paids = state.open_dues(scope), state.open_paids(scope)
    found = []
    targets = [("paid", j) for j in paids] + [("due", i) for i in dues]
    for side, target in targets[:MOST_SEARCHES]:
        if side == "paid":
            pool = _pool(dues, state.due_left, lambda i, j=target: apart(state, i, j))  # type: ignore[misc]
            ways = _ways(state.paid_left[target], pool, state.due_left)
            sums = [tuple((i, target, state.due_left[i]) for i in way) for way in ways]
        else:
            pool = _pool(paids, state.paid_left, lambda j, i=target: apart(state, i, j))  # type: ignore[misc]
            ways = _ways(state.due_left[target], pool, state.paid_left)
            sums = [tuple((target, j, state.paid_left[j]) for j in way) for way in ways]
        if sums:
            found.append(_Sum(sums[0], tuple(sums[1:])))
    return found


def _pool(indexes: Sequence[int], left: Sequence[int], apart: Callable[[int], int]) -> list[int]:
    """Return the nearest in time, as many as a complete search takes, in their order."""
    nearest = sorted((i for i in indexes if left[i] > 0), key=lambda i: (apart(i), i))
    return sorted(nearest[:LARGEST_POOL])


def _ways(target: int, pool: Sequence[int], left: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the smallest sets of two or more that sum to ``target``: all of that size, up to 4."""
    sets = [s for s in subsets(target, [left[i] for i in pool], SUM_SIZE) if len(s) > 1]
    smallest = min((len(s) for s in sets), default=0)
    return [tuple(pool[i] for i in s) for s in sets if len(s) == smallest]


def _jointly(state: State, scope: Scope) -> None:
    """Let competing sums be settled together; equally good divisions are kept as options."""
    joint = Joint(
        dues=tuple((i, state.due_left[i]) for i in state.open_dues(scope)),
        paids=tuple((j, state.paid_left[j]) for j in state.open_paids(scope)),
        apart=lambda i, j: apart(state, i, j),
    )
    best, *others = solve_jointly(joint) or [()]
    for group in _by_hub(best):
        _settle_sum(state, group, 0.6 if others else 0.8)
    for other in others:
        state.also(other)


def _by_hub(parts: Sequence[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Return the parts grouped into sums: all parts of one payment, or of one invoice."""
    per_paid: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    per_due: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for part in parts:
        per_paid[part[1]].append(part)
        per_due[part[0]].append(part)
    groups = [g for g in per_paid.values() if len(g) > 1]
    groups += [g for g in per_due.values() if len(g) > 1]
    singles = [p for p in parts if len(per_paid[p[1]]) == 1 and len(per_due[p[0]]) == 1]
    return groups + [[p] for p in singles]

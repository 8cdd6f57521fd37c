"""Steps for what no exact sum explains: totals, fees, instalments, at last the order of time."""

from __future__ import annotations

from collections.abc import Sequence

from audit.match.cents import shown
from audit.match.division import Scope, State, age
from audit.model import Message, say

#: A fee on top or a rounded-off end: at most this much (cents) and this share of the amount.
NEAR_CENTS, NEAR_SHARE = 10_000, 100
#: Instalments are agreed in steps of this percentage.
PERCENT_STEP = 5


def settle_total(state: State, scope: Scope) -> None:
    """All that is due and all that was paid agree in sum: divided in order of time."""
    dues, paids = state.open_dues(scope), state.open_paids(scope)
    whole = sum(state.due_left[i] for i in dues)
    if not dues or whole != sum(state.paid_left[j] for j in paids):
        return
    _in_order(state, dues, paids, say("match.pay.total", amount=shown(whole)), 0.7)


def _in_order(
    state: State,
    dues: Sequence[int],
    paids: Sequence[int],
    reason: Message,
    confidence: float,
) -> None:
    oldest = sorted(dues, key=lambda i: age(state.dues[i].day, i))
    for paid in sorted(paids, key=lambda j: age(state.paids[j].day, j)):
        for due in oldest:
            cents = min(state.due_left[due], state.paid_left[paid])
            if cents > 0:
                state.settle(due, paid, cents, reason, confidence)


def settle_nearly(state: State, scope: Scope) -> None:
    """A payment that misses one invoice by a fee or a rounded-off end, and only that one."""
    for paid in state.open_paids(scope):
        near = [
            i for i in state.open_dues(scope) if _near(state.paid_left[paid], state.due_left[i])
        ]
        if len(near) != 1:
            continue
        due = near[0]
        rivals = [
            j for j in state.open_paids(scope) if _near(state.paid_left[j], state.due_left[due])
        ]
        if len(rivals) == 1:
            apart = abs(state.paid_left[paid] - state.due_left[due])
            reason = say("match.pay.nearly", difference=shown(apart))
            state.settle(due, paid, min(state.paid_left[paid], state.due_left[due]), reason, 0.85)


def _near(paid: int, due: int) -> bool:
    apart = abs(paid - due)
    return apart <= NEAR_CENTS and apart * NEAR_SHARE <= due


def settle_residual(state: State, scope: Scope) -> None:
    """What is left: instalments of the only open invoice, round percentages, then by date."""
    for paid in sorted(state.open_paids(scope), key=lambda j: age(state.paids[j].day, j)):
        dues = state.open_dues(scope)
        if len(dues) == 1:
            _part_of(state, dues[0], paid, "match.pay.part", 0.85)
            continue
        percent = [i for i in dues if _is_instalment(state.paids[paid].cents, state.dues[i].cents)]
        if len(percent) == 1 and state.due_left[percent[0]] >= state.paid_left[paid]:
            _part_of(state, percent[0], paid, "match.pay.percent", 0.7)
    reason = say("match.pay.residual")
    _in_order(state, state.open_dues(scope), state.open_paids(scope), reason, 0.5)


def _part_of(state: State, due: int, paid: int, key: str, confidence: float) -> None:
    cents = min(state.due_left[due], state.paid_left[paid])
    whole = state.dues[due].cents
    percent = f"{cents * 100 / whole:.1f}".removesuffix(".0")
    state.settle(due, paid, cents, say(key, amount=shown(cents), percent=percent), confidence)


def _is_instalment(paid: int, due: int) -> bool:
    """Tell whether a payment is a round percentage of an invoice, to the cent."""
    percent = round(paid * 100 / due)
    if percent <= 0 or percent >= 100 or percent % PERCENT_STEP:  # noqa: PLR2004 - per cent
        return False
    return abs(paid * 100 - percent * due) <= 100  # noqa: PLR2004 - one cent of rounding

"""Sums that compete for the same papers, settled together by CP-SAT in whole cents.

Deterministic: one thread, a fixed seed and a deterministic limit of work, not of time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

# ruff: noqa: ANN401 - OR-Tools publishes no types; its model and variables are Any

#: Papers of one kind in one joint search; the rest is left to the weaker steps.
MOST_PAPERS = 40
#: Deterministic work for one solve (OR-Tools' own unit, about a second each).
WORK = 2.0
#: Cents beyond which the objective could overflow: ten billion 元.
LARGEST = 10**12
CENT_WEIGHT, PART_WEIGHT, MOST_DAYS = 1_000_000, 4_000, 1_000
MOST_WAYS = 3
Parts = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Joint:
    """Open invoices and payments as (index, cents); ``apart``: days between the two."""

    dues: tuple[tuple[int, int], ...]
    paids: tuple[tuple[int, int], ...]
    apart: Callable[[int, int], int]


@dataclass
class _Model:
    """Variables by (due, paid): whole invoices under a payment, whole payments under an invoice."""

    model: Any
    dues: dict[int, int]
    paids: dict[int, int]
    under_paid: dict[tuple[int, int], Any] = field(default_factory=dict)
    under_due: dict[tuple[int, int], Any] = field(default_factory=dict)

    def chosen(self, solver: Any) -> Parts:
        parts = [(i, j, self.dues[i]) for (i, j), v in self.under_paid.items() if solver.value(v)]
        parts += [(i, j, self.paids[j]) for (i, j), v in self.under_due.items() if solver.value(v)]
        return tuple(sorted(parts))


def solve_jointly(joint: Joint) -> list[Parts]:
    """Return the best division as (due, paid, cents), then up to two others as good; or nothing.

    Best: most cents settled, then fewest parts, then nearest in time. Only exact sums count.
    """
    dues = dict(joint.dues[:MOST_PAPERS])
    paids = dict(joint.paids[:MOST_PAPERS])
    if not dues or not paids or sum(dues.values()) + sum(paids.values()) > LARGEST:
        return []
    from ortools.sat.python import cp_model

    built = _build(cp_model.CpModel(), dues, paids)
    every = [*built.under_paid.values(), *built.under_due.values()]
    settled = sum(v * dues[i] for (i, _), v in built.under_paid.items()) + sum(
        v * paids[j] for (_, j), v in built.under_due.items()
    )
    days = sum(
        v * min(joint.apart(i, j), MOST_DAYS)
        for (i, j), v in [*built.under_paid.items(), *built.under_due.items()]
    )
    built.model.maximize(settled * CENT_WEIGHT - sum(every) * PART_WEIGHT - days)
    ways: list[Parts] = []
    while len(ways) < MOST_WAYS:
        parts = _solve(cp_model, built)
        if not parts:
            break
        if not ways:
            built.model.add(settled >= sum(c for _, _, c in parts))
            built.model.add(sum(every) <= len(parts))
        ways.append(parts)
        _forbid(built, parts)
    return ways


def _build(model: Any, dues: dict[int, int], paids: dict[int, int]) -> _Model:
    built = _Model(model, dues, paids)
    for i, due in dues.items():
        for j, paid in paids.items():
            if due <= paid:
                built.under_paid[i, j] = model.new_bool_var(f"d{i}p{j}")
            if paid < due:
                built.under_due[i, j] = model.new_bool_var(f"p{j}d{i}")
    hub_paid = {j: model.new_bool_var(f"paid{j}") for j in paids}
    hub_due = {i: model.new_bool_var(f"due{i}") for i in dues}
    for j, paid in paids.items():
        below = [(v, dues[i]) for (i, k), v in built.under_paid.items() if k == j]
        model.add(sum(v * cents for v, cents in below) == paid * hub_paid[j])
        above = [v for (_, k), v in built.under_due.items() if k == j]
        model.add(hub_paid[j] + sum(above) <= 1)
    for i, due in dues.items():
        below = [(v, paids[j]) for (k, j), v in built.under_due.items() if k == i]
        model.add(sum(v * cents for v, cents in below) == due * hub_due[i])
        above = [v for (k, _), v in built.under_paid.items() if k == i]
        model.add(hub_due[i] + sum(above) <= 1)
    return built


def _solve(cp_model: Any, built: _Model) -> Parts:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = WORK
    status = solver.solve(built.model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return ()
    return built.chosen(solver)


def _forbid(built: _Model, parts: Sequence[tuple[int, int, int]]) -> None:
    """Ask for another division than this one."""
    used = [v for (i, j, _) in parts for v in (_variable(built, i, j),)]
    built.model.add(sum(used) <= len(used) - 1)


def _variable(built: _Model, due: int, paid: int) -> Any:
    found = built.under_paid.get((due, paid))
    return built.under_due[due, paid] if found is None else found

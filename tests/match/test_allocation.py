"""Payments of one seller divided among its invoices: each step, and what holds for all."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.match.allocation import allocate
from audit.match.division import Allocation, Due, Paid

START = date(2023, 1, 1)


def _due(number: int, cents: int, day: int = 0, **more: frozenset[str]) -> Due:
    return Due(f"D{number}", cents, START + timedelta(days=day), **more)


def _paid(number: int, cents: int, day: int = 0, purpose: str = "") -> Paid:
    return Paid(f"P{number}", cents, START + timedelta(days=day), purpose)


def _edges(result: Allocation) -> list[tuple[int, int, int]]:
    return sorted((p.due, p.paid, p.cents) for p in result.parts)


def _keys(result: Allocation) -> set[str]:
    return {p.reason.key for p in result.parts}


def test_equal_amounts_pair() -> None:
    result = allocate([_due(1, 100), _due(2, 200)], [_paid(1, 200), _paid(2, 100)])
    assert _edges(result) == [(0, 1, 100), (1, 0, 200)]
    assert _keys(result) == {"match.pay.equal"}


def test_purpose_that_names_an_invoice_wins_over_an_equal_amount() -> None:
    named = _due(1, 100, names=frozenset({"12345678"}))
    result = allocate([_due(0, 100), named], [_paid(1, 100, purpose="货款12345678")])
    assert _edges(result) == [(1, 0, 100)]
    assert _keys(result) == {"match.pay.named"}


def test_one_payment_for_several_invoices() -> None:
    dues = [_due(1, 101), _due(2, 202), _due(3, 400)]
    result = allocate(dues, [_paid(1, 303)])
    assert _edges(result) == [(0, 0, 101), (1, 0, 202)]
    assert _keys(result) == {"match.pay.one_for_many"}


def test_instalments_of_one_invoice() -> None:
    result = allocate([_due(1, 1000), _due(2, 77)], [_paid(1, 300), _paid(2, 700), _paid(3, 77)])
    assert _edges(result) == [(0, 0, 300), (0, 1, 700), (1, 2, 77)]


def test_advance_and_rest_with_retention_unpaid() -> None:
    result = allocate([_due(1, 100_000)], [_paid(1, 30_000), _paid(2, 60_000)])
    assert _edges(result) == [(0, 0, 30_000), (0, 1, 60_000)]
    assert _keys(result) == {"match.pay.part"}
    assert dict(result.parts[0].reason.params)["percent"] == "30"


def test_fee_on_top_stays_undivided() -> None:
    result = allocate([_due(1, 100_000), _due(2, 555)], [_paid(1, 101_000)])
    assert _edges(result)[0] == (0, 0, 100_000)
    assert "match.pay.nearly" in _keys(result)


def test_round_percentage_finds_its_invoice() -> None:
    result = allocate([_due(1, 100_000), _due(2, 77_777)], [_paid(1, 30_000)])
    assert _edges(result) == [(0, 0, 30_000)]
    assert _keys(result) == {"match.pay.percent"}


def test_totals_that_agree_divide_in_order_of_time() -> None:
    dues = [_due(1, 300, 1), _due(2, 300, 2)]
    result = allocate(dues, [_paid(1, 250, 3), _paid(2, 350, 4)])
    assert _keys(result) == {"match.pay.total"}
    assert sum(p.cents for p in result.parts) == 600


def test_alike_payments_pair_in_order_of_time() -> None:
    result = allocate([_due(1, 100, 0), _due(2, 100, 100)], [_paid(1, 100, 110), _paid(2, 100, 5)])
    assert _edges(result) == [(0, 1, 100), (1, 0, 100)]
    assert _keys(result) == {"match.pay.equal_alike"}


def test_one_payment_for_two_equal_invoices_keeps_the_other_as_an_option() -> None:
    result = allocate([_due(1, 100, 0), _due(2, 100, 50)], [_paid(1, 100, 52)])
    assert _edges(result) == [(1, 0, 100)]
    assert [o.parts for o in result.options] == [((0, 0, 100),)]


def test_sums_that_compete_are_settled_together_and_other_ways_shown() -> None:
    dues = [_due(n, c) for n, c in enumerate((30, 70, 40, 60), 1)]
    result = allocate(dues, [_paid(1, 100), _paid(2, 100)])
    assert sum(p.cents for p in result.parts) == 200
    by_paid: dict[int, int] = defaultdict(int)
    for part in result.parts:
        by_paid[part.paid] += part.cents
    assert dict(by_paid) == {0: 100, 1: 100}
    assert result.options


def test_contract_in_the_purpose_keeps_contracts_apart() -> None:
    one, two = frozenset({"HT-001"}), frozenset({"HT-002"})
    dues = [_due(1, 500, contracts=one), _due(2, 500, contracts=two)]
    result = allocate(dues, [_paid(1, 200, purpose="付HT-002进度款")])
    assert _edges(result) == [(1, 0, 200)]


def test_strict_takes_only_what_a_number_or_sum_supports() -> None:
    dues = [_due(1, 1000), _due(2, 500)]
    assert not allocate(dues, [_paid(1, 300)], strict=True).parts
    assert _edges(allocate(dues, [_paid(1, 500)], strict=True)) == [(1, 0, 500)]


def test_strict_takes_instalments_whose_purpose_names_the_contract_of_several_invoices() -> None:
    contract = frozenset({"HT-001"})
    dues = [_due(1, 500, contracts=contract), _due(2, 500, contracts=contract), _due(3, 900)]
    paids = [_paid(i, cents, purpose="付HT-001货款") for i, cents in enumerate((300, 600, 100))]
    result = allocate(dues, paids, strict=True)
    assert sum(p.cents for p in result.parts) == 1000
    assert {p.due for p in result.parts} == {0, 1}
    short = allocate(dues, paids[:1], strict=True)
    assert [(p.due, p.cents) for p in short.parts] == [(0, 300)]


def test_strict_takes_payments_that_make_up_all_that_is_due() -> None:
    dues = [_due(1, 500), _due(2, 500)]
    paids = [_paid(1, 300), _paid(2, 600), _paid(3, 100)]
    assert sum(p.cents for p in allocate(dues, paids, strict=True).parts) == 1000
    assert not allocate(dues, paids[:2], strict=True).parts


AMOUNTS = st.lists(st.integers(1, 60), max_size=7)


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, AMOUNTS, st.booleans())
def test_no_cent_is_used_twice(dues: list[int], paids: list[int], strict: bool) -> None:
    given_dues = [_due(n, c, n * 3) for n, c in enumerate(dues)]
    given_paids = [_paid(n, c, n * 4) for n, c in enumerate(paids)]
    result = allocate(given_dues, given_paids, strict=strict)
    due_used: dict[int, int] = defaultdict(int)
    paid_used: dict[int, int] = defaultdict(int)
    for part in result.parts:
        assert part.cents > 0
        assert 0 < part.confidence <= 1
        due_used[part.due] += part.cents
        paid_used[part.paid] += part.cents
    assert all(used <= dues[i] for i, used in due_used.items())
    assert all(used <= paids[j] for j, used in paid_used.items())
    if not strict:
        allocated = sum(paid_used.values())
        assert allocated == min(sum(dues), sum(paids))
    assert allocate(given_dues, given_paids, strict=strict) == result


@pytest.mark.parametrize("count", [1, 12])
def test_nothing_to_allocate(count: int) -> None:
    assert allocate([], [_paid(n, 1) for n in range(count)]) == Allocation((), ())

"""Figures of audit practice (confidence factors, sizes), and draws that can be repeated."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.sampling import (
    Checked,
    Item,
    Sample,
    attribute_size,
    confidence_factor,
    draw_attribute,
    draw_mus,
    draw_stratified,
    evaluate_money,
    evaluate_rate,
    mus_plan,
    upper_rate,
)

RISKS = {
    "0.05": ("3.00", "4.74", "6.30", "7.75", "9.15", "10.51"),
    "0.10": ("2.30", "3.89", "5.32", "6.68", "7.99", "9.27"),
    "0.20": ("1.61", "2.99", "4.28", "5.52", "6.72", "7.91"),
}


def population(count: int, amount: str = "10000") -> list[Item]:
    return [Item(f"r{i:03}", f"case{i % 3}", f"row {i}", Decimal(amount)) for i in range(count)]


@pytest.mark.parametrize("risk", RISKS)
def test_confidence_factors_are_those_of_the_tables(risk: str) -> None:
    found = [confidence_factor(k, Decimal(risk)).quantize(Decimal("0.01")) for k in range(6)]
    assert [str(f) for f in found] == list(RISKS[risk])


def test_plan_of_the_example() -> None:
    plan = mus_plan(Decimal(6_200_000), Decimal("0.05"), Decimal("0.95"))
    assert plan.size == 60
    assert (plan.interval / 10_000).quantize(Decimal("0.01")) == Decimal("10.35")


def test_plan_refuses_when_more_error_is_expected_than_tolerated() -> None:
    with pytest.raises(ValueError, match="预计错报"):
        mus_plan(Decimal(100), Decimal("0.05"), Decimal("0.95"), Decimal("0.04"))


@pytest.mark.parametrize(
    ("count", "tolerable", "confidence", "size"),
    [
        (50, "0.05", "0.95", 31),
        (100, "0.05", "0.95", 45),
        (200, "0.05", "0.95", 51),
        (500, "0.05", "0.95", 56),
        (None, "0.05", "0.95", 59),
        (50, "0.10", "0.95", 22),
        (100, "0.10", "0.95", 25),
        (200, "0.10", "0.95", 27),
        (None, "0.10", "0.95", 29),
        (None, "0.10", "0.90", 22),
    ],
)
def test_attribute_sizes_are_those_of_the_tables(
    count: int | None, tolerable: str, confidence: str, size: int
) -> None:
    assert attribute_size(count, Decimal(tolerable), Decimal(confidence)) == size


def test_a_draw_can_be_repeated_whatever_the_order_it_came_in() -> None:
    items = population(300, "30000")
    one, other = draw_mus(items, "2024-cq"), draw_mus(items[::-1], "2024-cq")
    assert one == other
    assert one.picked != draw_mus(items, "another").picked


def test_large_and_risky_items_are_always_taken() -> None:
    items = [*population(100), Item("big", "case0", "big", Decimal(900_000))]
    items.append(Item("odd", "case1", "odd", Decimal(10), certain="疑似重复"))
    sample = draw_mus(items, "s")
    assert {p.item.key: p.why for p in sample.picked if p.why != "drawn"} == {
        "big": "large",
        "odd": "certain",
    }


@given(st.lists(st.integers(1, 500_000), min_size=1, max_size=80), st.text(max_size=5))
def test_mus_takes_every_interval_once(amounts: list[int], seed: str) -> None:
    items = [Item(f"{i}", "c", "", Decimal(a)) for i, a in enumerate(amounts)]
    sample = draw_mus(items, seed)
    small = sum((i.amount for i in items if i.amount < sample.interval), Decimal(0))
    drawn = [p for p in sample.picked if p.why == "drawn"]
    assert abs(len(drawn) - small / sample.interval) <= 1
    assert all(p.item.amount >= sample.interval for p in sample.picked if p.why == "large")


def test_no_error_found_leaves_the_basic_precision() -> None:
    sample = draw_mus(population(200), "s")
    clean = [Checked(p.item.key, p.item.case, p.item.amount) for p in sample.picked]
    result = evaluate_money(sample, clean)
    assert result.projected == result.known == Decimal(0)
    assert result.upper == result.tolerable
    assert result.acceptable


def test_an_error_is_projected_by_its_taint() -> None:
    sample = draw_mus(population(200), "s")
    results = [Checked(p.item.key, p.item.case, p.item.amount) for p in sample.picked]
    first = sample.picked[0].item
    results[0] = Checked(first.key, first.case, first.amount / 2)
    result = evaluate_money(sample, results)
    assert result.projected == (sample.interval / 2).quantize(Decimal("0.01"))
    assert result.upper > result.tolerable
    assert not result.acceptable


def test_what_was_not_checked_is_said_and_counts_as_wholly_wrong() -> None:
    sample = draw_mus(population(200), "s")
    result = evaluate_money(sample, [])
    assert result.unchecked == len(sample.picked)
    assert not result.acceptable
    clean = [Checked(p.item.key, p.item.case, p.item.amount) for p in sample.picked]
    first = sample.picked[0].item
    wrong = [Checked(first.key, first.case, Decimal(0)), *clean[1:]]
    assert evaluate_money(sample, clean[1:]).upper == evaluate_money(sample, wrong).upper


def attribute(certain: int = 0) -> tuple[Sample, list[Checked]]:
    """Return a sample of 100 items plus certain ones, and results without any error."""
    items = population(100)
    items += [Item(f"odd{i}", "c", "", Decimal(7), certain="R1") for i in range(certain)]
    sample = draw_attribute(items, "s")
    return sample, [Checked(p.item.key, p.item.case, p.item.amount) for p in sample.picked]


def test_a_clean_attribute_sample_proves_the_claim_it_was_drawn_for() -> None:
    result = evaluate_rate(*attribute())
    assert (result.drawn, result.drawn_wrong, result.upper) == (45, 0, Decimal("0.0400"))
    assert result.acceptable


def test_blanks_of_an_attribute_sample_are_errors_not_passes() -> None:
    sample, clean = attribute()
    result = evaluate_rate(sample, clean[3:])
    assert (result.unchecked, result.drawn_wrong) == (3, 3)
    assert result.upper is not None
    assert result.upper > sample.tolerable
    assert not result.acceptable


def test_certain_items_speak_for_themselves_only() -> None:
    sample, clean = attribute(certain=5)
    wrong = [Checked(c.key, c.case, Decimal(1)) if c.key == "odd2" else c for c in clean]
    result = evaluate_rate(sample, wrong)
    assert (result.taken, result.taken_wrong, result.drawn_wrong) == (5, 1, 0)
    assert result.upper == Decimal("0.0400")
    assert result.known == Decimal(6)
    assert not result.acceptable


@given(st.integers(2, 150), st.data())
def test_finite_rate_is_the_largest_that_is_no_surprise(
    population: int, data: st.DataObject
) -> None:
    checked = data.draw(st.integers(1, population))
    errors = data.draw(st.integers(0, checked))
    rate = upper_rate(errors, checked, Decimal("0.95"), population)
    wrong = int((rate * population).to_integral_value(ROUND_FLOOR))
    assert errors <= wrong <= population - (checked - errors)

    def chance(of: int) -> float:
        ways = sum(comb(of, k) * comb(population - of, checked - k) for k in range(errors + 1))
        return ways / comb(population, checked)

    assert wrong == errors or chance(wrong) > 0.05
    assert wrong == population - (checked - errors) or chance(wrong + 1) <= 0.05 + 1e-12


def test_attribute_draw_has_the_size_of_the_claim() -> None:
    sample = draw_attribute(population(100), "s")
    assert len(sample.picked) == 45
    assert sample == draw_attribute(population(100)[::-1], "s")


@pytest.mark.parametrize(("errors", "checked", "rate"), [(0, 59, "0.0495"), (1, 93, "0.0500")])
def test_upper_rate(errors: int, checked: int, rate: str) -> None:
    assert abs(upper_rate(errors, checked, Decimal("0.95")) - Decimal(rate)) < Decimal("0.0008")


def test_strata_give_at_least_one_each_and_the_top_whole() -> None:
    items = [Item(f"{i}", "c", "", Decimal(1000 * (i + 1))) for i in range(100)]
    bounds = [Decimal(20_000), Decimal(60_000)]
    sample = draw_stratified(items, "s", 30, bounds, top=Decimal(95_000))
    amounts = [p.item.amount for p in sample.picked]
    assert sum(a >= 95_000 for a in amounts) == 6
    assert any(a < 20_000 for a in amounts)
    assert any(20_000 <= a < 60_000 for a in amounts)
    assert 28 <= len(amounts) <= 32

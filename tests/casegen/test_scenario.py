"""An honest case is honest: its own papers agree to the cent and by date."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from cases.casegen import demo, folders, scenario
from cases.casegen.lookalikes import LOOKALIKES
from cases.casegen.model import Case
from cases.casegen.planting import FAULTS, Work

SEEDS = [(3, 12), (4, 2), (5, 60), (demo.SEED, 12)]


@pytest.mark.parametrize(("seed", "rows"), SEEDS)
def test_rows_invoices_and_payments_agree(seed: int, rows: int) -> None:
    case = scenario.honest(seed, rows)
    assert len(case.rows) == rows
    for row in case.rows:
        made = [case.invoices[k] for k in row.invoices]
        assert sum(i.total for i in made) == row.total == row.net + row.tax
        assert sum(case.payments[k].amount for k in row.payments) == row.total
        assert {i.buyer for i in made} == {case.applicant}
        assert {i.seller.name for i in made} == {row.supplier}
        for item in (i for one in made for i in one.items):
            assert item.rate is not None
            assert abs(item.amount * item.rate - item.tax) <= Decimal("0.06")


@pytest.mark.parametrize(("seed", "rows"), SEEDS)
def test_dates_follow_each_other(seed: int, rows: int) -> None:
    case = scenario.honest(seed, rows)
    for row in case.rows:
        signed = case.contracts[row.contract].day
        assert all(
            case.period[0] <= signed <= case.invoices[k].day <= case.period[1] for k in row.invoices
        )
        assert all(signed <= case.payments[k].day < case.applied for k in row.payments)
        assert all(case.invoices[k].day <= case.acceptances[row.contract].day for k in row.invoices)


def test_form_repeats_the_ledger_and_passes_the_thresholds() -> None:
    case = demo.clean_case()
    total = sum((r.total for r in case.rows), Decimal(0))
    assert Decimal(case.form.invested) == round(total / 10000, 2) > 500
    assert Decimal(case.form.software) + Decimal(case.form.hardware) == Decimal(case.form.invested)
    assert (
        Decimal("0.30")
        < Decimal(case.form.software) / Decimal(case.form.invested)
        < Decimal("0.40")
    )


def test_a_seed_gives_the_same_case() -> None:
    assert scenario.honest(11, 20) == scenario.honest(11, 20)
    assert scenario.honest(11, 20) != scenario.honest(12, 20)


@pytest.mark.parametrize("key", [*FAULTS, *LOOKALIKES])
def test_every_fault_changes_the_case_and_says_where(key: str) -> None:
    one = {**FAULTS, **LOOKALIKES}[key]
    case = _small(one.rows, key)
    work = Work(case, random.Random(key))
    one.spoil(work)
    spoilt = work.finish()
    if key != "experts_only":
        assert spoilt != case
    if key in FAULTS:
        assert one.rules
        assert work.rows or work.keys or work.kinds


def _small(rows: int, key: str) -> Case:
    case = scenario.honest(21, rows)
    extra = {**FAULTS, **LOOKALIKES}[key].extra
    return folders.small(case, *extra)


def test_the_matrix_is_wide_enough() -> None:
    assert len(FAULTS) >= 45
    assert len({r for f in FAULTS.values() for r in f.rules[:1]}) >= 30


@pytest.mark.parametrize("key", sorted(LOOKALIKES))
def test_what_resembles_a_fault_leaves_every_invoice_of_a_row_in_its_cell(key: str) -> None:
    case = scenario.honest(9011, 2)
    assert len(case.rows[0].invoices) == 2
    work = Work(case, random.Random(key))
    LOOKALIKES[key].spoil(work)
    for row in work.finish().rows:
        named = set(row.number.split("\n"))
        assert {work.case.invoices[k].number for k in row.invoices} <= named

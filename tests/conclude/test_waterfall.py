"""The waterfall: the sum identity, caps, overlaps, parts of a row, certain before pending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.conclude.shares import Weight, share_interval
from audit.conclude.waterfall import WHOLE, Claim, Flow, claims_of, settle
from audit.match.amounts import RowAmounts, Stated
from audit.model import Link, say
from tests.factory import effect, finding

LABEL = say("test.label")


def _amounts(*values: str) -> Mapping[int, RowAmounts]:
    stated = [Stated(Decimal(v), known=True, sure=True) for v in values]
    return {n: RowAmounts(s, s) for n, s in enumerate(stated, 1)}


def _claim(
    row: int, amount: str, *, certain: bool = True, part: str = WHOLE, finding_id: str = "Q1"
) -> Claim:
    money = Decimal(amount)
    return Claim("G1", finding_id, row, money, money, certain, LABEL, part)


def _settle(amounts: Mapping[int, RowAmounts], *claims: Claim) -> Flow:
    return settle(amounts, claims, "incl")


def _sums(flow: Flow) -> list[Decimal]:
    return [flow.deducted, flow.pending, flow.supported]


def _is(*amounts: int) -> list[Decimal]:
    return [Decimal(a) for a in amounts]


def test_nothing_found_leaves_everything_supported() -> None:
    assert _sums(_settle(_amounts("100.00", "50.00"))) == _is(0, 0, 150)


def test_no_row_loses_more_than_it_declares() -> None:
    flow = _settle(_amounts("100.00"), _claim(1, "130.00"))
    assert _sums(flow) == _is(100, 0, 0)
    assert [s.amount for s in flow.steps] == [Decimal(-100)]


def test_overlapping_effects_count_once() -> None:
    flow = _settle(_amounts("100.00"), _claim(1, "30.00"), _claim(1, "50.00", finding_id="Q2"))
    assert _sums(flow) == _is(50, 0, 50)
    assert [(s.finding_id, s.amount) for s in flow.steps] == [
        ("Q1", Decimal(-30)),
        ("Q2", Decimal(-20)),
    ]


def test_effects_on_different_invoices_of_a_row_add_up() -> None:
    flow = _settle(_amounts("100.00"), _claim(1, "40.00", part="D1"), _claim(1, "60.00", part="D2"))
    assert flow.deducted == Decimal(100)


def test_effect_on_the_whole_row_holds_those_on_its_invoices() -> None:
    flow = _settle(_amounts("100.00"), _claim(1, "40.00", part="D1"), _claim(1, "70.00"))
    assert flow.deducted == Decimal(70)


def test_certain_goes_before_pending_whatever_the_order() -> None:
    flow = _settle(_amounts("100.00"), _claim(1, "80.00", certain=False), _claim(1, "30.00"))
    assert _sums(flow) == _is(30, 50, 20)
    assert [s.certain for s in flow.steps] == [True, False]


def test_red_row_loses_nothing() -> None:
    flow = _settle(_amounts("100.00", "-20.00"), _claim(2, "20.00"))
    assert _sums(flow) == _is(0, 0, 80)


def test_effect_on_an_unknown_row_does_nothing() -> None:
    assert _settle(_amounts("100.00"), _claim(7, "20.00")).deducted == 0


@pytest.mark.parametrize(
    ("documents", "cause", "part"),
    [
        (("D1",), "", "D1"),
        (("D1", "D2"), "", WHOLE),
        ((), "", WHOLE),
        ((), "invoice_missing", "missing"),
    ],
)
def test_part_of_a_row_is_the_one_invoice_the_finding_names(
    documents: Sequence[str], cause: str, part: str
) -> None:
    found = finding(1, effects=[effect(1, "10.00")], documents=documents, cause=cause)
    links = {1: Link(1, ("D1", "D2"))}
    assert [c.part for c in claims_of(found, "G1", LABEL, links)] == [part]


MONEY = st.integers(-20_000, 100_000).map(lambda c: Decimal(c).scaleb(-2))
CLAIMS = st.lists(
    st.builds(
        _claim,
        row=st.integers(1, 5),
        amount=st.integers(0, 150_000).map(lambda c: str(Decimal(c).scaleb(-3))),
        certain=st.booleans(),
        part=st.sampled_from([WHOLE, "D1", "D2"]),
    ),
    max_size=12,
)


@given(st.lists(MONEY, min_size=1, max_size=5), CLAIMS)
def test_declared_is_supported_plus_pending_plus_deducted(
    rows: list[Decimal], claims: list[Claim]
) -> None:
    flow = settle(_amounts(*map(str, rows)), claims, "incl")
    assert flow.declared == flow.supported + flow.pending + flow.deducted == flow.declared
    assert flow.declared == sum(rows, Decimal())
    assert flow.deducted == -sum((s.amount for s in flow.steps if s.certain), Decimal())
    assert flow.pending == -sum((s.amount for s in flow.steps if not s.certain), Decimal())
    for state in flow.rows.values():
        assert 0 <= state.deducted + state.pending <= max(state.declared, Decimal())


@given(st.lists(MONEY, min_size=1, max_size=5), CLAIMS, st.randoms())
def test_totals_do_not_depend_on_the_order_of_findings(
    rows: list[Decimal], claims: list[Claim], random: object
) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    amounts = _amounts(*map(str, rows))
    assert _sums(settle(amounts, claims, "incl")) == _sums(settle(amounts, shuffled, "incl"))


WEIGHTS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(
    lambda p: Weight(Decimal(min(p)) / 4, Decimal(max(p)) / 4)
)


@given(
    st.lists(st.integers(0, 100_000).map(Decimal), min_size=1, max_size=5),
    st.lists(st.integers(0, 100_000).map(Decimal), min_size=5, max_size=5),
    st.lists(WEIGHTS, min_size=5, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=5, max_size=5),
)
def test_no_decision_leads_out_of_the_interval(
    rows: list[Decimal],
    pending: list[Decimal],
    weights: list[Weight],
    decided: list[tuple[int, bool]],
) -> None:
    claims = [_claim(n, str(p), certain=False) for n, p in enumerate(pending, 1)]
    flow = settle(_amounts(*map(str, rows)), claims, "incl")
    ends = share_interval(flow, dict(enumerate(weights, 1)))
    part, whole = Decimal(), Decimal()
    for number, state in flow.rows.items():
        quarters, high = decided[number - 1]
        weight = weights[number - 1].high if high else weights[number - 1].low
        amount = state.supported + state.pending * quarters / 4
        part, whole = part + amount * weight, whole + amount
    if whole > 0:
        assert ends.low - Decimal("1e-20") <= part / whole <= ends.high + Decimal("1e-20")

"""A big case settles: every cent accounted for, every row with its invoice (no time is measured)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from audit.match import match_case
from benchmarks.match.scale import big_case
from tests.factory import policy


@pytest.mark.parametrize("rows", [150, pytest.param(2000, marks=pytest.mark.slow)])
def test_no_cent_is_lost_in_a_big_case(rows: int) -> None:
    facts = big_case(rows, seed=3)
    found = match_case(facts, policy())
    assert all(link.invoices for link in found.links)
    used: dict[str, Decimal] = defaultdict(Decimal)
    for share in (*found.idle_payments, *(p for link in found.links for p in link.payments)):
        used[share.document_id] += share.amount
    paid = {d.id: d.get("amount").amount for d in facts.documents if d.get("amount").amount}
    assert dict(used) == paid
    for link, row in zip(found.links, facts.rows, strict=True):
        claimed = row.get("amount_with_tax").amount or Decimal()
        assert sum((p.amount for p in link.payments), Decimal()) <= claimed

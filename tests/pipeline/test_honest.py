"""An honest sixty-row case: nothing fails, few groups to decide, figures to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.model import CaseReport, Severity, Verdict
from audit.pipeline.run import judge
from audit.policy import load_policy
from tests.pipeline.honest import honest_case


@pytest.fixture(scope="module")
def report() -> CaseReport:
    return judge(honest_case(60), load_policy("cq-2024-industrial-internet"), (), "zh")


def test_nothing_fails(report: CaseReport) -> None:
    fails = [f for f in report.findings if f.verdict is Verdict.FAIL]
    assert [(f.rule, f.message) for f in fails if f.severity is not Severity.D] == []
    assert not [c for c in report.conclusions if c.verdict is Verdict.FAIL]


def test_at_most_five_groups_to_decide(report: CaseReport) -> None:
    to_decide = [g for g in report.groups if g.severity is not Severity.D]
    assert len(to_decide) <= 5, [(g.cause, g.title) for g in to_decide]


def test_every_cent_is_supported(report: CaseReport) -> None:
    for basis in (report.waterfall.incl, report.waterfall.excl):
        assert basis.supported == basis.declared
        assert (basis.pending, basis.deducted) == (Decimal(), Decimal())


def test_every_row_has_its_chain(report: CaseReport) -> None:
    assert len(report.links) == 60
    assert all(n.invoices and n.payments and n.acceptance and n.contracts for n in report.links)


def test_every_demanded_paper_that_is_there_is_seen(report: CaseReport) -> None:
    missing = [c.item for c in report.checklist if c.status != "present"]
    assert missing == ["绩效指标测算方式及依据"]

"""One planted fault is one thing to decide, and the money still adds up to the cent."""

from __future__ import annotations

import pytest

from audit.model import CaseReport, Severity
from audit.pipeline.run import judge
from audit.policy import load_policy
from tests.rules.honest import changed
from tests.rules.test_faults import FAULTS, Fault

#: The second row's own invoice is gone as well, so the form's sum is wrong by something else.
TWO_CAUSES = frozenset({"one invoice in two rows"})


def _judged(fault: Fault | None = None) -> CaseReport:
    facts = changed() if fault is None else changed(fault.change)
    return judge(facts, load_policy("cq-2024-industrial-internet"), (), "zh")


def test_honest_case_has_nothing_to_decide() -> None:
    assert [g for g in _judged().groups if g.severity is not Severity.D] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_one_fault_is_one_group(fault: Fault) -> None:
    report = _judged(fault)
    groups = [g for g in report.groups if g.severity is not Severity.D]
    assert len(groups) <= 1 + (fault.name in TWO_CAUSES), [(g.cause, g.title) for g in groups]
    for basis in (report.waterfall.incl, report.waterfall.excl):
        assert basis.declared == basis.supported + basis.pending + basis.deducted
    placed = [i for g in report.groups for i in g.finding_ids]
    assert sorted(placed) == sorted(f.id for f in report.findings)

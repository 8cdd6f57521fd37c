"""A made-up ledger printed, scanned and read: no cell may be silently wrong."""

from __future__ import annotations

import pytest

from audit.pipeline.ledgerpages import file_rows
from benchmarks.accuracy import ledger_scans

pytestmark = pytest.mark.ocr


@pytest.mark.parametrize(("mode", "photo"), [("colour", False), ("grey", True)])
def test_a_scanned_ledger(mode: str, photo: bool) -> None:
    pytest.importorskip("typst")
    printed = ledger_scans.made_rows(8, 3)
    pages = ledger_scans.typeset(printed, repeat=False)
    results, _ = ledger_scans.read(ledger_scans.scans(pages, 3, mode, photo=photo))
    rows = file_rows(results)
    assert len(rows) == len(printed)
    outcomes = [outcome for _, outcome, _, _ in ledger_scans.compare(printed, rows)]
    assert "WRONG" not in outcomes
    assert outcomes.count("right") >= 0.97 * len(outcomes)

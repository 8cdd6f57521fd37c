"""A made-up ledger printed, scanned and read: no cell may be silently wrong."""

from __future__ import annotations

import cv2
import numpy as np
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


def test_rows_below_a_subtotal_stay_in_their_columns_on_paper_fed_askew() -> None:
    """The subtotal parts the rulings; a slant too small to be taken out moved them by a column."""
    pytest.importorskip("typst")
    printed = ledger_scans.made_rows(12, 5, every=6)
    (page,) = ledger_scans.typeset(printed, repeat=False)
    height, width = page.shape[:2]
    slant = np.array([[1, 0.015, -0.0075 * height], [0, 1, 0]], np.float32)
    askew = cv2.warpAffine(page, slant, (width, height), borderValue=(255, 255, 255))
    results, _ = ledger_scans.read([np.asarray(askew, np.uint8)])
    rows = file_rows(results)
    assert [r.role for r in rows] == [p.role for p in printed]
    outcomes = [outcome for _, outcome, _, _ in ledger_scans.compare(printed, rows)]
    assert outcomes.count("right") == len(outcomes)

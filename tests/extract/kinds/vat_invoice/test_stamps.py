"""Stamps on an invoice that change what it is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.extract import extract_page
from audit.model import Box, Impression
from tests.extract.kinds.vat_invoice.faces import Values, content, paper


@pytest.mark.parametrize(
    ("word", "mark", "where", "void"),
    [
        ("作废", "stamp", (0.4, 0.2), True),
        ("已作废", "stamp", (0.4, 0.2), True),
        ("附件", "stamp", (0.4, 0.2), False),
        ("作废", "seal", (0.4, 0.2), False),
    ],
)
def test_a_stamp_says_that_an_invoice_is_void(
    word: str, mark: str, where: tuple[float, float], *, void: bool
) -> None:
    """A stamp is found by its picture: its letters are seldom among the lines of the page."""
    stamp = Impression(Box(*where, where[0] + 0.1, where[1] + 0.05), "other", "red", mark)
    page = content(paper(Values()))
    seen = replace(page, impressions=(replace(stamp, kind_text=word),))
    assert ("作废" in extract_page(seen).documents[0].marks) is void

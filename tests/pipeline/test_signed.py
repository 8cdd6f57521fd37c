"""Signatures of a case: pairs of one picture on different pages; copies of a page accuse nobody."""

from __future__ import annotations

import numpy as np
import pytest

from audit.model import Box, DocumentKind, Origin, Page, PageMode, PageResult, Signature, TextLine
from audit.pipeline.signed import find_signature_pairs, signed_places
from audit.recognise.signatures import pack

SPOT = Box(0.4, 0.8, 0.6, 0.86)
REPORT = ("合同验收报告", "建设单位：重庆甲公司", "验收结论：合格", "承建单位：乙公司")
OTHER = ("合同验收报告", "建设单位：重庆甲公司", "验收结论：合格", "承建单位：丙公司")


def strokes(seed: int) -> str:
    rng = np.random.default_rng(seed)
    return pack(np.asarray((rng.random((12, 36)) > 0.7) * 255, np.uint8).repeat(4, 0).repeat(4, 1))


def page(
    sha: str, ink: str, texts: tuple[str, ...], mode: PageMode = PageMode.COLOUR
) -> PageResult:
    lines = tuple(TextLine(t, Box(0.1, 0.1, 0.5, 0.12), Origin.OCR) for t in texts)
    signed = (Signature(SPOT, "签字：", ink),)
    where = Page(sha, 0, mode)
    return PageResult(where, DocumentKind.ACCEPTANCE_REPORT, 1.0, lines=lines, signatures=signed)


@pytest.mark.parametrize(
    ("second", "pairs"),
    [
        (page("b", strokes(1), OTHER), 1),
        (page("b", strokes(2), OTHER), 0),
        (page("b", strokes(1), REPORT), 0),  # the same report scanned a second time
        (page("a", strokes(1), OTHER), 0),  # the same content under another name
        (page("b", strokes(1), OTHER, PageMode.DIGITAL), 0),
    ],
)
def test_pairs(second: PageResult, pairs: int) -> None:
    first = page("a", strokes(1), REPORT)
    found = find_signature_pairs(signed_places([("a.pdf", first), ("b.pdf", second)]))
    assert len(found) == pairs
    for pair in found:
        assert (pair.first.file, pair.second.file, pair.first.box) == ("a.pdf", "b.pdf", SPOT)

"""Signatures of a case: pairs of one picture on different pages; copies of a page accuse nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.match import match_case
from audit.model import Box, DocumentKind, Origin, Page, PageMode, PageResult, Signature, TextLine
from audit.pipeline.signed import find_signature_pairs, signed_places
from audit.recognise.signatures import pack
from audit.rules import run_rules
from tests.factory import case, policy

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


def test_only_so_many_are_compared_and_the_rule_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [(f"{n}.pdf", page(str(n), strokes(1), (f"第 {n} 份报告",))) for n in range(4)]
    signed = signed_places(pages)
    assert len(find_signature_pairs(signed)) == 6
    monkeypatch.setattr("audit.pipeline.signed.MOST_SIGNATURES", 3)
    monkeypatch.setattr("audit.rules.families.seals.MOST_SIGNATURES", 3)
    pairs = find_signature_pairs(signed)
    assert {p.second.file for p in pairs} == {"1.pdf", "2.pdf"}
    facts = replace(case(), signatures=tuple(s[0] for s in signed), signature_pairs=pairs)
    judged = run_rules(facts, match_case(facts, policy()), policy())[0]
    assert [f.message.key for f in judged if f.rule == "R15"][-1] == "rules.R15.many"

"""Two impressions said to be one picture are shown as two pictures, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from audit.report.html import render_html
from tests.report import sample
from tests.report.pictures import DrawnPages
from tests.rules.facts import build, judged

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "R14.yml").read_text("utf-8"))
TWICE = next(c for c in CASES if c["name"] == "one picture on two papers")


def test_the_places_of_a_reused_seal_are_the_two_impressions() -> None:
    facts = build(TWICE)
    found = next(f for f in judged(facts)[0] if f.rule == "R14")
    assert [(e.file, e.page_index, e.box) for e in found.evidence] == [
        (s.file, s.page_index, s.box) for s in facts.seals
    ]


def test_the_report_sets_them_side_by_side() -> None:
    found = next(f for f in judged(build(TWICE))[0] if f.rule == "R14")
    report = sample.report()
    seals = report.facts.seals[:2]
    spots = tuple(
        replace(e, file=s.file, page_index=s.page_index, box=s.box)
        for e, s in zip(found.evidence, seals, strict=True)
    )
    subjects = replace(found.subjects, documents=(), seals=tuple(s.id for s in seals))
    one = replace(found, id="Q99", evidence=spots, subjects=subjects)
    group = replace(report.groups[-1], id="G99", key="g99", finding_ids=("Q99",))
    report = replace(report, findings=(*report.findings, one), groups=(*report.groups, group))
    pictures = DrawnPages(report.facts)
    page = render_html(report, sample.policy(), pictures, "zh")
    block = page.split('id="Q99"', 1)[1].split('class="finding"', 1)[0]
    shown = block.split('<div class="shots pair">', 1)[1].split("</div>", 1)[0]
    assert shown.count("<figure>") == 2

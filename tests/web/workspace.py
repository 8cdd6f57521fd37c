"""A workspace as ``audit check`` leaves it, made of hand-made facts and drawn pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audit.model import CaseFacts, RunInfo
from audit.pipeline.decisions import remember
from audit.store.workspace import Workspace
from tests.report import sample
from tests.report.pictures import DrawnPages

POLICY = "cq-2024-industrial-internet"


def facts_with_pictures(facts: CaseFacts, pages: Path) -> CaseFacts:
    """Draw every page into ``pages`` and return the facts that name the pictures."""
    drawn = DrawnPages(facts)
    placed = []
    for number, page in enumerate(facts.pages):
        data = drawn(page.file, page.page.page_index, None, 1600)
        name = f"{number:04}.jpg" if data else ""
        if data:
            (pages / name).write_bytes(data)
        placed.append(replace(page, picture=name))
    return replace(facts, pages=tuple(placed))


def build_workspace(out: Path, rows: int = 12) -> CaseFacts:
    """Fill ``out`` with the sample case; returns its facts."""
    report = sample.report(rows)
    info = RunInfo("2024-05-20T08:00:00+00:00", 12.0, "0.1.0", POLICY, "样例政策")
    with Workspace(out) as space:
        facts = facts_with_pictures(report.facts, space.pages)
        remember(space, facts, POLICY, "zh", info)
    return facts

"""How long one decision takes on a case that has been read, and the judgement behind it.

    python -m benchmarks.match.correction [rows]

Facts of an honest case with every paper (sixty rows by default) and sixty lines of text a page rest
in a workspace; a session corrects, dismisses and takes back. Prints CPU-seconds (one process, one thread).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from audit.model import Box, CaseFacts, RunInfo, TextLine
from audit.pipeline.decisions import open_session, remember
from audit.pipeline.run import judge
from audit.policy import load_policy
from audit.store.workspace import Workspace
from tests.pipeline.honest import honest_case

POLICY = "cq-2024-industrial-internet"


def with_text(facts: CaseFacts, lines: int = 60) -> CaseFacts:
    """Return the facts with so many lines of text on every page, as scans have."""
    text = tuple(
        TextLine(f"第{n}行文字，供速度测量之用", Box(0.1, n / 100, 0.6, n / 100 + 0.008))
        for n in range(lines)
    )
    return replace(facts, pages=tuple(replace(p, lines=text) for p in facts.pages))


def timed(name: str, action: Callable[[], object]) -> None:
    """Run it and print how long it took."""
    started = time.process_time()
    action()
    print(f"{name:<28}{time.process_time() - started:8.3f} CPU-s")


def main(rows: int = 60) -> None:
    """Measure opening, deciding and judging."""
    facts = with_text(honest_case(rows))
    policy = load_policy(POLICY)
    judge(facts, policy, (), "zh")
    timed(f"judge {rows} rows", lambda: judge(facts, policy, (), "zh"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        with Workspace(out) as space:
            remember(space, facts, POLICY, "zh", RunInfo("", 0.0, "", POLICY, ""))
        timed("open a session", lambda: open_session(out))
        session = open_session(out)
        paper = facts.documents[0].key
        timed(
            "correct one amount",
            lambda: session.decide("correct", paper, "total_with_tax", "1.00", "原件", "张"),
        )
        finding = session.report().findings[0].key
        timed(
            "dismiss one finding",
            lambda: session.decide("dismiss_finding", finding, reason="核过", actor="张"),
        )
        timed("take it back", lambda: session.undo(1, "张"))


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))

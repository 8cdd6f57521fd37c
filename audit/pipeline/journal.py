"""What a run tells its technical log: ids, codes, sizes, timings; nothing of the papers.

Files are called by the beginning of their hash; workers tell through the parent alone.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from audit import __version__
from audit.log import TechnicalLog, short
from audit.model import CaseReport, Problem
from audit.pipeline.executor import Done
from audit.pipeline.intake import Intake

if TYPE_CHECKING:
    from audit.readers import FileSurvey

#: Distributions whose version may explain a difference between two machines.
TOLD = ("onnxruntime", "opencv-python-headless", "numpy", "pillow", "pypdfium2", "lxml", "ortools")


def tell_versions(log: TechnicalLog, policy: str, models: Iterable[tuple[str, str]]) -> None:
    """Log what the run works with: program, system, packages, policy, models."""
    system = f"{platform.system()}-{platform.machine()}"
    log.event("run", version=__version__, python=platform.python_version(), system=system)
    log.event("run.packages", **{name.replace("-", "_"): _version(name) for name in TOLD})
    log.event("run.policy", policy=policy)
    for name, digest in models:
        log.event("run.model", model=name, sha256=short(digest))


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def tell_intake(log: TechnicalLog, taken: Sequence[Intake]) -> None:
    """Log how much came in, and which codes refused what did not."""
    refused = [p for one in taken for p in one.problems]
    log.event(
        "intake",
        files=len(taken),
        bytes=sum(one.size for one in taken),
        ignored=sum(one.ignored for one in taken),
        codes=codes_of(refused),
    )


def tell_survey(log: TechnicalLog, intake: Intake, survey: FileSurvey | None, done: Done) -> None:
    """Log what a look into one file came to."""
    log.event(
        "survey",
        file=short(intake.sha256),
        bytes=intake.size,
        format=None if survey is None else survey.format.value,
        pages=None if survey is None else survey.pages,
        **_how(done),
    )


def tell_pages(
    log: TechnicalLog, intake: Intake, indexes: Sequence[int], left: Sequence[int], done: Done
) -> None:
    """Log what a page task came to; ``left``: the pages it did not finish."""
    tell = log.trouble if left or done.failure is not None else log.event
    tell(
        "pages",
        file=short(intake.sha256),
        first=min(indexes, default=0),
        asked=len(indexes),
        unread=len(left),
        **_how(done),
    )


def _how(done: Done) -> dict[str, str | int | float | bool | None]:
    failure, cost = done.failure, done.cost
    return {
        "code": None if failure is None else failure.code,
        "why": None if failure is None else dict(failure.params).get("id"),
        "hung": True if done.hung else None,
        "worker": None if cost is None else cost.process,
        "seconds": None if cost is None else cost.seconds,
        "cpu": None if cost is None else cost.cpu,
        "memory": None if cost is None else cost.memory,
    }


def tell_result(log: TechnicalLog, report: CaseReport) -> None:
    """Log the size of what the run came to, and every code of trouble with how often it came."""
    facts = report.facts
    problems = [p for f in facts.files for p in f.problems]
    problems += [p for page in facts.pages for p in page.problems]
    log.event(
        "result",
        files=len(facts.files),
        pages=len(facts.pages),
        documents=len(facts.documents),
        rows=len(facts.rows),
        seals=len(facts.seals),
        findings=len(report.findings),
        groups=len(report.groups),
        codes=codes_of(problems),
        rules=_counted(f.rule for f in report.findings),
    )


def codes_of(problems: Iterable[Problem]) -> str | None:
    """Return the codes with their counts (``E201:1,W701:3``), ``None`` without any."""
    return _counted(p.code for p in problems)


def _counted(codes: Iterable[str]) -> str | None:
    counts = Counter(codes)
    return ",".join(f"{code}:{counts[code]}" for code in sorted(counts)) or None

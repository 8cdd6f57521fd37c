"""Pages of which nothing could be read: what stands for them, and how they are told."""

from __future__ import annotations

from audit.model import DocumentKind, Page, PageMode, PageResult, Problem, problem
from audit.pipeline.intake import Intake

#: Classes of codes that mean a page is lost (damage, protection, limits, hostile, ours).
_LOST = frozenset({"E2", "E3", "E4", "E5", "E6", "E9"})


def is_unread(result: PageResult) -> bool:
    """Tell whether nothing of a page could be read: damage, a limit, a worker that died."""
    empty = not (result.documents or result.rows or result.lines or result.codes)
    nothing = empty and not (result.impressions or result.electronic_seals)
    return nothing and any(p.code[:2] in _LOST for p in result.problems)


def of_file(found: Problem) -> Problem:
    """Return a page's problem as one of its file."""
    return Problem(found.code, None, found.params)


def unread_page(intake: Intake, index: int, failure: Problem) -> PageResult:
    """Return the result of a page that could not be read, with why."""
    page = Page(intake.sha256, index, PageMode.DIGITAL)
    blamed = problem(failure.code, index, **dict(failure.params))
    return PageResult(page, DocumentKind.OTHER, 0.0, problems=(blamed,))

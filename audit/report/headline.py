"""The first page in ten seconds: which conclusions decide, what to ask the company for, briefly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.model import CaseReport, Conclusion, Verdict
from audit.policy.schema import Policy
from audit.report.parts import Words, span
from audit.report.view import GroupView

#: Clauses of this chapter are the conditions of eligibility.
ELIGIBILITY = "一("
#: A request longer than this is cut on the first page; its group has the whole of it.
REQUEST_UNITS = 56
#: Notes with these keys matter at once; the figures behind the verdict can be opened.
_SAID_AT_ONCE = ("conclude.hint.", "conclude.unread", "conclude.no_", "conclude.unknown")


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """One clause: ``said`` stands below the title, ``detail`` can be opened."""

    conclusion: Conclusion
    quote: str
    title: str
    span: str
    said: tuple[str, ...]
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask for, and the groups that want it."""

    groups: tuple[str, ...]
    text: str
    amount: str


def conclusion_views(
    report: CaseReport, policy: Policy, words: Words
) -> tuple[tuple[ConclusionView, ...], tuple[ConclusionView, ...]]:
    """Return (conditions of eligibility, all other clauses)."""
    views = tuple(_view(c, policy, words) for c in report.conclusions)
    main = tuple(v for v in views if _decides(v.conclusion))
    return main, tuple(v for v in views if not _decides(v.conclusion))


def _decides(conclusion: Conclusion) -> bool:
    return conclusion.clause.startswith(ELIGIBILITY) or bool(conclusion.low)


def _view(conclusion: Conclusion, policy: Policy, words: Words) -> ConclusionView:
    figures = bool(conclusion.low)
    notes = [(n.key, words.say(n)) for n in conclusion.notes]
    at_once = [text for key, text in notes if not figures or key.startswith(_SAID_AT_ONCE)]
    return ConclusionView(
        conclusion=conclusion,
        quote=policy.clause(conclusion.clause).quote,
        title=words.say(conclusion.title),
        span=span(conclusion.low, conclusion.high, words),
        said=tuple(at_once),
        detail=tuple(text for _, text in notes if text not in at_once),
    )


def asks(groups: Sequence[GroupView]) -> tuple[Ask, ...]:
    """Return what to ask for: the same request once, long ones cut, settled groups left out."""
    found: dict[str, list[GroupView]] = {}
    for view in groups:
        if view.request and not view.decided:
            found.setdefault(view.request, []).append(view)
    return tuple(
        Ask(
            groups=tuple(v.group.id for v in views),
            text=shorten(text, REQUEST_UNITS),
            amount="、".join(v.amount for v in views if v.amount),
        )
        for text, views in found.items()
    )


def shorten(text: str, units: int) -> str:
    """Return the text cut to a width of ``units`` Latin characters (a Chinese one is two)."""
    room = units
    for place, letter in enumerate(text):
        room -= 2 if ord(letter) > 0x2E7F else 1  # noqa: PLR2004 - where Chinese begins
        if room < 0:
            return text[:place] + "…"
    return text


def open_count(views: Sequence[ConclusionView]) -> int:
    """Return how many of the clauses are neither passed nor beside the point."""
    good = {Verdict.PASS, Verdict.NOT_APPLICABLE}
    return sum(1 for v in views if v.conclusion.verdict not in good)

"""The waterfall and the time line as SVG shapes, computed here and drawn by the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from audit.model import Basis, CaseReport, DocumentKind
from audit.report.headline import shorten
from audit.report.parts import Words
from audit.text.rounding import wan

WIDTH, BAR_HEIGHT, GAP, LABEL_WIDTH = 560, 22, 7, 168
#: Width of a label, in Latin characters.
LABEL_UNITS = 22
#: Steps drawn one by one; the smallest others are summed up.
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the waterfall; pixels in the SVG's own coordinates."""

    label: str
    short: str
    amount: str
    x: float
    y: int
    width: float
    style: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn waterfall with its height in pixels and the threshold's place."""

    bars: tuple[Bar, ...]
    height: int
    threshold_x: float | None
    threshold_label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A dated paper on the time line; ``x`` in percent of its width, ``lane`` from 0."""

    x: float
    lane: int
    label: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Lanes of dots over the years, with the project's period shaded (percent)."""

    lanes: tuple[str, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    period: tuple[float, float] | None
    applied: float | None


def waterfall(basis: Basis, words: Words, minimum: Decimal | None) -> Chart:
    """Return declared → steps → supported, scaled to the declared sum."""
    declared = max(basis.declared, Decimal(1))
    scale = (WIDTH - LABEL_WIDTH - 84) / float(max(declared, minimum or Decimal(0)))
    bars: list[Bar] = []

    def add(label: str, start: Decimal, amount: Decimal, style: str) -> None:
        bars.append(
            Bar(
                label=label,
                short=shorten(label, LABEL_UNITS),
                amount=wan(amount),
                x=round(LABEL_WIDTH + float(start) * scale, 1),
                y=len(bars) * (BAR_HEIGHT + GAP),
                width=max(1.5, round(float(abs(amount)) * scale, 1)),
                style=style,
            )
        )

    add(words.t("waterfall.declared"), Decimal(0), basis.declared, "declared")
    level = basis.declared
    for label, amount, style in _steps(basis, words):
        level += amount
        add(label, level, amount, style)
    add(words.t("waterfall.supported"), Decimal(0), basis.supported, "supported")
    height = len(bars) * (BAR_HEIGHT + GAP)
    threshold = None if minimum is None else round(LABEL_WIDTH + float(minimum) * scale, 1)
    label = "" if minimum is None else words.t("waterfall.threshold", amount=wan(minimum))
    return Chart(tuple(bars), height, threshold, label)


def _steps(basis: Basis, words: Words) -> list[tuple[str, Decimal, str]]:
    """Return (label, negative amount, style): certain ones first, small ones together."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for step in basis.steps:
        style = "deducted" if step.certain else "pending"
        key = (step.group_id, words.say(step.label), style)
        sums[key] = sums.get(key, Decimal(0)) + step.amount
    steps = [
        (f"{gid} {label}".strip(), amount, style) for (gid, label, style), amount in sums.items()
    ]
    steps.sort(key=lambda s: (s[2] != "deducted", s[1]))
    shown, rest = steps[:MOST_STEPS], steps[MOST_STEPS:]
    for style in ("deducted", "pending"):
        left = sum((s[1] for s in rest if s[2] == style), Decimal(0))
        if left:
            shown.append((words.t("waterfall.others"), left, style))
    return shown


#: Which date of which kind of paper goes on which lane.
LANES = (
    (DocumentKind.CONTRACT, "contract_date"),
    (DocumentKind.VAT_INVOICE, "issue_date"),
    (DocumentKind.BANK_RECEIPT, "payment_date"),
    (DocumentKind.ACCEPTANCE_REPORT, "acceptance_date"),
)


def time_line(report: CaseReport, words: Words) -> TimeLine | None:
    """Return the case on a time line, or ``None`` if nothing is dated."""
    dated = [
        (lane, day, document.id)
        for lane, (kind, name) in enumerate(LANES)
        for document in report.facts.of_kind(kind)
        if (day := document.get(name).day) is not None and document.get(name).usable
    ]
    if not dated:
        return None
    applicant = report.facts.applicant
    period, applied = applicant.period, applicant.applied_on
    days = [day for _, day, _ in dated] + list(period or ()) + ([applied] if applied else [])
    first = date(min(days).year, 1, 1)
    last = date(max(days).year, 12, 31)
    span = max(1, (last - first).days)

    def at(day: date) -> float:
        return round((day - first).days * 100 / span, 2)

    return TimeLine(
        lanes=tuple(words.t(f"kind.{kind.value}") for kind, _ in LANES),
        dots=tuple(Dot(at(day), lane, f"{name} {day.isoformat()}") for lane, day, name in dated),
        ticks=tuple(_ticks(first, last, at)),
        period=None if period is None else (at(period[0]), at(period[1])),
        applied=None if applied is None else at(applied),
    )


def _ticks(first: date, last: date, at: object) -> Iterable[tuple[float, str]]:
    assert callable(at)
    for year in range(first.year, last.year + 1):
        yield at(date(year, 1, 1)), str(year)

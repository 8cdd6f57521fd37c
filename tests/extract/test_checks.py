"""Figures against words and sums to the cent: what lifts, what doubts, what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.extract.checks import Sums, add_up, bind_sums, bind_words, column_sums
from audit.extract.ladder import reconcile
from audit.model import MISSING, Candidate, Origin, Reading, Status, Value

OCR, OCR2, TEXT, QR = Origin.OCR, Origin.OCR2, Origin.TEXT_LAYER, Origin.QR


def read(field: str, *sources: tuple[Origin, str, float]) -> Reading:
    def value(text: str) -> Value:
        return text if field == "total_in_words" or "*" in text else Decimal(text)

    return reconcile(field, [Candidate(o, value(t), t, c, 0) for o, t, c in sources])


def sums(origin: Origin, confidence: float, net: str, tax: str, total: str, words: str) -> Sums:
    return Sums(
        read("amount_without_tax", (origin, net, confidence)),
        read("tax_amount", (origin, tax, confidence)),
        read("total_with_tax", (origin, total, confidence)),
        read("total_in_words", (origin, words, confidence)) if words else MISSING,
    )


def statuses(found: Sums) -> tuple[Status, ...]:
    return found.net.status, found.tax.status, found.total.status, found.words.status


C, R, D, M = Status.CONFIRMED, Status.READ, Status.DOUBTFUL, Status.MISSING


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((TEXT, 1.0, "1000.00", "130.00", "1130.00", "壹仟壹佰叁拾圆整"), (C, C, C, C)),
        ((OCR, 0.5, "1000.00", "130.00", "1130.00", "壹仟壹佰叁拾圆整"), (C, C, C, C)),
        ((OCR, 0.5, "1000.00", "130.00", "1130.00", ""), (R, R, R, M)),
        ((OCR, 0.999, "1000.00", "130.01", "1130.00", "壹仟壹佰叁拾圆整"), (D, D, C, C)),
        ((OCR, 0.999, "1000.00", "130.00", "1180.00", "壹仟壹佰叁拾圆整"), (D, D, D, D)),
        ((TEXT, 1.0, "1000.00", "130.01", "1130.00", "壹仟壹佰叁拾圆整"), (D, D, C, C)),
        ((TEXT, 1.0, "1000.00", "130.00", "1130.00", "贰仟圆整"), (R, R, R, D)),
        ((OCR, 0.5, "600.00", "***", "600.00", "陆佰圆整"), (C, C, C, C)),
        ((OCR, 0.999, "130.00", "1000.00", "1130.00", "壹仟壹佰叁拾圆整"), (D, D, C, C)),
    ],
)
def test_sums_and_words(
    given: tuple[Origin, float, str, str, str, str], expected: tuple[Status, ...]
) -> None:
    """Binding confirms; a break doubts whatever the face gave only once."""
    assert statuses(bind_sums(sums(*given))) == expected


def test_words_choose_between_two_looks() -> None:
    """Of two readings of the same ink the one that the words state is taken."""
    amount = read("total_with_tax", (OCR, "1180.00", 0.9), (OCR2, "1130.00", 0.8))
    words = read("total_in_words", (OCR, "壹仟壹佰叁拾圆整", 0.95))
    bound, _ = bind_words(amount, words)
    assert (bound.value, bound.status) == (Decimal("1130.00"), C)


def test_words_do_not_overrule_a_qr_that_differs() -> None:
    """QR against face stays doubtful although words and figures of the face agree."""
    amount = read("total_with_tax", (QR, "1000.00", 1.0), (TEXT, "1130.00", 1.0))
    words = read("total_in_words", (TEXT, "壹仟壹佰叁拾圆整", 1.0))
    bound, said = bind_words(amount, words)
    assert bound.status is D
    assert said.status is R


def test_sum_picks_the_one_fitting_choice() -> None:
    """A clipped figure (5,410.08 read as 10.08) is replaced by the look that adds up."""
    given = Sums(
        read("amount_without_tax", (OCR, "10.08", 0.99), (OCR2, "5410.08", 0.9)),
        read("tax_amount", (OCR, "703.31", 0.9)),
        read("total_with_tax", (OCR, "6113.39", 0.9)),
        read("total_in_words", (OCR, "陆仟壹佰壹拾叁圆叁角玖分", 0.9)),
    )
    bound = bind_sums(given)
    assert bound.net.value == Decimal("5410.08")
    assert statuses(bound) == (C, C, C, C)


def test_break_leaves_what_two_looks_gave() -> None:
    """A sum that is truly wrong on paper stays readable, so that a rule can say so."""
    given = Sums(
        read("amount_without_tax", (TEXT, "1000.00", 1.0), (OCR, "1000.00", 0.99)),
        read("tax_amount", (TEXT, "130.01", 1.0), (OCR, "130.01", 0.99)),
        read("total_with_tax", (TEXT, "1130.00", 1.0), (OCR, "1130.00", 0.99)),
    )
    bound = bind_sums(given)
    assert statuses(bound) == (R, R, R, M)
    assert any(r.key == "checks.sum_differs" for r in bound.net.reasons)


def test_nothing_is_worked_out() -> None:
    """A missing tax stays missing although the difference would give it."""
    given = Sums(
        read("amount_without_tax", (OCR, "1000.00", 0.99)),
        MISSING,
        read("total_with_tax", (OCR, "1130.00", 0.99)),
        read("total_in_words", (OCR, "壹仟壹佰叁拾圆整", 0.99)),
    )
    assert bind_sums(given).tax is MISSING


@pytest.mark.parametrize(
    ("net", "tax", "total", "holds"),
    [
        ("100", "13", "113", True),
        ("-100", "-13", "-113", True),
        ("13", "100", "113", False),
        ("100", "13", "113.01", False),
        ("100", "***", "100", True),
        ("100", "***", "101", False),
        (None, "13", "113", False),
    ],
)
def test_add_up(net: str | None, tax: str, total: str, holds: bool) -> None:
    """To the cent, and a tax is never larger than any rate allows."""
    figures: list[Value | None] = [
        None if t is None else t if "*" in t else Decimal(t) for t in (net, tax, total)
    ]
    assert add_up(*figures) is holds


def test_column_sums() -> None:
    """Lines make their total exactly, or nothing is said."""
    total = read("amount_without_tax", (TEXT, "10.00", 1.0))
    parts = [read("amount", (OCR, text, 0.9)) for text in ("12.50", "-2.50")]
    assert column_sums(parts, total) is True
    assert column_sums(parts[:1], total) is False
    assert column_sums([*parts, MISSING], total) is None
    assert column_sums([], total) is None

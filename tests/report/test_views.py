"""What the report says of a reading, a row, a conclusion and a request."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from audit.model import Box, Candidate, Origin, Reading, Status, say
from audit.report.chains import row_views, used_columns
from audit.report.headline import asks, conclusion_views, shorten
from audit.report.parts import Words, clock, span
from audit.report.pictures import EmbeddedPictures
from audit.report.verify_list import COLUMNS, verify_rows
from audit.report.view import finding_views, group_views
from tests import factory
from tests.report import sample
from tests.report.pictures import DrawnPages

WORDS = Words("zh")


def _pictures(budget: int = 10_000_000) -> EmbeddedPictures:
    return EmbeddedPictures(DrawnPages(sample.report().facts), budget)


def test_the_face_is_looked_at_before_the_code() -> None:
    code = Candidate(Origin.QR, Decimal(1), "1", 1.0, 0, Box(0, 0, 0.1, 0.1))
    face = Candidate(Origin.OCR, Decimal(2), "2", 0.8, 0, Box(0.5, 0.5, 0.7, 0.6))
    reading = Reading(Decimal(1), "1", Status.DOUBTFUL, 0.5, (code, face))
    assert reading.where is face
    assert replace(reading, sources=(code,)).where is code
    assert replace(reading, sources=()).where is None


def test_a_picture_shown_in_many_rows_is_embedded_once() -> None:
    report = sample.report()
    pictures = _pictures()
    rows = row_views(report, WORDS, pictures, used_columns(report.facts.rows))
    shared = {p.picture for r in rows for p in r.papers if p.id == "D49"}
    assert len(shared) == 1
    assert len(pictures.island) == len(set(pictures.island)) or len(pictures.island) < 60


def test_the_budget_holds_and_says_what_it_left_out() -> None:
    report = sample.report()
    pictures = _pictures(budget=40_000)
    row_views(report, WORDS, pictures, used_columns(report.facts.rows))
    assert sum(len(p) for p in pictures.island) * 3 // 4 < 40_000 + 60_000
    assert pictures.omitted > 0


def test_a_value_that_differs_from_the_row_is_said() -> None:
    report = sample.report()
    rows = list(report.facts.rows)
    rows[0] = replace(
        rows[0], cells={**rows[0].cells, "amount_with_tax": factory.reading(Decimal("1.00"))}
    )
    changed = replace(report, facts=replace(report.facts, rows=tuple(rows)))
    view = row_views(changed, WORDS, _pictures(), used_columns(rows))[0]
    told = {f.name: f.ledger for p in view.papers[:2] for f in p.fields if f.ledger}
    assert told == {"total_with_tax": "1.00"}


def test_a_row_that_names_two_dates_agrees_with_each() -> None:
    report = sample.report()
    rows = list(report.facts.rows)
    paid = report.facts.documents[1].get("payment_date").day
    cell = factory.reading(f"2022-01-01、{paid}")
    rows[0] = replace(rows[0], cells={**rows[0].cells, "payment_date": cell})
    changed = replace(report, facts=replace(report.facts, rows=tuple(rows)))
    view = row_views(changed, WORDS, _pictures(), used_columns(rows))[0]
    assert not any(f.ledger for p in view.papers[:2] for f in p.fields)


def test_cues_stand_apart_and_are_no_failures() -> None:
    report = sample.report()
    main, cues = group_views(report, WORDS, finding_views(report, WORDS, _pictures()))
    assert [g.group.id for g in cues] == ["G5"]
    assert all(g.group.severity.value != "D" for g in main)


def test_the_same_request_is_made_once() -> None:
    report = sample.report()
    same = tuple(replace(g, request=say("请补章"), decision=None) for g in report.groups[:3])
    main, _ = group_views(
        replace(report, groups=same), WORDS, finding_views(report, WORDS, _pictures())
    )
    assert [(a.groups, a.text) for a in asks(main)] == [(("G1", "G2", "G3"), "请补章")]


def test_conditions_of_eligibility_stand_before_the_other_clauses() -> None:
    report = sample.report()
    paper = replace(report.conclusions[0], clause="附件2 四(一)1")
    changed = replace(report, conclusions=(paper, *report.conclusions))
    main, others = conclusion_views(changed, sample.policy(), WORDS)
    assert [v.conclusion.clause for v in others] == ["附件2 四(一)1"]
    assert len(main) == len(report.conclusions)
    assert any("不超过24个月" in v.quote for v in main)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("5000000.00", "6000000.00", "500.00 万元 至 600.00 万元"),
        ("0.00", "6300500.00", "0.00 万元 至 630.05 万元"),
        ("8500.00", "8500.00", "0.85 万元"),
        ("0.0000", "1.0000", "0.00% 至 100.00%"),
        ("0.3412", "0.3561", "34.12% 至 35.61%"),
        ("0.3412", "0.3412", "34.12%"),
        ("22 个月", "22 个月", "22 个月"),
        ("", "", ""),
        ("24", "", "24"),
        ("NaN", "", "NaN"),
    ],
)
def test_an_interval_is_shown_as_people_say_it(low: str, high: str, shown: str) -> None:
    assert span(low, high, WORDS) == shown


@pytest.mark.parametrize(
    ("text", "units", "short"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcdef…"), ("购买方不是", 6, "购买方…"), ("", 3, "")],
)
def test_text_is_cut_by_width(text: str, units: int, short: str) -> None:
    assert shorten(text, units) == short


@pytest.mark.parametrize(
    ("at", "shown"),
    [("2024-05-20T09:12:33+00:00", "2024-05-20 09:12"), ("gestern", "gestern"), ("", "")],
)
def test_a_clock_is_read_or_left(at: str, shown: str) -> None:
    assert clock(at) == shown


def test_the_list_to_verify_has_troubled_and_large_first_all_as_text() -> None:
    report = sample.report()
    heads, rows = verify_rows(report, WORDS)
    assert len(heads) == len(COLUMNS) == len(rows[0])
    troubled = {d for f in report.findings if f.severity.value != "D" for d in f.subjects.documents}
    first = rows[: len(troubled & {d.id for d in report.facts.documents})]
    amounts = [Decimal(str(r[6])) for r in first]
    assert amounts == sorted(amounts, reverse=True)
    rest = [Decimal(str(r[6])) for r in rows[len(first) :]]
    assert rest == sorted(rest, reverse=True)
    for row in rows:
        assert all(isinstance(v, str) for v in row[1:])
        assert len(str(row[4])) == 8

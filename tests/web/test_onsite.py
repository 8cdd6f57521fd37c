"""The on-site pack: a page from a file, answers back as decisions, never an amount."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import audit.rules
from audit.errors import InputUnusableError
from audit.model import say
from audit.pipeline.decisions import open_session
from audit.report.html import render_html
from audit.report.onsite import closable, onsite_items
from audit.report.onsite_page import pack_id, render_onsite
from audit.report.parts import Words
from audit.store.log import verify_log
from audit.web.answers import merge_answers
from tests.report import sample
from tests.report.pictures import DrawnPages
from tests.web import rules
from tests.web.conftest import Review


def _html() -> str:
    report = sample.report(12)
    return render_onsite(report, DrawnPages(report.facts), "zh")


def _file(tmp_path: Path, review: Review, **answers: Any) -> Path:
    report = open_session(review.out).report()
    content = {
        "schema": 1, "pack": pack_id(report), "inspectors": "张三、李四", "visited_on": "2024-06-03",
        "items": {}, "questions": {}, **answers,
    }  # fmt: skip
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def test_the_page_is_one_file_with_hashed_parts() -> None:
    page = _html()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "unsafe" not in policy[1]
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page)


def test_every_item_row_is_there_with_its_kind() -> None:
    report = sample.report(12)
    items = onsite_items(report, Words("zh"))
    assert [i.row for i in items] == list(range(1, 13))
    assert {i.kind for i in items} == {"equipment", "software", "service"} - {"service"}
    page = _html()
    assert all(f'data-item="{i.key}"' in page for i in items)


def test_what_was_seen_is_noted_on_the_row_and_shown(review: Review, tmp_path: Path) -> None:
    row = review.facts.rows[0]
    answers = {
        row.key: {
            "state": "idle",
            "mark": "SN-0012",
            "original_invoice": True,
            "photos": "IMG_1.jpg",
        }
    }
    merged = merge_answers(open_session(review.out), _file(tmp_path, review, items=answers))
    assert (merged.notes, merged.closed) == (1, 0)
    entry = verify_log(review.out)[0][0]
    assert entry.actor == "张三、李四"
    assert entry.data["action"] == "note"
    assert "闲置" in entry.data["reason"]
    assert "SN-0012" in entry.data["reason"]
    report = open_session(review.out).report()
    page = render_html(report, sample.policy(), DrawnPages(report.facts), "zh")
    assert page.count("SN-0012") >= 1


def test_merged_twice_nothing_is_written_twice(review: Review, tmp_path: Path) -> None:
    answers = {review.facts.rows[1].key: {"state": "in_use"}}
    file = _file(tmp_path, review, items=answers)
    merge_answers(open_session(review.out), file)
    again = merge_answers(open_session(review.out), file)
    assert (again.notes, again.known) == (0, 1)
    assert len(verify_log(review.out)[0]) == 1


@pytest.mark.parametrize("signed", [True, False])
def test_a_tick_never_moves_an_amount(review: Review, tmp_path: Path, signed: bool) -> None:
    before = open_session(review.out).report()
    with_money = [g for g in before.groups if g.amount]
    assert with_money
    answers = {g.key: {"outcome": "cleared", "seen": "看过"} for g in with_money}
    file = _file(tmp_path, review, questions=answers, signed=signed)
    merged = merge_answers(open_session(review.out), file)
    after = open_session(review.out).report()
    assert merged.closed == 0
    assert merged.notes == len(with_money)
    assert after.waterfall == before.waterfall


@pytest.mark.parametrize(("signed", "closed"), [(True, 1), (False, 0)])
def test_one_signed_tick_closes_a_group_without_money(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed: bool, closed: int
) -> None:
    def paperwork(facts: Any, matching: Any, policy: Any) -> Any:
        from dataclasses import replace

        from audit.model import Severity

        findings, outcomes = rules.run_rules(facts, matching, policy)
        plain = [replace(f, effects=(), severity=Severity.C, request=say("补章")) for f in findings]
        return tuple(plain), outcomes

    monkeypatch.setattr(audit.rules, "run_rules", paperwork)
    group = next(g for g in open_session(review.out).report().groups if closable(g))
    file = _file(tmp_path, review, questions={group.key: {"outcome": "cleared"}}, signed=signed)
    merged = merge_answers(open_session(review.out), file)
    assert merged.closed == closed
    after = next((g for g in open_session(review.out).report().groups if g.key == group.key), None)
    ruled = (
        after is not None
        and after.decision is not None
        and after.decision.action == "dismiss_group"
    )
    assert ruled is bool(closed)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2}',
        '{"schema": 1, "pack": "other", "inspectors": "x"}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_not_ours_is_refused(review: Review, tmp_path: Path, content: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputUnusableError):
        merge_answers(open_session(review.out), path)
    assert verify_log(review.out)[0] == ()


def test_nameless_answers_are_refused(review: Review, tmp_path: Path) -> None:
    with pytest.raises(InputUnusableError, match="核查人员"):
        merge_answers(open_session(review.out), _file(tmp_path, review, inspectors=" "))


def test_odd_shapes_inside_are_passed_over(review: Review, tmp_path: Path) -> None:
    row = review.facts.rows[0].key
    file = _file(
        tmp_path, review, items={row: {"state": ["x"], "mark": 5}, "gone": {"state": "idle"}, "x": 1},
        questions=[1],
    )  # fmt: skip
    merged = merge_answers(open_session(review.out), file)
    assert (merged.notes, merged.unknown) == (0, 1)


@pytest.mark.browser
def test_answers_saved_on_a_tablet_come_back(chromium: Any, review: Review, tmp_path: Path) -> None:
    report = open_session(review.out).report()
    page_file = tmp_path / "onsite.html"
    page_file.write_text(render_onsite(report, DrawnPages(report.facts), "zh"), "utf-8")
    context = chromium.new_context(
        viewport={"width": 820, "height": 1180}, has_touch=True, accept_downloads=True
    )
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.click("#save")
    assert page.evaluate("document.activeElement.name") == "inspectors"
    page.fill("[name=inspectors]", "张三、李四")
    thing = page.locator("details.thing").first
    thing.locator("summary").tap()
    thing.locator("img").first.wait_for()
    thing.locator("label", has_text="在用").first.tap()
    assert page.inner_text("#progress").startswith("1 /")
    page.reload()
    assert page.inner_text("#progress").startswith("1 /")
    with page.expect_download() as saving:
        page.click("#save")
    answers = tmp_path / "saved.json"
    saving.value.save_as(answers)
    context.close()
    merged = merge_answers(open_session(review.out), answers)
    assert merged.notes == 1

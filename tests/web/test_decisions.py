"""What a decision does to the page: logged with name and time, and everything follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from audit.model import Verdict
from audit.pipeline.decisions import open_session
from audit.report.parts import Words
from audit.store.log import verify_log
from audit.web.desk import Desk
from audit.web.fields import FieldList
from audit.web.listing import line_of
from tests.web.conftest import Review


def _post(review: Review, path: str, **body: object) -> Any:
    return review.client().post(f"/cases/{review.case}/{path}", json=body, headers=review.safe())


def _doubt(client: TestClient, review: Review) -> dict[str, Any]:
    found = client.get(f"/cases/{review.case}/doubts").json()
    return next(d for d in found if d["status"] == "doubtful")


def test_the_list_shows_the_case_and_its_state(review: Review) -> None:
    page = review.client().get("/").text
    assert review.facts.applicant.name in page
    assert f"/cases/{review.case}" in page


def test_the_case_page_is_the_report_with_live_forms(review: Review) -> None:
    page = review.client().get(f"/cases/{review.case}").text
    assert 'data-act="dismiss_group"' in page
    assert 'data-act="mark_seal"' in page
    assert 'id="waterfall"' in page
    assert f"/cases/{review.case}/pages/" in page


def test_doubtful_comes_first_and_points_at_its_page(review: Review) -> None:
    client = review.client()
    entry = client.get(f"/cases/{review.case}/doubts").json()[0]
    assert entry["field"] == "total_with_tax"
    assert len(entry["box"]) == 4
    page = client.get(f"/cases/{review.case}/pages/{entry['page']}")
    assert page.headers["content-type"] == "image/jpeg"
    assert page.content.startswith(b"\xff\xd8")
    box = ",".join(map(str, entry["box"]))
    crop = client.get(f"/cases/{review.case}/pages/{entry['page']}/crop?w=400&box={box}")
    assert crop.content.startswith(b"\xff\xd8")
    fields = client.get(f"/cases/{review.case}/pages/{entry['page']}/fields").json()["fields"]
    assert any(f["target"] == entry["target"] and f["field"] == entry["field"] for f in fields)


@pytest.mark.parametrize("box", ["1,2", "a,b,c,d", "0.9,0.1,0.1,0.2", "1,1,1,1,1"])
def test_a_bad_box_is_refused(review: Review, box: str) -> None:
    answer = review.client().get(f"/cases/{review.case}/pages/0/crop?box={box}")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path", ["pages/9999", "pages/-1", "pages/9999/fields", "field?target=x&field=y"]
)
def test_what_is_not_there_is_not_found(review: Review, path: str) -> None:
    assert review.client().get(f"/cases/{review.case}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "good", "trouble"),
    [
        ("total_with_tax", "abc", False, "不是"),
        ("total_with_tax", "¥1,234.50", True, "不等"),
        ("buyer_taxpayer_id", "91500112MA5XYWN12B", True, "校验位"),
        ("issue_date", "2023年3月1日", True, ""),
        ("invoice_number", "123", True, "3 位"),
    ],
)
def test_a_typed_value_is_checked_at_once(
    review: Review, field: str, value: str, good: bool, trouble: str
) -> None:
    entry = _doubt(review.client(), review)
    answer = _post(review, "check", target=entry["target"], field=field, value=value).json()
    assert (answer["value"] is not None) is good
    assert trouble in "；".join(answer["troubles"])


def test_a_correction_moves_pending_and_undo_moves_it_back(review: Review) -> None:
    client = review.client()
    desk = Desk(review.out, "zh")
    before = desk.state(desk.case(review.case))
    entry = _doubt(client, review)
    answer = _post(
        review, "decide", actor="王审核", action="correct", target=entry["target"],
        field=entry["field"], value=entry["value"], reason="对照原图",
    )  # fmt: skip
    assert answer.status_code == 200
    after = answer.json()["state"]
    assert Decimal(after["pending"].replace(",", "")) < Decimal(before["pending"].replace(",", ""))
    assert after["doubts"] == before["doubts"] - 1
    assert "王审核" in answer.json()["html"]
    undone = _post(review, "undo", actor="王审核", seq=1).json()["state"]
    assert undone["pending"] == before["pending"]
    entries, troubles = verify_log(review.out)
    assert [e.data["action"] for e in entries] == ["correct", "undo"]
    assert all(e.actor == "王审核" and e.at for e in entries)
    assert troubles == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"actor": " "}, "姓名"),
        ({"reason": ""}, "理由"),
        ({"value": "abc"}, ""),
        ({"action": "burn"}, "不支持"),
        ({"target": "no such"}, ""),
    ],
)
def test_a_bad_decision_changes_nothing_and_says_why(
    review: Review, change: dict[str, str], why: str
) -> None:
    entry = _doubt(review.client(), review)
    good = {
        "actor": "王", "action": "correct", "target": entry["target"], "field": entry["field"],
        "value": "1.00", "reason": "看原件",
    }  # fmt: skip
    answer = _post(review, "decide", **{**good, **change})
    assert answer.status_code == 409
    assert why in answer.json()["error"]
    assert verify_log(review.out)[0] == ()


def test_an_unknown_key_in_the_body_is_refused(review: Review) -> None:
    answer = _post(review, "undo", actor="王", seq=1, covers=["x"])
    assert answer.status_code == 422


def test_dismissing_a_group_follows_into_the_waterfall(review: Review) -> None:
    desk = Desk(review.out, "zh")
    case = desk.case(review.case)
    before = desk.state(case)
    group = next(g for g in case.session.report().groups if g.verdict is Verdict.FAIL and g.amount)
    answer = _post(
        review, "decide", actor="王", action="dismiss_group", target=group.key, reason="曾用名，已见变更通知书",
    ).json()  # fmt: skip
    assert answer["state"]["deducted"] != before["deducted"]
    assert "曾用名" in answer["html"]


def test_nobody_checks_their_own_decision(review: Review) -> None:
    entry = _doubt(review.client(), review)
    _post(
        review, "decide", actor="王", action="confirm", target=entry["target"], field=entry["field"]
    )
    assert _post(review, "second", actor="王", seq=1).status_code == 409
    answer = _post(review, "second", actor="李", seq=1)
    assert answer.status_code == 200
    assert answer.json()["state"]["unchecked"] == 0
    assert "李 已复核" in answer.json()["html"]


def test_a_seal_is_marked_by_eye(review: Review) -> None:
    seal = review.facts.seals[1]
    answer = _post(
        review, "decide", actor="王", action="mark_seal", target=seal.key, field="owner", value="applicant",
        reason="印文可辨",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "印文可辨" in answer.json()["html"]


def test_what_a_person_types_stays_text(review: Review) -> None:
    group = Desk(review.out, "zh").case(review.case).session.report().groups[0]
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    answer = _post(
        review, "decide", actor=evil, action="note", target=group.key, reason=evil
    ).json()
    assert "<script>alert" not in answer["html"]
    assert "<img src=x" not in answer["html"]
    assert "&lt;script&gt;" in answer["html"]


def test_export_writes_the_report_anew(review: Review) -> None:
    answer = _post(review, "export", actor="王")
    assert answer.status_code == 200
    assert (review.out / "report.html").stat().st_size > 10_000


def test_where_sources_differ_the_person_picks() -> None:
    from dataclasses import replace
    from decimal import Decimal

    from audit.model import Candidate, Origin
    from audit.report.parts import Words
    from audit.web.fields import FieldList
    from tests.report import sample

    report = sample.report(12)
    documents = list(report.facts.documents)
    old = documents[12].get("total_with_tax")
    code = Candidate(Origin.QR, Decimal("99.00"), "99.00", 1.0, 0)
    weak = replace(old, sources=(code, *old.sources))
    documents[12] = replace(documents[12], fields={**documents[12].fields, "total_with_tax": weak})
    changed = replace(report, facts=replace(report.facts, documents=tuple(documents)))
    entry = FieldList(changed, Words("zh")).doubtful()[0]
    assert [c["value"] for c in entry["choices"]] == ["99.00", str(old.value)]
    assert entry["choices"][0]["origin"] == "二维码"
    assert FieldList(report, Words("zh")).doubtful()[0]["choices"] == []


def test_the_list_opens_no_case_that_has_a_report(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(review.out, "zh")
    state = desk.state(desk.case(review.case))
    desk.case(review.case).session.export()
    fresh = Desk(review.out, "zh")
    monkeypatch.setattr(Desk, "case", lambda *_: pytest.fail("opened"))
    line = fresh.listing()[0]
    same = (
        "applicant",
        "declared",
        "supported",
        "pending",
        "deducted",
        "groups",
        "passed",
        "failed",
        "open",
    )
    assert {k: line[k] for k in same} == {k: state[k] for k in same}


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"waterfall": null}'])
def test_a_broken_report_is_said_in_its_line(review: Review, content: str) -> None:
    (review.out / "case.json").write_text(content, "utf-8")
    page = review.client().get("/")
    assert page.status_code == 200
    assert "case.json 不能读取" in page.text


def test_the_list_counts_what_the_page_leads_through(review: Review) -> None:
    """Closed and opened, a case shows the same number of readings to look at."""
    opened = open_session(review.out)
    opened.export()
    report = opened.report()
    expected = len(FieldList(report, Words("zh")).doubtful())
    assert expected > 0
    assert line_of(review.out)["doubts"] == expected

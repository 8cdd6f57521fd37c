"""The review page in a real Chromium: by mouse and by keyboard alone, at 1366x768."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from audit.store.log import verify_log
from audit.web.app import create_app
from audit.web.security import Secrets
from audit.web.serve import _listen
from tests.web.conftest import Review

pytestmark = pytest.mark.browser


@pytest.fixture
def served(review: Review) -> Iterator[tuple[Review, str]]:
    import uvicorn

    sockets = _listen(0)
    port = sockets[0].getsockname()[1]
    keys = Secrets()
    app = create_app(review.out, keys, port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    yield review, f"http://127.0.0.1:{port}/?token={keys.start}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def page(chromium: Any, served: tuple[Review, str]) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on(
        "console",
        lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None,
    )
    opened.goto(served[1])
    yield opened
    context.close()
    assert troubles == []


def _case(page: Any, actor: str = "王审核") -> None:
    page.click("table.cases a")
    page.wait_for_selector("body.ready")
    page.fill("#actor", actor)
    page.keyboard.press("Tab")


def _pending(page: Any) -> str:
    return str(page.inner_text("#s-pending"))


def test_token_leaves_the_address_and_the_case_opens(page: Any) -> None:
    assert "token" not in page.url
    _case(page)
    assert page.is_visible("#waterfall svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_keyboard_only_from_doubt_to_correction_and_back(
    page: Any, served: tuple[Review, str]
) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("body.ready")
    page.keyboard.type("王审核")
    page.keyboard.press("Escape")
    before = _pending(page)
    page.keyboard.press("n")
    page.wait_for_selector("#f-crop:not([hidden])")
    page.wait_for_selector("#boxes .chosen")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "f-value"
    page.keyboard.type("12x")
    page.wait_for_selector("#f-check.bad")
    page.fill("#f-value", "100000.00")
    page.wait_for_selector("#f-check.odd")
    page.keyboard.press("Enter")
    page.wait_for_selector("#s-decisions:text-is('1')")
    assert _pending(page) != before
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.wait_for_selector("#s-decisions:text-is('2')")
    assert _pending(page) == before
    assert [e.data["action"] for e in verify_log(served[0].out)[0]] == ["correct", "undo"]


def test_results_follow_within_a_second(page: Any) -> None:
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    start = page.evaluate("performance.now()")
    page.keyboard.press("c")
    page.wait_for_selector("#s-decisions:text-is('1')")
    assert page.evaluate("performance.now()") - start < 3000  # generous: shared machines


def test_the_crop_stands_above_the_value(page: Any) -> None:
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#f-crop:not([hidden])")
    crop, value = page.locator("#f-crop").bounding_box(), page.locator("#f-value").bounding_box()
    assert crop["y"] + crop["height"] <= value["y"]
    assert value["y"] + value["height"] < 768


def test_viewer_zooms_turns_and_boxes_stay_on_the_page(page: Any) -> None:
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    width = page.locator("#sheet").evaluate("e => e.clientWidth")
    page.click("#v-in")
    assert page.locator("#sheet").evaluate("e => e.clientWidth") > width
    page.click("#v-turn")
    assert "rotate(90deg)" in page.locator("#sheet").evaluate("e => e.style.transform")
    sheet, box = (
        page.locator("#sheet").bounding_box(),
        page.locator("#boxes .chosen").bounding_box(),
    )
    assert sheet["x"] - 1 <= box["x"]
    assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
    page.click("#v-fit")
    assert page.locator("#sheet").evaluate("e => e.style.transform") == "rotate(0deg)"


def test_a_group_is_dismissed_with_a_reason_and_undone(page: Any) -> None:
    _case(page)
    deducted = page.inner_text("#s-deducted")
    group = page.locator("details.group", has_text="Q").first
    group.locator("summary").click()
    group.locator("[data-act=dismiss_group]").click()
    page.click("#a-ok")
    assert page.inner_text("#a-trouble")
    page.fill("#a-reason", "已见变更通知书")
    page.click("#a-ok")
    page.wait_for_selector("#s-decisions:text-is('1')")
    page.wait_for_selector("#log :text('已见变更通知书')", state="attached")
    page.click("#undo")
    page.wait_for_selector("#s-decisions:text-is('2')")
    assert page.inner_text("#s-deducted") == deducted


def test_explanation_and_ruling_are_recorded(page: Any, served: tuple[Review, str]) -> None:
    _case(page)
    group = page.locator("details.group").first
    group.locator("summary").click()
    group.locator("> .acts [data-act=rule]").click()
    page.fill("#a-explanation", "企业说明：2023 年更名")
    page.fill("#a-reason", "工商变更一致")
    page.click("#a-ok")
    assert page.inner_text("#a-trouble")
    page.check("input[name=ruling][value=采信]")
    page.click("#a-ok")
    page.wait_for_selector("#s-decisions:text-is('1')")
    entry = verify_log(served[0].out)[0][0]
    assert entry.data["value"] == "采信"
    assert entry.data["explanation"] == "企业说明：2023 年更名"


def test_no_decision_without_a_name(page: Any) -> None:
    page.click("table.cases a")
    page.wait_for_selector("body.ready")
    page.fill("#actor", "")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    page.keyboard.press("c")
    page.wait_for_selector("#message.bad")
    assert page.evaluate("document.activeElement.id") == "actor"
    assert page.inner_text("#s-decisions") == "0"


def test_every_control_has_a_name(page: Any) -> None:
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    unnamed = page.evaluate(
        """() => Array.from(document.querySelectorAll('button, input, select, textarea, img')).filter((e) => {
            const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
            const name = (e.getAttribute('aria-label') || e.title || e.alt || label || e.textContent || '').trim();
            return !name && e.offsetParent !== null;
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []


def test_nothing_is_asked_from_outside(chromium: Any, served: tuple[Review, str]) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda r: asked.append(r.url))
    page.goto(served[1])
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    context.close()
    origin = served[1].split("/?")[0]
    assert asked
    assert all(url.startswith((origin, "data:", "blob:")) for url in asked)


def test_where_sources_differ_nothing_is_taken_unseen(
    chromium: Any, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    from audit.web.fields import FieldList

    choices = [{"value": "99.00", "origin": "二维码"}, {"value": "117233.00", "origin": "识别"}]
    monkeypatch.setattr(FieldList, "_choices", lambda *_: choices)
    sockets = _listen(0)
    keys = Secrets()
    port = sockets[0].getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(review.out, keys, port), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/?token={keys.start}")
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    assert page.input_value("#f-value") == ""
    page.keyboard.press("c")
    page.wait_for_selector("#message.bad")
    assert verify_log(review.out)[0] == ()
    page.keyboard.press("1")
    assert page.input_value("#f-value") == "99.00"
    page.keyboard.press("Enter")
    page.wait_for_selector("#s-decisions:text-is('1')")
    context.close()
    server.should_exit = True
    thread.join(timeout=10)
    entry = verify_log(review.out)[0][0]
    assert (entry.data["action"], entry.data["value"]) == ("correct", "99.00")


@pytest.mark.parametrize("width", [1280, 1536, 1920])
def test_nothing_is_cut_off_beside_the_viewer(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    _case(page, "欧阳审核员")
    page.keyboard.press("n")
    page.wait_for_selector("#f-crop:not([hidden])")
    cut = """(name) => { const room = document.querySelector(".left").getBoundingClientRect().right;
      return [...document.querySelectorAll(name)].filter(
        (e) => e.getBoundingClientRect().right > room + 1).map((e) => e.textContent); }"""
    assert page.evaluate(cut, ".toc a") == []
    assert page.evaluate(cut, ".tile") == []
    label, field = (page.locator(s).bounding_box() for s in (".who", "#actor"))
    assert field["x"] - label["x"] > 36
    assert field["x"] + field["width"] <= width


def test_the_chosen_box_does_not_cover_its_value(page: Any) -> None:
    _case(page)
    page.keyboard.press("n")
    page.wait_for_selector("#boxes .chosen")
    look = "(e) => { const s = getComputedStyle(e); return [s.borderTopColor, parseFloat(s.outlineOffset)]; }"
    colour, offset = page.eval_on_selector("#boxes .chosen", look)
    assert colour == "rgba(0, 0, 0, 0)"
    assert offset > 0

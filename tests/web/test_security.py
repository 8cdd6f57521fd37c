"""The gate: host, token, cookie, origin, CSRF, sizes, and the headers on every answer."""

from __future__ import annotations

import socket

import pytest

from audit.web.security import MOST_BYTES, Secrets
from audit.web.serve import _listen
from tests.web.conftest import ORIGIN, PORT, Review

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
}


@pytest.mark.parametrize(
    "path",
    ["/", "/cases/{case}", "/cases/{case}/pages/0", "/static/review.js", "/cases/none", "/none"],
)
def test_every_answer_carries_every_header(review: Review, path: str) -> None:
    answer = review.client().get(path.format(case=review.case))
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert "()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers


def test_refusals_carry_the_headers_too(review: Review) -> None:
    for answer in (
        review.client(entered=False).get("/"),
        review.client().get("/", headers={"Host": "evil.example"}),
        review.client().delete("/"),
    ):
        assert answer.status_code in {403, 405, 421}
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (f"127.0.0.1:{PORT}", 200),
        (f"localhost:{PORT}", 200),
        (f"[::1]:{PORT}", 200),
        ("127.0.0.1", 421),
        (f"127.0.0.1:{PORT + 1}", 421),
        ("evil.example", 421),
        (f"evil.example:{PORT}", 421),
        (f"127.0.0.1.evil.example:{PORT}", 421),
        ("", 421),
    ],
)
def test_only_our_own_host_is_answered(review: Review, host: str, status: int) -> None:
    assert review.client().get("/", headers={"Host": host}).status_code == status


def test_the_token_opens_once_and_leaves_the_address(review: Review) -> None:
    token = review.keys.start
    first = review.client(entered=False).get(f"/?token={token}")
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("hezheng=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert token not in cookie
    second = review.client(entered=False).get(f"/?token={token}")
    assert second.status_code == 403
    assert "set-cookie" not in second.headers
    entered = review.client(entered=False)
    entered.cookies.set("hezheng", cookie.split(";")[0].removeprefix("hezheng="))
    assert entered.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "é"])
def test_a_wrong_token_opens_nothing(review: Review, token: str) -> None:
    answer = review.client(entered=False).get("/", params={"token": token})
    assert answer.status_code == 403
    assert review.keys.start


def test_secrets_are_long_and_differ() -> None:
    one, other = Secrets(), Secrets()
    values = {k for s in (one, other) for k in (s.start, s.session, s.csrf)}
    assert len(values) == 6
    assert all(len(v) >= 43 for v in values)


@pytest.mark.parametrize(
    ("missing", "value"),
    [
        ("Origin", None),
        ("Origin", "null"),
        ("Origin", "http://evil.example"),
        ("Origin", f"https://127.0.0.1:{PORT}"),
        ("Origin", f"http://localhost:{PORT}"),
        ("Sec-Fetch-Site", None),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("x-csrf-token", None),
        ("x-csrf-token", "guess"),
    ],
)
def test_a_change_needs_origin_site_and_csrf(
    review: Review, missing: str, value: str | None
) -> None:
    headers = {k: v for k, v in review.safe().items() if k != missing}
    if value is not None:
        headers[missing] = value
    body = {"actor": "王", "action": "note", "target": "x", "reason": "y"}
    answer = review.client().post(f"/cases/{review.case}/decide", json=body, headers=headers)
    assert answer.status_code == 403


def test_a_change_without_the_cookie_is_refused(review: Review) -> None:
    answer = review.client(entered=False).post(
        f"/cases/{review.case}/undo", json={"actor": "王", "seq": 1}, headers=review.safe()
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(review: Review, method: str) -> None:
    assert review.client().request(method, "/", headers=review.safe()).status_code == 405


def test_a_large_body_is_refused(review: Review) -> None:
    answer = review.client().post(
        f"/cases/{review.case}/decide", content=b"x" * (MOST_BYTES + 1), headers=review.safe()
    )
    assert answer.status_code == 413


def test_a_change_never_goes_by_get(review: Review) -> None:
    for path in ("decide", "undo", "second", "export", "check"):
        assert review.client().get(f"/cases/{review.case}/{path}").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2fserve.py",
        "/cases/..%2f..%2fetc/pages/0",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_path_leads_to_a_file(review: Review, path: str) -> None:
    answer = review.client().get(path)
    assert answer.status_code == 404
    assert "def " not in answer.text


def test_no_file_name_in_any_address(review: Review) -> None:
    page = review.client().get(f"/cases/{review.case}").text
    addresses = [part.split('"')[0] for part in page.split('src="')[1:]]
    addresses += [part.split('"')[0] for part in page.split('href="')[1:]]
    assert addresses
    assert not any(".pdf" in a or "发票" in a for a in addresses)


def test_the_page_holds_no_inline_script_or_style(review: Review) -> None:
    import re

    page = review.client().get(f"/cases/{review.case}").text
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page)
    assert ORIGIN not in page


def test_it_listens_on_loopback_only() -> None:
    sockets = _listen(0)
    try:
        names = {s.getsockname()[0] for s in sockets}
        assert names <= {"127.0.0.1", "::1"}
        assert "127.0.0.1" in names
        assert len({s.getsockname()[1] for s in sockets}) == 1
        assert all(s.family in {socket.AF_INET, socket.AF_INET6} for s in sockets)
    finally:
        for opened in sockets:
            opened.close()

"""The gate before every request, and the headers on every answer (RELIABILITY, design 11).

Plain HTTP on loopback: HSTS and the cookie's Secure flag do not fit there and are left out.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from audit.i18n import told

COOKIE = "hezheng"
CSRF_HEADER = b"x-csrf-token"
#: Largest body of an ordinary request; uploads have their own limit.
MOST_BYTES = 256 * 1024
UPLOAD_PATH = "/upload"
MOST_UPLOAD_BYTES = 2 * 1024**3
HEADERS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
            b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            b"object-src 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    ),
    (b"cache-control", b"no-store"),
)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Secrets:
    """The start token (good once), the session cookie and the CSRF token of one run."""

    def __init__(self) -> None:
        """Draw 256 bits for each."""
        self._start: str | None = secrets.token_urlsafe(32)
        self.session = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)

    @property
    def start(self) -> str:
        """The token for the address that is printed; empty once used."""
        return self._start or ""

    def redeem(self, token: str) -> bool:
        """Tell whether ``token`` is the start token, and make it worthless."""
        if self._start is None or not hmac.compare_digest(token.encode(), self._start.encode()):
            return False
        self._start = None
        return True


class Gate:
    """ASGI middleware: who may ask, from where, how much; and the headers on what comes back."""

    def __init__(self, app: App, keys: Secrets, port: int) -> None:
        """Guard ``app`` listening on loopback ``port``."""
        self._app, self._keys = app, keys
        self._hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request; anything but HTTP is closed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        guarded = _with_headers(send)
        headers = {name.lower(): value for name, value in scope["headers"]}
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        token = query.get("token", [""])[0]
        status, why = self._refusal(scope, headers, entering=bool(token))
        if status:
            await _refuse(guarded, status, why)
        elif token and scope["path"] == "/" and scope["method"] == "GET":
            await self._enter(token, headers, guarded)
        else:
            await self._app(scope, receive, guarded)

    def _refusal(
        self, scope: Scope, headers: dict[bytes, bytes], *, entering: bool
    ) -> tuple[int, str]:
        """Return (status, why) of a request that may not pass; status 0 if it may."""
        found = (0, "")
        if headers.get(b"host", b"").lower() not in self._hosts or _twice(scope, b"host"):
            found = (421, "Misdirected Request")
        elif scope["method"] not in {"GET", "HEAD", "POST"}:
            found = (405, "Method Not Allowed")
        elif not self._known(headers) and not (entering and scope["path"] == "/"):
            found = (403, "请使用终端里打印的地址打开。Open the address printed in the terminal.")
        elif scope["method"] == "POST":
            trouble = self._unsafe(scope, headers)
            if trouble:
                found = (413 if trouble == "size" else 403, f"Refused: {trouble}")
        return found

    async def _enter(self, token: str, headers: dict[bytes, bytes], send: Send) -> None:
        """Turn the start token into a cookie and drop it from the address."""
        fields = [(b"location", b"/")]
        if self._keys.redeem(token):
            cookie = f"{COOKIE}={self._keys.session}; Path=/; HttpOnly; SameSite=Strict"
            fields.append((b"set-cookie", cookie.encode()))
        elif not self._known(headers):
            await _refuse(send, 403, told("report.web.used"))
            return
        await send({"type": "http.response.start", "status": 303, "headers": fields})
        await send({"type": "http.response.body", "body": b""})

    def _known(self, headers: dict[bytes, bytes]) -> bool:
        pairs = (
            p.strip().partition("=")
            for p in headers.get(b"cookie", b"").decode("latin-1").split(";")
        )
        values = [value for name, _, value in pairs if name == COOKIE]
        return len(values) == 1 and hmac.compare_digest(
            values[0].encode(), self._keys.session.encode()
        )

    def _unsafe(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Return why a change is refused, empty if it may pass."""
        if headers.get(b"origin", b"") != b"http://" + headers[b"host"].lower():
            return "origin"
        if headers.get(b"sec-fetch-site", b"") != b"same-origin":
            return "sec-fetch-site"
        if not hmac.compare_digest(headers.get(CSRF_HEADER, b""), self._keys.csrf.encode()):
            return "csrf"
        size = headers.get(b"content-length", b"")
        most = MOST_UPLOAD_BYTES if scope["path"].startswith(UPLOAD_PATH) else MOST_BYTES
        return "" if size.isdigit() and int(size) <= most else "size"


def _twice(scope: Scope, name: bytes) -> bool:
    return sum(1 for key, _ in scope["headers"] if key.lower() == name) > 1


def _with_headers(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in HEADERS}
            own = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in names]
            extra = dict(HEADERS)
            for key, value in message.get("headers", ()):
                if key.lower() == b"content-security-policy" and b"sandbox" in value:
                    extra[b"content-security-policy"] = value
            message = {**message, "headers": [*own, *extra.items()]}
        await send(message)

    return guarded


async def _refuse(send: Send, status: int, text: str) -> None:
    body = text.encode("utf-8")
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

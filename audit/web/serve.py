"""Runs the review page on loopback until it is stopped."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

from audit.errors import OutputUnusableError, system_words
from audit.i18n import told
from audit.web.security import Secrets


def serve_review(
    out: Path, port: int, lang: str, *, open_browser: bool, tell: Callable[[str], None]
) -> None:
    """Serve the cases below ``out``; ``port`` 0 takes a free one. Returns when stopped."""
    import uvicorn

    from audit.web.app import create_app

    sockets = _listen(port)
    number = int(sockets[0].getsockname()[1])
    keys = Secrets()
    app = create_app(out, keys, number, lang)
    address = f"http://127.0.0.1:{number}/?token={keys.start}"
    tell(address)
    if open_browser:
        webbrowser.open(address)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )
    try:
        uvicorn.Server(config).run(sockets=sockets)
    except KeyboardInterrupt:
        return  # Ctrl-C is how this page is closed


def _listen(port: int) -> list[socket.socket]:
    """Return sockets on 127.0.0.1 and, where there is one, ::1, of the same port."""
    first = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        first.bind(("127.0.0.1", port))
    except OSError as error:
        first.close()
        raise OutputUnusableError(told("stop.port", port=port, why=system_words(error))) from error
    sockets = [first]
    if socket.has_ipv6:
        second = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        try:
            second.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            second.bind(("::1", int(first.getsockname()[1])))
            sockets.append(second)
        except OSError:
            second.close()
    return sockets

"""Technical log: ids, codes, sizes, stages, timings, versions; never text, names or amounts.

One file a workspace (and one a batch), beside the outputs. It is for whoever maintains the
program: what a person decided stands in the audit log. A value that is no plain number or code
is written as ``?``, so that nothing of the papers can slip in.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Self

#: Name of the log in an output folder; older parts are ``technical.log.1`` and so on.
NAME = "technical.log"
#: Size (bytes) at which a new file is begun, and how many old ones are kept.
LARGEST, KEPT = 2 * 1024 * 1024, 3
#: What a value may look like: codes, versions, hashes, places in our own code.
_CODE = re.compile(r"[A-Za-z0-9_.:@+,\-]{1,160}", re.ASCII)
_ID = 12
Value = str | int | float | bool | None


class _Context:
    """What this process does: the command, and an id that ties its lines together."""

    command = "-"
    run = secrets.token_hex(4)


def begin(command: str) -> None:
    """Name the command that this process runs (``check``, ``onsite.merge`` …)."""
    _Context.command = command if _CODE.fullmatch(command) else "-"


class TechnicalLog:
    """The log of one folder; opened with the first line, which is why it costs nothing before.

    Trouble with the log (a full disk, no permission) never stops the work it speaks of.
    """

    def __init__(self, folder: Path) -> None:
        """Log to ``folder``, which exists when the first line is written."""
        # Several cases run in one process at a time: no logger of a shared name.
        self._logger = logging.Logger("audit.technical", logging.INFO)  # noqa: LOG001
        self._logger.addHandler(_File(folder / NAME))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        """Log what went wrong, if anything, and close."""
        if error is not None:
            self.failed(error)
        self.close()

    def event(self, name: str, **values: Value) -> None:
        """Write one line; only numbers, and strings that are codes, are shown."""
        self._write(logging.INFO, name, values)

    def trouble(self, name: str, **values: Value) -> None:
        """Write one line as a warning."""
        self._write(logging.WARNING, name, values)

    def failed(self, error: BaseException) -> None:
        """Write that the run ended with ``error``: its type and place, never its message."""
        code = getattr(error, "exit_code", None)
        self._write(logging.ERROR, "failed", {"error": place_of(error), "exit": code})

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Write how long a stage took, if it came to its end."""
        begun = time.monotonic()
        yield
        self.event(f"stage.{name}", seconds=round(time.monotonic() - begun, 3))

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers:
            handler.close()

    def _write(self, level: int, name: str, values: dict[str, Value]) -> None:
        shown = (f"{key}={_shown(value)}" for key, value in values.items() if value is not None)
        context = (_Context.run, _Context.command, name)
        self._logger.log(level, "%s", " ".join((*context, *shown)))


def short(digest: str) -> str:
    """Return the part of a content's SHA-256 by which the log calls a file."""
    return digest[:_ID] or "-"


def place_of(error: BaseException) -> str:
    """Return type and place of an error, as ``KeyError@audit.match.invoices:12``."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    module = trace.tb_frame.f_globals.get("__name__", "")
    return f"{type(error).__name__}@{module}:{trace.tb_lineno}"


def _shown(value: Value) -> str:
    if isinstance(value, bool | int | float):
        return str(value)
    text = str(value)
    return text if _CODE.fullmatch(text) else "?"


class _File(RotatingFileHandler):
    """The file: only its owner may read it, no link is followed, and no trouble of it is told."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
        line = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s")
        line.datefmt, line.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
        self.setFormatter(line)

    def _open(self) -> IO[str]:  # type: ignore[override]
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing."""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)

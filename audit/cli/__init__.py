"""The command ``audit``: only this room turns errors into exit codes.

Imports stay inside the commands, so that ``audit --help`` is instant.
"""

from __future__ import annotations

import signal
import sys

from audit.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_TERMINATED, AuditError

STOPPED = "已中断；再次运行同一命令会接着已完成的页面继续。\n"


class TerminatedError(BaseException):
    """SIGTERM arrived: unwinds like Ctrl-C, so that workers are stopped and locks freed."""


def main() -> None:
    """Run the command line; exits with a public code, never with a traceback."""
    from audit.cli.commands import app

    try:
        signal.signal(signal.SIGTERM, _terminate)
        app()
    except AuditError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write(STOPPED)
        sys.exit(EXIT_INTERRUPTED)
    except TerminatedError:
        sys.stderr.write(STOPPED)
        sys.exit(EXIT_TERMINATED)
    except Exception as error:  # noqa: BLE001 - the last boundary: a user sees no traceback
        sys.stderr.write(f"{_internal(error)}\n")
        sys.exit(EXIT_INTERNAL)


def _terminate(*_: object) -> None:
    raise TerminatedError


def _internal(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
    )
    return f"程序内部错误（{type(error).__name__}@{where}）。请把这一行告知软件维护人员；已完成的页面不会丢失。"

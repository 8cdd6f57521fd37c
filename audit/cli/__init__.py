"""The command ``audit``: only this room turns errors into exit codes.

Imports stay inside the commands, so that ``audit --help`` is instant.
"""

from __future__ import annotations

import signal
import sys

from audit.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_TERMINATED, AuditError
from audit.i18n import told
from audit.log import place_of


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
        sys.stderr.write(told("cli.stopped") + "\n")
        sys.exit(EXIT_INTERRUPTED)
    except TerminatedError:
        sys.stderr.write(told("cli.stopped") + "\n")
        sys.exit(EXIT_TERMINATED)
    except Exception as error:  # noqa: BLE001 - the last boundary: a user sees no traceback
        sys.stderr.write(told("cli.internal", place=place_of(error)) + "\n")
        sys.exit(EXIT_INTERNAL)


def _terminate(*_: object) -> None:
    raise TerminatedError

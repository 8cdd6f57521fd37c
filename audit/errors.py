"""Program trouble: one tree of exceptions, each with its public exit code.

AuditError
├── InputUnusableError (4)      no such folder, no case
├── OutputUnusableError (5)     disk full, no permission
├── WorkspaceInUseError (6)     another run holds the workspace
├── MissingPartError (7)        dependency or model missing or altered
├── IntegrityError (8)          audit chain or database broken
└── PolicyError (2)             a policy file that does not fit the schema

Data trouble (a damaged file, an unreadable page) is a ``model.Problem`` with a code of
``CODES``, never an exception. Codes are stable and never reused.
"""

from __future__ import annotations

import errno

from audit.i18n import told

EXIT_OK = 0
EXIT_INTERNAL = 1
EXIT_USAGE = 2
EXIT_WITH_WARNINGS = 3
EXIT_FINDINGS = 10
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

#: Every problem code; the sentences are in ``audit/texts/<lang>/errors.toml``:
#: ``<code>`` says what is wrong, ``<code>.ask`` what to ask the company for.
CODES = frozenset(
    {
        *("E101", "E102", "E103", "E104", "E105", "E106"),
        *("E201", "E202", "E203", "W203", "E204"),
        *("E301", "E302", "E303", "E304", "W305", "W306"),
        *("E401", "E402", "W403", "W404"),
        *("E501", "E502", "E503", "E504", "E505", "E506", "E507", "E508", "E509", "E510", "E511"),
        *("E601", "E602", "E603", "E604", "W605", "W606", "W607", "W608"),
        *("W701", "W702", "W703", "W704", "E705"),
        *("E900", "E901", "E902", "E903", "E904", "E905"),
    }
)


class AuditError(Exception):
    """Anything that stops a command; the message ends in the next step."""

    exit_code = EXIT_INTERNAL


class InputUnusableError(AuditError):
    """The input folder does not exist or holds no case."""

    exit_code = 4


class OutputUnusableError(AuditError):
    """The output folder cannot be written."""

    exit_code = 5


class WorkspaceInUseError(AuditError):
    """Another process holds the workspace."""

    exit_code = 6


class MissingPartError(AuditError):
    """A dependency or model file is missing or is not the one the manifest names."""

    exit_code = 7


class IntegrityError(AuditError):
    """The audit chain or the database does not hold together."""

    exit_code = 8


class PolicyError(AuditError):
    """A policy file does not fit the schema."""

    exit_code = EXIT_USAGE


#: What the system says when a file cannot be used; the sentences are ``system.<name>``.
_SYSTEM = {
    errno.ENOENT: "ENOENT",
    errno.ENOTDIR: "ENOTDIR",
    errno.EISDIR: "EISDIR",
    errno.EACCES: "EACCES",
    errno.EPERM: "EACCES",
    errno.EROFS: "EROFS",
    errno.ENAMETOOLONG: "ENAMETOOLONG",
    errno.EADDRINUSE: "EADDRINUSE",
    errno.ENOSPC: "ENOSPC",
    getattr(errno, "EDQUOT", 122): "ENOSPC",
}


def system_words(error: OSError) -> str:
    """Return why the system refused, in the language of the process where it is a usual reason."""
    name = _SYSTEM.get(error.errno or 0)
    return told(f"system.{name}") if name else error.strerror or type(error).__name__


def is_warning(code: str) -> bool:
    """Tell whether the code only warns (the content was read all the same)."""
    return code.startswith("W")


def is_reading_warning(code: str) -> bool:
    """Tell whether the code is a W7xx, which leaves the exit code at 0."""
    return code.startswith("W7")

"""What a rule is: its function and what is known about it without running it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from audit.model import DocumentKind, Severity
from audit.rules.case import Case
from audit.rules.result import Results

HEADINGS = (
    "What it finds",
    "Why it matters",
    "Evidence it uses",
    "Undecided when",
    "Example",
)
ASSERTIONS = ("existence", "completeness", "accuracy", "cutoff", "rights", "eligibility")
SCOPES = ("case", "document", "row", "seal")
#: Codes that were given once and must not be given again.
RETIRED: frozenset[str] = frozenset()
_HEADING = re.compile(rf"^({'|'.join(HEADINGS)}): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its function and what is known about it without running it.

    ``name``: a word for the defect; ``clause``: key in the policy; ``cause``: the root cause its
    findings share unless they name another; ``needs``: without a paper of one of these kinds the
    rule is not executed.
    """

    code: str
    name: str
    clause: str
    assertion: str
    severity: Severity
    scope: str
    cause: str
    needs: tuple[DocumentKind, ...]
    judge: Callable[[Case], Results]

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return _doc(self).splitlines()[0]

    @property
    def sections(self) -> Mapping[str, str]:
        """Heading to text, from the docstring, in its order."""
        parts = _HEADING.split(_doc(self))[1:]
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return {heading: " ".join(text.split()) for heading, text in pairs}


def _doc(rule: Rule) -> str:
    return inspect.getdoc(rule.judge) or ""


def rule(  # noqa: PLR0913 - what is known about a rule
    code: str,
    name: str,
    clause: str,
    severity: str,
    *,
    assertion: str,
    scope: str = "document",
    cause: str = "",
    needs: tuple[DocumentKind, ...] = (),
) -> Callable[[Callable[[Case], Results]], Rule]:
    """Make a rule of a function; the arguments are data only."""

    def made(judge: Callable[[Case], Results]) -> Rule:
        return Rule(
            code,
            name,
            clause,
            assertion,
            Severity(severity),
            scope,
            cause or name,
            needs,
            judge,
        )

    return made

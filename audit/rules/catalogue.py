"""What a rule is, and every rule there is, in the order of the report.

Families are listed here by name: nothing registers itself by being imported.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

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


def families() -> tuple[ModuleType, ...]:
    """Return the family modules in order."""
    from audit.rules.families import (
        amounts,
        company,
        dates,
        evidence,
        faces,
        form,
        money,
        notice,
        papers,
        parties,
        patterns,
        registry,
        reuse,
        seals,
    )

    return (
        notice,
        money,
        papers,
        form,
        company,
        faces,
        amounts,
        parties,
        seals,
        dates,
        evidence,
        reuse,
        patterns,
        registry,
    )


_SERIES = {letter: n for n, letter in enumerate("NFIR")}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in the order N, F, I, R and by number."""
    rules: list[Rule] = [r for family in families() for r in family.RULES]
    return tuple(sorted(rules, key=lambda r: (_SERIES[r.code[0]], r.code)))

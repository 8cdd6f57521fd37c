"""Statements that several families make alike."""

from __future__ import annotations

from collections.abc import Mapping

from audit.model import Document, Message, Reading, Verdict, say
from audit.rules.case import Case
from audit.rules.result import Result
from audit.rules.support import firm, shown


def told(  # noqa: PLR0913, PLR0917 - one statement about one field of the form
    case: Case,
    form: Document,
    code: str,
    what: str,
    field: str,
    verdict: Verdict,
    params: Mapping[str, object],
    severity: str = "",
    expected: str = "",
    found: str = "",
    others: tuple[Document, ...] = (),
) -> Result:
    """Return a statement about one field of the application form, and the same field of others."""
    return Result(
        verdict,
        say(f"rules.{code}.{what}", **params),
        documents=(form.id, *(d.id for d in others)),
        expected=expected,
        found=found or shown(form.get(field)),
        evidence=(*case.at(form, field), *(e for d in others for e in case.at(d, field))),
        severity=severity,
        request=say("rules.ask.form"),
        refuted_by=say("rules.refuted.form"),
        part=f"{what} {field}",
    )


def sure_if_firm(*readings: Reading) -> Verdict:
    """Return ``fail`` if all readings are firm, else ``undecided``."""
    return Verdict.FAIL if all(firm(r) for r in readings) else Verdict.UNDECIDED


def absent(case: Case, code: str, request: Message, part: str = "") -> Result:
    """Return that a paper was not found: ``fail`` unless it may be in what could not be read."""
    hidden = bool(case.unread)
    return Result(
        Verdict.UNDECIDED if hidden else Verdict.FAIL,
        say(
            f"rules.{code}.missing_unread" if hidden else f"rules.{code}.missing", count=case.unread
        ),
        request=request,
        refuted_by=say("rules.refuted.paper"),
        part=part or "missing",
    )

"""Seals, signature and date on the application form and the construction plan."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model import Document, DocumentKind, Seal, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, Result, Results
from audit.rules.statements import absent, not_fresh
from audit.rules.support import applicant_seals, is_poor
from audit.text.normal import compact


@rule("N24", "form_unsealed", "附1(四)", "C", assertion="rights", scope="case")
def form_unsealed(case: Case) -> Results:
    """The form bears 公章, 法定代表人签章 and date, the plan's cover the applicant's seal.

    What it finds: no form or plan, one without the applicant's seal, a commitment without a date.
    Why it matters: without them nobody has promised anything.
    Evidence it uses: seals on all copies of form, commitment and plan; the date.
    Undecided when: pages show no colour, a seal is not legible or looks copied, printed or pasted;
        a signature by hand is always left to a person.
    Example: the form is there as a Word file only.
    """
    forms = case.of(DocumentKind.APPLICATION_FORM, DocumentKind.COMMITMENT)
    plans = case.of(DocumentKind.CONSTRUCTION_PLAN)
    if forms:
        yield _stamped(case, forms, "form")
        yield _dated(forms)
        yield _represented(case, forms)
    else:
        yield absent(case, "N24", say("rules.ask.form_seal"), "form")
    if plans:
        yield _stamped(case, plans, "plan")
    else:
        yield absent(case, "N24", say("rules.ask.plan_seal"), "plan")


def _stamped(case: Case, papers: Sequence[Document], what: str) -> Result:
    seals = [s for d in papers for s in case.seals_on(d)]
    if applicant_seals(seals):
        return not_fresh(case, papers, what) or PASSED
    scans = [d for d in papers if not d.origin_digital]
    unclear = any(s.owner in {"unknown", "applicant"} for s in seals) or any(
        is_poor(case, d) for d in scans
    )
    key = "unclear" if unclear else "no_seal" if scans else "no_scan"
    return Result(
        Verdict.UNDECIDED if unclear or case.unread else Verdict.FAIL,
        say(f"rules.N24.{what}_{key}"),
        documents=tuple(d.id for d in papers),
        cause=f"{what}_unsealed",
        request=say(f"rules.ask.{what}_seal"),
        refuted_by=say("rules.refuted.seal"),
        part=what,
    )


def _dated(forms: Sequence[Document]) -> Result:
    if any(d.get("commitment_date").value is not None for d in forms):
        return PASSED
    return Result(
        Verdict.UNDECIDED,
        say("rules.N24.undated"),
        documents=tuple(d.id for d in forms),
        severity="D",
        cause="form_undated",
        request=say("rules.ask.form_seal"),
        part="date",
    )


def _represented(case: Case, forms: Sequence[Document]) -> Result:
    """Return whether the legal representative's seal or handwriting is on the form."""
    seals = [s for d in forms for s in case.seals_on(d) if s.kind == "legal_representative"]
    known = [
        name.text
        for d in case.of(DocumentKind.BUSINESS_LICENCE)
        if (name := d.get("legal_representative")).usable and name.text
    ]
    told = [set(compact(s.text)) for s in seals if s.text]
    strange = bool(told and known) and not any(
        letters & set(compact(name)) for letters in told for name in known
    )
    if (seals or _written(case, forms)) and not strange:
        return PASSED
    unread = [] if seals else [s for d in forms for s in case.seals_on(d) if _may_be_a_name(s)]
    what = "_other" if strange else "_unclear" if unread else ""
    return Result(
        Verdict.UNDECIDED,
        say(
            f"rules.N24.representative{what}",
            text="、".join(s.text for s in seals),
            name="、".join(known),
        ),
        documents=tuple(d.id for d in forms),
        seals=tuple(s.id for s in (*seals, *unread)),
        severity="D",
        cause="representative_unsigned",
        part="representative",
    )


def _may_be_a_name(seal: Seal) -> bool:
    """Tell whether a seal may be a person's: a square that could not be read."""
    return seal.shape == "square" and seal.owner == seal.kind == "unknown"


def _written(case: Case, forms: Sequence[Document]) -> bool:
    """Tell whether something is written by hand where the form asks for the representative."""
    pages = {place for d in forms for place in d.places}
    asked = [s for s in case.facts.signatures if "法定代表人" in s.label]
    return any((s.file, s.page_index) in pages for s in asked)


RULES = (form_unsealed,)

"""What the registry of other cases shows; without it these rules are not executed."""

from __future__ import annotations

from collections.abc import Iterator

from audit.model import Document, Verdict, say
from audit.model.cross import CrossHit, Holder
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, NotExecuted, Result, Results
from audit.rules.support import firm, seller_of, shown

#: Programmes whose money excludes from this one; others only tell.
EXCLUDING = "municipal"
OTHER_PROGRAMMES = frozenset({"district", "national"})
#: Share of a text's bands from which two reports are one text.
ONE_TEXT = 0.5
MANY_APPLICANTS, MANY_AMOUNTS = 3, 2


def _hits(case: Case, *kinds: str) -> Iterator[tuple[Document, CrossHit]]:
    by_key = {d.key: d for d in case.facts.documents}
    for hit in case.facts.cross.hits if case.facts.cross is not None else ():
        if hit.kind in kinds and hit.document_key in by_key:
            yield by_key[hit.document_key], hit


def _is_same(case: Case, holder: Holder) -> bool:
    """Tell whether the other case is the same applicant's."""
    same_id = bool(holder.applicant_id) and holder.applicant_id == case.who.taxpayer_id
    return same_id or (bool(holder.applicant) and case.is_applicant(holder.applicant))


def _whose(holder: Holder) -> str:
    parts = (holder.applicant or holder.case, holder.district, str(holder.year or ""))
    return "，".join(p for p in parts if p) or "—"


@rule("N10", "already_funded", "一(五)", "A", assertion="eligibility", scope="case")
def already_funded(case: Case) -> Results:
    """The project is in no municipal pilot and has no municipal money yet.

    What it finds: another municipal case of the same applicant in the registry.
    Why it matters: such projects may not apply again; the exclusion is municipal and per project,
        so the same company before is only a cue.
    Evidence it uses: the registry across cases; lists of earlier years are not part of it.
    Undecided when: always; whether it is the same project a person must see. Without the registry,
        or where it shows nothing, it is not executed: silence of a registry proves nothing.
    Example: the applicant had a municipal project in 2023.
    """
    kinds = ("invoice", "receipt", "bill", "serial", "picture", "text")
    found = {h.holder: d for d, h in _hits(case, *kinds) if _is_same(case, h.holder)}
    own = {h: d for h, d in found.items() if h.programme in {EXCLUDING, ""}}
    if not own:
        yield NotExecuted(say("rules.N10.needs"))
        return
    for holder, document in own.items():
        yield Result(
            Verdict.UNDECIDED,
            say("rules.N10.before", case=holder.case, year=holder.year or "—"),
            documents=(document.id,),
            found=holder.case,
            severity="D",
            request=say("rules.ask.other_project", cases=holder.case),
            part=holder.case,
        )


@rule("R02", "invoice_in_other_case", "一(五)", "B", assertion="existence")
def invoice_in_other_case(case: Case) -> Results:
    """No invoice is used in another application.

    What it finds: an invoice that another case of the registry holds as well.
    Why it matters: the same money would be funded twice.
    Evidence it uses: numbers of all invoices recorded across cases, or keyed hashes of them.
    Undecided when: the other case is the same applicant's (an invoice may be split), its programme is
        unknown, only a hash or a differing face is known, or the number is not firm; a district or
        national programme is a cue. Without the registry not executed.
    Example: invoice 24502000000012345678 in two folders of one batch.
    """
    if case.facts.cross is None:
        yield NotExecuted(say("rules.R02.needs"))
        return
    for invoice, hit in (found := list(_hits(case, "invoice"))):
        yield _used_elsewhere(case, invoice, hit)
    hit_ids = {d.id for d, _ in found}
    for invoice in case.invoices:
        if invoice.id not in hit_ids:
            yield PASSED


def _used_elsewhere(case: Case, invoice: Document, hit: CrossHit) -> Result:
    cue = hit.holder.programme in OTHER_PROGRAMMES
    sure = (
        hit.holder.programme == EXCLUDING
        and not hit.hashed
        and not hit.differs
        and not _is_same(case, hit.holder)
        and firm(invoice.get("invoice_number"))
    )
    number = shown(invoice.get("invoice_number"))
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say("rules.R02.differs" if hit.differs else "rules.R02.used", number=number,
            whose=_whose(hit.holder)),
        documents=(invoice.id,),
        rows=case.rows_of.get(invoice.id, ()),
        found=_whose(hit.holder),
        evidence=case.at(invoice, "invoice_number"),
        effects=() if cue else case.effects_of(invoice, certain=sure),
        severity="D" if cue else "B",
        cause="invoice_elsewhere_cue" if cue else "",
        seller=seller_of(invoice),
        request=say("rules.ask.other_project", cases=hit.holder.case),
        refuted_by=say("rules.refuted.other_case"),
        part=f"{hit.holder.case} {hit.file}",
    )  # fmt: skip


def _cues(case: Case, code: str, *kinds: str, least: float = 0.0) -> Results:
    """Yield one cue for every mark of these kinds that another applicant's case carries."""
    if case.facts.cross is None:
        yield NotExecuted(say(f"rules.{code}.needs"))
        return
    found = [
        (d, h)
        for d, h in _hits(case, *kinds)
        if h.strength >= least and not _is_same(case, h.holder)
    ]
    for document, hit in found:
        yield Result(
            Verdict.UNDECIDED,
            say(f"rules.{code}.elsewhere", whose=_whose(hit.holder), mark=hit.key[:24],
                share=f"{hit.strength:.0%}"),
            documents=(document.id,),
            found=_whose(hit.holder),
            part=f"{hit.kind} {hit.key} {hit.holder.case}",
        )  # fmt: skip
    if not found:
        yield PASSED


@rule("R16", "device_in_other_case", "四(一)", "D", assertion="existence")
def device_in_other_case(case: Case) -> Results:
    """No device stands in two applications.

    What it finds: the same serial number or photo in another applicant's case.
    Why it matters: one machine cannot be bought twice.
    Evidence it uses: the registry of serial numbers and photos across cases.
    Undecided when: always; a cue. Without the registry it is not executed.
    Example: the same photo of a name plate in two folders.
    """
    yield from _cues(case, "R16", "serial", "picture")


@rule("R17", "acceptance_text_reused", "四(二)1", "D", assertion="existence")
def acceptance_text_reused(case: Case) -> Results:
    """Acceptance reports of different applicants are not one text.

    What it finds: reports of another applicant that share half of their wording or more.
    Why it matters: service vendors hand out templates; the acceptance may not have taken place.
    Evidence it uses: the registry of texts across cases.
    Undecided when: always; a cue. Without the registry it is not executed.
    Example: five applicants with the same test results.
    """
    yield from _cues(case, "R17", "text", least=ONE_TEXT)


@rule("R18", "seller_in_batch", "四(一)", "D", assertion="existence", scope="case")
def seller_in_batch(case: Case) -> Results:
    """No seller serves many applicants at identical amounts.

    What it finds: a seller with three or more other applicants and two or more equal sums.
    Why it matters: a pattern of arranged applications; sellers with fixed prices are none.
    Evidence it uses: the registry of invoices across cases.
    Undecided when: always; a cue. Without the registry it is not executed.
    Example: 498,000.00 to nine applicants.
    """
    if case.facts.cross is None:
        yield NotExecuted(say("rules.R18.needs"))
        return
    crowds = [
        c
        for c in case.facts.cross.crowds
        if len(c.applicants) >= MANY_APPLICANTS and c.same_amounts >= MANY_AMOUNTS
    ]
    for crowd in crowds:
        papers = [d for d in case.invoices if seller_of(d) == crowd.seller]
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R18.crowd", seller=crowd.seller, count=len(crowd.applicants),
                same=crowd.same_amounts),
            documents=tuple(d.id for d in papers),
            seller=crowd.seller,
            part=crowd.seller,
        )  # fmt: skip
    if not crowds:
        yield PASSED


RULES = (already_funded, invoice_in_other_case, device_in_other_case, acceptance_text_reused,
         seller_in_batch)  # fmt: skip

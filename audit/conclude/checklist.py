"""The papers the notice demands: there, not there, or there but not whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.model import (
    CaseFacts,
    ChecklistItem,
    Document,
    DocumentKind,
    FileStatus,
    Finding,
    Matching,
    Message,
    PageMode,
    Seal,
    Severity,
    Verdict,
    say,
)
from audit.policy.schema import Policy, RequiredDocument

#: The seals the notice accepts where it demands the applicant's (D6).
ACCEPTED_SEALS = frozenset({"official", "finance"})
OPEN_PAPERS = (Verdict.FAIL, Verdict.UNDECIDED)


def checklist(
    facts: CaseFacts,
    matching: Matching,
    findings: Sequence[Finding],
    policy: Policy,
) -> tuple[ChecklistItem, ...]:
    """Return one line per demanded paper, with why it is missing or incomplete."""
    seals = {s.id: s for s in facts.seals}
    found = [_item(need, facts, matching, findings, seals) for need in policy.required]
    return tuple(replace(line, clause=policy.clause(line.clause).number) for line in found)


def _item(
    need: RequiredDocument,
    facts: CaseFacts,
    matching: Matching,
    findings: Sequence[Finding],
    seals: Mapping[str, Seal],
) -> ChecklistItem:
    papers = [d for d in facts.documents if d.kind.value in need.kinds]
    if not papers:
        return _by_words(need, facts)
    ids = tuple(d.id for d in papers)
    reason = (
        _uncovered(need, matching)
        or (_unsealed(papers, facts, seals) if need.needs_applicant_seal else None)
        or _faulty(need, papers, findings)
    )
    return ChecklistItem(need.item, need.clause, "incomplete" if reason else "present", ids, reason)


def _by_words(need: RequiredDocument, facts: CaseFacts) -> ChecklistItem:
    """Return the line of a paper that only its words tell; where they stand is said."""
    for page in facts.pages:
        hit = next((w for w in need.words for line in page.lines if w in line.text), None)
        if hit is not None:
            number = page.page.page_index + 1
            where = say("conclude.check.by_words", word=hit, file=page.file, page=number)
            return ChecklistItem(need.item, need.clause, "present", page.document_ids, where)
    return ChecklistItem(need.item, need.clause, "missing", (), _why_missing(facts))


def _why_missing(facts: CaseFacts) -> Message:
    """A file that could not be read may hold the paper: said, so that nobody is blamed for it."""
    unread = sum(1 for f in facts.files if f.status is FileStatus.REJECTED)
    pages = sum(1 for p in facts.pages if any(q.code.startswith("E") for q in p.problems))
    if unread or pages:
        return say("conclude.check.missing_unread", files=unread, pages=pages)
    return say("conclude.check.missing")


def _uncovered(need: RequiredDocument, matching: Matching) -> Message | None:
    """Return which rows lack the invoice or payment, if the need is about these."""
    if DocumentKind.VAT_INVOICE.value in need.kinds:
        bare = [link.row for link in matching.links if not link.invoices]
        key = "conclude.check.rows_without_invoice"
    elif DocumentKind.BANK_RECEIPT.value in need.kinds:
        bare = [link.row for link in matching.links if not link.payments]
        key = "conclude.check.rows_without_payment"
    else:
        return None
    return say(key, count=len(bare), rows=_listed(bare)) if bare else None


def _listed(rows: Sequence[int], most: int = 12) -> str:
    shown = "、".join(str(r) for r in rows[:most])
    return shown if len(rows) <= most else f"{shown}…"


def _unsealed(
    papers: Sequence[Document],
    facts: CaseFacts,
    seals: Mapping[str, Seal],
) -> Message | None:
    """Return that the applicant's seal is not seen; born-digital invoices need none.

    Of several copies of one paper (the ledger as spreadsheet and as sealed scan) one is enough,
    invoices apart: there every scanned copy needs it.
    """
    sealed = [d for d in papers if _has_seal(d, seals)]
    if papers[0].kind is not DocumentKind.VAT_INVOICE:
        if sealed:
            return None
        unclear = any(_may_be(seals[s]) for d in papers for s in d.seal_ids if s in seals)
        return say("conclude.check.seal_unclear" if unclear else "conclude.check.no_seal")
    copies = [d for d in papers if not d.origin_digital]
    bare = [d for d in copies if d not in sealed]
    if not bare:
        return None
    grey = _grey_pages(facts)
    hidden = sum(1 for d in bare if any(place in grey for place in d.own_places))
    return say("conclude.check.copies_unsealed", count=len(bare), grey=hidden)


def _has_seal(document: Document, seals: Mapping[str, Seal]) -> bool:
    own = [seals[s] for s in document.seal_ids if s in seals]
    return any(s.owner == "applicant" and s.kind in ACCEPTED_SEALS for s in own)


def _may_be(seal: Seal) -> bool:
    return seal.owner in {"applicant", "unknown"} and seal.kind in {*ACCEPTED_SEALS, "unknown"}


def _grey_pages(facts: CaseFacts) -> frozenset[tuple[str, int]]:
    flat = {PageMode.GREY, PageMode.BILEVEL}
    return frozenset((p.file, p.page.page_index) for p in facts.pages if p.page.mode in flat)


def _faulty(
    need: RequiredDocument,
    papers: Sequence[Document],
    findings: Sequence[Finding],
) -> Message | None:
    """Return what the rules on paperwork say about these papers."""
    ids = {d.id for d in papers}
    about = [
        f
        for f in findings
        if f.severity is Severity.C
        and f.verdict in OPEN_PAPERS
        and f.clause == need.clause
        and ids & set(f.subjects.documents)
    ]
    if not about:
        return None
    if len(about) == 1:
        return about[0].message
    return say("conclude.check.findings", count=len(about), ids="、".join(f.id for f in about[:6]))

"""Who applies, and for which project: by vote of the papers, so no odd one decides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.model import (
    Applicant,
    CaseFacts,
    Document,
    DocumentKind,
    LedgerRow,
    Message,
    Reading,
    say,
)
from audit.text.dates import parse_period
from audit.text.names import company_similarity, normalise_company, same_company

#: Papers that name the applicant, and the weight of their word. The form and the applicant's own
#: ledger speak for it; a licence may be a seller's, so it needs company.
NAMING = (
    (DocumentKind.APPLICATION_FORM, 8),
    (DocumentKind.INVESTMENT_LEDGER, 6),
    (DocumentKind.COMMITMENT, 6),
    (DocumentKind.BUSINESS_LICENCE, 3),
    (DocumentKind.CONSTRUCTION_PLAN, 3),
    (DocumentKind.PROJECT_FILING, 3),
    (DocumentKind.MATURITY_ASSESSMENT, 3),
    (DocumentKind.AUDIT_REPORT, 3),
)
BUYERS_WEIGHT = 4
#: Two readings of one printed name rarely share less.
SAME_NAME = 0.9
PROJECT_KINDS = (
    DocumentKind.APPLICATION_FORM,
    DocumentKind.CONSTRUCTION_PLAN,
    DocumentKind.INVESTMENT_LEDGER,
    DocumentKind.PROJECT_FILING,
    DocumentKind.ACCEPTANCE_REPORT,
)


@dataclass(frozen=True, slots=True)
class _Vote:
    name: str
    weight: int
    usable: bool
    document_id: str
    strong: bool


def find_applicant(documents: Sequence[Document], rows: Sequence[LedgerRow]) -> Applicant:
    """Return who applies: by form, ledger, commitment, licence; else the buyer of most invoices.

    A name needs more than half of at least one kind of paper behind it; one invoice made out to
    somebody else changes nothing. What no paper says stays empty. ``rows`` may carry the
    company's name in a column.
    """
    votes = [*_naming_votes(documents), *_row_votes(rows)]
    buyer = _majority_buyer(documents)
    winner = _winner([*votes, *([buyer] if buyer else [])])
    if winner is None:
        period, raw = _period(documents)
        return Applicant(
            project_name=_project(documents),
            period=period,
            period_raw=raw,
            applied_on=_applied_on(documents),
            reasons=(say("match.applicant.unknown"),),
        )
    name, sources = winner
    period, raw = _period(documents)
    taxpayer_id = _taxpayer_id(documents, name)
    return Applicant(
        name=name,
        taxpayer_id=taxpayer_id,
        former_names=_former_names(documents, name, taxpayer_id),
        project_name=_project(documents),
        period=period,
        period_raw=raw,
        applied_on=_applied_on(documents),
        source_ids=tuple(dict.fromkeys(v.document_id for v in sources if v.document_id)),
        reasons=(_why(sources, documents),),
    )


def follow_corrections(before: CaseFacts, after: CaseFacts) -> CaseFacts:
    """Return ``after`` with the applicant found anew if a person corrected a paper that names it.

    What a person said of the applicant itself stands. Owners of seals follow the new name.
    """
    if after.documents == before.documents and after.applicant == before.applicant:
        return after
    found = after.applicant
    if after.documents != before.documents and after.applicant == before.applicant:
        anew = find_applicant(after.documents, after.rows)
        same = replace(anew, reasons=()) == replace(found, reasons=())
        found = found if same else anew
    if found.name == before.applicant.name:
        return replace(after, applicant=found)
    from audit.match.seals import own_again

    return replace(after, applicant=found, seals=own_again(before, after, found))


def _why(sources: Sequence[_Vote], documents: Sequence[Document]) -> Message:
    if any(v.strong for v in sources):
        kinds = {d.id: d.kind for d in documents}
        files = {d.id: d.file for d in documents}
        named = [v.document_id for v in sources if v.strong and v.document_id in kinds]
        where = "、".join(dict.fromkeys(files[i] for i in named))
        return say("match.applicant.named", files=where or "—")
    return say("match.applicant.majority_buyer")


def _naming_votes(documents: Sequence[Document]) -> Iterable[_Vote]:
    weights = dict(NAMING)
    for document in documents:
        found = document.get("company_name")
        if document.kind in weights and found.text:
            weight = weights[document.kind] * 2 if found.usable else weights[document.kind]
            yield _Vote(found.text.strip(), weight, found.usable, document.id, strong=True)


def _row_votes(rows: Sequence[LedgerRow]) -> list[_Vote]:
    names = Counter(t.strip() for r in rows if (t := r.get("company_name").text))
    return [_Vote(name, 6, True, "", strong=True) for name, _ in names.most_common(1)]


def _majority_buyer(documents: Sequence[Document]) -> _Vote | None:
    """Return the buyer of more than half of the invoices, however its name is spelt."""
    readings = [(d, d.get("buyer_name")) for d in documents if d.kind is DocumentKind.VAT_INVOICE]
    named = [(d, r) for d, r in readings if r.text]
    counts = Counter(normalise_company(r.text or "") for _, r in named)
    if not counts:
        return None
    key, count = counts.most_common(1)[0]
    if 2 * count <= len(named):
        return None
    first = next((d, r) for d, r in named if normalise_company(r.text or "") == key)
    usable = any(r.usable for _, r in named if normalise_company(r.text or "") == key)
    return _Vote((first[1].text or "").strip(), BUYERS_WEIGHT, usable, first[0].id, strong=False)


def _winner(votes: Sequence[_Vote]) -> tuple[str, list[_Vote]] | None:
    """Return the name with the most weight behind it and its votes; misreadings count for it."""
    clusters: list[list[_Vote]] = []
    for vote in sorted(votes, key=lambda v: (not v.usable, -v.weight)):
        home = next((c for c in clusters if _same(vote, c[0])), None)
        if home is None:
            clusters.append([vote])
        else:
            home.append(vote)
    if not clusters:
        return None
    best = max(clusters, key=lambda c: sum(v.weight for v in c))
    spellings = Counter[str]()
    for vote in best:
        spellings[vote.name] += vote.weight if vote.usable else 1
    return max(spellings, key=lambda n: spellings[n]), best


def _same(vote: _Vote, other: _Vote) -> bool:
    if same_company(vote.name, other.name):
        return True
    return not (vote.usable and other.usable) and (
        company_similarity(vote.name, other.name) >= SAME_NAME
    )


def _taxpayer_id(documents: Sequence[Document], name: str) -> str:
    """Return the tax id that most papers of this name carry; papers of others do not count."""
    weights: dict[str, int] = defaultdict(int)
    invoices: Counter[str] = Counter()
    for document in documents:
        if document.kind is DocumentKind.VAT_INVOICE:
            found = document.get("buyer_taxpayer_id")
            if found.usable and found.text and _is_named(document.get("buyer_name"), name):
                invoices[found.text] += 1
        else:
            found = document.get("taxpayer_id")
            if found.usable and found.text and _is_named(document.get("company_name"), name):
                weights[found.text] += 3
    if invoices:
        most, count = invoices.most_common(1)[0]
        if 2 * count > invoices.total():
            weights[most] += 2
    return max(weights, key=lambda i: weights[i], default="")


def _is_named(found: Reading, name: str) -> bool:
    return bool(found.text) and same_company(found.text or "", name)


def _former_names(documents: Sequence[Document], name: str, taxpayer_id: str) -> tuple[str, ...]:
    """Return other names that a licence or a change notice carries for the same tax id."""
    names = []
    for document in documents:
        if document.kind is DocumentKind.VAT_INVOICE or not taxpayer_id:
            continue
        other = document.get("company_name").text
        same_id = document.get("taxpayer_id").text == taxpayer_id
        former = document.get("former_name").text
        names += [n for n in (other, former) if n and same_id and not same_company(n, name)]
    return tuple(dict.fromkeys(names))


def _project(documents: Sequence[Document]) -> str:
    """Return the project's name: the form's word first, then plan, ledger, filing, acceptance."""
    for kind in PROJECT_KINDS:
        found = [d.get("project_name") for d in documents if d.kind is kind]
        best = next((r for r in found if r.usable), None) or next(iter(found), None)
        if best is not None and best.text:
            return best.text.strip()
    return ""


def _period(documents: Sequence[Document]) -> tuple[tuple[date, date] | None, str]:
    """Return the project's period (first and last day) and its text, by the form, else the plan."""
    for kind in PROJECT_KINDS[:3]:
        for document in documents:
            raw = document.get("period").text
            if document.kind is not kind or not raw:
                continue
            period = parse_period(raw)
            if period is not None:
                return (period.start, period.end), raw
            return None, raw
    return None, ""


def _applied_on(documents: Sequence[Document]) -> date | None:
    """Return the day of the commitment: of the form, else of a commitment of its own."""
    for kind in (DocumentKind.APPLICATION_FORM, DocumentKind.COMMITMENT):
        for document in documents:
            found = document.get("commitment_date")
            if document.kind is kind and found.usable and found.day is not None:
                return found.day
    return None

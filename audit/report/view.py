"""What the report shows of findings, seals and readings, as plain frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audit.decide import standing
from audit.model import (
    CaseReport,
    Decision,
    Document,
    DocumentKind,
    Evidence,
    Finding,
    Group,
    Reading,
    Seal,
    Severity,
    Status,
)
from audit.report.parts import Words, clock, place, shown, yuan
from audit.report.pictures import SEAL_LONGEST, STRIP_LONGEST, Picture, Pictures

#: Crops shown with one finding.
CROPS_PER_FINDING = 3
#: Two impressions or signatures said to be one: shown side by side, equally large.
PAIR, COMPARED = 2, frozenset({"R14", "R15"})
#: Fields whose reading decides money or identity.
KEY_FIELDS = (
    "invoice_number", "issue_date", "amount_without_tax", "tax_amount", "total_with_tax",
    "buyer_name", "seller_name", "buyer_taxpayer_id", "seller_taxpayer_id", "payer_name",
    "payee_name", "amount", "payment_date",
)  # fmt: skip
JUDGED_KINDS = frozenset(
    {DocumentKind.VAT_INVOICE, DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL}
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A crop with its caption."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, ready to print. ``on_site``: what people saw there, apart from the paper."""

    id: str
    key: str
    rule: str
    title: str
    verdict: str
    severity: str
    clause: str
    message: str
    expected: str
    found: str
    refuted_by: str
    shots: tuple[Shot, ...]
    places: tuple[str, ...]
    notes: tuple[str, ...]
    on_site: tuple[str, ...]
    pair: bool = False
    """The two pictures are to be compared."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group with its findings; ``decided`` says in a sentence who ruled what."""

    group: Group
    title: str
    request: str
    amount: str
    findings: tuple[FindingView, ...]
    decided: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal in the gallery."""

    seal: Seal
    picture: Picture | None
    caption: str
    kind: str
    owner: str
    freshness: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A key field that a person should look at."""

    document: str
    document_key: str
    field_name: str
    field: str
    value: str
    status: str
    reasons: str
    picture: Picture | None
    place: str


def notes_on(
    decisions: Sequence[Decision], target: str, words: Words, *, on_site: bool
) -> tuple[str, ...]:
    """Return what people noted on a target, from paper or on site, each with name and time."""
    return tuple(
        words.t("note_line", actor=d.actor, at=clock(d.at), text=d.reason or d.value)
        for d in standing(decisions)
        if d.target == target
        and d.action in {"note", "rule"}
        and (d.field_name == "onsite") is on_site
    )


def finding_views(report: CaseReport, words: Words, pictures: Pictures) -> dict[str, FindingView]:
    """Return every finding by id."""
    titles = {card.code: card.title for card in report.rules}
    keys = {d.id: d.key for d in report.facts.documents}
    rows = {r.row: r.key for r in report.facts.rows}
    groups = {i: g.key for g in report.groups for i in g.finding_ids}

    def seen(finding: Finding) -> tuple[str, ...]:
        subjects = finding.subjects
        targets = (
            finding.key,
            groups.get(finding.id, finding.key),
            *(keys[i] for i in subjects.documents if i in keys),
            *(rows[n] for n in subjects.rows if n in rows),
        )
        found = (notes_on(report.decisions, t, words, on_site=True) for t in targets)
        return tuple(dict.fromkeys(line for lines in found for line in lines))

    return {
        f.id: _finding(
            f,
            (titles.get(f.rule, f.name), seen(f)),
            notes_on(report.decisions, f.key, words, on_site=False),
            words,
            pictures,
        )
        for f in report.findings
    }


def _finding(
    finding: Finding,
    about: tuple[str, tuple[str, ...]],
    notes: tuple[str, ...],
    words: Words,
    pictures: Pictures,
) -> FindingView:
    title, on_site = about
    shots = _shots(finding.evidence, words, pictures)
    return FindingView(
        id=finding.id,
        key=finding.key,
        rule=finding.rule,
        title=title,
        verdict=finding.verdict.value,
        severity=finding.severity.value,
        clause=finding.clause,
        message=words.say(finding.message),
        expected=finding.expected,
        found=finding.found,
        refuted_by=words.say(finding.refuted_by),
        shots=shots,
        pair=len(shots) == PAIR and finding.rule in COMPARED,
        places=tuple(dict.fromkeys(place(words, e.file, e.page_index) for e in finding.evidence)),
        notes=notes,
        on_site=on_site,
    )


def _shots(evidence: Sequence[Evidence], words: Words, pictures: Pictures) -> tuple[Shot, ...]:
    shots: list[Shot] = []
    for spot in dict.fromkeys(evidence):
        if len(shots) == CROPS_PER_FINDING:
            break
        picture = pictures.now(spot.file, spot.page_index, spot.box, STRIP_LONGEST)
        if picture is not None:
            shots.append(Shot(picture, place(words, spot.file, spot.page_index)))
    return tuple(shots)


def group_views(
    report: CaseReport,
    words: Words,
    findings: dict[str, FindingView],
) -> tuple[tuple[GroupView, ...], tuple[GroupView, ...]]:
    """Return (groups to decide, cues): cues (D) are an appendix and never 不通过 in print."""
    views = [
        GroupView(
            group=g,
            title=words.say(g.title),
            request=words.say(g.request),
            amount=yuan(g.amount) if g.amount else "",
            findings=tuple(findings[i] for i in g.finding_ids if i in findings),
            decided=_decided(g, words),
            notes=notes_on(report.decisions, g.key, words, on_site=False),
        )
        for g in report.groups
    ]
    main = tuple(v for v in views if v.group.severity is not Severity.D)
    return main, tuple(v for v in views if v.group.severity is Severity.D)


def _decided(group: Group, words: Words) -> str:
    ruling = group.decision
    if ruling is None or ruling.action == "note":
        return ""
    return words.t(
        "group.decision",
        actor=ruling.actor,
        at=clock(ruling.at),
        action=words.t(f"action.{ruling.action}"),
        reason=ruling.reason,
    )


def seal_views(report: CaseReport, words: Words, pictures: Pictures) -> tuple[SealView, ...]:
    """Return the gallery of seals, printed 监制章 left out."""
    return tuple(
        SealView(
            seal=s,
            picture=pictures.now(s.file, s.page_index, s.box, SEAL_LONGEST),
            caption=place(words, s.file, s.page_index),
            kind=words.t(f"seal_kind.{s.kind}"),
            owner=words.t(f"seal_owner.{s.owner}"),
            freshness=words.t(f"freshness.{s.freshness}"),
            reasons=tuple(words.say(r) for r in s.reasons),
        )
        for s in report.facts.seals
        if s.kind != "supervision"
    )


def doubts(report: CaseReport, words: Words, pictures: Pictures) -> tuple[DoubtView, ...]:
    """Return the key fields of judged papers that were not read for certain."""
    return tuple(
        _doubt(document, name, document.get(name), words, pictures)
        for document in report.facts.documents
        if document.kind in JUDGED_KINDS
        for name in KEY_FIELDS
        if name in document.fields and document.get(name).status is Status.DOUBTFUL
    )


def _doubt(
    document: Document,
    name: str,
    reading: Reading,
    words: Words,
    pictures: Pictures,
) -> DoubtView:
    where = reading.where
    page = where.page_index if where is not None and where.page_index is not None else 0
    file = (where.file if where is not None else "") or document.file
    box = None if where is None else where.box
    return DoubtView(
        document=f"{document.id} {words.t(f'kind.{document.kind.value}')}",
        document_key=document.key,
        field_name=name,
        field=words.t(f"field.{name}"),
        value=shown(reading.value),
        status=reading.status.value,
        reasons=words.t("list_break").join(words.say(r) for r in reading.reasons),
        picture=None if box is None else pictures.now(file, page, box, STRIP_LONGEST),
        place=place(words, file, page),
    )


def reading_counts(report: CaseReport) -> tuple[tuple[str, int], ...]:
    """Return how many key fields have which status, in order of trust."""
    counts = Counter(
        d.get(name).status
        for d in report.facts.documents
        for name in KEY_FIELDS
        if name in d.fields
    )
    return tuple((s.value, counts[s]) for s in Status if counts[s])

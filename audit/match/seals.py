"""Impressions become seals of the case: whose, which kind, how fresh. A scan proves nothing fresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from audit.model import (
    Applicant,
    Box,
    CaseFacts,
    Document,
    ElectronicSeal,
    Impression,
    Message,
    PageMode,
    PageResult,
    Seal,
    say,
    stable_key,
)
from audit.text.names import company_parts, normalise_company
from audit.text.normal import compact

#: Closed list of kind lines under the star or along the lower rim (DOMAIN A11).
KIND_WORDS = (
    ("发票专用", "invoice"),
    ("财务专用", "finance"),
    ("财务", "finance"),
    ("合同专用", "contract"),
    ("回单专用", "bank"),
    ("业务专用", "bank"),
    ("业务受理", "bank"),
    ("会计业务", "bank"),
    ("转讫", "bank"),
    ("监制", "supervision"),
    ("税务局", "supervision"),
)
#: Share of a name's characters found in order on the seal: consistent, and clearly not.
CONSISTENT, FOREIGN = 0.7, 0.35
#: Characters a reading needs before it may say that the seal is somebody else's.
ENOUGH_TEXT = 6
#: Traits of a real impression (SEALS: fresh .050-.134, flat paste and prints ≤ .023).
LIVELY_PRESSURE, FLAT_PRESSURE = 0.045, 0.025


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    result: PageResult


def own_seals(
    documents: Sequence[Document],
    pages: Iterable[tuple[str, PageResult]],
    applicant: Applicant,
) -> tuple[tuple[Seal, ...], tuple[Document, ...]]:
    """Return the seals of the case (ids S1…) and the documents with their seal ids."""
    by_place: dict[tuple[str, int], list[Document]] = defaultdict(list)
    for document in documents:
        for place in [*((document.file, i) for i in document.page_indexes), *document.duplicates]:
            by_place[place].append(document)
    seals: list[Seal] = []
    ids: dict[str, list[str]] = defaultdict(list)
    for file, result in pages:
        here = by_place[file, result.page.page_index]
        for seal in _seals_of(_Place(file, result), here, applicant):
            named = replace(seal, id=f"S{len(seals) + 1}")
            seals.append(named)
            holder = _holder(named.box, here)
            if holder is not None:
                ids[holder.key].append(named.id)
    return tuple(seals), tuple(replace(d, seal_ids=tuple(ids[d.key])) for d in documents)


def _seals_of(place: _Place, here: Sequence[Document], applicant: Applicant) -> Iterable[Seal]:
    impressions = [i for i in place.result.impressions if i.mark != "stamp"]
    for order, impression in enumerate(impressions):
        yield _scanned(place, order, impression, _holder(impression.box, here), applicant)
    for order, electronic in enumerate(place.result.electronic_seals):
        yield _electronic(place, order, electronic, _holder(electronic.box, here), applicant)


def own_again(before: CaseFacts, after: CaseFacts, applicant: Applicant) -> tuple[Seal, ...]:
    """Return the seals with their owners judged anew; a seal that a person marked stays."""
    holders = {s: d for d in after.documents for s in d.seal_ids}
    as_read = {s.key: s for s in before.seals}
    seals = []
    for seal in after.seals:
        if as_read.get(seal.key) != seal or seal.kind == "supervision":
            seals.append(seal)
            continue
        owner, why = owner_of(seal.text, seal.kind, holders.get(seal.id), applicant)
        seals.append(replace(seal, owner=owner, reasons=(*why, *seal.reasons)))
    return tuple(seals)


def _scanned(
    place: _Place,
    order: int,
    impression: Impression,
    holder: Document | None,
    applicant: Applicant,
) -> Seal:
    page = place.result.page
    kind = kind_of(impression)
    owner, why = owner_of(impression.text, kind, holder, applicant)
    freshness, grade_reasons = freshness_of(impression, page.mode, kind)
    return Seal(
        id="",
        key=stable_key(page.sha256, page.page_index, "seal", order),
        origin="scan",
        file=place.file,
        page_index=page.page_index,
        box=impression.box,
        shape=impression.shape,
        colour=impression.colour,
        kind=kind,
        text=impression.text,
        owner=owner,
        freshness=freshness,
        reasons=(*why, *grade_reasons),
    )


def _electronic(
    place: _Place,
    order: int,
    found: ElectronicSeal,
    holder: Document | None,
    applicant: Applicant,
) -> Seal:
    page = place.result.page
    words = found.text or found.signer
    kind = next((k for word, k in KIND_WORDS if word in compact(words)), "unknown")
    owner, why = owner_of(words, kind, holder, applicant)
    return Seal(
        id="",
        key=stable_key(page.sha256, page.page_index, "electronic", order),
        origin=found.origin,
        file=place.file,
        page_index=page.page_index,
        box=found.box,
        shape="other",
        colour="red",
        kind=kind,
        text=words,
        owner=owner,
        freshness="not_applicable",
        reasons=(*why, say("seal.electronic")),
    )


def _holder(box: Box, here: Sequence[Document]) -> Document | None:
    """Return the document of the page whose region holds the seal's centre, else the only one."""
    x, y = box.centre
    inside = [d for d in here if d.region.contains_point(x, y)]
    if inside:
        return min(inside, key=lambda d: d.region.area)
    return here[0] if len(here) == 1 else None


def kind_of(impression: Impression) -> str:
    """Return the kind of seal: by its words, for a printed 监制章 by position and shape."""
    if impression.mark == "supervision":
        return "supervision"
    words = compact(impression.kind_text + impression.text)
    named = next((kind for word, kind in KIND_WORDS if word in words), None)
    if named is not None:
        return named
    if impression.shape == "circle" and len(words) >= ENOUGH_TEXT:
        return "official"
    return "unknown"


def owner_of(
    text: str,
    kind: str,
    holder: Document | None,
    applicant: Applicant,
) -> tuple[str, tuple[Message, ...]]:
    """Return whose seal it is, judged by the names known in the case, and why."""
    if kind == "supervision":
        return "other", (say("seal.supervision"),)
    read = normalise_company(text)
    if not read:
        return "unknown", (say("seal.unread"),)
    scored = [
        (name_score(read, name), role, name)
        for role, name in _known_names(holder, applicant)
        if name
    ]
    if not scored:
        return "unknown", (say("seal.no_names"),)
    score, role, name = max(scored, key=lambda s: s[0])
    matched, length = round(score * len(name)), len(name)
    if score >= CONSISTENT and _core_fits(read, name):
        return role, (say("seal.consistent", name=name, matched=matched, length=length),)
    if score <= FOREIGN and len(read) >= ENOUGH_TEXT:
        return "other", (say("seal.foreign", text=text),)
    return "unknown", (say("seal.partly", name=name, matched=matched, length=length),)


def _known_names(holder: Document | None, applicant: Applicant) -> list[tuple[str, str]]:
    names = [("applicant", normalise_company(n)) for n in (applicant.name, *applicant.former_names)]
    if holder is not None:
        for role, field in (
            ("seller", "seller_name"),
            ("payee", "payee_name"),
            ("other", "contractor_name"),
            ("other", "party_b"),
            ("other", "bank_name"),
            ("other", "audit_firm"),
        ):
            names.append((role, normalise_company(holder.get(field).text or "")))
    return names


def name_score(read: str, name: str) -> float:
    """Return the share of the name's characters found on the seal in order (0-1)."""
    previous = [0] * (len(name) + 1)
    for character in read:
        current = [0]
        for column, expected in enumerate(name, 1):
            best = previous[column - 1] + 1 if character == expected else 0
            current.append(max(best, previous[column], current[column - 1]))
        previous = current
    return previous[-1] / len(name)


def _core_fits(read: str, name: str) -> bool:
    """Tell whether the distinctive part (字号) is on the seal: trade and form match anybody."""
    core = company_parts(name).core
    return not core or name_score(read, core) >= 0.5  # noqa: PLR2004 - half of two to four characters


def freshness_of(
    impression: Impression,
    mode: PageMode,
    kind: str,
) -> tuple[str, tuple[Message, ...]]:
    """Return the grade (SEALS, Freshness) with reasons; a scan can never prove 鲜章."""
    if kind == "supervision":
        return "not_applicable", ()
    if mode is PageMode.DIGITAL:
        return "not_applicable", (say("seal.digital_page"),)
    if mode in {PageMode.GREY, PageMode.BILEVEL}:
        return "cannot_tell", (say("seal.no_colour"),)
    if impression.colour == "black":
        return "contradicted", (say("seal.black_on_colour"),)
    return _grade_of_texture(dict(impression.traits).get("pressure"))


def _grade_of_texture(pressure: float | None) -> tuple[str, tuple[Message, ...]]:
    if pressure is not None and pressure >= LIVELY_PRESSURE:
        return "supported", (say("seal.textured"), say("seal.scan_proves_nothing"))
    if pressure is not None and pressure <= FLAT_PRESSURE:
        return "doubtful", (say("seal.flat"),)
    return "doubtful", (say("seal.weak_evidence"),)

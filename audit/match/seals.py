"""Impressions become seals of the case: whose, which kind, how fresh. A scan proves nothing fresh."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.match.seal_owner import ENOUGH_TEXT, OWNER_REASONS, Lettering, owner_of
from audit.model import (
    Applicant,
    Box,
    CaseFacts,
    Document,
    ElectronicSeal,
    Impression,
    ImpressionPair,
    Message,
    Page,
    PageMode,
    PageResult,
    Seal,
    say,
    stable_key,
)
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
#: A tax number as an oval carries it; one character may be lost.
_TAX_NUMBER = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{6,10}")
#: A person's seal: two to four letters of a name and 印; 有限公司印 is the end of a company's.
_PERSON = re.compile(r"(?!.*(?:公司|中心|集团))[\u4e00-\u9fff]{2,4}(?:之?印章?|印信|之章)")
#: Ink in the place of a line of kind from which on a line stands there, read or not.
UNREAD_KIND = 0.23
#: Traits of a real impression (SEALS: fresh .050-.134, flat paste and prints ≤ .023).
LIVELY_PRESSURE, FLAT_PRESSURE = 0.045, 0.025
#: Print in the strokes as a share of the print beside them up to which the ink hides it: on 500
#: generated seals 0.37 and more where ink lets it shine through, mostly below 0.15 where not.
HIDES_PRINT = 0.2
#: Lab chroma of pasted or electronic seals (76-88 in SEALS); ink is at 45-68.
PRINTED_CHROMA = 74.0


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    result: PageResult


def own_seals(
    documents: Sequence[Document],
    pages: Iterable[tuple[str, PageResult]],
    applicant: Applicant,
    pairs: Sequence[ImpressionPair] = (),
) -> tuple[tuple[Seal, ...], tuple[Document, ...]]:
    """Return the seals of the case (ids S1…) and the documents with their seal ids.

    ``pairs``: impressions that are one picture used twice, by the seals' keys.
    """
    by_place: dict[tuple[str, int], list[Document]] = defaultdict(list)
    for document in documents:
        for place in document.places:
            by_place[place].append(document)
    twins = {key: p for p in reversed(pairs) for key in (p.first_key, p.second_key)}
    seals: list[Seal] = []
    ids: dict[str, list[str]] = defaultdict(list)
    for file, result in pages:
        here = by_place[file, result.page.page_index]
        for seal in _seals_of(_Place(file, result), here, applicant):
            named = replace(seal, id=f"S{len(seals) + 1}")
            seals.append(_reused(named, twins))
            holder = _holder(named.box, here)
            if holder is not None:
                ids[holder.key].append(named.id)
    return tuple(seals), tuple(replace(d, seal_ids=tuple(ids[d.key])) for d in documents)


def impression_key(page: Page, order: int) -> str:
    """Return the key of the page's impression number ``order``: that of its seal."""
    return stable_key(page.sha256, page.page_index, "seal", order)


def seals_among(impressions: Iterable[Impression]) -> list[Impression]:
    """Return the impressions that become seals: stamps such as 附件 are marks of another kind."""
    return [i for i in impressions if i.mark != "stamp"]


def _reused(seal: Seal, twins: Mapping[str, ImpressionPair]) -> Seal:
    """Return the seal contradicted as fresh where its very picture stands elsewhere as well."""
    pair = twins.get(seal.key)
    if pair is None or seal.freshness in {"not_applicable", "cannot_tell"}:
        return seal
    reason = say("seal.reused", likeness=f"{pair.score:.0%}")
    return replace(seal, freshness="contradicted", reasons=(*seal.reasons, reason))


def _seals_of(place: _Place, here: Sequence[Document], applicant: Applicant) -> Iterable[Seal]:
    for order, impression in enumerate(seals_among(place.result.impressions)):
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
        said = Lettering(seal.text, seal.text_confidence, seal.number, seal.rivals)
        owner, why = owner_of(said, seal.kind, holders.get(seal.id), applicant)
        rest = tuple(r for r in seal.reasons if r.key not in OWNER_REASONS)
        seals.append(replace(seal, owner=owner, reasons=(*why, *rest)))
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
    said = Lettering(
        impression.text, impression.text_confidence, impression.number, impression.rivals
    )
    owner, why = owner_of(said, kind, holder, applicant)
    freshness, grade_reasons = freshness_of(impression, page.mode, kind)
    return Seal(
        id="",
        key=impression_key(page, order),
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
        number=impression.number,
        text_confidence=impression.text_confidence,
        rivals=impression.rivals,
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
    owner, why = owner_of(Lettering(words), kind, holder, applicant)
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
        reasons=(
            *why,
            say("seal.electronic"),
            say(f"seal.signature.{found.signature or 'unchecked'}"),
        ),
    )


def _holder(box: Box, here: Sequence[Document]) -> Document | None:
    """Return the document of the page whose region holds the seal's centre, else the only one."""
    x, y = box.centre
    inside = [d for d in here if d.region.contains_point(x, y)]
    if inside:
        return min(inside, key=lambda d: d.region.area)
    return here[0] if len(here) == 1 else None


def kind_of(impression: Impression) -> str:
    """Return the kind of seal: by its words, for a printed 监制章 by position and shape.

    An oval with a tax number across is the prescribed 发票专用章, its line of kind read or not;
    a ring in which such a line stands unread is of no kind that is known.
    """
    if impression.mark == "supervision":
        return "supervision"
    words = compact(impression.kind_text + impression.text)
    named = next((kind for word, kind in KIND_WORDS if word in words), None)
    if named is not None:
        return named
    if impression.shape == "ellipse" and _TAX_NUMBER.fullmatch(impression.number):
        return "invoice"
    if impression.shape != "circle" and _PERSON.fullmatch(words):
        return "legal_representative"
    bare = dict(impression.traits).get("kind_ink", 0.0) < UNREAD_KIND
    if impression.shape == "circle" and len(words) >= ENOUGH_TEXT and bare:
        return "official"
    return "unknown"


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
    traits = dict(impression.traits)
    if traits.get("print_inside", 1.0) <= HIDES_PRINT:
        return "contradicted", (say("seal.hides_print"),)
    return _grade_of_texture(traits.get("pressure"), traits.get("chroma", 0.0))


def _grade_of_texture(pressure: float | None, chroma: float) -> tuple[str, tuple[Message, ...]]:
    if chroma >= PRINTED_CHROMA:
        return "doubtful", (say("seal.saturated"),)
    if pressure is not None and pressure >= LIVELY_PRESSURE:
        return "supported", (say("seal.textured"), say("seal.scan_proves_nothing"))
    if pressure is not None and pressure <= FLAT_PRESSURE:
        return "doubtful", (say("seal.flat"),)
    return "doubtful", (say("seal.weak_evidence"),)

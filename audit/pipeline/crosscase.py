"""A case and the others: what it shows to the registry, and what the registry says of it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from audit.model import (
    CaseFacts,
    CrossHit,
    CrossView,
    Document,
    DocumentKind,
    Holder,
    Reading,
    SellerCrowd,
    Sighting,
)
from audit.pipeline.join import invoice_key
from audit.store.registry import Registry, keyed_hash
from audit.text.names import normalise_company, same_company
from audit.text.normal import compact
from audit.text.shingles import BANDS, bands

#: Pictures whose 64-bit hashes differ in at most so many bits are taken for one.
SAME_PICTURE_BITS = 4
#: Pages shown as pictures of things rather than of text.
_PICTURES = frozenset({DocumentKind.DEVICE_PHOTO})
_SHORTEST_MARK = 6
#: A seller that bills fewer other applicants than this is nothing to speak of.
CROWD = 2


def sightings_of(facts: CaseFacts, pages: Path | None = None) -> tuple[Sighting, ...]:
    """Return the identifying marks of a case; ``pages``: folder of its page pictures.

    Only usable readings count: a doubtful number would accuse another case.
    """
    found: list[Sighting] = []
    for document in facts.documents:
        found.extend(_of_document(document))
        if document.kind is DocumentKind.ACCEPTANCE_REPORT:
            found.extend(_of_wording(facts, document))
    found.extend(
        Sighting("seal", s.number, s.key, s.file, s.page_index, seller=normalise_company(s.text))
        for s in facts.seals
        if len(s.number) >= _SHORTEST_MARK and s.kind != "supervision"
    )
    if pages is not None:
        found.extend(_of_pictures(facts, pages))
    return tuple(found)


def _of_document(document: Document) -> Iterator[Sighting]:
    if document.kind is DocumentKind.VAT_INVOICE:
        key = invoice_key(document)
        if key:
            yield _sighting("invoice", key, document, "total_with_tax", "issue_date")
    elif document.kind is DocumentKind.BANK_RECEIPT:
        for name in ("receipt_number", "serial_number"):
            number = _mark(document.get(name))
            if number:
                bank = normalise_company(document.get("bank_name").text or "")[:12]
                key = f"{bank}:{number}"
                yield _sighting("receipt", key, document, "amount", "payment_date")
                break
    elif document.kind is DocumentKind.ACCEPTANCE_BILL:
        number = _mark(document.get("receipt_number")) or _mark(document.get("serial_number"))
        if number:
            yield _sighting("bill", number, document, "amount", "payment_date")
    elif document.kind is DocumentKind.DEVICE_PHOTO:
        number = _mark(document.get("serial_number"))
        if number:
            yield _sighting("serial", number, document, "amount", "payment_date")


def _mark(reading: Reading) -> str:
    text = compact(reading.text or "").upper() if reading.usable else ""
    return text if len(text) >= _SHORTEST_MARK else ""


def _sighting(kind: str, key: str, document: Document, amount: str, day: str) -> Sighting:
    buyer = document.get("buyer_name").text or document.get("payer_name").text or ""
    seller = document.get("seller_name").text or document.get("payee_name").text or ""
    total, when = document.get(amount), document.get(day)
    return Sighting(
        kind=kind,
        key=key,
        document_key=document.key,
        file=document.file,
        page_index=document.page_indexes[0] if document.page_indexes else 0,
        amount=total.amount if total.usable else None,
        day=when.day if when.usable else None,
        buyer=normalise_company(buyer),
        seller=normalise_company(seller),
    )


def _of_wording(facts: CaseFacts, document: Document) -> Iterator[Sighting]:
    places = set(document.own_places)
    lines = [
        line.text
        for page in facts.pages
        if (page.file, page.page.page_index) in places
        for line in page.lines
    ]
    text = compact("".join(lines))
    for own in (
        facts.applicant.name,
        facts.applicant.project_name,
        document.get("project_name").text,
    ):
        if own:
            text = text.replace(compact(own), "")
    for band in bands(text):
        page_index = document.page_indexes[0] if document.page_indexes else 0
        yield Sighting("text", band, document.key, document.file, page_index)


def _of_pictures(facts: CaseFacts, pages: Path) -> Iterator[Sighting]:
    for page in facts.pages:
        if page.kind in _PICTURES and page.picture:
            whole = picture_hash(pages / page.picture)
            for part in range(4) if whole else ():
                key = f"{part}:{whole[part * 4 : part * 4 + 4]}"
                yield Sighting(
                    "picture", key, page.page.sha256, page.file, page.page.page_index, detail=whole
                )


def picture_hash(path: Path) -> str:
    """Return a 64-bit hash (16 hex digits) of how a picture's brightness falls from left to right.

    Survives scaling, compression and mild changes of light; empty if it cannot be read.
    """
    import cv2
    import numpy as np

    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return ""
    picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if picture is None:
        return ""
    small = cv2.resize(picture, (9, 8), interpolation=cv2.INTER_AREA).tolist()
    bits = 0
    for row in small:
        for left, right in itertools.pairwise(row):
            bits = bits << 1 | int(left > right)
    return f"{bits:016x}"


def look_up(
    registry: Registry, holder: Holder, sightings: Sequence[Sighting], key: bytes | None = None
) -> CrossView:
    """Return what other cases share with this one.

    ``key``: the shared key of hash lists that other districts gave; without it they stay unread.
    """
    plain = [(s.kind, s.key) for s in sightings]
    seen = registry.seen(plain, holder.case)
    hits = [
        _hit(ours, whose, theirs)
        for ours in sightings
        if ours.kind not in {"text", "picture"}
        for whose, theirs in seen.get((ours.kind, ours.key), [])
    ]
    hits.extend(_copied_texts(sightings, seen))
    hits.extend(_same_pictures(sightings, seen))
    if key is not None:
        hits.extend(_hashed(registry, holder, sightings, key))
    return CrossView(
        cases=registry.cases(holder.case),
        hits=tuple(sorted(set(hits), key=_order)),
        crowds=tuple(_crowds(registry, holder, sightings)),
    )


def _order(hit: CrossHit) -> tuple[str, str, str, str]:
    return hit.kind, hit.key, hit.holder.case, hit.document_key


def _hit(ours: Sighting, whose: Holder, theirs: Sighting) -> CrossHit:
    differs = [name for name in ("amount", "day") if _both_differ(ours, theirs, name)]
    for name in ("buyer", "seller"):
        one, other = getattr(ours, name), getattr(theirs, name)
        if one and other and not same_company(one, other):
            differs.append(name)
    return CrossHit(
        ours.kind,
        ours.key,
        ours.document_key,
        whose,
        theirs.file,
        theirs.page_index,
        tuple(differs),
    )


def _both_differ(ours: Sighting, theirs: Sighting, name: str) -> bool:
    one, other = getattr(ours, name), getattr(theirs, name)
    return one is not None and other is not None and one != other


Seen = dict[tuple[str, str], list[tuple[Holder, Sighting]]]


def _copied_texts(sightings: Iterable[Sighting], seen: Seen) -> Iterator[CrossHit]:
    shared: dict[tuple[str, Holder, str, str], int] = defaultdict(int)
    for ours in sightings:
        if ours.kind == "text":
            for whose, theirs in seen.get(("text", ours.key), []):
                shared[ours.document_key, whose, theirs.document_key, theirs.file] += 1
    for (document_key, whose, _, file), count in shared.items():
        if count * 2 >= BANDS:
            yield CrossHit(
                "text", document_key, document_key, whose, file, strength=round(count / BANDS, 2)
            )


def _same_pictures(sightings: Iterable[Sighting], seen: Seen) -> Iterator[CrossHit]:
    for ours in sightings:
        for whose, theirs in seen.get((ours.kind, ours.key), []) if ours.kind == "picture" else ():
            apart = (int(ours.detail, 16) ^ int(theirs.detail, 16)).bit_count()
            if apart <= SAME_PICTURE_BITS:
                yield CrossHit(
                    "picture", ours.detail, ours.document_key, whose, theirs.file, theirs.page_index,
                    strength=round(1 - apart / 64, 2),
                )  # fmt: skip


def _hashed(
    registry: Registry, holder: Holder, sightings: Iterable[Sighting], key: bytes
) -> Iterator[CrossHit]:
    ours = {(s.kind, keyed_hash(key, s.kind, s.key)): s for s in sightings if s.kind != "text"}
    for mark, places in registry.seen(list(ours), holder.case).items():
        for whose, _ in places:
            one = ours[mark]
            yield CrossHit(one.kind, one.key, one.document_key, whose, hashed=True)


def _crowds(
    registry: Registry, holder: Holder, sightings: Iterable[Sighting]
) -> Iterator[SellerCrowd]:
    own = [(s.seller, s.amount) for s in sightings if s.kind == "invoice" and s.amount is not None]
    for seller, places in sorted(registry.same_amounts(own, holder.case).items()):
        others = [w for w, _ in places if not _is_same_applicant(w, holder)]
        names = sorted({w.applicant or w.case for w in others})
        if len(names) >= CROWD:
            yield SellerCrowd(seller, tuple(names), len(others))


def _is_same_applicant(one: Holder, other: Holder) -> bool:
    if one.applicant_id and one.applicant_id == other.applicant_id:
        return True
    return bool(one.applicant) and same_company(one.applicant, other.applicant)


def holder_of(facts: CaseFacts, base: Holder) -> Holder:
    """Return ``base`` with the applicant that the case names."""
    return replace(base, applicant=facts.applicant.name, applicant_id=facts.applicant.taxpayer_id)

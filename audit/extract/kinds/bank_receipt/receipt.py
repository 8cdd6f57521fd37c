"""A page of bank receipts: regions → candidates → readings, tied by words and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.extract.again import floor_under, look_candidates, wanted_looks
from audit.extract.checks import bind_words
from audit.extract.figures import PAYMENT_FIELDS, amount_candidates, readable_words
from audit.extract.glance import text_sheet
from audit.extract.kinds.bank_receipt.blocks import Labelled, find_spots
from audit.extract.kinds.bank_receipt.days import date_candidates
from audit.extract.kinds.bank_receipt.details import (
    Candidates,
    business_text,
    direction_text,
    look_value,
    number_candidates,
    party_candidates,
    purpose_candidate,
)
from audit.extract.kinds.bank_receipt.profiles import Profile, find_profile, shipped_profiles
from audit.extract.kinds.bank_receipt.regions import receipt_areas
from audit.extract.kinds.bank_receipt.structured import (
    receipt_records,
    record_candidates,
    record_of,
)
from audit.extract.kinds.bank_receipt.subkind import (
    COLLECTION,
    OTHER_BUSINESS,
    PAYMENT,
    direction,
    marks,
    on_margin,
    subkind,
)
from audit.extract.labels import as_candidate, fold
from audit.extract.ladder import reconcile, upgrade
from audit.extract.layout import Sheet
from audit.extract.registry import Extraction
from audit.model import (
    MISSING,
    WHOLE_PAGE,
    Box,
    Candidate,
    Document,
    DocumentKind,
    Origin,
    PageContent,
    PageMode,
    ReadAgain,
    Reading,
    Record,
    SecondLook,
    Status,
    say,
)

FIELDS = PAYMENT_FIELDS
_EXTRA = ("actual_payer_name", "actual_payer_account")
_PRECIOUS = (
    "amount",
    "payment_date",
    "payee_name",
    "payer_name",
    "amount_in_words",
    "serial_number",
    "receipt_number",
    "payee_account",
)
_CHECKED = ("amount", "payment_date")
_BANK = re.compile(
    r"(?:中国|国家|上海|广东|重庆|成都|四川|攀枝花)?[\u4e00-\u9fff]{2,9}?"
    r"(?:农村商业银行|农商银行|开发银行|进出口银行|银行|农村信用社|信用合作联社|农信|财务有限公司|财务公司)"
)
_NO_BANK = re.compile(r"^(?:开户|网上|企业|付款|收款|本|电子|该|在)|企业网上")
#: The share of a receipt from its top in which its bank is named.
_HEAD = 0.35


@dataclass(frozen=True, slots=True)
class _Receipt:
    """One receipt of a page with all that was read on it."""

    sheet: Sheet
    area: Box
    profile: Profile | None
    labelled: Labelled
    moved: str
    business: str
    candidates: Candidates


def extract_receipts(
    content: PageContent,
    looks: tuple[SecondLook, ...] = (),
    profiles: tuple[Profile, ...] | None = None,
) -> Extraction:
    """Return every receipt on a page, complete or not; ``profiles`` default to the shipped ones."""
    known = shipped_profiles() if profiles is None else profiles
    digital = content.page.mode is PageMode.DIGITAL
    seals = [impression.box for impression in content.impressions]
    documents: list[Document] = []
    asks: list[ReadAgain] = []
    for number, receipt in enumerate(_receipts(content, known)):
        readings = _readings(receipt.candidates, seals)
        if looks:
            page_index = content.page.page_index
            answers = look_candidates(
                looks, number, page_index, readings, look_value, digital=digital
            )
            readings = _readings(_merged(receipt.candidates, answers), seals)
        else:
            asks += wanted_looks(
                readings, _PRECIOUS, _CHECKED, number, digital=digital, seals=seals
            )
        documents.append(_document(content, receipt, readings))
    return Extraction(tuple(documents), asks=tuple(asks))


def _receipts(content: PageContent, profiles: Sequence[Profile]) -> list[_Receipt]:
    page_index = content.page.page_index
    sheet = text_sheet(content)
    records = receipt_records(content)
    page_text = _text(sheet)
    titles = tuple(t for p in profiles for t in p.titles)
    if not sheet.lines:
        return [_bare(record, page_index) for record in records]
    areas = receipt_areas(sheet, titles)
    found = []
    for area in areas:
        part = sheet.inside(area)
        profile = find_profile(_text(part), profiles) or find_profile(page_text, profiles)
        found.append(_read(part, area, profile, page_index, content))
    if len(found) == 1 and len(records) <= 1:
        return [_with_records(found[0], records, page_index)]
    return [_with_records(r, record_of(records, r.candidates), page_index) for r in found]


def _text(sheet: Sheet) -> str:
    ordered = sorted(sheet.lines, key=lambda line: (line.box.top, line.box.left))
    return "".join(fold(line.text)[0] + "\n" for line in ordered)


def _bare(record: Record, page_index: int) -> _Receipt:
    candidates = record_candidates(record, page_index)
    return _Receipt(Sheet(()), WHOLE_PAGE, None, Labelled((), (), ()), "", "", candidates)


def _with_records(receipt: _Receipt, records: Sequence[Record], page_index: int) -> _Receipt:
    candidates = receipt.candidates
    for record in records:
        candidates = _merged(record_candidates(record, page_index), candidates)
    return replace(receipt, candidates=candidates)


def _read(
    sheet: Sheet, area: Box, profile: Profile | None, page_index: int, content: PageContent
) -> _Receipt:
    whole = sheet
    sheet = Sheet(tuple(x for x in whole.lines if not on_margin(x)), whole.aspect)
    labelled = find_spots(sheet, profile)
    titles = profile.titles if profile is not None else ()
    named = business_text(sheet, labelled.spots, ("business",))
    moved = direction(whole, titles, direction_text(sheet, labelled.spots), named)
    business = business_text(sheet, labelled.spots)
    own = _own_side(labelled, moved, business, sheet, profile)
    candidates: Candidates = {
        **party_candidates(sheet, labelled, own, page_index),
        **amount_candidates(sheet, labelled.spots, page_index),
        **number_candidates(sheet, labelled.spots, profile, page_index),
    }
    dates = date_candidates(sheet, labelled.spots, page_index)
    if dates:
        candidates["payment_date"] = dates
    purpose = purpose_candidate(sheet, labelled.spots, page_index)
    if purpose is not None:
        candidates["purpose"] = [purpose]
    printed = [c.raw for f in ("payer_bank", "payee_bank") for c in candidates.get(f, ())]
    rest = Sheet(tuple(x for x in sheet.lines if x.text.strip() not in printed), sheet.aspect)
    bank = _bank(rest, area, profile, page_index, content)
    if bank is not None:
        candidates["bank_name"] = [bank]
    return _Receipt(whole, area, profile, labelled, moved, business, candidates)


def _own_side(
    labelled: Labelled, moved: str, business: str, sheet: Sheet, profile: Profile | None
) -> str:
    """Return whose the labels without a side are: the account's holder pays or is paid."""
    sides = {s.field.partition("_")[0] for s in labelled.spots} & {"payer", "payee"}
    if sides == {"payer"}:
        return "payee"
    if sides == {"payee"}:
        return "payer"
    if profile is not None and profile.own_account:
        return profile.own_account
    if moved:
        return "payer" if moved == PAYMENT else "payee"
    text = f"{business}\n{_text(sheet)}"
    hit = next((key for key, _, pattern in OTHER_BUSINESS if re.search(pattern, text)), "")
    return {"interest": "payee", "fee": "payer", "tax": "payer", "loan": "payer"}.get(hit, "")


def _bank(
    sheet: Sheet, area: Box, profile: Profile | None, page_index: int, content: PageContent
) -> Candidate | None:
    """Return the issuing bank: named at the head, on its seal, or known by its profile's signs."""
    top = min((line.box.top for line in sheet.lines), default=area.top)
    bottom = max((line.box.bottom for line in sheet.lines), default=area.bottom)
    for line in sorted(sheet.lines, key=lambda one: one.box.top):
        if line.box.top > top + _HEAD * (bottom - top):
            break
        text = fold(line.text)[0]
        if profile is not None and any(sign in text for sign in profile.signs):
            return as_candidate(line, profile.bank, page_index)
        match = _BANK.search(text)
        if match and not _NO_BANK.match(match.group()) and not re.search(r"[:：]", text):
            return as_candidate(line, match.group(), page_index)
    for seal in content.impressions:
        match = _BANK.search(fold(seal.text)[0])
        if match and area.contains_point(*seal.box.centre):
            confidence = seal.text_confidence
            return Candidate(Origin.OCR, match.group(), seal.text, confidence, page_index, seal.box)
    return _signed(sheet, profile, page_index) if profile is not None else None


def _signed(sheet: Sheet, profile: Profile, page_index: int) -> Candidate | None:
    for line in sheet.lines:
        if any(sign in fold(line.text)[0] for sign in profile.signs):
            return as_candidate(line, profile.bank, page_index)
    return None


def _merged(
    one: Mapping[str, Sequence[Candidate]], other: Mapping[str, Sequence[Candidate]]
) -> Candidates:
    return {
        field: [*one.get(field, ()), *other.get(field, ())]
        for field in dict.fromkeys((*one, *other))
    }


def _readings(
    candidates: Mapping[str, Sequence[Candidate]], seals: Sequence[Box]
) -> dict[str, Reading]:
    spelled = candidates.get("amount_in_words")
    if spelled:
        figures = candidates.get("amount", ())
        candidates = {**candidates, "amount_in_words": readable_words(spelled, figures)}
    readings = {
        field: reconcile(field, candidates[field], floor_under(candidates[field], seals, None))
        for field in (*FIELDS, *_EXTRA)
        if field in candidates
    }
    amount, words = bind_words(
        readings.get("amount", MISSING), readings.get("amount_in_words", MISSING)
    )
    readings |= {"amount": amount, "amount_in_words": words}
    day = readings.get("payment_date")
    if day is not None:
        readings["payment_date"] = _bound_day(day)
    readings = _with_actual_payer(readings)
    return {field: r for field, r in readings.items() if r.status is not Status.MISSING}


def _bound_day(day: Reading) -> Reading:
    """Two days printed in different places of the form that agree confirm each other."""
    places: list[Box] = []
    for source in day.sources:
        box = source.box if source.origin in {Origin.TEXT_LAYER, Origin.OCR} else None
        apart = box is not None and all(box.intersection_area(other) == 0 for other in places)
        if apart and box is not None and source.value == day.value:
            places.append(box)
    single = all(s.value == day.value for s in day.sources if s.value is not None)
    if len(places) < 2 or not single:  # noqa: PLR2004 - two places
        return day
    return upgrade(day, say("bank_receipt.dates_agree"))


def _with_actual_payer(readings: dict[str, Reading]) -> dict[str, Reading]:
    """The account that truly paid is the payer; the account it went through is kept beside it."""
    found = dict(readings)
    for part in ("name", "account"):
        actual = found.pop(f"actual_payer_{part}", None)
        if actual is None or actual.value is None:
            continue
        nominal = found.get(f"payer_{part}")
        if nominal is not None:
            found[f"nominal_payer_{part}"] = nominal
        reason = say("bank_receipt.actual_payer")
        found[f"payer_{part}"] = replace(actual, reasons=(*actual.reasons, reason))
    return found


def _document(content: PageContent, receipt: _Receipt, readings: dict[str, Reading]) -> Document:
    titles = receipt.profile.titles if receipt.profile is not None else ()
    key, word = subkind(receipt.sheet, titles, receipt.business, receipt.moved, readings)
    if key == "transfer" and receipt.moved in {PAYMENT, COLLECTION}:
        key = receipt.moved
    found = marks(receipt.sheet, receipt.business)
    return Document(
        kind=DocumentKind.BANK_RECEIPT,
        subkind=key,
        page_indexes=(content.page.page_index,),
        region=receipt.area,
        fields=readings,
        marks=((word, *found) if word else found),
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )

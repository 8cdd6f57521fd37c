"""Parties, purpose and numbers of a receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.beside import value_beside
from audit.extract.found import fitting_value
from audit.extract.kinds.bank_receipt import vocabulary
from audit.extract.kinds.bank_receipt.blocks import Labelled, renamed
from audit.extract.kinds.bank_receipt.profiles import Profile
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import Sheet, cut, join
from audit.extract.values import clean_text, parse_value
from audit.model import Candidate, TextLine, Value
from audit.text.names import looks_like_company

Candidates = dict[str, list[Candidate]]
_ACCOUNT = re.compile(vocabulary.ACCOUNT)
_SHORTEST_ACCOUNT = 7
_SHORTEST_NAME = 2
_NO_NAME = re.compile(r"^[\d\W_]*$|^(?:账号|户名|全称|开户|年月日|人民币|币种)")
#: Names of people have two to four characters (more with a dot).
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,10}·[\u4e00-\u9fff·]{1,15}")
_OTHER_SIDE = {"payer": "payee", "payee": "payer"}
_SPOILT_NAME = re.compile(r"^(?:名.|.称|户.|.名|全.)[:：]")
_PURPOSES = tuple(label.field for label in vocabulary.PURPOSES)
#: A purpose that names an invoice or contract is what matching looks for.
_TELLING = re.compile(r"\d{6,}|[A-Za-z]+-?\d{3,}|合同|发票")
_SAYS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_NUMBER_FIELDS = tuple(label.field for label in vocabulary.NUMBERS)


def party_candidates(
    sheet: Sheet, labelled: Labelled, own_side: str, page_index: int
) -> Candidates:
    """Return names, accounts and banks of payer and payee.

    ``own_side``: whose the labels are that name no side; empty leaves them unread.
    """
    found: Candidates = {}
    own = renamed(labelled.own, own_side) if own_side else ()
    replaced = {(s.box, s.synonym) for s in own}
    spots = [s for s in labelled.spots if (s.box, s.synonym) not in replaced]
    roles = {"own": own_side, "other": _OTHER_SIDE.get(own_side, "")}
    for spot in (*spots, *own):
        side, _, part = spot.field.partition("_")
        side = roles.get(side, side)
        if side not in vocabulary.SIDES or part not in vocabulary.PARTS:
            continue
        candidate = _party_value(sheet, spot, part, labelled.spots, page_index)
        if candidate is not None:
            _keep_first(found, f"{side}_{part}", candidate)
    for head in labelled.heads:
        candidate = _named_by_head(sheet, head, labelled.spots, page_index)
        if candidate is not None:
            _keep_first(found, f"{head.field}_name", candidate)
    for spot in labelled.spots:
        if spot.field.startswith("actual_payer"):
            part = spot.field.rpartition("_")[2]
            candidate = _party_value(sheet, spot, part, labelled.spots, page_index)
            if candidate is not None:
                _keep_first(found, spot.field, candidate)
    return found


def _named_by_head(
    sheet: Sheet, head: Spot, spots: Sequence[Spot], page_index: int
) -> Candidate | None:
    """Return the company right of a heading, a spoilt 名称 or 户名 between them taken off."""
    line = value_beside(sheet, head, spots, wraps=True)
    if line is None:
        return None
    line = _without_colon(line)
    between = _SPOILT_NAME.match(line.text)
    if between is not None:
        line = cut(line, between.end(), len(line.text))
    name = clean_text(line.text) or ""
    return as_candidate(line, name, page_index) if looks_like_company(name) else None


def _keep_first(found: Candidates, field: str, candidate: Candidate) -> None:
    known = found.setdefault(field, [])
    if not known or (known[0].value is None and candidate.value is not None):
        found[field] = [candidate]


def _party_value(
    sheet: Sheet, spot: Spot, part: str, spots: Sequence[Spot], page_index: int
) -> Candidate | None:
    line = value_beside(sheet, spot, spots, wraps=part != "account")
    if line is None:
        return None
    line = _without_colon(line)
    if part == "account":
        return _account(line, page_index)
    name = clean_text(line.text)
    if name is None or _NO_NAME.match(name) or len(name) < _SHORTEST_NAME:
        return None
    return as_candidate(line, name, page_index)


def _without_colon(line: TextLine) -> TextLine:
    start = len(line.text) - len(line.text.lstrip(" :：;；"))
    return cut(line, start, len(line.text)) if start else line


def _account(line: TextLine, page_index: int) -> Candidate | None:
    folded, places = fold(line.text)
    match = _ACCOUNT.search(folded)
    digits = sum(char.isdigit() or char == "*" for char in match.group()) if match else 0
    if match is None or digits < _SHORTEST_ACCOUNT:
        return as_candidate(line, None, page_index) if any(map(str.isdigit, folded)) else None
    part = cut(line, places[match.start()], places[match.end() - 1] + 1)
    return as_candidate(part, match.group(), page_index)


def purpose_candidate(sheet: Sheet, spots: Sequence[Spot], page_index: int) -> Candidate | None:
    """Return what the payment is for: 用途, else 附言, else 摘要, else 备注.

    Another of these is added where it names an invoice or a contract and the first does not.
    """
    lines: dict[str, TextLine] = {}
    for spot in spots:
        if spot.field in _PURPOSES and spot.field not in lines:
            line = value_beside(sheet, spot, spots, wraps=True)
            if line is not None and _SAYS.search(line.text):
                lines[spot.field] = _without_colon(line)
    ordered = [lines[field] for field in _PURPOSES if field in lines]
    if not ordered:
        return None
    chosen = ordered[:1]
    if not _TELLING.search(fold(ordered[0].text)[0]):
        telling = (x for x in ordered[1:] if _TELLING.search(fold(x.text)[0]))
        chosen += [line for line in telling if fold(line.text)[0] != fold(ordered[0].text)[0]][:1]
    whole = join(chosen, glue="；") or ordered[0]
    return as_candidate(whole, clean_text(whole.text), page_index)


def business_text(
    sheet: Sheet, spots: Sequence[Spot], fields: Sequence[str] = ("business", *_PURPOSES)
) -> str:
    """Return what the bank calls the business, and the purposes, as one text."""
    texts = []
    for spot in spots:
        if spot.field in fields:
            line = value_beside(sheet, spot, spots)
            if line is not None:
                texts.append(fold(line.text)[0])
    return "\n".join(texts)


def direction_text(sheet: Sheet, spots: Sequence[Spot]) -> str:
    """Return the printed 借贷标志, empty if none."""
    for spot in spots:
        if spot.field == "direction":
            line = value_beside(sheet, spot, spots)
            if line is not None:
                return fold(line.text)[0].lstrip(":：")
    return ""


def number_candidates(
    sheet: Sheet, spots: Sequence[Spot], profile: Profile | None, page_index: int
) -> Candidates:
    """Return receipt and serial number; the voucher's number serves where no serial is printed."""
    found: Candidates = {}
    for spot in spots:
        if spot.field not in _NUMBER_FIELDS:
            continue
        value = fitting_value(spot, value_beside(sheet, spot, spots))
        if value is None:
            continue
        text = value.text.strip("-")
        wanted = profile.pattern(spot.field) if profile is not None else ""
        if wanted and re.fullmatch(wanted, text) is None:
            continue
        _keep_first(found, spot.field, value.candidate(text, page_index))
    voucher = found.pop("voucher_number", None)
    if voucher is not None:
        found.setdefault("serial_number", voucher)
    return found


def look_value(field: str, text: str) -> Value | None:
    """Return what a crop shows for ``field``; of a number only its own characters."""
    if field.endswith(("_account", "_number")):
        runs = re.findall(r"[0-9A-Za-z*][0-9A-Za-z*-]{5,}", fold(text)[0])
        return max(runs, key=len) if runs else None
    return parse_value(field, text)

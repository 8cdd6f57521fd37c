"""Buyer and seller: told apart by where their labels stand, never by the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import Face, block_limit, value_pieces
from audit.extract.kinds.vat_invoice.values import clean_name, parse_taxpayer_text
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import cut_between, edges, em, join, rows
from audit.model import Box, Candidate, TextLine
from audit.text.names import looks_like_company

BUYER, SELLER = "buyer", "seller"
#: Characters that may stand directly before 名称 in a party's block (its downward head).
_HEAD_CHARACTERS = frozenset("购买方销售信息货单位密码区收款 ")
#: A party whose labels begin left of this share of the width stands on the left half.
_LEFT_HALF = 0.45
_SAME_COLUMN = 0.2
#: Where the left half ends when no other block bounds it.
_HALF_END = 0.6
_NO_LIMIT = 0.99
_EXPLICIT = {
    labels.BUYER_NAME: BUYER,
    labels.BUYER_ID: BUYER,
    labels.SELLER_NAME: SELLER,
    labels.SELLER_ID: SELLER,
}
#: A character of the next block's head that recognition glued to the end of a name.
_STRAY_HEAD = re.compile(r"\s+[购买销售方信息密码区备注货单位]$")
#: What is left of a label that was misread beyond recognition.
_LOST_LABEL = re.compile(r"^.{0,6}[:：]")
_ID = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{15,20}(?![0-9A-Z])")


def party_candidates(face: Face) -> dict[str, list[Candidate]]:
    """Return candidates for the names and taxpayer ids of both parties."""
    found: dict[str, list[Candidate]] = {}
    for party in (BUYER, SELLER):
        names = [s for s in _name_spots(face) if party_of(face, s) == party]
        ids = [
            s
            for s in face.of(labels.TAX_ID, labels.BUYER_ID, labels.SELLER_ID)
            if _party_id(face, s) == party
        ]
        _add(found, f"{party}_name", _first(_name(face, spot, ids) for spot in names))
        _add(found, f"{party}_taxpayer_id", _first(_taxpayer_id(face, spot) for spot in ids))
        area = _block_area(face, party, (*names, *ids))
        if area is not None:
            _search_block(face, party, area, found)
    return found


def _add(found: dict[str, list[Candidate]], field: str, candidate: Candidate | None) -> None:
    if candidate is not None:
        found.setdefault(field, []).append(candidate)


def _first(candidates: Iterable[Candidate | None]) -> Candidate | None:
    unread = None
    for candidate in candidates:
        if candidate is not None and candidate.value is not None:
            return candidate
        unread = unread or candidate
    return unread


def _name_spots(face: Face) -> list[Spot]:
    return [
        spot
        for spot in face.of(labels.NAME, labels.BUYER_NAME, labels.SELLER_NAME)
        if spot.label is not labels.NAME or (_stands_alone(spot) and not _in_table(face, spot))
    ]


def _stands_alone(spot: Spot) -> bool:
    """名称 behind another word (合同名称, 项目名称) is no party's."""
    line = spot.lines[0]
    xs = edges(line)
    before = [c for c, x in zip(line.text, xs, strict=False) if x < spot.box.left - 1e-6]
    rest = "".join(before).rstrip()
    return not rest or rest[-1] in _HEAD_CHARACTERS or before[-1].isspace()


def _in_table(face: Face, spot: Spot) -> bool:
    """Tell whether the spot stands between the table's head and the sum row."""
    if not face.heads:
        return False
    sums = [s.box.top for s in face.of(labels.SUM_LINE, labels.TOTAL_LINE, labels.TOTAL_WORDS)]
    floor = min((y for y in sums if y > face.heads_bottom), default=face.heads_bottom)
    return face.heads_top - spot.box.height < spot.box.centre[1] < floor


def _party_id(face: Face, spot: Spot) -> str | None:
    if spot.label is labels.TAX_ID and _in_table(face, spot):
        return None
    return party_of(face, spot)


def party_of(face: Face, spot: Spot) -> str | None:
    """Return whose label this is: by its own words, its block's head, or its place."""
    explicit = _EXPLICIT.get(spot.label)
    if explicit is not None:
        return explicit
    heads = [b for b in face.blocks if b.field in {BUYER, SELLER} and _beside(b, spot)]
    if heads:
        return max(heads, key=lambda b: b.box.left).field
    return _by_place(face, spot)


def _beside(block: Spot, spot: Spot) -> bool:
    slack = 0.6 * block.box.height
    y = spot.box.centre[1]
    level = block.box.top - slack <= y <= block.box.bottom + slack
    return level and block.box.left < spot.box.left


def _by_place(face: Face, spot: Spot) -> str:
    """Below the item table: the seller. Above: the buyer left, the seller right."""
    if face.heads and spot.box.top > face.heads_bottom:
        return SELLER
    x = face.share(spot.box.left)
    if face.heads:
        return BUYER if x < _LEFT_HALF else SELLER
    rivals = [s for s in face.of(spot.label) if s is not spot]
    if any(
        r.box.bottom < spot.box.top and abs(r.box.left - spot.box.left) < _SAME_COLUMN
        for r in rivals
    ):
        return SELLER
    return BUYER if x < _LEFT_HALF else SELLER


def _name(face: Face, spot: Spot, ids: list[Spot]) -> Candidate | None:
    pieces = list(value_pieces(face, spot))
    if pieces:
        pieces += _wrapped(face, spot, pieces[-1], ids)
    line = join(pieces)
    if line is None:
        return None
    printed = _STRAY_HEAD.sub("", line.text.strip(" :：;；"))
    name = clean_name(printed)
    if name is None or not _plausible_name(name):
        return None
    return as_candidate(line, name, face.page_index, raw=printed)


def _plausible_name(name: str) -> bool:
    """A name has letters and is no other label's remainder or piece of the cipher."""
    letters = [c for c in name if c.isalpha()]
    signs = sum(c in "<>*/+" for c in name)
    return bool(letters) and signs <= 1


def _wrapped(face: Face, spot: Spot, last: TextLine, ids: list[Spot]) -> list[TextLine]:
    """Return further rows of a name that is broken, up to the party's next label."""
    below = [s.box.top for s in ids if s.box.top > spot.box.centre[1]]
    others = [
        s.box.top
        for s in face.spots
        if s.box.top > spot.box.centre[1] and abs(s.box.left - spot.box.left) < 4 * spot.em
    ]
    floor = min((*below, *others), default=0.0)
    limit = block_limit(face, spot)
    column = spot.box.left - 0.5 * spot.em
    ceiling = max(last.box.bottom - 0.3 * last.box.height, spot.box.bottom)
    found = []
    for line in face.sheet.lines:
        if not (ceiling < line.box.centre[1] < floor):
            continue
        part = cut_between(line, column, limit)
        if part is not None and part.box.left < last.box.right and len(part.text.strip()) > 1:
            found.append(part)
    ordered = [line for row in rows(found) for line in row]
    return [line for line in ordered if em(line, face.sheet.aspect) < 1.6 * spot.em]


def _taxpayer_id(face: Face, spot: Spot) -> Candidate | None:
    line = join(value_pieces(face, spot))
    if line is None:
        return None
    text = re.sub(r"^[^0-9A-Za-z]+", "", fold(line.text)[0])
    run = re.match(r"[0-9A-Za-z]*", text)
    printed = run.group() if run else ""
    if not printed:
        return None
    return as_candidate(line, parse_taxpayer_text(printed), face.page_index, raw=printed)


def _block_area(face: Face, party: str, spots: tuple[Spot, ...]) -> Box | None:
    """Return where a party's values stand, for print that is off its labels."""
    plain = [s for s in spots if s.label in {labels.NAME, labels.TAX_ID}]
    heads = [b for b in face.blocks if b.field == party]
    if not plain and not heads:
        return None
    edge = min((s.box.left for s in plain), default=heads[0].box.right if heads else 0.0)
    anchors = [*(s.box for s in plain), *(b.box for b in heads)]
    top = min(b.top for b in anchors)
    bottom = max(b.bottom for b in anchors)
    limit = min((block_limit(face, s) for s in (*plain, *heads)), default=1.0)
    height = max(s.em for s in (*plain, *heads)) / face.sheet.aspect
    if limit > _NO_LIMIT and edge < _LEFT_HALF:
        limit = _HALF_END
    return Box(edge, top - height, limit, bottom + height)


def _search_block(
    face: Face,
    party: str,
    area: Box,
    found: dict[str, list[Candidate]],
) -> None:
    """Fill what no label led to with what only fits there: a company's name, a taxpayer id."""
    name, code = f"{party}_name", f"{party}_taxpayer_id"
    labelled = {spot.tail[0] for spot in face.spots}
    for line in face.sheet.lines:
        if line in labelled or not area.contains_point(*line.box.centre):
            continue
        part = cut_between(line, area.left, area.right)
        if part is None:
            continue
        text = clean_name(_LOST_LABEL.sub("", part.text)) or ""
        if name not in found and looks_like_company(text) and _plausible_name(text):
            found[name] = [as_candidate(part, text, face.page_index)]
        match = _ID.search(fold(part.text)[0].upper())
        if code not in found and match is not None and any(c.isdigit() for c in match.group()):
            found[code] = [as_candidate(part, match.group(), face.page_index, match.group())]

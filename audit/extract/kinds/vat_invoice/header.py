"""Number, code, date, check code and machine number of an invoice from its face."""

from __future__ import annotations

import re
from collections.abc import Iterable

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.face import Face, tokens, value_pieces
from audit.extract.kinds.vat_invoice.values import parse_field
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import join
from audit.model import Candidate, TextLine, Value
from audit.text.dates import parse_date

#: Lengths a value of these fields may have.
LENGTHS = {
    "invoice_code": (10, 12),
    "invoice_number": (8, 20),
    "check_code": (20, 5),
    "machine_number": (12,),
}
_LABELLED = (labels.CODE, labels.NUMBER, labels.DATE, labels.CHECK, labels.MACHINE)
#: The large number on paper: ``№ 02995607``, as engines write the sign.
_NUMERO = re.compile(r"^(?:№|N[o0Oº°Q]?[.:]?|Ne|NP)?(\d{8})$")
#: Number right, code left or right: shares of the width at which the corners begin.
_RIGHT_CORNER, _LEFT_CORNER = 0.6, 0.45
#: Height of what stands above the buyer's block, in em of the table's heads (with room to spare).
_HEADER_HEIGHT = 16.0
_SPLIT_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")


def header_candidates(face: Face) -> dict[str, list[Candidate]]:
    """Return the candidates of the fields that stand at the top of an invoice."""
    found: dict[str, list[Candidate]] = {}
    for spot in face.of(*_LABELLED):
        if face.heads and spot.box.top > face.heads_bottom:
            continue  # remarks name the number of another invoice
        candidate = _labelled(face, spot)
        if candidate is not None:
            found.setdefault(spot.field, []).append(candidate)
    if not _has_digital_number(found.get("invoice_number", ())):
        labelled = [candidate for own in found.values() for candidate in own]
        named = {field for field, own in found.items() if any(c.value is not None for c in own)}
        for field, candidate in _unlabelled(face):
            if field not in named and not _already(labelled, candidate):
                found.setdefault(field, []).append(candidate)
    return found


def _labelled(face: Face, spot: Spot) -> Candidate | None:
    pieces = value_pieces(face, spot, reach=8.0)
    line = join(pieces, " ")
    if line is None:
        return None
    value, raw = read_header(spot.field, line.text)
    if value is None and not any(char.isdigit() for char in raw):
        return None
    return as_candidate(line, value, face.page_index, raw)


def read_header(field: str, text: str) -> tuple[Value | None, str]:
    """Return the value of a header field in a text (label cut off), and what was printed."""
    printed = text.strip().lstrip(":：;；. ").strip()
    if field == "issue_date":
        return _read_day(printed), printed
    whole = _leading_run(fold(printed)[0])
    parts = () if field == "check_code" else printed.split()
    for run in (whole, *(_leading_run(fold(part)[0]) for part in parts)):
        if len(run) in LENGTHS[field]:
            return parse_field(field, run), run
    return None, whole or printed


def _leading_run(text: str) -> str:
    found = re.search(r"[0-9A-Za-z]+", text.lstrip("№#*"))
    return found.group() if found else ""


def _read_day(printed: str) -> Value | None:
    day = parse_date(printed)
    if day is None:
        parts = _SPLIT_DAY.search(printed)
        if parts is not None:
            day = parse_date("-".join(parts.groups()))
    return day


def _has_digital_number(candidates: Iterable[Candidate]) -> bool:
    return any(
        isinstance(c.value, str) and len(c.value) == LENGTHS["invoice_number"][1]
        for c in candidates
    )


def _already(candidates: Iterable[Candidate], candidate: Candidate) -> bool:
    """Tell whether the place was read by its label already."""
    box = candidate.box
    return box is not None and any(
        c.box is not None and c.box.intersection_area(box) > 0.3 * box.area for c in candidates
    )


def _unlabelled(face: Face) -> list[tuple[str, Candidate]]:
    """Return code and number that paper forms print large, without a label, in their corners."""
    top, limit = _corners(face)
    found = []
    for line in face.sheet.lines:
        if not top < line.box.centre[1] < limit:
            continue
        whole = _corner_field(face, line)
        for part in (line,) if whole else tokens(line):
            field = _corner_field(face, part)
            if field is not None:
                digits = re.sub(r"\D", "", fold(part.text)[0])
                found.append((field, as_candidate(part, digits, face.page_index)))
    return found


def _corners(face: Face) -> tuple[float, float]:
    """Return the y between which the corners lie: above the buyer's block, not far above."""
    parties = [
        s.box.top
        for s in face.of(labels.NAME, labels.TAX_ID, labels.BUYER_NAME, labels.BUYER_ID)
        if s.box.top < face.heads_top
    ]
    area_top = face.area.top
    limit = min(parties, default=area_top + 0.55 * (face.heads_top - area_top))
    reach = _HEADER_HEIGHT * max((s.em for s in face.heads), default=1.0) / face.sheet.aspect
    return max(area_top - 1e-6, limit - reach), limit


def _corner_field(face: Face, part: TextLine) -> str | None:
    text = fold(part.text)[0]
    x = face.share(part.box.centre[0])
    if _NUMERO.match(text) and x > _RIGHT_CORNER:
        return "invoice_number"
    if (
        text.isdigit()
        and len(text) in LENGTHS["invoice_code"]
        and (x < _LEFT_CORNER or x > _RIGHT_CORNER)
    ):
        return "invoice_code"
    return None

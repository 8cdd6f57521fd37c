"""A bill's face and endorsements to fields of a payment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from audit.extract.beside import value_beside
from audit.extract.checks import bind_words
from audit.extract.figures import PAYMENT_FIELDS, amount_candidates
from audit.extract.glance import Glance
from audit.extract.kinds.acceptance_bill.vocabulary import ENDORSEMENTS, LABELS, SIGNS, STOPS
from audit.extract.labels import Spot, as_candidate, find_labels, fold
from audit.extract.ladder import doubt
from audit.extract.layout import rows
from audit.extract.papers import Candidates, Paper, Verdict
from audit.extract.values import clean_text, date_value, parse_value
from audit.model import MISSING, Candidate, DocumentKind, Reading, Status, Value, say
from audit.text.money import words_to_amount
from audit.text.names import looks_like_company

FIELDS = (
    *PAYMENT_FIELDS,
    "issue_date",
    "drawer_name",
    "first_payee_name",
    "acceptor_name",
    "sub_range",
    "status",
    "transferable",
    *(f"{part}_{n}" for n in range(1, 9) for part in ("endorser", "endorsee", "endorsed_date")),
)
_NAMES = ("drawer_name", "first_payee_name", "acceptor_name", "payer_name", "payee_name")
NUMBER_LENGTH = 30
_DAY_IN_NUMBER = slice(13, 21)
_MOST_ENDORSEMENTS = 8
_CENTS = Decimal("0.01")
_SIGNED = re.compile(r"已签收|已收票|已背书|已结清|已结束|背书已签收|签收$")
_UNSIGNED = re.compile(r"待签收|待收票|已撤回|拒绝|未签收|已作废|待承兑|未用退回")


def _parse(field: str, raw: str) -> Value | None:
    if field in _NAMES or field.startswith(("endorser", "endorsee")):
        name = clean_text(raw) or ""
        return name if looks_like_company(name) else None
    if field == "receipt_number":
        return re.sub(r"\D", "", fold(raw)[0]) or None
    return parse_value(field, raw)


def _more(seen: Glance, index: int) -> Candidates:
    spots = find_labels(seen.sheet, (*LABELS, *ENDORSEMENTS, *STOPS))
    found: Candidates = dict(amount_candidates(seen.sheet, spots, index))
    if not found.get("amount"):
        gridded = _grid_amount(seen, found.get("amount_in_words", ()), index)
        if gridded is not None:
            found["amount"] = [gridded]
    number = _long_number(seen, index)
    if number is not None:
        found["receipt_number"] = [number]
    for n, part in enumerate(_endorsements(seen, spots, index)[:_MOST_ENDORSEMENTS], 1):
        for name, candidate in part.items():
            field = "endorsed_date" if name == "endorsed" else name
            found[f"{field}_{n}"] = [candidate]
    return found


def _long_number(seen: Glance, index: int) -> Candidate | None:
    """Return the bill's 30 digits, wherever they stand."""
    for row in rows(seen.sheet.lines):
        for line in row:
            match = re.search(r"(?<!\d)\d{30}(?!\d)", fold(line.text)[0])
            if match is not None:
                return as_candidate(line, match.group(), index, raw=match.group())
    return None


def _grid_amount(seen: Glance, words: Sequence[Candidate], index: int) -> Candidate | None:
    """Return an amount printed digit by digit (亿千百十万…元角分), if the words say the same."""
    said = words_to_amount(str(words[0].value)) if words else None
    if said is None:
        return None
    wanted = str(int(said / _CENTS))
    for row in rows(seen.sheet.lines):
        digits = re.sub(r"[^\d]", "", "".join(fold(line.text)[0] for line in row[-24:]))
        if digits == wanted and len(row) > 1:
            return as_candidate(row[-1], said, index, raw=digits)
    return None


def _endorsements(seen: Glance, spots: Sequence[Spot], index: int) -> list[dict[str, Candidate]]:
    """Return endorser, endorsee and date of every endorsement, in printed order."""
    found: list[dict[str, Candidate]] = []
    for spot in spots:
        if spot.field not in {"endorser", "endorsee", "endorsed"}:
            continue
        line = value_beside(seen.sheet, spot, spots, wraps=spot.field != "endorsed")
        if line is None:
            continue
        value = date_value(line.text) if spot.field == "endorsed" else _parse(spot.field, line.text)
        if value is None:
            continue
        if not found or spot.field in found[-1]:
            found.append({})
        found[-1][spot.field] = as_candidate(line, value, index)
    return [one for one in found if "endorsee" in one]


def _bind(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    amount, words = bind_words(
        readings.get("amount", MISSING), readings.get("amount_in_words", MISSING)
    )
    found = {**readings, "amount": amount, "amount_in_words": words}
    number = found.get("receipt_number")
    if number is not None:
        found["receipt_number"] = _checked_number(number, found.get("issue_date"))
    return found | _payment(found)


def _checked_number(number: Reading, issued: Reading | None) -> Reading:
    """A number of another length, or whose day is not the day of issue, was misread."""
    text = number.text or ""
    if number.status is Status.CONFIRMED or not text:
        return number
    if len(text) != NUMBER_LENGTH:
        return doubt(number, say("acceptance_bill.number_length", length=len(text)))
    day = issued.day if issued is not None and issued.usable else None
    printed = text[_DAY_IN_NUMBER]
    if day is not None and printed != day.strftime("%Y%m%d"):
        return doubt(number, say("acceptance_bill.number_day", day=printed))
    return number


def _payment(found: Mapping[str, Reading]) -> dict[str, Reading]:
    """Return payer, payee and day: of the last endorsement, else of the face."""
    last = max((n for n in range(1, 9) if f"endorsee_{n}" in found), default=0)
    payer = found.get(f"endorser_{last}") if last else found.get("drawer_name")
    payee = found.get(f"endorsee_{last}") if last else found.get("first_payee_name")
    day = found.get(f"endorsed_date_{last}") if last else found.get("issue_date")
    chosen = {"payer_name": payer, "payee_name": payee, "payment_date": day}
    reason = say("acceptance_bill.endorsed" if last else "acceptance_bill.drawn")
    return {
        name: replace(reading, reasons=(*reading.reasons, reason))
        for name, reading in chosen.items()
        if reading is not None and isinstance(reading.value, str | date)
    }


def _judge(seen: Glance, readings: Mapping[str, Reading]) -> Verdict:
    status = readings.get("status")
    text = status.text if status is not None and status.text else seen.text
    marks = []
    if _UNSIGNED.search(text):
        marks.append("未签收")
    elif _SIGNED.search(text):
        marks.append("已签收")
    if re.search(r"不得转让|不可转让", seen.text):
        marks.append("不得转让")
    if "被背书人" in seen.text:
        marks.append("背书")
    number = readings.get("receipt_number")
    first = (number.text or "")[:1] if number is not None else ""
    if re.search(r"债权凭证", seen.text):
        return Verdict("receivable", tuple(marks))
    if "商业承兑" in seen.text or first in {"2", "6"}:
        return Verdict("commercial", tuple(marks))
    return Verdict("bank", tuple(marks))


PAPER = Paper(
    kind=DocumentKind.ACCEPTANCE_BILL,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=(*ENDORSEMENTS, *STOPS),
    precious=("receipt_number", "amount", "due_date", "payee_name", "payer_name", "payment_date"),
    parse=_parse,
    more=_more,
    bind=_bind,
    judge=_judge,
)

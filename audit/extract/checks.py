"""What a document proves about itself: figures against words, sums to the cent.

Arithmetic may lift a reading and choose among values that were read; it never makes one up
(what is worked out or repaired is doubtful, 推定).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.extract.ladder import contradicted, doubt, inferred, upgrade
from audit.model import (
    FACE,
    MISSING,
    Message,
    Origin,
    Reading,
    Status,
    Value,
    say,
)
from audit.text.money import repair_words, words_to_amount

#: No rate ever exceeded 17 %, so a tax beyond this share of the amount is another column's.
_HIGHEST_TAX_SHARE = Decimal("0.25")
_CANDIDATES = 4
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})


@dataclass(frozen=True, slots=True)
class Sums:
    """The readings of one document's money, tied together: tax may be the text ``***``."""

    net: Reading = MISSING
    tax: Reading = MISSING
    total: Reading = MISSING
    words: Reading = MISSING


def words_value(words: Reading) -> Decimal | None:
    """Return the amount that a reading in words states, ``None`` if it cannot be read."""
    return None if words.text is None else words_to_amount(words.text)


def bind_words(amount: Reading, words: Reading) -> tuple[Reading, Reading]:
    """Return figure and words tied together: both confirmed if they agree.

    If they differ, whatever was read from the face only once becomes doubtful; what two looks
    or structured data gave keeps its status, and the contradiction is a reason on both.
    """
    if amount.amount is None or words.text is None:
        return amount, words
    said = words_value(words)
    if said is None:
        return amount, _unread_words(amount, words)
    if said == amount.amount:
        return _bound(amount, words)
    chosen = _choose(amount, said)
    if chosen is not None:
        return _bound(chosen, words)
    reason = say("checks.words_differ", amount=amount.raw, words=words.raw)
    return _differ(amount, reason), _differ(words, reason)


def _bound(amount: Reading, words: Reading) -> tuple[Reading, Reading]:
    reason = say("checks.words_agree")
    if contradicted(amount):
        return amount, words
    return upgrade(amount, reason), upgrade(words, reason)


def _unread_words(amount: Reading, words: Reading) -> Reading:
    printed = amount.amount
    repaired = repair_words(words.raw, printed) if printed is not None else None
    if repaired is not None:
        return inferred(repaired, words.raw, words.sources)
    return doubt(words, say("checks.words_unread")) if _from_pixels(words) else words


def _from_pixels(reading: Reading) -> bool:
    return bool(reading.sources) and all(s.origin in _PIXELS for s in reading.sources)


def _twice_read(reading: Reading) -> bool:
    """Tell whether two looks at the pixels gave this value."""
    field_value = reading.value
    agreeing = [
        s
        for s in reading.sources
        if s.value is not None and field_value is not None and s.value == field_value
    ]
    return len(agreeing) > 1


def _differ(reading: Reading, reason: Message) -> Reading:
    """Return the reading as what a failed check leaves of it."""
    if reading.status is Status.CONFIRMED:
        return reading
    printed = bool(reading.sources) and all(s.origin in FACE for s in reading.sources)
    if printed and not (_twice_read(reading) and reading.status is Status.READ):
        return doubt(reading, reason)
    return replace(reading, reasons=(*reading.reasons, reason))


def _choose(reading: Reading, value: Value) -> Reading | None:
    """Return the reading with another of its own face candidates, if ``value`` is one of them.

    Only where the pixels alone are in dispute: a value that structured data or the QR speaks
    against is not chosen.
    """
    if reading.status is Status.CONFIRMED or contradicted(reading):
        return None
    match = next((s for s in reading.sources if s.value == value and s.origin in FACE), None)
    if match is None or any(s.origin not in FACE and s.value != value for s in reading.sources):
        return None
    others = tuple(s for s in reading.sources if s is not match)
    return Reading(match.value, match.raw, Status.DOUBTFUL, match.confidence, (match, *others))


def bind_sums(sums: Sums) -> Sums:
    """Return the money readings after 大写 = 小写 and 金额 + 税额 = 价税合计, to the cent."""
    total, words = bind_words(sums.total, sums.words)
    sums = replace(sums, total=total, words=words)
    if add_up(sums.net.value, sums.tax.value, sums.total.value):
        return _bind_sum(sums)
    solved = _solve(sums)
    if solved is not None:
        return _bind_sum(solved)
    return _broken(sums)


def add_up(net: Value | None, tax: Value | None, total: Value | None) -> bool:
    """Tell whether 金额 + 税额 = 价税合计 exactly; a tax of ``***`` counts as none.

    False where a figure is missing or the tax is too large to be one (columns swapped).
    """
    if not isinstance(net, Decimal) or not isinstance(total, Decimal):
        return False
    if isinstance(tax, str):
        return tax.strip("*") == "" and net == total
    if not isinstance(tax, Decimal) or abs(tax) > abs(net) * _HIGHEST_TAX_SHARE:
        return False
    return net + tax == total


def _bind_sum(sums: Sums) -> Sums:
    """金额 + 税额 = 价税合计 holds: confirmed if the total is, else read at least."""
    firm = sums.total.status in {Status.CONFIRMED, Status.CORRECTED}
    reason = say("checks.sum_words") if firm else say("checks.sum")

    def lifted(reading: Reading) -> Reading:
        if contradicted(reading) or reading.status is Status.CONFIRMED:
            return reading
        if firm:
            return upgrade(reading, reason)
        return upgrade(reading, reason, Status.READ)

    return replace(sums, net=lifted(sums.net), tax=lifted(sums.tax), total=lifted(sums.total))


def _solve(sums: Sums) -> Sums | None:
    """Return the one choice among values read from pixels that adds up and fits the words."""
    said = words_value(sums.words)
    options = [_options(r) for r in (sums.net, sums.tax, sums.total)]
    solutions = {
        combo
        for combo in itertools.product(*options)
        if add_up(*combo) and (said is None or combo[2] == said)
    }
    if len(solutions) != 1 or said is None:
        return None
    net, tax, total = solutions.pop()
    chosen = [
        reading if reading.value == value else _choose(reading, value)
        for reading, value in ((sums.net, net), (sums.tax, tax), (sums.total, total))
    ]
    if chosen[0] is None or chosen[1] is None or chosen[2] is None:
        return None
    bound_total, words = bind_words(chosen[2], sums.words)
    return Sums(chosen[0], chosen[1], bound_total, words)


def _options(reading: Reading) -> list[Value]:
    values = [s.value for s in reading.sources if s.value is not None]
    return list(dict.fromkeys(values))[:_CANDIDATES]


def _broken(sums: Sums) -> Sums:
    values = (sums.net.value, sums.tax.value, sums.total.value)
    if any(value is None for value in values):
        return sums
    reason = say("checks.sum_differs", net=sums.net.raw, tax=sums.tax.raw, total=sums.total.raw)
    return replace(
        sums,
        net=_differ(sums.net, reason),
        tax=_differ(sums.tax, reason),
        total=_differ(sums.total, reason),
    )


def column_sums(parts: Sequence[Reading], total: Reading) -> bool | None:
    """Tell whether the parts of a column make its total exactly; ``None`` if a part is unread."""
    amounts = [part.amount for part in parts]
    if total.amount is None or not parts or any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0)) == total.amount

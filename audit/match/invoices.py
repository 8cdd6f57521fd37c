"""Ledger rows to invoices: by number, then by what a mistyped number leaves, then by the rest.

The steps go from certain to weak, and every link says by which step it came. What a row states
helps to find its invoice, never to decide what the invoice says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from audit.match import numbers
from audit.match.faces import (
    Claim,
    Face,
    amount_fits,
    best_of,
    claim_of,
    day_fits,
    face_of,
    score,
    seller_fits,
)
from audit.match.numbers import Mention
from audit.match.subsets import subsets
from audit.model import Document, LedgerRow, Message, say

K = TypeVar("K")
#: Invoices one row without a number may be the sum of.
SUM_SIZE = 4
SUM_POOL = 24
#: Equally good candidates that are shown.
SHOWN_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The invoices of a row, by which step, and what would fit as well."""

    invoices: tuple[str, ...]
    reason: Message
    confidence: float
    alternatives: tuple[tuple[str, ...], ...] = ()


@dataclass
class _Search:
    """The state of one search: what is found so far and which invoices are spoken for."""

    faces: tuple[Face, ...]
    found: dict[int, Found] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def settle(self, row: int, found: Found) -> None:
        self.found[row] = found
        self.taken.update(found.invoices)

    @cached_property
    def by_number(self) -> Mapping[str, list[Face]]:
        return _grouped((f.number, f) for f in self.faces if f.number)

    @cached_property
    def by_coded_number(self) -> Mapping[str, list[Face]]:
        return _grouped((f.code + f.number, f) for f in self.faces if f.number and f.code)

    @cached_property
    def by_ending(self) -> Mapping[str, list[Face]]:
        """Faces by every ending a person may type, and by the number without leading zeros."""
        pairs: set[tuple[str, int]] = set()
        for index, face in enumerate(self.faces):
            longest = len(face.number)
            for length in range(numbers.SHORTEST_SUFFIX, longest):
                pairs.add((face.number[-length:], index))
            if face.number:
                pairs.add((face.number.lstrip("0"), index))
        return _grouped((ending, self.faces[i]) for ending, i in sorted(pairs))

    @cached_property
    def by_figure(self) -> Mapping[str, list[Face]]:
        """Faces by the digits a spreadsheet keeps of a 20-digit figure."""
        return _grouped(
            (f.number[: numbers.FIGURE_DIGITS], f)
            for f in self.faces
            if len(f.number) == numbers.DIGITAL_LENGTH
        )

    @cached_property
    def by_amount(self) -> Mapping[int, list[Face]]:
        return _grouped((a, f) for f in self.faces for a in sorted(f.amounts))

    @cached_property
    def by_seller(self) -> Mapping[str, list[Face]]:
        return _grouped((f.seller, f) for f in self.faces)

    def free(self, candidates: Iterable[Face]) -> list[Face]:
        return [f for f in candidates if f.id not in self.taken]


def _grouped(pairs: Iterable[tuple[K, Face]]) -> Mapping[K, list[Face]]:
    groups: dict[K, list[Face]] = defaultdict(list)
    for key, face in pairs:
        groups[key].append(face)
    return groups


def find_invoices(
    rows: Sequence[LedgerRow],
    invoices: Sequence[Document],
) -> Mapping[int, Found]:
    """Return by row number the invoices found for each row; rows without one may still be there.

    A row whose ``Found.invoices`` is empty has only a reason, and perhaps alternatives.
    """
    search = _Search(tuple(face_of(d) for d in invoices))
    claims = [claim_of(r) for r in rows]
    for step in (_by_number, _by_part_of_number, _by_near_number, _by_unread_number):
        for claim in claims:
            if claim.row not in search.found and claim.mentions:
                step(search, claim)
    unnumbered = [c for c in claims if c.row not in search.found and not c.mentions]
    _by_rest(search, unnumbered)
    for claim in claims:
        if claim.row not in search.found:
            search.found[claim.row] = _not_found(search, claim)
    return search.found


def _others(faces: Sequence[Face]) -> tuple[tuple[str, ...], ...]:
    return tuple((f.id,) for f in faces[:SHOWN_ALTERNATIVES])


# --- by number ---------------------------------------------------------------------------------


def _exact(search: _Search, mention: Mention) -> list[Face]:
    same = search.by_coded_number.get(mention.code + mention.number, [])
    if mention.code and same:
        return same
    plain = search.by_number.get(mention.number, [])
    if mention.code:
        plain = [f for f in plain if not f.code or f.code == mention.code] or plain
    return [*plain, *(f for f in search.by_coded_number.get(mention.number, []) if f not in plain)]


def _by_number(search: _Search, claim: Claim) -> None:
    """Settle a row whose every number is that of an invoice, to the digit."""
    hits = [_exact(search, m) for m in claim.mentions]
    if not any(hits):
        return
    chosen: list[Face] = []
    others: list[Face] = []
    for candidates in hits:
        best, rest = best_of(claim, candidates)
        chosen += [best] if best is not None else rest[:1]
        others += rest if best is not None else rest[1:]
    missing = [m.number for m, h in zip(claim.mentions, hits, strict=True) if not h]
    found = Found(
        tuple(dict.fromkeys(f.id for f in chosen)),
        _number_reason(claim, chosen, others, missing),
        _number_confidence(claim, chosen, others),
        _others(others),
    )
    search.settle(claim.row, found)


def _number_reason(
    claim: Claim,
    chosen: Sequence[Face],
    others: Sequence[Face],
    missing: Sequence[str],
) -> Message:
    shown = "、".join(dict.fromkeys(f.number for f in chosen))
    if missing:
        return say("match.row.some_numbers", numbers=shown, missing="、".join(missing))
    if others:
        return say("match.row.number_twice", numbers=shown, count=len(others) + 1)
    if len(chosen) > 1:
        return say("match.row.numbers", numbers=shown, count=len(chosen))
    if amount_fits(claim, chosen[0]) is False and seller_fits(claim, chosen[0]) is False:
        return say("match.row.number_only", numbers=shown)
    return say("match.row.number", numbers=shown)


def _number_confidence(claim: Claim, chosen: Sequence[Face], others: Sequence[Face]) -> float:
    if others:
        return 0.6
    if not claim.sure or not all(f.number_legible for f in chosen):
        return 0.75
    if len(chosen) == 1:
        contradicted = amount_fits(claim, chosen[0]) is False
        stranger = seller_fits(claim, chosen[0]) is False
        return 0.8 if contradicted and stranger else 0.95 if contradicted or stranger else 0.99
    return 0.97


def _by_part_of_number(search: _Search, claim: Claim) -> None:
    """Settle a row that gives the end of a number, or one a spreadsheet rounded."""
    chosen: list[Face] = []
    others: list[Face] = []
    for mention in claim.mentions:
        best, rest = best_of(claim, _partial(search, mention))
        if best is None or score(claim, best) < 0:
            return
        chosen.append(best)
        others += [f for f in rest if score(claim, f) == score(claim, best)]
    supported = all(score(claim, f) > 0 for f in chosen)
    reason = say(
        "match.row.part_of_number",
        typed=claim.number_shown,
        printed="、".join(f.number for f in chosen),
    )
    ids = tuple(dict.fromkeys(f.id for f in chosen))
    search.settle(claim.row, Found(ids, reason, 0.9 if supported else 0.7, _others(others)))


def _partial(search: _Search, mention: Mention) -> list[Face]:
    typed = mention.number
    ending = [*search.by_ending.get(typed, []), *search.by_ending.get(typed.lstrip("0"), [])]
    if len(typed) == numbers.DIGITAL_LENGTH:
        ending += search.by_figure.get(typed[: numbers.FIGURE_DIGITS], []) if _cut(typed) else []
    found = list({f.id: f for f in ending}.values())
    coded = [f for f in found if not mention.code or not f.code or f.code == mention.code]
    return search.free(coded) or coded


def _cut(typed: str) -> bool:
    """Tell whether a 20-digit number ends in the zeros a spreadsheet puts after 15 digits."""
    return set(typed[numbers.FIGURE_DIGITS + 1 :]) == {"0"}


# --- a number that is off ----------------------------------------------------------------------


def _by_near_number(search: _Search, claim: Claim) -> None:
    """Propose the invoice whose number is one digit off while amount, seller and date agree."""
    if len(claim.mentions) != 1:
        return
    typed = claim.mentions[0].number
    near = [
        f
        for f in _same_amount(search, claim)
        if numbers.one_off(typed, f.number)
        and seller_fits(claim, f) is not False
        and day_fits(claim, f) is not False
        and (seller_fits(claim, f) or day_fits(claim, f))
    ]
    if len(near) == 1:
        reason = say("match.row.near_number", typed=typed, printed=near[0].number)
        search.settle(claim.row, Found((near[0].id,), reason, 0.6))


def _by_unread_number(search: _Search, claim: Claim) -> None:
    """Propose the invoice whose number could not be read while amount, seller and date agree."""
    fits = [
        f
        for f in _same_amount(search, claim)
        if not f.number_legible
        and seller_fits(claim, f) is not False
        and day_fits(claim, f) is not False
        and (seller_fits(claim, f) or day_fits(claim, f))
    ]
    if len(fits) == 1:
        reason = say("match.row.unread_number", typed=claim.mentions[0].number)
        search.settle(claim.row, Found((fits[0].id,), reason, 0.6))


def _same_amount(search: _Search, claim: Claim) -> list[Face]:
    found = {f.id: f for a in claim.amounts for f in search.by_amount.get(a, [])}
    return search.free(found.values())


# --- without a number --------------------------------------------------------------------------


def _by_rest(search: _Search, claims: Sequence[Claim]) -> None:
    """Settle rows without a number: by amount, seller and date; then as a sum of invoices."""
    for exact in (3, 2):
        for claim in claims:
            if claim.row not in search.found:
                _by_amount_seller_date(search, claim, exact)
    _equal_rows(search, [c for c in claims if c.row not in search.found])
    for claim in claims:
        if claim.row not in search.found:
            _by_sum(search, claim)


def _by_amount_seller_date(search: _Search, claim: Claim, least: int) -> None:
    fits = [f for f in _same_amount(search, claim) if score(claim, f) >= least]
    if len(fits) == 1:
        key = "match.row.amount_seller_date" if least > 2 else "match.row.amount_and_one"  # noqa: PLR2004 - all three agree
        reason = say(key, number=fits[0].number or "—")
        search.settle(claim.row, Found((fits[0].id,), reason, 0.85 if least > 2 else 0.7))  # noqa: PLR2004


def _equal_rows(search: _Search, claims: Sequence[Claim]) -> None:
    """Pair rows and invoices that nothing tells apart, if there are as many of one as of other."""
    alike: dict[tuple[str, tuple[int, ...], date | None], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.amounts:
            alike[claim.seller, claim.amounts, claim.day].append(claim)
    for group in alike.values():
        fits = [f for f in _same_amount(search, group[0]) if score(group[0], f) >= 2]  # noqa: PLR2004 - amount and one more
        if len(fits) != len(group):
            continue
        for claim, face in zip(group, fits, strict=True):
            others = [f for f in fits if f is not face]
            reason = say("match.row.alike", number=face.number or "—", count=len(fits))
            search.settle(claim.row, Found((face.id,), reason, 0.6, _others(others)))


def _by_sum(search: _Search, claim: Claim) -> None:
    """Propose the only set of the supplier's free invoices whose totals make the row's amount."""
    pool = search.free(search.by_seller.get(claim.seller, [])) if claim.seller else []
    pool = pool[:SUM_POOL]
    for basis in ("total", "net"):
        parts = [(f, c) for f in pool if (c := getattr(f, basis)) is not None and c > 0]
        for amount in claim.amounts:
            sets = subsets(amount, [c for _, c in parts], SUM_SIZE, limit=2)
            if len(sets) == 1 and len(sets[0]) > 1:
                ids = tuple(parts[i][0].id for i in sets[0])
                search.settle(claim.row, Found(ids, say("match.row.sum", count=len(ids)), 0.6))
                return


def _not_found(search: _Search, claim: Claim) -> Found:
    fits = [
        f
        for f in _same_amount(search, claim)
        if seller_fits(claim, f) is not False and (seller_fits(claim, f) or day_fits(claim, f))
    ]
    if fits:
        reason = say("match.row.other_number", typed=claim.number_shown or "—", count=len(fits))
        return Found((), reason, 0.0, _others(fits))
    if claim.number_shown:
        return Found((), say("match.row.not_found", typed=claim.number_shown), 0.0)
    return Found((), say("match.row.no_number"), 0.0)

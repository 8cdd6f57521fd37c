"""A ledger row and an invoice as matching sees them, and how well the two agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from audit.match.cents import to_cents
from audit.match.numbers import Mention, mentions
from audit.model import Document, LedgerRow, Reading, Status
from audit.text.names import company_similarity, normalise_company
from audit.text.normal import compact

#: Readings of one printed name by OCR rarely share less.
SIMILAR_NAME = 0.85


@dataclass(frozen=True)
class Face:
    """An invoice as matching sees it: amounts in cents, the seller's name normalised."""

    id: str
    number: str
    code: str
    seller: str
    total: int | None
    net: int | None
    day: date | None
    number_legible: bool

    @cached_property
    def amounts(self) -> frozenset[int]:
        """The amounts a row may state for it."""
        return frozenset(a for a in (self.total, self.net) if a is not None)


@dataclass(frozen=True)
class Claim:
    """A ledger row as matching sees it."""

    row: int
    mentions: tuple[Mention, ...]
    number_shown: str
    seller: str
    amounts: tuple[int, ...]
    day: date | None
    sure: bool


def face_of(document: Document) -> Face:
    """Return an invoice as matching sees it."""
    number = document.get("invoice_number")
    return Face(
        id=document.id,
        number=compact(number.text or ""),
        code=compact(document.get("invoice_code").text or ""),
        seller=normalise_company(document.get("seller_name").text or ""),
        total=to_cents(document.get("total_with_tax").amount),
        net=to_cents(document.get("amount_without_tax").amount),
        day=document.get("issue_date").day,
        number_legible=number.usable,
    )


def claim_of(row: LedgerRow) -> Claim:
    """Return a ledger row as matching sees it."""
    number, code = row.get("invoice_number"), row.get("invoice_code")
    stated = (row.get("amount_with_tax"), row.get("amount_without_tax"))
    return Claim(
        row=row.row,
        mentions=mentions(_as_text(number), _as_text(code)),
        number_shown=_as_text(number).strip(),
        seller=normalise_company(row.get("supplier").text or ""),
        amounts=tuple(c for r in stated if (c := to_cents(r.amount)) is not None),
        day=row.get("issue_date").day,
        sure=number.status is not Status.DOUBTFUL,
    )


def _as_text(found: Reading) -> str:
    return "" if found.value is None else format(found.value)


def amount_fits(claim: Claim, face: Face) -> bool | None:
    """Tell whether a stated amount is one of the invoice's; ``None`` if either is unknown."""
    if not claim.amounts or not face.amounts:
        return None
    return any(a in face.amounts for a in claim.amounts)


def seller_fits(claim: Claim, face: Face) -> bool | None:
    """Tell whether supplier and seller are one company or misreadings of one; ``None``: unknown."""
    if not claim.seller or not face.seller:
        return None
    same = claim.seller == face.seller
    return same or company_similarity(claim.seller, face.seller) >= SIMILAR_NAME


def day_fits(claim: Claim, face: Face) -> bool | None:
    """Tell whether the row's invoice date is the invoice's; ``None`` if either is unknown."""
    if claim.day is None or face.day is None:
        return None
    return claim.day == face.day


def score(claim: Claim, face: Face) -> int:
    """Return how much else agrees: +1 for each of amount, seller and date, -1 if it differs."""
    checks = (amount_fits(claim, face), seller_fits(claim, face), day_fits(claim, face))
    return sum(0 if c is None else 1 if c else -1 for c in checks)


def best_of(claim: Claim, candidates: Sequence[Face]) -> tuple[Face | None, list[Face]]:
    """Return (the one candidate that agrees best or ``None`` on a tie, all others)."""
    ordered = sorted(candidates, key=lambda f: -score(claim, f))
    if not ordered:
        return None, []
    tied = len(ordered) > 1 and score(claim, ordered[0]) == score(claim, ordered[1])
    return (None, ordered) if tied else (ordered[0], ordered[1:])

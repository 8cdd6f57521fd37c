"""What is known across cases: where a number, seal, serial or picture was seen before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose case it is: ``programme`` is ``municipal``, ``district``, ``national`` or empty."""

    case: str
    applicant: str = ""
    applicant_id: str = ""
    district: str = ""
    year: int | None = None
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One identifying mark on one document of a case.

    ``kind``: invoice, receipt, bill, serial, seal, picture, text (a band of an acceptance
    report's wording). ``key``: the mark itself, normalised. ``seal_of``: for an invoice its
    seller. ``amount`` in 元 with tax. ``detail``: what helps to compare (a whole picture hash).
    """

    kind: str
    key: str
    document_key: str
    file: str = ""
    page_index: int = 0
    amount: Decimal | None = None
    day: date | None = None
    buyer: str = ""
    seller: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CrossHit:
    """A mark of this case that another case carries as well.

    ``differs``: fields in which the two disagree although the mark is the same (amount, buyer,
    seller, day): a cloned face. ``strength`` 0-1: share of a text's bands that agree; 1 for
    numbers. ``hashed``: known from a keyed list only, so nothing but the mark can be compared.
    """

    kind: str
    key: str
    document_key: str
    holder: Holder
    file: str = ""
    page_index: int = 0
    differs: tuple[str, ...] = ()
    strength: float = 1.0
    hashed: bool = False


@dataclass(frozen=True, slots=True)
class SellerCrowd:
    """A seller of this case that bills several other applicants at amounts that occur here too.

    ``applicants``: those others; ``same_amounts``: how many such invoices they have.
    """

    seller: str
    applicants: tuple[str, ...]
    same_amounts: int


@dataclass(frozen=True, slots=True)
class CrossView:
    """What the registry says of a case; ``cases``: how many others it holds."""

    cases: int
    hits: tuple[CrossHit, ...] = ()
    crowds: tuple[SellerCrowd, ...] = ()


#: What the tax platform may answer, as a person keys it in.
PLATFORM_RESULTS = ("normal", "void", "red", "part_red", "full_red", "not_found", "differs")


@dataclass(frozen=True, slots=True)
class Verification:
    """What the tax platform said of an invoice when a person asked it.

    ``status``: one of ``PLATFORM_RESULTS``. ``at``: as the person wrote it. ``screenshot``: file
    name of the proof and its SHA-256, empty if none was given.
    """

    document_key: str
    status: str
    by: str
    at: str
    screenshot: str = ""
    screenshot_sha256: str = ""

"""Marks on a page: impressions of seals, and cues about the picture itself."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model.geometry import Box
from audit.model.message import Message


@dataclass(frozen=True, slots=True)
class Impression:
    """A seal impression as seen on a page, before anyone asks whose it is.

    ``shape``: circle, ellipse, square, triangle, other. ``colour``: red, black, blue.
    ``mark``: ``seal``, or a printed mark that is not a company seal: ``supervision``
    (监制章), ``stamp`` (附件, 作废, 已付 …). ``traits``: measured figures such as pressure
    and grain, for the freshness grade. ``descriptor``: short vector for finding reuse;
    ``texture``: its ink laid straight, packed, to tell one picture from two stampings.
    """

    box: Box
    shape: str
    colour: str
    mark: str = "seal"
    text: str = ""
    text_confidence: float = 0.0
    kind_text: str = ""
    """The line under the star, e.g. 财务专用章, when read."""
    number: str = ""
    """A tax number or registration code on the seal, when read."""
    score: float = 0.0
    traits: tuple[tuple[str, float], ...] = ()
    descriptor: tuple[float, ...] = ()
    texture: str = ""
    rivals: tuple[str, ...] = ()
    """Unsure characters of ``text``, each with others that it nearly was, likeliest first."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A handwritten name on a page. ``label``: the words that ask for it (法定代表人 …).

    ``strokes``: its ink at one height, packed, to tell one picture from two signings.
    """

    box: Box
    label: str
    strokes: str


#: So many signatures of a case, in the order of its files, are compared with each other: the
#: comparisons grow with the square.
MOST_SIGNATURES = 600


@dataclass(frozen=True, slots=True)
class SignedPlace:
    """Where in the case a signature stands."""

    file: str
    page_index: int
    box: Box
    label: str


@dataclass(frozen=True, slots=True)
class SignaturePair:
    """Two signatures that look like one picture; score 0-1."""

    first: SignedPlace
    second: SignedPlace
    score: float


@dataclass(frozen=True, slots=True)
class ImageCue:
    """Something about the picture that a person should look at (never a verdict)."""

    name: str
    box: Box | None
    score: float


@dataclass(frozen=True, slots=True)
class ImpressionPair:
    """Two impressions that may be one picture used twice; score 0-1."""

    first_key: str
    second_key: str
    score: float


@dataclass(frozen=True, slots=True)
class Seal:
    """An impression in its case: whose, which kind, how fresh.

    ``origin``: scan, pdf_widget, ofd_signature. ``kind``: official, finance, invoice,
    contract, legal_representative, supervision, bank, unknown. ``owner``: applicant,
    seller, payee, other, unknown. ``freshness``: supported, doubtful, contradicted,
    cannot_tell, not_applicable.
    """

    id: str
    key: str
    origin: str
    file: str
    page_index: int
    box: Box
    shape: str
    colour: str
    kind: str
    text: str
    owner: str
    freshness: str
    reasons: tuple[Message, ...] = ()
    number: str = ""
    """The tax number or registration code read on it, empty if none."""
    text_confidence: float = 1.0
    """Of the lowest character of ``text``, 0-1."""
    rivals: tuple[str, ...] = ()
    """Unsure characters of ``text``, each with others that it nearly was, likeliest first."""

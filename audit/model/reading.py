"""A Reading: one field of one document, with every source and why it is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from audit.model.geometry import Box
from audit.model.message import Message

#: Money is 元 throughout; 万元 exists only where it is printed or shown.
Money = Decimal
Value = Decimal | date | str


class Origin(StrEnum):
    """Where a candidate value was read."""

    XML = "xml"
    XBRL = "xbrl"
    OFD = "ofd"
    ATTACHMENT = "attachment"
    TEXT_LAYER = "text_layer"
    """The issuer's own text: PDF text layer, OFD page text, cells of a spreadsheet, Word text."""
    QR = "qr"
    OCR = "ocr"
    """Read from pixels; also a scanner's invisible text layer over a picture."""
    OCR2 = "ocr2"
    """A second look: other engine, resolution or colour channel on a crop."""
    HUMAN = "human"


STRUCTURED = frozenset({Origin.XML, Origin.XBRL, Origin.OFD, Origin.ATTACHMENT})
FACE = frozenset({Origin.TEXT_LAYER, Origin.OCR, Origin.OCR2})


class Status(StrEnum):
    """How far a reading may be relied on. It speaks of the reading, never of the truth."""

    CONFIRMED = "confirmed"
    READ = "read"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One source's answer for one field. ``page_index`` counts from 0 within the file.

    ``file`` is empty for the document's own file, else that of another copy.
    """

    origin: Origin
    value: Value | None
    raw: str
    confidence: float = 1.0
    page_index: int | None = None
    box: Box | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is believed about one field, from which sources, and why."""

    value: Value | None
    raw: str
    status: Status
    confidence: float
    sources: tuple[Candidate, ...] = ()
    reasons: tuple[Message, ...] = ()

    @property
    def usable(self) -> bool:
        """Tell whether rules may judge on it: confirmed, read or corrected, and not empty."""
        return self.value is not None and self.status in USABLE

    @property
    def amount(self) -> Decimal | None:
        """The value if it is money or a number, whatever its status."""
        return self.value if isinstance(self.value, Decimal) else None

    @property
    def day(self) -> date | None:
        """The value if it is a date, whatever its status."""
        return self.value if isinstance(self.value, date) else None

    @property
    def text(self) -> str | None:
        """The value if it is text, whatever its status."""
        return self.value if isinstance(self.value, str) else None

    @property
    def where(self) -> Candidate | None:
        """The first source that has a place on a page, print on the face before QR codes."""
        placed = [s for s in self.sources if s.page_index is not None]
        printed = (s for s in placed if s.origin in FACE and s.box is not None)
        return next(printed, placed[0] if placed else None)


USABLE = frozenset({Status.CONFIRMED, Status.READ, Status.CORRECTED})
MISSING = Reading(value=None, raw="", status=Status.MISSING, confidence=0.0)

"""A page and what was found on it before anyone asked what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from audit.model.geometry import Box
from audit.model.marks import ImageCue, Impression, Signature
from audit.model.problem import Problem
from audit.model.reading import Origin


class PageMode(StrEnum):
    """The medium of a page."""

    COLOUR = "colour"
    GREY = "grey"
    BILEVEL = "bilevel"
    DIGITAL = "digital"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one file's content; no path (the cache knows contents only).

    ``size`` in pixels of the working raster, upright; ``(0, 0)`` where there is none
    (spreadsheet, Word). ``rotation``: degrees clockwise by which the page, as a viewer
    shows it, is turned away from upright. ``skew``: degrees, clockwise positive.
    """

    sha256: str
    page_index: int
    mode: PageMode
    size: tuple[int, int] = (0, 0)
    size_mm: tuple[float, float] | None = None
    dpi: int | None = None
    rotation: int = 0
    skew: float = 0.0
    quality: tuple[tuple[str, float], ...] = ()
    """Measured, e.g. ``("sharpness", 0.8)``, ``("brightness", 0.9)``."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A run of text on one baseline without a wide gap; two table cells are two lines.

    ``confidence`` is that of the *lowest* character (1.0 for issuer's text).
    ``char_edges``: x (fraction of the page) of the left edge of every character and the
    right edge of the last, ``len(text) + 1`` values, or empty when unknown.
    """

    text: str
    box: Box
    origin: Origin = Origin.TEXT_LAYER
    confidence: float = 1.0
    char_edges: tuple[float, ...] = ()
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class CodePayload:
    """A QR or bar code as decoded; ``text`` untouched."""

    text: str
    box: Box
    symbology: str = "QRCode"


@dataclass(frozen=True, slots=True)
class RecordField:
    """One named value of structured data. ``name``: native element path, ``/``-joined."""

    name: str
    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Structured data that came with the page or file, in its native names.

    ``schema``: ``einvoice-xml`` (数电票 EInvoice), ``edrm-2019`` (OFD original_invoice.xml),
    ``ofd-tags`` (CustomTag and CustomData), ``xbrl-inv``, ``xbrl-einv``, ``xbrl-bker``,
    ``xbrl-bkrs``, ``pdf-info``. ``items``: repeated groups (invoice lines), in order.
    """

    origin: Origin
    schema: str
    fields: tuple[RecordField, ...]
    items: tuple[tuple[RecordField, ...], ...] = ()

    def get(self, name: str) -> str | None:
        """Return the first value whose name is ``name`` or ends in ``/name``."""
        tail = "/" + name
        return next((f.text for f in self.fields if f.name == name or f.name.endswith(tail)), None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``row`` and ``column`` from 0 in the sheet.

    ``text`` is the value as a person would see it; ``number`` and ``day`` carry the typed
    value where the format has one (exact, never through float text). A merged area is
    given once, at its top left cell, with ``row_span`` and ``column_span``.
    """

    row: int
    column: int
    text: str
    number: Decimal | None = None
    day: date | None = None
    row_span: int = 1
    column_span: int = 1
    hidden: bool = False
    box: Box | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, a Word table, or a ruled table seen on a page; cells in reading order."""

    name: str
    cells: tuple[Cell, ...]
    origin: Origin = Origin.TEXT_LAYER
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ElectronicSeal:
    """A signature seal that a format declares (PDF widget, OFD signature)."""

    origin: str
    """``pdf_widget`` or ``ofd_signature``."""
    box: Box
    text: str = ""
    signer: str = ""
    signature: str = ""
    """``holds``, ``partial``, ``broken`` or ``unchecked``; empty: nobody looked."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """All that readers and recognisers found on one page: the input of ``extract``."""

    page: Page
    lines: tuple[TextLine, ...] = ()
    tables: tuple[Table, ...] = ()
    records: tuple[Record, ...] = ()
    codes: tuple[CodePayload, ...] = ()
    impressions: tuple[Impression, ...] = ()
    electronic_seals: tuple[ElectronicSeal, ...] = ()
    cues: tuple[ImageCue, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    signatures: tuple[Signature, ...] = ()


class Look(StrEnum):
    """How a place is read again."""

    CROP = "crop"
    """The same pixels, cut wider: checks a text layer or a clipped box."""
    LARGER = "larger"
    """Twice the resolution."""
    NO_RED = "no_red"
    """Seal ink removed."""
    OTHER_CHANNEL = "other_channel"
    """A channel in which red print is visible."""
    SECOND_ENGINE = "second_engine"


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A wish of ``extract``: read this place again in this way, for this field."""

    field_name: str
    box: Box
    look: Look
    document_index: int = 0
    """Which document on the page (order of ``extract``'s result) asked."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The answer to a ``ReadAgain``: what was read there (``text`` empty: nothing)."""

    wish: ReadAgain
    text: str
    confidence: float

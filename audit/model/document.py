"""Documents found on pages, and rows of the investment ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from audit.model.geometry import WHOLE_PAGE, Box
from audit.model.marks import ImageCue, Impression, Signature
from audit.model.message import Message
from audit.model.page import CodePayload, ElectronicSeal, Page, ReadAgain, TextLine
from audit.model.problem import Problem
from audit.model.reading import MISSING, Reading

_NONE: Mapping[str, Reading] = MappingProxyType({})


class DocumentKind(StrEnum):
    """What a page or document is."""

    APPLICATION_FORM = "application_form"
    CONSTRUCTION_PLAN = "construction_plan"
    INVESTMENT_LEDGER = "investment_ledger"
    VAT_INVOICE = "vat_invoice"
    BANK_RECEIPT = "bank_receipt"
    ACCEPTANCE_BILL = "acceptance_bill"
    ACCEPTANCE_REPORT = "acceptance_report"
    CONTRACT = "contract"
    PROJECT_FILING = "project_filing"
    BUSINESS_LICENCE = "business_licence"
    SECURITY_EVIDENCE = "security_evidence"
    MATURITY_ASSESSMENT = "maturity_assessment"
    AUDIT_REPORT = "audit_report"
    FINANCIAL_STATEMENT = "financial_statement"
    COMMITMENT = "commitment"
    BANK_STATEMENT = "bank_statement"
    DEVICE_PHOTO = "device_photo"
    INVOICE_LIST = "invoice_list"
    OTHER = "other"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    """One line of an invoice. ``category`` (software, equipment …) is judged later, per case."""

    name: Reading = MISSING
    specification: Reading = MISSING
    unit: Reading = MISSING
    quantity: Reading = MISSING
    unit_price: Reading = MISSING
    amount: Reading = MISSING
    tax_rate: Reading = MISSING
    """As a fraction: 0.13; text for 免税, 不征税 and ***."""
    tax: Reading = MISSING
    code: Reading = MISSING
    """19-digit tax classification code where structured data has it."""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document. ``file`` is empty and ``page_indexes`` relative until the case joins pages.

    ``marks``: words seen across or beside the face that change its meaning, e.g.
    ``作废``, ``疑似作废``, ``代开``, ``红字``, ``记账联``, ``销货清单``.
    """

    kind: DocumentKind
    subkind: str = ""
    page_indexes: tuple[int, ...] = ()
    region: Box = WHOLE_PAGE
    fields: Mapping[str, Reading] = field(default_factory=lambda: _NONE)
    items: tuple[InvoiceItem, ...] = ()
    marks: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()
    """Why this kind; trouble inside the document (arithmetic, 大写)."""
    origin_digital: bool = False
    """Born-digital (text layer, OFD, XML, spreadsheet, Word), not a picture of paper."""
    id: str = ""
    key: str = ""
    file: str = ""
    seal_ids: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, int], ...] = ()
    """Other copies of the same document in the case: (file, page_index)."""
    further: tuple[tuple[str, int], ...] = ()
    """Later pages that lie in files of their own, in their order: (file, page_index)."""

    @property
    def own_places(self) -> tuple[tuple[str, int], ...]:
        """Every page of the document itself, in their order: (file, page_index)."""
        return (*((self.file, index) for index in self.page_indexes), *self.further)

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Every page of the document and of its copies in the case: (file, page_index)."""
        return (*self.own_places, *self.duplicates)

    def get(self, name: str) -> Reading:
        """Return the reading of ``name``, ``MISSING`` if the document has none."""
        return self.fields.get(name, MISSING)


class RowRole(StrEnum):
    """What a ledger row is."""

    ITEM = "item"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the investment ledger; money in 元 whatever unit was printed.

    ``row`` is the running number over all ledgers (from 1), given by the case step; 0 until then.
    ``table``/``table_row``: sheet name and 1-based row there, or page for a scan.
    """

    role: RowRole
    cells: Mapping[str, Reading]
    row: int = 0
    key: str = ""
    file: str = ""
    page_index: int = 0
    table: str = ""
    table_row: int = 0

    def get(self, name: str) -> Reading:
        """Return the cell ``name``, ``MISSING`` if the ledger has no such column."""
        return self.cells.get(name, MISSING)


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page task gives back; cached by content, so it knows no path and no case."""

    page: Page
    kind: DocumentKind
    kind_confidence: float
    documents: tuple[Document, ...] = ()
    rows: tuple[LedgerRow, ...] = ()
    lines: tuple[TextLine, ...] = ()
    codes: tuple[CodePayload, ...] = ()
    impressions: tuple[Impression, ...] = ()
    electronic_seals: tuple[ElectronicSeal, ...] = ()
    cues: tuple[ImageCue, ...] = ()
    problems: tuple[Problem, ...] = ()
    asks: tuple[ReadAgain, ...] = ()
    continues: bool = False
    """The page goes on with the document of the page before it."""
    signatures: tuple[Signature, ...] = ()

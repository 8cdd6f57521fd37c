"""What a fictional case consists of. Money in 元; everything frozen, faults make changed copies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cases.casegen import codes

QR_KINDS = {
    "vat_special_paper": "01",
    "vat_general_paper": "04",
    "vat_e_general": "10",
    "vat_e_special": "20",
    "digital_special": "31",
    "digital_general": "32",
}


@dataclass(frozen=True)
class Company:
    name: str
    tax_id: str
    region: str
    address: str
    phone: str
    bank: str
    account: str
    person: str
    founded: date = date(2015, 6, 18)
    scope: str = ""
    trade: str = ""


@dataclass(frozen=True)
class Item:
    """A line of an invoice; ``rate`` as a fraction, ``None`` for 免税; ``price`` without tax."""

    short: str
    name: str
    spec: str
    unit: str
    quantity: Decimal | None
    amount: Decimal
    rate: Decimal | None
    tax: Decimal = Decimal(0)
    code: str = ""

    @property
    def full_name(self) -> str:
        return f"*{self.short}*{self.name}"

    @property
    def price(self) -> str:
        if self.quantity is None:
            return ""
        value = (self.amount / self.quantity).quantize(Decimal("1.0000000000"))
        return f"{value.normalize():f}"

    @property
    def rate_text(self) -> str:
        return "免税" if self.rate is None else f"{(self.rate * 100).normalize():f}%"


@dataclass(frozen=True)
class Invoice:
    """An invoice as issued. ``printed``: field → text printed instead of the true one (a fault)."""

    key: str
    kind: str
    code: str
    number: str
    day: date
    buyer: Company
    seller: Company
    items: tuple[Item, ...]
    remarks: str = ""
    check_code: str = ""
    machine: str = ""
    cipher: tuple[str, ...] = ()
    people: tuple[str, str, str] = ("", "", "")
    copy_name: str = "发票联"
    printed: dict[str, str] = field(default_factory=dict)
    across: str = ""
    qr_amount: Decimal | None = None

    @property
    def net(self) -> Decimal:
        return sum((i.amount for i in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((i.tax for i in self.items), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    @property
    def tax_text(self) -> str:
        return "***" if all(i.rate is None for i in self.items) else f"¥{self.tax}"

    @property
    def digital(self) -> bool:
        return self.kind.startswith("digital")

    @property
    def qr(self) -> str:
        amount = self.qr_amount
        if amount is None:
            amount = self.total if self.digital else self.net
        check = self.check_code if self.kind != "vat_special_paper" else ""
        return codes.qr_payload(
            QR_KINDS[self.kind], self.code, self.number, amount, self.day, check
        )


@dataclass(frozen=True)
class Payment:
    """A bank receipt, or (``bill``) an electronic bill of exchange endorsed to the payee."""

    key: str
    bank: str
    day: date
    payer: Company
    payee: Company
    amount: Decimal
    purpose: str
    serial: str
    receipt: str
    stamp: str = ""
    check: str = ""
    words: str = ""
    bill: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Contract:
    number: str
    day: date
    party_a: Company
    party_b: Company
    subject: str
    lines: tuple[tuple[str, str, str, str, Decimal], ...]  # name, spec, quantity, unit, sum
    total: Decimal
    terms: str
    rate: str = "13%"


@dataclass(frozen=True)
class Row:
    """A row of the investment ledger as the applicant wrote it."""

    category: str
    name: str
    purpose: str
    supplier: str
    contract: str
    invoices: tuple[str, ...]
    number: str
    code: str
    kind: str
    day: str
    total: Decimal
    net: Decimal
    tax: Decimal
    payments: tuple[str, ...]
    voucher: str
    paid_on: str
    quantity: str = "1"
    spec: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class Form:
    """What annex 1 says; amounts in 万元 as printed."""

    invested: str
    planned: str
    software: str
    hardware: str
    security: str
    devices: str
    period: str
    completed: str = "是"
    directions: tuple[str, ...] = ("数字化管理",)
    scenes: tuple[str, ...] = ("生产制造优化", "质量管控", "设备资产管理")
    maturity_score: str = "2.36"
    maturity_level: str = "二级"
    years: tuple[tuple[str, ...], ...] = ()
    intro: str = ""
    project_intro: str = ""
    provider: str = ""
    province: str = ""
    gains: tuple[str, ...] = ("186万元", "1.2%", "18%", "9.5%")
    provider_services: tuple[str, ...] = ("系统集成服务", "软件和信息服务")
    ownership: str = "民营"
    size_class: str = "中型"
    employees: str = "326"
    founded: str = ""
    commitment_day: date = date(2024, 5, 15)
    sealed: bool = True
    signed: bool = True


@dataclass(frozen=True)
class Acceptance:
    key: str
    project: str
    contract: str
    owner: Company
    contractor: Company | None
    day: date
    conclusion: str
    lines: tuple[tuple[str, str, str, str], ...]
    experts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """How a sheet came into the file. ``stamp``: which seals lie on it besides its own."""

    mode: str = "colour"
    dpi: int = 200
    skew: float | None = None
    noise: float = 1.5
    blur: float = 0.5
    quality: int = 60
    photo: bool = False
    rotate: int = 0
    shadow: float = 0.0
    ink: float = 1.0
    seal_mode: str = "fresh"
    seal_picture: int | None = None  # one picture of a seal pasted everywhere; None: pressed anew


@dataclass(frozen=True)
class Sheet:
    """One document (all its pages) in a file.

    ``kind``: what it is (``vat_invoice`` …) or a face of the generator; ``subject``: key of the
    invoices, payments … on it; ``seals``: names of the seals pressed on it (``applicant``,
    ``finance``, ``seller``); ``option``: variant.
    """

    kind: str
    subject: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    option: str = ""


@dataclass(frozen=True)
class Paper:
    """One file of the case folder."""

    path: str
    sheets: tuple[Sheet, ...]
    medium: str = "scan"  # scan (pdf of JPEGs), jpg, png, pdf, ofd, xml, xlsx, docx
    look: Look = Look()


@dataclass(frozen=True)
class Case:
    name: str
    seed: int
    applicant: Company
    project: str
    period: tuple[date, date]
    applied: date
    rows: tuple[Row, ...]
    invoices: dict[str, Invoice]
    payments: dict[str, Payment]
    contracts: dict[str, Contract]
    acceptances: dict[str, Acceptance]
    form: Form
    papers: tuple[Paper, ...] = ()
    ledger_total: Decimal | None = None  # printed instead of the sum (a fault)
    ledger_unit: str = "元"
    filing_total: str = ""
    filing_code: str = ""
    assessed: date = date(2023, 9, 12)
    sealed_rows: tuple[Row, ...] = ()  # the sealed scan, where it differs from the spreadsheet
    security_total: Decimal = Decimal(0)
    facts: dict[str, str] = field(default_factory=dict)

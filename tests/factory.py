"""Small facts for tests of judgement: readings, papers, rows and whole cases, all fictional.

Every builder takes plain values (``"1130.00"``, ``"2023-03-01"``) and makes typed readings of
them by the field's name; pass a ``Reading`` to control status, sources or reasons. ``case``
numbers and keys what has no id yet, so a test names only what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from audit.model import (
    MISSING,
    Applicant,
    Box,
    Candidate,
    CaseFacts,
    CaseFile,
    Document,
    DocumentKind,
    Effect,
    FileStatus,
    Finding,
    InvoiceItem,
    LedgerRow,
    Message,
    Origin,
    Page,
    PageMode,
    Reading,
    RowRole,
    Seal,
    Severity,
    Status,
    Subjects,
    Value,
    Verdict,
    say,
    stable_key,
)
from audit.model.case import CasePage
from audit.policy.schema import Category, Clause, Policy, RequiredDocument, Thresholds

APPLICANT = "重庆山城智造有限公司"
APPLICANT_ID = "91500112MA5XYWN12A"
SELLER = "成都云帆软件有限公司"
SELLER_ID = "91510100MA6ABCN12G"
PERIOD = (date(2022, 3, 1), date(2023, 12, 31))
APPLIED_ON = date(2024, 5, 10)

#: Anything a builder takes for a field.
Plain = Reading | Value | None
_MONEY = frozenset(
    {
        "amount",
        "tax",
        "quantity",
        "unit_price",
        "amount_without_tax",
        "amount_with_tax",
        "tax_amount",
        "total_with_tax",
        "contract_total",
        "planned_total",
        "total_investment",
        "invested_amount",
        "software_investment",
        "hardware_investment",
        "security_investment",
        "maturity_score",
        "device_count",
        "employees",
    }
)


def reading(
    value: Value | None,
    status: Status = Status.CONFIRMED,
    *,
    confidence: float = 0.99,
    origin: Origin = Origin.TEXT_LAYER,
    page_index: int = 0,
    box: Box | None = None,
    raw: str | None = None,
) -> Reading:
    """Return a reading with one source; ``None`` gives a missing one."""
    if value is None:
        return MISSING
    shown = str(value) if raw is None else raw
    source = Candidate(origin, value, shown, confidence, page_index, box)
    return Reading(value, shown, status, confidence, (source,))


def typed(name: str, value: Plain, status: Status = Status.CONFIRMED) -> Reading:
    """Return ``value`` as the reading of the field ``name``; text of money and dates is parsed."""
    if isinstance(value, Reading):
        return value
    if isinstance(value, str):
        if name in _MONEY or (name == "tax_rate" and value[:1].isdigit()):
            return reading(Decimal(value), status)
        if name.endswith("_date"):
            return reading(date.fromisoformat(value), status)
    return reading(value, status)


def fields(status: Status = Status.CONFIRMED, /, **values: Plain) -> dict[str, Reading]:
    """Return readings by field name."""
    return _readings(values, status)


def _readings(values: Mapping[str, Plain], status: Status) -> dict[str, Reading]:
    return {name: typed(name, value, status) for name, value in values.items()}


def document(
    kind: DocumentKind,
    *,
    status: Status = Status.CONFIRMED,
    items: Sequence[InvoiceItem] = (),
    subkind: str = "",
    file: str = "",
    page_indexes: tuple[int, ...] = (0,),
    marks: tuple[str, ...] = (),
    digital: bool = True,
    seal_ids: tuple[str, ...] = (),
    **values: Plain,
) -> Document:
    """Return a paper of any kind; ``values`` are its fields, all with ``status``."""
    return Document(
        kind=kind,
        subkind=subkind,
        page_indexes=page_indexes,
        fields=fields(status, **values),
        items=tuple(items),
        marks=marks,
        origin_digital=digital,
        file=file,
        seal_ids=seal_ids,
    )


def item(
    name: str,
    amount: Plain = None,
    *,
    tax_rate: Plain = "0.13",
    status: Status = Status.CONFIRMED,
    **values: Plain,
) -> InvoiceItem:
    """Return one line of an invoice; ``amount`` without tax."""
    given: dict[str, Plain] = {"name": name, "amount": amount, "tax_rate": tax_rate, **values}
    readings = {key: typed(key, value, status) for key, value in given.items()}
    return InvoiceItem(**readings)  # type: ignore[arg-type]


def invoice(
    number: Plain,
    total: Plain = "113000.00",
    *,
    seller: Plain = SELLER,
    buyer: Plain = APPLICANT,
    day: Plain = "2023-03-01",
    rate: str = "0.13",
    goods: str = "*软件*生产执行系统软件",
    status: Status = Status.CONFIRMED,
    items: Sequence[InvoiceItem] | None = None,
    subkind: str = "digital_special",
    file: str = "",
    page_indexes: tuple[int, ...] = (0,),
    marks: tuple[str, ...] = (),
    digital: bool = True,
    seal_ids: tuple[str, ...] = (),
    **values: Plain,
) -> Document:
    """Return an invoice over ``total`` with tax; net, tax and one item follow from ``rate``."""
    derived: dict[str, Plain] = {}
    gross = Decimal(total) if isinstance(total, str) else total
    if isinstance(gross, Decimal):
        net = (gross / (1 + Decimal(rate))).quantize(Decimal("0.01"))
        derived = {"amount_without_tax": net, "tax_amount": gross - net}
        if items is None:
            items = (item(goods, net, tax_rate=rate, tax=gross - net, status=status),)
    given: dict[str, Plain] = {
        "invoice_number": number,
        "issue_date": day,
        "total_with_tax": gross,
        "seller_name": seller,
        "seller_taxpayer_id": SELLER_ID if seller == SELLER else None,
        "buyer_name": buyer,
        "buyer_taxpayer_id": APPLICANT_ID if buyer == APPLICANT else None,
        **derived,
        **values,
    }
    return Document(
        kind=DocumentKind.VAT_INVOICE,
        subkind=subkind,
        page_indexes=page_indexes,
        fields=_readings(given, status),
        items=tuple(items or ()),
        marks=marks,
        origin_digital=digital,
        file=file,
        seal_ids=seal_ids,
    )


def receipt(
    amount: Plain,
    *,
    payee: Plain = SELLER,
    payer: Plain = APPLICANT,
    day: Plain = "2023-03-05",
    purpose: Plain = None,
    kind: DocumentKind = DocumentKind.BANK_RECEIPT,
    status: Status = Status.CONFIRMED,
    file: str = "",
    **values: Plain,
) -> Document:
    """Return a bank receipt (or bill) over ``amount``."""
    given: dict[str, Plain] = {
        "amount": amount,
        "payer_name": payer,
        "payee_name": payee,
        "payment_date": day,
        "purpose": purpose,
        **values,
    }
    return Document(
        kind=kind,
        page_indexes=(0,),
        fields=_readings(given, status),
        origin_digital=True,
        file=file,
    )


def row(
    invoice_number: Plain = None,
    amount: Plain = None,
    *,
    role: RowRole = RowRole.ITEM,
    number: int = 0,
    supplier: Plain = None,
    status: Status = Status.CONFIRMED,
    file: str = "",
    **values: Plain,
) -> LedgerRow:
    """Return a ledger row; ``amount`` is ``amount_with_tax``; columns of ``None`` are absent."""
    given: dict[str, Plain] = {
        "invoice_number": invoice_number,
        "amount_with_tax": amount,
        "supplier": supplier,
        **values,
    }
    cells = _readings({k: v for k, v in given.items() if v is not None}, status)
    return LedgerRow(role=role, cells=cells, row=number, file=file)


def total_row(amount: Plain, *, role: RowRole = RowRole.TOTAL, **values: Plain) -> LedgerRow:
    """Return the ledger's total row."""
    cells = _readings({"amount_with_tax": amount, **values}, Status.CONFIRMED)
    return LedgerRow(role=role, cells=cells)


def seal(
    seal_id: str,
    *,
    owner: str = "applicant",
    kind: str = "official",
    file: str = "",
    page_index: int = 0,
    freshness: str = "supported",
    text: str = APPLICANT,
) -> Seal:
    """Return a red round scanned seal."""
    return Seal(
        id=seal_id,
        key=stable_key("seal", seal_id),
        origin="scan",
        file=file,
        page_index=page_index,
        box=Box(0.6, 0.7, 0.8, 0.85),
        shape="circle",
        colour="red",
        kind=kind,
        text=text,
        owner=owner,
        freshness=freshness,
    )


def applicant(**values: object) -> Applicant:
    """Return the applicant of the tests; any part of it can be given."""
    given: dict[str, object] = {
        "name": APPLICANT,
        "taxpayer_id": APPLICANT_ID,
        "project_name": "数字化车间建设项目",
        "period": PERIOD,
        "applied_on": APPLIED_ON,
        **values,
    }
    return Applicant(**given)  # type: ignore[arg-type]


def case(
    documents: Sequence[Document] = (),
    rows: Sequence[LedgerRow] = (),
    *,
    seals: Sequence[Seal] = (),
    who: Applicant | None = None,
    sealed_rows: Sequence[LedgerRow] = (),
    name: str = "测试案卷",
) -> CaseFacts:
    """Return the facts of a case: documents get ids D1…, rows numbers (items first), all keys."""
    placed = tuple(_placed(d, n) for n, d in enumerate(documents, 1))
    return CaseFacts(
        name=name,
        applicant=who or applicant(),
        files=_files(placed),
        pages=tuple(_page(d, i) for d in placed for i in d.page_indexes),
        documents=placed,
        seals=tuple(seals),
        rows=_numbered(rows),
        sealed_rows=_numbered(sealed_rows),
    )


def _placed(paper: Document, number: int) -> Document:
    named = replace(paper, id=paper.id or f"D{number}", file=paper.file or f"{number:03}.pdf")
    return replace(named, key=named.key or stable_key("document", named.id))


def _numbered(rows: Sequence[LedgerRow]) -> tuple[LedgerRow, ...]:
    items = [r for r in rows if r.role is RowRole.ITEM]
    others = [r for r in rows if r.role is not RowRole.ITEM]
    order = {id(r): n for n, r in enumerate([*items, *others], 1)}
    numbered = (replace(r, row=r.row or order[id(r)], file=r.file or "明细表.xlsx") for r in rows)
    return tuple(replace(r, key=r.key or stable_key("row", r.row)) for r in numbered)


def _files(documents: Sequence[Document]) -> tuple[CaseFile, ...]:
    pages: dict[str, int] = {}
    for paper in documents:
        pages[paper.file] = max(
            pages.get(paper.file, 0), *(i + 1 for i in paper.page_indexes or (0,))
        )
    return tuple(
        CaseFile(file, stable_key("file", file), 1000, count, FileStatus.PROCESSED)
        for file, count in pages.items()
    )


def _page(paper: Document, index: int) -> CasePage:
    mode = PageMode.DIGITAL if paper.origin_digital else PageMode.COLOUR
    page = Page(stable_key("file", paper.file), index, mode, (1654, 2339), (210.0, 297.0), 200)
    return CasePage(paper.file, page, paper.kind, (paper.id,))


def by_name(documents: Sequence[Document]) -> Mapping[str, Document]:
    """Return the documents by id."""
    return {d.id: d for d in documents}


# --- judgement ---------------------------------------------------------------------------------


def policy(
    *,
    minimum: str = "5000000",
    share: str = "0.30",
    bases: tuple[str, ...] = ("incl", "excl"),
    deciding: str = "middle",
    required: Sequence[RequiredDocument] = (),
) -> Policy:
    """Return a small policy of the notice's shape: six categories with a few words each."""
    return Policy(
        id="test",
        title="测试政策",
        number="测2024-1",
        clauses={n: Clause(n, f"{n}原文") for n in ("一(一)", "一(二)", "一(三)", "附2 四(一)2")},
        thresholds=Thresholds(
            period_start=date(2022, 1, 1),
            max_months=24,
            minimum_total=Decimal(minimum),
            software_share=Decimal(share),
            maturity_level=2,
            maturity_since=date(2023, 1, 1),
            submission_deadline=date(2024, 5, 24),
            review_deadline=date(2024, 5, 31),
            closing_balance_share=Decimal("0.10"),
        ),
        categories=_categories(),
        required=tuple(required),
        deciding_share=deciding,
        tax_bases=bases,
        rules={},
    )


def _categories() -> tuple[Category, ...]:
    every = ("narrow", "middle", "wide")
    rows: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("equipment", "设备购置及安装费", ("机床", "电子计算机"), ()),
        ("software", "软件购置费", ("软件",), every),
        ("network", "网络建设费或服务费", ("电信服务",), every[2:]),
        ("integration", "系统集成费", ("系统集成服务",), every[1:]),
        ("cloud", "云服务费", ("云服务",), every[1:]),
        ("technical_service", "技术服务费", ("研发和技术服务",), every[1:]),
        ("ineligible", "不属于六类", ("餐饮服务",), ()),
    )
    return tuple(
        Category(key, label, (label,), names, (), (), readings)
        for key, label, names, readings in rows
    )


def effect(
    row_number: int,
    with_tax: str,
    without_tax: str | None = None,
    *,
    certain: bool = True,
) -> Effect:
    """Return what a finding does to a row; without tax the same if not given."""
    return Effect(row_number, Decimal(with_tax), Decimal(without_tax or with_tax), certain)


def finding(
    number: int,
    rule: str = "I05",
    *,
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.B,
    effects: Sequence[Effect] = (),
    documents: Sequence[str] = (),
    rows: Sequence[int] | None = None,
    cause: str = "",
    seller: str = "",
    request: Message | None = None,
    expected: str = "",
    found: str = "",
    clause: str = "一(三)",
) -> Finding:
    """Return a finding Q``number``; ``rows`` default to those of its effects."""
    own = tuple(dict.fromkeys(e.row for e in effects)) if rows is None else tuple(rows)
    return Finding(
        id=f"Q{number}",
        key=stable_key("finding", rule, *documents, *own, number),
        rule=rule,
        name=f"defect_of_{rule}",
        verdict=verdict,
        severity=severity,
        clause=clause,
        subjects=Subjects(documents=tuple(documents), rows=own),
        message=say("test.finding", number=number),
        expected=expected,
        found=found,
        effects=tuple(effects),
        cause=cause,
        seller=seller,
        request=request,
    )

"""Structured records (e-invoice XML, OFD tags, XBRL, PDF information keys) to candidates.

The tables give for each field the native names, best first. Sources: the national e-invoice XML
(``EInvoice``), the 2019 e-invoice schema of OFD attachments, the tags and custom data of OFD
documents, and the accounting-data taxonomies ``inv`` and ``einv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from audit.extract.kinds.vat_invoice.values import parse_field, parse_item_field
from audit.model import Candidate, InvoiceItem, Reading, Record, RecordField, Status, Value, say

#: Record schemas that describe a VAT invoice.
SCHEMAS = frozenset({"einvoice-xml", "edrm-2019", "ofd-tags", "xbrl-inv", "xbrl-einv", "pdf-info"})

_EINVOICE: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("TaxSupervisionInfo/InvoiceNumber", "InvoiceNumber", "EIid"),
    "issue_date": ("TaxSupervisionInfo/IssueTime", "IssueTime", "RequestTime"),
    "amount_without_tax": ("TotalAmWithoutTax",),
    "tax_amount": ("TotalTaxAm",),
    "total_with_tax": ("TotalTax-includedAmount", "TotalTaxIncludedAmount"),
    "total_in_words": ("TotalTax-includedAmountInChinese",),
    "buyer_name": ("BuyerName",),
    "buyer_taxpayer_id": ("BuyerIdNum",),
    "seller_name": ("SellerName",),
    "seller_taxpayer_id": ("SellerIdNum",),
    "remarks": ("Remark", "Remarks"),
}
_EDRM: Mapping[str, tuple[str, ...]] = {
    "invoice_code": ("InvoiceCode", "发票代码"),
    "invoice_number": ("InvoiceNo", "InvoiceNumber", "发票号码"),
    "issue_date": ("IssueDate", "开票日期"),
    "amount_without_tax": ("TaxExclusiveTotalAmount", "合计金额"),
    "tax_amount": ("TaxTotalAmount", "合计税额"),
    "total_with_tax": ("TaxInclusiveTotalAmount", "价税合计"),
    "total_in_words": ("TaxInclusiveTotalAmountInWords", "价税合计大写"),
    "buyer_name": ("BuyerName", "购买方名称"),
    "buyer_taxpayer_id": ("BuyerTaxID", "购买方纳税人识别号"),
    "seller_name": ("SellerName", "销售方名称"),
    "seller_taxpayer_id": ("SellerTaxID", "销售方纳税人识别号"),
    "check_code": ("InvoiceCheckCode", "校验码"),
    "machine_number": ("MachineNo", "机器编号"),
    "remarks": ("Note", "备注"),
}
_INV: Mapping[str, tuple[str, ...]] = {
    "invoice_code": ("CodeOfInvoice", "InvoiceCode"),
    "invoice_number": ("NumberOfInvoice", "InvoiceNumber"),
    "issue_date": ("DateOfIssue", "IssueDate"),
    "amount_without_tax": ("TotalAmountExcludingTax",),
    "tax_amount": ("TotalTaxAmount",),
    "total_with_tax": ("TaxIncludedAmountInFigures",),
    "total_in_words": ("TaxIncludedAmountInWords",),
    "buyer_name": ("NameOfPurchaser",),
    "buyer_taxpayer_id": (
        "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser",
        "UnifiedSocialCreditCodeOfPurchaser",
    ),
    "seller_name": ("NameOfSeller",),
    "seller_taxpayer_id": (
        "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller",
        "UnifiedSocialCreditCodeOfSeller",
    ),
    "check_code": ("IdentifyingCode",),
    "machine_number": ("NumberOfInvoiceMachine",),
    "remarks": ("Remarks",),
}
_FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "einvoice-xml": _EINVOICE,
        "xbrl-einv": {
            name: (*_EINVOICE.get(name, ()), *_INV.get(name, ()))
            for name in dict.fromkeys((*_EINVOICE, *_INV))
        },
        "edrm-2019": _EDRM,
        "ofd-tags": _EDRM,
        "xbrl-inv": _INV,
        "pdf-info": {
            name: (*_EINVOICE.get(name, ()), *_EDRM.get(name, ()))
            for name in dict.fromkeys((*_EINVOICE, *_EDRM))
        },
    }
)
#: Names of line values, over all schemas.
_ITEM_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("ItemName", "Item", "NameOfTaxableGoodsOrServices"),
        "specification": ("SpecMod", "Specification", "SpecificationAndModel", "Specifications"),
        "unit": ("MeaUnits", "MeasurementDimension", "UnitOfMeasurement", "Unit"),
        "quantity": ("Quantity",),
        "unit_price": ("UnPrice", "Price", "UnitPrice"),
        "amount": ("Amount", "AmountExcludingTax"),
        "tax_rate": ("TaxRate", "TaxScheme"),
        "tax": ("ComTaxAm", "TaxAmount"),
        "code": ("TaxClassificationCode", "Code"),
    }
)
#: A record that fills at least this many fields is an invoice.
_ENOUGH = 3


def invoice_records(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return the records that describe a VAT invoice (schema known, enough fields filled)."""
    return tuple(
        record for record in records if record.schema in SCHEMAS and len(_filled(record)) >= _ENOUGH
    )


def _filled(record: Record) -> dict[str, RecordField]:
    found = {}
    for field, names in _FIELDS[record.schema].items():
        hit = _lookup(record.fields, names)
        if hit is not None:
            found[field] = hit
    return found


def _lookup(fields: tuple[RecordField, ...], names: tuple[str, ...]) -> RecordField | None:
    for name in names:
        tail = "/" + name
        for field in fields:
            if (field.name == name or field.name.endswith(tail)) and field.text.strip():
                return field
    return None


def record_candidates(record: Record, page_index: int) -> dict[str, Candidate]:
    """Return the record's answer to every field it knows."""
    found = {}
    for field, native in _filled(record).items():
        raw = " ".join(native.text.split())
        value = parse_field(field, raw)
        found[field] = Candidate(record.origin, value, raw, 1.0, page_index, native.box)
    return found


def record_items(record: Record, page_index: int) -> tuple[InvoiceItem, ...]:
    """Return the lines of the record; empty if it has none."""
    lines = []
    for group in record.items:
        readings: dict[str, Any] = {}
        for field, names in _ITEM_FIELDS.items():
            native = _lookup(group, names)
            if native is not None:
                readings[field] = _item_reading(record, field, native, page_index)
        if "name" in readings or "amount" in readings:
            lines.append(InvoiceItem(**readings))
    return tuple(lines)


def _item_reading(record: Record, field: str, native: RecordField, page_index: int) -> Reading:
    raw = " ".join(native.text.split())
    value = parse_item_field(field, raw)
    source = Candidate(record.origin, value, raw, 1.0, page_index, native.box)
    if value is None:
        return Reading(None, raw, Status.DOUBTFUL, 0.0, (source,), (say("ladder.unparsed"),))
    reasons = (say("ladder.single.structured"),)
    return Reading(value, raw, Status.READ, 1.0, (source,), reasons)


def record_is_red(record: Record) -> bool:
    """Tell whether the record says that the invoice is a red one (or its total is negative)."""
    flag = next((f.text for f in record.fields if f.name.endswith("InIssuType/LabelCode")), "")
    total = _filled(record).get("total_with_tax")
    value: Value | None = parse_field("total_with_tax", total.text) if total else None
    return flag.strip() == "N" or (isinstance(value, Decimal) and value < 0)


def record_is_special(record: Record) -> bool | None:
    """Tell 专用 from 普通 by the record's own label; ``None`` if it has none."""
    label = "".join(
        f.text
        for f in record.fields
        if "GeneralOrSpecialVAT" in f.name or "TypeOfInvoice" in f.name
    )
    if "专用" in label or "01" in label.split():
        return True
    if "普通" in label or "02" in label.split():
        return False
    codes = [
        f.text.strip() for f in record.fields if f.name.endswith("GeneralOrSpecialVAT/LabelCode")
    ]
    return {"01": True, "02": False}.get(codes[0]) if codes else None

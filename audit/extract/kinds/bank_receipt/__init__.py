"""Bank receipts of any bank: one label engine, banks as TOML profiles (DOMAIN B)."""

from __future__ import annotations

from audit.extract.kinds.bank_receipt.classify import classify
from audit.extract.kinds.bank_receipt.receipt import FIELDS, extract_receipts
from audit.extract.registry import KindSpec
from audit.model import DocumentKind

KIND = KindSpec(
    kind=DocumentKind.BANK_RECEIPT,
    fields=FIELDS,
    classify=classify,
    extract=extract_receipts,
)

"""A list of goods sold (销货清单) that belongs to an invoice: its lines and its total."""

from __future__ import annotations

from audit.extract.kinds.invoice_list.extract import FIELDS, classify, extract_list
from audit.extract.registry import KindSpec
from audit.model import DocumentKind

KIND = KindSpec(
    kind=DocumentKind.INVOICE_LIST,
    fields=FIELDS,
    classify=classify,
    extract=extract_list,
)

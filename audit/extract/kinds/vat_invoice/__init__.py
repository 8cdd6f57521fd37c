"""VAT invoices of every kind (DOMAIN A1): paper, electronic, fully digital, tickets."""

from __future__ import annotations

from audit.extract.kinds.vat_invoice.classify import classify
from audit.extract.kinds.vat_invoice.invoice import FIELDS, extract_invoices
from audit.extract.registry import KindSpec
from audit.model import DocumentKind

KIND = KindSpec(
    kind=DocumentKind.VAT_INVOICE,
    fields=FIELDS,
    classify=classify,
    extract=extract_invoices,
)

"""The QR code of an invoice as candidates: what its amount means depends on the kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.model import Box, Candidate, CodePayload, Origin, Value
from audit.text.qr import InvoiceQr, parse_invoice_qr

#: A payload whose check sum fails is a weaker witness, but a witness.
_UNCHECKED = 0.9


@dataclass(frozen=True, slots=True)
class SeenQr:
    """An invoice QR and where it stands on the page."""

    qr: InvoiceQr
    box: Box


def invoice_codes(codes: Sequence[CodePayload], area: Box) -> tuple[SeenQr, ...]:
    """Return the invoice QR codes whose centre lies in ``area``, each payload once."""
    found: dict[str, SeenQr] = {}
    for payload in codes:
        qr = parse_invoice_qr(payload.text)
        if qr is not None and area.contains_point(*payload.box.centre):
            found.setdefault(payload.text, SeenQr(qr, payload.box))
    return tuple(found.values())


def code_candidates(seen: SeenQr, page_index: int) -> dict[str, Candidate]:
    """Return what one QR says about the invoice."""
    qr = seen.qr
    values: dict[str, Value | None] = {
        "invoice_code": qr.code or None,
        "invoice_number": qr.number or None,
        "issue_date": qr.issue_date,
        "check_code": qr.check_code or None,
    }
    if qr.amount is not None and qr.amount_with_tax is not None:
        values["total_with_tax" if qr.amount_with_tax else "amount_without_tax"] = qr.amount
    confidence = _UNCHECKED if qr.crc_ok is False else 1.0
    return {
        field: Candidate(Origin.QR, value, str(value), confidence, page_index, seen.box)
        for field, value in values.items()
        if value is not None
    }

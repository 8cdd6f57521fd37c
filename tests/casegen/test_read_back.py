"""Born-digital pages of every layout read back without a difference: three receipts to a page."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from audit.extract import extract_page
from audit.model import DocumentKind, PageResult
from audit.readers import open_pages, survey
from audit.settings import DEFAULT_LIMITS
from cases.casegen import faces, scenario, truth, typeset, vouchers, world

CASE = scenario.honest(3, 12)
INVOICES = {i.kind: i for seed in (3, 4) for i in scenario.honest(seed, 40).invoices.values()}


def _read(data: bytes, folder: Path) -> PageResult:
    path = folder / "page.pdf"
    path.write_bytes(data)
    found = survey(path, "page.pdf", DEFAULT_LIMITS)
    return extract_page(next(iter(open_pages(path, found, [0], DEFAULT_LIMITS))).content)


@pytest.mark.parametrize("bank", list(world.BANKS))
def test_receipts_of_a_bank_stay_apart(bank: str, tmp_path: Path) -> None:
    slips = [
        replace(
            vouchers.payment(
                random.Random(n), p.key, bank, p.day, p.payer, p.payee, p.amount, p.purpose
            ),
            key=str(n),
        )
        for n, p in enumerate(list(CASE.payments.values())[:3])
    ]
    result = _read(typeset.pdf([faces.receipt_sheet(slips)]), tmp_path)
    assert result.kind is DocumentKind.BANK_RECEIPT
    assert len(result.documents) == 3
    for slip, document in zip(slips, result.documents, strict=True):
        for name, wanted in truth.payment(slip)["fields"].items():
            assert _text(document.get(name).value) == wanted, name


@pytest.mark.parametrize("kind", sorted(INVOICES))
def test_invoices_of_every_kind(kind: str, tmp_path: Path) -> None:
    one = INVOICES[kind]
    result = _read(typeset.pdf([faces.invoice_face(one)]), tmp_path)
    assert result.kind is DocumentKind.VAT_INVOICE
    (document,) = result.documents
    for name, wanted in truth.invoice(one)["fields"].items():
        if wanted:
            assert _text(document.get(name).value) == wanted, name


def _text(value: object) -> str:
    return "" if value is None else str(value)

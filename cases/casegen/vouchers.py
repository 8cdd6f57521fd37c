"""One invoice, one payment: with all the numbers its kind or bank prints."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict

from cases.casegen import codes, world
from cases.casegen.model import Company, Invoice, Item, Payment


class InvoiceCells(TypedDict):
    """Cells of a ledger row that are taken from its invoices."""

    number: str
    code: str
    kind: str
    day: str


def invoice(
    rng: random.Random,
    key: str,
    kind: str,
    day: date,
    buyer: Company,
    seller: Company,
    items: tuple[Item, ...],
    remarks: str = "",
) -> Invoice:
    """Return an invoice of a kind with all the numbers that kind carries."""
    digital = kind.startswith("digital")
    number = (
        codes.digital_number(rng, day, seller.region)
        if digital
        else "".join(rng.choice("0123456789") for _ in range(8))
    )
    old = not digital
    return Invoice(
        key=key,
        kind=kind,
        code="" if digital else codes.invoice_code(kind, day, seller.region, rng),
        number=number,
        day=day,
        buyer=buyer,
        seller=seller,
        items=items,
        remarks=remarks,
        check_code=codes.digits(rng, 20) if old and kind != "vat_special_paper" else "",
        machine=codes.digits(rng, 12) if old else "",
        cipher=codes.cipher(rng) if old else (),
        people=(world.person(rng), world.person(rng), world.person(rng)),
    )


def payment(
    rng: random.Random,
    key: str,
    bank: str,
    day: date,
    payer: Company,
    payee: Company,
    amount: Decimal,
    purpose: str,
) -> Payment:
    """Return a payment with the numbers its bank prints."""
    receipt = {
        "icbc": "-".join(codes.digits(rng, 4) for _ in range(4)),
        "cmb": rng.choice("ABCDEFG") + codes.digits(rng, 12),
    }.get(bank, codes.digits(rng, 16))
    return Payment(
        key,
        bank,
        day,
        payer,
        payee,
        amount,
        purpose,
        serial=codes.digits(rng, 14),
        receipt=receipt,
        stamp=f"{day:%Y-%m-%d}-{rng.randrange(9, 17):02d}.{rng.randrange(60):02d}.{rng.randrange(60):02d}",
        check="".join(rng.choice("0123456789ABCDEF") for _ in range(12)),
    )


def weekday(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def cells(invoices: Sequence[Invoice]) -> InvoiceCells:
    """Return what a ledger row says of its invoices, one below the other in each cell."""
    return {
        "number": "\n".join(one.number for one in invoices),
        "code": "\n".join(one.code for one in invoices if one.code),
        "kind": "专票" if "special" in invoices[0].kind else "普票",
        "day": "\n".join(f"{one.day:%Y-%m-%d}" for one in invoices),
    }

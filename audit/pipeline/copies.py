"""Copies of one paper become one document, and every place it was found is kept.

发票联 and 抵扣联, a PDF with its XML and its print, a receipt copied under each invoice it paid:
one document, its other places in ``duplicates``. Papers with one number that contradict each
other in a usable field stay apart (a cloned face, R03).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from audit.extract.ladder import reconcile
from audit.model import Document, DocumentKind, InvoiceItem, Reading, Status, say
from audit.text.names import same_company
from audit.text.normal import compact

#: What must agree before two papers with one number are taken for copies of one invoice.
SAME_FACE = (
    "issue_date",
    "amount_without_tax",
    "tax_amount",
    "total_with_tax",
    "buyer_name",
    "seller_name",
)
#: What must be read on both and agree before two receipts with one number are copies.
SAME_PAYMENT = ("amount", "payment_date", "payee_name")
PAYMENT_NUMBERS = ("receipt_number", "serial_number")
PAYMENTS = frozenset({DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL})
DIGITAL_LENGTH = 20
_SHORTEST_NUMBER = 8
_LIST_MARK = "销货清单"


def invoice_key(document: Document) -> str:
    """Return what makes an invoice unique: 20 digits, or code and number; empty if unread."""
    number = document.get("invoice_number").text or ""
    code = document.get("invoice_code").text or ""
    if len(number) == DIGITAL_LENGTH:
        return number
    return f"{code}-{number}" if number and code else ""


def payment_keys(document: Document) -> tuple[str, ...]:
    """Return the numbers a receipt can be known by: of the receipt, of the transaction."""
    found = []
    for name in PAYMENT_NUMBERS:
        reading = document.get(name)
        number = compact(reading.text or "") if reading.usable else ""
        if len(number) >= _SHORTEST_NUMBER:
            found.append(f"{name}:{number}")
    return tuple(found)


def merge_copies(documents: Sequence[Document]) -> list[Document]:
    """Return the documents with copies joined, in the order of their first copy."""
    merged: list[Document] = []
    seen: dict[str, list[int]] = defaultdict(list)
    for document in documents:
        keys = _keys(document)
        places = dict.fromkeys(i for key in keys for i in seen[key])
        twin = next((i for i in places if _copies(merged[i], document)), None)
        if twin is None:
            twin = len(merged)
            merged.append(document)
        else:
            merged[twin] = _merged(merged[twin], document)
        for key in keys:
            if twin not in seen[key]:
                seen[key].append(twin)
    return _with_lists(merged)


def _keys(document: Document) -> tuple[str, ...]:
    if document.kind is DocumentKind.VAT_INVOICE:
        key = invoice_key(document)
        return (key,) if key else ()
    return payment_keys(document) if document.kind in PAYMENTS else ()


def _copies(first: Document, second: Document) -> bool:
    if first.kind is not second.kind:
        return False
    if first.kind is DocumentKind.VAT_INVOICE:
        return not any(_contradict(name, first.get(name), second.get(name)) for name in SAME_FACE)
    if any(_contradict(name, first.get(name), second.get(name)) for name in PAYMENT_NUMBERS):
        return False
    return all(_both_say(name, first.get(name), second.get(name)) for name in SAME_PAYMENT)


def _both_say(name: str, first: Reading, second: Reading) -> bool:
    return first.usable and second.usable and not _contradict(name, first, second)


def _contradict(name: str, first: Reading, second: Reading) -> bool:
    if not (first.usable and second.usable):
        return False
    if name.endswith("_name"):
        return not same_company(str(first.value), str(second.value))
    return first.value != second.value


def _merged(first: Document, second: Document) -> Document:
    """Return one document for two copies; the better source leads, readings are reconciled."""
    lead, other = (second, first) if _rank(second) > _rank(first) else (first, second)
    other = named(other, lead.file)
    fields = {
        name: _both(name, lead.get(name), other.get(name))
        for name in dict.fromkeys((*lead.fields, *other.fields))
    }
    places = tuple((other.file, i) for i in other.page_indexes)
    return replace(
        lead,
        fields=fields,
        items=lead.items or other.items,
        marks=tuple(dict.fromkeys((*lead.marks, *other.marks))),
        duplicates=(*lead.duplicates, *other.duplicates, *places, *other.further),
    )


def named(document: Document, lead_file: str) -> Document:
    """Return the copy with its file written into its sources, since it gives up its own name."""
    if document.file == lead_file:
        return document

    def placed(reading: Reading) -> Reading:
        sources = tuple(replace(s, file=s.file or document.file) for s in reading.sources)
        return replace(reading, sources=sources)

    return replace(document, fields={k: placed(r) for k, r in document.fields.items()})


def _rank(document: Document) -> tuple[bool, bool, int]:
    filled = sum(1 for r in document.fields.values() if r.usable)
    drawn = document.origin_digital and bool(document.page_indexes)
    return (drawn, bool(document.items), filled)


def _both(name: str, lead: Reading, other: Reading) -> Reading:
    if other.value is None:
        return lead
    if lead.value is None:
        return other
    sources = (*lead.sources, *other.sources)
    if not _agree(name, lead, other):
        return reconcile(name, sources)
    if lead.usable and other.usable and lead.status is not Status.CONFIRMED:
        confidence = max(lead.confidence, other.confidence)
        reasons = (*lead.reasons, say("join.second_copy"))
        return replace(
            lead, status=Status.CONFIRMED, confidence=confidence, sources=sources, reasons=reasons
        )
    better = lead if lead.usable or not other.usable else other
    return replace(better, sources=sources)


def _agree(name: str, lead: Reading, other: Reading) -> bool:
    if isinstance(lead.value, str) and isinstance(other.value, str):
        return compact(lead.value) == compact(other.value)
    return lead.value == other.value and not _contradict(name, lead, other)


def _with_lists(documents: list[Document]) -> list[Document]:
    """Give invoices that say 详见销货清单 the lines of their list; the list stays as it is."""
    lists = [d for d in documents if d.kind is DocumentKind.INVOICE_LIST and d.items]
    if not lists:
        return documents
    return [_with_list(d, lists) if _LIST_MARK in d.marks else d for d in documents]


def _with_list(invoice: Document, lists: Sequence[Document]) -> Document:
    """Return an invoice with its list's lines, if exactly one list is its own and adds up."""
    own = [one for one in lists if _lists(one, invoice)]
    if invoice.kind is not DocumentKind.VAT_INVOICE or len(own) != 1:
        return invoice
    total = invoice.get("amount_without_tax").amount
    amounts = [item.amount.amount for item in own[0].items]
    listed = sum((a for a in amounts if a is not None), Decimal(0))
    if total is not None and (None in amounts or listed != total):
        return replace(invoice, reasons=(*invoice.reasons, say("join.list_differs")))
    items: tuple[InvoiceItem, ...] = own[0].items
    return replace(invoice, items=items, reasons=(*invoice.reasons, say("join.list_taken")))


def _lists(goods: Document, invoice: Document) -> bool:
    """Tell whether a list names the invoice, or stands behind it with the same two companies."""
    number, own = goods.get("invoice_number"), invoice.get("invoice_number")
    if number.text and own.text:
        return compact(number.text) == compact(own.text)
    behind = goods.file == invoice.file and bool(invoice.page_indexes)
    near = behind and 0 < goods.page_indexes[0] - invoice.page_indexes[-1] <= len(
        goods.page_indexes
    )
    names = ("buyer_name", "seller_name")
    return near and not any(_contradict(n, goods.get(n), invoice.get(n)) for n in names)

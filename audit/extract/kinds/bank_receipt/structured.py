"""Receipts as structured data: the XBRL records of the 电子凭证会计数据标准 (bker)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit.extract.values import clean_text, date_value, money_value, words_value
from audit.model import Candidate, PageContent, Record, Value

SCHEMA = "xbrl-bker"
#: Field to element names, the likelier first; taxonomies of different years differ.
NAMES: Mapping[str, tuple[str, ...]] = {
    "payer_name": ("AccountNameOfPayer", "NameOfPayer"),
    "payer_account": ("AccountNumberOfPayer",),
    "payer_bank": ("BankNameOfPayer", "DepositBankOfPayer", "OpeningBankOfPayer"),
    "payee_name": ("AccountNameOfPayee", "NameOfPayee"),
    "payee_account": ("AccountNumberOfPayee",),
    "payee_bank": ("BankNameOfPayee", "DepositBankOfPayee", "OpeningBankOfPayee"),
    "amount": ("TransactionAmountInFigures", "TransactionAmount"),
    "amount_in_words": ("TransactionAmountInWords",),
    "payment_date": ("DateOfBookkeeping", "DateOfIssue", "IssueDate"),
    "purpose": ("Usage", "Notes", "Remarks"),
    "serial_number": ("BusinessSerialNumber", "TransactionCode"),
    "receipt_number": ("NumberOfBankElectronicReceipt",),
}


def receipt_records(content: PageContent) -> tuple[Record, ...]:
    """Return the page's records of bank receipts."""
    return tuple(r for r in content.records if r.schema == SCHEMA)


def record_candidates(record: Record, page_index: int) -> dict[str, list[Candidate]]:
    """Return the candidates a record gives; zeros and blanks are placeholders, not values."""
    found: dict[str, list[Candidate]] = {}
    for field, names in NAMES.items():
        for name in names:
            raw = (record.get(name) or "").strip()
            value = _value(field, raw)
            if value is not None:
                found[field] = [Candidate(record.origin, value, raw, 1.0, page_index)]
                break
    return found


def _value(field: str, raw: str) -> Value | None:
    if not raw:
        return None
    if field == "amount":
        amount = money_value(raw)
        return amount or None
    if field == "payment_date":
        return date_value(raw)
    if field == "amount_in_words":
        return words_value(raw)
    return clean_text(raw)


def record_of(
    records: Iterable[Record], candidates: Mapping[str, list[Candidate]]
) -> tuple[Record, ...]:
    """Return the records that carry a number printed on this receipt."""
    printed = {
        str(c.value)
        for field in ("receipt_number", "serial_number")
        for c in candidates.get(field, ())
        if c.value is not None
    }
    return tuple(
        r
        for r in records
        if {
            (r.get(n) or "").strip()
            for n in ("NumberOfBankElectronicReceipt", "BusinessSerialNumber")
        }
        & printed
    )

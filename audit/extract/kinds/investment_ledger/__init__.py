"""The investment ledger (项目投资明细表): every invoice with number, amount and use."""

from __future__ import annotations

from audit.extract.kinds.investment_ledger.classify import classify
from audit.extract.kinds.investment_ledger.labels import COLUMNS
from audit.extract.kinds.investment_ledger.ledger import FIELDS, extract_ledger
from audit.extract.registry import KindSpec
from audit.model import DocumentKind

__all__ = ["COLUMNS", "KIND"]

KIND = KindSpec(
    kind=DocumentKind.INVESTMENT_LEDGER,
    fields=FIELDS,
    classify=classify,
    extract=extract_ledger,
)

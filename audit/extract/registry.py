"""What a kind of document must offer, and the list of all kinds.

A kind is a package under ``audit/extract/kinds`` whose ``__init__`` declares one ``KIND``.
The registry finds them by name; adding a kind means adding its package to ``KINDS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from audit.model import (
    Document,
    DocumentKind,
    LedgerRow,
    Message,
    PageContent,
    Problem,
    ReadAgain,
    SecondLook,
)

#: Packages under ``audit.extract.kinds``, most specific first (order breaks no ties: scores do).
KINDS: tuple[str, ...] = (
    "vat_invoice",
    "invoice_list",
    "investment_ledger",
    "application_form",
    "construction_plan",
    "commitment",
    "acceptance_bill",
    "bank_receipt",
    "bank_statement",
    "business_licence",
    "acceptance_report",
    "project_filing",
    "maturity_assessment",
    "security_evidence",
    "audit_report",
    "financial_statement",
    "contract",
    "device_photo",
    "other_paper",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A kind's claim on a page: score 0-1 and the words it relied on.

    ``continues``: the page goes on with a document that began on an earlier page.
    """

    score: float
    reasons: tuple[Message, ...] = ()
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a kind read from a page; documents carry ``page_indexes=(page_index,)``."""

    documents: tuple[Document, ...] = ()
    rows: tuple[LedgerRow, ...] = ()
    asks: tuple[ReadAgain, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind: how a page is claimed and how it is read.

    ``classify`` returns ``None`` to decline. ``extract`` gets the answers to its own
    earlier ``asks`` in ``looks`` and must not ask again for a field that was answered.
    """

    kind: DocumentKind
    fields: tuple[str, ...]
    classify: Callable[[PageContent], Claim | None]
    extract: Callable[[PageContent, tuple[SecondLook, ...]], Extraction]


@cache
def kinds() -> tuple[KindSpec, ...]:
    """Return every registered kind."""
    specs = []
    for name in KINDS:
        module = importlib.import_module(f"audit.extract.kinds.{name}")
        spec: KindSpec = module.KIND
        specs.append(spec)
    return tuple(specs)

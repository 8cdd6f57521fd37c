"""Is this page an investment ledger? Told by its columns first, by its title second."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.kinds.investment_ledger.columns import Columns
from audit.extract.kinds.investment_ledger.sources import Found, Source, find_sources
from audit.extract.labels import fold
from audit.extract.registry import Claim
from audit.model import Message, PageContent, say

_BY_BOTH, _BY_TITLE, _BY_COLUMNS, _BY_FEW, _GUESSED = 0.97, 0.9, 0.88, 0.75, 0.62
_MANY, _ENOUGH = 5, 3
#: 第2页, 2/5 in the margin of a later page.
_LATER_PAGE = re.compile(r"^第([2-9]|[1-9]\d)页|^-?([2-9]|[1-9]\d)/\d{1,2}$")
_AMOUNTS = frozenset({"amount_with_tax", "amount_without_tax"})
#: Beside a name and an amount, these tell a ledger from a price list.
_TRAIL = frozenset({"payment_date", "payment_number", "issue_date", "invoice_code", "invoice_kind"})


def classify(content: PageContent) -> Claim | None:
    """Return the claim on a page, ``None`` to decline."""
    found = find_sources(content)
    if not found.sources or found.foreign:
        return None
    best = max(found.sources, key=lambda s: len(s.columns.known))
    score = _score(found, best.columns)
    if score is None:
        return None
    return Claim(score, _reasons(found, best), continues=_goes_on(content, found))


def _goes_on(content: PageContent, found: Found) -> bool:
    """Tell whether the page is a later one: without title, or numbered so; a sheet never is."""
    if any(table.name for table in content.tables):
        return False
    later = any(_LATER_PAGE.search(fold(line.text)[0]) for line in content.lines)
    return later or not found.title


def _score(found: Found, columns: Columns) -> float | None:
    known = columns.known
    numbers, amounts = "invoice_number" in known, bool(known & _AMOUNTS)
    if columns.guessed:
        return _BY_FEW if found.title else _GUESSED
    if not amounts:
        return _BY_FEW if found.title and numbers else None
    if found.title:
        return _BY_BOTH if numbers else _BY_TITLE if len(known) >= _ENOUGH else None
    if numbers:
        return _BY_COLUMNS if len(known) >= _MANY else _BY_FEW
    return _GUESSED if len(known & _TRAIL) > 1 and len(known) >= _MANY else None


def _reasons(found: Found, best: Source) -> tuple[Message, ...]:
    reasons: Sequence[Message] = ()
    if found.title:
        reasons = (say("investment_ledger.is.title", title=found.title),)
    named = (
        "investment_ledger.is.content" if best.columns.guessed else "investment_ledger.is.columns"
    )
    return (*reasons, say(named, count=len(best.columns.known)))

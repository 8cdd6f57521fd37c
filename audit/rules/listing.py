"""Every rule there is, in the order of the report.

Families are listed by name: nothing registers itself by being imported.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from audit.rules.catalogue import Rule


def families() -> tuple[ModuleType, ...]:
    """Return the family modules in order."""
    from audit.rules.families import (
        acceptance,
        agreement,
        amounts,
        company,
        conditions,
        contracts,
        crosscase,
        dates,
        evidence,
        excess,
        faces,
        form,
        form_seals,
        ledger,
        money,
        notice,
        papers,
        parties,
        patterns,
        registry,
        reuse,
        seals,
        sums,
    )

    return (
        notice,
        conditions,
        money,
        papers,
        ledger,
        sums,
        form,
        form_seals,
        company,
        faces,
        agreement,
        excess,
        contracts,
        amounts,
        parties,
        seals,
        dates,
        acceptance,
        evidence,
        reuse,
        patterns,
        crosscase,
        registry,
    )


_SERIES = {letter: n for n, letter in enumerate("NFIR")}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in the order N, F, I, R and by number."""
    rules: list[Rule] = [r for family in families() for r in family.RULES]
    return tuple(sorted(rules, key=lambda r: (_SERIES[r.code[0]], r.code)))

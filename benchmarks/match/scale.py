"""How long matching takes on a big case: 2,000 ledger rows with 3,000 documents.

    python -m benchmarks.match.scale [rows] [seed]

Companies, numbers and amounts are drawn from a seed. Rows share sellers unevenly (one seller has a
fifth of all rows); payments are instalments, merged payments, fees on top, refunds and retention
money, so that sums have to be searched for. Prints CPU-seconds (one thread), documents and how much was allocated.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from audit.match import match_case
from audit.model import CaseFacts, Document, LedgerRow
from audit.policy import load_policy
from tests.factory import case, invoice, receipt, row

CHARACTERS = "华宇宏远天成恒信瑞达金川云帆博创鼎新海纳智联中科盛世嘉业"
GOODS = (
    "*软件*生产执行系统软件",
    "*机床*数控加工中心",
    "*信息技术服务*系统实施",
    "*电子计算机*服务器",
)


@dataclass
class Draft:
    """A case in the making."""

    random: random.Random
    papers: list[Document] = field(default_factory=list)
    rows: list[LedgerRow] = field(default_factory=list)


def big_case(rows: int, seed: int) -> CaseFacts:
    """Return facts of ``rows`` ledger rows with about half as many payments as invoices."""
    draft = Draft(random.Random(seed))
    sellers = _sellers(draft.random, max(3, rows // 20))
    open_items: dict[str, list[tuple[Decimal, date]]] = {}
    for number in range(1, rows + 1):
        seller = sellers[0] if draft.random.random() < 0.2 else draft.random.choice(sellers)
        amount = Decimal(draft.random.randrange(500_00, 900_000_00)).scaleb(-2)
        day = date(2022, 3, 1) + timedelta(days=draft.random.randrange(600))
        code = f"2450200000{number:010d}"
        goods = draft.random.choice(GOODS)
        draft.papers.append(invoice(code, amount, seller=seller, day=day.isoformat(), goods=goods))
        draft.rows.append(row(code, amount, supplier=seller))
        open_items.setdefault(seller, []).append((amount, day))
    for seller, items in open_items.items():
        _pay(draft, seller, items)
    return case(draft.papers, draft.rows)


def _sellers(rng: random.Random, count: int) -> list[str]:
    names: set[str] = set()
    while len(names) < count:
        core = "".join(rng.sample(CHARACTERS, 3))
        names.add(f"重庆{core}科技有限公司")
    return sorted(names)


def _pay(draft: Draft, seller: str, items: Sequence[tuple[Decimal, date]]) -> None:
    """Pay a seller's invoices: each alone, several at once, in parts, with a fee, or not."""
    waiting = list(items)
    while waiting:
        way = draft.random.random()
        take = draft.random.randint(2, 5) if way < 0.35 else 1
        group, waiting = waiting[:take], waiting[take:]
        amount = sum((a for a, _ in group), Decimal())
        day = max(d for _, d in group) + timedelta(days=draft.random.randrange(60))
        if way < 0.75:
            parts = [amount]
        elif way < 0.9:
            first = (amount * Decimal("0.3")).quantize(Decimal("0.01"))
            parts = [first, amount - first]
        elif way < 0.95:
            parts = [(amount * Decimal("0.9")).quantize(Decimal("0.01"))]
        elif way < 0.98:
            parts = [amount + 15]
        else:
            parts = []
        for number, part in enumerate(parts):
            paid = day + timedelta(days=30 * number)
            draft.papers.append(receipt(part, payee=seller, day=paid.isoformat()))


def main(rows: int = 2000, seed: int = 1) -> None:
    """Match once and print the figures."""
    facts = big_case(rows, seed)
    policy = load_policy("cq-2024-industrial-internet")
    started = time.process_time()
    matching = match_case(facts, policy)
    seconds = time.process_time() - started
    paid = sum((p.amount for link in matching.links for p in link.payments), Decimal())
    idle = sum((p.amount for p in matching.idle_payments), Decimal())
    offered = sum((d.get("amount").amount or Decimal() for d in facts.documents), Decimal())
    found = sum(1 for link in matching.links if link.invoices)
    choices = sum(1 for link in matching.links if link.alternatives)
    print(f"rows {rows}  documents {len(facts.documents)}  CPU-seconds {seconds:.2f}")
    print(f"rows with invoice {found}  rows with alternatives {choices}")
    print(f"paid {offered}  allocated {paid}  idle {idle}  lost {offered - paid - idle}")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))

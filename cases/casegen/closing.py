"""What closes a project: acceptance of each contract and of the whole, and the company's figures."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import codes, world
from cases.casegen.model import Acceptance, Company, Contract, Invoice, Row
from cases.casegen.vouchers import weekday


def acceptances(
    rng: random.Random,
    applicant: Company,
    project: str,
    contracts: dict[str, Contract],
    invoices: dict[str, Invoice],
    rows: list[Row],
) -> dict[str, Acceptance]:
    out: dict[str, Acceptance] = {}
    for contract in contracts.values():
        keys = [k for r in rows if r.contract == contract.number for k in r.invoices]
        last = max(invoices[k].day for k in keys)
        lines = tuple(
            (name, spec, quantity, unit) for name, spec, quantity, unit, _ in contract.lines
        )
        out[contract.number] = Acceptance(
            contract.number,
            contract.subject.removesuffix("采购") + "项目",
            contract.number,
            applicant,
            contract.party_b,
            weekday(last + timedelta(days=rng.randrange(8, 26))),
            "经验收小组逐项核对与试运行，功能和性能满足合同约定，验收合格。",
            lines,
        )
    lines = tuple((r.name, r.spec or "—", r.quantity, "项") for r in rows)
    experts = tuple(world.person(rng) for _ in range(5))
    out["project"] = Acceptance("project", project, "", applicant, None, date(2024, 1, 18),
                                "项目已按建设方案完成全部建设内容，资料齐全，运行稳定，同意通过验收。",
                                lines, experts)  # fmt: skip
    return out


def figures(rng: random.Random) -> dict[str, str]:
    out: dict[str, str] = {}
    for index, year in enumerate(("2021", "2022", "2023")):
        revenue = Decimal(rng.randrange(21000, 24000) + index * 2600)
        profit = codes.cents(revenue * Decimal(rng.randrange(52, 88)) / 1000)
        rate = (profit / revenue * 100).quantize(Decimal("0.01"))
        assets = Decimal(rng.randrange(19000, 21000) + index * 2100)
        debt = Decimal(rng.randrange(380, 520)) / 10
        out |= {
            f"revenue_{year}": f"{revenue:.2f}",
            f"profit_{year}": f"{profit:.2f}",
            f"rate_{year}": f"{rate}",
            f"assets_{year}": f"{assets:.2f}",
            f"debt_{year}": f"{debt:.2f}",
            f"tax_{year}": f"{codes.cents(revenue * Decimal('0.036')):.2f}",
        }
    return out

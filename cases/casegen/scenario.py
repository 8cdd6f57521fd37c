"""An honest case from a seed: project, rows, invoices, payments, contracts, acceptance, form."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import closing, codes, vouchers, world
from cases.casegen.model import (
    Case,
    Company,
    Contract,
    Form,
    Invoice,
    Item,
    Payment,
    Row,
)

START, END, APPLIED = date(2022, 3, 1), date(2023, 12, 31), date(2024, 5, 15)
DIGITAL_FROM = date(2023, 1, 15)
SOFTWARE = "SICT"
SCALED_FROM = 75_000  # dearer goods are priced so that the case reaches its total
PROVINCES = {
    "重庆": "重庆市",
    "成都": "四川省",
    "杭州": "浙江省",
    "广州": "广东省",
    "苏州": "江苏省",
}


@dataclass(frozen=True)
class Plan:
    """What is to be bought: before money and papers."""

    goods: world.Goods
    quantity: int
    gross: Decimal
    seller: Company


def honest(seed: int, rows: int, *, target: int | None = None, share: float = 0.345) -> Case:
    """Return a case without faults: ``rows`` rows, ``target`` 元 in all, ``share`` software."""
    rng = random.Random(f"case-{seed}")
    applicant = world.applicant(rng, rng.choice(world.MARKS[:4]))
    target = target or (6_400_000 if rows <= 15 else 180_000 * rows)
    plans = _plans(rng, rows, target, share)
    contracts: dict[str, Contract] = {}
    invoices: dict[str, Invoice] = {}
    payments: dict[str, Payment] = {}
    out: list[Row] = []
    by_seller: dict[str, list[Plan]] = {}
    for plan in plans:
        by_seller.setdefault(plan.seller.tax_id, []).append(plan)
    groups = [g[i : i + 3] for g in by_seller.values() for i in range(0, len(g), 3)]
    rng.shuffle(groups)
    for index, group in enumerate(groups):
        day = vouchers.weekday(START + timedelta(days=12 + index * 480 // max(len(groups), 1)))
        contract = _contract(rng, applicant, group, day, index)
        contracts[contract.number] = contract
        out += _rows(rng, contract, group, applicant, invoices, payments)
    out.sort(key=lambda r: list(world.CATEGORIES.values()).index(r.category))
    project = f"{applicant.name.removesuffix('有限公司')}数字化车间工业互联网应用项目"
    case = Case(
        name=f"case-{seed}",
        seed=seed,
        applicant=applicant,
        project=project,
        period=(START, END),
        applied=APPLIED,
        rows=tuple(out),
        invoices=invoices,
        payments=payments,
        contracts=contracts,
        acceptances=closing.acceptances(rng, applicant, project, contracts, invoices, out),
        form=Form("", "", "", "", "", "", ""),
        filing_total="",
        filing_code=f"2202-500112-04-{rng.choice('0125')}{rng.choice('56')}-{codes.digits(rng, 6)}",
    )
    case = replace(case, facts=closing.figures(rng))
    return with_form(case)


def with_form(case: Case) -> Case:
    """Return the case with annex 1 filled from its rows."""
    total = sum((r.total for r in case.rows), Decimal(0))
    names = {world.CATEGORIES[c] for c in SOFTWARE}
    software = sum((r.total for r in case.rows if r.category in names), Decimal(0))
    security = sum((r.total for r in case.rows if "防火墙" in r.name), Decimal(0))
    devices = sum(int(r.quantity) for r in case.rows if r.category == world.CATEGORIES["E"])
    year = {k: case.facts[k] for k in case.facts}
    provider = next(r.supplier for r in case.rows if r.category in names)
    form = Form(
        invested=codes.wan(total),
        planned=codes.wan(total),
        software=codes.wan(software),
        hardware=f"{codes.cents(total / 10000) - codes.cents(software / 10000)}",
        security=codes.wan(security),
        devices=str(devices),
        period=f"{case.period[0].year}.{case.period[0].month}-{case.period[1].year}.{case.period[1].month}",
        years=tuple(
            tuple(year[f"{field}_{y}"] for y in ("2021", "2022", "2023"))
            for field in ("assets", "debt", "revenue", "rate", "profit", "tax")
        ),
        intro=(
            f"{case.applicant.name}成立于{case.applicant.founded.year}年，主要从事汽车零部件、通用机械零部件的"
            "研发、制造与销售，产品配套多家整车及变速器企业。公司面临多品种小批量生产组织难、质量追溯不完整、"
            "设备利用率不高等问题，希望通过工业互联网平台打通设备、质量、仓储与计划数据，实现降本增效。"
        ),
        project_intro=(
            "1.应用工业互联网平台部署制造执行、仓储管理和设备联网系统，实现生产过程透明管理。"
            "2.解决了机械加工行业计划排程不准、质量追溯困难的问题。"
            "3.降低运营成本186万元，已在本公司两个生产基地推广应用。"
        ),
        provider=provider,
        province=PROVINCES[provider[:2]],
        founded=f"{case.applicant.founded:%Y-%m-%d}",
        commitment_day=case.applied,
    )
    return replace(
        case,
        form=form,
        security_total=security,
        filing_total=f"{(total / 10000).quantize(Decimal(1))}",
    )


def _plans(rng: random.Random, rows: int, target: int, share: float) -> list[Plan]:
    sellers = world.sellers(rng, max(5, rows // 3))
    need = ("E", "S", "E", "T", "N", "E", "I", "S", "E", "E", "C", "N", "E", "S", "E", "E")
    drawn: list[tuple[world.Goods, int]] = []
    used: set[str] = set()
    for index in range(rows):
        letter = need[index % len(need)]
        pool = [g for g in world.GOODS if g.category == letter and "防火墙" not in g.name]
        if index == 0:
            pool = [g for g in pool if g.price >= SCALED_FROM]
        if index == 2 and rows >= 5:
            pool = [g for g in world.GOODS if "防火墙" in g.name]
        goods = rng.choice([g for g in pool if g.name not in used] or pool)
        used.add(goods.name)
        many = letter in "EN" and goods.price < 200_000 and goods.unit not in {"年", "项"}
        drawn.append((goods, rng.choice((1, 2, 2, 3, 4)) if many else 1))
    fixed = [g for g, q in drawn if g.price < SCALED_FROM]
    part: dict[bool, float] = {}
    for soft in (True, False):
        mine = [(g, q) for g, q in drawn if (g.category in SOFTWARE) == soft]
        wanted = target * (share if soft else 1 - share)
        wanted -= sum(g.price * q for g, q in mine if g in fixed)
        part[soft] = wanted / max(sum(g.price * q for g, q in mine if g not in fixed), 1)
    plans = []
    for goods, quantity in drawn:
        by = 1.0 if goods in fixed else part[goods.category in SOFTWARE]
        unit = Decimal(max(round(goods.price * by * rng.uniform(0.94, 1.06) / 100), 3) * 100)
        trade = "E" if goods.category == "E" else "N" if goods.category == "N" else "S"
        able = [s for s in sellers if s.trade == trade]
        plans.append(Plan(goods, quantity, unit * quantity, rng.choice(able)))
    return plans


def _item(plan: Plan, share: Decimal = Decimal(1), label: str = "") -> Item:
    goods = plan.goods
    gross = codes.cents(plan.gross * share)
    rate = Decimal(goods.rate)
    net = codes.cents(gross / (1 + rate))
    quantity = Decimal(plan.quantity) if share == 1 else None
    return Item(
        goods.short,
        label or goods.name,
        goods.spec,
        goods.unit if quantity else "",
        quantity,
        net,
        rate,
        gross - net,
        goods.code,
    )


def _contract(
    rng: random.Random, applicant: Company, group: list[Plan], day: date, index: int
) -> Contract:
    lines = tuple(
        (p.goods.name, p.goods.spec or "—", str(p.quantity), p.goods.unit, p.gross) for p in group
    )
    total = sum((p.gross for p in group), Decimal(0))
    goods = group[0].goods
    word = "技术服务" if goods.category in "TIC" else "软件" if goods.category == "S" else "设备"
    return Contract(
        number=f"QWH-{day:%Y}-{rng.choice(('CG', 'SB', 'XX'))}{index + 1:03d}",
        day=day,
        party_a=applicant,
        party_b=group[0].seller,
        subject=f"{goods.name}等{word}采购" if len(group) > 1 else f"{goods.name}采购",
        lines=lines,
        total=total,
        terms=rng.choice(
            (
                "合同签订后支付合同总额的30%，到货验收合格后支付60%，其余10%于验收后付清。",
                "货物交付并验收合格、收到全额增值税发票后三十日内一次性付清。",
                "合同签订后支付50%预付款，验收合格后支付剩余50%。",
            )
        ),
        rate="6%" if goods.rate == "0.06" else "13%",
    )


def _rows(
    rng: random.Random,
    contract: Contract,
    group: list[Plan],
    applicant: Company,
    invoices: dict[str, Invoice],
    payments: dict[str, Payment],
) -> list[Row]:
    out = []
    for plan in group:
        delay = timedelta(days=rng.randrange(35, 95))
        day = vouchers.weekday(contract.day + delay)
        made = _invoices(rng, plan, applicant, day, contract, len(invoices))
        for one in made:
            invoices[one.key] = one
        paid = _payments(rng, plan, applicant, contract, made, len(payments))
        for pay in paid:
            payments[pay.key] = pay
        out.append(_row(plan, contract, made, paid))
    return out


def _row(plan: Plan, contract: Contract, made: list[Invoice], paid: list[Payment]) -> Row:
    goods = plan.goods
    return Row(
        category=world.CATEGORIES[goods.category],
        name=goods.name,
        purpose=goods.purpose,
        supplier=plan.seller.name,
        contract=contract.number,
        invoices=tuple(i.key for i in made),
        **vouchers.cells(made),
        total=sum((i.total for i in made), Decimal(0)),
        net=sum((i.net for i in made), Decimal(0)),
        tax=sum((i.tax for i in made), Decimal(0)),
        payments=tuple(p.key for p in paid),
        voucher="\n".join(p.receipt for p in paid),
        paid_on="\n".join(f"{p.day:%Y-%m-%d}" for p in paid),
        quantity=str(plan.quantity),
        spec=goods.spec,
    )


def _invoices(
    rng: random.Random, plan: Plan, applicant: Company, day: date, contract: Contract, count: int
) -> list[Invoice]:
    goods = plan.goods
    style = rng.random()
    parts: list[tuple[Item, ...]]
    if style < 0.12 and plan.quantity > 1 and plan.gross > 200_000:  # two invoices for one row
        parts = [(_item(plan, Decimal("0.5")),), (_item(plan, Decimal("0.5")),)]
    elif style < 0.24 and goods.category == "E":
        extra = f"{goods.name}安装调试配件"
        main = _item(plan, Decimal("0.94"))
        parts = [(replace(main, quantity=Decimal(plan.quantity), unit=goods.unit),
                  replace(_item(plan, Decimal("0.06"), extra), spec="", quantity=Decimal(1), unit="批"))]  # fmt: skip
    elif style < 0.32 and goods.category in "ES":  # with a discount line
        whole = _item(plan)
        cut = codes.cents(whole.amount * Decimal("0.05"))
        off = codes.cents(cut * Decimal(goods.rate))
        parts = [(replace(whole, amount=whole.amount + cut, tax=whole.tax + off),
                  replace(whole, quantity=None, unit="", spec="", amount=-cut, tax=-off))]  # fmt: skip
    else:
        parts = [(_item(plan),)]
    out = []
    kind = _kind(rng, day, goods)
    for number, items in enumerate(parts):
        out.append(vouchers.invoice(rng, f"I{count + number + 1}", kind, day, applicant, plan.seller, items,
                           f"合同编号：{contract.number}"))  # fmt: skip
    return out


def _kind(rng: random.Random, day: date, goods: world.Goods) -> str:
    if day >= DIGITAL_FROM:
        return "digital_special" if rng.random() < 0.7 else "digital_general"
    if goods.category in "TC":
        return rng.choice(("vat_e_general", "vat_special_paper"))
    return rng.choices(
        ("vat_special_paper", "vat_general_paper", "vat_e_special", "vat_e_general"),
        (70, 10, 10, 10),
    )[0]


def _payments(
    rng: random.Random,
    plan: Plan,
    applicant: Company,
    contract: Contract,
    made: list[Invoice],
    count: int,
) -> list[Payment]:
    total = sum((i.total for i in made), Decimal(0))
    if "30%" in contract.terms:
        first, second = codes.cents(total * Decimal("0.3")), codes.cents(total * Decimal("0.6"))
        parts = [(first, contract.day, 9), (second, made[-1].day, 12),
                 (total - first - second, made[-1].day, 48)]  # fmt: skip
    elif "50%" in contract.terms:
        half = codes.cents(total / 2)
        parts = [(half, contract.day, 7), (total - half, made[-1].day, 20)]
    else:
        parts = [(total, made[-1].day, 16)]
    bank = next(k for k, v in world.BANKS.items() if applicant.bank.startswith(v))
    out = []
    for index, (amount, base, days) in enumerate(parts):
        label = ("预付款", "进度款", "尾款")[index] if len(parts) > 1 else "货款"
        day = vouchers.weekday(base + timedelta(days=days + rng.randrange(0, 6)))
        out.append(vouchers.payment(rng, f"P{count + index + 1}", bank, day, applicant, plan.seller, amount,
                           f"{contract.number}{plan.goods.name}{label}"))  # fmt: skip
    return out

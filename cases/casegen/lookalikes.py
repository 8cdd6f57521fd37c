"""Honest peculiarities that resemble a fault: none may lead to a ``fail``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import codes, vouchers
from cases.casegen.faults_faces import turn_into
from cases.casegen.model import Paper, Sheet
from cases.casegen.planting import Fault, Spoil, Work

LOOKALIKES: dict[str, Fault] = {}
CHECK = (Sheet("acceptance_report", ("project",), ("applicant",)),)


def honest_look(
    key: str, note: str, *, extra: tuple[Sheet, ...] = (), rows: int = 2, scan: bool = True
) -> Callable[[Spoil], Spoil]:
    """Register a peculiarity."""

    def keep(spoil: Spoil) -> Spoil:
        LOOKALIKES[key] = Fault(key, note, (), spoil, extra, scan, rows)
        return spoil

    return keep


def _pay(w: Work, parts: list[Decimal]) -> None:
    """Pay the victim in these parts."""
    first = w.case.payments[w.victim.payments[0]]
    pays = {}
    for at, amount in enumerate(parts):
        day = w.invoice.day + timedelta(days=6 + 25 * at)
        one = vouchers.payment(
            w.rng,
            f"PX{at}",
            first.bank,
            vouchers.weekday(day),
            first.payer,
            first.payee,
            amount,
            first.purpose,
        )
        pays[one.key] = one
    for key in w.victim.payments:
        w.drop_payment(key)
    w.case = replace(w.case, payments={**w.case.payments, **pays},
                     papers=(*w.case.papers, Paper("补充回单.pdf", (Sheet("bank_receipt", tuple(pays)),))))  # fmt: skip
    w.set_row(payments=tuple(pays), voucher="\n".join(p.receipt for p in pays.values()),
              paid_on="\n".join(f"{p.day}" for p in pays.values()))  # fmt: skip


@honest_look("instalments", "分三期付款")
def _instalments(w: Work) -> None:
    total = w.victim.total
    a, b = codes.cents(total * Decimal("0.3")), codes.cents(total * Decimal("0.45"))
    _pay(w, [a, b, total - a - b])


@honest_look("retention", "留有10%质保金未付")
def _retention(w: Work) -> None:
    _pay(
        w,
        [
            codes.cents(w.victim.total * Decimal("0.5")),
            codes.cents(w.victim.total * Decimal("0.4")),
        ],
    )


@honest_look("merged_payment", "一笔付款对应两张发票", rows=2)
def _merged(w: Work) -> None:
    made = [w.case.invoices[k] for r in w.case.rows for k in r.invoices]
    first = made[0].seller
    both = sum((i.total for i in made), Decimal(0))
    w.case = replace(
        w.case,
        invoices={i.key: replace(i, seller=first) for i in made},
    )
    day = max(i.day for i in made) + timedelta(days=20)
    old = w.case.payments[w.victim.payments[0]]
    one = vouchers.payment(
        w.rng, "PM", old.bank, vouchers.weekday(day), old.payer, first, both, "设备及软件款"
    )
    for row in w.case.rows:
        for key in row.payments:
            w.drop_payment(key)
    rows = tuple(
        replace(r, supplier=first.name, payments=("PM",), voucher=one.receipt, paid_on=f"{one.day}")
        for r in w.case.rows
    )
    w.case = replace(w.case, rows=rows, payments={**w.case.payments, "PM": one},
                     papers=(*w.case.papers, Paper("合并付款.pdf", (Sheet("bank_receipt", ("PM",)),))))  # fmt: skip


@honest_look("two_copies", "同一发票的发票联和抵扣联")
def _copies(w: Work) -> None:
    turn_into(w, "vat_special_paper")
    twin = replace(w.invoice, key="IC", copy_name="抵扣联")
    w.case = replace(w.case, invoices={**w.case.invoices, "IC": twin},
                     papers=(*w.case.papers, Paper("抵扣联.pdf", (Sheet("vat_invoice", ("IC",), ("seller", "applicant"), "copy"),))))  # fmt: skip


@honest_look("print_and_file", "数电发票打印件与原文件并存")
def _both(w: Work) -> None:
    turn_into(w, "digital_special")
    w.on_paper("print", ("applicant",))
    more = tuple(
        Paper(f"原件.{m}", (Sheet("vat_invoice", (w.invoice.key,)),), m) for m in ("pdf", "xml")
    )
    w.case = replace(w.case, papers=(*w.case.papers, *more))


@honest_look("partial_claim", "只申报发票金额的一部分")
def _partial(w: Work) -> None:
    share = Decimal("0.95")
    w.set_row(
        total=codes.cents(w.victim.total * share),
        net=codes.cents(w.victim.net * share),
        tax=codes.cents(w.victim.tax * share),
    )
    _refill(w)


@honest_look("accepted_after_period", "验收在实施周期之后、申报之前", extra=CHECK)
def _accepted(w: Work) -> None:
    done = replace(w.case.acceptances["project"], day=date(2024, 3, 19))
    w.case = replace(w.case, acceptances={**w.case.acceptances, "project": done})


@honest_look("invoiced_after_period", "开票在实施周期之后、申报之前")
def _invoiced(w: Work) -> None:
    turn_into(w, "digital_special")
    day = date(2024, 2, 20)
    number = codes.digital_number(w.rng, day, w.invoice.seller.region)
    w.set_invoice(day=day, number=number)
    w.restate_row()


@honest_look("experts_only", "项目级验收，无承建方盖章", extra=CHECK)
def _experts(w: Work) -> None:
    assert w.case.acceptances["project"].contractor is None


@honest_look("proxy_invoice", "税务机关代开的发票", rows=2)
def _proxy(w: Work) -> None:
    turn_into(w, "vat_special_paper")
    one = w.invoice
    office = replace(
        one.seller,
        name=f"国家税务总局重庆市{one.seller.address[6:8]}区税务局（代开机关）",
        tax_id=f"{one.seller.region}DK00118",
    )
    w.set_invoice(
        seller=office, remarks=f"代开企业名称：{one.seller.name} 代开企业税号：{one.seller.tax_id}"
    )
    w.rows.clear()


@honest_look("reversed_and_new", "红冲后重新开具，明细表列新票")
def _anew(w: Work) -> None:
    turn_into(w, "digital_special")
    new = w.invoice
    day = vouchers.weekday(new.day - timedelta(days=9))
    old = replace(
        new, key="IO", day=day, number=codes.digital_number(w.rng, day, new.seller.region)
    )
    back = tuple(
        replace(i, quantity=-i.quantity if i.quantity else None, amount=-i.amount, tax=-i.tax)
        for i in old.items
    )
    red = vouchers.invoice(w.rng, "IR", "digital_special", day + timedelta(days=4), old.buyer, old.seller, back,
                           f"被红冲蓝字数电票号码：{old.number} 红字发票信息确认单编号：{codes.digits(w.rng, 20)}")  # fmt: skip
    sheets = tuple(Sheet("vat_invoice", (k,), ("applicant",), "print") for k in ("IO", "IR"))
    w.case = replace(w.case, invoices={**w.case.invoices, "IO": old, "IR": red},
                     papers=(*w.case.papers, Paper("红冲.pdf", sheets)))  # fmt: skip


@honest_look("unit_wan", "明细表以万元为单位", scan=False)
def _wan(w: Work) -> None:
    w.case = replace(w.case, ledger_unit="万元")


@honest_look("renamed_buyer", "同一税号、更名前的名称")
def _renamed(w: Work) -> None:
    old = w.case.applicant
    w.set_invoice(buyer=replace(old, name=old.name.replace("机械制造", "机械")))
    w.rows.clear()


def _refill(w: Work) -> None:
    """Fill the form from the rows again."""
    from cases.casegen.scenario import with_form

    w.case = with_form(w.case)

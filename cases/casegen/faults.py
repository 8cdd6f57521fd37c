"""Planted faults: each changes an honest case in one way and says what must be found.

A fault of money or evidence lives here, one of the forms in ``faults_forms``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.casegen import codes, scenario, world
from cases.casegen.model import Case, Company, Invoice, Paper, Row, Sheet


@dataclass
class Work:
    """A case being spoilt: its parts in the open, and what the spoiling must lead to."""

    case: Case
    rng: random.Random
    row: int = 0  # index of the victim
    rows: list[int] = field(default_factory=list)  # 1-based rows to be named
    keys: list[str] = field(default_factory=list)  # invoices or payments to be named
    kinds: list[str] = field(default_factory=list)  # kinds of paper to be named
    extra: list[Sheet] = field(default_factory=list)
    tweaks: list[Callable[[Paper], Paper | None]] = field(default_factory=list)

    @property
    def victim(self) -> Row:
        return self.case.rows[self.row]

    @property
    def invoice(self) -> Invoice:
        return self.case.invoices[self.victim.invoices[0]]

    def set_row(self, **changes: Any) -> None:
        rows = list(self.case.rows)
        rows[self.row] = replace(rows[self.row], **changes)
        self.case = replace(self.case, rows=tuple(rows))
        self.rows.append(self.row + 1)

    def set_invoice(self, **changes: Any) -> None:
        one = replace(self.invoice, **changes)
        self.case = replace(self.case, invoices={**self.case.invoices, one.key: one})
        self.keys.append(one.key)
        self.rows.append(self.row + 1)

    def set_payments(self, **changes: Any) -> None:
        pays = {k: replace(self.case.payments[k], **changes) for k in self.victim.payments}
        self.case = replace(self.case, payments={**self.case.payments, **pays})
        self.keys += list(pays)
        self.rows.append(self.row + 1)

    def set_form(self, **changes: Any) -> None:
        self.case = replace(self.case, form=replace(self.case.form, **changes))
        self.kinds.append("application_form")

    def reseal(self, kind: str, seals: tuple[str, ...], *, key: str = "") -> None:
        """Give the sheets of a kind (and subject) other seals."""

        def change(sheet: Sheet) -> Sheet:
            meant = sheet.kind == kind and (not key or key in sheet.subject)
            return replace(sheet, seals=seals) if meant else sheet

        self.tweaks.append(lambda p: replace(p, sheets=tuple(change(s) for s in p.sheets)))

    def drop(self, kind: str, key: str = "") -> None:
        """Take the sheets of a kind (and subject) out of the folder."""

        def change(paper: Paper) -> Paper | None:
            left = tuple(
                s for s in paper.sheets if not (s.kind == kind and (not key or key in s.subject))
            )
            return replace(paper, sheets=left) if left else None

        self.tweaks.append(change)

    def drop_payment(self, key: str) -> None:
        """Take one receipt off the pages it shares with others."""

        def change(paper: Paper) -> Paper | None:
            left = tuple(
                replace(s, subject=tuple(k for k in s.subject if k != key))
                if s.kind == "bank_receipt"
                else s
                for s in paper.sheets
            )
            left = tuple(s for s in left if s.kind != "bank_receipt" or s.subject)
            return replace(paper, sheets=left) if left else None

        self.tweaks.append(change)

    def on_paper(
        self, option: str = "copy", seals: tuple[str, ...] = ("seller", "applicant")
    ) -> None:
        """Make the victim's invoice a scan with these seals, so that a fault of paper can show."""
        key = self.invoice.key

        def change(paper: Paper) -> Paper | None:
            if not any(s.kind == "vat_invoice" and key in s.subject for s in paper.sheets):
                return paper
            if paper.medium in {"xml", "ofd"}:
                return None
            sheet = Sheet("vat_invoice", (key,), seals, option)
            name = (
                paper.path
                if paper.medium in {"scan", "jpg", "png"}
                else paper.path.rsplit(".", 1)[0] + ".pdf"
            )
            return replace(
                paper,
                path=name,
                sheets=(sheet,),
                medium="scan" if paper.medium == "pdf" else paper.medium,
            )

        self.tweaks.append(change)

    def finish(self) -> Case:
        papers: list[Paper] = []
        for paper in self.case.papers:
            kept: Paper | None = paper
            for tweak in self.tweaks:
                kept = tweak(kept) if kept else None
            if kept:
                papers.append(kept)
        return replace(self.case, papers=tuple(papers))


@dataclass(frozen=True)
class Fault:
    """``rules``: codes any of which finds it; ``extra``: sheets a small case needs besides."""

    key: str
    note: str
    rules: tuple[str, ...]
    spoil: Callable[[Work], None]
    extra: tuple[Sheet, ...] = ()
    scan: bool = True
    rows: int = 2


FAULTS: dict[str, Fault] = {}


def fault(
    key: str, note: str, *rules: str, **more: Any
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Register a way of spoiling a case."""

    def keep(spoil: Callable[[Work], None]) -> Callable[[Work], None]:
        FAULTS[key] = Fault(key, note, rules, spoil, **more)
        return spoil

    return keep


def _kind(w: Work, *kinds: str) -> None:
    """Turn the victim's invoice into another kind, numbers and all."""
    one = w.invoice
    day = one.day
    if kinds[0].startswith("digital") and day < scenario.DIGITAL_FROM:
        day = date(2023, 5, 16)
    made = scenario.invoice(
        w.rng, one.key, kinds[0], day, one.buyer, one.seller, one.items, one.remarks
    )
    w.case = replace(w.case, invoices={**w.case.invoices, one.key: made})
    w.set_row(
        number=made.number,
        code=made.code,
        day=f"{made.day}",
        kind="专票" if "special" in made.kind else "普票",
    )
    w.rows.pop()


def _stranger(w: Work, ending: str = "机械配件有限公司") -> Company:
    return world.company(w.rng, "500107", w.rng.choice(("恒朗", "泰枫", "远禾")), ending)


@fault("buyer_other_company", "发票购买方不是申报单位", "I05")
def _buyer_other_company(w: Work) -> None:
    w.set_invoice(buyer=_stranger(w))


@fault("buyer_tax_id", "购买方名称一致但税号不是申报单位的", "I05")
def _buyer_tax_id(w: Work) -> None:
    w.set_invoice(printed={**w.invoice.printed, "buyer_tax": codes.taxpayer_id(w.rng, "500107")})


@fault("duplicate_row", "同一张发票在明细表中列了两行", "R01", "I13", "I14", rows=3)
def _duplicate_row(w: Work) -> None:
    first = w.victim
    w.rows.append(1)
    w.row = (
        next(i for i, r in enumerate(w.case.rows) if i and r.category == first.category)
        if len(w.case.rows) > 3
        else 1
    )
    w.set_row(invoices=first.invoices, number=first.number, code=first.code, day=first.day, total=first.total,
              net=first.net, tax=first.tax, kind=first.kind)  # fmt: skip


@fault("row_over_invoice", "明细表金额大于发票价税合计", "I13")
def _row_over_invoice(w: Work) -> None:
    more = codes.cents(w.victim.total * Decimal("0.1"))
    w.set_row(total=w.victim.total + more, net=w.victim.net + codes.cents(more / Decimal("1.13")))


@fault("missing_invoice", "明细表列了发票，资料中没有", "I14", "N17")
def _missing_invoice(w: Work) -> None:
    w.rows.append(w.row + 1)
    for key in w.victim.invoices:
        w.drop("vat_invoice", key)


@fault("orphan_invoice", "资料中有发票，明细表没有列", "I14")
def _orphan_invoice(w: Work) -> None:
    one = replace(w.invoice, key="IX", number="".join(w.rng.sample("123456789", 8)) if not w.invoice.digital
                  else w.invoice.number[:-6] + codes.digits(w.rng, 6))  # fmt: skip
    w.case = replace(w.case, invoices={**w.case.invoices, "IX": one})
    w.keys.append("IX")
    sheet = Sheet("vat_invoice", ("IX",), ("seller", "applicant"), "copy")
    w.case = replace(w.case, papers=(*w.case.papers, Paper("04发票/补充发票.pdf", (sheet,))))


@fault("ledger_total", "明细表合计数与各行之和不符", "I13")
def _ledger_total(w: Work) -> None:
    w.case = replace(
        w.case, ledger_total=sum((r.total for r in w.case.rows), Decimal(0)) + Decimal(200000)
    )
    w.kinds.append("investment_ledger")


@fault("qr_amount", "二维码金额与票面金额不符（票面被改动）", "I03")
def _qr_amount(w: Work) -> None:
    one = w.invoice
    share = one.items[0]
    grown = replace(
        share,
        amount=share.amount + 90000,
        tax=share.tax + codes.cents(90000 * (share.rate or Decimal(0))),
    )
    honest_qr = one.total if one.digital else one.net
    w.set_invoice(items=(grown, *one.items[1:]), qr_amount=honest_qr)
    one = w.invoice
    made = [w.case.invoices[k] for k in w.victim.invoices]
    w.set_row(
        total=sum((i.total for i in made), Decimal(0)),
        net=sum((i.net for i in made), Decimal(0)),
        tax=sum((i.tax for i in made), Decimal(0)),
    )


@fault("qr_number", "二维码号码与票面号码不符", "I03")
def _qr_number(w: Work) -> None:
    one = w.invoice
    swapped = one.number[:-3] + f"{(int(one.number[-3:]) + 417) % 1000:03d}"
    w.set_invoice(printed={**one.printed, "number": swapped})
    w.set_row(number=w.victim.number.replace(one.number, swapped))


@fault("invoice_after_application", "开票日期晚于申报日期", "I07")
def _invoice_after_application(w: Work) -> None:
    _kind(w, "digital_special")
    late = w.case.applied + timedelta(days=5)
    number = codes.digital_number(w.rng, late, w.invoice.seller.region)
    w.set_invoice(day=late, number=number)
    w.set_row(day=f"{late}", number=number)


@fault("invoice_before_2022", "开票日期早于2022年1月1日", "I07")
def _invoice_before_2022(w: Work) -> None:
    early = date(2021, 11, w.rng.randrange(3, 26))
    one = scenario.invoice(
        w.rng,
        w.invoice.key,
        "vat_special_paper",
        early,
        w.invoice.buyer,
        w.invoice.seller,
        w.invoice.items,
        w.invoice.remarks,
    )
    w.case = replace(w.case, invoices={**w.case.invoices, one.key: one})
    w.set_row(day=f"{early}", number=one.number, code=one.code, kind="专票")
    w.keys.append(one.key)


@fault("copy_without_seal", "发票复印件没有申报单位的章", "I06", "N17")
def _copy_without_seal(w: Work) -> None:
    _kind(w, "vat_special_paper") if w.invoice.day < scenario.DIGITAL_FROM else None
    w.keys.append(w.invoice.key)
    w.on_paper("copy", ("seller",))


@fault("copy_other_seal", "发票复印件盖的是别的公司的章", "I06", "N17")
def _copy_other_seal(w: Work) -> None:
    w.keys.append(w.invoice.key)
    w.on_paper("copy", ("seller", "other") if not w.invoice.digital else ("other",))


@fault("copy_contract_seal", "发票复印件盖的是合同专用章", "I06", "N17")
def _copy_contract_seal(w: Work) -> None:
    w.keys.append(w.invoice.key)
    w.on_paper(
        "copy",
        ("seller", "applicant_contract") if not w.invoice.digital else ("applicant_contract",),
    )


@fault("seller_seal_missing", "纸质发票没有销售方发票专用章", "I06")
def _seller_seal_missing(w: Work) -> None:
    _kind(w, "vat_special_paper")
    w.keys.append(w.invoice.key)
    w.on_paper("original", ("applicant",))


@fault("row_unpaid", "该行没有付款凭证", "I12", "N18")
def _row_unpaid(w: Work) -> None:
    w.rows.append(w.row + 1)
    for key in w.victim.payments:
        w.drop_payment(key)
    w.set_row(payments=(), voucher="", paid_on="")


@fault("partly_unpaid", "付款合计小于发票金额", "I12", "N18")
def _partly_unpaid(w: Work) -> None:
    key = w.victim.payments[-1]
    less = replace(
        w.case.payments[key], amount=codes.cents(w.case.payments[key].amount * Decimal("0.4"))
    )
    w.case = replace(w.case, payments={**w.case.payments, key: less})
    w.rows.append(w.row + 1)


@fault("payment_after_application", "付款日期晚于申报日期", "I12", "N18")
def _payment_after_application(w: Work) -> None:
    late = w.case.applied + timedelta(days=12)
    w.set_payments(day=late, stamp=f"{late}-10.21.33")
    w.set_row(paid_on="\n".join(f"{late}" for _ in w.victim.payments))


@fault("third_party_payer", "付款人不是申报单位", "I11", "I12")
def _third_party_payer(w: Work) -> None:
    w.set_payments(payer=_stranger(w, "商贸有限公司"))


@fault("payee_differs", "收款人不是开票单位", "I11", "I12")
def _payee_differs(w: Work) -> None:
    w.set_payments(payee=_stranger(w, "咨询服务有限公司"))


@fault("ineligible_item", "办公家具不属于六类投资", "N08", "I08")
def _ineligible_item(w: Work) -> None:
    goods = world.FURNITURE
    items = tuple(
        replace(i, short=goods.short, name=goods.name, spec=goods.spec, unit="套")
        for i in w.invoice.items[:1]
    )
    rest = sum((i.amount for i in w.invoice.items[1:]), Decimal(0))
    tax = sum((i.tax for i in w.invoice.items[1:]), Decimal(0))
    w.set_invoice(items=(replace(items[0], amount=items[0].amount + rest, tax=items[0].tax + tax),))
    w.set_row(name=goods.name, purpose=goods.purpose)


@fault("hardware_as_software", "硬件列入软件购置费", "I08", "R10", "N08")
def _hardware_as_software(w: Work) -> None:
    w.row = next(i for i, r in enumerate(w.case.rows) if r.category == world.CATEGORIES["S"])
    items = tuple(
        replace(i, short="输送机械", name="辊筒输送线", spec="GT-600", unit="台")
        for i in w.invoice.items
    )
    w.set_invoice(items=items)


@fault("words_differ", "发票大写金额与小写不符", "I04")
def _words_differ(w: Work) -> None:
    w.set_invoice(printed={**w.invoice.printed, "words": codes.words(w.invoice.total + 30000)})


@fault("sum_wrong", "金额加税额不等于价税合计", "I04")
def _sum_wrong(w: Work) -> None:
    w.set_invoice(printed={**w.invoice.printed, "net": f"¥{w.invoice.net + 10000}"})


@fault("receipt_words", "银行回单大写金额与小写不符", "I12", "I04", "I10")
def _receipt_words(w: Work) -> None:
    key = w.victim.payments[0]
    one = w.case.payments[key]
    w.case = replace(
        w.case,
        payments={
            **w.case.payments,
            key: replace(one, words=codes.words(one.amount + 50000, "元")),
        },
    )
    w.keys.append(key)


@fault("number_year", "数电发票号码的年份与开票日期不符", "I02")
def _number_year(w: Work) -> None:
    _kind(w, "digital_special")
    odd = "21" + w.invoice.number[2:]
    w.set_invoice(number=odd)
    w.set_row(number=odd)


@fault("void_word", "票面有“作废”字样", "I09")
def _void_word(w: Work) -> None:
    _kind(w, "vat_special_paper")
    w.set_invoice(across="作废")
    w.on_paper("copy")


@fault("bookkeeping_copy", "交来的是销售方记账联", "I09")
def _bookkeeping_copy(w: Work) -> None:
    _kind(w, "vat_special_paper")
    w.set_invoice(copy_name="记账联")
    w.on_paper("copy")


@fault("reversed", "蓝字发票已被同卷中的红字发票全额冲销", "I09", "R12")
def _reversed(w: Work) -> None:
    one = w.invoice
    red_items = tuple(
        replace(i, quantity=-i.quantity if i.quantity else None, amount=-i.amount, tax=-i.tax)
        for i in one.items
    )
    day = one.day + timedelta(days=20)
    red = scenario.invoice(w.rng, "IR", one.kind, day, one.buyer, one.seller, red_items,
                           f"被红冲蓝字{'数电' if one.digital else ''}发票号码：{one.number} 红字发票信息确认单编号：{codes.digits(w.rng, 20)}")  # fmt: skip
    w.case = replace(w.case, invoices={**w.case.invoices, "IR": red})
    w.keys += [one.key, "IR"]
    w.rows.append(w.row + 1)
    option = "print" if one.digital else "copy"
    seals = ("applicant",) if one.digital else ("seller", "applicant")
    w.case = replace(
        w.case,
        papers=(
            *w.case.papers,
            Paper("04发票/红字.pdf", (Sheet("vat_invoice", ("IR",), seals, option),)),
        ),
    )


@fault("same_number_other_amount", "同一号码两张发票金额不同", "R03", "R01")
def _same_number_other_amount(w: Work) -> None:
    one = w.invoice
    twin = replace(
        one,
        key="IT",
        items=tuple(
            replace(
                i,
                amount=i.amount + 8000,
                tax=codes.cents((i.amount + 8000) * (i.rate or Decimal(0))),
            )
            for i in one.items
        ),
    )
    w.case = replace(w.case, invoices={**w.case.invoices, "IT": twin})
    w.keys += [one.key, "IT"]
    option = "print" if one.digital else "copy"
    w.case = replace(
        w.case,
        papers=(
            *w.case.papers,
            Paper(
                "04发票/另一张.pdf",
                (
                    Sheet(
                        "vat_invoice",
                        ("IT",),
                        ("seller", "applicant") if option == "copy" else ("applicant",),
                        option,
                    ),
                ),
            ),
        ),
    )


@fault("receipt_number_reused", "两笔付款的回单编号相同", "R20", "I12")
def _receipt_number_reused(w: Work) -> None:
    first, second = w.case.rows[0].payments[0], w.case.rows[-1].payments[-1]
    same = replace(
        w.case.payments[second],
        receipt=w.case.payments[first].receipt,
        serial=w.case.payments[first].serial,
    )
    w.case = replace(w.case, payments={**w.case.payments, second: same})
    w.keys += [first, second]


@fault("file_differs", "XML与PDF版式文件内容不一致", "I10", scan=False)
def _file_differs(w: Work) -> None:
    _kind(w, "digital_special")
    one = w.invoice
    other = replace(
        one, key="IY", printed={"total": f"¥{one.total + 60000}", "net": f"¥{one.net + 60000}"}
    )
    w.case = replace(w.case, invoices={**w.case.invoices, "IY": other})
    w.case = replace(
        w.case,
        papers=(
            *w.case.papers,
            Paper(f"发票{one.key}.xml", (Sheet("vat_invoice", ("IY",)),), "xml"),
        ),
    )
    w.keys += [one.key, "IY"]


@fault(
    "contract_other_seller",
    "合同乙方与开票单位不同",
    "I11",
    extra=(Sheet("contract", ("first",), ("applicant", "seller")),),
)
def _contract_other_seller(w: Work) -> None:
    number = w.victim.contract
    deal = replace(w.case.contracts[number], party_b=_stranger(w, "智能装备有限公司"))
    w.case = replace(w.case, contracts={**w.case.contracts, number: deal})
    w.kinds.append("contract")
    w.rows.append(w.row + 1)


@fault(
    "contract_below_invoices",
    "发票合计大于合同金额",
    "I11",
    "I12",
    "I16",
    extra=(Sheet("contract", ("first",), ("applicant", "seller")),),
)
def _contract_below_invoices(w: Work) -> None:
    number = w.victim.contract
    deal = w.case.contracts[number]
    lines = tuple((*line[:4], codes.cents(line[4] / 2)) for line in deal.lines)
    half = replace(deal, total=sum((line[4] for line in lines), Decimal(0)), lines=lines)
    w.case = replace(w.case, contracts={**w.case.contracts, number: half})
    w.kinds.append("contract")
    w.rows.append(w.row + 1)

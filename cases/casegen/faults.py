"""Planted faults of money and evidence; those of forms, seals and reports: ``faults_forms``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import codes, scenario, vouchers, world
from cases.casegen.faults_faces import stranger, turn_into
from cases.casegen.model import Paper, Sheet
from cases.casegen.planting import Work, fault


@fault("buyer_other_company", "发票购买方不是申报单位", "I05")
def _buyer_other_company(w: Work) -> None:
    w.set_invoice(buyer=stranger(w))


@fault(
    "buyer_tax_id",
    "购买方名称一致但税号不是申报单位的",
    "I05",
    extra=(Sheet("business_licence", seals=("issuer",)),),
)
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
    turn_into(w, "digital_special")
    late = w.case.applied + timedelta(days=5)
    number = codes.digital_number(w.rng, late, w.invoice.seller.region)
    w.set_invoice(day=late, number=number)
    w.restate_row()


@fault("invoice_before_2022", "开票日期早于2022年1月1日", "I07")
def _invoice_before_2022(w: Work) -> None:
    early = date(2021, 11, w.rng.randrange(3, 26))
    one = vouchers.invoice(
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
    w.restate_row()
    w.keys.append(one.key)


@fault("copy_without_seal", "发票复印件没有申报单位的章", "I06", "N17")
def _copy_without_seal(w: Work) -> None:
    turn_into(w, "vat_special_paper") if w.invoice.day < scenario.DIGITAL_FROM else None
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
    turn_into(w, "vat_special_paper")
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
    key = max(w.victim.payments, key=lambda k: w.case.payments[k].amount)
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
    w.set_payments(payer=stranger(w, "商贸有限公司"))


@fault("payee_differs", "收款人不是开票单位", "I11", "I12")
def _payee_differs(w: Work) -> None:
    w.set_payments(payee=stranger(w, "咨询服务有限公司"))


@fault("ineligible_item", "办公家具不属于六类投资", "N08", "I08")
def _ineligible_item(w: Work) -> None:
    goods = world.FURNITURE
    items = tuple(
        replace(
            i,
            short=goods.short,
            name=goods.name,
            spec=goods.spec,
            unit="套",
            quantity=Decimal(max(1, round(w.invoice.net / goods.price))),
        )
        for i in w.invoice.items[:1]
    )
    rest = sum((i.amount for i in w.invoice.items[1:]), Decimal(0))
    tax = sum((i.tax for i in w.invoice.items[1:]), Decimal(0))
    w.set_invoice(items=(replace(items[0], amount=items[0].amount + rest, tax=items[0].tax + tax),))
    w.set_row(name=goods.name, purpose=goods.purpose)

"""Planted faults on the face of invoices, receipts and contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import codes, scenario, vouchers, world
from cases.casegen.model import Company, Paper, Sheet
from cases.casegen.planting import Work, fault


def turn_into(w: Work, *kinds: str) -> None:
    """Turn the victim's invoice into another kind, numbers and all."""
    one = w.invoice
    day = one.day
    if kinds[0].startswith("digital") and day < scenario.DIGITAL_FROM:
        day = date(2023, 5, 16)
    made = vouchers.invoice(
        w.rng, one.key, kinds[0], day, one.buyer, one.seller, one.items, one.remarks
    )
    w.case = replace(w.case, invoices={**w.case.invoices, one.key: made})
    w.restate_row()
    w.rows.pop()


def stranger(w: Work, ending: str = "机械配件有限公司") -> Company:
    return world.company(w.rng, "500107", w.rng.choice(("恒朗", "泰枫", "远禾")), ending)


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
    one, net = w.invoice, w.invoice.net + 10000
    in_code = None if one.digital else net  # issued so: the code says what the face says
    w.set_invoice(printed={**one.printed, "net": f"¥{net}"}, qr_amount=in_code)


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
    turn_into(w, "digital_special")
    odd = "21" + w.invoice.number[2:]
    w.set_invoice(number=odd)
    w.restate_row()


@fault("void_word", "票面有“作废”字样", "I09")
def _void_word(w: Work) -> None:
    turn_into(w, "vat_special_paper")
    w.set_invoice(across="作废")
    w.on_paper("copy")


@fault("bookkeeping_copy", "交来的是销售方记账联", "I09")
def _bookkeeping_copy(w: Work) -> None:
    turn_into(w, "vat_special_paper")
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
    red = vouchers.invoice(w.rng, "IR", one.kind, day, one.buyer, one.seller, red_items,
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


@fault("file_differs", "XML与PDF版式文件内容不一致", "I10", "R03", scan=False)
def _file_differs(w: Work) -> None:
    turn_into(w, "digital_special")
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
    deal = replace(w.case.contracts[number], party_b=stranger(w, "智能装备有限公司"))
    w.case = replace(w.case, contracts={**w.case.contracts, number: deal})
    w.kinds.append("contract")
    w.rows.append(w.row + 1)


@fault(
    "contract_below_invoices",
    "发票合计大于合同金额",
    "I19",
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


SIGNED = tuple(
    Sheet("acceptance_report", (which,), ("applicant", "seller"), "signed")
    for which in ("first", "last")
)


@fault("signature_pasted", "两份验收报告的签名为同一图像", "R15", extra=SIGNED)
def _signature_pasted(w: Work) -> None:
    def paste(paper: Paper) -> Paper:
        sheets = (
            replace(s, option="pasted") if s.kind == "acceptance_report" else s
            for s in paper.sheets
        )
        return replace(paper, sheets=tuple(sheets))

    w.tweaks.append(paste)
    w.kinds.append("acceptance_report")


@fault("seller_seal_number", "发票专用章上的税号不是销售方的", "I06")
def _seller_seal_number(w: Work) -> None:
    turn_into(w, "vat_special_paper")
    w.on_paper("original", ("seller_number", "applicant"))
    w.keys.append(w.invoice.key)


@fault("seal_pasted", "两张发票上的公章为同一图像", "R14")
def _seal_pasted(w: Work) -> None:
    """Every scanned invoice bears one picture of the applicant's seal."""

    def paste(paper: Paper) -> Paper:
        if paper.medium != "scan" or paper.sheets[0].kind != "vat_invoice":
            return paper
        sheets = tuple(replace(s, seals=("applicant",)) for s in paper.sheets)
        return replace(paper, sheets=sheets, look=replace(paper.look, seal_picture=4711))

    w.tweaks.append(paste)
    w.keys += list(w.case.invoices)


@fault("copy_seal_photocopied", "发票复印件上申报单位的章是复印的", "I06")
def _copy_seal_photocopied(w: Work) -> None:
    seals = ("applicant",) if w.invoice.digital else ("seller", "applicant")
    w.on_paper("copy", seals)
    _ink(w, "vat_invoice", "black_copy", w.invoice.key)
    w.keys.append(w.invoice.key)


@fault(
    "ledger_seal_pasted",
    "明细表上申报单位的章是粘贴的图片",
    "N16",
    extra=(Sheet("investment_ledger", seals=("applicant",)),),
)
def _ledger_seal_pasted(w: Work) -> None:
    _ink(w, "investment_ledger", "paste_opaque")
    w.kinds.append("investment_ledger")


def _ink(w: Work, kind: str, mode: str, key: str = "") -> None:
    """Have the seals on a kind of scanned paper (and subject) drawn in another mode."""

    def change(paper: Paper) -> Paper:
        sheet = paper.sheets[0]
        if paper.medium != "scan" or sheet.kind != kind or (key and key not in sheet.subject):
            return paper
        return replace(paper, look=replace(paper.look, seal_mode=mode))

    w.tweaks.append(change)

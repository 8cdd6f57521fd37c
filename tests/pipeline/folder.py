"""A tiny case folder written to disk: a spreadsheet ledger and born-digital invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from audit.text.ids import uscc_check_digit
from audit.text.money import amount_to_words
from tests.factory import APPLICANT, APPLICANT_ID, SELLER, SELLER_ID

HEADS = ("序号", "类别", "名称", "用途", "供应商", "发票号码", "开票日期", "价税合计（元）")


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice and its ledger row; money in 元."""

    number: str
    net: str
    tax: str
    goods: str = "*软件*生产执行系统软件"
    day: str = "2023-03-01"
    buyer: str = APPLICANT
    claimed: str = ""
    """What the ledger states, if not the invoice's total."""

    @property
    def total(self) -> Decimal:
        """Price with tax."""
        return Decimal(self.net) + Decimal(self.tax)


BILLS = (
    Bill("24502000000012345678", "3000000.00", "390000.00"),
    Bill("24502000000012345679", "2500000.00", "325000.00", "*机床*数控加工中心"),
)


def write_case(folder: Path, bills: Sequence[Bill] = BILLS, prefix: str = "") -> Path:
    """Write ledger and invoices below ``folder``; ``prefix`` renames every file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "发票").mkdir(exist_ok=True)
    write_ledger(folder / f"{prefix}项目投资明细表.xlsx", bills)
    for bill in bills:
        path = folder / "发票" / f"{prefix}{bill.number[-8:]}.xml"
        path.write_text(invoice_xml(bill), "utf-8")
    return folder


def write_ledger(path: Path, bills: Sequence[Bill]) -> None:
    """Write the 项目投资明细表 as a spreadsheet with a total row."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 5, 1, tzinfo=UTC).replace(tzinfo=None)})
        sheet = book.add_worksheet("明细表")
        sheet.write_string(0, 0, "项目投资明细表")
        sheet.write_string(1, 0, f"申报单位：{APPLICANT}")
        for column, head in enumerate(HEADS):
            sheet.write_string(2, column, head)
        for index, bill in enumerate(bills, 1):
            claimed = Decimal(bill.claimed) if bill.claimed else bill.total
            cells = (
                str(index),
                "软件购置费" if "软件" in bill.goods else "设备购置及安装费",
                bill.goods.rpartition("*")[2],
                "数字化车间",
                SELLER,
                bill.number,
                bill.day,
            )
            for column, text in enumerate(cells):
                sheet.write_string(2 + index, column, text)
            sheet.write_number(2 + index, len(cells), float(claimed))
        total = sum((Decimal(b.claimed) if b.claimed else b.total for b in bills), Decimal())
        sheet.write_string(3 + len(bills), 0, "合计")
        sheet.write_number(3 + len(bills), len(HEADS) - 1, float(total))


def invoice_xml(bill: Bill) -> str:
    """Return a 数电 invoice as its XML."""
    body = "91500105MA5U11112"
    buyer_id = APPLICANT_ID if bill.buyer == APPLICANT else f"{body}{uscc_check_digit(body)}"
    rate = (Decimal(bill.tax) / Decimal(bill.net)).quantize(Decimal("0.01"))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice>
 <Header><EIid>{bill.number}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version>
  <InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是</LabelName></InIssuType>
   <EInvoiceType><LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName></EInvoiceType>
   <GeneralOrSpecialVAT><LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT>
  </InherentLabel></Header>
 <EInvoiceData>
  <SellerInformation><SellerIdNum>{SELLER_ID}</SellerIdNum><SellerName>{SELLER}</SellerName></SellerInformation>
  <BuyerInformation><BuyerIdNum>{buyer_id}</BuyerIdNum><BuyerName>{bill.buyer}</BuyerName></BuyerInformation>
  <BasicInformation><TotalAmWithoutTax>{bill.net}</TotalAmWithoutTax><TotalTaxAm>{bill.tax}</TotalTaxAm>
   <TotalTax-includedAmount>{bill.total}</TotalTax-includedAmount>
   <TotalTax-includedAmountInChinese>{amount_to_words(bill.total)}</TotalTax-includedAmountInChinese>
   <Drawer>开票员</Drawer><RequestTime>{bill.day}</RequestTime></BasicInformation>
  <IssuItemInformation><ItemName>{bill.goods}</ItemName><SpecMod></SpecMod><MeaUnits>套</MeaUnits>
   <Quantity>1</Quantity><UnPrice>{bill.net}</UnPrice><Amount>{bill.net}</Amount><TaxRate>{rate}</TaxRate>
   <ComTaxAm>{bill.tax}</ComTaxAm><TotaltaxIncludedAmount>{bill.total}</TotaltaxIncludedAmount>
  </IssuItemInformation>
 </EInvoiceData>
 <TaxSupervisionInfo><InvoiceNumber>{bill.number}</InvoiceNumber><IssueTime>{bill.day}</IssueTime>
  <TaxBureauCode>15000000000</TaxBureauCode><TaxBureauName>国家税务总局重庆市税务局</TaxBureauName></TaxSupervisionInfo>
</EInvoice>
"""

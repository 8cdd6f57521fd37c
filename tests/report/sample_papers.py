"""Papers and ledger of the rich hand-made case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from audit.model import (
    Box,
    Document,
    DocumentKind,
    LedgerRow,
    Link,
    PaymentShare,
    Reading,
    Status,
    say,
)
from tests import factory

SELLERS = (
    ("成都云帆软件有限公司", "*软件*生产执行系统软件V3.0", "软件和信息技术服务", "0.13"),
    ("重庆渝工自动化设备有限公司", "*工业机器人*六轴搬运机器人", "硬件设备购置", "0.13"),
    ("苏州智联传感科技有限公司", "*电子测量仪器*振动传感器", "硬件设备购置", "0.13"),
    ("重庆云擎信息技术有限公司", "*信息技术服务*系统集成服务", "系统集成", "0.06"),
    ("北京华讯云计算有限公司", "*信息技术服务*云资源租赁", "云服务", "0.06"),
)
Q = Decimal("0.01")


def boxed(paper: Document) -> Document:
    """Give every field a place on the page, one under the other."""
    fields: dict[str, Reading] = {}
    for n, (name, reading) in enumerate(paper.fields.items()):
        top = 0.09 + 0.032 * n
        box = Box(0.08, top, 0.62, top + 0.022)
        fields[name] = replace(reading, sources=tuple(replace(s, box=box) for s in reading.sources))
    return replace(paper, fields=fields)


def row_number(n: int) -> str:
    """Return its part of the case."""
    return f"2350000000{9_184_400 + n * 37:010}"


def row_amount(n: int) -> Decimal:
    """Return its part of the case."""
    return (Decimal(61_800) + Decimal(n * 7919 % 83_000) + Decimal(n % 7) / 4).quantize(Q)


def make_papers(count: int) -> tuple[list[Document], list[LedgerRow], list[Link]]:
    """Return its part of the case."""
    papers: list[Document] = []
    rows: list[LedgerRow] = []
    links: list[Link] = []
    for n in range(1, count + 1):
        seller, goods, use, rate = SELLERS[n % len(SELLERS)]
        day = date(2022, 4, 6) + timedelta(days=n * 580 // count)
        amount = row_amount(n)
        paper = factory.invoice(
            row_number(n), amount, seller=seller, rate=rate, goods=goods, day=day,
            file=f"03发票/{n:03}_{seller}.pdf", digital=n % 3 != 0,
        )  # fmt: skip
        paid = factory.receipt(
            amount, payee=seller, day=day + timedelta(days=9), purpose="货款",
            receipt_number=f"0918-3117-{n:04}-1100", file=f"04付款凭证/回单{n:03}.pdf",
        )  # fmt: skip
        papers += [boxed(paper), boxed(paid)]
        invoice_id, paid_id = f"D{2 * n - 1}", f"D{2 * n}"
        rows.append(
            factory.row(
                row_number(n), amount, supplier=seller, number=n, category=use,
                name=goods.rsplit("*", 1)[-1], purpose="数字化车间一期", issue_date=day,
                contract_number=f"HT-2022-{n % 9 + 1:02}",
            )
        )  # fmt: skip
        share = PaymentShare(paid_id, amount, say("金额、收款人一致，付款晚于开票 9 天"))
        links.append(
            Link(
                n,
                (invoice_id,),
                (share,),
                (f"D{2 * count + 1}",),
                (f"D{2 * count + 2}",),
                say("发票号码与价税合计一致"),
                0.98,
            )
        )
    return papers, rows, links


def other_papers() -> list[Document]:
    """Return its part of the case."""
    return [
        boxed(
            factory.document(
                DocumentKind.ACCEPTANCE_REPORT,
                project_name="数字化车间建设项目",
                owner_name=factory.APPLICANT,
                acceptance_date="2023-12-20",
                conclusion="通过验收",
                file="05验收/竣工验收报告.pdf",
                digital=False,
            )
        ),
        boxed(
            factory.document(
                DocumentKind.CONTRACT,
                contract_number="HT-2022-01",
                party_a=factory.APPLICANT,
                party_b=SELLERS[0][0],
                contract_total="3200000.00",
                contract_date="2022-03-15",
                file="02合同/HT-2022-01.pdf",
                digital=False,
            )
        ),
        boxed(
            factory.document(
                DocumentKind.APPLICATION_FORM,
                company_name=factory.APPLICANT,
                total_investment="6200000.00",
                software_investment="2400000.00",
                file="01申报表.docx",
                digital=True,
            )
        ),
    ]


def doubted(paper: Document) -> Document:
    """Return its part of the case."""
    old = paper.get("total_with_tax")
    assert old.amount is not None
    weak = replace(
        old, status=Status.DOUBTFUL, confidence=0.62, reasons=(say("印章压住了金额，末位识别不一致"),)
    )  # fmt: skip
    fields: Mapping[str, Reading] = {**paper.fields, "total_with_tax": weak}
    return replace(paper, fields=fields)

"""An honest case as facts: sixty rows, every paper the notice asks for, nothing wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from audit.model import CaseFacts, Document, DocumentKind, LedgerRow, Seal
from audit.text.ids import uscc_check_digit
from tests.factory import (
    APPLICANT,
    APPLICANT_ID,
    case,
    document,
    invoice,
    receipt,
    row,
    seal,
    total_row,
)

PROJECT = "数字化车间建设项目"
GOODS = (
    ("*软件*生产执行系统软件", "软件购置费", "0.13"),
    ("*机床*数控加工中心", "设备购置及安装费", "0.13"),
    ("*研发和技术服务*技术开发", "技术服务费", "0.06"),
)
CORES = ("云帆软件", "远达机电", "北辰自动化", "启明信息", "中联智能", "鼎新科技")


def _sellers() -> list[tuple[str, str]]:
    bodies = [f"91510100MA6ABC{number}2X" + "1" for number in range(len(CORES))]
    ids = [body[:17] + (uscc_check_digit(body[:17]) or "") for body in bodies]
    return [(f"成都{core}有限公司", own) for core, own in zip(CORES, ids, strict=True)]


def honest_case(rows: int = 60) -> CaseFacts:
    """Return the case with ``rows`` ledger rows, each with invoice, payment, contract, acceptance."""
    sellers = _sellers()
    papers: list[Document] = []
    ledger: list[LedgerRow] = []
    total = Decimal()
    for n in range(1, rows + 1):
        seller, seller_id = sellers[n % len(sellers)]
        goods, category, rate = GOODS[n % len(GOODS)]
        amount = Decimal(150_000 + 137 * n) + Decimal(n % 100).scaleb(-2)
        day = date(2022, 6, 1) + timedelta(days=7 * n)
        number = f"{day.year % 100}512{n * 791_907:015d}"
        contract = f"HT-2022-{n % len(sellers):03d}"
        papers.append(
            invoice(
                number,
                amount,
                seller=seller,
                seller_taxpayer_id=seller_id,
                day=day.isoformat(),
                rate=rate,
                goods=goods,
                file=f"发票/{n:03}.xml",
            )
        )
        paid = (day + timedelta(days=10)).isoformat()
        papers.append(
            receipt(
                amount, payee=seller, day=paid, receipt_number=f"HD{n:08d}", file=f"回单/{n:03}.pdf"
            )
        )
        ledger.append(
            row(
                number,
                amount,
                supplier=seller,
                category=category,
                name=goods.rpartition("*")[2],
                purpose="数字化车间",
                contract_number=contract,
                issue_date=day.isoformat(),
            )
        )
        total += amount
    ledger.append(total_row(total))
    others, seals = _others(sellers, total)
    return case([*papers, *others], ledger, seals=seals, who=None)


def _others(
    sellers: Sequence[tuple[str, str]], total: Decimal
) -> tuple[list[Document], list[Seal]]:
    kind = DocumentKind
    form = document(
        kind.APPLICATION_FORM,
        company_name=APPLICANT,
        project_name=PROJECT,
        period="2022.3-2023.12",
        completed="是",
        total_investment=total,
        invested_amount=total,
        maturity_level="二级",
        direction="数字化管理",
        scenes="生产制造优化、质量管控",
        ownership="民营",
        size_class="中型",
        cluster="汽车",
        commitment_date="2024-05-10",
        address="重庆市渝北区",
        file="申报表.docx",
        seal_ids=("S1", "S2"),
    )
    papers = [
        form,
        document(
            kind.CONSTRUCTION_PLAN, company_name=APPLICANT, file="方案.docx", seal_ids=("S3",)
        ),
        document(
            kind.INVESTMENT_LEDGER, company_name=APPLICANT, file="明细表.xlsx", seal_ids=("S4",)
        ),
        document(
            kind.PROJECT_FILING, company_name=APPLICANT, project_name=PROJECT, file="备案证.pdf"
        ),
        document(
            kind.BUSINESS_LICENCE,
            company_name=APPLICANT,
            taxpayer_id=APPLICANT_ID,
            scope="汽车零部件制造、加工",
            address="重庆市渝北区",
            file="执照.pdf",
        ),
        document(kind.SECURITY_EVIDENCE, party_b=sellers[0][0], file="安全.pdf"),
        document(
            kind.MATURITY_ASSESSMENT,
            company_name=APPLICANT,
            maturity_level="二级",
            assessment_date="2023-08-01",
            assessor="重庆某评估中心",
            file="成熟度.pdf",
        ),
        document(
            kind.AUDIT_REPORT, company_name=APPLICANT, opinion="标准无保留意见", file="审计.pdf"
        ),
        document(
            kind.ACCEPTANCE_REPORT,
            project_name=PROJECT,
            owner_name=APPLICANT,
            acceptance_date="2024-01-10",
            conclusion="验收通过",
            file="验收.pdf",
        ),
    ]
    papers += [
        document(
            kind.CONTRACT,
            contract_number=f"HT-2022-{n:03d}",
            party_a=APPLICANT,
            party_b=name,
            contract_date="2022-04-01",
            file=f"合同/{n}.pdf",
        )
        for n, (name, _) in enumerate(sellers)
    ]
    seals = [
        seal("S1", file="申报表.docx"),
        replace(seal("S2", file="申报表.docx"), kind="legal_representative"),
        seal("S3", file="方案.docx"),
        seal("S4", file="明细表.xlsx"),
    ]
    return papers, seals

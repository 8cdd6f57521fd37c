"""An honest case as facts: every paper the notice asks for, six rows, 5.65 million with tax."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from audit.model import CaseFacts
from tests.factory import APPLICANT, APPLICANT_ID, SELLER, SELLER_ID
from tests.rules.facts import build

ROBOTS, ROBOTS_ID = "重庆渝工自动化设备有限公司", "91500112MA6ROBT121"
CLOUD, CLOUD_ID = "重庆云擎信息技术有限公司", "91500112MA6CL0UD12"
#: number, seller, its id, goods, rate, total with tax, day, category of the ledger
DEALS = (
    ("22512000000010000001", SELLER, SELLER_ID, "*软件*生产执行系统软件V3.0", "0.13", "1695000.00", "2022-06-10", "软件购置费"),
    ("22512000000010000310", SELLER, SELLER_ID, "*软件*仓储管理系统软件", "0.13", "565000.00", "2022-09-05", "软件购置费"),
    ("22502000000020000007", ROBOTS, ROBOTS_ID, "*工业机器人*六轴搬运机器人", "0.13", "2260000.00", "2022-10-20", "设备购置费"),
    ("23502000000020000155", ROBOTS, ROBOTS_ID, "*物料搬运设备*自动输送线", "0.13", "1356000.00", "2023-03-15", "设备购置费"),
    ("23502000000030000012", CLOUD, CLOUD_ID, "*信息技术服务*系统集成服务", "0.06", "318000.00", "2023-06-28", "系统集成费"),
    ("23502000000030000900", CLOUD, CLOUD_ID, "*信息安全产品*防火墙", "0.13", "226000.00", "2023-07-03", "设备购置费"),
)  # fmt: skip
WORDS = {
    "audit_report": "审计报告 资产负债表 利润表 现金流量表 财务报表附注",
    "construction_plan": "项目概述 价值成效 绩效指标测算方式及依据",
    "project_filing": "项目名称 建设地址 建设工期 总投资 建设内容",
    "application_form": "我单位未被列入信用中国（重庆）失信名单",
}


@dataclass
class Folder:
    """What a case is built from: change it, then build."""

    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    seals: list[dict[str, Any]] = field(default_factory=list)
    who: dict[str, Any] = field(default_factory=dict)
    extra: list[dict[str, Any]] = field(default_factory=list)

    def facts(self) -> CaseFacts:
        """Return the facts."""
        listed: list[Mapping[str, Any]] = [
            {
                paper.get("_kind", name.split("-")[0]): {
                    k: v for k, v in paper.items() if k != "_kind"
                }
            }
            for name, paper in self.papers.items()
        ]
        return build(
            {
                "documents": [*listed, *self.extra],
                "rows": self.rows,
                "seals": self.seals,
                "who": self.who,
            }
        )

    def invoice(self, n: int) -> dict[str, Any]:
        """Return the n-th invoice, from 1."""
        return self.papers[f"invoice-{n}"]

    def receipt(self, n: int) -> dict[str, Any]:
        """Return the payment of the n-th invoice."""
        return self.papers[f"receipt-{n}"]

    def row(self, n: int) -> dict[str, Any]:
        """Return the n-th ledger row."""
        return self.rows[n - 1]

    def seal(self, name: str, **traits: Any) -> str:
        """Add a seal and return its id."""
        number = f"S{len(self.seals) + 1}"
        self.seals.append({"id": number, **traits})
        self.papers[name].setdefault("seal_ids", []).append(number)
        return number


def honest(*, scanned: bool = True) -> Folder:
    """Return a folder in which everything is in order; ``scanned``: invoices are sealed copies."""
    folder = Folder()
    for n, (number, seller, seller_id, goods, rate, total, day, category) in enumerate(DEALS, 1):
        when = date.fromisoformat(day)
        folder.papers[f"invoice-{n}"] = {
            "number": number, "seller": seller, "seller_taxpayer_id": seller_id, "goods": goods,
            "rate": rate, "total": total, "day": when, "buyer": APPLICANT,
            "buyer_taxpayer_id": APPLICANT_ID, "digital": not scanned,
        }  # fmt: skip
        folder.papers[f"receipt-{n}"] = {
            "amount": total, "payee": seller, "payer": APPLICANT, "purpose": "货款",
            "day": when.replace(day=28), "receipt_number": f"0918-3117-{n:04}-1100",
        }  # fmt: skip
        if scanned:
            folder.seal(f"invoice-{n}", kind="finance")
        folder.rows.append(
            {"invoice_number": number, "amount": total, "supplier": seller, "category": category,
             "purpose": f"数字化车间{goods.rsplit('*', 1)[-1]}", "file": "明细表.xlsx"}
        )  # fmt: skip
    whole = sum((Decimal(d[5]) for d in DEALS), Decimal())
    folder.rows.append({"role": "total", "amount": str(whole)})
    folder.papers |= _papers(whole)
    for name in ("application_form", "construction_plan", "investment_ledger"):
        folder.seal(name)
    folder.seal("application_form", kind="legal_representative", text="张明之印")
    return folder


def _papers(whole: Decimal) -> dict[str, dict[str, Any]]:
    return {
        "application_form": {
            "company_name": APPLICANT, "project_name": "数字化车间建设项目", "period": "2022.3-2023.12",
            "completed": "是", "invested_amount": str(whole), "total_investment": str(whole),
            "software_investment": "2260000", "hardware_investment": "3842000",
            "security_investment": "226000", "direction": "数字化管理",
            "scenes": "生产制造优化、质量管控", "ownership": "民营", "size_class": "中型",
            "cluster": "装备", "employees": "420", "revenue_2021": 180000000,
            "profit_2021": 12600000, "profit_rate_2021": 7, "revenue_2022": 190000000,
            "profit_2022": 13300000, "profit_rate_2022": 7, "revenue_2023": 200000000,
            "profit_2023": 15000000, "profit_rate_2023": 7.5, "debt_ratio_2023": 46.2,
            "founded_date": date(2009, 4, 1), "maturity_level": "二级", "maturity_score": "2.31",
            "provider_name": SELLER, "cost_reduction": "120 万元", "efficiency_gain": "18%",
            "contact_phone": "023-68001234", "contact_email": "gx@example.com",
            "company_intro": "主营通用设备。", "project_intro": "建设生产执行系统。",
            "commitment_date": date(2024, 5, 10), "digital": False,
            "text": WORDS["application_form"],
        },
        "construction_plan": {"project_name": "数字化车间建设项目", "digital": False,
                              "text": WORDS["construction_plan"]},
        "investment_ledger": {"company_name": APPLICANT, "digital": False, "file": "明细表.xlsx"},
        "acceptance_report": {"project_name": "数字化车间建设项目", "conclusion": "专家组一致同意通过验收",
                              "acceptance_date": date(2023, 12, 18), "digital": False},
        "project_filing": {"project_name": "数字化车间建设项目", "company_name": APPLICANT,
                           "planned_total": "6500000", "text": WORDS["project_filing"]},
        "business_licence": {"company_name": APPLICANT, "taxpayer_id": APPLICANT_ID,
                             "founded_date": date(2009, 4, 1), "legal_representative": "张明",
                             "address": "重庆市渝北区金开大道 1 号", "scope": "通用设备制造；软件开发"},
        "security_evidence": {"contract_total": "226000", "text": "网络安全等级保护测评报告"},
        "maturity_assessment": {"company_name": APPLICANT, "maturity_level": "二级",
                                "maturity_score": "2.31", "assessment_date": date(2023, 9, 12),
                                "assessor": "重庆某评估中心有限公司"},
        "audit_report": {"company_name": APPLICANT, "audit_firm": "重庆某会计师事务所",
                         "opinion": "标准无保留意见",
                         "text": WORDS["audit_report"] + " 营业收入 200,000,000.00"},
    }  # fmt: skip


Change = Callable[[Folder], None]


def changed(*changes: Change, scanned: bool = True) -> CaseFacts:
    """Return the honest case after the changes."""
    folder = honest(scanned=scanned)
    for change in changes:
        change(folder)
    return folder.facts()


def all_scanned(facts: CaseFacts, sequence: Sequence[str] = ()) -> CaseFacts:
    """Return the case with every paper read once from pixels, none of them confirmed."""
    from tests.rules.facts import as_scan

    documents = tuple(
        as_scan(d) if not sequence or d.kind.value in sequence else d for d in facts.documents
    )
    return replace(facts, documents=documents)

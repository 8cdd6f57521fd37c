"""Which papers a case hands in, in which files and by which device."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from cases.casegen.model import Case, Invoice, Look, Paper, Sheet

COLOUR = Look()
GREY = Look(mode="grey", noise=1.6, quality=62)
PALE = Look(mode="grey", noise=2.2, quality=62, ink=0.8, blur=0.7)
PHOTO = Look(photo=True, shadow=0.2, noise=2.5, blur=0.7, dpi=170, quality=72)
SLANTED = Look(skew=1.1)


def invoice_sheet(one: Invoice, rng: random.Random) -> Sheet:
    """Return an invoice as paper: the original, a copy of it, or an e-invoice printed."""
    own = rng.choice(("applicant", "applicant", "finance"))
    if one.kind in {"vat_special_paper", "vat_general_paper"}:
        option = rng.choice(("copy", "original"))
        return Sheet("vat_invoice", (one.key,), ("seller", own), option)
    return Sheet("vat_invoice", (one.key,), (own,), "print")


def receipt_sheets(
    keys: Sequence[str], per_page: int, seals: tuple[str, ...] = ()
) -> tuple[Sheet, ...]:
    """Return receipts, some to a page."""
    return tuple(
        Sheet("bank_receipt", tuple(keys[k : k + per_page]), seals)
        for k in range(0, len(keys), per_page)
    )


def demo(case: Case) -> Case:
    """Return the case with a folder of mixed media, about fifty pages."""
    rng = random.Random(f"folder-{case.seed}")
    papers = [
        Paper("01申报表/工业互联网新模式示范项目申报表.docx", (Sheet("application_form"),), "docx"),
        Paper("01申报表/申报表（盖章扫描）.pdf", (Sheet("application_form", seals=("applicant", "legal")),), "scan", replace(COLOUR, dpi=170)),
        Paper("02建设方案/建设方案.pdf", (Sheet("construction_plan", seals=("applicant",)),), "scan", replace(COLOUR, dpi=150)),
        Paper("03投资明细表/项目投资明细表.xlsx", (Sheet("investment_ledger"),), "xlsx"),
        Paper("03投资明细表/项目投资明细表（盖章）.pdf", (Sheet("investment_ledger", seals=("applicant",)),), "scan", COLOUR),
    ]  # fmt: skip
    papers += _demo_invoices(case, rng)
    papers += _demo_payments(case)
    numbers = list(case.contracts)
    half = len(numbers) // 2
    deals = [Sheet("contract", (n,), ("applicant", "seller")) for n in numbers]
    papers.append(
        Paper(
            "06合同/采购合同扫描件.pdf",
            tuple(deals[:half]),
            "scan",
            replace(COLOUR, dpi=150, quality=60),
        )
    )
    papers += [Paper(f"06合同/{d.subject[0]}.pdf", (d,), "pdf") for d in deals[half:]]
    papers += [
        Paper("07验收资料/项目验收报告.pdf", (Sheet("acceptance_report", ("project",), ("applicant",)),), "scan", replace(COLOUR, dpi=150)),
        Paper("07验收资料/合同验收.pdf", tuple(Sheet("acceptance_report", (n,), ("applicant", "seller")) for n in numbers[:2]), "scan", replace(COLOUR, dpi=150)),
        Paper("08其他证明/备案证.jpg", (Sheet("project_filing", seals=("issuer",)),), "jpg", replace(COLOUR, dpi=150)),
        Paper("08其他证明/营业执照副本.jpg", (Sheet("business_licence", seals=("issuer",)),), "jpg", replace(PHOTO, dpi=140)),
        Paper("08其他证明/2023年度审计报告.pdf", (Sheet("audit_report", seals=("issuer",)), Sheet("financial_statement")), "scan", replace(GREY, dpi=150)),
        Paper("08其他证明/信息安全投入证明.png", (Sheet("security_evidence", seals=("applicant",)),), "png", replace(COLOUR, dpi=120, noise=0.0)),
        Paper("08其他证明/成熟度评估报告.pdf", (Sheet("maturity_assessment", seals=("issuer",)),), "pdf"),
        Paper("08其他证明/账户流水.pdf", (Sheet("bank_statement"),), "pdf"),
        Paper("09照片/设备铭牌.jpg", (Sheet("device_photo", option="0"),), "jpg", replace(PHOTO, dpi=130)),
        Paper("09照片/扫描_0017.pdf", (Sheet("blank"), Sheet("other")), "scan", replace(GREY, dpi=120)),
    ]  # fmt: skip
    return replace(case, papers=tuple(papers))


def _demo_invoices(case: Case, rng: random.Random) -> list[Paper]:
    out, looks = [], (COLOUR, SLANTED, COLOUR, replace(COLOUR, noise=3.0, blur=0.8), COLOUR)
    digital = 0
    for number, row in enumerate(case.rows, start=1):
        for key in row.invoices:
            one = case.invoices[key]
            name = f"04发票/{number:02d}_{row.name.replace('/', '')}_{one.number[-8:]}"
            plain = (Sheet("vat_invoice", (key,)),)
            if one.digital:
                digital += 1
                medium = ("pdf", "ofd", "xml", "print")[digital % 4]
                if medium != "print":
                    out.append(Paper(f"{name}.{medium}", plain, medium))
                    if medium == "xml":
                        out.append(Paper(f"{name}.pdf", plain, "pdf"))
                    continue
            elif one.kind in {"vat_e_general", "vat_e_special"} and number % 2:
                out.append(Paper(f"{name}.pdf", plain, "pdf"))
                continue
            sheet = invoice_sheet(one, rng)
            look = PHOTO if number == 4 else replace(looks[number % len(looks)], dpi=180)
            medium = "jpg" if look is PHOTO or number % 3 == 0 else "scan"
            suffix = "jpg" if medium == "jpg" else "pdf"
            out.append(Paper(f"{name}.{suffix}", (sheet,), medium, look))
    return out


def _demo_payments(case: Case) -> list[Paper]:
    keys = [k for r in case.rows for k in r.payments if not case.payments[k].bill]
    bills = [k for r in case.rows for k in r.payments if case.payments[k].bill]
    third = len(keys) // 3
    look = replace(GREY, dpi=170)
    papers = [
        Paper("05付款凭证/银行回单1.pdf", receipt_sheets(keys[:third], 2), "scan", replace(COLOUR, dpi=170, quality=62)),
        Paper("05付款凭证/银行回单2.pdf", receipt_sheets(keys[third : 2 * third], 3), "scan", look),
        Paper("05付款凭证/网银下载回单.pdf", receipt_sheets(keys[2 * third :], 2), "pdf"),
    ]  # fmt: skip
    papers += [
        Paper(f"05付款凭证/承兑汇票{k}.pdf", (Sheet("acceptance_bill", (k,)),), "scan", look)
        for k in bills
    ]
    return papers


def bulk(case: Case) -> Case:
    """Return the case as a few big scans, the way most applicants hand it in."""
    rng = random.Random(f"bulk-{case.seed}")
    keys = [k for r in case.rows for k in r.payments]
    head = (
        Sheet("application_form", seals=("applicant", "legal")), Sheet("construction_plan", seals=("applicant",)),
        Sheet("project_filing", seals=("issuer",)), Sheet("business_licence", seals=("issuer",)),
        Sheet("security_evidence", seals=("applicant",)), Sheet("maturity_assessment", seals=("issuer",)),
        Sheet("audit_report", seals=("issuer",)), Sheet("financial_statement"),
    )  # fmt: skip
    invoices = tuple(invoice_sheet(case.invoices[k], rng) for r in case.rows for k in r.invoices)
    deals = tuple(Sheet("contract", (n,), ("applicant", "seller")) for n in case.contracts)
    checks = tuple(
        Sheet(
            "acceptance_report", (n,), ("applicant", "seller") if n != "project" else ("applicant",)
        )
        for n in case.acceptances
    )
    papers = (
        Paper("1申报材料.pdf", head, "scan", replace(COLOUR, dpi=170)),
        Paper("2投资明细表.xlsx", (Sheet("investment_ledger"),), "xlsx"),
        Paper("2投资明细表盖章扫描.pdf", (Sheet("investment_ledger", seals=("applicant",)),), "scan", COLOUR),
        Paper("3发票.pdf", invoices, "scan", COLOUR),
        Paper("4付款凭证.pdf", receipt_sheets(keys, 1), "scan", GREY),
        Paper("5合同.pdf", deals, "scan", replace(COLOUR, dpi=170, quality=60)),
        Paper("6验收.pdf", checks, "scan", GREY),
    )  # fmt: skip
    return replace(case, papers=papers)


def small(
    case: Case, *extra: Sheet, scan: bool = True, forms: bool = False, look: Look = COLOUR
) -> Case:
    """Return the case as a handful of pages.

    ``scan``: invoices, receipts and extra sheets are scanned, else born digital; ``forms``: the
    application form and the ledger are sealed scans, else a DOCX and an XLSX.
    """
    rng = random.Random(f"small-{case.seed}")
    keys = [k for r in case.rows for k in r.payments]
    papers = (
        _sealed_forms(look)
        if forms
        else [
            Paper("申报表.docx", (Sheet("application_form"),), "docx"),
            Paper("明细表.xlsx", (Sheet("investment_ledger"),), "xlsx"),
        ]
    )
    invoices = dict.fromkeys(k for r in case.rows for k in r.invoices)
    for key in invoices:
        one = case.invoices[key]
        if scan:
            papers.append(Paper(f"发票{key}.pdf", (invoice_sheet(one, rng),), "scan", look))
        else:
            papers.append(Paper(f"发票{key}.pdf", (Sheet("vat_invoice", (key,)),), "pdf"))
    papers.append(
        Paper(
            "回单.pdf",
            receipt_sheets(list(dict.fromkeys(keys)), 3),
            "scan" if scan else "pdf",
            replace(look, mode="grey"),
        )
    )
    if extra:
        papers.append(Paper("附件.pdf", tuple(extra), "scan" if scan else "pdf", look))
    return replace(case, papers=tuple(papers))


def _sealed_forms(look: Look) -> list[Paper]:
    form = Sheet("application_form", seals=("applicant", "legal"))
    ledger = Sheet("investment_ledger", seals=("applicant",))
    return [
        Paper("申报表（盖章）.pdf", (form,), "scan", look),
        Paper("明细表（盖章）.pdf", (ledger,), "scan", look),
    ]

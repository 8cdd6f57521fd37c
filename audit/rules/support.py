"""Small questions that many rules ask: how firm a reading is, whose name, which seal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from audit.model import (
    STRUCTURED,
    Document,
    DocumentKind,
    Origin,
    PageMode,
    Reading,
    Seal,
    Status,
)
from audit.rules.case import Case
from audit.text.names import company_similarity, same_company
from audit.text.normal import compact

ISSUER = STRUCTURED | {Origin.TEXT_LAYER, Origin.HUMAN}
#: The seals the notice accepts where it demands the applicant's.
ACCEPTED = frozenset({"official", "finance"})
#: From here two readings may be one printed name.
MAYBE_SAME = 0.8
LEAST_DPI = 150
FLAT = frozenset({PageMode.GREY, PageMode.BILEVEL})
_LEVELS = {
    **dict(zip("一二三四五", range(1, 6), strict=True)),
    **dict(zip("12345", range(1, 6), strict=True)),
    **dict(zip("\u2160\u2161\u2162\u2163\u2164", range(1, 6), strict=True)),
}
_LEVEL = re.compile(r"([一二三四五1-5\u2160-\u2164])级|^([一二三四五1-5\u2160-\u2164])$")
KIND_NAMES = {
    DocumentKind.APPLICATION_FORM: "申报表",
    DocumentKind.CONSTRUCTION_PLAN: "建设方案",
    DocumentKind.INVESTMENT_LEDGER: "项目投资明细表",
    DocumentKind.VAT_INVOICE: "发票",
    DocumentKind.BANK_RECEIPT: "付款凭证",
    DocumentKind.ACCEPTANCE_BILL: "承兑汇票",
    DocumentKind.ACCEPTANCE_REPORT: "验收报告",
    DocumentKind.CONTRACT: "合同",
    DocumentKind.PROJECT_FILING: "立项类材料",
    DocumentKind.BUSINESS_LICENCE: "营业执照",
    DocumentKind.SECURITY_EVIDENCE: "信息安全投入证明",
    DocumentKind.MATURITY_ASSESSMENT: "成熟度评估结果",
    DocumentKind.AUDIT_REPORT: "审计报告",
    DocumentKind.FINANCIAL_STATEMENT: "财务报表",
    DocumentKind.COMMITMENT: "承诺书",
    DocumentKind.BANK_STATEMENT: "银行流水",
}
#: The amounts of an invoice, and its fields as a finding names them.
AMOUNTS = ("amount_without_tax", "tax_amount", "total_with_tax")
LABELS = {
    "invoice_number": "发票号码",
    "invoice_code": "发票代码",
    "issue_date": "开票日期",
    "amount_without_tax": "金额",
    "tax_amount": "税额",
    "total_with_tax": "价税合计",
    "total_in_words": "大写金额",
    "buyer_name": "购买方",
    "buyer_taxpayer_id": "购买方税号",
    "seller_name": "销售方",
    "seller_taxpayer_id": "销售方税号",
    "check_code": "校验码",
}


def yuan(amount: Decimal) -> str:
    """Return money for a sentence: ``1,234.50``."""
    return f"{amount:,.2f}"


def from_issuer(found: Reading) -> bool:
    """Tell whether a value comes from the issuer's own text, structured data or a person."""
    return any(s.origin in ISSUER and s.value == found.value for s in found.sources)


def firm(found: Reading) -> bool:
    """Tell whether a ``fail`` may rest on the reading: agreed on, issuer's own, or a person's.

    What was read once from pixels is usable, but a contradiction with it is for a person.
    """
    agreed = found.status in {Status.CONFIRMED, Status.CORRECTED}
    return found.usable and (agreed or from_issuer(found))


def shown(found: Reading) -> str:
    """Return a reading as a sentence shows it: as printed, a dash if nothing was read."""
    return found.raw.strip() or (str(found.value) if found.value is not None else "—")


def seller_of(document: Document) -> str:
    """Return the seller's name if it may be relied on, else nothing."""
    found = document.get("seller_name")
    return (found.text or "").strip() if found.usable else ""


def similar(one: str, other: str) -> bool:
    """Tell whether two names may be one printed name, read differently."""
    return same_company(one, other) or company_similarity(one, other) >= MAYBE_SAME


def level_of(text: str) -> int | None:
    """Return the maturity level that a text names: 二级, 2级, Ⅱ级, 2."""
    found = _LEVEL.search(compact(text))
    if found is None:
        return None
    return _LEVELS.get(found[1] or found[2])


def choices(found: Reading) -> list[str]:
    """Return the ticked options that a form's field holds."""
    parts = re.split(r"[、，,;；/|\n]+", found.text or "")
    return [p for p in (compact(p) for p in parts) if p]


def is_poor(case: Case, document: Document) -> bool:
    """Tell whether a seal may be there unseen: no colour, low resolution, trouble in reading."""
    pages = case.pages_of(document)
    return not pages or any(
        p.page.mode in FLAT
        or (p.page.dpi is not None and p.page.dpi < LEAST_DPI)
        or any(q.code.startswith(("E", "W701")) for q in p.problems)
        for p in pages
    )


def applicant_seals(seals: Iterable[Seal]) -> tuple[Seal, ...]:
    """Return the applicant's seals of the kinds the notice asks for."""
    return tuple(s for s in seals if s.owner == "applicant" and s.kind in ACCEPTED)


def freshness_doubt(own: Iterable[Seal]) -> str:
    """Return why none of the applicant's own seals speaks for 鲜章: ``copied``, ``unseen``, or nothing.

    ``copied``: each of them contradicts it: a photocopy, one picture used twice, a pasted one.
    ``unseen``: nothing speaks for it, as on a grey page.
    """
    grades = {s.freshness for s in own}
    if not grades or grades & {"supported", "not_applicable"}:
        return ""
    return "copied" if grades == {"contradicted"} else "unseen"


def may_be_applicants(seals: Iterable[Seal]) -> bool:
    """Tell whether one of the seals, not fully read, may be the one asked for."""
    return any(
        s.owner in {"applicant", "unknown"} and s.kind in {*ACCEPTED, "unknown"} for s in seals
    )


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def is_red(document: Document) -> bool:
    """Tell whether an invoice is a red-letter one: negative, or marked so."""
    amount = document.get("total_with_tax").amount
    return (amount is not None and amount < 0) or "红字" in document.marks


def reversed_by(case: Case) -> dict[str, Document]:
    """Return by id of a blue invoice the red one that names its number and takes all of it back."""
    found: dict[str, Document] = {}
    numbers = {t: d for d in case.invoices if (t := d.get("invoice_number").text)}
    for red in case.invoices:
        if not is_red(red):
            continue
        remarks = compact(red.get("remarks").text or "")
        own = red.get("invoice_number").text
        for number in re.findall(r"\d{8,20}", remarks):
            blue = numbers.get(number)
            amount = red.get("total_with_tax").amount
            if blue is None or number == own or amount is None:
                continue
            if blue.get("total_with_tax").amount == -amount:
                found[blue.id] = red
    return found

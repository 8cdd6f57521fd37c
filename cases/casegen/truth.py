"""What is on a page in truth: kind and field values, in the names of ``case.json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases.casegen import codes, world
from cases.casegen.model import Case, Invoice, Paper, Payment, Sheet


def page(
    case: Case, sheet: Sheet, paper: Paper, number: int, pressed: Sequence[Any]
) -> dict[str, Any]:
    """Return the truth of one page of a file."""
    digital = paper.medium not in {"scan", "jpg", "png"}
    out: dict[str, Any] = {
        "file": paper.path,
        "page": number,
        "kind": sheet.kind,
        "medium": paper.medium
        if digital
        else f"{paper.medium}-{'photo' if paper.look.photo else paper.look.mode}",
        "documents": _documents(case, sheet),
        "seals": [
            {"owner": s.owner, "text": s.spec.arc + s.spec.kind}
            for s in pressed
            if s.owner != "hand"
        ],
    }
    return out


def _documents(case: Case, sheet: Sheet) -> list[dict[str, Any]]:
    if sheet.kind == "vat_invoice":
        return [invoice(case.invoices[k]) for k in sheet.subject]
    if sheet.kind in {"bank_receipt", "acceptance_bill"}:
        return [payment(case.payments[k]) for k in sheet.subject]
    return [_FIELDS[sheet.kind](case, sheet)] if sheet.kind in _FIELDS else []


def invoice(one: Invoice) -> dict[str, Any]:
    """Return an invoice as its face shows it (a planted print is what the face shows)."""
    say = one.printed.get
    return {
        "subkind": one.kind,
        "fields": {
            "invoice_code": one.code,
            "invoice_number": say("number", one.number),
            "issue_date": f"{one.day}",
            "amount_without_tax": say("net", f"{one.net}").lstrip("¥"),
            "tax_amount": say("tax", "" if one.tax_text == "***" else f"{one.tax}").lstrip("¥"),
            "total_with_tax": say("total", f"{one.total}").lstrip("¥"),
            "buyer_name": say("buyer_name", one.buyer.name),
            "buyer_taxpayer_id": say("buyer_tax", one.buyer.tax_id),
            "seller_name": say("seller_name", one.seller.name),
            "seller_taxpayer_id": one.seller.tax_id,
        },
    }


def payment(one: Payment) -> dict[str, Any]:
    """Return a receipt or bill as printed."""
    return {
        "subkind": one.bank,
        "fields": {
            "payer_name": one.payer.name,
            "payer_account": one.payer.account,
            "payee_name": one.payee.name,
            "payee_account": one.payee.account,
            "amount": f"{one.amount}",
            "payment_date": f"{one.day}",
            "receipt_number": "" if one.bill else one.receipt,
        },
    }


def _contract(case: Case, sheet: Sheet) -> dict[str, Any]:
    one = case.contracts[sheet.subject[0]]
    return {"fields": {"contract_number": one.number, "party_a": one.party_a.name, "party_b": one.party_b.name,
                       "contract_total": f"{one.total}", "contract_date": f"{one.day}"}}  # fmt: skip


def _acceptance(case: Case, sheet: Sheet) -> dict[str, Any]:
    one = case.acceptances[sheet.subject[0]]
    return {
        "fields": {
            "project_name": one.project,
            "owner_name": one.owner.name,
            "acceptance_date": f"{one.day}",
        }
    }


def _form(case: Case, _: Sheet) -> dict[str, Any]:
    f = case.form
    return {"fields": {"company_name": case.applicant.name, "project_name": case.project, "invested_amount": codes.yuan(f.invested),
                       "software_investment": codes.yuan(f.software), "hardware_investment": codes.yuan(f.hardware),
                       "security_investment": codes.yuan(f.security), "period": f.period, "maturity_level": f.maturity_level}}  # fmt: skip


def _licence(case: Case, _: Sheet) -> dict[str, Any]:
    who = case.applicant
    return {"fields": {"company_name": who.name, "taxpayer_id": who.tax_id, "founded_date": f"{who.founded}",
                       "address": who.address, "legal_representative": who.person}}  # fmt: skip


def _filing(case: Case, _: Sheet) -> dict[str, Any]:
    return {
        "fields": {
            "project_code": case.filing_code,
            "project_name": case.project,
            "company_name": case.applicant.name,
        }
    }


def _maturity(case: Case, _: Sheet) -> dict[str, Any]:
    return {"fields": {"company_name": case.applicant.name, "maturity_level": case.form.maturity_level,
                       "maturity_score": case.form.maturity_score, "assessment_date": f"{case.assessed}"}}  # fmt: skip


def _audit(case: Case, _: Sheet) -> dict[str, Any]:
    return {
        "fields": {
            "company_name": case.applicant.name,
            "report_number": world.REPORT_NUMBER,
            "report_date": "2024-03-28",
        }
    }


_FIELDS = {
    "contract": _contract,
    "acceptance_report": _acceptance,
    "application_form": _form,
    "business_licence": _licence,
    "project_filing": _filing,
    "maturity_assessment": _maturity,
    "audit_report": _audit,
}


def rows(case: Case) -> list[dict[str, Any]]:
    """Return the ledger as printed, amounts in 元."""
    return [
        {"row": k + 1, "category": r.category, "invoice_number": r.number.split("\n"), "amount_with_tax": f"{r.total}",
         "invoices": list(r.invoices), "payments": list(r.payments)}
        for k, r in enumerate(case.rows)
    ]  # fmt: skip

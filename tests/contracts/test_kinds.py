"""The contract of document kinds, for every kind that is registered."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from audit.extract import best_claim, registry
from audit.extract.registry import KindSpec
from audit.i18n import catalogue
from tests.contracts import kind
from tests.contracts.pages import known_pages

SPECS = {spec.kind.value: spec for spec in registry.kinds()}
CONTRACT: tuple[Callable[[KindSpec], None], ...] = (
    kind.declines_an_empty_page,
    kind.claims_lie_between_nothing_and_certainty,
    kind.never_raises_on_pages_of_other_kinds,
    kind.never_raises_on_damaged_pages,
    kind.never_raises_on_an_empty_page,
    kind.asks_no_more_once_answered,
    kind.wishes_name_a_place_and_a_document,
    kind.the_same_page_gives_the_same_result,
    kind.declared_fields_are_named_once,
)
#: Fields of DESIGN section 7 by kind; what a kind reads besides is its own affair.
VOCABULARY = {
    "vat_invoice": "invoice_code invoice_number issue_date amount_without_tax tax_amount total_with_tax total_in_words buyer_name buyer_taxpayer_id seller_name seller_taxpayer_id check_code machine_number remarks",
    "bank_receipt": "bank_name payer_name payer_account payer_bank payee_name payee_account payee_bank amount amount_in_words payment_date purpose serial_number receipt_number",
    "acceptance_bill": "payer_name payee_name amount amount_in_words payment_date due_date",
    "acceptance_report": "project_name contract_number owner_name contractor_name acceptance_date conclusion",
    "investment_ledger": "company_name project_name unit",
    "application_form": "company_name ownership size_class founded_date employees address assets_2021 assets_2022 assets_2023 debt_ratio_2021 revenue_2022 profit_rate_2023 profit_2021 tax_2022 cluster maturity_score maturity_level project_name total_investment invested_amount software_investment hardware_investment security_investment device_count period completed direction scenes iaas provider_name provider_services commitment_date",
    "contract": "contract_number party_a party_b contract_total contract_date",
    "security_evidence": "contract_number party_a party_b contract_total contract_date",
    "project_filing": "project_code project_name company_name planned_total planned_period filing_date",
    "business_licence": "company_name taxpayer_id founded_date address legal_representative scope",
    "maturity_assessment": "company_name maturity_score maturity_level assessment_date assessor",
    "audit_report": "company_name audit_firm report_number report_date opinion",
    "commitment": "company_name commitment_date",
    "construction_plan": "company_name project_name",
    "invoice_list": "invoice_code invoice_number",
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("promise", CONTRACT, ids=lambda p: p.__name__)
def test_kind(promise: Callable[[KindSpec], None], spec: KindSpec) -> None:
    promise(spec)


@pytest.mark.parametrize("name", VOCABULARY)
def test_fields_of_the_design_are_declared(name: str) -> None:
    assert set(VOCABULARY[name].split()) <= set(SPECS[name].fields)


def test_every_kind_is_registered_once() -> None:
    assert len(SPECS) == len(registry.kinds()) == len(registry.KINDS)


def test_reasons_of_claims_have_words_in_both_languages() -> None:
    keys = set()
    for page in known_pages().values():
        for spec in SPECS.values():
            claim = spec.classify(page)
            keys |= {reason.key for reason in claim.reasons} if claim else set()
    assert keys
    for lang in ("zh", "en"):
        assert keys <= set(catalogue(lang))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^(sheet: |scanned ledger|ledger without)", "investment_ledger"),
        ("^(paper|scanned|digital) invoice$", "vat_invoice"),
        ("^form$", "application_form"),
        ("^list of goods$", "invoice_list"),
        ("^(plan|chapters)$", "construction_plan"),
        ("^commitment$", "commitment"),
    ],
)
def test_the_best_claim_is_the_right_kind(pattern: str, expected: str) -> None:
    pages = {name: page for name, page in known_pages().items() if re.search(pattern, name)}
    assert pages
    for name, page in pages.items():
        found = best_claim(page)
        assert found is not None, name
        assert found[0].kind.value == expected, name

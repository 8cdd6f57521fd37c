"""Who applies: by vote of the papers, so that no odd one decides."""

from __future__ import annotations

from datetime import date

from audit.match.applicant import find_applicant
from audit.model import Applicant, Document, DocumentKind, Status
from tests.factory import APPLICANT, APPLICANT_ID, case, document, invoice, reading

FORM, LICENCE = DocumentKind.APPLICATION_FORM, DocumentKind.BUSINESS_LICENCE
OTHER = "重庆远达机电有限公司"


def _find(*papers: Document) -> Applicant:
    facts = case(papers)
    return find_applicant(facts.documents, facts.rows)


def test_form_names_the_applicant() -> None:
    found = _find(document(FORM, company_name=APPLICANT), invoice("1", buyer=OTHER))
    assert found.name == APPLICANT
    assert [r.key for r in found.reasons] == ["match.applicant.named"]


def test_one_odd_invoice_changes_nothing() -> None:
    papers = [invoice(str(n)) for n in range(5)]
    found = _find(*papers, invoice("9", buyer=OTHER))
    assert (found.name, found.taxpayer_id) == (APPLICANT, APPLICANT_ID)
    assert [r.key for r in found.reasons] == ["match.applicant.majority_buyer"]


def test_licence_of_a_seller_does_not_win_over_form_and_buyers() -> None:
    licence = document(LICENCE, company_name=OTHER)
    found = _find(licence, document(FORM, company_name=APPLICANT), invoice("1"))
    assert found.name == APPLICANT


def test_misread_name_counts_for_the_right_one() -> None:
    misread = reading("重庆山城智選有限公司", Status.DOUBTFUL)
    found = _find(document(FORM, company_name=misread), invoice("1"), invoice("2"))
    assert found.name == APPLICANT


def test_former_name_by_the_same_tax_id() -> None:
    old = document(LICENCE, company_name="重庆山城机械有限公司", taxpayer_id=APPLICANT_ID)
    form = document(FORM, company_name=APPLICANT)
    papers = [old, form, invoice("1"), invoice("2")]
    assert _find(*papers).former_names == ("重庆山城机械有限公司",)


def test_project_period_and_day_come_from_the_form() -> None:
    form = document(
        FORM, company_name=APPLICANT, period="2022.3-2023.12", commitment_date="2024-05-10"
    )
    found = _find(form)
    assert found.period == (date(2022, 3, 1), date(2023, 12, 31))
    assert found.applied_on == date(2024, 5, 10)


def test_nothing_said_stays_empty() -> None:
    found = _find()
    assert (found.name, found.period) == ("", None)
    assert [r.key for r in found.reasons] == ["match.applicant.unknown"]

"""Decisions laid onto facts: the last word holds, nothing is lost, what finds no target is said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from audit.decide import apply_decisions, standing
from audit.model import CaseFacts, Decision, DocumentKind, Origin, Status
from tests.factory import APPLICANT, case, document, invoice, reading, row, seal

NUMBER = "24502000000012345678"


def _facts() -> CaseFacts:
    doubtful = reading(Decimal("118.00"), Status.DOUBTFUL, origin=Origin.OCR)
    papers = [replace(invoice(NUMBER, "113.00"), seal_ids=("S1",))]
    papers[0] = replace(papers[0], fields={**papers[0].fields, "total_with_tax": doubtful})
    return case(papers, [row(NUMBER, "113.00")], seals=[seal("S1", owner="unknown")])


FACTS = _facts()
PAPER, ROW, SEAL = FACTS.documents[0].key, FACTS.rows[0].key, FACTS.seals[0].key


def _decide(action: str, target: str, name: str = "", value: str = "", seq: int = 1) -> Decision:
    return Decision(
        seq, "2024-06-01T08:00:00+00:00", "张审核", action, target, name, value, "看过原件"
    )


def test_no_decision_changes_nothing() -> None:
    assert apply_decisions(FACTS, ()) is FACTS


def test_corrected_reading_keeps_its_old_sources() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", PAPER, "total_with_tax", "113.00")])
    found = facts.documents[0].get("total_with_tax")
    assert (found.value, found.status) == (Decimal("113.00"), Status.CORRECTED)
    assert [s.origin for s in found.sources] == [Origin.HUMAN, Origin.OCR]
    assert found.reasons[0].key == "decide.corrected"
    assert dict(found.reasons[0].params)["old"] == "118.00"


def test_odd_correction_says_so_on_the_reading() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", PAPER, "total_with_tax", "999.00")])
    assert "decide.sum" in [r.key for r in facts.documents[0].get("total_with_tax").reasons]


def test_confirmed_reading_is_confirmed_by_a_person() -> None:
    facts = apply_decisions(FACTS, [_decide("confirm", PAPER, "total_with_tax", "118.00")])
    found = facts.documents[0].get("total_with_tax")
    assert (found.value, found.status) == (Decimal("118.00"), Status.CONFIRMED)


def test_confirmation_of_another_value_than_is_read_now_is_not_applied() -> None:
    facts = apply_decisions(FACTS, [_decide("confirm", PAPER, "total_with_tax", "113.00")])
    assert facts.documents == FACTS.documents
    assert [n.key for n in facts.notes] == ["decide.changed_since"]


def test_last_word_holds() -> None:
    decisions = [
        _decide("correct", PAPER, "total_with_tax", "1.00"),
        _decide("correct", PAPER, "total_with_tax", "113.00", 2),
    ]
    facts = apply_decisions(FACTS, decisions)
    assert facts.documents[0].get("total_with_tax").value == Decimal("113.00")


def test_undo_takes_back_one_decision_only() -> None:
    decisions = [
        _decide("correct", PAPER, "total_with_tax", "113.00"),
        _decide("correct", ROW, "amount_with_tax", "110.00", 2),
        _decide("undo", "1", seq=3),
    ]
    facts = apply_decisions(FACTS, decisions)
    assert facts.documents == FACTS.documents
    assert facts.rows[0].get("amount_with_tax").value == Decimal("110.00")
    assert [d.seq for d in standing(decisions)] == [2]


def test_seal_marked_by_eye() -> None:
    facts = apply_decisions(FACTS, [_decide("mark_seal", SEAL, "owner", "applicant")])
    assert facts.seals[0].owner == "applicant"
    assert facts.seals[0].reasons[-1].key == "decide.by_eye"


def test_item_of_an_invoice() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", PAPER, "items.0.name", "*软件*某软件")])
    assert facts.documents[0].items[0].name.value == "*软件*某软件"


def test_kind_of_a_paper() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", PAPER, "kind", "contract")])
    assert facts.documents[0].kind is DocumentKind.CONTRACT


def test_category_of_a_row() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", ROW, "judged_category", "software")])
    assert facts.rows[0].get("judged_category").value == "software"


def test_applicant_named_by_a_person() -> None:
    facts = apply_decisions(FACTS, [_decide("correct", "applicant", "name", "重庆新名有限公司")])
    assert facts.applicant.name == "重庆新名有限公司"


@pytest.mark.parametrize(
    ("decision", "key"),
    [
        (_decide("correct", "gone", "total_with_tax", "1"), "decide.vanished"),
        (_decide("mark_seal", "gone", "owner", "applicant"), "decide.vanished"),
        (_decide("correct", PAPER, "total_with_tax", "viel"), "decide.not_applied"),
        (_decide("correct", PAPER, "kind", "nonsense"), "decide.not_applied"),
        (_decide("correct", PAPER, "items.7.name", "x"), "decide.not_applied"),
        (_decide("correct", PAPER, "items.0.category", "x"), "decide.not_applied"),
        (_decide("correct", ROW, "judged_category", "toys"), "decide.not_applied"),
        (_decide("mark_seal", SEAL, "owner", "me"), "decide.not_applied"),
        (_decide("correct", PAPER, "", "1"), "decide.not_applied"),
        (_decide("confirm", PAPER, "check_code"), "decide.nothing_to_confirm"),
    ],
)
def test_what_cannot_be_applied_is_kept_and_said(decision: Decision, key: str) -> None:
    facts = apply_decisions(FACTS, [decision])
    assert replace(facts, notes=()) == FACTS
    assert [n.key for n in facts.notes] == [key]


def test_new_applicant_gives_seals_their_owner() -> None:
    from audit.match.applicant import follow_corrections

    form = document(DocumentKind.APPLICATION_FORM, company_name="重庆山域智造有限公司")
    who = replace(FACTS.applicant, name="重庆山域智造有限公司", taxpayer_id="")
    before = case([form], who=who, seals=[seal("S1", owner="unknown", text=APPLICANT)])
    correction = _decide("correct", before.documents[0].key, "company_name", APPLICANT)
    after = follow_corrections(before, apply_decisions(before, [correction]))
    assert after.applicant.name == APPLICANT
    assert after.seals[0].owner == "applicant"

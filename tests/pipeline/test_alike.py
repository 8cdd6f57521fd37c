"""One contract number on several papers, read with letters that look alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.model import (
    Candidate,
    Document,
    DocumentKind,
    LedgerRow,
    Origin,
    Reading,
    Status,
)
from audit.pipeline.alike import settle_alike
from tests import factory

Q, O = "QWH-2022-XX014", "OWH-2022-XX014"  # noqa: E741 - the letter is what this is about


def _scanned(*looks: str) -> Reading:
    sources = tuple(
        Candidate(Origin.OCR if i == 0 else Origin.OCR2, text, text, 0.99, 0)
        for i, text in enumerate(looks)
    )
    return Reading(looks[0], looks[0], Status.READ, 0.99, sources)


def _paper(kind: DocumentKind, key: str, **values: Reading | str) -> Document:
    return replace(factory.document(kind), key=key, fields=factory.fields(**values))


def _contract(*looks: str) -> Document:
    return _paper(DocumentKind.CONTRACT, "contract", contract_number=_scanned(*looks))


def _acceptance(*looks: str) -> Document:
    return _paper(DocumentKind.ACCEPTANCE_REPORT, "accepted", contract_number=_scanned(*looks))


def _invoice(number: str) -> Document:
    return _paper(DocumentKind.VAT_INVOICE, "invoice", remarks=f"合同编号：{number} 设备款")


def _row(number: str) -> LedgerRow:
    return factory.row("1", "1.00", contract_number=_scanned(number))


def _number(paper: Document) -> tuple[object, Status]:
    reading = paper.get("contract_number")
    return reading.value, reading.status


def test_the_odd_one_out_is_doubted_with_both_readings() -> None:
    papers, _ = settle_alike([_contract(O), _acceptance(Q), _invoice(Q)], [])
    assert _number(papers[0]) == (O, Status.DOUBTFUL)
    assert dict(papers[0].get("contract_number").reasons[-1].params) == {"own": O, "other": Q}
    assert _number(papers[1]) == (Q, Status.READ)


def test_a_second_look_that_agrees_with_the_other_papers_mends_it() -> None:
    papers, _ = settle_alike([_contract(O, Q), _acceptance(Q), _invoice(Q)], [])
    assert _number(papers[0]) == (Q, Status.READ)
    assert papers[0].get("contract_number").reasons[-1].key == "join.number_mended"


def test_a_doubtful_paper_raises_the_question_but_mends_nothing() -> None:
    doubtful = replace(_scanned(Q), status=Status.DOUBTFUL)
    other = _paper(DocumentKind.ACCEPTANCE_REPORT, "accepted", contract_number=doubtful)
    papers, _ = settle_alike([_contract(O, Q), other], [])
    assert _number(papers[0]) == (O, Status.DOUBTFUL)


def test_two_papers_that_differ_are_both_doubted_unless_the_ledger_is_with_one() -> None:
    pair = [_contract(O), _acceptance(Q)]
    assert {s for _, s in map(_number, settle_alike(pair, [])[0])} == {Status.DOUBTFUL}
    papers, rows = settle_alike(pair, [_row(Q)])
    assert [_number(p) for p in papers] == [(O, Status.DOUBTFUL), (Q, Status.READ)]
    assert rows[0].get("contract_number").status is Status.READ


@pytest.mark.parametrize(("looks", "status"), [((O,), Status.DOUBTFUL), ((O, O), Status.READ)])
def test_a_ledger_alone_raises_the_question_but_mends_nothing(
    looks: tuple[str, ...], status: Status
) -> None:
    papers, _ = settle_alike([_contract(*looks)], [_row(Q)])
    assert _number(papers[0]) == (O, status)
    papers, _ = settle_alike([_contract(O, Q)], [_row(Q)])
    assert papers[0].get("contract_number").value == O


def test_a_row_is_doubted_by_the_papers_and_by_most_rows() -> None:
    _, rows = settle_alike([_contract(Q)], [_row(Q), _row(O)])
    assert [r.get("contract_number").status for r in rows] == [Status.READ, Status.DOUBTFUL]
    _, rows = settle_alike([], [_row(Q), _row(Q), _row(O)])
    assert [r.get("contract_number").status for r in rows][1:] == [Status.READ, Status.DOUBTFUL]


def test_an_issuers_own_text_and_other_digits_are_left_alone() -> None:
    printed = _paper(DocumentKind.CONTRACT, "contract", contract_number=O)
    assert settle_alike([printed, _acceptance(Q)], [])[0][0] is printed
    other = _acceptance("QWH-2022-XX015")
    papers, _ = settle_alike([_contract(Q), other], [])
    assert papers == [_contract(Q), other]

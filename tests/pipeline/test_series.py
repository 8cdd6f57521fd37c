"""Papers scanned page by page into pictures of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.match import match_case
from audit.model import Document, DocumentKind, Page, PageMode, PageResult
from audit.pipeline.collect import FilePages
from audit.pipeline.join import join_case
from audit.rules.case import Case
from tests.factory import case, document, fields, policy
from tests.pipeline.test_join import FIRST, LATER, contract, file_of, result

K = DocumentKind
BLANK = PageResult(Page("0" * 64, 0, PageMode.COLOUR), K.BLANK, 1.0)
END = result(K.OTHER, text="甲方(盖章)：\n第3页 共3页")


def pictures(*pages: tuple[str, PageResult]) -> list[FilePages]:
    return [file_of([page], name) for name, page in pages]


def papers(files: list[FilePages]) -> list[tuple[str, str, tuple[tuple[str, int], ...]]]:
    return [(d.kind.value, d.file, d.further) for d in join_case(files)[0]]


def numbered(page: PageResult, number: int, of: int = 3) -> PageResult:
    told = result(page.kind, text=f"一些文字\n第{number}页 共{of}页").lines
    return replace(page, lines=told)


def test_pages_that_go_on_by_name_and_claim_are_one_paper() -> None:
    files = pictures(("合同/IMG_001.jpg", FIRST), ("合同/IMG_002.jpg", LATER))
    assert papers(files) == [("contract", "合同/IMG_001.jpg", (("合同/IMG_002.jpg", 0),))]
    documents, pages, _ = join_case(files)
    assert [p.document_ids for p in pages] == [(documents[0].id,)] * 2
    assert "续页" not in documents[0].marks


def test_printed_numbers_take_a_page_along_that_nobody_claims() -> None:
    files = pictures(
        ("a/扫描 (8).png", numbered(FIRST, 1)),
        ("a/扫描 (9).png", numbered(LATER, 2)),
        ("a/扫描 (10).png", END),
    )
    whole = (("a/扫描 (9).png", 0), ("a/扫描 (10).png", 0))
    assert papers(files) == [("contract", "a/扫描 (8).png", whole)]
    assert [p.kind for p in join_case(files)[1]] == [K.CONTRACT] * 3


def test_a_reading_from_a_later_picture_names_its_file() -> None:
    later = replace(LATER, documents=(contract(contract_total="1000.00"),))
    ((paper,), _, _) = join_case(pictures(("1.jpg", FIRST), ("2.jpg", later)))
    assert paper.get("contract_total").sources[0].file == "2.jpg"
    assert paper.get("contract_number").sources[0].file == ""


def test_a_blank_back_between_does_not_part_them() -> None:
    files = pictures(("1.jpg", FIRST), ("2.jpg", BLANK), ("3.jpg", LATER))
    assert papers(files) == [("contract", "1.jpg", (("3.jpg", 0),))]


@pytest.mark.parametrize(("name", "bound"), [("成都云帆软件有限公司", True), ("", False)])
def test_statements_are_bound_into_the_report_on_the_company_they_name(
    name: str, bound: bool
) -> None:
    told = fields(company_name="成都云帆软件有限公司")
    first = replace(document(K.AUDIT_REPORT, digital=False), fields=told)
    own = fields(company_name=name) if name else {}
    sheet = replace(document(K.FINANCIAL_STATEMENT, digital=False), fields=own)
    files = pictures(
        ("7.jpg", result(K.AUDIT_REPORT, first)), ("8.jpg", result(K.FINANCIAL_STATEMENT, sheet))
    )
    assert (papers(files)[0][2] == (("8.jpg", 0),)) is bound
    assert join_case(files)[1][1].kind is K.FINANCIAL_STATEMENT


def test_notes_go_on_behind_statements_bound_into_a_report() -> None:
    told = fields(company_name="成都云帆软件有限公司")
    first = replace(document(K.AUDIT_REPORT, digital=False), fields=told)
    sheet = replace(document(K.FINANCIAL_STATEMENT, digital=False, marks=("利润表",)), fields=told)
    notes = document(K.FINANCIAL_STATEMENT, digital=False, marks=("附注",))
    files = pictures(
        ("7.jpg", result(K.AUDIT_REPORT, first)),
        ("8.jpg", result(K.FINANCIAL_STATEMENT, sheet)),
        ("9.jpg", result(K.FINANCIAL_STATEMENT, notes, continues=True)),
    )
    assert [further for _, _, further in papers(files)] == [(("8.jpg", 0), ("9.jpg", 0))]
    alone = [files[0], file_of(files[2].results, "8.jpg")]
    assert all(not further for _, _, further in papers(alone))


def report() -> Document:
    return replace(document(K.ACCEPTANCE_REPORT, digital=False), fields=fields(project_name="甲"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("1.jpg", FIRST), ("3.jpg", LATER)),
        (("a/1.jpg", FIRST), ("b/2.jpg", LATER)),
        (("a1.jpg", FIRST), ("b2.jpg", LATER)),
        (("1.jpg", FIRST), ("2.png", LATER)),
        (("1.jpg", FIRST), ("2.jpg", FIRST)),
        (("1.jpg", FIRST), ("2.jpg", result(K.OTHER, text="一些文字"))),
        (("1.jpg", numbered(FIRST, 1)), ("2.jpg", numbered(LATER, 3))),
        (("1.jpg", FIRST), ("2.jpg", result(K.ACCEPTANCE_REPORT, report(), continues=True))),
        (
            ("1.jpg", FIRST),
            ("2.jpg", replace(LATER, documents=(contract(contract_number="HT-2"),))),
        ),
    ],
)
def test_what_is_unsure_stays_apart(
    first: tuple[str, PageResult], second: tuple[str, PageResult]
) -> None:
    assert all(not further for _, _, further in papers(pictures(first, second)))


def test_a_file_of_several_pages_and_a_digital_one_begin_no_series() -> None:
    bound = file_of([FIRST, LATER], "1.pdf")
    assert all(not f for _, _, f in papers([bound, *pictures(("2.pdf", LATER))]))
    typed = replace(FIRST, page=replace(FIRST.page, mode=PageMode.DIGITAL))
    assert all(not f for _, _, f in papers(pictures(("1.pdf", typed), ("2.pdf", LATER))))


def test_the_words_of_a_paper_are_those_of_all_its_pictures() -> None:
    later = replace(LATER, lines=result(K.CONTRACT, text="违约责任").lines)
    documents, pages, _ = join_case(pictures(("1.jpg", FIRST), ("2.jpg", later)))
    facts = replace(case(), documents=documents, pages=pages)
    paper = Case(facts, match_case(facts, policy()), policy())
    assert [p.file for p in paper.pages_of(documents[0])] == ["1.jpg", "2.jpg"]
    assert "违约责任" in paper.text_of(documents[0])

"""Which category a line is: code, short name, the word at the end; the row by its lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from audit.match import match_case
from audit.match.category import Vocabulary, annotate_items, item_category
from audit.model import Document, LedgerRow, Matching
from audit.policy import load_policy
from tests.factory import case, invoice, item, receipt, row

POLICY = load_policy("cq-2024-industrial-internet")
WORDS = Vocabulary(POLICY.categories)
NUMBER = "24502000000012345678"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("*软件*生产执行系统软件V3.0", "software"),
        ("*机床*数控加工中心", "equipment"),
        ("*信息技术服务*云服务器租用", "cloud"),
        ("*信息技术服务*系统集成", "integration"),
        ("*研发和技术服务*技术开发", "technical_service"),
        ("*电子计算机*服务器", "equipment"),
        ("*餐饮服务*餐费", "ineligible"),
    ],
)
def test_line_by_short_name_and_words(name: str, category: str) -> None:
    assert item_category(name, "", WORDS).category == category


def test_what_the_thing_is_stands_at_the_end() -> None:
    assert item_category("*软件*服务器管理软件", "", WORDS).category == "software"


def test_code_decides_before_the_short_name() -> None:
    assert item_category("*未知*某物", "1060301030000000000", WORDS).category == "software"


def test_line_without_a_known_word_is_unknown() -> None:
    found = item_category("*未知*杂项", "", WORDS)
    assert (found.category, found.reason.key) == ("unknown", "match.category.no_word")


def _match(papers: Sequence[Document], rows: Sequence[LedgerRow]) -> Matching:
    return match_case(case(papers, rows), POLICY)


def test_row_takes_the_category_of_its_invoice_not_of_the_ledger() -> None:
    papers = [invoice(NUMBER, "113.00", goods="*机床*数控加工中心"), receipt("113.00")]
    found = _match(papers, [row(NUMBER, "113.00", category="软件购置费")])
    assert found.categories == {1: "equipment"}
    assert found.category_reasons[1].key == "match.category.differs"


def test_mixed_invoice_splits_the_row_by_its_lines() -> None:
    lines = (item("*机床*加工中心", "75.00"), item("*软件*控制软件", "25.00"))
    found = _match([invoice(NUMBER, "113.00", items=lines)], [row(NUMBER, "113.00")])
    assert dict(found.category_splits[1]) == {
        "equipment": Decimal("0.75"),
        "software": Decimal("0.25"),
    }


def test_rows_that_share_an_invoice_take_their_own_line() -> None:
    lines = (item("*机床*加工中心", "75.00"), item("*软件*控制软件", "25.00"))
    rows = [row(NUMBER, "84.75", name="加工中心"), row(NUMBER, "28.25", name="控制软件")]
    found = _match([invoice(NUMBER, "113.00", items=lines)], rows)
    assert dict(found.categories) == {1: "equipment", 2: "software"}
    assert not found.category_splits


def test_ledger_speaks_where_the_invoice_says_nothing() -> None:
    found = _match(
        [invoice(NUMBER, "113.00", items=())], [row(NUMBER, "113.00", category="软件购置费")]
    )
    assert found.category_reasons[1].key == "match.category.declared_only"


def test_person_overrules_every_word() -> None:
    papers = [invoice(NUMBER, "113.00", goods="*未知*杂项")]
    found = _match(papers, [row(NUMBER, "113.00", judged_category="software")])
    assert found.categories == {1: "software"}
    assert found.category_reasons[1].key == "match.category.by_person"


def test_lines_are_annotated() -> None:
    facts = case([invoice(NUMBER, "113.00", goods="*软件*某软件")])
    assert annotate_items(facts.documents, POLICY)[0].items[0].category == "software"

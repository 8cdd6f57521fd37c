"""Construction plan (cover, chapters) and commitments."""

from __future__ import annotations

from datetime import date

import pytest

from audit.extract import extract_page
from audit.model import DocumentKind
from tests.extract.kinds.sheets import text_page

COVER = (
    "附件2\n2024年工业互联网新模式示范项目\n建设方案\n项目名称：数字化车间建设项目\n"
    "申报单位：重庆山城智造有限公司（盖章）\n联系人：张三|联系电话：023-12345678\n"
    "重庆市经济和信息化委员会·制\n2024年"
)
CHAPTERS = (
    "一、项目概述\n（一）企业简介。\n公司从事汽车零部件制造。\n（二）背景需求。\n行业竞争加剧。\n"
    "（三）新旧模式对比。\n二、应用场景与技术实施\n（一）技术架构及功能。"
)


@pytest.mark.parametrize("scan", [True, False], ids=["scan", "digital"])
def test_cover(scan: bool) -> None:
    result = extract_page(text_page(COVER, scan=scan))
    assert (result.kind, result.continues) == (DocumentKind.CONSTRUCTION_PLAN, False)
    (document,) = result.documents
    assert document.get("project_name").value == "数字化车间建设项目"
    assert document.get("company_name").value == "重庆山城智造有限公司"
    assert document.get("contact_phone").value == "023-12345678"


def test_chapters_are_the_marks_of_a_page_that_goes_on() -> None:
    result = extract_page(text_page(CHAPTERS, index=1))
    assert (result.kind, result.continues) == (DocumentKind.CONSTRUCTION_PLAN, True)
    (document,) = result.documents
    assert set(document.marks) == {
        "企业简介", "背景需求", "新旧模式对比", "技术架构及功能", "项目概述", "应用场景与技术实施",
    }  # fmt: skip


def test_a_page_without_chapters_is_not_claimed() -> None:
    text = "公司建设了生产执行系统，实现了生产过程透明管理，效率提升百分之十八。"
    assert extract_page(text_page(text)).kind is DocumentKind.OTHER


COMMITMENT = (
    "我单位郑重承诺：\n一、本次申报的数字化车间建设项目内容符合产业政策。\n"
    "二、提供的资料真实有效，如有虚假愿承担法律责任。\n三、我单位未被列入失信名单。\n"
    "法定代表人（签字）：\n承诺单位（盖章）：重庆山城智造有限公司\n2024年5月10日"
)


@pytest.mark.parametrize("title", ["承诺书", "申报材料真实性承诺书", "承 诺 书"])
def test_commitment(title: str) -> None:
    result = extract_page(text_page(COMMITMENT, title=title))
    assert result.kind is DocumentKind.COMMITMENT
    (document,) = result.documents
    assert document.get("company_name").value == "重庆山城智造有限公司"
    assert document.get("commitment_date").value == date(2024, 5, 10)


def test_a_commitment_without_its_date_has_none() -> None:
    text = COMMITMENT.replace("2024年5月10日", "    年    月    日")
    (document,) = extract_page(text_page(text, title="承诺书")).documents
    assert document.get("commitment_date").value is None


def test_a_contract_that_promises_is_no_commitment() -> None:
    text = (
        "甲方：重庆山城智造有限公司\n乙方：成都云帆软件有限公司\n乙方承诺产品质量。\n合同编号：HT-1"
    )
    assert extract_page(text_page(text, title="采购合同")).kind is DocumentKind.CONTRACT

"""Annex 1 from Word, from a scan's ruled table and from lines; ticks, units, template words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from audit.extract import extract_page
from audit.extract.kinds.application_form import FIELDS
from audit.extract.kinds.application_form.values import parse
from audit.model import Document, DocumentKind, PageContent, Status
from audit.readers import open_pages, survey
from audit.settings import Limits
from tests.extract.kinds.application_form.forms import ROWS, Rows, filled, write_docx
from tests.extract.kinds.grids import ruled
from tests.extract.kinds.sheets import text_page

EXPECTED: dict[str, object] = {
    "company_name": "重庆山城智造有限公司",
    "ownership": "民营",
    "size_class": "中型",
    "founded_date": date(2015, 6, 18),
    "employees": Decimal(326),
    "address": "重庆市渝北区示例路1号",
    "assets_2021": Decimal("120005000.00"),
    "assets_2023": Decimal("140000000.00"),
    "debt_ratio_2022": Decimal(44),
    "debt_ratio_2023": Decimal("43.1"),
    "revenue_2023": Decimal("220000000.00"),
    "profit_rate_2021": Decimal(5),
    "profit_2022": Decimal("10500000.00"),
    "tax_2021": Decimal("3000000.00"),
    "cluster": "装备",
    "maturity_score": Decimal("2.36"),
    "maturity_level": "二级",
    "project_name": "数字化车间建设项目",
    "total_investment": Decimal("6500000.00"),
    "invested_amount": Decimal("6205500.00"),
    "software_investment": Decimal("2200000.00"),
    "hardware_investment": Decimal("4005500.00"),
    "security_investment": Decimal("200000.00"),
    "device_count": Decimal(36),
    "period": "2022.3-2023.12",
    "completed": "是",
    "direction": "数字化管理",
    "scenes": "生产制造优化、质量管控",
    "iaas": "华为云",
    "provider_name": "成都云帆软件有限公司",
    "provider_services": "系统集成服务",
    "commitment_date": date(2024, 5, 10),
}


def _from_word(path: Path) -> PageContent:
    found = survey(path, path.name, Limits())
    (page,) = open_pages(path, found, range(found.pages), Limits())
    return page.content


def _scan(rows: Rows) -> PageContent:
    spans = {}
    for i, row in enumerate(rows):
        if len(row) == 1:
            spans[i, 0] = (1, 4)
        elif len(row) == 2:
            spans[i, 1] = (1, 3)
    full = [(*row, *[""] * (4 - len(row))) for row in rows]
    return ruled(full, spans, above=["2024年工业互联网新模式示范项目申报表"])


def _only(content: PageContent) -> Document:
    result = extract_page(content)
    assert result.kind is DocumentKind.APPLICATION_FORM
    (document,) = result.documents
    return document


def test_every_field_from_word(tmp_path: Path) -> None:
    document = _only(_from_word(write_docx(tmp_path / "form.docx")))
    assert {f: document.get(f).value for f in EXPECTED} == EXPECTED
    assert all(document.get(f).status is Status.READ for f in EXPECTED)
    assert set(document.fields) <= set(FIELDS)


def test_every_field_from_a_scan() -> None:
    document = _only(_scan(ROWS))
    assert {f: document.get(f).value for f in EXPECTED} == EXPECTED


@pytest.mark.parametrize("cut", [12, 15, 23])
def test_a_form_over_two_pages_goes_on(cut: int) -> None:
    first, second = extract_page(_scan(ROWS[:cut])), extract_page(_scan_later(ROWS[cut:]))
    assert (first.kind, first.continues) == (DocumentKind.APPLICATION_FORM, False)
    assert (second.kind, second.continues) == (DocumentKind.APPLICATION_FORM, True)
    fields = {**second.documents[0].fields, **first.documents[0].fields}
    assert {f: fields[f].value for f in EXPECTED} == EXPECTED


def _scan_later(rows: Rows) -> PageContent:
    spans = {
        (i, len(row) - 1): (1, 5 - len(row)) for i, row in enumerate(rows) if len(row) in {1, 2}
    }
    return ruled([(*row, *[""] * (4 - len(row))) for row in rows], spans, index=1)


def test_template_words_are_no_answers_but_are_kept() -> None:
    rows = filled(
        {
            "企业简介": ["企业主营业务、行业特点、转型诉求及目标等情况（不超过500字）"],
            "项目总投资（万元）": ["XXX", "实施周期", "例：2023.1-2023.12"],
            "项目是否已建设完成": ["是/否", "项目已投资金额（万元）", ""],
            "单位性质": ["□国有 □民营 □三资 □其他", "企业规模", "□大型 □中型 □小型"],
        }
    )
    document = _only(_scan(rows))
    for field in ("company_intro", "total_investment", "period", "completed"):
        reading = document.get(field)
        assert (reading.value, reading.status) == (None, Status.MISSING), field
        assert reading.raw
    assert document.get("invested_amount").status is Status.MISSING
    assert document.get("ownership").status is Status.DOUBTFUL  # a faint tick may be lost


def test_nothing_ticked_in_word_is_missing_not_doubtful(tmp_path: Path) -> None:
    rows = filled({"单位性质": ["□国有 □民营 □三资 □其他", "企业规模", "中型"]})
    document = _only(_from_word(write_docx(tmp_path / "form.docx", rows)))
    assert document.get("ownership").status is Status.MISSING
    assert document.get("size_class").value == "中型"


def test_two_directions_are_both_read() -> None:
    rows = filled({"申报方向（单选，多选无效）": ["☑平台化设计 ☑数字化管理 □网络化协同"]})
    assert _only(_scan(rows)).get("direction").value == "平台化设计、数字化管理"


def test_an_option_without_its_box_on_a_scan_is_doubtful() -> None:
    rows = filled({"申报方向（单选，多选无效）": ["☑平台化设计 数字化管理 □网络化协同"]})
    reading = _only(_scan(rows)).get("direction")
    assert (reading.value, reading.status) == ("平台化设计", Status.DOUBTFUL)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("completed", "已建成", None),
        ("maturity_level", "三级（集成级）", "三级"),
        ("maturity_level", "2级", "二级"),
        ("founded_date", "2015年6月", "2015年6月"),
        ("founded_date", "建厂初期", None),
        ("total_investment", "650万元", Decimal("6500000.00")),
        ("total_investment", "6500000元", Decimal("6500000.00")),
        ("total_investment", "六百五十", None),
    ],
)
def test_values(field: str, text: str, value: object) -> None:
    if field == "completed":
        rows = filled({"项目是否已建设完成": [text, "项目已投资金额（万元）", "1"]})
        assert _only(_scan(rows)).get("completed").value == "是"
    else:
        assert parse(field, text, None, None).value == value


def test_amounts_without_a_printed_unit_are_said_to_be_taken_for_wan() -> None:
    rows = [tuple(c.replace("（万元）", "") for c in row) for row in ROWS]
    reading = _only(_scan(rows)).get("invested_amount")
    assert reading.value == Decimal("6205500.00")
    assert "application_form.no_unit" in [m.key for m in reading.reasons]


def test_labels_without_rulings() -> None:
    text = (
        "企业名称|重庆山城智造有限公司\n成立时间|2015年6月18日|员工人数|326\n"
        "所属产业集群|☑装备 □汽车\n项目名称|数字化车间建设项目\n"
        "项目已投资金额（万元）|620.55\n项目是否已建设完成|是"
    )
    document = _only(text_page(text, title="2024年工业互联网新模式示范项目申报表"))
    assert document.get("company_name").value == "重庆山城智造有限公司"
    assert document.get("invested_amount").value == Decimal("6205500.00")
    assert document.get("completed").value == "是"


def test_the_notice_itself_is_no_form() -> None:
    text = "现将有关事项通知如下\n一、申报要求\n申报方向\n附件：1.申报表\n2.建设方案"
    assert extract_page(text_page(text, title="关于组织开展项目申报的通知")).kind is not (
        DocumentKind.APPLICATION_FORM
    )

"""Names of companies: what is one, what sets two apart, what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.text.names import (
    company_parts,
    company_similarity,
    looks_like_company,
    normalise_company,
    same_company,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆示例（集团）有限公司", "重庆示例(集团)有限公司"),
        ("重庆示例（集团）有限公司", "重庆示例集团有限公司"),
        ("重庆 示例 有限公司", "重庆示例有限公司"),
        ("重庆示例有限责任公司", "重庆示例有限公司"),
        ("ＡＢＢ示例（重庆）有限公司", "ABB示例(重庆)有限公司"),
        ("abb示例有限公司", "ABB示例有限公司"),
        ("重庆⻋示例有限公司", "重庆车示例有限公司"),
        ("Example Robotics Co., Ltd.", "EXAMPLE ROBOTICS CO LTD"),
    ],
)
def test_one_company_in_two_spellings(one: str, other: str) -> None:
    assert same_company(one, other)
    assert company_similarity(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆示例有限公司", "重庆示例股份有限公司"),
        ("重庆示例有限公司", "重庆示例有限公司渝北分公司"),
        ("重庆示例软件有限公司", "成都示例软件有限公司"),
        ("重庆华宇机械制造有限公司", "重庆宏宇机械制造有限公司"),
        ("", ""),
        ("重庆示例有限公司", ""),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert not same_company(one, other)


@pytest.mark.parametrize(
    ("name", "place", "core", "trade", "form", "branch"),
    [
        ("重庆山城智造有限公司", "重庆", "山城", "智造", "有限公司", ""),
        ("重庆市渝北区示例机械制造有限责任公司", "渝北", "示例", "机械制造", "有限公司", ""),
        ("示例软件（重庆）有限公司", "重庆", "示例", "软件", "有限公司", ""),
        ("示例智能科技重庆有限公司", "重庆", "示例", "智能科技", "有限公司", ""),
        ("四川省成都市云帆软件股份有限公司", "成都", "云帆", "软件", "股份有限公司", ""),
        ("深圳市假想计算机系统有限公司", "深圳", "假想", "计算机系统", "有限公司", ""),
        ("假想电信股份有限公司重庆分公司", "", "假想电信", "", "股份有限公司", "重庆分公司"),
        ("ABB（中国）有限公司", "中国", "ABB", "", "有限公司", ""),
        ("重庆假想模具厂", "重庆", "假想", "模具", "厂", ""),
        ("不是公司", "", "不是", "", "公司", ""),
        ("", "", "", "", "", ""),
    ],
)
def test_parts(name: str, place: str, core: str, trade: str, form: str, branch: str) -> None:
    parts = company_parts(name)
    assert (parts.place, parts.core, parts.trade, parts.form) == (place, core, trade, form)
    assert parts.branch == branch


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("重庆华宇机械制造有限公司", "重庆华宇机城制造有限公司", 0.9, 1.0),
        ("重庆华宇机械制造有限公司", "重庆宏宇机械制造有限公司", 0.0, 0.84),
        ("重庆示例机械有限公司", "重庆示例智造科技有限公司", 0.0, 0.81),
        ("成都云帆软件有限公司", "重庆云帆软件有限公司", 0.0, 0.69),
        ("假想电信股份有限公司重庆分公司", "假想电信股份有限公司", 0.0, 0.69),
        ("重庆示例有限公司", "个人", 0.0, 0.3),
    ],
)
def test_misread_trade_is_near_another_core_is_far(
    one: str, other: str, low: float, high: float
) -> None:
    """What a thousand companies share counts little; the 字号 counts."""
    assert low <= company_similarity(one, other) <= high
    assert company_similarity(one, other) == company_similarity(other, one)


@pytest.mark.parametrize(
    "text",
    ["重庆示例有限公司", "重庆示例模具厂", "国家税务总局重庆市渝北区税务局", "假想银行股份有限公司重庆分行",
     "重庆示例会计师事务所（普通合伙）", "重庆假想大学", "渝北区假想五金经营部", "Example Robotics GmbH",
     "示 例 （ 重 庆 ） 有 限 公 司"],
)  # fmt: skip
def test_company_names(text: str) -> None:
    assert looks_like_company(text)


@pytest.mark.parametrize(
    "text",
    ["", "公司", "*软件*生产执行系统", "名称：重庆示例有限公司", "重庆市渝北区示例路1号", "张三", "91500000MA5U00000X",
     "开户行：假想银行渝北支行", "本公司承诺以上内容属实。重庆示例有限公司", "1234567公司", "13% 1130.00", "Total"],
)  # fmt: skip
def test_no_company_names(text: str) -> None:
    assert not looks_like_company(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_texts_are_survived(one: str, other: str) -> None:
    score = company_similarity(one, other)
    assert 0.0 <= score <= 1.0
    looks_like_company(one)
    assert normalise_company(normalise_company(one)) == normalise_company(one)

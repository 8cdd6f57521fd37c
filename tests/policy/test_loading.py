"""Policies: the shipped ones are whole, a broken one says what and where."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from audit.errors import PolicyError
from audit.match.category import Vocabulary, item_category
from audit.policy import load_policy, shipped_policies
from audit.policy.loading import parse_policy
from audit.policy.schema import CATEGORY_KEYS

CQ = "cq-2024-industrial-internet"
WHOLE = (resources.files("audit") / "policy" / f"{CQ}.toml").read_text("utf-8")


def test_both_shipped_policies_load() -> None:
    assert shipped_policies() == (CQ, "sz-generic")
    assert {load_policy(name).id for name in shipped_policies()} == set(shipped_policies())


def test_thresholds_of_the_notice() -> None:
    limits = load_policy(CQ).thresholds
    assert (limits.period_start, limits.max_months) == (date(2022, 1, 1), 24)
    assert (limits.minimum_total, limits.software_share) == (Decimal(5000000), Decimal("0.30"))
    assert load_policy(CQ).tax_bases == ("incl", "excl")


def test_second_policy_strips_input_vat_and_inherits_the_words() -> None:
    other = load_policy("sz-generic")
    assert other.tax_bases == ("excl",)
    assert other.practice.invoice_after_period == "deduct"
    assert other.practice.security_words == load_policy(CQ).practice.security_words
    assert other.categories == load_policy(CQ).categories
    assert other.clause("四(一)5").quote
    assert other.clause("一(三)").number == "第三条(三)"
    assert other.rules["N10"].off_because


def test_six_categories_and_the_three_readings_of_the_software_share() -> None:
    categories = {c.key: c for c in load_policy(CQ).categories}
    assert tuple(categories) == CATEGORY_KEYS
    counted = {
        reading: {k for k, c in categories.items() if reading in c.share_readings}
        for reading in ("narrow", "middle", "wide")
    }
    assert counted["narrow"] == {"software"}
    assert counted["middle"] == {"software", "integration", "cloud", "technical_service"}
    assert counted["wide"] == {*counted["middle"], "network"}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("*软件*生产执行系统软件V3.0", "software"),
        ("*信息技术服务*软件许可", "software"),
        ("*信息技术服务*云服务器租用", "cloud"),
        ("*信息技术服务*系统集成", "integration"),
        ("*信息技术服务*MES系统开发", "technical_service"),
        ("*信息技术服务*设备数据采集", "technical_service"),
        ("*电子计算机*机架式服务器", "equipment"),
        ("*计算机网络设备*工业交换机", "network"),
        ("*建筑服务*综合布线工程", "network"),
        ("*建筑服务*厂房装修工程", "ineligible"),
        ("*建筑服务*设备安装", "equipment"),
        ("*工业机器人*六轴机器人", "equipment"),
        ("*餐饮服务*餐费", "ineligible"),
        ("*鉴证咨询服务*等保测评", "technical_service"),
        ("*经营租赁*叉车租赁", "unknown"),
        ("*研发和技术服务*工艺仿真", "technical_service"),
    ],
)
def test_words_lead_to_the_category(name: str, category: str) -> None:
    words = Vocabulary(load_policy(CQ).categories)
    assert item_category(name, "", words).category == category


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('software_share = "0.30"', "software_share = 0.30", "thresholds.software_share 应为0 至 1"),
        ('software_share = "0.30"', 'software_share = "30%"', "thresholds.software_share"),
        ('minimum_total = "5000000"', 'minimum_total = "500万"', "thresholds.minimum_total 应为金额"),
        ("period_start = 2022-01-01", 'period_start = "2022-01-01"', "thresholds.period_start 应为日期"),
        ("max_months = 24", "max_month = 24", "thresholds.max_months 应为1 至 240 的整数；现无此键"),
        ("max_months = 24", "max_months = 24\nmax_weeks = 4", "thresholds.max_weeks 不是可用的键"),
        ('deciding_share = "middle"', 'deciding_share = "mid"', "deciding_share 应为以下之一"),
        ('tax_bases = ["incl", "excl"]', "tax_bases = []", "tax_bases 应为至少一种口径"),
        ('tax_bases = ["incl", "excl"]', 'tax_bases = ["incl", "incl"]', "不重复"),
        ('kinds = ["construction_plan"]', 'kinds = ["plan"]', "required[2].kinds"),
        ('clause = "附2封面"', 'clause = "附9"', "required[2].clause 应为[clauses] 中已有的条款"),
        ('key = "network"', 'key = "cloud"', "categories 应为每个类别恰好一次"),
        ('"信息系统集成服务"', '"软件"', "“软件”已属于类别 software"),
        ('code_prefixes = ["307", "30408"]', 'code_prefixes = ["3O7"]', "categories[7].code_prefixes"),
        ('invoice_after_period = "cue"', 'invoice_after_period = "fail"', "practice.invoice_after_period"),
        ('region_code = "50"', 'region_code = "500"', "practice.region_code"),
        ("needs_applicant_seal = true", 'needs_applicant_seal = "yes"', "应为true 或 false"),
        ('title = "', "title = ", "不是有效的 TOML"),
        ('id = "cq', 'base = "nowhere"\nid = "cq', "base 应为以下之一"),
        ('label = "云服务费"', 'label = ""', "categories[5].label 应为非空文本"),
    ],
)  # fmt: skip
def test_a_broken_policy_names_the_key_and_what_is_expected(
    old: str, new: str, complaint: str
) -> None:
    assert old in WHOLE
    with pytest.raises(PolicyError, match=r"政策文件 自备\.toml") as caught:
        parse_policy(WHOLE.replace(old, new, 1).encode(), "自备.toml")
    assert complaint in str(caught.value)


def test_a_rule_setting_without_effect_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"rules\.I05 应为severity"):
        parse_policy((WHOLE + "\n[rules.I05]\n").encode(), "自备.toml")


def test_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(PolicyError, match=f"没有名为“cq-2042”的政策.*{CQ}"):
        load_policy("cq-2042")


def test_missing_file_and_other_encoding_are_explained(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="文件不存在"):
        load_policy(str(tmp_path / "没有.toml"))
    file = tmp_path / "gbk.toml"
    file.write_bytes('title = "重庆"'.encode("gbk"))
    with pytest.raises(PolicyError, match="不是 UTF-8"):
        load_policy(str(file))


def test_ones_own_file_may_stand_on_a_shipped_policy(tmp_path: Path) -> None:
    file = tmp_path / "自备.toml"
    text = f'base = "{CQ}"\nid = "own"\n[thresholds]\nminimum_total = "3000000.50"\n'
    file.write_text(text, "utf-8")
    policy = load_policy(str(file))
    assert policy.thresholds.minimum_total == Decimal("3000000.50")
    assert policy.thresholds.max_months == 24
    assert policy.title == load_policy(CQ).title


def test_required_papers_cite_clauses_of_the_policy() -> None:
    for name in shipped_policies():
        policy = load_policy(name)
        assert all(need.clause in policy.clauses for need in policy.required)
    assert len(tomllib.loads(WHOLE)["required"]) == 12

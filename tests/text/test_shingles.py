"""Copied texts share bands; other texts do not."""

from __future__ import annotations

from audit.text.shingles import BANDS, bands

TEXT = (
    "验收小组听取了项目承担单位关于项目建设情况的汇报，查看了现场设备和系统运行情况，查阅了相关资料，"
    "经质询和讨论，形成如下验收意见：项目按照合同约定完成了全部建设内容，数据采集网关、制造执行系统和"
    "仓储管理系统运行稳定，各项指标达到设计要求，提交的验收资料齐全、完整，同意通过验收。建议进一步加强"
    "数据分析和应用推广，持续优化生产管理流程，充分发挥项目的示范带动作用。"
)
OTHER = (
    "本次审计依据中国注册会计师审计准则执行，我们计划和实施审计工作以对财务报表是否不存在重大错报获取"
    "合理保证。审计工作涉及实施审计程序，以获取有关财务报表金额和披露的审计证据，选择的审计程序取决于"
    "注册会计师的判断，包括对由于舞弊或错误导致的财务报表重大错报风险的评估，我们相信获取的证据是充分的。"
)


def shared(one: str, other: str) -> int:
    return len(set(bands(one)) & set(bands(other)))


def test_a_text_equals_itself_whatever_its_dates() -> None:
    assert shared(TEXT, TEXT.replace("项目按照", "2023年5月6日，项目按照")) > BANDS // 2
    assert shared(TEXT + "2024年1月", TEXT + "2023年12月") >= BANDS - 2


def test_another_text_shares_nothing() -> None:
    assert shared(TEXT, OTHER) == 0


def test_a_short_form_says_nothing() -> None:
    assert bands("同意验收") == ()

"""智能制造能力成熟度: who was assessed by whom, when, score and level."""

from __future__ import annotations

import re
from decimal import Decimal

from audit.extract.glance import Glance
from audit.extract.labels import Label, Side
from audit.extract.ladder import doubt
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import bottom_date, stated
from audit.extract.signs import Signs
from audit.extract.values import DATED, FIGURED, clean_text, date_value, decimal_value, parse_value
from audit.model import DocumentKind, Reading, Value, say
from audit.text.names import looks_like_company

FIELDS = (
    "company_name",
    "maturity_score",
    "maturity_level",
    "assessment_date",
    "assessor",
)
#: Lowest score of each level in 0-5 counting (GB/T 39117): 0.8, 1.8, 2.8, 3.8, 4.8.
FLOORS = (Decimal("0.8"), Decimal("1.8"), Decimal("2.8"), Decimal("3.8"), Decimal("4.8"))
_NAMES = {"规划级": "一级", "规范级": "二级", "集成级": "三级", "优化级": "四级", "引领级": "五级"}
_FIGURES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级", "5": "五级"}
_LEVELS = ("一级", "二级", "三级", "四级", "五级")
_LEVEL = r"(?:第?[一二三四五1-5]级|规划级|规范级|集成级|优化级|引领级|Level[1-5]|CMMM[1-5])"
LABELS = (
    Label(
        "company_name",
        (
            "被评估企业名称",
            "被评估企业",
            "被评估单位",
            "受评估方",
            "受评估企业",
            "受评方",
            "评估对象",
            "企业名称",
            "申请单位",
            "单位名称",
            "获证单位",
            "获证组织",
            "组织名称",
        ),
    ),
    Label(
        "maturity_score",
        (
            "成熟度得分",
            "能力成熟度得分",
            "综合得分",
            "评估得分",
            "评估总分",
            "总得分",
            "总分",
            "最终得分",
            "评估分数",
        ),
        FIGURED,
        Side.EITHER,
    ),
    Label(
        "maturity_level",
        ("能力成熟度等级", "成熟度等级", "评估等级", "评定等级", "获证等级", "达到等级", "等级"),
        _LEVEL,
        Side.EITHER,
    ),
    Label(
        "assessment_date",
        (
            "评估日期",
            "评估时间",
            "现场评估日期",
            "发证日期",
            "颁证日期",
            "报告日期",
            "签发日期",
            "评定日期",
        ),
        DATED,
        Side.EITHER,
    ),
    Label("assessor", ("评估机构", "评估单位", "发证机构", "测评机构", "评估机构名称", "评定机构")),
)
STOPS = (
    Label(
        "",
        (
            "有效期",
            "证书编号",
            "报告编号",
            "统一社会信用代码",
            "评估师",
            "评估组长",
            "地址",
            "所属行业",
            "评估依据",
            "评估范围",
        ),
    ),
)
SIGNS = Signs(
    titles=(
        r".{0,30}智能制造(?:能力)?成熟度.{0,24}",
        r".{0,20}成熟度(?:等级)?(?:评估|自诊断|自评估|诊断|评价)?(?:报告|证书|结果|证明|结论).{0,6}",
    ),
    words=(
        (0.15, r"智能制造能力成熟度|成熟度等级|GB/T3911[67]"),
        (0.08, r"评估机构|评估单位|发证机构"),
        (0.08, r"得分|分数|总分"),
        (0.06, r"规划级|规范级|集成级|优化级|引领级|[一二三]级"),
        (0.05, r"证书编号|有效期"),
    ),
    against=(
        (0.5, r"申报表|申报书|产业集群|项目总投资"),
        (0.3, r"甲方|乙方"),
        (0.3, r"购买方|价税合计"),
    ),
    not_titles=(r".*(?:合同|协议|方案|通知|要求|不低于|达到.*以上).*",),
    later=(
        (0.2, r"成熟度"),
        (0.15, r"能力(?:域|子域|要素)"),
        (0.15, r"改进建议|评估发现|弱项|强项"),
        (0.1, r"得分"),
        (0.1, r"设备管理|生产作业|工艺设计|物流配送"),
    ),
)


def level_of(raw: str) -> str | None:
    """Return 一级 to 五级 for a level however it is written, ``None`` for none."""
    for name, level in _NAMES.items():
        if name in raw:
            return level
    found = re.search(r"(?:第|Level|CMMM)?([一二三四五1-5])(?:级|$)", raw.replace(" ", ""))
    if found is None:
        return None
    return _FIGURES.get(found.group(1), f"{found.group(1)}级")


def _parse(field: str, raw: str) -> Value | None:
    if field == "maturity_score":
        return decimal_value(raw)
    if field == "maturity_level":
        return level_of(raw)
    if field in {"company_name", "assessor"}:
        name = re.sub(r"[(（](?:盖章|公章|签章)[^)）]*[)）]", "", clean_text(raw) or "").strip()
        return name if looks_like_company(name) or name.endswith(("院", "中心", "所")) else None
    return parse_value(field, raw)


def _more(seen: Glance, _: int) -> Candidates:
    last = bottom_date(seen)
    return {
        "maturity_score": stated(
            seen,
            r"(?:得分|分数|总分|评分)(?:为|是|[:：])?(?P<v>\d{1,3}(?:\.\d{1,3})?)分?",
            decimal_value,
            2,
        ),
        "maturity_level": stated(
            seen,
            rf"(?:成熟度|评定|评估|达到|等级|符合|为)[^。]{{0,16}}?(?P<v>{_LEVEL})",
            level_of,
            2,
        ),
        "assessment_date": stated(seen, re.escape(last), date_value, 1) if last else [],
        "company_name": stated(
            seen,
            r"(?:兹证明|经评估|授予)[,，:：]?(?P<v>[\u4e00-\u9fff()（）]{4,40}?公司)",
            clean_text,
            2,
        ),
    }


def _bind(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    """A score that does not lie in its level's range makes both doubtful (F13 judges them)."""
    score, level = readings.get("maturity_score"), readings.get("maturity_level")
    if score is None or level is None or score.amount is None or level.text not in _LEVELS:
        return readings
    if score.amount > len(_LEVELS):
        return readings
    reached = sum(1 for floor in FLOORS if score.amount >= floor)
    if reached == _LEVELS.index(level.text) + 1:
        return readings
    reason = say("maturity.score_level", score=score.raw, level=level.raw)
    return {
        **readings,
        "maturity_score": doubt(score, reason),
        "maturity_level": doubt(level, reason),
    }


def _judge(seen: Glance, _: object) -> Verdict:
    own = re.search(r"自诊断|自评估|自我评估|自评价", seen.text)
    if own:
        return Verdict("self")
    return Verdict("certificate" if "证书" in seen.text else "report")


PAPER = Paper(
    kind=DocumentKind.MATURITY_ASSESSMENT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("maturity_score", "maturity_level", "assessment_date", "company_name"),
    parse=_parse,
    more=_more,
    bind=_bind,
    judge=_judge,
    floors={"maturity_score": 0.98, "maturity_level": 0.9},
)
KIND = spec_of(PAPER)

"""Project filing, approval or resolution: code, name, company, planned total and period."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.labels import Label, Side
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import bottom_date, stated
from audit.extract.signs import Signs
from audit.extract.values import DATED, FIGURED, clean_text, date_value, parse_value
from audit.model import DocumentKind, Value
from audit.text.names import looks_like_company

FIELDS = (
    "project_code",
    "project_name",
    "company_name",
    "planned_total",
    "planned_period",
    "filing_date",
)
#: 项目代码: year-month, region, nature, trade, serial.
CODE = r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}"
LABELS = (
    Label("project_code", ("项目代码", "项目统一代码", "备案号", "项目编码", "备案编号"), CODE),
    Label("project_name", ("项目名称", "备案项目名称")),
    Label(
        "company_name",
        (
            "项目单位名称",
            "项目法人单位",
            "项目单位",
            "建设单位",
            "企业名称",
            "申报单位",
            "备案单位",
            "单位名称",
            "项目法人",
            "项目申报单位",
        ),
    ),
    Label(
        "planned_total",
        (
            "项目总投资(万元)",
            "总投资(万元)",
            "计划总投资(万元)",
            "总投资额(万元)",
            "项目总投资",
            "计划总投资",
            "总投资额",
            "总投资",
        ),
        FIGURED,
    ),
    Label(
        "planned_period",
        (
            "建设起止年限",
            "建设起止时间",
            "项目建设期",
            "建设工期",
            "建设期限",
            "建设周期",
            "计划工期",
            "实施周期",
            "建设期",
            "工期",
            "计划起止时间",
        ),
        FIGURED,
    ),
    Label("filing_date", ("备案日期", "备案时间", "核准日期", "批复日期"), DATED, Side.EITHER),
)
STOPS = (
    Label(
        "",
        (
            "项目类型",
            "建设性质",
            "建设地点",
            "建设规模及内容",
            "建设规模",
            "建设内容",
            "所属行业",
            "国标行业",
            "资金来源",
            "固定资产投资",
            "统一社会信用代码",
            "法定代表人",
            "联系人",
            "联系电话",
            "备案机关",
            "产业政策",
            "拟开工时间",
            "拟建成时间",
            "计划开工时间",
            "计划竣工时间",
            "经济类型",
        ),
    ),
)
SIGNS = Signs(
    titles=(
        r".{0,24}(?:项目)?备案(?:证|证明|确认书|通知书?|回执|登记表|登记信息单|信息表|信息登记表|表)(?:[(].{1,12}[)])?",
        r".{0,10}企业投资项目.{0,10}",
        r".{0,40}(?:立项|核准)(?:的)?(?:批复|决议|通知|决定|批准书|报告书?|申请书?|申请表|审批表|建议书|说明)",
        r"(?:关于)?.{0,30}项目(?:立项|核准|投资)(?:的)?(?:决议|通知|决定|批复|备案)",
        r".{0,12}(?:股东会?|董事会|总经理办公会)决议",
    ),
    words=(
        (0.2, r"项目代码"),
        (0.1, r"备案机关|备案号|备案证"),
        (0.06, r"总投资"),
        (0.06, r"建设地点|建设性质"),
        (0.06, r"建设规模|建设内容"),
        (0.06, r"立项|项目单位"),
    ),
    against=(
        (0.5, r"等级保护|备案等级|信息系统安全"),
        (0.3, r"验收结论|验收意见"),
        (0.3, r"申报书|申报表"),
        (0.3, r"会计师事务所"),
    ),
    not_titles=(r".*等级保护.*", r".*ICP.*", r"^(?:附|见|根据)[件^].*", r".*[:：].*"),
    later=((0.3, CODE), (0.2, r"备案机关|备案信息"), (0.1, r"建设内容"), (0.1, r"总投资")),
)


def _parse(field: str, raw: str) -> Value | None:
    if field == "project_code":
        found = re.search(CODE, raw.replace("—", "-").replace("－", "-").replace(" ", ""))
        return found.group() if found is not None else None
    if field == "company_name":
        name = clean_text(raw) or ""
        return name if looks_like_company(name) else None
    return parse_value(field, raw)


def _more(seen: Glance, _: int) -> Candidates:
    last = bottom_date(seen)
    dated = stated(seen, re.escape(last), date_value, 1) if last else []
    return {
        "project_code": stated(seen, rf"(?P<v>{CODE})", lambda raw: raw, 1),
        "filing_date": dated,
    }


def _judge(seen: Glance, _: object) -> Verdict:
    text = "".join(heading.text for heading in seen.headings[:6])
    if "决议" in text:
        return Verdict("resolution")
    if re.search(r"批复|核准|批准", text):
        return Verdict("approval")
    return Verdict("filing" if "备案" in text else "initiation")


PAPER = Paper(
    kind=DocumentKind.PROJECT_FILING,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("project_code", "planned_total", "filing_date", "company_name"),
    parse=_parse,
    more=_more,
    judge=_judge,
)
KIND = spec_of(PAPER)

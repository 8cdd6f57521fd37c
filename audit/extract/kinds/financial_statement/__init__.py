"""Balance sheet, income and cash flow statements: who, when, and the figures the form repeats."""

from __future__ import annotations

import re
from decimal import Decimal

from audit.extract.glance import Glance
from audit.extract.labels import Label, as_candidate, fold
from audit.extract.layout import rows
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import stated
from audit.extract.signs import Signs
from audit.extract.values import DATED, clean_text, date_value, money_text, money_value, parse_value
from audit.model import Candidate, DocumentKind, TextLine, Value
from audit.text.names import looks_like_company

FIELDS = (
    "company_name",
    "report_date",
    "period",
    "total_assets",
    "total_liabilities",
    "revenue",
    "total_profit",
    "net_profit",
)
_STATEMENTS = (
    ("资产负债表", r"(?m)^.{0,24}资产负债表(?:[(].{1,6}[)])?"),
    ("利润表", r"(?m)^.{0,24}(?:利润表|损益表)(?:[(].{1,6}[)])?"),
    ("现金流量表", r"(?m)^.{0,24}现金流量表(?:[(].{1,6}[)])?"),
    ("所有者权益变动表", r"(?:所有者|股东)权益变动表"),
    (
        "附注",
        r"(?m)^.{0,30}(?:财务报表|会计报表|报表)附注(?:[(].{1,10}[)])?$|会计政策.{0,6}会计估计",
    ),
)
#: Field to the words that head its row; the first figure after them is the current one.
_FIGURES: tuple[tuple[str, str], ...] = (
    ("total_assets", r"资产总计|资产合计|资产总额"),
    ("total_liabilities", r"负债合计|负债总计|负债总额"),
    ("revenue", r"(?:一、)?营业(?:总)?收入|主营业务收入"),
    ("total_profit", r"(?:[三四]、)?利润总额"),
    ("net_profit", r"(?:[四五]、)?净利润"),
)
_WHOLE_LABEL = re.compile(
    r"^(?:[一二三四五六]、)?(?:减[:：])?(?P<v>[\u4e00-\u9fff]+)(?:[(（].{0,40}[)）])?(?:\d{0,2})$"
)
LABELS = (
    Label("company_name", ("编制单位", "单位名称", "公司名称", "企业名称")),
    Label("report_date", ("编制日期", "报表日期"), DATED),
)
STOPS = (
    Label("", ("单位:元", "单位:人民币元", "金额单位", "单位", "会企01表", "会企02表", "会企03表")),
)
SIGNS = Signs(
    titles=(
        r".{0,30}(?:资产负债表|利润表|损益表|现金流量表|(?:所有者|股东)权益变动表)(?:[(].{1,10}[)])?(?:续表?)?",
        r".{0,30}(?:财务报表|会计报表)(?:[(].{1,10}[)])?",
    ),
    words=(
        (0.12, r"期末余额|年末余额|期末数|期末金额|本期金额|本期数|本年金额|本年累计"),
        (0.08, r"期初余额|年初余额|年初数|上期金额|上年同期|上年金额|上期数"),
        (0.1, r"资产总计|营业收入|经营活动产生的现金流量"),
        (0.08, r"编制单位"),
        (0.08, r"会[企计小].{0,4}0[1-4]表"),
        (0.05, r"流动资产|营业成本|净利润|负债合计"),
        (0.03, r"单位[:：]?(?:人民币)?元"),
        (0.04, r"行次"),
    ),
    against=(
        (0.45, r"我们审计了|审计意见|形成审计意见的基础|对财务报表发表"),
        (0.3, r"申报表|申报书"),
    ),
    not_titles=(
        r".*(?:附注|审计报告|分析|说明|目录).*",
        r".*[,，。:：].*",
    ),
    later_titles=(r".{0,30}(?:财务报表|会计报表|报表)附注(?:[(].{1,10}[)])?",),
    later=(
        (0.2, r"资产总计|负债和所有者权益|负债及所有者权益"),
        (0.2, r"现金及现金等价物净增加额|投资活动产生的现金流量|筹资活动产生的现金流量"),
        (0.15, r"期末余额|本期金额|年末余额|期初余额|年初余额|期末数|期初数|上年年末"),
        (0.1, r"会计机构负责人|主管会计工作负责人|制表人"),
        (0.1, r"流动负债合计|非流动资产合计"),
        (0.2, r"会计政策|会计估计|会计差错"),
        (0.18, r"累计折旧|固定资产原值|账面原值|减值准备"),
        (0.15, r"坏账准备|账龄|应收账款|其他应收款|预付款项"),
        (0.1, r"账面(?:价值|余额)|摊销"),
        (0.1, r"本公司"),
        (0.12, r"企业会计准则"),
        (0.12, r"财务报表附注|附注[一二三四五六七八九十]"),
        (0.1, r"应交税费|应付职工薪酬|实收资本|未分配利润"),
    ),
)


def _parse(field: str, raw: str) -> Value | None:
    if field == "company_name":
        name = clean_text(raw) or ""
        return name if looks_like_company(name) else None
    return parse_value(field, raw)


def _more(seen: Glance, index: int) -> Candidates:
    wan = re.search(r"单位[:：]?(?:人民币)?万元", seen.text) is not None
    found: Candidates = {}
    for field, pattern in _FIGURES:
        figure = _figure(seen, pattern, index, ten_thousand=wan)
        if figure is not None:
            found[field] = [figure]
    found["period"] = stated(
        seen, r"^(?P<v>20\d{2}年(?:度|\d{1,2}[-—至]\d{1,2}月|\d{1,2}月))", clean_text, 1
    )
    found["report_date"] = stated(seen, r"^(?P<v>20\d{2}年\d{1,2}月\d{1,2}日)", date_value, 1)
    return found


def _figure(seen: Glance, pattern: str, index: int, *, ten_thousand: bool) -> Candidate | None:
    """Return the first amount right of a row's label, in 元; the line number is no amount."""
    compiled = re.compile(pattern)
    for row in rows(seen.sheet.lines):
        for place, line in enumerate(row):
            label = _WHOLE_LABEL.match(fold(line.text)[0])
            if label is None or compiled.fullmatch(label.group("v")) is None:
                continue
            for cell in row[place + 1 :]:
                if _is_amount(cell):
                    value = money_value(cell.text, ten_thousand=ten_thousand)
                    return as_candidate(cell, value, index)
                if re.search(r"[\u4e00-\u9fff]", cell.text):
                    break
    return None


def _is_amount(cell: TextLine) -> bool:
    text = fold(cell.text)[0]
    printed = money_text(text)
    if printed is None or not re.fullmatch(r"[-(（]?[¥￥]?[\d,，.]+[)）]?", text):
        return False
    return "." in text or "," in text or money_value(printed) == Decimal(0)


def _judge(seen: Glance, _: object) -> Verdict:
    marks = tuple(name for name, pattern in _STATEMENTS if re.search(pattern, seen.text))
    return Verdict("", marks)


_MONEY = dict.fromkeys(
    ("total_assets", "total_liabilities", "revenue", "total_profit", "net_profit"), 0.98
)
PAPER = Paper(
    kind=DocumentKind.FINANCIAL_STATEMENT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("total_assets", "revenue", "net_profit"),
    parse=_parse,
    more=_more,
    judge=_judge,
    floors=_MONEY,
)
KIND = spec_of(PAPER)

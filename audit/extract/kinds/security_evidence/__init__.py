"""Evidence of spending on information security: 等保 assessments and filings, product papers."""

from __future__ import annotations

import re

from audit.extract.checks import bind_words
from audit.extract.glance import Glance
from audit.extract.labels import Label, Side
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import bottom_date, stated
from audit.extract.signs import Signs
from audit.extract.values import (
    DATED,
    FIGURED,
    clean_text,
    date_value,
    money_value,
    parse_value,
    words_text,
)
from audit.model import MISSING, DocumentKind, Reading, Value
from audit.text.names import looks_like_company

FIELDS = (
    "contract_number",
    "party_a",
    "party_b",
    "contract_total",
    "total_in_words",
    "contract_date",
    "system_name",
    "protection_level",
)
_PARTIES = frozenset({"party_a", "party_b"})
_LEVELS = {"一": "一级", "二": "二级", "三": "三级", "四": "四级"}
LABELS = (
    Label(
        "contract_number",
        ("报告编号", "证明编号", "备案证明编号", "备案编号", "证书编号", "合同编号", "编号"),
        r"^(?P<v>[0-9A-Za-z][0-9A-Za-z()\[\]\u3014\u3015/-]{3,40})",
    ),
    Label(
        "party_a",
        (
            "被测评单位",
            "被测单位",
            "委托单位",
            "备案单位",
            "系统运营单位",
            "运营使用单位",
            "使用单位",
            "用户单位",
            "甲方",
        ),
    ),
    Label(
        "party_b",
        ("测评单位", "测评机构", "检测机构", "检测单位", "评估机构", "服务单位", "供应商", "乙方"),
    ),
    Label("contract_total", ("合同金额", "总金额", "投入金额", "金额合计"), FIGURED),
    Label(
        "contract_date",
        ("报告日期", "报告时间", "测评日期", "备案日期", "签发日期", "发证日期", "出具日期"),
        DATED,
        Side.EITHER,
    ),
    Label(
        "system_name", ("被测系统名称", "系统名称", "信息系统名称", "定级对象名称", "等级测评对象")
    ),
    Label(
        "protection_level",
        ("安全保护等级", "系统安全保护等级", "备案等级", "定级等级", "保护等级"),
        r"第?[一二三四]级",
    ),
)
STOPS = (Label("", ("单位地址", "地址", "联系人", "联系电话", "测评结论", "综合得分", "邮政编码")),)
_SUM = r"(?:合计|总计|共计|总投入|投入金额|合同金额)"
_WORDS = r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆][零壹贰叁肆伍陆柒捌玖角分整正]{0,8}"
_SECURITY = r"(?:网络|信息|数据|系统|工控|工业)?安全"
SIGNS = Signs(
    title=0.92,
    titles=(
        r".{0,40}(?:等级保护|等保|等级).{0,8}测评.{0,14}",
        r".{0,20}等级保护备案(?:证明|表|回执).{0,8}",
        r".{0,30}(?:渗透测试|漏洞扫描|风险评估|安全检测|安全测试|安全评估|商用密码应用安全性评估|代码审计).{0,4}(?:报告|证书)",
        rf".{{0,30}}{_SECURITY}.{{0,8}}(?:防护|投入|建设|产品|设备|措施|服务).{{0,8}}(?:证明|说明|情况|证书|许可证|清单|报告|明细)(?:材料)?",
        r".{0,24}(?:防火墙|入侵检测|堡垒机|杀毒软件|防病毒|日志审计|态势感知).{0,14}(?:证书|证明|报告|授权书|许可证?|配置|验收单)",
        r".{0,12}信息安全.{0,14}认证证书",
        r".{0,12}计算机信息系统安全专用产品销售许可证",
    ),
    words=(
        (0.12, r"等级保护|等保"),
        (0.08, r"测评机构|测评单位|公安局|网安"),
        (0.06, r"防火墙|入侵|杀毒|防病毒|堡垒机"),
        (0.06, r"信息安全|网络安全"),
        (0.06, r"第[二三]级"),
    ),
    against=((0.3, r"申报书|申报表"), (0.3, r"购买方|价税合计"), (0.4, r"请勿重复记账")),
    not_titles=(
        r".*(?:合同|协议|协议书)$",
        r".*(?:发票|验收报告|设备清单.*)$",
    ),
    later_titles=(r"(?:测评|检测)(?:结论|结果|对象|方法|过程).{0,10}", r"(?:等级)?测评结论.{0,6}"),
    later=(
        (0.2, r"等级测评|测评指标|测评对象"),
        (0.15, r"安全物理环境|安全通信网络|安全区域边界|安全计算环境|安全管理中心"),
        (0.15, r"高风险|中风险|低风险|漏洞"),
        (0.1, r"GB/T2[28]\d{3}"),
        (0.15, r"访问控制|身份鉴别|安全审计"),
    ),
)


def _parse(field: str, raw: str) -> Value | None:
    if field in _PARTIES:
        name = re.sub(r"[(（](?:盖章|公章|签章)[^)）]*[)）]", "", clean_text(raw) or "").strip()
        return name if looks_like_company(name) or re.search(r"局|中心|院|部$", name) else None
    if field == "contract_total":
        return money_value(raw)
    if field == "protection_level":
        found = re.search(r"[一二三四](?=级)", raw)
        return _LEVELS[found.group()] if found is not None else None
    return parse_value(field, raw)


def _more(seen: Glance, _: int) -> Candidates:
    last = bottom_date(seen)
    total = stated(seen, rf"{_SUM}[^0-9¥。]{{0,12}}(?P<v>¥?\d[\d,]*\.?\d*(?:万?元)?)", _money, 2)
    return {
        "contract_total": total,
        "total_in_words": stated(seen, rf"{_SUM}[^。]{{0,40}}?(?P<v>{_WORDS})", words_text, 2),
        "party_a": stated(
            seen,
            r"^(?P<v>[\u4e00-\u9fff()（）]{4,40}?公司)(?:在|为|于|根据|[(（]盖章)",
            _company,
            1,
        ),
        "contract_date": stated(seen, re.escape(last), date_value, 1) if last else [],
        "protection_level": stated(
            seen, r"(?:等级|定为|确定为|保护等级)[^。]{0,10}第(?P<v>[一二三四]级)", _level, 2
        ),
    }


def _money(raw: str) -> Value | None:
    return money_value(raw)


def _company(raw: str) -> Value | None:
    return _parse("party_a", raw)


def _bind(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    total, words = bind_words(
        readings.get("contract_total", MISSING), readings.get("total_in_words", MISSING)
    )
    return {**readings, "contract_total": total, "total_in_words": words}


def _level(raw: str) -> Value | None:
    return _parse("protection_level", raw)


def _judge(seen: Glance, _: object) -> Verdict:
    if re.search(r"备案证明|备案表", seen.text) and "测评报告" not in seen.text:
        return Verdict("filing")
    if re.search(r"等级.{0,6}测评", seen.text):
        return Verdict("assessment")
    if re.search(r"渗透|漏洞|风险评估|检测报告|密码应用", seen.text):
        return Verdict("test")
    if re.search(r"认证证书", seen.text):
        return Verdict("certificate")
    product = re.search(r"防火墙|杀毒|堡垒机|许可证|防病毒", seen.text)
    return Verdict("product" if product else "declaration")


PAPER = Paper(
    kind=DocumentKind.SECURITY_EVIDENCE,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    colons=_PARTIES,
    precious=("contract_total", "contract_date", "contract_number", "party_a"),
    parse=_parse,
    more=_more,
    bind=_bind,
    judge=_judge,
    floors={"contract_total": 0.98},
)
KIND = spec_of(PAPER)

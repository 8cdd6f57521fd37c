"""Words of contracts."""

from __future__ import annotations

import re

from audit.extract.labels import Label, fold
from audit.extract.signs import Signs
from audit.extract.values import DATED, clean_text
from audit.text.names import looks_like_company

_BUYERS = (
    "需方",
    "买方",
    "采购方",
    "委托方",
    "发包方",
    "购买方",
    "买受人",
    "定作方",
    "用户",
    "购方",
    "发包人",
)
_SELLERS = (
    "供方",
    "卖方",
    "销售方",
    "受托方",
    "承包方",
    "出卖人",
    "承揽方",
    "服务方",
    "供应商",
    "售方",
    "承包人",
    "开发方",
    "供货方",
)

_OTHERS = ("出租方", "承租方", "出租人", "承租人", "建设单位", "承建单位", "使用方", "合作方")


def _party(letter: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    every = (*_BUYERS, *_SELLERS, *_OTHERS)
    combined = [f"{letter}({role})" for role in (*every, "盖章", "公章", "名称", "全称")]
    turned = [f"{role}({letter})" for role in every]
    return (*combined, *turned, f"{letter}单位", f"{letter}名称", letter, *roles)


LABELS = (
    Label(
        "contract_number",
        (
            "合同编号",
            "合同号",
            "协议编号",
            "合同协议编号",
            "订单编号",
            "订单号",
            "合同文号",
            "编号",
        ),
        r"^(?P<v>[^\u4e00-\u9fff:：]*[0-9A-Za-z][^:：]{2,40})",
    ),
    Label("party_a", _party("甲方", _BUYERS)),
    Label("party_b", _party("乙方", _SELLERS)),
    Label(
        "contract_date",
        ("签订日期", "签约日期", "签订时间", "合同签订日期", "签署日期", "订立日期", "日期"),
        DATED,
    ),
)
STOPS = (
    Label(
        "",
        (
            "签订地点",
            "签约地点",
            "法定代表人",
            "委托代理人",
            "统一社会信用代码",
            "纳税人识别号",
            "开户银行",
            "开户行",
            "账号",
            "地址",
            "住所",
            "电话",
            "联系人",
            "联系电话",
            "传真",
            "邮编",
            "邮政编码",
            "项目名称",
            "项目编号",
            "签字",
            "盖章",
        ),
    ),
)
_SUM = r"(?:合同|协议|订单|本项目|项目)?(?:总价款|总价|总金额|总额|价款|总费用|合同金额|合同价|费用总计|价税合计|含税总价|含税金额)"
#: A total in a sentence, its figure after ¥ or before 元; words may stand between.
TOTAL = (
    _SUM + r"[^0-9¥￥。;；]{0,60}?(?P<v>[¥￥]?\d[\d,，]*(?:\.\d{1,6})?(?:万?元)?)(?=[^\d%％年月]|$)"
)
WORDS = (
    _SUM
    + r"[^。;；]{0,50}?(?P<v>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆][零壹贰叁肆伍陆柒捌玖角分整正]{0,8})"
)

SIGNS = Signs(
    titles=(
        r".{0,30}(?:合同|协议)(?:书)?(?:[(].{1,16}[)])?",
        r".{0,20}(?:采购订单|订购单|采购单|订货单|购销单)",
    ),
    words=(
        (0.06, r"甲方"),
        (0.06, r"乙方"),
        (0.06, r"需方|买方|采购方|委托方|发包"),
        (0.06, r"供方|卖方|出卖人|受托方|承包"),
        (0.1, r"(?:合同|协议|订单)编?号"),
        (0.06, r"签订|签署"),
        (0.05, r"违约"),
        (0.05, r"第[一二三四五六七八九十]{1,2}条"),
        (0.05, r"付款方式|交货|质保期|质量保证|验收"),
    ),
    against=(
        (0.3, r"借方发生额|贷方发生额|请勿重复记账"),
        (0.2, r"购买方信息|销售方信息|机器编号"),
        (0.3, r"被背书人|票据状态|子票区间"),
    ),
    not_titles=(
        r".*(?:台账|清单|一览表|明细表?|汇总表?|目录|验收.*|执行情况|复印件|承诺书)$",
        r"^(?:根据|按照|详见|见|附|该|本|此|上述|以上|依据|摘要|用途|备注|附言|执行|签订|第).*",
        r".*(?:用途|摘要|附言|备注|编号|名称|号码)[:：]?.*",
    ),
    later_titles=(
        r"(?:合同)?附件[一二三四五六七八九十\d]{0,2}[:：]?.{0,24}",
        r".{0,16}(?:技术协议|技术规格书?|技术要求|报价单|报价表|供货清单|供货范围|工作说明书|服务内容)",
    ),
    later=(
        (0.2, r"第[一二三四五六七八九十百]{1,4}条|第\d{1,2}条"),
        (0.14, r"违约金|违约责任|违约方"),
        (0.12, r"甲方"),
        (0.12, r"乙方"),
        (0.12, r"争议|仲裁|诉讼"),
        (0.14, r"本合同|本协议"),
        (0.1, r"不可抗力|保密义务|知识产权"),
        (0.1, r"交货期|质保期|付款方式|验收合格后"),
        (0.12, r"需方|买方|采购方"),
        (0.12, r"供方|卖方|出卖人"),
        (0.2, r"(?:甲方|需方|买方)(?:[(]?(?:盖章|签章|公章)[)]?)"),
        (0.14, r"(?:乙方|供方|卖方)(?:[(]?(?:盖章|签章|公章)[)]?)"),
        (0.1, r"一式.{1,3}份"),
    ),
)
_EDGES = re.compile(
    r"^(?:[(（](?:以下)?(?:简称|盖章|公章|签章|全称)[^)）]{0,10}[)）])+|[(（](?:以下)?简?称?.{0,10}[)）]$"
)


def party_value(raw: str) -> str | None:
    """Return a party's name: a company, brackets such as (盖章) and (以下简称甲方) taken off."""
    text = clean_text(raw)
    if text is None:
        return None
    text = _EDGES.sub("", text).strip(":：")
    text = re.sub(r"[(（](?:以下简称|下称|盖章|公章)[^)）]*[)）].*$", "", text).strip(":：_ ")
    known = looks_like_company(text) and not re.search(r"[,，。;；]", fold(text)[0])
    return text if known else None

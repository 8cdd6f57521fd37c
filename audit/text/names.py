"""Names of companies: one form for comparing, and their parts.

A name is place + 字号 + trade + legal form (重庆 · 示例 · 机械制造 · 有限公司). Only the 字号 and
the place set companies apart: a thousand share the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from audit.text.normal import compact
from audit.text.places import CITIES, COUNTIES, PROVINCES

#: Legal forms, longest first; those of one tuple mean the same in a name.
_FORMS = (
    ("股份有限公司", ("股份有限公司",)),
    ("有限公司", ("有限责任公司", "有限公司", "有限责任")),
    ("公司", ("总公司", "集团公司", "公司")),
    ("合伙企业", ("(有限合伙)", "(普通合伙)", "(特殊普通合伙)", "有限合伙", "合伙企业")),
    ("合作社", ("农民专业合作社", "专业合作社", "合作社")),
    ("事务所", ("会计师事务所", "律师事务所", "税务师事务所", "事务所")),
    ("厂", ("总厂", "分厂", "厂")),
    ("中心", ("研究中心", "服务中心", "中心")),
    ("院", ("研究院", "设计院", "科学院", "研究所", "医院", "学院", "大学", "院")),
    (
        "经营部",
        ("经营部", "门市部", "服务部", "销售部", "工作室", "商行", "商店", "超市", "店", "行"),
    ),
    ("集团", ("集团",)),
)
_ALL_FORMS = sorted(
    ((form, key) for key, forms in _FORMS for form in forms), key=lambda f: -len(f[0])
)
_BRANCH = re.compile(
    r"(?P<head>.+(?:公司|厂|银行|集团))(?P<branch>[^()]{0,10}(?:分公司|分厂|分店|分行|支行|办事处|项目部))"
)
_TRADES = sorted(
    (
        *("科技", "技术", "机械", "设备", "制造", "工程", "软件", "信息", "网络", "电子", "智能"),
        *("自动化", "工业", "实业", "贸易", "商贸", "服务", "咨询", "集团", "控股", "投资", "发展"),
        *("系统", "集成", "数据", "云计算", "通信", "通讯", "电气", "电器", "电力", "能源", "环保"),
        *(
            "材料",
            "新材料",
            "化工",
            "医药",
            "食品",
            "汽车",
            "零部件",
            "配件",
            "模具",
            "机电",
            "仪器",
        ),
        *("仪表", "仪器仪表", "测控", "控制", "装备", "智造", "智能装备", "机器人", "建筑", "安装"),
        *(
            "建设",
            "装饰",
            "物流",
            "运输",
            "管理",
            "企业管理",
            "文化",
            "传媒",
            "广告",
            "教育",
            "检测",
        ),
        *(
            "认证",
            "评估",
            "安全",
            "信息安全",
            "供应链",
            "进出口",
            "国际",
            "国际贸易",
            "商务",
            "电子商务",
        ),
        *("金属", "钢铁", "铝业", "铸造", "塑料", "橡胶", "纺织", "服饰", "印刷", "包装", "光电"),
        *("半导体", "微电子", "集成电路", "计算机", "互联网", "物联网", "大数据", "数字", "数码"),
        *("开发", "研究", "设计", "生产", "加工", "销售", "维修", "租赁", "餐饮", "酒店", "生物"),
        *("制品", "器材", "五金", "阀门", "电缆", "线缆", "照明", "家具", "农业", "矿业", "航空"),
        *("航天", "船舶", "铁路", "轨道交通", "通用", "精密", "重工", "动力", "传动", "液压"),
    ),
    key=lambda t: -len(t),
)
_GENERIC = re.compile(
    "|".join(sorted((*_TRADES, *PROVINCES, *CITIES, "有限", "责任", "股份"), key=lambda t: -len(t)))
)
#: What may be left of a trade whose beginning is lost.
_TRADE_ENDS = sorted({t[i:] for t in _TRADES for i in range(1, len(t) - 1)}, key=lambda t: -len(t))
_CJK = re.compile(r"[\u4e00-\u9fff]")
_PUNCTUATION = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff\u3400-\u4dbf]")
_SHORTEST_CORE = 2
_HOLDERS = re.compile(
    r"(?:公司|厂|中心|研究院|研究所|设计院|科学院|医院|学院|大学|学校|中学|小学|银行|分行|支行|信用社"
    r"|合作社|事务所|商行|经营部|门市部|服务部|销售部|项目部|办事处|工作室|超市|商店|分店|旗舰店|酒店|饭店|宾馆|餐厅"
    r"|委员会|管委会|协会|学会|联合会|基金会|商会|税务局|管理局|财政局|人民政府|服务站|加油站|维修站"
    r"|车队|集团|联合体|合伙企业|有限合伙\)|普通合伙\)|个体工商户\))$"
)
_LATIN_FORM = re.compile(
    r"(?:co\.?,?\s*ltd|ltd|inc|llc|gmbh|corp|limited|s\.?a|ag|b\.?v)\.?$", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"[:;；。?!？！]|\d{7,}|^(?:名称|开户|地址|电话|备注|收款|付款|购买方|销售方)"
)
_LONGEST_NAME, _SHORTEST_NAME = 50, 4
#: Ceilings of similarity: another place or a branch; one 字号 with another trade.
_APART, _OTHER_TRADE = 0.69, 0.8
_RELATED = 0.5


@dataclass(frozen=True, slots=True)
class CompanyParts:
    """A name taken apart, each part without blanks and brackets; any may be empty.

    ``form`` is the key of the legal form: 有限公司 and 有限责任公司 are one.
    """

    place: str
    core: str
    trade: str
    form: str
    branch: str = ""


def normalise_company(name: str) -> str:
    """Return a name for comparing: half-width, no blanks, brackets or points, Latin upper case."""
    return _PUNCTUATION.sub("", compact(name)).upper()


@lru_cache(maxsize=4096)
def company_parts(name: str) -> CompanyParts:
    """Return the parts of a company's name; of a text that is none, everything is its core."""
    text = compact(name).upper()
    branch = ""
    found = _BRANCH.fullmatch(text)
    if found is not None:
        branch, text = found["branch"], found["head"]
    text, form = _without_form(text)
    place, rest = _without_place(text)
    bare = _PUNCTUATION.sub("", rest)
    core, trade = _without_trade(bare)
    return CompanyParts(place, core, trade, form, _PUNCTUATION.sub("", branch))


def _without_form(text: str) -> tuple[str, str]:
    for form, key in _ALL_FORMS:
        if text.endswith(form) and len(text) - len(form) >= _SHORTEST_CORE:
            return text[: -len(form)], key
    return text, ""


def _without_place(text: str) -> tuple[str, str]:
    """Return the place that a name begins with or holds in brackets, and the rest."""
    for bracket in re.finditer(r"\(([^()]{2,8})\)", text):
        inside = bracket.group(1)
        known = (inside, "") if inside == "中国" else _places_at_start(inside)
        if known is not None and not known[1]:
            return known[0], text[: bracket.start()] + text[bracket.end() :]
    found = _places_at_start(text)
    if found is not None and len(_PUNCTUATION.sub("", found[1])) >= _SHORTEST_CORE:
        return found
    bare = _PUNCTUATION.sub("", text)
    for place in (*CITIES, *PROVINCES):
        if bare.endswith(place) and len(bare) - len(place) >= _SHORTEST_CORE:
            return place, bare[: -len(place)]
    return "", text


def _places_at_start(text: str) -> tuple[str, str] | None:
    """Return the narrowest place that the text begins with (省, 市, 区 named in turn)."""
    place, rest = "", text
    for names, signs in (
        (PROVINCES, "省|市|自治区"),
        (CITIES, "市|地区|州"),
        (COUNTIES, "区|县|市"),
    ):
        hit = next((n for n in names if rest.startswith(n)), None)
        if hit is None or (names is COUNTIES and not place):
            continue
        after = rest[len(hit) :]
        sign = re.match(signs, after)
        if sign is None and names is COUNTIES and len(after) < _SHORTEST_CORE:
            continue
        place, rest = hit, after[sign.end() :] if sign else after
    district = re.match(r"([\u4e00-\u9fff]{2,3})(?:区|县)(?=[\u4e00-\u9fff]{2})", rest)
    if district is not None and place:
        rest = rest[district.end() :]
    return (place, rest) if place else None


def _without_trade(text: str) -> tuple[str, str]:
    core, trade = text, ""
    while True:
        hit = next(
            (t for t in _TRADES if core.endswith(t) and len(core) - len(t) >= _SHORTEST_CORE), None
        )
        if hit is None:
            return core, trade
        core, trade = core[: -len(hit)], hit + trade


def own_letters(name: str) -> str:
    """Return what is left of a name without form, places and trades: its 字号, as far as it is there.

    Of the end of a name, cut off after its 字号, nothing or a single letter is left.
    """
    parts = company_parts(name)
    cut = "" if parts.place else next((e for e in _TRADE_ENDS if parts.core.startswith(e)), "")
    return _GENERIC.sub("", parts.core.removeprefix(cut))


def same_company(one: str, other: str) -> bool:
    """Tell whether two names are one company's: equal but for width, blanks, brackets, form's length.

    有限公司 and 有限责任公司 are one form. A branch is not its company.
    """
    left, right = normalise_company(one), normalise_company(other)
    if not left or not right:
        return False
    return left == right or _short_form(left) == _short_form(right)


def _short_form(name: str) -> str:
    return name.replace("股份有限责任公司", "股份有限公司").replace("有限责任公司", "有限公司")


def company_similarity(one: str, other: str) -> float:
    """Return how alike two names are (0-1), 1.0 for the same company.

    Half of it is the 字号, so that two companies of one place, trade and form stay apart;
    different places, or a branch beside its company, hold it below 0.7, another trade below 0.81.
    """
    if same_company(one, other):
        return 1.0
    left, right = normalise_company(one), normalise_company(other)
    if not left or not right:
        return 0.0
    mine, yours = company_parts(one), company_parts(other)
    whole = _alike(_short_form(left), _short_form(right))
    length = min(len(mine.core), len(yours.core))
    score = (whole + _alike(mine.core[:length], yours.core[:length])) / 2
    if (mine.place and yours.place and mine.place != yours.place) or mine.branch != yours.branch:
        return min(score, _APART)
    other_trade = _alike(mine.core[length:] + mine.trade, yours.core[length:] + yours.trade)
    return min(score, _OTHER_TRADE) if other_trade < _RELATED else score


def _alike(one: str, other: str) -> float:
    return float(Levenshtein.normalized_similarity(one, other))


def looks_like_company(text: str) -> bool:
    """Tell whether a text may be the name of a company, bank or office as papers print it."""
    plain = compact(text)
    if not _SHORTEST_NAME <= len(plain) <= _LONGEST_NAME or _NO_NAME.search(plain):
        return False
    if _HOLDERS.search(plain):
        return len(_CJK.findall(plain)) >= _SHORTEST_NAME
    return _LATIN_FORM.search(text.strip()) is not None and plain[0].isalpha()

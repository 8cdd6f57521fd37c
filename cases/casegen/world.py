"""Names, goods and places of the fictional world. No company, person or account here exists."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cases.casegen import codes
from cases.casegen.model import Company

CATEGORIES = {
    "E": "设备购置及安装费",
    "S": "软件购置费",
    "N": "网络建设费或服务费",
    "I": "系统集成费",
    "C": "云服务费",
    "T": "技术服务费",
    "X": "设备购置及安装费",
}


@dataclass(frozen=True)
class Goods:
    category: str
    short: str
    name: str
    spec: str
    unit: str
    rate: str
    code: str
    purpose: str
    price: int  # 元 without tax, about


_RAW = """
E|数控机床|立式加工中心|VMC-1160|台|0.13|1090201990000000000|壳体精加工工序|418000
E|工业机器人|六轴搬运机器人|ER20-1780|台|0.13|1090247020000000000|上下料自动化|126000
E|工业自动控制系统装置|产线数据采集网关|DG-8000|台|0.13|1090601020000000000|设备联网数据采集|21800
E|电子计算机|工业控制计算机|IPC-610L|台|0.13|1090511010000000000|工位终端|9600
E|输送机械|辊筒输送线|GT-600×24m|套|0.13|1090202990000000000|工序间物料输送|186000
E|仪器仪表|三坐标测量机|CMM-8106|台|0.13|1090601990000000000|成品尺寸在线检测|352000
E|电子计算机|机架式服务器|R5300-G4|台|0.13|1090511010000000000|平台数据中心|68000
E|物料搬运设备|AGV自动导引车|AGV-1000Q|台|0.13|1090202990000000000|车间物流配送|158000
E|检测设备|机器视觉检测系统|VS-2000|套|0.13|1090601990000000000|外观缺陷检测|228000
S|软件|制造执行系统软件MES|V5.0|套|0.13|1060301020000000000|生产过程管理|468000
S|软件|仓储管理系统软件WMS|V3.2|套|0.13|1060301020000000000|仓储物流管理|186000
S|软件|产品全生命周期管理软件PLM|V7.1|套|0.13|1060301020000000000|研发数据管理|265000
S|软件|高级计划排程软件APS|V2.6|套|0.13|1060301020000000000|生产计划排程|238000
S|软件|数据库管理系统软件|V8.0企业版|套|0.13|1060301010000000000|平台数据存储|96000
T|信息技术服务|软件开发服务||项|0.06|3040201010000000000|数据看板定制开发|278000
T|研发和技术服务|技术咨询服务||项|0.06|3040102010000000000|数字化诊断与方案设计|86000
I|信息技术服务|系统集成服务||项|0.06|3040203000000000000|各业务系统集成联调|246000
C|信息技术服务|云服务器租用服务|16核64G|年|0.06|3040203000000000000|工业互联网平台部署|72000
N|通信设备|工业以太网交换机|S5735-L24|台|0.13|1090501990000000000|车间网络建设|7800
E|信息安全产品|下一代防火墙|NF-2600|台|0.13|1090511990000000000|边界安全防护|58000
N|电信服务|互联网专线接入服务|200M|年|0.09|3030000000000000000|平台专线接入|48000
"""
GOODS = tuple(
    Goods(c, s, n, sp, u, r, k, p, int(v))
    for c, s, n, sp, u, r, k, p, v in (line.split("|") for line in _RAW.strip().splitlines())
)
FURNITURE = Goods("X", "家具", "办公屏风工位", "1400×1200", "套", "0.13", "1050201020000000000",
                  "办公环境改善", 1860)  # fmt: skip

REPORT_NUMBER = "朴衡审字\u30142024\u3015第0216号"

PLACES = {
    "500112": ("重庆", "重庆市渝北区", "重庆市税务局"),
    "500107": ("重庆", "重庆市九龙坡区", "重庆市税务局"),
    "500116": ("重庆", "重庆市江津区", "重庆市税务局"),
    "510107": ("成都", "四川省成都市武侯区", "四川省税务局"),
    "330110": ("杭州", "浙江省杭州市余杭区", "浙江省税务局"),
    "440106": ("广州", "广东省广州市天河区", "广东省税务局"),
    "320505": ("苏州", "江苏省苏州市虎丘区", "江苏省税务局"),
}
_AREA = {"重庆": "023", "成都": "028", "杭州": "0571", "广州": "020", "苏州": "0512"}
MARKS = ("青梧禾", "云栈岭", "石榆湾", "川陌", "北屿湾", "明砺", "禾渡", "砚桥", "松涧", "辰牧原",
          "岚溪谷", "朴石", "南樾", "江枫渡", "知远峰", "衡野", "澄川里", "柏舟行")  # fmt: skip
_TRADES = {
    "E": ("自动化设备有限公司", "智能装备有限公司", "精密仪器有限公司"),
    "S": ("软件有限公司", "数字科技股份有限公司", "信息技术有限公司"),
    "N": ("网络技术有限公司", "通信工程有限公司"),
}
_ROADS = (
    "金渝大道",
    "科园四路",
    "锦晖路",
    "文澜西路",
    "松涛路",
    "鹿山南路",
    "双凤桥街",
    "空港东路",
)
_SURNAMES = "陈李周吴郑冯蒋沈韩杨朱秦许何吕施张孔曹严"
_GIVEN = (
    "建国",
    "晓梅",
    "志远",
    "丽华",
    "文博",
    "海燕",
    "俊杰",
    "玉兰",
    "明轩",
    "雪梅",
    "国强",
    "思源",
)
BANKS = {
    "icbc": "中国工商银行",
    "boc": "中国银行",
    "abc": "中国农业银行",
    "ccb": "中国建设银行",
    "cmb": "招商银行",
    "bocom": "交通银行",
}


def person(rng: random.Random) -> str:
    """Return a made-up name."""
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN)


def company(rng: random.Random, region: str, mark: str, ending: str, bank: str = "") -> Company:
    """Return a made-up company with a valid tax id."""
    city, place, _ = PLACES[region]
    bank = bank or rng.choice(tuple(BANKS))
    branch = place.removeprefix("重庆市").split("市")[-1].removesuffix("区")
    return Company(
        name=f"{city}{mark}{ending}",
        tax_id=codes.taxpayer_id(rng, region),
        region=region,
        address=f"{place}{rng.choice(_ROADS)}{rng.randrange(6, 298)}号",
        phone=f"0{'23' if city == '重庆' else rng.choice(('28', '571', '755', '512'))}-6{digits7(rng)}",
        bank=f"{BANKS[bank]}{city}{branch}支行",
        account=codes.digits(rng, 19 if bank in {"icbc", "abc"} else 20 if bank == "ccb" else 15),
        person=person(rng),
        founded=date(rng.randrange(2008, 2019), rng.randrange(1, 13), rng.randrange(1, 29)),
    )


def digits7(rng: random.Random) -> str:
    """Return seven digits of a telephone number."""
    return "".join(rng.choice("0123456789") for _ in range(7))


def sellers(rng: random.Random, count: int) -> tuple[Company, ...]:
    """Return sellers of all trades, each with its trade letter."""
    marks = list(MARKS[4:])
    rng.shuffle(marks)
    regions = ["500112", "500107", "510107", "330110", "440106", "320505", "500116"]
    out = []
    for index in range(count):
        trade = "ESENS"[index % 5]
        mark = marks[index % len(marks)] + ("" if index < len(marks) else "创")
        one = company(rng, regions[index % len(regions)], mark, rng.choice(_TRADES[trade]))
        out.append(Company(**{**one.__dict__, "trade": trade}))
    return tuple(out)


def applicant(rng: random.Random, mark: str = "青梧禾") -> Company:
    """Return the applying manufacturer in Chongqing."""
    one = company(
        rng, "500112", mark, "机械制造有限公司", rng.choice(("icbc", "ccb", "boc", "abc", "cmb"))
    )
    scope = "一般项目：汽车零部件及配件制造；通用设备制造；机械零件、零部件加工；金属制品销售；货物进出口。"
    return Company(**{**one.__dict__, "scope": scope})


def money(value: Decimal) -> str:
    """Return an amount with thousands separated."""
    return f"{value:,.2f}"

"""Reports and certificates of a case: filing, assessment, audit, licence, bill, statement, photo."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cases.casegen import codes, world
from cases.casegen.model import Case, Payment
from cases.casegen.papers import c, h, p, page, sign, table, title
from cases.casegen.typeset import qr_svg


def filing(case: Case) -> list[dict[str, Any]]:
    """Return the project's record certificate."""
    start, end = case.period
    rows = [
        ["项目代码", case.filing_code],
        ["项目名称", case.project],
        ["项目单位", case.applicant.name],
        ["建设地址", case.applicant.address],
        ["建设性质", "技术改造"],
        ["建设内容及规模", "购置数控设备、机器人、检测设备及制造执行、仓储管理等软件系统，建设车间工业网络和数据平台，项目建成后形成数字化车间一个，年新增产出约3200万元，生产效率提升18%。"],
        ["计划总投资", f"{case.filing_total}万元"],
        ["建设工期", f"{start.year}年{start.month}月—{end.year}年{end.month}月"],
    ]  # fmt: skip
    return [page([title("重庆市企业投资项目备案证", 20), table([1, 3], rows, size=11, iy=4),
                  p("项目单位承诺：备案信息真实、合法、完整；项目建设符合产业政策和规划要求。"),
                  sign([], ["备案机关（盖章）", "重庆市渝北区经济和信息化委员会", "2022年02月18日"])])]  # fmt: skip


def maturity(case: Case) -> list[dict[str, Any]]:
    """Return the maturity assessment."""
    f = case.form
    rows = [
        ["能力要素", "人员", "技术", "资源", "制造", "综合得分"],
        ["得分", "2.28", "2.41", "2.30", "2.39", f.maturity_score],
    ]
    return [page([title("智能制造能力成熟度评估报告", 20), {"t": "gap", "mm": 4},
                  {"t": "kv", "rows": [["企业名称：", case.applicant.name], ["评估依据：", "重庆市智能制造能力成熟度评估体系"],
                                       ["评估机构：", "重庆衡野智造评估咨询有限公司"], ["评估日期：", f"{case.assessed:%Y年%m月%d日}"]]},
                  h("评估结果"), table([1.2, 1, 1, 1, 1, 1.2], rows, size=10.5, iy=3),
                  p(f"经现场评估，{case.applicant.name}智能制造能力成熟度评估分数为{f.maturity_score}分，评估等级为{f.maturity_level}（规范级）。"),
                  p("本报告结论基于评估期间企业提供的资料及现场取证，有效期三年。"),
                  sign([], ["评估机构（盖章）", "重庆衡野智造评估咨询有限公司", f"{case.assessed:%Y年%m月%d日}"])])]  # fmt: skip


def audit_report(case: Case) -> list[dict[str, Any]]:
    """Return the auditor's report (text page; statements are sheets of their own)."""
    firm = "重庆朴衡会计师事务所（普通合伙）"
    return [page([{"t": "l", "s": firm, "size": 9}, title("审 计 报 告", 22), {"t": "right", "s": world.REPORT_NUMBER},
                  {"t": "l", "s": f"{case.applicant.name}全体股东："},
                  h("一、审计意见"),
                  p(f"我们审计了{case.applicant.name}（以下简称贵公司）财务报表，包括2023年12月31日的资产负债表，2023年度的利润表、现金流量表以及相关财务报表附注。"),
                  p("我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司2023年12月31日的财务状况以及2023年度的经营成果和现金流量。"),
                  h("二、形成审计意见的基础"),
                  p("我们按照中国注册会计师审计准则的规定执行了审计工作。我们相信，我们获取的审计证据是充分、适当的，为发表审计意见提供了基础。"),
                  h("三、管理层和治理层对财务报表的责任"),
                  p("管理层负责按照企业会计准则的规定编制财务报表，使其实现公允反映，并设计、执行和维护必要的内部控制。"),
                  sign([firm, "（盖章）", "中国·重庆"], ["中国注册会计师：严文博", "中国注册会计师：曹丽华", "2024年03月28日"])])]  # fmt: skip


def _yuan(figures: dict[str, str], key: str) -> str:
    return world.money(Decimal(figures[key]) * 10000)


def statements(case: Case) -> list[dict[str, Any]]:
    """Return balance sheet, income statement and cash flow, and the notes."""
    g = case.facts
    debts = [
        codes.cents(Decimal(g[f"assets_{y}"]) * Decimal(g[f"debt_{y}"]) * 100)
        for y in ("2023", "2022")
    ]
    assets = [Decimal(g[f"assets_{y}"]) * 10000 for y in ("2023", "2022")]
    m = world.money
    balance = [["项目", "期末余额", "年初余额"], ["货币资金", m(assets[0] * 12 / 100), m(assets[1] * 11 / 100)],
               ["应收账款", m(assets[0] * 21 / 100), m(assets[1] * 22 / 100)], ["存货", m(assets[0] * 17 / 100), m(assets[1] * 18 / 100)],
               ["固定资产", m(assets[0] * 38 / 100), m(assets[1] * 37 / 100)], ["无形资产", m(assets[0] * 12 / 100), m(assets[1] * 12 / 100)],
               ["资产总计", m(assets[0]), m(assets[1])], ["负债合计", m(debts[0]), m(debts[1])],
               ["所有者权益合计", m(assets[0] - debts[0]), m(assets[1] - debts[1])]]  # fmt: skip
    income = [["项目", "本期金额", "上期金额"], ["一、营业收入", _yuan(g, "revenue_2023"), _yuan(g, "revenue_2022")],
              ["减：营业成本", m(Decimal(g["revenue_2023"]) * 8100), m(Decimal(g["revenue_2022"]) * 8100)],
              ["税金及附加", m(Decimal(g["revenue_2023"]) * 62), m(Decimal(g["revenue_2022"]) * 62)],
              ["二、利润总额", _yuan(g, "profit_2023"), _yuan(g, "profit_2022")]]  # fmt: skip
    cash = [["项目", "本期金额", "上期金额"], ["销售商品、提供劳务收到的现金", m(Decimal(g["revenue_2023"]) * 10900), m(Decimal(g["revenue_2022"]) * 10900)],
            ["支付的各项税费", _yuan(g, "tax_2023"), _yuan(g, "tax_2022")],
            ["购建固定资产、无形资产支付的现金", m(Decimal(8123400)), m(Decimal(6420000))]]  # fmt: skip
    out = []
    for name, body, day in (
        ("资产负债表", balance, "2023年12月31日"),
        ("利润表", income, "2023年度"),
        ("现金流量表", cash, "2023年度"),
    ):
        out.append(page([title(name, 18), {"t": "l", "s": f"编制单位：{case.applicant.name}　　　　{day}　　　　单位：元"},
                         table([2.2, 1.4, 1.4], body, size=10, iy=2.4),
                         {"t": "l", "s": "法定代表人：　　　　　主管会计工作负责人：　　　　　会计机构负责人："}]))  # fmt: skip
    out.append(page([title("财务报表附注", 18), h("一、公司基本情况"), p(f"{case.applicant.name}成立于{case.applicant.founded:%Y年%m月%d日}，注册地址为{case.applicant.address}。"),
                     h("二、财务报表的编制基础"), p("本公司财务报表以持续经营为编制基础，按照企业会计准则及相关规定编制。"),
                     h("三、重要会计政策"), p("固定资产按实际成本计量，采用年限平均法计提折旧；软件等无形资产按预计使用年限平均摊销。")]))  # fmt: skip
    return out


def security(case: Case) -> list[dict[str, Any]]:
    """Return the evidence of spending on information security."""
    rows = [r for r in case.rows if "防火墙" in r.name]
    lines: list[list[Any]] = [["序号", "名称", "型号", "数量", "供应商", "金额（元）"],
             *[[str(k + 1), r.name, r.spec, r.quantity, r.supplier, world.money(r.total)] for k, r in enumerate(rows)],
             [c("合计", 5), world.money(case.security_total)]]  # fmt: skip
    return [page([title("信息安全防护投入证明材料", 18),
                  p(f"{case.applicant.name}在“{case.project}”建设过程中，同步规划、同步建设网络与信息安全防护措施，在生产网与办公网边界部署防火墙，"
                    "并制定网络安全管理制度与应急预案。信息安全防护投入明细如下："),
                  table([0.5, 1.6, 1.1, 0.6, 2.2, 1.3], lines, size=9.5, iy=2.4),
                  p(f"以上信息安全防护投入合计人民币{world.money(case.security_total)}元（大写：{codes.words(case.security_total, '元')}）。"),
                  sign([], [f"{case.applicant.name}（盖章）", f"{case.applied:%Y年%m月%d日}"])])]  # fmt: skip


def licence(case: Case) -> list[dict[str, Any]]:
    """Return the business licence, landscape."""
    who = case.applicant
    return [{
        "kind": "licence", "size": (297, 210), "code": who.tax_id, "copy": "（副　本）",
        "qr": qr_svg(f"http://www.gsxt.gov.cn/index.html?uniscid={who.tax_id}"),
        "left": [["名称", who.name], ["类型", "有限责任公司"], ["法定代表人", who.person], ["经营范围", who.scope]],
        "right": [["注册资本", "叁仟万元整"], ["成立日期", f"{who.founded:%Y年%m月%d日}"], ["住所", who.address]],
        "day": "2021 年 09 月 06 日",
    }]  # fmt: skip


def bill(one: Payment) -> list[dict[str, Any]]:
    """Return an electronic bank acceptance bill with its endorsement page."""
    assert one.due is not None
    rows: list[list[Any]] = [
        ["出票日期", f"{one.day:%Y-%m-%d}", "票据状态", "提示收票已签收"],
        ["汇票到期日", f"{one.due:%Y-%m-%d}", "票据号码", one.bill],
        ["出票人全称", one.payer.name, "收款人全称", one.payee.name],
        ["出票人账号", one.payer.account, "收款人账号", one.payee.account],
        ["出票人开户银行", one.payer.bank, "收款人开户银行", one.payee.bank],
        [
            "票据金额",
            c(f"人民币（大写）{codes.words(one.amount, '元')}　￥{world.money(one.amount)}", 3),
        ],
        ["承兑人全称", one.payer.bank, "承兑日期", f"{one.day:%Y-%m-%d}"],
        ["交易合同号", one.purpose, "能否转让", "可再转让"],
    ]
    return [
        page(
            [title("电子银行承兑汇票", 18, sans=True), table([1, 2, 1, 2], rows, size=9, iy=3)],
            margin=(20, 14, 15, 14),
        )
    ]


def statement(case: Case) -> list[dict[str, Any]]:
    """Return an account statement listing the payments."""
    pays = sorted(case.payments.values(), key=lambda v: v.day)[:26]
    rows = [["交易日期", "摘要", "对方户名", "借方发生额", "贷方发生额", "余额"]]
    left = Decimal("9862140.37")
    for one in pays:
        left -= one.amount
        left += Decimal(600000) if left < 500000 else Decimal(0)
        rows.append(
            [
                f"{one.day:%Y%m%d}",
                "转账汇款",
                one.payee.name,
                world.money(one.amount),
                "",
                world.money(left),
            ]
        )
    return [page([title("银行账户交易明细", 16, sans=True), {"t": "l", "s": f"户名：{case.applicant.name}　　账号：{case.applicant.account}　　币种：人民币", "size": 9},
                  table([1, 1, 2.6, 1.3, 1.1, 1.4], rows, size=8, iy=1.2)], margin=(18, 14, 14, 14))]  # fmt: skip


def device_photo(case: Case, index: int) -> list[dict[str, Any]]:
    """Return a device's name plate."""
    row = [r for r in case.rows if r.category == world.CATEGORIES["E"]][index]
    rows = [["型　　号", row.spec], ["出厂编号", f"SN{case.seed:02d}{2300 + index * 17:06d}"], ["制造日期", row.day[:7].replace("-", ".")],
            ["制 造 商", row.supplier]]  # fmt: skip
    return [{"kind": "photo", "size": (160, 110), "title": row.name, "rows": rows}]


def unrelated(_: Case) -> list[dict[str, Any]]:
    """Return a page that has nothing to do with the application."""
    return [page([title("关于端午节放假安排的通知", 18), {"t": "l", "s": "各部门："},
                  p("根据国家法定节假日安排，结合公司生产实际，现将端午节放假有关事项通知如下：六月二十二日至二十四日放假，共三天。"),
                  p("请各部门妥善安排值班，做好防火防盗工作，关闭电源水源，确保节日期间安全。"),
                  {"t": "gap", "mm": 10}, {"t": "right", "s": "行政部"}, {"t": "right", "s": "2023年6月15日"}])]  # fmt: skip


def blank(_: Case) -> list[dict[str, Any]]:
    """Return an empty page."""
    return [page([])]

"""The form, the ledger, contracts, acceptance and the plan, as blocks for the template and DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cases.casegen import codes, world
from cases.casegen.faces import A4
from cases.casegen.model import Acceptance, Case, Company, Contract

Block = dict[str, Any]
Cell = dict[str, Any]
MARGIN = (25, 25, 22, 25)
SIGN_LEFT, SIGN_RIGHT = (60, 243), (147, 243)
HAND_LEFT, HAND_RIGHT = (52, 240.5), (137, 240.5)
"""Middle of the seal beside the left and right signature block, mm from the page's corner."""


def page(
    blocks: list[Block], *, foot: str = "", margin: tuple[int, ...] = MARGIN
) -> dict[str, Any]:
    """Return one sheet (it may run over several pages)."""
    out: dict[str, Any] = {"kind": "paper", "size": A4, "margin": margin, "blocks": blocks}
    return out | ({"foot": foot} if foot else {})


def title(text: str, size: float = 18, **more: object) -> Block:
    return {"t": "title", "s": text, "size": size, **more}


def p(text: str) -> Block:
    return {"t": "p", "s": text}


def h(text: str) -> Block:
    return {"t": "h", "s": text}


def table(cols: Sequence[float], rows: Sequence[Sequence[Any]], **more: object) -> Block:
    return {"t": "table", "cols": cols, "rows": rows, **more}


def sign(*sides: list[str]) -> Block:
    return {"t": "sign", "sides": list(sides)}


def c(text: str, cs: int = 1, rs: int = 1, a: str = "") -> Cell:
    return {"s": text, "cs": cs, "rs": rs, "a": a}


def ticks(options: str, chosen: tuple[str, ...], mark: str = "☑") -> str:
    """Return the options of a box row with the chosen ones ticked."""
    return "  ".join((mark if o in chosen else "□") + o for o in options.split())


def application_form(case: Case, mark: str = "☑") -> list[dict[str, Any]]:
    """Return annex 1: two or three pages of tables and the commitment page."""
    f, who = case.form, case.applicant
    labels = (
        "资产总额（万元）",
        "负债率（%）",
        "主营业务收入（万元）",
        "利润率（%）",
        "利润（万元）",
        "税收（万元）",
    )
    rows: list[list[Any]] = [
        [c("（一）企业基本信息", 6)],
        ["企业名称", c(who.name, 5)],
        ["单位性质", c(ticks("国有 民营 三资 其他", (f.ownership,), mark), 2), "企业规模", c(ticks("大型 中型 小型", (f.size_class,), mark), 2)],
        ["成立时间", c(f.founded, 2), "员工人数", c(f.employees, 2)],
        ["单位地址", c(who.address, 5)],
        [c("近三年发展情况", 3), "2021年", "2022年", "2023年"],
        *[[c(label, 3), *values] for label, values in zip(labels, f.years, strict=True)],
        [c("联系人", 1, 2), "姓名", c(who.person[0] + "晓梅"), "电话", c(who.phone, 2)],
        ["职务", "项目主管", "E-mail", c("xmb@qwh-jixie.example.cn", 2)],
        ["企业简介", c(f.intro, 5, 1, "l")],
        ["所属产业集群", c(ticks("汽车 电子 终端 材料 医药 化工 装备 消费品", ("装备",), mark), 5)],
        [c("智能制造能力成熟度评估分数", 2), f.maturity_score, c("智能制造能力成熟度评估等级", 2), f.maturity_level],
        [c("企业痛点问题（可多选）", 1), c(ticks("研发设计周期长 研发环节外包 品牌影响力低 生产能力不足 生产流程复杂 资源利用率低 品控能力弱 各部门协调难 管理层级多 库存压力大 运营成本高 产业链协同难 需求多样/多变 产品市场饱和 安全生产压力大 绿色发展压力大", ("生产流程复杂", "品控能力弱", "库存压力大"), mark), 5, 1, "l")],
    ]  # fmt: skip
    second: list[list[Any]] = [
        [c("（二）项目基本信息", 6)],
        ["项目名称", c(case.project, 5)],
        [c("项目总投资（万元）"), c(f.planned, 2), "实施周期", c(f.period, 2)],
        [c("项目是否已建设完成"), c(f.completed, 2), "项目已投资金额（万元）", c(f.invested, 2)],
        ["其中：软件投资（万元）", c(f.software, 2), "其中：硬件投资（万元）", c(f.hardware, 2)],
        ["其中：信息安全防护投入（万元）", c(f.security, 2), "项目设备数量（台/套）", c(f.devices, 2)],
        ["申报方向（单选，多选无效）", c(ticks("平台化设计 数字化管理 网络化协同 个性化定制 服务化延伸", f.directions, mark), 5)],
        ["项目简介（300字以内）", c(f.project_intro, 5, 1, "l")],
        ["应用场景（限4个）", c(ticks("研发设计优化 生产制造优化 质量管控 运营管理 设备资产管理 仓储物流优化 安全生产 节能减排 产业协同 分享制造 按需定制 产融合作 其他", f.scenes, mark), 5, 1, "l")],
        ["IaaS部署（多选）", c(ticks("阿里云 腾讯云 百度云 金山云 浪潮云 华为云 电信云 移动云 联通云 AWS Azure 其他", ("华为云",), mark), 5, 1, "l")],
        ["经济价值（多选）", c(ticks("直接效益（工业企业解决了实际业务问题，实现节约成本、提高收入） 产业链延伸（应用到工业企业上下游客户中，实现服务增值） 供需双向迭代（工业企业持续进行数据反馈和交互，提高服务商能力） 生态拓展（基于平台实现多方网络化的资源协同和价值共享）", ("直接效益（工业企业解决了实际业务问题，实现节约成本、提高收入）",), mark), 5, 1, "l")],
        [c("提质增效情况", 1, 2), "降低运营成本", f.gains[0], "降低产品不良品率", c(f.gains[1], 2)],
        ["提高生产效率", f.gains[2], "提高能源利用率", c(f.gains[3], 2)],
        [c("（三）项目服务商", 6)],
        ["单位名称", c(f.provider, 2), "所属省份", c(f.province, 2)],
        ["服务内容", c(ticks("系统集成服务 软件和信息服务 云服务 信息安全 智能制造装备", f.provider_services, mark), 5, 1, "l")],
    ]  # fmt: skip
    cols = [1.25, 1.0, 1.0, 1.15, 0.9, 0.9]
    heading = title("2024年工业互联网新模式示范项目申报表", 16)
    return [
        page([{"t": "l", "s": "附件1"}, heading, table(cols, rows, iy=2.3)]),
        page([table(cols, second, iy=2.6)]),
        commitment(case),
    ]


def commitment(case: Case) -> dict[str, Any]:
    """Return the page of the commitment with its three boxes."""
    project, day = case.project, case.form.commitment_day
    blocks = [
        table([1], [[c("（四）真实性承诺")], [c(
            f"一、我单位申报的{project}内容符合国家和重庆市相关发展规划、产业政策。\n\n"
            f"二、本次提供的{project}申报资料真实有效，复印件与原件一致，且已准确、充分及完整地表达我单位及{project}"
            "实际，如与实际情况不符的，我单位愿承担相应法律责任及其他后果。\n\n"
            "三、我单位未被列入信用中国（重庆）失信名单。" + "\n" * 22, 1, 1, "l")]], size=10.5, iy=3),
        {"t": "at", "x": 60, "y": 78, "s": "法定代表人签章："},
        {"t": "at", "x": 60, "y": 98, "s": "公　　　　　章："},
        {"t": "at", "x": 76, "y": 120, "s": f"{day.year} 年 {day.month} 月 {day.day} 日"},
    ]  # fmt: skip
    return page(blocks)


def ledger(case: Case, per_page: int = 17) -> list[dict[str, Any]]:
    """Return the investment ledger as landscape pages."""
    head = ["序号", "投资类别", "设备（软件）名称", "用途", "供应商", "合同编号", "票种", "发票代码", "发票号码", "开票日期",
            "价税合计", "不含税金额", "税额", "付款凭证号", "付款日期"]  # fmt: skip
    widths: list[float] = [
        0.5,
        1.25,
        1.4,
        1.3,
        1.9,
        1.15,
        0.6,
        1.35,
        2.2,
        1.1,
        1.35,
        1.3,
        1.15,
        1.9,
        1.1,
    ]
    body = ledger_rows(case, sealed=True)
    out = []
    for start in range(0, len(body), per_page):
        part = body[start : start + per_page]
        rows: list[list[Any]] = [
            [*map(str, head)],
            *[[c(x) if isinstance(x, str) else x for x in r] for r in part],
        ]
        blocks: list[Block] = []
        if start == 0:
            blocks = [
                title("项目投资明细表", 16, after=2),
                {
                    "t": "l",
                    "s": f"申报单位：{case.applicant.name}　　　项目名称：{case.project}　　　单位：{case.ledger_unit}",
                    "size": 9,
                },
            ]
        blocks.append(table(widths, rows, size=6.6, ix=0.5, iy=1.1))
        blocks.append({"t": "right", "s": f"第{start // per_page + 1}页", "size": 7})
        out.append(
            {"kind": "paper", "size": (297, 210), "margin": (14, 12, 10, 12), "blocks": blocks}
        )
    return out  # fmt: skip


def ledger_rows(case: Case, *, sealed: bool = False) -> list[list[Any]]:
    """Return the printed rows: items by category with subtotals, and the total.

    ``sealed``: as the sealed scan shows them, where it differs from the spreadsheet.
    """
    entries = case.sealed_rows if sealed and case.sealed_rows else case.rows
    wan = case.ledger_unit == "万元"
    say = codes.wan_exact if wan else world.money
    out: list[list[Any]] = []
    number = 0
    for category in dict.fromkeys(r.category for r in entries):
        group = [r for r in entries if r.category == category]
        for r in group:
            number += 1
            out.append([str(number), category, r.name, r.purpose, r.supplier, r.contract, r.kind, r.code, r.number, r.day,
                        say(r.total), say(r.net), say(r.tax), r.voucher, r.paid_on])  # fmt: skip
        if len(group) > 1:
            out.append(
                [
                    c("小计", 10),
                    *(
                        say(sum((getattr(r, k) for r in group), Decimal(0)))
                        for k in ("total", "net", "tax")
                    ),
                    "",
                    "",
                ]
            )
    sums = [sum((getattr(r, k) for r in entries), Decimal(0)) for k in ("total", "net", "tax")]
    if case.ledger_total is not None:
        sums[0] = case.ledger_total
    out.append([c("合计", 10), *map(say, sums), "", ""])
    return out  # fmt: skip


def contract(one: Contract) -> list[dict[str, Any]]:
    """Return a contract of two pages; seals on the second."""
    a, b = one.party_a, one.party_b
    lines = [
        [str(k + 1), n, s, q, u, world.money(v)] for k, (n, s, q, u, v) in enumerate(one.lines)
    ]
    word = "采购合同" if "服务" not in one.subject else "技术服务合同"
    first = [
        title(word, 20),
        {"t": "right", "s": f"合同编号：{one.number}"},
        {"t": "right", "s": f"签订日期：{one.day:%Y年%m月%d日}"},
        {"t": "l", "s": f"甲方（需方）：{a.name}"},
        {"t": "l", "s": f"乙方（供方）：{b.name}"},
        p("根据《中华人民共和国民法典》及有关法律法规，甲乙双方在平等、自愿的基础上，经协商一致，订立本合同，共同遵守。"),
        h("一、标的、数量及价款"),
        table([0.5, 2.4, 1.3, 0.6, 0.6, 1.3], [["序号", "名称", "规格型号", "数量", "单位", "金额（元，含税）"], *lines,
              [c("合计", 5), world.money(one.total)]], size=9.5),
        p(f"合同总金额（含税）：人民币{world.money(one.total)}元（大写：{codes.words(one.total, '元')}），税率{one.rate}，乙方开具增值税发票。"),
        h("二、质量要求及技术标准"),
        p("乙方提供的产品（服务）应为全新、未使用过的合格产品，符合国家和行业标准以及双方确认的技术协议，质保期为验收合格之日起十二个月。"),
        h("三、交付时间、地点"),
        p(f"合同生效后九十日内交付至甲方厂区（{a.address}），运输及保险费用由乙方承担。"),
        h("四、付款方式"),
        p(one.terms),
    ]  # fmt: skip
    second = [
        h("五、验收"),
        p("货物到达后由双方共同开箱清点；安装调试完成后按技术协议逐项测试，测试合格的由双方签署验收报告。"),
        h("六、违约责任"),
        p("乙方逾期交付的，每逾期一日按合同总金额的万分之五支付违约金；甲方逾期付款的，按同期贷款市场报价利率承担利息。"),
        h("七、保密与知识产权"),
        p("双方对在合同履行过程中获知的对方商业秘密和技术资料负有保密义务。乙方保证交付物不侵犯第三方知识产权。"),
        h("八、争议解决"),
        p("因本合同发生的争议，双方协商解决；协商不成的，提交甲方所在地人民法院诉讼解决。"),
        h("九、其他"),
        p("本合同一式四份，甲乙双方各执两份，自双方盖章之日起生效。合同附件与本合同具有同等法律效力。"),
        sign([f"甲方（盖章）：{a.name}", f"委托代理人：{a.person}", f"开户行：{a.bank}", f"账号：{a.account}", f"日期：{one.day:%Y年%m月%d日}"],
             [f"乙方（盖章）：{b.name}", f"委托代理人：{b.person}", f"开户行：{b.bank}", f"账号：{b.account}", f"日期：{one.day:%Y年%m月%d日}"]),
    ]  # fmt: skip
    return [page(first, foot="第 1 页 共 2 页"), page(second, foot="第 2 页 共 2 页")]


def acceptance(one: Acceptance, *, by_hand: bool = False) -> list[dict[str, Any]]:
    """Return an acceptance report: by both parties, or by experts for the whole project.

    ``by_hand``: the parties' names are not typed; there is room to sign at ``HAND_LEFT`` and
    ``HAND_RIGHT``.
    """
    lines: list[list[Any]] = [["序号", "名称", "规格型号", "数量", "单位", "验收情况"],
             *[[str(k + 1), n, s, q, u, "合格"] for k, (n, s, q, u) in enumerate(one.lines)]]  # fmt: skip
    base: list[Block] = [
        title("项目验收报告" if one.contractor is None else "合同验收报告", 18),
        table([1, 2.4, 1, 1.6], [
            ["项目名称", c(one.project, 3)],
            ["建设单位", c(one.owner.name, 3)],
            ["承建单位", c(one.contractor.name if one.contractor else "详见合同清单", 3)],
            ["合同编号", one.contract or "—", "验收日期", f"{one.day:%Y年%m月%d日}"],
        ], size=10),
        h("一、验收内容"),
        table([0.5, 2.4, 1.4, 0.7, 0.6, 0.9], lines, size=8.5 if len(lines) > 14 else 9.5, iy=1.0),
        h("二、验收结论"),
        p(one.conclusion),
    ]  # fmt: skip
    if one.contractor is None:
        names: list[list[Any]] = [["序号", "姓名", "单位", "职称", "签字"],
                 *[[str(k + 1), n, "行业专家", "高级工程师", n] for k, n in enumerate(one.experts)]]  # fmt: skip
        last = [h("三、验收组成员"), table([0.5, 1, 2, 1.2, 1.2], names, size=9.5),
                sign([], [f"建设单位（盖章）：{one.owner.name}", f"{one.day:%Y年%m月%d日}"])]  # fmt: skip
        return [page(base), page(last)]
    sides = (("建设单位", one.owner), ("承建单位", one.contractor))
    base.append(sign(*(_party_signs(role, who, f"{one.day:%Y年%m月%d日}", by_hand=by_hand) for role, who in sides)))  # fmt: skip
    return [page(base)]


def _party_signs(role: str, who: Company, day: str, *, by_hand: bool) -> list[str]:
    signed = ["", "签字：", ""] if by_hand else [f"签字：{who.person}"]
    return [f"{role}（盖章）：{who.name}", *signed, day]


def plan(case: Case) -> list[dict[str, Any]]:
    """Return the construction plan of annex 2: cover and three pages."""
    who = case.applicant
    cover = [
        {"t": "l", "s": "附件2", "size": 12}, {"t": "gap", "mm": 38},
        title("2024年工业互联网新模式示范项目", 24, sans=True, after=6), title("建设方案", 30, sans=True, after=40),
        {"t": "kv", "rows": [["项目名称：", case.project], ["申报单位：", who.name + "　　（盖章）"], ["联 系 人：", who.person[0] + "晓梅"], ["联系电话：", who.phone]], "w": 120},
        {"t": "gap", "mm": 40}, {"t": "center", "s": "重庆市经济和信息化委员会·制", "size": 13}, {"t": "center", "s": "2024年", "size": 13},
    ]  # fmt: skip
    text = [
        h("一、项目概述"), h("（一）企业简介。"), p(case.form.intro),
        h("（二）背景需求。"), p("汽车零部件行业普遍存在订单批量小、交期短、质量追溯要求高等特点。公司原有生产计划依靠人工排程，设备状态不透明，库存数据滞后，亟需以工业互联网平台贯通业务数据。"),
        h("（三）新旧模式对比。"), p("项目实施前，计划下达、报工和质量记录依赖纸质单据；项目实施后，计划、执行、质量、仓储数据实时采集，异常自动预警，形成数字化管理新模式。"),
        h("二、应用场景与技术实施"), h("（一）技术架构及功能。"), p("平台由边缘采集层、平台层和应用层组成，部署制造执行、仓储管理、质量追溯与数据看板等应用，与企业资源计划系统集成。"),
        h("（二）应用实施。"), p("围绕生产制造优化、质量管控、设备资产管理等场景，完成设备联网、工序报工、在线检测和库存精细化管理。"),
        h("（三）自主创新成果。"), p("形成面向壳体加工的工艺参数优化模型，取得软件著作权两项。"),
    ]  # fmt: skip
    more = [
        h("三、价值成效"), h("（一）应用成效。"), p("1.经济价值。降低运营成本186万元，生产效率提高18%，不良品率降低1.2%，能源利用率提高9.5%。"),
        p("2.转型变革。生产、质量、仓储等部门工作方式由纸质流转转为系统协同。"), p("3.社会效益。为同行业中小企业数字化转型提供可复制的经验。"),
        h("绩效指标测算方式及依据"), p("生产效率=标准工时产出÷实际工时，基线期2021年均值0.71，2023年均值0.838，提高18%。不良品率基线2.9%，实施后1.7%，降低1.2个百分点。"
          "能源利用率按单位产值能耗计算，由基线0.084吨标煤/万元降至0.076吨标煤/万元，提高9.5%。"),
        h("（二）商业模式。"), p(f"1.投入产出。项目总投资{case.form.planned}万元，其中软件投资{case.form.software}万元，硬件投资{case.form.hardware}万元。"),
        p("2.合作模式。建设阶段由服务商负责系统实施，运营阶段由公司信息部负责日常维护。"),
        h("（三）推广空间。"), p("项目成果可在公司其他生产基地及配套企业推广应用。"),
        h("四、有关附件"), p("（一）项目投资证明资料。（二）项目验收资料。（三）其他证明材料。详见附件。"),
    ]  # fmt: skip
    return [page(cover), page(text, foot="- 1 -"), page(more, foot="- 2 -")]

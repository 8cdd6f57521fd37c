"""Annex 1 as a table, filled in by a fictional company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Rows = Sequence[Sequence[str]]

ROWS: Rows = (
    ("（一）企业基本信息",),
    ("企业名称", "重庆山城智造有限公司"),
    ("单位性质", "□国有 ☑民营 □三资 □其他", "企业规模", "□大型 ☑中型 □小型"),
    ("成立时间", "2015年6月18日", "员工人数", "326"),
    ("单位地址", "重庆市渝北区示例路1号"),
    ("近三年发展情况", "2021年", "2022年", "2023年"),
    ("资产总额（万元）", "12,000.50", "13000", "14000"),
    ("负债率（%）", "45.2", "44", "43.1%"),
    ("主营业务收入（万元）", "20000", "21000", "22000"),
    ("利润率（%）", "5", "5", "5"),
    ("利润（万元）", "1000", "1050", "1100"),
    ("税收（万元）", "300", "310", "320"),
    ("企业简介", "公司从事汽车零部件制造。\n目标是建设数字化车间。"),
    ("所属产业集群", "□汽车  □电子□终端□材料□医药□化工☑装备□消费品"),
    ("智能制造能力成熟度评估分数", "2.36", "智能制造能力成熟度评估等级", "二级"),
    ("（二）项目基本信息",),
    ("项目名称", "数字化车间建设项目"),
    ("项目总投资（万元）", "650", "实施周期", "2022.3-2023.12"),
    ("项目是否已建设完成", "是", "项目已投资金额（万元）", "620.55"),
    ("其中：软件投资（万元）", "220", "其中：硬件投资（万元）", "400.55"),
    ("其中：信息安全防护投入（万元）", "20", "项目设备数量（台/套）", "36台"),
    (
        "申报方向（单选，多选无效）",
        "□平台化设计 ☑数字化管理 □网络化协同 □个性化定制 □服务化延伸",
    ),
    ("项目简介（300字以内）", "1.采用了MES系统\n2.解决了排程问题"),
    ("应用场景（限4个）", "□研发设计优化  ☑生产制造优化   ☑质量管控   □运营管理"),
    ("IaaS部署（多选）", "□阿里云  ☑华为云  □其他_______"),
    ("（三）项目服务商",),
    ("单位名称", "成都云帆软件有限公司", "所属省份", "四川"),
    ("服务内容", "☑系统集成服务  □软件和信息服务  □云服务  □信息安全\n□智能制造装备"),
    ("（四）真实性承诺",),
    (
        "一、我单位申报的数字化车间建设项目内容符合政策。\n三、我单位未被列入信用中国（重庆）失信名单。\n法定代表人签章：\n公 章：\n2024年5月10日",
    ),
)


def filled(changes: Mapping[str, Sequence[str]]) -> Rows:
    """Return the form with the cells after a label changed."""
    return tuple((row[0], *changes[row[0]]) if row[0] in changes else row for row in ROWS)


def write_docx(path: Path, rows: Rows = ROWS) -> Path:
    """Write the form as Word writes it: one table, cells merged across."""
    import docx

    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph("2024年工业互联网新模式示范项目申报表")
    table = document.add_table(rows=len(rows), cols=4)
    for i, row in enumerate(rows):
        cells = table.rows[i].cells
        if len(row) == 1:
            cells[0].merge(cells[3]).text = row[0]
        elif len(row) == 2:
            cells[0].text = row[0]
            cells[1].merge(cells[3]).text = row[1]
        else:
            for cell, text in zip(cells, row, strict=False):
                cell.text = text
    document.save(str(path))
    return path

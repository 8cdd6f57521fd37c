"""Layouts of made-up receipts, as banks print them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.extract.kinds.sheets import Placed

VALUES = {
    "payer": "重庆山城智造有限公司",
    "payer_account": "3100021709200012345",
    "payer_bank": "重庆两江新区支行",
    "payee": "成都云帆软件有限公司",
    "payee_account": "51001870836059876543",
    "payee_bank": "成都高新支行",
    "amount": "123,456.78",
    "words": "壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
    "day": "2023年03月05日",
    "purpose": "支付HT2023-018软件款",
    "serial": "20230305889912",
    "receipt": "0918-3117-0241-1100",
}


def values(**changed: str) -> Mapping[str, str]:
    """Return the values with some changed."""
    return {**VALUES, **changed}


def two_columns(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form with headings 付款人 and 收款人 beside blocks of labels (ICBC)."""
    v, y = values(**changed), top
    return [
        (60, y, "中国工商银行 网上银行电子回单", 5.0),
        (20, y + 8, f"电子回单号码：{v['receipt']}"),
        (20, y + 21, "付款人"),
        (35, y + 15, "户  名"),
        (55, y + 15, v["payer"]),
        (35, y + 21, "账  号"),
        (55, y + 21, v["payer_account"]),
        (35, y + 27, "开户银行"),
        (55, y + 27, v["payer_bank"]),
        (110, y + 21, "收款人"),
        (125, y + 15, "户  名"),
        (145, y + 15, v["payee"]),
        (125, y + 21, "账  号"),
        (145, y + 21, v["payee_account"]),
        (125, y + 27, "开户银行"),
        (145, y + 27, v["payee_bank"]),
        (22, y + 34, "金  额"),
        (55, y + 34, f"¥{v['amount']}元"),
        (110, y + 34, "金额（大写）"),
        (140, y + 34, f"人民币{v['words']}"),
        (22, y + 40, "用途"),
        (55, y + 40, v["purpose"]),
        (22, y + 46, "交易流水号"),
        (55, y + 46, v["serial"]),
        (110, y + 46, "时间戳"),
        (140, y + 46, "2023-03-05-10.11.12.123456"),
        (22, y + 52, "验证码：AbCdEf"),
        (130, y + 58, "记账日期"),
        (150, y + 58, v["day"]),
        (130, y + 64, "打印日期：2024年1月3日"),
    ]


def labelled_lines(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form whose every label names its side (BOC)."""
    v, y = values(**changed), top
    return [
        (80, y, "国内支付业务付款回单", 5.5),
        (20, y, "中国银行", 5.0),
        (130, y + 9, f"日期：{v['day']}"),
        (20, y + 16, f"付款人账号：{v['payer_account']}"),
        (115, y + 16, f"收款人账号：{v['payee_account']}"),
        (20, y + 22, f"付款人名称：{v['payer']}"),
        (115, y + 22, f"收款人名称：{v['payee']}"),
        (20, y + 28, f"付款人开户行：{v['payer_bank']}"),
        (115, y + 28, f"收款人开户行：{v['payee_bank']}"),
        (20, y + 36, f"金额：CNY{v['amount']}"),
        (30, y + 42, f"人民币{v['words']}"),
        (20, y + 50, "业务种类：普通汇兑"),
        (20, y + 56, f"用途：{v['purpose']}"),
        (20, y + 62, "附言：货款"),
        (20, y + 70, f"交易流水号：{v['serial']}"),
        (110, y + 70, f"回单编号：{v['receipt']}"),
        (20, y + 76, "打印时间：2024-01-15 09:10:11"),
    ]


def vertical_heads(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form with headings written downwards and a date in pieces (CCB)."""
    v, y = values(**changed), top
    placed: list[Placed] = [
        (70, y, "中国建设银行单位客户专用回单", 5.5),
        (90, y + 9, "2023"),
        (102, y + 9, "年"),
        (108, y + 9, "03"),
        (116, y + 9, "月"),
        (122, y + 9, "05"),
        (130, y + 9, "日"),
        (20, y + 9, "币别：人民币"),
        (145, y + 9, f"流水号：{v['serial']}"),
        (20, y + 36, "金额"),
        (32, y + 36, f"(大写){v['words']}"),
        (120, y + 36, f"(小写)¥{v['amount']}"),
        (22, y + 43, "凭证种类"),
        (22, y + 49, "结算方式"),
        (45, y + 49, "转账"),
        (105, y + 49, "用途"),
        (125, y + 49, v["purpose"]),
        (22, y + 70, "生成时间：2024-02-01"),
        (192, y + 20, "借"),
        (192, y + 28, "方"),
        (192, y + 36, "回"),
        (192, y + 44, "单"),
    ]
    for x, side, head in ((18, "payer", "付款人"), (103, "payee", "收款人")):
        placed += [(x, y + 17 + 6 * n, char) for n, char in enumerate(head)]
        for n, (label, part) in enumerate(
            (("全称", ""), ("账号", "_account"), ("开户行", "_bank"))
        ):
            placed.append((x + 7, y + 17 + 6 * n, label))
            placed.append((x + 22, y + 17 + 6 * n, v[f"{side}{part}"]))
    return placed


def one_account(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form with the holder's account above and the payee below (NBCB)."""
    v, y = values(**changed), top
    return [
        (80, y, "宁波银行客户回单", 5.0),
        (20, y + 8, "交易日期"),
        (45, y + 8, v["day"]),
        (120, y + 8, f"回单编号 {v['receipt']}"),
        (24, y + 15, "账号"),
        (50, y + 15, v["payer_account"]),
        (24, y + 21, "户名"),
        (50, y + 21, v["payer"]),
        (22, y + 27, "开户银行"),
        (50, y + 27, v["payer_bank"]),
        (22, y + 33, "交易金额"),
        (50, y + 33, f"人民币{v['words']}"),
        (130, y + 33, f"RMB {v['amount']}"),
        (22, y + 39, "业务种类"),
        (50, y + 39, "转账支取"),
        (110, y + 39, "交易流水"),
        (130, y + 39, v["serial"]),
        (50, y + 47, f"收款人账号：{v['payee_account']}"),
        (115, y + 47, f"收款人户名：{v['payee']}"),
        (50, y + 53, f"用途：{v['purpose']}"),
        (100, y + 60, "打印时间：2024-03-03"),
    ]


def rows_between(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form whose headings stand in the middle row of three (ABC)."""
    v, y = values(**changed), top
    placed: list[Placed] = [
        (20, y, "中国农业银行", 5.0),
        (80, y, "网上银行电子回单", 5.0),
        (20, y + 8, f"回单编号：{v['receipt']}"),
        (150, y + 8, "第1次打印"),
        (18, y + 21, "付款方"),
        (108, y + 21, "收款方"),
        (20, y + 34, "金额（小写）"),
        (50, y + 34, v["amount"]),
        (105, y + 34, "金额（大写）"),
        (132, y + 34, v["words"]),
        (20, y + 40, "币种"),
        (50, y + 40, "人民币"),
        (105, y + 40, "交易渠道"),
        (132, y + 40, "网上银行"),
        (20, y + 46, "摘要"),
        (50, y + 46, v["purpose"]),
        (105, y + 46, "凭证号"),
        (132, y + 46, v["serial"]),
        (20, y + 52, "交易时间"),
        (50, y + 52, "2023-03-05 10:11:12"),
        (105, y + 52, "会计日期"),
        (132, y + 52, "20230305"),
    ]
    for x, side in ((32, "payer"), (122, "payee")):
        for n, (label, part) in enumerate(
            (("账号", "_account"), ("户名", ""), ("开户行", "_bank"))
        ):
            placed.append((x, y + 15 + 6 * n, label))
            placed.append((x + 16, y + 15 + 6 * n, v[f"{side}{part}"]))
    return placed


def stacked_lines(top: float = 20.0, **changed: str) -> list[Placed]:
    """Return the form with one label a line and headings that carry the name (CMB)."""
    v, y = values(**changed), top
    texts = (
        f"交易日期：{v['day']}",
        f"回单编号：{v['receipt']}",
        f"付款人：{v['payer']}",
        f"付款账号：{v['payer_account']}",
        f"开户行：{v['payer_bank']}",
        f"收款人：{v['payee']}",
        f"收款账号：{v['payee_account']}",
        f"开户行：{v['payee_bank']}",
        f"交易金额（小写）：CNY{v['amount']}",
        f"交易金额（大写）：人民币{v['words']}",
        f"交易流水：{v['serial']}",
        f"交易摘要：{v['purpose']}",
        "打印时间：2024-01-02",
    )
    head: list[Placed] = [(20, y, "招商银行", 5.0), (90, y, "出账回单", 5.5)]
    return [*head, *((20, y + 9 + 6.5 * n, text) for n, text in enumerate(texts))]


def own_and_other(top: float = 20.0, flag: str = "借", **changed: str) -> list[Placed]:
    """Return the form that speaks of 本方 and 对方 and tells the direction by a flag."""
    v, y = values(**changed), top
    return [
        (80, y, "重庆示例银行客户回单", 5.0),
        (20, y + 10, f"交易日期：{v['day']}"),
        (110, y + 10, f"借贷标志：{flag}"),
        (20, y + 17, f"本方户名：{v['payer']}"),
        (110, y + 17, f"对方户名：{v['payee']}"),
        (20, y + 24, f"本方账号：{v['payer_account']}"),
        (110, y + 24, f"对方账号：{v['payee_account']}"),
        (20, y + 31, f"本方开户行：{v['payer_bank']}"),
        (110, y + 31, f"对方开户行：{v['payee_bank']}"),
        (20, y + 38, f"金额（小写）：{v['amount']}"),
        (20, y + 45, f"金额（大写）：{v['words']}"),
        (20, y + 52, f"用途：{v['purpose']}"),
        (20, y + 59, f"流水号：{v['serial']}"),
    ]

"""Labels that bank receipts print, whatever the bank (DOMAIN B1); profiles add a bank's own."""

from __future__ import annotations

from audit.extract.labels import Label

SIDES = ("payer", "payee")
PARTS = ("name", "account", "bank")

_WHO = {
    "payer": ("付款人", "付款方", "付方", "借方", "汇款人", "付款单位", "名义付款人", "出票人"),
    "payee": ("收款人", "收款方", "收方", "贷方", "收款单位", "持票人", "最终入账"),
}
_WHAT = {
    "name": ("户名", "名称", "全称", "(全称)", "账户名称", "账户名", "账号户名"),
    "account": ("账号", "帐号", "账户", "帐户", "卡号", "账户账号"),
    "bank": (
        "开户行",
        "开户行名称",
        "开户行名",
        "开户银行",
        "开户银行名称",
        "开户机构",
        "开户网点",
        "行名",
    ),
}
_MORE = {
    ("payer", "name"): ("付款户名", "付款账户名称", "付款账户名", "汇款户名", "手续费支付账号户名"),
    ("payer", "account"): ("付款账号", "付款帐号", "付款账户", "转出账号", "手续费支付账号"),
    ("payer", "bank"): (
        "付款行",
        "付款行行名",
        "付款行名称",
        "付款开户行",
        "付款银行",
        "汇出行",
        "汇出行名称",
        "发起行名称",
    ),
    ("payee", "name"): ("收款户名", "收款账户名称", "收款账户名", "入账户名"),
    ("payee", "account"): ("收款账号", "收款帐号", "收款账户", "入账账号", "转入账号"),
    ("payee", "bank"): (
        "收款行",
        "收款行行名",
        "收款行名称",
        "收款开户行",
        "收款银行",
        "汇入行",
        "汇入行名称",
        "接收行名称",
    ),
}

#: Accounts are digits, rarely letters, sometimes grouped; 8 is the shortest seen.
ACCOUNT = r"[0-9A-Za-z*][0-9A-Za-z* -]{6,}"


def _spelled(side: str, part: str) -> tuple[str, ...]:
    joined = [who + what for who in _WHO[side] for what in _WHAT[part]]
    return (*_MORE[side, part], *joined)


EXPLICIT = tuple(Label(f"{side}_{part}", _spelled(side, part)) for side in SIDES for part in PARTS)
#: Words that head a block of labels, or stand before the name itself.
HEADS = tuple(
    Label(side, (*words, f"{'借' if side == 'payer' else '贷'}方({words[1]})"))
    for side, words in (
        ("payer", ("付款人", "付款方", "汇款人", "付款单位", "付方", "申请人", "委托人", "出票人")),
        ("payee", ("收款人", "收款方", "收款单位", "收方")),
    )
)
#: Labels inside a block; whose they are is decided by where they stand.
INNER = (
    Label("name", ("户名", "全称", "名称", "账户名称", "单位名称")),
    Label("account", ("账号", "帐号", "卡号")),
    Label("bank", ("开户行", "开户银行", "开户行名称", "开户行名", "开户机构", "开户网点")),
)
#: Labels of the account's holder and of the other side; who pays is told by the direction.
OWN = tuple(
    Label(f"{whose}_{part}", tuple(word + what for word in words for what in _WHAT[part]))
    for whose, words in (("own", ("本方", "我方")), ("other", ("对方", "对方单位", "交易对手")))
    for part in PARTS
)
ACTUAL = (
    Label("actual_payer_name", ("实际付款人户名", "实际付款人名称", "实际付款人")),
    Label("actual_payer_account", ("实际付款人账号", "实际付款人帐号")),
)
AMOUNTS = (
    Label(
        "amount",
        (
            "小写金额",
            "金额小写",
            "金额(小写)",
            "交易金额(小写)",
            "交易金额小写",
            "金额:(小写)",
            "(小写)",
            "小写",
            "交易金额",
            "金额合计",
            "合计金额",
            "转账金额",
            "付款金额",
            "汇款金额",
            "金额",
            "发生额",
            "手续费小写金额",
        ),
    ),
    Label(
        "amount_in_words",
        (
            "大写金额",
            "金额大写",
            "金额(大写)",
            "交易金额(大写)",
            "交易金额大写",
            "金额:(大写)",
            "人民币(大写)",
            "(大写)",
            "大写",
            "手续费大写金额",
        ),
    ),
)
#: In order of preference: the day the money moved before the day the form was made.
DATES = (
    Label("traded", ("交易日期", "付款日期", "转账日期", "支付日期", "汇款日期")),
    Label("booked", ("记账日期", "会计日期", "入账日期", "账务日期", "记帐日期", "记账时间")),
    Label("stamped", ("交易时间", "时间戳", "交易日期时间")),
    Label("plain", ("日期", "委托日期", "业务日期")),
)
NOT_PAID = Label(
    "",
    (
        "打印日期",
        "打印时间",
        "生成时间",
        "签发日期",
        "起息日期",
        "起息日",
        "结息日",
        "下载时间",
        "查询日期",
        "补打日期",
        "到期日",
    ),
)
PURPOSES = (
    Label("purpose", ("用途", "汇款用途", "付款用途", "资金用途")),
    Label("message", ("附言", "客户附言", "交易附言", "附加信息", "附加信息及用途")),
    Label("narration", ("摘要", "交易描述", "交易摘要", "摘要说明")),
    Label("note", ("备注",)),
)
NUMBERS = (
    Label(
        "receipt_number",
        (
            "电子回单号码",
            "电子回单编号",
            "电子回单号",
            "电子回单号(流水号)",
            "回单编号",
            "回单号码",
            "回单号",
            "回单序号",
        ),
        r"^[0-9A-Za-z][0-9A-Za-z-]{5,}",
    ),
    Label(
        "serial_number",
        (
            "交易流水号",
            "核心流水号",
            "会计流水号",
            "网银流水号",
            "主机流水号",
            "记账流水号",
            "记账流水",
            "渠道流水号",
            "日流水号",
            "交易流水",
            "流水号",
            "账户明细编号-交易流水号",
            "交易参考号",
            "业务编号",
            "指令编号",
            "交易指令序号",
            "业务标识号",
        ),
        r"^[0-9A-Za-z][0-9A-Za-z-]{3,}",
    ),
    Label("voucher_number", ("凭证号码", "凭证号"), r"^[0-9A-Za-z][0-9A-Za-z-]{3,}"),
)
BUSINESS = Label(
    "business",
    (
        "业务种类",
        "业务类型",
        "业务名称",
        "业务(产品)种类",
        "交易名称",
        "交易类型",
        "回单类型",
        "回单名称",
        "回单种类",
        "收费种类",
        "贷款类型",
        "本金交易名称",
    ),
)
DIRECTION = Label("direction", ("借贷标志", "借贷标识", "收支标志", "收/付标志", "借/贷"))
#: Labels that only end other values.
STOPS = Label(
    "",
    (
        "开户行号",
        "开户行行号",
        "付款人开户行号",
        "收款人开户行号",
        "发起行行号",
        "接收行行号",
        "币种",
        "币别",
        "凭证种类",
        "凭证类型",
        "结算方式",
        "付款方式",
        "收款方式",
        "转账方式",
        "交易渠道",
        "渠道",
        "通道",
        "交易机构",
        "交易机构号",
        "交易网点",
        "网点编号",
        "网点号",
        "交易柜员",
        "柜员号",
        "柜员",
        "记账柜员",
        "记账网点",
        "记账机构",
        "经办柜员",
        "复核柜员",
        "授权柜员",
        "打印柜员",
        "打印机构",
        "打印次数",
        "补打次数",
        "已打印次数",
        "打印方式",
        "打印状态",
        "验证码",
        "回单验证码",
        "客户验证码",
        "客户号",
        "网银客户号",
        "交易代码",
        "报文标识号",
        "明细标识号",
        "钞汇标志",
        "现转标志",
        "数量",
        "登录号",
        "操作员",
        "经办机构",
        "经办",
        "录入员",
        "复核员",
        "授权人",
        "提交人",
        "设备编号",
        "批次号",
        "地址",
        "电子印图案",
        "银行盖章",
        "原始凭证种类",
        "原始凭证号码",
        "手续费收入机构",
        "重要提示",
        "温馨提示",
        "行内状态",
        "凭证提交号",
        "交易状态",
        "报文名称",
        "项目名称",
        "产品名称",
        "机构名称",
        "接收人账号",
        "接收人证件号码",
        "实际记账账号",
        "实际记账户名",
        "贷款账号",
        "贷款借据号",
        "借款人名称",
        "计息项目",
        "利率(%)",
        "汇率",
        "余额",
        "账户余额",
        "卡号后四位",
    ),
)
EVERY = (
    *EXPLICIT,
    *HEADS,
    *INNER,
    *OWN,
    *ACTUAL,
    *AMOUNTS,
    *DATES,
    NOT_PAID,
    *PURPOSES,
    *NUMBERS,
    BUSINESS,
    DIRECTION,
    STOPS,
)

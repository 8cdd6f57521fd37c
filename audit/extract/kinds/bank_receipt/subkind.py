"""What moved the money and which way: payment, collection, interest, tax, fee, loan …"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from audit.extract.kinds.bank_receipt.regions import is_title
from audit.extract.labels import fold
from audit.extract.layout import Sheet, runs_down
from audit.model import Reading, TextLine

PAYMENT, COLLECTION, TRANSFER = "payment", "collection", "transfer"
#: Bank business that is no payment for a purchase, by words of title, business and purpose.
OTHER_BUSINESS: tuple[tuple[str, str, str], ...] = (
    ("loan", "贷款", r"贷款|还本|还款|放款|借据|扣款回单"),
    ("interest", "利息", r"利息|结息|计息|付息"),
    ("tax", "缴税", r"缴税|税款|扣税|完税|税费|国库|增值税|所得税|社保|公积金"),
    ("fee", "手续费", r"手续费|收费回单|工本费|账户管理费|年费|付费回单|服务收费"),
    ("exchange", "结售汇", r"结汇|售汇|购汇|外汇买卖"),
    ("salary", "工资", r"代发工资|工资|薪酬|代发"),
)
_PAID = re.compile(
    r"付款回单|[(（]付款[)）]|出账回单|借方回单|借记通知|转账支取|支取|付费回单|汇款凭证|电汇凭证"
    r"|转出|往账|[(（]借方[)）]|付款通知"
)
_TAKEN = re.compile(
    r"收款回单|[(（]收款[)）]|入账回单|贷方回单|贷记通知|入账通知|来账|转入|存入|[(（]贷方[)）]|收款通知"
)
_BOTH = re.compile(r"收付款|付/收|借/贷")
_DEBIT = re.compile(r"^(?:借|D|支出|付|转出|支取|0$)")
_CREDIT = re.compile(r"^(?:贷|C|收入|收|转入|存入|1$)")
#: Right of this stand the words printed downwards beside the form, here in pieces.
_MARGIN = 0.85
_NARROW = 0.045
_FEW_GLYPHS = re.compile(r"^[(（)）]?[\u4e00-\u9fff]{1,3}[)）]?$")
#: Words on the receipt that change what it proves; kept as marks.
_MARKS: tuple[tuple[str, str], ...] = (
    ("退款", r"退款|退回|退汇|冲正|冲销"),
    ("保证金", r"保证金"),
    ("借款", r"借款|拆借|往来款"),
    ("代付", r"代付|代理付款|委托付款|财务公司代理"),
    ("未完成", r"交易失败|未成功|处理中|待复核|待授权|交易状态[:：]?失败"),
    ("申请书", r"(?m)^.{0,14}(?:申请书|委托书)(?:[(].{1,8}[)])?$"),
    ("非最终凭证", r"不作为收.?付款方交易的最终依据|非银行正式凭证"),
)


def direction(sheet: Sheet, titles: Sequence[str], flag: str, business: str) -> str:
    """Return payment, collection or empty: by the 借贷标志, title, business, 借方回单 on the margin."""
    if _DEBIT.match(flag):
        return PAYMENT
    if _CREDIT.match(flag):
        return COLLECTION
    texts = [
        fold(line.text)[0]
        for line in sheet.lines
        if is_title(line, titles) or runs_down(line, sheet.aspect)
    ]
    texts += ["".join(_singles(sheet)), business]
    joined = "\n".join(_BOTH.sub("", text) for text in texts)
    paid, taken = _PAID.search(joined), _TAKEN.search(joined)
    if bool(paid) == bool(taken):
        return ""
    return PAYMENT if paid else COLLECTION


def _singles(sheet: Sheet) -> list[str]:
    """Return the single characters on the margins, top to bottom: 借 方 回 单 beside the form."""
    lone = [line for line in sheet.lines if on_margin(line)]
    return [fold(line.text)[0] for line in sorted(lone, key=lambda line: line.box.top)]


def on_margin(line: TextLine) -> bool:
    """Tell whether a line is a piece of words printed downwards beside the form."""
    pieces = _FEW_GLYPHS.match(fold(line.text)[0]) is not None
    return pieces and line.box.centre[0] > _MARGIN and line.box.width < _NARROW


def subkind(
    sheet: Sheet,
    titles: Sequence[str],
    business: str,
    moved: str,
    readings: Mapping[str, Reading],
) -> tuple[str, str]:
    """Return the subkind and, for business that is no purchase, the word that says so.

    Two parties make a payment of whatever the text mentions beside it, unless title or
    business name say otherwise; with one party alone any word on the form tells.
    """
    title = "\n".join(fold(line.text)[0] for line in sheet.lines if is_title(line, titles))
    named = f"{title}\n{business}"
    for key, word, pattern in OTHER_BUSINESS:
        if re.search(pattern, named) and not _purchase(named):
            return key, word
    if "payee_name" not in readings or "payer_name" not in readings:
        everything = "\n".join(fold(line.text)[0] for line in sheet.lines)
        for key, word, pattern in OTHER_BUSINESS:
            if re.search(pattern, everything):
                return key, word
    return moved or TRANSFER, ""


def _purchase(text: str) -> bool:
    return (
        re.search(r"货款|合同|设备|软件|采购|服务费|工程款|预付款|尾款|质保金|发票", text)
        is not None
    )


def marks(sheet: Sheet, business: str) -> tuple[str, ...]:
    """Return the words that change what the receipt proves."""
    everything = "".join(fold(line.text)[0] + "\n" for line in sheet.lines)
    found = []
    for word, pattern in _MARKS:
        text = everything if word in {"未完成", "非最终凭证", "代付", "申请书"} else business
        if re.search(pattern, text):
            found.append(word)
    if re.search(r"补打[)）]|第[2-9]次打印|第[1-9]\d?次补打", everything):
        found.append("补打")
    return tuple(found)

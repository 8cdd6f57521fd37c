"""Is this page a bank receipt? Scored by title, parties, amount and the bank's own phrases."""

from __future__ import annotations

import re

from audit.extract.glance import Glance, glance
from audit.extract.kinds.bank_receipt.profiles import shipped_profiles
from audit.extract.kinds.bank_receipt.regions import is_title
from audit.extract.kinds.bank_receipt.structured import receipt_records
from audit.extract.registry import Claim
from audit.extract.signs import weigh
from audit.model import PageContent, say

_LEAST = 0.5
_WORDS: tuple[tuple[float, str], ...] = (
    (0.1, r"付款[人方行账单]|付方|借方(?!发生|余额|金额)|汇款人|付款户名|申请人|出票人"),
    (0.1, r"收款[人方行账单]|收方|贷方(?!发生|余额|金额)|收款户名"),
    (0.04, r"账号|帐号|账户"),
    (0.05, r"开户行|开户银行|开户机构|汇[入出]行|付款行"),
    (0.06, r"[(（]?大写[)）]?|人民币"),
    (0.04, r"小写"),
    (0.06, r"流水号?|指令序?编?号"),
    (0.04, r"记账|会计日期|入账"),
    (0.07, r"打印次数|补打|次打印|打印时间|打印日期|打印柜员"),
    (0.22, r"请?勿重复记账|不作为收款方发货|不得作为收款方"),
    (0.1, r"电子回单专用章|回单专用章|业务专用章|会计业务章|业务受理章"),
    (0.06, r"验证码|柜员|网点"),
    (0.12, r"回单编号|电子回单号|回单号"),
    (0.05, r"银行|信用社|财务公司"),
)
_AGAINST: tuple[tuple[float, str], ...] = (
    (0.5, r"(?m)^.{0,24}(?:合同|协议)(?:书)?$"),
    (0.45, r"承兑汇票|票据(?:[(]包[)])?号码|子票区间"),
    (0.45, r"(?m)^.{0,12}(?:收款收据|收据)$|今收到"),
    (0.4, r"(?m)^.{0,24}(?:对账单|交易明细.{0,4}|明细查询.{0,4}|账户明细.{0,6})$"),
    (0.4, r"购买方|销售方|价税合计"),
    (0.4, r"(?m)^.{0,24}(?:明细表|台账|汇总表|一览表|清单|申报表|审计报告|验收报告|方案|说明)$"),
    (0.3, r"科目|附单据|会计主管"),
)
#: What frames every payment: two parties, an account, the amount twice.
_FRAME = (r"付款|付方|汇款人", r"收款|收方", r"账号|帐号", r"大写", r"小写|[¥￥]|CNY|RMB")
_STATEMENT_HEADS = re.compile(
    r"(?:交易时间|交易日期|日期).*(?:余额).*(?:对方|摘要)|借方发生额.*贷方发生额"
)


def classify(content: PageContent) -> Claim | None:
    """Return the claim on a page, ``None`` to decline."""
    if receipt_records(content):
        return Claim(0.99, (say("bank_receipt.is.record"),))
    seen = glance(content)
    if not seen.rows:
        return None
    score, titled = _score(seen)
    if score < _LEAST:
        return None
    reason = say("kind.title", title=titled) if titled else say("kind.words")
    return Claim(min(score, 0.98), (reason,))


def _score(seen: Glance) -> tuple[float, str]:
    titles = tuple(title for p in shipped_profiles() for title in p.titles)
    titled = next((h.text for h in seen.headings if is_title(h.line, titles)), "")
    if not titled:
        lines = (line for line in seen.sheet.lines if is_title(line, titles))
        lower = next(lines, None)
        titled = "" if lower is None else lower.text.strip()
    score = (0.4 if titled else 0.0) + weigh(seen, _WORDS) - weigh(seen, _AGAINST)
    if all(re.search(part, seen.text) for part in _FRAME):
        score += 0.15
    if _STATEMENT_HEADS.search("".join(seen.rows)) and not titled:
        score -= 0.4
    return score, titled

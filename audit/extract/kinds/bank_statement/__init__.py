"""Bank statements and account histories: whose account, which bank, over what time."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.labels import Label, Side, as_candidate
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import passages
from audit.extract.registry import Claim
from audit.extract.signs import Signs
from audit.extract.values import DATE, DATED, clean_text, parse_value
from audit.model import Candidate, DocumentKind, Origin, Value, say
from audit.text.names import looks_like_company

FIELDS = (
    "bank_name",
    "company_name",
    "account_number",
    "period",
)
SCHEMA = "xbrl-bkrs"
LABELS = (
    Label("company_name", ("账户名称", "户名", "账户名", "客户名称", "单位名称", "账号名称")),
    Label(
        "account_number",
        ("查询账号", "存款账号", "客户账号", "本方账号", "账号", "帐号", "账户"),
        r"[0-9][0-9* -]{7,}",
        Side.EITHER,
    ),
    Label(
        "period",
        (
            "查询时间范围",
            "起止日期",
            "对账期间",
            "查询日期",
            "交易区间",
            "查询时间",
            "查询期间",
            "日期范围",
            "账单期间",
        ),
        DATED,
    ),
    Label(
        "bank_name",
        ("开户行", "开户银行", "开户机构", "开户行名称"),
        r"[\u4e00-\u9fff()（）]*(?:银行|信用社|支行|分行|农信)[\u4e00-\u9fff()（）]*",
    ),
)
STOPS = (
    Label(
        "",
        (
            "币种",
            "单位",
            "收入合计",
            "支出合计",
            "网点号",
            "借方笔数",
            "贷方笔数",
            "起始日期",
            "截至日期",
            "借贷标志",
            "排序方式",
            "对方账号",
            "对方户名",
            "对方单位名称",
            "总笔数",
            "打印日期",
            "打印时间",
            "期初余额",
            "期末余额",
        ),
    ),
)
#: Column heads of a list of transactions; a statement has a balance and two more of them.
_HEADS: tuple[tuple[str, str], ...] = (
    ("balance", r"余额"),
    ("debit", r"借方(?:发生额?|金额)?|支出金额|转出金额|支取"),
    ("credit", r"贷方(?:发生额?|金额)?|收入金额|转入金额|存入"),
    ("turnover", r"发生额|交易金额"),
    ("flag", r"借贷标[志识]|收支标[志识]|收入/支出|借/贷|收入/支出标志"),
    ("other", r"对方(?:户名|账号|名称|账户|单位)|收款人名称|付款人名称"),
    ("day", r"交易(?:日期|时间)|记账日期|账务日期|日期"),
    ("text", r"摘要|用途|附言|备注"),
)
_BANK = re.compile(
    r"(?:[\u4e00-\u9fff]{2,10}?银行(?:股份有限公司)?|[\u4e00-\u9fff]{2,4}农信|[\u4e00-\u9fff]{2,8}信用社)"
)
_SHORT = {
    "工行": "中国工商银行",
    "农行": "中国农业银行",
    "中行": "中国银行",
    "建行": "中国建设银行",
}
SIGNS = Signs(
    titles=(
        r".{0,24}(?:银行)?(?:客户)?(?:存款|对公|账户)?对账单.{0,8}",
        r".{0,20}(?:账户|交易|历史|活期|收支)(?:历史)?(?:交易)?(?:明细|流水)(?:清单|查询|查询下载|表|对账单)?.{0,6}",
        r"明细查询(?:下载)?",
        r".{0,16}银行流水.{0,6}",
    ),
    words=(
        (0.12, r"余额"),
        (0.1, r"借方|支出|转出"),
        (0.1, r"贷方|收入|转入"),
        (0.1, r"对方(?:户名|账号|名称|账户|单位)"),
        (0.06, r"摘要|附言"),
        (0.05, r"户名|账户名称"),
    ),
    against=(
        (0.3, r"请勿重复记账|电子回单"),
        (0.4, r"投资明细|发票号码"),
        (0.3, r"流动资产|所有者权益"),
    ),
    not_titles=(r".*(?:投资|发票|合同|费用|支付凭证|资产).*明细.*", r".*[:：].*"),
)


def _claims(seen: Glance) -> Claim | None:
    """Claim a list of transactions by its column heads, whatever stands above it."""
    if any(record.schema == SCHEMA for record in seen.content.records):
        return Claim(0.99, (say("kind.words"),))
    if re.search(r"发票号码|请勿重复记账|流动资产", seen.text):
        return None
    for text, _ in passages(seen, 2):
        found = {name for name, pattern in _HEADS if re.search(pattern, text)}
        moved = {"debit", "credit"} <= found or "turnover" in found or "flag" in found
        if {"balance", "day"} <= found and moved and found & {"other", "text"}:
            return Claim(0.9, (say("kind.words"),), continues=not _headed(seen))
        if {"turnover", "day", "other"} <= found and len(found) >= 5:  # noqa: PLR2004
            return Claim(0.8, (say("kind.words"),), continues=not _headed(seen))
    return None


def _headed(seen: Glance) -> bool:
    """Tell whether the page begins a statement: it names the account or holder above its list."""
    first = "".join(row + "\n" for row in seen.rows[:12])
    numbered = seen.page_of[0]
    return numbered <= 1 and (
        seen.content.page.page_index == 0
        or re.search(r"户\s*名|账户名称|对账单|查询账号", first) is not None
    )


def _parse(field: str, raw: str) -> Value | None:
    if field == "company_name":
        name = clean_text(raw) or ""
        return name if looks_like_company(name) else None
    if field == "account_number":
        found = re.search(r"[0-9][0-9*]{7,}", raw.replace(" ", "").replace("-", ""))
        return found.group() if found is not None else None
    if field == "period":
        return clean_text(raw) if len(DATE.findall(raw.replace(" ", ""))) > 1 else None
    return parse_value(field, raw)


def _more(seen: Glance, index: int) -> Candidates:
    found: Candidates = {}
    bank = _bank(seen, index)
    if bank is not None:
        found["bank_name"] = [bank]
    for text, line in passages(seen, 1):
        days = DATE.findall(text)
        if len(days) == 2 and re.search(r"[-至到~—]", text):  # noqa: PLR2004 - from and to
            found["period"] = [as_candidate(line, clean_text(text), index, raw=text)]
            break
    return found


def _bank(seen: Glance, index: int) -> Candidate | None:
    """Return the bank the head or the sheet's name tells."""
    for text, line in list(passages(seen, 1))[:6]:
        match = _BANK.search(text)
        if match is not None and "对方" not in text:
            return as_candidate(line, match.group(), index, raw=match.group())
    for table in seen.content.tables:
        match = _BANK.search(table.name)
        short = next((full for word, full in _SHORT.items() if word in table.name), "")
        if match is not None or short:
            name = match.group() if match is not None else short
            return Candidate(Origin.TEXT_LAYER, name, table.name, 0.9, index)
    return None


def _judge(seen: Glance, _: object) -> Verdict:
    return Verdict("account_statement" if "对账单" in seen.text else "account_history")


PAPER = Paper(
    kind=DocumentKind.BANK_STATEMENT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    colons=frozenset({"bank_name"}),
    precious=("account_number", "company_name"),
    parse=_parse,
    more=_more,
    judge=_judge,
    claims=_claims,
)
KIND = spec_of(PAPER)

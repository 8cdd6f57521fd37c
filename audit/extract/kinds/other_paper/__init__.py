"""Papers that belong to a case and are none of its kinds: named, so that nothing adopts them."""

from __future__ import annotations

import re

from audit.extract.glance import Glance, glance
from audit.extract.labels import as_candidate
from audit.extract.ladder import reconcile
from audit.extract.registry import Claim, Extraction, KindSpec
from audit.extract.signs import title_of
from audit.model import (
    Document,
    DocumentKind,
    PageContent,
    PageMode,
    SecondLook,
    say,
)

#: Subkind to the titles that give it away.
TITLES: tuple[tuple[str, str], ...] = (
    (
        "cash_receipt",
        r".{0,14}收款?收?据(?:[(].{1,8}[)])?|.{0,10}内部收据|.{0,10}资金往来.{0,6}票据",
    ),
    (
        "delivery_note",
        r".{0,20}(?:送货|发货|出货|交货|签收|到货(?:确认|验收)?|装箱|货物签收)(?:单|清单|通知单)",
    ),
    ("stock_note", r".{0,20}(?:入库|出库|领料|调拨)单"),
    ("voucher", r".{0,8}(?:记账|转账|付款|收款|通用记账)凭证(?:[(].{1,8}[)])?"),
    ("asset_card", r".{0,10}(?:固定资产|无形资产)(?:卡片|登记卡|登记表|转固单|明细账)"),
    ("cheque_stub", r".{0,14}支票存根.{0,6}"),
    ("payment_request", r".{0,14}(?:付款|用款|请款|费用|报销)(?:申请|审批|报销)(?:单|表|书)"),
    ("verification", r".{0,30}(?:发票查验平台|查验结果|查验明细|发票真伪查询).{0,10}"),
    ("commissioning", r".{0,24}(?:安装调试|试运行|调试|试车|上线试运行)(?:报告|记录)表?"),
    ("minutes", r".{0,30}会议(?:纪要|记录|签到表)"),
    ("award_notice", r".{0,24}(?:中标|成交)(?:通知书|公告)"),
    ("tender", r".{0,30}(?:招标|投标|询价|比选|磋商)(?:文件|公告|报告|书|函)"),
    ("certificate", r".{0,24}(?:合格证(?:明书?)?|保修卡|质量保证书|检验报告|质保书|出厂检验单)"),
    (
        "copyright",
        r".{0,12}(?:计算机软件著作权登记证书|专利证书|商标注册证|高新技术企业证书|.{0,10}体系认证证书)",
    ),
    ("authorisation", r".{0,14}(?:授权委托书|法定代表人(?:身份证明书?|授权书)|委托书|介绍信)"),
    ("identity", r".{0,4}(?:居民身份证|护照)"),
    ("account_permit", r".{0,6}(?:开户许可证|基本存款账户信息|银行开户.{0,6}证明)"),
    ("credit_report", r".{0,20}(?:信用报告|信用信息报告|失信.{0,10}查询.{0,6}|信用查询.{0,6})"),
    ("tax_certificate", r".{0,16}(?:完税证明|税收缴款书|纳税证明|海关进口.{0,8}缴款书|报关单)"),
    ("explanation", r".{0,20}(?:情况说明|变更说明|更名通知|名称变更.{0,10}|关于.{2,24}的说明)"),
    ("contents", r"目[录次]|.{0,12}材料目录|.{0,12}资料目录"),
    ("quotation", r".{0,16}(?:报价单|报价表|询价单)"),
    ("manual", r".{0,24}(?:使用说明书|操作手册|用户手册|产品手册|产品说明书)"),
)
_EVERY = tuple(pattern for _, pattern in TITLES)
_NOT = (r".*(?:[:：]|编号|号码).*", r"^(?:附|见|根据|按).*")
#: Below a titled paper of a kind, above words alone.
_SCORE = 0.6
_SURE = 0.66
_CASH = re.compile(r"今收到|交来|收款事由|收款单位[(（]?(?:公章|盖章)|交款人")
_BOOK = re.compile(r"科目|附单据|会计主管|借方金额")


def _subkind(seen: Glance) -> tuple[str, str]:
    """Return subkind and printed title, both empty for none of these papers."""
    if _CASH.search(seen.text) and re.search(r"收\s*据", seen.text):
        return "cash_receipt", "收据"
    title = title_of(seen, _EVERY, _NOT)
    if title is None or not title.strong:
        return "", ""
    subkind = next(name for name, pattern in TITLES if re.fullmatch(pattern, title.text))
    bank = re.search(r"付款人|收款人|开户行|流水号", seen.text)
    if subkind == "voucher" and bank and not _BOOK.search(seen.text):
        return "", ""
    return subkind, title.text


def _classify(content: PageContent) -> Claim | None:
    seen = glance(content)
    subkind, title = _subkind(seen)
    if not subkind:
        return None
    sure = subkind in {"cash_receipt", "voucher", "credit_report"}
    return Claim(_SURE if sure else _SCORE, (say("kind.title", title=title),))


def _extract(content: PageContent, _: tuple[SecondLook, ...]) -> Extraction:
    seen = glance(content)
    subkind, title = _subkind(seen)
    index = content.page.page_index
    line = next((h.line for h in seen.headings if h.text == title), None)
    fields = {}
    if line is not None:
        fields["title"] = reconcile("title", [as_candidate(line, title, index)])
    document = Document(
        kind=DocumentKind.OTHER,
        subkind=subkind,
        page_indexes=(index,),
        fields=fields,
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )
    return Extraction((document,) if subkind else ())


KIND = KindSpec(kind=DocumentKind.OTHER, fields=("title",), classify=_classify, extract=_extract)

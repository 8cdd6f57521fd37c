"""Pages that look alike: each must come out as what it is, and later pages as continuations."""

from __future__ import annotations

import pytest

from audit import i18n
from audit.extract import extract_page
from audit.extract.kinds.other_paper import TITLES
from audit.model import DocumentKind
from tests.extract.kinds.sheets import text_page

K = DocumentKind
#: name, title, text, kind
TITLED: tuple[tuple[str, str, str, DocumentKind], ...] = (
    (
        "cash receipt",
        "收款收据",
        "日期：2023年3月5日\n今收到 重庆山城智造有限公司\n交来：设备款\n人民币（大写）伍仟元整 ¥5000.00\n收款单位（公章）：成都样例公司",
        K.OTHER,
    ),
    (
        "bank receipt",
        "网上银行电子回单",
        "回单编号：202303050001\n付款人户名：重庆山城智造有限公司|收款人户名：成都云帆软件有限公司\n付款人账号：310002170920|收款人账号：510018708360\n金额（大写）：伍仟元整|金额（小写）：5,000.00\n用途：收据款\n请勿重复记账",
        K.BANK_RECEIPT,
    ),
    (
        "receipt for a contract's payment",
        "国内支付业务付款回单",
        "日期：2023年3月5日\n付款人名称：重庆山城智造有限公司|收款人名称：成都云帆软件有限公司\n金额：CNY5000.00\n用途：软件采购合同款，发票号码12345678\n交易流水号：99887766",
        K.BANK_RECEIPT,
    ),
    (
        "bookkeeping voucher",
        "付款凭证",
        "2023年3月5日\n摘要|会计科目|借方金额|贷方金额\n支付软件款|应付账款|5000.00|\n|银行存款||5000.00\n会计主管：|附单据 2 张",
        K.OTHER,
    ),
    (
        "audit report",
        "审计报告",
        "朴衡审字\u30142024\u3015第0216号\n重庆山城智造有限公司全体股东：\n一、审计意见\n我们审计了重庆山城智造有限公司财务报表，包括资产负债表、利润表、现金流量表\n我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了财务状况\n中国注册会计师：严某|重庆朴衡会计师事务所",
        K.AUDIT_REPORT,
    ),
    (
        "acceptance by experts",
        "项目竣工验收报告",
        "项目名称：数字化车间项目\n建设单位：重庆山城智造有限公司\n根据审计报告，项目投资真实\n验收意见：专家组一致同意通过验收\n专家组签字：\n2024年1月18日",
        K.ACCEPTANCE_REPORT,
    ),
    (
        "contract that speaks of invoices and acceptance",
        "软件采购合同",
        "合同编号：HT2023-018\n甲方（需方）：重庆山城智造有限公司\n乙方（供方）：成都云帆软件有限公司\n第一条 标的\n第二条 付款方式：验收合格并收到增值税专用发票后支付\n第三条 验收：双方签署验收报告",
        K.CONTRACT,
    ),
    (
        "contract cover",
        "设备采购合同",
        "合同编号：HT2023-020\n甲方：重庆山城智造有限公司\n乙方：成都云帆软件有限公司\n签订日期：2023年3月1日",
        K.CONTRACT,
    ),
    ("contents", "目录", "一、营业执照 1\n二、合同 3\n三、发票 10\n四、验收报告 40", K.OTHER),
    (
        "balance sheet",
        "资产负债表",
        "编制单位：重庆山城智造有限公司|2023年12月31日|单位：元\n项目|期末余额|年初余额\n货币资金|1,200.00|1,100.00\n资产总计|9,000.00|8,000.00\n负债合计|3,000.00|2,900.00",
        K.FINANCIAL_STATEMENT,
    ),
    (
        "cash flow statement",
        "现金流量表",
        "编制单位：重庆山城智造有限公司|2023年度|单位：元\n项目|本期金额|上期金额\n经营活动产生的现金流量：\n销售商品收到的现金|9,000.00|8,000.00",
        K.FINANCIAL_STATEMENT,
    ),
    (
        "project filing",
        "重庆市企业投资项目备案证",
        "项目代码：2202-500112-04-01-123456\n项目名称：数字化车间项目\n项目单位：重庆山城智造有限公司\n总投资：650万元\n备案机关：某区经济信息委",
        K.PROJECT_FILING,
    ),
    (
        "filing of protection level",
        "信息系统安全等级保护备案证明",
        "证书编号：50011220230001\n备案单位：重庆山城智造有限公司\n系统名称：生产管理系统\n备案等级：第二级\n重庆市公安局网安总队",
        K.SECURITY_EVIDENCE,
    ),
    (
        "protection assessment",
        "网络安全等级保护等级测评报告",
        "被测单位：重庆山城智造有限公司\n测评单位：重庆样例测评有限公司\n报告日期：2023年9月1日",
        K.SECURITY_EVIDENCE,
    ),
    (
        "maturity certificate",
        "智能制造能力成熟度评估报告",
        "企业名称：重庆山城智造有限公司\n评估机构：重庆样例评估有限公司\n综合得分：2.35\n成熟度等级：二级\n评估日期：2023年9月12日",
        K.MATURITY_ASSESSMENT,
    ),
    (
        "licence",
        "营业执照",
        "统一社会信用代码：91500112MA5XYWN12A\n名称：重庆山城智造有限公司|注册资本：伍仟万元整\n类型：有限责任公司|成立日期：2015年3月2日\n法定代表人：张三|住所：重庆市渝北区\n经营范围：汽车零部件制造\n登记机关",
        K.BUSINESS_LICENCE,
    ),
    (
        "bill",
        "电子银行承兑汇票",
        "票据号码：131365300001220230305001234567\n出票日期：2023-03-05|汇票到期日：2023-09-05\n出票人全称：重庆山城智造有限公司|收款人全称：成都云帆软件有限公司\n票据金额（大写）：伍仟元整|5,000.00\n承兑人全称：某银行|能否转让：可转让",
        K.ACCEPTANCE_BILL,
    ),
    (
        "account history",
        "银行账户交易明细",
        "户名：重庆山城智造有限公司|账号：310002170920\n交易日期|摘要|对方户名|借方发生额|贷方发生额|余额\n20230305|转账|成都云帆软件有限公司|5,000.00||90,000.00",
        K.BANK_STATEMENT,
    ),
    (
        "delivery note",
        "送货单",
        "收货单位：重庆山城智造有限公司\n名称|数量\n机器人|2\n签收人：",
        K.OTHER,
    ),
    (
        "award",
        "中标通知书",
        "成都云帆软件有限公司：\n贵公司为本项目中标单位\n2023年2月1日",
        K.OTHER,
    ),
    (
        "holiday notice",
        "关于端午节放假安排的通知",
        "各部门：\n现将端午节放假有关事项通知如下：放假三天。\n行政部\n2023年6月15日",
        K.OTHER,
    ),
)


@pytest.mark.parametrize(("name", "title", "text", "kind"), TITLED, ids=[t[0] for t in TITLED])
@pytest.mark.parametrize("scan", [True, False], ids=["scan", "digital"])
def test_a_titled_page_is_what_it_is(
    name: str, title: str, text: str, kind: DocumentKind, scan: bool
) -> None:
    result = extract_page(text_page(text, title=title, scan=scan))
    assert result.kind is kind, name
    assert not result.continues


#: title, text, kind, subkind
MORE: tuple[tuple[str, str, DocumentKind, str], ...] = (
    ("技术协议", "甲方：重庆甲有限公司\n乙方：重庆乙有限公司\n1 总则\n主轴转速 8000rpm", K.CONTRACT, ""),
    ("厂房租赁合同", "出租方（甲方）：重庆丙有限公司\n承租方（乙方）：重庆甲有限公司", K.CONTRACT, ""),
    ("设备采购订单", "订单编号：PO-1\n需方：重庆甲有限公司\n供方：重庆乙有限公司", K.CONTRACT, "order"),
    ("设备到货验收单", "供货单位：重庆乙有限公司\n验收结论：数量相符", K.ACCEPTANCE_REPORT, "contract"),
    ("系统试运行报告", "项目名称：生产系统\n结论：系统运行稳定", K.OTHER, "commissioning"),
    (
        "结算业务申请书",
        "申请日期 2023年3月5日\n申请人 重庆甲有限公司|收款人 重庆乙有限公司\n账号 123456789\n金额 人民币（大写）伍仟元整 ¥5000.00",
        K.BANK_RECEIPT,
        "transfer",
    ),
    ("中国工商银行转账支票存根", "收款人：重庆乙有限公司\n金额：5000.00", K.OTHER, "cheque_stub"),
    ("付款申请单", "收款单位：重庆乙有限公司\n付款金额：伍仟元整", K.OTHER, "payment_request"),
    ("全国增值税发票查验平台", "查验次数：第1次\n发票号码：24502000000012345678", K.OTHER, "verification"),
    ("税收完税证明", "纳税人名称 重庆甲有限公司\n税种 增值税", K.OTHER, "tax_certificate"),
    ("信息安全管理体系认证证书", "兹证明 重庆甲有限公司", K.SECURITY_EVIDENCE, "certificate"),
    ("防火墙产品销售许可证", "产品名称：下一代防火墙", K.SECURITY_EVIDENCE, "product"),
    ("网络安全服务合同", "甲方：重庆甲有限公司\n乙方：重庆乙有限公司", K.CONTRACT, ""),
    ("关于数字化车间项目立项的决议", "同意立项。\n总投资：650万元", K.PROJECT_FILING, "resolution"),
    ("项目专项审计报告", "某某会计师事务所\n中国注册会计师：张某", K.AUDIT_REPORT, "special"),
    ("供应链金融债权凭证", "开单人：重庆甲有限公司\n收单人：重庆乙有限公司\n到期日：2023-12-31", K.ACCEPTANCE_BILL, "receivable"),
    ("居民身份证", "姓名 张三", K.OTHER, "identity"),
)  # fmt: skip


@pytest.mark.parametrize(("title", "text", "kind", "subkind"), MORE, ids=[m[0] for m in MORE])
def test_papers_a_case_brings_along(
    title: str, text: str, kind: DocumentKind, subkind: str
) -> None:
    result = extract_page(text_page(text, title=title))
    assert result.kind is kind
    assert result.documents[0].subkind == subkind


#: name, text, kind
LATER: tuple[tuple[str, str, DocumentKind], ...] = (
    (
        "contract clauses",
        "五、验收\n货物到达后由双方共同开箱清点，签署验收报告。\n六、违约责任\n乙方逾期交付的，每日支付违约金。\n八、争议解决\n提交甲方所在地人民法院诉讼解决。\n本合同一式四份，甲乙双方各执两份。\n甲方（盖章）：重庆山城智造有限公司|乙方（盖章）：成都云帆软件有限公司",
        K.CONTRACT,
    ),
    (
        "notes to the statements",
        "重庆山城智造有限公司财务报表附注\n（二）应收账款\n账龄|期末余额|坏账准备\n一年以内|1,000.00|50.00\n本公司固定资产累计折旧情况如下\n会计政策变更：无",
        K.FINANCIAL_STATEMENT,
    ),
    (
        "second page of an audit report",
        "在按照审计准则执行审计工作的过程中，我们运用职业判断。\n识别和评估由于舞弊或错误导致的财务报表重大错报风险。\n对管理层使用持续经营假设的恰当性得出结论。\n重庆朴衡会计师事务所|中国注册会计师：严某\n2024年3月28日",
        K.AUDIT_REPORT,
    ),
    (
        "endorsements",
        "背书人名称：重庆山城智造有限公司\n被背书人名称：成都云帆软件有限公司\n背书日期：2023-04-01\n不得转让：否",
        K.ACCEPTANCE_BILL,
    ),
    (
        "experts' signatures",
        "验收组专家签字表\n序号|姓名|单位|职称|签字\n1|李某|某大学|教授|\n验收意见：同意通过验收",
        K.ACCEPTANCE_REPORT,
    ),
)


@pytest.mark.parametrize(("name", "text", "kind"), LATER, ids=[t[0] for t in LATER])
def test_a_later_page_goes_on(name: str, text: str, kind: DocumentKind) -> None:
    result = extract_page(text_page(text))
    assert (result.kind, result.continues) == (kind, True), name


def test_running_text_that_mentions_papers_is_none_of_them() -> None:
    text = "公司高度重视数字化建设，按照合同约定支付了款项，取得了发票和银行回单。\n项目完成后组织了验收，并聘请会计师事务所出具报告。\n下一步将继续加大投入，提升能力。"
    result = extract_page(text_page(text))
    assert result.kind is K.OTHER
    assert result.documents == ()


def test_other_papers_are_named() -> None:
    result = extract_page(text_page("收货单位：重庆山城智造有限公司", title="送货单"))
    (document,) = result.documents
    assert document.subkind == "delivery_note"
    assert document.get("title").value == "送货单"


def test_a_nameplate_is_a_photo_and_a_picture_without_words_is_not() -> None:
    plate = "型    号|JDF-800\n出厂编号|SN2300017\n制造日期|2022.06\n制 造 商|重庆示例机床有限公司"
    assert extract_page(text_page(plate)).kind is K.DEVICE_PHOTO
    assert extract_page(text_page(plate, scan=False)).kind is K.OTHER
    assert extract_page(text_page("12:30")).kind is K.OTHER


def test_every_subkind_of_these_kinds_has_a_name_to_show() -> None:
    names = {name for name, _ in TITLES} | {subkind for *_, subkind in MORE if subkind}
    names |= {"payment", "collection", "transfer", "interest", "tax", "fee", "loan", "exchange"}
    names |= {"salary", "bank", "commercial", "receivable", "project", "contract", "self"}
    names |= {"account_statement", "account_history", "declaration", "assessment", "test"}
    for lang in ("zh", "en"):
        named = i18n.catalogue(lang)
        assert [name for name in sorted(names) if f"report.subkind.{name}" not in named] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", K.BLANK),
        ("第3页 共5页", K.BLANK),
        ("- 12 -", K.BLANK),
        ("一", K.BLANK),
        ("见背面", K.OTHER),
        ("12:30", K.OTHER),
    ],
)
def test_a_page_with_a_page_number_or_a_speck_is_blank(text: str, kind: DocumentKind) -> None:
    assert extract_page(text_page(text)).kind is kind

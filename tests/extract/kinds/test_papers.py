"""Fields of the papers that are read by labels: one clear paper a kind, and what spoils it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from audit.extract import extract_page
from audit.model import CodePayload, Document, DocumentKind, Status, Value
from audit.model.geometry import Box
from tests.extract.kinds.sheets import text_page

K = DocumentKind
APPLICANT = "重庆山城智造有限公司"
SELLER = "成都云帆软件有限公司"

#: kind, title, text, fields
PAPERS: tuple[tuple[DocumentKind, str, str, Mapping[str, Value]], ...] = (
    (
        K.CONTRACT,
        "软件采购合同",
        f"合同编号：HT-2023-018\n签订日期：2023年3月1日\n甲方（需方）：{APPLICANT}\n乙方（供方）：{SELLER}\n第一条 标的\n合同总金额为人民币壹佰贰拾万元整（¥1,200,000.00元），税率13%。",
        {
            "contract_number": "HT-2023-018",
            "contract_date": date(2023, 3, 1),
            "party_a": APPLICANT,
            "party_b": SELLER,
            "contract_total": Decimal("1200000.00"),
        },
    ),
    (
        K.ACCEPTANCE_REPORT,
        "合同验收报告",
        f"项目名称|生产管理系统项目\n建设单位|{APPLICANT}\n承建单位|{SELLER}\n合同编号|HT-2023-018|验收日期|2023年9月1日\n验收结论：经逐项核对与试运行，验收合格。",
        {
            "project_name": "生产管理系统项目",
            "owner_name": APPLICANT,
            "contractor_name": SELLER,
            "contract_number": "HT-2023-018",
            "acceptance_date": date(2023, 9, 1),
            "conclusion": "合格",
        },
    ),
    (
        K.PROJECT_FILING,
        "重庆市企业投资项目备案证",
        f"项目代码|2202-500112-04-01-123456\n项目名称|数字化车间项目\n项目单位|{APPLICANT}\n计划总投资(万元)|650\n建设工期|2022年3月至2023年12月\n备案日期：2022年2月18日",
        {
            "project_code": "2202-500112-04-01-123456",
            "project_name": "数字化车间项目",
            "company_name": APPLICANT,
            "planned_total": Decimal(6500000),
            "planned_period": "2022年3月至2023年12月",
            "filing_date": date(2022, 2, 18),
        },
    ),
    (
        K.BUSINESS_LICENCE,
        "营业执照",
        f"统一社会信用代码：91500112MA5XYWN12A\n名    称|{APPLICANT}\n类    型|有限责任公司\n法定代表人|张三丰\n住    所|重庆市渝北区示例路1号\n成立日期|2015年03月02日\n经营范围|汽车零部件制造；软件开发。\n登记机关",
        {
            "company_name": APPLICANT,
            "taxpayer_id": "91500112MA5XYWN12A",
            "founded_date": date(2015, 3, 2),
            "address": "重庆市渝北区示例路1号",
            "legal_representative": "张三丰",
            "scope": "汽车零部件制造；软件开发。",
        },
    ),
    (
        K.MATURITY_ASSESSMENT,
        "智能制造能力成熟度评估报告",
        f"企业名称：{APPLICANT}\n评估机构：重庆样例评估有限公司\n评估日期：2023年9月12日\n能力要素|人员|技术|综合得分\n得分|2.28|2.41|2.36\n经评估，成熟度评估分数为2.36分，评估等级为二级（规范级）。",
        {
            "company_name": APPLICANT,
            "assessor": "重庆样例评估有限公司",
            "assessment_date": date(2023, 9, 12),
            "maturity_score": Decimal("2.36"),
            "maturity_level": "二级",
        },
    ),
    (
        K.SECURITY_EVIDENCE,
        "网络安全等级保护等级测评报告",
        f"报告编号：DJCP-2023-0088\n被测单位：{APPLICANT}\n测评单位：重庆样例测评有限公司\n系统名称：生产管理系统\n安全保护等级：第二级\n报告日期：2023年9月1日",
        {
            "contract_number": "DJCP-2023-0088",
            "party_a": APPLICANT,
            "party_b": "重庆样例测评有限公司",
            "system_name": "生产管理系统",
            "protection_level": "二级",
            "contract_date": date(2023, 9, 1),
        },
    ),
    (
        K.AUDIT_REPORT,
        "审计报告",
        f"朴衡审字(2024)第0216号\n{APPLICANT}全体股东：\n一、审计意见\n我们审计了{APPLICANT}财务报表\n我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了财务状况。\n重庆朴衡会计师事务所（普通合伙）\n中国注册会计师：严某\n2024年3月28日",
        {
            "company_name": APPLICANT,
            "audit_firm": "重庆朴衡会计师事务所（普通合伙）",
            "report_number": "朴衡审字\u30142024\u3015第0216号",
            "report_date": date(2024, 3, 28),
            "opinion": "无保留意见",
        },
    ),
    (
        K.FINANCIAL_STATEMENT,
        "资产负债表",
        f"编制单位：{APPLICANT}\n2023年12月31日\n项目|期末余额|年初余额\n资产总计|9,000.00|8,000.00\n负债合计|3,000.00|2,900.00",
        {
            "company_name": APPLICANT,
            "total_assets": Decimal("9000.00"),
            "total_liabilities": Decimal("3000.00"),
            "report_date": date(2023, 12, 31),
        },
    ),
    (
        K.BANK_STATEMENT,
        "银行账户交易明细",
        f"户名：{APPLICANT}|账号：310002170920001\n查询期间：2023年1月1日至2023年12月31日\n交易日期|摘要|对方户名|借方发生额|贷方发生额|余额\n20230305|转账|{SELLER}|5,000.00||90,000.00",
        {
            "company_name": APPLICANT,
            "account_number": "310002170920001",
            "period": "2023年1月1日至2023年12月31日",
        },
    ),
    (
        K.DEVICE_PHOTO,
        "",
        "型    号|JDF-800\n出厂编号|SN2300017\n制造日期|2022.06\n制 造 商|重庆示例机床有限公司",
        {"model": "JDF-800", "serial_number": "SN2300017", "manufacturer": "重庆示例机床有限公司"},
    ),
    (
        K.ACCEPTANCE_BILL,
        "电子银行承兑汇票",
        f"票据号码：110436518000120230305001234567\n出票日期：2023-03-05|汇票到期日：2023-09-05\n出票人全称：{APPLICANT}|收款人全称：{SELLER}\n票据金额（大写）：伍仟元整|小写：5,000.00\n承兑人全称：重庆示例银行股份有限公司|能否转让：可转让\n票据状态：提示收票已签收",
        {
            "drawer_name": APPLICANT,
            "payer_name": APPLICANT,
            "payee_name": SELLER,
            "amount": Decimal("5000.00"),
            "due_date": date(2023, 9, 5),
            "payment_date": date(2023, 3, 5),
        },
    ),
)


def read(title: str, text: str, *, scan: bool = True) -> Document:
    result = extract_page(text_page(text, title=title, scan=scan))
    return result.documents[0]


@pytest.mark.parametrize(
    ("kind", "title", "text", "expected"), PAPERS, ids=[p[0].value for p in PAPERS]
)
def test_a_clear_paper_gives_its_fields(
    kind: DocumentKind, title: str, text: str, expected: Mapping[str, Value]
) -> None:
    document = read(title, text)
    assert document.kind is kind
    assert {name: document.get(name).value for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "conclusion"),
    [
        ("验收结论：同意通过验收。", "通过"),
        ("验收结论：基本通过，完善资料。", "基本通过"),
        ("验收结论：不合格。", "不合格"),
        ("验收结论：需整改后再次验收。", "整改"),
        ("验收结论：☑合格 □不合格", "合格"),
        ("验收结论：□合格 ☑不合格", "不合格"),
        ("验收结论：□合格 □不合格", None),
        ("专家组一致同意该项目通过竣工验收。", "通过"),
        ("设备验收合格后支付尾款。", None),
    ],
)
def test_conclusions_of_an_acceptance(text: str, conclusion: str | None) -> None:
    document = read("项目验收报告", f"项目名称：某项目\n建设单位：{APPLICANT}\n{text}")
    assert document.get("conclusion").value == conclusion


def test_acceptance_by_experts_and_by_contract_are_told_apart() -> None:
    experts = read("项目验收报告", "项目名称：某项目\n验收组：专家组\n验收意见：通过验收")
    parties = read("合同验收报告", f"合同编号：HT-2023-018\n承建单位：{SELLER}\n验收结论：合格")
    assert (experts.subkind, parties.subkind) == ("project", "contract")


def test_what_was_accepted_is_kept_as_text() -> None:
    document = read(
        "设备验收单",
        "序号|设备名称|型号|数量\n1|立式加工中心|VMC-1160|1\n2|工控机|IPC-610|3\n验收结论：合格",
    )
    assert document.get("item_list").text == "1 立式加工中心 VMC-1160 1\n2 工控机 IPC-610 3"


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("除上述事项可能产生的影响外，财务报表在所有重大方面公允反映了", "保留意见"),
        ("我们不对后附的财务报表发表审计意见", "无法表示意见"),
        ("形成否定意见的基础", "否定意见"),
    ],
)
def test_opinions_that_are_not_clean(text: str, opinion: str) -> None:
    document = read("审计报告", f"重庆朴衡会计师事务所\n一、审计意见\n{text}\n中国注册会计师：严某")
    assert document.get("opinion").value == opinion


def test_parts_of_an_audit_report_are_marks() -> None:
    document = read("审计报告", "一、审计意见\n我们审计了财务报表\n中国注册会计师：严某")
    assert document.marks == ("正文", "签字")
    cover = read("审计报告", "重庆朴衡会计师事务所\n二〇二四年三月")
    assert cover.marks == ("封面",)


def test_a_score_that_does_not_fit_its_level_is_doubtful() -> None:
    document = read(
        "智能制造能力成熟度评估报告",
        f"企业名称：{APPLICANT}\n综合得分：1.50\n成熟度等级：二级\n评估机构：样例评估有限公司",
    )
    assert document.get("maturity_score").status is Status.DOUBTFUL
    assert document.get("maturity_level").status is Status.DOUBTFUL


def test_a_self_assessment_is_no_third_partys() -> None:
    document = read("智能制造能力成熟度自诊断报告", f"企业名称：{APPLICANT}\n综合得分：2.36")
    assert document.subkind == "self"


def test_a_licences_qr_confirms_its_code_and_a_wrong_check_digit_is_doubtful() -> None:
    text = f"统一社会信用代码：91500112MA5XYWN12A\n名称：{APPLICANT}\n法定代表人：张三丰\n登记机关\n经营范围：制造"
    seen = text_page(text, title="营业执照")
    url = "http://www.gsxt.gov.cn/index.html?uniscid=91500112MA5XYWN12A"
    code = CodePayload(url, Box(0.7, 0.1, 0.8, 0.2))
    (document,) = extract_page(replace(seen, codes=(code,))).documents
    assert document.get("taxpayer_id").status is Status.CONFIRMED
    wrong = read("营业执照", text.replace("WN12A", "WN12B"))
    assert wrong.get("taxpayer_id").status is Status.DOUBTFUL


def test_endorsements_decide_who_paid_whom() -> None:
    document = read(
        "电子银行承兑汇票",
        "票据号码：110436518000120230305001234567\n出票日期：2023-03-05|汇票到期日：2023-09-05\n"
        "出票人全称：重庆某客户有限公司|收款人全称：重庆山城智造有限公司\n金额（大写）：伍仟元整|小写：5,000.00\n"
        "背书人名称：重庆山城智造有限公司\n被背书人名称：成都云帆软件有限公司\n背书日期：2023-04-01",
    )
    assert document.get("payer_name").value == APPLICANT
    assert document.get("payee_name").value == SELLER
    assert document.get("payment_date").value == date(2023, 4, 1)
    assert document.get("drawer_name").value == "重庆某客户有限公司"
    assert "背书" in document.marks


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("110436518000120230305001234567", Status.READ),
        ("11043651800012023030500123456", Status.DOUBTFUL),
        ("110436518000120230309001234567", Status.DOUBTFUL),
    ],
    ids=["30 digits", "29 digits", "another day inside"],
)
def test_a_bills_number_is_checked_against_its_day(number: str, status: Status) -> None:
    document = read(
        "电子银行承兑汇票", f"票据号码：{number}\n出票日期：2023-03-05\n出票人全称：{APPLICANT}"
    )
    assert document.get("receipt_number").status is status


def test_a_bill_that_was_not_signed_for_says_so() -> None:
    document = read(
        "电子商业承兑汇票",
        f"出票人全称：{APPLICANT}\n票据状态：提示收票待签收\n承兑人全称：{APPLICANT}",
    )
    assert (document.subkind, document.marks) == ("commercial", ("未签收",))


def test_contract_words_that_differ_make_the_total_doubtful() -> None:
    document = read(
        "采购合同",
        f"合同编号：HT-1\n甲方：{APPLICANT}\n乙方：{SELLER}\n合同总价：人民币壹拾万元整（¥120,000.00元）",
    )
    assert document.get("contract_total").status is Status.DOUBTFUL


def test_parties_in_running_text_are_no_parties() -> None:
    document = read(
        "采购合同", "合同编号：HT-1\n甲方应在三十日内付款。\n乙方逾期交付的承担违约责任。"
    )
    assert document.get("party_a").value is None
    assert document.get("party_b").value is None


def test_doubtful_key_fields_of_a_scan_ask_for_a_second_look() -> None:
    text = "合同编号：HT-2023-018\n乙方：成都云帆软件有限公司\n合同总价：¥120,000.00元"
    content = text_page(text, title="采购合同")
    faint = replace(content, lines=tuple(replace(x, confidence=0.6) for x in content.lines))
    asked = {ask.field_name for ask in extract_page(faint).asks}
    assert {"contract_number", "party_b", "contract_total"} <= asked
    assert extract_page(text_page(text, title="采购合同", scan=False)).asks == ()


def test_a_statement_of_security_spending_gives_its_total() -> None:
    text = (
        f"{APPLICANT}在项目建设过程中同步部署防火墙。\n序号|名称|数量|金额（元）\n1|下一代防火墙|4|853,600.00\n"
        "合计|||853,600.00\n以上信息安全防护投入合计人民币853,600.00元（大写：捌拾伍万叁仟陆佰元整）。\n2024年5月15日"
    )
    document = read("信息安全防护投入证明材料", text)
    assert document.kind is K.SECURITY_EVIDENCE
    assert document.get("party_a").value == APPLICANT
    assert document.get("contract_total").value == Decimal("853600.00")
    assert document.get("contract_total").status is Status.CONFIRMED
    assert document.get("contract_date").value == date(2024, 5, 15)


def test_a_conclusion_on_a_later_page_is_read_there() -> None:
    rows = "\n".join(f"{n}|技术咨询服务|1|项|合格" for n in range(59, 62))
    text = f"{rows}\n二、验收结论\n项目已按建设方案完成全部建设内容，资料齐全，同意通过验收。"
    result = extract_page(text_page(text))
    assert (result.kind, result.continues) == (K.ACCEPTANCE_REPORT, True)
    assert result.documents[0].get("conclusion").value == "通过"

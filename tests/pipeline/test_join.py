"""Pages of files to documents of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.extract import extract_page
from audit.model import (
    CasePage,
    Document,
    DocumentKind,
    InvoiceItem,
    Origin,
    Page,
    PageMode,
    PageResult,
    Status,
    TextLine,
)
from audit.model.geometry import Box
from audit.pipeline.collect import FilePages
from audit.pipeline.intake import Intake
from audit.pipeline.join import join_case
from tests.extract.kinds.sheets import text_page
from tests.factory import Plain, document, fields, invoice, item, receipt

K = DocumentKind


def line(text: str, top: float = 0.5) -> TextLine:
    return TextLine(text, Box(0.1, top, 0.5, top + 0.02), Origin.OCR, 0.99)


def result(
    kind: DocumentKind,
    *own: Document,
    text: str = "一些文字",
    confidence: float = 0.9,
    continues: bool = False,
) -> PageResult:
    """Return a page as extraction gives it; ``file_of`` numbers the pages."""
    lines = tuple(line(t, 0.1 + 0.1 * n) for n, t in enumerate(text.split("\n")) if t)
    bare = tuple(replace(d, file="", page_indexes=(0,)) for d in own)
    page = Page("0" * 64, 0, PageMode.COLOUR)
    return PageResult(page, kind, confidence, bare, lines=lines, continues=continues)


def file_of(results: Sequence[PageResult], name: str = "甲.pdf") -> FilePages:
    intake = Intake(file=name, sha256=name.encode().hex().ljust(64, "0")[:64], size=1, content=None)
    numbered = tuple(
        replace(r, page=replace(r.page, page_index=n, sha256=intake.sha256))
        for n, r in enumerate(results)
    )
    return FilePages(intake, len(numbered), (), numbered, ("",) * len(numbered))


def joined(*files: FilePages) -> tuple[tuple[Document, ...], tuple[CasePage, ...]]:
    documents, pages, _ = join_case(files)
    return documents, pages


def pages_of(documents: Sequence[Document]) -> list[tuple[str, list[int]]]:
    return [(d.kind.value, list(d.page_indexes)) for d in documents]


def contract(**values: Plain) -> Document:
    bare = document(K.CONTRACT, digital=False)
    return replace(bare, fields=fields(**values))


FIRST = result(K.CONTRACT, contract(contract_number="HT-1", party_b="成都云帆软件有限公司"))
LATER = result(K.CONTRACT, contract(), confidence=0.55, continues=True)
PLAIN = result(K.OTHER)


def test_later_pages_and_unclaimed_ones_go_on() -> None:
    documents, pages = joined(file_of([FIRST, LATER, PLAIN, LATER]))
    assert pages_of(documents) == [("contract", [0, 1, 2, 3])]
    assert {p.kind for p in pages} == {K.CONTRACT}
    assert all(p.document_ids == ("D1",) for p in pages)


def test_a_new_title_begins_a_new_paper() -> None:
    other = result(K.CONTRACT, contract(contract_number="HT-2", party_b="重庆样例设备有限公司"))
    documents, _ = joined(file_of([FIRST, LATER, other, LATER]))
    assert pages_of(documents) == [("contract", [0, 1]), ("contract", [2, 3])]


def test_a_cover_and_the_first_page_behind_it_are_one_paper() -> None:
    cover = result(K.CONTRACT, document(K.CONTRACT, marks=("封面",), contract_number="HT-1"))
    titled = result(K.CONTRACT, contract(party_b="成都云帆软件有限公司"))
    documents, _ = joined(file_of([cover, titled, LATER]))
    assert pages_of(documents) == [("contract", [0, 1, 2])]
    assert documents[0].get("party_b").value == "成都云帆软件有限公司"


def test_a_running_title_does_not_begin_a_paper_on_every_page() -> None:
    repeated = result(K.CONTRACT, contract())
    same = result(K.CONTRACT, contract(contract_number="HT-1"))
    documents, _ = joined(file_of([FIRST, repeated, same]))
    assert pages_of(documents) == [("contract", [0, 1, 2])]


def test_blank_backs_are_passed_over_and_stay_blank() -> None:
    blank = result(K.BLANK, text="第9页")
    documents, pages = joined(file_of([FIRST, blank, LATER, blank]))
    assert pages_of(documents) == [("contract", [0, 2])]
    assert [p.kind for p in pages] == [K.CONTRACT, K.BLANK, K.CONTRACT, K.BLANK]
    assert pages[1].document_ids == ()


def test_page_numbers_say_where_a_paper_ends() -> None:
    first = result(K.OTHER, text="第1页共2页")
    numbered = result(K.CONTRACT, contract(contract_number="HT-1"), text="合同\n第1页 共2页")
    second = result(K.CONTRACT, contract(), text="条款\n第2页 共2页", continues=True)
    documents, pages = joined(file_of([numbered, second, first]))
    assert pages_of(documents) == [("contract", [0, 1])]
    assert pages[2].kind is K.OTHER


def test_a_number_that_goes_on_overrules_a_weak_claim() -> None:
    first = result(
        K.ACCEPTANCE_REPORT,
        document(K.ACCEPTANCE_REPORT, project_name="某项目"),
        text="报告\n第1页 共2页",
    )
    weak = result(
        K.SECURITY_EVIDENCE,
        document(K.SECURITY_EVIDENCE),
        text="说明\n第2页 共2页",
        confidence=0.52,
    )
    documents, pages = joined(file_of([first, weak]))
    assert pages_of(documents) == [("acceptance_report", [0, 1])]
    assert pages[1].kind is K.ACCEPTANCE_REPORT


def test_a_paper_of_another_title_is_not_adopted() -> None:
    note = result(K.OTHER, document(K.OTHER, subkind="delivery_note"))
    documents, _ = joined(file_of([FIRST, note, PLAIN]))
    assert pages_of(documents) == [("contract", [0]), ("other", [1])]


def test_contents_behind_a_cover_belong_to_the_report() -> None:
    cover = result(K.AUDIT_REPORT, document(K.AUDIT_REPORT, marks=("封面",), report_number="A1号"))
    contents = result(K.OTHER, document(K.OTHER, subkind="contents"))
    text = result(K.AUDIT_REPORT, document(K.AUDIT_REPORT, marks=("正文",), report_number="A1号"))
    documents, _ = joined(file_of([cover, contents, text]))
    assert pages_of(documents) == [("audit_report", [0, 1, 2])]
    assert documents[0].marks == ("封面", "正文")


def test_statements_notes_and_the_firms_licence_are_bound_into_the_audit_report() -> None:
    report = result(
        K.AUDIT_REPORT,
        document(K.AUDIT_REPORT, company_name="重庆山城智造有限公司", marks=("正文",)),
    )
    sheets = [
        result(
            K.FINANCIAL_STATEMENT,
            document(
                K.FINANCIAL_STATEMENT,
                company_name="重庆山城智造有限公司",
                marks=(name,),
                total_assets="9",
            ),
        )
        for name in ("资产负债表", "利润表")
    ]
    licence = result(
        K.BUSINESS_LICENCE,
        document(K.BUSINESS_LICENCE, company_name="重庆朴衡会计师事务所（普通合伙）"),
    )
    documents, pages = joined(file_of([report, *sheets, licence]))
    assert pages_of(documents) == [("audit_report", [0, 1, 2, 3])]
    assert documents[0].marks == ("正文", "资产负债表", "利润表")
    assert documents[0].get("company_name").value == "重庆山城智造有限公司"
    assert [p.kind for p in pages] == [
        K.AUDIT_REPORT,
        K.FINANCIAL_STATEMENT,
        K.FINANCIAL_STATEMENT,
        K.BUSINESS_LICENCE,
    ]


def test_the_applicants_licence_behind_an_audit_report_is_its_own_paper() -> None:
    report = result(K.AUDIT_REPORT, document(K.AUDIT_REPORT, company_name="重庆山城智造有限公司"))
    licence = result(
        K.BUSINESS_LICENCE, document(K.BUSINESS_LICENCE, company_name="重庆山城智造有限公司")
    )
    documents, _ = joined(file_of([report, licence]))
    assert pages_of(documents) == [("audit_report", [0]), ("business_licence", [1])]


def test_statements_of_two_years_are_two_papers() -> None:
    def sheet(mark: str) -> PageResult:
        found = document(K.FINANCIAL_STATEMENT, company_name="重庆山城智造有限公司", marks=(mark,))
        return result(K.FINANCIAL_STATEMENT, found)

    documents, _ = joined(
        file_of([sheet("资产负债表"), sheet("利润表"), sheet("资产负债表"), sheet("利润表")])
    )
    assert pages_of(documents) == [("financial_statement", [0, 1]), ("financial_statement", [2, 3])]


def test_receipts_and_invoices_never_go_on_by_neighbourhood() -> None:
    paid = result(K.BANK_RECEIPT, receipt("1.00", serial_number="12345678"))
    billed = result(K.VAT_INVOICE, invoice("24502000000012345678"))
    documents, _ = joined(file_of([paid, PLAIN, billed, PLAIN]))
    assert pages_of(documents) == [("bank_receipt", [0]), ("vat_invoice", [2])]


def test_two_pages_of_one_invoice_are_one_and_of_two_invoices_are_two() -> None:
    first = result(K.VAT_INVOICE, invoice("24502000000012345678"))
    second = result(K.VAT_INVOICE, invoice("24502000000012345678"), continues=True)
    other = result(K.VAT_INVOICE, invoice("24502000000099999999"), continues=True)
    documents, _ = joined(file_of([first, second, other]))
    assert pages_of(documents) == [("vat_invoice", [0, 1]), ("vat_invoice", [2])]
    assert len(documents[0].items) == 2


def copy_of(name: str, paper: Document, kind: DocumentKind = K.VAT_INVOICE) -> FilePages:
    return file_of([result(kind, paper)], name)


def test_a_pdf_its_xml_and_its_print_are_one_invoice_and_every_place_is_kept() -> None:
    paper = invoice("24502000000012345678", status=Status.READ, digital=False)
    xml = invoice("24502000000012345678", status=Status.READ)
    documents, pages = joined(
        copy_of("a.pdf", paper), copy_of("a.xml", xml), copy_of("b.jpg", paper)
    )
    assert len(documents) == 1
    places = {(documents[0].file, 0), *documents[0].duplicates}
    assert places == {("a.pdf", 0), ("a.xml", 0), ("b.jpg", 0)}
    assert documents[0].get("total_with_tax").status is Status.CONFIRMED
    assert all(p.document_ids == ("D1",) for p in pages)


def test_the_same_number_with_another_amount_stays_apart() -> None:
    one = invoice("24502000000012345678", "113.00")
    clone = invoice("24502000000012345678", "226.00")
    documents, _ = joined(copy_of("a.pdf", one), copy_of("b.pdf", clone))
    assert len(documents) == 2
    assert all(d.duplicates == () for d in documents)


def test_eight_digits_without_a_code_are_no_key() -> None:
    documents, _ = joined(
        copy_of("a.pdf", invoice("12345678")), copy_of("b.pdf", invoice("12345678"))
    )
    assert len(documents) == 2


def test_a_receipt_copied_under_each_invoice_pays_once() -> None:
    paid = receipt("500.00", receipt_number="0918311702411100")
    documents, _ = joined(
        copy_of("a.pdf", paid, K.BANK_RECEIPT), copy_of("b.pdf", paid, K.BANK_RECEIPT)
    )
    assert len(documents) == 1
    assert documents[0].duplicates == (("b.pdf", 0),)


@pytest.mark.parametrize(
    "second",
    [
        receipt("600.00", receipt_number="0918311702411100"),
        receipt("500.00", receipt_number="0918311702411100", day="2023-04-05"),
        receipt("500.00", receipt_number="0918311702411100", payee="重庆样例设备有限公司"),
        receipt("500.00", receipt_number="0918311702419999"),
        receipt("500.00"),
    ],
    ids=["amount", "day", "payee", "number", "no number"],
)
def test_receipts_that_differ_or_have_no_number_stay_apart(second: Document) -> None:
    paid = receipt("500.00", receipt_number="0918311702411100")
    documents, _ = joined(
        copy_of("a.pdf", paid, K.BANK_RECEIPT), copy_of("b.pdf", second, K.BANK_RECEIPT)
    )
    assert len(documents) == 2


def test_two_payments_of_one_order_have_receipts_of_their_own() -> None:
    first = receipt("500.00", serial_number="BATCH2023001", receipt_number="0918311702411100")
    second = receipt("500.00", serial_number="BATCH2023001", receipt_number="0918311702411101")
    documents, _ = joined(
        copy_of("a.pdf", first, K.BANK_RECEIPT), copy_of("b.pdf", second, K.BANK_RECEIPT)
    )
    assert len(documents) == 2


def goods(*amounts: str) -> tuple[InvoiceItem, ...]:
    return tuple(item(f"*软件*系统{n}", amount) for n, amount in enumerate(amounts))


@pytest.mark.parametrize(
    ("amounts", "lines", "reason"),
    [
        (("60000.00", "40000.00"), 2, "join.list_taken"),
        (("60000.00", "30000.00"), 1, "join.list_differs"),
    ],
)
def test_an_invoice_takes_the_lines_of_its_list_if_they_add_up(
    amounts: tuple[str, ...], lines: int, reason: str
) -> None:
    billed = invoice("24502000000012345678", "113000.00", marks=("销货清单",))
    listed = document(K.INVOICE_LIST, items=goods(*amounts), invoice_number="24502000000012345678")
    documents, _ = joined(file_of([result(K.VAT_INVOICE, billed), result(K.INVOICE_LIST, listed)]))
    assert pages_of(documents) == [("vat_invoice", [0]), ("invoice_list", [1])]
    assert len(documents[0].items) == lines
    assert reason in [r.key for r in documents[0].reasons]


def test_one_pdf_with_everything_comes_apart_into_its_papers() -> None:
    """Pages as extraction truly claims them, in one file."""
    texts = (
        ("营业执照", "统一社会信用代码：91500112MA5XYWN12A\n名称：重庆山城智造有限公司\n法定代表人：张三\n经营范围：制造\n登记机关"),
        ("软件采购合同", "合同编号：HT2023-018\n甲方（需方）：重庆山城智造有限公司\n乙方（供方）：成都云帆软件有限公司\n第一条 标的"),
        ("", "六、违约责任\n乙方逾期交付的，支付违约金。\n八、争议解决\n提交人民法院诉讼解决。\n本合同一式四份，甲方乙方各执两份。"),
        ("项目竣工验收报告", "项目名称：数字化车间\n建设单位：重庆山城智造有限公司\n验收意见：一致同意通过验收"),
        ("", "验收组专家签字表\n序号|姓名|签字\n验收意见：同意通过验收"),
        ("送货单", "收货单位：重庆山城智造有限公司\n机器人|2"),
        ("审计报告", "朴衡审字2024第0216号\n重庆山城智造有限公司全体股东：\n一、审计意见\n我们审计了重庆山城智造有限公司财务报表\n重庆朴衡会计师事务所\n中国注册会计师：严某"),
        ("资产负债表", "编制单位：重庆山城智造有限公司\n项目|期末余额|年初余额\n资产总计|9,000.00|8,000.00"),
    )  # fmt: skip
    results = [extract_page(text_page(text, title=title)) for title, text in texts]
    documents, _ = joined(file_of(results))
    assert pages_of(documents) == [
        ("business_licence", [0]),
        ("contract", [1, 2]),
        ("acceptance_report", [3, 4]),
        ("other", [5]),
        ("audit_report", [6, 7]),
    ]


def test_a_later_page_without_its_first_is_marked() -> None:
    documents, _ = joined(file_of([LATER], "2.jpg"))
    assert documents[0].marks == ("续页",)


def test_an_unsure_reading_gains_by_another_page_that_agrees() -> None:
    faint = result(
        K.CONTRACT,
        replace(
            document(K.CONTRACT, digital=False),
            fields={
                **fields(contract_number="HT-1"),
                **fields(
                    Status.DOUBTFUL, party_a="重庆山城智造有限公司", party_b="成都云帆软件有限公司"
                ),
            },
        ),
    )
    clear = result(
        K.CONTRACT,
        contract(party_a="重庆山城智造有限公司", party_b="成都云凡软件有限公司"),
        confidence=0.55,
        continues=True,
    )
    documents, _ = joined(file_of([faint, clear]))
    assert documents[0].get("party_a").status is Status.CONFIRMED
    assert documents[0].get("party_b").status is Status.DOUBTFUL


def test_a_picture_without_words_neither_joins_a_paper_nor_ends_it() -> None:
    picture = result(K.OTHER, text="")
    documents, pages = joined(file_of([FIRST, picture, LATER]))
    assert pages_of(documents) == [("contract", [0, 2])]
    assert pages[1].kind is K.OTHER

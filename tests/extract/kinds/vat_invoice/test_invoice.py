"""Every source and layout of an invoice leads to the same readings."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.extract import extract_page
from audit.model import (
    Box,
    Document,
    DocumentKind,
    Origin,
    PageContent,
    SecondLook,
    Status,
    TextLine,
)
from tests.extract.kinds.vat_invoice.faces import Sheet, Values, content, digital, paper, scanned

PAPER = Values()
DIGITAL = replace(
    PAPER,
    title="电子发票（增值税专用发票）",
    code="",
    number="23502000000012345679",
    check="",
    machine="",
)
QR_PAPER = "01,10,050002300111,12345678,1000.00,20230630,12345678901234567890,,"
QR_DIGITAL = "01,31,,23502000000012345679,1130.00,20230630,,"
EXPECTED: dict[str, object] = {
    "issue_date": date(2023, 6, 30),
    "amount_without_tax": Decimal("1000.00"),
    "tax_amount": Decimal("130.00"),
    "total_with_tax": Decimal("1130.00"),
    "total_in_words": "壹仟壹佰叁拾圆整",
    "buyer_name": "重庆示例智造有限公司",
    "buyer_taxpayer_id": "91500000MA5U0TEST1",
    "seller_name": "成都样例软件有限公司",
    "seller_taxpayer_id": "91510100MA6C0TEST2",
}


def only(page: PageContent) -> Document:
    result = extract_page(page)
    assert result.kind is DocumentKind.VAT_INVOICE
    assert len(result.documents) == 1
    return result.documents[0]


def values(document: Document) -> dict[str, object]:
    return {name: document.get(name).value for name in EXPECTED}


def shuffled(sheet: Sheet, seed: int) -> Sheet:
    lines = list(sheet.lines)
    random.Random(seed).shuffle(lines)
    return replace(sheet, lines=lines)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("origin", [Origin.TEXT_LAYER, Origin.OCR])
def test_paper_layout_in_any_text_order(seed: int, origin: Origin) -> None:
    """Place decides, so the order of text (the five families) changes nothing."""
    sheet = shuffled(paper(PAPER), seed)
    page = content(scanned(sheet) if origin is Origin.OCR else sheet)
    document = only(page)
    assert values(document) == EXPECTED
    assert document.get("invoice_code").value == "050002300111"
    assert document.get("invoice_number").value == "12345678"
    assert document.get("check_code").value == "12345678901234567890"
    assert document.get("machine_number").value == "661620006292"
    assert document.subkind == "vat_e_general"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("origin", [Origin.TEXT_LAYER, Origin.OCR])
def test_digital_layout_in_any_text_order(seed: int, origin: Origin) -> None:
    """Buyer left and seller right keep apart though both stand above the table."""
    sheet = shuffled(digital(DIGITAL), seed)
    document = only(content(scanned(sheet) if origin is Origin.OCR else sheet))
    assert values(document) == EXPECTED
    assert document.get("invoice_number").value == "23502000000012345679"
    assert document.subkind == "digital_special"


@pytest.mark.parametrize("layout", [paper, digital])
def test_parties_are_told_apart_without_their_heads(layout: object) -> None:
    """OCR often loses 购买方 and 销售方 written downwards: the place still tells."""
    build, chosen = (paper, PAPER) if layout is paper else (digital, DIGITAL)
    sheet = scanned(build(chosen))
    kept = [line for line in sheet.lines if len(line.text) > 1 or line.text in "名合计"]
    assert values(only(content(replace(sheet, lines=kept)))) == EXPECTED


@pytest.mark.parametrize("shift", [-1.5, 0.8, 1.5])
def test_values_printed_off_the_labels_of_a_form(shift: float) -> None:
    """A printer that is a little off does not lose names and ids."""
    assert values(only(content(scanned(paper(PAPER, shift=shift))))) == EXPECTED


@pytest.mark.parametrize(
    ("values_", "layout", "payload", "confirmed"),
    [
        (PAPER, paper, QR_PAPER, ("invoice_code", "invoice_number", "issue_date", "check_code")),
        (DIGITAL, digital, QR_DIGITAL, ("invoice_number", "issue_date")),
    ],
)
def test_qr_and_words_confirm(
    values_: Values, layout: object, payload: str, confirmed: tuple[str, ...]
) -> None:
    """QR = face and 大写 = 小写 with the sum confirm; names stay read once."""
    sheet = paper(values_) if layout is paper else digital(values_)
    document = only(content(sheet, payload))
    money = ("amount_without_tax", "tax_amount", "total_with_tax", "total_in_words")
    for field in (*confirmed, *money):
        assert document.get(field).status is Status.CONFIRMED, field
    assert document.get("buyer_name").status is Status.READ


def test_qr_that_differs_from_the_face_is_doubtful_with_both_kept() -> None:
    """An edited amount leaves the QR untouched: both values stay visible."""
    edited = replace(
        DIGITAL, net="¥2,000.00", tax="¥260.00", total="¥2,260.00", words="贰仟贰佰陆拾圆整"
    )
    reading = only(content(digital(edited), QR_DIGITAL)).get("total_with_tax")
    assert reading.status is Status.DOUBTFUL
    assert {s.value for s in reading.sources} == {Decimal("2260.00"), Decimal("1130.00")}
    assert any(r.key == "ladder.differ.face_qr" for r in reading.reasons)


def test_meaning_of_the_qr_amount_depends_on_the_kind() -> None:
    """10 carries the amount without tax, 31 the total: neither is a contradiction."""
    assert (
        only(content(paper(PAPER), QR_PAPER)).get("amount_without_tax").status is Status.CONFIRMED
    )
    assert (
        only(content(digital(DIGITAL), QR_DIGITAL)).get("total_with_tax").status is Status.CONFIRMED
    )


def test_exempt_tax_is_three_stars() -> None:
    """免税 prints *** : it is kept as text, never turned into 0."""
    exempt = replace(
        PAPER,
        net="¥600.00",
        tax="***",
        total="¥600.00",
        words="陆佰圆整",
        rows=(("*住宿服务*住宿费", "", "天", "2", "300.00", "600.00", "免税", "***"),),
    )
    document = only(content(paper(exempt)))
    assert document.get("tax_amount").value == "***"
    assert document.get("total_with_tax").status is Status.CONFIRMED
    assert document.items[0].tax.value == "***"
    assert document.items[0].tax_rate.value == "免税"


def test_items_wrapped_names_and_discount_lines() -> None:
    """A wrapped name is joined; a discount repeats the name with a negative amount only."""
    rows = (
        (
            "*电子计算机*工业控制\n计算机主机",
            "IPC-610",
            "台",
            "2",
            "600.00",
            "1200.00",
            "13%",
            "156.00",
        ),
        ("*电子计算机*工业控制\n计算机主机", "", "", "", "", "-200.00", "13%", "-26.00"),
    )
    document = only(content(paper(replace(PAPER, rows=rows))))
    assert [i.name.value for i in document.items] == ["*电子计算机*工业控制计算机主机"] * 2
    first, discount = document.items
    assert (first.quantity.value, first.unit_price.value) == (Decimal(2), Decimal("600.00"))
    assert first.specification.value == "IPC-610"
    assert first.unit.value == "台"
    assert first.tax_rate.value == Decimal("0.13")
    assert discount.amount.value == Decimal("-200.00")
    assert discount.quantity.value is None


def test_figures_that_share_a_line_are_told_apart() -> None:
    """``529.20 13%`` in one run is an amount and a rate."""
    sheet = paper(PAPER)
    amount = next(line for line in sheet.lines if line.text == "1000.00")
    rate = next(line for line in sheet.lines if line.text == "13%")
    joined = TextLine("1000.00 13%", amount.box.union(rate.box))
    lines = [line for line in sheet.lines if line not in {amount, rate}]
    item = only(content(replace(sheet, lines=[*lines, joined]))).items[0]
    assert item.amount.value == Decimal("1000.00")
    assert item.tax_rate.value == Decimal("0.13")
    assert item.tax.value == Decimal("130.00")


def test_scanned_paper_form_with_number_and_code_in_the_corners() -> None:
    """№ stands large at the top right without a label, the code at the top left."""
    form = replace(PAPER, title="重庆增值税专用发票", code="", number="", check="", machine="")
    sheet = paper(form)
    sheet.put(20, 8, "5000224320", 5)
    sheet.put(160, 8, "№ 00123456", 5)
    sheet.put(185, 13, "5000224320", 2.5)
    document = only(content(scanned(sheet), "01,01,5000224320,00123456,1000.00,20230630,,,"))
    assert document.get("invoice_code").value == "5000224320"
    assert document.get("invoice_number").value == "00123456"
    assert document.get("invoice_number").status is Status.CONFIRMED
    assert document.subkind == "vat_special_paper"


def test_two_invoices_on_one_page() -> None:
    """Two half-A4 invoices are two documents with their own values and QR."""
    sheet = Sheet(210.0, 297.0)
    digital(DIGITAL, sheet)
    second = replace(
        DIGITAL,
        number="23502000000012345687",
        net="¥200.00",
        tax="¥26.00",
        total="¥226.00",
        words="贰佰贰拾陆圆整",
        buyer="重庆另一有限公司",
    )
    digital(second, sheet, top=150)
    at = (Box(0.03, 0.02, 0.12, 0.06), Box(0.03, 0.52, 0.12, 0.56))
    payloads = (QR_DIGITAL, "01,31,,23502000000012345687,226.00,20230630,,")
    result = extract_page(content(sheet, *payloads, at=at))
    assert [d.get("invoice_number").value for d in result.documents] == [
        "23502000000012345679",
        "23502000000012345687",
    ]
    assert [d.get("total_with_tax").value for d in result.documents] == [
        Decimal("1130.00"),
        Decimal("226.00"),
    ]
    assert all(d.get("total_with_tax").status is Status.CONFIRMED for d in result.documents)
    assert result.documents[1].get("buyer_name").value == "重庆另一有限公司"


def test_long_names_that_wrap_are_joined() -> None:
    """In the narrow columns of a digital invoice long names run over two rows."""
    sheet = digital(replace(DIGITAL, seller="中国某某集团西南数字技术"))
    sheet.put(120, 34.5, "研究院有限公司")
    document = only(content(sheet))
    assert document.get("seller_name").value == "中国某某集团西南数字技术研究院有限公司"
    assert document.get("buyer_name").value == "重庆示例智造有限公司"


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"extra": ((95.0, 60.0, "作废"),)}, "作废"),
        ({"remark": "代开企业名称:重庆个体服务部 代开企业税号:92500000X"}, "代开"),
        ({"seller": "国家税务总局重庆市渝北区税务局"}, "代开"),
        ({"net": "-1000.00", "tax": "-130.00", "total": "-1130.00"}, "红字"),
        ({"extra": ((120.0, 3.0, "第一联：记账联 销售方记账凭证"),)}, "记账联"),
        ({"corner": "成品油"}, "成品油"),
        ({"corner": "收购"}, "收购"),
        ({"rows": (("(详见销货清单)", "", "", "", "", "1000.00", "13%", "130.00"),)}, "销货清单"),
    ],
)
def test_marks_on_the_face(change: dict[str, str], mark: str) -> None:
    """Words that change what an invoice is worth are noticed."""
    assert mark in only(content(paper(replace(PAPER, **change)))).marks  # type: ignore[arg-type]


def test_large_letters_of_which_half_was_read_are_perhaps_void() -> None:
    """Slanted over rulings, 作废 is read as 作店: it is named, not passed over; small print is not."""
    sheet = paper(PAPER)
    sheet.put(90, 60, "作店", size=11)
    assert "疑似作废" in only(content(sheet)).marks
    sheet = paper(PAPER)
    sheet.put(90, 60, "工作服")
    assert "疑似作废" not in only(content(sheet)).marks


def test_real_seller_of_an_invoice_issued_by_a_tax_office() -> None:
    """代开: the remark names who really sold."""
    remark = "代开企业名称:重庆个体服务部 代开企业税号:92500000X"
    document = only(content(paper(replace(PAPER, remark=remark))))
    assert document.get("real_seller_name").value == "重庆个体服务部"


def test_number_of_another_invoice_in_the_remark_is_not_its_own() -> None:
    """红冲: the remark names the number of the invoice that is taken back."""
    remark = "被红冲蓝字发票号码：84120130"
    document = only(content(paper(replace(PAPER, remark=remark))))
    number = document.get("invoice_number")
    assert number.value == PAPER.number
    assert all(source.value != "84120130" for source in number.sources)


@pytest.mark.parametrize(
    "texts",
    [
        ("投资明细表", "发票号码", "发票代码", "开票日期", "金额", "税额", "价税合计"),
        ("电子回单", "付款人名称：甲公司", "金额（大写）：壹佰元整", "（小写）：100.00"),
        ("销售货物或者提供应税劳务清单", "购买方名称：甲", "金额", "税额", "小计", "合计"),
        ("设备采购合同", "增值税专用发票", "税率13%"),
        ("增值税发票查验结果", "发票代码：050002300111", "发票号码：12345678"),
    ],
)
def test_other_papers_are_declined(texts: tuple[str, ...]) -> None:
    """Papers that speak of invoices are none."""
    sheet = Sheet()
    for order, text in enumerate(texts):
        sheet.put(20 + 5 * order, 10 + 8 * order, text)
    assert extract_page(content(sheet)).kind is not DocumentKind.VAT_INVOICE


texts_ = st.sampled_from(
    [
        "电子发票（普通发票）",
        "名称：",
        "合计",
        "价税合计（大写）",
        "¥1.00",
        "13%",
        "金额",
        "税额",
        "项目名称",
        "发票号码：1",
        "*",
        "购买方信息",
        "",
    ]
)
boxes = st.builds(
    lambda a, b, c, d: Box(min(a, c), min(b, d), max(a, c), max(b, d)),
    *(st.floats(0, 1, allow_subnormal=False) for _ in range(4)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(TextLine, st.one_of(texts_, st.text(max_size=20)), boxes), max_size=25))
def test_any_lines_are_bearable(lines: list[TextLine]) -> None:
    """No page raises, whatever stands on it, with or without second looks."""
    page = replace(content(Sheet()), lines=tuple(lines))
    result = extract_page(page)
    extract_page(page, tuple(SecondLook(a, "1", 0.9) for a in result.asks))

"""Forms with other columns and labels: tolls, construction, passengers, vehicles, tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from audit.extract import extract_page
from audit.extract.kinds.vat_invoice.subkind import kind_of_code, real_seller
from audit.model import DocumentKind, Origin, Record, RecordField, Status
from tests.extract.kinds.vat_invoice.faces import Sheet, Values, content, digital, paper, scanned
from tests.extract.kinds.vat_invoice.test_invoice import DIGITAL, PAPER, only


def custom(heads: list[tuple[str, float]], row: list[tuple[float, str]], corner: str) -> Sheet:
    """Return a digital invoice whose item table has other columns."""
    sheet = digital(replace(DIGITAL, rows=(), corner=corner))
    old = {"项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额"}
    sheet.lines[:] = [line for line in sheet.lines if line.text not in old]
    for text, x in heads:
        sheet.put_centre(x, 52, text, 3.0)
    for right, text in row:
        sheet.put_right(right, 57, text)
    return sheet


def test_toll_invoice() -> None:
    """Plate, type and dates of passage push the figures to the right."""
    sheet = custom(
        [
            ("项目名称", 22), ("车牌号", 50), ("类型", 68), ("通行日期起", 90), ("通行日期止", 115),
            ("金额", 145), ("税率/征收率", 170), ("税额", 198),
        ],
        [
            (43, "*生产生活服务*通行费"[:12]), (57, "渝A00000"), (72, "客车"), (98, "20230914"),
            (123, "20230914"), (152, "1000.00"), (174, "13%"), (205, "130.00"),
        ],
        "通行费",
    )  # fmt: skip
    document = only(content(sheet))
    assert document.subkind == "toll"
    item = document.items[0]
    assert item.name.value == "*生产生活服务*通行费"
    assert (item.amount.value, item.tax.value) == (Decimal("1000.00"), Decimal("130.00"))
    assert item.quantity.value is None


def test_construction_invoice() -> None:
    """Place and name of the works stand between item and amount."""
    sheet = custom(
        [
            ("项目名称", 25), ("建筑服务发生地", 65), ("建筑项目名称", 105),
            ("金额", 145), ("税率/征收率", 170), ("税额", 198),
        ],
        [(44, "*建筑服务*安装费"), (78, "重庆市渝北区"), (120, "数字工厂改造"), (152, "1000.00"), (174, "9%"), (205, "130.00")],
        "建筑服务",
    )  # fmt: skip
    item = only(content(sheet)).items[0]
    assert item.name.value == "*建筑服务*安装费"
    assert item.tax_rate.value == Decimal("0.09")
    assert item.amount.value == Decimal("1000.00")


def test_passenger_invoice_with_price_before_quantity() -> None:
    """The order of the columns is taken from their heads."""
    sheet = custom(
        [("项目名称", 30), ("单 价", 75), ("数 量", 106), ("金 额", 140), ("税率/征收率", 168), ("税 额", 198)],
        [(45, "*运输服务*客运服务费"), (80, "500.00"), (107, "2"), (145, "1000.00"), (171, "13%"), (205, "130.00")],
        "旅客运输服务",
    )  # fmt: skip
    for order, text in enumerate(("出行人", "有效身份证件号", "出行日期", "出发地", "到达地")):
        sheet.put(10 + 38 * order, 95, text)
    item = only(content(sheet)).items[0]
    assert item.unit_price.value == Decimal("500.00")
    assert item.quantity.value == Decimal(2)


def test_vehicle_invoice() -> None:
    """The vehicle form has its own labels for amount and tax."""
    sheet = Sheet(210, 297)
    sheet.put_centre(105, 20, "机动车销售统一发票", 7)
    sheet.put(20, 40, "发票代码：150002220041")
    sheet.put(20, 46, "发票号码：00123456")
    sheet.put(120, 46, "开票日期：2023-06-30")
    sheet.put(20, 70, "购买方名称：重庆示例智造有限公司")
    sheet.put(20, 80, "纳税人识别号：91500000MA5U0TEST1")
    sheet.put(20, 120, "价税合计（大写）壹拾壹万叁仟圆整")
    sheet.put(130, 120, "（小写）¥113000.00")
    sheet.put(20, 130, "销货单位名称：重庆样例汽车有限公司")
    sheet.put(20, 160, "增值税税额 ¥13000.00")
    sheet.put(110, 170, "不含税价（小写）¥100000.00")
    document = only(content(sheet))
    assert document.subkind == "vehicle"
    assert document.get("amount_without_tax").value == Decimal("100000.00")
    assert document.get("tax_amount").status is Status.CONFIRMED
    assert document.get("seller_name").value == "重庆样例汽车有限公司"


def test_train_ticket() -> None:
    """A fully digital train ticket has a number, a price and a buyer."""
    sheet = Sheet(210, 100)
    sheet.put_centre(105, 12, "电子发票（铁路电子客票）", 6)
    sheet.put(10, 20, "发票号码：24509000000012345678")
    sheet.put(140, 20, "开票日期：2024年03月05日")
    sheet.put(10, 55, "票价：￥396.00")
    sheet.put(10, 80, "购买方名称：重庆示例智造有限公司")
    sheet.put(10, 86, "统一社会信用代码：91500000MA5U0TEST1")
    document = only(content(sheet))
    assert document.subkind == "rail"
    assert document.get("total_with_tax").value == Decimal("396.00")
    assert document.get("buyer_name").value == "重庆示例智造有限公司"


def test_second_page_of_a_long_invoice_goes_on() -> None:
    """共2页 第2页 continues the document of the page before; 小计 is no line."""
    first = digital(replace(DIGITAL, net="", tax="", total="", words=""))
    first.lines[:] = [
        line
        for line in first.lines
        if not line.text.startswith(("合", "计", "价税", "（小写", "⊗"))
    ]
    first.put(20, 90, "小计")
    first.put_right(155, 90, "¥1000.00")
    first.put(150, 4, "共2页 第1页")
    second = digital(DIGITAL)
    second.put(20, 86, "小计")
    second.put_right(155, 86, "¥0.00")
    second.put(150, 4, "共2页 第2页")
    start, rest = extract_page(content(first)), extract_page(content(second))
    assert (start.continues, rest.continues) == (False, True)
    assert len(start.documents[0].items) == len(rest.documents[0].items) == 1
    assert "total_with_tax" not in start.documents[0].fields


def test_screen_around_a_picture_of_an_invoice_is_left_out() -> None:
    """An invoice that fills a small part of a screenshot is read as if it filled the page."""
    small = scanned(paper(replace(PAPER, code="", number="")))
    small.put(20, 8, "5000224320", 5)
    small.put(160, 8, "No 00123456", 5)
    big = Sheet(600, 400, Origin.OCR, 0.99)
    for line in small.lines:
        x, y = line.box.left * small.width, line.box.centre[1] * small.height
        big.put(40 + x, 120 + y, line.text, line.box.height * small.height)
    big.put(400, 200, '"发票代码": "4100084140",')
    big.put(400, 206, '"发票号码": "02995607",')
    document = only(content(scanned(big)))
    assert document.get("invoice_code").value == "5000224320"
    assert document.get("invoice_number").value == "00123456"
    assert document.get("buyer_name").value == PAPER.buyer
    assert document.get("seller_name").value == PAPER.seller


def tags(**fields: str) -> Record:
    return Record(Origin.OFD, "ofd-tags", tuple(RecordField(k, v) for k, v in fields.items()))


def test_custom_data_in_chinese_confirms_the_face() -> None:
    """OFD custom data names its values in Chinese."""
    record = tags(
        发票号码=DIGITAL.number, 合计金额="1000.00", 合计税额="130.00", 开票日期="2023年06月30日"
    )
    document = only(content(digital(DIGITAL), records=(record,)))
    assert document.get("invoice_number").status is Status.CONFIRMED
    assert document.get("issue_date").status is Status.CONFIRMED


def test_record_that_differs_from_the_face_is_doubtful() -> None:
    """XML or tags against the face: both are kept for a person."""
    record = tags(
        发票号码=DIGITAL.number, 合计金额="2000.00", 合计税额="130.00", 开票日期="2023年06月30日"
    )
    reading = only(content(digital(DIGITAL), records=(record,))).get("amount_without_tax")
    assert reading.status is Status.DOUBTFUL
    assert {s.value for s in reading.sources} == {Decimal("2000.00"), Decimal("1000.00")}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("050002300111", "vat_e_general"),
        ("050002300113", "vat_e_special"),
        ("050002300104", "vat_general_paper"),
        ("050002300112", "toll"),
        ("050002300107", "roll"),
        ("144032409110", "blockchain"),
        ("150002220041", "vehicle"),
        ("5000224130", "vat_special_paper"),
        ("5000224320", "vat_general_paper"),
        ("", ""),
    ],
)
def test_kind_of_an_invoice_code(code: str, kind: str) -> None:
    """The digits of the code name the kind of form (DOMAIN A2)."""
    assert kind_of_code(code) == kind


@pytest.mark.parametrize(
    ("remark", "name"),
    [
        ("代开企业名称:重庆个体服务部 代开企业税号:925", "重庆个体服务部"),
        ("代开企业税号:925 代开企业名称：重庆样例科技有限公司", "重庆样例科技有限公司"),
        ("订单号 123", ""),
    ],
)
def test_real_seller(remark: str, name: str) -> None:
    """The remark of a 代开 invoice names the company."""
    assert real_seller(remark) == name


def test_blank_and_other_pages() -> None:
    """Nothing at all is blank; a few words are other."""
    assert extract_page(content(Sheet())).kind is DocumentKind.BLANK
    sheet = Sheet()
    sheet.put(10, 10, "目录")
    assert extract_page(content(sheet)).kind is DocumentKind.OTHER


def test_values_of_a_made_up_invoice_have_a_default() -> None:
    """The default face is complete, so a test that blanks a value blanks only that."""
    assert all(getattr(Values(), name) for name in ("title", "number", "buyer", "seller"))


def record(**fields: str) -> Record:
    return Record(
        Origin.XML,
        "einvoice-xml",
        tuple(RecordField(f"EInvoice/{k}", v) for k, v in fields.items()),
    )


XML = record(
    InvoiceNumber="23502000000012345679",
    IssueTime="2023-06-30 10:08:05",
    TotalAmWithoutTax="1000.00",
    TotalTaxAm="130.00",
    BuyerName="重庆示例智造有限公司",
    SellerName="成都样例软件有限公司",
)


def test_record_alone_is_read_not_confirmed() -> None:
    """XML without a face is one source."""
    page = replace(content(Sheet()), records=(XML,))
    document = only(page)
    assert document.get("invoice_number").status is Status.READ
    assert document.get("issue_date").value == date(2023, 6, 30)
    assert document.subkind == "digital_general"


def test_record_that_agrees_with_the_face_confirms_names() -> None:
    """XML = face confirms every field both have."""
    document = only(content(digital(DIGITAL), records=(XML,)))
    assert document.get("buyer_name").status is Status.CONFIRMED
    assert document.get("invoice_number").status is Status.CONFIRMED

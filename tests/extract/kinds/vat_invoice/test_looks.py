"""Second looks at an invoice: what is asked for, and what the answers may change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from audit.extract import extract_page
from audit.model import Look, Origin, PageMode, SecondLook, Status
from tests.extract.kinds.vat_invoice.faces import content, digital, paper, scanned
from tests.extract.kinds.vat_invoice.test_invoice import DIGITAL, PAPER, QR_DIGITAL


def test_born_digital_page_asks_for_the_picture_of_what_nothing_confirms() -> None:
    """Words and sums of the text layer say nothing about the picture; a QR, which is seen, does."""
    sums = {"amount_without_tax", "tax_amount"}
    asks = extract_page(content(digital(DIGITAL))).asks
    assert {a.field_name for a in asks} == {"invoice_number", "issue_date", "total_with_tax", *sums}
    assert {a.look for a in asks} == {Look.CROP}
    with_qr = extract_page(content(digital(DIGITAL), QR_DIGITAL)).asks
    assert {a.field_name for a in with_qr} == sums


def test_picture_with_another_amount_than_a_text_layer_that_agrees_with_itself() -> None:
    """A text layer exchanged under the picture is consistent in itself: the picture decides."""
    page = content(digital(DIGITAL))
    asks = extract_page(page).asks
    wish = next(a for a in asks if a.field_name == "total_with_tax")
    result = extract_page(page, (SecondLook(wish, "¥130.00", 0.99),))
    reading = result.documents[0].get("total_with_tax")
    assert reading.status is Status.DOUBTFUL
    assert "ladder.differ.face_pixels" in [r.key for r in reading.reasons]


def test_number_and_date_of_different_years_are_doubtful_when_recognised() -> None:
    """The year inside a 20-digit number is that of its date: one of the two is misread."""
    other = scanned(digital(replace(DIGITAL, day="2028年06月30日")))
    document = extract_page(content(other, mode=PageMode.GREY)).documents[0]
    for field in ("invoice_number", "issue_date"):
        assert document.get(field).status is Status.DOUBTFUL
        assert "vat_invoice.number_year" in [r.key for r in document.get(field).reasons]


def test_code_that_fails_its_check_digit_is_read_only_twice() -> None:
    """Real codes practically never fail the digit, misread ones do."""
    wrong = "91350211M0000XUF46"
    sheet = scanned(paper(replace(PAPER, seller_id=wrong)), 0.999)
    page = content(sheet, mode=PageMode.GREY)
    first = extract_page(page)
    assert first.documents[0].get("seller_taxpayer_id").status is Status.DOUBTFUL
    looks = tuple(
        SecondLook(a, wrong, 0.99) for a in first.asks if a.field_name == "seller_taxpayer_id"
    )
    assert looks
    again = extract_page(page, looks).documents[0].get("seller_taxpayer_id")
    assert (again.status, again.value) == (Status.READ, wrong)


@pytest.mark.parametrize(
    ("text", "confidence", "value", "status"),
    [
        ("1", 0.999, Decimal(1), Status.READ),
        ("1", 0.6, Decimal(1), Status.DOUBTFUL),
        ("套1", 0.999, None, Status.MISSING),
        ("", 0.0, None, Status.MISSING),
    ],
)
def test_quantity_that_detection_lost_is_looked_for_in_its_cell(
    text: str, confidence: float, value: Decimal | None, status: Status
) -> None:
    """A lone 1 is small print; nothing is worked out from price and amount."""
    row = (("*软件*生产管理系统", "V2.0", "套", "", "1000.00", "1000.00", "13%", "130.00"),)
    page = content(scanned(paper(replace(PAPER, rows=row))), mode=PageMode.GREY)
    first = extract_page(page)
    (wish,) = [a for a in first.asks if a.field_name == "items.0.quantity"]
    result = extract_page(page, (SecondLook(wish, text, confidence),))
    quantity = result.documents[0].items[0].quantity
    assert (quantity.value, quantity.status) == (value, status)


def test_exempt_cell_that_was_not_seen_is_looked_at_again() -> None:
    """The *** of the sum row is small print; its cell is known by head and row."""
    row = (("*运输服务*客运", "", "次", "1", "1130.00", "1130.00", "免税", "***"),)
    exempt = replace(PAPER, net="¥1,130.00", tax="", rows=row)
    page = content(scanned(paper(exempt)), mode=PageMode.GREY)
    first = extract_page(page)
    wish = next(a for a in first.asks if a.field_name == "tax_amount")
    result = extract_page(page, (SecondLook(wish, "¥1,130.00***", 0.8),))
    assert result.documents[0].get("tax_amount").value == "***"


@pytest.mark.parametrize(
    ("text", "confidence", "status"),
    [
        ("23502000000012345679", 0.99, Status.READ),
        ("23502000000012345671", 0.99, Status.DOUBTFUL),
        ("23502000000012345671", 0.7, Status.READ),
        ("2350200000001234", 0.99, Status.READ),
        ("", 0.0, Status.READ),
    ],
)
def test_picture_that_differs_from_the_text_layer(
    text: str, confidence: float, status: Status
) -> None:
    """A sure look that differs makes doubt; an unsure or clipped one does not."""
    page = content(digital(DIGITAL))
    asks = extract_page(page).asks
    wish = next(a for a in asks if a.field_name == "invoice_number")
    result = extract_page(page, (SecondLook(wish, text, confidence),))
    assert result.documents[0].get("invoice_number").status is status
    assert not result.asks


def test_unsure_ocr_asks_again_and_a_second_look_settles_it() -> None:
    """Two looks at the same pixels that agree are read, not confirmed."""
    sheet = scanned(digital(DIGITAL))
    lines = [
        replace(line, confidence=0.6) if line.text.startswith("发票号码") else line
        for line in sheet.lines
    ]
    page = content(replace(sheet, lines=lines), mode=PageMode.GREY)
    first = extract_page(page)
    assert first.documents[0].get("invoice_number").status is Status.DOUBTFUL
    looks = tuple(
        SecondLook(a, "发票号码：23502000000012345679", 0.95)
        for a in first.asks
        if a.field_name == "invoice_number"
    )
    assert looks
    again = extract_page(page, looks).documents[0].get("invoice_number")
    assert again.status is Status.READ
    assert {s.origin for s in again.sources} == {Origin.OCR, Origin.OCR2}


def test_misread_total_is_settled_by_words_and_sum_among_what_was_read() -> None:
    """Arithmetic may choose between two looks; it never invents a figure."""
    sheet = scanned(digital(replace(DIGITAL, total="¥1,180.00")), 0.9)
    page = content(sheet, mode=PageMode.GREY)
    first = extract_page(page)
    reading = first.documents[0].get("total_with_tax")
    assert reading.status is Status.DOUBTFUL
    wish = next(a for a in first.asks if a.field_name == "total_with_tax")
    settled = extract_page(page, (SecondLook(wish, "(小写)¥1130.00", 0.9),)).documents[0]
    assert settled.get("total_with_tax").value == Decimal("1130.00")
    assert settled.get("total_with_tax").status is Status.CONFIRMED

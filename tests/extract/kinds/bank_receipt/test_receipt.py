"""Bank receipts: every layout gives its fields; what is not printed stays missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from audit.extract.kinds.bank_receipt import KIND
from audit.model import (
    Document,
    Look,
    Origin,
    PageContent,
    Record,
    RecordField,
    SecondLook,
    Status,
)
from tests.extract.kinds.bank_receipt.slips import (
    VALUES,
    labelled_lines,
    one_account,
    own_and_other,
    rows_between,
    stacked_lines,
    two_columns,
    vertical_heads,
)
from tests.extract.kinds.sheets import Placed, changed, page

LAYOUTS: tuple[Callable[..., list[Placed]], ...] = (
    two_columns,
    labelled_lines,
    vertical_heads,
    one_account,
    rows_between,
    stacked_lines,
    own_and_other,
)
EXPECTED = {
    "payer_name": VALUES["payer"],
    "payer_account": VALUES["payer_account"],
    "payer_bank": VALUES["payer_bank"],
    "payee_name": VALUES["payee"],
    "payee_account": VALUES["payee_account"],
    "amount": Decimal("123456.78"),
    "amount_in_words": VALUES["words"],
    "payment_date": date(2023, 3, 5),
    "purpose": VALUES["purpose"],
    "serial_number": VALUES["serial"],
}


def read(content: PageContent, *looks: SecondLook) -> tuple[Document, ...]:
    return KIND.extract(content, looks).documents


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scan", [True, False])
def test_every_layout_gives_its_fields(layout: Callable[..., list[Placed]], scan: bool) -> None:
    content = page(layout(), scan=scan)
    claim = KIND.classify(content)
    (document,) = read(content)
    assert claim is not None
    assert claim.score > 0.6
    assert {name: document.get(name).value for name in EXPECTED} == EXPECTED
    assert document.get("amount").status is Status.CONFIRMED


def test_banks_are_named_by_their_heads() -> None:
    names = [read(page(layout()))[0].get("bank_name").value for layout in LAYOUTS]
    assert names == [
        "中国工商银行",
        "中国银行",
        "中国建设银行",
        "宁波银行",
        "中国农业银行",
        "招商银行",
        "重庆示例银行",
    ]


@pytest.mark.parametrize(
    ("layout", "subkind"),
    [
        (labelled_lines, "payment"),
        (vertical_heads, "payment"),
        (one_account, "payment"),
        (two_columns, "transfer"),
    ],
)
def test_direction_by_title_margin_and_business(
    layout: Callable[..., list[Placed]], subkind: str
) -> None:
    assert read(page(layout()))[0].subkind == subkind


def test_two_dates_that_agree_confirm_the_day_and_the_day_of_printing_is_never_taken() -> None:
    (document,) = read(page(two_columns()))
    assert document.get("payment_date").status is Status.CONFIRMED
    without = [p for p in two_columns() if "记账日期" not in p[2] and "2023" not in p[2]]
    (undated,) = read(page([p for p in without if "时间戳" not in p[2]]))
    assert undated.get("payment_date").value is None


def test_several_receipts_on_a_page_keep_to_themselves() -> None:
    content = page(
        [
            *two_columns(15.0),
            *labelled_lines(
                105.0, payee="重庆示例设备有限公司", amount="88.00", words="捌拾捌元整"
            ),
            *vertical_heads(195.0, amount="5,000.00", words="伍仟元整"),
        ]
    )
    documents = read(content)
    assert [d.get("amount").value for d in documents] == [
        Decimal("123456.78"),
        Decimal("88.00"),
        Decimal("5000.00"),
    ]
    assert [d.get("payee_name").value for d in documents] == [
        VALUES["payee"],
        "重庆示例设备有限公司",
        VALUES["payee"],
    ]
    tops = [d.region.top for d in documents]
    assert tops == sorted(tops)


def _emptied(text: str) -> str:
    printed = text in VALUES.values() or "2023" in text or "123" in text
    if printed or text.startswith("人民币"):
        return ""
    return text.split("：", maxsplit=1)[0] + "：" if "：" in text else text


def test_a_blank_form_gives_nothing() -> None:
    blank = changed(two_columns(), _emptied)
    (document,) = read(page([*blank, (140.0, 54.0, "人民币   整")]))
    assert set(document.fields) <= {"bank_name"}


def test_a_lone_long_number_is_nobodys_account() -> None:
    rows = [p for p in labelled_lines() if "收款人账号" not in p[2]]
    (document,) = read(page([*rows, (115, 60, "6228480402564890018")]))
    assert document.get("payee_account").value is None


def test_names_that_wrap_in_their_cell_are_joined() -> None:
    rows = [p for p in two_columns() if p[2] != VALUES["payee"]]
    wrapped: list[Placed] = [
        (145, 33.0, "成都高新区云帆工业互联网"),
        (145, 37.0, "软件技术服务有限公司"),
    ]
    (document,) = read(page([*rows, *wrapped]))
    assert document.get("payee_name").value == "成都高新区云帆工业互联网软件技术服务有限公司"


def test_words_that_differ_make_the_amount_doubtful() -> None:
    (document,) = read(page(labelled_lines(amount="723,456.78")))
    amount = document.get("amount")
    assert amount.status is Status.DOUBTFUL
    assert [r.key for r in amount.reasons][-1] == "checks.words_differ"


def test_the_actual_payer_is_the_payer() -> None:
    rows = [
        *vertical_heads(payer="山城集团财务有限公司"),
        (20, 75, "实际付款人户名：重庆山城智造有限公司"),
    ]
    (document,) = read(page(rows))
    assert document.get("payer_name").value == "重庆山城智造有限公司"
    assert document.get("nominal_payer_name").value == "山城集团财务有限公司"


@pytest.mark.parametrize(
    ("purpose", "business", "subkind", "mark"),
    [
        ("2023年一季度存款利息", "结息", "interest", "利息"),
        ("增值税", "实时扣税", "tax", "缴税"),
        ("网银汇款手续费", "收费", "fee", "手续费"),
        ("归还贷款本金", "贷款还款", "loan", "贷款"),
    ],
)
def test_what_is_no_purchase_is_named(purpose: str, business: str, subkind: str, mark: str) -> None:
    rows = [p for p in labelled_lines(purpose=purpose) if not p[2].startswith(("业务种类", "附言"))]
    (document,) = read(page([*rows, (20, 70, f"业务种类：{business}")]))
    assert document.subkind == subkind
    assert mark in document.marks


def test_a_fee_inside_a_payment_for_goods_does_not_make_it_a_fee() -> None:
    rows = [*labelled_lines(), (110, 76, "手续费：10.00")]
    (document,) = read(page(rows))
    assert document.subkind == "payment"
    assert document.get("amount").value == Decimal("123456.78")


def test_refunds_deposits_and_failures_are_marked() -> None:
    (refund,) = read(page(labelled_lines(purpose="货款退回")))
    assert "退款" in refund.marks
    (failed,) = read(page([*labelled_lines(), (20, 100, "交易状态：失败")]))
    assert "未完成" in failed.marks


def test_spoilt_labels_still_find_their_values() -> None:
    spoilt = changed(
        labelled_lines(),
        lambda t: t.replace("付款人账号", "付款人帐亏").replace("收款人名称", "收款人名孙"),
    )
    (document,) = read(page(spoilt))
    assert document.get("payee_name").value == VALUES["payee"]


def test_doubtful_fields_ask_once_and_the_answers_count() -> None:
    content = page(two_columns(), confidence=0.7)
    extraction = KIND.extract(content, ())
    asked = {ask.field_name for ask in extraction.asks}
    assert {"payee_name", "serial_number", "receipt_number"} <= asked
    answers = tuple(
        SecondLook(ask, VALUES["payee"], 0.97)
        for ask in extraction.asks
        if ask.field_name == "payee_name" and ask.look is Look.LARGER
    )
    again = KIND.extract(content, answers)
    assert again.asks == ()
    assert again.documents[0].get("payee_name").status is Status.READ


def bker(**fields: str) -> Record:
    named = tuple(RecordField(f"bker:{name}", text) for name, text in fields.items())
    return Record(
        Origin.XBRL, "xbrl-bker", tuple(RecordField(f"x/{f.name[5:]}", f.text) for f in named)
    )


def test_structured_data_confirms_the_face_and_its_zeros_are_placeholders() -> None:
    record = bker(
        TransactionAmountInFigures="0",
        AccountNameOfPayee=VALUES["payee"],
        DateOfBookkeeping="2023-03-05",
        NumberOfBankElectronicReceipt=VALUES["receipt"],
    )
    (document,) = read(page(labelled_lines(), scan=False, records=(record,)))
    assert document.get("payee_name").status is Status.CONFIRMED
    assert document.get("amount").value == Decimal("123456.78")
    assert all(s.origin is not Origin.XBRL for s in document.get("amount").sources)


def test_a_record_without_a_page_is_a_receipt() -> None:
    record = bker(
        TransactionAmountInFigures="1130.00",
        AccountNameOfPayer=VALUES["payer"],
        Usage="货款",
    )
    content = page((), scan=False, records=(record,))
    claim = KIND.classify(content)
    (document,) = read(content)
    assert claim is not None
    assert document.get("amount").value == Decimal("1130.00")
    assert document.get("payer_name").value == VALUES["payer"]


def test_structured_amount_that_contradicts_the_face_is_doubtful() -> None:
    record = bker(TransactionAmountInFigures="999.00")
    (document,) = read(page(labelled_lines(), scan=False, records=(record,)))
    assert document.get("amount").status is Status.DOUBTFUL


def test_one_date_read_in_pieces_is_one_place_and_confirms_nothing() -> None:
    (document,) = read(page(vertical_heads()))
    assert document.get("payment_date").value == date(2023, 3, 5)
    assert document.get("payment_date").status is Status.READ


def test_a_date_whose_time_is_under_a_seal_is_asked_for_alone() -> None:
    rows = [p for p in two_columns() if "2023年" not in p[2]]
    faint = page(rows, confidence=0.9)
    asks = [a for a in KIND.extract(faint, ()).asks if a.field_name == "payment_date"]
    stamp = next(x for x in faint.lines if x.text.startswith("2023-03-05"))
    assert asks
    assert asks[0].box.width < 0.5 * stamp.box.width


def test_the_direction_decides_who_the_holder_is_and_without_it_nobody_is_named() -> None:
    (taken,) = read(page(own_and_other(flag="贷")))
    assert taken.subkind == "collection"
    assert taken.get("payee_name").value == VALUES["payer"]
    assert taken.get("payer_name").value == VALUES["payee"]
    unknown = [p for p in own_and_other() if "借贷标志" not in p[2]]
    (open_,) = read(page(unknown))
    assert open_.get("payee_name").value is None
    assert open_.get("payer_name").value is None


def test_words_that_cannot_be_read_are_kept_as_printed_and_doubt_no_figure() -> None:
    rows = labelled_lines(words="壹拾武万叁仟肆伯伍拾陆元柒角捌分")
    (document,) = read(page(rows))
    assert document.get("amount").status is Status.READ
    assert document.get("amount_in_words").status is Status.DOUBTFUL
    assert "amount_in_words" in {ask.field_name for ask in KIND.extract(page(rows), ()).asks}


@pytest.mark.parametrize(
    ("seen", "status"),
    [(VALUES["words"], Status.CONFIRMED), ("肆佰元整", Status.READ)],
    ids=["whole", "a part of it"],
)
def test_a_second_look_at_spoilt_words(seen: str, status: Status) -> None:
    content = page(labelled_lines(words="壹拾武万叁仟肆伯伍拾陆元柒角捌分"))
    asks = KIND.extract(content, ()).asks
    looks = tuple(SecondLook(a, seen, 0.8) for a in asks if a.field_name == "amount_in_words")
    assert read(content, *looks)[0].get("amount").status is status


def test_a_crop_that_shows_the_label_too_gives_the_number_alone() -> None:
    content = page(labelled_lines(), confidence=0.7)
    asks = KIND.extract(content, ()).asks
    looks = tuple(
        SecondLook(a, f"交易流水号{VALUES['serial']}", 0.96)
        for a in asks
        if a.field_name == "serial_number"
    )
    assert read(content, *looks)[0].get("serial_number").value == VALUES["serial"]

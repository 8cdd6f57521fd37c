"""Amounts in figures and in 大写: both ways, and what stays unread."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.text.money import amount_to_words, parse_amount, repair_words, words_to_amount

cents = st.integers(0, 10**15 - 1)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,130.00", "1130.00"),
        ("￥1,130.00", "1130.00"),
        ("¥ 1130", "1130"),
        ("CNY383.42", "383.42"),
        ("RMB：383.42", "383.42"),
        ("人民币12,000.00元整", "12000.00"),
        ("\uff11，\uff11\uff13\uff10．\uff10\uff10", "1130.00"),
        ("1 234 567.89", "1234567.89"),
        ("-¥1,130.00", "-1130.00"),
        ("¥-1,130.00", "-1130.00"),
        ("－1,130.00", "-1130.00"),
        ("(1,130.00)", "-1130.00"),
        ("（1130.00）", "-1130.00"),
        ("1130.00-", "-1130.00"),
        ("12.5万元", "125000"),
        ("500万", "5000000"),
        ("0.00", "0.00"),
        ("-0.00", "0.00"),
        ("0.5309734513274", "0.5309734513274"),
    ],
)
def test_figures(text: str, amount: str) -> None:
    found = parse_amount(text)
    assert found == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "-", "***", "1,13.00", "1.234.56", "1.234,56", "12,34", "--5", "(5", "-(5)", "5元6角", "1e5",
     "12345678901234567890", "一百", "¥", "NaN", "13%", "1 2"],
)  # fmt: skip
def test_no_figure(text: str) -> None:
    """Separators that fit no reading are not mended here, and long numbers are no money."""
    assert parse_amount(text) is None


@given(cents)
def test_words_give_the_amount_back(number: int) -> None:
    amount = Decimal(number) / 100
    words = amount_to_words(amount)
    assert words_to_amount(words) == amount
    assert words_to_amount(words.replace("圆", "元").replace("整", "正")) == amount
    assert words_to_amount(f"人民币（大写）：{words}") == amount


@given(cents.filter(bool))
def test_negative_amounts_keep_their_sign(number: int) -> None:
    amount = -Decimal(number) / 100
    assert words_to_amount(amount_to_words(amount)) == amount


@given(cents, cents)
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    same = amount_to_words(Decimal(one) / 100) == amount_to_words(Decimal(other) / 100)
    assert same == (one == other)


@given(cents, st.data())
def test_a_lost_character_never_passes_for_a_near_amount_inside_a_group(
    number: int, data: st.DataObject
) -> None:
    """A dropped place sign (壹仟贰[佰]圆) is unread, not another number."""
    words = amount_to_words(Decimal(number) / 100)
    places = [i for i, c in enumerate(words) if c in "仟佰"]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    damaged = words[:at] + words[at + 1 :]
    assert words_to_amount(damaged) != Decimal(number) / 100


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零圆整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹圆零伍分"),
        ("10", "壹拾圆整"),
        ("100000.00", "壹拾万圆整"),
        ("100300.00", "壹拾万零叁佰圆整"),
        ("107000.53", "壹拾万柒仟圆伍角叁分"),
        ("5000300", "伍佰万零叁佰圆整"),
        ("100000000", "壹亿圆整"),
        ("100000001", "壹亿零壹圆整"),
        ("1001.30", "壹仟零壹圆叁角整"),
        ("-100", "（负数）壹佰圆整"),
        ("88495.575", "捌万捌仟肆佰玖拾伍圆伍角捌分"),
    ],
)
def test_words_as_invoices_print_them(amount: str, words: str) -> None:
    assert amount_to_words(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("拾万元整", "100000"),
        ("⊗壹佰壹拾叁圆整", "113"),
        ("ⓧ壹佰壹拾叁圆整", "113"),
        ("貳億陸仟萬圓正", "260000000"),
        ("人民币 伍 万 叁 仟 元 整", "53000"),
        ("伍万叁仟园整".replace("园", "園"), "53000"),
        ("壹佰万元", "1000000"),
        ("壹佰万整", "1000000"),
        ("一百二十三元", "123"),
        ("玖角捌分", "0.98"),
        ("叁拾伍圆零角整", "35"),
        ("贰仟壹佰圆伍角零分", "2100.50"),
        ("壹圆伍分", "1.05"),
        ("负壹佰圆整", "-100"),
        ("（负数）壹佰圆整", "-100"),
        ("叄佰參拾弍元正", "332"),
        ("壹万亿元整", "1000000000000"),
    ],
)
def test_other_spellings(words: str, amount: str) -> None:
    assert words_to_amount(words) == Decimal(amount)


@pytest.mark.parametrize(
    "words",
    ["", "整", "圆整", "壹佰", "壹仟贰圆整", "壹佰贰元", "佰元整", "壹佰仟元整", "壹壹元整", "壹佰元伍整",
     "伍角叁", "壹佰元整肆拾", "万元整", "亿元整", "零佰元整", "壹佰X元整", "12元整", "壹佰伍角"],
)  # fmt: skip
def test_ill_formed_words_are_unread(words: str) -> None:
    assert words_to_amount(words) is None


def test_no_words_for_what_is_no_money() -> None:
    for amount in (Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 16):
        with pytest.raises(ValueError, match="no amount"):
            amount_to_words(amount)


@pytest.mark.parametrize(
    ("words", "amount", "repaired"),
    [
        ("别佰园整", "800", "捌佰圆整"),
        ("壹方贰任圆整", "12000", "壹万贰仟圆整"),
        ("任佰圆整", "500", "伍佰圆整"),
        ("别佰园整", "900", None),
        ("壹佰圆整", "100", None),
        ("壹口圆整", "100", None),
    ],
)
def test_repair_needs_the_one_that_fits(words: str, amount: str, repaired: str | None) -> None:
    """Only known confusions, only towards the printed figure, and only if there is one way."""
    assert repair_words(words, Decimal(amount)) == repaired


@given(st.text(alphabet="零壹贰叁拾佰仟万亿圆角分整负人民币（）元正任别 ", max_size=24))
@example("万万元")
def test_any_words_are_survived(text: str) -> None:
    found = words_to_amount(text)
    assert found is None or found == found.quantize(Decimal("0.01"))
    repair_words(text, Decimal(1))

"""Labels are found and their values read by place, whatever the order of the lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.extract.found import read_labels, right_of
from audit.extract.labels import (
    Label,
    Side,
    find_labels,
    fold,
    one_edit,
)
from audit.extract.layout import Sheet, cut, cut_between, edges, join, rows, units
from audit.extract.stacked import find_stacked
from audit.model import Box, Origin, TextLine

EM = 0.016
NAME = Label("name", ("名称",))
NUMBER = Label("number", ("发票号码",), r"\d{8,20}")
DAY = Label("day", ("开票日期",))
TOTAL = Label("total", ("合计",))


def line(text: str, x: float, y: float, origin: Origin = Origin.TEXT_LAYER) -> TextLine:
    return TextLine(text, Box(x, y, x + units(text) * EM, y + EM / 0.7), origin)


def sheet(*lines: TextLine) -> Sheet:
    return Sheet(lines, aspect=0.7)


@pytest.mark.parametrize(
    ("lines", "label", "expected"),
    [
        ((line("名称：甲公司", 0.1, 0.1),), NAME, "甲公司"),
        ((line("名", 0.1, 0.1), line("称：", 0.14, 0.1), line("甲公司", 0.3, 0.1)), NAME, "甲公司"),
        ((line("甲公司", 0.2, 0.101), line("名  称：", 0.1, 0.1)), NAME, "甲公司"),
        ((line("开票 日期:2023年01月05日", 0.1, 0.1),), DAY, "2023年01月05日"),
        ((line("发票号码：№ 12345678 x", 0.1, 0.1),), NUMBER, "12345678"),
        ((line("购 名称：甲公司", 0.1, 0.1),), NAME, "甲公司"),
        ((line("⼾名", 0.1, 0.1), line("乙公司", 0.2, 0.1)), Label("x", ("户名",)), "乙公司"),
    ],
)
def test_value_stands_to_the_right(
    lines: tuple[TextLine, ...], label: Label, expected: str
) -> None:
    """One line, split lines, any order, inner blanks, junk before the value, odd glyphs."""
    found = read_labels(sheet(*lines), (label,))
    assert [f.text for f in found[label.field]] == [expected]


def test_value_ends_at_the_next_label() -> None:
    """Two labels on one baseline do not swallow each other."""
    found = read_labels(
        sheet(line("发票号码：12345678 开票日期：2023年1月5日", 0.1, 0.1)), (NUMBER, DAY)
    )
    assert found["number"][0].text == "12345678"
    assert found["day"][0].text == "2023年1月5日"


def test_a_far_column_is_not_the_value() -> None:
    """What stands beyond the reach belongs to another cell."""
    found = read_labels(sheet(line("名称：", 0.1, 0.1), line("密码区", 0.6, 0.1)), (NAME,))
    assert "name" not in found


def test_value_below() -> None:
    """A label may head a column."""
    label = Label("name", ("名称",), side=Side.BELOW)
    found = read_labels(
        sheet(line("名称", 0.1, 0.1), line("金额", 0.5, 0.1), line("甲公司", 0.1, 0.14)), (label,)
    )
    assert found["name"][0].text == "甲公司"


def test_longer_label_wins_its_place() -> None:
    """``名称`` inside another label is not a label of its own."""
    header = Label("", ("货物或应税劳务、服务名称",))
    spots = find_labels(sheet(line("货物或应税劳务、服务名称", 0.1, 0.1)), (NAME, header))
    assert [spot.label for spot in spots] == [header]


@pytest.mark.parametrize("printed", ["开票曰期", "开日期", "开票目日期", "开票日朝"])
def test_one_wrong_character_in_ocr_only(printed: str) -> None:
    """OCR may spoil one character of a long label; an issuer's text layer does not."""
    scanned = sheet(line(f"{printed}:2023年1月5日", 0.1, 0.1, Origin.OCR))
    assert read_labels(scanned, (DAY,))["day"][0].text.endswith("2023年1月5日")
    assert not read_labels(sheet(line(f"{printed}:2023年1月5日", 0.1, 0.1)), (DAY,))


def test_spoilt_label_that_fits_two_fields_is_left_alone() -> None:
    """发票?码 may be the number or the code: guessing would mix them up."""
    code = Label("code", ("发票代码",))
    scanned = sheet(line("发票另码:12345678", 0.1, 0.1, Origin.OCR))
    assert not find_labels(scanned, (NUMBER, code))
    assert find_labels(scanned, (NUMBER,))


def test_stacked_label_glued_to_other_text() -> None:
    """购/买/方 written downwards is found though each character leads another line."""
    lines = (
        line("购 名称：甲", 0.1, 0.10),
        line("买 地址：乙", 0.1, 0.14),
        line("方 电话：丙", 0.1, 0.18),
    )
    spots = find_stacked(sheet(*lines), (Label("buyer", ("购买方",)),))
    assert len(spots) == 1
    assert spots[0].box.left == pytest.approx(0.1)


def test_line_written_downwards_is_a_stacked_label() -> None:
    """A tall narrow line is read from top to bottom."""
    tall = TextLine("销售方", Box(0.1, 0.5, 0.1 + EM, 0.6))
    assert find_stacked(sheet(tall), (Label("seller", ("销售方",)),))


def test_wide_gap_inside_a_label() -> None:
    """合      计 is one label, but not over half the page."""
    assert find_labels(sheet(line("合", 0.1, 0.1), line("计", 0.2, 0.1)), (TOTAL,))
    assert not find_labels(sheet(line("合", 0.1, 0.1), line("计", 0.6, 0.1)), (TOTAL,))


def test_cut_uses_measured_edges() -> None:
    """A cut takes the measured character edges where there are some."""
    whole = TextLine("ab", Box(0, 0, 1, 0.1), char_edges=(0.0, 0.9, 1.0))
    assert cut(whole, 1, 2).box.left == pytest.approx(0.9)
    part = cut_between(whole, 0.9, 1.0)
    assert part is not None
    assert part.text == "b"


def test_joined_pieces_keep_the_lowest_confidence() -> None:
    """A value of several pieces is as sure as its worst one."""
    one, two = line("甲", 0.1, 0.1), TextLine("乙", Box(0.2, 0.1, 0.3, 0.12), Origin.OCR, 0.4)
    joined = join((one, two))
    assert joined is not None
    assert (joined.text, joined.confidence, joined.origin) == ("甲乙", 0.4, Origin.OCR)


texts = st.text(max_size=12)
coordinates = st.floats(0, 1, allow_nan=False, allow_subnormal=False)
boxes = st.builds(
    lambda a, b, c, d: Box(min(a, c), min(b, d), max(a, c), max(b, d)),
    *(coordinates for _ in range(4)),
)
any_lines = st.lists(
    st.builds(TextLine, texts, boxes, st.sampled_from([Origin.OCR, Origin.TEXT_LAYER])), max_size=8
)


@given(any_lines)
def test_any_lines_are_bearable(lines: list[TextLine]) -> None:
    """No arrangement of lines raises, and each line lands in exactly one row."""
    page = Sheet(tuple(lines), 1.4)
    spots = find_labels(page, (NAME, NUMBER, DAY, TOTAL))
    for spot in spots:
        right_of(page, spot, spots)
    find_stacked(page, (NAME,))
    read_labels(page, (NAME, NUMBER))
    assert sum(len(row) for row in rows(lines)) == len(lines)


@given(st.text(alphabet="甲乙丙丁", min_size=4, max_size=6), st.data())
def test_one_edit_holds_for_every_single_edit(word: str, data: st.DataObject) -> None:
    """Insertion, deletion and substitution of one character are all one edit."""
    at = data.draw(st.integers(0, len(word) - 1))
    for edited in (word[:at] + "戊" + word[at:], word[:at] + word[at + 1 :], word):
        assert one_edit(edited, word)
    assert one_edit(word[:at] + "戊" + word[at + 1 :], word)
    assert not one_edit("戊己" + word[2:] + "庚", word)


@given(texts)
def test_edges_and_folding_fit_the_text(text: str) -> None:
    """One edge more than characters; every folded character knows where it came from."""
    whole = TextLine(text, Box(0.1, 0.1, 0.9, 0.2))
    assert len(edges(whole)) == len(text) + 1
    folded, places = fold(text)
    assert len(folded) == len(places)

"""Which options are ticked, whatever sign a person used."""

from __future__ import annotations

import pytest

from audit.extract.ticks import read_choice

OPTIONS = ("国有", "民营", "三资", "其他")


@pytest.mark.parametrize(
    ("text", "ticked", "unmarked"),
    [
        ("□国有 ☑民营 □三资 □其他", ("民营",), ()),
        ("□国有 ■民营 □三资 □其他", ("民营",), ()),
        ("□国有 √民营 □三资 □其他", ("民营",), ()),
        ("□国有√□民营□三资□其他", ("民营",), ()),
        ("□国有 □√民营 □三资 □其他", ("民营",), ()),
        ("☑国有 ☑民营 □三资 □其他", ("国有", "民营"), ()),
        ("□国有 □民营 □三资 □其他", (), ()),
        ("□国有 民营 □三资 □其他", (), ("民营",)),
        ("口国有 ☑民营 口三资 口其他", ("民营",), ()),
        ("民营", (), ("民营",)),
    ],
)
def test_choice(text: str, ticked: tuple[str, ...], unmarked: tuple[str, ...]) -> None:
    found = read_choice(text, OPTIONS)
    assert (found.ticked, found.unmarked) == (ticked, unmarked)


def test_a_longer_option_keeps_a_shorter_one_out() -> None:
    found = read_choice("☑华为云 □云服务", ("华为云", "云", "云服务"))
    assert (found.ticked, found.empty) == (("华为云",), ("云服务",))


def test_one_wrong_character_only_where_asked_for() -> None:
    text, options = "☑平台化投计 □数字化管理", ("平台化设计", "数字化管理")
    assert read_choice(text, options).ticked == ()
    assert read_choice(text, options, fuzzy=True).ticked == ("平台化设计",)

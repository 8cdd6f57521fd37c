"""One form of a text."""

from __future__ import annotations

from audit.text.normal import compact, nfkc


def test_compatibility_form() -> None:
    assert nfkc("（\uff11\uff12\uff13）\uff21\uff22⼾⾦") == "(123)AB户金"
    assert nfkc("⻋⻔") == "车门"


def test_blanks_and_invisible_characters_go() -> None:
    assert compact("合\u3000 计\u200b\ufeff\n") == "合计"

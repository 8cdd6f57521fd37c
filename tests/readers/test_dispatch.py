"""What a file is by its content, and what is said when that is not what its name promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.i18n import text
from audit.model import Page, PageContent, PageMode, problem
from audit.readers import (
    FileFormat,
    FileSurvey,
    PageRead,
    UnreadableError,
    dispatch,
    open_pages,
    survey,
)
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import (
    docx_parts,
    einvoice,
    ofd_parts,
    page_pdf,
    picture,
    text_content,
    xlsx_parts,
    zipped,
)

GOOD = {
    FileFormat.PDF: page_pdf(text_content()),
    FileFormat.OFD: zipped(ofd_parts()),
    FileFormat.XML: einvoice(),
    FileFormat.XLSX: zipped(xlsx_parts()),
    FileFormat.DOCX: zipped(docx_parts()),
    FileFormat.CSV: b"a,b\n1,2\n",
    FileFormat.XLS: b"<html><table><tr><td>1</td></tr></table></html>",
    FileFormat.IMAGE: picture("PNG"),
    FileFormat.ARCHIVE: zipped({"a.txt": b"x"}),
}
SUFFIXES = {
    FileFormat.PDF: ".pdf", FileFormat.OFD: ".ofd", FileFormat.XML: ".xml", FileFormat.XLSX: ".xlsx",
    FileFormat.DOCX: ".docx", FileFormat.CSV: ".csv", FileFormat.XLS: ".html", FileFormat.IMAGE: ".png",
    FileFormat.ARCHIVE: ".zip",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(GOOD))
@pytest.mark.parametrize("name", ["right", "lying.pdf", "lying.jpg", "none"])
def test_a_file_is_what_it_holds(tmp_path: Path, kind: FileFormat, name: str) -> None:
    path = tmp_path / "content"
    path.write_bytes(GOOD[kind])
    shown = f"a{SUFFIXES[kind]}" if name == "right" else name

    found = survey(path, shown, DEFAULT_LIMITS)

    assert found.format is kind
    lies = name.startswith("lying") and not shown.endswith(SUFFIXES[kind])
    assert [p.code for p in found.problems] == (["W203"] if lies else [])
    assert found.readable is (kind is not FileFormat.ARCHIVE)


@pytest.mark.parametrize(
    ("head", "target"),
    [(b"\xfd7zXZ\x00", "ZIP"), (b"\x1f\x8b\x08\x00", "ZIP"),
     (b"8BPS\x00\x01", "JPG"), (b"AC1032", "PDF")],
)  # fmt: skip
def test_a_refusal_says_what_to_convert_to(tmp_path: Path, head: bytes, target: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(head + bytes(100))

    (told,) = survey(path, "a", DEFAULT_LIMITS).problems

    assert told.code == "E202"
    assert target in text("E202.ask", dict(told.params))


def _pages(*_: object) -> Iterator[PageRead]:
    indexes = _[2]
    assert isinstance(indexes, tuple)
    for index in indexes:
        if index == 1:
            raise UnreadableError(problem("E302", reason="x"))
        if index == 3:
            message = "damaged"
            raise ValueError(message)
        yield PageRead(PageContent(Page("0" * 64, index, PageMode.DIGITAL)))


def test_each_damaged_page_comes_empty_and_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    monkeypatch.setattr(dispatch, "_reader", lambda _: _pages)

    found = list(open_pages(path, FileSurvey(FileFormat.PDF, 5), [4, 3, 1, 0], DEFAULT_LIMITS))

    assert [p.content.page.page_index for p in found] == [4, 3, 1, 0]
    assert [[q.code for q in p.content.problems] for p in found] == [[], ["E302"], ["E302"], []]
    assert found[1].content.problems[0].page_index == 3


def test_a_bug_of_ours_is_not_hidden_as_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[PageRead]:
        raise AttributeError("ours")
        yield

    monkeypatch.setattr(dispatch, "_reader", lambda _: broken)

    with pytest.raises(AttributeError):
        list(open_pages(tmp_path, FileSurvey(FileFormat.PDF, 1), [0], DEFAULT_LIMITS))

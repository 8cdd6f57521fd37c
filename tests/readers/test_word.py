"""Word: paragraphs and tables in order, boxes ticked, what was struck or hidden."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK

from audit.model import PageContent
from audit.readers import FileSurvey, open_pages, survey
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import docx_parts, picture, relationships, zipped


def read(tmp_path: Path, data: bytes) -> tuple[FileSurvey, list[PageContent]]:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    found = survey(path, "a.docx", DEFAULT_LIMITS)
    return found, [p.content for p in open_pages(path, found, range(found.pages), DEFAULT_LIMITS)]


def texts(content: PageContent) -> list[str]:
    ordered = sorted(content.lines, key=lambda x: (round(x.box.top, 4), x.box.left))
    return [line.text for line in ordered]


def test_paragraphs_and_tables_stand_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("项目验收报告")
    table = document.add_table(rows=2, cols=2)
    for place, value in enumerate(("项目名称", "智能产线", "验收结论", "合格")):
        table.cell(place // 2, place % 2).text = value
    document.add_paragraph("验收日期：2023年6月1日")
    target = io.BytesIO()
    document.save(target)

    _, (content,) = read(tmp_path, target.getvalue())

    assert texts(content) == [
        "项目验收报告", "项目名称", "智能产线", "验收结论", "合格", "验收日期：2023年6月1日",
    ]  # fmt: skip
    (found,) = content.tables
    assert [(c.row, c.column, c.text) for c in found.cells] == [
        (0, 0, "项目名称"), (0, 1, "智能产线"), (1, 0, "验收结论"), (1, 1, "合格"),
    ]  # fmt: skip
    left, right = found.cells[0].box, found.cells[1].box
    assert left is not None
    assert right is not None
    assert left.right == pytest.approx(right.left)


def test_merged_cells_span_and_keep_their_text(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "标题"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "左"
    target = io.BytesIO()
    document.save(target)

    _, (content,) = read(tmp_path, target.getvalue())

    found = {(c.row, c.column): c for c in content.tables[0].cells}
    assert (found[0, 0].text, found[0, 0].column_span) == ("标题", 3)
    assert (found[1, 0].text, found[1, 0].row_span) == ("左", 2)


def test_stored_breaks_make_pages_and_pictures_follow(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("第一页").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("第二页")
    document.add_picture(io.BytesIO(picture("JPEG", (400, 300))))
    target = io.BytesIO()
    document.save(target)

    found, contents = read(tmp_path, target.getvalue())

    assert found.pages == 3
    assert [texts(c) for c in contents] == [["第一页"], ["第二页"], []]
    assert contents[2].page.size == (400, 300)


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ('<w:sym w:font="Wingdings 2" w:char="F052"/>', "☑"),
        ('<w:sym w:font="Wingdings" w:char="F0A8"/>', "□"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "☑"),
        ("<w:t>☒</w:t>", "☒"),
        ('<w:fldChar><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar>', "☑"),
        ('<w:fldChar><w:ffData><w:checkBox><w:checked w:val="0"/></w:checkBox></w:ffData></w:fldChar>', "□"),
    ],
)  # fmt: skip
def test_boxes_show_whether_they_are_ticked(tmp_path: Path, run: str, text: str) -> None:
    body = f"<w:p><w:r>{run}</w:r><w:r><w:t>国有企业</w:t></w:r></w:p>"

    _, (content,) = read(tmp_path, zipped(docx_parts(body)))

    assert texts(content) == [f"{text}国有企业"]


def test_what_was_struck_out_is_not_text_and_is_told(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>金额</w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>900</w:t></w:r></w:ins></w:p>"
    )
    found, (content,) = read(tmp_path, zipped(docx_parts(body)))

    assert texts(content) == ["金额900"]
    assert [p.code for p in found.problems] == ["W606"]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    body = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        "<w:t>框外</w:t></w:r></w:p>"
    )
    _, (content,) = read(tmp_path, zipped(docx_parts(body)))

    assert sorted(texts(content)) == ["框内", "框外"]


def test_headers_are_on_every_page(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:t>甲</w:t><w:br w:type="page"/></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p>'
    parts = docx_parts(body)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts["word/header1.xml"] = (
        f'<w:hdr xmlns:w="{space}"><w:p><w:r><w:t>某某公司</w:t></w:r></w:p></w:hdr>'.encode()
    )
    parts["word/_rels/document.xml.rels"] = relationships(("r1", "header", "header1.xml"))

    _, contents = read(tmp_path, zipped(parts))

    assert [texts(c) for c in contents] == [["某某公司", "甲"], ["某某公司", "乙"]]

"""XLS and ODS: values, hidden sheets, and which old Office file is which."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from audit.model import PageContent
from audit.readers import FileFormat, FileSurvey, office, open_pages, survey
from audit.settings import DEFAULT_LIMITS
from tests.hostile.build import zipped
from tests.readers.olefile import compound, workbook


def read(tmp_path: Path, data: bytes, name: str) -> tuple[FileSurvey, list[PageContent]]:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    found = survey(path, name, DEFAULT_LIMITS)
    pages = open_pages(path, found, range(found.pages), DEFAULT_LIMITS) if found.pages else ()
    return found, [p.content for p in pages]


@pytest.mark.parametrize("name", ["a.xls", "a.et"])
def test_an_old_workbook_is_read(tmp_path: Path, name: str) -> None:
    stream = workbook([["发票号码", "金额"], ["00123456", 1130.5]], "明细")

    found, (content,) = read(tmp_path, compound({"Workbook": stream}), name)

    assert (found.format, found.problems) == (FileFormat.XLS, ())
    (table,) = content.tables
    assert table.name == "明细"
    assert [(c.row, c.column, c.text, c.number) for c in table.cells] == [
        (0, 0, "发票号码", None), (0, 1, "金额", None),
        (1, 0, "00123456", None), (1, 1, "1130.5", Decimal("1130.5")),
    ]  # fmt: skip


def test_a_hidden_sheet_is_read_and_told(tmp_path: Path) -> None:
    _, (content,) = read(tmp_path, compound({"Workbook": workbook([["藏"]], hidden=True)}), "a.xls")

    assert content.tables[0].hidden
    assert [p.code for p in content.problems] == ["W606"]


def test_an_open_document_sheet_is_read(tmp_path: Path) -> None:
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    body = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        '<table:table table:name="表"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>名称</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="0.1"><text:p>0.1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2023-03-01"><text:p>1</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": body.encode(),
        "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }

    _, (content,) = read(tmp_path, zipped(parts), "a.ods")

    cells = content.tables[0].cells
    assert [c.text for c in cells][:2] == ["名称", "0.1"]
    assert cells[1].number == Decimal("0.1")


@pytest.mark.parametrize(
    ("stream", "code", "kind"),
    [
        ("WordDocument", "E204", "DOC"),
        ("PowerPoint Document", "E204", "PPT"),
        ("EncryptedPackage", "E401", ""),
        ("Something", "E204", "OLE"),
    ],
)
def test_old_office_files_are_told_apart_by_their_streams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str, code: str, kind: str
) -> None:
    monkeypatch.setattr(office, "converter", lambda: "")

    found, _ = read(tmp_path, compound({stream: b"x", "Other": b"y"}), "a.bin")

    assert [p.code for p in found.problems] == [code]
    assert dict(found.problems[0].params).get("type", "") == kind

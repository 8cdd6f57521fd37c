"""Bad spreadsheets and Word documents."""

from __future__ import annotations

from collections.abc import Iterator

from audit.readers import ole
from tests.hostile.build import (
    GOOD_ROWS,
    docx_parts,
    picture,
    png,
    relationships,
    sheet_xml,
    xlsx_parts,
    zipped,
)
from tests.hostile.corpus import OK, Bad, bad


def files() -> Iterator[Bad]:
    """Yield them all."""
    yield from _workbooks()
    yield from _sheets()
    yield from _words()
    yield from _old()


def _workbooks() -> Iterator[Bad]:
    parts = xlsx_parts()
    good = zipped(parts)
    yield bad("good.xlsx", good, OK)
    for share in (25, 50, 75, 95):
        yield bad(f"cut{share}.xlsx", good[: len(good) * share // 100], "E302")
    for name in parts:
        short = name.rpartition("/")[2].strip("[]_.")
        rest = {key: value for key, value in parts.items() if key != name}
        yield bad(f"without-{short}.xlsx", zipped(rest), OK, "E302", "E303", "W203")
        if name.endswith((".xml", ".rels")) and "Content" not in name:
            yield bad(
                f"broken-{short}.xlsx", zipped({**parts, name: parts[name][:60]}), "E302", "E303"
            )
            dtd = (
                b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                + parts[name].partition(b"?>")[2]
            )
            yield bad(f"dtd-{short}.xlsx", zipped({**parts, name: dtd}), "E603")
    yield bad(
        "elsewhere.xlsx",
        zipped(
            {
                **parts,
                "xl/_rels/workbook.xml.rels": relationships(("rId1", "worksheet", "../../x.xml")),
            }
        ),
        "E302",
    )
    yield bad("macro.xlsm", zipped({**parts, "xl/vbaProject.bin": b"x"}), "W605")
    yield bad(
        "external.xlsx", zipped({**parts, "xl/externalLinks/externalLink1.xml": b"<a/>"}), "E604"
    )
    yield bad(
        "picture.xlsx", zipped({**parts, "xl/media/image1.png": picture("PNG", (300, 300))}), OK
    )
    yield bad(
        "picturebomb.xlsx",
        zipped({**parts, "xl/media/image1.png": png(60_000, 60_000)}),
        OK,
        "E506",
    )
    yield bad("emf.xlsx", zipped({**parts, "xl/media/image1.emf": b"\x01\x00\x00\x00"}), "W606")
    hidden = '<sheet name="暗" sheetId="1" state="veryHidden" r:id="rId1"/>'
    yield bad("hidden.xlsx", zipped(xlsx_parts(sheets=hidden)), "W606")
    many = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 700))
    yield bad("sheets700.xlsx", zipped(xlsx_parts(sheets=many)), OK, "E507")
    yield bad("twice.xlsx", zipped([*parts.items(), *parts.items()]), "W608")
    strings = {**xlsx_parts(sheet_xml('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'))}
    yield bad("strings.xlsx", zipped(strings), OK)


def _sheets() -> Iterator[Bad]:
    far = sheet_xml(GOOD_ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    yield bad("xfd.xlsx", zipped(xlsx_parts(far)), "E508")
    yield bad(
        "gap.xlsx",
        zipped(xlsx_parts(sheet_xml(GOOD_ROWS + '<row r="5000"><c r="A5000"><v>1</v></c></row>'))),
        "E508",
    )
    wide = "".join(f"<c><v>{n}</v></c>" for n in range(16_000))
    yield bad("wide.xlsx", zipped(xlsx_parts(sheet_xml(f'<row r="1">{wide}</row>'))), "E508")
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 205_000))
    yield bad("rows.xlsx", zipped(xlsx_parts(sheet_xml(rows))), "E508", "E509")
    zeros = zipped(xlsx_parts(sheet_xml("<row/>" * 11_000_000)))
    yield bad("bomb.xlsx", zeros, "E501", "E503")
    yield bad(
        "formula.xlsx",
        zipped(xlsx_parts(sheet_xml('<row r="1"><c r="A1"><f>1+1</f></c></row>'))),
        "W702",
    )
    covered = sheet_xml('<row r="1" hidden="1"><c r="A1"><v>5</v></c></row>')
    yield bad("hiddenrow.xlsx", zipped(xlsx_parts(covered)), "W606")
    column = sheet_xml(GOOD_ROWS, before='<cols><col min="1" max="16384" hidden="1"/></cols>')
    yield bad("hiddencolumn.xlsx", zipped(xlsx_parts(column)), "W606")
    merged = sheet_xml(GOOD_ROWS, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    yield bad("merged.xlsx", zipped(xlsx_parts(merged)), OK)
    odd = {
        "number": '<c r="A1"><v>1e999999999</v></c>', "nan": '<c r="A1"><v>NaN</v></c>',
        "style": '<c r="A1" s="99999999"><v>5</v></c>', "date": '<c r="A1" t="d"><v>9999-99-99</v></c>',
        "place": '<c r="ZZZZZZZZZ99999999999"><v>1</v></c>', "kind": '<c r="A1" t="xyz"><v>1</v></c>',
        "bool": '<c r="A1" t="b"><v>yes</v></c>', "back": '<c r="C1"><v>1</v></c><c r="A1"><v>2</v></c>',
    }  # fmt: skip
    for name, cell in odd.items():
        yield bad(
            f"cell-{name}.xlsx",
            zipped(xlsx_parts(sheet_xml(f'<row r="1">{cell}</row>'))),
            OK,
            "E508",
            "E303",
        )
    yield bad(
        "rowback.xlsx",
        zipped(
            xlsx_parts(
                sheet_xml('<row r="9"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>')
            )
        ),
        OK,
    )
    yield bad("deep.xlsx", zipped(xlsx_parts(sheet_xml("<x>" * 500 + "</x>" * 500))), "E302")
    yield bad(
        "text.xlsx",
        zipped(
            xlsx_parts(
                sheet_xml(
                    f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"长" * 2_000_000}</t></is></c></row>'
                )
            )
        ),
        OK,
        "E302",
    )
    yield bad("blank.xlsx", zipped(xlsx_parts(sheet_xml(""))), "E303")


def _words() -> Iterator[Bad]:
    parts = docx_parts()
    good = zipped(parts)
    yield bad("good.docx", good, OK)
    for share in (30, 60, 90):
        yield bad(f"cut{share}.docx", good[: len(good) * share // 100], "E302")
    name = "word/document.xml"
    yield bad("broken.docx", zipped({**parts, name: parts[name][:200]}), "E302")
    entity = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://example.invalid/">]>'
        + parts[name].partition(b"?>")[2]
    )
    yield bad("entity.docx", zipped({**parts, name: entity}), "E603")
    laughs = (
        b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        + parts[name].partition(b"?>")[2]
    )
    yield bad("laughs.docx", zipped({**parts, name: laughs}), "E603")
    yield bad("nothing.docx", zipped(docx_parts("")), "E303")
    run = "<w:r><w:t>第{}段</w:t></w:r>"
    bodies = {
        "tracked": ("<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新的</w:t></w:r></w:ins></w:p>", "W606"),
        "hidden": ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:t>看得见</w:t></w:r></w:p>", "W606"),
        "dde": ("<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd</w:instrText><w:t>字</w:t></w:r></w:p>", "W605"),
        "deeptable": ("<w:tbl><w:tr><w:tc>" * 45 + "<w:p>" + run.format(1) + "</w:p>" + "</w:tc></w:tr></w:tbl>" * 45, "E508"),
        "tables": ("<w:tbl><w:tr><w:tc>" * 300 + "</w:tc></w:tr></w:tbl>" * 300, "E302"),
        "span": ('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p>' + run.format(1) + "</w:p></w:tc></w:tr></w:tbl>", OK),
        "merge": ("<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p>" + run.format(1) + "</w:p></w:tc></w:tr></w:tbl>", OK),
        "breaks": ('<w:p><w:r><w:t>字</w:t><w:br w:type="page"/></w:r></w:p>' * 800, OK),
        "paragraphs": (f"<w:p>{run.format('x' * 1000)}</w:p>" * 4_000, "E508"),
    }  # fmt: skip
    for key, (body, code) in bodies.items():
        yield bad(
            f"{key}.docx", zipped(docx_parts(body)), code, *(("E507", OK) if code == OK else ())
        )
    yield bad("embedded.docx", zipped({**parts, "word/embeddings/oleObject1.bin": b"x"}), "W606")
    rels = b'<Relationships><Relationship Id="r" Type="x/image" Target="http://example.invalid/a.png" TargetMode="External"/></Relationships>'
    yield bad("external.docx", zipped({**parts, "word/_rels/document.xml.rels": rels}), "E604")
    yield bad("docx-lying.xlsx", good, "W203")


def _old() -> Iterator[Bad]:
    magic = ole.MAGIC
    yield bad("magic.xls", magic, "E204")
    yield bad("zeros.doc", magic + bytes(2000), "E204")
    head = bytearray(magic + bytes(504))
    head[30:32] = b"\x09\x00"
    head[48:52] = b"\x00\x00\x00\x00"
    head[76:80] = b"\x00\x00\x00\x00"
    yield bad("chainloop.xls", bytes(head) + bytes(512 * 8), "E204")
    yield bad("wps.wps", magic + b"\xff" * 3000, "E204")
    yield bad("et.et", magic + b"\x09" * 3000, "E204")
    yield bad("biff.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(500), "E203", "E202", "W203")

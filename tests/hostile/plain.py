"""Bad XML, CSV, web pages, and files of kinds that nobody reads here."""

from __future__ import annotations

from collections.abc import Iterator

from audit.readers import rar, sevenzip
from tests.hostile.build import einvoice
from tests.hostile.corpus import OK, Bad, bad


def files() -> Iterator[Bad]:
    """Yield them all."""
    yield from _xml()
    yield from _csv()
    yield from _web()
    yield from _others()


def _xml() -> Iterator[Bad]:
    good = einvoice()
    yield bad("good.xml", good, OK)
    for share in (30, 60, 90):
        yield bad(f"cut{share}.xml", good[: len(good) * share // 100], "E302")
    prologs = {
        "doctype": "<!DOCTYPE EInvoice>", "entity": '<!DOCTYPE e [<!ENTITY x "y">]>',
        "system": '<!DOCTYPE e SYSTEM "http://example.invalid/x.dtd">',
        "parameter": '<!DOCTYPE e [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
        "late": "<!-- " + "x" * 100_000 + " --><!DOCTYPE e []>", "spaced": " \n\t" * 999 + "<!DOCTYPE e []>",
        "pi": "<?a b?>" * 500 + "<!DOCTYPE e []>",
    }  # fmt: skip
    for name, prolog in prologs.items():
        yield bad(f"dtd-{name}.xml", einvoice(prolog=prolog), "E603")
    laughs = (
        '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
        + "]>"
    )
    yield bad("laughs.xml", einvoice("&a8;", laughs), "E603")
    wide = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE e [<!ENTITY x "y">]><e>&x;</e>'
    yield bad("dtd-utf16.xml", wide.encode("utf-16"), "E603")
    yield bad("dtd-utf16be.xml", b"\xfe\xff" + wide.encode("utf-16-be"), "E603")
    yield bad("deep.xml", b"<a>" * 300 + b"</a>" * 300, "E302")
    yield bad("deeper.xml", b"<a>" * 200_000, "E302")
    yield bad("big.xml", einvoice("<x>" + "y" * 12_000_000 + "</x>"), "E302", OK)
    yield bad("toobig.xml", b"<a>" + b"b" * (64 * 1024 * 1024) + b"</a>", "E501")
    yield bad(
        "attributes.xml",
        b"<a " + b"".join(b'x%d="1" ' % n for n in range(100_000)) + b"/>",
        OK,
        "E302",
    )
    yield bad(
        "namespaces.xml",
        b"<a " + b"".join(b'xmlns:x%d="u%d" ' % (n, n) for n in range(20_000)) + b"/>",
        OK,
        "E302",
        "E509",
    )
    yield bad(
        "gbk.xml",
        einvoice(prolog='<?xml version="1.0" encoding="GBK"?>').decode().encode("gbk"),
        OK,
    )
    yield bad(
        "gbklies.xml",
        einvoice(prolog='<?xml version="1.0" encoding="UTF-8"?>').decode().encode("gbk"),
        "E302",
    )
    yield bad("encoding.xml", einvoice(prolog='<?xml version="1.0" encoding="NO-SUCH"?>'), "E302")
    yield bad("bom.xml", b"\xef\xbb\xbf" + good, OK)
    yield bad("nul.xml", good.replace(b"<Header>", b"<Header>\x00"), "E302", "E203")
    yield bad(
        "include.xml",
        einvoice(
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
        ),
        OK,
    )
    yield bad("many.xml", b"<all>" + b"<EInvoice><a>1</a></EInvoice>" * 700 + b"</all>", "E507")


def _csv() -> Iterator[Bad]:
    rows = "发票号码,金额\n12345678,100.00\n" * 20
    yield bad("utf8.csv", rows.encode(), OK)
    yield bad("gbk.csv", rows.encode("gbk"), "W703")
    yield bad("utf16.csv", rows.encode("utf-16"), OK)
    yield bad("utf16be.csv", b"\xfe\xff" + rows.encode("utf-16-be"), OK)
    yield bad("mixed.csv", rows.encode() + rows.encode("gbk"), "W703")
    yield bad("half.csv", rows.encode("gbk")[:-3] + b"\x81", "W703", "W704")
    yield bad("quote.csv", b'a,b\n"' + b"x" * 50_000 + b"\n" * 3, OK, "E302")
    yield bad("field.csv", b'a,b\n"' + b"x" * 2_000_000 + b'",1\n', "E302")
    yield bad("big.csv", b"a,b\n1,2\n" * 2_000_000, "E508", "E509")
    yield bad("columns.csv", b",".join(b"%d" % n for n in range(5000)) + b"\n", "E508")
    yield bad("gaps.csv", b"a,b\n" + b"\n" * 5000 + b"1,2\n", "E508")
    yield bad("formula.csv", b'name,x\n=cmd|"/C calc"!A0,1\n@SUM(1),2\n', OK)
    yield bad("nuls.csv", b"a,b\x00\n1,2\n", "E203", OK)
    yield bad("blank.csv", b" \n \n", "E303", OK)
    yield bad("oneline.txt", b"x" * 500_000, OK)


def _web() -> Iterator[Bad]:
    table = "<table><tr><td>发票号码</td><td>12345678</td></tr></table>"
    page = f"<html><body>{table}</body></html>"
    yield bad("web.xls", page.encode(), "W203")
    yield bad("gbk.xls", f'<meta charset="gbk">{page}'.encode("gbk"), "W203")
    yield bad("script.xls", f"<html><script>alert(1)</script>{table}</html>".encode(), "W203")
    yield bad(
        "span.xls",
        page.replace("<td>", '<td colspan="99999999" rowspan="99999999">').encode(),
        "W203",
    )
    yield bad(
        "nest.xls", ("<html>" + "<table><tr><td>" * 3000 + "x").encode(), "W203", "E303", "E302"
    )
    yield bad("open.xls", b"<html><table><tr><td>x", "W203")
    sheet = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="a"><Table>{}</Table></Worksheet></Workbook>'
    rows = {
        "good": "<Row><Cell><Data>5</Data></Cell></Row>", "index": '<Row Index="99999999"><Cell><Data>5</Data></Cell></Row>',
        "cell": '<Row><Cell Index="99999999"><Data>5</Data></Cell></Row>',
        "merge": '<Row><Cell MergeAcross="9999999" MergeDown="9999999"><Data>5</Data></Cell></Row>',
    }  # fmt: skip
    for name, row in rows.items():
        yield bad(f"xml2003-{name}.xls", sheet.format(row).encode(), "W203", "E508")
    yield bad(
        "xml2003-dtd.xls", ("<!DOCTYPE a []>" + sheet.format("")).encode(), "E603", "E202", "W203"
    )
    yield bad("mht.doc", b"MIME-Version: 1.0\nContent-Type: text/html\n\n<html></html>", "E202")


def _others() -> Iterator[Bad]:
    for name, magic in {
        "7z.7z": b"7z\xbc\xaf\x27\x1c", "rar.rar": b"Rar!\x1a\x07\x01\x00", "gz.gz": b"\x1f\x8b\x08",
        "exe.pdf": b"MZ\x90\x00", "elf.jpg": b"\x7fELF", "dwg.dwg": b"AC1032",
        "caj.caj": b"CAJ\x00", "mp4.mp4": b"\x00\x00\x00\x20ftypisom", "djvu.djvu": b"AT&TFORM",
    }.items():  # fmt: skip
        # Where an optional package reads the kind, it finds the archive broken.
        read = (name == "7z.7z" and sevenzip.readable()) or (name == "rar.rar" and rar.readable())
        yield bad(name, magic + bytes(200), "E302" if read else "E202")
    for suffix in ("pdf", "ofd", "xml", "xlsx", "docx", "jpg", "zip", "csv", "bin"):
        yield bad(f"empty.{suffix}", b"", "E201")
        yield bad(f"noise.{suffix}", bytes((n * 7 + 13) % 256 for n in range(3000)), "E203", "E202")

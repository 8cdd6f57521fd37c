"""Files that carry data: the invoice as XML and OFD, the ledger as XLSX, the form as DOCX."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import docx
import segno
import xlsxwriter
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Pt
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cases.casegen import codes, papers, world
from cases.casegen.model import Case, Company, Invoice

_MADE = datetime(2024, 5, 15, 9, 0, 0)  # noqa: DTZ001  # file properties carry no zone


def steady_zip(data: bytes) -> bytes:
    """Return the archive with fixed times, so that a seed gives the same bytes every day."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, (2024, 5, 15, 9, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED
            )
    return target.getvalue()


def einvoice_xml(one: Invoice) -> bytes:
    """Return a fully digital invoice as the tax bureau delivers it in XML."""
    say = one.printed.get
    special = one.kind == "digital_special"
    label = ("01", "增值税专用发票") if special else ("02", "普通发票")
    items = "".join(
        "<IssuItemInformation>"
        + _tag("ItemName", i.full_name) + _tag("SpecMod", i.spec) + _tag("MeaUnits", i.unit)
        + _tag("Quantity", "" if i.quantity is None else f"{i.quantity}") + _tag("UnPrice", i.price)
        + _tag("Amount", f"{i.amount}") + _tag("TaxRate", "免税" if i.rate is None else f"{i.rate}")
        + _tag("ComTaxAm", f"{i.tax}") + _tag("TotaltaxIncludedAmount", f"{i.amount + i.tax}")
        + _tag("TaxClassificationCode", i.code)
        + "</IssuItemInformation>"
        for i in one.items
    )  # fmt: skip
    day = f"{one.day:%Y-%m-%d}"
    number = say("number", one.number)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<EInvoice><Header>'
        + _tag("EIid", number) + _tag("EInvoiceTag", f"SWEI{one.seller.region[:2]}00") + _tag("Version", "0.31")
        + "<InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>"
        "<EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>"
        f"<GeneralOrSpecialVAT><LabelCode>{label[0]}</LabelCode><LabelName>{label[1]}</LabelName></GeneralOrSpecialVAT>"
        "</InherentLabel></Header><EInvoiceData>"
        + _party_xml("Seller", one.seller, None, None) + _party_xml("Buyer", one.buyer, say("buyer_name"), say("buyer_tax"))
        + "<BasicInformation>"
        + _tag("TotalAmWithoutTax", f"{one.net}") + _tag("TotalTaxAm", f"{one.tax}")
        + _tag("TotalTax-includedAmount", say("total", f"{one.total}").lstrip("¥"))
        + _tag("TotalTax-includedAmountInChinese", codes.words(one.total))
        + _tag("Drawer", one.people[2]) + _tag("RequestTime", day)
        + "</BasicInformation>" + items
        + "<SpecificInformation/><AdditionalInformation>" + _tag("Remark", one.remarks) + "</AdditionalInformation>"
        "</EInvoiceData><SellerAuthentication><AuthenticationMethods>02</AuthenticationMethods></SellerAuthentication>"
        "<TaxSupervisionInfo>"
        + _tag("InvoiceNumber", number) + _tag("IssueTime", f"{day} 10:12:35")
        + _tag("TaxBureauCode", f"1{one.seller.region[:2]}00000000")
        + _tag("TaxBureauName", f"国家税务总局{world.PLACES[one.seller.region][2]}")
        + "</TaxSupervisionInfo></EInvoice>\n"
    )  # fmt: skip
    return text.encode()


def _tag(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>"


def _party_xml(role: str, one: Company, name: str | None, tax_id: str | None) -> str:
    return (
        f"<{role}Information>"
        + _tag(f"{role}IdNum", tax_id or one.tax_id) + _tag(f"{role}Name", name or one.name)
        + _tag(f"{role}Addr", one.address) + _tag(f"{role}TelNum", one.phone)
        + _tag(f"{role}BankName", one.bank) + _tag(f"{role}BankAccNum", one.account)
        + f"</{role}Information>"
    )  # fmt: skip


class _Ofd:
    """Collects text objects and the tags that point at them."""

    def __init__(self) -> None:
        self.objects: list[str] = []
        self.tags: list[str] = []
        self.next = 100

    def text(self, x: float, y: float, body: str, *, font: int = 5, size: float = 3.175) -> int:
        """Add a text object at mm x, y and return its id."""
        self.next += 1
        steps = " ".join(f"{size if ord(c) > 255 else size / 2:g}" for c in body[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        self.objects.append(
            f'<ofd:TextObject ID="{self.next}" Boundary="{x} {y} 100 6" Font="{font}" Size="{size}">'
            f'<ofd:TextCode X="0" Y="3.6"{delta}>{escape(body)}</ofd:TextCode></ofd:TextObject>'
        )
        return self.next

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Add a ruling line."""
        self.next += 1
        w, high = max(x2 - x1, 0.4), max(y2 - y1, 0.4)
        self.objects.append(
            f'<ofd:PathObject ID="{self.next}" Boundary="{x1} {y1} {w} {high}" LineWidth="0.25">'
            f'<ofd:StrokeColor Value="128 0 0"/><ofd:AbbreviatedData>M 0 0 L {x2 - x1} {y2 - y1}'
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def field(self, tag: str, x: float, y: float, body: str, size: float = 3.175) -> str:
        """Add a text object and return the element of the tag file that refers to it."""
        ref = self.text(x, y, body, size=size)
        return f'<ofd:{tag}><ofd:ObjectRef PageRef="1">{ref}</ofd:ObjectRef></ofd:{tag}>'


def einvoice_ofd(one: Invoice) -> bytes:
    """Return an invoice as OFD: text objects, custom tags, QR picture and GraphCode."""
    say = one.printed.get
    page = _Ofd()
    title = "电子发票（增值税专用发票）" if "special" in one.kind else "电子发票（普通发票）"
    page.text(74, 8, title, size=5.6)
    for y in (30, 52, 96, 103.5, 124):
        page.line(4.5, y, 205.5, y)
    for x in (4.5, 205.5):
        page.line(x, 30, x, 124)
    for x, y, label in ((152, 10.2, "发票号码："), (152, 16.4, "开票日期："), (11.5, 34.5, "名称："), (112, 34.5, "名称："),
                        (11.5, 44.5, "统一社会信用代码/纳税人识别号："), (112, 44.5, "统一社会信用代码/纳税人识别号："),
                        (12, 53, "项目名称"), (52, 53, "规格型号"), (77, 53, "单位"), (90, 53, "数量"), (112, 53, "单价"),
                        (142, 53, "金额"), (160, 53, "税率/征收率"), (188, 53, "税额"), (18, 90, "合　　计"),
                        (14, 97.6, "价税合计（大写）"), (142, 97.6, "（小写）"), (5.6, 107, "备注"), (20, 128, "开票人：")):  # fmt: skip
        page.text(x, y, label)
    for x, word in ((5.6, "购买方信息"), (106.1, "销售方信息")):
        for k, char in enumerate(word):
            page.text(x, 30.5 + 4 * k, char)
    head = [
        page.field("InvoiceNo", 170, 10.2, say("number", one.number)),
        page.field("IssueDate", 170, 16.4, f"{one.day:%Y年%m月%d日}"),
        "<ofd:Buyer>" + page.field("BuyerName", 22, 34.5, say("buyer_name", one.buyer.name))
        + page.field("BuyerTaxID", 64, 44.5, say("buyer_tax", one.buyer.tax_id)) + "</ofd:Buyer>",
        "<ofd:Seller>" + page.field("SellerName", 123, 34.5, one.seller.name)
        + page.field("SellerTaxID", 164, 44.5, one.seller.tax_id) + "</ofd:Seller>",
        page.field("TaxExclusiveTotalAmount", 140, 90, say("net", f"¥{one.net}")),
        page.field("TaxTotalAmount", 184, 90, say("tax", one.tax_text)),
        page.field("TaxInclusiveTotalAmount", 158, 97.6, say("total", f"¥{one.total}")),
        page.field("Note", 12, 105, one.remarks),
        page.field("InvoiceClerk", 34, 128, one.people[2]),
    ]  # fmt: skip
    page.text(62, 97.6, codes.words(one.total))
    for k, item in enumerate(one.items):
        y = 58 + 4.6 * k
        row = [("Item", 5, item.full_name), ("Specification", 52, item.spec), ("MeasurementDimension", 77, item.unit),
               ("Quantity", 92, "" if item.quantity is None else f"{item.quantity}"), ("Price", 108, item.price[:13]),
               ("Amount", 140, f"{item.amount}"), ("TaxScheme", 164, item.rate_text), ("TaxAmount", 184, f"{item.tax}")]  # fmt: skip
        head += [page.field(tag, x, y, body) for tag, x, body in row if body]
    return _ofd_archive(one, page, head)


def _ofd_archive(one: Invoice, page: _Ofd, tags: list[str]) -> bytes:
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n'
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    custom = {"发票号码": one.number, "开票日期": f"{one.day:%Y年%m月%d日}", "合计金额": f"{one.net}", "合计税额": f"{one.tax}",
              "价税合计": one.printed.get("total", f"{one.total}").lstrip("¥"),
              "销售方纳税人识别号": one.seller.tax_id, "购买方纳税人识别号": one.printed.get("buyer_tax", one.buyer.tax_id)}  # fmt: skip
    data = "".join(
        f'<ofd:CustomData Name="{k}">{escape(v)}</ofd:CustomData>' for k, v in custom.items()
    )
    target = io.BytesIO()
    segno.make_qr(one.qr, error="M").save(target, kind="png", scale=4, border=1)
    image = '<ofd:ImageObject ID="90" CTM="20 0 0 20 0 0" Boundary="7 5 20 20" ResourceID="80"/>'
    files: dict[str, bytes | str] = {
        "OFD.xml": f'{xml}<ofd:OFD {ns} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{one.number:0>32}</ofd:DocID>'
        f"<ofd:Author>China Tax</ofd:Author><ofd:CreationDate>{one.day:%Y-%m-%d}</ofd:CreationDate><ofd:CustomDatas>{data}</ofd:CustomDatas>"
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'{xml}<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>{page.next + 50}</ofd:MaxUnitID><ofd:PageArea>'
        "<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
        "Doc_0/PublicRes.xml": f'{xml}<ofd:Res {ns}><ofd:Fonts><ofd:Font ID="5" FontName="宋体" FamilyName="SimSun"/></ofd:Fonts></ofd:Res>',
        "Doc_0/DocumentRes.xml": f'{xml}<ofd:Res {ns} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="80" Type="Image"><ofd:MediaFile>qr.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
        "Doc_0/Res/qr.png": target.getvalue(),
        "Doc_0/Pages/Page_0/Content.xml": f'{xml}<ofd:Page {ns}><ofd:Area><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="2">'
        + image + "".join(page.objects) + "</ofd:Layer></ofd:Content></ofd:Page>",
        "Doc_0/Tags/CustomTags.xml": f'{xml}<ofd:CustomTags {ns}><ofd:CustomTag TypeID="root"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>',
        "Doc_0/Tags/CustomTag.xml": f'{xml}<ofd:root {ns} version="1.0"><ofd:GraphCode>{one.qr}</ofd:GraphCode>' + "".join(tags) + "</ofd:root>",
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 5, 15, 9, 0, 0)), body, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def ledger_xlsx(case: Case) -> bytes:
    """Return the ledger as the applicant's spreadsheet: title, merged cells, subtotals, total."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _MADE, "author": "财务部"})
    sheet = book.add_worksheet("投资明细表")
    text = book.add_format(
        {
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "font_name": "宋体",
        }
    )
    bold = book.add_format(
        {"border": 1, "bold": True, "align": "center", "valign": "vcenter", "font_name": "宋体"}
    )
    cash = book.add_format(
        {"border": 1, "num_format": "#,##0.00", "valign": "vcenter", "font_name": "宋体"}
    )
    big = book.add_format({"bold": True, "font_size": 16, "align": "center", "font_name": "黑体"})
    head = ["序号", "投资类别", "设备（软件）名称", "用途", "供应商", "合同编号", "票种", "发票代码", "发票号码", "开票日期",
            f"价税合计（{case.ledger_unit}）", f"不含税金额（{case.ledger_unit}）", f"税额（{case.ledger_unit}）", "付款凭证号", "付款日期"]  # fmt: skip
    sheet.merge_range(0, 0, 0, len(head) - 1, "项目投资明细表", big)
    sheet.merge_range(1, 0, 1, 9, f"申报单位：{case.applicant.name}　　项目名称：{case.project}")
    sheet.merge_range(1, 10, 1, len(head) - 1, f"单位：{case.ledger_unit}")
    for column, (label, width) in enumerate(
        zip(head, (5, 17, 22, 18, 28, 17, 7, 15, 24, 12, 16, 16, 14, 24, 12), strict=True)
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, label, bold)
    at, group, start = 3, "", 3
    for row in papers.ledger_rows(case):
        if isinstance(row[0], dict):
            _merge(sheet, start, at - 1, group, text)
            sheet.merge_range(at, 0, at, 9, row[0]["s"], bold)
            for k, value in enumerate(row[1:4]):
                sheet.write_number(at, 10 + k, float(Decimal(value.replace(",", ""))), cash)
            for k in (13, 14):
                sheet.write_blank(at, k, None, text)
            group, start = "", at + 1
        else:
            if row[1] != group:
                _merge(sheet, start, at - 1, group, text)
                group, start = row[1], at
            sheet.write_number(at, 0, int(row[0]), text)
            for k, value in enumerate(row[1:], start=1):
                if k in {10, 11, 12}:
                    sheet.write_number(at, k, float(Decimal(value.replace(",", ""))), cash)
                else:
                    sheet.write_string(at, k, value, text)
        at += 1
    sheet.write_string(
        at + 1, 0, "填表人：财务部　　　　　　审核：　　　　　　（加盖公司鲜章或财务专用章）"
    )
    book.close()
    return target.getvalue()


def _merge(sheet: Worksheet, first: int, last: int, label: str, style: Format) -> None:
    if label and last > first:
        sheet.merge_range(first, 1, last, 1, label, style)


def blocks_docx(sheets: list[dict[str, Any]]) -> bytes:
    """Return sheets of blocks as a Word file."""
    word = docx.Document()
    word.core_properties.created = _MADE
    word.core_properties.modified = _MADE
    word.styles["Normal"].font.size = Pt(10.5)
    for index, sheet in enumerate(sheets):
        if index:
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for block in sheet["blocks"]:
            _docx_block(word, block)
    target = io.BytesIO()
    word.save(target)
    return steady_zip(target.getvalue())


def _docx_block(word: DocxDocument, block: dict[str, Any]) -> None:
    kind = block["t"]
    if kind == "table":
        _docx_table(word, block)
    elif kind == "kv":
        for label, value in block["rows"]:
            word.add_paragraph(f"{label}{value}")
    elif kind == "sign":
        for side in block["sides"]:
            for line in side:
                word.add_paragraph(line)
    elif "s" in block:
        paragraph = word.add_paragraph(block["s"])
        if kind == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.runs[0].font.size = Pt(block["size"])


def _docx_table(word: DocxDocument, block: dict[str, Any]) -> None:
    width = len(block["cols"])
    grid = word.add_table(rows=len(block["rows"]), cols=width)
    grid.style = "Table Grid"
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(block["rows"]):
        column = 0
        for value in row:
            while (r, column) in taken:
                column += 1
            cell = value if isinstance(value, dict) else {"s": value, "cs": 1, "rs": 1}
            box = grid.cell(r, column)
            if cell["cs"] > 1 or cell["rs"] > 1:
                box = box.merge(grid.cell(r + cell["rs"] - 1, column + cell["cs"] - 1))
            taken |= {(r + i, column + j) for i in range(cell["rs"]) for j in range(cell["cs"])}
            box.text = cell["s"]
            column += cell["cs"]

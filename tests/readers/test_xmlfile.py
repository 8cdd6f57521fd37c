"""E-invoices, the 2019 schema, XBRL vouchers: native names, groups as items."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.model import Origin, PageContent
from audit.readers import open_pages, survey
from audit.settings import DEFAULT_LIMITS


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[PageContent]:
    path = tmp_path / "a.xml"
    path.write_bytes(text.encode(encoding))
    found = survey(path, "a.xml", DEFAULT_LIMITS)
    return [p.content for p in open_pages(path, found, range(found.pages), DEFAULT_LIMITS)]


INVOICE = (
    "<EInvoice><EInvoiceData><SellerInformation><SellerName>某甲</SellerName></SellerInformation>"
    "<BasicInformation><TotalTax-includedAmount>113.00</TotalTax-includedAmount></BasicInformation>"
    "<IssuItemInformation><ItemName>*软件*平台</ItemName><Amount>60.00</Amount></IssuItemInformation>"
    "<IssuItemInformation><ItemName>*软件*模块</ItemName><Amount>40.00</Amount></IssuItemInformation>"
    "</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>24500000000012345678</InvoiceNumber>"
    "</TaxSupervisionInfo></EInvoice>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_an_e_invoice_is_a_record_with_items(tmp_path: Path, encoding: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'
    ((content),) = read(tmp_path, prolog + INVOICE, encoding)

    (record,) = content.records
    assert (record.schema, record.origin) == ("einvoice-xml", Origin.XML)
    assert record.get("TaxSupervisionInfo/InvoiceNumber") == "24500000000012345678"
    assert record.get("TotalTax-includedAmount") == "113.00"
    assert [[f.text for f in item] for item in record.items] == [
        ["*软件*平台", "60.00"], ["*软件*模块", "40.00"],
    ]  # fmt: skip


def test_each_invoice_of_an_export_is_a_page(tmp_path: Path) -> None:
    contents = read(tmp_path, f"<All>{INVOICE}{INVOICE}</All>")

    assert [c.page.page_index for c in contents] == [0, 1]
    assert all(c.records[0].schema == "einvoice-xml" for c in contents)


def test_the_schema_of_2019_gives_its_code_as_a_code(tmp_path: Path) -> None:
    text = (
        '<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019"><fp:InvoiceNo>71500013</fp:InvoiceNo>'
        "<fp:GraphCode><![CDATA[01,10,011002680026,71500013,9709.00,20200220,0327,]]></fp:GraphCode>"
        "<fp:GoodsInfos><fp:GoodsInfo><fp:Item>*谷物*稻谷</fp:Item></fp:GoodsInfo></fp:GoodsInfos></eInvoice>"
    )
    (content,) = read(tmp_path, text)

    assert content.records[0].schema == "edrm-2019"
    assert [f.text for f in content.records[0].items[0]] == ["*谷物*稻谷"]
    assert content.codes[0].text.startswith("01,10,011002680026")


@pytest.mark.parametrize(
    ("space", "schema"),
    [
        ("http://xbrl.mof.gov.cn/taxonomy/2021-09-30/inv", "xbrl-inv"),
        ("http://xbrl.mof.gov.cn/taxonomy/2023-12-31/einv", "xbrl-einv"),
        ("http://xbrl.mof.gov.cn/taxonomy/2023-05-15/bker", "xbrl-bker"),
        ("http://xbrl.mof.gov.cn/taxonomy/2099-01-01/bkrs", "xbrl-bkrs"),
    ],
)
def test_xbrl_is_told_by_the_tail_of_its_taxonomy(tmp_path: Path, space: str, schema: str) -> None:
    text = (
        f'<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:f="{space}">'
        '<xbrli:context id="c"><xbrli:entity/></xbrli:context>'
        '<f:DateOfIssue contextRef="c"><![CDATA[2023-03-01]]></f:DateOfIssue>'
        "<f:DetailTuple><f:Amount>5.00</f:Amount><f:Name>甲</f:Name></f:DetailTuple></xbrli:xbrl>"
    )
    (content,) = read(tmp_path, text)

    (record,) = content.records
    assert (record.schema, record.origin) == (schema, Origin.XBRL)
    assert [(f.name, f.text) for f in record.fields] == [("DateOfIssue", "2023-03-01")]
    assert [(f.name, f.text) for f in record.items[0]] == [("Amount", "5.00"), ("Name", "甲")]


def test_other_xml_is_shown_as_text(tmp_path: Path) -> None:
    (content,) = read(tmp_path, "<order><buyer>某甲</buyer><sum>5</sum></order>")

    assert content.records == ()
    assert [line.text for line in content.lines] == ["buyer 某甲", "sum 5"]

"""What a PDF carries besides its pages: attachments, information keys, signatures, scripts."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.i18n import text
from audit.model import ElectronicSeal, Origin, Problem, Record, RecordField, problem
from audit.readers.base import UnreadableError
from audit.readers.pdfspace import Space, clipped
from audit.readers.records import records_in
from audit.settings import Limits

# ruff: noqa: ANN401 - pypdfium2 has no type information

#: Keys that issuers put into the information dictionary (DOMAIN A14); the library cannot list.
_INFO_KEYS = (
    *("InvoiceNumber", "InvoiceNo", "InvoiceCode", "EIid", "IssueTime", "IssueDate", "RequestTime"),
    *("TotalAmWithoutTax", "TotalTaxAm", "TotalTax-includedAmount", "TotalTaxIncludedAmount"),
    *("TotalTax-includedAmountInChinese", "TaxInclusiveTotalAmount", "TaxExclusiveTotalAmount"),
    *("TaxTotalAmount", "BuyerName", "BuyerIdNum", "BuyerTaxID", "SellerName", "SellerIdNum"),
    *("SellerTaxID", "InvoiceCheckCode", "MachineNo", "Note", "Remark", "EInvoiceType"),
    *("GeneralOrSpecialVAT", "TaxBureauCode", "TaxBureauName", "Drawer", "TypeOfInvoice"),
    *("发票代码", "发票号码", "开票日期", "校验码", "机器编号", "合计金额", "合计税额", "价税合计"),
    *("购买方名称", "购买方纳税人识别号", "销售方名称", "销售方纳税人识别号"),
)
_MOST_ATTACHMENTS = 50
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|SubmitForm|ImportData)\b")
_COMMON_NAME = re.compile(rb"\x06\x03\x55\x04\x03([\x0c\x13\x14\x16\x1e])(.)", re.DOTALL)
_LONG_LENGTH = 0x80
#: Bytes after the last signature that are still the file's own tail.
_TAIL_BYTES = 2


def info_record(document: Any) -> Record | None:
    """Return the issuer's keys of the information dictionary as a record, ``None`` if none."""
    fields = tuple(
        RecordField(key, value)
        for key in _INFO_KEYS
        if (value := document.get_metadata_value(key).strip("\x00 "))
    )
    return Record(Origin.ATTACHMENT, "pdf-info", fields) if fields else None


def attached(
    pdfium: Any, document: Any, limits: Limits
) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """Return the structured records among the attachments, and the attachments not read."""
    records: list[Record] = []
    unread: list[str] = []
    for name, data in _attachments(pdfium, document, limits):
        try:
            found = records_in(data, limits) if data else ()
        except UnreadableError:
            found = ()
        records += found
        if not found:
            unread.append(name or "?")
    told = text("readers.attachments", {"names": "、".join(unread[:5])})
    hidden = (problem("W606", what=told),) if unread else ()
    return tuple(records), hidden


def _attachments(pdfium: Any, document: Any, limits: Limits) -> Iterator[tuple[str, bytes]]:
    count = max(0, document.count_attachments())
    for index in range(min(count, _MOST_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            name = attachment.get_name()
        except pdfium.PdfiumError:
            continue
        try:
            data = bytes(attachment.get_data())
        except pdfium.PdfiumError:
            data = b""
        yield name, data if len(data) <= limits.file_bytes else b""
    if count > _MOST_ATTACHMENTS:
        yield f"+{count - _MOST_ATTACHMENTS}", b""


def file_warnings(pdfium: Any, document: Any, path: Path) -> tuple[Problem, ...]:
    """Return W605 for active content, W403 for restricted permissions, W607 for late changes."""
    raw = pdfium.raw
    found: list[Problem] = []
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _has_active_words(path):
        found.append(problem("W605"))
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        # Opened without a password: what is encrypted restricts, it does not hide.
        found.append(problem("W403"))
    if _changed_after_signing(raw, document, path.stat().st_size):
        found.append(problem("W607"))
    return tuple(found)


def _has_active_words(path: Path) -> bool:
    """Tell whether an object of the file names something active; streams are pictures and text.

    Compressed bytes hold any word by chance, so what lies inside streams is passed over.
    """
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = 0
        while place < len(data):
            start = data.find(b"stream", place)
            end = len(data) if start < 0 else start
            if _ACTIVE.search(data, place, end):
                return True
            if start < 0:
                return False
            behind = data.find(b"endstream", start)
            if behind < 0:
                return False
            place = behind + len(b"endstream")
    return False


def _changed_after_signing(raw: Any, document: Any, size: int) -> bool:
    ends = []
    for index in range(max(0, raw.FPDF_GetSignatureCount(document))):
        signature = raw.FPDF_GetSignatureObject(document, index)
        count = raw.FPDFSignatureObj_GetByteRange(signature, None, 0) if signature else 0
        if count < 2:  # noqa: PLR2004 - a range is a pair
            continue
        from ctypes import c_int

        ranges = (c_int * count)()
        raw.FPDFSignatureObj_GetByteRange(signature, ranges, count)
        ends.append(ranges[count - 2] + ranges[count - 1])
    return bool(ends) and max(ends) + _TAIL_BYTES < size


def signers(raw: Any, document: Any) -> tuple[str, ...]:
    """Return for each signature the name in the signer's certificate, empty if it tells none."""
    from ctypes import create_string_buffer

    names = []
    for index in range(max(0, raw.FPDF_GetSignatureCount(document))):
        signature = raw.FPDF_GetSignatureObject(document, index)
        length = raw.FPDFSignatureObj_GetContents(signature, None, 0) if signature else 0
        buffer = create_string_buffer(max(length, 1))
        if length:
            raw.FPDFSignatureObj_GetContents(signature, buffer, length)
        names.append(certificate_name(buffer.raw[:length]))
    return tuple(names)


def certificate_name(der: bytes) -> str:
    """Return the subject's common name in a signature: one that is not an authority's."""
    names: list[str] = []
    for match in _COMMON_NAME.finditer(der):
        kind, length = match.group(1), match.group(2)[0]
        if length >= _LONG_LENGTH:
            continue
        raw = der[match.end() : match.end() + length]
        name = raw.decode("utf-16-be" if kind == b"\x1e" else "utf-8", "replace").strip()
        if name and name not in names:
            names.append(name)
    chinese = [n for n in names if re.search(r"[\u4e00-\u9fff]{2,}", n)]
    people = [n for n in chinese if not re.search(r"CA\d*\b|认证|证书|系统|平台", n)]
    return (people or [""])[-1]


def widget_seals(
    raw: Any, page: Any, space: Space, names: tuple[str, ...]
) -> tuple[ElectronicSeal, ...]:
    """Return the visible signature widgets of a page; ``names``: their signers in order, or one for all."""
    seals: list[ElectronicSeal] = []
    form = page.formenv
    if form is None:
        return ()
    rect = raw.FS_RECTF()
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            signature = (
                raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET
                and raw.FPDFAnnot_GetFormFieldType(form, annotation) == raw.FPDF_FORMFIELD_SIGNATURE
            )
            if not signature or not raw.FPDFAnnot_GetRect(annotation, rect):
                continue
            box = clipped(space.box(rect.left, rect.bottom, rect.right, rect.top))
            if box.area <= 0:
                continue
            name = names[0] if len(set(names)) == 1 else "".join(names[len(seals) :][:1])
            seals.append(ElectronicSeal("pdf_widget", box, signer=name))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return tuple(seals)

"""What a file is by its first bytes (and its zip or OLE directory), never by its suffix."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from audit.readers import ole
from audit.readers.base import FileFormat
from audit.readers.container import BROKEN, member_name
from audit.readers.rar import MAGIC as RAR_MAGIC
from audit.readers.rar import readable as rar_readable
from audit.readers.sevenzip import readable as sevenzip_readable

_HEAD = 16 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_IMAGES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
)
_REFUSED = (
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (RAR_MAGIC, "RAR"),
    (b"\x1f\x8b", "GZ"),
    (b"BZh", "BZ2"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"{\\rtf", "RTF"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"AT&TFORM", "DjVu"),
    (b"%!PS", "PostScript"),
    (b"8BPS", "PSD"),
    (b"AC10", "DWG"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"CAJ", "CAJ"),
    (b"ID3", "MP3"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")
_SHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_FLAT_OPC = b"http://schemas.microsoft.com/office/2006/xmlPackage"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The format, its everyday name (for E202, W203), and the variant for the reader.

    ``code``: the problem that keeps it from being read (``E202``, ``E204``, ``E401`` …), or
    empty.
    """

    format: FileFormat
    type_name: str
    detail: str = ""
    code: str = ""


def sniff(path: Path) -> Sniffed:
    """Return what the file at ``path`` is. ``code`` is ``E201`` for an empty file."""
    with path.open("rb") as source:
        head = source.read(_HEAD)
    if not head:
        return Sniffed(FileFormat.UNSUPPORTED, "", code="E201")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(path)
    if head.startswith(ole.MAGIC):
        return _ole(path)
    return _binary(head) or _text(head)


def _binary(head: bytes) -> Sniffed | None:
    if b"%PDF-" in head[:1024]:
        return Sniffed(FileFormat.PDF, "PDF")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Sniffed(FileFormat.IMAGE, "WebP", "WebP")
    for mark, name in _IMAGES:
        if head.startswith(mark):
            return Sniffed(FileFormat.IMAGE, name, name)
    if head[4:8] == b"ftyp":
        return _heic() if head[8:12] in _HEIC_BRANDS else _refused("MP4")
    name = next((name for mark, name in _REFUSED if head.startswith(mark)), "")
    if (name == "7Z" and sevenzip_readable()) or (name == "RAR" and rar_readable()):
        return Sniffed(FileFormat.ARCHIVE, name, name)
    return _refused(name) if name else None


def _heic() -> Sniffed:
    """Return a telephone's picture as one where the optional package that decodes it is there."""
    if importlib.util.find_spec("pi_heif") is None:
        return _refused("HEIC")
    return Sniffed(FileFormat.IMAGE, "HEIC", "HEIC")


def _refused(name: str) -> Sniffed:
    return Sniffed(FileFormat.UNSUPPORTED, name, code="E202")


def _zip(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as container:
            names = {member_name(i).replace("\\", "/").lstrip("/") for i in container.infolist()}
            return _zip_by_names({name.casefold() for name in names}, container)
    except BROKEN:
        return Sniffed(FileFormat.ARCHIVE, "ZIP")


def _zip_by_names(names: set[str], container: zipfile.ZipFile) -> Sniffed:
    if "ofd.xml" in names or any(re.fullmatch(r"doc_\d+/document\.xml", n) for n in names):
        return Sniffed(FileFormat.OFD, "OFD")
    if "[content_types].xml" in names:
        return _ooxml(names)
    if "mimetype" in names:
        try:
            mime = container.read("mimetype")[:80]
        except (*BROKEN, KeyError):
            mime = b""
        if b"opendocument.spreadsheet" in mime:
            return Sniffed(FileFormat.XLS, "ODS", "calamine")
        if b"opendocument" in mime or b"epub" in mime:
            return _refused("ODT" if b"opendocument" in mime else "EPUB")
    return Sniffed(FileFormat.ARCHIVE, "ZIP")


def _ooxml(names: set[str]) -> Sniffed:
    if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in names):
        return Sniffed(FileFormat.XLS, "XLSB", "calamine")
    if any(re.fullmatch(r"(xl/)?workbook\d*\.xml", name) for name in names):
        return Sniffed(FileFormat.XLSX, "XLSX")
    if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return Sniffed(FileFormat.DOCX, "DOCX")
    folders = {name.partition("/")[0] for name in names}
    if "ppt" in folders:
        return _refused("PPTX")
    guess = "XLSX" if "xl" in folders else "DOCX" if "word" in folders else "ZIP"
    named = {"XLSX": FileFormat.XLSX, "DOCX": FileFormat.DOCX, "ZIP": FileFormat.ARCHIVE}
    return Sniffed(named[guess], guess)


def _ole(path: Path) -> Sniffed:
    streams = ole.root_streams(path)
    if "EncryptedPackage" in streams:
        return Sniffed(FileFormat.UNSUPPORTED, "Office", code="E401")
    if "WordDocument" in streams:
        return Sniffed(FileFormat.UNSUPPORTED, "DOC", code="E204")
    if streams & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        return Sniffed(FileFormat.XLS, "XLS", "calamine")
    name = "PPT" if "PowerPoint Document" in streams else "OLE"
    return Sniffed(FileFormat.UNSUPPORTED, name, code="E204")


def _text(head: bytes) -> Sniffed:
    wide = head.startswith(_WIDE_MARKS)
    plain = head.replace(b"\x00", b"") if wide or b"<\x00" in head[:8] else head
    plain = plain.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\t\r\n ")
    if not wide and _CONTROL.search(plain):
        return Sniffed(FileFormat.UNSUPPORTED, "", code="E202")
    lower = plain.lower()
    if lower.startswith((b"<?xml", b"<")) and not _is_html(lower):
        return _xml(plain)
    if _is_html(lower):
        if b"<table" in lower or b"<tr" in lower or len(head) == _HEAD:
            return Sniffed(FileFormat.XLS, "HTML", "html")
        return _refused("HTML")
    if lower.startswith(b"mime-version:"):
        return _refused("MHTML")
    return Sniffed(FileFormat.CSV, "CSV")


def _is_html(lower: bytes) -> bool:
    start = re.match(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*", lower, re.DOTALL)
    body = lower[start.end() if start else 0 :]
    marks = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<style")
    return body.startswith(marks)


def _xml(plain: bytes) -> Sniffed:
    if _SHEET_2003 in plain:
        return Sniffed(FileFormat.XLS, "XML 2003", "xml2003")
    if _WORD_2003 in plain or _FLAT_OPC in plain:
        return Sniffed(FileFormat.UNSUPPORTED, "Word XML", code="E204")
    return Sniffed(FileFormat.XML, "XML")

"""E-invoice XML, the 2019 e-invoice schema, XBRL vouchers; any other XML as its bare text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import (
    WHOLE_PAGE,
    Box,
    CodePayload,
    Origin,
    Page,
    PageContent,
    PageMode,
    Problem,
    Record,
    RecordField,
    TextLine,
    problem,
)
from audit.readers.base import FileFormat, FileSurvey, PageRead, content_hash
from audit.readers.xmlsafe import children, local, namespace, parse_xml, text_of, walk
from audit.settings import Limits

if TYPE_CHECKING:
    from lxml import etree

#: Repeated groups of each schema: the elements whose children are one line of the document.
_EINVOICE_ITEM = "IssuItemInformation"
_EDRM_NAMESPACE = "edrm.org.cn/schema/e-invoice"
_XBRL_TAILS = ("inv", "einv", "bker", "bkrs", "ntrev", "rai", "atr", "efi", "ctp")
_XBRL_FOREIGN = ("xbrl.org", "w3.org")
#: A value this long is a picture or a signature, not something printed.
_LONGEST_VALUE = 2000
_MOST_LINES = 4000
_LINES_A_PAGE = 60


def survey_xml(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return one page for each document in the file; see ``audit.readers.survey``."""
    _ = name
    roots = _documents(_parsed(path, limits))
    problems: tuple[Problem, ...] = ()
    if len(roots) > limits.pages:
        problems = (problem("E507", pages=len(roots), limit=limits.pages),)
    return FileSurvey(FileFormat.XML, min(len(roots), limits.pages), problems)


def read_xml(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield each document of the file as a page without a picture."""
    _ = survey
    sha256 = content_hash(path)
    roots = _documents(_parsed(path, limits))
    for index in page_indexes:
        page = Page(sha256, index, PageMode.DIGITAL)
        record = record_of(roots[index])
        if record is None:
            yield PageRead(PageContent(page, tuple(_plain_lines(roots[index]))))
        else:
            codes = codes_of(record)
            yield PageRead(PageContent(page, records=(_printable(record),), codes=codes))


def xml_records(data: bytes, limits: Limits) -> tuple[Record, ...]:
    """Return the records of an XML document that lies inside another file."""
    found = (record_of(root) for root in _documents(parse_xml(data, limits)))
    return tuple(_printable(record) for record in found if record is not None)


def record_of(root: etree._Element) -> Record | None:
    """Return the record that an element is, ``None`` for XML of a kind unknown here."""
    if local(root) == "EInvoice":
        return _grouped(root, Origin.XML, "einvoice-xml", {_EINVOICE_ITEM})
    if local(root) == "eInvoice" or _EDRM_NAMESPACE in namespace(root):
        return _grouped(root, Origin.XML, "edrm-2019", {"GoodsInfo"})
    tail = _xbrl_tail(root)
    return _xbrl(root, tail) if tail else None


def codes_of(record: Record) -> tuple[CodePayload, ...]:
    """Return the QR payload that a record repeats (``GraphCode``), if it is text and no picture."""
    payload = record.get("GraphCode") or ""
    if payload.count(",") < 3:  # noqa: PLR2004 - fields of an invoice's payload
        return ()
    return (CodePayload(payload, WHOLE_PAGE),)


def _parsed(path: Path, limits: Limits) -> etree._Element:
    with path.open("rb") as source:
        return parse_xml(source.read(limits.xml_bytes + 1), limits)


def _documents(root: etree._Element) -> list[etree._Element]:
    """Return the invoices of an export that holds several, else the root."""
    if local(root) in {"EInvoice", "eInvoice"}:
        return [root]
    inner = [e for e in walk(root) if local(e) in {"EInvoice", "eInvoice"}]
    return inner or [root]


def _printable(record: Record) -> Record:
    fields = tuple(f for f in record.fields if len(f.text) <= _LONGEST_VALUE)
    return Record(record.origin, record.schema, fields, record.items)


def _grouped(root: etree._Element, origin: Origin, schema: str, groups: set[str]) -> Record:
    fields: list[RecordField] = []
    items: list[tuple[RecordField, ...]] = []
    for path, element in _leaves(root, groups):
        if local(element) in groups:
            items.append(tuple(RecordField(p, text_of(e)) for p, e in _leaves(element, set())))
        else:
            fields.append(RecordField(path, text_of(element)))
    return Record(origin, schema, tuple(fields), tuple(items))


def _leaves(root: etree._Element, groups: set[str]) -> Iterator[tuple[str, etree._Element]]:
    """Yield (path, element) of elements without children, and of whole groups, in order."""
    pending = [(local(one), one) for one in reversed(children(root))]
    while pending:
        path, element = pending.pop()
        inner = children(element)
        if not inner or local(element) in groups:
            yield path, element
        else:
            pending += [(f"{path}/{local(one)}", one) for one in reversed(inner)]


def _xbrl_tail(root: etree._Element) -> str:
    """Return ``inv``, ``bker`` … by the last segment of a taxonomy namespace, whatever its year."""
    spaces = {namespace(root), *(str(uri) for uri in root.nsmap.values())}
    spaces |= {namespace(one) for one in walk(root, 200)}
    tails = [uri.rstrip("/").rpartition("/")[2] for uri in sorted(spaces) if "xbrl" in uri.lower()]
    return next((tail for tail in tails if tail in _XBRL_TAILS), "")


def _xbrl(root: etree._Element, tail: str) -> Record:
    fields: list[RecordField] = []
    items: list[tuple[RecordField, ...]] = []
    for element in children(root):
        if any(foreign in namespace(element) for foreign in _XBRL_FOREIGN):
            continue
        inner = children(element)
        if inner:
            group = tuple(RecordField(p, text_of(e)) for p, e in _leaves(element, set()))
            items.append(group)
        else:
            fields.append(RecordField(local(element), text_of(element)))
    return Record(Origin.XBRL, f"xbrl-{tail}", tuple(fields), tuple(items))


def _plain_lines(root: etree._Element) -> Iterator[TextLine]:
    """Yield the values of unknown XML as ``name value`` lines, so that a person may find them."""
    shown = 0
    for path, element in _leaves(root, set()):
        value = " ".join(text_of(element).split())
        if not value or len(value) > _LONGEST_VALUE:
            continue
        top = (shown % _LINES_A_PAGE) / _LINES_A_PAGE
        box = Box(0.05, top, 0.95, top + 0.8 / _LINES_A_PAGE)
        yield TextLine(f"{path.rpartition('/')[2]} {value}", box)
        shown += 1
        if shown >= _MOST_LINES:
            return

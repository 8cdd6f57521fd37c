"""Structured data found inside other files: XML and OFD attached to a page."""

from __future__ import annotations

from dataclasses import replace

from audit.model import Origin, Record
from audit.settings import Limits

_ZIP = b"PK\x03\x04"


def records_in(data: bytes, limits: Limits) -> tuple[Record, ...]:
    """Return the records of an attached file by its content, whatever its name.

    Empty for what is no e-invoice, XBRL or OFD; ``UnreadableError`` for damaged XML.
    """
    if data.startswith(_ZIP):
        from audit.readers.ofd import ofd_records

        found = ofd_records(data, limits)
    elif data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<", b"\x00<")):
        from audit.readers.xmlfile import xml_records

        found = xml_records(data, limits)
    else:
        found = ()
    return tuple(replace(record, origin=Origin.ATTACHMENT) for record in found)

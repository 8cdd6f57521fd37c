"""Signature seals of an OFD: a nested OFD (or picture) inside the signed value says what it reads.

After GM/T 0031: the signed value is DER that contains the seal's picture as one octet string.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.model import Box, ElectronicSeal
from audit.readers.base import UnreadableError
from audit.readers.container import Container, resolve
from audit.readers.ofdobjects import Glyphs, Thing, resources_of, things_on
from audit.readers.ofdpackage import OfdDocument, numbers, open_documents
from audit.readers.ofdsigned import UNCHECKED, signature_state
from audit.readers.pdfextras import certificate_name
from audit.readers.pdfspace import clipped
from audit.readers.xmlsafe import attribute, child, children, local, text_of, walk
from audit.settings import Limits

if TYPE_CHECKING:
    from lxml import etree

_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_END_LENGTH = 22
_LEAST_NAME = 4
_UTF8 = re.compile(rb"\x0c([\x04-\x7f])", re.DOTALL)
_MOST_SIGNATURES, _MOST_CHECKED = 100, 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal on a page: where (mm), what it says, and the nested document that draws it."""

    page_id: str
    boundary: tuple[float, float, float, float]
    text: str
    signer: str
    picture: bytes
    """The nested OFD or picture, empty if none was found."""
    signature: str = ""
    """What can be said of the signature: a state of ``ofdsigned``."""


def stamps(document: OfdDocument, limits: Limits) -> tuple[Stamp, ...]:
    """Return the signature seals of a document; damaged signatures give none."""
    target = text_of(child(document.body, "Signatures"))
    part = resolve("", target)
    root = document.part(part) if target else None
    if root is None:
        return ()
    found: list[Stamp] = []
    for one in children(root, "Signature")[:_MOST_SIGNATURES]:
        location = resolve(part, attribute(one, "BaseLoc"))
        if location not in document.container:
            location = resolve("", attribute(one, "BaseLoc"))
        try:
            signature = document.part(location)
            if signature is not None:
                state = _state(document, location, signature)
                found += _of_signature(document.container, location, signature, limits, state)
        except UnreadableError:
            continue
    return tuple(found)


def _state(document: OfdDocument, part: str, root: etree._Element) -> str:
    """Return whether a signature holds; each is checked once, and only so many of a document."""
    known = document.signature_states
    if part not in known:
        value = _bytes(document.container, part, text_of(child(root, "SignedValue")))
        checked = len(known) < _MOST_CHECKED
        known[part] = (
            signature_state(document.container, part, root, value, _shown_parts(document))
            if checked
            else UNCHECKED
        )
    return known[part]


def _shown_parts(document: OfdDocument) -> tuple[str, ...]:
    """Return the parts that make what a reader sees: what is added outside of them shows nothing."""
    common = child(document.root, "CommonData")
    parts = [document.root_part, *(page.part for page in document.pages)]
    parts += [*document.templates.values(), *resources_of(document).media.values()]
    for one in children(common) if common is not None else ():
        if local(one) in {"PublicRes", "DocumentRes"}:
            parts.append(resolve(document.root_part, text_of(one)))
    listed = document.referred("Annotations")
    if listed is not None:
        part, root = listed
        pages = children(root, "Page")
        parts += [part, *(resolve(part, text_of(child(one, "FileLoc"))) for one in pages)]
    return tuple(dict.fromkeys(p for p in parts if p in document.container))


def _of_signature(
    container: Container, part: str, root: etree._Element, limits: Limits, state: str
) -> Iterator[Stamp]:
    values = [
        data
        for path in (("SignedInfo", "Seal", "BaseLoc"), ("SignedValue",))
        if (data := _bytes(container, part, text_of(child(root, *path))))
    ]
    picture = next((p for data in values if (p := picture_in(data))), b"")
    text = seal_text(picture, limits) or next((t for d in values if (t := named_seal(d))), "")
    signer = next((name for data in values if (name := certificate_name(data))), "")
    for one in walk(root):
        if local(one) == "StampAnnot":
            box = numbers(attribute(one, "Boundary"))
            if len(box) == 4:  # noqa: PLR2004 - x, y, width, height
                yield Stamp(
                    attribute(one, "PageRef"), (box[0], box[1], box[2], box[3]),
                    text, signer, picture, state,
                )  # fmt: skip


def _bytes(container: Container, part: str, target: str) -> bytes:
    for name in (resolve(part, target), resolve("", target)):
        if target and name in container:
            return container.read(name, container.limits.xml_bytes)
    return b""


def picture_in(data: bytes) -> bytes:
    """Return the nested OFD or picture inside signature bytes, empty if there is none."""
    start = data.find(_ZIP)
    if start >= 0:
        end = data.find(_ZIP_END, start)
        if end >= 0:
            comment = int.from_bytes(data[end + 20 : end + 22], "little")
            return data[start : end + _END_LENGTH + comment]
    for mark in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"):
        place = data.find(mark)
        if place >= 0:
            return data[place:]
    return b""


def nested(picture: bytes, limits: Limits) -> tuple[OfdDocument, list[Thing]] | None:
    """Return the nested document of a seal and what is on its page; ``None`` if it is no OFD."""
    if not picture.startswith(_ZIP):
        return None
    try:
        container = Container(io.BytesIO(picture), limits)
        document = open_documents(container)[0]
        page = document.pages[0]
        return document, things_on(document, page, resources_of(document))
    except (UnreadableError, IndexError):
        return None


def seal_text(picture: bytes, limits: Limits) -> str:
    """Return the words of a seal drawn as a nested OFD, in the order they are drawn."""
    inside = nested(picture, limits)
    if inside is None:
        return ""
    return " ".join(t.text.strip() for t in inside[1] if isinstance(t, Glyphs))


def named_seal(data: bytes) -> str:
    """Return the name in the seal's own properties: the first Chinese text of the structure."""
    for match in _UTF8.finditer(data):
        raw = data[match.end() : match.end() + match.group(1)[0]]
        try:
            name = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            continue
        if len(re.findall(r"[\u4e00-\u9fff]", name)) >= _LEAST_NAME:
            return name
    return ""


def electronic_seal(stamp: Stamp, area: tuple[float, float, float, float]) -> ElectronicSeal:
    """Return the fact of a seal on a page with this box in mm."""
    left, top, width, height = area
    x, y, across, down = stamp.boundary
    box = Box(
        (x - left) / width,
        (y - top) / height,
        (x - left + across) / width,
        (y - top + down) / height,
    )
    found = ElectronicSeal("ofd_signature", clipped(box), stamp.text, stamp.signer)
    return replace(found, signature=stamp.signature)

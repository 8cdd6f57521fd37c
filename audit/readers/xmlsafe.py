"""XML from strangers: no DTD, no entities, no network, bounded size and depth.

lxml is used because it reads parts declared GBK, which Python's expat refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from audit.model import problem
from audit.readers.base import UnreadableError
from audit.settings import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from lxml import etree

#: What may stand before the root element: blanks, processing instructions, comments.
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_PROLOG_BYTES = 1024 * 1024
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)


def parse_xml(data: bytes, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Return the root element of ``data``.

    Raises ``UnreadableError``: E603 for any DOCTYPE or entity declaration, E501 beyond
    ``limits.xml_bytes``, E302 for what is not well-formed or nested beyond ``limits.xml_depth``.
    """
    from lxml import etree

    if len(data) > limits.xml_bytes:
        raise UnreadableError(problem("E501", size=_megabytes(len(data)), limit=_limit(limits)))
    clean = as_bytes(data)
    refuse_doctype(clean)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(clean, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(problem("E302", reason=f"XML {_short(error)}")) from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(problem("E603"))
    if _too_deep(root, limits.xml_depth):
        raise UnreadableError(problem("E302", reason=f"XML > {limits.xml_depth}"))
    return root


def as_bytes(data: bytes) -> bytes:
    """Return the document without a byte order mark; UTF-16 and UTF-32 turned into UTF-8."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return body if encoding == "utf-8" else _as_utf8(body, encoding)
    for start, encoding in _WIDE:
        if data.startswith(start):
            return _as_utf8(data, encoding)
    return data


def _as_utf8(data: bytes, encoding: str) -> bytes:
    text = data.decode(encoding, "replace")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")


def refuse_doctype(data: bytes) -> None:
    """Raise ``UnreadableError`` E603 if a DOCTYPE or entity stands before the root element."""
    text = data[:_PROLOG_BYTES].decode("latin-1")
    place = 0
    while match := _PROLOG.match(text, place):
        place = match.end()
    if text.startswith("<!", place):
        raise UnreadableError(problem("E603"))


def walk(root: etree._Element, limit: int | None = None) -> Iterator[etree._Element]:
    """Yield the elements below ``root`` in document order (no comments, no instructions)."""
    for count, element in enumerate(root.iter()):
        if limit is not None and count >= limit:
            return
        if isinstance(element.tag, str):
            yield element


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """Return an element's namespace, empty if it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: etree._Element, name: str = "") -> list[etree._Element]:
    """Return the child elements, only those with this local name if one is given."""
    found = [child for child in element if isinstance(child.tag, str)]
    return [child for child in found if local(child) == name] if name else found


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element along a path of local names, ``None`` if a step is missing."""
    for name in path:
        if element is None:
            return None
        element = next(iter(children(element, name)), None)
    return element


def text_of(element: etree._Element | None) -> str:
    """Return all text inside an element, CDATA included, outer blanks off."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def attribute(element: etree._Element, name: str, default: str = "") -> str:
    """Return an attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def _too_deep(root: etree._Element, depth: int) -> bool:
    # libxml2 itself stops at 256; only a stricter limit needs a walk of its own.
    native = 256
    if depth >= native:
        return False
    level: list[etree._Element] = [root]
    for _ in range(depth):
        level = [below for element in level for below in children(element)]
        if not level:
            return False
    return True


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0][:80]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


def _limit(limits: Limits) -> str:
    return _megabytes(limits.xml_bytes)

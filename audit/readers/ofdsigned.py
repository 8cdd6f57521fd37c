"""Whether the electronic signature of an OFD holds (GB/T 33190, GB/T 38540, GM/T 0031).

Three things must agree: the digests of the parts that the signature lists, the digest of that
list inside the signed value, and the signature over the signed value under the key of the
certificate in it. Whether somebody trustworthy issued that certificate is not asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from audit.readers.base import UnreadableError
from audit.readers.container import Container, resolve
from audit.readers.der import OBJECT, OCTET_STRING, SEQUENCE, DerError, Value, read
from audit.readers.sm2 import SM2_WITH_SM3, SM3, UncheckableError, holds, key_of, sm3
from audit.readers.xmlsafe import attribute, child, children, text_of

if TYPE_CHECKING:
    from lxml import etree

#: What can be said of a signature: it holds for the whole document; it holds, but something that
#: is shown is outside of it; it does not hold; it cannot be checked here.
HOLDS, PARTIAL, BROKEN, UNCHECKED = "holds", "partial", "broken", "unchecked"
_DIGESTS = {
    "md5": "md5", "1.2.840.113549.2.5": "md5", "sha1": "sha1", "1.3.14.3.2.26": "sha1",
    "sha256": "sha256", "2.16.840.1.101.3.4.2.1": "sha256",
}  # fmt: skip
_MOST_PARTS = 5000


def signature_state(
    container: Container,
    part: str,
    root: etree._Element,
    signed_value: bytes,
    needed: Sequence[str],
) -> str:
    """Return what can be said of one signature.

    ``part``, ``root``: its Signature.xml; ``signed_value``: the bytes that it points at;
    ``needed``: the parts that make what is shown, which a signature of the document lists.
    """
    try:
        listed, intact = _listed(container, part, root)
        if not listed:
            return UNCHECKED
        raw = container.read(part, container.limits.xml_bytes)
        genuine = _signed(signed_value, raw)
    except (DerError, UncheckableError, UnreadableError, IndexError, ValueError):
        return UNCHECKED
    if not (intact and genuine):
        return BROKEN
    return HOLDS if {_folded(name) for name in needed} <= listed else PARTIAL


def _folded(name: str) -> str:
    return resolve("", name).casefold()


def _listed(container: Container, part: str, root: etree._Element) -> tuple[set[str], bool]:
    """Return the parts that a signature lists, and whether all of them are as it lists them."""
    references = child(root, "SignedInfo", "References")
    if references is None:
        return set(), False
    method = attribute(references, "CheckMethod")
    names: set[str] = set()
    digests: dict[str, bytes] = {}
    intact = True
    every = children(references, "Reference")
    if len(every) > _MOST_PARTS:
        raise UncheckableError("parts")
    for one in every:
        target = attribute(one, "FileRef")
        place = next(
            (p for p in (resolve("", target), resolve(part, target)) if p in container), ""
        )
        if not place:
            names.add(_folded(target))
            intact = False
            continue
        if place not in digests:
            digests[place] = _digest(method, container.read(place, container.limits.file_bytes))
        try:
            expected = base64.b64decode(text_of(child(one, "CheckValue")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise UncheckableError("digest") from error
        intact = intact and digests[place] == expected
        names.add(_folded(place))
    return names, intact


def _digest(method: str, data: bytes) -> bytes:
    name = method.strip().lower().replace("-", "")
    if name in {SM3, "sm3"}:
        return sm3(data)
    if name not in _DIGESTS:
        raise UncheckableError("digest")
    return hashlib.new(_DIGESTS[name], data, usedforsecurity=False).digest()


def _signed(value: bytes, signature_part: bytes) -> bool:
    """Tell whether a signed value is genuine and speaks of this very Signature.xml."""
    outer = read(value).children()
    statement = outer[0]
    certificate, algorithm, signature, digest = _parts_of(statement.children(), outer[1:])
    if algorithm != SM2_WITH_SM3:
        raise UncheckableError("algorithm")
    return digest == sm3(signature_part) and holds(statement.whole, signature, key_of(certificate))


def _parts_of(statement: Sequence[Value], rest: Sequence[Value]) -> tuple[bytes, str, bytes, bytes]:
    """Return certificate, algorithm, signature and digest, of either version of the structure."""
    if statement[1].tag != SEQUENCE:
        raise DerError("no seal")
    digest = statement[3].bits()
    if len(rest) >= 3 and rest[0].tag == OCTET_STRING and rest[1].tag == OBJECT:  # noqa: PLR2004 - GB/T 38540
        return rest[0].content, rest[1].oid(), rest[2].bits(), digest
    # GM/T 0031: certificate and algorithm stand in the statement itself.
    return statement[5].content, statement[6].oid(), rest[0].bits(), digest

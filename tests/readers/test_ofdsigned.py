"""Electronic signatures of OFD by SM2: signed here, then left alone or changed."""

from __future__ import annotations

import base64
import builtins
import hashlib
from pathlib import Path
from typing import Any

import pytest

from audit.readers.der import DerError, read
from audit.readers.sm2 import (
    EC_KEY,
    SIGNER_ID,
    SM2_KEY,
    SM2_WITH_SM3,
    SM3,
    UncheckableError,
    key_of,
    sm3,
)
from audit.readers.sm2 import holds as sm2_holds
from tests.hostile.build import ofd_parts
from tests.readers.test_ofd import _SPACE
from tests.readers.test_ofd import read as read_ofd

#: The example of GM/T 0003.5, annex A.
EXAMPLE_KEY = (
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
EXAMPLE_SIGNATURE = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
SIGNED_PARTS = ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml")


def der(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    length = (
        bytes([len(body)])
        if len(body) < 0x80
        else (
            b"\x82" + len(body).to_bytes(2, "big")
            if len(body) < 0x10000
            else b"\x83" + len(body).to_bytes(3, "big")
        )
    )
    return bytes([tag]) + length + body


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(a) for a in dotted.split("."))
    out = bytearray()
    for arc in (first * 40 + second, *rest):
        part = [arc & 0x7F]
        while arc := arc >> 7:
            part.append(arc & 0x7F | 0x80)
        out += bytes(reversed(part))
    return der(0x06, bytes(out))


def number(data: bytes) -> bytes:
    return der(0x02, b"\x00" + data if data[0] & 0x80 else data)


def bits(data: bytes) -> bytes:
    return der(0x03, b"\x00", data)


def certificate(key: bytes, curve: str = SM2_KEY) -> bytes:
    spki = der(0x30, der(0x30, oid(EC_KEY), oid(curve)), bits(key))
    name = der(0x30)
    fields = der(0x30, der(0xA0, der(0x02, b"\x02")), der(0x02, b"\x07"), der(0x30), name, name, name, spki)  # fmt: skip
    return der(0x30, fields, der(0x30, oid(SM2_WITH_SM3)), bits(b"issuer"))


class Signer:
    """A key of the test's own; ``old``: writes the structure of GM/T 0031 instead of GB/T 38540."""

    def __init__(self, *, old: bool = False, algorithm: str = SM2_WITH_SM3) -> None:
        gmalg = pytest.importorskip("gmalg")
        secret = hashlib.sha256(b"a key for tests").digest()
        self.gmalg, self.secret, self.old, self.algorithm = gmalg, secret, old, algorithm
        self.key: bytes = gmalg.SM2(pc_mode=gmalg.PC_MODE.RAW).generate_pk(secret)

    def value(self, signature_part: bytes) -> bytes:
        """Return a signed value that speaks of this Signature.xml."""
        seal = der(0x30, der(0x0C, "某某公司发票专用章".encode()))
        fields = [der(0x02, b"\x04"), seal, der(0x18, b"20240501000000Z"), bits(sm3(signature_part)), der(0x16, b"/x")]  # fmt: skip
        if self.old:
            fields += [der(0x04, certificate(self.key)), oid(self.algorithm)]
        statement = der(0x30, *fields)
        signer = self.gmalg.SM2(self.secret, SIGNER_ID, self.key)
        r, s = signer.sign(statement)
        signature = bits(der(0x30, number(r), number(s)))
        if self.old:
            return der(0x30, statement, signature)
        return der(
            0x30, statement, der(0x04, certificate(self.key)), oid(self.algorithm), signature
        )


def signed(
    signer: Signer, listed: tuple[str, ...] = SIGNED_PARTS, plain: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return the parts of an OFD (``plain``, else a page) with one signature over the listed ones."""
    parts = ofd_parts() if plain is None else dict(plain)
    parts["OFD.xml"] = parts["OFD.xml"].replace(
        b"</DocBody>", b"<Signatures>Doc_0/Signs/Signatures.xml</Signatures></DocBody>"
    )
    parts["Doc_0/Signs/Signatures.xml"] = (
        f'<Signatures {_SPACE}><Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></Signatures>'.encode()
    )
    references = "".join(
        f'<Reference FileRef="/{name}"><CheckValue>{base64.b64encode(sm3(parts[name])).decode()}</CheckValue></Reference>'
        for name in listed
    )
    xml = (
        f'<Signature {_SPACE}><SignedInfo><References CheckMethod="{SM3}">{references}</References>'
        '<StampAnnot PageRef="1" Boundary="105 100 40 40"/></SignedInfo>'
        "<SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</SignedValue></Signature>"
    ).encode()
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = xml
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = signer.value(xml)
    return parts


def state(tmp_path: Path, parts: dict[str, bytes]) -> tuple[str, bool]:
    """Return what is said of the signature, and whether the file is warned about."""
    content, _ = read_ofd(tmp_path, parts)
    (seal,) = content.electronic_seals
    return seal.signature, "W404" in {p.code for p in content.problems}


@pytest.mark.parametrize("old", [False, True], ids=["GB/T 38540", "GM/T 0031"])
def test_an_untouched_signature_holds(tmp_path: Path, old: bool) -> None:
    assert state(tmp_path, signed(Signer(old=old))) == ("holds", False)


def test_a_page_changed_afterwards_breaks_it(tmp_path: Path) -> None:
    parts = signed(Signer())
    name = "Doc_0/Pages/Page_0/Content.xml"
    assert b"12345678" in parts[name]
    parts[name] = parts[name].replace(b"12345678", b"12345679")
    assert state(tmp_path, parts) == ("broken", True)


def test_a_list_made_to_fit_a_changed_page_breaks_it(tmp_path: Path) -> None:
    parts = signed(Signer())
    name, signature = "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Signs/Sign_0/Signature.xml"
    before = base64.b64encode(sm3(parts[name]))
    parts[name] = parts[name].replace(b"12345678", b"12345679")
    parts[signature] = parts[signature].replace(before, base64.b64encode(sm3(parts[name])))
    assert state(tmp_path, parts) == ("broken", True)


def test_a_signature_by_another_key_breaks_it(tmp_path: Path) -> None:
    signer = Signer()
    parts = signed(signer)
    value = parts["Doc_0/Signs/Sign_0/SignedValue.dat"]
    outer = read(value).children()
    other = bytes.fromhex(EXAMPLE_KEY)
    forged = der(
        0x30, outer[0].whole, der(0x04, certificate(other)), outer[2].whole, outer[3].whole
    )
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = forged
    assert state(tmp_path, parts) == ("broken", True)


def test_a_missing_part_breaks_it(tmp_path: Path) -> None:
    parts = signed(Signer())
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = parts["Doc_0/Signs/Sign_0/Signature.xml"].replace(
        b'FileRef="/OFD.xml"', b'FileRef="/Gone.xml"'
    )
    assert state(tmp_path, parts) == ("broken", True)


@pytest.mark.parametrize(
    ("known", "added", "part"),
    [
        (
            b"</CommonData>",
            b'<TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></CommonData>',
            "Doc_0/Tpls/Tpl_0/Content.xml",
        ),
        (
            b"</CommonData>",
            b"<DocumentRes>DocumentRes.xml</DocumentRes></CommonData>",
            "Doc_0/DocumentRes.xml",
        ),
        (
            b"</Document>",
            b"<Annotations>Annots/Annotations.xml</Annotations></Document>",
            "Doc_0/Annots/Annotations.xml",
        ),
    ],
    ids=["template", "resources", "annotations"],
)
def test_what_is_shown_from_outside_of_the_signature_is_said(
    tmp_path: Path, known: bytes, added: bytes, part: str
) -> None:
    def with_more(parts: dict[str, bytes]) -> dict[str, bytes]:
        document = parts["Doc_0/Document.xml"].replace(known, added)
        return {**parts, "Doc_0/Document.xml": document, part: f"<X {_SPACE}/>".encode()}

    whole = with_more(ofd_parts())
    assert state(tmp_path, signed(Signer(), SIGNED_PARTS, whole)) == ("partial", False)
    assert state(tmp_path, signed(Signer(), (*SIGNED_PARTS, part), whole)) == ("holds", False)


def test_pages_outside_of_the_signature_are_said(tmp_path: Path) -> None:
    parts = signed(Signer(), SIGNED_PARTS[:2])
    assert state(tmp_path, parts) == ("partial", False)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("Doc_0/Signs/Sign_0/Signature.xml", SM3.encode(), b"9.9.9"),
        ("Doc_0/Signs/Sign_0/SignedValue.dat", oid(SM2_WITH_SM3), oid("1.2.840.113549.1.1.11")[:2] + oid(SM2_WITH_SM3)[2:-1] + b"\x01"),
        ("Doc_0/Signs/Sign_0/SignedValue.dat", b"\x30\x82", b"\x31\x80"),
    ],
    ids=["digest", "algorithm", "structure"],
)  # fmt: skip
def test_what_cannot_be_checked_is_not_called_broken(
    tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    parts = signed(Signer())
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    found, warned = state(tmp_path, parts)
    assert (found, warned) == ("unchecked", False)


def test_without_the_library_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = signed(Signer())
    plain = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "gmalg":
            raise ImportError(name)
        return plain(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert state(tmp_path, parts) == ("unchecked", False)


def test_the_example_of_the_standard() -> None:
    pytest.importorskip("gmalg")
    key, signature = bytes.fromhex(EXAMPLE_KEY), bytes.fromhex(EXAMPLE_SIGNATURE)
    assert sm2_holds(b"message digest", signature, key)
    assert not sm2_holds(b"message digesT", signature, key)
    assert not sm2_holds(b"message digest", signature[:-1] + b"\x00", key)
    off_the_curve = key[:-1] + bytes([key[-1] ^ 1])
    assert not sm2_holds(b"message digest", signature, off_the_curve)


def test_a_certificate_with_another_curve_cannot_be_checked() -> None:
    key = bytes.fromhex(EXAMPLE_KEY)
    assert key_of(certificate(key)) == key
    with pytest.raises(UncheckableError):
        key_of(certificate(key, "1.2.840.10045.3.1.7"))


@pytest.mark.parametrize("content", [b"\xff" * 200_000, b"\x2a\x81"])
def test_an_identifier_without_end_is_none(content: bytes) -> None:
    with pytest.raises(DerError):
        read(der(0x06, content)).oid()


def test_a_message_too_long_for_pure_python_is_not_judged() -> None:
    pytest.importorskip("gmalg")
    key, signature = bytes.fromhex(EXAMPLE_KEY), bytes.fromhex(EXAMPLE_SIGNATURE)
    with pytest.raises(UncheckableError):
        sm2_holds(bytes(1_000_001), signature, key)


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x05ab", b"\x30\x80\x00\x00", b"\x30\x89" + b"\x01" * 9, b"\x1f\x01a", b"\x30\x03\x02\x05a"],
)  # fmt: skip
def test_bytes_that_are_no_der_are_refused(data: bytes) -> None:
    with pytest.raises(DerError):
        read(data).children()

"""Containers and XML from strangers: refused by what they promise, found by what they mean."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from audit.readers.base import UnreadableError
from audit.readers.container import Container, resolve
from audit.readers.xmlsafe import attribute, child, local, parse_xml, text_of
from audit.settings import DEFAULT_LIMITS, Limits
from tests.hostile.build import zipped


def opened(parts: object, limits: Limits = DEFAULT_LIMITS) -> Container:
    return Container(io.BytesIO(zipped(parts)), limits)  # type: ignore[arg-type]


def code(call: object) -> str:
    with pytest.raises(UnreadableError) as caught:
        call()  # type: ignore[operator]
    return caught.value.problem.code


def test_parts_are_found_whatever_their_case_and_slashes() -> None:
    container = opened({"Doc_0/TPLS/Content.xml": b"<a>1</a>"})

    assert "/doc_0/Tpls/content.XML" in container
    assert text_of(container.xml("doc_0\\tpls\\content.xml")) == "1"


def test_what_is_missing_or_too_large_is_named() -> None:
    container = opened({"a.xml": b"<a/>" + b" " * 500}, replace(DEFAULT_LIMITS, xml_bytes=100))

    assert code(lambda: container.read("b.xml")) == "E302"
    assert code(lambda: container.xml("a.xml")) == "E501"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_told() -> None:
    assert [p.code for p in opened([("a", b"1"), ("A", b"2")]).ambiguities()] == ["W608"]
    assert opened([("a", b"1"), ("b", b"2")]).ambiguities() == ()


@pytest.mark.parametrize(
    ("base", "target", "found"),
    [
        ("Doc_0/Document.xml", "Pages/P.xml", "Doc_0/Pages/P.xml"),
        ("Doc_0/Document.xml", "/Doc_0/x", "Doc_0/x"),
        ("a/b/c.xml", "../d.xml", "a/d.xml"),
        ("a/b.xml", "../../../../etc/passwd", "etc/passwd"),
        ("a/b.xml", "..\\c.xml", "c.xml"),
    ],
)
def test_references_stay_inside(base: str, target: str, found: str) -> None:
    assert resolve(base, target) == found


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a/>",
        "<?xml version='1.0'?><!-- x --><!DOCTYPE a []><a/>",
        "\ufeff<!DOCTYPE a><a/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_no_doctype_passes_in_any_encoding(text: str, encoding: str) -> None:
    assert code(lambda: parse_xml(text.encode(encoding))) in {"E603", "E302"}


def test_values_are_read_by_local_names() -> None:
    root = parse_xml('<x:a xmlns:x="u" x:b="1"><x:c><![CDATA[ 甲 ]]></x:c></x:a>'.encode())

    assert (local(root), attribute(root, "b"), text_of(child(root, "c"))) == ("a", "1", "甲")
    assert child(root, "c", "d") is None


def test_depth_has_a_limit() -> None:
    limits = replace(DEFAULT_LIMITS, xml_depth=5)

    assert code(lambda: parse_xml(b"<a>" * 9 + b"</a>" * 9, limits)) == "E302"
    assert parse_xml(b"<a>" * 4 + b"</a>" * 4, limits) is not None

"""The parts of an OFD document: pages, templates, resources, annotations, signatures.

Producers differ in case, in leading slashes and in what they leave out; parts are found by
what refers to them, else by their usual place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.model import problem
from audit.readers.base import UnreadableError
from audit.readers.container import Container, resolve
from audit.readers.xmlsafe import attribute, child, children, local, text_of, walk

if TYPE_CHECKING:
    from lxml import etree

_A4 = (0.0, 0.0, 210.0, 297.0)
_LONGEST_MM = 5000.0
_CONTENT = re.compile(r"(^|/)(pages/[^/]+/content|content_?\d*)\.xml$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class OfdPage:
    """Where a page's content lies; ``id`` is what others refer to."""

    id: str
    part: str


@dataclass(slots=True)
class OfdDocument:
    """One document of the container, its parts resolved to names in the container."""

    container: Container
    root_part: str
    root: etree._Element
    body: etree._Element | None
    pages: list[OfdPage] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    signature_states: dict[str, str] = field(default_factory=dict)
    """What can be said of each signature, by its part; checked once for all pages."""
    _roots: dict[str, etree._Element | None] = field(default_factory=dict)

    def part(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, ``None`` if it is missing."""
        if name not in self._roots:
            self._roots[name] = self.container.xml(name) if name in self.container else None
        return self._roots[name]

    def referred(self, name: str) -> tuple[str, etree._Element] | None:
        """Return (part, root) of what the document's element ``name`` refers to."""
        target = text_of(child(self.root, name))
        if not target:
            return None
        part = resolve(self.root_part, target)
        root = self.part(part)
        return None if root is None else (part, root)

    def area(self, content: etree._Element | None) -> tuple[float, float, float, float]:
        """Return the page box (x, y, width, height) in mm: the page's own, else the document's."""
        for holder in (content, child(self.root, "CommonData")):
            name = "Area" if holder is content else "PageArea"
            for box in ("PhysicalBox", "ApplicationBox", "CropBox"):
                found = numbers(text_of(child(holder, name, box)))
                if len(found) == 4 and 1 < found[2] <= _LONGEST_MM and 1 < found[3] <= _LONGEST_MM:  # noqa: PLR2004
                    return found[0], found[1], found[2], found[3]
        return _A4

    def resources(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield (folder, root) of the resource parts."""
        common = child(self.root, "CommonData")
        for one in children(common) if common is not None else ():
            if local(one) in {"PublicRes", "DocumentRes"}:
                part = resolve(self.root_part, text_of(one))
                root = self.part(part)
                if root is not None:
                    base = attribute(root, "BaseLoc")
                    yield (resolve(part, base) + "/x" if base else part), root


def numbers(text: str) -> list[float]:
    """Return the numbers of a list such as ``0 0 210 140``; empty if anything else is in it."""
    try:
        found = [float(one) for one in text.replace(",", " ").split()]
    except ValueError:
        return []
    return found if all(abs(one) < 1e7 for one in found) else []  # noqa: PLR2004


def open_documents(container: Container) -> list[OfdDocument]:
    """Return the documents of a container; E402 if encrypted, E302 if there is none."""
    if any(name.casefold().endswith("encryptions.xml") for name in container.names):
        raise UnreadableError(problem("E402"))
    bodies: list[tuple[str, etree._Element | None]] = []
    if "OFD.xml" in container:
        found = children(container.xml("OFD.xml"), "DocBody")
        bodies += [(resolve("", text_of(child(one, "DocRoot"))), one) for one in found]
    present = [(part, body) for part, body in bodies if part in container]
    if not present:
        roots = [n for n in container.names if n.casefold().endswith("document.xml")]
        present = [(name, bodies[0][1] if bodies else None) for name in sorted(roots)]
    if not present:
        raise UnreadableError(problem("E302", reason="OFD.xml"))
    return [_document(container, part, body) for part, body in present]


def _document(container: Container, part: str, body: etree._Element | None) -> OfdDocument:
    document = OfdDocument(container, part, container.xml(part), body)
    common = child(document.root, "CommonData")
    for one in children(common, "TemplatePage") if common is not None else ():
        document.templates[attribute(one, "ID")] = resolve(part, attribute(one, "BaseLoc"))
    pages = child(document.root, "Pages")
    for one in children(pages, "Page") if pages is not None else ():
        location = resolve(part, attribute(one, "BaseLoc"))
        if location not in container:
            location = resolve(location + "/x", "Content.xml")
        document.pages.append(OfdPage(attribute(one, "ID"), location))
    if not document.pages:
        found = [n for n in container.names if _CONTENT.search(n) and "tpl" not in n.casefold()]
        document.pages += [OfdPage("", name) for name in sorted(found, key=_page_order)]
    return document


def _page_order(name: str) -> tuple[int, str]:
    figures = _NUMBER.findall(name)
    return (int(figures[-1]) if figures else 0, name)


def annotations_of(document: OfdDocument, page: OfdPage) -> Iterator[etree._Element]:
    """Yield the annotations of a page."""
    found = document.referred("Annotations")
    if found is None:
        return
    part, root = found
    for one in children(root, "Page"):
        if attribute(one, "PageID") != page.id:
            continue
        location = resolve(part, text_of(child(one, "FileLoc")))
        listed = document.part(location)
        for annotation in children(listed, "Annot") if listed is not None else ():
            if attribute(annotation, "Visible") != "false":
                yield annotation


def attachments(document: OfdDocument) -> Iterator[tuple[str, str]]:
    """Yield (name, part) of the attachments; also those that nothing lists but their folder."""
    listed: set[str] = set()
    found = document.referred("Attachments")
    if found is not None:
        part, root = found
        for one in children(root, "Attachment"):
            target = text_of(child(one, "FileLoc"))
            place = resolve(part, target)
            if place not in document.container:
                place = resolve("", target)
            listed.add(place.casefold())
            yield attribute(one, "Name") or target, place
    folder = re.compile(r"/attach[^/]*/[^/]+\.(xml|xbrl)$", re.IGNORECASE)
    for name in document.container.names:
        known = name.casefold() in listed or name.casefold().endswith("attachments.xml")
        if folder.search("/" + name) and not known:
            yield name.rpartition("/")[2], name


def custom_tags(document: OfdDocument) -> Iterator[etree._Element]:
    """Yield the roots of the custom tag parts."""
    found = document.referred("CustomTags")
    if found is None:
        return
    part, root = found
    for one in walk(root):
        if local(one) == "FileLoc":
            tags = document.part(resolve(part, text_of(one)))
            if tags is not None:
                yield tags


def custom_data(document: OfdDocument) -> list[tuple[str, str]]:
    """Return (name, value) of the custom data in OFD.xml."""
    holder = child(document.body, "DocInfo", "CustomDatas")
    if holder is None:
        return []
    pairs = [(attribute(one, "Name"), text_of(one)) for one in children(holder, "CustomData")]
    return [(name, value) for name, value in pairs if name and value]

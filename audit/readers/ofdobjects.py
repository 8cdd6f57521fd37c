"""What stands on an OFD page, flattened: glyphs, pictures and paths with their place in mm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.readers.ofdpackage import OfdDocument, OfdPage, annotations_of, numbers
from audit.readers.pdfobjects import Matrix, multiplied
from audit.readers.xmlsafe import attribute, child, children, local, text_of

if TYPE_CHECKING:
    from lxml import etree

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
_MOST_OBJECTS = 60_000
_MOST_GLYPHS = 20_000
_DEEPEST = 12
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LAYERS = {"Background": 0, "Body": 1, "Foreground": 2}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One TextCode: characters with their origins in mm on the page, font size, direction.

    ``matrix`` maps the object's own space to the page; ``points`` are in the object's space.
    """

    id: str
    text: str
    points: tuple[tuple[float, float], ...]
    size: float
    matrix: Matrix
    font: str
    colour: Colour
    alpha: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: ``matrix`` maps the unit square (origin top left) to the page."""

    id: str
    resource: str
    matrix: Matrix
    alpha: int = 255


@dataclass(frozen=True, slots=True)
class Path:
    """A path in its own space. ``stroke``/``fill``: colours, ``None`` for not drawn."""

    id: str
    data: str
    matrix: Matrix
    width: float
    stroke: Colour | None
    fill: Colour | None
    alpha: int = 255


Thing = Glyphs | Image | Path


@dataclass(frozen=True, slots=True)
class Style:
    """What objects inherit from draw parameters."""

    width: float = 0.353
    stroke: Colour = BLACK
    fill: Colour = BLACK


@dataclass(slots=True)
class Resources:
    """Fonts, pictures, draw parameters and composite units of a document, by id."""

    fonts: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    params: dict[str, etree._Element] = field(default_factory=dict)
    composites: dict[str, etree._Element] = field(default_factory=dict)

    def style(self, name: str, given: Style) -> Style:
        """Return ``given`` as changed by draw parameters and what these are relative to."""
        chain: list[etree._Element] = []
        while name in self.params and len(chain) < _DEEPEST:
            chain.append(self.params[name])
            name = attribute(self.params[name], "Relative")
        for element in reversed(chain):
            given = _styled(element, given)
        return given


def resources_of(document: OfdDocument) -> Resources:
    """Return the resources of a document."""
    from audit.readers.container import resolve

    found = Resources()
    for base, root in document.resources():
        for group in children(root):
            for one in children(group):
                name, key = local(one), attribute(one, "ID")
                if name == "Font":
                    found.fonts[key] = attribute(one, "FontName")
                elif name == "MultiMedia":
                    found.media[key] = resolve(base, text_of(child(one, "MediaFile")))
                elif name == "DrawParam":
                    found.params[key] = one
                elif name == "CompositeGraphicUnit":
                    found.composites[key] = one
    return found


def things_on(document: OfdDocument, page: OfdPage, resources: Resources) -> list[Thing]:
    """Return what is on a page in painting order: templates, layers, annotations."""
    walker = _Walker(resources)
    content = document.part(page.part)
    if content is None:
        return []
    left, top, _, _ = document.area(content)
    origin: Matrix = (1.0, 0.0, 0.0, 1.0, -left, -top)
    layers: list[tuple[int, etree._Element]] = []
    for one in children(content, "Template"):
        template = document.part(document.templates.get(attribute(one, "TemplateID"), ""))
        order = _LAYERS.get(attribute(one, "ZOrder", "Background"), 0)
        layers += [(order, layer) for layer in _layers(template)]
    body = [(_LAYERS.get(attribute(one, "Type", "Body"), 1), one) for one in _layers(content)]
    for _, layer in sorted([*layers, *body], key=lambda pair: pair[0]):
        walker.group(layer, origin, Style())
    for annotation in annotations_of(document, page):
        for appearance in children(annotation, "Appearance"):
            x, y = (*numbers(attribute(appearance, "Boundary")), 0.0, 0.0)[:2]
            walker.group(appearance, (1.0, 0.0, 0.0, 1.0, x - left, y - top), Style())
    return walker.found


def _layers(content: etree._Element | None) -> list[etree._Element]:
    holder = child(content, "Content")
    return [] if holder is None else children(holder, "Layer")


class _Walker:
    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._seen = 0
        self.found: list[Thing] = []

    def group(self, holder: etree._Element, matrix: Matrix, style: Style, depth: int = 0) -> None:
        """Take every object below a layer, block or appearance."""
        if depth > _DEEPEST:
            return
        style = self._resources.style(attribute(holder, "DrawParam"), style)
        for one in children(holder):
            self._seen += 1
            if self._seen > _MOST_OBJECTS:
                return
            if attribute(one, "Visible") == "false":
                continue
            self._object(one, matrix, style, depth)

    def _object(self, one: etree._Element, matrix: Matrix, style: Style, depth: int) -> None:
        name = local(one)
        if name == "PageBlock":
            self.group(one, matrix, style, depth + 1)
        elif name in {"TextObject", "PathObject", "ImageObject", "CompositeObject"}:
            own = self._resources.style(attribute(one, "DrawParam"), style)
            space = _space(one, matrix)
            if name == "TextObject":
                self.found += _texts(one, space, own, self._resources.fonts)
            elif name == "PathObject":
                self.found.append(_path(one, space, own))
            elif name == "ImageObject":
                self.found.append(_image(one, space, matrix))
            else:
                unit = self._resources.composites.get(attribute(one, "ResourceID"))
                content = child(unit, "Content")
                if content is not None:
                    self.group(content, space, own, depth + 1)


def _space(one: etree._Element, matrix: Matrix) -> Matrix:
    """Return the matrix from the object's own space to the page."""
    x, y = (*numbers(attribute(one, "Boundary")), 0.0, 0.0)[:2]
    ctm = numbers(attribute(one, "CTM"))
    own = _IDENTITY if len(ctm) != 6 else (ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5])  # noqa: PLR2004
    return multiplied(multiplied(own, (1.0, 0.0, 0.0, 1.0, x, y)), matrix)


def _styled(element: etree._Element, given: Style) -> Style:
    width = numbers(attribute(element, "LineWidth"))
    return Style(
        width[0] if width else given.width,
        colour_of(child(element, "StrokeColor"), given.stroke),
        colour_of(child(element, "FillColor"), given.fill),
    )


def colour_of(element: etree._Element | None, given: Colour) -> Colour:
    """Return the colour of a FillColor or StrokeColor: RGB, grey or CMYK."""
    if element is None:
        return given
    values = _components(attribute(element, "Value"))
    if len(values) == 3:  # noqa: PLR2004 - RGB
        return values[0], values[1], values[2]
    if len(values) == 1:
        return values[0], values[0], values[0]
    if len(values) == 4:  # noqa: PLR2004 - CMYK
        c, m, y, k = (255 - v for v in values)
        return c * k // 255, m * k // 255, y * k // 255
    return given


def _components(text: str) -> list[int]:
    found = []
    for one in text.split():
        try:
            value = int(one[1:], 16) if one.startswith("#") else int(float(one))
        except (ValueError, OverflowError):
            return []
        found.append(min(max(value, 0), 255))
    return found


def _alpha(one: etree._Element) -> int:
    values = numbers(attribute(one, "Alpha"))
    return int(min(max(values[0], 0), 255)) if values else 255


def _texts(
    one: etree._Element, space: Matrix, style: Style, fonts: Mapping[str, str]
) -> Iterator[Glyphs]:
    sizes = numbers(attribute(one, "Size"))
    size = sizes[0] if sizes and sizes[0] > 0 else 3.5
    colour = colour_of(child(one, "FillColor"), style.fill)
    x, y = 0.0, size
    for code in children(one, "TextCode"):
        x = (numbers(attribute(code, "X")) or [x])[0]
        y = (numbers(attribute(code, "Y")) or [y])[0]
        text = text_of(code) if "\n" in (code.text or "") else (code.text or "")
        text = text[:_MOST_GLYPHS]
        if not text.strip():
            continue
        yield Glyphs(
            attribute(one, "ID"), text, _points(code, text, x, y, size), size, space,
            fonts.get(attribute(one, "Font"), ""), colour, _alpha(one),
        )  # fmt: skip


def _points(
    code: etree._Element, text: str, x: float, y: float, size: float
) -> tuple[tuple[float, float], ...]:
    across = deltas(attribute(code, "DeltaX"), len(text))
    down = deltas(attribute(code, "DeltaY"), len(text))
    points = [(x, y)]
    for place, char in enumerate(text[:-1]):
        dx = across[place] if place < len(across) else None
        dy = down[place] if place < len(down) else 0.0
        if dx is None:
            dx = 0.0 if down and not across else advance(char) * size
        x, y = x + dx, y + dy
        points.append((x, y))
    return tuple(points)


def deltas(text: str, most: int) -> list[float]:
    """Return the steps of ``g 4 1.5 3.0``: a ``g`` repeats its value so many times."""
    found: list[float] = []
    tokens = text.split()
    place = 0
    while place < len(tokens) and len(found) < most:
        if tokens[place].lower() == "g" and place + 2 < len(tokens):
            step = numbers(tokens[place + 2])
            count = tokens[place + 1]
            if not step or not count.isdigit():
                return found
            found += step * min(int(count[:6]), most)
            place += 3
        else:
            step = numbers(tokens[place])
            if not step:
                return found
            found += step
            place += 1
    return found[:most]


def advance(char: str) -> float:
    """Return the usual width of a character in em."""
    from unicodedata import east_asian_width

    return 1.0 if east_asian_width(char) in "WFA" else 0.5


def _path(one: etree._Element, space: Matrix, style: Style) -> Path:
    own = _styled(one, style)
    filled = attribute(one, "Fill") == "true" and child(one, "FillColor") is not None
    filled = filled or (attribute(one, "Fill") == "true" and style.fill != BLACK)
    return Path(
        attribute(one, "ID"),
        text_of(child(one, "AbbreviatedData")),
        space,
        own.width,
        None if attribute(one, "Stroke") == "false" else own.stroke,
        own.fill if filled else None,
        _alpha(one),
    )


def _image(one: etree._Element, space: Matrix, matrix: Matrix) -> Image:
    if len(numbers(attribute(one, "CTM"))) != 6:  # noqa: PLR2004 - fills its boundary then
        x, y, width, height = (*numbers(attribute(one, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
        space = multiplied((width, 0.0, 0.0, height, x, y), matrix)
    return Image(attribute(one, "ID"), attribute(one, "ResourceID"), space, _alpha(one))

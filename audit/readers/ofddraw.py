"""An OFD page as a picture, true enough to read it by: text, lines, pictures, seals."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from audit.model import problem
from audit.readers import jbig2
from audit.readers.base import UnreadableError
from audit.readers.image import picture_size
from audit.readers.ofdobjects import Glyphs, Image, Path, Resources, Thing, resources_of
from audit.readers.ofdpackage import OfdDocument
from audit.readers.ofdpaths import polylines
from audit.readers.ofdseals import Stamp, nested
from audit.readers.pdfium import font_folder
from audit.readers.pdfobjects import Matrix, multiplied
from audit.settings import Limits

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

# ruff: noqa: ANN401 - Pillow's pictures and fonts

DPI, _LOWEST_DPI = 200, 100
_MM = 25.4
_SERIF = ("宋", "song", "serif", "仿", "fang", "ming", "明", "times", "楷", "kai")
_LARGEST_GLYPH = 2000
_DEEPEST = 3
Area = tuple[float, float, float, float]


def draw_page(
    document: OfdDocument,
    resources: Resources,
    things: Sequence[Thing],
    area: Area,
    stamps: Sequence[Stamp],
    limits: Limits,
) -> Raster:
    """Return the page with its seals at 200 dpi; lower for large ones, E506 beyond."""
    import numpy as np
    from PIL import Image as Pictures

    from audit.pixels.raster import Raster

    _, _, width, height = area
    dpi = DPI
    inches = width * height / (_MM * _MM)
    if inches * dpi * dpi > limits.raster_pixels:
        dpi = int(math.sqrt(limits.raster_pixels / inches))
    if dpi < _LOWEST_DPI:
        limit = f"{limits.raster_pixels / 1e6:.0f} M"
        raise UnreadableError(problem("E506", pixels=f"{width:.0f}×{height:.0f} mm", limit=limit))
    scale = dpi / _MM
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = Pictures.new("RGBA", size, "white")
    painter = _Painter(canvas, document, resources, limits)
    painter.paint(things, (scale, 0.0, 0.0, scale, 0.0, 0.0))
    for stamp in stamps:
        painter.stamp(stamp, area, scale)
    return Raster(np.array(canvas.convert("RGB"), np.uint8), dpi, None)


class _Painter:
    def __init__(
        self,
        canvas: Any,
        document: OfdDocument,
        resources: Resources,
        limits: Limits,
        depth: int = 0,
    ) -> None:
        self._canvas = canvas
        self._document = document
        self._resources = resources
        self._limits = limits
        self._depth = depth

    def paint(self, things: Sequence[Thing], view: Matrix) -> None:
        """Paint everything; ``view`` maps mm on the page to pixels."""
        for thing in things:
            if isinstance(thing, Glyphs):
                self._text(thing, view)
            elif isinstance(thing, Path):
                self._path(thing, view)
            else:
                self._image(thing, view)

    # -- text -------------------------------------------------------------------------------

    def _text(self, glyphs: Glyphs, view: Matrix) -> None:
        from PIL import ImageDraw

        matrix = multiplied(glyphs.matrix, view)
        a, b, c, d, e, f = matrix
        size = glyphs.size * math.hypot(c, d)
        if not 2 <= size <= _LARGEST_GLYPH:  # noqa: PLR2004 - below two pixels nothing is legible
            return
        font = _font(_face(glyphs.font), round(size))
        turn = math.degrees(math.atan2(b, a))
        ink = (*glyphs.colour, glyphs.alpha)
        draw = ImageDraw.Draw(self._canvas, "RGBA")
        for char, (x, y) in zip(glyphs.text, glyphs.points, strict=True):
            if char.isspace():
                continue
            place = (a * x + c * y + e, b * x + d * y + f)
            if abs(turn) < 1:
                draw.text(place, char, font=font, fill=ink, anchor="ls")
            else:
                self._turned(char, place, font, ink, turn)

    def _turned(
        self,
        char: str,
        place: tuple[float, float],
        font: Any,
        ink: tuple[int, int, int, int],
        turn: float,
    ) -> None:
        from PIL import Image as Pictures
        from PIL import ImageDraw

        side = int(font.size * 3)
        tile = Pictures.new("RGBA", (side, side), (255, 255, 255, 0))
        middle = side // 2
        ImageDraw.Draw(tile).text((middle, middle), char, font=font, fill=ink, anchor="ls")
        tile = tile.rotate(-turn, resample=Pictures.Resampling.BICUBIC)
        self._paste(tile, (round(place[0]) - middle, round(place[1]) - middle))

    # -- paths ------------------------------------------------------------------------------

    def _path(self, path: Path, view: Matrix) -> None:
        from PIL import ImageDraw

        a, b, c, d, e, f = multiplied(path.matrix, view)
        width = max(1, round(path.width * math.sqrt(abs(a * d - b * c))))
        draw = ImageDraw.Draw(self._canvas, "RGBA")
        for points, closed in polylines(path.data):
            mapped = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
            if not all(abs(x) < 1e6 and abs(y) < 1e6 for x, y in mapped):  # noqa: PLR2004
                continue
            if path.fill is not None and len(mapped) > 2:  # noqa: PLR2004 - an area
                draw.polygon(mapped, fill=(*path.fill, path.alpha))
            if path.stroke is not None:
                ring = [*mapped, mapped[0]] if closed else mapped
                draw.line(ring, fill=(*path.stroke, path.alpha), width=width, joint="curve")

    # -- pictures ---------------------------------------------------------------------------

    def _image(self, image: Image, view: Matrix) -> None:
        part = self._resources.media.get(image.resource, "")
        container = self._document.container
        if part not in container:
            return
        try:
            data = container.read(part, self._limits.xml_bytes)
        except UnreadableError:
            return
        picture = _decoded(data, self._limits)
        if picture is None:
            return
        if image.alpha < 255:  # noqa: PLR2004 - opaque
            picture.putalpha(picture.getchannel("A").point(lambda v: v * image.alpha // 255))
        self._place(picture, multiplied(image.matrix, view))

    def _place(self, picture: Any, matrix: Matrix) -> None:
        """Put a picture where the unit square (origin top left) falls."""
        from PIL import Image as Pictures

        a, b, c, d, e, f = matrix
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        left, top = math.floor(min(xs)), math.floor(min(ys))
        width, height = math.ceil(max(xs)) - left, math.ceil(max(ys)) - top
        if not (0 < width <= 3 * self._canvas.width and 0 < height <= 3 * self._canvas.height):
            return
        level = max(abs(b), abs(c)) < 0.01 * max(abs(a), abs(d), 1.0)
        if level and a > 0 and d > 0:
            tile = picture.resize((width, height), Pictures.Resampling.LANCZOS)
        else:
            tile = _warped(picture, (a, b, c, d, e - left, f - top), (width, height))
        if tile is not None:
            self._paste(tile, (left, top))

    def _paste(self, tile: Any, place: tuple[int, int]) -> None:
        """Multiply a tile onto the page: seals and watermarks let print below them show."""
        from PIL import Image as Pictures
        from PIL import ImageChops

        left, top = place
        box = (max(left, 0), max(top, 0),
               min(left + tile.width, self._canvas.width), min(top + tile.height, self._canvas.height))  # fmt: skip
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        part = tile.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        below = self._canvas.crop(box).convert("RGB")
        paper = Pictures.new("RGBA", part.size, "white")
        over = Pictures.alpha_composite(paper, part).convert("RGB")
        self._canvas.paste(ImageChops.multiply(below, over), box[:2])

    # -- seals ------------------------------------------------------------------------------

    def stamp(self, stamp: Stamp, area: Area, scale: float) -> None:
        """Draw a signature's seal at its boundary (mm)."""
        from PIL import Image as Pictures

        x, y, width, height = stamp.boundary
        size = (round(width * scale), round(height * scale))
        if not (0 < size[0] <= self._canvas.width and 0 < size[1] <= self._canvas.height):
            return
        place = (round((x - area[0]) * scale), round((y - area[1]) * scale))
        inside = nested(stamp.picture, self._limits) if self._depth < _DEEPEST else None
        if inside is None:
            picture = _decoded(stamp.picture, self._limits)
            if picture is not None:
                self._paste(picture.resize(size, Pictures.Resampling.LANCZOS), place)
            return
        document, things = inside
        content = document.part(document.pages[0].part)
        _, _, across, down = document.area(content)
        tile = Pictures.new("RGBA", size, (255, 255, 255, 0))
        painter = _Painter(tile, document, resources_of(document), self._limits, self._depth + 1)
        painter.paint(things, (size[0] / across, 0.0, 0.0, size[1] / down, 0.0, 0.0))
        self._paste(tile, place)


def _warped(picture: Any, matrix: Matrix, size: tuple[int, int]) -> Any:
    from PIL import Image as Pictures

    a, b, c, d, e, f = matrix
    area = a * d - b * c
    if abs(area) < 1e-6:  # noqa: PLR2004 - nothing to see
        return None
    width, height = picture.size
    inverse = (
        d / area * width, -c / area * width, (c * f - d * e) / area * width,
        -b / area * height, a / area * height, (b * e - a * f) / area * height,
    )  # fmt: skip
    clear = (255, 255, 255, 0)
    return picture.transform(
        size, Pictures.Transform.AFFINE, inverse, Pictures.Resampling.BICUBIC, fillcolor=clear
    )


def _decoded(data: bytes, limits: Limits) -> Any:
    """Return a picture as RGBA, ``None`` if it is of no kind known or too large."""
    from PIL import Image as Pictures

    if data.startswith(jbig2.MAGIC):
        return jbig2.decoded(data, limits)
    size = picture_size(data)
    if size is None or size[0] * size[1] > limits.raster_pixels:
        return None
    try:
        with Pictures.open(
            io.BytesIO(data), formats=("PNG", "JPEG", "BMP", "GIF", "TIFF")
        ) as picture:
            return picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError):
        return None


def _face(name: str) -> str:
    return (
        "NotoSerifSC-Regular.otf"
        if any(s in name.lower() for s in _SERIF)
        else "NotoSansSC-Regular.otf"
    )


@lru_cache(maxsize=64)
def _font(face: str, size: int) -> Any:
    from PIL import ImageFont

    folder = font_folder()
    if folder is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(str(folder / face), size)

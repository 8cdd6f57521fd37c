"""The picture of a PDF page: the scan itself at its own resolution, or drawn at 200 dpi."""

from __future__ import annotations

import io
from collections.abc import Sequence
from ctypes import c_uint
from typing import TYPE_CHECKING, Any

from audit.model import Box, PageMode, problem
from audit.readers.base import UnreadableError
from audit.readers.pdfobjects import Painted, Picture
from audit.readers.pdfspace import Space, clipped
from audit.readers.pixelkind import medium, print_share
from audit.settings import Limits

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

# ruff: noqa: ANN401 - pypdfium2 has no type information

DRAW_DPI = 200
_LOWEST_DPI, _HIGHEST_DPI = 100, 300
#: A finer scan is taken at 300 dpi: it reads no better and costs four times as much.
FINE_DPI = 400
_POINTS = 72.0
#: A picture over this share of the page makes it a scan; over this much, a part must be read.
FULL_PAGE, LARGE_PART = 0.8, 0.2
_TURN, _QUARTER = 360, 90
_SMALL = 48
#: Mean difference (grey levels) up to which the scan's own pixels are what the page shows.
_SAME = 10.0
#: How far the edges of a scan may be from those of its page (fraction).
_MARGIN = 0.02
#: Pictures smaller than this share of the page are logos, codes and seals.
_NOTED_PART = 0.05
_LARGEST_LOOK = 40_000_000
#: Dark share of a picture that must be print; a form's tint or watermark has none.
PRINT_SHARE = 0.002
#: Alpha below which a pixel lets others show, and the share of them that makes a watermark.
_OPAQUE, _CLEAR_SHARE = 250, 0.1


def share(picture: Picture, space: Space) -> float:
    """Return how much of the page a picture covers."""
    return clipped(space.box(*picture.bounds)).area


def shares(pictures: Sequence[Picture], space: Space) -> float:
    """Return how much of the page the pictures cover together (strips beside each other)."""
    import numpy as np

    grid = 40
    middles = (np.arange(grid) + 0.5) / grid
    hit = np.zeros((grid, grid), np.bool_)
    for picture in pictures:
        box = clipped(space.box(*picture.bounds))
        columns = (box.left <= middles) & (middles <= box.right)
        rows = (box.top <= middles) & (middles <= box.bottom)
        hit |= rows[:, None] & columns
    return float(hit.mean())


def pixel_size(raw: Any, picture: Picture) -> tuple[int, int]:
    """Return a picture's own width and height in pixels."""
    width, height = c_uint(), c_uint()
    raw.FPDFImageObj_GetImagePixelSize(picture.handle, width, height)
    return int(width.value), int(height.value)


def own_dpi(raw: Any, pictures: Sequence[Picture]) -> int:
    """Return the resolution of the largest picture on the page, 0 if it tells none."""
    best = 0
    for picture in pictures:
        left, bottom, right, top = picture.bounds
        inches = max(right - left, top - bottom) / _POINTS
        if inches > 0:
            best = max(best, round(max(pixel_size(raw, picture)) / inches))
    return best


def draw(page: Any, space: Space, dpi: int, limits: Limits) -> Raster:
    """Return the page drawn upright; the dpi falls to 100 for large pages, then E506."""
    from audit.pixels.raster import Raster

    inches = (space.width / _POINTS) * (space.height / _POINTS)
    if inches * dpi * dpi > limits.raster_pixels:
        dpi = int((limits.raster_pixels / max(inches, 1e-9)) ** 0.5)
    if dpi < _LOWEST_DPI:
        pixels = round(inches * _LOWEST_DPI * _LOWEST_DPI / 1e6)
        limit = f"{limits.raster_pixels / 1e6:.0f} M"
        raise UnreadableError(problem("E506", pixels=f"{pixels} M", limit=limit))
    return Raster(_rendered(page, space, dpi / _POINTS), dpi, None)


def _rendered(page: Any, space: Space, scale: float) -> Any:
    import numpy as np

    extra = (space.turn - page.get_rotation()) % _TURN
    bitmap = page.render(scale=scale, rotation=extra, rev_byteorder=True)
    pixels = np.array(bitmap.to_numpy()[:, :, :3], copy=True)
    bitmap.close()
    return pixels


def draw_dpi(raw: Any, painted: Painted, space: Space) -> int:
    """Return at which resolution a page is drawn: its scan's own, else 200."""
    large = [p for p in painted.pictures if share(p, space) >= LARGE_PART]
    own = own_dpi(raw, large)
    return min(max(own, DRAW_DPI), _HIGHEST_DPI) if own else DRAW_DPI


def scan(pdfium: Any, page: Any, painted: Painted, space: Space, limits: Limits) -> Raster | None:
    """Return the scan that fills the page at its own resolution, with its JPEG if it is one.

    ``None`` where the page is more than one picture, or does not show the picture as it is.
    """
    raw = pdfium.raw
    if len(painted.pictures) != 1 or painted.others or not painted.complete:
        return None
    picture = painted.pictures[0]
    if share(picture, space) < FULL_PAGE or raw.FPDFPage_GetAnnotCount(page):
        return None
    width, height = pixel_size(raw, picture)
    if not (width and height) or width * height > limits.raster_pixels:
        return None
    if own_dpi(raw, [picture]) > FINE_DPI:
        return None
    found = _own_pixels(pdfium, page, picture, space)
    if found is None:
        return None
    raster, box = found
    return raster if _shows(page, raster, space, box) else None


def _own_pixels(
    pdfium: Any, page: Any, picture: Picture, space: Space
) -> tuple[Raster, Box] | None:
    import numpy as np

    from audit.pixels.raster import Raster

    turn = _turn_of(picture, space)
    if turn is None:
        return None
    image = pdfium.PdfObject(picture.handle, page=page, pdf=page.pdf)
    jpeg = _jpeg(image)
    pixels = _decoded(jpeg) if jpeg is not None else _bitmap(pdfium, image)
    if pixels is None:
        return None
    if turn:
        pixels, jpeg = np.ascontiguousarray(np.rot90(pixels, -turn // _QUARTER)), None
    box = space.box(*picture.bounds)
    inches = box.height * space.height / _POINTS
    dpi = round(pixels.shape[0] / inches) if inches > 0 else None
    off = (box.left, box.top, box.right - 1, box.bottom - 1)
    if max(abs(edge) for edge in off) > _MARGIN:
        return None
    return Raster(pixels, dpi, jpeg), box


def _turn_of(picture: Picture, space: Space) -> int | None:
    """Return by how much the picture is to be turned clockwise; ``None`` if skewed or mirrored."""
    a, b, c, d = picture.matrix[:4]
    size = max(abs(a), abs(b), abs(c), abs(d)) or 1.0
    level = max(abs(b), abs(c)) < 0.01 * size
    upended = max(abs(a), abs(d)) < 0.01 * size
    if not (level or upended) or a * d - b * c <= 0:
        return None
    if level:
        return (space.turn if a > 0 else space.turn + 2 * _QUARTER) % _TURN
    own = 3 * _QUARTER if b > 0 else _QUARTER
    return (own + space.turn) % _TURN


def _jpeg(image: Any) -> bytes | None:
    if image.get_filters() != ["DCTDecode"]:
        return None
    data = bytes(image.get_data())
    return data if data.startswith(b"\xff\xd8\xff") else None


def _decoded(jpeg: bytes) -> Any:
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.mode not in {"L", "RGB"}:
                return None
            return np.array(picture, np.uint8)
    except (OSError, SyntaxError, ValueError):
        # Damaged: the library may still draw what is left of it.
        return None


def _bitmap(pdfium: Any, image: Any) -> Any:
    import numpy as np

    try:
        bitmap = image.get_bitmap()
    except pdfium.PdfiumError:
        return None
    pixels = np.array(bitmap.to_numpy(), copy=True)
    bitmap_mode = bitmap.mode
    if pixels.ndim == 2 or pixels.shape[2] == 1:  # noqa: PLR2004 - a plane of grey
        return np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    if bitmap_mode not in {"BGR", "BGRX"}:
        return None
    return np.ascontiguousarray(pixels[:, :, 2::-1])


def _shows(page: Any, raster: Raster, space: Space, box: Box) -> bool:
    """Tell whether the page, drawn small, is the picture: no mask, crop or reversal changes it."""
    import cv2
    import numpy as np

    drawn = _rendered(page, space, _SMALL * 4 / max(space.width, 1.0))
    height, width = drawn.shape[:2]
    left, right = round(max(box.left, 0) * width), round(min(box.right, 1) * width)
    top, bottom = round(max(box.top, 0) * height), round(min(box.bottom, 1) * height)
    shown = _thumb(drawn[top:bottom, left:right])
    own = _thumb(raster.pixels)
    blurred = [cv2.GaussianBlur(one, (3, 3), 0).astype(np.float32) for one in (shown, own)]
    return float(np.abs(blurred[0] - blurred[1]).mean()) <= _SAME


def _thumb(pixels: Any) -> Any:
    import cv2

    colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)  # noqa: PLR2004
    return cv2.resize(colour, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)


def holds_print(pdfium: Any, page: Any, pictures: Sequence[Picture], space: Space) -> bool:
    """Tell whether a picture on the page is dark enough in places to hold print of its own."""
    for picture in pictures:
        width, height = pixel_size(pdfium.raw, picture)
        if share(picture, space) < _NOTED_PART or not (width and height):
            continue
        if width * height > _LARGEST_LOOK:
            return True
        pixels = _bitmap(pdfium, pdfium.PdfObject(picture.handle, page=page, pdf=page.pdf))
        if pixels is None or print_share(pixels) >= PRINT_SHARE:
            return True
    return False


def is_clear(pdfium: Any, page: Any, picture: Picture) -> bool:
    """Tell whether what lies below a picture shows through it (a watermark with a mask)."""
    import numpy as np

    image = pdfium.PdfObject(picture.handle, page=page, pdf=page.pdf)
    try:
        bitmap = image.get_bitmap(render=True, scale_to_original=False)
    except pdfium.PdfiumError:
        return False
    pixels = bitmap.to_numpy()
    if bitmap.mode != "BGRA":
        return False
    return float(np.mean(pixels[:, :, 3] < _OPAQUE)) > _CLEAR_SHARE


def mode_of(raster: Raster) -> PageMode:
    """Return the medium of a scanned page by its pixels."""
    return medium(raster.pixels)

"""Pictures: JPEG, PNG, TIFF with many pages, BMP, GIF, WebP; checked by header before decoding."""

from __future__ import annotations

import importlib
import importlib.util
import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.model import Page, PageContent, Problem, problem
from audit.readers.base import FileFormat, FileSurvey, PageRead, UnreadableError, content_hash
from audit.readers.container import damaged
from audit.readers.pixelkind import medium
from audit.settings import Limits

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from audit.pixels.raster import Raster

#: Only these decoders are ever reached, whatever Pillow has.
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "MPO")
#: What a file of this kind begins with, behind four bytes of length.
_HEIF_MARK = b"ftyp"
_ORIENTATION = 0x0112
_MM = 25.4
#: Resolutions that say nothing: screens and cameras write them without meaning paper.
_SENSELESS_DPI = 96
_MOST_DPI = 2400
#: A finer scan is taken at 300 dpi: it reads no better and costs four times as much.
_FINE_DPI, _ENOUGH_DPI = 400, 300
#: A picture whose longest side is smaller holds nothing to read.
_LEAST_SIDE = 8


def survey_image(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return the number of pictures in the file; E506 for too many pixels, E301 if cut off."""
    _ = name
    with _opened(path) as picture:
        _check_size(picture, limits)
        frames = _frames(picture)
        problems: tuple[Problem, ...] = ()
        if frames > limits.pages:
            problems = (problem("E507", pages=frames, limit=limits.pages),)
        return FileSurvey(FileFormat.IMAGE, min(frames, limits.pages), problems)


def read_image(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the pictures asked as pages, turned as their EXIF says."""
    _ = survey
    sha256 = content_hash(path)
    with _opened(path) as picture:
        for index in page_indexes:
            yield _page(_decoded(picture, path, index, limits), sha256, index)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture inside another file, ``None`` if it is none of ours."""
    try:
        with _opened(data) as picture:
            return picture.size
    except UnreadableError:
        return None


def picture_page(data: bytes, sha256: str, index: int, limits: Limits) -> PageRead:
    """Return a picture that lies inside another file as a page of that file."""
    with _opened(data) as picture:
        _check_size(picture, limits)
        return _page(_decoded(picture, data, 0, limits), sha256, index)


def _page(raster: Raster, sha256: str, index: int) -> PageRead:
    height, width = raster.pixels.shape[:2]
    size_mm = None
    if raster.dpi:
        size_mm = (round(width / raster.dpi * _MM, 1), round(height / raster.dpi * _MM, 1))
    page = Page(sha256, index, medium(raster.pixels), (width, height), size_mm, raster.dpi)
    return PageRead(PageContent(page), partial(_given, raster))


def _given(raster: Raster) -> Raster:
    return raster


@contextmanager
def _opened(source: Path | bytes) -> Iterator[Picture]:
    from PIL import Image, ImageFile, UnidentifiedImageError

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Our own limit speaks by name; Pillow's stands behind it.
            Image.MAX_IMAGE_PIXELS = None
            stream = io.BytesIO(source) if isinstance(source, bytes) else source
            with Image.open(stream, formats=_formats(source)) as picture:
                yield picture
    except UnidentifiedImageError as error:
        raise UnreadableError(problem("E302", reason="image header")) from error
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            OverflowError, ZeroDivisionError, EOFError, RuntimeError, NotImplementedError) as error:  # fmt: skip
        raise UnreadableError(_trouble(error)) from error
    except Exception as error:
        if type(error).__module__ in {"struct", "zlib"} or "struct" in type(error).__name__:
            raise UnreadableError(damaged(error)) from error
        raise


def _formats(source: Path | bytes) -> tuple[str, ...]:
    """Return the decoders a file may reach; that of HEIC only for such a file, where installed."""
    if isinstance(source, bytes):
        head = source[4:8]
    else:
        with source.open("rb") as file:
            head = file.read(8)[4:]
    if head != _HEIF_MARK or importlib.util.find_spec("pi_heif") is None:
        return _FORMATS
    pi_heif: Any = importlib.import_module("pi_heif")
    pi_heif.register_heif_opener()
    return ("HEIF",)


def _trouble(error: Exception) -> Any:  # noqa: ANN401 - a Problem
    said = str(error).lower()
    if "truncated" in said or "unexpected end" in said or "not enough" in said:
        return problem("E301")
    return damaged(error)


def _frames(picture: Picture) -> int:
    if picture.format == "TIFF":
        return int(getattr(picture, "n_frames", 1))
    return 1


def _check_size(picture: Picture, limits: Limits) -> None:
    width, height = picture.size
    if width * height > limits.image_pixels:
        shown = f"{width}×{height}"
        limit = f"{limits.image_pixels / 1e6:.0f} M"
        raise UnreadableError(problem("E506", pixels=shown, limit=limit))
    if max(width, height) < _LEAST_SIDE:
        raise UnreadableError(problem("E304"))


def _decoded(picture: Picture, source: Path | bytes, index: int, limits: Limits) -> Raster:
    import numpy as np

    from audit.pixels.raster import Raster

    if index or picture.tell() != index:
        picture.seek(index)
    _check_size(picture, limits)
    dpi = _dpi(picture)
    turn = _exif_turn(picture)
    plain = picture.format == "JPEG" and picture.mode in {"L", "RGB"} and turn == 1
    over = picture.size[0] * picture.size[1] / limits.raster_pixels
    if dpi is not None and dpi > _FINE_DPI:
        over = max(over, (dpi / _ENOUGH_DPI) ** 2)
    if over > 1:
        picture, dpi = _reduced(picture, over, dpi)
        plain = False
    upright = _turned(_flat(picture), turn)
    pixels = np.array(upright, np.uint8)
    jpeg = None
    if plain:
        jpeg = source if isinstance(source, bytes) else source.read_bytes()
    return Raster(pixels, dpi, jpeg)


def _reduced(picture: Picture, over: float, dpi: int | None) -> tuple[Picture, int | None]:
    """Return the picture small enough for a page raster; JPEG while decoding, which is cheap."""
    width, height = picture.size
    shrink = over**0.5
    target = (max(1, int(width / shrink)), max(1, int(height / shrink)))
    if picture.format == "JPEG":
        picture.draft(None, target)
    factor = max(1, -(-picture.size[0] // max(target[0], 1)))
    small = picture.reduce(factor) if factor > 1 else picture
    return small, None if dpi is None else round(dpi * small.size[0] / width)


def _exif_turn(picture: Picture) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except (ValueError, TypeError, SyntaxError, OSError, KeyError):
        return 1


def _turned(picture: Picture, orientation: int) -> Picture:
    from PIL.Image import Transpose

    steps = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    step = steps.get(orientation)
    return picture if step is None else picture.transpose(step)


def _flat(picture: Picture) -> Picture:
    """Return the picture as grey or RGB on white paper."""
    from PIL import Image

    if picture.mode in {"L", "RGB"}:
        picture.load()
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith(("I", "F")):
        return _scaled(picture)
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    if "A" in picture.mode or "a" in picture.mode or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return picture.convert("RGB")


def _scaled(picture: Picture) -> Picture:
    """Return 16- and 32-bit grey as 8 bits, by its full range."""
    import numpy as np
    from PIL import Image

    values = np.asarray(picture, np.float64)
    top = 65535.0 if values.max(initial=0) > 255 else 255.0  # noqa: PLR2004 - 16 bits
    return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))


def _dpi(picture: Picture) -> int | None:
    given = picture.info.get("dpi")
    try:
        dpi = round(float(given[0])) if given else 0
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError):
        return None
    return dpi if _SENSELESS_DPI < dpi <= _MOST_DPI else None

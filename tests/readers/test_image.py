"""Pictures: turned as the camera says, on white paper, with the file's own JPEG where it fits."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from audit.model import PageContent, PageMode
from audit.pixels.raster import Raster
from audit.readers import FileFormat, open_pages, survey
from audit.settings import DEFAULT_LIMITS, Limits
from tests.hostile.build import picture


def read(
    tmp_path: Path, data: bytes, index: int = 0, limits: Limits = DEFAULT_LIMITS
) -> tuple[PageContent, Raster]:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    found = survey(path, "a.bin", limits)
    assert found.format is FileFormat.IMAGE, found.problems
    for page in open_pages(path, found, [index], limits):
        raster = page.raster()
        assert raster is not None, page.content.problems
        return page.content, raster
    raise AssertionError(found.problems)


def marked(mode: str = "RGB") -> Image.Image:
    """A wide white picture with a red (or black) corner at the top left."""
    image = Image.new(mode, (80, 40), "white" if mode == "RGB" else 255)
    image.paste((255, 0, 0) if mode == "RGB" else 0, (0, 0, 20, 10))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def test_a_jpeg_is_kept_as_it_is(tmp_path: Path) -> None:
    data = saved(marked(), "JPEG", dpi=(300, 300))
    content, raster = read(tmp_path, data)

    assert raster.jpeg == data
    assert raster.dpi == 300
    assert content.page.size == (80, 40)
    assert content.page.size_mm == (6.8, 3.4)
    assert content.page.mode is PageMode.COLOUR


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (0, -1)), (3, (-1, -1)), (4, (-1, 0)), (5, (0, 0)), (6, (0, -1)), (7, (-1, -1)), (8, (-1, 0))],
)  # fmt: skip
def test_the_cameras_note_turns_the_picture(
    tmp_path: Path, orientation: int, corner: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    _, raster = read(tmp_path, saved(marked(), "JPEG", exif=exif.tobytes(), quality=95))

    assert (raster.width > raster.height) is (orientation < 5)
    red, green, _ = raster.pixels[corner].tolist()
    assert red > 200
    assert green < 80
    assert (raster.jpeg is not None) is (orientation == 1)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_every_kind_gives_the_same_picture(tmp_path: Path, kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    _, raster = read(tmp_path, saved(marked(), kind, **options))

    assert raster.pixels.shape[:2] == (40, 80)
    assert raster.pixels[0, 0].tolist() == [255, 0, 0]
    assert raster.pixels[-1, -1].tolist() == [255, 255, 255]


def test_clear_parts_lie_on_white_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    _, raster = read(tmp_path, saved(image, "PNG"))

    assert raster.pixels.min() == 255


def test_sixteen_bits_are_shown_by_their_full_range(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 65535], [32768, 65535]] * 8, np.uint16))
    _, raster = read(tmp_path, saved(image, "PNG"))

    assert raster.pixels[0].tolist() == [0, 255]
    assert 120 <= raster.pixels[1, 0] <= 135


def test_each_picture_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    frames = [Image.new("1", (30, 20 + n), 1) for n in range(3)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    content, raster = read(tmp_path, data, 2)

    assert raster.height == 22
    assert content.page.mode is PageMode.BILEVEL


@pytest.mark.parametrize(
    ("colour", "mode"),
    [((240, 236, 230), PageMode.GREY), ((60, 60, 60), PageMode.GREY), ((250, 60, 60), PageMode.COLOUR)],
    ids=["yellowed paper", "grey", "red"],
)  # fmt: skip
def test_the_medium_is_told_from_the_pixels(
    tmp_path: Path, colour: tuple[int, int, int], mode: PageMode
) -> None:
    image = Image.new("RGB", (100, 100), (240, 236, 230))
    image.paste(colour, (10, 10, 40, 40))
    image.paste((120, 118, 115), (50, 50, 90, 90))
    content, _ = read(tmp_path, saved(image, "PNG"))

    assert content.page.mode is mode


def test_a_picture_beyond_the_pages_limit_is_made_smaller(tmp_path: Path) -> None:
    limits = replace(DEFAULT_LIMITS, raster_pixels=1000)
    _, raster = read(tmp_path, saved(marked(), "JPEG", dpi=(300, 300)), limits=limits)

    assert raster.width * raster.height <= 1000
    assert raster.jpeg is None
    assert raster.dpi is not None
    assert raster.dpi < 300


def test_a_very_fine_scan_is_taken_at_300_dpi(tmp_path: Path) -> None:
    _, raster = read(tmp_path, saved(marked(), "PNG", dpi=(600, 600)))

    assert (raster.width, raster.height, raster.dpi) == (40, 20, 300)


def test_a_picture_beyond_all_limits_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture("PNG", (64, 64)))

    found = survey(path, "a.png", replace(DEFAULT_LIMITS, image_pixels=1000))

    assert [p.code for p in found.problems] == ["E506"]
    assert not found.readable

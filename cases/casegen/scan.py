"""From a clean page to what a scanner, a copier or a telephone makes of it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from cases.casegen.seals import DrawnSeal, impress

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


def degrade(
    image: Pixels,
    *,
    seed: int,
    dpi: int,
    mode: str = "colour",
    skew: float | None = None,
    noise: float = 3.0,
    blur: float = 0.5,
    jpeg: int | None = 78,
    shadow: float = 0.0,
    photo: bool = False,
    rotate: int = 0,
    ink: float = 1.0,
    specks: int = 6,
    to_dpi: int | None = None,
    stamp: Sequence[tuple[DrawnSeal, int, int]] = (),
) -> Pixels:
    """Return the page as a device would give it: RGB (``colour``) or one channel.

    ``image``: RGB page of ``dpi``; ``mode``: colour, grey or bilevel. ``skew``: degrees
    anticlockwise, ``None`` draws it within ±0.8. ``noise``: grey levels; ``blur``: pixels at
    200 dpi; ``shadow``: 0–1, darkening towards the book's fold; ``photo``: telephone picture on a
    desk; ``rotate``: quarter turns in degrees; ``ink`` < 1: pale print; ``to_dpi``: resample;
    ``stamp``: seals pressed on the paper first, with the pixel of their middle.
    """
    rng = np.random.default_rng([seed, 23])
    page = image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
    for seal, x, y in stamp:
        page = impress(page, seal, x, y)
    work = page.astype(np.float32)
    if ink < 1:
        work = 255 - (255 - work) * ink
    tint = np.array([1.0, rng.uniform(0.992, 1.0), rng.uniform(0.97, 0.998)], np.float32)
    work *= tint * float(rng.uniform(0.965, 0.995))
    turn = float(rng.normal(0, 0.35)) if skew is None else skew
    turn = float(np.clip(turn, -0.8, 0.8)) if skew is None else turn
    work = _photograph(work, rng) if photo else _turned(work, turn)
    work = _lit(work, rng, shadow, photo=photo)
    if to_dpi and to_dpi != dpi:
        scale = to_dpi / dpi
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        work = np.asarray(cv2.resize(work, None, fx=scale, fy=scale, interpolation=how), np.float32)
        dpi = to_dpi
    _dust(work, rng, specks, dpi)
    if blur > 0:
        work = np.asarray(cv2.GaussianBlur(work, (0, 0), max(0.2, blur * dpi / 200)), np.float32)
    if mode != "colour":
        work = work @ np.array([0.30, 0.59, 0.11], np.float32)
    if noise > 0:
        fine = rng.standard_normal(work.shape, dtype=np.float32)
        work = work + cv2.GaussianBlur(fine, (0, 0), 0.6) * noise * 1.6
    if rotate:
        work = np.rot90(work, rotate // 90)
    out = np.ascontiguousarray(np.clip(work, 0, 255).astype(np.uint8))
    if mode == "bilevel":
        return np.where(out > int(rng.integers(150, 176)), 255, 0).astype(np.uint8)
    return out if jpeg is None else _jpeg_loss(out, jpeg)


def encode(image: Pixels, *, quality: int = 75, dpi: int = 200, kind: str = "jpeg") -> bytes:
    """Return the picture as JPEG or PNG bytes with its resolution."""
    target = io.BytesIO()
    picture = Image.fromarray(image)
    if kind == "png":
        picture.save(target, "PNG", optimize=True, dpi=(dpi, dpi))
    else:
        picture.save(target, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return target.getvalue()


def save_picture(image: Pixels, path: Path, *, quality: int = 75, dpi: int = 200) -> None:
    """Write one page as JPG or PNG by the suffix of ``path``."""
    kind = "png" if path.suffix.lower() == ".png" else "jpeg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(image, quality=quality, dpi=dpi, kind=kind))


def scanned_pdf(pages: Iterable[Pixels], path: Path, *, dpi: int = 200, quality: int = 75) -> None:
    """Write pages as a scanner's PDF: one picture a page, no text layer.

    Pages may come from a generator: only one is held at a time. Colour and grey become JPEG,
    pages of pure black and white one bit a pixel.
    """
    bodies: list[bytes] = []
    kids: list[int] = []
    for page in pages:
        height, width = page.shape[:2]
        w, h = width * 72 / dpi, height * 72 / dpi
        number = 3 + len(bodies)
        kids.append(number)
        content = f"q {w:.2f} 0 0 {h:.2f} 0 0 cm /I Do Q".encode()
        bodies.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w:.2f} {h:.2f}]/Resources<</XObject<</I {number + 2} 0 R>>>>"
            f"/Contents {number + 1} 0 R>>".encode()
        )
        bodies.append(_stream(b"", content))
        bodies.append(_picture_object(page, quality))
    listed = " ".join(f"{k} 0 R" for k in kids)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode(),
        *bodies,
    ]
    objects.append(b"<</Producer(ScanCentre 5.2)/CreationDate(D:20240520093000+08'00')>>")
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(out))


def _stream(head: bytes, data: bytes) -> bytes:
    return b"<<" + head + f"/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _picture_object(page: Pixels, quality: int) -> bytes:
    height, width = page.shape[:2]
    head = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
    if page.ndim == 2 and np.isin(np.unique(page[::5, ::5]), (0, 255)).all():
        bits = np.packbits(page > 127, axis=1).tobytes()
        head += "/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode"
        return _stream(head.encode(), zlib.compress(bits, 9))
    space = "DeviceGray" if page.ndim == 2 else "DeviceRGB"
    head += f"/ColorSpace/{space}/BitsPerComponent 8/Filter/DCTDecode"
    return _stream(head.encode(), encode(page, quality=quality))


def _turned(work: Floats, degrees: float) -> Floats:
    if abs(degrees) < 0.01:
        return work
    height, width = work.shape[:2]
    spin = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    edge = tuple(float(v) for v in np.percentile(work[:40].reshape(-1, 3), 90, axis=0))
    return np.asarray(
        cv2.warpAffine(work, spin, (width, height), flags=cv2.INTER_CUBIC, borderValue=edge),
        np.float32,
    )


def _photograph(work: Floats, rng: np.random.Generator) -> Floats:
    """Return the sheet lying on a desk, seen from a slant."""
    height, width = work.shape[:2]
    desk = np.array([rng.uniform(95, 150), rng.uniform(75, 115), rng.uniform(55, 95)], np.float32)
    canvas = np.empty((round(height * 1.08), round(width * 1.1), 3), np.float32)
    grain = cv2.resize(rng.standard_normal((canvas.shape[0] // 3, 5)).astype(np.float32),
                       (canvas.shape[1], canvas.shape[0]))  # fmt: skip
    canvas[:] = desk + 9 * grain[..., None]
    dx, dy = width * 0.05, height * 0.04
    corners = np.array(
        [[dx, dy], [dx + width, dy], [dx + width, dy + height], [dx, dy + height]], np.float32
    )
    slack = np.array([width * 0.028, height * 0.02])
    corners += (rng.uniform(-1, 1, (4, 2)) * slack).astype(np.float32)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    bend = cv2.getPerspectiveTransform(source, corners)
    size = (canvas.shape[1], canvas.shape[0])
    sheet = cv2.warpPerspective(work, bend, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), bend, size)[..., None]
    cast = cv2.GaussianBlur(mask, (0, 0), width / 160)[..., None]
    canvas *= 1 - 0.35 * cast
    return np.asarray(canvas * (1 - mask) + sheet * mask, np.float32)


def _lit(work: Floats, rng: np.random.Generator, shadow: float, *, photo: bool) -> Floats:
    """Darken towards the fold (scan) or across the sheet (photo)."""
    height, width = work.shape[:2]
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if photo:
        a, b = rng.uniform(-1, 1, 2)
        slope = 0.86 + 0.10 * (a * (across - 0.5) + b * (down - 0.5)) - 0.25 * shadow * down
        return np.asarray(work * slope[..., None], np.float32)
    if shadow <= 0:
        return work
    fold = 1 - 0.45 * shadow * np.exp(-across / 0.05)
    return np.asarray(work * fold[..., None], np.float32)


def _dust(work: Floats, rng: np.random.Generator, specks: int, dpi: int) -> None:
    for _ in range(specks):
        x, y = int(rng.integers(0, work.shape[1])), int(rng.integers(0, work.shape[0]))
        radius = max(1, round(float(rng.uniform(0.6, 1.4)) * dpi / 200))
        grey = float(rng.uniform(60, 170))
        cv2.circle(work, (x, y), radius, (grey, grey, grey), -1)


def _jpeg_loss(image: Pixels, quality: int) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(encode(image, quality=quality))))

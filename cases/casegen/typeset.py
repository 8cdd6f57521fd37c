"""Typst with the packaged fonts only: sheets in, PDF bytes or page pictures out."""

from __future__ import annotations

import base64
import importlib.metadata
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import segno
import typst
from PIL import Image

from cases.casegen.seals import DrawnSeal, Pixels, as_png

Sheet = dict[str, Any]
_TEMPLATES = Path(__file__).parent / "templates"
_STAMP = 1715736600  # 2024-05-15: files of a seed are the same bytes on every day


@cache
def _compiler() -> typst.Compiler:
    place = importlib.metadata.distribution("pylopdf-fonts-zh-cn").locate_file(
        "pylopdf_fonts_zh_cn"
    )
    return typst.Compiler(
        str(_TEMPLATES / "main.typ"),
        root=str(_TEMPLATES),
        font_paths=[str(place)],
        ignore_system_fonts=True,
    )


def pdf(sheets: list[Sheet]) -> bytes:
    """Return the sheets as a born-digital PDF."""
    data = json.dumps(sheets, ensure_ascii=False)
    out = _compiler().compile(
        format="pdf", sys_inputs={"data": data}, timestamp=_STAMP, pdf_tags=False
    )
    assert isinstance(out, bytes)
    return out


def pictures(sheets: list[Sheet], dpi: int) -> list[Pixels]:
    """Return the pages of the sheets as RGB pictures."""
    data = json.dumps(sheets, ensure_ascii=False)
    out = _compiler().compile(format="png", ppi=float(dpi), sys_inputs={"data": data})
    pages = [out] if isinstance(out, bytes) else out or []
    return [np.asarray(Image.open(io.BytesIO(p)).convert("RGB")) for p in pages]


def qr_svg(payload: str) -> str:
    """Return a QR code as SVG text, ``""`` for no payload."""
    if not payload:
        return ""
    target = io.BytesIO()
    segno.make_qr(payload, error="M").save(target, kind="svg", border=0, xmldecl=False)
    return target.getvalue().decode()


def picture_svg(picture: Image.Image) -> str:
    """Return a raster as SVG text, the way it goes to a template."""
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    data = base64.b64encode(target.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{picture.width}" height="{picture.height}">'
        f'<image width="{picture.width}" height="{picture.height}" '
        f'xlink:href="data:image/png;base64,{data}"/></svg>'
    )


def seal_over(seal: DrawnSeal, x: float, y: float, dpi: int) -> dict[str, Any]:
    """Return a seal as a picture lying over a page, its middle at x, y in mm."""
    picture = as_png(seal)
    w, h = picture.width / dpi * 25.4, picture.height / dpi * 25.4
    return {"svg": picture_svg(picture), "x": x - w / 2, "y": y - h / 2, "w": w, "h": h}

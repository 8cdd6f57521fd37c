"""The readers compared: ours, the stock pipeline of the rapidocr package, Tesseract.

Each turns a page's picture into text lines; codes, extraction and self-checks are the same for
all of them. Only ours may look a second time, because only ours has a way to.
"""

# ruff: noqa: ANN401 - wrappers and packages without types
from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from audit.extract import extract_page
from audit.model import Box, Origin, Page, PageContent, PageMode, PageResult, TextLine
from audit.pipeline.tasks import look_again, recognise_content
from audit.pixels.raster import Raster
from audit.readers.base import PageRead
from audit.recognise.codes import read_codes
from audit.settings import Options

Seconds = Counter[str]


def cpu_seconds() -> float:
    """Return the CPU-seconds of this process and of the programs it ran (Tesseract is one)."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def ours(raster: Raster, spent: Seconds, *, codes: bool = True) -> PageResult:
    """Return what the real page task makes of the picture; ``spent``: CPU-seconds by stage."""
    blank = PageContent(Page("0" * 64, 0, PageMode.COLOUR, (raster.width, raster.height)))
    with watched(spent):
        content, upright = recognise_content(PageRead(blank, lambda: raster), Options())
        if not codes:
            content = replace(content, codes=())
        started = time.process_time()
        result = extract_page(content)
        spent["extract"] += time.process_time() - started
        if result.asks and upright is not None:
            started = cpu_seconds()
            answers = look_again(upright, result.asks, Options())
            spent["second looks"] += cpu_seconds() - started
            spent["asks"] += len(result.asks)
            result = extract_page(content, answers)
    return result


@contextmanager
def watched(spent: Seconds) -> Iterator[None]:
    """Count CPU-seconds of the stages of recognition while the block runs."""
    import audit.recognise.ocr.read as reading
    from audit.recognise import page

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return call(*given, **named)
            finally:
                spent[name] += time.process_time() - started

        return wrapper

    def strip_reader(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(grey: Any, role: str) -> Any:
            started = time.process_time()
            try:
                return call(grey, role)
            finally:
                spent["tiny" if role == reading.FAST else "small"] += time.process_time() - started
                spent["tiny strips" if role == reading.FAST else "small strips"] += 1

        return wrapper

    places = [
        (page, "find_text", "detect"),
        (page, "turn_upright", "upright"),
        (page, "find_impressions", "seals"),
        (page, "part", "seals"),
        (page, "read_codes", "codes"),
        (page, "measure", "quality"),
    ]
    kept = [(room, name, getattr(room, name)) for room, name, _ in places]
    strip = reading.read_strip
    for room, name, stage in places:
        setattr(room, name, timed(stage, getattr(room, name)))
    reading.read_strip = strip_reader(strip)  # type: ignore[assignment]
    started = cpu_seconds()
    try:
        yield
    finally:
        spent["all"] += cpu_seconds() - started
        spent["pages"] += 1
        reading.read_strip = strip
        for room, name, call in kept:
            setattr(room, name, call)


def by_lines(
    raster: Raster,
    spent: Seconds,
    read: Callable[[Raster], list[TextLine]],
    *,
    codes: bool = True,
) -> PageResult:
    """Return the extraction's result for the lines of another engine."""
    page = Page("0" * 64, 0, PageMode.COLOUR, (raster.width, raster.height))
    started = cpu_seconds()
    lines = tuple(read(raster))
    found = read_codes(raster) if codes else ()
    result = extract_page(PageContent(page, lines, codes=found))
    spent["all"] += cpu_seconds() - started
    spent["pages"] += 1
    return result


@cache
def _stock() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.INFO)
    return RapidOCR()


def rapid_lines(raster: Raster) -> list[TextLine]:
    """Return the lines of the stock pipeline as installed (it takes BGR)."""
    pixels = (
        raster.pixels[:, :, ::-1] if raster.colour else np.repeat(raster.pixels[..., None], 3, 2)
    )
    answer = _stock()(np.ascontiguousarray(pixels))
    if answer.boxes is None:
        return []
    rows = zip(answer.boxes, answer.txts, answer.scores, strict=True)
    return [_line(np.asarray(b), t, float(s), raster) for b, t, s in rows if t.strip()]


def tesseract_lines(raster: Raster) -> list[TextLine]:
    """Return the lines of Tesseract (chi_sim): words of a line joined unless a wide gap parts them."""
    import pytesseract
    from PIL import Image

    table = pytesseract.image_to_data(
        Image.fromarray(raster.pixels), lang="chi_sim", output_type=pytesseract.Output.DICT
    )
    lines: list[TextLine] = []
    last: tuple[Any, ...] = ()
    for at, word in enumerate(table["text"]):
        if not word.strip():
            continue
        left, top = table["left"][at], table["top"][at]
        right, bottom = left + table["width"][at], top + table["height"][at]
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        one = _line(corners, word, max(0.0, float(table["conf"][at])) / 100, raster)
        place = tuple(table[k][at] for k in ("block_num", "par_num", "line_num"))
        gap = one.box.left - lines[-1].box.right if lines else 1.0
        if place == last and gap < 1.5 * one.box.height * raster.height / raster.width:
            before = lines[-1]
            lines[-1] = replace(
                before,
                text=before.text + one.text,
                box=before.box.union(one.box),
                confidence=min(before.confidence, one.confidence),
            )
        else:
            lines.append(one)
        last = place
    return lines


def _line(corners: Any, text: str, score: float, raster: Raster) -> TextLine:
    low, high = corners.min(axis=0), corners.max(axis=0)
    box = Box(
        max(0.0, float(low[0]) / raster.width),
        max(0.0, float(low[1]) / raster.height),
        min(1.0, float(high[0]) / raster.width),
        min(1.0, float(high[1]) / raster.height),
    )
    return TextLine(text, box, Origin.OCR, score)

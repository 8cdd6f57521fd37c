"""One page from pixels to facts: upright picture, text lines, codes, seals, quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import cv2
import numpy as np

from audit.i18n import text
from audit.model import (
    CodePayload,
    ImageCue,
    Impression,
    PageContent,
    Problem,
    TextLine,
    problem,
)
from audit.recognise import Recognised
from audit.recognise.channels import reading_channel
from audit.recognise.codes import read_codes
from audit.recognise.ocr.boxes import TextBox
from audit.recognise.ocr.detect import find_text
from audit.recognise.ocr.read import read_boxes
from audit.recognise.orient import Upright, turn_upright
from audit.recognise.photo import lay_flat
from audit.recognise.quality import Quality, is_blank, measure, problems_of
from audit.recognise.seals.find import find_impressions
from audit.recognise.seals.lettering import part
from audit.recognise.signatures import find_signatures
from audit.recognise.tables import find_rules, find_tables
from audit.recognise.ticks import mark_boxes

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

cv2.setNumThreads(1)  # one process per core beats threads inside a process

#: A page this bright with ink on it and no text found is a document nobody can read.
_PAPER, _SOME_INK, _MOSTLY_INK = 0.7, 0.004, 0.25
#: A pixel whose channels differ less than this has no colour.
_COLOURLESS = 40


def recognise(raster: Raster, known: PageContent | None) -> Recognised:
    """Return what the pixels of a page say; see ``audit.recognise.recognise_page``.

    ``known``: the page as its file gives it, when its text is not to be read.
    """
    if known is not None:
        return _seen_only(raster, known)
    grey = reading_channel(raster)
    quality = measure(grey)
    if is_blank(quality):
        return Recognised(raster, cues=(ImageCue("blank_page", None, 1.0),), quality=quality)
    page = _upright(raster)
    quality = measure(page.grey, page.boxes)
    lines = read_boxes(page.grey, page.boxes)
    impressions = find_impressions(page.raster, lines)
    lines, _ = part(lines, impressions, page.raster.pixels)
    lines = mark_boxes(page.grey, lines)
    tables = find_tables(find_rules(page.grey), lines)
    return Recognised(
        upright=page.raster,
        lines=lines,
        tables=tables,
        codes=read_codes(page.raster),
        impressions=impressions,
        rotation=page.rotation,
        skew=page.skew,
        quality=quality,
        problems=_problems(page, quality, lines),
        signatures=find_signatures(page.grey, lines, tables, impressions),
    )


def _seen_only(raster: Raster, known: PageContent) -> Recognised:
    """Return codes, seals and quality of a page whose text is known."""
    quality = measure(reading_channel(raster))
    codes: Sequence[CodePayload] = read_codes(raster)
    impressions: Sequence[Impression] = find_impressions(
        _without_codes(raster, codes), known.lines, [seal.box for seal in known.electronic_seals]
    )
    return Recognised(raster, codes=tuple(codes), impressions=tuple(impressions), quality=quality)


def _without_codes(raster: Raster, codes: Sequence[CodePayload]) -> Raster:
    """Return a drawn page without the black of its QR codes, which are no seals and cost a search.

    Coloured ink over a code stays: only what has no colour turns to paper.
    """
    if not codes or not raster.colour:
        return raster
    pixels = raster.pixels.copy()
    for code in codes:
        left, top = int(code.box.left * raster.width), int(code.box.top * raster.height)
        right, bottom = ceil(code.box.right * raster.width), ceil(code.box.bottom * raster.height)
        part = pixels[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
        red, green, blue = (part[:, :, plane] for plane in range(3))
        highest = np.maximum(np.maximum(red, green), blue)
        lowest = np.minimum(np.minimum(red, green), blue)
        part[highest - lowest < _COLOURLESS] = 255
    return replace(raster, pixels=pixels, jpeg=None)


def _upright(raster: Raster) -> Upright:
    grey = reading_channel(raster)
    boxes: Sequence[TextBox] = find_text(grey)
    flat = lay_flat(raster, grey, boxes)
    if flat is not None:
        raster, grey = flat, reading_channel(flat)
        boxes = find_text(grey)
    return turn_upright(raster, grey, boxes)


def _problems(page: Upright, quality: Quality, lines: Sequence[TextLine]) -> tuple[Problem, ...]:
    height, width = page.grey.shape
    found = problems_of(quality, page.raster.dpi, page.boxes, (width, height))
    figures = dict(quality)
    document = figures["brightness"] >= _PAPER and _SOME_INK <= figures["ink"] <= _MOSTLY_INK
    if not lines and document:
        return (*found, problem("E705", reason=text("quality.no_text")))
    return found

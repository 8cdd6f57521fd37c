"""Pixels to text lines, QR codes, impressions and cues.

Everything heavy is imported when a page is first looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.model import (
    Box,
    CodePayload,
    ImageCue,
    Impression,
    Look,
    Page,
    PageContent,
    PageMode,
    Problem,
    Signature,
    Table,
    TextLine,
)
from audit.settings import Options

if TYPE_CHECKING:
    from audit.pixels.raster import Raster

__all__ = ["Recognised", "read_codes", "read_crop", "recognise_page", "ruled_tables"]


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """What the pixels of one page say. All boxes are fractions of ``upright``.

    ``rotation``: degrees clockwise (0, 90, 180, 270) by which the given picture was turned away
    from upright. ``skew``: its tilt in degrees, clockwise positive; taken out of ``upright`` when
    it mattered. ``tables``: ruled tables with the text of their cells. ``quality``: brightness, contrast, sharpness (0-1), ink (share), text_height
    (pixels). ``cues``: ``blank_page`` where there is nothing.
    """

    upright: Raster
    lines: tuple[TextLine, ...] = ()
    tables: tuple[Table, ...] = ()
    codes: tuple[CodePayload, ...] = ()
    impressions: tuple[Impression, ...] = ()
    cues: tuple[ImageCue, ...] = ()
    rotation: int = 0
    skew: float = 0.0
    quality: tuple[tuple[str, float], ...] = ()
    problems: tuple[Problem, ...] = ()
    signatures: tuple[Signature, ...] = ()


def recognise_page(
    raster: Raster,
    *,
    lines_wanted: bool,
    options: Options | None = None,
    known: PageContent | None = None,
) -> Recognised:
    """Return what a page's picture says.

    With ``lines_wanted`` the page is turned upright and its text read; without (the text is
    ``known`` from the file) the picture stays as it is and is only searched for codes and seals;
    seals that the file declares as signatures are not looked for again.
    Raises ``MissingPartError`` if a model file is missing or altered.
    """
    from audit.recognise.page import recognise

    _ = options  # nothing in them changes a first reading yet; kept in the signature for callers
    return recognise(raster, None if lines_wanted else known or _nothing())


def _nothing() -> PageContent:
    return PageContent(Page("", 0, PageMode.DIGITAL))


def read_crop(upright: Raster, box: Box, look: Look) -> tuple[str, float]:
    """Return the text and confidence (0-1) of one line at ``box``, read in the manner of ``look``.

    Empty text and 0.0 where nothing is read. The box may cut the text: the crop grows until
    its edges are clean.
    """
    from audit.recognise.looks import read_again

    return read_again(upright, box, look)


def read_codes(raster: Raster) -> tuple[CodePayload, ...]:
    """Return the QR and bar codes of a page; boxes are fractions of the picture."""
    from audit.recognise import codes

    return codes.read_codes(raster)


def ruled_tables(raster: Raster, lines: tuple[TextLine, ...]) -> tuple[Table, ...]:
    """Return the ruled tables of a page whose text is known (``lines``), by its picture."""
    from audit.recognise import channels, tables

    return tables.find_tables(tables.find_rules(channels.reading_channel(raster)), lines)

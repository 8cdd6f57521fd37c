"""Crops of page pictures: the only pixels that outputs see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audit.model import Box, CasePage

#: Crops are cut this much wider than the evidence, as fractions of the page.
MARGIN_X, MARGIN_Y = 0.02, 0.012
#: A crop never shows less than this share of the page, so that a person sees the surroundings.
LEAST_WIDTH, LEAST_HEIGHT = 0.30, 0.05
LONGEST_SIDE = 900
QUALITY = 78


class PictureStore:
    """Cuts JPEG crops out of the workspace's page pictures; keeps the last page decoded."""

    def __init__(self, folder: Path, pages: Sequence[CasePage]) -> None:
        """Know which picture belongs to which page; nothing is opened yet."""
        self._folder = folder
        self._names = {(p.file, p.page.page_index): p.picture for p in pages if p.picture}
        self._last: tuple[str, object] = ("", None)

    def crop(
        self, file: str, page_index: int, box: Box | None, longest: int = LONGEST_SIDE
    ) -> bytes | None:
        """Return a JPEG of the box with some margin (``None``: the whole page), or ``None``."""
        name = self._names.get((file, page_index))
        if name is None:
            return None
        from audit.pixels.raster import Raster, crop, shrink, to_jpeg

        page = self._page(name)
        if page is None:
            return None
        assert isinstance(page, Raster)
        cut = page if box is None else crop(page, _roomy(box))
        return to_jpeg(shrink(cut, longest), QUALITY)

    def _page(self, name: str) -> object | None:
        from audit.pixels.raster import from_jpeg

        if self._last[0] != name:
            path = self._folder / name
            self._last = (name, from_jpeg(path.read_bytes()) if path.is_file() else None)
        return self._last[1]


def _roomy(box: Box) -> Box:
    wide = box.widened(MARGIN_X, MARGIN_Y)
    return wide.widened(
        max(0.0, (LEAST_WIDTH - wide.width) / 2), max(0.0, (LEAST_HEIGHT - wide.height) / 2)
    )

"""Where the pictures of a report come from: embedded in one file, or fetched by address."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Protocol

from audit.model import Box
from audit.report.parts import Crop

#: Pictures in one report, together (bytes before base64): keeps the file below 15 MB.
PICTURE_BUDGET = 9_500_000
FACE_LONGEST, FACE_LONGEST_MANY, STRIP_LONGEST, SEAL_LONGEST = 620, 400, 700, 200
#: From this many ledger rows on, the faces in the chains of evidence are cut smaller.
MANY_ROWS = 90


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show: ``src`` at once, or number ``index`` of the island when it is opened."""

    src: str
    index: int = -1


class Pictures(Protocol):
    """Hands out pictures of places; ``None`` where there is none (or no room left)."""

    def now(self, file: str, page_index: int, box: Box | None, longest: int) -> Picture | None:
        """Return a picture that is visible from the start."""

    def later(self, file: str, page_index: int, box: Box | None, longest: int) -> Picture | None:
        """Return a picture that is shown when its row is opened."""


class EmbeddedPictures:
    """Pictures as base64 inside the page; what is shown later stands once in a JSON island."""

    def __init__(self, crop: Crop, budget: int = PICTURE_BUDGET) -> None:
        """Cut with ``crop`` until ``budget`` bytes are used; ``omitted`` counts the rest."""
        self._crop = crop
        self._left = budget
        self._shown: dict[tuple[str, int, Box | None, int], Picture] = {}
        self._waiting: dict[tuple[str, int, Box | None, int], Picture] = {}
        self.island: list[str] = []
        self.omitted = 0

    def now(self, file: str, page_index: int, box: Box | None, longest: int) -> Picture | None:
        """Return the picture as a data URI; the same one again costs its bytes again."""
        key = (file, page_index, box, longest)
        known = self._shown.get(key)
        if known is not None:
            self._left -= len(known.src) * 3 // 4
            return known
        data = self._cut(key)
        if data is None:
            return None
        picture = Picture("data:image/jpeg;base64," + data)
        self._shown[key] = picture
        return picture

    def later(self, file: str, page_index: int, box: Box | None, longest: int) -> Picture | None:
        """Return the picture's number in ``island``; a place asked for twice stands there once."""
        key = (file, page_index, box, longest)
        if key not in self._waiting:
            data = self._cut(key)
            if data is None:
                return None
            self._waiting[key] = Picture("", len(self.island))
            self.island.append(data)
        return self._waiting[key]

    def _cut(self, key: tuple[str, int, Box | None, int]) -> str | None:
        if self._left <= 0:
            self.omitted += 1
            return None
        data = self._crop(*key)
        if data is None:
            return None
        self._left -= len(data)
        return base64.b64encode(data).decode("ascii")

"""Pictures pasted into office documents: each one large enough to hold print is a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from audit.i18n import text
from audit.model import Problem, problem
from audit.readers.base import PageRead, UnreadableError
from audit.readers.container import Container
from audit.readers.image import picture_page, picture_size
from audit.settings import Limits

_MEDIA = re.compile(r"(^|/)media/[^/]+$", re.IGNORECASE)
_DRAWINGS = (".emf", ".wmf", ".svg", ".wdp", ".emz", ".wmz")
_SOUNDS = (".mp3", ".mp4", ".wav", ".avi", ".mov", ".m4a", ".wmv")
#: A smaller picture (pixels) is a bullet, a logo or a signature line.
_LEAST_SIDE = 160
_MOST_PICTURES = 200
_PART_BYTES = 50_000_000


def picture_parts(container: Container) -> tuple[str, ...]:
    """Return the parts that are pictures worth a page, in the order they were numbered."""
    found = []
    names = [n for n in container.names if _MEDIA.search(n)]
    for name in sorted(names, key=_order):
        if container.size(name) > _PART_BYTES or name.lower().endswith((*_DRAWINGS, *_SOUNDS)):
            continue
        size = picture_size(container.read(name))
        if size is not None and min(size) >= _LEAST_SIDE:
            found.append(name)
        if len(found) >= _MOST_PICTURES:
            break
    return tuple(found)


def unread_media(container: Container) -> tuple[Problem, ...]:
    """Return a problem that names pictures of kinds nobody here can read."""
    names = [n for n in container.names if _MEDIA.search(n) and n.lower().endswith(_DRAWINGS)]
    if not names:
        return ()
    listed = "、".join(sorted(n.rpartition("/")[2] for n in names)[:5])
    return (problem("W606", what=text("readers.unread_pictures", {"names": listed})),)


def picture_pages(
    container: Container, sha256: str, first: int, wanted: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the pictures whose page indexes are wanted; ``first``: index of the first picture."""
    parts = picture_parts(container)
    for index in wanted:
        place = index - first
        if not 0 <= place < len(parts):
            raise UnreadableError(problem("E302", reason="media"))
        yield picture_page(container.read(parts[place]), sha256, index, limits)


def _order(name: str) -> tuple[str, int, str]:
    stem = name.rpartition("/")[2]
    digits = re.search(r"\d+", stem)
    return (stem[: digits.start()] if digits else stem, int(digits.group()) if digits else 0, name)

"""The printed 监制章 of an invoice: told by shape and place, since its words are often unreadable."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.model import Box, TextLine
from audit.recognise.seals.rings import Ellipse

#: A flat oval of about 30 x 20 mm; the 发票专用章 is 40 x 30, rounder.
_FLATTEST, _ROUNDEST = 1.85, 1.22
_LEVEL = 16.0
#: Middle of the page, upper part of it, when the title is not known.
_MIDDLE, _UPPER = (0.36, 0.64), 0.3
_SMALL = 0.22
_TITLE = re.compile(r"发\s*票|行程单|专用|普通|电子")
#: So many of its nine letters name it.
_SPOILT = 6
_WORDS = re.compile(r"监制|统一发票|税务局")


def is_supervision(shape: str, ellipse: Ellipse, box: Box, lines: Sequence[TextLine]) -> bool:
    """Tell whether a mark is the printed 监制章: a level flat oval over an invoice's title.

    ``ellipse`` in page pixels, ``box`` and ``lines`` in fractions of the page.
    """
    if any(_WORDS.search(line.text) and _inside(line.box, box) for line in lines):
        return True
    if shape != "ellipse" or not _ROUNDEST <= ellipse.aspect <= _FLATTEST or not _is_level(ellipse):
        return False
    if box.width > _SMALL or not _MIDDLE[0] <= box.centre[0] <= _MIDDLE[1]:
        return False
    titles = [line for line in lines if _TITLE.search(line.text)]
    if any(_over(box, line.box) for line in titles):
        return True
    return box.centre[1] <= _UPPER and not lines


def names_supervision(text: str) -> bool:
    """Tell whether a seal's own lettering is that of the 监制章, spoilt characters allowed."""
    plain = text.replace(" ", "")
    if "监制" in plain or "统一发票" in plain:
        return True
    return sum(1 for letter in set("全国统一发票监制章") if letter in plain) >= _SPOILT


def _is_level(ellipse: Ellipse) -> bool:
    """Tell whether the long axis lies level."""
    turn = ellipse.angle if ellipse.long >= ellipse.short else ellipse.angle + 90
    return abs((turn + 90) % 180 - 90) <= _LEVEL


def _inside(inner: Box, outer: Box) -> bool:
    return outer.contains_point(*inner.centre) and inner.width <= 1.1 * outer.width


def _over(seal: Box, title: Box) -> bool:
    """Tell whether the seal stands on a title line: rows meet and the middles are near."""
    meets = min(seal.bottom, title.bottom) - max(seal.top, title.top) > 0
    near = min(seal.right, title.right + 0.06) - max(seal.left, title.left - 0.06) > 0
    return meets and near and title.height >= 0.18 * seal.height

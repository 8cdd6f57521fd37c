"""The closed list of kind lines, and where a seal's name ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.text.alike import share_in_order
from audit.text.places import CITIES, PROVINCES

_CJK = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[0-9A-Z]{6,}")
#: So few letters behind the name's end are strays of another line.
STRAY = 2
#: What ends the name on a seal.
ENDS = ("公司", "中心", "税务局", "委员会", "合作社", "研究院", "大学", "银行", "支行", "分行")
#: The lines of kind that seals carry (DOMAIN A11), the first of equals wins.
KINDS = (
    "发票专用章", "财务专用章", "合同专用章", "电子回单专用章", "回单专用章", "业务专用章",
    "业务受理章", "会计业务章", "电子业务专用章", "项目专用章", "资料专用章", "财务章", "人事专用章",
    "税务登记专用章", "检验专用章", "转讫", "代开发票专用章",
)  # fmt: skip
#: How the lettering of seals ends; what each of its letters, the name of a place at the start and
#: each letter at all say for a reading.
_TAILS = tuple(
    end + kind
    for end in ("股份有限公司", "有限责任公司", "有限公司", "中心", "之印")
    for kind in ("", "财务专用章", "发票专用章", "合同专用章")
)
_OF_TAIL, _OF_PLACE, _OF_LETTER, _MOST_LETTERS = 0.25, 0.5, 0.1, 24
_AT_START = re.compile(f".{{0,2}}(?:{'|'.join((*PROVINCES, *CITIES))})")
#: Letters behind a name that may hold a line of kind; shares of it and of its own part (财务) that
#: must be there, some of them nearly read.
_MOST_BEHIND, _MOSTLY, _OWN_THERE = 9, 0.75, 0.45
_COMMON, _LAST = "专用章", ("章", "用", "专")


def ended(text: str) -> str:
    """Return the text turned around until it ends on 公司, 中心 …: the cut may fall anywhere."""
    if text.endswith(ENDS):
        return text
    for end in ENDS:
        place = text.rfind(end)
        if place >= 0 and place + len(end) < len(text) and not _NUMBER.search(text[place:]):
            tail = text[place + len(end) :]
            if snap_kind(tail):
                return text
            if len(tail) <= STRAY:
                return text[: place + len(end)]
            return tail + text[: place + len(end)]
    return text


def snap_kind(text: str) -> str:
    """Return the line of kind that ``text`` holds or nearly holds, empty if none.

    One character may be spoilt, but one of the distinctive part (财务, 发票 …) must be there:
    专用章 alone is the end of all of them.
    """
    from rapidfuzz.distance import Levenshtein

    plain = "".join(_CJK.findall(text))
    for kind in KINDS:
        if kind in plain:
            return kind
    for kind in KINDS:
        own = kind.removesuffix(_COMMON)
        if own != kind and own in plain and plain.endswith(_LAST):
            return kind
    for kind in KINDS:
        own = kind.removesuffix(_COMMON)
        tail = plain[-len(kind) :]
        if len(tail) > 2 and Levenshtein.distance(tail, kind) <= 1 and set(own) & set(tail):  # noqa: PLR2004 - characters
            return kind
    return ""


def snap_band(text: str) -> str:
    """Return the line of kind of a text read where such a line stands, its end spoilt by print.

    专 or 用 must follow what is distinctive at once: print says 发票 and 财务 as well.
    """
    plain = "".join(_CJK.findall(text))
    long_ones = (kind for kind in KINDS if kind.endswith(_COMMON))
    return snap_kind(text) or next(
        (k for k in long_ones if re.search(f"{k.removesuffix(_COMMON)}.?[专用]", plain)), ""
    )


def kind_behind(name: str, rivals: Sequence[str]) -> str:
    """Return the line of kind that a square sets behind a name, empty if none.

    ``rivals``: what the letters nearly were. Strays may follow; a letter may be spoilt.
    """
    place = max((name.rfind(end) + len(end) for end in ENDS if end in name), default=0)
    tail = name[place:] if 0 < len(name) - place <= _MOST_BEHIND else name[-_MOST_BEHIND:]
    shares = {k: share_in_order(tail, k, rivals) for k in KINDS if k.endswith(_COMMON)}
    kind = max(shares, key=lambda k: (shares[k], _own_share(tail, k, rivals)))
    there = shares[kind] >= _MOSTLY and _own_share(tail, kind, rivals) >= _OWN_THERE
    return kind if there else snap_kind(name)


def _own_share(tail: str, kind: str, rivals: Sequence[str]) -> float:
    return share_in_order(tail, kind.removesuffix(_COMMON), rivals)


def sense(text: str, confidence: float) -> float:
    """Return how much a reading makes sense: it begins and ends as seals do, is long and sure."""
    from rapidfuzz.distance import LCSseq

    tail = max(LCSseq.similarity(text[-len(t) - 1 :], t) for t in _TAILS)
    return (
        _OF_TAIL * tail
        + _OF_PLACE * (_AT_START.match(text) is not None)
        + _OF_LETTER * min(len(text), _MOST_LETTERS)
        + confidence
    )

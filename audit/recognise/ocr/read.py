"""Boxes to text lines: the fast network first, the careful one where it matters.

The small network reads again what holds digits, names or identifiers or is unsure, unless the
tiny one's lowest character reaches 0.99: parity with reading everything twice, at less than half
of the cost on real forms.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from audit.model import Box, Origin, TextLine
from audit.recognise.ocr.boxes import Grey, TextBox
from audit.recognise.ocr.recognise import CAREFUL, FAST, Words, read_strip
from audit.recognise.ocr.strips import Strip, cut_strips

#: The fast network's reading stands from here on, whatever the line holds.
CERTAIN = 0.99
#: Below this any line is read again.
UNSURE = 0.95
#: Digits, amounts in words, and the words that company, bank and authority names hold.
_MATTERS = re.compile(
    r"[0-9A-Z]|[壹贰叁肆伍陆柒捌玖拾佰仟零整]|公司|集团|银行|[支分]行|厂|中心|研究|学院|大学|"
    r"事务所|委员会|[合作]社|税务局|名称|户名|全称|系统|软件|设备|项目"
)
#: The cipher block of old invoices cannot hold a field.
_CIPHER = re.compile(r"[-0-9+*/<>\s]{16,}")
_CIPHER_SIGNS = re.compile(r"[+*/<>]")


#: Two-in-one lines of the invoice form that hold no field, and are its longest.
_IDLE = re.compile(r"地\W*址\W*电\W*话|开户行及[帐账]号")


def read_boxes(grey: Grey, boxes: Sequence[TextBox]) -> tuple[TextLine, ...]:
    """Return the text of all boxes, top first; boxes are fractions of the picture ``grey``."""
    lines = (_line(strip, read_twice(strip), grey) for strip in cut_strips(grey, boxes))
    return tuple(line for line in lines if line.text)


def read_twice(strip: Strip) -> Words:
    """Return the strip's words: by the fast network, and by the careful one where it matters."""
    first = read_strip(strip.grey, FAST)
    return read_strip(strip.grey, CAREFUL) if wants_care(first) else first


def wants_care(first: Words) -> bool:
    """Tell whether a line must be read by the careful network."""
    if not first.text:
        return True
    if first.confidence >= CERTAIN or _is_cipher(first.text) or _IDLE.match(first.text):
        return False
    return first.confidence < UNSURE or _MATTERS.search(first.text) is not None


def _is_cipher(text: str) -> bool:
    many = len(_CIPHER_SIGNS.findall(text)) * 5 >= len(text)
    return many and _CIPHER.fullmatch(text) is not None


def _line(strip: Strip, words: Words, grey: Grey) -> TextLine:
    height, width = grey.shape
    left, top, right, bottom = strip.box.bounds
    box = Box(
        max(0.0, left / width), max(0.0, top / height), min(1.0, right / width),
        min(1.0, bottom / height),
    )  # fmt: skip
    return TextLine(
        text=words.text,
        box=_rounded(box),
        origin=Origin.OCR,
        confidence=words.confidence,
        char_edges=() if strip.box.runs_down else _edges(strip, words, box),
        angle=round(strip.box.angle, 2),
    )


def _rounded(box: Box) -> Box:
    return Box(*(round(v, 5) for v in (box.left, box.top, box.right, box.bottom)))


def _edges(strip: Strip, words: Words, box: Box) -> tuple[float, ...]:
    """Return the character edges: midway between centres, the ends where the ink ends."""
    begin, end = (x / strip.grey.shape[1] for x in strip.ink)
    span = max(end - begin, 1e-6)
    centres = [min(1.0, max(0.0, (place - begin) / span)) for place in words.places]
    shares = [0.0, *((a + b) / 2 for a, b in itertools.pairwise(centres)), 1.0]
    return tuple(round(box.left + share * box.width, 5) for share in shares)

"""What a strip says: CTC recognition by PP-OCRv6, one strip at a time, at its natural width.

Confidence is that of the *lowest* character, and a character that was nearly written where
none stands counts as one: the mean hides the single wrong digit. Batches and padding gain
nothing on a processor.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from audit.recognise import models
from audit.recognise.ocr.boxes import Floats, Grey

Indexes = npt.NDArray[np.intp]

FAST, CAREFUL = "read_first", "read_again"
_HEIGHT, _STRIDE = 48, 8
_NARROWEST, _WIDEST = 32, 4800
#: A blank step this sure holds no suppressed character.
_SURELY_BLANK = 0.9
#: A character this likely may stand where another was read; so many are named at the most.
_RIVAL, _MOST_RIVALS = 0.0005, 10
#: Of the characters that Chinese names are not written in (traditional ones, signs) only so many.
_MOST_FOREIGN = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What one strip says.

    ``confidence``: of the lowest character, 0-1 (0 for nothing read). ``places``: the centre
    of each character as a share of the strip's width. ``sures``: the confidence of each, none
    of them above that of the weakest blank.
    """

    text: str
    confidence: float
    places: tuple[float, ...] = ()
    sures: tuple[float, ...] = ()


NOTHING = Words("", 0.0)


def read_strip(grey: Grey, role: str = CAREFUL) -> Words:
    """Return what a one-channel strip (upright, one line) says, by the network of ``role``."""
    if min(grey.shape) < 2:  # noqa: PLR2004 - nothing to see
        return NOTHING
    values, width = _prepared(grey)
    steps: Floats = models.run(models.session(role), values)[0]
    return _decoded(steps, characters(role), values.shape[3] / width)


def read_rivals(grey: Grey, role: str = CAREFUL) -> tuple[Words, tuple[str, ...]]:
    """Return what a strip says, and each of its characters with others that it nearly was.

    The likeliest come first. Others are for asking whether a known name may stand there.
    """
    if min(grey.shape) < 2:  # noqa: PLR2004 - nothing to see
        return NOTHING, ()
    values, width = _prepared(grey)
    steps: Floats = models.run(models.session(role), values)[0]
    classes = characters(role)
    words = _decoded(steps, classes, values.shape[3] / width)
    return words, _nearly(steps, classes)


def _nearly(steps: Floats, classes: tuple[str, ...]) -> tuple[str, ...]:
    best = steps.argmax(axis=1)
    found = []
    for index, run in itertools.groupby(range(len(best)), key=best.__getitem__):
        if index == 0 or classes[index].isspace():
            continue
        likely = steps[list(run)].max(axis=0)
        order = np.argsort(-likely)[: 5 * _MOST_RIVALS]
        others = [i for i in order if i not in (0, index) and likely[i] >= _RIVAL]
        usual = [i for i in others if _in_names(classes[i])][:_MOST_RIVALS]
        kept = [*usual, *[i for i in others if i not in usual][:_MOST_FOREIGN]]
        found.append("".join(_folded(classes[i])[:1] for i in (index, *kept)))
    return tuple(found)


@cache
def _in_names(character: str) -> bool:
    """Tell whether a character is one of the 6,763 of the national standard of 1980."""
    try:
        return len(character.encode("gb2312")) == 2 and character >= "\u4e00"  # noqa: PLR2004
    except UnicodeEncodeError:
        return False


def _prepared(grey: Grey) -> tuple[Floats, int]:
    """Return the network's input (1, 3, 48, width) and the width before it was made even."""
    height, width = grey.shape
    wide = min(_WIDEST, max(8, round(_HEIGHT * width / height)))
    smaller = height > _HEIGHT
    scaled = cv2.resize(
        grey, (wide, _HEIGHT), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    )
    padding = max(_NARROWEST - wide, -wide % _STRIDE)
    if padding:
        scaled = cv2.copyMakeBorder(scaled, 0, 0, 0, padding, cv2.BORDER_REPLICATE)
    values = np.asarray(scaled, np.float32) / 127.5 - 1
    return np.broadcast_to(values, (1, 3, *values.shape)).copy(), wide


@cache
def characters(role: str) -> tuple[str, ...]:
    """Return the network's classes: the blank first, a space last."""
    inside = models.session(role).get_modelmeta().custom_metadata_map.get("character")
    if inside is None:
        inside = models.model_path(f"characters_of_{role}").read_text("utf-8").removesuffix("\n")
    listed = inside.split("\n")
    return ("", *listed, " ")


def _decoded(steps: Floats, classes: tuple[str, ...], stretch: float) -> Words:
    best = steps.argmax(axis=1)
    sure = steps[np.arange(len(best)), best]
    letters: list[str] = []
    places: list[float] = []
    sures: list[float] = []
    for index, run in itertools.groupby(range(len(best)), key=best.__getitem__):
        if index == 0:
            continue
        span = list(run)
        letters.append(classes[index])
        places.append((span[0] + span[-1] + 1) / 2 / len(best) * stretch)
        sures.append(_certainty(steps, span[int(sure[span].argmax())], index, classes))
    blanks = 1 - _suppressed(steps, best, sure, classes)
    return _stripped(letters, places, [min(one, blanks) for one in sures])


def _certainty(steps: Floats, step: int, index: int, classes: tuple[str, ...]) -> float:
    """Return the probability of a character, its full- and half-width twins included."""
    if classes[index].isspace():
        return 1.0
    same = _twins(classes).get(index)
    return min(1.0, float(steps[step, index] if same is None else steps[step, same].sum()))


@cache
def _twins(classes: tuple[str, ...]) -> dict[int, list[int]]:
    """Return, by class, the classes that are one character after normalisation."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, character in enumerate(classes):
        if character:
            groups[_folded(character)].append(index)
    return {index: group for group in groups.values() if len(group) > 1 for index in group}


@cache
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _suppressed(steps: Floats, best: Indexes, sure: Floats, classes: tuple[str, ...]) -> float:
    """Return the probability of the likeliest character that a blank step kept from the text."""
    worst = 0.0
    for step in np.flatnonzero((best == 0) & (sure < _SURELY_BLANK)):
        rival = int(steps[step, 1:].argmax()) + 1
        near = {_folded(classes[i]) for i in best[max(0, step - 2) : step + 3]}
        if not classes[rival].isspace() and _folded(classes[rival]) not in near:
            worst = max(worst, float(steps[step, rival]))
    return worst


def _stripped(letters: list[str], places: list[float], sures: list[float]) -> Words:
    start, end = 0, len(letters)
    while start < end and letters[start].isspace():
        start += 1
    while end > start and letters[end - 1].isspace():
        end -= 1
    if start == end:
        return NOTHING
    inside = tuple(min(1.0, place) for place in places[start:end])
    kept = tuple(round(one, 4) for one in sures[start:end])
    return Words("".join(letters[start:end]), round(min(sures), 4), inside, kept)

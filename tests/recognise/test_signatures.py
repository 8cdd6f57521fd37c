"""Handwritten names: found beside the words that ask for them, one picture told from two signings."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from audit.model import Box, Cell, Impression, Origin, Signature, Table, TextLine
from audit.recognise.signatures import find_signatures, likeness, unpack
from cases.casegen import scan
from cases.casegen.hand import Hand, draw_hand
from cases.casegen.seals import draw_seal, impress, official_seal

DPI = 200
HIGH, WIDE = 700, 1200
LABEL = TextLine("签字：", Box(0.2, 0.5, 0.27, 0.54), Origin.OCR, 0.99)
PLACE = (0.36, 0.52)
PLACE_Y = round(PLACE[1] * HIGH)
Picture = npt.NDArray[np.uint8]


def scanned(
    hand: Hand | None, seed: int, *, mode: str = "colour", skew: float = 0.0, sealed: bool = False
) -> Picture:
    """Return the reading channel of a scanned sheet with a name written beside the label."""
    paper = np.full((HIGH, WIDE, 3), 255, np.uint8)
    if sealed:
        seal = draw_seal(official_seal("重庆江川智能装备有限公司"), dpi=DPI, seed=seed)
        paper = impress(paper, seal, round(0.42 * WIDE), PLACE_Y)
    spot = (round(PLACE[0] * WIDE), round(PLACE[1] * HIGH))
    stamp = [] if hand is None else [(draw_hand(hand, DPI), *spot)]
    seen = scan.degrade(paper, seed=seed, dpi=DPI, mode=mode, skew=skew, jpeg=60, stamp=stamp)
    return np.ascontiguousarray(seen if seen.ndim == 2 else seen[:, :, 0])


def found(picture: Picture, *lines: TextLine) -> tuple[Signature, ...]:
    return find_signatures(picture, (LABEL, *lines), (), ())


def test_a_name_beside_the_label_is_found_where_it_stands() -> None:
    (one,) = found(scanned(Hand("张明远"), 1))
    assert one.label == "签字："
    assert one.box.contains_point(*PLACE)
    assert one.box.height < 0.12


def test_a_blank_line_and_typed_letters_are_no_signature() -> None:
    assert found(scanned(None, 2)) == ()
    low = Hand("张明远", mm=(18.0, 3.4))  # no higher than print
    assert found(scanned(low, 3)) == ()


def test_print_read_well_beside_the_label_is_no_signature() -> None:
    typed = TextLine("张明远", Box(0.28, 0.46, 0.46, 0.58), Origin.OCR, 0.97)
    assert found(scanned(Hand("张明远"), 4), typed) == ()


def test_unread_print_above_and_below_a_typed_name_is_no_signature() -> None:
    """Under a seal lines of print go unread: rows of print are no handwriting, however many."""
    picture = scanned(None, 7)
    for row in (0.455, 0.52, 0.585):
        cv2.putText(picture, "ABCDEFG KLMN", (340, int(row * HIGH) + 10), 0, 0.8, (40,), 2)
    assert found(picture) == ()


def test_a_black_seal_over_the_place_leaves_nothing_to_compare() -> None:
    seal = Impression(Box(0.3, 0.4, 0.5, 0.65), "circle", "black")
    assert find_signatures(scanned(Hand("张明远"), 5), (LABEL,), (), (seal,)) == ()


def test_names_under_a_head_of_a_table_are_found() -> None:
    cells = (
        Cell(0, 0, "姓名", box=Box(0.1, 0.3, 0.3, 0.36)),
        Cell(0, 1, "签字", box=Box(0.3, 0.3, 0.5, 0.36)),
        Cell(1, 0, "张明远", box=Box(0.1, 0.36, 0.2, 0.42)),
        Cell(1, 1, "", box=Box(0.24, 0.42, 0.5, 0.62)),
    )
    table = Table("", cells, Origin.OCR)
    (one,) = find_signatures(scanned(Hand("张明远"), 6), (), (table,), ())
    assert one.label == "签字"


@pytest.mark.parametrize("who", ["张明远", "李卓", "欧阳若川"])
def test_one_picture_twice_is_told_from_two_signings(who: str) -> None:
    """The same strokes scanned again agree far better than the same person signing again."""
    again = [
        found(scanned(Hand(who, 3), 20 + k, mode=mode, skew=skew))[0].strokes
        for k, (mode, skew) in enumerate((("colour", 0.4), ("grey", -0.6), ("colour", 0.0)))
    ]
    anew = [found(scanned(Hand(who, k), 40 + k))[0].strokes for k in range(4, 8)]
    same = [alike(a, b) for a, b in combinations(again, 2)]
    other = [alike(a, b) for a, b in combinations(anew, 2)]
    assert min(same) > 0.85
    assert max(other) < 0.75


def test_a_seal_over_a_name_is_no_part_of_it() -> None:
    """Two stampings differ, the picture of the name under them does not."""
    seal = Impression(Box(0.29, 0.3, 0.55, 0.75), "circle", "red")
    signs = [
        find_signatures(scanned(Hand("张明远", 3), k, sealed=True), (LABEL,), (), (seal,))
        for k in (21, 22)
    ]
    assert [len(found_here) for found_here in signs] == [1, 1]
    assert max(one.box.right for (one,) in signs) < 0.47
    assert alike(signs[0][0].strokes, signs[1][0].strokes) > 0.85


def alike(one: str, other: str) -> float:
    first, second = unpack(one), unpack(other)
    assert first is not None
    assert second is not None
    return likeness(first, second)


def test_what_was_not_packed_here_is_refused() -> None:
    assert unpack("not strokes") is None
    assert unpack("") is None

"""Ruled tables drawn in pixels: cells, merged areas, tilt, text placed and torn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from audit.model import Box, Origin, Table, TextLine
from audit.recognise.ocr.boxes import Grey
from audit.recognise.tables import find_rules, find_tables

WIDTH, HEIGHT = 1654, 1169
LEFT, TOP, STEP_X, STEP_Y = 100, 150, 240, 60
COLUMNS, ROWS = 6, 9


def _drawn(
    merged: tuple[tuple[int, int, int, int], ...] = (), *, tilt: float = 0.0, ink: int = 60
) -> Grey:
    """Draw a grid; ``merged``: (row, column, rows, columns) whose inner rulings are left out."""
    page = np.full((HEIGHT, WIDTH), 245, np.uint8)
    for r in range(ROWS + 1):
        for c in range(COLUMNS):
            if not any(r0 < r < r0 + h and c0 <= c < c0 + w for r0, c0, h, w in merged):
                start = (LEFT + c * STEP_X, TOP + r * STEP_Y)
                cv2.line(page, start, (start[0] + STEP_X, start[1]), ink, 2)
    for c in range(COLUMNS + 1):
        for r in range(ROWS):
            if not any(r0 <= r < r0 + h and c0 < c < c0 + w for r0, c0, h, w in merged):
                start = (LEFT + c * STEP_X, TOP + r * STEP_Y)
                cv2.line(page, start, (start[0], start[1] + STEP_Y), ink, 2)
    if tilt:
        turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), tilt, 1.0)
        page = np.asarray(cv2.warpAffine(page, turn, (WIDTH, HEIGHT), borderValue=(245,)), np.uint8)
    return page


def _line(row: int, column: int, text: str, *, width: float = 0.5, shift: float = 0.0) -> TextLine:
    left = (LEFT + (column + 0.1 + shift) * STEP_X) / WIDTH
    right = left + width * STEP_X / WIDTH
    top = (TOP + row * STEP_Y + 15) / HEIGHT
    box = Box(left, top, right, top + 30 / HEIGHT)
    edges = tuple(left + (right - left) * i / len(text) for i in range(len(text) + 1))
    return TextLine(text, box, Origin.OCR, 0.99, edges)


def _table(grey: Grey, lines: tuple[TextLine, ...]) -> Table:
    (table,) = find_tables(find_rules(grey), lines)
    return table


@pytest.mark.parametrize("tilt", [0.0, 0.5, -0.8])
def test_every_cell_is_found_however_the_page_lies(tilt: float) -> None:
    table = _table(_drawn(tilt=tilt), (_line(4, 2, "x"),))
    places = sorted((c.row, c.column) for c in table.cells)
    assert places == [(r, c) for r in range(ROWS) for c in range(COLUMNS)]


@pytest.mark.parametrize(("tilt", "bend"), [(0.34, 0.0), (-0.34, 0.0), (0.0, 7.0), (0.3, -6.0)])
def test_columns_stay_the_same_below_a_row_that_is_merged_over_all_of_them(
    tilt: float, bend: float
) -> None:
    """A subtotal parts the rulings; on paper that lies a little askew they still are the same."""
    page = np.full((2339, 1654), 245, np.uint8)
    middle, heights = 20, [100 + 60 * r for r in range(33)]
    for y in heights:
        cv2.line(page, (60, y), (1590, y), 60, 2)
    for c in range(16):
        x = 60 + 102 * c
        for r, y in enumerate(heights[:-1]):
            if r != middle or c in {0, 15}:
                cv2.line(page, (x, y), (x, y + 60), 60, 2)
    turn = cv2.getRotationMatrix2D((827, 1170), tilt, 1.0)
    page = np.asarray(cv2.warpAffine(page, turn, (1654, 2339), borderValue=(245,)), np.uint8)
    rows = np.arange(2339, dtype=np.float32)[:, None]
    across = np.arange(1654, dtype=np.float32)[None] + bend * ((rows - 1170) / 1170) ** 2
    page = np.asarray(
        cv2.remap(page, across, np.repeat(rows, 1654, 1), cv2.INTER_LINEAR, borderValue=(245,)),
        np.uint8,
    )
    (table,) = find_tables(find_rules(page), (_line(4, 2, "x"),))
    places = {(c.row, c.column, c.column_span) for c in table.cells}
    whole = {(r, c, 1) for r in range(32) if r != middle for c in range(15)}
    assert places == {*whole, (middle, 0, 15)}


def test_low_rows_of_a_tilted_wide_table_stay_apart() -> None:
    page = np.full((HEIGHT, WIDTH), 245, np.uint8)
    for r in range(31):
        cv2.line(page, (60, 100 + 30 * r), (1590, 100 + 30 * r + 14), 60, 2)
    for c in range(8):
        x = 60 + 218 * c
        cv2.line(page, (x, 100 + int(14 * c / 7)), (x, 1000 + int(14 * c / 7)), 60, 2)
    (table,) = find_tables(find_rules(page), (_line(1, 1, "x"),))
    assert max(c.row for c in table.cells) == 29
    assert len(table.cells) == 30 * 7


def test_merged_areas_span_their_rows_and_columns() -> None:
    table = _table(_drawn(((0, 0, 1, 6), (3, 1, 3, 1))), (_line(0, 0, "标题"),))
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in table.cells}
    assert spans[0, 0] == (1, 6)
    assert spans[3, 1] == (3, 1)
    assert spans[3, 2] == (1, 1)
    assert next(c.text for c in table.cells if (c.row, c.column) == (0, 0)) == "标题"


def test_lines_go_to_their_cells_and_several_in_reading_order() -> None:
    one = _line(2, 3, "上面")
    below = TextLine(
        "下面", Box(one.box.left, one.box.bottom, one.box.right, one.box.bottom + 0.01)
    )
    table = _table(_drawn(), (below, one))
    cell = next(c for c in table.cells if (c.row, c.column) == (2, 3))
    assert cell.text == "上面\n下面"
    assert cell.box is not None
    assert cell.box.contains_point(*one.box.centre)


def test_a_line_over_two_cells_is_cut_and_said_to_be_torn() -> None:
    table = _table(_drawn(), (_line(5, 1, "1234567890", width=1.6),))
    cells = {(c.row, c.column): c for c in table.cells}
    assert cells[5, 1].text + cells[5, 2].text == "1234567890"
    assert cells[5, 1].confidence == cells[5, 2].confidence == 0.0


def test_a_line_with_a_wide_blank_at_the_ruling_is_cut_cleanly() -> None:
    left, right = _line(5, 1, "12", width=0.6), _line(5, 2, "34", width=0.6)
    table = _table(_drawn(), (left, right))
    cells = {(c.row, c.column): c for c in table.cells}
    assert (cells[5, 1].text, cells[5, 2].text) == ("12", "34")
    assert cells[5, 1].confidence == 0.99


@pytest.mark.parametrize("what", ["blank", "text strokes", "one frame"])
def test_no_table_where_none_is_ruled(what: str) -> None:
    page = np.full((HEIGHT, WIDTH), 245, np.uint8)
    if what == "text strokes":
        for x in range(100, 1500, 40):
            cv2.line(page, (x, 300), (x + 20, 300), 30, 3)
            cv2.line(page, (x + 10, 285), (x + 10, 315), 30, 3)
    elif what == "one frame":
        cv2.rectangle(page, (100, 100), (1500, 1000), 30, 3)
    assert find_tables(find_rules(page), (_line(2, 2, "x"),)) == ()


@pytest.mark.parametrize(
    ("first", "second", "at", "whole"),
    [
        ("网络建设费或服", "建设费或服", 0.15, "网络建设费或服"),
        ("诊断与方", "与方案", 0.2, "诊断与方案"),
        ("诊断与方", "与方案", 0.55, "诊断与方与方案"),
        ("1,234.00", "56", 0.2, "1,234.0056"),
    ],
)
def test_what_two_boxes_show_of_one_place_counts_once(
    first: str, second: str, at: float, whole: str
) -> None:
    lines = (_line(3, 1, first, width=0.45), _line(3, 1, second, width=0.3, shift=at))
    table = _table(_drawn(), lines)
    assert next(c.text for c in table.cells if (c.row, c.column) == (3, 1)) == whole

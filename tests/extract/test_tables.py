"""Grids: merged areas answer for all they cover, edges and text boxes of ruled tables."""

from __future__ import annotations

from audit.extract.layout import Sheet
from audit.extract.tables import grid_of, grids_of, headless_grid
from audit.model import Box, Origin, TextLine
from tests.extract.kinds.grids import ruled, sheet, workbook


def test_a_merged_area_answers_for_every_row_and_column() -> None:
    grid = grid_of(sheet([["a", "", "b"], ["", "", "c"]], {(0, 0): (2, 2)}))
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        cell = grid.at(row, column)
        assert cell is not None
        assert cell.text == "a"
    assert grid.texts(1) == ("a", "c")
    assert grid.at(5, 5) is None


def test_hidden_sheets_are_left_out_unless_asked_for() -> None:
    content = workbook(sheet([["a"]], hidden=True), sheet([["b"]]))
    assert [g.at(0, 0).text for g in grids_of(content) if g.at(0, 0)] == ["b"]  # type: ignore[union-attr]
    assert len(grids_of(content, hidden=True)) == 2


def test_a_ruled_cell_keeps_its_area_and_learns_where_its_text_stands() -> None:
    content = ruled([["a", "bb"], ["c", "d"]])
    (grid,) = grids_of(content)
    cell = grid.at(0, 1)
    assert cell is not None
    assert cell.box is not None
    assert cell.area is not None
    assert cell.box.height < cell.area.height
    assert len(grid.edges) == 3


def test_columns_without_header_or_rulings_follow_where_texts_line_up() -> None:
    def line(x: float, y: float, text: str) -> TextLine:
        return TextLine(text, Box(x, y, x + 0.1, y + 0.02), Origin.OCR, 0.99)

    lines = [line(0.05 + 0.2 * c, 0.1 + 0.1 * r, f"{r}{c}") for r in range(3) for c in range(4)]
    lines.append(line(0.25, 0.13, "x"))
    grid = headless_grid(Sheet(tuple(lines)))
    assert grid is not None
    assert (grid.row_count, grid.column_count) == (3, 4)
    cell = grid.at(0, 1)
    assert cell is not None
    assert cell.joined == "01x"
    assert headless_grid(Sheet(tuple(lines[:4]))) is None

"""Page tasks: what the file says and what its picture adds, put together honestly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audit import recognise
from audit.model import (
    Box,
    DocumentKind,
    ElectronicSeal,
    Look,
    Origin,
    Page,
    PageContent,
    PageMode,
    PageResult,
    ReadAgain,
    SecondLook,
    Table,
    TextLine,
    codec,
    problem,
)
from audit.pipeline import tasks
from audit.pipeline.spool import open_survey
from audit.pipeline.tasks import (
    PageOutput,
    SurveyTask,
    recognise_content,
    run_survey,
    spool_page,
    wants_ocr,
)
from audit.pixels.raster import Raster
from audit.readers import PageRead, UnreadableError
from audit.settings import DEFAULT_LIMITS, Options
from tests.hostile.build import einvoice, zipped

BOX = Box(0.1, 0.1, 0.4, 0.15)
RASTER = Raster(np.full((60, 40), 255, np.uint8), 200)


def content(mode: PageMode, *lines: TextLine, **more: object) -> PageContent:
    return PageContent(Page("a" * 64, 2, mode), tuple(lines), **more)  # type: ignore[arg-type]


def issued(text: str) -> TextLine:
    return TextLine(text, BOX)


def guessed(text: str) -> TextLine:
    return TextLine(text, BOX, Origin.OCR, 0.9)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[bool]]:
    """Let the recogniser answer with given lines; returns the list of what was wanted of it."""

    def answer(*lines: TextLine, rotation: int = 0) -> list[bool]:
        asked: list[bool] = []

        def page(
            raster: Raster, *, lines_wanted: bool, options: object = None, known: object = None
        ) -> object:
            _ = options, known
            asked.append(lines_wanted)
            return recognise.Recognised(raster, lines=tuple(lines), rotation=rotation)

        monkeypatch.setattr(recognise, "recognise_page", page)
        return asked

    return answer


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        (content(PageMode.COLOUR, issued("很多很多很多很多很多很多字")), True),
        (content(PageMode.DIGITAL, issued("很多很多很多很多很多很多字")), False),
        (content(PageMode.DIGITAL, issued("少")), True),
        (content(PageMode.DIGITAL), True),
    ],
)
def test_pixels_are_read_where_the_text_is_not_known(page: PageContent, wanted: bool) -> None:
    assert wants_ocr(page) is wanted


def test_a_born_digital_page_keeps_its_own_text(seen: Callable[..., list[bool]]) -> None:
    asked = seen(guessed("anything"))
    page = content(PageMode.DIGITAL, issued("价税合计（大写）壹仟壹佰叁拾圆整"))

    found, upright = recognise_content(PageRead(page, lambda: RASTER), Options())

    assert asked == [False]
    assert [line.text for line in found.lines] == ["价税合计（大写）壹仟壹佰叁拾圆整"]
    assert upright is RASTER
    assert found.page.size == (40, 60)


def test_on_a_scan_the_issuers_print_comes_first_and_the_scanners_guess_last(
    seen: Callable[..., list[bool]],
) -> None:
    asked = seen(guessed("ours"))
    page = content(PageMode.COLOUR, guessed("scanner"), issued("issuer"))

    found, _ = recognise_content(PageRead(page, lambda: RASTER), Options())

    assert asked == [True]
    assert [line.text for line in found.lines] == ["issuer", "ours", "scanner"]


def test_places_follow_a_page_that_was_found_turned(seen: Callable[..., list[bool]]) -> None:
    seen(rotation=90)
    seal = ElectronicSeal("pdf_widget", Box(0.0, 0.0, 0.2, 0.1))
    page = content(PageMode.COLOUR, guessed("x"), electronic_seals=(seal,))

    found, _ = recognise_content(PageRead(page, lambda: RASTER), Options())

    assert found.page.rotation == 90
    box = found.electronic_seals[0].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.0, 0.8, 0.1, 1.0))
    assert found.lines[-1].box.height == pytest.approx(BOX.width)


def test_a_page_that_cannot_be_drawn_keeps_its_text_and_says_so() -> None:
    def broken() -> Raster:
        raise UnreadableError(problem("E506", pixels="9 M", limit="1 M"))

    page = content(PageMode.DIGITAL, issued("x"))
    found, upright = recognise_content(PageRead(page, broken), Options())

    assert upright is None
    assert found.lines == page.lines
    assert [(p.code, p.page_index) for p in found.problems] == [("E506", 2)]


def test_sheets_are_not_looked_at(seen: Callable[..., list[bool]]) -> None:
    asked = seen()
    page = content(PageMode.DIGITAL, tables=(Table("表", ()),))

    found, _ = recognise_content(PageRead(page), Options())

    assert asked == []
    assert found is page


@pytest.mark.parametrize("ours", [False, True])
def test_a_drawing_of_our_own_confirms_nothing(
    seen: Callable[..., list[bool]], monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    seen()
    wish = ReadAgain("invoice_number", BOX, Look.CROP)
    told: list[tuple[SecondLook, ...]] = []

    def extract(page: PageContent, looks: tuple[SecondLook, ...] = ()) -> PageResult:
        told.append(looks)
        return PageResult(page.page, DocumentKind.OTHER, 1.0, asks=() if looks else (wish,))

    monkeypatch.setattr("audit.extract.extract_page", extract)
    monkeypatch.setattr(recognise, "read_crop", lambda *_: ("12345678", 0.99))
    page = content(PageMode.DIGITAL, issued("很多很多很多很多很多很多字"))

    output = tasks._read_page(PageRead(page, lambda: RASTER, own_drawing=ours), Options())

    assert output.picture is not None
    assert len(told) == (1 if ours else 2)


def test_one_place_is_read_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[Look] = []

    def crop(_: Raster, box: Box, look: Look) -> tuple[str, float]:
        assert box == BOX
        read.append(look)
        return "x", 0.9

    monkeypatch.setattr(recognise, "read_crop", crop)
    asks = [
        ReadAgain(name, BOX, look)
        for name in ("a", "b")
        for look in (Look.LARGER, Look.SECOND_ENGINE)
    ]

    answers = tasks.look_again(RASTER, asks, replace(Options(), use_tesseract=False))

    assert [a.wish.field_name for a in answers] == ["a", "a", "b", "b"]
    assert read == [Look.LARGER]


def test_a_result_appears_whole_after_its_picture(tmp_path: Path) -> None:
    result = PageResult(Page("a" * 64, 7, PageMode.GREY), DocumentKind.OTHER, 1.0)

    spool_page(tmp_path, PageOutput(result, b"\xff\xd8\xff"))

    assert sorted(p.name for p in tmp_path.iterdir()) == ["7.jpg", "7.json"]
    assert codec.loads(PageResult, (tmp_path / "7.json").read_bytes()) == result


def test_a_survey_tells_members_and_problems_as_json(tmp_path: Path) -> None:
    path = tmp_path / "content"
    path.write_bytes(zipped({"甲.xml": einvoice(), "../x": b"1"}))
    spool = tmp_path / "spool"

    answer = run_survey(SurveyTask(str(path), "a.zip", str(spool), DEFAULT_LIMITS))

    opened = open_survey(answer, DEFAULT_LIMITS)
    assert opened is not None
    _, problems, members = opened
    assert [name for name, _ in members] == ["甲.xml"]
    assert [p.code for p in problems] == ["E601"]
    assert json.loads(answer)["survey"]["format"] == "archive"

"""What runs inside a worker: survey a file, unpack an archive, read at most 8 pages.

A page task is one picklable function: read → recognise → extract → at most one batch of second
looks → reconcile. Results cross to the parent as JSON in a spool folder, page by page, so that
a page that kills its worker takes no other page along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.model import (
    Look,
    Origin,
    PageContent,
    PageMode,
    PageResult,
    Problem,
    ReadAgain,
    SecondLook,
    TextLine,
    codec,
    problem,
)
from audit.pipeline.guard import page_deadline
from audit.readers.pdfspace import turned_box
from audit.settings import Limits, Options

if TYPE_CHECKING:
    from audit.pixels.raster import Raster
    from audit.readers import FileSurvey, PageRead

#: Fewer letters than this on a digital page: the picture is read as well.
FEW_CHARACTERS = 12
#: Digital pages whose words promise a ruled table: there its rulings are looked for.
_TABULAR = re.compile(
    r"明细|清单|台账|一览表|申报表|汇总表|序\s*号|单位性质|项目简介|评估(得分|等级)"
)


@dataclass(frozen=True, slots=True)
class PageTask:
    """Which pages of which content to read; must be picklable. ``name`` for suffix checks only."""

    content: str
    name: str
    survey: bytes
    page_indexes: tuple[int, ...]
    spool: str
    options: Options
    limits: Limits


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """Which content to look into; archives are unpacked into ``spool``."""

    content: str
    name: str
    spool: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class PageOutput:
    """One page as a task leaves it: the result and a JPEG of the upright page, if there is one."""

    result: PageResult
    picture: bytes | None


def run_survey(task: SurveyTask) -> bytes:
    """Return the ``FileSurvey`` as JSON; members of archives are left in the spool folder."""
    from audit.readers import FileFormat, survey, unpack

    found = survey(Path(task.content), task.name, task.limits)
    members: list[list[object]] = []
    problems: tuple[Problem, ...] = ()
    if found.format is FileFormat.ARCHIVE:
        target = Path(task.spool)
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        unpacked, problems = unpack(Path(task.content), target, task.limits)
        members = [[m.name, str(m.path), m.size] for m in unpacked]
    answer = {
        "survey": json.loads(codec.dumps(found)),
        "members": members,
        "problems": codec.encode(problems),
    }
    return json.dumps(answer, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def run_pages(task: PageTask) -> int:
    """Read the task's pages, spooling each as it is done; returns how many."""
    from audit.readers import FileSurvey

    found = codec.loads(FileSurvey, task.survey)
    done = 0
    outputs = read_pages(Path(task.content), found, task.page_indexes, task.options, task.limits)
    with page_deadline(task.limits.page_seconds) as restart:
        for output in outputs:
            spool_page(Path(task.spool), output)
            done += 1
            restart()
    return done


def spool_page(spool: Path, output: PageOutput) -> None:
    """Leave one page for the parent: the picture first, then the result by atomic rename."""
    stem = spool / str(output.result.page.page_index)
    if output.picture is not None:
        stem.with_suffix(".jpg").write_bytes(output.picture)
    part = stem.with_suffix(".part")
    part.write_bytes(codec.dumps(output.result))
    part.replace(stem.with_suffix(".json"))


def read_pages(
    path: Path,
    survey: FileSurvey,
    page_indexes: Sequence[int],
    options: Options,
    limits: Limits,
) -> Iterator[PageOutput]:
    """Yield each page of a file, read, recognised, extracted and reconciled."""
    from audit.readers import open_pages

    for read in open_pages(path, survey, page_indexes, limits):
        yield _read_page(read, options)


def _read_page(read: PageRead, options: Options) -> PageOutput:
    from audit.extract import extract_page

    content, upright = recognise_content(read, options)
    result = extract_page(content)
    if result.asks and upright is not None and not read.own_drawing:
        answers = look_again(upright, result.asks, options)
        result = extract_page(content, answers)
    return PageOutput(result, None if upright is None else _picture(upright))


def recognise_content(read: PageRead, options: Options) -> tuple[PageContent, Raster | None]:
    """Return the page with what its picture adds, and the upright raster (``None``: no picture)."""
    from audit.readers import UnreadableError
    from audit.recognise import recognise_page, ruled_tables

    content = read.content
    try:
        raster = read.raster()
    except UnreadableError as error:
        told = _on_page(error.problem, content.page.page_index)
        return replace(content, problems=(*content.problems, told)), None
    if raster is None:
        return content, None
    drawn_by_us = content.page.mode is PageMode.DIGITAL and bool(content.tables)
    if drawn_by_us:
        return content, raster
    wanted = wants_ocr(content)
    seen = recognise_page(raster, lines_wanted=wanted, options=options, known=content)
    content = _turned(content, seen.rotation)
    lines = _all_lines(content, seen.lines) if wanted else content.lines
    page = replace(
        content.page,
        size=(seen.upright.pixels.shape[1], seen.upright.pixels.shape[0]),
        rotation=(content.page.rotation + seen.rotation) % 360,
        skew=seen.skew,
        quality=seen.quality,
    )
    tables = seen.tables
    if content.page.mode is PageMode.DIGITAL and _TABULAR.search(_text(content)):
        tables = ruled_tables(raster, content.lines)
    found = replace(
        content,
        page=page,
        lines=lines,
        tables=(*content.tables, *tables),
        codes=(*content.codes, *seen.codes),
        impressions=seen.impressions,
        signatures=seen.signatures,
        cues=(*content.cues, *seen.cues),
        problems=(*content.problems, *(_on_page(p, page.page_index) for p in seen.problems)),
    )
    return found, seen.upright


def _turned(content: PageContent, rotation: int) -> PageContent:
    """Return the page's own places after the picture was found turned by ``rotation``."""
    if rotation == 0:
        return content
    back = 360 - rotation
    lines = tuple(
        replace(line, box=turned_box(line.box, back), char_edges=()) for line in content.lines
    )
    seals = tuple(replace(s, box=turned_box(s.box, back)) for s in content.electronic_seals)
    return replace(content, lines=lines, electronic_seals=seals)


def _all_lines(content: PageContent, seen: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Return the issuer's text, then what the pixels say, then a scanner's own guess.

    Of what stands twice on a place the first counts as the reading.
    """
    issued = [line for line in content.lines if line.origin is Origin.TEXT_LAYER]
    guessed = [line for line in content.lines if line.origin is not Origin.TEXT_LAYER]
    return (*issued, *seen, *guessed)


def _text(content: PageContent) -> str:
    return "\n".join(line.text for line in content.lines)


def wants_ocr(content: PageContent) -> bool:
    """Tell whether the page must be read from its pixels: a scan, or almost without text."""
    if content.page.mode is not PageMode.DIGITAL:
        return True
    characters = sum(len(line.text.strip()) for line in content.lines)
    return characters < FEW_CHARACTERS and not content.records


def look_again(
    upright: Raster,
    asks: Sequence[ReadAgain],
    options: Options,
) -> tuple[SecondLook, ...]:
    """Answer all wishes of a page while its raster is in memory."""
    from audit.recognise import read_crop

    answers = []
    known: dict[tuple[object, Look], tuple[str, float]] = {}
    for wish in asks:
        look = wish.look
        if look is Look.SECOND_ENGINE and not options.use_tesseract:
            look = Look.LARGER
        place = (wish.box, look)
        if place not in known:
            known[place] = read_crop(upright, wish.box, look)
        text, confidence = known[place]
        answers.append(SecondLook(wish, text, confidence))
    return tuple(answers)


def _on_page(found: Problem, page_index: int) -> Problem:
    if found.page_index is not None:
        return found
    return problem(found.code, page_index, **dict(found.params))


def _picture(upright: Raster) -> bytes:
    from audit.pixels.raster import to_jpeg

    return upright.jpeg if upright.jpeg is not None else to_jpeg(upright)

"""The collector: cache, retries page by page, archives, and what workers may not make it believe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.model import (
    WHOLE_PAGE,
    DocumentKind,
    Page,
    PageMode,
    PageResult,
    TextLine,
    codec,
    problem,
)
from audit.pipeline.collect import Collector, FilePages
from audit.pipeline.executor import Done, Job, SerialExecutor
from audit.pipeline.spool import is_spooled, open_survey, spooled_page
from audit.pipeline.tasks import PageTask, run_pages, run_survey
from audit.settings import DEFAULT_LIMITS, Limits, Options
from audit.store.workspace import Workspace
from tests.hostile.build import einvoice, pdf, stream, text_content, zipped

PAGES = 5


class Scripted:
    """Runs surveys as they are; pages as a rule says (``None``: as they are)."""

    def __init__(self, rule: Callable[[Job], Done | None]) -> None:
        self.rule = rule
        self.asked: list[tuple[int, ...]] = []

    def run(self, jobs: Iterable[Job], on_done: Callable[[Done], Iterable[Job]]) -> None:
        queue = list(jobs)
        while queue:
            job = queue.pop(0)
            if isinstance(job.argument, PageTask):
                self.asked.append(job.argument.page_indexes)
            done = self.rule(job) or Done(job, job.function(job.argument))
            queue.extend(on_done(done))


def several_pages(count: int = PAGES) -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 5) for n in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            stream(text_content().replace(b"72 700", b"10 200")),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *[page] * count,
        ]
    )


def collect(
    case: Path, out: Path, executor: Any = None, limits: Limits = DEFAULT_LIMITS
) -> dict[str, FilePages]:
    with Workspace(out) as space:
        collector = Collector(
            space, executor or SerialExecutor(), Options(), limits, lambda *_: None
        )
        return {f.intake.file: f for f in collector.read_case(case)}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(several_pages())
    return folder


def codes(file: FilePages) -> list[str]:
    return [p.code for p in file.problems]


def test_pages_are_read_once_and_then_come_from_the_cache(case: Path, tmp_path: Path) -> None:
    first = collect(case, tmp_path / "out")
    again = Scripted(lambda _: None)

    second = collect(case, tmp_path / "out", again)

    assert second == first
    assert again.asked == []


def test_the_cache_knows_content_not_names(case: Path, tmp_path: Path) -> None:
    collect(case, tmp_path / "out")
    (case / "a.pdf").rename(case / "b.pdf")
    again = Scripted(lambda _: None)

    found = collect(case, tmp_path / "out", again)

    assert len(found["b.pdf"].results) == PAGES
    assert again.asked == []


def test_a_page_whose_worker_died_is_tried_alone_and_the_others_go_on(
    case: Path, tmp_path: Path
) -> None:
    def die_at_two(job: Job) -> Done | None:
        if isinstance(job.argument, PageTask) and 2 in job.argument.page_indexes:
            before = tuple(i for i in job.argument.page_indexes if i < 2)
            if before:
                run_pages(replace(job.argument, page_indexes=before))
            return Done(job, failure=problem("E511", signal="SIGABRT"))
        return None

    executor = Scripted(die_at_two)
    found = collect(case, tmp_path / "out", executor)["a.pdf"]

    assert executor.asked == [(0, 1, 2, 3, 4), (2,), (3, 4)]
    assert [r.page.page_index for r in found.results] == [0, 1, 2, 3, 4]
    assert [[p.code for p in r.problems] for r in found.results] == [[], [], ["E511"], [], []]
    assert codes(found) == ["W305"]


def test_a_page_that_hung_is_not_tried_again(case: Path, tmp_path: Path) -> None:
    def hang(job: Job) -> Done | None:
        if isinstance(job.argument, PageTask) and 0 in job.argument.page_indexes:
            return Done(job, failure=problem("E509", seconds=20), hung=True)
        return None

    executor = Scripted(hang)
    found = collect(case, tmp_path / "out", executor)["a.pdf"]

    assert executor.asked == [(0, 1, 2, 3, 4), (1, 2, 3, 4)]
    assert [p.code for p in found.results[0].problems] == ["E509"]


def test_a_failure_is_not_kept_but_tried_again_by_the_next_run(case: Path, tmp_path: Path) -> None:
    collect(case, tmp_path / "out", Scripted(
        lambda job: Done(job, failure=problem("E510")) if isinstance(job.argument, PageTask) else None
    ))  # fmt: skip

    found = collect(case, tmp_path / "out")["a.pdf"]

    assert len(found.results) == PAGES
    assert codes(found) == []


def test_a_file_without_a_readable_page_is_refused_with_the_reason(
    case: Path, tmp_path: Path
) -> None:
    found = collect(case, tmp_path / "out", Scripted(
        lambda job: Done(job, failure=problem("E510")) if isinstance(job.argument, PageTask) else None
    ))["a.pdf"]  # fmt: skip

    assert found.results == ()
    assert codes(found) == ["E510", "E304"]


def test_a_survey_that_failed_is_tried_once_more(case: Path, tmp_path: Path) -> None:
    failures = [problem("E511", signal="SIGKILL")]

    def fail_once(job: Job) -> Done | None:
        if job.function is run_survey and failures:
            return Done(job, failure=failures.pop())
        return None

    assert len(collect(case, tmp_path / "out", Scripted(fail_once))["a.pdf"].results) == PAGES


def test_members_of_archives_are_files_and_copies_are_told(case: Path, tmp_path: Path) -> None:
    inner = zipped({"深/e.xml": einvoice(), "__MACOSX/x": b"1"})
    (case / "b.zip").write_bytes(zipped({"内.zip": inner, "e.xml": einvoice()}))

    found = collect(case, tmp_path / "out")

    assert set(found) == {
        "a.pdf", "b.zip", "b.zip!/e.xml", "b.zip!/内.zip", "b.zip!/内.zip!/深/e.xml",
        "b.zip!/内.zip!/__MACOSX/x",
    }  # fmt: skip
    assert found["b.zip!/内.zip!/深/e.xml"].same_as == "b.zip!/e.xml"
    assert found["b.zip!/内.zip!/__MACOSX/x"].intake.ignored
    assert [r.page.page_index for r in found["b.zip!/e.xml"].results] == [0]


def test_archives_nested_too_deep_are_refused(case: Path, tmp_path: Path) -> None:
    data = zipped({"x.txt": b"x"})
    for number in range(5):
        data = zipped({f"{number}.zip": data})
    (case / "deep.zip").write_bytes(data)

    found = collect(case, tmp_path / "out")

    assert [name.count("!/") for name, f in found.items() if "E505" in codes(f)] == [3]


def test_unpacked_bytes_count_for_the_whole_case(case: Path, tmp_path: Path) -> None:
    for name in ("b.zip", "c.zip"):
        (case / name).write_bytes(zipped({f"{name}.txt": name.encode() * 2000}))
    limits = replace(DEFAULT_LIMITS, case_bytes=15_000)

    found = collect(case, tmp_path / "out", limits=limits)

    assert sorted(c for f in found.values() for c in codes(f)) == ["E502"]


# -- what workers leave is not believed ------------------------------------------------------------


def result(sha256: str, index: int) -> bytes:
    page = Page(sha256, index, PageMode.DIGITAL)
    return codec.dumps(
        PageResult(page, DocumentKind.OTHER, 1.0, lines=(TextLine("x", WHOLE_PAGE),))
    )


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (result("a" * 64, 3), True),
        (result("b" * 64, 3), False),
        (result("a" * 64, 4), False),
        (b"{}", False),
        (b"not json", False),
        (b"[" * 100_000, False),
    ],
    ids=["right", "other content", "other page", "empty", "no JSON", "deep"],
)
def test_only_the_page_that_was_asked_for_is_taken(tmp_path: Path, data: bytes, good: bool) -> None:
    (tmp_path / "3.json").write_bytes(data)
    (tmp_path / "3.jpg").write_bytes(b"<script>")

    found = spooled_page(tmp_path, "a" * 64, 3)

    assert (found is not None) is good
    if found is not None:
        assert found[2] is None  # what is no JPEG is no picture


def test_links_and_places_elsewhere_are_not_taken(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    outside = tmp_path / "outside"
    outside.write_bytes(result("a" * 64, 3))
    (spool / "3.json").symlink_to(outside)

    assert spooled_page(spool, "a" * 64, 3) is None
    assert not is_spooled(spool / "3.json", spool)
    assert not is_spooled(outside, spool)
    assert not is_spooled(spool / ".." / "outside", spool)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        json.dumps({"survey": {"format": "nothing"}, "members": [], "problems": []}).encode(),
        json.dumps(
            {"survey": {"format": "pdf", "pages": 10**9}, "members": [], "problems": []}
        ).encode(),
        json.dumps(
            {"survey": {"format": "pdf", "pages": -1}, "members": [], "problems": []}
        ).encode(),
        json.dumps({"survey": {"format": "pdf"}, "members": [[1]], "problems": []}).encode(),
        None,
    ],
)
def test_a_survey_without_the_shape_of_one_is_refused(answer: object) -> None:
    assert open_survey(answer, DEFAULT_LIMITS) is None

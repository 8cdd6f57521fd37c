"""The outputs as a whole: self-contained, the same each time, safe against hostile names."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from audit.errors import OutputUnusableError
from audit.model import CaseReport, DocumentKind, RoundChange, say
from audit.report import write_outputs
from audit.report.html import render_html
from audit.report.sheets import Cell, Weak
from audit.report.workpaper import height_of
from tests.report import sample
from tests.report.pictures import DrawnPages

EVIL = '=cmd|"/c calc"!A1<script>alert(1)</script><img src=x onerror=alert(1)>'


def _html(report: CaseReport, lang: str = "zh") -> str:
    return render_html(report, sample.policy(), DrawnPages(report.facts), lang)


@pytest.fixture(scope="module")
def page() -> str:
    return _html(sample.report())


@pytest.fixture(scope="module")
def hostile() -> CaseReport:
    report = sample.report()
    facts = report.facts
    files = tuple(replace(f, file=EVIL + f.file) for f in facts.files)
    who = replace(facts.applicant, name=EVIL, project_name=EVIL)
    findings = tuple(replace(f, message=say(EVIL), found=EVIL) for f in report.findings)
    return replace(report, facts=replace(facts, files=files, applicant=who), findings=findings)


def test_all_outputs_are_written(tmp_path: Path) -> None:
    report = sample.report()
    write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
    assert {p.name for p in tmp_path.iterdir()} >= {"case.json", "report.html", "workpaper.xlsx"}


def test_the_same_facts_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        report = sample.report()
        (tmp_path / name).mkdir()
        write_outputs(report, sample.policy(), tmp_path / name, DrawnPages(report.facts), "zh")
    for made in (p for p in (tmp_path / "a").iterdir() if not p.name.startswith(".")):
        assert made.read_bytes() == (tmp_path / "b" / made.name).read_bytes(), made.name


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    report = sample.report()
    with pytest.raises(OutputUnusableError):
        write_outputs(report, sample.policy(), tmp_path / "none", DrawnPages(report.facts), "zh")


def test_only_hashed_style_and_script(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]


def test_nothing_is_fetched_and_no_style_attribute(page: str) -> None:
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?!#|data:image/jpeg;base64,)', page)


def test_data_cannot_become_markup(hostile: CaseReport) -> None:
    page = _html(hostile)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_no_cell_can_start_a_formula(hostile: CaseReport, tmp_path: Path) -> None:
    write_outputs(hostile, sample.policy(), tmp_path, DrawnPages(hostile.facts), "zh")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "workpaper.xlsx").read_bytes()))
    cells = [c for sheet in book for line in sheet.iter_rows() for c in line if c.value is not None]
    assert any(str(c.value).startswith("=cmd") for c in cells)
    formulas = [str(c.value) for c in cells if c.data_type == "f"]
    assert all(re.fullmatch(r"=SUBTOTAL\(9,[A-Z]+\d+:[A-Z]+\d+\)", f) for f in formulas)
    assert all(c.hyperlink is None or "cmd" not in str(c.hyperlink.target) for c in cells)


def test_amounts_of_the_working_paper_are_numbers_and_add_up(tmp_path: Path) -> None:
    report = sample.report()
    write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
    book = openpyxl.load_workbook(tmp_path / "workpaper.xlsx", data_only=True)
    page = next(s for s in book if s["A2"].value and "TZ-3" in s["A2"].value)
    heads = [c.value for c in page[4]]
    invoices = report.facts.of_kind(DocumentKind.VAT_INVOICE)
    for title, name in (("金额（不含税）", "amount_without_tax"), ("价税合计", "total_with_tax")):
        cells = [c.value for c in page[get_column_letter(heads.index(title) + 1)][4:]]
        read = [amount for d in invoices if (amount := d.get(name).amount) is not None]
        assert len(read) > 1
        assert [c for c in cells[:-1] if c != ""] == [float(a) for a in read]
        assert cells[-1] == pytest.approx(float(sum(read)))


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (("短", Decimal(1), None), 1),
        (("字" * 20, "", ""), 3),
        (("", "", "a\nb\nc"), 3),
        (("", Weak("x" * 40), ""), 2),
        (("字" * 20_000, "", ""), 409 / 15),
    ],
)
def test_a_row_is_high_enough_for_its_text(values: tuple[Cell, ...], lines: float) -> None:
    assert height_of(values, (17, 30, 12)) == pytest.approx(lines * 15)


def test_a_case_without_ledger_shows_no_noughts() -> None:
    report = sample.report()
    bare = replace(report, facts=replace(report.facts, rows=()), links=(), conclusions=())
    assert "于门槛" in _html(replace(bare, facts=report.facts))
    page = _html(bare)
    assert page.count("未读到投资明细表，无法计算") == 2
    assert "于门槛" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_is_there(lang: str) -> None:
    page = _html(sample.report(), lang)
    assert not re.search(r">\s*report\.[a-z_.]+", page)
    if lang == "en":
        assert "Conclusions" in page


def test_empty_case_makes_a_report() -> None:
    report = sample.report()
    bare = replace(
        report,
        facts=replace(report.facts, files=(), pages=(), documents=(), seals=(), rows=()),
        links=(), findings=(), outcomes=(), groups=(), conclusions=(), checklist=(), rules=(),
        declared_total=None,
    )  # fmt: skip
    assert "</html>" in _html(bare)


def test_nothing_changed_nothing_is_rendered(tmp_path: Path) -> None:
    report = sample.report()
    crop = DrawnPages(report.facts)
    write_outputs(report, sample.policy(), tmp_path, crop, "zh")
    calls, before = crop.calls, {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    later = replace(
        report, run=replace(report.run, started="2025-01-01T00:00:00+00:00", seconds=1.0)
    )
    write_outputs(later, sample.policy(), tmp_path, crop, "zh")
    assert crop.calls == calls
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("gone", ["report.html", "opinion.docx"])
def test_a_file_that_is_gone_comes_back(tmp_path: Path, gone: str) -> None:
    report = sample.report()
    for _ in range(2):
        write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
        assert (tmp_path / gone).is_file()
        (tmp_path / gone).unlink()


def test_a_decision_or_language_writes_anew(tmp_path: Path) -> None:
    report = sample.report()
    write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
    first = (tmp_path / "report.html").read_bytes()
    write_outputs(
        replace(report, decisions=()), sample.policy(), tmp_path, DrawnPages(report.facts), "zh"
    )
    second = (tmp_path / "case.json").read_bytes()
    write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "en")
    assert (tmp_path / "report.html").read_bytes() != first
    assert (tmp_path / "case.json").read_bytes() != second


def test_what_a_person_filled_in_is_never_overwritten(tmp_path: Path) -> None:
    report = sample.report()
    write_outputs(report, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
    for name in ("opinion.docx", "workpaper.xlsx"):
        (tmp_path / name).write_bytes(b"signed by hand")
    changed = replace(report, groups=report.groups[:2])
    write_outputs(changed, sample.policy(), tmp_path, DrawnPages(report.facts), "zh")
    for name, new in (
        ("opinion.docx", "opinion.new.docx"),
        ("workpaper.xlsx", "workpaper.new.xlsx"),
    ):
        assert (tmp_path / name).read_bytes() == b"signed by hand"
        assert (tmp_path / new).stat().st_size > 1000
    assert not (tmp_path / "request.new.docx").exists()


def test_changes_since_the_last_round_stand_on_the_page() -> None:
    changes = (
        RoundChange("silent", say("第 3 行金额由 1 改为 2"), "D3", "D3"),
        RoundChange("mended", say("付款凭证已补"), "Q2", ""),
    )
    page = _html(replace(sample.report(), changes=changes))
    assert page.index("未经要求的变动") < page.index("已改正")
    assert "第 3 行金额由 1 改为 2" in page
    assert "与上一轮相比" not in _html(sample.report())

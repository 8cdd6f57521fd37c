"""The Word drafts: filled from templates, replaceable, never concluding by themselves."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from audit import i18n
from audit.errors import InputUnusableError
from audit.model import say
from audit.report.draft_templates import build_template
from audit.report.draft_values import render_drafts
from audit.report.drafts import NAMES, fill
from tests import factory
from tests.report import sample


def _text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    parts = [p.text for p in document.paragraphs]
    parts += [c.text for t in document.tables for r in t.rows for c in r.cells]
    parts += [
        p.text for s in document.sections for part in (s.header, s.footer) for p in part.paragraphs
    ]
    return "\n".join(parts)


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def drafts(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return render_drafts(sample.report(), sample.policy(), request.param)


@pytest.mark.parametrize("name", NAMES)
def test_no_hole_stays_open(drafts: dict[str, bytes], name: str) -> None:
    text = _text(drafts[f"{name}.docx"])
    assert "{{" not in text
    assert "tpl." not in text
    assert "report." not in text
    assert factory.APPLICANT in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_packaged_templates_are_what_the_builder_builds(name: str, lang: str) -> None:
    from importlib import resources

    packaged = (resources.files("audit.report") / "templates" / lang / f"{name}.docx").read_bytes()
    assert _text(packaged) == _text(build_template(name, lang))


def test_opinion_concludes_nothing_by_itself() -> None:
    text = _text(render_drafts(sample.report(), sample.policy(), "zh")["opinion.docx"])
    assert "□ 申报材料与现场情况相符" in text
    assert not any(ticked in text for ticked in "☑■√✓✔")
    assert "草稿" in text
    assert "造假" not in text
    assert text.count("负责人") == 1


def test_request_asks_once_a_group_and_for_missing_and_unreadable() -> None:
    text = _text(render_drafts(sample.report(), sample.policy(), "zh")["request.docx"])
    assert text.count("补充第 5 行发票的付款凭证") == 1
    assert "未见：信息安全投入证明" in text
    assert "06其他/加密合同.pdf" in text
    assert "发票号码相近" not in text


def test_onsite_lists_every_item_row() -> None:
    document = docx.Document(
        io.BytesIO(render_drafts(sample.report(12), sample.policy(), "zh")["onsite.docx"])
    )
    rows = {r.cells[0].text for t in document.tables for r in t.rows}
    assert {str(n) for n in range(1, 13)} <= rows


def test_an_empty_list_says_so() -> None:
    bare = replace(sample.report(), groups=(), checklist=(), findings=())
    bare = replace(bare, facts=replace(bare.facts, files=()))
    document = docx.Document(io.BytesIO(render_drafts(bare, sample.policy(), "zh")["request.docx"]))
    assert document.tables[0].rows[1].cells[0].text == "无"


def test_control_characters_and_markup_of_data_are_text_only() -> None:
    report = sample.report()
    evil = "\x00\x0b<w:fldSimple w:instr='DDE'/>{{log_head}}"
    findings = tuple(replace(f, request=say("x"), message=say(evil)) for f in report.findings)
    facts = replace(report.facts, applicant=replace(report.facts.applicant, name=evil))
    made = render_drafts(replace(report, findings=findings, facts=facts), sample.policy(), "zh")
    document: Any = docx.Document(io.BytesIO(made["opinion.docx"]))
    assert "fldSimple" in _text(made["opinion.docx"])
    assert "<w:fldSimple" not in document.element.xml


def test_the_offices_template_wins_and_ours_fills_the_gap(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("某某区经信委").add_run(" {{applicant}} {{no_such_name}}")
    own.save(str(tmp_path / "opinion.docx"))
    made = render_drafts(sample.report(), sample.policy(), "zh", tmp_path)
    assert _text(made["opinion.docx"]).startswith(
        f"某某区经信委 {factory.APPLICANT} {{{{no_such_name}}}}"
    )
    assert "现场核查表" in _text(made["onsite.docx"])


def test_a_template_that_is_no_word_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "opinion.docx").write_bytes(b"no zip")
    with pytest.raises(InputUnusableError, match="opinion"):
        fill("opinion", {}, {}, tmp_path, "zh")


@pytest.mark.office
def test_libreoffice_opens_every_draft(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    for name, data in render_drafts(sample.report(), sample.policy(), "zh").items():
        (tmp_path / name).write_bytes(data)
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    names = [f"{n}.docx" for n in NAMES]
    subprocess.run([*command, *names], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert all((tmp_path / f"{n}.pdf").stat().st_size > 10_000 for n in NAMES)

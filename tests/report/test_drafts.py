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
from audit.model import ChecklistItem, Severity, say
from audit.report.draft_templates import build_template
from audit.report.draft_values import render_drafts
from audit.report.drafts import NAMES, fill
from audit.report.onsite import onsite_items
from audit.report.parts import Words
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


def test_a_missing_paper_that_a_group_asks_for_is_asked_for_once() -> None:
    report = sample.report()
    one = replace(
        report.findings[0], id="Q99", rule="N19", clause="四(一)5", severity=Severity.C, evidence=()
    )
    group = replace(
        report.groups[0], id="G9", key="g9", severity=Severity.C, finding_ids=("Q99",),
        request=say("请提供信息安全防护投入证明材料"), decision=None,
    )  # fmt: skip
    policy = sample.policy()
    number = policy.clause("四(一)5").number
    missing = (
        ChecklistItem("信息安全投入证明", number, "missing", (), say("conclude.check.missing")),
        ChecklistItem("营业执照", "四(三)1", "missing", (), say("conclude.check.missing")),
    )
    asked = replace(
        report, findings=(*report.findings, one), groups=(*report.groups, group), checklist=missing
    )
    text = _text(render_drafts(asked, policy, "zh")["request.docx"])
    assert text.count("请提供信息安全防护投入证明材料") == 1
    assert "未见：信息安全投入证明" not in text
    assert "请提交营业执照" in text
    assert "材料中未见" not in text


def test_onsite_lists_every_item_row() -> None:
    document = docx.Document(
        io.BytesIO(render_drafts(sample.report(12), sample.policy(), "zh")["onsite.docx"])
    )
    rows = {r.cells[0].text for t in document.tables for r in t.rows}
    assert {str(n) for n in range(1, 13)} <= rows


@pytest.mark.parametrize(
    ("category", "name", "kind"),
    [
        ("设备购置及安装费", "机器视觉检测系统", "equipment"),
        ("设备及软件", "仓储管理软件", "software"),
        ("软件购置费", "数据库管理系统", "software"),
        ("网络建设费或服务费", "工业以太网交换机", "equipment"),
        ("网络建设费或服务费", "互联网专线接入服务", "service"),
        ("云服务费", "云服务器租用服务", "software"),
        ("技术服务费", "产线改造咨询", "service"),
    ],
)
def test_the_category_tells_what_to_look_at_on_site(category: str, name: str, kind: str) -> None:
    report = sample.report()
    cells = {"category": factory.reading(category), "name": factory.reading(name)}
    row = replace(report.facts.rows[0], cells=cells)
    changed = replace(report, facts=replace(report.facts, rows=(row,)))
    assert [i.kind for i in onsite_items(changed, Words("zh"))] == [kind]


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

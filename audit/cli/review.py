"""``audit review``, ``audit onsite``, ``audit drafts``: what people do with a finished run."""

from __future__ import annotations

import shutil
import sys
from importlib import resources
from pathlib import Path

from audit.atomic import write_atomic
from audit.errors import InputUnusableError
from audit.i18n import told


def review(out: Path, port: int, lang: str, *, browser: bool) -> None:
    """Serve the review page until Ctrl-C."""
    from audit.web import serve_review

    def tell(address: str) -> None:
        sys.stdout.write(told("cli.review.open", address=address) + "\n")
        sys.stdout.flush()

    serve_review(out, port, lang, open_browser=browser, tell=tell)


def make_pack(out: Path, target: Path | None, lang: str) -> tuple[Path, Path]:
    """Write the on-site page and the paper form; returns both places."""
    from audit.pipeline.decisions import open_session
    from audit.pipeline.pictures import PictureStore
    from audit.policy import load_policy
    from audit.report import TEMPLATES
    from audit.report.draft_values import render_drafts
    from audit.report.onsite_page import render_onsite

    report = open_session(out).report()
    folder = target or out
    folder.mkdir(parents=True, exist_ok=True)
    pictures = PictureStore(out / "pages", report.facts.pages)
    page, form = folder / "onsite.html", folder / "onsite.docx"
    write_atomic(page, render_onsite(report, pictures.crop, lang).encode("utf-8", "replace"))
    policy = load_policy(report.run.policy)
    write_atomic(form, render_drafts(report, policy, lang, out / TEMPLATES)["onsite.docx"])
    return page, form


def merge_pack(out: Path, answers: Path) -> str:
    """Bring answers back and write the report anew; returns what happened, in a sentence."""
    from audit.pipeline.decisions import open_session
    from audit.web.answers import merge_answers

    session = open_session(out)
    merged = merge_answers(session, answers)
    session.export()
    names = ("notes", "closed", "known", "unknown")
    said = told("cli.onsite.merged", **{n: getattr(merged, n) for n in names})
    return f"{said}\n{told('cli.updated', file=out / 'report.html')}"


def make_drafts(out: Path, templates: Path | None, lang: str) -> list[Path]:
    """Write the three Word drafts anew, with the office's templates from now on if given."""
    from audit.pipeline.decisions import open_session
    from audit.policy import load_policy
    from audit.report import TEMPLATES
    from audit.report.draft_values import render_drafts
    from audit.report.drafts import NAMES
    from audit.report.written import Written

    report = open_session(out).report()
    policy = load_policy(report.run.policy)
    if templates is not None and not any((templates / f"{n}.docx").is_file() for n in NAMES):
        raise InputUnusableError(told("cli.drafts.none", folder=templates))
    made = render_drafts(report, policy, lang, templates or out / TEMPLATES)
    if templates is not None and templates.resolve() != (out / TEMPLATES).resolve():
        (out / TEMPLATES).mkdir(exist_ok=True, mode=0o700)
        for name in NAMES:
            if (templates / f"{name}.docx").is_file():
                shutil.copyfile(templates / f"{name}.docx", out / TEMPLATES / f"{name}.docx")
    written = Written.read(out)
    for name, data in made.items():
        written.place(name, data)
    return [out / name for name in made]


def copy_templates(target: Path, lang: str) -> None:
    """Copy the packaged templates into a folder, for an office to change; overwrites nothing."""
    from audit.report.drafts import NAMES

    target.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        place = target / f"{name}.docx"
        if place.exists():
            raise InputUnusableError(told("cli.drafts.exists", file=place))
        packed = resources.files("audit.report") / "templates" / lang / f"{name}.docx"
        write_atomic(place, packed.read_bytes())

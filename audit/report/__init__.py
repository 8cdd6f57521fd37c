"""What people and machines read: html, xlsx, docx, json.

``write_outputs`` is the one entry; every file appears whole or not at all.
"""

from __future__ import annotations

from pathlib import Path

from audit.model import CaseReport
from audit.policy.schema import Policy
from audit.report.parts import Crop

__all__ = ["Crop", "write_outputs"]

#: Where in the output folder an office's own Word templates lie, if it has any.
TEMPLATES = "templates"


def write_outputs(
    report: CaseReport,
    policy: Policy,
    out: Path,
    crop: Crop,
    lang: str = "zh",
    templates: Path | None = None,
) -> None:
    """Write ``case.json``, ``report.html``, ``workpaper.xlsx`` and the drafts, each atomically.

    ``templates``: a folder with the office's own ``opinion.docx``, ``onsite.docx``,
    ``request.docx`` (by default ``templates/`` in ``out``); what it lacks comes from us.
    Raises ``OutputUnusableError`` if a file cannot be written.
    """
    from audit.atomic import write_atomic
    from audit.report.case_json import render_case_json
    from audit.report.draft_values import render_drafts
    from audit.report.html import render_html
    from audit.report.workpaper import render_workpaper

    write_atomic(out / "case.json", render_case_json(report, lang))
    write_atomic(
        out / "report.html", render_html(report, policy, crop, lang).encode("utf-8", "replace")
    )
    write_atomic(out / "workpaper.xlsx", render_workpaper(report, crop, lang))
    for name, data in render_drafts(report, policy, lang, templates or out / TEMPLATES).items():
        write_atomic(out / name, data)

"""What people and machines read: html, xlsx, docx, json.

``write_outputs`` is the one entry; every file appears whole or not at all.
"""

from __future__ import annotations

from pathlib import Path

from audit.model import CaseReport
from audit.policy.schema import Policy
from audit.report.parts import Crop

__all__ = ["TEMPLATES", "Crop", "write_outputs"]

#: Where in the output folder an office's own Word templates lie, if it has any.
TEMPLATES = "templates"
_NAMES = (
    "case.json", "report.html", "workpaper.xlsx", "opinion.docx", "onsite.docx", "request.docx",
)  # fmt: skip


def write_outputs(
    report: CaseReport,
    policy: Policy,
    out: Path,
    crop: Crop,
    lang: str = "zh",
    templates: Path | None = None,
) -> None:
    """Write ``case.json``, ``report.html``, ``workpaper.xlsx`` and the drafts, each atomically.

    Where nothing has changed since they were written, nothing is written. Workpaper and drafts
    that a person has filled in stay as they are; the new ones come as ``<name>.new.<type>``.
    ``templates``: a folder with the office's own ``opinion.docx``, ``onsite.docx``,
    ``request.docx`` (by default ``templates/`` in ``out``); what it lacks comes from us.
    Raises ``OutputUnusableError`` if a file cannot be written.
    """
    from audit.atomic import write_atomic
    from audit.report.case_json import case_json, case_json_bytes
    from audit.report.draft_values import render_drafts
    from audit.report.html import render_html
    from audit.report.workpaper import render_workpaper
    from audit.report.written import Written, inputs_digest

    folder = templates or out / TEMPLATES
    content = case_json(report, lang)
    inputs = inputs_digest(content, policy, lang, folder)
    written = Written.read(out)
    if written.current(inputs, _NAMES):
        return
    write_atomic(out / "case.json", case_json_bytes(content))
    write_atomic(
        out / "report.html", render_html(report, policy, crop, lang).encode("utf-8", "replace")
    )
    written.place("workpaper.xlsx", render_workpaper(report, crop, lang))
    for name, data in render_drafts(report, policy, lang, folder).items():
        written.place(name, data)
    written.finish(inputs)

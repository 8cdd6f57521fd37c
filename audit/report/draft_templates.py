"""Builds the packaged Word templates: ``python -m audit.report.draft_templates``.

The result lies in ``templates/<lang>/*.docx``; an office copies one, changes it in Word and
gives its folder as ``--templates``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit import i18n
from audit.report.drafts import NAMES, _steady

SERIF, TITLE_FONT = "仿宋", "宋体"
#: Body and table sizes in points.
BODY, TABLE, SMALL = 13, 10.5, 9


class _Maker:
    """Writes one template in one language."""

    def __init__(self, name: str, lang: str, *, landscape: bool = False) -> None:
        """Start an A4 page with a header that says it is a draft."""
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm, Pt

        self._name, self._lang = name, lang
        self.document = docx.Document()
        section = self.document.sections[0]
        width, height = (297, 210) if landscape else (210, 297)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = Mm(15 if landscape else 24)
        section.top_margin = section.bottom_margin = Mm(18 if landscape else 22)
        section.header_distance = section.footer_distance = Mm(9)
        self.wide = width - (30 if landscape else 48)
        style = self.document.styles["Normal"]
        style.font.size = Pt(BODY)
        _font(style, SERIF)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.25
        self._small(section.header.paragraphs[0], self.t("draft"), "right")
        self._small(section.footer.paragraphs[0], self.t("foot"), "left")

    def t(self, key: str) -> str:
        """Return the text ``tpl.<name>.<key>``, or the one all templates share."""
        texts = i18n.catalogue(self._lang)
        return texts.get(f"tpl.{self._name}.{key}") or texts[f"tpl.{key}"]

    def title(self) -> None:
        """Write the title."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(8)
        run = paragraph.add_run(self.t("title"))
        run.bold, run.font.size = True, Pt(20)
        _font(run, TITLE_FONT)

    def line(self, key: str, *, bold: bool = False, indent: bool = False) -> None:
        """Write a paragraph; ``bold`` for the head of a part, kept with what follows."""
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(self.t(key))
        run.bold = bold
        if bold:
            paragraph.paragraph_format.space_before = Pt(8)
            paragraph.paragraph_format.keep_with_next = True
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)

    def table(self, heads: Sequence[str], holes: Sequence[str], widths: Sequence[float]) -> None:
        """Write a table: a head that repeats on each page, and one row to be repeated."""
        table = self._grid(2, widths)
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            self._cell(cell, self.t(head), bold=True)
            _shade(cell)
        _repeat_head(table.rows[0])
        for cell, hole in zip(table.rows[1].cells, holes, strict=True):
            self._cell(cell, hole)
        _keep_together(table.rows[1])

    def pairs(self, rows: Sequence[tuple[str, str]], widths: Sequence[float]) -> None:
        """Write a table of labels and values, as many pairs a line as widths allow."""
        across = len(widths) // 2
        table = self._grid(-(-len(rows) // across), widths)
        for n, (label, value) in enumerate(rows):
            cells = table.rows[n // across].cells
            self._cell(cells[2 * (n % across)], self.t(label), bold=True)
            _shade(cells[2 * (n % across)])
            self._cell(cells[2 * (n % across) + 1], value)

    def box(self, key: str, height: float) -> None:
        """Write a bordered box of at least ``height`` millimetres."""
        from docx.shared import Mm

        table = self._grid(1, (1.0,))
        table.rows[0].height = Mm(height)
        self._cell(table.rows[0].cells[0], self.t(key))
        _keep_together(table.rows[0])

    def signatures(self, keys: Sequence[str], height: float = 20) -> None:
        """Write a row of places to sign."""
        from docx.shared import Mm

        table = self._grid(1, [1 / len(keys)] * len(keys))
        table.rows[0].height = Mm(height)
        for cell, key in zip(table.rows[0].cells, keys, strict=True):
            self._cell(cell, self.t(key))
        _keep_together(table.rows[0])

    def bytes(self) -> bytes:
        """Return the finished template."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        return _steady(buffer.getvalue())

    def _grid(self, rows: int, widths: Sequence[float]) -> Any:  # noqa: ANN401 - python-docx is untyped
        from docx.shared import Mm, Pt

        table = self.document.add_table(rows=rows, cols=len(widths))
        table.style = "Table Grid"
        table.autofit = False
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(self.wide * share)
        for row in table.rows:
            for cell, share in zip(row.cells, widths, strict=True):
                cell.width = Mm(self.wide * share)
        after = self.document.add_paragraph()
        after.paragraph_format.space_after = Pt(0)
        after.paragraph_format.line_spacing = 0.6
        return table

    def _cell(self, cell: Any, text: str, *, bold: bool = False) -> None:  # noqa: ANN401
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.line_spacing = 1.1
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(TABLE)

    def _small(self, paragraph: Any, text: str, side: str) -> None:  # noqa: ANN401
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        paragraph.alignment = (
            WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        )
        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb = Pt(SMALL), RGBColor(0x5B, 0x65, 0x73)


def _font(holder: Any, name: str) -> None:  # noqa: ANN401
    """Set the font for Latin and Chinese characters alike."""
    from docx.oxml.ns import qn

    holder.font.name = name
    holder.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _shade(cell: Any) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "EEF1F5")):
        shade.set(qn(key), value)
    cell._element.get_or_add_tcPr().append(shade)  # noqa: SLF001 - no public way to these properties


def _repeat_head(row: Any) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement

    row._element.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no public way to these properties


def _keep_together(row: Any) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement

    row._element.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no public way to these properties


def _holes(name: str, *keys: str) -> list[str]:
    return [f"{{{{{name}.{key}}}}}" for key in keys]


def _opinion(lang: str) -> _Maker:
    made = _Maker("opinion", lang)
    made.title()
    made.line("number")
    made.pairs(
        [
            ("applicant", "{{applicant}}"), ("taxpayer_id", "{{taxpayer_id}}"),
            ("project", "{{project}}"), ("period", "{{period}}"),
        ],
        (0.13, 0.34, 0.19, 0.34),
    )  # fmt: skip
    for key in ("basis", "method"):
        made.line(f"{key}_head", bold=True)
        made.line(f"{key}_text", indent=True)
    made.line("clauses_head", bold=True)
    made.table(
        ("clause", "item", "shown", "span", "auditor"),
        (*_holes("clause", "number", "title"), "{{clause.verdict}}\n{{clause.notes}}", "{{clause.span}}", ""),
        (0.10, 0.26, 0.30, 0.16, 0.18),
    )  # fmt: skip
    made.line("others_text", indent=True)
    made.line("money_head", bold=True)
    made.pairs(
        [
            ("declared", "{{declared_incl}}\n（{{declared_excl}}）"),
            ("supported", "{{supported_incl}}\n（{{supported_excl}}）"),
            ("deducted", "{{deducted_incl}}\n（{{deducted_excl}}）"),
            ("pending", "{{pending_incl}}\n（{{pending_excl}}）"),
            ("share", "{{share_incl}}\n（{{share_excl}}）"),
            ("approved", ""),
        ],
        (0.16, 0.34, 0.16, 0.34),
    )  # fmt: skip
    made.line("issues_head", bold=True)
    made.table(
        ("id", "severity", "issue", "amount", "bring", "handling"),
        _holes("issue", "id", "severity", "title", "amount", "request", "handling"),
        (0.08, 0.08, 0.27, 0.18, 0.24, 0.15),
    )
    made.line("opinion_head", bold=True)
    made.box("opinion_box", 52)
    made.signatures(("handler", "reviewer", "head"))
    made.box("seal_box", 40)
    _annexes(made)
    return made


def _annexes(made: _Maker) -> None:
    """Write what goes behind the opinion: 核减明细, 未执行的检查."""
    made.line("annex_steps", bold=True)
    made.table(
        ("row", "label", "nature", "incl", "excl", "finding"),
        _holes("step", "row", "label", "nature", "incl", "excl", "finding"),
        (0.07, 0.32, 0.11, 0.20, 0.20, 0.10),
    )
    made.line("annex_undone", bold=True)
    made.table(
        ("rule", "item", "why"), _holes("undone", "rule", "title", "why"), (0.12, 0.36, 0.52)
    )


def _onsite(lang: str) -> _Maker:
    made = _Maker("onsite", lang, landscape=True)
    made.title()
    made.pairs(
        [
            ("applicant", "{{applicant}}"), ("project", "{{project}}"), ("visit_date", ""),
            ("visit_place", ""), ("inspectors", ""), ("company_people", ""),
        ],
        (0.10, 0.24, 0.10, 0.22, 0.11, 0.23),
    )  # fmt: skip
    made.line("questions_head", bold=True)
    made.table(
        ("id", "issue", "to_see", "seen"),
        (*_holes("question", "id", "title", "see"), ""),
        (0.06, 0.34, 0.30, 0.30),
    )
    shares = (0.04, 0.15, 0.14, 0.06, 0.15, 0.10, 0.09, 0.09, 0.09, 0.09)
    for name, key in (("thing", "things"), ("soft", "software")):
        made.line(f"{key}_head", bold=True)
        made.table(
            ("row", f"{key}_name", "invoice", "quantity", "look", "place_kept", f"{key}_mark",
             f"{key}_state", "originals", "photos_differ"),
            (
                *_holes(name, "row", "name", "invoice", "quantity", "look"), "", "",
                made.t(f"{key}_boxes"), made.t("original_boxes"), "",
            ),
            shares,
        )  # fmt: skip
    made.line("rule_text")
    made.box("summary_box", 26)
    made.signatures(("inspector_sign", "inspector_sign_two", "company_sign"), 22)
    return made


def _request(lang: str) -> _Maker:
    made = _Maker("request", lang)
    made.title()
    made.line("number")
    made.line("to")
    made.line("intro", indent=True)
    made.table(
        ("no", "matter", "bring", "where", "amount"),
        _holes("line", "no", "what", "bring", "where", "amount"),
        (0.06, 0.23, 0.31, 0.22, 0.18),
    )
    for key in ("deadline", "rights", "contact"):
        made.line(key, indent=True)
    made.box("seal_box", 38)
    made.line("receipt")
    return made


def build_template(name: str, lang: str) -> bytes:
    """Return the packaged template ``name`` (opinion, onsite, request) as DOCX bytes."""
    return {"opinion": _opinion, "onsite": _onsite, "request": _request}[name](lang).bytes()


def main() -> None:
    """Write every packaged template."""
    for lang in i18n.LANGUAGES:
        folder = Path(__file__).parent / "templates" / lang
        folder.mkdir(exist_ok=True)
        for name in NAMES:
            (folder / f"{name}.docx").write_bytes(build_template(name, lang))


if __name__ == "__main__":
    main()

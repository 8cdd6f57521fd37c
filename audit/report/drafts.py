"""DOCX drafts: 真实性审核意见, 现场核查表, 补正通知, filled into templates an office can replace.

A template is an ordinary Word file. ``{{name}}`` is replaced by a value; a table row that holds
``{{list.name}}`` is repeated for each entry of the list (one row with 无 where it is empty).
Only text goes in: no fields, no links.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from audit.errors import InputUnusableError
from audit.i18n import told

Values = Mapping[str, str]
Lists = Mapping[str, Sequence[Values]]
NAMES = ("opinion", "onsite", "request")
_HOLE = re.compile(r"\{\{\s*([a-z_]+)(?:\.([a-z_]+))?\s*\}\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FIXED = datetime(2024, 1, 1)  # noqa: DTZ001 - a document property has no zone here
_ZIP_DATE = (2024, 1, 1, 0, 0, 0)


def fill(name: str, values: Values, lists: Lists, templates: Path | None, lang: str) -> bytes:
    """Return the draft ``name`` as DOCX bytes; the same facts make the same bytes.

    ``templates``: a folder with the office's own ``<name>.docx``; what it lacks comes from us.
    Raises ``InputUnusableError`` if the office's template is no Word file.
    """
    import docx

    document = _open(docx, name, templates, lang)
    for table in _tables(document):
        _repeat(table, lists)
    for paragraph in _paragraphs(document):
        _replace(paragraph, values)
    properties = document.core_properties
    properties.created = properties.modified = _FIXED
    properties.author = properties.last_modified_by = "核证"
    buffer = io.BytesIO()
    document.save(buffer)
    return _steady(buffer.getvalue())


def _open(docx: Any, name: str, templates: Path | None, lang: str) -> Any:  # noqa: ANN401 - python-docx is untyped
    own = None if templates is None else templates / f"{name}.docx"
    if own is not None and own.is_file():
        try:
            return docx.Document(str(own))
        except Exception as error:
            raise InputUnusableError(told("stop.template", file=own)) from error
    place = resources.files("audit.report") / "templates" / lang / f"{name}.docx"
    return docx.Document(io.BytesIO(place.read_bytes()))


def _tables(holder: Any) -> Iterator[Any]:  # noqa: ANN401
    for table in holder.tables:
        yield table
        for row in table.rows:
            for cell in row.cells:
                yield from _tables(cell)


def _paragraphs(document: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from document.paragraphs
    for table in _tables(document):
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
    for section in document.sections:
        for part in (section.header, section.footer):
            yield from part.paragraphs


def _repeat(table: Any, lists: Lists) -> None:  # noqa: ANN401
    """Repeat each row that names a list once for each of its entries."""
    from docx.table import _Row

    for row in list(table.rows):
        names = [m[1] for m in _HOLE.finditer(_text_of(row)) if m[2]]
        if not names:
            continue
        element = row._element  # noqa: SLF001 - no public way to copy a row
        entries = lists.get(names[0]) or [_none_of(row)]
        for entry in entries:
            twin = deepcopy(element)
            element.addprevious(twin)
            for cell in _Row(twin, table).cells:
                for paragraph in cell.paragraphs:
                    _replace(paragraph, {f"{names[0]}.{k}": v for k, v in entry.items()})
        element.getparent().remove(element)


def _text_of(row: Any) -> str:  # noqa: ANN401
    return "\n".join(p.text for cell in row.cells for p in cell.paragraphs)


def _none_of(row: Any) -> Values:  # noqa: ANN401
    holes = [m[2] for m in _HOLE.finditer(_text_of(row)) if m[2]]
    return {name: "无" if n == 0 else "" for n, name in enumerate(dict.fromkeys(holes))}


def _replace(paragraph: Any, values: Values) -> None:  # noqa: ANN401
    """Replace the holes of one paragraph; the text keeps the look of the run it starts in."""
    runs = paragraph.runs
    whole = "".join(r.text for r in runs)
    if "{{" not in whole:
        return
    filled = _HOLE.sub(lambda m: _value(m, values), whole)
    if filled == whole:
        return
    first = next(r for r in runs if r.text)
    for run in runs:
        run.text = ""
    first.text = filled


def _value(match: re.Match[str], values: Values) -> str:
    name = f"{match[1]}.{match[2]}" if match[2] else match[1]
    if name not in values:
        return match[0]
    return _CONTROL.sub("", values[name])


def _steady(data: bytes) -> bytes:
    """Return the package with fixed dates, so that the same text makes the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(
                zipfile.ZipInfo(entry.filename, _ZIP_DATE), old.read(entry), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()

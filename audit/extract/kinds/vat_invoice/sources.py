"""What speaks of an invoice: its face, the same read again, records, codes; all it says by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.extract.kept import Kept
from audit.extract.kinds.vat_invoice.codes import SeenQr, code_candidates, invoice_codes
from audit.extract.kinds.vat_invoice.face import Face, make_face
from audit.extract.kinds.vat_invoice.header import header_candidates
from audit.extract.kinds.vat_invoice.parties import party_candidates
from audit.extract.kinds.vat_invoice.regions import invoice_areas
from audit.extract.kinds.vat_invoice.remarks import remark_candidate
from audit.extract.kinds.vat_invoice.structured import invoice_records, record_candidates
from audit.extract.kinds.vat_invoice.totals import total_candidates
from audit.extract.layout import second_sheet, sheet_of
from audit.model import WHOLE_PAGE, Candidate, PageContent, Record

Candidates = dict[str, list[Candidate]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that speaks about one invoice."""

    face: Face | None
    again: Face | None
    records: tuple[Record, ...]
    codes: tuple[SeenQr, ...]


def sources_of(content: PageContent) -> list[Sources]:
    """Return what speaks of each invoice on a page."""
    records = invoice_records(content.records)
    sheet = sheet_of(content)
    if not sheet.lines:
        codes = invoice_codes(content.codes, WHOLE_PAGE)
        if records:
            return [Sources(None, None, (record,), codes) for record in records[:1]]
        return [Sources(None, None, (), codes)] if codes else []
    areas = invoice_areas(sheet)
    again = second_sheet(content)
    found = []
    for area in areas:
        face = make_face(sheet, area, content.page.page_index)
        second = make_face(again, area, content.page.page_index) if again.lines else None
        own = records if len(areas) == 1 else _records_of(face, records)
        found.append(Sources(face, second, own, invoice_codes(content.codes, area)))
    return found


def _records_of(face: Face, records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the records that carry the number printed on this part of the page."""
    numbers = {c.value for c in header_candidates(face).get("invoice_number", ())}
    return tuple(
        record
        for record in records
        if (number := record_candidates(record, 0).get("invoice_number")) is not None
        and number.value in numbers
    )


def gather(sources: Sources, page_index: int) -> Candidates:
    """Return all candidates of an invoice by field, before any judgement."""
    found: Candidates = {}
    for record in sources.records:
        _collect(found, record_candidates(record, page_index))
    for face in (sources.face, sources.again):
        if face is not None:
            found = merged(found, _printed(face))
    for seen in sources.codes:
        _collect(found, code_candidates(seen, page_index))
    return found


_spoken: Kept[Candidates] = Kept()


def _printed(face: Face) -> Candidates:
    """Return what the face itself says, by field."""
    return _spoken.get(face, None, lambda: _read_face(face))


def _read_face(face: Face) -> Candidates:
    found: Candidates = {}
    for part in (header_candidates, party_candidates, total_candidates):
        found = merged(found, part(face))
    remark = remark_candidate(face)
    return found if remark is None else merged(found, {"remarks": [remark]})


def _collect(found: Candidates, more: Mapping[str, Candidate]) -> None:
    for field, candidate in more.items():
        found.setdefault(field, []).append(candidate)


def merged(
    one: Mapping[str, Sequence[Candidate]], other: Mapping[str, Sequence[Candidate]]
) -> Candidates:
    """Return the candidates of both by field, in new lists."""
    return {
        field: [*one.get(field, ()), *other.get(field, ())]
        for field in dict.fromkeys((*one, *other))
    }

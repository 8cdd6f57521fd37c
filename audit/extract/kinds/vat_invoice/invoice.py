"""One invoice from all its sources: candidates, readings, self-checks, second looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from audit.extract.checks import Sums, bind_sums, column_sums
from audit.extract.kinds.vat_invoice.cells import cell_asks, with_cells
from audit.extract.kinds.vat_invoice.face import Face
from audit.extract.kinds.vat_invoice.items import read_items
from audit.extract.kinds.vat_invoice.looks import digital_asks, look_candidates, scan_asks
from audit.extract.kinds.vat_invoice.sources import Candidates, Sources, gather, merged, sources_of
from audit.extract.kinds.vat_invoice.structured import record_items
from audit.extract.kinds.vat_invoice.subkind import marks_of, real_seller, subkind
from audit.extract.kinds.vat_invoice.values import TAXPAYER_IDS
from audit.extract.ladder import doubt, reconcile, upgrade
from audit.extract.registry import Extraction
from audit.model import (
    WHOLE_PAGE,
    Box,
    Candidate,
    Document,
    DocumentKind,
    InvoiceItem,
    Message,
    Origin,
    PageContent,
    PageMode,
    ReadAgain,
    Reading,
    SecondLook,
    Status,
    say,
)
from audit.text.ids import looks_like_uscc, number_structure, uscc_check_digit_ok

FIELDS = (
    "invoice_code",
    "invoice_number",
    "issue_date",
    "amount_without_tax",
    "tax_amount",
    "total_with_tax",
    "total_in_words",
    "buyer_name",
    "buyer_taxpayer_id",
    "seller_name",
    "seller_taxpayer_id",
    "check_code",
    "machine_number",
    "remarks",
)
#: A lone OCR reading of a taxpayer id: the check digit catches 30 of 31 errors.
_CHECKED_ID_FLOOR = 0.9
_BARE_ID_FLOOR = 0.995
#: One that has the form of a code and fails its digit is read only if two looks agree: real ones
#: practically never fail, misread ones do.
_FAILED_ID_FLOOR = 1.01


def extract_invoices(content: PageContent, looks: tuple[SecondLook, ...] = ()) -> Extraction:
    """Return every invoice on a page; second looks are asked for only while ``looks`` is empty."""
    documents: list[Document] = []
    asks: list[ReadAgain] = []
    digital = content.page.mode is PageMode.DIGITAL
    for index, sources in enumerate(sources_of(content)):
        candidates = gather(sources, content.page.page_index)
        readings = _readings(candidates)
        if looks:
            answers = look_candidates(looks, index, content.page.page_index, digital, readings)
            readings = _readings(merged(candidates, answers))
        document = _document(content, sources, readings)
        if looks:
            items = with_cells(document.items, looks, index, content.page.page_index)
            document = replace(document, items=items)
        elif sources.face is not None and digital:
            asks += digital_asks(readings, index)
        elif sources.face is not None:
            asks += scan_asks(readings, sources.face, index)
            asks += cell_asks(document.items, sources.face, index)
        documents.append(document)
    return Extraction(tuple(documents), asks=tuple(asks))


def _readings(candidates: Candidates) -> dict[str, Reading]:
    """Return the readings of all fields after the invoice's own arithmetic."""
    readings = {
        field: reconcile(field, candidates.get(field, ()), _floor(field, candidates))
        for field in FIELDS
        if field in candidates
    }
    sums = bind_sums(
        Sums(
            *(
                readings.get(f, Sums().net)
                for f in ("amount_without_tax", "tax_amount", "total_with_tax", "total_in_words")
            )
        )
    )
    bound = {
        "amount_without_tax": sums.net,
        "tax_amount": sums.tax,
        "total_with_tax": sums.total,
        "total_in_words": sums.words,
    }
    readings |= {f: r for f, r in bound.items() if r.status is not Status.MISSING or f in readings}
    return _with_real_seller(_with_year(readings))


def _with_year(readings: dict[str, Reading]) -> dict[str, Reading]:
    """Doubt a recognised 20-digit number whose year is not that of its date: one is misread."""
    number, day = readings.get("invoice_number"), readings.get("issue_date")
    if number is None or day is None or day.day is None:
        return readings
    structure = number_structure(number.text or "")
    if structure is None or structure.year == day.day.year:
        return readings
    reason = say("vat_invoice.number_year", number=number.raw, date=day.raw)
    doubted = {
        f: doubt(r, reason)
        for f, r in (("invoice_number", number), ("issue_date", day))
        if _recognised(r)
    }
    return {**readings, **doubted}


def _recognised(reading: Reading) -> bool:
    return all(source.origin in {Origin.OCR, Origin.OCR2} for source in reading.sources)


def _floor(field: str, candidates: Candidates) -> float | None:
    if field not in TAXPAYER_IDS:
        return None
    values = [str(c.value) for c in candidates.get(field, ()) if c.value is not None]
    if any(uscc_check_digit_ok(value) for value in values):
        return _CHECKED_ID_FLOOR
    return _FAILED_ID_FLOOR if any(map(looks_like_uscc, values)) else _BARE_ID_FLOOR


def _with_real_seller(readings: dict[str, Reading]) -> dict[str, Reading]:
    remarks = readings.get("remarks")
    if remarks is None or remarks.text is None:
        return readings
    name = real_seller(remarks.text)
    if not name:
        return readings
    found = replace(remarks, value=name, raw=name)
    return {**readings, "real_seller_name": found}


def _document(content: PageContent, sources: Sources, readings: dict[str, Reading]) -> Document:
    missing = Reading(None, "", Status.MISSING, 0.0)
    face = sources.face
    fields = {
        field: readings[field] for field in (*FIELDS, "real_seller_name") if field in readings
    }
    codes = [seen.qr for seen in sources.codes]
    number = readings.get("invoice_number", missing)
    code = readings.get("invoice_code", missing)
    total = readings.get("total_with_tax", missing)
    seller = readings.get("seller_name", missing)
    return Document(
        kind=DocumentKind.VAT_INVOICE,
        subkind=subkind(face, number, code, codes, sources.records),
        page_indexes=(content.page.page_index,),
        region=_region(face),
        fields=fields,
        items=_items(sources, readings, content.page.page_index),
        marks=marks_of(
            [f for f in (face, sources.again) if f is not None],
            sources.records,
            total,
            seller,
            _stamps(content, _region(face)),
        ),
        reasons=_reasons(sources),
        origin_digital=content.page.mode is PageMode.DIGITAL,
    )


def _stamps(content: PageContent, region: Box) -> tuple[str, ...]:
    """Return the words of the stamps pressed on an invoice's part of the page."""
    return tuple(
        one.kind_text
        for one in content.impressions
        if one.mark == "stamp" and region.contains_point(*one.box.centre)
    )


def _region(face: Face | None) -> Box:
    return WHOLE_PAGE if face is None else face.area


def _reasons(sources: Sources) -> tuple[Message, ...]:
    broken = any(seen.qr.crc_ok is False for seen in sources.codes)
    return (say("vat_invoice.qr_crc"),) if broken else ()


def _items(
    sources: Sources, readings: Mapping[str, Reading], page_index: int
) -> tuple[InvoiceItem, ...]:
    printed = read_items(sources.face) if sources.face is not None else ()
    for record in sources.records:
        structured = record_items(record, page_index)
        if structured:
            both = len(structured) == len(printed)
            return tuple(map(_both, structured, printed)) if both else structured
    return _bound_items(printed, readings)


def _both(structured: InvoiceItem, printed: InvoiceItem) -> InvoiceItem:
    """Return a line with the candidates of record and face reconciled, cell by cell."""
    cells: dict[str, Any] = {}
    for cell in (
        "name",
        "specification",
        "unit",
        "quantity",
        "unit_price",
        "amount",
        "tax_rate",
        "tax",
    ):
        sources = (*getattr(structured, cell).sources, *getattr(printed, cell).sources)
        if sources:
            cells[cell] = _reconciled_cell(cell, sources)
    return replace(structured, **cells)


def _reconciled_cell(cell: str, sources: Sequence[Candidate]) -> Reading:
    """Names and specifications are cut or wrapped in print: there the record alone speaks."""
    if cell in {"name", "specification", "unit"}:
        return reconcile(cell, sources[:1])
    return reconcile(cell, sources)


def _bound_items(
    items: tuple[InvoiceItem, ...], readings: Mapping[str, Reading]
) -> tuple[InvoiceItem, ...]:
    """Lift unsure line figures whose column makes the printed total exactly."""
    lifted = items
    for cell, field in (("amount", "amount_without_tax"), ("tax", "tax_amount")):
        total = readings.get(field)
        parts = [getattr(item, cell) for item in lifted]
        if total is None or not total.usable or not column_sums(parts, total):
            continue
        reason = say("vat_invoice.lines_add_up", total=_shown(total.amount))
        lifted = tuple(_lifted(item, cell, reason) for item in lifted)
    return lifted


def _lifted(item: InvoiceItem, cell: str, reason: Message) -> InvoiceItem:
    reading: Reading = getattr(item, cell)
    if reading.status is not Status.DOUBTFUL:
        return item
    cells: dict[str, Any] = {cell: upgrade(reading, reason, Status.READ)}
    return replace(item, **cells)


def _shown(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"

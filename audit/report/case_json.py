"""``case.json``: everything, for machines; the shape of DESIGN section 7, schema 1.

Stable keys, sorted, no clock outside ``run``. Money as strings in 元 with two decimals, dates in
ISO form, page numbers from 1, boxes in fractions of the upright page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields as fields_of

from audit import i18n
from audit.model import (
    Candidate,
    CaseFile,
    CasePage,
    CaseReport,
    Document,
    InvoiceItem,
    LedgerRow,
    Link,
    PaymentShare,
    Problem,
    Reading,
    Seal,
)
from audit.report.case_json_judgement import judgement_json
from audit.report.json_values import Json, Words, box_json, money, value_text, words_of

SCHEMA = 1


def render_case_json(report: CaseReport, lang: str) -> bytes:
    """Return the whole file as UTF-8 bytes ending in a newline."""
    return case_json_bytes(case_json(report, lang))


def case_json_bytes(content: Json) -> bytes:
    """Return the content as the file's bytes."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def case_json(report: CaseReport, lang: str) -> Json:
    """Return the content of ``case.json`` as plain JSON values."""
    words = words_of(lang)
    facts = report.facts
    return {
        "schema": SCHEMA,
        "run": {
            "started": report.run.started,
            "version": report.run.version,
            "policy": report.run.policy,
            "models": dict(report.run.models),
            "seconds": report.run.seconds,
            "log_head": report.run.log_head or None,
        },
        "case": _case(report, words),
        "files": [_file(f, lang) for f in facts.files],
        "pages": [_page(p, lang) for p in facts.pages],
        "documents": [_document(d, words) for d in facts.documents],
        "seals": [_seal(s, words) for s in facts.seals],
        "ledger": [_row(r, words) for r in facts.rows],
        "ledger_copies": [_row(r, words) for r in facts.sealed_rows],
        "links": [_link(link, words) for link in report.links],
        **judgement_json(report, words),
        "notes": [words(n) for n in facts.notes],
    }


def _case(report: CaseReport, words: Words) -> Json:
    applicant = report.facts.applicant
    period = applicant.period
    return {
        "name": report.facts.name,
        "applicant": applicant.name or None,
        "applicant_taxpayer_id": applicant.taxpayer_id or None,
        "applicant_reasons": [words(r) for r in applicant.reasons],
        "project_name": applicant.project_name or None,
        "period": None if period is None else [d.isoformat() for d in period],
        "applied_on": value_text(applicant.applied_on),
        "declared_total": value_text(report.declared_total),
    }


def problem_json(problem: Problem, lang: str) -> Json:
    """Return a problem with its sentence; ``page`` from 1, null for the whole file."""
    return {
        "code": problem.code,
        "page": None if problem.page_index is None else problem.page_index + 1,
        "message": i18n.text(problem.code, dict(problem.params), lang),
        "ask": i18n.text(f"{problem.code}.ask", dict(problem.params), lang),
    }


def _file(file: CaseFile, lang: str) -> Json:
    return {
        "file": file.file,
        "sha256": file.sha256 or None,
        "size": file.size,
        "pages": file.pages,
        "status": file.status.value,
        "same_as": file.same_as or None,
        "problems": [problem_json(p, lang) for p in file.problems],
    }


def _page(page: CasePage, lang: str) -> Json:
    facts = page.page
    return {
        "file": page.file,
        "page": facts.page_index + 1,
        "kind": page.kind.value,
        "documents": list(page.document_ids),
        "mode": facts.mode.value,
        "size": list(facts.size),
        "size_mm": None if facts.size_mm is None else [round(v, 1) for v in facts.size_mm],
        "dpi": facts.dpi,
        "rotation": facts.rotation,
        "skew": round(facts.skew, 2),
        "quality": dict(facts.quality),
        "picture": page.picture or None,
        "problems": [problem_json(p, lang) for p in page.problems],
    }


def reading_json(name: str, reading: Reading, words: Words) -> Json:
    """Return a reading with all its sources and reasons."""
    return {
        "value": value_text(reading.value, name),
        "raw": reading.raw,
        "status": reading.status.value,
        "confidence": round(reading.confidence, 4),
        "sources": [_source(name, s) for s in reading.sources],
        "reasons": [words(r) for r in reading.reasons],
    }


def _source(name: str, source: Candidate) -> Json:
    out: Json = {
        "origin": source.origin.value,
        "value": value_text(source.value, name),
        "confidence": round(source.confidence, 4),
        "page": None if source.page_index is None else source.page_index + 1,
        "box": box_json(source.box),
    }
    if source.file:
        out["file"] = source.file
    return out


def _fields(readings: Mapping[str, Reading], words: Words) -> Json:
    return {name: reading_json(name, reading, words) for name, reading in readings.items()}


def _document(document: Document, words: Words) -> Json:
    return {
        "id": document.id,
        "key": document.key,
        "kind": document.kind.value,
        "subkind": document.subkind or None,
        "file": document.file,
        "pages": [i + 1 for i in document.page_indexes],
        "region": document.region.rounded(),
        "fields": _fields(document.fields, words),
        "items": [_item(item, words) for item in document.items],
        "seals": list(document.seal_ids),
        "marks": list(document.marks),
        "digital": document.origin_digital,
        "further_pages": [{"file": file, "page": index + 1} for file, index in document.further],
        "copies": [{"file": file, "page": index + 1} for file, index in document.duplicates],
        "reasons": [words(r) for r in document.reasons],
    }


def _item(item: InvoiceItem, words: Words) -> Json:
    out: Json = {}
    for spec in fields_of(item):
        value = getattr(item, spec.name)
        if isinstance(value, Reading):
            out[spec.name] = reading_json(spec.name, value, words)
    out["category"] = item.category or None
    return out


def _seal(seal: Seal, words: Words) -> Json:
    return {
        "id": seal.id,
        "key": seal.key,
        "origin": seal.origin,
        "file": seal.file,
        "page": seal.page_index + 1,
        "box": seal.box.rounded(),
        "shape": seal.shape,
        "colour": seal.colour,
        "kind": seal.kind,
        "text": seal.text,
        "owner": seal.owner,
        "freshness": seal.freshness,
        "reasons": [words(r) for r in seal.reasons],
    }


def _row(row: LedgerRow, words: Words) -> Json:
    return {
        "row": row.row,
        "key": row.key,
        "role": row.role.value,
        "file": row.file,
        "page": row.page_index + 1,
        "sheet": row.table or None,
        "sheet_row": row.table_row or None,
        "cells": _fields(row.cells, words),
    }


def _payment(share: PaymentShare, words: Words) -> Json:
    return {"id": share.document_id, "amount": money(share.amount), "reason": words(share.reason)}


def _link(link: Link, words: Words) -> Json:
    return {
        "row": link.row,
        "invoices": list(link.invoices),
        "payments": [_payment(p, words) for p in link.payments],
        "acceptance": list(link.acceptance),
        "contracts": list(link.contracts),
        "reason": words(link.reason),
        "confidence": round(link.confidence, 3),
        "alternatives": [
            {"invoices": list(a.invoices), "payments": [_payment(p, words) for p in a.payments]}
            for a in link.alternatives
        ],
    }

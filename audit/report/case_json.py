"""``case.json``: everything, for machines; the shape of DESIGN section 7, schema 1.

Stable keys, sorted, no clock outside ``run``. Money as strings in 元 with two decimals, dates in
ISO form, page numbers from 1, boxes in fractions of the upright page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as fields_of
from datetime import date
from decimal import Decimal
from typing import Any

from audit import i18n
from audit.model import (
    Basis,
    Box,
    Candidate,
    CaseFile,
    CasePage,
    CaseReport,
    Conclusion,
    Document,
    Evidence,
    Finding,
    Group,
    InvoiceItem,
    LedgerRow,
    Link,
    Message,
    Outcome,
    PaymentShare,
    Problem,
    Reading,
    Seal,
    Value,
)

SCHEMA = 1
#: Numbers that are no money: shown with the decimals they have.
NOT_MONEY = (
    "quantity",
    "unit_price",
    "tax_rate",
    "employees",
    "device_count",
    "maturity_",
    "debt_ratio_",
    "profit_rate_",
    "number",
)
Json = dict[str, Any]
Words = Callable[[Message | None], str | None]


def render_case_json(report: CaseReport, lang: str) -> bytes:
    """Return the whole file as UTF-8 bytes ending in a newline."""
    text = json.dumps(case_json(report, lang), ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def case_json(report: CaseReport, lang: str) -> Json:
    """Return the content of ``case.json`` as plain JSON values."""
    words = _words(lang)
    facts = report.facts
    applicant = facts.applicant
    period = applicant.period
    return {
        "schema": SCHEMA,
        "run": {
            "started": report.run.started,
            "version": report.run.version,
            "policy": report.run.policy,
            "models": dict(report.run.models),
            "seconds": report.run.seconds,
        },
        "case": {
            "name": facts.name,
            "applicant": applicant.name or None,
            "applicant_taxpayer_id": applicant.taxpayer_id or None,
            "project_name": applicant.project_name or None,
            "period": None if period is None else [d.isoformat() for d in period],
            "applied_on": value_text(applicant.applied_on),
            "declared_total": value_text(report.declared_total),
        },
        "files": [_file(f, lang) for f in facts.files],
        "pages": [_page(p, lang) for p in facts.pages],
        "documents": [_document(d, words) for d in facts.documents],
        "seals": [_seal(s, words) for s in facts.seals],
        "ledger": [_row(r, words) for r in facts.rows],
        "ledger_copies": [_row(r, words) for r in facts.sealed_rows],
        "links": [_link(link, words) for link in report.links],
        "findings": [_finding(f, words) for f in report.findings],
        "outcomes": [_outcome(o, words) for o in report.outcomes],
        "groups": [_group(g, words) for g in report.groups],
        "waterfall": {
            "bases": {
                "incl": _basis(report.waterfall.incl, words),
                "excl": _basis(report.waterfall.excl, words),
            }
        },
        "conclusions": [_conclusion(c, words) for c in report.conclusions],
        "checklist": [
            {
                "item": c.item,
                "clause": c.clause,
                "status": c.status,
                "documents": list(c.document_ids),
                "reason": words(c.reason),
            }
            for c in report.checklist
        ],
    }


def _words(lang: str) -> Words:
    def sentence(message: Message | None) -> str | None:
        return None if message is None else i18n.text(message.key, dict(message.params), lang)

    return sentence


def money(amount: Decimal) -> str:
    """Return an amount in 元 with two decimals, or all it has if more."""
    exponent = amount.as_tuple().exponent
    cents = isinstance(exponent, int) and exponent >= -2  # noqa: PLR2004 - cents
    return str(amount.quantize(Decimal("0.01"))) if cents else format(amount, "f")


def value_text(value: Value | None, name: str = "") -> str | None:
    """Return a value as ``case.json`` has it; ``name`` tells money from other numbers."""
    if isinstance(value, Decimal):
        return format(value, "f") if name.startswith(NOT_MONEY) else money(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else box.rounded()


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
        "box": _box(source.box),
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


def _evidence(places: Iterable[Evidence]) -> list[Json]:
    return [{"file": e.file, "page": e.page_index + 1, "box": _box(e.box)} for e in places]


def _finding(finding: Finding, words: Words) -> Json:
    subjects = finding.subjects
    return {
        "id": finding.id,
        "key": finding.key,
        "rule": finding.rule,
        "name": finding.name,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "clause": finding.clause,
        "subjects": {
            "documents": list(subjects.documents),
            "rows": list(subjects.rows),
            "seals": list(subjects.seals),
            "files": list(subjects.files),
        },
        "message": words(finding.message),
        "expected": finding.expected,
        "found": finding.found,
        "cause": finding.cause or None,
        "request": words(finding.request),
        "refuted_by": words(finding.refuted_by),
        "evidence": _evidence(finding.evidence),
    }


def _outcome(outcome: Outcome, words: Words) -> Json:
    return {
        "rule": outcome.rule,
        "checked": outcome.checked,
        "pass": outcome.passed,
        "fail": outcome.failed,
        "undecided": outcome.undecided,
        "not_applicable": outcome.not_applicable,
        "not_executed": words(outcome.not_executed),
    }


def _group(group: Group, words: Words) -> Json:
    decision = group.decision
    return {
        "id": group.id,
        "key": group.key,
        "cause": group.cause,
        "title": words(group.title),
        "severity": group.severity.value,
        "verdict": group.verdict.value,
        "findings": list(group.finding_ids),
        "amount": money(group.amount),
        "request": words(group.request),
        "flips": group.flips,
        "decision": None
        if decision is None
        else {
            "actor": decision.actor,
            "at": decision.at,
            "action": decision.action,
            "reason": decision.reason,
        },
    }


def _basis(basis: Basis, words: Words) -> Json:
    return {
        "declared": money(basis.declared),
        "deducted": money(basis.deducted),
        "pending": money(basis.pending),
        "supported": money(basis.supported),
        "steps": [
            {
                "group": s.group_id,
                "finding": s.finding_id,
                "row": s.row,
                "amount": money(s.amount),
                "label": words(s.label),
                "certain": s.certain,
            }
            for s in basis.steps
        ],
        "software_share": {
            name: [_share(interval.low), _share(interval.high)] for name, interval in basis.shares
        },
        "margins": {
            name: money(value) if name == "total" else _share(value)
            for name, value in basis.margins
        },
    }


def _share(share: Decimal) -> str:
    return str(share.quantize(Decimal("0.0001")))


def _conclusion(conclusion: Conclusion, words: Words) -> Json:
    return {
        "clause": conclusion.clause,
        "title": words(conclusion.title),
        "verdict": conclusion.verdict.value,
        "low": conclusion.low or None,
        "high": conclusion.high or None,
        "decided_by": list(conclusion.decided_by),
        "notes": [words(n) for n in conclusion.notes],
    }

"""The half of ``case.json`` that is judgement: findings, groups, waterfall, conclusions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from audit.model import (
    Basis,
    CaseReport,
    ChecklistItem,
    Conclusion,
    Evidence,
    Finding,
    Group,
    Outcome,
)
from audit.report.json_values import Json, Words, box_json, money


def judgement_json(report: CaseReport, words: Words) -> Json:
    """Return findings, outcomes, groups, waterfall, conclusions, checklist and decisions."""
    return {
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
        "checklist": [_checklist_item(c, words) for c in report.checklist],
        "decisions": [asdict(d) for d in report.decisions],
        "changes": [
            {
                "kind": c.kind,
                "message": words(c.message),
                "old": c.old_id or None,
                "new": c.new_id or None,
            }
            for c in report.changes
        ],
    }


def _checklist_item(item: ChecklistItem, words: Words) -> Json:
    return {
        "item": item.item,
        "clause": item.clause,
        "status": item.status,
        "documents": list(item.document_ids),
        "reason": words(item.reason),
    }


def _evidence(places: Iterable[Evidence]) -> list[Json]:
    return [{"file": e.file, "page": e.page_index + 1, "box": box_json(e.box)} for e in places]


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

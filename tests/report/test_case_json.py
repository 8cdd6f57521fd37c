"""``case.json`` against the schema of DESIGN section 7."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.report.case_json import case_json, render_case_json
from tests.report import sample

#: DESIGN section 7: the keys that every entry of a list must have.
KEYS = {
    "files": {"file", "sha256", "pages", "status", "problems"},
    "pages": {
        "file", "page", "kind", "documents", "mode", "size", "size_mm", "dpi", "rotation", "skew",
        "problems",
    },
    "documents": {"id", "key", "kind", "subkind", "file", "pages", "region", "fields", "items", "seals"},
    "seals": {
        "id", "key", "origin", "file", "page", "box", "shape", "colour", "kind", "text", "owner",
        "freshness", "reasons",
    },
    "ledger": {"row", "role", "file", "sheet", "cells"},
    "links": {"row", "invoices", "payments", "acceptance", "reason", "confidence", "alternatives"},
    "findings": {
        "id", "key", "rule", "name", "verdict", "severity", "clause", "subjects", "message",
        "expected", "found", "evidence",
    },
    "outcomes": {"rule", "checked", "pass", "fail", "undecided", "not_applicable", "not_executed"},
    "groups": {"id", "cause", "severity", "findings", "amount", "request", "decision"},
    "conclusions": {"clause", "verdict", "low", "high", "decided_by"},
    "checklist": {"item", "clause", "status", "documents"},
}  # fmt: skip
READING = {"value", "raw", "status", "confidence", "sources", "reasons"}
BASIS = {"declared", "steps", "deducted", "pending", "supported", "software_share", "margins"}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    content = json.loads(render_case_json(sample.report(), "zh"))
    assert isinstance(content, dict)
    return content


def test_top_level_is_the_schema(made: dict[str, Any]) -> None:
    assert set(made) >= {"schema", "run", "case", "waterfall", *KEYS}
    assert made["schema"] == 1
    assert set(made["run"]) >= {"started", "version", "policy", "models", "seconds"}
    assert set(made["case"]) >= {"name", "applicant", "period", "declared_total"}
    assert made["case"]["period"] == ["2022-03-01", "2023-12-31"]


@pytest.mark.parametrize("part", sorted(KEYS))
def test_every_entry_has_the_keys_of_the_schema(made: dict[str, Any], part: str) -> None:
    assert made[part]
    for entry in made[part]:
        assert set(entry) >= KEYS[part]


def test_readings_have_every_part(made: dict[str, Any]) -> None:
    readings = [r for d in made["documents"] for r in d["fields"].values()]
    readings += [r for row in made["ledger"] for r in row["cells"].values()]
    assert readings
    for reading in readings:
        assert set(reading) == READING
        for source in reading["sources"]:
            assert set(source) >= {"origin", "value", "page", "box"}


def test_the_waterfall_adds_up_to_the_cent(made: dict[str, Any]) -> None:
    for basis in made["waterfall"]["bases"].values():
        assert set(basis) >= BASIS
        cents = {
            k: int(basis[k].replace(".", ""))
            for k in ("declared", "deducted", "pending", "supported")
        }
        assert cents["declared"] == cents["supported"] + cents["pending"] + cents["deducted"]
        assert all(len(share) == 2 for share in basis["software_share"].values())


def test_pages_count_from_one_and_boxes_are_fractions(made: dict[str, Any]) -> None:
    assert {p["page"] for p in made["pages"]} == {1}
    for finding in made["findings"]:
        for spot in finding["evidence"]:
            assert spot["page"] == 1
            assert spot["box"] is None or all(0 <= v <= 1 for v in spot["box"])


def test_no_clock_outside_the_run_block() -> None:
    first, second = sample.report(), sample.report()
    assert render_case_json(first, "zh") == render_case_json(second, "zh")
    content = case_json(first, "zh")
    del content["run"]
    content["decisions"] = content["groups"] = []
    assert "2024-05-20T" not in json.dumps(content)


def test_identifiers_stay_text(made: dict[str, Any]) -> None:
    numbers = [
        d["fields"]["invoice_number"]["value"]
        for d in made["documents"]
        if d["kind"] == "vat_invoice"
    ]
    assert all(isinstance(n, str) and len(n) == 20 for n in numbers)

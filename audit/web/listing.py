"""One line a case from its ``case.json``: hundreds of cases are listed without opening any."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit.errors import InputUnusableError
from audit.i18n import told
from audit.model import DocumentKind, Status
from audit.report.view import JUDGED_KINDS, KEY_FIELDS
from audit.text.rounding import wan
from audit.web.fields import NEEDED

_OPEN = frozenset({"open", "undecided"})
_MISSING = {"status": Status.MISSING.value}


def line_of(folder: Path) -> dict[str, Any]:
    """Return a case's figures as of its last report; raises ``InputUnusableError`` without one."""
    try:
        case = json.loads((folder / "case.json").read_text("utf-8"))
        basis = case["waterfall"]["bases"]["incl"]
        groups = [g for g in case["groups"] if g["severity"] != "D"]
        verdicts = [c["verdict"] for c in case["conclusions"]]
        return {
            "applicant": case["case"]["applicant"] or case["case"]["name"],
            **{k: wan(Decimal(basis[k])) for k in ("declared", "supported", "pending", "deducted")},
            "groups": sum(
                1 for g in groups if (g["decision"] or {}).get("action", "note") == "note"
            ),
            "doubts": _doubts(case),
            "unchecked": _unchecked(case["decisions"]),
            "passed": verdicts.count("pass"),
            "failed": verdicts.count("fail"),
            "open": sum(1 for v in verdicts if v in _OPEN),
        }
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise InputUnusableError(told("stop.case_json_of", case=folder.name)) from error


def _doubts(case: dict[str, Any]) -> int:
    """Count the readings that the page would lead through (``FieldList.doubtful``)."""
    cells = [r["status"] for row in case["ledger"] for r in row["cells"].values()]
    count = cells.count(Status.DOUBTFUL.value)
    for document in case["documents"]:
        kind = DocumentKind(document["kind"])
        for name in KEY_FIELDS if kind in JUDGED_KINDS else ():
            status = document["fields"].get(name, _MISSING)["status"]
            needed = name in NEEDED.get(kind, ())
            count += status == Status.DOUBTFUL or (status == Status.MISSING and needed)
    return count


def _unchecked(decisions: list[dict[str, Any]]) -> int:
    """Count the decisions that hold and that no second person has checked."""
    undone = {d["target"] for d in decisions if d["action"] == "undo"}
    holding = [d for d in decisions if d["action"] != "undo" and str(d["seq"]) not in undone]
    checked = {d["target"] for d in holding if d["action"] == "check"}
    plain = (d for d in holding if d["action"] not in {"check", "note"})
    return sum(1 for d in plain if str(d["seq"]) not in checked)

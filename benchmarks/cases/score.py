"""Compare a checked case with its truth: kinds of pages, fields by document kind and medium."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

Tally = dict[tuple[str, str], Counter[str]]
# Pages that two names describe equally well.
SAME = ({"application_form", "commitment"}, {"audit_report", "financial_statement"})


@dataclass
class Score:
    """Counts over any number of cases; ``examples`` names what went wrong."""

    fields: Tally = field(default_factory=dict)
    pages: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    seals: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def score(truth: dict[str, Any], case: dict[str, Any], into: Score) -> None:
    """Add one case (its ``truth.json`` and ``case.json``)."""
    kinds = {(p["file"], p["page"]): p["kind"] for p in case["pages"]}
    seals = Counter((s["file"], s["page"]) for s in case["seals"])
    owners: dict[tuple[str, int], set[str]] = {}
    for one in case["seals"]:
        owners.setdefault((one["file"], one["page"]), set()).add(one["owner"])
    for page in truth["pages"]:
        place = (page["file"], page["page"])
        found = kinds.get(place, "(no page)")
        if found == page["kind"] or {found, page["kind"]} in SAME:
            into.pages["right"] += 1
        else:
            into.pages["wrong"] += 1
            into.confused[page["kind"], found] += 1
            into.examples.append(f"kind {place}: {page['kind']} read as {found}")
        _documents(page, case, into)
        if page["medium"].startswith(("scan", "jpg", "png")):
            _seals(page, seals[place], owners.get(place, set()), into)


def _seals(page: dict[str, Any], found: int, owners: set[str], into: Score) -> None:
    wanted = {s["owner"] for s in page["seals"]}
    into.seals["pages with seal" if wanted else "pages without seal"] += 1
    if wanted and not found:
        into.seals["none found"] += 1
        into.examples.append(f"seal {page['file']}#{page['page']}: {sorted(wanted)} not found")
    if "applicant" in wanted:
        into.seals["applicant's seal"] += 1
        into.seals["applicant's seal named"] += "applicant" in owners
    if "applicant" in owners and "applicant" not in wanted:
        into.seals["applicant's seal invented"] += 1
        into.examples.append(f"seal {page['file']}#{page['page']}: applicant's seal invented")


def _documents(page: dict[str, Any], case: dict[str, Any], into: Score) -> None:
    here = next(
        (p for p in case["pages"] if p["file"] == page["file"] and p["page"] == page["page"]), None
    )
    ids = set(here["documents"]) if here else set()
    near = [d for d in case["documents"] if d["id"] in ids]
    first = {(d["file"], min(d["pages"])) for d in near if d["pages"]}
    for wanted in page["documents"]:
        if (
            page["kind"] not in {"vat_invoice", "bank_receipt"}
            and (page["file"], page["page"]) not in first
        ):
            continue  # a later page of the same paper
        _compare(page, wanted, near, into)


def _compare(
    page: dict[str, Any], wanted: dict[str, Any], near: list[dict[str, Any]], into: Score
) -> None:
    key = (page["kind"], page["medium"])
    tally = into.fields.setdefault(key, Counter())
    best = max(near, key=lambda d: _agreement(wanted["fields"], d), default=None)
    for name, value in wanted["fields"].items():
        if value == "":
            continue
        reading = (best or {"fields": {}})["fields"].get(name)
        verdict = judge(value, reading)
        tally[verdict] += 1
        if verdict not in {"right", "right, doubtful"}:
            shown = reading and (reading.get("value"), reading.get("status"))
            into.examples.append(
                f"{verdict} {page['file']}#{page['page']} {name}: {value} / {shown}"
            )


def _agreement(fields: dict[str, str], document: dict[str, Any]) -> int:
    return sum(judge(v, document["fields"].get(k)).startswith("right") for k, v in fields.items())


def judge(value: str, reading: dict[str, Any] | None) -> str:
    """Return right · right, doubtful · doubtful · missing · wrong, read · wrong, confirmed."""
    if reading is None or reading.get("value") in {None, ""} or reading.get("status") == "missing":
        return "missing"
    status = reading["status"]
    if _same(value, str(reading["value"])):
        return "right, doubtful" if status == "doubtful" else "right"
    return "doubtful" if status == "doubtful" else f"wrong, {status}"


def _same(a: str, b: str) -> bool:
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return _folded(a) == _folded(b)


def _folded(text: str) -> str:
    text = text.translate(str.maketrans("（）\u3014\u3015", "()[]"))
    return re.sub(r"[\s.\-－—年月日]", "", text).upper()


def table(into: Score) -> str:
    """Return the tables as Markdown."""
    verdicts = (
        "right",
        "right, doubtful",
        "doubtful",
        "missing",
        "wrong, read",
        "wrong, confirmed",
    )
    lines = ["| kind | medium | fields | " + " | ".join(verdicts) + " |", "|" + "---|" * 9]
    total: Counter[str] = Counter()
    for (kind, medium), tally in sorted(into.fields.items()):
        total += tally
        lines.append(_line(kind, medium, tally, verdicts))
    lines.append(_line("all", "", total, verdicts))
    pages = into.pages["right"] + into.pages["wrong"]
    lines += [
        "",
        f"page kinds: {into.pages['right']} of {pages} right; {dict(into.confused)}",
        f"seals: {dict(into.seals)}",
    ]
    return "\n".join(lines)


def _line(kind: str, medium: str, tally: Counter[str], verdicts: tuple[str, ...]) -> str:
    return (
        f"| {kind} | {medium} | {sum(tally.values())} | "
        + " | ".join(str(tally[v]) for v in verdicts)
        + " |"
    )

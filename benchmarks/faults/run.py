"""Fault matrix: every planted fault through the real pipeline, with its honest twin.

    python -m benchmarks.faults.run [--only KEY,KEY] [--variants 5] [--digital] [--lookalikes]

Each fault is planted in small cases of other seeds and looks. It counts as found if a finding of
one of its rules, absent from the honest twin, is ``fail`` or ``undecided`` and names the row or
file in question. Fails in twins and look-alikes (papers that the small folder lacks apart) are
false alarms.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.cases.run import check
from cases.casegen import build, demo, folders, scenario
from cases.casegen.lookalikes import LOOKALIKES
from cases.casegen.model import Case, Look, Sheet
from cases.casegen.planting import FAULTS, Fault, Work

LOOKS = (folders.COLOUR, folders.SLANTED, replace(folders.COLOUR, noise=2.6, blur=0.8),
         replace(folders.COLOUR, dpi=170), replace(folders.COLOUR, ink=0.85))  # fmt: skip
# A folder of six pages lacks most of what the notice asks for: these are no false alarms.
LACKING = {
    "N02",
    "N04",
    "N09",
    "N11",
    "N12",
    "N15",
    "N16",
    "N17",
    "N19",
    "N20",
    "N21",
    "N22",
    "N23",
    "N24",
    "N25",
}


def base(one: Fault, seed: int, look: Look) -> Case:
    """Return the honest small case in which the fault will be planted."""
    case = scenario.honest(9000 + seed, one.rows)
    extra = [
        replace(s, subject=(case.rows[0].contract,)) if s.subject == ("first",) else s
        for s in one.extra
    ]
    return folders.small(case, *extra, scan=one.scan, look=look)


def planted(one: Fault, case: Case, seed: int) -> tuple[Case, Work]:
    """Return the spoilt case and what was touched."""
    work = Work(case, random.Random(f"{one.key}-{seed}"))
    one.spoil(work)
    return work.finish(), work


def run(case: Case, out: Path) -> dict[str, Any]:
    """Write and check one case; return its ``case.json``."""
    build.write_case(case, out / "in")
    check(out / "in", out / "out")
    data: dict[str, Any] = json.loads((out / "out" / "case.json").read_text("utf-8"))
    shutil.rmtree(out / "in")
    shutil.rmtree(out / "out")
    return data


def marks(data: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the findings of a case as (rule, message)."""
    return {(f["rule"], f["message"]) for f in data["findings"]}


def hit(
    one: Fault, work: Work, case: Case, data: dict[str, Any], twin: set[tuple[str, str]]
) -> str:
    """Return fail, undecided, elsewhere (another rule noticed something new) or missed."""
    files = set(demo.expected(one.key, work, case)["files"]) if one.key in FAULTS else set()
    where = {d["id"]: d["file"] for d in data["documents"]}
    fresh = [
        f
        for f in data["findings"]
        if (f["rule"], f["message"]) not in twin and f["verdict"] in {"fail", "undecided"}
    ]
    best = "missed" if not fresh else "elsewhere"
    for found in fresh:
        if found["rule"] not in one.rules:
            continue
        said = {where.get(d, "") for d in found["subjects"]["documents"]} | set(
            found["subjects"]["files"]
        )
        said |= {e["file"] for e in found["evidence"]}
        named = bool(set(found["subjects"]["rows"]) & set(work.rows)) or bool(said & files)
        if named or not (work.rows or files) or one.key.startswith("missing_"):
            best = "fail" if "fail" in {best, found["verdict"]} else "undecided"
    return best


def false_alarms(data: dict[str, Any]) -> list[str]:
    """Return the fails of an honest small case that cannot be laid on papers it lacks."""
    return [f"{f['rule']} {f['message']}" for f in data["findings"]
            if f["verdict"] == "fail" and f["severity"] != "D" and f["rule"] not in LACKING]  # fmt: skip


def main() -> None:
    """Run the matrix and print it as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--variants", type=int, default=5)
    parser.add_argument("--lookalikes", action="store_true")
    parser.add_argument("--digital", action="store_true", help="no scans: quick, without ink")
    asked = parser.parse_args()
    chosen = LOOKALIKES if asked.lookalikes else FAULTS
    keys = asked.only.split(",") if asked.only else list(chosen)
    twins: dict[
        tuple[tuple[Sheet, ...], bool, int, int], tuple[set[tuple[str, str]], list[str]]
    ] = {}
    print(
        "| fault | fail | undecided | elsewhere | missed | false alarms |\n|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for key in keys:
            one = replace(chosen[key], scan=chosen[key].scan and not asked.digital)
            _row(one, asked.variants, Path(folder), twins)
    alarms = Counter(a for _, found in twins.values() for a in found)
    print(f"\n{len(twins)} honest twins, false alarms: {sum(alarms.values())}")
    for alarm, count in alarms.most_common():
        print(f"  {count} × {alarm}")


def _row(one: Fault, variants: int, folder: Path, twins: dict[Any, Any]) -> None:
    tally: Counter[str] = Counter()
    alarms: list[str] = []
    notes: list[str] = []
    for seed in range(variants):
        case = base(one, seed, LOOKS[seed % len(LOOKS)])
        shape = (one.extra, one.scan, one.rows, seed)
        if shape not in twins:
            honest = run(case, folder)
            twins[shape] = (marks(honest), false_alarms(honest))
        spoilt, work = planted(one, case, seed)
        data = run(spoilt, folder)
        if one.rules:
            verdict = hit(one, work, spoilt, data, twins[shape][0])
            tally[verdict] += 1
            if verdict in {"elsewhere", "missed"}:
                fresh = [
                    f"{f['rule']} {f['message'][:50]}"
                    for f in data["findings"]
                    if (f["rule"], f["message"]) not in twins[shape][0]
                ]
                notes.append(f"    variant {seed}: {fresh[:5]}")
        else:
            alarms += [a for a in false_alarms(data) if a not in twins[shape][1]]
    print(
        f"| {one.key} | {tally['fail']} | {tally['undecided']} | {tally['elsewhere']} | {tally['missed']} | {len(alarms)} |",
        flush=True,
    )
    for note in [*notes, *(f"    alarm: {a}" for a in alarms)]:
        print(note, flush=True)


if __name__ == "__main__":
    main()

"""Fault matrix: every planted fault through the real pipeline, with its honest twin.

    python -m benchmarks.faults.run [--only KEY,KEY] [--seeds 0..4] [--digital] [--lookalikes]
                                    [--results FILE]

Each fault is planted in small cases of other seeds and looks. It counts as found if a finding of
one of its rules, absent from the honest twin, is ``fail`` or ``undecided`` and names the row or
file in question. Fails in twins and look-alikes (papers that the small folder lacks apart) are
false alarms. What the fault is about is scanned, form and ledger too; ``--digital`` leaves all of
it born digital. Outcomes go to FILE as JSON lines; those it holds are not run again, and the
table is made from all of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.faults.matrix import Matrix
from cases.casegen.lookalikes import LOOKALIKES
from cases.casegen.planting import FAULTS

VERDICTS = ("fail", "undecided", "elsewhere", "missed")


def main() -> None:
    """Run what FILE lacks and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", default="0..4")
    parser.add_argument("--lookalikes", action="store_true")
    parser.add_argument("--digital", action="store_true", help="no scans: quick, without ink")
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    keys = asked.only.split(",") if asked.only else list(LOOKALIKES if asked.lookalikes else FAULTS)
    first, last = (int(n) for n in asked.seeds.split(".."))
    with tempfile.TemporaryDirectory() as folder:
        results = asked.results or Path(folder) / "results.jsonl"
        _fill(results, keys, range(first, last + 1), Matrix(Path(folder), digital=asked.digital))
        print(table(_held(results), keys))


def _fill(results: Path, keys: list[str], seeds: Iterable[int], matrix: Matrix) -> None:
    done = {(r["key"], r["seed"]) for r in _held(results)}
    for seed in seeds:
        for key in keys:
            if (key, seed) in done:
                continue
            one = asdict(matrix.outcome(key, seed))
            print(f"  {key} {seed}: {one['verdict'] or 'look-alike'} {one['alarms'] or ''}")
            _keep(results, one)
    _keep(results, {"key": "", "seed": -1, "twins": matrix.twins, "alarms": matrix.alarms()})


def _keep(results: Path, one: dict[str, Any]) -> None:
    with results.open("a", encoding="utf-8") as out:
        out.write(json.dumps(one, ensure_ascii=False) + "\n")


def _held(results: Path) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text("utf-8").splitlines()]


def table(held: list[dict[str, Any]], keys: list[str]) -> str:
    """Return the outcomes as Markdown: a row for each fault, then what went wrong."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    notes, twins, alarms = [], 0, Counter[str]()
    for one in held:
        if not one["key"]:
            twins += one["twins"]
            alarms.update(one["alarms"])
            continue
        tally[one["key"]][one["verdict"]] += 1
        tally[one["key"]]["alarms"] += len(one["alarms"])
        if one["verdict"] in {"elsewhere", "missed"} or one["alarms"]:
            notes.append(f"    {one['key']} {one['seed']}: {one['alarms'] or one['fresh'][:4]}")
    lines = [
        "| fault | fail | undecided | elsewhere | missed | false alarms |",
        "|---|---|---|---|---|---|",
    ]
    lines.extend(_line(key, tally[key]) for key in keys if key in tally)
    total = sum((tally[k] for k in keys), Counter[str]())
    lines.append(_line("all", total))
    lines.append(f"\n{twins} honest twins, false alarms: {sum(alarms.values())}")
    return "\n".join([*lines, *(f"    {n} × {a}" for a, n in alarms.most_common()), *notes])


def _line(key: str, tally: Counter[str]) -> str:
    return f"| {key} | " + " | ".join(str(tally[v]) for v in (*VERDICTS, "alarms")) + " |"


if __name__ == "__main__":
    main()

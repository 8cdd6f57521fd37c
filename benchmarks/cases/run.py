"""Check generated cases end to end and score every field and page kind against the truth.

    python -m benchmarks.cases.run DIR [--out DIR] [--only NAME]

DIR holds case folders with ``NAME-truth.json`` beside them (``python -m cases.casegen many``).
A case whose output exists already is not checked again unless ``--fresh`` is given.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.cases.score import Score, score, table


def main() -> int:
    """Check and score; return 1 if a confirmed value was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--examples", type=int, default=40)
    asked = parser.parse_args()
    out = asked.out or asked.folder / "out"
    total = Score()
    for beside in sorted(asked.folder.glob("*-truth.json")):
        name = beside.name.removesuffix("-truth.json")
        if asked.only and asked.only not in name:
            continue
        if asked.fresh or not (out / name / "case.json").exists():
            seconds = check(asked.folder / name, out / name)
            print(f"{name}: {seconds:.1f} CPU-s")
        case = json.loads((out / name / "case.json").read_text("utf-8"))
        score(json.loads(beside.read_text("utf-8")), case, total)
        verdicts = [f["verdict"] for f in case["findings"] if f["severity"] != "D"]
        doubts = [
            r for d in case["documents"] for r in d["fields"].values() if r["status"] == "doubtful"
        ]
        print(
            f"{name}: {verdicts.count('fail')} fail, {verdicts.count('undecided')} undecided, {len(case['groups'])} groups, {len(doubts)} doubtful fields"
        )
    print(table(total))
    for line in total.examples[: asked.examples]:
        print("  ", line)
    return int(any(t["wrong, confirmed"] for t in total.fields.values()))


def check(folder: Path, out: Path) -> float:
    """Check one case in this process and return the CPU seconds it took."""
    from audit.pipeline.executor import SerialExecutor
    from audit.pipeline.run import RunOptions, check_case

    begun = time.process_time()
    check_case(folder, out, RunOptions(), SerialExecutor(), lambda *_: None)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())

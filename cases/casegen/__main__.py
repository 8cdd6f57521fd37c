"""``python -m cases.casegen demo|clean|all|many --out DIR``."""

from __future__ import annotations

import argparse
import random
import shutil
from dataclasses import replace
from pathlib import Path

from cases.casegen import build, demo, folders, scenario
from cases.casegen.model import Case


def main() -> None:
    """Write the cases asked for; what is expected of them lies beside each folder."""
    parser = argparse.ArgumentParser(prog="python -m cases.casegen", description=__doc__)
    parser.add_argument("what", choices=("demo", "clean", "all", "many"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--rows", default="6..60", help="number of rows, or a range a..b")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.what in {"clean", "all"}:
        _write(demo.clean_case(), asked.out, [])
    if asked.what in {"demo", "all"}:
        case, wanted = demo.demo_case()
        _write(case, asked.out, wanted)
    if asked.what == "many":
        many(asked.out, asked.count, asked.rows, asked.seed)


def many(out: Path, count: int, rows: str, seed: int) -> None:
    """Write ``count`` honest cases of ``rows`` (``a..b`` or a number) rows, scanned in bulk."""
    low, _, high = rows.partition("..")
    rng = random.Random(f"many-{seed}")
    for number in range(count):
        size = rng.randint(int(low), int(high or low))
        case = scenario.honest(seed * 1000 + number, size)
        _write(folders.bulk(replace(case, name=f"case-{seed:02d}-{number:03d}")), out, [])


def _write(case: Case, out: Path, wanted: list[dict[str, object]]) -> None:
    shutil.rmtree(out / case.name, ignore_errors=True)
    truth = build.write_case(case, out / case.name)
    build.write_json(wanted, out / f"{case.name}-expected.json")
    build.write_json(truth, out / f"{case.name}-truth.json")
    print(f"{case.name}: {len(case.rows)} rows, {len(truth['pages'])} pages")  # noqa: T201


if __name__ == "__main__":
    main()

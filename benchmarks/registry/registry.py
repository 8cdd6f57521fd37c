"""A registry of a million invoices: what recording a case of 500 and checking it costs.

    python -m benchmarks.registry.registry [--invoices 1000000] [--place registry.db]

The stock alternative beside it: the same check as one ``IN`` query of the standard ``sqlite3``
module on the same file.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from audit.model import Holder, Sighting
from audit.pipeline.crosscase import look_up
from audit.store.registry import Registry

PER_CASE = 500


def sighting(number: int, case: int) -> Sighting:
    """Return an invoice of a case."""
    return Sighting(
        "invoice", f"2450{number:016}", f"k{number}", f"发票/{number % PER_CASE}.pdf", 0,
        Decimal(100 * (number % 997) + number % 89), date(2023, 1 + number % 12, 1 + number % 28),
        f"重庆第{case}制造有限公司", f"成都第{number % 5000}软件有限公司",
    )  # fmt: skip


def main() -> None:
    """Fill, record, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--place", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.place or str(Path(folder) / "registry.db")
        with Registry(place) as book:
            started = time.process_time()
            for case in range(arguments.invoices // PER_CASE):
                first = case * PER_CASE
                book.record(
                    Holder(f"case-{case}", f"重庆第{case}制造有限公司", f"ID{case}", year=2023),
                    [sighting(n, case) for n in range(first, first + PER_CASE)],
                )
            print(
                f"filled with {arguments.invoices} invoices: {time.process_time() - started:.0f} CPU-s"
            )
            ours = [
                sighting(n, -1) for n in range(arguments.invoices - 20, arguments.invoices + 480)
            ]
            holder = Holder("new", "重庆新制造有限公司", "NEW")
            wall, cpu = time.perf_counter(), time.process_time()
            book.record(holder, ours)
            recorded = time.perf_counter() - wall
            view = look_up(book, holder, ours)
            print(
                f"record {len(ours)}: {recorded:.3f} s; record and check: "
                f"{time.perf_counter() - wall:.3f} s wall, {time.process_time() - cpu:.3f} CPU-s; "
                f"{len(view.hits)} hits, {len(view.crowds)} crowds"
            )
        if not place.startswith("postgres"):
            stock(place, [s.key for s in ours])


def stock(place: str, keys: list[str]) -> None:
    """Print what the bare query costs."""
    with sqlite3.connect(place) as db:
        started = time.perf_counter()
        marks = ",".join("?" * len(keys))
        found = db.execute(
            f"SELECT * FROM sighting WHERE kind='invoice' AND mark IN ({marks}) AND case_id<>'new'",
            keys,
        ).fetchall()
        print(
            f"bare sqlite3 query: {time.perf_counter() - started:.3f} s, {len(found)} rows; file {Path(place).stat().st_size / 1e6:.0f} MB"
        )


if __name__ == "__main__":
    main()

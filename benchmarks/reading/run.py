"""Read labelled born-digital invoices as scans, copies and photographs, by three engines.

    python -m benchmarks.reading.run SAMPLES_DIR [--cases CASES_DIR]
        [--engines ours,rapid,tesseract] [--media TEXT] [--files N] [--no-codes] [--misses]

SAMPLES_DIR as for ``benchmarks/accuracy/samples.py``. Every invoice PDF is drawn at 200 dpi and
degraded in each way of ``media.py`` (seeded by name); invoice pictures of the samples are read
as they are. CASES_DIR: cases of ``python -m cases.casegen many``, whose scanned invoice pages
are read as well. Prints, per engine and medium, the key fields right / doubtful / missing / read
wrong / confirmed wrong, the CPU-seconds a page by stage, and how confidence holds up.
"""

# ruff: noqa: ANN401 - wrappers and packages without types
from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from audit.model import Document, DocumentKind, PageResult, Reading, Status  # noqa: E402
from audit.pixels.raster import Raster  # noqa: E402
from benchmarks.accuracy.samples import FIELDS, judge, same  # noqa: E402
from benchmarks.reading import engines  # noqa: E402
from benchmarks.reading.media import DPI, MEDIA, as_scanned  # noqa: E402

VERDICTS = ("right", "doubtful", "missing", "read wrong", "confirmed wrong")
KEY = frozenset(FIELDS) - {"check_code", "total_in_words", "invoice_code"}
BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.01)


@dataclass
class Score:
    """What one engine did on one medium."""

    verdicts: Counter[str] = field(default_factory=Counter)
    value_right: int = 0
    fields: int = 0
    by_field: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass
class Run:
    """Everything counted, by engine."""

    scores: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    spent: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bins: dict[str, dict[int, Counter[bool]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    misses: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("samples", type=Path)
    parser.add_argument("--cases", type=Path, help="folder of generated cases")
    parser.add_argument("--engines", default="ours,rapid,tesseract")
    parser.add_argument("--media", default="", help="only media whose name contains this")
    parser.add_argument("--only", default="", help="only files whose name contains this")
    parser.add_argument("--files", type=int, default=1000, help="at most so many PDF files")
    parser.add_argument("--no-codes", action="store_true", help="QR codes are not looked at")
    parser.add_argument("--misses", action="store_true", help="list every field not right")
    chosen = parser.parse_args()
    names = chosen.engines.split(",")
    run = Run()
    for engine in names:
        warm_up(engine)
    sources = (pages(chosen), generated(chosen) if chosen.cases else ())
    for label, medium, raster in itertools.chain(*sources):
        for engine in names:
            result = read(engine, raster, run.spent[engine, medium], codes=not chosen.no_codes)
            count(run, engine, medium, label, result)
    show(run, names, misses=chosen.misses)
    silent = sum(s.verdicts["confirmed wrong"] for (e, _), s in run.scores.items() if e == "ours")
    return 1 if silent else 0


def warm_up(engine: str) -> None:
    """Load models before anything is timed."""
    import numpy as np

    read(engine, Raster(np.full((400, 600, 3), 255, np.uint8), DPI), Counter())


def read(engine: str, raster: Raster, spent: Counter[str], *, codes: bool = True) -> PageResult:
    if engine == "ours":
        return engines.ours(raster, spent, codes=codes)
    lines = engines.rapid_lines if engine == "rapid" else engines.tesseract_lines
    return engines.by_lines(raster, spent, lines, codes=codes)


def pages(chosen: Any) -> Iterator[tuple[dict[str, Any], str, Raster]]:
    """Yield label, medium and picture of everything to read."""
    from benchmarks.accuracy.samples import labels

    taken = 0
    for label in labels(chosen.samples, chosen.only):
        path = chosen.samples / label["file"]
        if label["kind"] == "invoice_image" and chosen.media in "real pictures":
            raster = drawn(path)
            if raster is not None:
                yield label, "real pictures", raster
        if label["kind"] != "invoice_pdf" or label.get("pages") != 1 or taken >= chosen.files:
            continue
        taken += 1
        raster = drawn(path)
        if raster is None:
            continue
        for medium in MEDIA:
            if chosen.media in medium.name:
                pixels = as_scanned(raster.pixels, medium, path.name)
                yield label, medium.name, Raster(pixels, medium.how.get("to_dpi", DPI))


def generated(chosen: Any) -> Iterator[tuple[dict[str, Any], str, Raster]]:
    """Yield the scanned invoices of generated cases with what is printed on them."""
    names = {field_name: name for name, field_name in FIELDS.items()}
    for beside in sorted(chosen.cases.glob("*-truth.json")):
        folder = chosen.cases / beside.name.removesuffix("-truth.json")
        for page in json.loads(beside.read_text("utf-8"))["pages"]:
            medium = f"case {page['medium']}"
            wanted = page["kind"] == "vat_invoice" and page["medium"] not in {"pdf", "ofd", "xml"}
            if not wanted or chosen.media not in medium or chosen.only not in page["file"]:
                continue
            raster = drawn(folder / page["file"], page["page"] - 1)
            for document in page["documents"] if raster is not None else ():
                label = {names[f]: v for f, v in document["fields"].items() if f in names}
                place = f"{page['file']}#{page['page']}"
                yield {"file": f"{folder.name}/{place}".replace("/", "|"), **label}, medium, raster


def drawn(path: Path, page_index: int = 0) -> Raster | None:
    """Return a page's picture as the product sees it."""
    from audit.readers import open_pages, survey
    from audit.settings import DEFAULT_LIMITS

    found = survey(path, path.name, DEFAULT_LIMITS)
    for page in open_pages(path, found, (page_index,), DEFAULT_LIMITS):
        return page.raster()
    return None


def count(run: Run, engine: str, medium: str, label: dict[str, Any], result: PageResult) -> None:
    score = run.scores[engine, medium]
    invoices = [d for d in result.documents if d.kind is DocumentKind.VAT_INVOICE]
    best = max(invoices, key=lambda d: likeness(label, d), default=None)
    document = best or Document(DocumentKind.VAT_INVOICE)
    for name, field_name in FIELDS.items():
        if name not in KEY or label.get(name) is None:
            continue
        reading = document.get(field_name)
        verdict, right = judge(label[name], reading), same(label[name], reading.value)
        score.verdicts[verdict] += 1
        score.by_field[field_name][verdict] += 1
        score.value_right += right
        score.fields += 1
        if reading.value is not None:
            run.bins[engine][bin_of(reading.confidence)][right] += 1
        if verdict != "right":
            run.misses.append(miss(engine, medium, label, field_name, verdict, name, reading))


def likeness(label: dict[str, Any], document: Document) -> int:
    """Return how many fields agree: which of several invoices on a page the label means."""
    return sum(
        same(label[name], document.get(f).value) for name, f in FIELDS.items() if label.get(name)
    )


def bin_of(confidence: float) -> int:
    return max(i for i, low in enumerate(BINS) if confidence >= low)


def miss(
    engine: str,
    medium: str,
    label: dict[str, Any],
    field_name: str,
    verdict: str,
    name: str,
    reading: Reading,
) -> str:
    reasons = " ".join(r.key for r in reading.reasons)
    mark = "" if reading.status is Status.MISSING or not same(label[name], reading.value) else "="
    file = label["file"].rpartition("/")[2][-26:]
    return (
        f"{engine:10}{verdict:16}{medium:18}{file:28}{field_name:20}"
        f"{label[name]!r} <-{mark} {reading.value!s} [{reasons}]"
    )


def show(run: Run, names: list[str], *, misses: bool) -> None:
    media = list(dict.fromkeys(medium for _, medium in run.scores))
    for engine in names:
        print(f"\n{engine}: key fields by medium")
        head = f"{'medium':20}{'fields':>8}{'value right':>13}"
        print(head + "".join(f"{v:>17}" for v in VERDICTS) + f"{'CPU-s/page':>12}")
        total, spent = Score(), Counter[str]()
        for medium in media:
            score, cost = run.scores[engine, medium], run.spent[engine, medium]
            print(row(medium, score, cost))
            total.fields += score.fields
            total.value_right += score.value_right
            total.verdicts += score.verdicts
            spent += cost
            for name, counts in score.by_field.items():
                total.by_field[name] += counts
        print(row("ALL", total, spent))
        print(f"\n{engine}: by field (all media)")
        for name, counts in total.by_field.items():
            print(f"{name:24}" + "".join(f"{counts[v]:>17}" for v in VERDICTS))
        stages(engine, spent)
        reliability(run, engine)
    if misses:
        print("\n".join(run.misses))


def row(medium: str, score: Score, spent: Counter[str]) -> str:
    share = 100 * score.value_right / max(score.fields, 1)
    cost = spent["all"] / max(spent["pages"], 1)
    cells = (
        f"{score.verdicts[v]:>8}{100 * score.verdicts[v] / max(score.fields, 1):>8.1f}%"
        for v in VERDICTS
    )
    return f"{medium:20}{score.fields:>8}{share:>12.1f}%" + "".join(cells) + f"{cost:>12.2f}"


def stages(engine: str, spent: Counter[str]) -> None:
    pages_read = max(spent["pages"], 1)
    parts = [(n, s / pages_read) for n, s in spent.items() if n not in {"all", "pages"}]
    if parts:
        print(f"{engine}: a page by stage: " + ", ".join(f"{n} {s:.3f}" for n, s in parts))


def reliability(run: Run, engine: str) -> None:
    print(f"{engine}: share wrong by confidence of the reading")
    for index, low in enumerate(BINS[:-1]):
        counts = run.bins[engine][index]
        size = counts[True] + counts[False]
        if size:
            high = min(1.0, BINS[index + 1])
            print(
                f"  {low:.3f}-{high:.3f}  {size:>5} readings  {100 * counts[False] / size:5.1f} % wrong"
            )


if __name__ == "__main__":
    sys.exit(main())

"""The cases of the fault matrix: an honest folder, its spoilt twin, and what counts as found."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.cases.run import check
from cases.casegen import build, demo, folders, scenario
from cases.casegen.lookalikes import LOOKALIKES
from cases.casegen.model import Case, Look, Sheet
from cases.casegen.planting import FAULTS, Fault, Work

Shape = tuple[tuple[Sheet, ...], bool, bool, int, int]
Marks = set[tuple[str, str]]

LOOKS = (folders.COLOUR, folders.SLANTED, replace(folders.COLOUR, noise=2.6, blur=0.8),
         replace(folders.COLOUR, dpi=170), replace(folders.COLOUR, ink=0.85))  # fmt: skip
# A folder of six pages lacks most of what the notice asks for: fails of these rules for what is
# not in it are no false alarms.
LACKING = {"N02", "N04", "N09", "N11", "N12", *(f"N{k}" for k in range(15, 26))} - {"N18"}


@dataclass(frozen=True)
class Outcome:
    """What one variant of a fault or look-alike gave.

    ``verdict``: fail, undecided, elsewhere (another rule noticed something new), missed, or empty
    for a look-alike; ``fresh``: findings that the honest twin lacks; ``alarms``: false fails.
    """

    key: str
    seed: int
    verdict: str
    fresh: tuple[str, ...]
    alarms: tuple[str, ...]
    pages: int


class Matrix:
    """Runs variants in a working folder; honest twins of one shape and seed are checked once.

    A twin's stored stages serve its spoilt cases: only the pages that were changed are read again.
    """

    def __init__(self, folder: Path, *, digital: bool) -> None:
        self._folder = folder
        self._digital = digital
        self._twins: dict[Shape, tuple[Marks, tuple[str, ...]]] = {}

    def outcome(self, key: str, seed: int) -> Outcome:
        """Return what one variant (``seed`` from 0) of a fault or look-alike gives."""
        one = {**LOOKALIKES, **FAULTS}[key]
        scan, forms = one.scan and not self._digital, not one.scan and not self._digital
        shape = (one.extra, scan, forms, one.rows, seed)
        case = honest_case(one, seed, scan=scan, forms=forms)
        twin, known = self._twin(shape, case)
        work = Work(case, random.Random(f"{key}-{seed}"))
        one.spoil(work)
        spoilt = work.finish()
        data = self._checked(shape, spoilt)
        fresh = [f for f in data["findings"] if (f["rule"], f["message"]) not in twin]
        alarms = () if one.rules else tuple(a for a in false_alarms(data) if a not in known)
        return Outcome(
            key,
            seed,
            hit(one, work, spoilt, data, fresh) if one.rules else "",
            tuple(f"{f['rule']} {f['verdict']} {f['message']}" for f in fresh),
            alarms,
            sum(1 for _ in data["pages"]),
        )

    def alarms(self) -> list[str]:
        """Return the false fails of all honest twins seen so far."""
        return [a for _, found in self._twins.values() for a in found]

    @property
    def twins(self) -> int:
        """Return how many honest twins were checked."""
        return len(self._twins)

    def _twin(self, shape: Shape, case: Case) -> tuple[Marks, tuple[str, ...]]:
        if shape not in self._twins:
            data = self._checked(shape, case)
            marks = {(f["rule"], f["message"]) for f in data["findings"]}
            self._twins[shape] = (marks, tuple(false_alarms(data)))
        return self._twins[shape]

    def _checked(self, shape: Shape, case: Case) -> dict[str, Any]:
        place = self._folder / f"{abs(hash(shape)):x}"
        shutil.rmtree(place / "in", ignore_errors=True)
        build.write_case(case, place / "in")
        check(place / "in", place / "out")
        data: dict[str, Any] = json.loads((place / "out" / "case.json").read_text("utf-8"))
        return data


def honest_case(one: Fault, seed: int, *, scan: bool, forms: bool) -> Case:
    """Return the honest small case in which the fault will be planted."""
    case = scenario.honest(9000 + seed, one.rows)
    named = {("first",): case.rows[0].contract, ("last",): case.rows[-1].contract}
    extra = [
        replace(s, subject=(named[s.subject],)) if s.subject in named else s for s in one.extra
    ]
    look: Look = LOOKS[seed % len(LOOKS)]
    return folders.small(case, *extra, scan=scan, forms=forms, look=look)


def hit(
    one: Fault, work: Work, case: Case, data: dict[str, Any], fresh: list[dict[str, Any]]
) -> str:
    """Return fail, undecided, elsewhere (another rule noticed something new) or missed."""
    files = set(demo.expected(one.key, work, case)["files"]) if one.key in FAULTS else set()
    where = {d["id"]: d["file"] for d in data["documents"]}
    open_now = [f for f in fresh if f["verdict"] in {"fail", "undecided"}]
    best = "missed" if not open_now else "elsewhere"
    for found in open_now:
        if found["rule"] not in one.rules:
            continue
        said = {where.get(d, "") for d in found["subjects"]["documents"]}
        said |= set(found["subjects"]["files"]) | {e["file"] for e in found["evidence"]}
        named = bool(set(found["subjects"]["rows"]) & set(work.rows)) or bool(said & files)
        if named or not (work.rows or files) or one.key.startswith("missing_"):
            best = "fail" if "fail" in {best, found["verdict"]} else "undecided"
    return best


def false_alarms(data: dict[str, Any]) -> list[str]:
    """Return the fails of an honest small case that cannot be laid on papers it lacks."""
    return [f"{f['rule']} {f['message']}" for f in data["findings"]
            if f["verdict"] == "fail" and f["severity"] != "D" and f["rule"] not in LACKING]  # fmt: skip

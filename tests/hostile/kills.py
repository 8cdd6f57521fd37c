"""Kills a reading run at random moments and runs it again: nothing lost, nothing twice.

As a command: ``python -m tests.hostile.kills 200 3`` makes so many trials from a seed.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from audit.model import codec
from audit.pipeline.collect import Collector, FilePages
from audit.pipeline.executor import Executor, PoolExecutor, SerialExecutor
from audit.settings import DEFAULT_LIMITS, Options
from audit.store.workspace import Workspace
from tests.hostile.build import docx_parts, einvoice, page_pdf, text_content, xlsx_parts, zipped

#: A run of the case below takes about so long; kills are spread over it.
_LONGEST = 6.0


def write_case(folder: Path) -> None:
    """Write a small case that needs no text recognition."""
    folder.mkdir(parents=True)
    for number in range(6):
        pages = page_pdf(text_content(f"Invoice 1234567{number} total 1{number}30.00 paid in full"))
        (folder / f"{number}.pdf").write_bytes(pages)
    (folder / "book.xlsx").write_bytes(zipped(xlsx_parts()))
    (folder / "report.docx").write_bytes(zipped(docx_parts()))
    (folder / "e.xml").write_bytes(einvoice())
    (folder / "same.xml").write_bytes(einvoice())
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "more.zip").write_bytes(
        zipped({"in/ner.xml": einvoice("<a>1</a>"), "list.csv": b"a,b\n1,2\n"})
    )


def read(case: Path, out: Path, executor: Executor) -> tuple[FilePages, ...]:
    """Read a case into a workspace."""
    with Workspace(out) as space:
        collector = Collector(space, executor, Options(), DEFAULT_LIMITS, lambda *_: None)
        return collector.read_case(case)


def summary(files: tuple[FilePages, ...]) -> str:
    """Return all that was read, as text that is the same for the same result."""
    rows = [
        {
            "file": f.intake.file,
            "sha256": f.intake.sha256,
            "problems": codec.encode(f.problems),
            "results": [json.loads(codec.dumps(r)) for r in f.results],
            "pictures": f.pictures,
            "same": f.same_as,
        }
        for f in files
    ]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True)


def folder_state(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return hash, mode and time of change of every file below a folder."""
    return {
        str(p.relative_to(folder)): (
            hashlib.sha256(p.read_bytes()).hexdigest(),
            p.stat().st_mode,
            p.stat().st_mtime_ns,
        )
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def killed_after(case: Path, out: Path, seconds: float) -> int:
    """Run a reading process, kill it after a while; returns how many of its workers outlive it."""
    command = [sys.executable, "-m", "tests.hostile.kills", "--read", str(case), str(out)]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        children = psutil.Process(process.pid).children(recursive=True)
        # Only the parent: its workers must follow by themselves.
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        _, alive = psutil.wait_procs(children, timeout=5)
        return len(alive)
    return 0


def trial(case: Path, out: Path, expected: str, chance: random.Random, longest: float) -> list[str]:
    """Kill one to three times, then let a run end; returns what differs from an undisturbed run."""
    outlived = sum(
        killed_after(case, out, chance.uniform(0.2, longest)) for _ in range(chance.randint(1, 3))
    )
    found = summary(read(case, out, SerialExecutor()))
    wrong = [] if found == expected else ["the result differs"]
    wrong += [f"{outlived} workers outlived the run"] if outlived else []
    left = [p.name for p in (out / "pages").iterdir() if p.name.startswith((".", "tmp"))]
    wrong += [f"left over: {name}" for name in left]
    if (out / ".work").exists():
        wrong.append("work folder left")
    return wrong


def main() -> int:
    """Run trials, or (``--read``) one reading run for a trial to kill."""
    if sys.argv[1:2] == ["--read"]:
        read(Path(sys.argv[2]), Path(sys.argv[3]), PoolExecutor(1))
        return 0
    count, seed = (int(one) for one in (*sys.argv[1:], "20", "1")[:2])
    chance = random.Random(seed)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_case(root / "case")
        before = folder_state(root / "case")
        expected = summary(read(root / "case", root / "first", SerialExecutor()))
        started = time.monotonic()
        for number in range(count):
            wrong = trial(root / "case", root / f"out{number}", expected, chance, _LONGEST)
            bad += bool(wrong)
            if wrong:
                print(number, wrong)  # noqa: T201
        if folder_state(root / "case") != before:
            print("the case folder changed")  # noqa: T201
            bad += 1
        seconds = time.monotonic() - started
    print(f"{count} trials, {bad} wrong, {seconds:.0f} s")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""Old and foreign office formats through an installed LibreOffice, printed as PDF.

The converted print comes as a member of the file, as if it were an archive: pages, text and
seals are then read like those of any PDF. Without LibreOffice the file is refused by name.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from audit.model import Problem, problem
from audit.readers.base import Member
from audit.settings import Limits

#: Formats (by their everyday name) that LibreOffice prints and nothing here reads.
CONVERTIBLE = {
    "DOC": ".doc",
    "Word XML": ".xml",
    "RTF": ".rtf",
    "ODT": ".odt",
    "PPT": ".ppt",
    "PPTX": ".pptx",
}
#: A conversion may take as long as so many pages.
_PAGES_OF_TIME = 2.5
_WINDOWS = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
#: What a converter writes of the moment of conversion; blanked so that a print is reproducible.
_MOMENTS = (
    re.compile(rb"/(?:CreationDate|ModDate)\s*\(([^)]*)\)"),
    re.compile(rb"/ID\s*\[([^\]]*)\]"),
    re.compile(rb"/DocChecksum\s*/([0-9A-Fa-f]+)"),
)
_KEEP = frozenset(b"<>[]() \r\n")


@cache
def converter() -> str:
    """Return the path of LibreOffice, empty if it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None and sys.platform == "win32":
        found = next((path for path in _WINDOWS if Path(path).is_file()), None)
    return found or ""


def can_print(type_name: str) -> bool:
    """Tell whether a file of this type can be printed here."""
    return type_name in CONVERTIBLE and bool(converter())


def print_office(
    path: Path, target: Path, type_name: str, limits: Limits
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Print ``path`` as PDF into ``target``; E509 if it takes too long, E204 if it fails."""
    seconds = int(limits.page_seconds * _PAGES_OF_TIME)
    with _workplace(target) as place:
        source = place / f"in{CONVERTIBLE[type_name]}"
        shutil.copyfile(path, source)
        try:
            _run(source, place, seconds)
        except subprocess.TimeoutExpired:
            return (), (problem("E509", seconds=seconds),)
        except OSError:
            return (), (problem("E204", type=type_name),)
        printed = place / "in.pdf"
        if not printed.is_file() or printed.stat().st_size > limits.file_bytes:
            return (), (problem("E204", type=type_name),)
        kept = target / "print.pdf"
        kept.write_bytes(without_moments(printed.read_bytes()))
    return (Member(f"{type_name}.pdf", kept, kept.stat().st_size),), ()


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    place = target / "office"
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _run(source: Path, place: Path, seconds: int) -> None:
    command = [
        converter(), f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless",
        "--norestore", "--nologo", "--nodefault", "--convert-to", "pdf", "--outdir", str(place),
        str(source),
    ]  # fmt: skip
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "SYSTEMROOT", "LANG", "LC_ALL"}}
    environment = {**kept, "HOME": str(place), "TMPDIR": str(place), "TEMP": str(place)}
    posix = sys.platform != "win32"
    process = subprocess.Popen(  # noqa: S603 - the file's name is ours, never the user's
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment, cwd=place, start_new_session=posix,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )  # fmt: skip
    try:
        process.wait(seconds)
    finally:
        if process.poll() is None or posix:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the converter and whatever it started (its own session), which we alone made."""
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def _die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def without_moments(pdf: bytes) -> bytes:
    """Return the PDF with dates and identifiers of its making blanked, every byte in its place."""
    blanked = bytearray(pdf)
    for pattern in _MOMENTS:
        for match in pattern.finditer(pdf):
            for place in range(*match.span(1)):
                if blanked[place] not in _KEEP:
                    blanked[place] = ord("0")
    return bytes(blanked)

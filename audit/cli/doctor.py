"""``audit doctor``: what is installed, which models, which optional programs."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator

from audit import __version__
from audit.errors import MissingPartError
from audit.i18n import told
from audit.log import NAME as LOG

#: Distributions without which the main job cannot run.
NEEDED = (
    "onnxruntime", "rapidocr", "opencv-python-headless", "numpy", "pillow", "zxing-cpp",
    "pylopdf-fonts-zh-cn", "pypdfium2", "lxml", "openpyxl", "python-calamine", "xlsxwriter",
    "python-docx", "rapidfuzz", "ortools", "typer", "rich", "jinja2", "pebble", "psutil", "filelock",
)  # fmt: skip
#: Another build of the same module beside ours silently overwrites it.
RIVALS = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")


def examine() -> int:
    """Print what is there and what is missing; returns 0, or 7 if something needed is missing."""
    good = True
    for ok, line in _findings():
        sys.stdout.write(f"{'✓' if ok else '✗'} {line}\n")
        good = good and ok
    for line in _optional():
        sys.stdout.write(f"· {line}\n")
    return 0 if good else MissingPartError.exit_code


def _findings() -> Iterator[tuple[bool, str]]:
    yield (
        True,
        told(
            "cli.doctor.program",
            version=__version__,
            python=platform.python_version(),
            system=f"{platform.system()} {platform.machine()}",
        ),
    )
    yield True, f"SQLite {sqlite3.sqlite_version}"
    for name in NEEDED:
        version = _version(name)
        yield version is not None, f"{name} {version or told('cli.doctor.missing')}"
    for name in RIVALS:
        if _version(name) is not None:
            yield False, told("cli.doctor.rival", name=name)
    yield from _models()


def _models() -> Iterator[tuple[bool, str]]:
    from audit.recognise.models import verify_models

    for name, trouble in verify_models():
        yield (
            trouble is None,
            told("cli.doctor.model", name=name, state=trouble or told("cli.doctor.same")),
        )


def _optional() -> Iterator[str]:
    yield told("cli.doctor.log", file=LOG)
    sm2 = _version("gmalg")
    yield told("cli.doctor.sm2" if sm2 else "cli.doctor.no_sm2", version=sm2)
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        yield told("cli.doctor.no_tesseract")
        return
    command = [tesseract, "--list-langs"]  # the path that which() found
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    chinese = "chi_sim" in answer.stdout.split()
    key = "cli.doctor.tesseract" if chinese else "cli.doctor.tesseract_no_chinese"
    yield told(key, program=tesseract)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None

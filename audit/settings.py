"""Limits and switches of a run, with the defaults of the house."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What an input may cost before it is refused by name (E5xx); sizes in bytes."""

    file_bytes: int = 200 * MEGABYTE
    case_bytes: int = 2 * GIGABYTE
    case_files: int = 5000
    folder_depth: int = 20
    archive_bytes: int = GIGABYTE
    archive_ratio: int = 100
    archive_ratio_from: int = 10 * MEGABYTE
    archive_entries: int = 2000
    archive_depth: int = 3
    image_pixels: int = 100_000_000
    raster_pixels: int = 40_000_000
    pages: int = 500
    table_rows: int = 200_000
    table_columns: int = 200
    empty_rows: int = 1000
    xml_depth: int = 256
    xml_bytes: int = 64 * MEGABYTE
    text_bytes: int = 10 * MEGABYTE
    page_seconds: int = 20
    task_pages: int = 8
    worker_bytes: int = int(1.5 * GIGABYTE)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one run that change what is read; part of the cache key."""

    raster_dpi: int = 200
    use_tesseract: bool = True


DEFAULT_LIMITS = Limits()


def default_jobs() -> int:
    """Return one worker per processor this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)

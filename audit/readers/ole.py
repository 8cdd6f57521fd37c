"""OLE compound files (old Office): which streams the root holds. Nothing else is read here.

Structure after [MS-CFB]: a header of 512 bytes, a table of sector chains (FAT), directory
entries of 128 bytes arranged as trees of siblings.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_NONE = 0xFFFFFFFA
_MOST_SECTORS = 4096
_HEADER_DIFAT = 109
_NAME_BYTES = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    left: int
    right: int
    child: int


def root_streams(path: Path) -> frozenset[str]:
    """Return the names directly under the root; empty if the file is damaged."""
    try:
        with path.open("rb") as source:
            entries = _directory(source.read(64 * 1024 * 1024))
    except (OSError, struct.error, IndexError, ValueError):
        return frozenset()
    return frozenset(_siblings(entries))


def _directory(data: bytes) -> Sequence[_Entry]:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        raise ValueError("sector size")
    size = 1 << shift
    first = struct.unpack_from("<I", data, 48)[0]
    fat = _fat(data, size)
    found: list[_Entry] = []
    sector, seen = first, 0
    while sector < _NONE and seen < _MOST_SECTORS:
        block = _sector(data, sector, size)
        found += [_entry(block[at : at + _ENTRY]) for at in range(0, len(block) - 127, _ENTRY)]
        sector, seen = fat[sector], seen + 1
    return found


def _fat(data: bytes, size: int) -> list[int]:
    numbers = struct.unpack_from(f"<{_HEADER_DIFAT}I", data, 76)
    fat: list[int] = []
    for number in numbers:
        if number < _NONE:
            block = _sector(data, number, size)
            fat += struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
    return fat


def _sector(data: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    if start >= len(data):
        raise ValueError("sector outside the file")
    return data[start : start + size]


def _entry(block: bytes) -> _Entry:
    length = struct.unpack_from("<H", block, 64)[0]
    name = block[: min(max(length - 2, 0), _NAME_BYTES)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<III", block, 68)
    return _Entry(name, left, right, child)


def _siblings(entries: Sequence[_Entry]) -> set[str]:
    names: set[str] = set()
    pending = [entries[0].child] if entries else []
    visited: set[int] = set()
    while pending:
        number = pending.pop()
        if number >= len(entries) or number in visited:
            continue
        visited.add(number)
        entry = entries[number]
        names.add(entry.name)
        pending += [entry.left, entry.right]
    return names

"""Writes old Office files small enough to read by eye: a compound file and a BIFF8 workbook."""

from __future__ import annotations

import struct

from audit.readers.ole import MAGIC

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file with these streams under its root, each at least 4096 bytes long."""
    bodies = {name: data.ljust(4096, b"\x00") for name, data in streams.items()}
    directory = -(-(len(bodies) + 1) * 128 // _SECTOR)
    chain: list[int] = []
    starts: dict[str, int] = {}
    for name, data in bodies.items():
        first, count = len(chain), -(-len(data) // _SECTOR)
        starts[name] = first
        chain += [*range(first + 1, first + count), _END]
    folder = len(chain)
    chain += [*range(folder + 1, folder + directory), _END]
    fat_at = len(chain)
    chain.append(_FAT)
    fat = struct.pack("<128I", *(chain + [_FREE] * (128 - len(chain))))
    entries = [_entry("Root Entry", 5, 1 if bodies else _FREE, _END, 0)]
    for number, (name, data) in enumerate(bodies.items(), 1):
        right = number + 1 if number < len(bodies) else _FREE
        entries.append(_entry(name, 2, _FREE, starts[name], len(data), right))
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, folder, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", fat_at, *[_FREE] * 108)
    body = b"".join(d.ljust(-(-len(d) // _SECTOR) * _SECTOR, b"\x00") for d in bodies.values())
    return head + body + b"".join(entries).ljust(directory * _SECTOR, b"\x00") + fat


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    entry = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    entry += struct.pack("<III", _FREE, right, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _string(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def workbook(rows: list[list[str | float]], name: str = "Sheet", *, hidden: bool = False) -> bytes:
    """Return the ``Workbook`` stream of one sheet."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    label = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    sheet_name = struct.pack("<IBB", 0, 1 if hidden else 0, 0) + label
    head = _record(0x0809, begin) + _record(0x0085, sheet_name) + _record(0x000A, b"")
    offset = struct.pack("<I", len(head))
    place = head.index(_record(0x0085, sheet_name)) + 4
    head = head[:place] + offset + head[place + 4 :]
    width = max(len(row) for row in rows)
    cells = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    cells += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            where = struct.pack("<HHH", r, c, 0)
            if isinstance(value, str):
                cells += _record(0x0204, where + _string(value))
            else:
                cells += _record(0x0203, where + struct.pack("<d", value))
    return head + cells + _record(0x000A, b"")

"""Zip containers from strangers: checked by their directory before any byte is unpacked."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from audit.model import Problem, problem
from audit.readers.base import UnreadableError
from audit.readers.xmlsafe import parse_xml
from audit.settings import Limits

if TYPE_CHECKING:
    from lxml import etree

_MEGABYTE = 1_000_000
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
#: What a broken or hostile zip raises inside ``zipfile``.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


def shown_size(size: int) -> str:
    """Return a size in bytes as a person reads it."""
    return f"{size / 1e6:.0f} MB" if size >= _MEGABYTE else f"{size / 1e3:.0f} KB"


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name: UTF-8 if flagged, else the first of UTF-8, GB18030, CP437 that fits."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def is_link(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a symbolic link or another special file."""
    mode = info.external_attr >> 16
    kind = stat.S_IFMT(mode)
    return kind not in {0, stat.S_IFREG, stat.S_IFDIR}


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a folder entry."""
    return info.filename.endswith(("/", "\\"))


def check_directory(infos: Sequence[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Raise ``UnreadableError`` where a directory promises too much.

    E504 entries, E502 unpacked size, E503 ratio (beyond ``archive_ratio_from``), E401
    encrypted members, E302 members that overlap in the file. ``size``: of the file.
    """
    check_promise(len(infos), sum(info.file_size for info in infos), size, limits)
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
        raise UnreadableError(problem("E401"))
    if _overlap(infos):
        raise UnreadableError(problem("E302", reason="ZIP overlap"))


def check_promise(count: int, unpacked: int, size: int, limits: Limits) -> None:
    """Raise ``UnreadableError`` where an archive of ``size`` bytes promises too much.

    ``count``: its members (E504); ``unpacked``: their bytes (E502), against its own (E503).
    """
    if count > limits.archive_entries:
        raise UnreadableError(problem("E504", count=count, limit=limits.archive_entries))
    if unpacked > limits.archive_bytes:
        limit = shown_size(limits.archive_bytes)
        raise UnreadableError(problem("E502", size=shown_size(unpacked), limit=limit))
    ratio = unpacked // max(size, 1)
    if unpacked > limits.archive_ratio_from and ratio > limits.archive_ratio:
        raise UnreadableError(problem("E503", ratio=ratio))


def _overlap(infos: Sequence[zipfile.ZipInfo]) -> bool:
    local_header = 30
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + local_header + info.compress_size
    return False


class Container(AbstractContextManager["Container"]):
    """An opened zip whose directory passed ``check_directory``; parts are found by name.

    Names are compared without case and leading slash, as OFD and OOXML producers differ.
    """

    def __init__(self, source: Path | IO[bytes], limits: Limits) -> None:
        """Open and check; raises ``UnreadableError`` (E302 for a damaged directory)."""
        self.limits = limits
        try:
            self._zip = zipfile.ZipFile(source)
            infos = self._zip.infolist()
            source_size = source.stat().st_size if isinstance(source, Path) else _length(source)
        except BROKEN as error:
            raise UnreadableError(damaged(error)) from error
        check_directory(infos, source_size, limits)
        self._infos = {_folded(member_name(i)): i for i in reversed(infos) if not is_folder(i)}
        self.names = tuple(member_name(i) for i in infos if not is_folder(i))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._infos

    def size(self, name: str) -> int:
        """Return the declared size of a part; 0 if there is none."""
        info = self._infos.get(_folded(name))
        return 0 if info is None else info.file_size

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return a part's bytes; E302 if missing or damaged, E501 beyond ``limit`` bytes."""
        info = self._infos.get(_folded(name))
        if info is None:
            raise UnreadableError(problem("E302", reason=_basename(name)))
        most = self.limits.archive_bytes if limit is None else limit
        if info.file_size > most:
            size = shown_size(info.file_size)
            raise UnreadableError(problem("E501", size=size, limit=shown_size(most)))
        try:
            with self._zip.open(info) as part:
                return part.read(info.file_size + 1)[: info.file_size]
        except BROKEN as error:
            raise UnreadableError(damaged(error)) from error

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML part, read safely."""
        return parse_xml(self.read(name, self.limits.xml_bytes), self.limits)

    def open(self, name: str) -> IO[bytes]:
        """Return a part as a stream; E302 if missing, E501 beyond ``xml_bytes``."""
        info = self._infos.get(_folded(name))
        if info is None:
            raise UnreadableError(problem("E302", reason=_basename(name)))
        if info.file_size > self.limits.xml_bytes:
            limit = shown_size(self.limits.xml_bytes)
            raise UnreadableError(problem("E501", size=shown_size(info.file_size), limit=limit))
        return self._zip.open(info)

    def ambiguities(self) -> tuple[Problem, ...]:
        """Return W608 if two parts carry one name: readers would differ in which they take."""
        counts = Counter(_folded(name) for name in self.names)
        twice = sorted(name for name, count in counts.items() if count > 1)
        return (problem("W608", what=", ".join(twice[:3])),) if twice else ()


def damaged(error: BaseException) -> Problem:
    """Return E302 for what a library said about a damaged file."""
    said = str(error).partition("\n")[0][:80]
    return problem("E302", reason=said or type(error).__name__)


def resolve(base: str, target: str) -> str:
    """Return the part that ``target``, written inside part ``base``, points at (``/``-joined)."""
    target = target.strip().replace("\\", "/")
    if target.startswith("/"):
        steps = target.split("/")
    else:
        steps = [*base.replace("\\", "/").split("/")[:-1], *target.split("/")]
    path: list[str] = []
    for step in steps:
        if step == "..":
            path = path[:-1]
        elif step not in {"", "."}:
            path.append(step)
    return "/".join(path)


def _folded(name: str) -> str:
    return resolve("", name).casefold()


def _basename(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2][:60]


def _length(source: IO[bytes]) -> int:
    here = source.tell()
    source.seek(0, 2)
    length = source.tell()
    source.seek(here)
    return length

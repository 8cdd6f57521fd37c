"""Bad files by family, each with the codes it may earn; built when asked for, never stored.

``expect``: any of these codes must be told; with ``OK`` in it the file may also be read without
one. What is not allowed to any of them: an internal error, a hang, a write elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OK = "ok"


@dataclass(frozen=True)
class Bad:
    """A file to be thrown at the readers."""

    name: str
    data: bytes
    expect: frozenset[str]


def bad(name: str, data: bytes, *expect: str) -> Bad:
    """Return a bad file that may earn any of ``expect``."""
    return Bad(name, data, frozenset(expect))


def corpus() -> Iterator[Bad]:
    """Yield every bad file."""
    from tests.hostile import images, office, papers, plain, zips

    yield from papers.files()
    yield from zips.files()
    yield from office.files()
    yield from images.files()
    yield from plain.files()

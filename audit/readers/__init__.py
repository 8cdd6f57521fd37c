"""Bytes to pages: every file is read for what it is, not for what its name says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from audit.model import Problem
from audit.readers.base import FileFormat, FileSurvey, Member, PageRead, UnreadableError
from audit.settings import Limits

__all__ = [
    "FileFormat",
    "FileSurvey",
    "Member",
    "PageRead",
    "UnreadableError",
    "open_pages",
    "survey",
    "unpack",
]


def survey(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return what the file is and how many pages it has.

    ``path`` is the content-addressed copy, ``name`` the shown name (its suffix is compared
    with the content: W203). A file that cannot be read has 0 pages and problems; damage in
    the data never raises.
    """
    from audit.readers import dispatch

    return dispatch.survey(path, name, limits)


def open_pages(
    path: Path,
    survey: FileSurvey,
    page_indexes: Sequence[int],
    limits: Limits,
) -> Iterator[PageRead]:
    """Yield the pages with these indexes (from 0), in the order asked.

    A page that cannot be read comes empty with its problem; data trouble never raises.
    """
    from audit.readers import dispatch

    return dispatch.open_pages(path, survey, page_indexes, limits)


def unpack(
    path: Path,
    target: Path,
    limits: Limits,
) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """Unpack an archive into ``target`` under names of our own; returns members and problems.

    A document in an old office format has its print as PDF for its only member.
    """
    from audit.readers import dispatch

    return dispatch.unpack(path, target, limits)

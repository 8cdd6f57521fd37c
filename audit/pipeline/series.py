"""Papers photographed or scanned page by page: pictures whose names follow one another.

``IMG_001.jpg``, ``IMG_002.jpg`` … in one folder may be the pages of one contract. A page joins
the one before it only if its own words say so: its printed number is the next one, or it claims
to go on with a paper of that kind. When unsure the pages stay papers of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from audit.model import Document, DocumentKind, PageMode, PageResult
from audit.pipeline.collect import FilePages
from audit.pipeline.continuation import (
    LONG_KINDS,
    STATEMENTS,
    Before,
    follows_by_number,
    goes_on,
    kind_inside,
    outside,
    page_number,
    with_page,
)
from audit.pipeline.copies import named
from audit.text.names import same_company

#: Mark of a document that is only the later pages of a paper (scanned into a file of their own).
ORPHAN = "续页"
_NUMBER = re.compile(r"\d{1,6}(?!.*\d)")

Documents = MutableMapping[str, list[Document]]
Kinds = MutableMapping[tuple[str, int], DocumentKind]


@dataclass(frozen=True, slots=True)
class _Open:
    """The paper that may go on in the next picture, and the file that holds it."""

    holder: str
    before: Before


def join_series(files: Sequence[FilePages], documents: Documents, kinds: Kinds) -> None:
    """Join papers over pictures of one page, in place.

    ``documents``: those of every file; ``kinds``: of every page (file, index).
    """
    for series in _series(files):
        last: int | None = None
        paper: _Open | None = None
        for number, file in series:
            follows = last is not None and number == last + 1
            paper = _next(file, paper if follows else None, documents, kinds)
            last = number


def _series(files: Sequence[FilePages]) -> Iterator[list[tuple[int, FilePages]]]:
    """Yield the single scanned pages of one folder whose names differ in their last number."""
    found: dict[tuple[str, str, str, str], list[tuple[int, FilePages]]] = defaultdict(list)
    for file in files:
        if len(file.results) != 1 or file.results[0].page.mode is PageMode.DIGITAL or file.same_as:
            continue
        path = PurePosixPath(file.intake.file)
        match = _NUMBER.search(path.stem)
        if match is not None:
            name = (str(path.parent), path.stem[: match.start()], path.stem[match.end() :])
            found[*name, path.suffix.lower()].append((int(match.group()), file))
    for series in found.values():
        if len(series) > 1:
            yield sorted(series, key=lambda one: (one[0], one[1].intake.file))


def _next(file: FilePages, paper: _Open | None, documents: Documents, kinds: Kinds) -> _Open | None:
    """Take one picture; returns the paper that may go on behind it."""
    name, result = file.intake.file, file.results[0]
    if outside(result):
        return paper
    own = documents[name]
    number = page_number(result)
    if paper is not None and _says_so(paper.before, result, own):
        first = paper.before.document
        index = result.page.page_index
        kinds[name, index] = kind_inside(first, result, own)
        whole = _continued(first, own[0] if own else None, (name, index))
        documents[paper.holder] = [whole if d is first else d for d in documents[paper.holder]]
        documents[name] = own[1:]
        return _Open(paper.holder, Before(whole, number)) if not own[1:] else None
    return _Open(name, Before(own[-1], number)) if own else None


def _says_so(before: Before, result: PageResult, own: list[Document]) -> bool:
    """Tell whether the page's own words join it to the paper before it."""
    last = before.document
    bound = _statement_of(last, result, own)
    if last.kind not in LONG_KINDS or (
        result.kind not in {last.kind, DocumentKind.OTHER} and not bound
    ):
        return False
    number = page_number(result)
    numbered = follows_by_number(before.number, number)
    if before.number[0] and number[0] and not numbered:
        return False
    claimed = result.continues and result.kind is last.kind
    return (numbered or claimed or bound) and goes_on(before, result, own)


def _statement_of(report: Document, result: PageResult, own: list[Document]) -> bool:
    """Tell whether a statement names the very company whose report stands before it.

    Notes go on behind statements that are bound into it already.
    """
    if report.kind is not DocumentKind.AUDIT_REPORT or not own:
        return False
    if result.kind is not DocumentKind.FINANCIAL_STATEMENT:
        return False
    if result.continues and STATEMENTS & set(report.marks):
        return True
    audited, named_there = report.get("company_name"), own[0].get("company_name")
    if not (audited.usable and named_there.usable and audited.text and named_there.text):
        return False
    return same_company(audited.text, named_there.text)


def _continued(first: Document, more: Document | None, place: tuple[str, int]) -> Document:
    """Return ``first`` with the page of another file; readings keep the file they come from."""
    if more is not None:
        marks = tuple(mark for mark in more.marks if mark != ORPHAN)
        more = replace(named(more, first.file), marks=marks)
    whole = with_page(first, more, place[1])
    return replace(whole, page_indexes=first.page_indexes, further=(*first.further, place))

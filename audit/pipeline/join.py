"""From pages to documents of the case: pages joined, copies merged, documents and rows numbered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from audit.model import (
    CasePage,
    Document,
    DocumentKind,
    LedgerRow,
    PageResult,
    RowRole,
    stable_key,
)
from audit.pipeline.alike import settle_alike
from audit.pipeline.collect import FilePages
from audit.pipeline.continuation import (
    Before,
    goes_on,
    kind_inside,
    outside,
    page_number,
    with_page,
)
from audit.pipeline.copies import invoice_key, merge_copies
from audit.pipeline.ledgerpages import case_rows
from audit.pipeline.series import ORPHAN, join_series

__all__ = ["ORPHAN", "invoice_key", "join_case", "number_rows"]


def join_case(
    files: Sequence[FilePages],
) -> tuple[tuple[Document, ...], tuple[CasePage, ...], tuple[LedgerRow, ...]]:
    """Return documents (ids D1…), pages (with their document ids) and all ledger rows.

    Rows are not numbered yet. Order follows files and pages, so ids are stable.
    """
    rows = case_rows([(file.intake.file, tuple(_rows_of(file))) for file in files])
    by_file: dict[str, list[Document]] = {}
    kinds: dict[tuple[str, int], DocumentKind] = {}
    for file in files:
        found, page_kinds = _join_file(file)
        by_file.setdefault(file.intake.file, []).extend(found)
        kinds.update({(file.intake.file, i): kind for i, kind in page_kinds.items()})
    join_series(files, by_file, kinds)
    documents = [document for found in by_file.values() for document in found]
    merged, rows = settle_alike(merge_copies(documents), rows)
    numbered = tuple(replace(d, id=f"D{n}") for n, d in enumerate(merged, 1))
    return numbered, _case_pages(files, numbered, kinds), rows


def _join_file(file: FilePages) -> tuple[list[Document], dict[int, DocumentKind]]:
    """Return a file's documents in order of their first page, and the kind of every page.

    Blank backs and pictures without words neither join a paper nor end it.
    """
    name = file.intake.file
    documents: list[Document] = []
    kinds: dict[int, DocumentKind] = {}
    open_ended, number = False, (0, 0)
    for result in file.results:
        index = result.page.page_index
        kinds[index] = result.kind
        if outside(result):
            continue
        own = [_placed(d, name, index, n, result) for n, d in enumerate(result.documents)]
        before = Before(documents[-1], number) if documents and open_ended else None
        if before is not None and goes_on(before, result, own):
            kinds[index] = kind_inside(before.document, result, own)
            documents[-1] = with_page(before.document, own[0] if own else None, index)
            documents.extend(own[1:])
        else:
            documents.extend(_orphan(d) if result.continues else d for d in own)
            open_ended = bool(own)
        number = page_number(result)
    return documents, kinds


def _orphan(page: Document) -> Document:
    """Return a later page whose first page is not in its file, marked as such."""
    return replace(page, marks=(*page.marks, ORPHAN))


def _placed(document: Document, file: str, index: int, order: int, result: PageResult) -> Document:
    key = stable_key(result.page.sha256, index, order, document.kind)
    return replace(document, file=file, key=key, page_indexes=(index,))


def _rows_of(file: FilePages) -> Iterable[PageResult]:
    """Yield the pages with file and key written into their ledger rows."""
    for result in file.results:
        keyed = [
            replace(
                row,
                key=stable_key(result.page.sha256, result.page.page_index, "row", order),
                file=file.intake.file,
                page_index=result.page.page_index,
            )
            for order, row in enumerate(result.rows)
        ]
        yield replace(result, rows=tuple(keyed))


def number_rows(rows: Sequence[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Return the rows with running numbers: items first counted 1…n, then subtotals and totals.

    Item numbers so agree with the 序号 a company prints.
    """
    items = sum(1 for r in rows if r.role is RowRole.ITEM)
    next_item, next_other = 1, items + 1
    numbered = []
    for row in rows:
        if row.role is RowRole.ITEM:
            numbered.append(replace(row, row=next_item))
            next_item += 1
        else:
            numbered.append(replace(row, row=next_other))
            next_other += 1
    return tuple(numbered)


def _case_pages(
    files: Sequence[FilePages],
    documents: Sequence[Document],
    kinds: Mapping[tuple[str, int], DocumentKind],
) -> tuple[CasePage, ...]:
    ids: dict[tuple[str, int], list[str]] = defaultdict(list)
    for document in documents:
        for place in document.places:
            ids[place].append(document.id)
    pages = []
    for file in files:
        name = file.intake.file
        for result, picture in zip(file.results, file.pictures, strict=True):
            place = (name, result.page.page_index)
            pages.append(
                CasePage(
                    file=name,
                    page=result.page,
                    kind=kinds[place],
                    document_ids=tuple(ids[place]),
                    lines=result.lines,
                    codes=result.codes,
                    cues=result.cues,
                    problems=result.problems,
                    picture=picture,
                )
            )
    return tuple(pages)

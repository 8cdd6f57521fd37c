"""From pages to documents of the case: pages joined, copies merged, documents and rows numbered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from audit.extract.ladder import contradicted, same_value
from audit.model import (
    CasePage,
    Document,
    DocumentKind,
    LedgerRow,
    PageResult,
    Reading,
    RowRole,
    Status,
    say,
    stable_key,
)
from audit.pipeline.alike import settle_alike
from audit.pipeline.collect import FilePages
from audit.pipeline.continuation import WEAK, Before, goes_on, page_number
from audit.pipeline.copies import invoice_key, merge_copies
from audit.pipeline.ledgerpages import case_rows

__all__ = ["ORPHAN", "invoice_key", "join_case", "number_rows"]


def join_case(
    files: Sequence[FilePages],
) -> tuple[tuple[Document, ...], tuple[CasePage, ...], tuple[LedgerRow, ...]]:
    """Return documents (ids D1…), pages (with their document ids) and all ledger rows.

    Rows are not numbered yet. Order follows files and pages, so ids are stable.
    """
    documents: list[Document] = []
    rows = case_rows([(file.intake.file, tuple(_rows_of(file))) for file in files])
    kinds: dict[tuple[str, int], DocumentKind] = {}
    for file in files:
        found, page_kinds = _join_file(file)
        documents.extend(found)
        kinds.update({(file.intake.file, i): kind for i, kind in page_kinds.items()})
    merged, rows = settle_alike(merge_copies(documents), rows)
    numbered = tuple(replace(d, id=f"D{n}") for n, d in enumerate(merged, 1))
    return numbered, _case_pages(files, numbered, kinds), rows


#: Mark of a document that is only the later pages of a paper (scanned into a file of their own).
ORPHAN = "续页"


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
        if _outside(result):
            continue
        own = [_placed(d, name, index, n, result) for n, d in enumerate(result.documents)]
        before = Before(documents[-1], number) if documents and open_ended else None
        if before is not None and goes_on(before, result, own):
            kinds[index] = _kind_inside(before.document, result, own)
            documents[-1] = _continued(before.document, own[0] if own else None, index)
            documents.extend(own[1:])
        else:
            documents.extend(_orphan(d) if result.continues else d for d in own)
            open_ended = bool(own)
        number = page_number(result)
    return documents, kinds


def _outside(result: PageResult) -> bool:
    """Tell whether a page stands outside all papers: blank, or a picture without words."""
    wordless = result.kind is DocumentKind.OTHER and not result.documents and not result.lines
    return result.kind is DocumentKind.BLANK or wordless


def _orphan(page: Document) -> Document:
    """Return a later page whose first page is not in its file, marked as such."""
    return replace(page, marks=(*page.marks, ORPHAN))


def _kind_inside(last: Document, result: PageResult, own: Sequence[Document]) -> DocumentKind:
    """Return the kind of a page that goes on: statements in a report stay what they are."""
    sure = not result.continues and result.kind_confidence >= WEAK
    titled = bool(own) and sure and result.kind is not DocumentKind.OTHER
    statement = bool(own) and result.kind is DocumentKind.FINANCIAL_STATEMENT
    return result.kind if titled or statement else last.kind


def _placed(document: Document, file: str, index: int, order: int, result: PageResult) -> Document:
    key = stable_key(result.page.sha256, index, order, document.kind)
    return replace(document, file=file, key=key, page_indexes=(index,))


def _continued(first: Document, more: Document | None, index: int) -> Document:
    """Return ``first`` with another page: fields it lacks come from there, items are added."""
    pages = (*first.page_indexes, index)
    if more is None or more.kind not in {first.kind, DocumentKind.FINANCIAL_STATEMENT}:
        return replace(first, page_indexes=pages)
    fields = dict(first.fields)
    for name, reading in more.fields.items():
        known = fields.get(name)
        fields[name] = reading if known is None else _same_on_both(name, known, reading)
    return replace(
        first,
        subkind=first.subkind or more.subkind,
        page_indexes=pages,
        fields=fields,
        items=(*first.items, *more.items),
        marks=tuple(dict.fromkeys((*first.marks, *more.marks))),
        reasons=(*first.reasons, *more.reasons),
    )


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


def _same_on_both(name: str, first: Reading, later: Reading) -> Reading:
    """Return the first page's reading; one that was unsure gains by a later page that agrees."""
    if first.status is Status.MISSING:
        return later
    if first.status is not Status.DOUBTFUL or not later.usable or later.value is None:
        return first
    agrees = first.value is not None and same_value(name, first.value, later.value)
    if not agrees or contradicted(first):
        return first
    sources = (*later.sources, *first.sources)
    return replace(later, sources=sources, reasons=(*later.reasons, say("join.other_page")))


def _case_pages(
    files: Sequence[FilePages],
    documents: Sequence[Document],
    kinds: Mapping[tuple[str, int], DocumentKind],
) -> tuple[CasePage, ...]:
    ids: dict[tuple[str, int], list[str]] = defaultdict(list)
    for document in documents:
        for place in [*((document.file, i) for i in document.page_indexes), *document.duplicates]:
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

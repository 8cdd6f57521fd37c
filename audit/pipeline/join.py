"""From pages to documents of the case: continuation pages, copies of one invoice, numbering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from audit.extract.ladder import reconcile
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
from audit.pipeline.collect import FilePages
from audit.pipeline.ledgerpages import case_rows
from audit.text.names import same_company
from audit.text.normal import compact

#: Kinds that run over several pages: an unclaimed page behind one of them belongs to it.
LONG_KINDS = frozenset(
    {
        DocumentKind.APPLICATION_FORM,
        DocumentKind.CONSTRUCTION_PLAN,
        DocumentKind.ACCEPTANCE_REPORT,
        DocumentKind.CONTRACT,
        DocumentKind.PROJECT_FILING,
        DocumentKind.SECURITY_EVIDENCE,
        DocumentKind.MATURITY_ASSESSMENT,
        DocumentKind.AUDIT_REPORT,
        DocumentKind.FINANCIAL_STATEMENT,
        DocumentKind.BANK_STATEMENT,
    }
)
#: What must agree before two papers with one number are taken for copies of one invoice.
SAME_FACE = (
    "issue_date",
    "amount_without_tax",
    "tax_amount",
    "total_with_tax",
    "buyer_name",
    "seller_name",
)


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
    merged = _merge_copies(documents)
    numbered = tuple(replace(d, id=f"D{n}") for n, d in enumerate(merged, 1))
    return numbered, _case_pages(files, numbered, kinds), rows


def _join_file(file: FilePages) -> tuple[list[Document], dict[int, DocumentKind]]:
    name = file.intake.file
    documents: list[Document] = []
    kinds: dict[int, DocumentKind] = {}
    for result in file.results:
        index = result.page.page_index
        kinds[index] = result.kind
        own = [_placed(d, name, index, n, result) for n, d in enumerate(result.documents)]
        last = documents[-1] if documents else None
        if last is not None and last.page_indexes[-1] == index - 1 and _goes_on(last, result, own):
            kinds[index] = last.kind
            documents[-1] = _continued(last, own[0] if own else None, index)
            documents.extend(own[1:])
        else:
            documents.extend(own)
    return documents, kinds


def _goes_on(last: Document, result: PageResult, own: list[Document]) -> bool:
    if result.continues and result.kind is last.kind:
        return True
    if result.continues and result.kind is DocumentKind.INVOICE_LIST:
        return False
    unclaimed = result.kind is DocumentKind.OTHER and not own and bool(result.lines)
    return unclaimed and last.kind in LONG_KINDS


def _placed(document: Document, file: str, index: int, order: int, result: PageResult) -> Document:
    key = stable_key(result.page.sha256, index, order, document.kind)
    return replace(document, file=file, key=key, page_indexes=(index,))


def _continued(first: Document, more: Document | None, index: int) -> Document:
    """Return ``first`` with another page: fields it lacks come from there, items are added."""
    pages = (*first.page_indexes, index)
    if more is None:
        return replace(first, page_indexes=pages)
    fields = dict(first.fields)
    for name, reading in more.fields.items():
        if fields.get(name) is None or fields[name].status is Status.MISSING:
            fields[name] = reading
    return replace(
        first,
        page_indexes=pages,
        fields=fields,
        items=(*first.items, *more.items),
        marks=tuple(dict.fromkeys((*first.marks, *more.marks))),
        reasons=(*first.reasons, *more.reasons),
    )


def invoice_key(document: Document) -> str:
    """Return what makes an invoice unique: 20 digits, or code and number; empty if unread."""
    number = document.get("invoice_number").text or ""
    code = document.get("invoice_code").text or ""
    if len(number) == 20:  # noqa: PLR2004 - the length of a 数电 number
        return number
    return f"{code}-{number}" if number and code else ""


def _merge_copies(documents: Sequence[Document]) -> list[Document]:
    """Join 发票联 and 抵扣联, a PDF and its XML, a print and its file, into one document.

    Only papers that carry the same key and contradict each other in no usable field are
    joined: a cloned face with another amount stays a document of its own (R03).
    """
    merged: list[Document] = []
    seen: dict[str, list[int]] = defaultdict(list)
    for document in documents:
        key = invoice_key(document) if document.kind is DocumentKind.VAT_INVOICE else ""
        twin = (
            next((i for i in seen[key] if _same_face(merged[i], document)), None) if key else None
        )
        if twin is None:
            if key:
                seen[key].append(len(merged))
            merged.append(document)
        else:
            merged[twin] = _merged(merged[twin], document)
    return merged


def _same_face(first: Document, second: Document) -> bool:
    return not any(_contradict(name, first.get(name), second.get(name)) for name in SAME_FACE)


def _contradict(name: str, first: Reading, second: Reading) -> bool:
    if not (first.usable and second.usable):
        return False
    if name.endswith("_name"):
        return not same_company(str(first.value), str(second.value))
    return first.value != second.value


def _merged(first: Document, second: Document) -> Document:
    """Return one document for two copies; the better source leads, readings are reconciled."""
    lead, other = (second, first) if _rank(second) > _rank(first) else (first, second)
    other = _named(other, lead.file)
    fields = {
        name: _both(name, lead.get(name), other.get(name))
        for name in dict.fromkeys((*lead.fields, *other.fields))
    }
    places = tuple((other.file, i) for i in other.page_indexes)
    return replace(
        lead,
        fields=fields,
        items=lead.items or other.items,
        marks=tuple(dict.fromkeys((*lead.marks, *other.marks))),
        duplicates=(*lead.duplicates, *other.duplicates, *places),
    )


def _named(document: Document, lead_file: str) -> Document:
    """Return the copy with its file written into its sources, since it gives up its own name."""
    if document.file == lead_file:
        return document

    def named(reading: Reading) -> Reading:
        sources = tuple(replace(s, file=s.file or document.file) for s in reading.sources)
        return replace(reading, sources=sources)

    return replace(document, fields={k: named(r) for k, r in document.fields.items()})


def _rank(document: Document) -> tuple[bool, bool, int]:
    filled = sum(1 for r in document.fields.values() if r.usable)
    drawn = document.origin_digital and bool(document.page_indexes)
    return (drawn, bool(document.items), filled)


def _both(name: str, lead: Reading, other: Reading) -> Reading:
    if other.value is None:
        return lead
    if lead.value is None:
        return other
    sources = (*lead.sources, *other.sources)
    if not _agree(name, lead, other):
        return reconcile(name, sources)
    if lead.usable and other.usable and lead.status is not Status.CONFIRMED:
        confidence = max(lead.confidence, other.confidence)
        reasons = (*lead.reasons, say("join.second_copy"))
        return replace(
            lead, status=Status.CONFIRMED, confidence=confidence, sources=sources, reasons=reasons
        )
    better = lead if lead.usable or not other.usable else other
    return replace(better, sources=sources)


def _agree(name: str, lead: Reading, other: Reading) -> bool:
    if isinstance(lead.value, str) and isinstance(other.value, str):
        return compact(lead.value) == compact(other.value)
    return lead.value == other.value and not _contradict(name, lead, other)


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

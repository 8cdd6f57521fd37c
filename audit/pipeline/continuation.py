"""Whether a page goes on with the paper before it: by its claim, its numbers, its title.

A new title begins a new paper, unless the paper before was only a cover, or the page repeats
the title and says nothing of its own that differs. Blank backs of sheets are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.extract.glance import printed_page
from audit.extract.ladder import contradicted, same_value
from audit.model import Document, DocumentKind, PageResult, Reading, Status, say
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
#: What tells one paper of a kind from another.
IDENTITY: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.CONTRACT: ("contract_number", "party_b", "contract_total"),
    DocumentKind.ACCEPTANCE_REPORT: ("contract_number", "contractor_name", "project_name"),
    DocumentKind.AUDIT_REPORT: ("report_number", "company_name"),
    DocumentKind.FINANCIAL_STATEMENT: ("company_name",),
    DocumentKind.SECURITY_EVIDENCE: ("contract_number", "party_a"),
    DocumentKind.MATURITY_ASSESSMENT: ("company_name",),
    DocumentKind.PROJECT_FILING: ("project_code", "project_name"),
}
#: What a later page of a paper repeats unchanged; its other fields may be about something else.
NUMBERS = (
    "contract_number",
    "report_number",
    "project_code",
    "invoice_number",
    "invoice_code",
    "receipt_number",
)
#: A claim on a later page below this may be overruled by what stands before the page.
WEAK = 0.6
_COVER = "封面"
STATEMENTS = frozenset({"资产负债表", "利润表", "现金流量表", "所有者权益变动表"})
_FIRM = re.compile(r"会计师事务所|审计师事务所")
_CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Before:
    """The paper that may go on, with the number printed on its last page (0, 0 for none)."""

    document: Document
    number: tuple[int, int]


def page_number(result: PageResult) -> tuple[int, int]:
    """Return the printed number of a page and how many pages it says there are."""
    return printed_page(result.lines)


def goes_on(before: Before, result: PageResult, own: list[Document]) -> bool:
    """Tell whether a page belongs to the paper before it."""
    last = before.document
    number = page_number(result)
    if _starts_anew(before, number):
        return False
    if result.kind is last.kind:
        return _same_kind(before, result, own, number)
    if last.kind not in LONG_KINDS:
        return False
    if result.kind is DocumentKind.OTHER:
        return _unclaimed(result, own)
    if last.kind is DocumentKind.AUDIT_REPORT and own:
        return _in_audit_report(last, result, own[0])
    later = result.continues and result.kind in LONG_KINDS and result.kind_confidence < WEAK
    return later or (follows_by_number(before.number, number) and result.kind_confidence < WEAK)


def _starts_anew(before: Before, number: tuple[int, int]) -> bool:
    """Tell whether the page is numbered 1 of several while the page before had a number."""
    first = number[0] == 1 and number[1] > 1
    return first and before.number[0] > 0


def follows_by_number(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether a printed page number is the next one after another."""
    return one[0] > 0 and other[0] == one[0] + 1 and one[1] == other[1]


def _unclaimed(result: PageResult, own: list[Document]) -> bool:
    """A page nobody claims goes on; one that is some other paper by its title does not."""
    if own:
        return own[0].subkind == _CONTENTS
    return bool(result.lines)


def _same_kind(
    before: Before, result: PageResult, own: list[Document], number: tuple[int, int]
) -> bool:
    last = before.document
    if result.continues:
        return not own or not differs(last, own[0], NUMBERS)
    if last.kind not in LONG_KINDS or not own or differs(last, own[0]):
        return False
    if follows_by_number(before.number, number) and number[1] > 1:
        return True
    if last.kind is DocumentKind.FINANCIAL_STATEMENT:
        return not STATEMENTS & set(last.marks) & set(own[0].marks)
    cover = _COVER in last.marks and len(last.places) == 1
    return cover or _says_nothing_new(last, own[0])


def _says_nothing_new(last: Document, page: Document) -> bool:
    """A page that repeats the title goes on if it names itself as the paper before did.

    One without any identity of its own goes on as well, for its title is then a running head;
    not so after a paper that has none either.
    """
    fields = IDENTITY.get(last.kind, ())
    told = [name for name in fields if page.get(name).value is not None]
    shared = [name for name in told if last.get(name).value is not None]
    if told:
        return bool(shared)
    return any(last.get(name).value is not None for name in fields)


def _in_audit_report(last: Document, result: PageResult, page: Document) -> bool:
    """Statements and the firm's licence are bound into the report they belong to."""
    if result.kind is DocumentKind.FINANCIAL_STATEMENT:
        return not _other_name(last.get("company_name"), page.get("company_name"))
    if result.kind is DocumentKind.BUSINESS_LICENCE:
        return _FIRM.search(page.get("company_name").text or "") is not None
    return result.continues and result.kind_confidence < WEAK


def differs(first: Document, second: Document, names: tuple[str, ...] = ()) -> bool:
    """Tell whether two papers of a kind name themselves differently where both are legible."""
    names = names or IDENTITY.get(first.kind, NUMBERS)
    return any(_contradict(name, first.get(name), second.get(name)) for name in names)


def _contradict(name: str, first: Reading, second: Reading) -> bool:
    if not (first.usable and second.usable):
        return False
    if (name.endswith("_name") and name != "project_name") or name.startswith("party_"):
        return _other_name(first, second)
    if isinstance(first.value, str) and isinstance(second.value, str):
        return compact(first.value) != compact(second.value)
    return first.value != second.value


def _other_name(first: Reading, second: Reading) -> bool:
    if not (first.text and second.text and first.usable and second.usable):
        return False
    return not same_company(first.text, second.text)


def outside(result: PageResult) -> bool:
    """Tell whether a page stands outside all papers: blank, or a picture without words."""
    wordless = result.kind is DocumentKind.OTHER and not result.documents and not result.lines
    return result.kind is DocumentKind.BLANK or wordless


def kind_inside(last: Document, result: PageResult, own: Sequence[Document]) -> DocumentKind:
    """Return the kind of a page that goes on: statements in a report stay what they are."""
    sure = not result.continues and result.kind_confidence >= WEAK
    titled = bool(own) and sure and result.kind is not DocumentKind.OTHER
    statement = bool(own) and result.kind is DocumentKind.FINANCIAL_STATEMENT
    return result.kind if titled or statement else last.kind


def with_page(first: Document, more: Document | None, index: int) -> Document:
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

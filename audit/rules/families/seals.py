"""Seals where the notice demands them, and none where it does not (SEALS, DOMAIN A11 and D6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.model import (
    MOST_SIGNATURES,
    Document,
    DocumentKind,
    Evidence,
    PageMode,
    Seal,
    Verdict,
    say,
)
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.statements import not_fresh
from audit.rules.support import (
    FLAT,
    applicant_seals,
    firm,
    is_poor,
    may_be_applicants,
    seller_of,
    shown,
)
from audit.text.ids import looks_like_uscc, uscc_check_digit_ok
from audit.text.names import normalise_company
from audit.text.normal import compact

#: Kinds whose seller must stamp the paper.
STAMPED = frozenset(
    {"vat_special_paper", "vat_general_paper", "digital_paper", "roll", "vehicle", "used_vehicle"}
)
#: So many characters of a tax number are never misread at once where all 18 are read.
_NEVER_MISREAD = 6


@rule(
    "I06", "invoice_unsealed", "四(一)3", "C", assertion="rights", needs=(DocumentKind.VAT_INVOICE,)
)
def invoice_unsealed(case: Case) -> Results:
    """Paper invoices bear the seller's seal, copies the applicant's.

    What it finds: a copy (a scan, also of a printed e-invoice) without the applicant's 公章 or
        财务专用章; a paper invoice without the seller's; a seal of another company or kind.
    Why it matters: the notice asks for the applicant's seal on copies.
    Evidence it uses: seals on the invoice's pages, their owner, kind and number; the colour of the page.
    Undecided when: the page shows no colour or is poor, a seal is not legible or looks copied,
        printed or pasted, or the seller's seal makes it possible that the original was scanned,
        which needs no applicant's seal.
    Example: a colour scan of a printed 数电票 without any seal.
    """
    for invoice in case.invoices:
        if invoice.origin_digital:
            yield SKIPPED
            continue
        seals = case.seals_on(invoice)
        found = [*_copy_fault(case, invoice, seals), *_seller_fault(case, invoice, seals)]
        yield from found or [PASSED]


def _copy_fault(case: Case, invoice: Document, seals: Sequence[Seal]) -> Iterator[Result]:
    if applicant_seals(seals):
        number = shown(invoice.get("invoice_number"))
        doubt = not_fresh(case, (invoice,), "invoice", number)
        yield from () if doubt is None else (doubt,)
        return
    own = [s for s in seals if s.owner == "applicant"]
    poor = is_poor(case, invoice)
    unclear = poor or may_be_applicants([s for s in seals if s.owner == "unknown"])
    what = "copy_unclear" if unclear else "copy_other_kind" if own else "copy"
    if invoice.subkind in STAMPED and any(s.owner == "seller" for s in seals) and not own:
        unclear, what = True, "copy_or_original"
    yield Result(
        Verdict.UNDECIDED if unclear else Verdict.FAIL,
        say(f"rules.I06.{what}", number=shown(invoice.get("invoice_number"))),
        documents=(invoice.id,),
        seals=tuple(s.id for s in own),
        expected="公章或财务专用章",
        found="、".join(s.text for s in own) or "未见",
        evidence=case.at(invoice),
        cause="copy_seal_unclear" if unclear else "copy_unsealed",
        request=say("rules.ask.copy_seal", numbers=shown(invoice.get("invoice_number"))),
        refuted_by=say("rules.refuted.seal"),
        part="copy",
    )


def _seller_fault(case: Case, invoice: Document, seals: Sequence[Seal]) -> Iterator[Result]:
    if invoice.subkind not in STAMPED or "代开" in invoice.marks:
        return
    others = [s for s in seals if s.owner != "applicant"]
    number = invoice.get("seller_taxpayer_id")
    for seal in others:
        read = compact(seal.number).upper()
        if number.usable and _other_number(read, number.text or "", certain=firm(number)):
            yield _seller(case, invoice, "seller_number", (seal,), read)
    foreign = [s for s in others if s.owner == "other" and s.kind == "invoice"]
    if foreign:
        yield _seller(case, invoice, "seller_other", foreign, foreign[0].text)
    if not others:
        what = "seller_unclear" if is_poor(case, invoice) or _copied(case, invoice) else "seller"
        yield _seller(case, invoice, what, (), "未见")


def _other_number(read: str, printed: str, *, certain: bool) -> bool:
    """Tell whether a seal's number is another than the printed one, not that one misread.

    It is if the printed one is certain, if the check digits of both fit, or if so many of its
    characters differ that no worn seal explains it.
    """
    if not printed or not looks_like_uscc(read) or read == printed:
        return False
    differing = sum(a != b for a, b in zip(read, printed, strict=False))
    both_fit = uscc_check_digit_ok(printed) and uscc_check_digit_ok(read)
    return certain or both_fit or (len(read) == len(printed) and differing >= _NEVER_MISREAD)


def _copied(case: Case, invoice: Document) -> bool:
    """Tell whether the face is a black copy: a seal between black lines is easily lost on it."""
    marks = [case.seals[i] for i in invoice.seal_ids if i in case.seals]
    return any(m.kind == "supervision" and m.colour == "black" for m in marks)


def _seller(case: Case, invoice: Document, what: str, seals: Sequence[Seal], found: str) -> Result:
    return Result(
        Verdict.FAIL if what == "seller" else Verdict.UNDECIDED,
        say(f"rules.I06.{what}", number=shown(invoice.get("invoice_number")), found=found),
        documents=(invoice.id,),
        seals=tuple(s.id for s in seals),
        expected=seller_of(invoice),
        found=found,
        evidence=() if seals else case.at(invoice),
        cause="seller_seal_unclear" if what == "seller_unclear" else "seller_seal",
        seller="" if what == "seller_unclear" else seller_of(invoice),
        request=say("rules.ask.seller_seal", numbers=shown(invoice.get("invoice_number"))),
        refuted_by=say("rules.refuted.seal"),
        part="seller",
    )


@rule("I17", "seal_names_differ", "四(一)", "C", assertion="rights", scope="seal")
def seal_names_differ(case: Case) -> Results:
    """All of the applicant's seals bear one name.

    What it finds: seals under a former name beside the present one.
    Why it matters: an old seal must not be used after the change of name.
    Evidence it uses: texts of the applicant's seals, present and former names.
    Undecided when: always; the paper may be from before the change.
    Example: the ledger is sealed 重庆山城机械有限公司, the name until 2021.
    """
    own = [s for s in case.facts.seals if s.owner == "applicant" and s.text]
    if not own or not case.who.former_names:
        yield PASSED if own else SKIPPED
        return
    present = normalise_company(case.who.name)
    former = [normalise_company(n) for n in case.who.former_names]
    for seal in own:
        read = normalise_company(seal.text)
        old = [n for n in former if n and n in read]
        if present in read or not old:
            yield PASSED
            continue
        yield Result(
            Verdict.UNDECIDED,
            say("rules.I17.former", text=seal.text),
            seals=(seal.id,),
            expected=case.who.name,
            found=seal.text,
            request=say("rules.ask.buyer_name", numbers="—"),
        )


@rule("R14", "seal_reused", "四(一)", "D", assertion="existence", scope="seal")
def seal_reused(case: Case) -> Results:
    """No seal on paper is one picture used twice.

    What it finds: two impressions on different papers whose ink is the same to the pixel.
    Why it matters: two stampings differ in turn and ink; a pasted picture does not.
    Evidence it uses: pairs of impressions compared by their ink.
    Undecided when: always; a cue. Electronic seals, bank seals and copies of one page are alike by
        design and left out.
    Example: the seals on invoices D4 and D9 are one picture.
    """
    by_key = {s.key: s for s in case.facts.seals}
    holders = {s: d for d in case.facts.documents for s in d.seal_ids}
    hits = 0
    for pair in case.facts.pairs:
        one, two = by_key.get(pair.first_key), by_key.get(pair.second_key)
        if one is None or two is None or not _comparable(case, one, two):
            continue
        papers = [holders[s.id] for s in (one, two) if s.id in holders]
        if _copies(papers):
            continue
        hits += 1
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R14.same", text=one.text or "—", score=f"{pair.score:.2f}"),
            documents=tuple(dict.fromkeys(d.id for d in papers)),
            seals=(one.id, two.id),
            evidence=tuple(Evidence(s.file, s.page_index, s.box) for s in (one, two)),
            refuted_by=say("rules.refuted.seal_original"),
        )
    if not hits:
        yield PASSED if len(case.facts.seals) > 1 else SKIPPED


def _comparable(case: Case, one: Seal, two: Seal) -> bool:
    seals = (one, two)
    if any(s.origin != "scan" or s.kind in {"bank", "supervision"} for s in seals):
        return False
    pages = [case.pages.get((s.file, s.page_index)) for s in seals]
    if any(p is None or p.page.mode in {*FLAT, PageMode.DIGITAL} for p in pages):
        return False
    shas = {(p.page.sha256, p.page.page_index) for p in pages if p is not None}
    return len(shas) > 1


def _copies(papers: Sequence[Document]) -> bool:
    """Tell whether two papers are copies of one: the same document, or the same invoice number."""
    if len(papers) < 2:  # noqa: PLR2004 - a pair
        return False
    number = papers[0].get("invoice_number").text
    same = number is not None and number == papers[1].get("invoice_number").text
    return same or papers[0].id == papers[1].id


@rule("R15", "signature_reused", "四(一)", "D", assertion="existence", scope="case")
def signature_reused(case: Case) -> Results:
    """No signature is the same picture pasted twice.

    What it finds: handwritten names on different scanned papers whose strokes are one picture.
    Why it matters: nobody signs twice alike.
    Evidence it uses: the strokes beside 签字, 签名 …, laid over each other; copies of one page and
        typed names are left out.
    Undecided when: always; a cue. Without two signatures on scans there is nothing to compare.
    Example: one signature on three acceptance reports.
    """
    for pair in case.facts.signature_pairs:
        places = (pair.first, pair.second)
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R15.same", label=pair.first.label, score=f"{pair.score:.2f}"),
            files=tuple(dict.fromkeys(p.file for p in places)),
            evidence=tuple(Evidence(p.file, p.page_index, p.box) for p in places),
            refuted_by=say("rules.refuted.signature_original"),
        )
    signatures = case.facts.signatures
    if len(signatures) > MOST_SIGNATURES:
        said = say("rules.R15.many", count=len(signatures), most=MOST_SIGNATURES)
        left = (signatures[MOST_SIGNATURES].file,)
        yield Result(Verdict.UNDECIDED, said, files=left, part="many")
    elif not case.facts.signature_pairs:
        yield PASSED if len(signatures) > 1 else SKIPPED


RULES = (invoice_unsealed, seal_names_differ, seal_reused, signature_reused)

"""Sources of one invoice against each other: QR code, structured data, text, picture, arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from audit.model import (
    FACE,
    STRUCTURED,
    Document,
    InvoiceItem,
    Origin,
    Reading,
    Status,
    Verdict,
    say,
)
from audit.rules.case import NOTHING, PAYMENTS, Case, total
from audit.rules.catalogue import rule
from audit.rules.codes import CODED_FIELDS, by_person, coded, read_by, told_apart
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import AMOUNTS, LABELS, from_issuer, seller_of, shown, yuan
from audit.text.money import words_to_amount

#: Tax control's limits: 元 per line, and per invoice.
LINE_LIMIT, INVOICE_LIMIT = Decimal("0.06"), Decimal("1.27")
RATES = frozenset(map(Decimal, ("0.13", "0.09", "0.06", "0.05", "0.03", "0.015", "0.01", "0.005", "0")))  # fmt: skip


@rule("I03", "qr_differs", "四(一)3", "B", assertion="accuracy", cause="qr_differs")
def qr_agrees(case: Case) -> Results:
    """The QR code and the printed face of an invoice say the same.

    What it finds: number, code, date, amount or check code that differ between QR code and face.
    Why it matters: who edits a printed amount mostly leaves the QR code as it was.
    Evidence it uses: the candidates of both; a broken checksum alone is kept quiet. Who settles
        what the face says does not settle why the code says otherwise.
    Undecided when: the face was read from pixels: it may be misread; or by a person.
    Example: QR code 1,130.00, text of the PDF 11,300.00.
    """
    for invoice in case.invoices:
        compared, found = False, []
        for name in CODED_FIELDS:
            both = coded(invoice.get(name))
            compared = compared or both is not None
            if both is not None and both.apart:
                found.append(
                    _differs(case, invoice, name, both.code, both.face.raw, sure=both.sure)
                )
        yield from found or [PASSED if compared else SKIPPED]


def _differs(
    case: Case, invoice: Document, name: str, one: str, other: str, *, sure: bool
) -> Result:
    money = name in AMOUNTS
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            "rules.I03.differs",
            number=shown(invoice.get("invoice_number")),
            field=LABELS[name],
            qr=one,
            face=other,
        ),
        documents=(invoice.id,),
        rows=case.rows_of.get(invoice.id, ()),
        expected=one,
        found=other,
        evidence=case.at(invoice, name),
        effects=case.effects_of(invoice, certain=sure) if money or sure else (),
        seller=seller_of(invoice),
        request=say("rules.ask.original", numbers=shown(invoice.get("invoice_number"))),
        refuted_by=say("rules.refuted.platform"),
        part=name,
    )


@rule("I04", "arithmetic", "四(一)3", "B", assertion="accuracy", cause="face_contradicts_itself")
def arithmetic(case: Case) -> Results:
    """The amounts of an invoice add up, and words and figures agree.

    What it finds: 金额 + 税额 ≠ 价税合计, words ≠ figures, lines that do not sum, tax that does not
        follow from the rate beyond the tax control's own limits, rates not in force.
    Why it matters: machines print invoices; a sum that is off was not printed so.
    Evidence it uses: the three amounts, the words, the lines.
    Undecided when: an amount was read from pixels only or is doubtful.
    Example: 100,000.00 + 13,000.00, yet 113,500.00 in all.
    """
    for invoice in case.invoices:
        faults = list(_faults(invoice))
        if not faults and all(invoice.get(n).usable for n in AMOUNTS):
            yield PASSED
        elif not faults:
            yield SKIPPED
        for what, expected, found, used in faults:
            sure = all(from_issuer(r) for r in used) and what != "rate"
            usable = all(r.usable for r in used)
            yield Result(
                Verdict.FAIL if sure else Verdict.UNDECIDED,
                say(
                    f"rules.I04.{what}",
                    number=shown(invoice.get("invoice_number")),
                    expected=expected,
                    found=found,
                ),
                documents=(invoice.id,),
                rows=case.rows_of.get(invoice.id, ()),
                expected=expected,
                found=found,
                evidence=case.at(invoice, *AMOUNTS, "total_in_words"),
                effects=() if what == "rate" else case.effects_of(invoice, certain=sure and usable),
                severity="D" if what == "rate" else "",
                seller=seller_of(invoice),
                request=say("rules.ask.original", numbers=shown(invoice.get("invoice_number"))),
                refuted_by=say("rules.refuted.platform"),
                part=what,
            )
    yield from _receipts(case)


def _receipts(case: Case) -> Iterator[Result]:
    """Compare words and figures of bank vouchers; what they pay stays pending."""
    rows: dict[str, list[int]] = {}
    for link in case.links.values():
        for share in link.payments:
            rows.setdefault(share.document_id, []).append(link.row)
    for paper in case.of(*PAYMENTS):
        amount, words = paper.get("amount"), paper.get("amount_in_words")
        said = words.amount if words.amount is not None else words_to_amount(words.text or "")
        if said is None or amount.amount is None or said == amount.amount:
            yield PASSED if said is not None and amount.usable else SKIPPED
            continue
        own = tuple(rows.get(paper.id, ()))
        sure = from_issuer(amount) and from_issuer(words)
        yield Result(
            Verdict.FAIL if sure else Verdict.UNDECIDED,
            say("rules.I04.receipt", expected=yuan(said), found=yuan(amount.amount)),
            documents=(paper.id,),
            rows=own,
            expected=yuan(said),
            found=yuan(amount.amount),
            evidence=case.at(paper, "amount", "amount_in_words"),
            effects=tuple(
                e
                for r in own
                for e in case.effect(r, certain=False, most_with_tax=max(said, amount.amount))
            ),
            cause="receipt_words",
            request=say("rules.ask.bank_original", numbers=shown(paper.get("receipt_number"))),
            refuted_by=say("rules.refuted.bank"),
            part="receipt",
        )


_Fault = tuple[str, str, str, tuple[Reading, ...]]


def _faults(invoice: Document) -> Iterator[_Fault]:
    readings = tuple(_printed(invoice.get(n)) for n in AMOUNTS)
    net, tax, gross = (r.amount for r in readings)
    if net is not None and tax is not None and gross is not None and net + tax != gross:
        yield "sum", yuan(net + tax), yuan(gross), readings
    words = invoice.get("total_in_words")
    said = words.amount if words.amount is not None else words_to_amount(words.text or "")
    if said is not None and gross is not None and said != gross:
        yield "words", yuan(said), yuan(gross), (words, readings[2])
    if "差额征税" in invoice.marks or not invoice.items:
        return
    yield from _line_faults(invoice.items, readings[0])


def _printed(field: Reading) -> Reading:
    """Return the field as the face has it: what only the QR code says differently is I03's matter."""
    if field.status is Status.CORRECTED:
        return field
    own = {s.origin for s in field.sources if s.value == field.value}
    faces = {s.value for s in field.sources if s.origin in FACE and isinstance(s.value, Decimal)}
    if own != {Origin.QR} or len(faces) != 1:
        return field
    return replace(field, value=faces.pop())


def _line_faults(items: tuple[InvoiceItem, ...], net: Reading) -> Iterator[_Fault]:
    amounts = tuple(i.amount for i in items)
    taxes = tuple(i.tax for i in items)
    rates = tuple(i.tax_rate for i in items)
    if net.usable and all(a.usable and a.amount is not None for a in amounts):
        added = total(a.amount or NOTHING for a in amounts)
        if net.amount is not None and added != net.amount:
            yield "lines", yuan(added), yuan(net.amount), (*amounts, net)
    for amount, own, rate in zip(amounts, taxes, rates, strict=True):
        if not (rate.usable and rate.amount is not None):
            continue
        if rate.amount not in RATES:
            yield "rate", "13%、9%、6%…", f"{rate.amount:.2%}", (rate,)
            return
        if not (amount.usable and own.usable) or amount.amount is None or own.amount is None:
            continue
        off = abs(amount.amount * rate.amount - own.amount)
        if off > (INVOICE_LIMIT if len(items) == 1 else LINE_LIMIT):
            due = (amount.amount * rate.amount).quantize(Decimal("0.01"))
            yield "tax", yuan(due), yuan(own.amount), (amount, own, rate)
            return


@rule("I10", "sources_differ", "四(一)3", "B", assertion="accuracy", cause="sources_differ")
def sources_agree(case: Case) -> Results:
    """Structured data, text layer and picture of one invoice say the same.

    What it finds: a field whose XML, OFD or attachment differs from the printed face, or whose PDF
        text differs from what the picture shows.
    Why it matters: an edited picture or text leaves the other as it was.
    Evidence it uses: the candidates of every field by where they were read.
    Undecided when: always; a person must look at both.
    Example: XML 113,000.00, page text 173,000.00.
    """
    for invoice in case.invoices:
        compared, found = False, []
        for name, field in invoice.fields.items():
            if name not in LABELS:
                continue
            pair = _contradiction(field)
            compared = compared or pair is not None
            if not pair:
                continue
            found.append(_sources(case, invoice, name, pair))
        yield from found or [PASSED if compared else SKIPPED]


def _sources(case: Case, invoice: Document, name: str, pair: tuple[str, ...]) -> Result:
    number = shown(invoice.get("invoice_number"))
    return Result(
        Verdict.UNDECIDED,
        say(
            "rules.I10.differs",
            number=number,
            field=LABELS[name],
            one=pair[0],
            other=pair[1],
        ),
        documents=(invoice.id,),
        rows=case.rows_of.get(invoice.id, ()),
        expected=pair[0],
        found=pair[1],
        evidence=case.at(invoice, name),
        effects=case.effects_of(invoice, certain=False) if name in AMOUNTS else (),
        seller=seller_of(invoice),
        request=say("rules.ask.e_original", numbers=number),
        refuted_by=say("rules.refuted.platform"),
        part=name,
    )


def _contradiction(field: Reading) -> tuple[str, ...] | None:
    """Return the two values that differ, nothing if they agree, ``None`` if there is one source.

    A look at pixels counts only where reconciling took the contradiction seriously; what a person
    read off the page counts in its place.
    """
    settled = field.status is Status.CORRECTED
    groups = {
        "data": read_by(field, STRUCTURED),
        "text": read_by(field, (Origin.TEXT_LAYER,)),
        "pixels": by_person(field) if settled else read_by(field, (Origin.OCR, Origin.OCR2)),
    }
    present = [g for g in groups.values() if g]
    if len(present) < 2:  # noqa: PLR2004 - two sources to compare
        return None
    told = settled or told_apart(field)
    for one, other in pairwise(present):
        seen = other is groups["pixels"]
        if not {s.value for s in one} & {s.value for s in other} and (told or not seen):
            return one[0].raw, other[0].raw
    return ()


RULES = (qr_agrees, arithmetic, sources_agree)

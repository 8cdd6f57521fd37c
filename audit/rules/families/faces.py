"""The face of one invoice: legible, whole, agreeing with itself and with its codes."""

from __future__ import annotations

from collections.abc import Iterator
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
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import firm, from_issuer, is_red, reversed_by, seller_of, shown, yuan
from audit.text.ids import code_structure, number_structure, uscc_region
from audit.text.money import words_to_amount
from audit.text.normal import compact

AMOUNTS = ("amount_without_tax", "tax_amount", "total_with_tax")
KEY_FIELDS = ("invoice_number", "issue_date", *AMOUNTS, "buyer_name", "seller_name")
LABELS = {
    "invoice_number": "发票号码",
    "invoice_code": "发票代码",
    "issue_date": "开票日期",
    "amount_without_tax": "金额",
    "tax_amount": "税额",
    "total_with_tax": "价税合计",
    "total_in_words": "大写金额",
    "buyer_name": "购买方",
    "buyer_taxpayer_id": "购买方税号",
    "seller_name": "销售方",
    "seller_taxpayer_id": "销售方税号",
    "check_code": "校验码",
}
#: What a QR code repeats.
CODED_FIELDS = (
    "invoice_number",
    "invoice_code",
    "issue_date",
    "amount_without_tax",
    "total_with_tax",
    "check_code",
)
CODED = frozenset(
    {"vat_special_paper", "vat_general_paper", "vat_e_general", "vat_e_special", "digital_paper"}
)
#: Tax control's limits: 元 per line, and per invoice.
LINE_LIMIT, INVOICE_LIMIT = Decimal("0.06"), Decimal("1.27")
RATES = frozenset(map(Decimal, ("0.13", "0.09", "0.06", "0.05", "0.03", "0.015", "0.01", "0.005", "0")))  # fmt: skip
#: Regions whose own two digits differ from those of the tax id: cities planned separately.
OWN_REGIONS = frozenset({"21", "33", "35", "37", "44", "10"})
DIGITAL_DIGITS = 20


@rule("I01", "reading_doubtful", "四(一)3", "B", assertion="accuracy", cause="reading_doubtful")
def legible(case: Case) -> Results:
    """The key fields of every invoice could be read.

    What it finds: number, date, three amounts, two names that are missing or doubtful.
    Why it matters: nothing may be judged on them; a doubtful amount keeps its row pending.
    Evidence it uses: the readings and their status.
    Undecided when: always; a bad scan says nothing about the paper.
    Example: 价税合计 of invoice D14 read as 113,0?0.00.
    """
    for invoice in case.invoices:
        vague = [n for n in KEY_FIELDS if not invoice.get(n).usable]
        if not vague:
            yield PASSED
            continue
        money = any(n in AMOUNTS for n in vague)
        yield Result(
            Verdict.UNDECIDED,
            say(
                "rules.I01.vague",
                number=shown(invoice.get("invoice_number")),
                fields="、".join(LABELS[n] for n in vague),
            ),
            documents=(invoice.id,),
            rows=case.rows_of.get(invoice.id, ()),
            found="；".join(f"{LABELS[n]} {shown(invoice.get(n))}" for n in vague),
            evidence=case.at(invoice, *vague),
            effects=case.effects_of(invoice, certain=False) if money else (),
            severity="B" if money else "C",
            request=say("rules.ask.clear_copy"),
            refuted_by=say("rules.refuted.original"),
        )


@rule("I02", "number_structure", "四(一)3", "C", assertion="existence")
def number_fits(case: Case) -> Results:
    """Number and code are built as the tax administration builds them.

    What it finds: numbers of another length, a year inside the number that is not the year of
        issue, a region that is not the seller's, a code of another kind or year.
    Why it matters: an invented number seldom fits; but real ones exist that do not, so it is only
        put first in the list to look up.
    Evidence it uses: number, code, date, seller's tax id.
    Undecided when: always but for the year inside a 20-digit number; and that too if not firm.
    Example: number 21502000… on an invoice of 2023.
    """
    for invoice in case.invoices:
        number = invoice.get("invoice_number")
        if not number.usable or number.text is None:
            yield SKIPPED
            continue
        text = compact(number.text)
        odd = list(_odd_digital(invoice, text) if len(text) == DIGITAL_DIGITS else
                   _odd_coded(invoice, text))  # fmt: skip
        if not odd:
            yield PASSED
        for what, detail, hard in odd:
            sure = hard and firm(number) and firm(invoice.get("issue_date"))
            yield Result(
                Verdict.FAIL if sure else Verdict.UNDECIDED,
                say(f"rules.I02.{what}", number=text, detail=detail),
                documents=(invoice.id,),
                found=text,
                evidence=case.at(invoice, "invoice_number", "invoice_code", "issue_date"),
                severity="C" if hard else "D",
                cause="number_structure" if hard else "number_structure_cue",
                request=say("rules.ask.look_up", numbers=text),
                refuted_by=say("rules.refuted.platform"),
                part=what,
            )


def _odd_digital(invoice: Document, text: str) -> Iterator[tuple[str, str, bool]]:
    built = number_structure(text)
    if built is None:
        yield "length", str(len(text)), False
        return
    day = invoice.get("issue_date")
    if day.usable and day.day is not None and day.day.year != built.year:
        yield "year", str(day.day.year), True
    seller = invoice.get("seller_taxpayer_id")
    region = uscc_region(seller.text or "") if seller.usable else ""
    if region and region not in {built.region, *OWN_REGIONS}:
        yield "region", region, False
    if len(set(built.serial)) == 1:
        yield "serial", built.serial, False


def _odd_coded(invoice: Document, text: str) -> Iterator[tuple[str, str, bool]]:
    if len(text) != 8 or not text.isdigit():  # noqa: PLR2004 - coded invoices have 8 digits
        yield "length", str(len(text)), False
        return
    code = invoice.get("invoice_code")
    built = code_structure(compact(code.text or "")) if code.usable else None
    if built is None:
        return
    day = invoice.get("issue_date")
    if day.usable and day.day is not None and not built.year <= day.day.year <= built.year + 3:
        yield "code_year", str(built.year), False
    if built.kind and invoice.subkind in CODED and built.kind != invoice.subkind:
        yield "code_kind", code.text or "", False


@rule("I03", "qr_differs", "四(一)3", "B", assertion="accuracy", cause="qr_differs")
def qr_agrees(case: Case) -> Results:
    """The QR code and the printed face of an invoice say the same.

    What it finds: number, code, date, amount or check code that differ between QR code and face.
    Why it matters: who edits a printed amount mostly leaves the QR code as it was.
    Evidence it uses: the candidates of both; a broken checksum alone is kept quiet.
    Undecided when: the face was read from pixels: it may be misread.
    Example: QR code 1,130.00, text of the PDF 11,300.00.
    """
    for invoice in case.invoices:
        compared, found = False, []
        for name in CODED_FIELDS:
            field = invoice.get(name)
            coded = {
                s.value for s in field.sources if s.origin is Origin.QR and s.value is not None
            }
            faces = [s for s in field.sources if s.origin in FACE and s.value is not None]
            if not coded or not faces:
                continue
            compared = True
            if field.status is Status.CORRECTED or coded & {s.value for s in faces}:
                continue
            text = any(s.origin is Origin.TEXT_LAYER for s in faces)
            if not text and field.usable and not _told_apart(field):
                continue
            value = str(next(iter(coded)))
            found.append(_differs(case, invoice, name, value, faces[0].raw, sure=text))
        yield from found or [PASSED if compared else SKIPPED]


def _told_apart(field: Reading) -> bool:
    return any(r.key.startswith("ladder.differ.") for r in field.reasons)


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
    readings = tuple(invoice.get(n) for n in AMOUNTS)
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


@rule("I09", "invoice_not_valid", "四(一)3", "B", assertion="existence")
def invoice_marks(case: Case) -> Results:
    """Words on the face that change what an invoice is worth.

    What it finds: 作废, a blue invoice fully reversed by a red one in the folder, the seller's own
        copy (记账联), purchase invoices, toll and travel tickets, invoices issued by a tax office.
    Why it matters: void and reversed invoices prove nothing; 代开 is allowed but names another seller.
    Evidence it uses: marks on the face, kind of invoice, remarks of red invoices, contracts.
    Undecided when: it is a kind that the notice neither allows nor excludes; 代开 is only a cue.
    Example: invoice 00123456 bears 作废 across its face and is claimed in row 8.
    """
    blue = reversed_by(case)
    for invoice in case.invoices:
        claimed = case.rows_of.get(invoice.id, ())
        results = list(_marked(case, invoice, claimed, blue))
        if not results:
            yield PASSED
        yield from results


def _marked(
    case: Case, invoice: Document, claimed: tuple[int, ...], blue: dict[str, Document]
) -> Iterator[Result]:
    number = shown(invoice.get("invoice_number"))

    def told(what: str, verdict: Verdict, severity: str = "B", **more: str) -> Result:
        takes = severity == "B"
        sure = verdict is Verdict.FAIL
        return Result(
            verdict,
            say(f"rules.I09.{what}", number=number, **more),
            documents=(invoice.id,),
            rows=claimed,
            found=number,
            evidence=case.at(invoice, "invoice_number"),
            effects=case.effects_of(invoice, certain=sure) if takes else (),
            severity=severity,
            cause=f"invoice_{what}",
            seller=seller_of(invoice),
            request=say("rules.ask.explain_invoice", numbers=number),
            refuted_by=say("rules.refuted.platform"),
            part=what,
        )

    if "作废" in invoice.marks:
        yield told("void", Verdict.FAIL if claimed else Verdict.UNDECIDED, "B" if claimed else "D")
    if invoice.id in blue and claimed:
        red = blue[invoice.id]
        firmly = firm(red.get("total_with_tax")) and firm(red.get("remarks"))
        verdict = Verdict.FAIL if firmly else Verdict.UNDECIDED
        yield told("reversed", verdict, red=shown(red.get("invoice_number")))
    elif (
        is_red(invoice)
        and claimed
        and all(case.amounts[r].incl.amount > 0 for r in claimed if not case.amounts[r].unread)
    ):
        yield told("red", Verdict.UNDECIDED)
    if "收购" in invoice.marks or invoice.subkind in {"toll", "rail", "air"}:
        yield told("kind", Verdict.UNDECIDED if claimed else Verdict.NOT_APPLICABLE)
    if invoice.subkind in {"vehicle", "used_vehicle"} and claimed:
        yield told("vehicle", Verdict.UNDECIDED)
    if "记账联" in invoice.marks:
        yield told("seller_copy", Verdict.UNDECIDED, "C")
    if "代开" in invoice.marks:
        real = shown(invoice.get("real_seller_name"))
        yield told("proxy", Verdict.UNDECIDED, "D", real=real)


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
            if name not in LABELS or field.status is Status.CORRECTED:
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

    A look at pixels counts only where reconciling took the contradiction seriously.
    """
    groups = {
        "data": [s for s in field.sources if s.origin in STRUCTURED and s.value is not None],
        "text": [s for s in field.sources if s.origin is Origin.TEXT_LAYER and s.value is not None],
        "pixels": [
            s
            for s in field.sources
            if s.origin in {Origin.OCR, Origin.OCR2} and s.value is not None
        ],
    }
    present = [g for g in groups.values() if g]
    if len(present) < 2:  # noqa: PLR2004 - two sources to compare
        return None
    told = _told_apart(field)
    for one, other in pairwise(present):
        seen = other is groups["pixels"]
        if not {s.value for s in one} & {s.value for s in other} and (told or not seen):
            return one[0].raw, other[0].raw
    return ()


RULES = (legible, number_fits, qr_agrees, arithmetic, invoice_marks, sources_agree)

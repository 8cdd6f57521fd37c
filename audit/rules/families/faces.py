"""The face of one invoice: legible, whole, agreeing with itself and with its codes."""

from __future__ import annotations

from collections.abc import Iterator

from audit.model import (
    Document,
    Reading,
    Verdict,
    say,
)
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.codes import CODED_FIELDS, coded
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import AMOUNTS, LABELS, firm, is_red, reversed_by, seller_of, shown
from audit.text.ids import code_structure, number_structure, uscc_region
from audit.text.normal import compact

KEY_FIELDS = ("invoice_number", "issue_date", *AMOUNTS, "buyer_name", "seller_name")
#: Answers of the tax platform after which an invoice proves nothing.
WORTHLESS = frozenset({"void", "red", "full_red"})
CODED = frozenset(
    {"vat_special_paper", "vat_general_paper", "vat_e_general", "vat_e_special", "digital_paper"}
)
#: Regions whose own two digits differ from those of the tax id: cities planned separately.
OWN_REGIONS = frozenset({"21", "33", "35", "37", "44", "10"})
DIGITAL_DIGITS = 20


@rule("I01", "reading_doubtful", "四(一)3", "B", assertion="accuracy", cause="reading_doubtful")
def legible(case: Case) -> Results:
    """The key fields of every invoice could be read.

    What it finds: number, date, three amounts, two names that are missing or doubtful. Where
        the QR code says otherwise, a better scan helps nobody: I03 speaks of that.
    Why it matters: nothing may be judged on them; a doubtful amount keeps its row pending.
    Evidence it uses: the readings and their status.
    Undecided when: always; a bad scan says nothing about the paper.
    Example: 价税合计 of invoice D14 read as 113,0?0.00.
    """
    for invoice in case.invoices:
        vague = [n for n in KEY_FIELDS if _unread(n, invoice.get(n))]
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


def _unread(name: str, field: Reading) -> bool:
    both = coded(field) if name in CODED_FIELDS else None
    return not field.usable and not (both is not None and both.apart)


@rule("I02", "number_structure", "四(一)3", "C", assertion="existence")
def number_fits(case: Case) -> Results:
    """Number and code are built as the tax administration builds them.

    What it finds: numbers of another length, a year inside the number that is not the year of
        issue, a region that is not the seller's, a code of another kind or year.
    Why it matters: an invented number seldom fits; but real ones exist that do not, so it is only
        put first in the list to look up.
    Evidence it uses: number, code, date, seller's tax id.
    Undecided when: anything but the year inside a 20-digit number is odd, or that is not firm.
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


@rule("I09", "invoice_not_valid", "四(一)3", "B", assertion="existence")
def invoice_marks(case: Case) -> Results:
    """Words on the face that change what an invoice is worth.

    What it finds: 作废, a blue invoice fully reversed by a red one in the folder, the seller's own
        copy (记账联), purchase invoices, toll and travel tickets, invoices issued by a tax office;
        what the tax platform answered other than 正常.
    Why it matters: void and reversed invoices prove nothing; 代开 is allowed but names another seller.
    Evidence it uses: marks on the face, kind of invoice, remarks of red invoices, the platform's
        answers that a person keyed in.
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


def _odd_kind(invoice: Document) -> str:
    """Return which kind that the notice neither names nor excludes an invoice is, or nothing."""
    if invoice.subkind in {"vehicle", "used_vehicle"}:
        return "vehicle"
    return "kind" if "收购" in invoice.marks or invoice.subkind in {"toll", "rail", "air"} else ""


def _marked(
    case: Case, invoice: Document, claimed: tuple[int, ...], blue: dict[str, Document]
) -> Iterator[Result]:
    number = shown(invoice.get("invoice_number"))
    for what, verdict, severity, more in _marks(case, invoice, claimed, blue):
        sure = verdict is Verdict.FAIL
        yield Result(
            verdict,
            say(f"rules.I09.{what}", number=number, **more),
            documents=(invoice.id,),
            rows=claimed,
            found=number,
            evidence=case.at(invoice, "invoice_number"),
            effects=case.effects_of(invoice, certain=sure) if severity == "B" else (),
            severity=severity,
            cause=f"invoice_{what}",
            seller=seller_of(invoice),
            request=say("rules.ask.explain_invoice", numbers=number),
            refuted_by=say("rules.refuted.platform"),
            part=what,
        )


def _marks(
    case: Case, invoice: Document, claimed: tuple[int, ...], blue: dict[str, Document]
) -> Iterator[tuple[str, Verdict, str, dict[str, str]]]:
    """Yield what is wrong with an invoice, how surely, how gravely, and words of the sentence."""
    fail = Verdict.FAIL if claimed else Verdict.UNDECIDED
    grave = "B" if claimed else "D"
    answer = next((v for v in case.facts.verifications if v.document_key == invoice.key), None)
    if answer is not None and answer.status != "normal":
        verdict = fail if answer.status in WORTHLESS else Verdict.UNDECIDED
        yield f"platform_{answer.status}", verdict, grave, {"by": answer.by, "at": answer.at}
    if "作废" in invoice.marks:
        yield "void", fail, grave, {}
    elif "疑似作废" in invoice.marks:
        yield "perhaps_void", Verdict.UNDECIDED, grave, {}
    if invoice.id in blue and claimed:
        red = blue[invoice.id]
        firmly = firm(red.get("total_with_tax")) and firm(red.get("remarks"))
        verdict = Verdict.FAIL if firmly else Verdict.UNDECIDED
        yield "reversed", verdict, "B", {"red": shown(red.get("invoice_number"))}
    elif (
        is_red(invoice)
        and claimed
        and all(case.amounts[r].incl.amount > 0 for r in claimed if not case.amounts[r].unread)
    ):
        yield "red", Verdict.UNDECIDED, "B", {}
    kind = _odd_kind(invoice)
    if kind and claimed:
        yield kind, Verdict.UNDECIDED, "B", {}
    if "记账联" in invoice.marks:
        yield "seller_copy", Verdict.UNDECIDED, "C", {}
    if "代开" in invoice.marks:
        yield "proxy", Verdict.UNDECIDED, "D", {"real": shown(invoice.get("real_seller_name"))}


RULES = (legible, number_fits, invoice_marks)

"""One number, two papers: cloned invoices and vouchers used twice inside the folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from audit.model import Document, Verdict, say
from audit.rules.case import PAYMENTS, Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Result, Results
from audit.rules.support import shown
from audit.text.names import company_similarity
from audit.text.normal import compact

FIELDS = ("total_with_tax", "issue_date", "buyer_name", "seller_name")
NAMES = frozenset({"buyer_name", "seller_name"})
#: Below this two usable names are two companies, not two readings of one.
APART = 0.8


@rule("R03", "number_on_two_faces", "四(一)", "B", assertion="existence", cause="invoice_cloned")
def number_on_two_faces(case: Case) -> Results:
    """One invoice number has one face.

    What it finds: two papers with one code and number whose amount, date, buyer or seller differ.
    Why it matters: a cloned face takes a real number.
    Evidence it uses: the fields of both papers; copies that agree are one invoice.
    Undecided when: always; one of them may be misread, a person looks at both.
    Example: 00123456 once over 11,300.00 and once over 113,000.00.
    """
    by_number: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for invoice in case.invoices:
        number, code = invoice.get("invoice_number"), invoice.get("invoice_code")
        if not number.usable or not number.text:
            yield SKIPPED
            continue
        key = compact(number.text), compact(code.text or "") if code.usable else ""
        by_number[key].append(invoice)
    for papers in by_number.values():
        differing = _differing(papers)
        if not differing:
            yield PASSED
            continue
        rows = tuple(sorted({r for d in papers for r in case.rows_of.get(d.id, ())}))
        yield Result(
            Verdict.UNDECIDED,
            say(
                "rules.R03.faces",
                number=shown(papers[0].get("invoice_number")),
                values="；".join(" ／ ".join(shown(d.get(n)) for d in papers) for n in differing),
            ),
            documents=tuple(d.id for d in papers),
            rows=rows,
            found="；".join(" ／ ".join(shown(d.get(n)) for d in papers) for n in differing),
            evidence=tuple(e for d in papers for e in case.at(d, "invoice_number", *differing)),
            effects=tuple(e for d in papers for e in case.effects_of(d, certain=False)),
            request=say("rules.ask.original", numbers=shown(papers[0].get("invoice_number"))),
            refuted_by=say("rules.refuted.platform"),
        )


def _differing(papers: list[Document]) -> list[str]:
    """Return the fields in which usable readings of the papers differ."""
    found = []
    for name in FIELDS:
        values = {d.get(name).value for d in papers if d.get(name).usable}
        if len(values) < 2:  # noqa: PLR2004 - two to differ
            continue
        texts = [str(v) for v in values]
        alike = name in NAMES and all(company_similarity(texts[0], t) >= APART for t in texts[1:])
        if not alike:
            found.append(name)
    return found


@rule(
    "R20",
    "voucher_reused",
    "四(一)4",
    "B",
    assertion="existence",
    cause="voucher_reused",
    needs=PAYMENTS,
)
def voucher_reused(case: Case) -> Results:
    """One bank voucher stands for one payment.

    What it finds: two vouchers with one receipt or serial number that differ in amount, payee or
        day; a voucher that another applicant's case holds as well.
    Why it matters: a voucher edited for a second use keeps its number.
    Evidence it uses: numbers of all vouchers in this folder, and of the registry where one is given.
    Undecided when: always; one of them may be misread, and a reprint is the same voucher.
    Example: receipt 0918-3117 over 50,000.00 and over 80,000.00.
    """
    by_number: dict[str, list[Document]] = defaultdict(list)
    for paper in case.of(*PAYMENTS):
        numbers = [paper.get(n) for n in ("receipt_number", "serial_number")]
        number = next((n.text for n in numbers if n.usable and n.text), None)
        if number is None or len(compact(number)) < 6:  # noqa: PLR2004 - shorter ones count days, not vouchers
            yield SKIPPED
            continue
        by_number[compact(number)].append(paper)
    rows_of = _rows_paid(case)
    yield from _elsewhere(case, rows_of)
    for number, papers in by_number.items():
        fields = ("amount", "payee_name", "payment_date")
        differing = [
            n for n in fields if len({d.get(n).value for d in papers if d.get(n).usable}) > 1
        ]
        if not differing:
            yield PASSED
            continue
        rows = tuple(sorted({r for d in papers for r in rows_of[d.id]}))
        amounts = [d.get("amount").amount for d in papers]
        most = max((a for a in amounts if a is not None), default=None)
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R20.twice", number=number,
                values="；".join(" ／ ".join(shown(d.get(n)) for d in papers) for n in differing)),
            documents=tuple(d.id for d in papers),
            rows=rows,
            found=number,
            evidence=tuple(e for d in papers for e in case.at(d, "receipt_number", *differing)),
            effects=tuple(e for r in rows for e in case.effect(r, certain=False, most_with_tax=most)),
            request=say("rules.ask.bank_original", numbers=number),
            refuted_by=say("rules.refuted.bank"),
        )  # fmt: skip


def _rows_paid(case: Case) -> dict[str, list[int]]:
    """Return the rows that each voucher pays for."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for link in case.links.values():
        for share in link.payments:
            rows_of[share.document_id].append(link.row)
    return rows_of


def _elsewhere(case: Case, rows_of: dict[str, list[int]]) -> Iterator[Result]:
    """Yield vouchers that the registry knows from another applicant's case."""
    by_key = {d.key: d for d in case.of(*PAYMENTS)}
    for hit in case.facts.cross.hits if case.facts.cross is not None else ():
        paper, other = by_key.get(hit.document_key), hit.holder
        if paper is None or hit.kind not in {"receipt", "bill"}:
            continue
        if other.applicant_id == case.who.taxpayer_id or case.is_applicant(other.applicant):
            continue
        rows = tuple(rows_of[paper.id])
        amount = paper.get("amount").amount
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R20.elsewhere", number=hit.key, whose=other.applicant or other.case),
            documents=(paper.id,),
            rows=rows,
            found=hit.key,
            evidence=case.at(paper, "receipt_number", "serial_number"),
            effects=tuple(
                e for r in rows for e in case.effect(r, certain=False, most_with_tax=amount)
            ),
            request=say("rules.ask.bank_original", numbers=hit.key),
            refuted_by=say("rules.refuted.bank"),
            part=f"elsewhere {other.case}",
        )


RULES = (number_on_two_faces, voucher_reused)

"""Who buys, sells, pays and is paid: buyer, three flows, relations (附件2 四(一)3, 四(一)4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from audit.model import Document, DocumentKind, LedgerRow, Reading, Verdict, say
from audit.rules.case import PAYMENTS, Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.support import firm, seller_of, shown, similar
from audit.text.ids import uscc_check_digit_ok
from audit.text.names import company_parts, company_similarity, looks_like_company, same_company
from audit.text.normal import compact

DAYS_YOUNG = 90
#: Two names less alike than this are two companies, though one of them was read unsurely.
_PLAINLY_OTHER = 0.6
REFUND = ("退款", "退回", "退货款", "返还", "借款", "往来款")
LEASE = ("租赁",)
CAUSES = {"unread": "reading_doubtful", "other": "buyer_not_applicant"}


@rule(
    "I05", "buyer_not_applicant", "四(一)3", "B", assertion="rights",
    cause="buyer_not_applicant", needs=(DocumentKind.VAT_INVOICE,),
)  # fmt: skip
def buyer_not_applicant(case: Case) -> Results:
    """The buyer on every invoice is the applicant.

    What it finds: invoices made out to another company; another name under the applicant's tax id;
        a branch; another tax id beside the applicant's name; a lessor.
    Why it matters: what somebody else bought is not the applicant's investment.
    Evidence it uses: buyer's name and tax id; former names that a licence or notice shows.
    Undecided when: name or id is doubtful or close to the applicant's, the id agrees, it is a
        branch, or a leasing company buys for the applicant.
    Example: buyer 重庆山城物流有限公司, applicant 重庆山城智造有限公司.
    """
    if not case.who.name:
        yield NotExecuted(say("rules.no_applicant"))
        return
    for invoice in case.invoices:
        fault = _buyer_fault(case, invoice)
        if fault is None:
            yield PASSED
            continue
        what, severity = fault
        sure = what == "other"
        name = invoice.get("buyer_name")
        yield Result(
            Verdict.FAIL if sure else Verdict.UNDECIDED,
            say(
                f"rules.I05.{what}",
                number=shown(invoice.get("invoice_number")),
                buyer=shown(name),
                buyer_id=shown(invoice.get("buyer_taxpayer_id")),
                applicant=case.who.name,
            ),
            documents=(invoice.id,),
            rows=case.rows_of.get(invoice.id, ()),
            expected=case.who.name if what != "other_id" else case.who.taxpayer_id,
            found=shown(name) if what != "other_id" else shown(invoice.get("buyer_taxpayer_id")),
            evidence=case.at(invoice, "buyer_name", "buyer_taxpayer_id"),
            effects=case.effects_of(invoice, certain=sure) if severity == "B" else (),
            severity=severity,
            cause=CAUSES.get(what, f"buyer_{what}"),
            request=None
            if what == "unread"
            else say(f"rules.ask.buyer_{'name' if what == 'renamed' else 'other'}",
                     numbers=shown(invoice.get("invoice_number"))),
            refuted_by=say("rules.refuted.buyer"),
            part="buyer",
        )  # fmt: skip


def _buyer_fault(case: Case, invoice: Document) -> tuple[str, str] | None:
    """Return what is wrong with the buyer and how heavy it is; ``None`` if it is the applicant."""
    name, number = invoice.get("buyer_name"), invoice.get("buyer_taxpayer_id")
    own = case.who.taxpayer_id
    same_id = bool(own) and number.usable and number.text == own
    other_id = bool(own) and number.usable and number.text != own
    if not name.usable or not name.text:
        return ("unread", "B") if name.value is None or not same_id else None
    if case.is_applicant(name.text):
        credible = firm(number) or uscc_check_digit_ok(number.text or "")
        return ("other_id", "C") if other_id and credible else None
    if same_id:
        return None if similar(name.text, case.who.name) and not firm(name) else ("renamed", "C")
    parts = company_parts(name.text)
    if parts.branch and compact(name.text).startswith(compact(case.who.name)):
        return "branch", "B"
    if any(w in name.text for w in LEASE):
        return "lease", "B"
    sure = firm(name) and not similar(name.text, case.who.name)
    return ("other", "B") if sure else ("unsure", "B")


@rule("I11", "flows_differ", "四(一)4", "B", assertion="rights", scope="row")
def flows_differ(case: Case) -> Results:
    """Contract, invoice and payment name the same seller, and the applicant pays.

    What it finds: a payee or a contract's seller other than the invoice's; a payer other than the
        applicant, above all a person.
    Why it matters: invoices without the deal behind them show up here first.
    Evidence it uses: seller, payee, payer, and party B of the contract with the row's number.
    Undecided when: always; paying through somebody else, factoring and 代开 are lawful with proof.
    Example: invoice of 成都云帆, paid to 成都云杉.
    """
    for row in case.items:
        link = case.links[row.row]
        if not link.invoices:
            yield SKIPPED
            continue
        found = list(_flow_faults(case, row))
        if not found:
            yield PASSED
        yield from found


def _flow_faults(case: Case, row: LedgerRow) -> Iterator[Result]:
    link = case.links[row.row]
    names = [case.documents[i].get("seller_name") for i in link.invoices]
    real = case.documents[link.invoices[0]].get("real_seller_name").text
    allowed = [s for s in (*map(_legible, names), real) if s]
    sure = all(n.usable for n in names)
    for share in link.payments:
        paper = case.documents[share.document_id]
        if allowed and _is_stranger(paper, "payee_name", allowed, sure=sure):
            yield _flow(case, row, "payee", paper, "payee_name", share.amount)
        endorsed = paper.kind is DocumentKind.ACCEPTANCE_BILL
        own = [case.who.name, *case.who.former_names]
        if case.who.name and not endorsed and _is_stranger(paper, "payer_name", own):
            person = not looks_like_company(paper.get("payer_name").text or "")
            what = "payer_person" if person else "payer"
            yield _flow(case, row, what, paper, "payer_name", share.amount)
    number = compact(row.get("contract_number").text or "").upper()
    for name in link.contracts:
        paper = case.documents[name]
        same = number and compact(paper.get("contract_number").text or "").upper() == number
        if same and allowed and _is_stranger(paper, "party_b", allowed, sure=sure):
            yield _flow(case, row, "contract", paper, "party_b", None)


def _is_stranger(paper: Document, field: str, names: Sequence[str], *, sure: bool = True) -> bool:
    """Tell whether a legible name is none of those expected, not even read a little off.

    ``sure``: whether the expected names were read surely. Where one side was not, a name that may
    be the same with a letter of its 字号 misread is no stranger.
    """
    found = paper.get(field)
    name = _legible(found)
    if not name:
        return False
    if sure and found.usable:
        return not any(similar(name, n) for n in names)
    return all(company_similarity(name, n) < _PLAINLY_OTHER for n in names)


def _legible(found: Reading) -> str:
    """Return a name that may be compared: a doubtful one only if it is whole enough to be one."""
    name = (found.text or "").strip()
    return name if found.usable or looks_like_company(name) else ""


def _flow(
    case: Case, row: LedgerRow, what: str, paper: Document, field: str, amount: Decimal | None
) -> Result:
    invoice = case.documents[case.links[row.row].invoices[0]]
    seller, name = seller_of(invoice), paper.get(field).text or ""
    by_payer = what.startswith("payer")
    return Result(
        Verdict.UNDECIDED,
        say(f"rules.I11.{what}", row=row.row, seller=seller or "—", name=name),
        documents=(invoice.id, paper.id),
        rows=(row.row,),
        expected=case.who.name if by_payer else seller,
        found=name,
        evidence=(*case.at(paper, field), *case.at(invoice, "seller_name")),
        effects=case.effect(row.row, certain=False, most_with_tax=amount),
        cause=f"flow_{what}",
        seller=seller,
        request=say(f"rules.ask.{'payer' if by_payer else 'payee'}", rows=row.row),
        refuted_by=say("rules.refuted.flow"),
        part=what,
    )


@rule("R07", "money_returns", "四(一)4", "D", assertion="existence", scope="case", needs=PAYMENTS)
def money_returns(case: Case) -> Results:
    """No money comes back from a seller.

    What it finds: payments to the applicant, and purposes that speak of refund or loan.
    Why it matters: money that goes round pays for nothing; deposits and true refunds exist.
    Evidence it uses: payer, payee and purpose of every receipt in the folder.
    Undecided when: always; a cue. Bank statements of the paying account would show more.
    Example: 成都云帆 pays 50,000.00 to the applicant, 附言 退款.
    """
    if not case.who.name:
        yield NotExecuted(say("rules.no_applicant"))
        return
    for paper in case.of(*PAYMENTS):
        payee, payer = paper.get("payee_name"), paper.get("payer_name")
        purpose = paper.get("purpose").text or ""
        back = (
            payee.usable
            and case.is_applicant(payee.text or "")
            and not (payer.usable and case.is_applicant(payer.text or ""))
        )
        word = next((w for w in REFUND if w in purpose), "")
        if not back and not word:
            yield PASSED
            continue
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R07.back" if back else "rules.R07.word", payer=shown(payer),
                amount=shown(paper.get("amount")), word=word or "—"),
            documents=(paper.id,),
            found=purpose[:40],
            evidence=case.at(paper, "payee_name", "purpose", "amount"),
            refuted_by=say("rules.refuted.flow"),
        )  # fmt: skip


@rule("R08", "related_parties", "四(一)", "D", assertion="rights", scope="case")
def related_parties(case: Case) -> Results:
    """Applicant and sellers, and sellers among themselves, share no person, place or account.

    What it finds: one legal representative or address on two licences, one account for two sellers.
    Why it matters: deals between related parties need a second look at the price.
    Evidence it uses: licences in the folder, payees' accounts on receipts.
    Undecided when: always; a cue. Ownership needs a list from outside. The same bank says nothing.
    Example: two sellers are paid into account 6222….
    """
    licences = case.of(DocumentKind.BUSINESS_LICENCE)
    receipts = case.of(*PAYMENTS)
    if len(licences) < 2 and not receipts:  # noqa: PLR2004 - two to compare
        yield NotExecuted(say("rules.needs", kinds="多份营业执照或付款凭证"))
        return
    found = [
        *_shared(case, licences, "legal_representative", "company_name", "person"),
        *_shared(case, licences, "address", "company_name", "address"),
        *_shared(case, receipts, "payee_account", "payee_name", "account"),
    ]
    yield from found or [PASSED]


def _shared(
    case: Case, papers: tuple[Document, ...], field: str, who: str, what: str
) -> Iterator[Result]:
    by_value: dict[str, list[Document]] = defaultdict(list)
    for paper in papers:
        value, name = paper.get(field), paper.get(who)
        if value.usable and value.text and name.usable and name.text:
            by_value[compact(value.text)].append(paper)
    for group in by_value.values():
        names = list(dict.fromkeys(d.get(who).text or "" for d in group))
        apart = [n for n in names[1:] if not similar(n, names[0])]
        if not apart:
            continue
        yield Result(
            Verdict.UNDECIDED,
            say(f"rules.R08.{what}", names="、".join((names[0], *apart)[:4])),
            documents=tuple(d.id for d in group),
            evidence=tuple(e for d in group for e in case.at(d, field)),
            part=what,
        )


@rule("R09", "young_seller", "四(一)", "D", assertion="existence", scope="case")
def young_seller(case: Case) -> Results:
    """No seller was founded just before the deal.

    What it finds: a seller founded less than 90 days before its contract or first invoice.
    Why it matters: many sellers in forged applications were new trading companies.
    Evidence it uses: sellers' licences where they are in the folder, contracts, invoices.
    Undecided when: always; a cue. Without a seller's licence it is not executed.
    Example: founded 2023-01-05, first invoice 2023-02-10.
    """
    compared = False
    for licence in case.of(DocumentKind.BUSINESS_LICENCE):
        name, founded = licence.get("company_name"), licence.get("founded_date")
        if not (name.usable and founded.usable and founded.day) or case.is_applicant(
            name.text or ""
        ):
            continue
        papers = [
            (d, day)
            for d, field, date_field in (
                *((c, "party_b", "contract_date") for c in case.of(DocumentKind.CONTRACT)),
                *((i, "seller_name", "issue_date") for i in case.invoices),
            )
            if same_company(d.get(field).text or "", name.text or "")
            and d.get(date_field).usable
            and (day := d.get(date_field).day) is not None
        ]
        if not papers:
            continue
        compared = True
        first, day = min(papers, key=lambda p: p[1])
        if day - founded.day >= timedelta(days=DAYS_YOUNG):
            yield PASSED
            continue
        yield Result(
            Verdict.UNDECIDED,
            say("rules.R09.young", name=name.text, founded=founded.day, first=day),
            documents=(licence.id, first.id),
            found=str(founded.day),
            evidence=case.at(licence, "founded_date"),
        )
    if not compared:
        yield NotExecuted(say("rules.R09.needs"))


RULES = (buyer_not_applicant, flows_differ, money_returns, related_parties, young_seller)

"""Company part of the application form against itself and other papers (附件1(一))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from audit.model import Document, DocumentKind, Reading, Verdict, say
from audit.rules.case import NOTHING, Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.statements import told
from audit.rules.support import firm, level_of, seller_of, shown, similar, yuan
from audit.text.ids import uscc_check_digit_ok
from audit.text.normal import compact

FORM = (DocumentKind.APPLICATION_FORM,)
YEARS = ("2021", "2022", "2023")
RATE_OFF = Decimal("0.1")
HUNDRED = Decimal(100)
WAN = Decimal(10_000)
#: 统计上大中小微型企业划分办法(2017), industry: least employees and revenue (元), both needed.
SIZES = (
    ("大型", 1000, Decimal(400_000_000)),
    ("中型", 300, Decimal(20_000_000)),
    ("小型", 20, Decimal(3_000_000)),
)
PHONE = re.compile(r"1\d{10}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PIECES = frozenset({"台", "套", "台套", "台(套)", "台/套", "个", "件"})


@rule("F10", "figures_inconsistent", "附1(一)", "C", assertion="accuracy", needs=FORM)
def figures_inconsistent(case: Case) -> Results:
    """Rates follow from amounts, all three years are filled, the last is that of the audit report.

    What it finds: 利润率 that is not 利润 / 主营业务收入 to 0.1 points, 负债率 outside 0–100, empty
        years, a revenue of the last year that the audit report's text does not hold.
    Why it matters: copied or invented figures seldom fit.
    Evidence it uses: the table of three years; the words of audit report and statements.
    Undecided when: a reading is not firm; the comparison with the audit report's text is a cue.
    Example: profit 800, revenue 10,000 万元, rate 12.8 %.
    """
    form = case.form
    assert form is not None
    for year in YEARS:
        yield from _year(case, form, year)
    yield from _against_report(case, form)


def _year(case: Case, form: Document, year: str) -> Iterator[Result]:
    revenue, profit = form.get(f"revenue_{year}"), form.get(f"profit_{year}")
    rate, debt = form.get(f"profit_rate_{year}"), form.get(f"debt_ratio_{year}")
    if (
        all(r.usable for r in (revenue, profit, rate))
        and revenue.amount
        and (profit.amount is not None and rate.amount is not None)
    ):
        due = profit.amount / revenue.amount * HUNDRED
        if min(abs(rate.amount - due), abs(rate.amount * HUNDRED - due)) <= RATE_OFF:
            yield PASSED
        else:
            sure = all(firm(r) for r in (revenue, profit, rate))
            yield told(case, form, "F10", "rate", f"profit_rate_{year}",
                        Verdict.FAIL if sure else Verdict.UNDECIDED,
                        {"year": year, "due": f"{due:.2f}%", "rate": shown(rate)})  # fmt: skip
    elif (
        form.origin_digital
        and any(r.value is None and not r.raw.strip() for r in (revenue, profit))
        and form.get("revenue_2023").value is not None
    ):
        yield told(case, form, "F10", "empty", f"revenue_{year}", Verdict.UNDECIDED, {"year": year})
    if debt.usable and debt.amount is not None:
        if NOTHING <= debt.amount <= HUNDRED:
            yield PASSED
        else:
            yield told(case, form, "F10", "debt", f"debt_ratio_{year}", Verdict.UNDECIDED,
                        {"year": year, "rate": shown(debt)}, "D")  # fmt: skip


def _against_report(case: Case, form: Document) -> Iterator[Result]:
    revenue = form.get("revenue_2023")
    papers = case.of(DocumentKind.AUDIT_REPORT, DocumentKind.FINANCIAL_STATEMENT)
    text = "".join(case.text_of(d) for d in papers).replace(",", "")
    if not (revenue.usable and revenue.amount and re.search(r"营业收入", text)):
        return
    figures = {Decimal(f) for f in re.findall(r"\d{3,13}(?:\.\d{1,2})?", text)}
    near = any(
        abs(f - revenue.amount) <= WAN or abs(f * WAN - revenue.amount) <= WAN for f in figures
    )
    if near:
        yield PASSED
        return
    yield told(case, form, "F10", "report", "revenue_2023", Verdict.UNDECIDED,
                {"revenue": yuan(revenue.amount)}, "D", others=papers)  # fmt: skip


@rule("F11", "size_unlikely", "附1(一)", "D", assertion="accuracy", needs=FORM)
def size_unlikely(case: Case) -> Results:
    """The ticked size fits employees and revenue.

    What it finds: a size class other than the two figures give.
    Why it matters: a hint that the form was not filled in with care.
    Evidence it uses: 企业规模, 员工人数, 主营业务收入 of the last year.
    Undecided when: always; a cue.
    Example: 大型 with 210 employees.
    """
    form = case.form
    assert form is not None
    size, people, revenue = (form.get(n) for n in ("size_class", "employees", "revenue_2023"))
    usable = all(r.usable for r in (size, people, revenue))
    if not usable or people.amount is None or revenue.amount is None or not size.text:
        yield SKIPPED
        return
    due = next((n for n, p, r in SIZES if people.amount >= p and revenue.amount >= r), "微型")
    if compact(size.text) == due:
        yield PASSED
        return
    yield told(case, form, "F11", "size", "size_class", Verdict.UNDECIDED,
                {"ticked": size.text, "due": due, "people": f"{people.amount:.0f}"})  # fmt: skip


@rule("F12", "founded_differs", "附1(一)", "D", assertion="accuracy", needs=FORM)
def founded_differs(case: Case) -> Results:
    """The day of founding is the licence's and lies before the project.

    What it finds: another day or month than on the licence; a company younger than its project.
    Why it matters: a hint that the papers are of different companies.
    Evidence it uses: 成立时间 of the form, the applicant's licence, the period.
    Undecided when: always; a cue.
    Example: form 2015-03-02, licence 2018-03-02.
    """
    form = case.form
    assert form is not None
    own = form.get("founded_date")
    if not own.usable:
        yield SKIPPED
        return
    for licence in case.of(DocumentKind.BUSINESS_LICENCE):
        day, name = licence.get("founded_date"), licence.get("company_name")
        if not day.usable or day.day is None or not case.is_applicant(name.text or ""):
            continue
        if _same_day(own, day):
            yield PASSED
        else:
            yield told(case, form, "F12", "differs", "founded_date", Verdict.UNDECIDED,
                        {"form": shown(own), "licence": day.day}, others=(licence,))  # fmt: skip
    if own.day is not None and case.who.period is not None:
        if own.day <= case.who.period[0]:
            yield PASSED
        else:
            yield told(case, form, "F12", "younger", "founded_date", Verdict.UNDECIDED,
                        {"form": own.day, "start": case.who.period[0]})  # fmt: skip


def _same_day(own: Reading, licence: Reading) -> bool:
    """Tell whether two days agree, as far as the form says one: 2015年3月 or 2015 will do."""
    day = licence.day
    if own.day is not None or day is None:
        return own.day == day
    parts = [int(p) for p in re.findall(r"\d+", own.text or "")]
    return parts == [day.year, day.month, day.day][: len(parts)]


@rule("F13", "maturity_differs", "附1(一)", "C", assertion="accuracy", needs=FORM)
def maturity_differs(case: Case) -> Results:
    """Maturity score and level of the form are those of the assessment.

    What it finds: another score or level than the assessment paper states.
    Why it matters: the level is a condition of the notice.
    Evidence it uses: 成熟度评估分数 and 等级 of the form, the assessment papers.
    Undecided when: a reading is not firm.
    Example: form 二级, assessment 一级.
    """
    form = case.form
    assert form is not None
    papers = case.of(DocumentKind.MATURITY_ASSESSMENT)
    if not papers:
        yield NotExecuted(say("rules.needs", kinds="成熟度评估结果"))
        return
    for paper in papers:
        for name in ("maturity_level", "maturity_score"):
            own, other = form.get(name), paper.get(name)
            if not (own.usable and other.usable):
                yield SKIPPED
                continue
            if _maturity(own) == _maturity(other):
                yield PASSED
                continue
            sure = firm(own) and firm(other)
            yield told(case, form, "F13", name.removeprefix("maturity_"), name,
                        Verdict.FAIL if sure else Verdict.UNDECIDED,
                        {"form": shown(own), "paper": shown(other)}, others=(paper,))  # fmt: skip


def _maturity(found: Reading) -> object:
    if found.amount is not None:
        return found.amount
    return level_of(found.text or "") or compact(found.text or "")


@rule("F14", "device_count", "附1(二)", "D", assertion="accuracy", needs=FORM)
def device_count(case: Case) -> Results:
    """The number of devices is what the equipment invoices count.

    What it finds: another number than the quantities of equipment lines in 台, 套 add up to.
    Why it matters: devices claimed that were not bought, or the other way round.
    Evidence it uses: 项目设备数量; quantities of equipment lines of listed invoices.
    Undecided when: always; a cue: lots (批) hide their number.
    Example: form 48, invoices 36.
    """
    form = case.form
    assert form is not None
    said = form.get("device_count")
    lines = [
        i
        for d in case.invoices
        if d.id in case.rows_of
        for i in d.items
        if i.category == "equipment"
    ]
    counted = [i.quantity.amount for i in lines if compact(i.unit.text or "") in PIECES]
    if not said.usable or said.amount is None or not counted or len(counted) < len(lines):
        yield SKIPPED
        return
    added = sum((q for q in counted if q is not None), NOTHING)
    if added == said.amount:
        yield PASSED
        return
    yield told(case, form, "F14", "count", "device_count", Verdict.UNDECIDED,
                {"form": f"{said.amount:f}", "counted": f"{added:f}"})  # fmt: skip


@rule("F16", "formats", "附1(一)", "C", assertion="accuracy", needs=FORM)
def formats(case: Case) -> Results:
    """Phone, e-mail and tax id have the form of such things.

    What it finds: a phone or e-mail that cannot be one, a tax id whose check digit does not fit.
    Why it matters: the applicant cannot be reached, or the id is mistyped.
    Evidence it uses: 电话, E-mail of the form; the applicant's tax id.
    Undecided when: always; it may be misread, and real ids exist whose digit does not fit.
    Example: telephone 1380013800.
    """
    form = case.form
    assert form is not None
    for name, pattern in (("contact_phone", PHONE), ("contact_email", EMAIL)):
        field = form.get(name)
        text = compact(field.text or (str(field.value) if field.value is not None else ""))
        if not field.usable or not text:
            yield SKIPPED
        elif all(pattern.fullmatch(part) for part in re.split(r"[、,，;；/]", text) if part):
            yield PASSED
        else:
            yield told(case, form, "F16", name.removeprefix("contact_"), name,
                        Verdict.UNDECIDED, {"found": text[:40]})  # fmt: skip
    number = case.who.taxpayer_id
    if number and not uscc_check_digit_ok(number):
        yield told(case, form, "F16", "tax_id", "taxpayer_id", Verdict.UNDECIDED,
                    {"found": number}, "D")  # fmt: skip
    elif number:
        yield PASSED


@rule("F17", "provider_no_seller", "附1(三)", "D", assertion="existence", needs=FORM)
def provider_no_seller(case: Case) -> Results:
    """The service provider that the form names is one of the sellers.

    What it finds: a provider that issued no invoice in the folder.
    Why it matters: who built the project should have been paid for it.
    Evidence it uses: 项目服务商 of the form, sellers of the invoices.
    Undecided when: always; a cue: providers work through subsidiaries.
    Example: provider 重庆云擎, no invoice of it.
    """
    form = case.form
    assert form is not None
    provider = form.get("provider_name")
    sellers = {seller_of(d) for d in case.invoices} - {""}
    if not provider.usable or not provider.text or not sellers:
        yield SKIPPED
        return
    names = [n for n in re.split(r"[、,，;；\n]", provider.text) if n.strip()]
    unknown = [n for n in names if not any(similar(n, s) for s in sellers)]
    if len(unknown) < len(names):
        yield PASSED
        return
    yield told(case, form, "F17", "provider", "provider_name", Verdict.UNDECIDED,
                {"provider": provider.text[:40]})  # fmt: skip


RULES = (figures_inconsistent, size_unlikely, founded_differs, maturity_differs, device_count,
         formats, provider_no_seller)  # fmt: skip

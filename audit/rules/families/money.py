"""Sums that decide: minimum total, software share, the six categories (clause 一(三))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from audit.match.category import INELIGIBLE, UNKNOWN, Vocabulary, declared_category
from audit.model import LedgerRow, Verdict, say
from audit.rules.case import NOTHING, Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Result, Results
from audit.rules.support import firm, seller_of, shown, yuan
from audit.text.rounding import percent

ONE = Decimal(1)


def _interval(case: Case, basis: str) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the rows state in a basis: doubtful ones out and in."""
    low = high = NOTHING
    for own in case.amounts.values():
        stated = own.basis(basis)
        high += stated.amount
        low += stated.amount if stated.sure and stated.known else min(stated.amount, NOTHING)
    return low, high


def _together(ends: Mapping[str, tuple[Decimal, Decimal]], least: Decimal) -> Verdict:
    """Return pass or fail only if both ends agree in every basis."""
    if all(low >= least for low, _ in ends.values()):
        return Verdict.PASS
    if all(high < least for _, high in ends.values()):
        return Verdict.FAIL
    return Verdict.UNDECIDED


def _unread(case: Case) -> bool:
    return any(own.unread for own in case.amounts.values())


@rule("N06", "total_below_minimum", "一(三)", "A", assertion="eligibility", scope="case")
def total_below_minimum(case: Case) -> Results:
    """The declared investment reaches the minimum, in every tax basis that counts.

    What it finds: ledger rows that together stay below the minimum before anything is deducted.
    Why it matters: below it the project is not eligible; the minimum itself is enough.
    Evidence it uses: the item rows of the ledger, with tax and without.
    Undecided when: the two bases disagree, or rows that are not legible could turn the result.
    Example: 5,200,000.00 with tax, 4,700,000.00 without: to be ruled which counts.
    """
    if not case.items:
        yield NotExecuted(say("rules.needs", kinds="项目投资明细表"))
        return
    least = case.limits.minimum_total
    ends = {basis: _interval(case, basis) for basis in case.policy.tax_bases}
    verdict = _together(ends, least)
    if verdict is Verdict.FAIL and _unread(case):
        verdict = Verdict.UNDECIDED
    if verdict is Verdict.PASS:
        yield PASSED
        return
    incl, excl = _interval(case, "incl"), _interval(case, "excl")
    yield Result(
        verdict,
        say("rules.N06.below", incl=_span(incl), excl=_span(excl), least=yuan(least)),
        files=tuple(dict.fromkeys(r.file for r in case.items if r.file)),
        expected=yuan(least),
        found=_span(ends[case.policy.tax_bases[0]]),
        refuted_by=say("rules.refuted.more_rows"),
    )


def _span(ends: tuple[Decimal, Decimal]) -> str:
    low, high = ends
    return yuan(low) if low == high else f"{yuan(low)}～{yuan(high)}"


@rule("N07", "software_share_low", "一(三)", "A", assertion="eligibility", scope="case")
def software_share_low(case: Case) -> Results:
    """Software and IT services make up the share that the notice asks for.

    What it finds: a share below the threshold in the deciding reading, before deductions.
    Why it matters: below it the project is not eligible.
    Evidence it uses: category of every row by its invoices' lines, amounts in both bases.
    Undecided when: the bases disagree, or rows of unknown category or doubtful amount decide.
    Example: 28.4 % with tax and 27.9 % without in the middle reading.
    """
    if not case.items:
        yield NotExecuted(say("rules.needs", kinds="项目投资明细表"))
        return
    reading = case.policy.deciding_share
    ends = {b: _share(case, b, reading) for b in case.policy.tax_bases}
    verdict = _together(ends, case.limits.software_share)
    if verdict is Verdict.FAIL and _unread(case):
        verdict = Verdict.UNDECIDED
    if verdict is Verdict.PASS:
        yield PASSED
        return
    shares = {n: _share(case, "incl", n) for n in ("narrow", "middle", "wide")}
    yield Result(
        verdict,
        say(
            "rules.N07.low",
            narrow=_percent(shares["narrow"]),
            middle=_percent(shares["middle"]),
            wide=_percent(shares["wide"]),
            excl=_percent(_share(case, "excl", reading)),
            least=f"{case.limits.software_share:.0%}",
        ),
        files=tuple(dict.fromkeys(r.file for r in case.items if r.file)),
        expected=f"{case.limits.software_share:.0%}",
        found=_percent(ends[case.policy.tax_bases[0]]),
        refuted_by=say("rules.refuted.categories"),
    )


def _percent(ends: tuple[Decimal, Decimal]) -> str:
    low, high = (percent(e) for e in ends)
    return low if low == high else f"{low}～{high}"


def _share(case: Case, basis: str, reading: str) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the software share can be."""
    counting = {c.key for c in case.policy.categories if reading in c.share_readings}
    low = high = whole = NOTHING
    for row in case.items:
        amount = case.amounts[row.row].basis(basis).amount
        whole += amount
        for key, part in _parts(case, row.row):
            low += amount * part if key in counting else NOTHING
            high += amount * part if key in counting or key == UNKNOWN else NOTHING
    if whole <= 0:
        return NOTHING, ONE
    return low / whole, high / whole


def _parts(case: Case, row: int) -> tuple[tuple[str, Decimal], ...]:
    split = case.matching.category_splits.get(row)
    return split or ((case.matching.categories.get(row, UNKNOWN), ONE),)


@rule("N08", "outside_categories", "一(三)", "B", assertion="eligibility", scope="row")
def outside_categories(case: Case) -> Results:
    """Every row belongs to one of the six categories of the notice.

    What it finds: rows whose invoice sells something outside the six categories (meals, travel,
        building work), second-hand or office equipment where the policy says so, and rows that
        only a person can place.
    Why it matters: only the six categories count as investment.
    Evidence it uses: the invoice's tax classification code, its short name, its words; the policy.
    Undecided when: the policy lists the words as a case for a person, the line is not legible, or
        only the ledger's own word speaks.
    Example: row 9, *餐饮服务*餐费, is no investment in equipment or software.
    """
    for row in case.items:
        outside = [(k, p) for k, p in _parts(case, row.row) if k in {INELIGIBLE, UNKNOWN}]
        if outside:
            yield _outside(case, row, *outside[0])
        else:
            yield PASSED
        yield from _by_practice(case, row)


def _outside(case: Case, row: LedgerRow, key: str, part: Decimal) -> Result:
    link = case.links[row.row]
    items = [i for d in link.invoices for i in case.documents[d].items]
    sure = key == INELIGIBLE and bool(items) and all(firm(i.name) for i in items)
    names = "、".join(dict.fromkeys(shown(i.name) for i in items)) or shown(row.get("name"))
    own = case.amounts[row.row]
    most = {"most_with_tax": own.incl.amount * part, "most_without_tax": own.excl.amount * part}
    papers = [case.documents[d] for d in link.invoices]
    return Result(
        Verdict.FAIL if sure else Verdict.UNDECIDED,
        say(
            "rules.N08.outside" if key == INELIGIBLE else "rules.N08.unknown",
            row=row.row,
            item=names[:60],
        ),
        documents=link.invoices,
        rows=(row.row,),
        found=names[:60],
        evidence=tuple(e for d in papers for e in case.at(d, "item")),
        effects=case.effect(row.row, certain=sure, **most),
        cause="" if key == INELIGIBLE else "category_unknown",
        seller=seller_of(papers[0]) if papers and key == INELIGIBLE else "",
        request=say("rules.ask.use", rows=row.row),
        refuted_by=say("rules.refuted.contract"),
    )


def _by_practice(case: Case, row: LedgerRow) -> Iterator[Result]:
    """Yield second-hand and office equipment as the policy treats them."""
    items = [i for d in case.links[row.row].invoices for i in case.documents[d].items]
    name = "".join(shown(r) for i in items for r in (i.name, i.specification)) + shown(
        row.get("name")
    )
    for kind, words, treatment in (
        ("second_hand", case.practice.second_hand_words, case.practice.second_hand),
        ("office", case.practice.office_words, case.practice.office_equipment),
    ):
        word = next((w for w in words if w in name), "")
        if not word:
            continue
        deduct = treatment == "deduct"
        sure = deduct and bool(items) and all(firm(i.name) for i in items)
        yield Result(
            Verdict.FAIL if sure else Verdict.UNDECIDED,
            say(f"rules.N08.{kind}", row=row.row, word=word),
            rows=(row.row,),
            found=word,
            effects=() if treatment == "cue" else case.effect(row.row, certain=sure),
            severity="D" if treatment == "cue" else "B",
            cause=kind,
            part=kind,
        )


@rule("I08", "category_differs", "一(三)", "B", assertion="accuracy", scope="row")
def category_differs(case: Case) -> Results:
    """The category that the ledger states is what the invoice sells.

    What it finds: rows declared as one category whose invoice lines belong to another.
    Why it matters: it moves the software share, not the sum.
    Evidence it uses: category column, use or name of the row; the lines of its invoices.
    Undecided when: always; a dispute over a category is for a person.
    Example: row 5 is declared software, its invoice sells *工业机器人*六轴机器人.
    """
    words = Vocabulary(case.policy.categories)
    for row in case.items:
        declared = declared_category(row, words)
        reason = case.matching.category_reasons.get(row.row)
        judged = case.matching.categories.get(row.row, UNKNOWN)
        if not declared or reason is None:
            yield SKIPPED
            continue
        mixed = reason.key == "match.category.mixed"
        keys = {k for k, _ in _parts(case, row.row)}
        if (
            judged in {UNKNOWN, INELIGIBLE}
            or (declared == judged and not mixed)
            or (keys == {declared})
        ):
            yield PASSED
            continue
        yield Result(
            Verdict.UNDECIDED,
            reason,
            documents=case.links[row.row].invoices,
            rows=(row.row,),
            expected=case.policy.label(declared),
            found=case.policy.label(judged),
            evidence=case.at_row(row, "category", "purpose", "name"),
            request=say("rules.ask.use", rows=row.row),
            refuted_by=say("rules.refuted.contract"),
        )


RULES = (total_below_minimum, software_share_low, outside_categories, category_differs)

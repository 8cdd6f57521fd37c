"""Amounts of the application form against the notice, each other and the ledger (附件1(二))."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from audit.model import DocumentKind, Verdict
from audit.rules.case import NOTHING, Case, total
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, Results
from audit.rules.statements import sure_if_firm, told
from audit.rules.support import firm, yuan

FORM = (DocumentKind.APPLICATION_FORM,)
#: The form states 万元 to two places: half of the last is 50 元, each way.
FORM_CENT = Decimal(100)
CLOSE = Decimal("0.05")
SLIP = Decimal(10_000)


@rule("F01", "form_below_minimum", "一(三)", "A", assertion="eligibility", needs=FORM)
def form_below_minimum(case: Case) -> Results:
    """The form's invested amount reaches the minimum and fits the planned total.

    What it finds: an amount below the minimum; a finished project whose invested amount is more
        than 5 % away from its total.
    Why it matters: the form is what the applicant promises.
    Evidence it uses: 项目已投资金额, 项目总投资, 是否已建设完成.
    Undecided when: the reading is not firm; the 5 % is only a cue.
    Example: 已投资 480 万元.
    """
    form = case.form
    assert form is not None
    spent, planned = form.get("invested_amount"), form.get("total_investment")
    if not spent.usable or spent.amount is None:
        yield SKIPPED
        return
    least = case.limits.minimum_total
    if spent.amount < least:
        params = {"amount": yuan(spent.amount), "least": yuan(least)}
        yield told(case, form, "F01", "below", "invested_amount", sure_if_firm(spent), params,
                    expected=yuan(least), found=yuan(spent.amount))  # fmt: skip
    else:
        yield PASSED
    if planned.usable and planned.amount and form.get("completed").text == "是":
        if abs(planned.amount - spent.amount) > planned.amount * CLOSE:
            params = {"spent": yuan(spent.amount), "planned": yuan(planned.amount)}
            yield told(case, form, "F01", "apart", "total_investment", Verdict.UNDECIDED,
                        params, "D")  # fmt: skip
        else:
            yield PASSED


@rule("F02", "form_parts_exceed", "附1(二)", "C", assertion="accuracy", needs=FORM)
def form_parts_exceed(case: Case) -> Results:
    """Software and hardware together are no more than what was invested.

    What it finds: software + hardware above the invested amount; security above both together.
    Why it matters: parts cannot exceed the whole; 其中 need not name every part.
    Evidence it uses: the form's amounts, to 0.01 万元.
    Undecided when: a reading is not firm.
    Example: 300 + 320 of 600 万元.
    """
    form = case.form
    assert form is not None
    names = ("software_investment", "hardware_investment", "invested_amount", "security_investment")
    software, hardware, spent, security = (form.get(n) for n in names)
    if not all(r.usable and r.amount is not None for r in (software, hardware, spent)):
        yield SKIPPED
        return
    parts = (software.amount or NOTHING) + (hardware.amount or NOTHING)
    if parts - (spent.amount or NOTHING) >= FORM_CENT:
        params: Mapping[str, object] = {
            "parts": yuan(parts),
            "whole": yuan(spent.amount or NOTHING),
        }
        yield told(case, form, "F02", "parts", "invested_amount", sure_if_firm(software, hardware, spent),
                    params, expected=yuan(spent.amount or NOTHING), found=yuan(parts))  # fmt: skip
    else:
        yield PASSED
    if security.usable and security.amount is not None:
        if security.amount - parts >= FORM_CENT:
            params = {"security": yuan(security.amount), "parts": yuan(parts)}
            yield told(case, form, "F02", "security", "security_investment",
                        sure_if_firm(software, hardware, security), params)  # fmt: skip
        else:
            yield PASSED


@rule("F03", "form_share_low", "一(三)", "A", assertion="eligibility", needs=FORM)
def form_share_low(case: Case) -> Results:
    """The form's software investment is the share that the notice asks for.

    What it finds: 软件投资 below the threshold of 已投资金额.
    Why it matters: the applicant's own figures then deny the condition.
    Evidence it uses: both amounts of the form.
    Undecided when: always: 软件投资 may leave out services that count; the ledger decides (N07).
    Example: 120 of 600 万元: 20 %.
    """
    form = case.form
    assert form is not None
    software, spent = form.get("software_investment"), form.get("invested_amount")
    if not (software.usable and spent.usable) or software.amount is None or not spent.amount:
        yield SKIPPED
        return
    share = software.amount / spent.amount
    if share >= case.limits.software_share:
        yield PASSED
        return
    params = {"share": f"{share:.2%}", "least": f"{case.limits.software_share:.0%}"}
    yield told(case, form, "F03", "low", "software_investment", Verdict.UNDECIDED, params,
                expected=f"{case.limits.software_share:.0%}", found=f"{share:.2%}")  # fmt: skip


@rule("F04", "form_ledger_differ", "附1(二)", "C", assertion="accuracy", needs=FORM)
def form_ledger_differ(case: Case) -> Results:
    """The form's invested amount is the ledger's total.

    What it finds: a difference of more than 0.01 万元 to the ledger in both tax bases; 元 for 万元.
    Why it matters: what is applied for must be what is listed.
    Evidence it uses: 项目已投资金额; the sum of the ledger's rows.
    Undecided when: an amount is not firm or a row is not legible.
    Example: form 620 万元, ledger 5,980,000.00.
    """
    form = case.form
    assert form is not None
    spent = form.get("invested_amount")
    if not case.items or not spent.usable or not spent.amount:
        yield SKIPPED
        return
    sums = [total(a.basis(b).amount for a in case.amounts.values()) for b in ("incl", "excl")]
    if any(abs(s - spent.amount) <= FORM_CENT for s in sums):
        yield PASSED
        return
    listed = min(sums, key=lambda s: abs(s - (spent.amount or NOTHING)))
    slip = any(abs(s * SLIP - spent.amount) <= spent.amount * CLOSE
               or abs(s / SLIP - spent.amount) <= spent.amount * CLOSE for s in sums)  # fmt: skip
    sure = firm(spent) and not any(a.unread or not (a.incl.sure or a.excl.sure)
                                   for a in case.amounts.values())  # fmt: skip
    params = {"form": yuan(spent.amount), "ledger": yuan(listed)}
    yield told(case, form, "F04", "unit" if slip else "differ", "invested_amount",
                Verdict.FAIL if sure else Verdict.UNDECIDED, params,
                expected=yuan(listed), found=yuan(spent.amount))  # fmt: skip


RULES = (form_below_minimum, form_parts_exceed, form_share_low, form_ledger_differ)

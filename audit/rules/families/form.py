"""Project part of the application form: amounts, choices, texts (附件1(二))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from audit.model import Document, DocumentKind, Reading, Verdict, say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, SKIPPED, NotExecuted, Results
from audit.rules.statements import sure_if_firm, told
from audit.rules.support import choices, shown
from audit.text.dates import parse_period

FORM = (DocumentKind.APPLICATION_FORM,)
SLIP = Decimal(10_000)
MOST_SCENES = 4
LONGEST = {"company_intro": 500, "project_intro": 300}
CHOICES = {"ownership": "单位性质", "size_class": "企业规模", "cluster": "所属产业集群"}
LEFTOVER = re.compile(r"[X\uff38×]{2,}\s*(?:%|％|万元|项目|系统|技术|行业)|^例[:：]|[X\uff38]{3,}")
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?")


@rule("F05", "period_not_parsed", "附1(二)", "C", assertion="completeness", needs=FORM)
def period_not_parsed(case: Case) -> Results:
    """The form states a period with beginning and end.

    What it finds: a period that is missing, has no end, or ends before it begins.
    Why it matters: every rule on dates stands on it.
    Evidence it uses: 实施周期 as printed.
    Undecided when: it was read from a scan.
    Example: 2023年3月至今.
    """
    form = case.form
    assert form is not None
    period = form.get("period")
    raw = period.text or period.raw
    if period.usable and parse_period(raw) is not None:
        yield PASSED
        return
    sure = form.origin_digital and not (period.value is not None and not period.usable)
    yield told(case, form, "F05", "unclear" if raw else "missing", "period",
                Verdict.FAIL if sure else Verdict.UNDECIDED, {"raw": raw or "—"})  # fmt: skip


@rule("F06", "direction_not_single", "附1(二)", "A", assertion="eligibility", needs=FORM)
def direction_not_single(case: Case) -> Results:
    """Exactly one direction is ticked.

    What it finds: two or more directions ticked, or none.
    Why it matters: 单选，多选无效.
    Evidence it uses: the ticked boxes of 申报方向.
    Undecided when: none is seen ticked, or the boxes were read from a scan.
    Example: 平台化设计 and 数字化管理 both ticked.
    """
    form = case.form
    assert form is not None
    field = form.get("direction")
    ticked = choices(field)
    if len(ticked) == 1:
        yield PASSED
    elif not ticked:
        yield told(case, form, "F06", "none", "direction", Verdict.UNDECIDED, {})
    else:
        yield told(case, form, "F06", "several", "direction", sure_if_firm(field),
                    {"ticked": "、".join(ticked)}, found="、".join(ticked))  # fmt: skip


@rule("F07", "scenes_out_of_range", "附1(二)", "C", assertion="completeness", needs=FORM)
def scenes_out_of_range(case: Case) -> Results:
    """One to four scenes of use are ticked.

    What it finds: more than four, or none.
    Why it matters: 限4个.
    Evidence it uses: the ticked boxes of 应用场景.
    Undecided when: none is seen ticked, or the boxes were read from a scan.
    Example: six scenes ticked.
    """
    form = case.form
    assert form is not None
    field = form.get("scenes")
    ticked = choices(field)
    if 1 <= len(ticked) <= MOST_SCENES:
        yield PASSED
    elif not ticked:
        yield told(case, form, "F07", "none", "scenes", Verdict.UNDECIDED, {})
    else:
        yield told(case, form, "F07", "many", "scenes", sure_if_firm(field),
                    {"count": len(ticked), "most": MOST_SCENES}, found="、".join(ticked))  # fmt: skip


@rule("F08", "single_choices", "附1(一)", "C", assertion="completeness", needs=FORM)
def single_choices(case: Case) -> Results:
    """Ownership, size and cluster have one choice each, 是/否 is chosen.

    What it finds: a choice that is missing or given twice.
    Why it matters: the form is incomplete.
    Evidence it uses: the ticked boxes.
    Undecided when: nothing is seen ticked on a scan, or the reading is not firm.
    Example: neither 大型 nor 中型 nor 小型 is ticked.
    """
    form = case.form
    assert form is not None
    for name, label in (*CHOICES.items(), ("completed", "项目是否已建设完成")):
        field = form.get(name)
        ticked = choices(field)
        if len(ticked) == 1:
            yield PASSED
        elif not ticked:
            missing = form.origin_digital and field.value is None and not _is_doubtful(field)
            verdict = Verdict.FAIL if missing else Verdict.UNDECIDED
            yield told(case, form, "F08", "none", name, verdict, {"field": label})
        else:
            yield told(case, form, "F08", "several", name, sure_if_firm(field),
                        {"field": label, "ticked": "、".join(ticked)})  # fmt: skip


def _is_doubtful(field: Reading) -> bool:
    return field.status.value == "doubtful"


@rule("F09", "text_too_long", "附1(一)", "C", assertion="completeness", needs=FORM)
def text_too_long(case: Case) -> Results:
    """Descriptions keep to the length the form allows.

    What it finds: 企业简介 above 500, 项目简介 above 300. Counted are Chinese characters, words in
        Latin letters and numbers, punctuation not.
    Why it matters: the form says so.
    Evidence it uses: the text of the cell.
    Undecided when: it was read from a scan.
    Example: 412 where 300 are allowed.
    """
    form = case.form
    assert form is not None
    for name, most in LONGEST.items():
        field = form.get(name)
        if field.text is None:
            yield SKIPPED
            continue
        count = len(_WORD.findall(field.text))
        if count <= most:
            yield PASSED
            continue
        params = {"field": "企业简介" if name == "company_intro" else "项目简介",
                  "count": count, "most": most}  # fmt: skip
        yield told(case, form, "F09", "long", name, sure_if_firm(field), params,
                    expected=f"≤{most}", found=str(count))  # fmt: skip


@rule("F15", "template_left", "附1(二)", "C", assertion="completeness", needs=FORM)
def template_left(case: Case) -> Results:
    """The form holds no words of the blank template.

    What it finds: XX%, XX万元, XXX, 例：… where the applicant should have written.
    Why it matters: the answer is missing.
    Evidence it uses: every field as printed.
    Undecided when: it was read from a scan, or stands in the printed commitment (我单位申报的XXX项目).
    Example: 降低运营成本 XX万元.
    """
    form = case.form
    assert form is not None
    found = list(_leftovers(form))
    for name, raw in found:
        verdict = Verdict.FAIL if form.origin_digital else Verdict.UNDECIDED
        yield told(case, form, "F15", "left", name, verdict, {"raw": raw[:30]}, found=raw[:30])
    text = case.text_of(form)
    if not found and "XXX项目" in text:
        params: Mapping[str, object] = {"raw": "我单位申报的XXX项目"}
        yield told(case, form, "F15", "left", "project_name", Verdict.UNDECIDED, params, "D",
                    found="XXX项目")  # fmt: skip
    elif not found:
        yield PASSED


def _leftovers(form: Document) -> Iterator[tuple[str, str]]:
    for name, field in form.fields.items():
        if LEFTOVER.search(field.raw) or any(
            r.key == "application_form.template" for r in field.reasons
        ):
            yield name, field.raw


@rule("F18", "performance_figures", "附1(二)", "D", assertion="accuracy", needs=FORM)
def performance_figures(case: Case) -> Results:
    """The figures on what the project improved are there and possible.

    What it finds: none at all, percentages above 100, saved costs above the year's revenue.
    Why it matters: figures out of the air show here.
    Evidence it uses: 提质增效情况 and 主营业务收入 of the form.
    Undecided when: always; a cue.
    Example: 提高生产效率 350 %.
    """
    form = case.form
    assert form is not None
    names = ("cost_reduction", "defect_reduction", "efficiency_gain", "energy_gain")
    given = {n: f for n in names if (f := form.get(n)).value is not None}
    if not given:
        if any(n in form.fields for n in names):
            yield told(case, form, "F18", "none", names[0], Verdict.UNDECIDED, {})
        else:
            yield NotExecuted(say("rules.F18.needs"))
        return
    odd = [n for n, f in given.items() if (v := _number(f)) is not None and _is_odd(case, n, v)]
    for name in odd:
        yield told(case, form, "F18", "odd", name, Verdict.UNDECIDED,
                    {"found": shown(form.get(name))})  # fmt: skip
    if not odd:
        yield PASSED


def _number(field: Reading) -> Decimal | None:
    if field.amount is not None:
        return field.amount
    found = re.search(r"\d+(?:\.\d+)?", (field.text or "").replace(",", ""))
    return Decimal(found[0]) if found else None


def _is_odd(case: Case, name: str, value: Decimal) -> bool:
    if name != "cost_reduction":
        return value > 100  # noqa: PLR2004 - per cent
    revenue = case.form.get("revenue_2023").amount if case.form is not None else None
    return revenue is not None and value * SLIP > revenue > 0


RULES = (
    period_not_parsed,
    direction_not_single,
    scenes_out_of_range,
    single_choices,
    text_too_long,
    template_left,
    performance_figures,
)

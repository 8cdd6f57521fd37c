"""Statements that several families make alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit.model import Document, Message, Reading, Verdict, say
from audit.rules.case import Case
from audit.rules.result import Result
from audit.rules.support import applicant_seals, firm, freshness_doubt, shown

#: What of the application form each of its rules is about, as a request names it.
FORM_ITEMS = {
    "F01": "投资金额",
    "F02": "投资构成",
    "F03": "软件和信息技术服务投资",
    "F04": "已投资金额",
    "F05": "实施周期",
    "F06": "申报方向",
    "F07": "应用场景",
    "F08": "勾选项",
    "F09": "文字长度",
    "F10": "财务数据",
    "F11": "企业规模",
    "F12": "成立时间",
    "F13": "成熟度评估",
    "F14": "设备数量",
    "F15": "残留的模板文字",
    "F16": "联系方式和统一社会信用代码",
    "F17": "服务商",
    "F18": "提质增效数据",
}


def told(  # noqa: PLR0913, PLR0917 - one statement about one field of the form
    case: Case,
    form: Document,
    code: str,
    what: str,
    field: str,
    verdict: Verdict,
    params: Mapping[str, object],
    severity: str = "",
    expected: str = "",
    found: str = "",
    others: tuple[Document, ...] = (),
) -> Result:
    """Return a statement about one field of the application form, and the same field of others."""
    return Result(
        verdict,
        say(f"rules.{code}.{what}", **params),
        documents=(form.id, *(d.id for d in others)),
        expected=expected,
        found=found or shown(form.get(field)),
        evidence=(*case.at(form, field), *(e for d in others for e in case.at(d, field))),
        severity=severity,
        request=say("rules.ask.form", items=FORM_ITEMS[code]),
        refuted_by=say("rules.refuted.form"),
        part=f"{what} {field}",
    )


def sure_if_firm(*readings: Reading) -> Verdict:
    """Return ``fail`` if all readings are firm, else ``undecided``."""
    return Verdict.FAIL if all(firm(r) for r in readings) else Verdict.UNDECIDED


def not_fresh(
    case: Case, papers: Sequence[Document], about: str, number: str = ""
) -> Result | None:
    """Return that the applicant's seal on papers is no 鲜章 or does not look like one.

    Never more than ``undecided``: a scan proves neither. Where nothing contradicts, it is a cue.
    ``about``: the kind of paper, as the keys of the texts have it.
    """
    own = applicant_seals(s for d in papers for s in case.seals_on(d))
    doubt = freshness_doubt(own)
    if not doubt:
        return None
    return Result(
        Verdict.UNDECIDED,
        say(f"rules.fresh.{about}_{doubt}", number=number),
        documents=tuple(d.id for d in papers),
        seals=tuple(s.id for s in own),
        severity="C" if doubt == "copied" else "D",
        cause=f"seal_{doubt}",
        request=say("rules.ask.fresh_seal"),
        refuted_by=say("rules.refuted.seal_fresh"),
        part=f"fresh {about}",
    )


def absent(case: Case, code: str, request: Message, part: str = "") -> Result:
    """Return that a paper was not found: ``fail`` unless it may be in what could not be read.

    ``part``: which of the papers that the rule asks for.
    """
    key = f"rules.{code}.{part}_missing" if part else f"rules.{code}.missing"
    return Result(
        Verdict.UNDECIDED if case.unread else Verdict.FAIL,
        say(f"{key}_unread" if case.unread else key, count=case.unread),
        request=request,
        refuted_by=say("rules.refuted.paper"),
        part=part or "missing",
    )

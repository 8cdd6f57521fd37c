"""Business licences: name, credit code, founding date, address, representative, scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.glance import Glance
from audit.extract.labels import Label, Spot, as_candidate, find_labels
from audit.extract.ladder import doubt
from audit.extract.layout import join
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import stated
from audit.extract.signs import Signs
from audit.extract.values import DATED, clean_text, date_value, parse_value
from audit.model import Candidate, DocumentKind, Origin, Reading, Status, TextLine, Value, say
from audit.text.ids import uscc_check_digit_ok

FIELDS = (
    "company_name",
    "taxpayer_id",
    "founded_date",
    "address",
    "legal_representative",
    "scope",
)
CODE = r"[0-9A-Z]{18}"
LABELS = (
    Label("company_name", ("企业名称", "公司名称", "名称")),
    Label(
        "taxpayer_id",
        ("统一社会信用代码", "统一社会信用代码/注册号", "社会信用代码", "纳税人识别号", "注册号"),
        r"[0-9A-Za-z]{15,18}",
    ),
    Label("founded_date", ("成立日期", "注册日期", "成立时间"), DATED),
    Label("address", ("主要经营场所", "经营场所", "营业场所", "住所", "注册地址", "企业住所")),
    Label(
        "legal_representative",
        ("法定代表人", "负责人", "经营者", "执行事务合伙人", "投资人", "法定代表人姓名"),
        r"[\u4e00-\u9fffA-Za-z·]{2,30}",
    ),
)
SCOPE = Label("scope", ("经营范围", "许可经营项目", "一般经营项目"))
STOPS = (
    SCOPE,
    Label(
        "",
        (
            "类型",
            "注册资本",
            "营业期限",
            "登记机关",
            "组成形式",
            "核准日期",
            "证照编号",
            "副本编号",
            "实收资本",
            "国家企业信用信息公示系统网址",
            "登记日期",
        ),
    ),
)
SIGNS = Signs(
    titles=(r".{0,6}营业执照(?:[(][正副]本[)]|[正副]本)?.{0,8}", r"电子营业执照"),
    words=(
        (0.12, r"统一社会信用代码"),
        (0.1, r"经营范围"),
        (0.08, r"注册资本"),
        (0.08, r"法定代表人"),
        (0.08, r"登记机关"),
        (0.07, r"成立日期"),
        (0.05, r"营业期限"),
        (0.05, r"住所|经营场所"),
        (0.08, r"国家企业信用信息公示系统"),
        (0.02, r"类型"),
    ),
    against=(
        (0.4, r"申报表|项目名称|申报单位"),
        (0.4, r"甲方|乙方"),
        (0.4, r"购买方|价税合计"),
        (0.3, r"企业信用报告|股东及出资"),
    ),
    not_titles=(r".*(?:复印件|附件|提供|清单).*",),
    bare=True,
)
#: Rows of the scope stand at most so many line heights apart.
_LEADING = 1.5


def _parse(field: str, raw: str) -> Value | None:
    if field == "taxpayer_id":
        found = re.search(r"[0-9A-Z]{15,18}", raw.upper().replace(" ", ""))
        return found.group() if found is not None else None
    if field == "company_name":
        name = clean_text(raw)
        return name if name and len(name) > 3 else None  # noqa: PLR2004 - no company is shorter
    if field == "legal_representative":
        name = clean_text(raw) or ""
        return re.sub(r"[^\u4e00-\u9fffA-Za-z·]", "", name) or None
    return parse_value(field, raw)


def _more(seen: Glance, index: int) -> Candidates:
    found: Candidates = {
        "taxpayer_id": [
            *_from_codes(seen, index),
            *stated(seen, rf"(?:代码|注册号).{{0,14}}(?P<v>{CODE})", lambda raw: raw, 2),
        ],
        "founded_date": stated(seen, r"成立日期[:：]?(?P<v>.{8,14})", date_value, 1),
    }
    scope = _scope(seen, index)
    if scope is not None:
        found["scope"] = [scope]
    return found


def _from_codes(seen: Glance, index: int) -> list[Candidate]:
    """Return the code that the licence's QR names (…uniscid=…)."""
    found = []
    for code in seen.content.codes:
        match = re.search(rf"unis?cid=({CODE})", code.text)
        if match is not None:
            found.append(Candidate(Origin.QR, match.group(1), code.text, 1.0, index, code.box))
    return found


def _scope(seen: Glance, index: int) -> Candidate | None:
    """Return the scope, which runs over several rows right of its label."""
    spots = find_labels(seen.sheet, (*LABELS, *STOPS))
    spot = next((s for s in spots if s.label is SCOPE), None)
    if spot is None:
        return None
    rest = [line for line in seen.sheet.lines if line not in spot.lines]
    kept = _column(rest, spot, spots)
    own = spot.lines[-1].text[spot.tail[1] :].strip(" :：")
    whole = join(kept)
    text = clean_text(own + (whole.text if whole is not None else ""))
    if not text:
        return None
    return as_candidate(whole or spot.lines[-1], text, index, raw=text)


def _column(rest: Sequence[TextLine], spot: Spot, spots: Sequence[Spot]) -> list[TextLine]:
    left, height = spot.box.right - 2 * spot.em, spot.box.height
    labels = [s for s in spots if s is not spot and s.box.top > spot.box.top]
    kept: list[TextLine] = []
    bottom = spot.box.bottom
    right = min(
        (s.box.left for s in labels if s.box.left > spot.box.right + 8 * spot.em), default=2.0
    )
    for line in sorted(rest, key=lambda one: one.box.top):
        if line.box.bottom <= spot.box.top or not left <= line.box.left < right:
            continue
        named = any(line in s.lines for s in spots)
        if named or line.box.top - bottom > _LEADING * height:
            break
        kept.append(line)
        bottom = line.box.bottom
    return kept


def _bind(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    """A code whose check digit fails was misread or is invented: it is looked at by a person."""
    code = readings.get("taxpayer_id")
    if code is None or code.text is None or code.status is Status.CONFIRMED:
        return readings
    if len(code.text) == 18 and not uscc_check_digit_ok(code.text):  # noqa: PLR2004
        return {**readings, "taxpayer_id": doubt(code, say("business_licence.check_digit"))}
    return readings


def _judge(seen: Glance, _: object) -> Verdict:
    copy = "副本" if "副本" in seen.text else ""
    electronic = "电子营业执照" if "电子营业执照" in seen.text else ""
    return Verdict("", tuple(word for word in (copy, electronic) if word))


PAPER = Paper(
    kind=DocumentKind.BUSINESS_LICENCE,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("company_name", "taxpayer_id", "founded_date", "legal_representative"),
    parse=_parse,
    more=_more,
    bind=_bind,
    judge=_judge,
    floors={"taxpayer_id": 0.9},
)
KIND = spec_of(PAPER)

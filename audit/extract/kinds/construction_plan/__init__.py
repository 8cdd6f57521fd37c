"""The construction plan (annex 2, 建设方案): its cover, and which chapters are there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from audit.extract.glance import Glance
from audit.extract.labels import Label
from audit.extract.papers import Paper, Verdict, spec_of
from audit.extract.registry import Claim
from audit.extract.signs import Signs, title_of
from audit.extract.values import clean_text
from audit.model import DocumentKind, Reading, Value, say
from audit.text.names import looks_like_company

FIELDS = ("project_name", "company_name", "contact_name", "contact_phone")
#: Chapters of annex 2, and how their headings read. A page's are its marks.
CHAPTERS: tuple[tuple[str, str], ...] = (
    ("企业简介", r"企业简介"),
    ("背景需求", r"背景需求|建设背景"),
    ("新旧模式对比", r"新旧模式对比"),
    ("技术架构及功能", r"技术架构(?:及|与|和)?功能|技术架构"),
    ("应用实施", r"应用实施"),
    ("自主创新成果", r"自主创新(?:成果)?"),
    ("应用成效", r"应用成效"),
    ("商业模式", r"商业模式"),
    ("推广空间", r"推广(?:空间|价值)"),
    ("项目投资证明资料", r"项目投资证明资料"),
    ("项目验收资料", r"项目验收资料"),
    ("其他证明材料", r"其他证明材料"),
    ("项目概述", r"项目(?:概述|概况)"),
    ("应用场景与技术实施", r"应用场景(?:与|及|和)技术实施"),
    ("价值成效", r"价值成效"),
    ("有关附件", r"有关附件|相关附件"),
)
_NUMBERED = (
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.章节]|[(][一二三四五六七八九十]{1,3}[)]|\d{1,2}[、.])"
)
_COMPILED = tuple((name, re.compile(rf"{_NUMBERED}(?:{p})[。.:]?$")) for name, p in CHAPTERS)
_ENOUGH = 2

SIGNS = Signs(
    titles=(
        r"(?:\d{4}年)?.{0,24}示范项目(?:项目)?建设方案",
        r"(?:项目|.{2,24}项目)?(?:建设|实施)方案",
        r"建\s*设\s*方\s*案",
    ),
    words=(
        (0.15, r"工业互联网新模式示范项目"),
        (0.1, r"申报单位"),
        (0.1, r"项目名称"),
        (0.1, r"经济和信息化委员会·?制"),
    ),
    against=((0.4, r"现将有关事项通知如下|组织开展.{0,12}申报的通知"), (0.3, r"验收结论|验收意见")),
    not_titles=(r".*[:：].*", r"^(?:附件\d?[、.:]|\d+[、.]).*"),
)


def _chapters(seen: Glance) -> tuple[str, ...]:
    """Return the chapters whose headings stand on the page, in the order of annex 2."""
    found = {name for name, pattern in _COMPILED for row in seen.rows if pattern.match(row)}
    return tuple(name for name, _ in CHAPTERS if name in found)


def _claims(seen: Glance) -> Claim | None:
    """Claim a page inside the plan by its chapters; a table of contents belongs to it as well."""
    chapters = _chapters(seen)
    titled = title_of(seen, SIGNS.titles, SIGNS.not_titles) is not None
    if titled or len(chapters) < _ENOUGH:
        return None
    score = min(0.5 + 0.05 * len(chapters), 0.8)
    return Claim(
        score, (say("construction_plan.is.chapters", count=len(chapters)),), continues=True
    )


def _parse(field: str, raw: str) -> Value | None:
    text = clean_text(re.sub(r"[(（]\s*(?:盖章|公章|签章)\s*[)）]", "", raw))
    if not text:
        return None
    if field == "company_name":
        return text if looks_like_company(text) else None
    if field == "contact_phone":
        found = re.search(r"\d[\d-]{6,17}", text)
        return found.group() if found else None
    return text


def _judge(seen: Glance, _: Mapping[str, Reading]) -> Verdict:
    return Verdict(marks=_chapters(seen))


KIND = spec_of(
    Paper(
        kind=DocumentKind.CONSTRUCTION_PLAN,
        fields=FIELDS,
        signs=SIGNS,
        labels=(
            Label("project_name", ("项目名称",)),
            Label("company_name", ("申报单位", "申报单位(盖章)", "申报企业", "单位名称")),
            Label("contact_name", ("联系人",)),
            Label("contact_phone", ("联系电话",)),
        ),
        colons=frozenset(FIELDS),
        precious=("company_name", "project_name"),
        parse=_parse,
        judge=_judge,
        claims=_claims,
    )
)

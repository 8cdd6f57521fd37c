"""A commitment of its own (真实性承诺书): who promises, for which project, and when."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.labels import Label
from audit.extract.papers import Candidates, Paper, spec_of
from audit.extract.prose import stated
from audit.extract.signs import Signs
from audit.extract.values import DATE, DATED, clean_text, date_value
from audit.model import DocumentKind, Value
from audit.text.names import looks_like_company

FIELDS = ("company_name", "project_name", "commitment_date")
SIGNS = Signs(
    titles=(
        r".{0,24}承\s*诺\s*(?:书|函)(?:[(].{1,12}[)])?",
        r".{0,16}(?:真实性|材料真实|申报)(?:承诺|声明)(?:书|函)?",
    ),
    words=(
        (0.2, r"(?:我|本)(?:单位|公司|企业).{0,12}承诺|承诺如下|郑重承诺|作出.{0,4}承诺"),
        (0.15, r"真实(?:、|,|，)?.{0,12}有效|真实性|如有(?:不实|虚假)"),
        (0.1, r"法定代表人"),
        (0.1, r"法律责任|相应责任|失信"),
    ),
    against=(
        (0.6, r"单位性质|所属产业集群|企业痛点"),
        (0.3, r"甲方.{0,40}乙方"),
        (0.3, r"发票号码"),
    ),
    not_titles=(r".*[:：].*", r"^[(（]?[一二三四五六七八九十\d]+[)）、.].*"),
)
_PROJECT = r"(?:申报(?:的)?|关于|[“\"《])(?P<v>[^,，。;；“”\"《》]{4,50}?项目)(?:[”\"》]|内容|申报|资料|材料|,|，|的)"
_SIGNED = r"(?:承诺单位|承诺人|申报单位|单位名称|企业名称|公司名称)(?:名称)?[(]?(?:盖章|公章|签章)?[)]?[:](?P<v>[^,，。;；]{4,40}(?:公司|厂|集团|研究院|中心))"


def _parse(field: str, raw: str) -> Value | None:
    if field == "commitment_date":
        found = DATE.search("".join(raw.split()))
        return date_value(found.group()) if found else None
    text = clean_text(re.sub(r"[(（]\s*(?:盖章|公章|签章)\s*[)）]", "", raw))
    if field == "company_name":
        return text if text and looks_like_company(text) else None
    return text


def _company(raw: str) -> Value | None:
    return _parse("company_name", raw)


def _more(seen: Glance, _: int) -> Candidates:
    """Read who signs and when: the last date of the page stands under the signature."""
    dates = [m.group() for row in seen.rows for m in DATE.finditer(row)]
    last = dates[-1] if dates else ""
    return {
        "company_name": stated(seen, _SIGNED, _company, 2),
        "project_name": stated(seen, _PROJECT, clean_text, 3),
        "commitment_date": stated(seen, re.escape(last), date_value, 1) if last else [],
    }


KIND = spec_of(
    Paper(
        kind=DocumentKind.COMMITMENT,
        fields=FIELDS,
        signs=SIGNS,
        labels=(
            Label("company_name", ("承诺单位", "承诺人", "申报单位", "单位名称", "企业名称")),
            Label("commitment_date", ("承诺日期", "签署日期", "日期"), DATED),
            Label("project_name", ("项目名称",)),
        ),
        colons=frozenset({"company_name", "project_name", "commitment_date"}),
        precious=("company_name", "commitment_date"),
        parse=_parse,
        more=_more,
    )
)

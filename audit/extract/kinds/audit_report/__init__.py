"""Audit reports: firm, number, date, opinion, and which of their parts a page shows."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.kinds.audit_report.vocabulary import (
    FIRM,
    LABELS,
    NUMBER,
    OPINIONS,
    PARTS,
    SIGNS,
    STOPS,
)
from audit.extract.labels import as_candidate
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import bottom_date, passages, stated
from audit.extract.signs import title_of
from audit.extract.values import clean_text, date_value, parse_value
from audit.model import Candidate, DocumentKind, Value
from audit.text.names import looks_like_company

FIELDS = (
    "company_name",
    "audit_firm",
    "report_number",
    "report_date",
    "opinion",
)
_COVER_CHARACTERS = 260


def _parse(field: str, raw: str) -> Value | None:
    if field == "company_name":
        name = clean_text(raw) or ""
        return name if looks_like_company(name) and "事务所" not in name else None
    if field == "audit_firm":
        found = re.search(FIRM, clean_text(raw) or "")
        return found.group() if found is not None else None
    return _number(raw) if field == "report_number" else parse_value(field, raw)


def _number(raw: str) -> Value | None:
    """Return the number with its year in the brackets papers are numbered with."""
    text = clean_text(raw) or ""
    return re.sub(r"[(（\[\u3014【](20\d{2})[)）\]\u3015】]", "\u3014\\1\u3015", text) or None


def _company(raw: str) -> Value | None:
    return _parse("company_name", raw)


def _more(seen: Glance, index: int) -> Candidates:
    last = bottom_date(seen)
    return {
        "company_name": [
            *stated(
                seen,
                r"^(?P<v>[\u4e00-\u9fffA-Za-z()（）]{4,40}?公司)(?:全体股东|董事会|股东会?)?[:：]",
                _company,
                1,
            ),
            *stated(
                seen,
                r"我们(?:接受委托[,，])?(?:审计|审核)了(?:后附的|所附的)?(?P<v>[\u4e00-\u9fffA-Za-z()（）]{4,40}?公司)",
                _company,
                2,
            ),
            *stated(seen, r"^(?P<v>[\u4e00-\u9fffA-Za-z()（）]{4,40}?公司)$", _company, 1),
        ],
        "audit_firm": stated(seen, rf"(?P<v>{FIRM})", clean_text, 1),
        "report_number": stated(seen, rf"(?P<v>{NUMBER})", _number, 1),
        "report_date": stated(seen, re.escape(last), date_value, 1) if last else [],
        "opinion": _opinion(seen, index),
    }


def _opinion(seen: Glance, index: int) -> list[Candidate]:
    """Return the opinion by its formula; a qualified one is looked for before the clean one."""
    for text, line in passages(seen, 3):
        for name, pattern in OPINIONS:
            if re.search(pattern, text):
                return [as_candidate(line, name, index, raw=name)]
    return []


def _judge(seen: Glance, _: object) -> Verdict:
    marks = [name for name, pattern in PARTS if re.search(pattern, seen.text)]
    title = title_of(seen, SIGNS.titles, SIGNS.not_titles)
    if title is not None and seen.characters < _COVER_CHARACTERS and "正文" not in marks:
        marks.append("封面")
    special = title is not None and "专项" in title.text
    return Verdict("special" if special else "", tuple(marks))


PAPER = Paper(
    kind=DocumentKind.AUDIT_REPORT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("report_number", "report_date", "audit_firm", "company_name"),
    parse=_parse,
    more=_more,
    judge=_judge,
)
KIND = spec_of(PAPER)

"""Acceptance: of one contract by its parties, or of the whole project by experts (DOMAIN C)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from audit.extract.glance import Glance
from audit.extract.kinds.acceptance_report.conclusion import conclusion_candidates
from audit.extract.kinds.acceptance_report.vocabulary import LABELS, SIGNS, STOPS
from audit.extract.labels import as_candidate, fold
from audit.extract.layout import join, rows
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import bottom_date, passages, stated
from audit.extract.values import clean_text, date_value, number_value, parse_value
from audit.model import Candidate, DocumentKind, Reading, Value
from audit.text.names import looks_like_company

FIELDS = (
    "project_name",
    "contract_number",
    "owner_name",
    "contractor_name",
    "acceptance_date",
    "conclusion",
    "item_list",
)
_NAMES = frozenset({"owner_name", "contractor_name"})
_EXPERTS = re.compile(
    r"验收组成员|行业专家|专家组|专家意见|专家签字|验收专家|专家名单|验收组组长|评审专家|验收委员会"
)
_ITEM_HEAD = re.compile(r"(?:序号).*(?:设备|名称|软件|型号|规格)")
_ITEM = re.compile(r"^\d{1,3}[^\d年月.].+")
_MOST_ITEMS = 4000


def _parse(field: str, raw: str) -> Value | None:
    if field in _NAMES:
        name = re.sub(r"[(（](?:盖章|公章|签章)[^)）]*[)）]", "", clean_text(raw) or "").strip(
            ":：_ "
        )
        return name if looks_like_company(name) else None
    if field == "contract_number":
        return number_value(raw)
    return parse_value(field, raw)


def _more(seen: Glance, index: int) -> Candidates:
    found: Candidates = {
        "conclusion": conclusion_candidates(seen),
        "contract_number": stated(
            seen,
            r"合同编?号[:：为]{0,2}(?P<v>[0-9A-Za-z][0-9A-Za-z()\[\]\u3014\u3015-]{3,30})",
            number_value,
        ),
        "acceptance_date": _date(seen, index),
    }
    listed = _items(seen, index)
    if listed is not None:
        found["item_list"] = [listed]
    return found


def _date(seen: Glance, index: int) -> list[Candidate]:
    """Return a day of acceptance told in a sentence, else the day under the signatures."""
    told = stated(
        seen,
        r"(?P<v>20\d{2}年\d{1,2}月\d{1,2}日)[^。]{0,60}(?:验收会|组织.{0,10}验收|进行了?.{0,8}验收)",
        date_value,
    )
    if told:
        return told
    last = bottom_date(seen)
    for text, line in passages(seen, 1):
        if last and last in text:
            return [as_candidate(line, date_value(last), index, raw=last)]
    return []


def _items(seen: Glance, index: int) -> Candidate | None:
    """Return the list of what was accepted as text, one item a row, ``None`` if there is none."""
    grouped = rows(seen.sheet.lines)
    start = next(
        (
            n
            for n, row in enumerate(grouped)
            if _ITEM_HEAD.search("".join(fold(line.text)[0] for line in row))
        ),
        None,
    )
    if start is None:
        return None
    kept = []
    for row in grouped[start + 1 :]:
        text = " ".join(line.text.strip() for line in row)
        if _ITEM.match(fold(text)[0]):
            kept.append((text, row))
    if not kept:
        return None
    whole = join([line for _, row in kept for line in row])
    if whole is None:
        return None
    printed = "\n".join(text for text, _ in kept)[:_MOST_ITEMS]
    return as_candidate(whole, printed, index, raw=printed)


def _judge(seen: Glance, readings: Mapping[str, Reading]) -> Verdict:
    if _EXPERTS.search(seen.text):
        return Verdict("project")
    contractual = "contractor_name" in readings or "contract_number" in readings
    return Verdict("contract" if contractual else "")


PAPER = Paper(
    kind=DocumentKind.ACCEPTANCE_REPORT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    colons=frozenset({"owner_name", "contractor_name"}),
    precious=("acceptance_date", "contract_number", "project_name", "contractor_name"),
    parse=_parse,
    more=_more,
    judge=_judge,
)
KIND = spec_of(PAPER)

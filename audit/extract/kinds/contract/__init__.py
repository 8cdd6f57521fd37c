"""Contracts, agreements and orders: number, parties, total, date (DOMAIN C)."""

from __future__ import annotations

from audit.extract.checks import bind_words
from audit.extract.glance import Glance
from audit.extract.kinds.contract.vocabulary import LABELS, SIGNS, STOPS, TOTAL, WORDS, party_value
from audit.extract.papers import Candidates, Paper, Verdict, spec_of
from audit.extract.prose import stated
from audit.extract.signs import title_of
from audit.extract.values import date_value, money_value, parse_value, words_text
from audit.model import MISSING, DocumentKind, Reading, Value

FIELDS = (
    "contract_number",
    "party_a",
    "party_b",
    "contract_total",
    "total_in_words",
    "contract_date",
)
#: A cover carries title, parties and date, no clauses.
_COVER_CHARACTERS = 260


def _parse(field: str, raw: str) -> Value | None:
    if field in {"party_a", "party_b"}:
        return party_value(raw)
    if field == "contract_total":
        return money_value(raw)
    return parse_value(field, raw)


def _more(seen: Glance, _: int) -> Candidates:
    return {
        "contract_total": stated(seen, TOTAL, money_value),
        "total_in_words": stated(seen, WORDS, words_text),
        "contract_date": stated(
            seen, r"(?:签订|签署|签约)(?:日期|时间|于)?[:：]?(?P<v>20\d{2}.{1,12})", date_value, 1
        ),
    }


def _bind(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    total, words = bind_words(
        readings.get("contract_total", MISSING), readings.get("total_in_words", MISSING)
    )
    return {**readings, "contract_total": total, "total_in_words": words}


def _judge(seen: Glance, _: object) -> Verdict:
    title = title_of(seen, SIGNS.titles, SIGNS.not_titles)
    cover = title is not None and seen.characters < _COVER_CHARACTERS
    order = title is not None and title.text.endswith(("订单", "订购单", "采购单"))
    framework = title is not None and ("补充" in title.text or "变更" in title.text)
    subkind = "order" if order else "supplement" if framework else ""
    return Verdict(subkind, ("封面",) if cover and "条" not in seen.text else ())


PAPER = Paper(
    kind=DocumentKind.CONTRACT,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    colons=frozenset({"party_a", "party_b", "contract_date", "contract_number"}),
    precious=("contract_total", "contract_number", "party_b", "party_a", "contract_date"),
    parse=_parse,
    more=_more,
    bind=_bind,
    judge=_judge,
    floors={"contract_total": 0.98},
)
KIND = spec_of(PAPER)

"""The conclusion of an acceptance: ticked, stated after its label, or in a sentence."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.labels import as_candidate
from audit.extract.prose import passages
from audit.model import Candidate

#: Outcome to the words that state it; the negative ones are looked for first.
OUTCOMES: tuple[tuple[str, str], ...] = (
    ("不合格", r"验收不合格|不合格|未达到(?:合同|设计|验收)"),
    ("不通过", r"不予通过|不通过|未通过|不同意(?:通过)?验收|暂不通过"),
    ("整改", r"限期整改|整改后|需整改|待整改|须整改|要求整改"),
    ("基本通过", r"基本通过|基本合格|有条件通过"),
    ("合格", r"验收合格|质量合格|合格"),
    (
        "通过",
        r"(?:同意|一致同意|予以|顺利|已|准予)?通过(?:了)?(?:竣工|项目|最终|终|初步)?验收|验收通过|同意验收|准予验收|通过",
    ),
)
_TICKED = re.compile(r"[☑☒√✓✔■☐□口](?=[\u4e00-\u9fff])")
_TICKS = "☑☒√✓✔■"
_EMPTY = "□☐口"
_LABELLED = re.compile(
    r"(?:验收|最终|专家组?|综合|评审)(?:的)?(?:结论|意见|结果)(?:为|是|意见)?[:：]?(?P<v>.{0,90})"
)
#: A sentence states the outcome only in these words; a bare 合格 is about some part.
_SENTENCE = re.compile(
    r"(?:(?:同意|一致同意|予以|准予)(?:该?项目)?通过.{0,8}验收|验收合格|通过(?:了)?(?:竣工|项目|最终|终)?验收|验收通过|同意验收"
    r"|不同意.{0,4}验收|验收不合格|不予通过|未通过.{0,4}验收|基本通过.{0,4}验收)"
)
_CONDITION = re.compile(r"(?:后|若|如|待|凭|经)[^，。,]{0,10}$|的(?:标准|条件|依据)")
_UNTIL = re.compile(r"(?:之?后|时|前|的|标准|方可|为准)")


def conclusion_candidates(seen: Glance) -> list[Candidate]:
    """Return what the report concludes, empty where nothing states it or boxes are all blank."""
    index = seen.content.page.page_index
    for width in (1, 3):
        for text, line in passages(seen, width):
            match = _LABELLED.search(text)
            if match is None:
                continue
            outcome = outcome_of(match.group("v"))
            if outcome:
                return [as_candidate(line, outcome, index, raw=match.group("v"))]
    for text, line in passages(seen, 2):
        match = _SENTENCE.search(text)
        if match is None or _CONDITION.search(text[: match.start()]):
            continue
        if _UNTIL.match(text[match.end() :]):
            continue
        outcome = outcome_of(match.group())
        if outcome:
            return [as_candidate(line, outcome, index, raw=match.group())]
    return []


def outcome_of(text: str) -> str:
    """Return the outcome a text states, empty for none or for boxes that leave it open."""
    boxes = [text[m.start()] for m in _TICKED.finditer(text)]
    if boxes:
        return _ticked(text) if any(box in _TICKS for box in boxes) else ""
    options = [name for name, pattern in OUTCOMES if re.search(pattern, text)]
    return options[0] if options else ""


def _ticked(text: str) -> str:
    """Return the outcome behind the one ticked box."""
    parts = re.split(f"(?=[{_TICKS}{_EMPTY}])", text)
    chosen = [part[1:] for part in parts if part[:1] in _TICKS and part[1:]]
    outcomes = [
        next((name for name, pattern in OUTCOMES if re.match(rf".{{0,4}}?(?:{pattern})", part)), "")
        for part in chosen
    ]
    named = {outcome for outcome in outcomes if outcome}
    return named.pop() if len(named) == 1 else ""

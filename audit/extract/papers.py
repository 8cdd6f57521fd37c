"""One engine for papers that are read by their labels: contract, report, licence, statement …

A kind is a ``Paper``: signs that claim a page, labels that give fields, and functions for what
labels alone cannot tell. ``spec_of`` makes the ``KindSpec`` of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from audit.extract.again import floor_under, look_candidates, wanted_looks
from audit.extract.beside import value_beside
from audit.extract.found import below, fitting_value
from audit.extract.glance import Glance, glance
from audit.extract.labels import (
    Found,
    Label,
    Side,
    Spot,
    find_labels,
)
from audit.extract.ladder import FieldType, field_type, reconcile, same_value
from audit.extract.registry import Claim, Extraction, KindSpec
from audit.extract.signs import Signs, claim
from audit.extract.values import parse_value
from audit.model import (
    Candidate,
    Document,
    DocumentKind,
    PageContent,
    PageMode,
    Reading,
    SecondLook,
    Status,
    Value,
)

Candidates = dict[str, list[Candidate]]
#: The value of a field in a printed text; ``None`` where the text is no such value.
Parse = Callable[[str, str], Value | None]
_WRAPPING = frozenset({FieldType.NAME, FieldType.TEXT})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a kind says of a page beyond its fields."""

    subkind: str = ""
    marks: tuple[str, ...] = ()


def _no_more(_: Glance, __: int) -> Candidates:
    return {}


def _no_verdict(_: Glance, __: Mapping[str, Reading]) -> Verdict:
    return Verdict()


def _as_read(_: Glance, readings: dict[str, Reading]) -> dict[str, Reading]:
    return readings


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind read by labels.

    ``colons``: fields whose label counts only with a colon or at the beginning of its line
    (words that also occur in running text). ``precious``: fields worth a second look.
    ``more``: candidates that no label announces. ``bind``: readings tied to each other.
    ``judge``: subkind and marks. ``claims``: a claim beyond what ``signs`` can say.
    """

    kind: DocumentKind
    fields: tuple[str, ...]
    signs: Signs
    labels: tuple[Label, ...] = ()
    stops: tuple[Label, ...] = ()
    colons: frozenset[str] = frozenset()
    precious: tuple[str, ...] = ()
    parse: Parse = parse_value
    more: Callable[[Glance, int], Candidates] = _no_more
    bind: Callable[[Glance, dict[str, Reading]], dict[str, Reading]] = _as_read
    judge: Callable[[Glance, Mapping[str, Reading]], Verdict] = _no_verdict
    claims: Callable[[Glance], Claim | None] | None = None
    floors: Mapping[str, float] = field(default_factory=dict)


def spec_of(paper: Paper) -> KindSpec:
    """Return the registered form of a paper."""
    return KindSpec(
        kind=paper.kind,
        fields=paper.fields,
        classify=partial(_classify, paper),
        extract=partial(_extract, paper),
    )


def _classify(paper: Paper, content: PageContent) -> Claim | None:
    seen = glance(content)
    own = paper.claims(seen) if paper.claims is not None else None
    other = claim(seen, paper.signs)
    if own is None or (other is not None and other.score > own.score):
        return other
    return own


def _extract(paper: Paper, content: PageContent, looks: tuple[SecondLook, ...]) -> Extraction:
    seen = glance(content)
    index = content.page.page_index
    digital = content.page.mode is PageMode.DIGITAL
    candidates = gather(paper, seen)
    readings = _readings(paper, seen, candidates)
    asks = []
    if looks:
        answers = look_candidates(looks, 0, index, readings, paper.parse, digital=digital)
        for name, more in answers.items():
            candidates.setdefault(name, []).extend(more)
        readings = _readings(paper, seen, candidates)
    elif not digital:
        seals = [impression.box for impression in content.impressions]
        asks = wanted_looks(readings, paper.precious, (), 0, digital=False, seals=seals)
    verdict = paper.judge(seen, readings)
    document = Document(
        kind=paper.kind,
        subkind=verdict.subkind,
        page_indexes=(index,),
        fields=readings,
        marks=verdict.marks,
        origin_digital=digital,
    )
    return Extraction((document,), asks=tuple(asks))


def _readings(paper: Paper, seen: Glance, candidates: Candidates) -> dict[str, Reading]:
    seals = [impression.box for impression in seen.content.impressions]
    readings = {
        name: reconcile(
            name,
            candidates[name],
            floor_under(candidates[name], seals, paper.floors.get(name)),
        )
        for name in paper.fields
        if name in candidates
    }
    bound = paper.bind(seen, readings)
    return {name: r for name, r in bound.items() if r.status is not Status.MISSING}


def gather(paper: Paper, seen: Glance) -> Candidates:
    """Return all candidates by field: beside labels first, then what no label announces."""
    index = seen.content.page.page_index
    found: Candidates = {}
    for name, values in labelled(paper, seen).items():
        for value in values:
            _add(found, name, value.candidate(paper.parse(name, value.text), index))
    for name, candidates in paper.more(seen, index).items():
        for candidate in candidates:
            _add(found, name, candidate)
    return found


def _add(found: Candidates, name: str, candidate: Candidate) -> None:
    """Keep the first value; later places only where they agree with it or it was not parsed.

    Running text repeats labels (甲方, 项目名称) in front of other words; the head of a paper
    is where its fields are stated.
    """
    known = found.setdefault(name, [])
    if candidate.value is None:
        return
    if not known:
        known.append(candidate)
        return
    first = known[0].value
    if first is not None and same_value(name, first, candidate.value):
        known.append(candidate)


def labelled(paper: Paper, seen: Glance) -> dict[str, tuple[Found, ...]]:
    """Return the printed values beside the paper's labels, by field, in reading order."""
    sheet = seen.sheet
    spots = find_labels(sheet, (*paper.labels, *paper.stops))
    values: dict[str, tuple[Found, ...]] = {}
    for spot in spots:
        name = spot.field
        if not name or spot.label in paper.stops:
            continue
        if name in paper.colons and not _announces(spot):
            continue
        found = _value(seen, spot, spots)
        if found is not None:
            values[name] = (*values.get(name, ()), found)
    return values


def _announces(spot: Spot) -> bool:
    """Tell whether a label stands as one: followed by a colon, or all its line says."""
    return spot.colon or all(len(line.text.strip()) <= len(spot.synonym) + 6 for line in spot.lines)


def _value(seen: Glance, spot: Spot, spots: Sequence[Spot]) -> Found | None:
    wraps = field_type(spot.field) in _WRAPPING
    found = None
    if spot.label.side is not Side.BELOW:
        found = fitting_value(spot, value_beside(seen.sheet, spot, spots, wraps=wraps))
    if found is None and spot.label.side is not Side.RIGHT:
        parts = (fitting_value(spot, part) for part in below(seen.sheet, spot, spots))
        found = next((part for part in parts if part is not None), None)
    if found is not None and _in_ten_thousands(spot, found):
        return replace(found, text=f"{found.text}万元")
    return found


def _in_ten_thousands(spot: Spot, found: Found) -> bool:
    """Tell whether the label states the unit 万元 that its figure does not repeat."""
    amount = field_type(spot.field) is FieldType.AMOUNT
    return amount and "万元" in spot.synonym and "万" not in found.text
